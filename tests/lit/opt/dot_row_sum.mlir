// SPDX-License-Identifier: Apache-2.0
// Products with a vector whose steps are innermost in both operands become product and sum; all others
// stay dots: contracted dimensions that are not innermost, or in another order, matrices on both sides.
// RUN: skarn opt %s --to simplify | grep -c dot_general | filecheck %s --check-prefix=DOTS
// RUN: skarn opt %s --to simplify | grep -c stablehlo.reduce | filecheck %s --check-prefix=SUMS
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3

// DOTS: {{^}}4{{$}}
// SUMS: {{^}}6{{$}}
func.func @main(%a: tensor<30x200xf32>, %x: tensor<200xf32>, %t: tensor<200x30xf32>, %q: tensor<3x5x70xf64>,
                %w: tensor<5x3x70xf64>, %p: tensor<2x6x7xf32>, %o: tensor<7x6xf32>, %long: tensor<100000xf32>,
                %col: tensor<200x1xf32>, %s: tensor<6x7xf32>)
    -> (tensor<30xf32>, tensor<30xf32>, tensor<f32>, tensor<3x5xf64>, tensor<2xf32>, tensor<30x1xf32>,
        tensor<30xf32>, tensor<2xf32>, tensor<30x30xf32>, tensor<2xf32>) {
  %0 = stablehlo.dot_general %a, %x, contracting_dims = [1] x [0] : (tensor<30x200xf32>, tensor<200xf32>) -> tensor<30xf32>
  %1 = stablehlo.dot_general %x, %a, contracting_dims = [0] x [1] : (tensor<200xf32>, tensor<30x200xf32>) -> tensor<30xf32>
  %2 = stablehlo.dot_general %long, %long, contracting_dims = [0] x [0] : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<f32>
  %3 = stablehlo.dot_general %q, %w, batching_dims = [0, 1] x [1, 0], contracting_dims = [2] x [2] : (tensor<3x5x70xf64>, tensor<5x3x70xf64>) -> tensor<3x5xf64>
  %4 = stablehlo.dot_general %p, %s, contracting_dims = [1, 2] x [0, 1] : (tensor<2x6x7xf32>, tensor<6x7xf32>) -> tensor<2xf32>
  %5 = stablehlo.dot_general %a, %col, contracting_dims = [1] x [0] : (tensor<30x200xf32>, tensor<200x1xf32>) -> tensor<30x1xf32>
  %6 = stablehlo.dot_general %x, %t, contracting_dims = [0] x [0] : (tensor<200xf32>, tensor<200x30xf32>) -> tensor<30xf32>
  %7 = stablehlo.dot_general %p, %o, contracting_dims = [2, 1] x [0, 1] : (tensor<2x6x7xf32>, tensor<7x6xf32>) -> tensor<2xf32>
  %8 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [1] : (tensor<30x200xf32>, tensor<30x200xf32>) -> tensor<30x30xf32>
  %9 = stablehlo.dot_general %p, %o, contracting_dims = [1, 2] x [1, 0] : (tensor<2x6x7xf32>, tensor<7x6xf32>) -> tensor<2xf32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : tensor<30xf32>, tensor<30xf32>, tensor<f32>, tensor<3x5xf64>, tensor<2xf32>, tensor<30x1xf32>, tensor<30xf32>, tensor<2xf32>, tensor<30x30xf32>, tensor<2xf32>
}
