// SPDX-License-Identifier: Apache-2.0
// Tensors of more than eight dimensions that count: as tensors of fewer, whatever is done with them. Nine and ten
// dimensions that all change, in every second place, in an order that leaves no two side by side.
// RUN: skarn run %s --random 3 --compare interp
// RUN: skarn run %s --random 4 --compare loop
// RUN: skarn run %s --entry products --random 5 --compare interp
// RUN: skarn opt %s --to expand | filecheck %s
// CHECK-NOT: stablehlo.transpose {{.*}} -> tensor<{{([0-9]+x){9}}}

func.func @main(%x: tensor<2x3x2x3x2x3x2x3x2xf32>, %y: tensor<2x2x1x2x2x2x2x2x2x2x3xf32>, %b: tensor<3x1x3x2xf32>, %z: tensor<f32>)
    -> (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<3x2x2x2x2x2x1x2x2x2x2xf32>,
        tensor<2x3x3x4x2x3x2x1x2xf32>, tensor<5x3x3x3x4x3x2x6x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<2x2x2x2x2xf32>,
        tensor<2x3x2x3x4x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xi32>, tensor<2x3x2x3x2x3x2x3x2xi32>) {
  %b1 = stablehlo.broadcast_in_dim %b, dims = [1, 3, 5, 6] : (tensor<3x1x3x2xf32>) -> tensor<2x3x2x3x2x3x2x3x2xf32>
  %b2 = stablehlo.broadcast_in_dim %z, dims = [] : (tensor<f32>) -> tensor<2x3x2x3x2x3x2x3x2xf32>
  %0 = stablehlo.add %x, %b1 : tensor<2x3x2x3x2x3x2x3x2xf32>
  %1 = stablehlo.clamp %z, %0, %b2 : (tensor<f32>, tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>) -> tensor<2x3x2x3x2x3x2x3x2xf32>
  %2 = stablehlo.transpose %y, dims = [10, 0, 8, 1, 6, 3, 2, 9, 5, 7, 4] : (tensor<2x2x1x2x2x2x2x2x2x2x3xf32>) -> tensor<3x2x2x2x2x2x1x2x2x2x2xf32>
  %3 = stablehlo.pad %x, %z, low = [0, 0, 1, 0, 0, 0, 0, -1, 0], high = [0, 0, 0, 1, 0, 0, 0, -1, 0], interior = [0, 0, 0, 0, 0, 0, 0, 0, 0] : (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<f32>) -> tensor<2x3x3x4x2x3x2x1x2xf32>
  %4 = stablehlo.pad %x, %z, low = [1, -1, 0, 0, 1, 0, 0, 1, -1], high = [2, 1, 0, 0, 1, 0, 0, 0, 0], interior = [0, 0, 1, 0, 0, 0, 0, 1, 1] : (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<f32>) -> tensor<5x3x3x3x4x3x2x6x2xf32>
  %5 = stablehlo.reverse %x, dims = [8, 0, 2, 4, 6] : tensor<2x3x2x3x2x3x2x3x2xf32>
  %6 = stablehlo.reduce(%x init: %z) applies stablehlo.maximum across dimensions = [1, 3, 5, 7] : (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<f32>) -> tensor<2x2x2x2x2xf32>
  %7 = stablehlo.concatenate %x, %x, dim = 4 : (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>) -> tensor<2x3x2x3x4x3x2x3x2xf32>
  %8 = stablehlo.iota dim = 5 : tensor<2x3x2x3x2x3x2x3x2xi32>
  %9 = stablehlo.bitcast_convert %x : (tensor<2x3x2x3x2x3x2x3x2xf32>) -> tensor<2x3x2x3x2x3x2x3x2xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>,
    tensor<3x2x2x2x2x2x1x2x2x2x2xf32>, tensor<2x3x3x4x2x3x2x1x2xf32>, tensor<5x3x3x3x4x3x2x6x2xf32>, tensor<2x3x2x3x2x3x2x3x2xf32>,
    tensor<2x2x2x2x2xf32>, tensor<2x3x2x3x4x3x2x3x2xf32>, tensor<2x3x2x3x2x3x2x3x2xi32>, tensor<2x3x2x3x2x3x2x3x2xi32>
}

// Sums of integers in floats, which no order changes; contracted dimensions in another order than they lie in.
func.func @products(%i: tensor<2x3x2x3x2x3x2x3x2xi8>, %j: tensor<4x2x3x3x2xi8>) -> (tensor<2x2x2x3x2x3x2x4x3xf32>, tensor<2x3x2x3xi32>, tensor<2x3x2x3xi32>) {
  %x = stablehlo.convert %i : (tensor<2x3x2x3x2x3x2x3x2xi8>) -> tensor<2x3x2x3x2x3x2x3x2xf32>
  %y = stablehlo.convert %j : (tensor<4x2x3x3x2xi8>) -> tensor<4x2x3x3x2xf32>
  %0 = stablehlo.dot_general %x, %y, batching_dims = [8] x [1], contracting_dims = [1, 7, 4] x [3, 2, 4] : (tensor<2x3x2x3x2x3x2x3x2xf32>, tensor<4x2x3x3x2xf32>) -> tensor<2x2x2x3x3x2x4xf32>
  %1 = stablehlo.broadcast_in_dim %0, dims = [0, 1, 2, 3, 8, 6, 7] : (tensor<2x2x2x3x3x2x4xf32>) -> tensor<2x2x2x3x2x3x2x4x3xf32>
  %wide = stablehlo.convert %i : (tensor<2x3x2x3x2x3x2x3x2xi8>) -> tensor<2x3x2x3x2x3x2x3x2xi32>
  %n = stablehlo.iota dim = 4 : tensor<2x3x2x3x2x3x2x3x2xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %2:2 = "stablehlo.reduce"(%wide, %n, %zero, %zero) ({
    ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i32>, %d: tensor<i32>):
      %more = stablehlo.compare GE, %a, %c : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %v = stablehlo.select %more, %a, %c : tensor<i1>, tensor<i32>
      %at = stablehlo.add %b, %d : tensor<i32>
      stablehlo.return %v, %at : tensor<i32>, tensor<i32>
    }) {dimensions = array<i64: 8, 2, 4, 6, 7>} : (tensor<2x3x2x3x2x3x2x3x2xi32>, tensor<2x3x2x3x2x3x2x3x2xi32>, tensor<i32>, tensor<i32>) -> (tensor<2x3x3x3xi32>, tensor<2x3x3x3xi32>)
  %3 = stablehlo.slice %2#0 [0:2, 0:3, 0:2, 0:3] : (tensor<2x3x3x3xi32>) -> tensor<2x3x2x3xi32>
  %4 = stablehlo.slice %2#1 [0:2, 0:3, 1:3, 0:3] : (tensor<2x3x3x3xi32>) -> tensor<2x3x2x3xi32>
  return %1, %3, %4 : tensor<2x2x2x3x2x3x2x4x3xf32>, tensor<2x3x2x3xi32>, tensor<2x3x2x3xi32>
}
