// SPDX-License-Identifier: Apache-2.0
// Convolutions with every attribute; dots; linear algebra; transforms; normalisation.
// RUN: skarn test %s --via interp --json | filecheck %s
// CHECK: "passed":14,"failed":0,"skipped":0,"unsupported":0
func.func @convolution_padded_and_dilated() {
  %x = stablehlo.constant dense<[[[1], [2], [3]]]> : tensor<1x3x1xi32>
  %k = stablehlo.constant dense<[[[1]], [[10]]]> : tensor<2x1x1xi32>
  %y = "stablehlo.convolution"(%x, %k) {
    window_strides = array<i64: 1>, padding = dense<[[1, 2]]> : tensor<1x2xi64>,
    lhs_dilation = array<i64: 2>, rhs_dilation = array<i64: 2>, window_reversal = array<i1: true>,
    dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>,
    feature_group_count = 1 : i64, batch_group_count = 1 : i64} : (tensor<1x3x1xi32>, tensor<2x1x1xi32>) -> tensor<1x6x1xi32>
  // Base: 0 1 0 2 0 3 0 0; the reversed kernel takes 10 * first + 1 * second, two apart.
  check.expect_eq_const %y, dense<[[[0], [12], [0], [23], [0], [30]]]> : tensor<1x6x1xi32>
  return
}

// -----

func.func @convolution_feature_groups() {
  %x = stablehlo.constant dense<[[[1, 2], [3, 4]]]> : tensor<1x2x2xi32>
  %k = stablehlo.constant dense<[[[1, 2]], [[3, 4]]]> : tensor<2x1x2xi32>
  %y = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
    window = {stride = [1], pad = [[0, 0]], lhs_dilate = [1], rhs_dilate = [1]}
    {batch_group_count = 1 : i64, feature_group_count = 2 : i64} : (tensor<1x2x2xi32>, tensor<2x1x2xi32>) -> tensor<1x1x2xi32>
  check.expect_eq_const %y, dense<[[[10, 20]]]> : tensor<1x1x2xi32>
  return
}

// -----

func.func @convolution_batch_groups() {
  %x = stablehlo.constant dense<[[[1], [2]], [[3], [4]]]> : tensor<2x2x1xi32>
  %k = stablehlo.constant dense<[[[1, 2]], [[3, 4]]]> : tensor<2x1x2xi32>
  %y = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
    window = {stride = [1], pad = [[0, 0]], lhs_dilate = [1], rhs_dilate = [1]}
    {batch_group_count = 2 : i64, feature_group_count = 1 : i64} : (tensor<2x2x1xi32>, tensor<2x1x2xi32>) -> tensor<1x1x2xi32>
  check.expect_eq_const %y, dense<[[[7, 22]]]> : tensor<1x1x2xi32>
  return
}

// -----

func.func @dot_of_tf32_drops_bits() {
  %x = stablehlo.constant dense<[1.0001220703125]> : tensor<1xf32>
  %y = stablehlo.constant dense<[1.0]> : tensor<1xf32>
  %z = stablehlo.dot_general %x, %y, contracting_dims = [0] x [0],
    algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32,
      lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1,
      allow_imprecise_accumulation = false> : (tensor<1xf32>, tensor<1xf32>) -> tensor<f32>
  check.expect_eq_const %z, dense<1.0> : tensor<f32>
  return
}

// -----

func.func @dot_of_complex() {
  %x = stablehlo.constant dense<[(1.0, 2.0), (0.0, -1.0)]> : tensor<2xcomplex<f32>>
  %y = stablehlo.constant dense<[(3.0, 1.0), (2.0, 5.0)]> : tensor<2xcomplex<f32>>
  %z = stablehlo.dot_general %x, %y, contracting_dims = [0] x [0] : (tensor<2xcomplex<f32>>, tensor<2xcomplex<f32>>) -> tensor<complex<f32>>
  check.expect_eq_const %z, dense<(6.0, 5.0)> : tensor<complex<f32>>
  return
}

// -----

// The triangle that is not read may hold anything.
func.func @cholesky() {
  %a = stablehlo.constant dense<[[4.0, 99.0, 99.0], [2.0, 10.0, 99.0], [6.0, 0.0, 19.0]]> : tensor<3x3xf64>
  %l = stablehlo.cholesky %a, lower = true : tensor<3x3xf64>
  check.expect_almost_eq_const %l, dense<[[2.0, 0.0, 0.0], [1.0, 3.0, 0.0], [3.0, -1.0, 3.0]]> : tensor<3x3xf64>
  %b = stablehlo.constant dense<[[(4.0, 0.0), (2.0, 2.0)], [(99.0, 9.0), (3.0, 0.0)]]> : tensor<2x2xcomplex<f64>>
  %u = stablehlo.cholesky %b, lower = false : tensor<2x2xcomplex<f64>>
  check.expect_almost_eq_const %u, dense<[[(2.0, 0.0), (1.0, 1.0)], [(0.0, 0.0), (1.0, 0.0)]]> : tensor<2x2xcomplex<f64>>
  return
}

// -----

// Every way to put the matrix: x solves the equation from which b was made.
func.func @triangular_solve() {
  %a = stablehlo.constant dense<[[2.0, 0.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = stablehlo.constant dense<[[2.0], [11.0]]> : tensor<2x1xf32>
  %x = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false,
    transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  check.expect_eq_const %x, dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %bt = stablehlo.constant dense<[[8.0], [8.0]]> : tensor<2x1xf32>
  %xt = "stablehlo.triangular_solve"(%a, %bt) {left_side = true, lower = true, unit_diagonal = false,
    transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  check.expect_eq_const %xt, dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %br = stablehlo.constant dense<[[8.0, 8.0]]> : tensor<1x2xf32>
  %xr = "stablehlo.triangular_solve"(%a, %br) {left_side = false, lower = true, unit_diagonal = false,
    transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  check.expect_eq_const %xr, dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %bu = stablehlo.constant dense<[[1.0], [5.0]]> : tensor<2x1xf32>
  %xu = "stablehlo.triangular_solve"(%a, %bu) {left_side = true, lower = true, unit_diagonal = true,
    transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  check.expect_eq_const %xu, dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  return
}

// -----

// Lengths 4 (butterflies), 3 and 5 (Bluestein); a forward and an inverse transform cancel.
func.func @fft() {
  %x = stablehlo.constant dense<[(1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (4.0, 0.0)]> : tensor<4xcomplex<f64>>
  %y = stablehlo.fft %x, type = FFT, length = [4] : (tensor<4xcomplex<f64>>) -> tensor<4xcomplex<f64>>
  check.expect_almost_eq_const %y, dense<[(10.0, 0.0), (-2.0, 2.0), (-2.0, 0.0), (-2.0, -2.0)]> : tensor<4xcomplex<f64>>
  %u = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %v = stablehlo.fft %u, type = RFFT, length = [3] : (tensor<3xf64>) -> tensor<2xcomplex<f64>>
  check.expect_almost_eq_const %v, dense<[(6.0, 0.0), (-1.5, 0.8660254037844386)]> : tensor<2xcomplex<f64>>
  %w = stablehlo.fft %v, type = IRFFT, length = [3] : (tensor<2xcomplex<f64>>) -> tensor<3xf64>
  check.expect_almost_eq_const %w, dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  return
}

// -----

func.func @fft_of_two_dimensions() {
  %x = stablehlo.constant dense<[[1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.5], [0.0, 1.0, 0.0, -1.0, 2.0]]> : tensor<3x5xf32>
  %y = stablehlo.fft %x, type = RFFT, length = [3, 5] : (tensor<3x5xf32>) -> tensor<3x3xcomplex<f32>>
  %z = stablehlo.fft %y, type = IRFFT, length = [3, 5] : (tensor<3x3xcomplex<f32>>) -> tensor<3x5xf32>
  check.expect_almost_eq %z, %x : tensor<3x5xf32>
  %sum = stablehlo.slice %y [0:1, 0:1] : (tensor<3x3xcomplex<f32>>) -> tensor<1x1xcomplex<f32>>
  check.expect_almost_eq_const %sum, dense<(57.5, 0.0)> : tensor<1x1xcomplex<f32>>
  return
}

// -----

func.func @batch_norm() {
  %x = stablehlo.constant dense<[[1.0, 10.0], [3.0, 30.0]]> : tensor<2x2xf32>
  %scale = stablehlo.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %offset = stablehlo.constant dense<[0.0, 5.0]> : tensor<2xf32>
  %y:3 = "stablehlo.batch_norm_training"(%x, %scale, %offset) {epsilon = 0.0 : f32, feature_index = 1 : i64}
    : (tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>)
  check.expect_eq_const %y#0, dense<[[-2.0, 4.0], [2.0, 6.0]]> : tensor<2x2xf32>
  check.expect_eq_const %y#1, dense<[2.0, 20.0]> : tensor<2xf32>
  check.expect_eq_const %y#2, dense<[1.0, 100.0]> : tensor<2xf32>
  %z = "stablehlo.batch_norm_inference"(%x, %scale, %offset, %y#1, %y#2) {epsilon = 0.0 : f32, feature_index = 1 : i64}
    : (tensor<2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  check.expect_eq %z, %y#0 : tensor<2x2xf32>
  return
}

// -----

func.func @batch_norm_grad() {
  %x = stablehlo.constant dense<[[1.0], [3.0], [2.0], [6.0]]> : tensor<4x1xf64>
  %scale = stablehlo.constant dense<[2.0]> : tensor<1xf64>
  %mean = stablehlo.constant dense<[3.0]> : tensor<1xf64>
  %variance = stablehlo.constant dense<[4.0]> : tensor<1xf64>
  %g = stablehlo.constant dense<[[1.0], [0.0], [0.0], [1.0]]> : tensor<4x1xf64>
  %y:3 = "stablehlo.batch_norm_grad"(%x, %scale, %mean, %variance, %g) {epsilon = 0.0 : f32, feature_index = 1 : i64}
    : (tensor<4x1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<1xf64>, tensor<4x1xf64>) -> (tensor<4x1xf64>, tensor<1xf64>, tensor<1xf64>)
  // sum g = 2, sum g * (x - mean) = 1: (4 g - 2 - (x - 3) / 4) / 4
  check.expect_almost_eq_const %y#0, dense<[[0.625], [-0.5], [-0.4375], [0.3125]]> : tensor<4x1xf64>
  check.expect_almost_eq_const %y#1, dense<[0.5]> : tensor<1xf64>
  check.expect_almost_eq_const %y#2, dense<[2.0]> : tensor<1xf64>
  return
}

// -----

// Two rows in group 0, none in group 1, one in group 2; the last row is in no group.
func.func @ragged_dot() {
  %x = stablehlo.constant dense<[[1.0, 1.0], [2.0, 0.0], [0.0, 3.0], [9.0, 9.0]]> : tensor<4x2xf32>
  %y = stablehlo.constant dense<[[[1.0], [2.0]], [[50.0], [50.0]], [[3.0], [4.0]]]> : tensor<3x2x1xf32>
  %sizes = stablehlo.constant dense<[2, 0, 1]> : tensor<3xi64>
  %z = "chlo.ragged_dot"(%x, %y, %sizes) {ragged_dot_dimension_numbers = #chlo.ragged_dot<
      lhs_batching_dimensions = [], rhs_batching_dimensions = [], lhs_contracting_dimensions = [1],
      rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0], rhs_group_dimensions = [0]>}
      : (tensor<4x2xf32>, tensor<3x2x1xf32>, tensor<3xi64>) -> tensor<4x1xf32>
  check.expect_eq_const %z, dense<[[3.0], [2.0], [12.0], [0.0]]> : tensor<4x1xf32>
  return
}

// -----

func.func @einsum() {
  %x = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %y = stablehlo.constant dense<[[10, 20, 30], [40, 50, 60]]> : tensor<2x3xi32>
  %z = stablehlo.einsum %x, %y, config = "ab,bc->ca" : (tensor<2x2xi32>, tensor<2x3xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %z, dense<[[90, 190], [120, 260], [150, 330]]> : tensor<3x2xi32>
  %d = stablehlo.unary_einsum %x, config = "aa->a" : (tensor<2x2xi32>) -> tensor<2xi32>
  check.expect_eq_const %d, dense<[1, 4]> : tensor<2xi32>
  %t = stablehlo.unary_einsum %y, config = "ab->" : (tensor<2x3xi32>) -> tensor<i32>
  check.expect_eq_const %t, dense<210> : tensor<i32>
  return
}

// -----

// Extents of what is empty may be of any size.
func.func @empty() {
  %x = stablehlo.constant dense<> : tensor<0x2305843009213693952xi8>
  %y = stablehlo.dot_general %x, %x, contracting_dims = [1] x [1] : (tensor<0x2305843009213693952xi8>, tensor<0x2305843009213693952xi8>) -> tensor<0x0xi32>
  check.expect_eq_const %y, dense<> : tensor<0x0xi32>
  %z = "stablehlo.sort"(%x) ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %p = stablehlo.compare LT, %a, %b : (tensor<i8>, tensor<i8>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) {dimension = 1 : i64} : (tensor<0x2305843009213693952xi8>) -> tensor<0x2305843009213693952xi8>
  %a = stablehlo.constant dense<> : tensor<0x1000000x1000000xf32>
  %l = stablehlo.cholesky %a, lower = true : tensor<0x1000000x1000000xf32>
  check.expect_eq %l, %a : tensor<0x1000000x1000000xf32>
  return
}
