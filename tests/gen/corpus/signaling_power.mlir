// SPDX-License-Identifier: Apache-2.0
// x^0 is 1 for every x, NaNs of both kinds too.
func.func @main(%arg0: tensor<3xf32> {skarn.value = dense<[0x7F800001, 0x7FC00000, 0x7F800000]> : tensor<3xf32>}, %arg1: tensor<3xf64> {skarn.value = dense<[0x7FF0000000000001, 0x7FF8000000000000, 0.0]> : tensor<3xf64>}) -> (tensor<3xf32>, tensor<3xf64>) {
  %0 = stablehlo.constant dense<0.0> : tensor<3xf32>
  %1 = stablehlo.power %arg0, %0 : tensor<3xf32>
  %2 = stablehlo.constant dense<-0.0> : tensor<3xf64>
  %3 = stablehlo.power %arg1, %2 : tensor<3xf64>
  return %1, %3 : tensor<3xf32>, tensor<3xf64>
}
