// SPDX-License-Identifier: Apache-2.0
// zeta and polygamma: pi^2/6, pi^4/90 and their like, both sides of zero, poles, and where the sum or its rest is nothing or infinite.
// RUN: skarn run %s --via native --isa v3 | filecheck %s
// RUN: skarn run %s --via loop | filecheck %s
// RUN: skarn run %s --via interp | filecheck %s
// RUN: skarn run %s --via native --isa v3 --compare interp
// CHECK: result 0: tensor<6xf64> = 1.644934 1.082323 inf inf {{-?}}nan 0
// CHECK: result 1: tensor<6xf64> = -0.5772157 1.644934 -2.404114 8.934802 {{-?}}nan {{-?}}nan
// CHECK: result 2: tensor<2xf32> = 8.934802 -0.8287966
func.func @main() -> (tensor<6xf64>, tensor<6xf64>, tensor<2xf32>) {
  %s = stablehlo.constant dense<[2.0, 4.0, 1.0, 3.0, 0.5, 1.0e300]> : tensor<6xf64>
  %q = stablehlo.constant dense<[1.0, 1.0, 2.0, -2.0, 1.0, 3.0]> : tensor<6xf64>
  %0 = chlo.zeta %s, %q : tensor<6xf64>, tensor<6xf64> -> tensor<6xf64>
  %n = stablehlo.constant dense<[0.0, 1.0, 2.0, 1.0, -1.0, 0.5]> : tensor<6xf64>
  %x = stablehlo.constant dense<[1.0, 1.0, 1.0, -0.5, 1.0, 1.0]> : tensor<6xf64>
  %1 = chlo.polygamma %n, %x : tensor<6xf64>, tensor<6xf64> -> tensor<6xf64>
  %m = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = stablehlo.constant dense<[-0.5, 1.5]> : tensor<2xf32>
  %2 = chlo.polygamma %m, %y : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return %0, %1, %2 : tensor<6xf64>, tensor<6xf64>, tensor<2xf32>
}
