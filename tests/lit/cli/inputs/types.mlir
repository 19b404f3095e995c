// SPDX-License-Identifier: Apache-2.0
func.func @main(%f: tensor<4xf32>, %i: tensor<4xi8>, %h: tensor<4xf16>, %b: tensor<4xbf16>)
    -> (tensor<4xf32>, tensor<4xi8>, tensor<4xf16>, tensor<4xbf16>, tensor<4xi1>) {
  %0 = stablehlo.add %f, %f : tensor<4xf32>
  %1 = stablehlo.add %i, %i : tensor<4xi8>
  %2 = stablehlo.add %h, %h : tensor<4xf16>
  %3 = stablehlo.add %b, %b : tensor<4xbf16>
  %4 = stablehlo.compare EQ, %f, %f : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  return %0, %1, %2, %3, %4 : tensor<4xf32>, tensor<4xi8>, tensor<4xf16>, tensor<4xbf16>, tensor<4xi1>
}
