// SPDX-License-Identifier: Apache-2.0
// Products of groups of rows whose sizes are data: rows free, contracted and batched; rows beyond the
// last group are zero, groups may be empty.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare interp
// RUN: skarn run %s --random 3 --threads 2 --compare loop

#free = #chlo.ragged_dot<
  lhs_batching_dimensions = [0], rhs_batching_dimensions = [1],
  lhs_contracting_dimensions = [3], rhs_contracting_dimensions = [2],
  lhs_ragged_dimensions = [2], rhs_group_dimensions = [0]>
#contracted = #chlo.ragged_dot<
  lhs_batching_dimensions = [], rhs_batching_dimensions = [],
  lhs_contracting_dimensions = [1, 0], rhs_contracting_dimensions = [0, 2],
  lhs_ragged_dimensions = [0], rhs_group_dimensions = []>
#batched = #chlo.ragged_dot<
  lhs_batching_dimensions = [0], rhs_batching_dimensions = [0],
  lhs_contracting_dimensions = [2], rhs_contracting_dimensions = [1],
  lhs_ragged_dimensions = [0], rhs_group_dimensions = []>
func.func @main(%a: tensor<2x3x16x5xf32>, %b: tensor<4x2x5x7xf32>, %n: tensor<4xi32>,
                %c: tensor<16x3x4xi32>, %d: tensor<3x6x16xi32>, %k: tensor<5xi64>,
                %e: tensor<16x3x4xbf16>, %f: tensor<16x4x2xbf16>)
    -> (tensor<2x3x16x7xf32>, tensor<5x4x6xi32>, tensor<16x3x2xbf16>) {
  %0 = "chlo.ragged_dot"(%a, %b, %n) {ragged_dot_dimension_numbers = #free}
    : (tensor<2x3x16x5xf32>, tensor<4x2x5x7xf32>, tensor<4xi32>) -> tensor<2x3x16x7xf32>
  %1 = "chlo.ragged_dot"(%c, %d, %k) {ragged_dot_dimension_numbers = #contracted}
    : (tensor<16x3x4xi32>, tensor<3x6x16xi32>, tensor<5xi64>) -> tensor<5x4x6xi32>
  %2 = "chlo.ragged_dot"(%e, %f, %n) {ragged_dot_dimension_numbers = #batched}
    : (tensor<16x3x4xbf16>, tensor<16x4x2xbf16>, tensor<4xi32>) -> tensor<16x3x2xbf16>
  return %0, %1, %2 : tensor<2x3x16x7xf32>, tensor<5x4x6xi32>, tensor<16x3x2xbf16>
}
