// SPDX-License-Identifier: Apache-2.0
// The transpose of a product that nothing else reads becomes the product of the operands in the other
// order; batch dimensions stay. Any other permutation, or a second reader, leaves it alone.
// RUN: skarn opt %s --to simplify | filecheck %s
// RUN: skarn run %s --random 1 --compare interp | filecheck %s --check-prefix=VALUES

// CHECK: stablehlo.dot_general %arg1, %arg0, contracting_dims = [0] x [0], precision = [HIGH, DEFAULT] : (tensor<5x3xf32>, tensor<5x7xf32>) -> tensor<3x7xf32>
// CHECK: stablehlo.dot_general %arg3, %arg2, batching_dims = [0] x [0], contracting_dims = [2] x [1] : (tensor<2x6x4xf32>, tensor<2x4x7xf32>) -> tensor<2x6x7xf32>
// CHECK: [[KEPT:%[0-9]+]] = stablehlo.dot_general %arg2, %arg2, {{.*}} -> tensor<2x7x7xf32>
// CHECK: stablehlo.transpose [[KEPT]], dims = [1, 0, 2]
// CHECK: [[READ:%[0-9]+]] = stablehlo.dot_general %arg0, %arg0
// CHECK: stablehlo.transpose [[READ]], dims = [1, 0]
// VALUES: result 4: tensor<7x7xf32>
func.func @main(%a: tensor<5x7xf32>, %b: tensor<5x3xf32>, %c: tensor<2x4x7xf32>, %d: tensor<2x6x4xf32>)
    -> (tensor<3x7xf32>, tensor<2x6x7xf32>, tensor<7x2x7xf32>, tensor<7x7xf32>, tensor<7x7xf32>) {
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [0] x [0], precision = [DEFAULT, HIGH]
    : (tensor<5x7xf32>, tensor<5x3xf32>) -> tensor<7x3xf32>
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<7x3xf32>) -> tensor<3x7xf32>
  %2 = stablehlo.dot_general %c, %d, batching_dims = [0] x [0], contracting_dims = [1] x [2]
    : (tensor<2x4x7xf32>, tensor<2x6x4xf32>) -> tensor<2x7x6xf32>
  %3 = stablehlo.transpose %2, dims = [0, 2, 1] : (tensor<2x7x6xf32>) -> tensor<2x6x7xf32>
  %4 = stablehlo.dot_general %c, %c, batching_dims = [0] x [0], contracting_dims = [1] x [1]
    : (tensor<2x4x7xf32>, tensor<2x4x7xf32>) -> tensor<2x7x7xf32>
  %5 = stablehlo.transpose %4, dims = [1, 0, 2] : (tensor<2x7x7xf32>) -> tensor<7x2x7xf32>
  %6 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0]
    : (tensor<5x7xf32>, tensor<5x7xf32>) -> tensor<7x7xf32>
  %7 = stablehlo.transpose %6, dims = [1, 0] : (tensor<7x7xf32>) -> tensor<7x7xf32>
  return %1, %3, %5, %6, %7 : tensor<3x7xf32>, tensor<2x6x7xf32>, tensor<7x2x7xf32>, tensor<7x7xf32>, tensor<7x7xf32>
}
