// SPDX-License-Identifier: Apache-2.0
func.func @main() {
  %0 = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = stablehlo.add %0, %0 : tensor<3xf32>
  check.expect_eq_const %1, dense<[2.0, 4.0, 6.0]> : tensor<3xf32>
  return
}

// -----

func.func @main(%a: tensor<3xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{result type}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<3xf32>, tensor<3xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @no_checks(%a: tensor<3xf32>) -> tensor<3xf32> {
  %0 = stablehlo.abs %a : tensor<3xf32>
  return %0 : tensor<3xf32>
}
