// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: unknown_op.mlir:5:8: error: unknown operation 'stablehlo.frobnicate'
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.frobnicate %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}
