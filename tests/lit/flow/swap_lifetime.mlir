// SPDX-License-Identifier: Apache-2.0
// Carries that exchange their storage on every trip: after an odd number of trips a value lives in
// the other storage, which must not be given to what comes after the loop while it is still read.
// RUN: skarn test %s
// RUN: skarn test %s --via interp
func.func @main() {
  %zero = stablehlo.constant dense<0> : tensor<i64>
  %one = stablehlo.constant dense<1> : tensor<i64>
  %five = stablehlo.constant dense<5> : tensor<i64>
  %a = stablehlo.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %b = stablehlo.constant dense<[5, 6, 7, 8]> : tensor<4xi32>
  %0:3 = stablehlo.while(%i = %zero, %x = %a, %y = %b)
      : tensor<i64>, tensor<4xi32>, tensor<4xi32>
  cond {
    %p = stablehlo.compare LT, %i, %five : (tensor<i64>, tensor<i64>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %j = stablehlo.add %i, %one : tensor<i64>
    stablehlo.return %j, %y, %x : tensor<i64>, tensor<4xi32>, tensor<4xi32>
  }
  // reads the first loop's results on every trip, with temporaries of its own
  %1:3 = stablehlo.while(%i = %zero, %s = %a, %t = %b)
      : tensor<i64>, tensor<4xi32>, tensor<4xi32>
  cond {
    %p = stablehlo.compare LT, %i, %five : (tensor<i64>, tensor<i64>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %j = stablehlo.add %i, %one : tensor<i64>
    %u = stablehlo.add %s, %0#1 : tensor<4xi32>
    %v = stablehlo.multiply %t, %0#2 : tensor<4xi32>
    stablehlo.return %j, %v, %u : tensor<i64>, tensor<4xi32>, tensor<4xi32>
  }
  check.expect_eq_const %0#1, dense<[5, 6, 7, 8]> : tensor<4xi32>
  check.expect_eq_const %0#2, dense<[1, 2, 3, 4]> : tensor<4xi32>
  check.expect_eq_const %1#1, dense<[15, 84, 273, 672]> : tensor<4xi32>
  check.expect_eq_const %1#2, dense<[16, 50, 118, 232]> : tensor<4xi32>
  return
}
