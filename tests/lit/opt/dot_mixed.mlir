// SPDX-License-Identifier: Apache-2.0
// Products of narrow floats are products of f32 between conversions; with a vector, sums of f32 products.
// The type of the result decides: f32 operands of an f64 result are widened first.
// RUN: skarn opt %s --to simplify | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3

// CHECK: stablehlo.convert %arg0 : (tensor<20x33xbf16>) -> tensor<20x33xf32>
// CHECK: stablehlo.convert %arg1 : (tensor<33x40xbf16>) -> tensor<33x40xf32>
// CHECK: [[SUM:%[0-9]+]] = stablehlo.dot_general {{.*}} -> tensor<20x40xf32>
// CHECK: [[ROUNDED:%[0-9]+]] = stablehlo.convert [[SUM]] : (tensor<20x40xf32>) -> tensor<20x40xbf16>
// CHECK-NOT: dot_general {{.*}}f16
// CHECK: stablehlo.dot_general {{.*}} -> tensor<20x20xf64>
// CHECK: stablehlo.reduce({{.*}} -> tensor<20xf32>
// CHECK: return [[ROUNDED]], [[SUM]]
func.func @main(%a: tensor<20x33xbf16>, %b: tensor<33x40xbf16>, %f: tensor<20x33xf32>, %h: tensor<20x90xf16>, %x: tensor<90xf16>)
    -> (tensor<20x40xbf16>, tensor<20x40xf32>, tensor<20x20xf64>, tensor<20xf16>) {
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<20x33xbf16>, tensor<33x40xbf16>) -> tensor<20x40xbf16>
  %1 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<20x33xbf16>, tensor<33x40xbf16>) -> tensor<20x40xf32>
  %2 = stablehlo.dot_general %f, %f, contracting_dims = [1] x [1] : (tensor<20x33xf32>, tensor<20x33xf32>) -> tensor<20x20xf64>
  %3 = stablehlo.dot_general %h, %x, contracting_dims = [1] x [0] : (tensor<20x90xf16>, tensor<90xf16>) -> tensor<20xf16>
  return %0, %1, %2, %3 : tensor<20x40xbf16>, tensor<20x40xf32>, tensor<20x20xf64>, tensor<20xf16>
}
