// SPDX-License-Identifier: Apache-2.0
// The largest and the smallest of floats of all trips are combined in any order: along lanes, beside a sum that waits; with a NaN in
// one trip, with zeros of either sign. A maximum that reads itself twice waits.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn opt %s --entry waits --to lower | filecheck %s --check-prefix=WAITS
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --isa v3 --compare native:auto
// RUN: skarn run %s --entry special --random 1 --compare interp
// RUN: skarn run %s --entry special --random 2 --compare loop
// RUN: skarn run %s --entry waits --random 1 --numerics strict --compare interp
// CHECK: carry fmax
// CHECK-NEXT: carry fmin
// CHECK-NEXT: f64 carry fmax
// CHECK-NEXT: carry fmax
// CHECK: loop 3
func.func @main(%x: tensor<777xf32>, %d0: tensor<f64>) -> (tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>, tensor<f32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<777> : tensor<i32>
  %lo = stablehlo.constant dense<-9.0> : tensor<f32>
  %hi = stablehlo.constant dense<9.0> : tensor<f32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %r:6 = stablehlo.while(%i = %zero, %a = %lo, %b = %hi, %d = %d0, %s = %f0, %m = %lo) : tensor<i32>, tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r0 = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<777xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r0 : (tensor<1xf32>) -> tensor<f32>
    %fi = stablehlo.convert %i : (tensor<i32>) -> tensor<f32>
    %w = stablehlo.multiply %v, %fi : tensor<f32>
    %c = stablehlo.sine %w : tensor<f32>
    %a1 = stablehlo.maximum %a, %c : tensor<f32>
    %b1 = stablehlo.minimum %c, %b : tensor<f32>
    %cd = stablehlo.convert %c : (tensor<f32>) -> tensor<f64>
    %d1 = stablehlo.maximum %cd, %d : tensor<f64>
    %s1 = stablehlo.add %s, %c : tensor<f32>
    %half = stablehlo.constant dense<0.5> : tensor<f32>
    %q = stablehlo.compare GT, %v, %half : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %m0 = stablehlo.maximum %m, %w : tensor<f32>
    %m1 = stablehlo.select %q, %m0, %m : tensor<i1>, tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %a1, %b1, %d1, %s1, %m1 : tensor<i32>, tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>, tensor<f32>
  }
  return %r#1, %r#2, %r#3, %r#4, %r#5 : tensor<f32>, tensor<f32>, tensor<f64>, tensor<f32>, tensor<f32>
}
// NaN in trip 100 + k; zeros, all negative but one, which makes the sign of one over the result.
func.func @special(%k: tensor<i32>, %x: tensor<400xf32>) -> (tensor<i1>, tensor<f32>, tensor<f32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<400> : tensor<i32>
  %hundred = stablehlo.constant dense<100> : tensor<i32>
  %at = stablehlo.add %k, %hundred : tensor<i32>
  %nan = stablehlo.constant dense<0x7FC00000> : tensor<f32>
  %plus = stablehlo.constant dense<0.0> : tensor<f32>
  %minus = stablehlo.constant dense<-0.0> : tensor<f32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %r:4 = stablehlo.while(%i = %zero, %a = %low, %b = %minus, %c = %plus) : tensor<i32>, tensor<f32>, tensor<f32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r0 = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<400xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r0 : (tensor<1xf32>) -> tensor<f32>
    %q = stablehlo.compare EQ, %i, %at, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %w = stablehlo.select %q, %nan, %v : tensor<i1>, tensor<f32>
    %z = stablehlo.select %q, %plus, %minus : tensor<i1>, tensor<f32>
    %y = stablehlo.select %q, %minus, %plus : tensor<i1>, tensor<f32>
    %a1 = stablehlo.maximum %a, %w : tensor<f32>
    %b1 = stablehlo.maximum %b, %z : tensor<f32>
    %c1 = stablehlo.minimum %c, %y : tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %a1, %b1, %c1 : tensor<i32>, tensor<f32>, tensor<f32>, tensor<f32>
  }
  %is = stablehlo.compare NE, %r#1, %r#1 : (tensor<f32>, tensor<f32>) -> tensor<i1>
  %unit = stablehlo.constant dense<1.0> : tensor<f32>
  %s = stablehlo.divide %unit, %r#2 : tensor<f32>
  %t = stablehlo.divide %unit, %r#3 : tensor<f32>
  return %is, %s, %t : tensor<i1>, tensor<f32>, tensor<f32>
}

// WAITS: loop 1 seq 400
// WAITS-NOT: loop 2
func.func @waits(%x: tensor<400xf32>) -> tensor<f32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %n = stablehlo.constant dense<400> : tensor<i32>
  %half = stablehlo.constant dense<0.5> : tensor<f32>
  %r:2 = stablehlo.while(%i = %zero, %a = %half) : tensor<i32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r0 = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<400xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r0 : (tensor<1xf32>) -> tensor<f32>
    %h = stablehlo.multiply %a, %v : tensor<f32>
    %a1 = stablehlo.maximum %a, %h : tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %a1 : tensor<i32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}
