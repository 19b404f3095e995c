// SPDX-License-Identifier: Apache-2.0
// argmax and argmin of one long row: found block by block. Ties in different blocks, the first NaN before anything larger behind it, zeros of
// both signs, nothing but the initial value, the last element; dimensions of extent 1 around.
// RUN: skarn test %s --entry main --keep-constants
// RUN: skarn test %s --entry main --via native
// RUN: skarn test %s --entry main --via loop
// RUN: skarn test %s --entry main --via interp
// RUN: skarn opt %s --entry doubles --to simplify | filecheck %s
// RUN: skarn run %s --entry doubles --random 4 --compare interp
// RUN: skarn run %s --entry doubles --random 4 --threads 3 --compare loop
// CHECK: applies stablehlo.maximum across dimensions = [1] : (tensor<64x512xf64>
// CHECK: dynamic_slice {{.*}} sizes = [512]
func.func @doubles(%x: tensor<32768xf64>) -> tensor<i64> {
  %0 = func.call @argmax_doubles(%x) : (tensor<32768xf64>) -> tensor<i64>
  return %0 : tensor<i64>
}
func.func @main() {
  %c0_0 = stablehlo.constant dense<1.0> : tensor<9999xf32>
  %c0_1 = stablehlo.constant dense<5.0> : tensor<1xf32>
  %c0_2 = stablehlo.constant dense<1.0> : tensor<12767xf32>
  %c0_3 = stablehlo.constant dense<5.0> : tensor<1xf32>
  %c0_4 = stablehlo.constant dense<1.0> : tensor<10000xf32>
  %x0 = stablehlo.concatenate %c0_0, %c0_1, %c0_2, %c0_3, %c0_4, dim = 0 : (tensor<9999xf32>, tensor<1xf32>, tensor<12767xf32>, tensor<1xf32>, tensor<10000xf32>) -> tensor<32768xf32>
  %r0 = func.call @argmax_long(%x0) : (tensor<32768xf32>) -> tensor<i64>
  check.expect_eq_const %r0, dense<9999> : tensor<i64>
  %c1_0 = stablehlo.constant dense<1.0> : tensor<20000xf32>
  %c1_1 = stablehlo.constant dense<0x7FC00000> : tensor<1xf32>
  %c1_2 = stablehlo.constant dense<7.0> : tensor<767xf32>
  %c1_3 = stablehlo.constant dense<0xFFC00000> : tensor<2000xf32>
  %c1_4 = stablehlo.constant dense<1.0> : tensor<10000xf32>
  %x1 = stablehlo.concatenate %c1_0, %c1_1, %c1_2, %c1_3, %c1_4, dim = 0 : (tensor<20000xf32>, tensor<1xf32>, tensor<767xf32>, tensor<2000xf32>, tensor<10000xf32>) -> tensor<32768xf32>
  %r1 = func.call @argmax_long(%x1) : (tensor<32768xf32>) -> tensor<i64>
  check.expect_eq_const %r1, dense<20000> : tensor<i64>
  %c2_0 = stablehlo.constant dense<-0.0> : tensor<30000xf32>
  %c2_1 = stablehlo.constant dense<0.0> : tensor<2768xf32>
  %x2 = stablehlo.concatenate %c2_0, %c2_1, dim = 0 : (tensor<30000xf32>, tensor<2768xf32>) -> tensor<32768xf32>
  %r2 = func.call @argmax_long(%x2) : (tensor<32768xf32>) -> tensor<i64>
  check.expect_eq_const %r2, dense<0> : tensor<i64>
  %c3_0 = stablehlo.constant dense<0xFF800000> : tensor<32768xf32>
  %r3 = func.call @argmax_long(%c3_0) : (tensor<32768xf32>) -> tensor<i64>
  check.expect_eq_const %r3, dense<0> : tensor<i64>
  %c4_0 = stablehlo.constant dense<1.0> : tensor<32767xf32>
  %c4_1 = stablehlo.constant dense<2.0> : tensor<1xf32>
  %x4 = stablehlo.concatenate %c4_0, %c4_1, dim = 0 : (tensor<32767xf32>, tensor<1xf32>) -> tensor<32768xf32>
  %r4 = func.call @argmax_long(%x4) : (tensor<32768xf32>) -> tensor<i64>
  check.expect_eq_const %r4, dense<32767> : tensor<i64>
  %c5_0 = stablehlo.constant dense<5> : tensor<1000xi32>
  %c5_1 = stablehlo.constant dense<3> : tensor<20000xi32>
  %c5_2 = stablehlo.constant dense<-9> : tensor<1xi32>
  %c5_3 = stablehlo.constant dense<3> : tensor<10767xi32>
  %c5_4 = stablehlo.constant dense<-9> : tensor<1000xi32>
  %x5 = stablehlo.concatenate %c5_0, %c5_1, %c5_2, %c5_3, %c5_4, dim = 0 : (tensor<1000xi32>, tensor<20000xi32>, tensor<1xi32>, tensor<10767xi32>, tensor<1000xi32>) -> tensor<32768xi32>
  %s5 = stablehlo.reshape %x5 : (tensor<32768xi32>) -> tensor<1x32768x1xi32>
  %r5 = func.call @argmin_long(%s5) : (tensor<1x32768x1xi32>) -> tensor<1x1xi32>
  check.expect_eq_const %r5, dense<21000> : tensor<1x1xi32>
  return
}
func.func private @argmax_long(%x: tensor<32768xf32>) -> tensor<i64> {
  %i = stablehlo.iota dim = 0 : tensor<32768xi64>
  %init = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i64>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [0] : (tensor<32768xf32>, tensor<32768xi64>, tensor<f32>, tensor<i64>) -> (tensor<f32>, tensor<i64>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%ia: tensor<i64>, %ib: tensor<i64>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
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
  return %r#1 : tensor<i64>
}
func.func private @argmin_long(%x: tensor<1x32768x1xi32>) -> tensor<1x1xi32> {
  %i = stablehlo.iota dim = 1 : tensor<1x32768x1xi32>
  %init = stablehlo.constant dense<2147483647> : tensor<i32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [1] : (tensor<1x32768x1xi32>, tensor<1x32768x1xi32>, tensor<i32>, tensor<i32>) -> (tensor<1x1xi32>, tensor<1x1xi32>)
   reducer(%a: tensor<i32>, %b: tensor<i32>) (%ia: tensor<i32>, %ib: tensor<i32>) {
    %g = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %g, %t : tensor<i1>
    %v = stablehlo.select %g, %a, %b : tensor<i1>, tensor<i32>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<i32>, tensor<i32>
  }
  return %r#1 : tensor<1x1xi32>
}
func.func private @argmax_doubles(%x: tensor<32768xf64>) -> tensor<i64> {
  %i = stablehlo.iota dim = 0 : tensor<32768xi64>
  %init = stablehlo.constant dense<0xFFF0000000000000> : tensor<f64>
  %zero = stablehlo.constant dense<0> : tensor<i64>
  %r:2 = stablehlo.reduce(%x init: %init), (%i init: %zero) across dimensions = [0] : (tensor<32768xf64>, tensor<32768xi64>, tensor<f64>, tensor<i64>) -> (tensor<f64>, tensor<i64>)
   reducer(%a: tensor<f64>, %b: tensor<f64>) (%ia: tensor<i64>, %ib: tensor<i64>) {
    %g = stablehlo.compare GT, %a, %b : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %n = stablehlo.compare NE, %a, %a : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %w = stablehlo.or %g, %n : tensor<i1>
    %e = stablehlo.compare EQ, %a, %b : (tensor<f64>, tensor<f64>) -> tensor<i1>
    %l = stablehlo.compare LT, %ia, %ib : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %t = stablehlo.and %e, %l : tensor<i1>
    %f = stablehlo.or %w, %t : tensor<i1>
    %v = stablehlo.select %w, %a, %b : tensor<i1>, tensor<f64>
    %k = stablehlo.select %f, %ia, %ib : tensor<i1>, tensor<i64>
    stablehlo.return %v, %k : tensor<f64>, tensor<i64>
  }
  return %r#1 : tensor<i64>
}
