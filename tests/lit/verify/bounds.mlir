// SPDX-License-Identifier: Apache-2.0
// Bounds of unknown dimensions are inferred: a result may not be larger than they allow.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<3xf32>, %b: tensor<?xf32, #stablehlo.bounds<2>>) {
  // expected-error@+1 {{size 3 of dimension 0 is above the bound 2}}
  %0 = "stablehlo.add"(%a, %b) : (tensor<3xf32>, tensor<?xf32, #stablehlo.bounds<2>>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<4>>) {
  // expected-error@+1 {{limit 5 is above the size or bound 4 of dimension 0 (C3)}}
  %0 = "stablehlo.slice"(%a) {start_indices = array<i64: 0>, limit_indices = array<i64: 5>, strides = array<i64: 1>} : (tensor<?xf32, #stablehlo.bounds<4>>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<3>>, %b: tensor<f32>) {
  // expected-error@+1 {{padding makes dimension 0 negative or too large (C4)}}
  %0 = "stablehlo.pad"(%a, %b) {edge_padding_low = array<i64: -10>, edge_padding_high = array<i64: 0>, interior_padding = array<i64: 1>} : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<f32>) -> tensor<?xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<3>>, %b: tensor<f32>) {
  // expected-error@+1 {{#stablehlo.bounds<7>}}
  %0 = "stablehlo.pad"(%a, %b) {edge_padding_low = array<i64: 2>, edge_padding_high = array<i64: 0>, interior_padding = array<i64: 1>} : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<f32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<3>>, %b: tensor<4xf32>) {
  // expected-error@+1 {{#stablehlo.bounds<7>}}
  %0 = "stablehlo.concatenate"(%a, %b) {dimension = 0 : i64} : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a: tensor<?x5xf32, #stablehlo.bounds<7, ?>>, %b: tensor<f32>) {
  // expected-error@+1 {{#stablehlo.bounds<7>}}
  %0 = "stablehlo.reduce"(%a, %b) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<?x5xf32, #stablehlo.bounds<7, ?>>, tensor<f32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%p: tensor<i1>, %a: tensor<2xf32>, %b: tensor<?xf32, #stablehlo.bounds<3>>) {
  // expected-error@+1 {{#stablehlo.bounds<3>}}
  %0 = "stablehlo.if"(%p) ({ "stablehlo.return"(%a) : (tensor<2xf32>) -> () }, { "stablehlo.return"(%b) : (tensor<?xf32, #stablehlo.bounds<3>>) -> () }) : (tensor<i1>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a: tensor<?x5xf32, #stablehlo.bounds<8, ?>>) {
  %0 = stablehlo.constant dense<6> : tensor<i32>
  // expected-error@+1 {{tensor<6x5xf32>}}
  %1 = "stablehlo.set_dimension_size"(%a, %0) {dimension = 0 : i64} : (tensor<?x5xf32, #stablehlo.bounds<8, ?>>, tensor<i32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%a: tensor<?xf32, #stablehlo.bounds<3>>, %b: tensor<?xf32, #stablehlo.bounds<5>>) {
  // expected-error@+1 {{#stablehlo.bounds<5>}}
  %0 = chlo.broadcast_add %a, %b : (tensor<?xf32, #stablehlo.bounds<3>>, tensor<?xf32, #stablehlo.bounds<5>>) -> tensor<6xf32>
  return
}
