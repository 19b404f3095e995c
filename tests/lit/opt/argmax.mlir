// SPDX-License-Identifier: Apache-2.0
// argmax and argmin as JAX writes them: ties, NaN, both zeros, infinities throughout; and what only looks like it.
// RUN: skarn test %s --keep-constants
// RUN: skarn test %s --keep-constants --via loop
// RUN: skarn test %s --keep-constants --via interp
// RUN: skarn opt %s --entry rows | filecheck %s
// RUN: skarn opt %s --entry others | filecheck %s --check-prefix=OTHERS
// RUN: skarn run %s --entry rows --random 4 --compare interp
// RUN: skarn run %s --entry rows --random 4 --compare loop
// RUN: skarn run %s --entry others --random 4 --compare interp
func.func @main() {
  %f = stablehlo.constant dense<[[1.0, 5.0, 5.0, 2.0], [1.0, 0x7FC00000, 9.0, 0xFFC00001], [-0.0, 0.0, -1.0, 0.0], [0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000], [0x7F800000, 3.0, 0x7F800000, 0.0]]> : tensor<5x4xf32>
  %0 = func.call @argmax_f32(%f) : (tensor<5x4xf32>) -> tensor<5xi32>
  check.expect_eq_const %0, dense<[1, 1, 0, 0, 0]> : tensor<5xi32>
  %1 = func.call @argmin_f32(%f) : (tensor<5x4xf32>) -> tensor<5xi64>
  check.expect_eq_const %1, dense<[0, 1, 2, 0, 3]> : tensor<5xi64>
  %s = stablehlo.constant dense<[[-128, -128, -128, -128], [3, 127, -5, 127]]> : tensor<2x4xi8>
  %2 = func.call @argmax_i8(%s) : (tensor<2x4xi8>) -> tensor<2xi32>
  check.expect_eq_const %2, dense<[0, 1]> : tensor<2xi32>
  %u = stablehlo.constant dense<[[7, 255, 3, 3]]> : tensor<1x4xui8>
  %3 = func.call @argmin_u8(%u) : (tensor<1x4xui8>) -> tensor<1xi32>
  check.expect_eq_const %3, dense<[2]> : tensor<1xi32>
  return
}
// CHECK-LABEL: @rows
// CHECK: reduce({{.*}}) applies stablehlo.maximum across dimensions = [1]
// CHECK: reduce({{.*}}) applies stablehlo.minimum across dimensions = [1]
// CHECK: return
func.func @rows(%x: tensor<37x1031xf32>) -> tensor<37xi32> {
  %0 = func.call @argmax_rows(%x) : (tensor<37x1031xf32>) -> tensor<37xi32>
  return %0 : tensor<37xi32>
}
// The value is wanted too; another dimension; the last of equals; an initial value that may win.
// OTHERS-LABEL: @others
// OTHERS-COUNT-4: reducer(
// OTHERS: return
func.func @others(%x: tensor<6x50xf32>) -> (tensor<6xf32>, tensor<6xi32>, tensor<50xi32>, tensor<6xi32>, tensor<6xi32>) {
  %0:2 = func.call @value_too(%x) : (tensor<6x50xf32>) -> (tensor<6xf32>, tensor<6xi32>)
  %1 = func.call @columns(%x) : (tensor<6x50xf32>) -> tensor<50xi32>
  %2 = func.call @last(%x) : (tensor<6x50xf32>) -> tensor<6xi32>
  %3 = func.call @started(%x) : (tensor<6x50xf32>) -> tensor<6xi32>
  return %0#0, %0#1, %1, %2, %3 : tensor<6xf32>, tensor<6xi32>, tensor<50xi32>, tensor<6xi32>, tensor<6xi32>
}
func.func private @argmax_f32(%x: tensor<5x4xf32>) -> tensor<5xi32> {
  %i = stablehlo.iota dim = 1 : tensor<5x4xi32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<5x4xf32>, tensor<5x4xi32>, tensor<f32>, tensor<i32>) -> (tensor<5xf32>, tensor<5xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#1 : tensor<5xi32>
}
func.func private @argmin_f32(%x: tensor<5x4xf32>) -> tensor<5xi64> {
  %i = stablehlo.iota dim = 1 : tensor<5x4xi64>
  %init = stablehlo.constant dense<0x7F800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i64>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<5x4xf32>, tensor<5x4xi64>, tensor<f32>, tensor<i64>) -> (tensor<5xf32>, tensor<5xi64>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i64>, %ib: tensor<i64>) {
    %g = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i64>
    stablehlo.return %v, %k : tensor<f32>, tensor<i64>
  }
  return %r#1 : tensor<5xi64>
}
func.func private @argmax_i8(%x: tensor<2x4xi8>) -> tensor<2xi32> {
  %i = stablehlo.iota dim = 1 : tensor<2x4xi32>
  %init = stablehlo.constant dense<-128> : tensor<i8>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<2x4xi8>, tensor<2x4xi32>, tensor<i8>, tensor<i32>) -> (tensor<2xi8>, tensor<2xi32>)
   reducer(%a: tensor<i8>, %b: tensor<i8>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<i8>, tensor<i8>) -> tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<i8>, tensor<i8>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %g, %t : tensor<i1>
    %v = stablehlo.select %g, %a, %b : tensor<i1>, tensor<i8>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<i8>, tensor<i32>
  }
  return %r#1 : tensor<2xi32>
}
func.func private @argmin_u8(%x: tensor<1x4xui8>) -> tensor<1xi32> {
  %i = stablehlo.iota dim = 1 : tensor<1x4xi32>
  %init = stablehlo.constant dense<255> : tensor<ui8>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<1x4xui8>, tensor<1x4xi32>, tensor<ui8>, tensor<i32>) -> (tensor<1xui8>, tensor<1xi32>)
   reducer(%a: tensor<ui8>, %b: tensor<ui8>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare LT, %a, %b : (tensor<ui8>, tensor<ui8>) -> tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<ui8>, tensor<ui8>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %g, %t : tensor<i1>
    %v = stablehlo.select %g, %a, %b : tensor<i1>, tensor<ui8>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<ui8>, tensor<i32>
  }
  return %r#1 : tensor<1xi32>
}
func.func private @argmax_rows(%x: tensor<37x1031xf32>) -> tensor<37xi32> {
  %i = stablehlo.iota dim = 1 : tensor<37x1031xi32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<37x1031xf32>, tensor<37x1031xi32>, tensor<f32>, tensor<i32>) -> (tensor<37xf32>, tensor<37xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#1 : tensor<37xi32>
}
func.func private @value_too(%x: tensor<6x50xf32>) -> (tensor<6xf32>, tensor<6xi32>) {
  %i = stablehlo.iota dim = 1 : tensor<6x50xi32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<6x50xf32>, tensor<6x50xi32>, tensor<f32>, tensor<i32>) -> (tensor<6xf32>, tensor<6xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#0, %r#1 : tensor<6xf32>, tensor<6xi32>
}
func.func private @columns(%x: tensor<6x50xf32>) -> tensor<50xi32> {
  %i = stablehlo.iota dim = 0 : tensor<6x50xi32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [0] : (tensor<6x50xf32>, tensor<6x50xi32>, tensor<f32>, tensor<i32>) -> (tensor<50xf32>, tensor<50xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#1 : tensor<50xi32>
}
func.func private @last(%x: tensor<6x50xf32>) -> tensor<6xi32> {
  %i = stablehlo.iota dim = 1 : tensor<6x50xi32>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<6x50xf32>, tensor<6x50xi32>, tensor<f32>, tensor<i32>) -> (tensor<6xf32>, tensor<6xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare GT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#1 : tensor<6xi32>
}
func.func private @started(%x: tensor<6x50xf32>) -> tensor<6xi32> {
  %i = stablehlo.iota dim = 1 : tensor<6x50xi32>
  %init = stablehlo.constant dense<0.5> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<6x50xf32>, tensor<6x50xi32>, tensor<f32>, tensor<i32>) -> (tensor<6xf32>, tensor<6xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }
  return %r#1 : tensor<6xi32>
}
