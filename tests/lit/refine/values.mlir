// SPDX-License-Identifier: Apache-2.0
// Refined programs compute what their dynamic forms say.
// RUN: skarn test %s
// RUN: skarn test %s --via loop
func.func @main() {
  %a = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %n = stablehlo.get_dimension_size %a, dim = 1 : (tensor<2x3xi32>) -> tensor<i32>
  %n1 = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %iota = stablehlo.dynamic_iota %n1, dim = 0 : (tensor<1xi32>) -> tensor<?xi32>
  %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi32>
  %rows = stablehlo.dynamic_broadcast_in_dim %iota, %shape, dims = [1] : (tensor<?xi32>, tensor<2xi32>) -> tensor<?x?xi32>
  %sum = stablehlo.add %a, %rows : (tensor<2x3xi32>, tensor<?x?xi32>) -> tensor<2x3xi32>
  check.expect_eq_const %sum, dense<[[1, 3, 5], [4, 6, 8]]> : tensor<2x3xi32>
  %six = stablehlo.constant dense<[3, 2]> : tensor<2xi32>
  %turned = stablehlo.dynamic_reshape %sum, %six : (tensor<2x3xi32>, tensor<2xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %turned, dense<[[1, 3], [5, 4], [6, 8]]> : tensor<3x2xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %low = stablehlo.constant dense<[0, 1]> : tensor<2xi32>
  %none = stablehlo.constant dense<0> : tensor<2xi32>
  %padded = stablehlo.dynamic_pad %turned, %zero, %low, %none, %low : (tensor<3x2xi32>, tensor<i32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xi32>
  %out = stablehlo.add %padded, %padded : (tensor<?x?xi32>, tensor<?x?xi32>) -> tensor<3x4xi32>
  check.expect_eq_const %out, dense<[[0, 2, 0, 6], [0, 10, 0, 8], [0, 12, 0, 16]]> : tensor<3x4xi32>
  %start = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
  %limit = stablehlo.constant dense<[3, 4]> : tensor<2xi32>
  %step = stablehlo.constant dense<[1, 3]> : tensor<2xi32>
  %part = stablehlo.real_dynamic_slice %out, %start, %limit, %step : (tensor<3x4xi32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %part, dense<[[0, 8], [0, 16]]> : tensor<2x2xi32>
  return
}
