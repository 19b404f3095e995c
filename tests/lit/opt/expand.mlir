// SPDX-License-Identifier: Apache-2.0
// top_k becomes a stable sort of elements and indices, larger first, and the first k of both: floats
// in total order, integers by value.
// RUN: skarn opt %s --to expand | filecheck %s
// CHECK: %[[I:.*]] = stablehlo.iota dim = 1 : tensor<3x5xi32>
// CHECK: %[[S:.*]]:2 = "stablehlo.sort"(%arg0, %[[I]]) <{dimension = 1 : i64, is_stable = true}>
// CHECK: compare GT, %{{.*}}, %{{.*}}, TOTALORDER :
// CHECK: slice %[[S]]#0 [0:3, 0:2]
// CHECK: slice %[[S]]#1 [0:3, 0:2]
// CHECK: "stablehlo.sort"(%arg1,
// CHECK: compare GT, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : (tensor<ui8>
// CHECK-NOT: chlo
func.func @main(%x: tensor<3x5xf32>, %y: tensor<4xui8>)
    -> (tensor<3x2xf32>, tensor<3x2xi32>, tensor<4xui8>) {
  %v, %i = chlo.top_k(%x, k = 2) : tensor<3x5xf32> -> (tensor<3x2xf32>, tensor<3x2xi32>)
  %w, %j = chlo.top_k(%y, k = 4) : tensor<4xui8> -> (tensor<4xui8>, tensor<4xi32>)
  return %v, %i, %w : tensor<3x2xf32>, tensor<3x2xi32>, tensor<4xui8>
}
