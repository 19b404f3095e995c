// SPDX-License-Identifier: Apache-2.0
// Loops of single elements whose trips only running tells: a kernel of 16 trips that runs until the condition fails. None, 1, 15, 16,
// 17 and 100 trips; carries that change places; invariants; narrow and complex numbers; a counted loop and choices inside; a loop of
// that kind in another one.
// RUN: skarn opt %s --entry trips --to lower | filecheck %s
// RUN: skarn run %s --entry trips --random 1 --compare interp
// RUN: skarn run %s --entry trips --random 2 --compare loop
// RUN: skarn run %s --entry kinds --random 1 --numerics strict --compare interp
// RUN: skarn run %s --entry kinds --random 2 --compare loop
// RUN: skarn run %s --entry nested --random 1 --numerics strict --compare interp
// RUN: skarn run %s --entry nested --random 2 --compare loop
// RUN: skarn run %s --entry nested --random 3 --isa v3 --compare native:auto
// RUN: skarn test %s --keep-constants --via native
// RUN: skarn test %s --via native
// RUN: skarn test %s --via loop
// RUN: skarn test %s --via interp
// CHECK: loop 1 seq 16
// CHECK: while {{[0-9]+}} {
// CHECK-NEXT: } do {
// CHECK-NEXT: kernel
// CHECK-NEXT: }
func.func @trips(%n: tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>) {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:4 = stablehlo.while(%i = %zero, %a = %zero, %b = %one, %limit = %n) : tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>
  cond {
    %p = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %c = stablehlo.add %a, %b : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %b, %c, %limit : tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>
  }
  return %r#0, %r#1, %r#2 : tensor<i32>, tensor<i32>, tensor<i32>
}

func.func @kinds(%x: tensor<f32>, %z0: tensor<complex<f32>>, %h0: tensor<bf16>, %s0: tensor<i8>, %u0: tensor<ui16>, %d0: tensor<f64>)
    -> (tensor<f32>, tensor<complex<f32>>, tensor<bf16>, tensor<i8>, tensor<ui16>, tensor<f64>, tensor<i1>, tensor<1x1xf32>) {
  %low = stablehlo.constant dense<0.01> : tensor<f32>
  %half = stablehlo.constant dense<0.75> : tensor<f32>
  %no = stablehlo.constant dense<false> : tensor<i1>
  %big = stablehlo.constant dense<1.0> : tensor<f32>
  %row = stablehlo.reshape %x : (tensor<f32>) -> tensor<1x1xf32>
  %r:8 = stablehlo.while(%a = %big, %z = %z0, %h = %h0, %s = %s0, %u = %u0, %d = %d0, %q = %no, %m = %row) : tensor<f32>, tensor<complex<f32>>, tensor<bf16>, tensor<i8>, tensor<ui16>, tensor<f64>, tensor<i1>, tensor<1x1xf32>
  cond {
    %p = stablehlo.compare GT, %a, %low : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.not %q : tensor<i1>
    %g = stablehlo.and %p, %n : tensor<i1>
    stablehlo.return %g : tensor<i1>
  } do {
    %a1 = stablehlo.multiply %a, %half : tensor<f32>
    %z1 = stablehlo.multiply %z, %z0 : tensor<complex<f32>>
    %h1 = stablehlo.add %h, %h0 : tensor<bf16>
    %seven = stablehlo.constant dense<77> : tensor<i8>
    %s1 = stablehlo.add %s, %seven : tensor<i8>
    %u1 = stablehlo.multiply %u, %u : tensor<ui16>
    %u2 = stablehlo.add %u1, %u0 : tensor<ui16>
    %d1 = stablehlo.sqrt %d : tensor<f64>
    %tiny = stablehlo.constant dense<0.02> : tensor<f32>
    %q1 = stablehlo.compare LT, %a1, %tiny : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.reshape %a : (tensor<f32>) -> tensor<1x1xf32>
    %m1 = stablehlo.subtract %m, %w : tensor<1x1xf32>
    stablehlo.return %a1, %z1, %h1, %s1, %u2, %d1, %q1, %m1 : tensor<f32>, tensor<complex<f32>>, tensor<bf16>, tensor<i8>, tensor<ui16>, tensor<f64>, tensor<i1>, tensor<1x1xf32>
  }
  return %r#0, %r#1, %r#2, %r#3, %r#4, %r#5, %r#6, %r#7 : tensor<f32>, tensor<complex<f32>>, tensor<bf16>, tensor<i8>, tensor<ui16>, tensor<f64>, tensor<i1>, tensor<1x1xf32>
}

// From 5 on in steps of 2 until a sum is large; each trip a counted loop and a choice; the whole in a loop that halves.
func.func @nested(%x: tensor<f32>, %table: tensor<9xf32>) -> (tensor<f32>, tensor<i32>, tensor<f32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %two = stablehlo.constant dense<2> : tensor<i32>
  %five = stablehlo.constant dense<5> : tensor<i32>
  %nine = stablehlo.constant dense<9> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %f2 = stablehlo.constant dense<0.5> : tensor<f32>
  %bound = stablehlo.constant dense<40.0> : tensor<f32>
  %start = stablehlo.constant dense<6.0> : tensor<f32>
  %small = stablehlo.constant dense<1.0> : tensor<f32>
  %o:3 = stablehlo.while(%y = %start, %total = %f0, %count = %zero) : tensor<f32>, tensor<f32>, tensor<i32>
  cond {
    %p = stablehlo.compare GT, %y, %small : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %r:2 = stablehlo.while(%i = %five, %s = %y) : tensor<i32>, tensor<f32>
    cond {
      %p = stablehlo.compare LT, %s, %bound : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %p : tensor<i1>
    } do {
      %in:2 = stablehlo.while(%k = %zero, %t = %s) : tensor<i32>, tensor<f32>
      cond {
        %p = stablehlo.compare LT, %k, %nine, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
        stablehlo.return %p : tensor<i1>
      } do {
        %e = stablehlo.dynamic_slice %table, %k, sizes = [1] : (tensor<9xf32>, tensor<i32>) -> tensor<1xf32>
        %v = stablehlo.reshape %e : (tensor<1xf32>) -> tensor<f32>
        %t1 = stablehlo.add %t, %v : tensor<f32>
        %k1 = stablehlo.add %k, %one : tensor<i32>
        stablehlo.return %k1, %t1 : tensor<i32>, tensor<f32>
      }
      %which = stablehlo.and %i, %two : tensor<i32>
      %c = "stablehlo.case"(%which) ({
        stablehlo.return %in#1 : tensor<f32>
      }, {
        %b = stablehlo.add %in#1, %x : tensor<f32>
        stablehlo.return %b : tensor<f32>
      }, {
        %g = stablehlo.sine %in#1 : tensor<f32>
        %h = stablehlo.add %in#1, %g : tensor<f32>
        stablehlo.return %h : tensor<f32>
      }) : (tensor<i32>) -> tensor<f32>
      %j = stablehlo.add %i, %two : tensor<i32>
      stablehlo.return %j, %c : tensor<i32>, tensor<f32>
    }
    %y1 = stablehlo.multiply %y, %f2 : tensor<f32>
    %total1 = stablehlo.add %total, %r#1 : tensor<f32>
    %count1 = stablehlo.add %count, %r#0 : tensor<i32>
    stablehlo.return %y1, %total1, %count1 : tensor<f32>, tensor<f32>, tensor<i32>
  }
  return %o#1, %o#2, %o#0 : tensor<f32>, tensor<i32>, tensor<f32>
}

func.func @main() {
  %n0 = stablehlo.constant dense<0> : tensor<i32>
  %n1 = stablehlo.constant dense<1> : tensor<i32>
  %n15 = stablehlo.constant dense<15> : tensor<i32>
  %n16 = stablehlo.constant dense<16> : tensor<i32>
  %n17 = stablehlo.constant dense<17> : tensor<i32>
  %n33 = stablehlo.constant dense<33> : tensor<i32>
  %0:3 = func.call @trips(%n0) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %0#1, dense<0> : tensor<i32>
  %1:3 = func.call @trips(%n1) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %1#1, dense<1> : tensor<i32>
  %2:3 = func.call @trips(%n15) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %2#1, dense<610> : tensor<i32>
  %3:3 = func.call @trips(%n16) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %3#1, dense<987> : tensor<i32>
  %4:3 = func.call @trips(%n17) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %4#1, dense<1597> : tensor<i32>
  %5:3 = func.call @trips(%n33) : (tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %5#1, dense<3524578> : tensor<i32>
  check.expect_eq_const %5#0, dense<33> : tensor<i32>
  return
}
