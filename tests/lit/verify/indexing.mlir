// SPDX-License-Identifier: Apache-2.0
// Constraints of slices at computed places, gathers and scatters.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<8xf32>, %i: tensor<i32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.dynamic_slice"(%a, %i, %i) {slice_sizes = array<i64: 4>} : (tensor<8xf32>, tensor<i32>, tensor<i32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<8x8xf32>, %i: tensor<i32>, %k: tensor<i64>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.dynamic_slice"(%a, %i, %k) {slice_sizes = array<i64: 4, 4>} : (tensor<8x8xf32>, tensor<i32>, tensor<i64>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<8xf32>, %i: tensor<i32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.dynamic_slice"(%a, %i) {slice_sizes = array<i64: 9>} : (tensor<8xf32>, tensor<i32>) -> tensor<9xf32>
  return
}

// -----

func.func @f(%a: tensor<8xf32>, %i: tensor<i32>) {
  // expected-error@+1 {{must be compatible with tensor<4xf32> (C5)}}
  %0 = "stablehlo.dynamic_slice"(%a, %i) {slice_sizes = array<i64: 4>} : (tensor<8xf32>, tensor<i32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<8xf32>, %u: tensor<2xf64>, %i: tensor<i32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.dynamic_update_slice"(%a, %u, %i) : (tensor<8xf32>, tensor<2xf64>, tensor<i32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a: tensor<8xf32>, %u: tensor<2x1xf32>, %i: tensor<i32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.dynamic_update_slice"(%a, %u, %i) : (tensor<8xf32>, tensor<2x1xf32>, tensor<i32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a: tensor<8xf32>, %u: tensor<9xf32>, %i: tensor<i32>) {
  // expected-error@+1 {{the update is larger than the operand in dimension 0: 9, 8 (C6)}}
  %0 = "stablehlo.dynamic_update_slice"(%a, %u, %i) : (tensor<8xf32>, tensor<9xf32>, tensor<i32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 3>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C8)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [2], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C9)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 2, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C19)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [2], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C20)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C21)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 5>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{must be compatible with tensor<3x3xf32> (C22)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 3>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C16)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], operand_batching_dims = [0], start_index_map = [1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a: tensor<5x4xf32>, %i: tensor<3x1xi32>) {
  // expected-error@+1 {{(C17)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 4>} : (tensor<5x4xf32>, tensor<3x1xi32>) -> tensor<3x4xf32>
  return
}
