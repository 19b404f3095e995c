// SPDX-License-Identifier: Apache-2.0
func.func @main() {
  %0 = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %1 = stablehlo.add %0, %0 : tensor<3xf32>
  check.expect_eq_const %1, dense<[2.0, 4.5, 6.0]> : tensor<3xf32>
  return
}

// -----

func.func @accepted(%a: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{there is none}}
  %0 = stablehlo.abs %a : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

func.func @refused(%a: tensor<3xf32>) -> tensor<4xf32> {
  return %a : tensor<3xf32>
}

// -----

func.func @unsupported() {
  %0 = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = stablehlo.create_token : !stablehlo.token
  %2 = "stablehlo.outfeed"(%0, %1) {outfeed_config = ""} : (tensor<2xf32>, !stablehlo.token) -> !stablehlo.token
  check.expect_eq %0, %0 : tensor<2xf32>
  return
}
