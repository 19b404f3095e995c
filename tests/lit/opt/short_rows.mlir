// SPDX-License-Identifier: Apache-2.0
// Rows of a few elements are unrolled, so that lanes run along the rows: no loop over the row is left. Sums keep the order of the
// halving tree (short_rows_order.mlir). A maximum, a sum and stores at every element in one kernel, an argument minimum, types of two and eight bytes.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn opt %s --to lower | filecheck %s --check-prefix=LOOPS
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop::3
// RUN: skarn run %s --random 3 --numerics strict --compare loop

// CHECK: kernel {{[0-9]+}} reduce
// LOOPS-NOT: loop {{[1-9]}}
func.func @main(%x: tensor<200x3xf32>, %y: tensor<20x30x7xf32>, %z: tensor<300x5xi32>, %b: tensor<600x4xbf16>, %d: tensor<100x6xf64>)
    -> (tensor<200xf32>, tensor<20x30x7xf32>, tensor<300xi32>, tensor<300xi32>, tensor<600xbf16>, tensor<100xf64>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<200x3xf32>, tensor<f32>) -> tensor<200xf32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %1 = stablehlo.reduce(%y init: %low) applies stablehlo.maximum across dimensions = [2] : (tensor<20x30x7xf32>, tensor<f32>) -> tensor<20x30xf32>
  %2 = stablehlo.broadcast_in_dim %1, dims = [0, 1] : (tensor<20x30xf32>) -> tensor<20x30x7xf32>
  %3 = stablehlo.subtract %y, %2 : tensor<20x30x7xf32>
  %4 = stablehlo.reduce(%3 init: %zero) applies stablehlo.add across dimensions = [2] : (tensor<20x30x7xf32>, tensor<f32>) -> tensor<20x30xf32>
  %5 = stablehlo.broadcast_in_dim %4, dims = [0, 1] : (tensor<20x30xf32>) -> tensor<20x30x7xf32>
  %6 = stablehlo.multiply %3, %5 : tensor<20x30x7xf32>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %most = stablehlo.constant dense<2147483647> : tensor<i32>
  %7 = stablehlo.iota dim = 1 : tensor<300x5xi32>
  %8:2 = stablehlo.reduce(%z init: %most), (%7 init: %none) across dimensions = [1] : (tensor<300x5xi32>, tensor<300x5xi32>, tensor<i32>, tensor<i32>) -> (tensor<300xi32>, tensor<300xi32>)
    reducer(%p: tensor<i32>, %q: tensor<i32>) (%i: tensor<i32>, %j: tensor<i32>) {
    %less = stablehlo.compare LT, %q, %p : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %v = stablehlo.select %less, %q, %p : tensor<i1>, tensor<i32>
    %w = stablehlo.select %less, %j, %i : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<i32>, tensor<i32>
  }
  %one = stablehlo.constant dense<1.0> : tensor<bf16>
  %9 = stablehlo.reduce(%b init: %one) applies stablehlo.multiply across dimensions = [1] : (tensor<600x4xbf16>, tensor<bf16>) -> tensor<600xbf16>
  %zero64 = stablehlo.constant dense<0.0> : tensor<f64>
  %10 = stablehlo.reduce(%d init: %zero64) applies stablehlo.add across dimensions = [1] : (tensor<100x6xf64>, tensor<f64>) -> tensor<100xf64>
  return %0, %6, %8#0, %8#1, %9, %10 : tensor<200xf32>, tensor<20x30x7xf32>, tensor<300xi32>, tensor<300xi32>, tensor<600xbf16>, tensor<100xf64>
}
