// SPDX-License-Identifier: Apache-2.0
// Sums of rows that are pieces of what spans the row by chance: they are computed once, before, and are known behind any guard.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --compare loop --disable simplify
func.func @main(%a: tensor<1x1xf32>, %b: tensor<1x1x2xf32>, %c: tensor<1xf64>, %d: tensor<1x5xf64>, %e: tensor<4x3xi32>)
    -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x1xf32>, tensor<5xf64>, tensor<4x3xi32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.reduce(%b init: %zero) applies stablehlo.add across dimensions = [2] : (tensor<1x1x2xf32>, tensor<f32>) -> tensor<1x1xf32>
  %1 = stablehlo.concatenate %a, %0, dim = 1 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  %2 = stablehlo.exponential %1 : tensor<1x2xf32>
  %3 = stablehlo.slice %1 [0:1, 1:2] : (tensor<1x2xf32>) -> tensor<1x1xf32>
  %zero64 = stablehlo.constant dense<0.0> : tensor<f64>
  %4 = stablehlo.reduce(%d init: %zero64) applies stablehlo.add across dimensions = [1] : (tensor<1x5xf64>, tensor<f64>) -> tensor<1xf64>
  %5 = stablehlo.pad %4, %zero64, low = [2], high = [2], interior = [0] : (tensor<1xf64>, tensor<f64>) -> tensor<5xf64>
  %6 = stablehlo.negate %5 : tensor<5xf64>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %7 = stablehlo.reduce(%e init: %none) applies stablehlo.add across dimensions = [1] : (tensor<4x3xi32>, tensor<i32>) -> tensor<4xi32>
  %8 = stablehlo.reshape %7 : (tensor<4xi32>) -> tensor<4x1xi32>
  %9 = stablehlo.pad %8, %none, low = [0, 1], high = [0, 1], interior = [0, 0] : (tensor<4x1xi32>, tensor<i32>) -> tensor<4x3xi32>
  %10 = stablehlo.add %9, %e : tensor<4x3xi32>
  return %1, %2, %3, %6, %10 : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x1xf32>, tensor<5xf64>, tensor<4x3xi32>
}
