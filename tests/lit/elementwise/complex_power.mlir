// SPDX-License-Identifier: Apache-2.0
// A power whose factors |x|^c and e^(-d arg x) leave the range of numbers, while their product need not; powers of zero and of
// infinity.
// RUN: skarn run %s --via native --isa v3 | filecheck %s
// RUN: skarn run %s --via loop | filecheck %s
// RUN: skarn run %s --via interp | filecheck %s
// CHECK: result 0: tensor<4xcomplex<f64>> = 1 0 inf 1
// CHECK: result 1: tensor<2xi1> = 1 1
func.func @main() -> (tensor<4xcomplex<f64>>, tensor<2xi1>) {
  %x = stablehlo.constant dense<[(0.0, 0.0), (0.0, 0.0), (0x7FF0000000000000, 0.0), (3.0, 1.0)]> : tensor<4xcomplex<f64>>
  %y = stablehlo.constant dense<[(0.0, 0.0), (1.0, 2.0), (2.0, 0.0), (0.0, 0.0)]> : tensor<4xcomplex<f64>>
  %0 = stablehlo.power %x, %y : tensor<4xcomplex<f64>>
  // (1e200 (1 + i))^(2 + 1175 i): 1e400 times e^-923, and 1e-400 times e^923.
  %a = stablehlo.constant dense<[(1.0e200, 1.0e200), (1.0e200, 1.0e200)]> : tensor<2xcomplex<f64>>
  %b = stablehlo.constant dense<[(2.0, 1175.0), (-2.0, -1175.0)]> : tensor<2xcomplex<f64>>
  %1 = stablehlo.power %a, %b : tensor<2xcomplex<f64>>
  %2 = stablehlo.abs %1 : (tensor<2xcomplex<f64>>) -> tensor<2xf64>
  %3 = stablehlo.constant dense<[0.32769970816814781, 3.0515742769196623]> : tensor<2xf64>
  %4 = stablehlo.divide %2, %3 : tensor<2xf64>
  %5 = stablehlo.constant dense<1.0> : tensor<2xf64>
  %6 = stablehlo.subtract %4, %5 : tensor<2xf64>
  %7 = stablehlo.abs %6 : tensor<2xf64>
  %8 = stablehlo.constant dense<1.0e-6> : tensor<2xf64>
  %9 = stablehlo.compare LT, %7, %8 : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xi1>
  return %0, %9 : tensor<4xcomplex<f64>>, tensor<2xi1>
}
