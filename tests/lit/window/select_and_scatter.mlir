// SPDX-License-Identifier: Apache-2.0
// select_and_scatter in generated code, in the loop runner and in the interpreter: windows that meet,
// padding, ties, dimensions without windows (which run in lanes), windows that lie outside.
// RUN: skarn run %s --random 5 --numerics strict --compare interp
// RUN: skarn run %s --random 5 --compare loop
// RUN: skarn run %s --random 5 --isa v3 --compare loop:auto:1 --threads 3

func.func @main(%x: tensor<2x9x11x37xf32>, %dx: tensor<2x5x4x37xf32>, %n: tensor<40xi8>, %dn: tensor<15xi8>,
                %z: tensor<7xcomplex<f32>>, %dz: tensor<6xcomplex<f32>>)
    -> (tensor<2x9x11x37xf32>, tensor<40xi8>, tensor<7xcomplex<f32>>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %three = stablehlo.constant dense<3> : tensor<i8>
  %zero_z = stablehlo.constant dense<(0.0, 1.0)> : tensor<complex<f32>>
  %pool = "stablehlo.select_and_scatter"(%x, %dx, %zero) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {window_dimensions = array<i64: 1, 3, 4, 1>, window_strides = array<i64: 1, 2, 3, 1>,
      padding = dense<[[0, 0], [1, 1], [1, 2], [0, 0]]> : tensor<4x2xi64>}
      : (tensor<2x9x11x37xf32>, tensor<2x5x4x37xf32>, tensor<f32>) -> tensor<2x9x11x37xf32>
  %outside = "stablehlo.select_and_scatter"(%n, %dn, %three) ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %p = stablehlo.compare GT, %a, %b : (tensor<i8>, tensor<i8>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %s = stablehlo.subtract %a, %b : tensor<i8>
    stablehlo.return %s : tensor<i8>
  }) {window_dimensions = array<i64: 2>, window_strides = array<i64: 3>, padding = dense<[[4, 0]]> : tensor<1x2xi64>}
      : (tensor<40xi8>, tensor<15xi8>, tensor<i8>) -> tensor<40xi8>
  %complex = "stablehlo.select_and_scatter"(%z, %dz, %zero_z) ({
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %re = stablehlo.real %a : (tensor<complex<f32>>) -> tensor<f32>
    %im = stablehlo.imag %b : (tensor<complex<f32>>) -> tensor<f32>
    %p = stablehlo.compare GE, %re, %im : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %s = stablehlo.add %a, %b : tensor<complex<f32>>
    stablehlo.return %s : tensor<complex<f32>>
  }) {window_dimensions = array<i64: 2>}
      : (tensor<7xcomplex<f32>>, tensor<6xcomplex<f32>>, tensor<complex<f32>>) -> tensor<7xcomplex<f32>>
  return %pool, %outside, %complex : tensor<2x9x11x37xf32>, tensor<40xi8>, tensor<7xcomplex<f32>>
}
