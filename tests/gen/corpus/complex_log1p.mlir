// SPDX-License-Identifier: Apache-2.0
// log(1 + z) near z = -1, where |1 + z|^2 - 1 has nothing left of |1 + z|: the interpreter was wrong from the 9th digit.
func.func @main(%z: tensor<3xcomplex<f64>> {skarn.value = dense<[(-1.0000003786239731, -8.2021223663434167e-08), (-1.0000002155407748, 6.4798514053034355e-08), (-0.6, 0.3)]> : tensor<3xcomplex<f64>>}) -> tensor<3xcomplex<f64>> {
  %w = stablehlo.log_plus_one %z : tensor<3xcomplex<f64>>
  return %w : tensor<3xcomplex<f64>>
}
