// SPDX-License-Identifier: Apache-2.0
// Windows over nothing: empty bases that padding makes room for, kernels without features,
// results without elements.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop

func.func @main(%e: tensor<0x3xf32>, %n: tensor<2x4x0xf32>, %m: tensor<2x0x5xf32>,
                %z: tensor<0x4x4x3xf32>, %w: tensor<2x2x3x5xf32>, %d: tensor<2x5xf32>, %ds: tensor<0x5xf32>)
    -> (tensor<4x3xf32>, tensor<7x3xf32>, tensor<2x3x5xf32>, tensor<0x3x3x5xf32>, tensor<2x5xf32>) {
  %init = stablehlo.constant dense<2.0> : tensor<f32>
  %0 = "stablehlo.reduce_window"(%e, %init) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 2, 1>, padding = dense<[[3, 2], [0, 0]]> : tensor<2x2xi64>}
      : (tensor<0x3xf32>, tensor<f32>) -> tensor<4x3xf32>
  %1 = "stablehlo.reduce_window"(%e, %init) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.multiply %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 1, 1>, base_dilations = array<i64: 3, 1>, padding = dense<[[3, 4], [0, 0]]> : tensor<2x2xi64>}
      : (tensor<0x3xf32>, tensor<f32>) -> tensor<7x3xf32>
  %3 = stablehlo.convolution(%n, %m) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {}
      {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<2x4x0xf32>, tensor<2x0x5xf32>) -> tensor<2x3x5xf32>
  %4 = stablehlo.convolution(%z, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {}
      {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<0x4x4x3xf32>, tensor<2x2x3x5xf32>) -> tensor<0x3x3x5xf32>
  %5 = "stablehlo.select_and_scatter"(%d, %ds, %init) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 3, 1>} : (tensor<2x5xf32>, tensor<0x5xf32>, tensor<f32>) -> tensor<2x5xf32>
  return %0, %1, %3, %4, %5
      : tensor<4x3xf32>, tensor<7x3xf32>, tensor<2x3x5xf32>, tensor<0x3x3x5xf32>, tensor<2x5xf32>
}
