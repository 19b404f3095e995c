// SPDX-License-Identifier: Apache-2.0
// The real part of the quotient is NaN, whose sign is not defined: the zero that atanh gives for an infinite imaginary part must not take it.
func.func @main(%arg0: tensor<8xcomplex<f32>> {skarn.value = dense<(7.4959984e-25, 0x7F800000)> : tensor<8xcomplex<f32>>}, %arg1: tensor<8xcomplex<f32>> {skarn.value = dense<(1.03621936e27, 0.0)> : tensor<8xcomplex<f32>>}) -> tensor<8xcomplex<f32>> {
  %0 = stablehlo.divide %arg0, %arg1 : tensor<8xcomplex<f32>>
  %1 = chlo.atanh %0 : tensor<8xcomplex<f32>> -> tensor<8xcomplex<f32>>
  return %1 : tensor<8xcomplex<f32>>
}
