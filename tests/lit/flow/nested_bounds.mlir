// SPDX-License-Identifier: Apache-2.0
// The bound of the inner loop is the counter of the outer one, and both carry it around. Written out, the inner loop has a number of
// trips of its own in every trip of the outer one: the sum over i < 4, j < i of x[i] * j. The same with the step as the carry.
// RUN: skarn opt %s --to simplify --verify | filecheck %s
// RUN: skarn run %s --random 1 --via native --compare interp
// RUN: skarn run %s --random 1 --via loop --compare interp
// RUN: skarn run %s --entry steps --random 1 --via native --compare interp
// CHECK-LABEL: func.func @main
// CHECK-NOT: while
// CHECK-COUNT-6: add {{.*}} : tensor<f32>
// CHECK: return
func.func @main(%x: tensor<4xf32>) -> tensor<f32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %start = stablehlo.constant dense<0.0> : tensor<f32>
  %r:2 = stablehlo.while(%i = %zero, %sum = %start) : tensor<i32>, tensor<f32>
  cond {
    %four = stablehlo.constant dense<4> : tensor<i32>
    %more = stablehlo.compare LT, %i, %four : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %xi = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<4xf32>, tensor<i32>) -> tensor<1xf32>
    %s = stablehlo.reshape %xi : (tensor<1xf32>) -> tensor<f32>
    %inner:3 = stablehlo.while(%j = %zero, %bound = %i, %t = %sum) : tensor<i32>, tensor<i32>, tensor<f32>
    cond {
      %more = stablehlo.compare LT, %j, %bound : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %step = stablehlo.constant dense<1> : tensor<i32>
      %f = stablehlo.convert %j : (tensor<i32>) -> tensor<f32>
      %p = stablehlo.multiply %s, %f : tensor<f32>
      %u = stablehlo.add %t, %p : tensor<f32>
      %next = stablehlo.add %j, %step : tensor<i32>
      stablehlo.return %next, %bound, %u : tensor<i32>, tensor<i32>, tensor<f32>
    }
    %next = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %next, %inner#2 : tensor<i32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}
func.func @steps(%x: tensor<8xf32>) -> tensor<8xf32> {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %one, %y = %x) : tensor<i32>, tensor<8xf32>
  cond {
    %four = stablehlo.constant dense<4> : tensor<i32>
    %more = stablehlo.compare LT, %i, %four : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %inner:3 = stablehlo.while(%j = %zero, %step = %i, %z = %y) : tensor<i32>, tensor<i32>, tensor<8xf32>
    cond {
      %eight = stablehlo.constant dense<8> : tensor<i32>
      %more = stablehlo.compare LT, %j, %eight : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %v = stablehlo.dynamic_slice %z, %j, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
      %w = stablehlo.add %v, %v : tensor<1xf32>
      %u = stablehlo.dynamic_update_slice %z, %w, %j : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
      %next = stablehlo.add %j, %step : tensor<i32>
      stablehlo.return %next, %step, %u : tensor<i32>, tensor<i32>, tensor<8xf32>
    }
    %next = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %next, %inner#2 : tensor<i32>, tensor<8xf32>
  }
  return %r#1 : tensor<8xf32>
}
