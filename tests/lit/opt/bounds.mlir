// SPDX-License-Identifier: Apache-2.0
// What bounds of integers decide: the floor of a division of what is not negative is a shift, an index that is not negative needs
// no wrapping, and comparisons with what lies outside are known.
// RUN: skarn opt %s --entry floor --to lower | filecheck %s
// RUN: skarn run %s --entry floor --random 1 --compare interp
// RUN: skarn run %s --entry known --random 1 --compare interp
// RUN: skarn opt %s --entry known --to lower | filecheck %s --check-prefix=KNOWN
// RUN: skarn run %s --entry unknown --random 1 --compare interp
// RUN: skarn test %s --keep-constants --via native
// RUN: skarn test %s --via native
// CHECK: shr
// CHECK-NOT: {{ (select|slt|ieq|ine|pand|smin|smax) }}
func.func @floor(%x: tensor<100xui8>) -> tensor<100xi32> {
  %zero = stablehlo.constant dense<0> : tensor<100xi32>
  %one = stablehlo.constant dense<1> : tensor<100xi32>
  %two = stablehlo.constant dense<2> : tensor<100xi32>
  %size = stablehlo.constant dense<256> : tensor<100xi32>
  %i = stablehlo.convert %x : (tensor<100xui8>) -> tensor<100xi32>
  %si = stablehlo.sign %i : tensor<100xi32>
  %st = stablehlo.sign %two : tensor<100xi32>
  %differ = stablehlo.compare NE, %si, %st, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %rest = stablehlo.remainder %i, %two : tensor<100xi32>
  %inexact = stablehlo.compare NE, %rest, %zero, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %below = stablehlo.and %differ, %inexact : tensor<100xi1>
  %q = stablehlo.divide %i, %two : tensor<100xi32>
  %less = stablehlo.subtract %q, %one : tensor<100xi32>
  %floor = stablehlo.select %below, %less, %q : tensor<100xi1>, tensor<100xi32>
  %negative = stablehlo.compare LT, %floor, %zero, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %around = stablehlo.add %floor, %size : tensor<100xi32>
  %index = stablehlo.select %negative, %around, %floor : tensor<100xi1>, tensor<100xi32>
  return %index : tensor<100xi32>
}

// KNOWN-NOT: {{ (slt|sle|ieq|ine|ult|ule) }}
func.func @known(%x: tensor<100xui8>) -> (tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>) {
  %i = stablehlo.convert %x : (tensor<100xui8>) -> tensor<100xi32>
  %big = stablehlo.constant dense<256> : tensor<100xi32>
  %minus = stablehlo.constant dense<-1> : tensor<100xi32>
  %top = stablehlo.constant dense<255> : tensor<100xi32>
  %0 = stablehlo.compare LT, %i, %big, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %1 = stablehlo.compare LE, %i, %minus, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %2 = stablehlo.compare LE, %i, %top, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %3 = stablehlo.compare EQ, %i, %big, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %4 = stablehlo.compare NE, %i, %minus, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  return %0, %1, %2, %3, %4 : tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>
}

// What the bounds do not decide, at their edges.
func.func @unknown(%x: tensor<100xui8>, %y: tensor<100xi32>) -> (tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>) {
  %i = stablehlo.convert %x : (tensor<100xui8>) -> tensor<100xi32>
  %one = stablehlo.constant dense<1> : tensor<100xi32>
  %zero = stablehlo.constant dense<0> : tensor<100xi32>
  %0 = stablehlo.compare LT, %i, %one, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %1 = stablehlo.compare LE, %i, %zero, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %s = stablehlo.sign %i : tensor<100xi32>
  %2 = stablehlo.compare EQ, %s, %one, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %3 = stablehlo.compare LT, %y, %i, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  %t = stablehlo.sign %y : tensor<100xi32>
  %4 = stablehlo.compare NE, %t, %one, SIGNED : (tensor<100xi32>, tensor<100xi32>) -> tensor<100xi1>
  return %0, %1, %2, %3, %4 : tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>, tensor<100xi1>
}

func.func @main() {
  %i = stablehlo.constant dense<[0, 1, 2, 255]> : tensor<4xui8>
  %y = stablehlo.constant dense<[-1, 0, 1, 2147483647]> : tensor<4xi32>
  %w = stablehlo.convert %i : (tensor<4xui8>) -> tensor<4xi32>
  %one = stablehlo.constant dense<1> : tensor<4xi32>
  %zero = stablehlo.constant dense<0> : tensor<4xi32>
  %two = stablehlo.constant dense<2> : tensor<4xi32>
  %s = stablehlo.sign %w : tensor<4xi32>
  %0 = stablehlo.compare EQ, %s, %one, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  check.expect_eq_const %0, dense<[false, true, true, true]> : tensor<4xi1>
  %1 = stablehlo.compare NE, %s, %one, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %r = stablehlo.remainder %w, %two : tensor<4xi32>
  %odd = stablehlo.compare NE, %r, %zero, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  %2 = stablehlo.and %1, %odd : tensor<4xi1>
  check.expect_eq_const %2, dense<[false, false, false, false]> : tensor<4xi1>
  %3 = stablehlo.compare LT, %y, %w, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  check.expect_eq_const %3, dense<[true, true, true, false]> : tensor<4xi1>
  %4 = stablehlo.compare LE, %w, %zero, SIGNED : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi1>
  check.expect_eq_const %4, dense<[true, false, false, false]> : tensor<4xi1>
  return
}
