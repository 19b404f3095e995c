// SPDX-License-Identifier: Apache-2.0
// Equal operations share their lowering: with the same operand twice and with two, with other attributes, factors with scratch of their own.
// RUN: skarn run %s --random 5 --numerics strict --compare interp
// RUN: skarn run %s --random 5 --compare loop
// RUN: skarn run %s --random 5 --threads 3 --compare loop:auto:1
func.func @main(%x: tensor<3x20x20xf32>, %y: tensor<3x20x20xf32>)
    -> (tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>) {
  %i = stablehlo.iota dim = 1 : tensor<3x20x20xi32>
  %j = stablehlo.iota dim = 2 : tensor<3x20x20xi32>
  %on = stablehlo.compare EQ, %i, %j : (tensor<3x20x20xi32>, tensor<3x20x20xi32>) -> tensor<3x20x20xi1>
  %thirty = stablehlo.constant dense<30.0> : tensor<3x20x20xf32>
  %a = stablehlo.select %on, %thirty, %x : tensor<3x20x20xi1>, tensor<3x20x20xf32>
  %b = stablehlo.select %on, %thirty, %y : tensor<3x20x20xi1>, tensor<3x20x20xf32>
  %0 = "stablehlo.triangular_solve"(%a, %a) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x20x20xf32>, tensor<3x20x20xf32>) -> tensor<3x20x20xf32>
  %1 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x20x20xf32>, tensor<3x20x20xf32>) -> tensor<3x20x20xf32>
  %2 = "stablehlo.triangular_solve"(%b, %1) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x20x20xf32>, tensor<3x20x20xf32>) -> tensor<3x20x20xf32>
  %3 = "stablehlo.triangular_solve"(%b, %a) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x20x20xf32>, tensor<3x20x20xf32>) -> tensor<3x20x20xf32>
  %4 = stablehlo.cholesky %a, lower = true : tensor<3x20x20xf32>
  %5 = stablehlo.cholesky %b, lower = true : tensor<3x20x20xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>, tensor<3x20x20xf32>
}
