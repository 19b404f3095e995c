// SPDX-License-Identifier: Apache-2.0
// A carried array that is read before it is updated is updated in place; one that is still read afterwards, or by the update
// itself at other places, or that somebody passes on, is not.
// RUN: skarn run %s --random 5 --compare interp
// RUN: skarn run %s --random 5 --compare loop
// RUN: skarn run %s --entry others --random 5 --compare interp
// RUN: skarn run %s --entry others --random 5 --compare loop
// RUN: skarn explain %s | filecheck %s
// RUN: skarn explain %s --entry others | filecheck %s --check-prefix=OTHERS

// a[i] = a[i] * a[i - 1]; b[i] = b[i] + b[0], as scatter. Inside the loop nothing is copied.
// CHECK: while
// CHECK-NOT: {{^  [0-9]+ copy}}
func.func @main(%a: tensor<64x32xf32>, %b: tensor<64x32xf32>) -> (tensor<64x32xf32>, tensor<64x32xf32>) {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c64 = stablehlo.constant dense<64> : tensor<i32>
  %r:3 = stablehlo.while(%i = %c0, %x = %a, %y = %b) : tensor<i32>, tensor<64x32xf32>, tensor<64x32xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c64 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %before = stablehlo.subtract %i, %c1 : tensor<i32>
    %0 = stablehlo.dynamic_slice %x, %i, %c0, sizes = [1, 32] : (tensor<64x32xf32>, tensor<i32>, tensor<i32>) -> tensor<1x32xf32>
    %1 = stablehlo.dynamic_slice %x, %before, %c0, sizes = [1, 32] : (tensor<64x32xf32>, tensor<i32>, tensor<i32>) -> tensor<1x32xf32>
    %2 = stablehlo.multiply %0, %1 : tensor<1x32xf32>
    %3 = stablehlo.dynamic_update_slice %x, %2, %i, %c0 : (tensor<64x32xf32>, tensor<1x32xf32>, tensor<i32>, tensor<i32>) -> tensor<64x32xf32>
    %4 = stablehlo.dynamic_slice %y, %i, %c0, sizes = [1, 32] : (tensor<64x32xf32>, tensor<i32>, tensor<i32>) -> tensor<1x32xf32>
    %5 = stablehlo.slice %y [0:1, 0:32] : (tensor<64x32xf32>) -> tensor<1x32xf32>
    %6 = stablehlo.add %4, %5 : tensor<1x32xf32>
    %7 = stablehlo.reshape %6 : (tensor<1x32xf32>) -> tensor<32xf32>
    %8 = stablehlo.reshape %i : (tensor<i32>) -> tensor<1xi32>
    %9 = "stablehlo.scatter"(%y, %8, %7) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0]>}> ({
    ^bb0(%old: tensor<f32>, %new: tensor<f32>):
      stablehlo.return %new : tensor<f32>
    }) : (tensor<64x32xf32>, tensor<1xi32>, tensor<32xf32>) -> tensor<64x32xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %3, %9 : tensor<i32>, tensor<64x32xf32>, tensor<64x32xf32>
  }
  return %r#1, %r#2 : tensor<64x32xf32>, tensor<64x32xf32>
}

// The old array is read after the update (x); the update reads it elsewhere while it is written (y); a loop passes it on (z).
// OTHERS: while
// OTHERS: {{^  [0-9]+ copy}}
func.func @others(%a: tensor<16x32xf32>, %b: tensor<16x32xf32>, %c: tensor<16x32xf32>)
    -> (tensor<16x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<f32>) {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c3 = stablehlo.constant dense<14> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %r:5 = stablehlo.while(%i = %c0, %x = %a, %y = %b, %z = %c, %sum = %f0) : tensor<i32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %c3 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %row = stablehlo.slice %x [2:3, 0:32] : (tensor<16x32xf32>) -> tensor<1x32xf32>
    %twice = stablehlo.add %row, %row : tensor<1x32xf32>
    %0 = stablehlo.dynamic_update_slice %x, %twice, %i, %c0 : (tensor<16x32xf32>, tensor<1x32xf32>, tensor<i32>, tensor<i32>) -> tensor<16x32xf32>
    %new = stablehlo.reduce(%0 init: %f0) applies stablehlo.add across dimensions = [0, 1] : (tensor<16x32xf32>, tensor<f32>) -> tensor<f32>
    %scaled = stablehlo.broadcast_in_dim %new, dims = [] : (tensor<f32>) -> tensor<16x32xf32>
    %old = stablehlo.multiply %x, %scaled : tensor<16x32xf32>
    %s = stablehlo.reduce(%old init: %sum) applies stablehlo.add across dimensions = [0, 1] : (tensor<16x32xf32>, tensor<f32>) -> tensor<f32>
    %up = stablehlo.slice %y [0:15, 0:32] : (tensor<16x32xf32>) -> tensor<15x32xf32>
    %1 = stablehlo.dynamic_update_slice %y, %up, %c1, %c0 : (tensor<16x32xf32>, tensor<15x32xf32>, tensor<i32>, tensor<i32>) -> tensor<16x32xf32>
    %w:2 = stablehlo.while(%k = %c0, %q = %z) : tensor<i32>, tensor<16x32xf32>
    cond {
      %p = stablehlo.compare LT, %k, %i : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %n = stablehlo.add %k, %c1 : tensor<i32>
      stablehlo.return %n, %q : tensor<i32>, tensor<16x32xf32>
    }
    %2 = stablehlo.dynamic_update_slice %z, %twice, %i, %c0 : (tensor<16x32xf32>, tensor<1x32xf32>, tensor<i32>, tensor<i32>) -> tensor<16x32xf32>
    %3 = stablehlo.add %2, %w#1 : tensor<16x32xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %0, %1, %3, %s : tensor<i32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<f32>
  }
  return %r#1, %r#2, %r#3, %r#4 : tensor<16x32xf32>, tensor<16x32xf32>, tensor<16x32xf32>, tensor<f32>
}
