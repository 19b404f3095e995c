// SPDX-License-Identifier: Apache-2.0
// Constraints that the other files of this directory, which go by subject, do not name.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<2x2x3xf32>, %i: tensor<2x1xi32>) {
  // expected-error@+1 {{(C13)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [2], operand_batching_dims = [0, 1], start_indices_batching_dims = [0, 0], start_index_map = [2], index_vector_dim = 1>, slice_sizes = array<i64: 1, 1, 1>} : (tensor<2x2x3xf32>, tensor<2x1xi32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a: tensor<1x3xf32>, %i: tensor<2x1xi32>) {
  // expected-error@+1 {{(C15)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [1], start_index_map = [1], index_vector_dim = 1>, slice_sizes = array<i64: 1, 1>} : (tensor<1x3xf32>, tensor<2x1xi32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>) {
  // expected-error@+1 {{(C23)}}
  %0 = "stablehlo.gather"(%a, %i) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>} : (tensor<3xf32>, tensor<2x1xi32>) -> tensor<2xf64>
  return
}

// -----

func.func @f(%a: tensor<2x2x3xf32>, %i: tensor<2x1xi32>, %u: tensor<2xf32>) {
  // expected-error@+1 {{(C14)}}
  %0 = "stablehlo.scatter"(%a, %i, %u) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%y) : (tensor<f32>) -> () }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [2], input_batching_dims = [0, 1], scatter_indices_batching_dims = [0, 0], scatter_dims_to_operand_dims = [2], index_vector_dim = 1>} : (tensor<2x2x3xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<2x2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<3x3xf32>, %i: tensor<2x1xi32>, %u: tensor<2xf32>) {
  // expected-error@+1 {{(C18)}}
  %0 = "stablehlo.scatter"(%a, %i, %u) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%y) : (tensor<f32>) -> () }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>} : (tensor<3x3xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<3x3xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>, %u: tensor<2xf32>) {
  // expected-error@+1 {{(C24)}}
  %0 = "stablehlo.scatter"(%a, %i, %u) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%y) : (tensor<f32>) -> () }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<3xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>, %u: tensor<2xf32>) {
  // expected-error@+1 {{(C25)}}
  %0 = "stablehlo.scatter"(%a, %i, %u) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%y) : (tensor<f32>) -> () }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<3xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<3xf64>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>) {
  // expected-error@+1 {{(C5)}}
  "stablehlo.scatter"(%a, %i) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%y) : (tensor<f32>) -> () }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<3xf32>, tensor<2x1xi32>) -> ()
  return
}

// -----

func.func @f(%t: !stablehlo.token) {
  // expected-error@+1 {{(C2)}}
  %0:2 = "stablehlo.infeed"(%t) {infeed_config = ""} : (!stablehlo.token) -> (!stablehlo.token, !stablehlo.token)
  return
}

// -----

func.func @f(%t: !stablehlo.token) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.infeed"(%t) {infeed_config = ""} : (!stablehlo.token) -> tensor<f32>
  return
}

// -----

func.func @f(%a: tensor<1xf32>, %s: tensor<1xi32>) {
  // expected-error@+1 {{(C10)}}
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%a, %s) {broadcast_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 1>} : (tensor<1xf32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>, %s: tensor<1xi32>) {
  // expected-error@+1 {{(C14)}}
  %0 = "stablehlo.dynamic_gather"(%a, %i, %s) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>} : (tensor<3xf32>, tensor<2x1xi32>, tensor<1xi32>) -> tensor<2xf64>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %i: tensor<2x1xi32>, %s: tensor<1xi32>) {
  // expected-error@+1 {{(C10)}}
  %0 = "stablehlo.dynamic_gather"(%a, %i, %s) {dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [4], index_vector_dim = 1>} : (tensor<3xf32>, tensor<2x1xi32>, tensor<1xi32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %t: !stablehlo.token) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.send"(%a, %t) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, is_host_transfer = false, source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>} : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token
  return
}

// -----

func.func @f(%a: tensor<1x4x1xf32>, %b: tensor<2x1x1xf32>, %p: tensor<1x2xi32>) {
  // expected-error@+1 {{(C24)}}
  %0 = "stablehlo.dynamic_conv"(%a, %b, %p) {dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>, #stablehlo<precision DEFAULT>]} : (tensor<1x4x1xf32>, tensor<2x1x1xf32>, tensor<1x2xi32>) -> tensor<1x?x1xf32>
  return
}

// -----

func.func @f(%a: tensor<1x4x1xf32>, %b: tensor<2x1x1xf32>, %p: tensor<1x2xi32>) {
  // expected-error@+1 {{(C25)}}
  %0 = "stablehlo.dynamic_conv"(%a, %b, %p) {dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>, batch_group_count = 1 : i64, feature_group_count = 1 : i64} : (tensor<1x4x1xf32>, tensor<2x1x1xf32>, tensor<1x2xi32>) -> tensor<2x?x1xf32>
  return
}
