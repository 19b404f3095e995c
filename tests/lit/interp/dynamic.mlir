// SPDX-License-Identifier: Apache-2.0
// Shapes that only running shows: every dynamic op, element-wise ops on open shapes, and errors where
// a shape does not fit.
// RUN: not --code 5 skarn test %s --via interp --json > %t 2> %t.err
// RUN: filecheck %s < %t
// RUN: filecheck %s --check-prefix=ERR < %t.err
// CHECK: "passed":5,"failed":6,"skipped":0,"unsupported":0
func.func @broadcast_iota_add() {
  %shape = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
  %x = stablehlo.constant dense<[[10], [20]]> : tensor<2x1xi32>
  %b = stablehlo.dynamic_broadcast_in_dim %x, %shape, dims = [0, 1] : (tensor<2x1xi32>, tensor<2xi64>) -> tensor<?x?xi32>
  %i = stablehlo.dynamic_iota %shape, dim = 1 : (tensor<2xi64>) -> tensor<?x?xi32>
  %s = stablehlo.add %b, %i : tensor<?x?xi32>
  %t = stablehlo.transpose %s, dims = [1, 0] : (tensor<?x?xi32>) -> tensor<?x?xi32>
  %y = stablehlo.dynamic_reshape %t, %shape : (tensor<?x?xi32>, tensor<2xi64>) -> tensor<2x3xi32>
  check.expect_eq_const %y, dense<[[10, 20, 11], [21, 12, 22]]> : tensor<2x3xi32>
  %n = stablehlo.get_dimension_size %t, dim = 0 : (tensor<?x?xi32>) -> tensor<i32>
  check.expect_eq_const %n, dense<3> : tensor<i32>
  return
}

// -----

func.func @pad_and_slice() {
  %x = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
  %v = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<1xi64>
  %minus = stablehlo.constant dense<-1> : tensor<1xi64>
  %p = stablehlo.dynamic_pad %x, %v, %one, %minus, %one : (tensor<3xi32>, tensor<i32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xi32>
  // 0 1 0 2 0
  %limit = stablehlo.constant dense<5> : tensor<1xi64>
  %two = stablehlo.constant dense<2> : tensor<1xi64>
  %y = stablehlo.real_dynamic_slice %p, %one, %limit, %two : (tensor<?xi32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<2xi32>
  check.expect_eq_const %y, dense<[1, 2]> : tensor<2xi32>
  return
}

// -----

func.func @gather_and_convolution() {
  %x = stablehlo.constant dense<[[1, 2, 3, 4]]> : tensor<1x4xi32>
  %at = stablehlo.constant dense<[[0, 3]]> : tensor<1x2xi32>
  %sizes = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %g = "stablehlo.dynamic_gather"(%x, %at, %sizes) {dimension_numbers = #stablehlo.gather<offset_dims = [1],
      collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 1>}
      : (tensor<1x4xi32>, tensor<1x2xi32>, tensor<2xi32>) -> tensor<1x2xi32>
  check.expect_eq_const %g, dense<[[3, 4]]> : tensor<1x2xi32>
  %in = stablehlo.constant dense<[[[1], [2]]]> : tensor<1x2x1xi32>
  %k = stablehlo.constant dense<[[[1]], [[10]]]> : tensor<2x1x1xi32>
  %pads = stablehlo.constant dense<[[1, 0]]> : tensor<1x2xi64>
  %c = "stablehlo.dynamic_conv"(%in, %k, %pads) {
    dimension_numbers = #stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>,
    feature_group_count = 1 : i64, batch_group_count = 1 : i64}
    : (tensor<1x2x1xi32>, tensor<2x1x1xi32>, tensor<1x2xi64>) -> tensor<1x2x1xi32>
  check.expect_eq_const %c, dense<[[[10], [21]]]> : tensor<1x2x1xi32>
  return
}

// -----

// A state that grows: its shape is another in every iteration.
func.func @growing_state() {
  %x = stablehlo.constant dense<[7]> : tensor<1xi32>
  %size = stablehlo.constant dense<1> : tensor<1xi64>
  %open = stablehlo.dynamic_reshape %x, %size : (tensor<1xi32>, tensor<1xi64>) -> tensor<?xi32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %zero, %s = %open) : tensor<i32>, tensor<?xi32>
  cond {
    %n = stablehlo.constant dense<3> : tensor<i32>
    %more = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %next = stablehlo.add %i, %one : tensor<i32>
    %twice = stablehlo.concatenate %s, %s, dim = 0 : (tensor<?xi32>, tensor<?xi32>) -> tensor<?xi32>
    stablehlo.return %next, %twice : tensor<i32>, tensor<?xi32>
  }
  %total = stablehlo.reduce(%r#1 init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<?xi32>, tensor<i32>) -> tensor<i32>
  check.expect_eq_const %total, dense<56> : tensor<i32>
  return
}

// -----

// A bound holds more than what is there.
func.func @set_dimension_size() {
  %x = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %n = stablehlo.constant dense<3> : tensor<i32>
  %s = stablehlo.set_dimension_size %x, %n, dim = 0 : (tensor<4xi32>, tensor<i32>) -> tensor<?xi32, #stablehlo.bounds<4>>
  %m = stablehlo.get_dimension_size %s, dim = 0 : (tensor<?xi32, #stablehlo.bounds<4>>) -> tensor<i32>
  check.expect_eq_const %m, dense<3> : tensor<i32>
  return
}

// -----

// ERR: dynamic.mlir:[[# @LINE + 6]]:{{.*}}operands differ in shape
func.func @shapes_differ() {
  %a = stablehlo.constant dense<2> : tensor<1xi64>
  %b = stablehlo.constant dense<3> : tensor<1xi64>
  %x = stablehlo.dynamic_iota %a, dim = 0 : (tensor<1xi64>) -> tensor<?xi32>
  %y = stablehlo.dynamic_iota %b, dim = 0 : (tensor<1xi64>) -> tensor<?xi32>
  %z = stablehlo.add %x, %y : tensor<?xi32>
  %n = stablehlo.get_dimension_size %z, dim = 0 : (tensor<?xi32>) -> tensor<i32>
  check.expect_eq_const %n, dense<2> : tensor<i32>
  return
}

// -----

// ERR: the shape of result 0 is not one its type allows
func.func @result_type_differs() {
  %a = stablehlo.constant dense<2> : tensor<1xi64>
  %b = stablehlo.add %a, %a : tensor<1xi64>
  %x = stablehlo.dynamic_iota %b, dim = 0 : (tensor<1xi64>) -> tensor<3xi32>
  check.expect_eq_const %x, dense<[0, 1, 2]> : tensor<3xi32>
  return
}

// -----

// ERR: the slice is not in the operand
func.func @slice_outside() {
  %x = stablehlo.constant dense<[1, 2, 3]> : tensor<3xi32>
  %one = stablehlo.constant dense<1> : tensor<1xi64>
  %four = stablehlo.constant dense<4> : tensor<1xi64>
  %y = stablehlo.real_dynamic_slice %x, %one, %four, %one : (tensor<3xi32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<?xi32>
  %n = stablehlo.get_dimension_size %y, dim = 0 : (tensor<?xi32>) -> tensor<i32>
  check.expect_eq_const %n, dense<3> : tensor<i32>
  return
}

// -----

// ERR: the shape of result 0 is not one its type allows
func.func @beyond_the_bound() {
  %n = stablehlo.constant dense<5> : tensor<1xi64>
  %x = stablehlo.dynamic_iota %n, dim = 0 : (tensor<1xi64>) -> tensor<?xi32, #stablehlo.bounds<4>>
  %m = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?xi32, #stablehlo.bounds<4>>) -> tensor<i32>
  check.expect_eq_const %m, dense<5> : tensor<i32>
  return
}

// -----

// ERR: the groups are larger than the dimension they divide
func.func @ragged_dot_of_too_large_groups() {
  %x = stablehlo.constant dense<1.0> : tensor<4x2xf32>
  %y = stablehlo.constant dense<1.0> : tensor<2x2x1xf32>
  %sizes = stablehlo.constant dense<[2, 3]> : tensor<2xi64>
  %z = "chlo.ragged_dot"(%x, %y, %sizes) {ragged_dot_dimension_numbers = #chlo.ragged_dot<
      lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [1], lhs_ragged_dimensions = [0],
      rhs_group_dimensions = [0]>} : (tensor<4x2xf32>, tensor<2x2x1xf32>, tensor<2xi64>) -> tensor<4x1xf32>
  check.expect_eq_const %z, dense<2.0> : tensor<4x1xf32>
  return
}

// -----

// ERR: the shape of result 0 is not one its type allows
func.func @negative_size() {
  %one = stablehlo.constant dense<1> : tensor<1xi64>
  %n = stablehlo.negate %one : tensor<1xi64>
  %x = stablehlo.dynamic_iota %n, dim = 0 : (tensor<1xi64>) -> tensor<?xi32>
  %m = stablehlo.get_dimension_size %x, dim = 0 : (tensor<?xi32>) -> tensor<i32>
  check.expect_eq_const %m, dense<-1> : tensor<i32>
  return
}
