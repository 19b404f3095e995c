// SPDX-License-Identifier: Apache-2.0
// Windows: reduce_window with every attribute, several inputs, padding that counts as initial
// values; select_and_scatter.
// RUN: skarn test %s --via interp --json | filecheck %s
// CHECK: "passed":5,"failed":0,"skipped":0,"unsupported":0
func.func @strides_and_dilations() {
  %x = stablehlo.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %y = "stablehlo.reduce_window"(%x, %zero) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 1, 2>,
      base_dilations = array<i64: 1, 2>, window_dilations = array<i64: 1, 2>,
      padding = dense<[[1, 0], [0, 0]]> : tensor<2x2xi64>} : (tensor<2x4xi32>, tensor<i32>) -> tensor<2x3xi32>
  check.expect_eq_const %y, dense<[[3, 5, 7], [14, 18, 22]]> : tensor<2x3xi32>
  return
}

// -----

// Padding takes part as the initial value: 10 for each padded place, and once to start with.
func.func @padding_is_the_initial_value() {
  %x = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
  %ten = stablehlo.constant dense<10> : tensor<i32>
  %y = "stablehlo.reduce_window"(%x, %ten) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {window_dimensions = array<i64: 2>, padding = dense<[[1, 1]]> : tensor<1x2xi64>}
      : (tensor<3xi32>, tensor<i32>) -> tensor<4xi32>
  check.expect_eq_const %y, dense<[21, 13, 15, 23]> : tensor<4xi32>
  return
}

// -----

// The largest element of each window and where it is.
func.func @two_inputs() {
  %x = stablehlo.constant dense<[3.0, 9.0, 4.0, 7.0, 8.0]> : tensor<5xf32>
  %at = stablehlo.iota dim = 0 : tensor<5xi32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %none = stablehlo.constant dense<-1> : tensor<i32>
  %y:2 = "stablehlo.reduce_window"(%x, %at, %low, %none) ({
  ^bb0(%a: tensor<f32>, %i: tensor<i32>, %b: tensor<f32>, %j: tensor<i32>):
    %p = stablehlo.compare GE, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %v = stablehlo.select %p, %a, %b : tensor<i1>, tensor<f32>
    %k = stablehlo.select %p, %i, %j : tensor<i1>, tensor<i32>
    stablehlo.return %v, %k : tensor<f32>, tensor<i32>
  }) {window_dimensions = array<i64: 2>, window_strides = array<i64: 2>}
      : (tensor<5xf32>, tensor<5xi32>, tensor<f32>, tensor<i32>) -> (tensor<2xf32>, tensor<2xi32>)
  check.expect_eq_const %y#0, dense<[9.0, 7.0]> : tensor<2xf32>
  check.expect_eq_const %y#1, dense<[1, 3]> : tensor<2xi32>
  return
}

// -----

func.func @select_and_scatter() {
  %x = stablehlo.constant dense<[[1, 5, 2, 2], [4, 0, 2, 1]]> : tensor<2x4xi32>
  %source = stablehlo.constant dense<[[10, 20]]> : tensor<1x2xi32>
  %init = stablehlo.constant dense<100> : tensor<i32>
  %y = "stablehlo.select_and_scatter"(%x, %source, %init) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %p = stablehlo.compare GE, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }, {
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {window_dimensions = array<i64: 2, 2>, window_strides = array<i64: 2, 2>,
      padding = dense<0> : tensor<2x2xi64>} : (tensor<2x4xi32>, tensor<1x2xi32>, tensor<i32>) -> tensor<2x4xi32>
  check.expect_eq_const %y, dense<[[100, 110, 120, 100], [100, 100, 100, 100]]> : tensor<2x4xi32>
  return
}

// -----

// A loop in the body: it is run as a region, element by element.
func.func @body_with_a_loop() {
  %x = stablehlo.constant dense<[2, 3, 5]> : tensor<3xi32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %y = stablehlo.reduce(%x init: %one) across dimensions = [0] : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
    reducer(%a: tensor<i32>, %b: tensor<i32>) {
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %r:2 = stablehlo.while(%sum = %zero, %left = %b) : tensor<i32>, tensor<i32>
    cond {
      %more = stablehlo.compare GT, %left, %zero : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %next = stablehlo.add %sum, %a : tensor<i32>
      %unit = stablehlo.constant dense<1> : tensor<i32>
      %rest = stablehlo.subtract %left, %unit : tensor<i32>
      stablehlo.return %next, %rest : tensor<i32>, tensor<i32>
    }
    stablehlo.return %r#0 : tensor<i32>
  }
  check.expect_eq_const %y, dense<30> : tensor<i32>
  return
}
