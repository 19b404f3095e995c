// SPDX-License-Identifier: Apache-2.0
// Counted loops with element-wise bodies become kernels: what they carry is in registers, stacks and rows are addressed by the trip.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --compare loop::3
// RUN: skarn run %s --random 3 --compare native::2
// RUN: skarn run %s --random 4 --isa v3 --numerics strict --compare loop

// Carried values of a shape, rows of an array read from the front and from the back, stacked from the back; the counter in arithmetic.
// CHECK: kernel 1 while
// CHECK: strides 1 [[ROW:[0-9]+]]
// CHECK: loop 0 par 6
// CHECK-NEXT: loop 1 seq 20
// A map: parallel trips, no loop around them.
// CHECK: kernel {{[0-9]+}} while
// CHECK: loop 0 par 200
// CHECK-NEXT: loop 1 seq 9
// CHECK-NOT: {{^}} *while
// CHECK: body {
// CHECK: {{^}}  while
// CHECK: {{^}}  while
// CHECK: {{^}}  while
// CHECK-NOT: {{^}}  while
func.func @main(%x0: tensor<2x1x3xf32>, %f: tensor<20x2x3xf32>, %many: tensor<200xf32>, %s0: tensor<f32>, %n: tensor<i32>, %q0: tensor<i1>, %z0: tensor<4xcomplex<f32>>, %b0: tensor<40xbf16>, %table: tensor<16xi32>)
    -> (tensor<2x1x3xf32>, tensor<20x3x2xf32>, tensor<20x2x3xf32>, tensor<i32>, tensor<200xf32>, tensor<f32>, tensor<i1>, tensor<4xcomplex<f32>>, tensor<40xbf16>, tensor<i64>, tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<3x2x1xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %twenty = stablehlo.constant dense<20> : tensor<i32>
  %e0 = stablehlo.constant dense<0.0> : tensor<20x2x3xf32>
  // A scan over rows.
  %scan:4 = stablehlo.while(%i = %zero, %x = %x0, %back = %e0, %fs = %f) : tensor<i32>, tensor<2x1x3xf32>, tensor<20x2x3xf32>, tensor<20x2x3xf32>
  cond {
    %c = stablehlo.compare LT, %i, %twenty, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %last = stablehlo.constant dense<19> : tensor<i32>
    %j = stablehlo.subtract %last, %i : tensor<i32>
    %a = stablehlo.dynamic_slice %fs, %i, %zero, %zero, sizes = [1, 2, 3] : (tensor<20x2x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x2x3xf32>
    %ar = stablehlo.reshape %a : (tensor<1x2x3xf32>) -> tensor<2x1x3xf32>
    %b = stablehlo.dynamic_slice %fs, %j, %zero, %zero, sizes = [1, 2, 3] : (tensor<20x2x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x2x3xf32>
    %br = stablehlo.reshape %b : (tensor<1x2x3xf32>) -> tensor<2x1x3xf32>
    %t = stablehlo.convert %i : (tensor<i32>) -> tensor<f32>
    %tb = stablehlo.broadcast_in_dim %t, dims = [] : (tensor<f32>) -> tensor<2x1x3xf32>
    %p = stablehlo.multiply %x, %ar : tensor<2x1x3xf32>
    %s = stablehlo.add %p, %br : tensor<2x1x3xf32>
    %u = stablehlo.divide %s, %tb : tensor<2x1x3xf32>
    %v = stablehlo.tanh %u : tensor<2x1x3xf32>
    %row = stablehlo.reshape %v : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
    %stack = stablehlo.dynamic_update_slice %back, %row, %j, %zero, %zero : (tensor<20x2x3xf32>, tensor<1x2x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<20x2x3xf32>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %v, %stack, %fs : tensor<i32>, tensor<2x1x3xf32>, tensor<20x2x3xf32>, tensor<20x2x3xf32>
  }
  %turned = stablehlo.transpose %scan#3, dims = [0, 2, 1] : (tensor<20x2x3xf32>) -> tensor<20x3x2xf32>
  // A map whose function is a loop.
  %m0 = stablehlo.constant dense<0.0> : tensor<200xf32>
  %map:2 = stablehlo.while(%i = %zero, %out = %m0) : tensor<i32>, tensor<200xf32>
  cond {
    %limit = stablehlo.constant dense<200> : tensor<i32>
    %c = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %a = stablehlo.dynamic_slice %many, %i, sizes = [1] : (tensor<200xf32>, tensor<i32>) -> tensor<1xf32>
    %ar = stablehlo.reshape %a : (tensor<1xf32>) -> tensor<f32>
    %inner:2 = stablehlo.while(%k = %zero, %y = %ar) : tensor<i32>, tensor<f32>
    cond {
      %nine = stablehlo.constant dense<9> : tensor<i32>
      %c = stablehlo.compare LT, %k, %nine, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    } do {
      %y2 = stablehlo.multiply %y, %y : tensor<f32>
      %y3 = stablehlo.add %y2, %ar : tensor<f32>
      %y4 = stablehlo.cosine %y3 : tensor<f32>
      %k1 = stablehlo.add %k, %one : tensor<i32>
      stablehlo.return %k1, %y4 : tensor<i32>, tensor<f32>
    }
    %trips = stablehlo.convert %inner#0 : (tensor<i32>) -> tensor<f32>
    %sum = stablehlo.add %inner#1, %trips : tensor<f32>
    %row = stablehlo.broadcast_in_dim %sum, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %stack = stablehlo.dynamic_update_slice %out, %row, %i : (tensor<200xf32>, tensor<1xf32>, tensor<i32>) -> tensor<200xf32>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %stack : tensor<i32>, tensor<200xf32>
  }
  // Scalars: a predicate, a table that one of them points into.
  %scalars:4 = stablehlo.while(%i = %zero, %s = %s0, %q = %q0, %at = %n) : tensor<i32>, tensor<f32>, tensor<i1>, tensor<i32>
  cond {
    %limit = stablehlo.constant dense<50> : tensor<i32>
    %c = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %entry = stablehlo.dynamic_slice %table, %at, sizes = [1] : (tensor<16xi32>, tensor<i32>) -> tensor<1xi32>
    %er = stablehlo.reshape %entry : (tensor<1xi32>) -> tensor<i32>
    %next = stablehlo.add %er, %i : tensor<i32>
    %h = stablehlo.constant dense<0.75> : tensor<f32>
    %down = stablehlo.multiply %s, %h : tensor<f32>
    %up = stablehlo.add %s, %h : tensor<f32>
    %s1 = stablehlo.select %q, %up, %down : tensor<i1>, tensor<f32>
    %q1 = stablehlo.compare LT, %s1, %h, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %s1, %q1, %next : tensor<i32>, tensor<f32>, tensor<i1>, tensor<i32>
  }
  // Complex numbers; a counter of 64 bits whose last value is used; narrow floats.
  %zero64 = stablehlo.constant dense<0> : tensor<i64>
  %complex:3 = stablehlo.while(%i = %zero64, %z = %z0, %b = %z0) : tensor<i64>, tensor<4xcomplex<f32>>, tensor<4xcomplex<f32>>
  cond {
    %limit = stablehlo.constant dense<11> : tensor<i64>
    %c = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %z1 = stablehlo.multiply %z, %b : tensor<4xcomplex<f32>>
    %z2 = stablehlo.add %z1, %b : tensor<4xcomplex<f32>>
    %step = stablehlo.constant dense<1> : tensor<i64>
    %k = stablehlo.add %i, %step : tensor<i64>
    stablehlo.return %k, %z2, %z : tensor<i64>, tensor<4xcomplex<f32>>, tensor<4xcomplex<f32>>
  }
  %narrow:2 = stablehlo.while(%i = %zero, %b = %b0) : tensor<i32>, tensor<40xbf16>
  cond {
    %c = stablehlo.compare LT, %i, %twenty, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %b1 = stablehlo.multiply %b, %b0 : tensor<40xbf16>
    %b2 = stablehlo.add %b1, %b0 : tensor<40xbf16>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %b2 : tensor<i32>, tensor<40xbf16>
  }
  // Not kernels: as many trips as an argument says; an array updated in places of its own; a neighbour.
  %free:2 = stablehlo.while(%i = %zero, %s = %s0) : tensor<i32>, tensor<f32>
  cond {
    %c = stablehlo.compare LT, %i, %n, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %s1 = stablehlo.sine %s : tensor<f32>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %s1 : tensor<i32>, tensor<f32>
  }
  %r0 = stablehlo.constant dense<1.0> : tensor<8xf32>
  %ring:2 = stablehlo.while(%i = %zero, %r = %r0) : tensor<i32>, tensor<8xf32>
  cond {
    %c = stablehlo.compare LT, %i, %twenty, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %seven = stablehlo.constant dense<7> : tensor<i32>
    %at = stablehlo.and %i, %seven : tensor<i32>
    %old = stablehlo.dynamic_slice %r, %at, sizes = [1] : (tensor<8xf32>, tensor<i32>) -> tensor<1xf32>
    %new = stablehlo.sqrt %old : tensor<1xf32>
    %more = stablehlo.add %new, %old : tensor<1xf32>
    %r1 = stablehlo.dynamic_update_slice %r, %more, %at : (tensor<8xf32>, tensor<1xf32>, tensor<i32>) -> tensor<8xf32>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %r1 : tensor<i32>, tensor<8xf32>
  }
  %x3 = stablehlo.reshape %x0 : (tensor<2x1x3xf32>) -> tensor<3x2x1xf32>
  %near:2 = stablehlo.while(%i = %zero, %x = %x3) : tensor<i32>, tensor<3x2x1xf32>
  cond {
    %c = stablehlo.compare LT, %i, %twenty, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %a = stablehlo.slice %x [1:3, 0:2, 0:1] : (tensor<3x2x1xf32>) -> tensor<2x2x1xf32>
    %b = stablehlo.slice %x [0:1, 0:2, 0:1] : (tensor<3x2x1xf32>) -> tensor<1x2x1xf32>
    %y = stablehlo.concatenate %a, %b, dim = 0 : (tensor<2x2x1xf32>, tensor<1x2x1xf32>) -> tensor<3x2x1xf32>
    %s = stablehlo.subtract %y, %x : tensor<3x2x1xf32>
    %w = stablehlo.cosine %s : tensor<3x2x1xf32>
    %c = stablehlo.add %w, %y : tensor<3x2x1xf32>
    %k = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %k, %c : tensor<i32>, tensor<3x2x1xf32>
  }
  return %scan#1, %turned, %scan#2, %scan#0, %map#1, %scalars#1, %scalars#2, %complex#1, %narrow#1, %complex#0, %scalars#3, %free#1, %ring#1, %near#1 : tensor<2x1x3xf32>, tensor<20x3x2xf32>, tensor<20x2x3xf32>, tensor<i32>, tensor<200xf32>, tensor<f32>, tensor<i1>, tensor<4xcomplex<f32>>, tensor<40xbf16>, tensor<i64>, tensor<i32>, tensor<f32>, tensor<8xf32>, tensor<3x2x1xf32>
}
