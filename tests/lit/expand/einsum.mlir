// SPDX-License-Identifier: Apache-2.0
// einsum and unary_einsum in generated code: batches, sums over letters of one operand, outer products, diagonals, orders of the
// result; torch_index_select with and without batches; map with constants, with values from outside and with a loop inside.
// RUN: skarn run %s --random 5 --numerics strict --compare interp
// RUN: skarn run %s --random 5 --compare loop
// RUN: skarn opt %s --to expand | filecheck %s
// CHECK-NOT: einsum
// CHECK-NOT: torch_index_select
// CHECK-NOT: stablehlo.map
func.func @main(%a: tensor<3x4xf32>, %b: tensor<4x5xf32>, %c: tensor<2x3x4xf32>, %d: tensor<2x4x5xf32>, %s: tensor<3x3x4xbf16>,
                %i: tensor<2x2xi32>, %j: tensor<3xi64>, %x: tensor<2x3xf32>, %y: tensor<f32>)
    -> (tensor<5x3xf32>, tensor<2x3x5xf32>, tensor<5xf32>, tensor<4x5x3x4xf32>, tensor<4x3xbf16>, tensor<4xi32>, tensor<2x2x4xf32>,
        tensor<3x3x4xf32>, tensor<2x3xf32>, tensor<2x3xi32>) {
  %0 = stablehlo.einsum %a, %b, config = "ij,jk->ki" : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<5x3xf32>
  %1 = stablehlo.einsum %c, %d, config = "bij,bjk->bik" : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %2 = stablehlo.einsum %a, %b, config = "ij,lk->k" : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<5xf32>
  %3 = stablehlo.einsum %a, %b, config = "ij,lk->jkil" : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<4x5x3x4xf32>
  %4 = stablehlo.unary_einsum %s, config = "iij->ji" : (tensor<3x3x4xbf16>) -> tensor<4x3xbf16>
  %k = stablehlo.constant dense<[[[1, 2, 3, 4], [5, 6, 7, 8]]]> : tensor<1x2x4xi32>
  %5 = stablehlo.unary_einsum %k, config = "abc->c" : (tensor<1x2x4xi32>) -> tensor<4xi32>
  %6 = "stablehlo.torch_index_select"(%c, %i) <{dim = 1 : i64, batch_dims = 1 : i64}> : (tensor<2x3x4xf32>, tensor<2x2xi32>) -> tensor<2x2x4xf32>
  %7 = "stablehlo.torch_index_select"(%c, %j) <{dim = 0 : i64, batch_dims = 0 : i64}> : (tensor<2x3x4xf32>, tensor<3xi64>) -> tensor<3x3x4xf32>
  %8 = "stablehlo.map"(%x, %x) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%p: tensor<f32>, %q: tensor<f32>):
    %two = stablehlo.constant dense<2.0> : tensor<f32>
    %m = stablehlo.multiply %p, %two : tensor<f32>
    %n = stablehlo.add %m, %y : tensor<f32>
    stablehlo.return %n : tensor<f32>
  }) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %9 = "stablehlo.map"(%x) <{dimensions = array<i64: 0, 1>}> ({
  ^bb0(%p: tensor<f32>):
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %w:2 = stablehlo.while(%n = %zero, %v = %p) : tensor<i32>, tensor<f32>
     cond {
      %limit = stablehlo.constant dense<10.0> : tensor<f32>
      %less = stablehlo.compare LT, %v, %limit : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %less : tensor<i1>
    } do {
      %one = stablehlo.constant dense<1> : tensor<i32>
      %o = stablehlo.add %n, %one : tensor<i32>
      %u = stablehlo.add %v, %v : tensor<f32>
      stablehlo.return %o, %u : tensor<i32>, tensor<f32>
    }
    stablehlo.return %w#0 : tensor<i32>
  }) : (tensor<2x3xf32>) -> tensor<2x3xi32>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : tensor<5x3xf32>, tensor<2x3x5xf32>, tensor<5xf32>, tensor<4x5x3x4xf32>, tensor<4x3xbf16>, tensor<4xi32>, tensor<2x2x4xf32>, tensor<3x3x4xf32>, tensor<2x3xf32>, tensor<2x3xi32>
}
