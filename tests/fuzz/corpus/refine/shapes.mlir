// SPDX-License-Identifier: Apache-2.0
// Shapes that are computed with ordinary operations fold once the types of the arguments are known.
func.func @main(%a: tensor<?x4xf32>, %n: tensor<i32>, %x: tensor<f32>)
    -> (tensor<?x4xf32>, tensor<?xf32>, tensor<?xi64>, tensor<?x?xf32>) {
  %c4 = stablehlo.constant dense<4> : tensor<1xi32>
  %d = stablehlo.get_dimension_size %a, dim = 0 : (tensor<?x4xf32>) -> tensor<i32>
  %d1 = stablehlo.reshape %d : (tensor<i32>) -> tensor<1xi32>
  %shape = stablehlo.concatenate %d1, %c4, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %b = stablehlo.dynamic_broadcast_in_dim %x, %shape, dims = [] : (tensor<f32>, tensor<2xi32>) -> tensor<?x4xf32>
  %sum = stablehlo.add %a, %b : tensor<?x4xf32>
  %size = stablehlo.multiply %d1, %c4 : tensor<1xi32>
  %flat = stablehlo.dynamic_reshape %sum, %size : (tensor<?x4xf32>, tensor<1xi32>) -> tensor<?xf32>
  %n1 = stablehlo.reshape %n : (tensor<i32>) -> tensor<1xi32>
  %iota = stablehlo.dynamic_iota %n1, dim = 0 : (tensor<1xi32>) -> tensor<?xi64>
  // [(n + d), max(d - n, 2)] through slices, comparison and selection
  %both = stablehlo.concatenate %n1, %d1, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %turned = stablehlo.reverse %both, dims = [0] : tensor<2xi32>
  %sums = stablehlo.add %both, %turned : tensor<2xi32>
  %differences = stablehlo.subtract %turned, %both : tensor<2xi32>
  %first = stablehlo.slice %sums [0:1] : (tensor<2xi32>) -> tensor<1xi32>
  %second = stablehlo.slice %differences [0:1] : (tensor<2xi32>) -> tensor<1xi32>
  %two = stablehlo.constant dense<2> : tensor<1xi32>
  %less = stablehlo.compare LT, %second, %two, SIGNED : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi1>
  %picked = stablehlo.select %less, %two, %second : tensor<1xi1>, tensor<1xi32>
  %wide = stablehlo.concatenate %first, %picked, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
  %e = stablehlo.dynamic_broadcast_in_dim %x, %wide, dims = [] : (tensor<f32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %sum, %flat, %iota, %e : tensor<?x4xf32>, tensor<?xf32>, tensor<?xi64>, tensor<?x?xf32>
}
