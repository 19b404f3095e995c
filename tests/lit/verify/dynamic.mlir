// SPDX-License-Identifier: Apache-2.0
// Constraints of operations that take shapes as operands.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<3xf32>, %s: tensor<3xi32>) {
  // expected-error@+1 {{operand 1 must have 2 entries (C7)}}
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%a, %s) {broadcast_dimensions = array<i64: 1>} : (tensor<3xf32>, tensor<3xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %s: tensor<2xi32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%a, %s) {broadcast_dimensions = array<i64: 0>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %s: tensor<2xi32>) {
  // expected-error@+1 {{(C8)}}
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%a, %s) {broadcast_dimensions = array<i64: 1>, known_expanding_dimensions = array<i64: 0>, known_nonexpanding_dimensions = array<i64: 0>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<3xf32>, %s: tensor<2xi32>) {
  // expected-error@+1 {{(C9)}}
  %0 = "stablehlo.dynamic_broadcast_in_dim"(%a, %s) {broadcast_dimensions = array<i64: 1>, known_expanding_dimensions = array<i64: 1>} : (tensor<3xf32>, tensor<2xi32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32>, %s: tensor<1xi32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.dynamic_reshape"(%a, %s) : (tensor<?xf32>, tensor<1xi32>) -> tensor<?x?xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %s: tensor<1xi32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.dynamic_reshape"(%a, %s) : (tensor<4xf32>, tensor<1xi32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%s: tensor<1xi32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.dynamic_iota"(%s) {iota_dimension = 1 : i64} : (tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%s: tensor<2xi32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.dynamic_iota"(%s) {iota_dimension = 0 : i64} : (tensor<2xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %z: tensor<f64>, %p: tensor<1xi32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.dynamic_pad"(%a, %z, %p, %p, %p) : (tensor<4xf32>, tensor<f64>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %z: tensor<f32>, %p: tensor<2xi32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.dynamic_pad"(%a, %z, %p, %p, %p) : (tensor<4xf32>, tensor<f32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>, %i: tensor<2x1xi32>, %s: tensor<2xi32>) {
  // expected-error@+1 {{(C11)}}
  %0 = "stablehlo.dynamic_gather"(%a, %i, %s) {dimension_numbers = #stablehlo.gather<offset_dims = [1], start_index_map = [0], index_vector_dim = 1>} : (tensor<4xf32>, tensor<2x1xi32>, tensor<2xi32>) -> tensor<2x?xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<4>>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<?xf32, #stablehlo.bounds<4>>, tensor<?xf32, #stablehlo.bounds<4>>) -> tensor<5xf32>
  return
}
