// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: wrong_result_type.mlir:5:8: error: stablehlo.add: {{.*}}tensor<5xf32>
func.func @main(%a: tensor<4xf32>) -> tensor<5xf32> {
  %0 = "stablehlo.add"(%a, %a) : (tensor<4xf32>, tensor<4xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
