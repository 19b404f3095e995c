// SPDX-License-Identifier: Apache-2.0
// bitcast_convert of floats of 6 bits: all 64 patterns there and back, with the interpreter's bits.
// RUN: skarn run %s --random 8 --verify --compare interp
// RUN: skarn run %s --random 8 --compare loop

func.func @main(%x: tensor<8xf6E3M2FN>) -> (tensor<8x6xi1>, tensor<8x2x3xi1>, tensor<64x3xui2>, tensor<64x3xui2>, tensor<64xf6E3M2FN>, tensor<64xf6E2M3FN>) {
  %0 = stablehlo.bitcast_convert %x : (tensor<8xf6E3M2FN>) -> tensor<8x6xi1>
  %1 = stablehlo.reshape %0 : (tensor<8x6xi1>) -> tensor<8x2x3xi1>
  %all = stablehlo.iota dim = 0 : tensor<64x3xui8>
  %down = stablehlo.constant dense<[0, 2, 4]> : tensor<3xui8>
  %shift = stablehlo.broadcast_in_dim %down, dims = [1] : (tensor<3xui8>) -> tensor<64x3xui8>
  %low = stablehlo.shift_right_logical %all, %shift : tensor<64x3xui8>
  %three = stablehlo.constant dense<3> : tensor<64x3xui8>
  %pairs = stablehlo.and %low, %three : tensor<64x3xui8>
  %two = stablehlo.convert %pairs : (tensor<64x3xui8>) -> tensor<64x3xui2>
  %2 = stablehlo.bitcast_convert %two : (tensor<64x3xui2>) -> tensor<64xf6E3M2FN>
  %3 = stablehlo.bitcast_convert %two : (tensor<64x3xui2>) -> tensor<64xf6E2M3FN>
  %4 = stablehlo.bitcast_convert %2 : (tensor<64xf6E3M2FN>) -> tensor<64x3xui2>
  %5 = stablehlo.bitcast_convert %3 : (tensor<64xf6E2M3FN>) -> tensor<64x3xui2>
  return %0, %1, %4, %5, %2, %3 : tensor<8x6xi1>, tensor<8x2x3xi1>, tensor<64x3xui2>, tensor<64x3xui2>, tensor<64xf6E3M2FN>, tensor<64xf6E2M3FN>
}
