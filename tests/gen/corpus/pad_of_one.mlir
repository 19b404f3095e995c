// SPDX-License-Identifier: Apache-2.0
// The one element of a padding with room inside is at a place that is known: that of the reduction beside it.
func.func @main(%x: tensor<1x2xf32> {skarn.value = dense<[[1.0, 2.0]]> : tensor<1x2xf32>}, %i: tensor<f32> {skarn.value = dense<0.5> : tensor<f32>}) -> tensor<1xi1> {
  %5 = stablehlo.reduce(%x init: %i) applies stablehlo.add across dimensions = [1] : (tensor<1x2xf32>, tensor<f32>) -> tensor<1xf32>
  %6 = stablehlo.pad %5, %i, low = [0], high = [0], interior = [1] : (tensor<1xf32>, tensor<f32>) -> tensor<1xf32>
  %7 = chlo.is_pos_inf %6 : tensor<1xf32> -> tensor<1xi1>
  return %7 : tensor<1xi1>
}
