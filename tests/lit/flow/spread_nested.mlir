// SPDX-License-Identifier: Apache-2.0
// Loops in a loop, all of them one after the other: a sum over pairs goes apart, a sum of integers along lanes; the loop around
// carries what they give and keeps rows of it.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --isa v3 --compare native:auto
// CHECK: loop 1 seq 100
// CHECK-NEXT: loop 2 par 100
// CHECK-NEXT: loop 3 seq 100
// CHECK-NEXT: loop 4 red 300
func.func @main(%x: tensor<100xf32>, %y: tensor<300xi32>) -> (tensor<f32>, tensor<100xf32>, tensor<i32>, tensor<100xi32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<100> : tensor<i32>
  %m = stablehlo.constant dense<300> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %eps = stablehlo.constant dense<0.01> : tensor<f32>
  %out0 = stablehlo.constant dense<0.0> : tensor<100xf32>
  %io0 = stablehlo.constant dense<0> : tensor<100xi32>
  %r:5 = stablehlo.while(%i = %zero, %e = %f0, %out = %out0, %c = %one, %io = %io0) : tensor<i32>, tensor<f32>, tensor<100xf32>, tensor<i32>, tensor<100xi32>
  cond {
    %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %xi0 = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<100xf32>, tensor<i32>) -> tensor<1xf32>
    %xi = stablehlo.reshape %xi0 : (tensor<1xf32>) -> tensor<f32>
    %in:2 = stablehlo.while(%j = %zero, %s = %e) : tensor<i32>, tensor<f32>
    cond {
      %p = stablehlo.compare LT, %j, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %xj0 = stablehlo.dynamic_slice %x, %j, sizes = [1] : (tensor<100xf32>, tensor<i32>) -> tensor<1xf32>
      %xj = stablehlo.reshape %xj0 : (tensor<1xf32>) -> tensor<f32>
      %d = stablehlo.subtract %xi, %xj : tensor<f32>
      %d2 = stablehlo.multiply %d, %d : tensor<f32>
      %d3 = stablehlo.add %d2, %eps : tensor<f32>
      %q = stablehlo.rsqrt %d3 : tensor<f32>
      %ij = stablehlo.add %i, %j : tensor<i32>
      %fij = stablehlo.convert %ij : (tensor<i32>) -> tensor<f32>
      %co = stablehlo.cosine %fij : tensor<f32>
      %qc = stablehlo.multiply %q, %co : tensor<f32>
      %t = stablehlo.add %s, %qc : tensor<f32>
      %j1 = stablehlo.add %j, %one : tensor<i32>
      stablehlo.return %j1, %t : tensor<i32>, tensor<f32>
    }
    %in2:2 = stablehlo.while(%j = %zero, %s = %c) : tensor<i32>, tensor<i32>
    cond {
      %p = stablehlo.compare LT, %j, %m, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %yj0 = stablehlo.dynamic_slice %y, %j, sizes = [1] : (tensor<300xi32>, tensor<i32>) -> tensor<1xi32>
      %yj = stablehlo.reshape %yj0 : (tensor<1xi32>) -> tensor<i32>
      %yi = stablehlo.multiply %yj, %i : tensor<i32>
      %t = stablehlo.add %s, %yi : tensor<i32>
      %j1 = stablehlo.add %j, %one : tensor<i32>
      stablehlo.return %j1, %t : tensor<i32>, tensor<i32>
    }
    %row = stablehlo.reshape %in#1 : (tensor<f32>) -> tensor<1xf32>
    %o1 = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<100xf32>, tensor<1xf32>, tensor<i32>) -> tensor<100xf32>
    %irow = stablehlo.reshape %in2#1 : (tensor<i32>) -> tensor<1xi32>
    %io1 = stablehlo.dynamic_update_slice %io, %irow, %i : (tensor<100xi32>, tensor<1xi32>, tensor<i32>) -> tensor<100xi32>
    %i1 = stablehlo.add %i, %one : tensor<i32>
    %half = stablehlo.constant dense<0.5> : tensor<f32>
    %e1 = stablehlo.multiply %in#1, %half : tensor<f32>
    stablehlo.return %i1, %e1, %o1, %in2#1, %io1 : tensor<i32>, tensor<f32>, tensor<100xf32>, tensor<i32>, tensor<100xi32>
  }
  return %r#1, %r#2, %r#3, %r#4 : tensor<f32>, tensor<100xf32>, tensor<i32>, tensor<100xi32>
}
