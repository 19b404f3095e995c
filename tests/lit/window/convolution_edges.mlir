// SPDX-License-Identifier: Apache-2.0
// Convolutions of one feature into one or two, and depthwise ones, with edges worth kernels of their own: padding on both sides, on one,
// negative, more than the input; strides, dilations of both operands, reversed windows, one to three dimensions; groups of the batch, which
// are products. Inside, no tap is guarded.
// RUN: skarn run %s --random 3 --numerics strict --compare interp
// RUN: skarn run %s --random 3 --compare loop
// RUN: skarn run %s --random 3 --threads 3 --compare loop:auto:1
// RUN: skarn run %s --random 3 --guard end --compare loop
// RUN: skarn run %s --random 3 --guard start --compare loop
// RUN: skarn opt %s --to vectorise | filecheck %s
// CHECK: kernel {{[0-9]+}} convolution_3
// CHECK: loop 1 par 2970 lanes
// CHECK-NOT: load {{.*}} - %
// CHECK: kernel
func.func @main(
    %x_line: tensor<2x1x3000xf32>, %w_line: tensor<1x1x31xf32>,
    %x_doubles: tensor<1x3001x1xf64>, %w_doubles: tensor<5x1x2xf64>,
    %x_negative: tensor<1x1x2000xf32>, %w_negative: tensor<1x1x4xf32>,
    %x_image: tensor<1x1x40x61xf32>, %w_image: tensor<1x1x5x4xf32>,
    %x_strided: tensor<1x90x87x1xf32>, %w_strided: tensor<3x3x1x2xf32>,
    %x_holes: tensor<1x1x40x37xf32>, %w_holes: tensor<1x1x3x2xf32>,
    %x_depthwise: tensor<1x40x40x5xf32>, %w_depthwise: tensor<3x3x1x10xf32>,
    %x_depthwise_first: tensor<2x3x40x40xf32>, %w_depthwise_first: tensor<3x1x7x3xf32>,
    %x_cube: tensor<1x1x20x19x18xf32>, %w_cube: tensor<1x1x3x2x3xf32>,
    %x_batch_groups: tensor<6x40x40x1xf32>, %w_batch_groups: tensor<3x3x1x3xf32>,
    %x_all_edge: tensor<1x1x6x1200xf32>, %w_all_edge: tensor<1x1x9x3xf32>)
    -> (tensor<2x1x3030xf32>,
        tensor<1x1001x2xf64>,
        tensor<1x1x2003xf32>,
        tensor<1x1x40x62xf32>,
        tensor<1x45x87x2xf32>,
        tensor<1x1x82x38xf32>,
        tensor<1x40x40x10xf32>,
        tensor<2x3x40x39xf32>,
        tensor<1x1x20x19x20xf32>,
        tensor<2x40x40x3xf32>,
        tensor<1x1x6x1200xf32>) {
  %line = stablehlo.convolution(%x_line, %w_line) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0],
      window = {stride = [1], pad = [[30, 30]], lhs_dilate = [1], rhs_dilate = [1], reverse = [false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<2x1x3000xf32>, tensor<1x1x31xf32>) -> tensor<2x1x3030xf32>
  %doubles = stablehlo.convolution(%x_doubles, %w_doubles) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {stride = [3], pad = [[7, 1]], lhs_dilate = [1], rhs_dilate = [2], reverse = [true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x3001x1xf64>, tensor<5x1x2xf64>) -> tensor<1x1001x2xf64>
  %negative = stablehlo.convolution(%x_negative, %w_negative) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0],
      window = {stride = [1], pad = [[-3, 9]], lhs_dilate = [1], rhs_dilate = [1], reverse = [false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x1x2000xf32>, tensor<1x1x4xf32>) -> tensor<1x1x2003xf32>
  %image = stablehlo.convolution(%x_image, %w_image) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {stride = [1, 1], pad = [[2, 2], [1, 3]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, true]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x1x40x61xf32>, tensor<1x1x5x4xf32>) -> tensor<1x1x40x62xf32>
  %strided = stablehlo.convolution(%x_strided, %w_strided) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [2, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x90x87x1xf32>, tensor<3x3x1x2xf32>) -> tensor<1x45x87x2xf32>
  %holes = stablehlo.convolution(%x_holes, %w_holes) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {stride = [1, 1], pad = [[2, 3], [2, 1]], lhs_dilate = [2, 1], rhs_dilate = [1, 2], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x1x40x37xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x82x38xf32>
  %depthwise = stablehlo.convolution(%x_depthwise, %w_depthwise) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 5 : i64}
      : (tensor<1x40x40x5xf32>, tensor<3x3x1x10xf32>) -> tensor<1x40x40x10xf32>
  %depthwise_first = stablehlo.convolution(%x_depthwise_first, %w_depthwise_first) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {stride = [1, 1], pad = [[3, 3], [0, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64}
      : (tensor<2x3x40x40xf32>, tensor<3x1x7x3xf32>) -> tensor<2x3x40x39xf32>
  %cube = stablehlo.convolution(%x_cube, %w_cube) dim_numbers = [b, f, 0, 1, 2]x[o, i, 0, 1, 2]->[b, f, 0, 1, 2],
      window = {stride = [1, 1, 1], pad = [[1, 1], [1, 0], [2, 2]], lhs_dilate = [1, 1, 1], rhs_dilate = [1, 1, 1], reverse = [false, false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x1x20x19x18xf32>, tensor<1x1x3x2x3xf32>) -> tensor<1x1x20x19x20xf32>
  %batch_groups = stablehlo.convolution(%x_batch_groups, %w_batch_groups) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f],
      window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 3 : i64, feature_group_count = 1 : i64}
      : (tensor<6x40x40x1xf32>, tensor<3x3x1x3xf32>) -> tensor<2x40x40x3xf32>
  %all_edge = stablehlo.convolution(%x_all_edge, %w_all_edge) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1],
      window = {stride = [1, 1], pad = [[4, 4], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x1x6x1200xf32>, tensor<1x1x9x3xf32>) -> tensor<1x1x6x1200xf32>
  return %line, %doubles, %negative, %image, %strided, %holes, %depthwise, %depthwise_first, %cube, %batch_groups, %all_edge
      : tensor<2x1x3030xf32>, tensor<1x1001x2xf64>, tensor<1x1x2003xf32>, tensor<1x1x40x62xf32>, tensor<1x45x87x2xf32>, tensor<1x1x82x38xf32>, tensor<1x40x40x10xf32>, tensor<2x3x40x39xf32>, tensor<1x1x20x19x20xf32>, tensor<2x40x40x3xf32>, tensor<1x1x6x1200xf32>
}
