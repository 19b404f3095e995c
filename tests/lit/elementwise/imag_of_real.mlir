// SPDX-License-Identifier: Apache-2.0
// The imaginary part of a real number is zero, which some types do not have: there it is NaN.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop
func.func @main(%a: tensor<3xf8E8M0FNU>, %b: tensor<3xf32>, %c: tensor<3xbf16>) -> (tensor<3xi1>, tensor<3xf8E8M0FNU>, tensor<3xf32>, tensor<3xbf16>) {
  %1 = stablehlo.imag %a : tensor<3xf8E8M0FNU>
  %2 = stablehlo.compare NE, %1, %1, FLOAT : (tensor<3xf8E8M0FNU>, tensor<3xf8E8M0FNU>) -> tensor<3xi1>
  %3 = stablehlo.exponential %1 : tensor<3xf8E8M0FNU>
  %4 = stablehlo.imag %b : tensor<3xf32>
  %5 = stablehlo.imag %c : tensor<3xbf16>
  return %2, %3, %4, %5 : tensor<3xi1>, tensor<3xf8E8M0FNU>, tensor<3xf32>, tensor<3xbf16>
}
