// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: wrong_element_type.mlir:5:{{[0-9]+}}: error: stablehlo.sine
func.func @main(%a: tensor<4xi32>) -> tensor<4xi32> {
  %0 = stablehlo.sine %a : tensor<4xi32>
  return %0 : tensor<4xi32>
}
