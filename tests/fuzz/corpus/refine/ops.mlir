// SPDX-License-Identifier: Apache-2.0
// Operations that take shapes, paddings or bounds as operands become those that have them as attributes.
func.func @main(%a: tensor<?x4xf32>, %start: tensor<2xi32>, %at: tensor<2x2xi32>)
    -> (tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?x2xf32>, tensor<?x4xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %low = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
  %one = stablehlo.constant dense<1> : tensor<2xi32>
  %padded = stablehlo.dynamic_pad %a, %zero, %low, %one, %low
      : (tensor<?x4xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  %from = stablehlo.constant dense<0> : tensor<2xi32>
  %to = stablehlo.constant dense<[3, 4]> : tensor<2xi32>
  %step = stablehlo.constant dense<[2, 1]> : tensor<2xi32>
  %sliced = stablehlo.real_dynamic_slice %a, %from, %to, %step
      : (tensor<?x4xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  // where it begins is not known, how large it is is
  %size = stablehlo.constant dense<[3, 2]> : tensor<2xi32>
  %end = stablehlo.add %start, %size : tensor<2xi32>
  %moving = stablehlo.real_dynamic_slice %a, %start, %end, %one
      : (tensor<?x4xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  %sizes = stablehlo.constant dense<[3, 4]> : tensor<2xi32>
  %gathered = "stablehlo.dynamic_gather"(%a, %at, %sizes) {
    dimension_numbers = #stablehlo.gather<offset_dims = [1, 2], start_index_map = [0, 1], index_vector_dim = 1>
  } : (tensor<?x4xf32>, tensor<2x2xi32>, tensor<2xi32>) -> tensor<?x?x?xf32>
  %image = stablehlo.constant dense<1.0> : tensor<1x8x8x3xf32>
  %kernel = stablehlo.constant dense<1.0> : tensor<3x3x3x2xf32>
  %pads = stablehlo.constant dense<1> : tensor<2x2xi32>
  %conv = "stablehlo.dynamic_conv"(%image, %kernel, %pads) {
    dimension_numbers = #stablehlo.conv<[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]>,
    feature_group_count = 1 : i64, batch_group_count = 1 : i64
  } : (tensor<1x8x8x3xf32>, tensor<3x3x3x2xf32>, tensor<2x2xi32>) -> tensor<?x?x?x2xf32>
  %n = stablehlo.get_dimension_size %a, dim = 0 : (tensor<?x4xf32>) -> tensor<i32>
  %same = "stablehlo.set_dimension_size"(%a, %n) {dimension = 0 : i64} : (tensor<?x4xf32>, tensor<i32>) -> tensor<?x4xf32>
  return %padded, %sliced, %moving, %gathered, %conv, %same
      : tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?xf32>, tensor<?x?x?xf32>, tensor<?x?x?x2xf32>, tensor<?x4xf32>
}
