// SPDX-License-Identifier: Apache-2.0
// LU of few columns is a library call: batches on several threads, every type, blocks of eight columns with rest, tall and wide matrices,
// columns without a pivot in a block (nothing is taken from them, infinities stay), NaNs, which are no pivots.
// RUN: skarn run %s --random 11 --numerics strict --compare interp
// RUN: skarn run %s --random 11 --compare loop
// RUN: skarn run %s --random 11 --threads 3 --compare loop:auto:1
// RUN: skarn run %s --random 11 --guard end --compare loop
// RUN: skarn run %s --entry odd --compare interp
// RUN: skarn opt %s --to lower | filecheck %s
// CHECK-NOT: while
// CHECK: body {
// CHECK-COUNT-5: libcall

func.func @main(%a: tensor<50x20x20xf32>, %t: tensor<3x2x21x9xf64>, %w: tensor<17x40xf64>, %c: tensor<40x10x10xcomplex<f32>>, %z: tensor<5x9xcomplex<f64>>)
    -> (tensor<50x20x20xf32>, tensor<50x20xi32>, tensor<50xi32>, tensor<3x2x21x9xf64>, tensor<3x2x9xi32>, tensor<17x40xf64>,
        tensor<17xi32>, tensor<40x10x10xcomplex<f32>>, tensor<40x10xi32>, tensor<5x9xcomplex<f64>>, tensor<5xi32>) {
  %0:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%a) {mhlo.backend_config = {}} : (tensor<50x20x20xf32>) -> (tensor<50x20x20xf32>, tensor<50x20xi32>, tensor<50xi32>)
  %1:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%t) {mhlo.backend_config = {}} : (tensor<3x2x21x9xf64>) -> (tensor<3x2x21x9xf64>, tensor<3x2x9xi32>, tensor<3x2xi32>)
  %2:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%w) {mhlo.backend_config = {}} : (tensor<17x40xf64>) -> (tensor<17x40xf64>, tensor<17xi32>, tensor<i32>)
  %3:3 = stablehlo.custom_call @lapack_cgetrf_ffi(%c) {mhlo.backend_config = {}} : (tensor<40x10x10xcomplex<f32>>) -> (tensor<40x10x10xcomplex<f32>>, tensor<40x10xi32>, tensor<40xi32>)
  %4:3 = stablehlo.custom_call @lapack_zgetrf_ffi(%z) {mhlo.backend_config = {}} : (tensor<5x9xcomplex<f64>>) -> (tensor<5x9xcomplex<f64>>, tensor<5xi32>, tensor<i32>)
  return %0#0, %0#1, %0#2, %1#0, %1#1, %2#0, %2#1, %3#0, %3#1, %4#0, %4#1
    : tensor<50x20x20xf32>, tensor<50x20xi32>, tensor<50xi32>, tensor<3x2x21x9xf64>, tensor<3x2x9xi32>, tensor<17x40xf64>,
      tensor<17xi32>, tensor<40x10x10xcomplex<f32>>, tensor<40x10xi32>, tensor<5x9xcomplex<f64>>, tensor<5xi32>
}

func.func @odd() -> (tensor<11x11xf64>, tensor<11xi32>, tensor<i32>, tensor<3x3xf32>, tensor<3xi32>, tensor<i32>) {
  %i = stablehlo.iota dim = 0 : tensor<11x11xi32>
  %j = stablehlo.iota dim = 1 : tensor<11x11xi32>
  %three = stablehlo.constant dense<3> : tensor<11x11xi32>
  %nine = stablehlo.constant dense<9> : tensor<11x11xi32>
  %zero = stablehlo.constant dense<0.0> : tensor<11x11xf64>
  %inf = stablehlo.constant dense<0x7FF0000000000000> : tensor<11x11xf64>
  %on = stablehlo.compare EQ, %i, %j : (tensor<11x11xi32>, tensor<11x11xi32>) -> tensor<11x11xi1>
  %sum = stablehlo.add %i, %j : tensor<11x11xi32>
  %f = stablehlo.convert %sum : (tensor<11x11xi32>) -> tensor<11x11xf64>
  %d = stablehlo.select %on, %f, %zero : tensor<11x11xi1>, tensor<11x11xf64>
  %c = stablehlo.compare EQ, %j, %three : (tensor<11x11xi32>, tensor<11x11xi32>) -> tensor<11x11xi1>
  %e = stablehlo.select %c, %zero, %d : tensor<11x11xi1>, tensor<11x11xf64>
  %r = stablehlo.compare EQ, %i, %three : (tensor<11x11xi32>, tensor<11x11xi32>) -> tensor<11x11xi1>
  %k = stablehlo.compare EQ, %j, %nine : (tensor<11x11xi32>, tensor<11x11xi32>) -> tensor<11x11xi1>
  %at = stablehlo.and %r, %k : tensor<11x11xi1>
  %g = stablehlo.select %at, %inf, %e : tensor<11x11xi1>, tensor<11x11xf64>
  %0:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%g) {mhlo.backend_config = {}} : (tensor<11x11xf64>) -> (tensor<11x11xf64>, tensor<11xi32>, tensor<i32>)
  %n = stablehlo.constant dense<[[1.0, 2.0, 3.0], [0x7FC00000, 5.0, 6.0], [7.0, 8.0, 10.0]]> : tensor<3x3xf32>
  %1:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%n) {mhlo.backend_config = {}} : (tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<3xi32>, tensor<i32>)
  return %0#0, %0#1, %0#2, %1#0, %1#1, %1#2 : tensor<11x11xf64>, tensor<11xi32>, tensor<i32>, tensor<3x3xf32>, tensor<3xi32>, tensor<i32>
}
