// SPDX-License-Identifier: Apache-2.0
// Custom calls of known targets on numbers whose results are known: pivots, what failed, and what else than numbers they decide.
// RUN: skarn test %s --via native
// RUN: skarn test %s --via interp
// RUN: skarn test %s --via loop

func.func @main() {
  %singular = stablehlo.constant dense<[[[0.0, 2.0], [0.0, 1.0]], [[1.0, 2.0], [4.0, 8.0]]]> : tensor<2x2x2xf32>
  %lu:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%singular) {mhlo.backend_config = {}} : (tensor<2x2x2xf32>) -> (tensor<2x2x2xf32>, tensor<2x2xi32>, tensor<2xi32>)
  check.expect_eq_const %lu#0, dense<[[[0.0, 2.0], [0.0, 1.0]], [[4.0, 8.0], [0.25, 0.0]]]> : tensor<2x2x2xf32>
  check.expect_eq_const %lu#1, dense<[[1, 2], [2, 2]]> : tensor<2x2xi32>
  check.expect_eq_const %lu#2, dense<[1, 2]> : tensor<2xi32>

  %permuted = stablehlo.custom_call @LuDecomposition(%singular) : (tensor<2x2x2xf32>) -> tuple<tensor<2x2x2xf32>, tensor<2x2xi32>, tensor<2x2xi32>>
  %permutation = stablehlo.get_tuple_element %permuted[2] : (tuple<tensor<2x2x2xf32>, tensor<2x2xi32>, tensor<2x2xi32>>) -> tensor<2x2xi32>
  check.expect_eq_const %permutation, dense<[[0, 1], [1, 0]]> : tensor<2x2xi32>

  %indefinite = stablehlo.constant dense<[[[4.0, 9.0], [2.0, 0.5]], [[4.0, 9.0], [2.0, 2.0]], [[-1.0, 0.0], [0.0, 1.0]]]> : tensor<3x2x2xf64>
  %l:2 = stablehlo.custom_call @lapack_dpotrf_ffi(%indefinite) {mhlo.backend_config = {uplo = 76 : ui8}} : (tensor<3x2x2xf64>) -> (tensor<3x2x2xf64>, tensor<3xi32>)
  check.expect_eq_const %l#1, dense<[2, 0, 1]> : tensor<3xi32>
  %whole = stablehlo.slice %l#0 [1:2, 0:2, 0:2] : (tensor<3x2x2xf64>) -> tensor<1x2x2xf64>
  check.expect_eq_const %whole, dense<[[[2.0, 9.0], [1.0, 1.0]]]> : tensor<1x2x2xf64>

  %pivots = stablehlo.constant dense<[[2, 2, 7], [0, 1, 2], [1, 3, 0]]> : tensor<3x3xi32>
  %order = stablehlo.custom_call @cu_lu_pivots_to_permutation(%pivots) {mhlo.backend_config = {}} : (tensor<3x3xi32>) -> tensor<3x4xi32>
  check.expect_eq_const %order, dense<[[2, 0, 1, 3], [0, 1, 2, 3], [2, 3, 1, 0]]> : tensor<3x4xi32>

  %dl = stablehlo.constant dense<[7.0, 1.0, 1.0]> : tensor<3xf32>
  %d = stablehlo.constant dense<[0.0, 2.0, 1.0]> : tensor<3xf32>
  %du = stablehlo.constant dense<[4.0, 1.0, 7.0]> : tensor<3xf32>
  %b = stablehlo.constant dense<[[8.0], [8.0], [5.0]]> : tensor<3x1xf32>
  %x = stablehlo.custom_call @cusparse_gtsv2_ffi(%dl, %d, %du, %b) {mhlo.backend_config = {}} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3x1xf32>) -> tensor<3x1xf32>
  check.expect_eq_const %x, dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
  %none = stablehlo.constant dense<0.0> : tensor<3xf32>
  %t:5 = stablehlo.custom_call @lapack_sgtsv_ffi(%none, %none, %none, %b) {mhlo.backend_config = {}} : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3x1xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3x1xf32>, tensor<i32>)
  check.expect_eq_const %t#4, dense<1> : tensor<i32>

  %key = stablehlo.constant dense<0> : tensor<1xui32>
  %bits:2 = stablehlo.custom_call @hip_threefry2x32_ffi(%key, %key, %key, %key) {mhlo.backend_config = {}} : (tensor<1xui32>, tensor<1xui32>, tensor<1xui32>, tensor<1xui32>) -> (tensor<1xui32>, tensor<1xui32>)
  check.expect_eq_const %bits#0, dense<1797259609> : tensor<1xui32>
  check.expect_eq_const %bits#1, dense<2579123966> : tensor<1xui32>
  return
}

// -----

func.func @less(%a: tensor<f32>, %b: tensor<f32>, %i: tensor<i32>, %j: tensor<i32>) -> tensor<i1> {
  %0 = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
  return %0 : tensor<i1>
}
func.func @main() {
  %x = stablehlo.constant dense<[[3.0, 1.0, 2.0, 5.0], [4.0, 4.0, -1.0, 0.0]]> : tensor<2x4xf32>
  %i = stablehlo.iota dim = 1 : tensor<2x4xi32>
  %f = stablehlo.constant dense<0x7F800000> : tensor<f32>
  %n = stablehlo.constant dense<-1> : tensor<i32>
  %0:2 = stablehlo.custom_call @ApproxTopK(%x, %i, %f, %n) {called_computations = [@less], mhlo.backend_config = {aggregate_to_topk = true, recall_target = 0.95 : f32, reduction_dim = 1 : i64, reduction_input_size_override = -1 : i64, top_k = 2 : i64}} : (tensor<2x4xf32>, tensor<2x4xi32>, tensor<f32>, tensor<i32>) -> (tensor<2x2xf32>, tensor<2x2xi32>)
  check.expect_eq_const %0#0, dense<[[1.0, 2.0], [-1.0, 0.0]]> : tensor<2x2xf32>
  check.expect_eq_const %0#1, dense<[[1, 2], [2, 3]]> : tensor<2x2xi32>
  return
}
