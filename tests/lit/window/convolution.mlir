// SPDX-License-Identifier: Apache-2.0
// Convolutions in generated code, in the loop runner and in the interpreter: orders of dimensions,
// strides, padding on both sides and negative, dilations of both operands, reversed windows, groups of
// features and of the batch, depthwise ones, one to three spatial dimensions and none.
// RUN: skarn run %s --random 3 --numerics strict --compare interp
// RUN: skarn run %s --random 3 --compare loop
// RUN: skarn run %s --random 3 --isa v3 --threads 3 --compare loop:auto:1

func.func @main(
    %x_last: tensor<2x11x13x5xf32>, %w_last: tensor<3x3x5x17xf32>,
    %x_first: tensor<2x5x11x13xf32>, %w_first: tensor<18x5x3x4xf32>,
    %x_pointwise: tensor<3x4x5x8xf32>, %w_pointwise: tensor<1x1x8x6xf32>,
    %x_dilated: tensor<1x9x10x3xf32>, %w_dilated: tensor<3x2x3x4xf32>,
    %x_groups: tensor<2x6x9x10xf32>, %w_groups: tensor<8x3x4x5xf32>,
    %x_one_image: tensor<1x6x9x10xf32>, %w_one_image: tensor<8x3x4x5xf32>,
    %x_batch_groups: tensor<6x9x4xf32>, %w_batch_groups: tensor<3x4x9xf32>,
    %x_mixed: tensor<9x2x4x7xf32>, %w_mixed: tensor<3x4x2x6xf32>,
    %x_depthwise: tensor<2x12x13x7xf32>, %w_depthwise: tensor<3x3x1x14xf32>,
    %x_depthwise_first: tensor<2x3x40xf32>, %w_depthwise_first: tensor<3x1x5xf32>,
    %x_cube: tensor<1x3x4x5x2xf32>, %w_cube: tensor<2x2x2x2x3xf32>,
    %x_no_window: tensor<4x6xf32>, %w_no_window: tensor<6x5xf32>,
    %x_ints: tensor<2x9x3xi8>, %w_ints: tensor<4x3x5xi8>,
    %x_halves: tensor<2x9x3xbf16>, %w_halves: tensor<4x3x5xbf16>,
    %x_doubles: tensor<2x3x9xf64>, %w_doubles: tensor<5x3x4xf64>)
    -> (tensor<2x6x7x17xf32>,
        tensor<2x18x11x11xf32>,
        tensor<3x4x5x6xf32>,
        tensor<1x16x14x4xf32>,
        tensor<2x8x6x6xf32>,
        tensor<1x8x6x6xf32>,
        tensor<2x7x9xf32>,
        tensor<7x6x6x2xf32>,
        tensor<2x6x11x14xf32>,
        tensor<2x3x40xf32>,
        tensor<1x2x3x4x3xf32>,
        tensor<4x5xf32>,
        tensor<2x6x5xi32>,
        tensor<2x6x5xbf16>,
        tensor<2x5x6xf64>) {
  %last = stablehlo.convolution(%x_last, %w_last) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [2, 2], pad = [[1, 1], [1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x11x13x5xf32>, tensor<3x3x5x17xf32>) -> tensor<2x6x7x17xf32>
  %first = stablehlo.convolution(%x_first, %w_first) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {pad = [[1, 1], [0, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x5x11x13xf32>, tensor<18x5x3x4xf32>) -> tensor<2x18x11x11xf32>
  %pointwise = stablehlo.convolution(%x_pointwise, %w_pointwise) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<3x4x5x8xf32>, tensor<1x1x8x6xf32>) -> tensor<3x4x5x6xf32>
  %dilated = stablehlo.convolution(%x_dilated, %w_dilated) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [1, 1], pad = [[2, 1], [-2, 0]], lhs_dilate = [2, 2], rhs_dilate = [2, 3], reverse = [true, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x9x10x3xf32>, tensor<3x2x3x4xf32>) -> tensor<1x16x14x4xf32>
  %groups = stablehlo.convolution(%x_groups, %w_groups) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64}
      : (tensor<2x6x9x10xf32>, tensor<8x3x4x5xf32>) -> tensor<2x8x6x6xf32>
  %one_image = stablehlo.convolution(%x_one_image, %w_one_image) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 2 : i64}
      : (tensor<1x6x9x10xf32>, tensor<8x3x4x5xf32>) -> tensor<1x8x6x6xf32>
  %batch_groups = stablehlo.convolution(%x_batch_groups, %w_batch_groups) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {} {batch_group_count = 3 : i64, feature_group_count = 1 : i64}
      : (tensor<6x9x4xf32>, tensor<3x4x9xf32>) -> tensor<2x7x9xf32>
  %mixed = stablehlo.convolution(%x_mixed, %w_mixed) dim_numbers = [0, b, f, 1]x[0, i, 1, o]->[0, 1, f, b],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<9x2x4x7xf32>, tensor<3x4x2x6xf32>) -> tensor<7x6x6x2xf32>
  %depthwise = stablehlo.convolution(%x_depthwise, %w_depthwise) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [2, 1], pad = [[1, 0], [1, -1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, true]} {batch_group_count = 1 : i64, feature_group_count = 7 : i64}
      : (tensor<2x12x13x7xf32>, tensor<3x3x1x14xf32>) -> tensor<2x6x11x14xf32>
  %depthwise_first = stablehlo.convolution(%x_depthwise_first, %w_depthwise_first) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0],
      window = {pad = [[4, 4]], rhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64}
      : (tensor<2x3x40xf32>, tensor<3x1x5xf32>) -> tensor<2x3x40xf32>
  %cube = stablehlo.convolution(%x_cube, %w_cube) dim_numbers = [b, 0, 1, 2, f]x[0, 1, 2, i, o]->[b, 0, 1, 2, f],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x3x4x5x2xf32>, tensor<2x2x2x2x3xf32>) -> tensor<1x2x3x4x3xf32>
  %no_window = stablehlo.convolution(%x_no_window, %w_no_window) dim_numbers = [b, f]x[i, o]->[b, f],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<4x6xf32>, tensor<6x5xf32>) -> tensor<4x5xf32>
  %ints = stablehlo.convolution(%x_ints, %w_ints) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x9x3xi8>, tensor<4x3x5xi8>) -> tensor<2x6x5xi32>
  %halves = stablehlo.convolution(%x_halves, %w_halves) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x9x3xbf16>, tensor<4x3x5xbf16>) -> tensor<2x6x5xbf16>
  %doubles = stablehlo.convolution(%x_doubles, %w_doubles) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0],
      window = {} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x3x9xf64>, tensor<5x3x4xf64>) -> tensor<2x5x6xf64>
  return %last, %first, %pointwise, %dilated, %groups, %one_image, %batch_groups, %mixed, %depthwise, %depthwise_first, %cube, %no_window, %ints, %halves, %doubles
      : tensor<2x6x7x17xf32>,
        tensor<2x18x11x11xf32>,
        tensor<3x4x5x6xf32>,
        tensor<1x16x14x4xf32>,
        tensor<2x8x6x6xf32>,
        tensor<1x8x6x6xf32>,
        tensor<2x7x9xf32>,
        tensor<7x6x6x2xf32>,
        tensor<2x6x11x14xf32>,
        tensor<2x3x40xf32>,
        tensor<1x2x3x4x3xf32>,
        tensor<4x5xf32>,
        tensor<2x6x5xi32>,
        tensor<2x6x5xbf16>,
        tensor<2x5x6xf64>
}
