// SPDX-License-Identifier: Apache-2.0
// Loops whose trips need not wait for each other run along lanes: numbers that one linear step makes of the one before, sums of
// integers in any order, rows written one a trip. Others stay as they are.
// RUN: skarn opt %s --entry generator --to lower | filecheck %s --check-prefix=GENERATOR
// RUN: skarn opt %s --entry rows --to lower | filecheck %s --check-prefix=ROWS
// RUN: skarn opt %s --entry waits --to lower | filecheck %s --check-prefix=WAITS
// RUN: skarn run %s --entry generator --random 1 --compare interp
// RUN: skarn run %s --entry generator --random 2 --compare loop
// RUN: skarn run %s --entry generator --random 3 --isa v3 --compare native:auto
// RUN: skarn run %s --entry wide --random 1 --compare interp
// RUN: skarn run %s --entry wide --random 2 --compare loop
// RUN: skarn run %s --entry rows --random 1 --compare interp
// RUN: skarn run %s --entry rows --random 2 --compare loop
// RUN: skarn run %s --entry waits --random 1 --numerics strict --compare interp
// RUN: skarn run %s --entry waits --random 2 --compare loop

// A generator and a count of its small values: 15 times 64 trips, and 40.
// GENERATOR: loop 1 red 64 lanes 2
// GENERATOR-NEXT: loop 2 seq 15
// GENERATOR-NEXT: loop 3 red 40 lanes 2
func.func @generator(%seed: tensor<i32>) -> (tensor<ui32>, tensor<i32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<1000> : tensor<i32>
  %a = stablehlo.constant dense<1664525> : tensor<ui32>
  %c = stablehlo.constant dense<1013904223> : tensor<ui32>
  %limit = stablehlo.constant dense<268435456> : tensor<ui32>
  %start = stablehlo.convert %seed : (tensor<i32>) -> tensor<ui32>
  %r:4 = stablehlo.while(%i = %zero, %s = %start, %n = %seed, %k = %zero) : tensor<i32>, tensor<ui32>, tensor<i32>, tensor<i32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %t = stablehlo.multiply %s, %a : tensor<ui32>
    %next = stablehlo.add %t, %c : tensor<ui32>
    %small = stablehlo.compare LT, %next, %limit, UNSIGNED : (tensor<ui32>, tensor<ui32>) -> tensor<i1>
    %more = stablehlo.add %n, %one : tensor<i32>
    %count = stablehlo.select %small, %more, %n : tensor<i1>, tensor<i32>
    %three = stablehlo.constant dense<-3> : tensor<i32>
    %down = stablehlo.add %k, %three : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %next, %count, %down : tensor<i32>, tensor<ui32>, tensor<i32>, tensor<i32>
  }
  return %r#1, %r#2, %r#3 : tensor<ui32>, tensor<i32>, tensor<i32>
}

// 64 bits, every number kept: no sum, so the lanes are parallel. 320 is 5 times 64.
func.func @wide(%seed: tensor<i64>) -> (tensor<320xf64>, tensor<320xi64>, tensor<i64>, tensor<i64>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<320> : tensor<i32>
  %last = stablehlo.constant dense<319> : tensor<i32>
  %a = stablehlo.constant dense<6364136223846793005> : tensor<i64>
  %c = stablehlo.constant dense<1442695040888963407> : tensor<i64>
  %f0 = stablehlo.constant dense<0.0> : tensor<320xf64>
  %i0 = stablehlo.constant dense<0> : tensor<320xi64>
  %r:5 = stablehlo.while(%i = %zero, %s = %seed, %x = %seed, %fs = %f0, %is = %i0) : tensor<i32>, tensor<i64>, tensor<i64>, tensor<320xf64>, tensor<320xi64>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %t = stablehlo.multiply %a, %s : tensor<i64>
    %next = stablehlo.add %c, %t : tensor<i64>
    %f = stablehlo.convert %s : (tensor<i64>) -> tensor<f64>
    %row = stablehlo.reshape %f : (tensor<f64>) -> tensor<1xf64>
    %rows = stablehlo.dynamic_update_slice %fs, %row, %i : (tensor<320xf64>, tensor<1xf64>, tensor<i32>) -> tensor<320xf64>
    %wide = stablehlo.convert %i : (tensor<i32>) -> tensor<i64>
    %sum = stablehlo.subtract %next, %wide : tensor<i64>
    %back = stablehlo.subtract %last, %i : tensor<i32>
    %item = stablehlo.reshape %sum : (tensor<i64>) -> tensor<1xi64>
    %items = stablehlo.dynamic_update_slice %is, %item, %back : (tensor<320xi64>, tensor<1xi64>, tensor<i32>) -> tensor<320xi64>
    %mixed = stablehlo.xor %x, %sum : tensor<i64>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %next, %mixed, %rows, %items : tensor<i32>, tensor<i64>, tensor<i64>, tensor<320xf64>, tensor<320xi64>
  }
  return %r#3, %r#4, %r#1, %r#2 : tensor<320xf64>, tensor<320xi64>, tensor<i64>, tensor<i64>
}

// Rows read by the counter; largest, smallest, product, flags. Nothing has a factor: one loop of all trips.
// ROWS: loop 1 red 777 lanes 2
// ROWS-NOT: loop 2
func.func @rows(%x: tensor<777xi32>, %y: tensor<777xf32>) -> (tensor<i32>, tensor<i32>, tensor<i32>, tensor<i1>, tensor<i1>, tensor<i32>, tensor<777xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<777> : tensor<i32>
  %no = stablehlo.constant dense<false> : tensor<i1>
  %yes = stablehlo.constant dense<true> : tensor<i1>
  %f0 = stablehlo.constant dense<0.0> : tensor<777xf32>
  %r:8 = stablehlo.while(%i = %zero, %most = %zero, %least = %one, %all = %one, %any = %no, %every = %yes, %n = %zero, %out = %f0) : tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i1>, tensor<i1>, tensor<i32>, tensor<777xf32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %s = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<777xi32>, tensor<i32>) -> tensor<1xi32>
    %v = stablehlo.reshape %s : (tensor<1xi32>) -> tensor<i32>
    %fs = stablehlo.dynamic_slice %y, %i, sizes = [1] : (tensor<777xf32>, tensor<i32>) -> tensor<1xf32>
    %f = stablehlo.reshape %fs : (tensor<1xf32>) -> tensor<f32>
    %iv = stablehlo.multiply %i, %v : tensor<i32>
    %most1 = stablehlo.maximum %most, %iv : tensor<i32>
    %neg = stablehlo.negate %iv : tensor<i32>
    %least1 = stablehlo.minimum %neg, %least : tensor<i32>
    %odd = stablehlo.or %iv, %one : tensor<i32>
    %all1 = stablehlo.multiply %all, %odd : tensor<i32>
    %big = stablehlo.compare GT, %v, %one, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %any1 = stablehlo.or %any, %big : tensor<i1>
    %every1 = stablehlo.and %every, %big : tensor<i1>
    %root = stablehlo.sine %f : tensor<f32>
    %row = stablehlo.reshape %root : (tensor<f32>) -> tensor<1xf32>
    %out1 = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<777xf32>, tensor<1xf32>, tensor<i32>) -> tensor<777xf32>
    %m = stablehlo.add %n, %v : tensor<i32>
    %m2 = stablehlo.add %iv, %m : tensor<i32>
    %n1 = stablehlo.select %big, %n, %m2 : tensor<i1>, tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %most1, %least1, %all1, %any1, %every1, %n1, %out1 : tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i1>, tensor<i1>, tensor<i32>, tensor<777xf32>
  }
  return %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7 : tensor<i32>, tensor<i32>, tensor<i32>, tensor<i1>, tensor<i1>, tensor<i32>, tensor<777xf32>
}

// A sum of floats, a running sum that is looked at, a sum that reads itself twice, one that another reads.
// WAITS-COUNT-4: seq 500
func.func @waits(%x: tensor<500xf32>, %y: tensor<500xi32>) -> (tensor<f32>, tensor<500xi32>, tensor<i32>, tensor<i32>, tensor<i32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %trips = stablehlo.constant dense<500> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %i0 = stablehlo.constant dense<0> : tensor<500xi32>
  %a:2 = stablehlo.while(%i = %zero, %s = %f0) : tensor<i32>, tensor<f32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r = stablehlo.dynamic_slice %x, %i, sizes = [1] : (tensor<500xf32>, tensor<i32>) -> tensor<1xf32>
    %v = stablehlo.reshape %r : (tensor<1xf32>) -> tensor<f32>
    %t = stablehlo.add %s, %v : tensor<f32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t : tensor<i32>, tensor<f32>
  }
  %b:3 = stablehlo.while(%i = %zero, %s = %zero, %out = %i0) : tensor<i32>, tensor<i32>, tensor<500xi32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r = stablehlo.dynamic_slice %y, %i, sizes = [1] : (tensor<500xi32>, tensor<i32>) -> tensor<1xi32>
    %v = stablehlo.reshape %r : (tensor<1xi32>) -> tensor<i32>
    %t = stablehlo.add %s, %v : tensor<i32>
    %row = stablehlo.reshape %t : (tensor<i32>) -> tensor<1xi32>
    %rows = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<500xi32>, tensor<1xi32>, tensor<i32>) -> tensor<500xi32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t, %rows : tensor<i32>, tensor<i32>, tensor<500xi32>
  }
  %c:2 = stablehlo.while(%i = %zero, %s = %one) : tensor<i32>, tensor<i32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r = stablehlo.dynamic_slice %y, %i, sizes = [1] : (tensor<500xi32>, tensor<i32>) -> tensor<1xi32>
    %v = stablehlo.reshape %r : (tensor<1xi32>) -> tensor<i32>
    %q = stablehlo.compare LT, %v, %one, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %w = stablehlo.select %q, %s, %v : tensor<i1>, tensor<i32>
    %t = stablehlo.add %s, %w : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t : tensor<i32>, tensor<i32>
  }
  %d:3 = stablehlo.while(%i = %zero, %s = %one, %u = %zero) : tensor<i32>, tensor<i32>, tensor<i32>
  cond {
    %p = stablehlo.compare LT, %i, %trips, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r = stablehlo.dynamic_slice %y, %i, sizes = [1] : (tensor<500xi32>, tensor<i32>) -> tensor<1xi32>
    %v = stablehlo.reshape %r : (tensor<1xi32>) -> tensor<i32>
    %t = stablehlo.add %s, %v : tensor<i32>
    %w = stablehlo.xor %u, %s : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %t, %w : tensor<i32>, tensor<i32>, tensor<i32>
  }
  return %a#1, %b#2, %c#1, %d#1, %d#2 : tensor<f32>, tensor<500xi32>, tensor<i32>, tensor<i32>, tensor<i32>
}
