// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: undefined_value.mlir:5:{{[0-9]+}}: error: {{.*}}%nothing
func.func @main(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.add %a, %nothing : tensor<4xf32>
  return %0 : tensor<4xf32>
}
