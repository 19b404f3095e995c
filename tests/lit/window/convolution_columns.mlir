// SPDX-License-Identifier: Apache-2.0
// Convolutions whose spatial dimensions lie innermost, as in NCHW: the windows are written with lanes along the positions, step by step of
// the product (loop/lower_conv.c). Padding, strides, holes, groups, several images.
// RUN: skarn run %s --entry padded --random 7 --compare interp && skarn run %s --entry padded --random 7 --guard end --compare loop
// RUN: skarn run %s --entry strided --random 7 --compare interp && skarn run %s --entry strided --random 7 --guard end --compare loop
// RUN: skarn run %s --entry strided_padded --random 7 --compare interp && skarn run %s --entry strided_padded --random 7 --guard end --compare loop
// RUN: skarn run %s --entry groups --random 7 --compare interp && skarn run %s --entry groups --random 7 --guard end --compare loop
// RUN: skarn run %s --entry holes --random 7 --compare interp && skarn run %s --entry holes --random 7 --guard end --compare loop
// RUN: skarn run %s --entry one --random 7 --compare interp && skarn run %s --entry one --random 7 --guard end --compare loop
// RUN: skarn opt %s --entry strided --to lower | filecheck %s
// CHECK: kernel {{[0-9]+}} patches
// CHECK: loop 4 par 8
// CHECK-NEXT: loop 5 par 9

func.func @padded(%arg0: tensor<2x5x9x13xf32>, %arg1: tensor<6x5x3x3xf32>) -> (tensor<2x6x9x13xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [1, 1], pad = [[1, 1], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x5x9x13xf32>, tensor<6x5x3x3xf32>) -> tensor<2x6x9x13xf32>
  return %0 : tensor<2x6x9x13xf32>
}

func.func @strided(%arg0: tensor<3x4x17x19xf32>, %arg1: tensor<7x4x3x2xf32>) -> (tensor<3x7x8x9xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [2, 2], pad = [[0, 0], [0, 0]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<3x4x17x19xf32>, tensor<7x4x3x2xf32>) -> tensor<3x7x8x9xf32>
  return %0 : tensor<3x7x8x9xf32>
}

func.func @strided_padded(%arg0: tensor<1x3x20x21xf32>, %arg1: tensor<8x3x5x5xf32>) -> (tensor<1x8x10x10xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [2, 2], pad = [[2, 1], [0, 3]], lhs_dilate = [1, 1], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x3x20x21xf32>, tensor<8x3x5x5xf32>) -> tensor<1x8x10x10xf32>
  return %0 : tensor<1x8x10x10xf32>
}

func.func @groups(%arg0: tensor<1x6x10x12xf32>, %arg1: tensor<9x2x3x3xf32>) -> (tensor<1x9x10x12xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [1, 1], pad = [[2, 2], [1, 1]], lhs_dilate = [1, 1], rhs_dilate = [2, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x6x10x12xf32>, tensor<9x2x3x3xf32>) -> tensor<1x9x10x12xf32>
  return %0 : tensor<1x9x10x12xf32>
}

func.func @holes(%arg0: tensor<2x3x6x7xf32>, %arg1: tensor<4x3x2x3xf32>) -> (tensor<2x4x13x7xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0, 1]x[o, i, 0, 1]->[b, f, 0, 1], window = {stride = [1, 2], pad = [[1, 2], [2, 1]], lhs_dilate = [2, 2], rhs_dilate = [1, 1], reverse = [false, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<2x3x6x7xf32>, tensor<4x3x2x3xf32>) -> tensor<2x4x13x7xf32>
  return %0 : tensor<2x4x13x7xf32>
}

func.func @one(%arg0: tensor<4x3x30xf32>, %arg1: tensor<5x3x4xf32>) -> (tensor<4x5x30xf32>) {
  %0 = stablehlo.convolution(%arg0, %arg1) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0], window = {stride = [1], pad = [[1, 2]], lhs_dilate = [1], rhs_dilate = [1], reverse = [false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<4x3x30xf32>, tensor<5x3x4xf32>) -> tensor<4x5x30xf32>
  return %0 : tensor<4x5x30xf32>
}
