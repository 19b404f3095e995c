// SPDX-License-Identifier: Apache-2.0
// Padding takes part in a convolution as zeros: beside an infinite weight it makes a NaN, in every executor.
// RUN: skarn run %s --via interp | filecheck %s
// RUN: skarn run %s --via loop | filecheck %s
// RUN: skarn run %s --via native | filecheck %s
// CHECK: result 0: tensor<1x3x1xf32> = {{-?}}nan inf inf
func.func @main() -> tensor<1x3x1xf32> {
  %x = stablehlo.constant dense<[[[1.0], [2.0], [3.0]]]> : tensor<1x3x1xf32>
  %k = stablehlo.constant dense<[[[0x7F800000]], [[1.0]], [[1.0]]]> : tensor<3x1x1xf32>
  %c = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {pad = [[1, 1]]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x3x1xf32>, tensor<3x1x1xf32>) -> tensor<1x3x1xf32>
  return %c : tensor<1x3x1xf32>
}
