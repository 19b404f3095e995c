// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: literal_count.mlir:5:{{[0-9]+}}: error:
func.func @main() -> tensor<4xi32> {
  %0 = stablehlo.constant dense<[1, 2, 3]> : tensor<4xi32>
  return %0 : tensor<4xi32>
}
