// SPDX-License-Identifier: Apache-2.0
// The order of a sum over a short row is that of the halving tree, unrolled or not: of three elements first and last, then the middle
// one; of five e0 + e4, then (e0 + e4) + e2 and e1 + e3. 2^24 and -2^24 tell: ones added to the first before they meet are lost.
// RUN: skarn test %s --via native
// RUN: skarn test %s --via native --isa v3 --numerics strict
// RUN: skarn test %s --via loop

func.func @main() {
  %three = stablehlo.constant dense<[16777216.0, 1.0, -16777216.0]> : tensor<3xf32>
  %five = stablehlo.constant dense<[16777216.0, 1.0, 1.0, 1.0, -16777216.0]> : tensor<5xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.broadcast_in_dim %three, dims = [1] : (tensor<3xf32>) -> tensor<64x3xf32>
  %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<64x3xf32>, tensor<f32>) -> tensor<64xf32>
  %2 = stablehlo.broadcast_in_dim %five, dims = [1] : (tensor<5xf32>) -> tensor<64x5xf32>
  %3 = stablehlo.reduce(%2 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<64x5xf32>, tensor<f32>) -> tensor<64xf32>
  check.expect_eq_const %1, dense<1.0> : tensor<64xf32>
  check.expect_eq_const %3, dense<3.0> : tensor<64xf32>
  return
}
