// SPDX-License-Identifier: Apache-2.0
// Loops of which only a short part waits for the trip before: the rest of a block of trips runs first, along lanes. A sum of sines; a
// generator, a sum under a condition, a count and rows that wait; f64 and i64 with choices on both sides. A filter stays as it is.
// RUN: skarn opt %s --entry sums --to lower | filecheck %s --check-prefix=SUMS
// RUN: skarn opt %s --entry chain --to lower | filecheck %s --check-prefix=CHAIN
// RUN: skarn run %s --entry sums --random 1 --numerics strict --compare interp
// RUN: skarn run %s --entry sums --random 2 --compare loop
// RUN: skarn run %s --entry sums --random 3 --isa v3 --compare native:auto
// RUN: skarn run %s --entry choices --random 1 --numerics strict --compare interp
// RUN: skarn run %s --entry choices --random 2 --compare loop
// RUN: skarn run %s --entry chain --random 1 --numerics strict --compare interp

// Three blocks of 256 trips and 232; two blocks, of lanes some steps of the generator apart, and 188.
// SUMS: loop 1 seq 3
// SUMS-NEXT: loop 2 par 256
// SUMS-NEXT: loop 3 seq 256
// SUMS-NEXT: loop 4 par 232
// SUMS-NEXT: loop 5 seq 232
// SUMS: loop 1 seq 2
// SUMS-NEXT: loop 2 red 64
// SUMS-NEXT: loop 3 seq 4
// SUMS-NEXT: loop 4 seq 256
// SUMS-NEXT: loop 5 red 64
// SUMS-NEXT: loop 6 seq 2
// SUMS-NEXT: loop 7 red 60
// SUMS-NEXT: loop 8 seq 188
func.func @sums(%x: tensor<1000xf32>, %y: tensor<700xf32>) -> (tensor<f32>, tensor<f32>, tensor<i32>, tensor<700xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<1000> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %a:2 = stablehlo.while(%i = %zero, %s = %f0) : tensor<i32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<1000xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r : (tensor<1xf32>) -> tensor<f32>
    %w = stablehlo.sine %v : tensor<f32>
    %fi = stablehlo.convert %i : (tensor<i32>) -> tensor<f32>
    %q = stablehlo.multiply %w, %fi : tensor<f32>
    %t = stablehlo.add %s, %q : tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t : tensor<i32>, tensor<f32>
  }
  %trips7 = stablehlo.constant dense<700> : tensor<i32>
  %ma = stablehlo.constant dense<1664525> : tensor<i32>
  %mc = stablehlo.constant dense<1013904223> : tensor<i32>
  %o0 = stablehlo.constant dense<0.0> : tensor<700xf32>
  %half = stablehlo.constant dense<0.5> : tensor<f32>
  %b:5 = stablehlo.while(%i = %zero, %s = %f0, %g = %one, %n = %zero, %out = %o0) : tensor<i32>, tensor<f32>, tensor<i32>, tensor<i32>, tensor<700xf32>
  cond {
    %p = stablehlo.compare LT, %i, %trips7, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %g1 = stablehlo.multiply %g, %ma : tensor<i32>
    %g2 = stablehlo.add %g1, %mc : tensor<i32>
    %u = stablehlo.convert %g2 : (tensor<i32>) -> tensor<f32>
    %e = stablehlo.cosine %u : tensor<f32>
    %r = stablehlo.dynamic_slice %y, %i, sizes = [1] : (tensor<700xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r : (tensor<1xf32>) -> tensor<f32>
    %ev = stablehlo.multiply %e, %v : tensor<f32>
    %c = stablehlo.compare GT, %e, %half : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %t0 = stablehlo.add %s, %ev : tensor<f32>
    %t = stablehlo.select %c, %t0, %s : tensor<i1>, tensor<f32>
    %ci = stablehlo.convert %c : (tensor<i1>) -> tensor<i32>
    %n1 = stablehlo.add %n, %ci : tensor<i32>
    %row = stablehlo.reshape %t : (tensor<f32>) -> tensor<1xf32>
    %o1 = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<700xf32>, tensor<1xf32>, tensor<i32>) -> tensor<700xf32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t, %g2, %n1, %o1 : tensor<i32>, tensor<f32>, tensor<i32>, tensor<i32>, tensor<700xf32>
  }
  return %a#1, %b#1, %b#3, %b#4 : tensor<f32>, tensor<f32>, tensor<i32>, tensor<700xf32>
}

// One block of 300. The counter and a number in steps of 3 are asked for by both parts, as are flags; a choice waits as a whole, another
// one does not.
func.func @choices(%x: tensor<300xf64>, %k: tensor<300xi32>, %start: tensor<i64>) -> (tensor<f64>, tensor<i64>, tensor<i1>, tensor<300xf64>, tensor<i64>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<300> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f64>
  %f1 = stablehlo.constant dense<1.0> : tensor<f64>
  %three = stablehlo.constant dense<3> : tensor<i64>
  %no = stablehlo.constant dense<false> : tensor<i1>
  %o0 = stablehlo.constant dense<0.0> : tensor<300xf64>
  %r:7 = stablehlo.while(%i = %zero, %s = %f0, %m = %start, %w = %start, %q = %no, %out = %o0, %last = %f0) : tensor<i32>, tensor<f64>, tensor<i64>, tensor<i64>, tensor<i1>, tensor<300xf64>, tensor<f64>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %xr = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<300xf64>, tensor<i32>) -> tensor<1xf64>
    %xv = stablehlo.reshape %xr : (tensor<1xf64>) -> tensor<f64>
    %kr = stablehlo.dynamic_slice %k, %i, sizes = [1] : (tensor<300xi32>, tensor<i32>) -> tensor<1xi32>
    %kv = stablehlo.reshape %kr : (tensor<1xi32>) -> tensor<i32>
    %mf = stablehlo.convert %m : (tensor<i64>) -> tensor<f64>
    %free = "stablehlo.case"(%kv) ({
      %a = stablehlo.exponential %xv : tensor<f64>
      stablehlo.return %a : tensor<f64>
    }, {
      %b = stablehlo.add %xv, %mf : tensor<f64>
      stablehlo.return %b : tensor<f64>
    }, {
      %c = stablehlo.log %xv : tensor<f64>
      %d = stablehlo.cosine %c : tensor<f64>
      stablehlo.return %d : tensor<f64>
    }) : (tensor<i32>) -> tensor<f64>
    %big = stablehlo.compare GT, %free, %f1 : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %t0 = stablehlo.add %s, %free : tensor<f64>
    %t = stablehlo.select %q, %t0, %last : tensor<i1>, tensor<f64>
    %even = stablehlo.or %q, %big : tensor<i1>
    %other = stablehlo.xor %even, %big : tensor<i1>
    %m1 = stablehlo.add %m, %three : tensor<i64>
    %iw = stablehlo.convert %i : (tensor<i32>) -> tensor<i64>
    %mi = stablehlo.multiply %m, %iw : tensor<i64>
    %w1 = stablehlo.subtract %mi, %w : tensor<i64>
    %row = stablehlo.reshape %t : (tensor<f64>) -> tensor<1xf64>
    %o1 = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<300xf64>, tensor<1xf64>, tensor<i32>) -> tensor<300xf64>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t, %m1, %w1, %other, %o1, %free : tensor<i32>, tensor<f64>, tensor<i64>, tensor<i64>, tensor<i1>, tensor<300xf64>, tensor<f64>
  }
  return %r#1, %r#3, %r#4, %r#5, %r#2 : tensor<f64>, tensor<i64>, tensor<i1>, tensor<300xf64>, tensor<i64>
}

// CHAIN: loop 1 seq 400
// CHAIN-NOT: loop 2
func.func @chain(%x: tensor<400xf32>, %c: tensor<f32>) -> tensor<f32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<400> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %r:3 = stablehlo.while(%i = %zero, %s = %f0, %p = %f0) : tensor<i32>, tensor<f32>, tensor<f32>
  cond {
    %q = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %q : tensor<i1>
  } do {
    %xr = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<400xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %xr : (tensor<1xf32>) -> tensor<f32>
    %b = stablehlo.multiply %v, %c : tensor<f32>
    %y = stablehlo.add %b, %s : tensor<f32>
    %a = stablehlo.multiply %y, %c : tensor<f32>
    %s1 = stablehlo.subtract %p, %a : tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %s1, %b : tensor<i32>, tensor<f32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}
