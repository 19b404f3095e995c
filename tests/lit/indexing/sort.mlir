// SPDX-License-Identifier: Apache-2.0
// Sorts with comparators of every kind, of rows along any dimension: orders of one key and of several,
// of computed keys, of complex parts, and a comparator that is no order at all. Stable always: random
// integers are 0..3, so that most keys are equal. Generated code, loop runner and interpreter agree.
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --numerics strict --compare loop
// RUN: skarn run %s --random 3 --numerics strict --compare native::3
// RUN: skarn run %s --random 4 --compare loop
// RUN: skarn opt %s --to lower | grep -c "^  libcall" | filecheck %s --check-prefix=CALLS
// RUN: skarn opt %s --to lower | grep -c "^kernel .* sort_" | filecheck %s --check-prefix=KERNELS

// An order by keys is a library call; a part of a complex number, a computed key are not.
// CALLS: {{^}}7{{$}}
// KERNELS: {{^}}2{{$}}
func.func @main(%f: tensor<13x5xf32>, %i: tensor<13x5xi32>, %j: tensor<1000xi8>, %c: tensor<33xcomplex<f32>>, %h: tensor<3x70x2xbf16>,
                %u: tensor<3x70x2xui16>, %d: tensor<257xf64>, %p: tensor<64xi1>, %one: tensor<4x1xi64>, %s: tensor<f32>, %none: tensor<3x0xf32>)
    -> (tensor<13x5xf32>, tensor<13x5xf32>, tensor<13x5xi32>, tensor<1000xi8>, tensor<1000xi32>, tensor<33xcomplex<f32>>, tensor<3x70x2xbf16>,
        tensor<3x70x2xui16>, tensor<257xf64>, tensor<257xf64>, tensor<64xi1>, tensor<64xi64>, tensor<4x1xi64>, tensor<f32>, tensor<3x0xf32>,
        tensor<13x2xf32>, tensor<13x2xi32>, tensor<1000xi8>) {
  // one key
  %r0 = "stablehlo.sort"(%f) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %t = stablehlo.compare LT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<13x5xf32>) -> tensor<13x5xf32>
  // lexicographic: an integer first, descending, then a float in total order
  %r1:2 = "stablehlo.sort"(%f, %i) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %x: tensor<i32>, %y: tensor<i32>):
    %t0 = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %t1 = stablehlo.compare GT, %x, %y, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t2 = stablehlo.compare EQ, %x, %y, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t3 = stablehlo.and %t2, %t0 : tensor<i1>
    %t4 = stablehlo.or %t1, %t3 : tensor<i1>
    stablehlo.return %t4 : tensor<i1>
  }) : (tensor<13x5xf32>, tensor<13x5xi32>) -> (tensor<13x5xf32>, tensor<13x5xi32>)
  // positions of a long row of few values
  %iota = stablehlo.iota dim = 0 : tensor<1000xi32>
  %r2:2 = "stablehlo.sort"(%j, %iota) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %x: tensor<i32>, %y: tensor<i32>):
    %t = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i8>, tensor<i8>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<1000xi8>, tensor<1000xi32>) -> (tensor<1000xi8>, tensor<1000xi32>)
  // parts of a complex key
  %r3 = "stablehlo.sort"(%c) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %x = stablehlo.imag %a : (tensor<complex<f32>>) -> tensor<f32>
    %y = stablehlo.imag %b : (tensor<complex<f32>>) -> tensor<f32>
    %t = stablehlo.compare GT, %x, %y, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<33xcomplex<f32>>) -> tensor<33xcomplex<f32>>
  // the middle dimension; equal zeros and NaNs made equal, as array languages write it
  %half = stablehlo.constant dense<5.000000e-01> : tensor<3x70x2xbf16>
  %two = stablehlo.constant dense<2.5> : tensor<3x70x2xbf16>
  %h1 = stablehlo.subtract %h, %half : tensor<3x70x2xbf16>
  %h2 = stablehlo.multiply %h1, %two : tensor<3x70x2xbf16>
  %h3 = stablehlo.sqrt %h2 : tensor<3x70x2xbf16>            // half of them NaN
  %r4:2 = "stablehlo.sort"(%h3, %u) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>, %x: tensor<ui16>, %y: tensor<ui16>):
    %zero = stablehlo.constant dense<0.0> : tensor<bf16>
    %nan = stablehlo.constant dense<0x7FC0> : tensor<bf16>
    %a0 = stablehlo.compare EQ, %a, %zero, FLOAT : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    %a1 = stablehlo.select %a0, %zero, %a : tensor<i1>, tensor<bf16>
    %a2 = stablehlo.compare NE, %a, %a, FLOAT : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    %a3 = stablehlo.select %a2, %nan, %a1 : tensor<i1>, tensor<bf16>
    %b0 = stablehlo.compare EQ, %b, %zero, FLOAT : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    %b1 = stablehlo.select %b0, %zero, %b : tensor<i1>, tensor<bf16>
    %b2 = stablehlo.compare NE, %b, %b, FLOAT : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    %b3 = stablehlo.select %b2, %nan, %b1 : tensor<i1>, tensor<bf16>
    %t = stablehlo.compare LT, %a3, %b3, TOTALORDER : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<3x70x2xbf16>, tensor<3x70x2xui16>) -> (tensor<3x70x2xbf16>, tensor<3x70x2xui16>)
  // a computed key; what is no order
  %r5:2 = "stablehlo.sort"(%d, %d) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<f64>, %b: tensor<f64>, %x: tensor<f64>, %y: tensor<f64>):
    %sa = stablehlo.sine %a : tensor<f64>
    %cb = stablehlo.cosine %y : tensor<f64>
    %t = stablehlo.compare LE, %sa, %cb, FLOAT : (tensor<f64>, tensor<f64>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<257xf64>, tensor<257xf64>) -> (tensor<257xf64>, tensor<257xf64>)
  %i64 = stablehlo.iota dim = 0 : tensor<64xi64>
  %r6:2 = "stablehlo.sort"(%p, %i64) <{dimension = -1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<i1>, %b: tensor<i1>, %x: tensor<i64>, %y: tensor<i64>):
    %t = stablehlo.compare GT, %a, %b, UNSIGNED : (tensor<i1>, tensor<i1>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<64xi1>, tensor<64xi64>) -> (tensor<64xi1>, tensor<64xi64>)
  // rows of one, of none, no rows
  %r7 = "stablehlo.sort"(%one) <{dimension = 1 : i64}> ({
  ^bb0(%a: tensor<i64>, %b: tensor<i64>):
    %t = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<4x1xi64>) -> tensor<4x1xi64>
  %r9 = "stablehlo.sort"(%none) <{dimension = 1 : i64}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %t = stablehlo.compare LT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<3x0xf32>) -> tensor<3x0xf32>
  %r10:2 = chlo.top_k(%f, k = 2) : tensor<13x5xf32> -> (tensor<13x2xf32>, tensor<13x2xi32>)
  // keys compared the other way around
  %r11 = "stablehlo.sort"(%j) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %t = stablehlo.compare LT, %b, %a, SIGNED : (tensor<i8>, tensor<i8>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<1000xi8>) -> tensor<1000xi8>
  return %r0, %r1#0, %r1#1, %r2#0, %r2#1, %r3, %r4#0, %r4#1, %r5#0, %r5#1, %r6#0, %r6#1, %r7, %s, %r9, %r10#0, %r10#1, %r11 : tensor<13x5xf32>, tensor<13x5xf32>, tensor<13x5xi32>, tensor<1000xi8>, tensor<1000xi32>, tensor<33xcomplex<f32>>, tensor<3x70x2xbf16>, tensor<3x70x2xui16>, tensor<257xf64>, tensor<257xf64>, tensor<64xi1>, tensor<64xi64>, tensor<4x1xi64>, tensor<f32>, tensor<3x0xf32>, tensor<13x2xf32>, tensor<13x2xi32>, tensor<1000xi8>
}
