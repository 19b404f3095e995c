// SPDX-License-Identifier: Apache-2.0
// Operations that the specification has no more: dot, einsum, broadcast, torch_index_select.
// RUN: skarn test %s --messages

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<4x5xf32>) {
  // expected-error@+1 {{contracting dimensions differ in size: 3, 4}}
  %0 = "stablehlo.dot"(%a0, %a1) : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3x1xf32>, %a1: tensor<4x5xf32>) {
  // expected-error@+1 {{operands must be vectors or matrices}}
  %0 = "stablehlo.dot"(%a0, %a1) : (tensor<2x3x1xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<4x5xf32>) {
  // expected-error@+1 {{label 'b' has sizes 3 and 4}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,bc->ac"} : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<3xf32>) {
  // expected-error@+1 {{operand 1 has rank 1, below its labels}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,bc->ac"} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3x4xf32>, %a1: tensor<3xf32>) {
  // expected-error@+1 {{operand 0 has rank 3, but 2 labels}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,b->a"} : (tensor<2x3x4xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<3x5xf32>) {
  // expected-error@+1 {{a label in the result that no operand has}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,bc->ad"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<3x5xf32>) {
  // expected-error@+1 {{no arrow}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,bc"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<3x5xf32>) {
  // expected-error@+1 {{no labels for operand 1}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab->ab"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<3x5xf32>) {
  // expected-error@+1 {{must be compatible with tensor<5x2xf32>}}
  %0 = "stablehlo.einsum"(%a0, %a1) {einsum_config = "ab,bc->ca"} : (tensor<2x3xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>) {
  // expected-error@+1 {{must be compatible with tensor<3xf32>}}
  %0 = "stablehlo.unary_einsum"(%a0) {einsum_config = "ab->b"} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{must be compatible with tensor<3x2xf32>}}
  %0 = "stablehlo.broadcast"(%a0) {broadcast_sizes = array<i64: 3>} : (tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @f(%a0: tensor<5x4xf32>, %a1: tensor<2xi32>) {
  // expected-error@+1 {{dim 2 is not in [0, 2)}}
  %0 = "stablehlo.torch_index_select"(%a0, %a1) {dim = 2 : i64, batch_dims = 0 : i64} : (tensor<5x4xf32>, tensor<2xi32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<5x4xf32>, %a1: tensor<2xi32>) {
  // expected-error@+1 {{must be compatible with tensor<2x4xf32>}}
  %0 = "stablehlo.torch_index_select"(%a0, %a1) {dim = 0 : i64, batch_dims = 0 : i64} : (tensor<5x4xf32>, tensor<2xi32>) -> tensor<5x2xf32>
  return
}
