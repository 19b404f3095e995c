// SPDX-License-Identifier: Apache-2.0
// Patches of 118 MB: the batch is convolved in parts, the last of which is smaller.
// RUN: skarn run %s --random 3 --numerics strict --compare interp
// RUN: skarn opt %s --to lower | filecheck %s
// CHECK-COUNT-2: dot f32
// CHECK-NOT: dot f32

func.func @main(%x: tensor<7x160x160x18xf32>, %w: tensor<3x3x18x2xf32>) -> tensor<7x160x160x2xf32> {
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]]}
      {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<7x160x160x18xf32>, tensor<3x3x18x2xf32>) -> tensor<7x160x160x2xf32>
  return %0 : tensor<7x160x160x2xf32>
}
