// SPDX-License-Identifier: Apache-2.0
// maximum and minimum: NaN of either operand wins, -0 is less than +0 (checked by bits), infinities and subnormals in order; of two
// widths, in lanes and in rests of them.
// RUN: skarn test %s --via native
// RUN: skarn test %s --via native --isa v3 --threads 2
// RUN: skarn test %s --via loop
// RUN: skarn test %s --via interp
func.func @main() {
  %a = stablehlo.constant dense<[0x7FC00000, 1.0, 0xFFC00001, 0x7F800000, -3.0, 0xFF800000, 1.0, 0x00000001, 0x7F800001, 2.0, 0x807FFFFF]> : tensor<11xf32>
  %b = stablehlo.constant dense<[1.0, 0x7FC00000, 0x7FC00000, 5.0, -2.0, 0x7F800000, 1.0, -0.0, 3.0, 0xFF800001, 0x00800000]> : tensor<11xf32>
  %0 = stablehlo.maximum %a, %b : tensor<11xf32>
  %1 = stablehlo.minimum %a, %b : tensor<11xf32>
  check.expect_eq_const %0, dense<[0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7F800000, -2.0, 0x7F800000, 1.0, 0x00000001, 0x7FC00000, 0x7FC00000, 0x00800000]> : tensor<11xf32>
  check.expect_eq_const %1, dense<[0x7FC00000, 0x7FC00000, 0x7FC00000, 5.0, -3.0, 0xFF800000, 1.0, -0.0, 0x7FC00000, 0x7FC00000, 0x807FFFFF]> : tensor<11xf32>

  %x = stablehlo.constant dense<[0.0, -0.0, 0.0, -0.0]> : tensor<4xf32>
  %y = stablehlo.constant dense<[-0.0, 0.0, 0.0, -0.0]> : tensor<4xf32>
  %2 = stablehlo.maximum %x, %y : tensor<4xf32>
  %3 = stablehlo.minimum %x, %y : tensor<4xf32>
  %4 = stablehlo.bitcast_convert %2 : (tensor<4xf32>) -> tensor<4xi32>
  %5 = stablehlo.bitcast_convert %3 : (tensor<4xf32>) -> tensor<4xi32>
  check.expect_eq_const %4, dense<[0, 0, 0, -2147483648]> : tensor<4xi32>
  check.expect_eq_const %5, dense<[-2147483648, -2147483648, 0, -2147483648]> : tensor<4xi32>

  %p = stablehlo.constant dense<[0x7FF8000000000000, 1.0, 0.0, -0.0, 7.0]> : tensor<5xf64>
  %q = stablehlo.constant dense<[1.0, 0x7FF8000000000000, -0.0, 0.0, -7.0]> : tensor<5xf64>
  %6 = stablehlo.maximum %p, %q : tensor<5xf64>
  %7 = stablehlo.minimum %p, %q : tensor<5xf64>
  check.expect_eq_const %6, dense<[0x7FF8000000000000, 0x7FF8000000000000, 0.0, 0.0, 7.0]> : tensor<5xf64>
  %8 = stablehlo.slice %7 [2:5] : (tensor<5xf64>) -> tensor<3xf64>
  %9 = stablehlo.bitcast_convert %8 : (tensor<3xf64>) -> tensor<3xi64>
  check.expect_eq_const %9, dense<[-9223372036854775808, -9223372036854775808, -4603804719079489536]> : tensor<3xi64>
  return
}
