// SPDX-License-Identifier: Apache-2.0
// Quantized tensors: to integers and back, per tensor and per axis; ops on what they stand for.
// RUN: skarn test %s --via interp --json | filecheck %s
// RUN: skarn test %s --via native --verify --json | filecheck %s
// RUN: skarn test %s --via loop --json | filecheck %s
// CHECK: "passed":6,"failed":0,"skipped":0,"unsupported":0
func.func @quantize_rounds_to_even_and_clamps() {
  %x = stablehlo.constant dense<[1.25, 1.75, -100.0, 100.0, 0x7FC00000]> : tensor<5xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<5xf32>) -> tensor<5x!quant.uniform<i8<-100:100>:f32, 5.000000e-01:10>>
  %i = stablehlo.bitcast_convert %q : (tensor<5x!quant.uniform<i8<-100:100>:f32, 5.000000e-01:10>>) -> tensor<5xi8>
  check.expect_eq_const %i, dense<[12, 14, -100, 100, 0]> : tensor<5xi8>
  %y = stablehlo.uniform_dequantize %q : (tensor<5x!quant.uniform<i8<-100:100>:f32, 5.000000e-01:10>>) -> tensor<5xf32>
  check.expect_eq_const %y, dense<[1.0, 2.0, -55.0, 45.0, -5.0]> : tensor<5xf32>
  return
}

// -----

func.func @per_axis() {
  %x = stablehlo.constant dense<[[1.0, 1.0], [2.0, 3.0]]> : tensor<2x2xf32>
  %q = stablehlo.uniform_quantize %x : (tensor<2x2xf32>) -> tensor<2x2x!quant.uniform<i8:f32:1, {1.000000e+00:0, 5.000000e-01:-3}>>
  %i = stablehlo.bitcast_convert %q : (tensor<2x2x!quant.uniform<i8:f32:1, {1.000000e+00:0, 5.000000e-01:-3}>>) -> tensor<2x2xi8>
  check.expect_eq_const %i, dense<[[1, -1], [2, 3]]> : tensor<2x2xi8>
  %r = stablehlo.uniform_quantize %q : (tensor<2x2x!quant.uniform<i8:f32:1, {1.000000e+00:0, 5.000000e-01:-3}>>) -> tensor<2x2x!quant.uniform<i8:f32:1, {2.500000e-01:1, 1.000000e+00:0}>>
  %j = stablehlo.bitcast_convert %r : (tensor<2x2x!quant.uniform<i8:f32:1, {2.500000e-01:1, 1.000000e+00:0}>>) -> tensor<2x2xi8>
  check.expect_eq_const %j, dense<[[5, 1], [9, 3]]> : tensor<2x2xi8>
  return
}

// -----

// 1.5 + 2 = 3.5, which takes another scale.
func.func @elementwise() {
  %a = stablehlo.constant dense<[3, 4]> : tensor<2xi8>
  %b = stablehlo.constant dense<[3, -7]> : tensor<2xi8>
  %x = stablehlo.bitcast_convert %a : (tensor<2xi8>) -> tensor<2x!quant.uniform<i8:f32, 5.000000e-01:0>>
  %y = stablehlo.bitcast_convert %b : (tensor<2xi8>) -> tensor<2x!quant.uniform<i8:f32, 1.000000e+00:1>>
  %z = stablehlo.add %x, %y : (tensor<2x!quant.uniform<i8:f32, 5.000000e-01:0>>, tensor<2x!quant.uniform<i8:f32, 1.000000e+00:1>>) -> tensor<2x!quant.uniform<i8:f32, 2.500000e-01:2>>
  %i = stablehlo.bitcast_convert %z : (tensor<2x!quant.uniform<i8:f32, 2.500000e-01:2>>) -> tensor<2xi8>
  check.expect_eq_const %i, dense<[16, -22]> : tensor<2xi8>
  %p = stablehlo.compare LT, %x, %x : (tensor<2x!quant.uniform<i8:f32, 5.000000e-01:0>>, tensor<2x!quant.uniform<i8:f32, 5.000000e-01:0>>) -> tensor<2xi1>
  check.expect_eq_const %p, dense<false> : tensor<2xi1>
  return
}

// -----

// Float lhs, quantized rhs: a float result.
func.func @hybrid_dot() {
  %x = stablehlo.constant dense<[[2.0, 4.0]]> : tensor<1x2xf32>
  %b = stablehlo.constant dense<[[2], [4]]> : tensor<2x1xi8>
  %y = stablehlo.bitcast_convert %b : (tensor<2x1xi8>) -> tensor<2x1x!quant.uniform<i8:f32, 5.000000e-01>>
  %z = stablehlo.dot_general %x, %y, contracting_dims = [1] x [0] : (tensor<1x2xf32>, tensor<2x1x!quant.uniform<i8:f32, 5.000000e-01>>) -> tensor<1x1xf32>
  check.expect_eq_const %z, dense<[[10.0]]> : tensor<1x1xf32>
  return
}

// -----

// What moves elements leaves the integers alone.
func.func @moves() {
  %a = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi8>
  %x = stablehlo.bitcast_convert %a : (tensor<3xi8>) -> tensor<3x!quant.uniform<i8:f32, 3.000000e-01:7>>
  %r = stablehlo.reverse %x, dims = [0] : tensor<3x!quant.uniform<i8:f32, 3.000000e-01:7>>
  %c = stablehlo.concatenate %r, %x, dim = 0 : (tensor<3x!quant.uniform<i8:f32, 3.000000e-01:7>>, tensor<3x!quant.uniform<i8:f32, 3.000000e-01:7>>) -> tensor<6x!quant.uniform<i8:f32, 3.000000e-01:7>>
  %i = stablehlo.bitcast_convert %c : (tensor<6x!quant.uniform<i8:f32, 3.000000e-01:7>>) -> tensor<6xi8>
  check.expect_eq_const %i, dense<[3, 2, 1, 1, 2, 3]> : tensor<6xi8>
  return
}

// -----

// The body adds what the elements stand for, and quantizes every sum.
func.func @reduce() {
  %a = stablehlo.constant dense<[4, 5, 6]> : tensor<3xi8>
  %x = stablehlo.bitcast_convert %a : (tensor<3xi8>) -> tensor<3x!quant.uniform<i8:f32, 5.000000e-01:2>>
  %b = stablehlo.constant dense<2> : tensor<i8>
  %zero = stablehlo.bitcast_convert %b : (tensor<i8>) -> tensor<!quant.uniform<i8:f32, 5.000000e-01:2>>
  %y = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<3x!quant.uniform<i8:f32, 5.000000e-01:2>>, tensor<!quant.uniform<i8:f32, 5.000000e-01:2>>) -> tensor<!quant.uniform<i8:f32, 5.000000e-01:2>>
  %i = stablehlo.bitcast_convert %y : (tensor<!quant.uniform<i8:f32, 5.000000e-01:2>>) -> tensor<i8>
  check.expect_eq_const %i, dense<11> : tensor<i8>
  return
}
