// SPDX-License-Identifier: Apache-2.0
// A callback that asks to see parts is called once for every device, with the part that it holds.
// RUN: skarn opt %s --devices 2 --to inline | filecheck %s
sdy.mesh @line = <["x"=2]>

// CHECK: @main(%[[A0:[a-z0-9]+]]: tensor<2x3xi32>
func.func @main(%a: tensor<4x3xi32> {sdy.sharding = #sdy.sharding<@line, [{"x"}, {}]>}, %b: tensor<i32>) {
  // CHECK: %[[T:[a-z0-9]+]] = stablehlo.transpose
  %t = stablehlo.transpose %a, dims = [1, 0] : (tensor<4x3xi32>) -> tensor<3x4xi32>
  // CHECK: %[[P0:[a-z0-9]+]] = stablehlo.slice %[[T]] [0:3, 0:2]
  // CHECK: custom_call @xla_ffi_partitioned_python_cpu_callback(%[[P0]], %[[B:[a-z0-9]+]])
  // CHECK-SAME: index = 0
  // CHECK: %[[P1:[a-z0-9]+]] = stablehlo.slice %[[T]] [0:3, 2:4]
  // CHECK: custom_call @xla_ffi_partitioned_python_cpu_callback(%[[P1]], %[[B]])
  // CHECK-NOT: custom_call @xla_ffi_partitioned
  stablehlo.custom_call @xla_ffi_partitioned_python_cpu_callback(%t, %b) {backend_config = "", has_side_effect = true, mhlo.backend_config = {index = 0 : ui64}, operand_layouts = [dense<[1, 0]> : tensor<2xindex>, dense<> : tensor<0xindex>], result_layouts = []} : (tensor<3x4xi32>, tensor<i32>) -> ()
  // CHECK: custom_call @xla_ffi_python_cpu_callback
  // CHECK-NOT: custom_call @xla_ffi_python
  stablehlo.custom_call @xla_ffi_python_cpu_callback(%b) {backend_config = "", has_side_effect = true, mhlo.backend_config = {index = 1 : ui64}, operand_layouts = [dense<> : tensor<0xindex>], result_layouts = []} : (tensor<i32>) -> ()
  return
}
