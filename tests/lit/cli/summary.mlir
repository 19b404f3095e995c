// SPDX-License-Identifier: Apache-2.0
// Without --json and --save, run prints the first elements of each result, narrow floats as
// numbers; a comparison with the interpreter takes them as numbers, too.
// RUN: skarn run %s --random 1 | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// CHECK: {{[0-9]+}} operations, compiled in {{.*}} us
// CHECK-NEXT: result 0: tensor<4xf16> = -0 -0 -0 -0
// CHECK-NEXT: result 1: tensor<2xf8E5M2> = 1.5 -2
func.func @main(%arg0: tensor<4xf16>) -> (tensor<4xf16>, tensor<2xf8E5M2>) {
  %0 = stablehlo.subtract %arg0, %arg0 : tensor<4xf16>
  %1 = stablehlo.negate %0 : tensor<4xf16>
  %2 = stablehlo.constant dense<[1.5, -2.0]> : tensor<2xf8E5M2>
  return %1, %2 : tensor<4xf16>, tensor<2xf8E5M2>
}
