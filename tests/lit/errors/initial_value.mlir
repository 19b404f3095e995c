// SPDX-License-Identifier: Apache-2.0
// As StableHLO's own verifier, ours takes initial values that are not 0-D; what they mean is defined nowhere.
// RUN: skarn test %s
// RUN: not --code 3 skarn run %s --random 1 2>&1 | filecheck %s
// RUN: not --code 3 skarn run %s --random 1 --via interp 2>&1 | filecheck %s
// RUN: not --code 3 skarn run %s --entry windows --random 1 2>&1 | filecheck %s
// RUN: not --code 3 skarn run %s --entry windows --random 1 --via interp 2>&1 | filecheck %s
// CHECK: initial_value.mlir:{{[0-9]+}}:{{[0-9]+}}: error: stablehlo.reduce{{.*}}: initial value 0 is not 0-D
func.func @main(%a: tensor<4x4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.reduce"(%a, %b) ({
  ^bb0(%x: tensor<4xf32>, %y: tensor<4xf32>):
    %1 = stablehlo.add %x, %y : tensor<4xf32>
    stablehlo.return %1 : tensor<4xf32>
  }) {dimensions = array<i64: 0>} : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @windows(%a: tensor<4x2xf32>, %b: tensor<2xf32>) -> tensor<1x1xf32> {
  %0 = "stablehlo.reduce_window"(%a, %b) ({
  ^bb0(%x: tensor<2xf32>, %y: tensor<2xf32>):
    %1 = stablehlo.add %x, %y : tensor<2xf32>
    stablehlo.return %1 : tensor<2xf32>
  }) {window_dimensions = array<i64: 4, 2>} : (tensor<4x2xf32>, tensor<2xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
