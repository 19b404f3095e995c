// SPDX-License-Identifier: Apache-2.0
// Nothing computes tensors without elements: a call whose other results nobody needs goes, its handler need not be there. So does a
// call without effect that nobody needs at all; one with an effect stays.
// RUN: skarn opt %s --to simplify --verify | filecheck %s
// RUN: skarn run %s --random 1 --via native
// RUN: not --code 3 skarn run %s --entry effect --random 1 2>&1 | filecheck %s --check-prefix EFFECT
// CHECK-LABEL: func.func @main
// CHECK-NOT: {{custom_call|select|broadcast}}
// CHECK: return
// EFFECT: no handler for custom call target 'logs'
func.func @main(%a: tensor<0x0xf32>, %b: tensor<i32>) -> (tensor<0x0xf32>, tensor<0xcomplex<f32>>, tensor<i32>) {
  %0:4 = stablehlo.custom_call @eigenvalues(%a) {mhlo.backend_config = {}, api_version = 4 : i32}
      : (tensor<0x0xf32>) -> (tensor<0x0xf32>, tensor<0xf32>, tensor<0xf32>, tensor<i32>)
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %ok = stablehlo.compare EQ, %0#3, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %all = stablehlo.broadcast_in_dim %ok, dims = [] : (tensor<i1>) -> tensor<0x0xi1>
  %vectors = stablehlo.select %all, %0#0, %a : tensor<0x0xi1>, tensor<0x0xf32>
  %values = stablehlo.complex %0#1, %0#2 : tensor<0xcomplex<f32>>
  %unused = stablehlo.custom_call @unused(%b) {mhlo.backend_config = {}, api_version = 4 : i32} : (tensor<i32>) -> tensor<i32>
  return %vectors, %values, %b : tensor<0x0xf32>, tensor<0xcomplex<f32>>, tensor<i32>
}
func.func @effect(%b: tensor<0xi32>) -> tensor<0xi32> {
  %0 = stablehlo.custom_call @logs(%b) {mhlo.backend_config = {}, api_version = 4 : i32, has_side_effect = true} : (tensor<0xi32>) -> tensor<0xi32>
  return %0 : tensor<0xi32>
}
