// SPDX-License-Identifier: Apache-2.0
// Constraints of select_and_scatter.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf64>, %c: tensor<f32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf64>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<3x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{the source has size 3 in dimension 0, windows are 2 (C2)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<3x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{the source has rank 1, the operand 2 (C2)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<1xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<1xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 0>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{(C6)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{(C7)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, -1>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{(C8)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>, padding = dense<0> : tensor<1x2xi64>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{select does not return tensor<i1> (C9)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%x) : (tensor<f32>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{the body takes 1 arguments, not 2 (C10)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{must be compatible with tensor<4x4xf32> (C11)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%a: tensor<4x4xf32>, %b: tensor<2x2xf32>, %c: tensor<f32>) {
  // expected-error@+1 {{must be compatible with tensor<4x4xf32> (C12)}}
  %0 = "stablehlo.select_and_scatter"(%a, %b, %c) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): %p = "stablehlo.compare"(%x, %y) {comparison_direction = #stablehlo<comparison_direction GE>} : (tensor<f32>, tensor<f32>) -> tensor<i1> "stablehlo.return"(%p) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>} : (tensor<4x4xf32>, tensor<2x2xf32>, tensor<f32>) -> tensor<4x4xf64>
  return
}
