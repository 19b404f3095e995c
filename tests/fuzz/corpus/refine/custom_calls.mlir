// SPDX-License-Identifier: Apache-2.0
// Custom calls that stand for operations with sizes as operands become those operations.
func.func private @body(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  %0 = stablehlo.maximum %x, %y : tensor<f32>
  return %0 : tensor<f32>
}
func.func @main(%a: tensor<?xf32>, %key: tensor<2xui64>, %n: tensor<i64>)
    -> (tensor<?xf32>, tensor<2xui64>, tensor<?xui32>, tensor<?xf32>, tensor<?xi32>, tensor<?x?xf32>, tensor<?xf32>) {
  %init = stablehlo.constant dense<0.0> : tensor<f32>
  %two = stablehlo.constant dense<2> : tensor<1xi64>
  %one = stablehlo.constant dense<1> : tensor<1xi64>
  %pad = stablehlo.constant dense<[[0, 1]]> : tensor<1x2xi64>
  %w = stablehlo.custom_call @stablehlo.dynamic_reduce_window(%a, %init, %two, %two, %one, %one, %pad) {called_computations = [@body]}
      : (tensor<?xf32>, tensor<f32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1x2xi64>) -> tensor<?xf32>
  %n1 = stablehlo.reshape %n : (tensor<i64>) -> tensor<1xi64>
  %bits:2 = stablehlo.custom_call @stablehlo.dynamic_rng_bit_generator(%key, %n1) {rng_algorithm = #stablehlo<rng_algorithm THREE_FRY>}
      : (tensor<2xui64>, tensor<1xi64>) -> (tensor<2xui64>, tensor<?xui32>)
  %top:2 = stablehlo.custom_call @stablehlo.dynamic_top_k(%a, %n) : (tensor<?xf32>, tensor<i64>) -> (tensor<?xf32>, tensor<?xi32>)
  %shape = stablehlo.concatenate %two, %n1, dim = 0 : (tensor<1xi64>, tensor<1xi64>) -> tensor<2xi64>
  %other = stablehlo.custom_call @made_elsewhere(%a, %shape) {indices_of_shape_operands = dense<1> : tensor<1xi64>}
      : (tensor<?xf32>, tensor<2xi64>) -> tensor<?x?xf32>
  %same = stablehlo.custom_call @stablehlo.shape_refinement_operand_wrapper(%a, %one) : (tensor<?xf32>, tensor<1xi64>) -> tensor<?xf32>
  return %w, %bits#0, %bits#1, %top#0, %top#1, %other, %same
      : tensor<?xf32>, tensor<2xui64>, tensor<?xui32>, tensor<?xf32>, tensor<?xi32>, tensor<?x?xf32>, tensor<?xf32>
}
