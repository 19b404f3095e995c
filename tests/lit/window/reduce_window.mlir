// SPDX-License-Identifier: Apache-2.0
// reduce_window in generated code, in the loop runner and in the interpreter: every attribute, several
// inputs, element types with and without registers of their own, windows that lie in the padding.
// RUN: skarn run %s --random 7 --numerics strict --compare interp
// RUN: skarn run %s --random 7 --compare loop
// RUN: skarn run %s --random 7 --isa v3 --compare loop:auto:1 --threads 3
// RUN: skarn run %s --random 7 --threads 2 --compare native:auto:1

func.func @main(%x: tensor<2x19x23x3xf32>, %n: tensor<9x70xi8>, %h: tensor<33x5xbf16>,
                %z: tensor<6x7xcomplex<f32>>)
    -> (tensor<2x10x11x3xf32>, tensor<2x40x41x3xf32>, tensor<9x70xi8>, tensor<33x5xbf16>,
        tensor<5x6xcomplex<f32>>, tensor<9x35xi8>, tensor<9x35xi32>, tensor<3x64xi8>, tensor<1x1xi8>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %two = stablehlo.constant dense<2.0> : tensor<f32>
  %least = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero_i8 = stablehlo.constant dense<0> : tensor<i8>
  %one_i8 = stablehlo.constant dense<1> : tensor<i8>
  %zero_i32 = stablehlo.constant dense<0> : tensor<i32>
  %zero_h = stablehlo.constant dense<0.0> : tensor<bf16>
  %one_z = stablehlo.constant dense<(1.0, 0.5)> : tensor<complex<f32>>
  // pooling with strides, uneven padding
  %pool = "stablehlo.reduce_window"(%x, %least) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.maximum %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 1, 3, 3, 1>, window_strides = array<i64: 1, 2, 2, 1>,
      padding = dense<[[0, 0], [1, 1], [0, 1], [0, 0]]> : tensor<4x2xi64>}
      : (tensor<2x19x23x3xf32>, tensor<f32>) -> tensor<2x10x11x3xf32>
  // holes in the base and in the window, an initial value that counts, negative padding
  %holes = "stablehlo.reduce_window"(%x, %two) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 1, 3, 2, 1>, base_dilations = array<i64: 1, 2, 2, 1>,
      window_dilations = array<i64: 1, 1, 3, 1>,
      padding = dense<[[0, 0], [2, 3], [-2, 1], [0, 0]]> : tensor<4x2xi64>}
      : (tensor<2x19x23x3xf32>, tensor<f32>) -> tensor<2x40x41x3xf32>
  // a cumulative sum that wraps around
  %sums = "stablehlo.reduce_window"(%n, %one_i8) ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %s = stablehlo.add %a, %b : tensor<i8>
    stablehlo.return %s : tensor<i8>
  }) {window_dimensions = array<i64: 1, 70>, padding = dense<[[0, 0], [69, 0]]> : tensor<2x2xi64>}
      : (tensor<9x70xi8>, tensor<i8>) -> tensor<9x70xi8>
  // rounds at every step
  %rounded = "stablehlo.reduce_window"(%h, %zero_h) ({
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>):
    %s = stablehlo.add %a, %b : tensor<bf16>
    stablehlo.return %s : tensor<bf16>
  }) {window_dimensions = array<i64: 33, 1>, padding = dense<[[32, 0], [0, 0]]> : tensor<2x2xi64>}
      : (tensor<33x5xbf16>, tensor<bf16>) -> tensor<33x5xbf16>
  %products = "stablehlo.reduce_window"(%z, %one_z) ({
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %s = stablehlo.multiply %a, %b : tensor<complex<f32>>
    stablehlo.return %s : tensor<complex<f32>>
  }) {window_dimensions = array<i64: 2, 2>}
      : (tensor<6x7xcomplex<f32>>, tensor<complex<f32>>) -> tensor<5x6xcomplex<f32>>
  // values and places of the largest, in pairs
  %places = stablehlo.iota dim = 1 : tensor<9x70xi32>
  %pairs:2 = "stablehlo.reduce_window"(%n, %places, %zero_i8, %zero_i32) ({
  ^bb0(%a: tensor<i8>, %i: tensor<i32>, %b: tensor<i8>, %j: tensor<i32>):
    %more = stablehlo.compare GE, %a, %b : (tensor<i8>, tensor<i8>) -> tensor<i1>
    %s = stablehlo.select %more, %a, %b : tensor<i1>, tensor<i8>
    %k = stablehlo.select %more, %i, %j : tensor<i1>, tensor<i32>
    stablehlo.return %s, %k : tensor<i8>, tensor<i32>
  }) {window_dimensions = array<i64: 1, 2>, window_strides = array<i64: 1, 2>}
      : (tensor<9x70xi8>, tensor<9x70xi32>, tensor<i8>, tensor<i32>) -> (tensor<9x35xi8>, tensor<9x35xi32>)
  // windows of one element
  %single = "stablehlo.reduce_window"(%n, %one_i8) ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %s = stablehlo.add %a, %b : tensor<i8>
    stablehlo.return %s : tensor<i8>
  }) {window_dimensions = array<i64: 1, 1>, window_strides = array<i64: 3, 1>,
      padding = dense<[[0, -1], [-6, 0]]> : tensor<2x2xi64>}
      : (tensor<9x70xi8>, tensor<i8>) -> tensor<3x64xi8>
  // one window over everything
  %all = "stablehlo.reduce_window"(%n, %zero_i8) ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %s = stablehlo.add %a, %b : tensor<i8>
    stablehlo.return %s : tensor<i8>
  }) {window_dimensions = array<i64: 9, 70>} : (tensor<9x70xi8>, tensor<i8>) -> tensor<1x1xi8>
  return %pool, %holes, %sums, %rounded, %products, %pairs#0, %pairs#1, %single, %all
      : tensor<2x10x11x3xf32>, tensor<2x40x41x3xf32>, tensor<9x70xi8>, tensor<33x5xbf16>,
        tensor<5x6xcomplex<f32>>, tensor<9x35xi8>, tensor<9x35xi32>, tensor<3x64xi8>, tensor<1x1xi8>
}
