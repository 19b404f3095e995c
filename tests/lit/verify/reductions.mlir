// SPDX-License-Identifier: Apache-2.0
// Constraints of reduce, reduce_window, sort and map.
// RUN: skarn test %s --messages

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{a dimension is not in [0, 2) (C4)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 2>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1, 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f64>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f64>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<1xf32>) {
  // expected-error@+1 {{initial value 0 is neither 0-D nor of dimensions that are left to it (C6)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{the body takes 1 arguments, not 2 (C6)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C6)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f64>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{must be compatible with tensor<2xf32> (C7)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3xf32>
  return
}

// -----

func.func @f(%a0: tensor<2x3xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{must be compatible with tensor<2xf64> (C8)}}
  %0 = "stablehlo.reduce"(%a0, %a1) ({ ^bb0(%x0: tensor<f64>, %x1: tensor<f64>): "stablehlo.return"(%x0) : (tensor<f64>) -> () }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2, 2>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 0>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C7)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>, window_strides = array<i64: 0>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C9)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>, base_dilations = array<i64: 0>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C11)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>, window_dilations = array<i64: 0>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{(C12)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>, padding = dense<0> : tensor<2x2xi64>} : (tensor<8xf32>, tensor<f32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<f32>) {
  // expected-error@+1 {{must be compatible with tensor<7xf32> (C15)}}
  %0 = "stablehlo.reduce_window"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {window_dimensions = array<i64: 2>} : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>) {
  // expected-error@+1 {{the comparator does not return tensor<i1> (C5)}}
  %0 = "stablehlo.sort"(%a0) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimension = 0 : i64} : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.sort"(%a0) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimension = 1 : i64} : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.map"(%a0) ({ ^bb0(%x0: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 1>} : (tensor<8xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>, %a1: tensor<7xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.map"(%a0, %a1) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 0>} : (tensor<8xf32>, tensor<7xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<8xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.map"(%a0) ({ ^bb0(%x0: tensor<f32>, %x1: tensor<f32>): "stablehlo.return"(%x0) : (tensor<f32>) -> () }) {dimensions = array<i64: 0>} : (tensor<8xf32>) -> tensor<8xf32>
  return
}
