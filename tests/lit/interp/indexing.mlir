// SPDX-License-Identifier: Apache-2.0
// gather clamps, scatter leaves out what lies outside; batching dimensions, several operands; sort
// and top_k.
// RUN: skarn test %s --via interp --json | filecheck %s
// CHECK: "passed":7,"failed":0,"skipped":0,"unsupported":0
func.func @gather_clamps() {
  %x = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6], [7, 8, 9]]> : tensor<3x3xi32>
  %at = stablehlo.constant dense<[[0, 1], [2, 2], [-5, 9]]> : tensor<3x2xi64>
  %y = "stablehlo.gather"(%x, %at) {
    dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0],
      start_index_map = [0, 1], index_vector_dim = 1>,
    slice_sizes = array<i64: 1, 2>} : (tensor<3x3xi32>, tensor<3x2xi64>) -> tensor<3x2xi32>
  check.expect_eq_const %y, dense<[[2, 3], [8, 9], [2, 3]]> : tensor<3x2xi32>
  return
}

// -----

func.func @gather_batches() {
  %x = stablehlo.constant dense<[[10, 11, 12], [20, 21, 22]]> : tensor<2x3xi32>
  %at = stablehlo.constant dense<[[2, 0], [1, 1]]> : tensor<2x2xi32>
  %y = "stablehlo.gather"(%x, %at) {
    dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [1], operand_batching_dims = [0],
      start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>,
    slice_sizes = array<i64: 1, 1>} : (tensor<2x3xi32>, tensor<2x2xi32>) -> tensor<2x2xi32>
  check.expect_eq_const %y, dense<[[12, 10], [21, 21]]> : tensor<2x2xi32>
  return
}

// -----

// Of a window that hangs over the edge, the elements inside count.
func.func @scatter_leaves_out_elements() {
  %x = stablehlo.constant dense<0> : tensor<4xi32>
  %at = stablehlo.constant dense<[[1], [3], [-1], [1]]> : tensor<4x1xi32>
  %u = stablehlo.constant dense<[[1, 2], [3, 4], [5, 6], [7, 8]]> : tensor<4x2xi32>
  %y = "stablehlo.scatter"(%x, %at, %u) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1],
        scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}
      : (tensor<4xi32>, tensor<4x1xi32>, tensor<4x2xi32>) -> tensor<4xi32>
  check.expect_eq_const %y, dense<[6, 8, 10, 3]> : tensor<4xi32>
  return
}

// -----

func.func @scatter_two_operands() {
  %x = stablehlo.constant dense<[1, 1, 1]> : tensor<3xi32>
  %z = stablehlo.constant dense<[0.5, 0.5, 0.5]> : tensor<3xf32>
  %at = stablehlo.constant dense<[2, 0]> : tensor<2xi32>
  %u = stablehlo.constant dense<[7, 9]> : tensor<2xi32>
  %v = stablehlo.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %y:2 = "stablehlo.scatter"(%x, %z, %at, %u, %v) ({
  ^bb0(%a: tensor<i32>, %c: tensor<f32>, %b: tensor<i32>, %d: tensor<f32>):
    %s = stablehlo.subtract %b, %a : tensor<i32>
    %m = stablehlo.multiply %c, %d : tensor<f32>
    stablehlo.return %s, %m : tensor<i32>, tensor<f32>
  }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0],
        scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}
      : (tensor<3xi32>, tensor<3xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xf32>) -> (tensor<3xi32>, tensor<3xf32>)
  check.expect_eq_const %y#0, dense<[8, 1, 6]> : tensor<3xi32>
  check.expect_eq_const %y#1, dense<[2.0, 0.5, 1.0]> : tensor<3xf32>
  return
}

// -----

// By the first operand, descending; equal keys keep their order.
func.func @sort_is_stable() {
  %k = stablehlo.constant dense<[[3, 1, 3, 2], [0, 0, 5, 0]]> : tensor<2x4xi32>
  %v = stablehlo.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8>
  %y:2 = "stablehlo.sort"(%k, %v) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i8>, %d: tensor<i8>):
    %p = stablehlo.compare GT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) {dimension = 1 : i64, is_stable = true} : (tensor<2x4xi32>, tensor<2x4xi8>) -> (tensor<2x4xi32>, tensor<2x4xi8>)
  check.expect_eq_const %y#0, dense<[[3, 3, 2, 1], [5, 0, 0, 0]]> : tensor<2x4xi32>
  check.expect_eq_const %y#1, dense<[[1, 3, 4, 2], [7, 5, 6, 8]]> : tensor<2x4xi8>
  return
}

// -----

func.func @sort_rows() {
  %k = stablehlo.constant dense<[[3, 1], [2, 7], [9, 0]]> : tensor<3x2xi32>
  %y = "stablehlo.sort"(%k) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %p = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) {dimension = 0 : i64} : (tensor<3x2xi32>) -> tensor<3x2xi32>
  check.expect_eq_const %y, dense<[[2, 0], [3, 1], [9, 7]]> : tensor<3x2xi32>
  return
}

// -----

// Total order: NaN is larger than infinity, 0 than -0.
func.func @top_k() {
  %x = stablehlo.constant dense<[[-0.0, 1.0, 0x7FC00000, 0.0], [5.0, 2.0, 5.0, 0x7F800000]]> : tensor<2x4xf32>
  %v, %i = chlo.top_k(%x, k = 3) : tensor<2x4xf32> -> (tensor<2x3xf32>, tensor<2x3xi32>)
  check.expect_eq_const %v, dense<[[0x7FC00000, 1.0, 0.0], [0x7F800000, 5.0, 5.0]]> : tensor<2x3xf32>
  check.expect_eq_const %i, dense<[[2, 1, 3], [3, 0, 2]]> : tensor<2x3xi32>
  return
}
