// SPDX-License-Identifier: Apache-2.0
// Reductions of one group that accumulate in different ways: complex ones in sequence, 4-byte and 8-byte elements in different
// numbers of lanes. Each keeps its own order, so that its bits are those it has alone.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop
// RUN: rm -rf %t && mkdir %t
// RUN: skarn run %s --entry both_widths --random 3 --save %t/both
// RUN: skarn run %s --entry narrow --random 3 --save %t/narrow
// RUN: skarn run %s --entry wide --random 3 --save %t/wide
// RUN: cmp %t/both/out0.npy %t/narrow/out0.npy
// RUN: cmp %t/both/out1.npy %t/wide/out0.npy

func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2xf32> {
  %z = stablehlo.complex %x, %y : tensor<2x3xcomplex<f32>>
  %c0 = stablehlo.constant dense<(0.0, 0.0)> : tensor<complex<f32>>
  %0 = stablehlo.reduce(%z init: %c0) applies stablehlo.add across dimensions = [1] : (tensor<2x3xcomplex<f32>>, tensor<complex<f32>>) -> tensor<2xcomplex<f32>>
  %1 = stablehlo.real %0 : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %2 = stablehlo.imag %0 : (tensor<2xcomplex<f32>>) -> tensor<2xf32>
  %r = stablehlo.real %z : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
  %i = stablehlo.imag %z : (tensor<2x3xcomplex<f32>>) -> tensor<2x3xf32>
  %rr = stablehlo.multiply %r, %r : tensor<2x3xf32>
  %ii = stablehlo.multiply %i, %i : tensor<2x3xf32>
  %size = stablehlo.add %rr, %ii : tensor<2x3xf32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %3 = stablehlo.reduce(%size init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  %4 = stablehlo.add %1, %2 : tensor<2xf32>
  %5 = stablehlo.add %4, %3 : tensor<2xf32>
  return %5 : tensor<2xf32>
}

func.func @both_widths(%x: tensor<4x999xf32>) -> (tensor<4xf32>, tensor<4xf64>) {
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %d0 = stablehlo.constant dense<0.0> : tensor<f64>
  %w = stablehlo.convert %x : (tensor<4x999xf32>) -> tensor<4x999xf64>
  %0 = stablehlo.reduce(%x init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<4x999xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = stablehlo.reduce(%w init: %d0) applies stablehlo.add across dimensions = [1] : (tensor<4x999xf64>, tensor<f64>) -> tensor<4xf64>
  return %0, %1 : tensor<4xf32>, tensor<4xf64>
}

func.func @narrow(%x: tensor<4x999xf32>) -> tensor<4xf32> {
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.reduce(%x init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<4x999xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

func.func @wide(%x: tensor<4x999xf32>) -> tensor<4xf64> {
  %d0 = stablehlo.constant dense<0.0> : tensor<f64>
  %w = stablehlo.convert %x : (tensor<4x999xf32>) -> tensor<4x999xf64>
  %0 = stablehlo.reduce(%w init: %d0) applies stablehlo.add across dimensions = [1] : (tensor<4x999xf64>, tensor<f64>) -> tensor<4xf64>
  return %0 : tensor<4xf64>
}
