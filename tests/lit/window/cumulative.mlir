// SPDX-License-Identifier: Apache-2.0
// Windows over everything before or behind an element: linear work where padding changes nothing, and the definition's order.
// RUN: skarn test %s
// RUN: skarn test %s --via loop
// RUN: skarn test %s --via interp
// RUN: skarn explain %s --entry many | filecheck %s
// RUN: skarn explain %s --entry general | filecheck %s --check-prefix=GENERAL
// RUN: skarn run %s --entry many --random 3 --compare interp
// RUN: skarn run %s --entry many --random 3 --compare loop
// RUN: skarn run %s --entry general --random 3 --compare interp
// RUN: skarn run %s --entry general --random 3 --compare loop

func.func @main() {
  %x = stablehlo.constant dense<[1.0e8, 1.0, -1.0e8, 1.0, 0.5, -0.0]> : tensor<6xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %forward = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[5, 0]]> : tensor<1x2xi64>, window_dimensions = array<i64: 6>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
  check.expect_eq_const %forward, dense<[1.0e8, 1.0e8, 0.0, 1.0, 1.5, 1.5]> : tensor<6xf32>
  %y = stablehlo.constant dense<[3.0, 1.0, -2.0, 0.5, 0.25, 8.0]> : tensor<6xf32>
  %backward = "stablehlo.reduce_window"(%y, %zero) <{padding = dense<[[0, 5]]> : tensor<1x2xi64>, window_dimensions = array<i64: 6>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %b, %a : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
  check.expect_eq_const %backward, dense<[10.75, 7.75, 6.75, 8.75, 8.25, 8.0]> : tensor<6xf32>
  %z = stablehlo.constant dense<[[1, 7], [5, -3], [2, 9], [8, 0]]> : tensor<4x2xi16>
  %least = stablehlo.constant dense<-32768> : tensor<i16>
  %maxima = "stablehlo.reduce_window"(%z, %least) <{padding = dense<[[3, 0], [0, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 4, 1>}> ({
  ^bb0(%a: tensor<i16>, %b: tensor<i16>):
    %s = stablehlo.maximum %a, %b : tensor<i16>
    stablehlo.return %s : tensor<i16>
  }) : (tensor<4x2xi16>, tensor<i16>) -> tensor<4x2xi16>
  check.expect_eq_const %maxima, dense<[[1, 7], [5, 7], [5, 9], [8, 9]]> : tensor<4x2xi16>
  return
}

// Other types, dimensions and bodies; one step per element.
// CHECK: loops    par 5 { par 3 vec{{.*}} { seq 33 } }
// CHECK: loops    par 7{{.*}} { seq 9 }
// CHECK: loops    par 2{{.*}} { seq 17 }
// CHECK: loops    par 99 vec{{.*}} { seq 5 }
// CHECK: loops    par 6{{.*}} { seq 5 }
func.func @many(%f: tensor<5x33x3xf32>, %h: tensor<7x9xbf16>, %c: tensor<2x17xcomplex<f32>>, %i: tensor<6x5xi32>)
    -> (tensor<5x33x3xf32>, tensor<7x9xbf16>, tensor<2x17xcomplex<f32>>, tensor<5x33x3xf32>, tensor<6x5xi32>, tensor<6x5xi32>) {
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %f1 = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %h1 = stablehlo.constant dense<1.0> : tensor<bf16>
  %c0 = stablehlo.constant dense<(0.0, 0.0)> : tensor<complex<f32>>
  %i0 = stablehlo.constant dense<0> : tensor<i32>
  %0 = "stablehlo.reduce_window"(%f, %f0) <{padding = dense<[[0, 0], [32, 0], [0, 0]]> : tensor<3x2xi64>, window_dimensions = array<i64: 1, 33, 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<5x33x3xf32>, tensor<f32>) -> tensor<5x33x3xf32>
  %1 = "stablehlo.reduce_window"(%h, %h1) <{padding = dense<[[0, 0], [8, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 9>}> ({
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>):
    %s = stablehlo.multiply %a, %b : tensor<bf16>
    stablehlo.return %s : tensor<bf16>
  }) : (tensor<7x9xbf16>, tensor<bf16>) -> tensor<7x9xbf16>
  %2 = "stablehlo.reduce_window"(%c, %c0) <{padding = dense<[[0, 0], [0, 16]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 17>}> ({
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %s = stablehlo.add %a, %b : tensor<complex<f32>>
    stablehlo.return %s : tensor<complex<f32>>
  }) : (tensor<2x17xcomplex<f32>>, tensor<complex<f32>>) -> tensor<2x17xcomplex<f32>>
  %3 = "stablehlo.reduce_window"(%f, %f1) <{padding = dense<[[4, 0], [0, 0], [0, 0]]> : tensor<3x2xi64>, window_dimensions = array<i64: 5, 1, 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %m = stablehlo.maximum %a, %b : tensor<f32>
    %d = stablehlo.subtract %a, %b : tensor<f32>
    %n = stablehlo.compare NE, %d, %d : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %s = stablehlo.add %a, %b : tensor<f32>
    %p = stablehlo.abs %d : tensor<f32>
    %q = stablehlo.negate %p : tensor<f32>
    %e = stablehlo.exponential %q : tensor<f32>
    %l = stablehlo.log_plus_one %e : tensor<f32>
    %t = stablehlo.add %m, %l : tensor<f32>
    %r = stablehlo.select %n, %s, %t : tensor<i1>, tensor<f32>
    stablehlo.return %r : tensor<f32>
  }) : (tensor<5x33x3xf32>, tensor<f32>) -> tensor<5x33x3xf32>
  %4:2 = "stablehlo.reduce_window"(%i, %i, %i0, %i0) <{padding = dense<[[0, 0], [4, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 5>}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>, %x: tensor<i32>, %y: tensor<i32>):
    %s = stablehlo.add %a, %x : tensor<i32>
    %t = stablehlo.subtract %b, %y : tensor<i32>
    stablehlo.return %s, %t : tensor<i32>, tensor<i32>
  }) : (tensor<6x5xi32>, tensor<6x5xi32>, tensor<i32>, tensor<i32>) -> (tensor<6x5xi32>, tensor<6x5xi32>)
  return %0, %1, %2, %3, %4#0, %4#1 : tensor<5x33x3xf32>, tensor<7x9xbf16>, tensor<2x17xcomplex<f32>>, tensor<5x33x3xf32>, tensor<6x5xi32>, tensor<6x5xi32>
}

// Padding that counts, a body that is not symmetric read from the other end, an initial value that is not known, a window that is too
// short: the definition.
// GENERAL: loops    par 4 { par 6 vec { seq 6 } }
// GENERAL: loops    par 4 { par 6 vec { seq 6 } }
// GENERAL: loops    par 4 { par 6 vec { seq 6 } }
// GENERAL: loops    par 4 { par 6 vec { seq 5 } }
func.func @general(%x: tensor<4x6xf32>, %init: tensor<f32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>) {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = "stablehlo.reduce_window"(%x, %one) <{padding = dense<[[0, 0], [5, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 6>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  %1 = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[0, 0], [0, 5]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 6>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.subtract %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  %2 = "stablehlo.reduce_window"(%x, %init) <{padding = dense<[[0, 0], [5, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 6>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  %3 = "stablehlo.reduce_window"(%x, %zero) <{padding = dense<[[0, 0], [4, 0]]> : tensor<2x2xi64>, window_dimensions = array<i64: 1, 5>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<4x6xf32>, tensor<f32>) -> tensor<4x6xf32>
  return %0, %1, %2, %3 : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}
