// SPDX-License-Identifier: Apache-2.0
// Division of 64-bit integers: in f64 where they are small, lane by lane inside a region where one is not; by zero, with an overflow, at
// 2^51, by a power of two; of a single number it is the operation itself.
// RUN: skarn opt %s --entry both --to lower | filecheck %s
// RUN: skarn opt %s --entry single --to lower | filecheck %s --check-prefix=SINGLE
// RUN: skarn test %s --keep-constants --via native
// RUN: skarn test %s --via native
// RUN: skarn test %s --via loop
// RUN: skarn test %s --via interp
// RUN: skarn run %s --entry both --random 1 --compare interp
// CHECK: fdiv
// CHECK: if
// CHECK: sdiv
// CHECK-NOT: fdiv
// CHECK: srem
// SINGLE-NOT: fdiv
// SINGLE: sdiv
func.func @both(%x: tensor<1001xi64>, %y: tensor<1001xi64>) -> (tensor<1001xi64>, tensor<1001xi64>) {
  %0 = stablehlo.divide %x, %y : tensor<1001xi64>
  %1 = stablehlo.remainder %x, %y : tensor<1001xi64>
  return %0, %1 : tensor<1001xi64>, tensor<1001xi64>
}
func.func @single(%x: tensor<i64>, %y: tensor<i64>) -> tensor<i64> {
  %0 = stablehlo.divide %x, %y : tensor<i64>
  return %0 : tensor<i64>
}
func.func @main() {
  %x = stablehlo.constant dense<[7, -7, 7, -7, -9223372036854775808, -9223372036854775808, -5, 0, 2251799813685247, 2251799813685248, -2251799813685248, -2251799813685249]> : tensor<12xi64>
  %y = stablehlo.constant dense<[2, 2, -2, -2, -1, 3, 0, 0, 1, 1, 1, 1]> : tensor<12xi64>
  %0 = stablehlo.divide %x, %y : tensor<12xi64>
  %1 = stablehlo.remainder %x, %y : tensor<12xi64>
  check.expect_eq_const %0, dense<[3, -3, -3, 3, -9223372036854775808, -3074457345618258602, -1, -1, 2251799813685247, 2251799813685248, -2251799813685248, -2251799813685249]> : tensor<12xi64>
  check.expect_eq_const %1, dense<[1, -1, 1, -1, 0, -2, -5, 0, 0, 0, 0, 0]> : tensor<12xi64>
  %p = stablehlo.constant dense<[2251799813685247, -2251799813685247, 2251799813685246, 4503599627370495, 9007199254740993, 1]> : tensor<6xi64>
  %q = stablehlo.constant dense<[2251799813685246, 2251799813685246, 2251799813685247, 4503599627370494, 3, 9223372036854775807]> : tensor<6xi64>
  %2 = stablehlo.divide %p, %q : tensor<6xi64>
  %3 = stablehlo.remainder %p, %q : tensor<6xi64>
  check.expect_eq_const %2, dense<[1, -1, 0, 1, 3002399751580331, 0]> : tensor<6xi64>
  check.expect_eq_const %3, dense<[1, -1, 2251799813685246, 1, 0, 1]> : tensor<6xi64>
  %u = stablehlo.constant dense<[18446744073709551615, 5, 9, 2251799813685248, 2251799813685247]> : tensor<5xui64>
  %v = stablehlo.constant dense<[10, 0, 4, 2251799813685247, 18446744073709551615]> : tensor<5xui64>
  %4 = stablehlo.divide %u, %v : tensor<5xui64>
  %5 = stablehlo.remainder %u, %v : tensor<5xui64>
  check.expect_eq_const %4, dense<[1844674407370955161, 18446744073709551615, 2, 1, 0]> : tensor<5xui64>
  check.expect_eq_const %5, dense<[5, 5, 1, 1, 2251799813685247]> : tensor<5xui64>
  %eight = stablehlo.constant dense<8> : tensor<12xi64>
  %6 = stablehlo.divide %x, %eight : tensor<12xi64>
  check.expect_eq_const %6, dense<[0, 0, 0, 0, -1152921504606846976, -1152921504606846976, 0, 0, 281474976710655, 281474976710656, -281474976710656, -281474976710656]> : tensor<12xi64>
  return
}
