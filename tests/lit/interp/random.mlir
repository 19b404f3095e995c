// SPDX-License-Identifier: Apache-2.0
// Generators of random bits: the specification's example, known answers of the generators' authors,
// states; and what every draw of rng must satisfy.
// RUN: skarn test %s --via interp --json | filecheck %s
// CHECK: "passed":4,"failed":0,"skipped":0,"unsupported":0
func.func @threefry() {
  %s = stablehlo.constant dense<[1, 2]> : tensor<2xui64>
  %t, %y = stablehlo.rng_bit_generator %s, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x2xui64>)
  check.expect_eq_const %t, dense<[1, 6]> : tensor<2xui64>
  check.expect_eq_const %y, dense<[[9236835810183407956, 16087790271692313299], [18212823393184779219, 2658481902456610144]]> : tensor<2x2xui64>
  return
}

// -----

// Key 0, counter 0: 6b200159 99ba4efe. Neighbours along the dimension of even size share a pair.
func.func @threefry_words() {
  %s = stablehlo.constant dense<0> : tensor<2xui64>
  %t, %y = stablehlo.rng_bit_generator %s, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<2x3xui32>)
  check.expect_eq_const %t, dense<[0, 3]> : tensor<2xui64>
  %a = stablehlo.slice %y [0:2, 0:1] : (tensor<2x3xui32>) -> tensor<2x1xui32>
  check.expect_eq_const %a, dense<[[0x6b200159], [0x99ba4efe]]> : tensor<2x1xui32>
  return
}

// -----

// Key 0, counter 0: 6627e8d5 e169c58d bc57ac4c 9b00dbd8.
func.func @philox() {
  %s = stablehlo.constant dense<0> : tensor<3xui64>
  %t, %y = stablehlo.rng_bit_generator %s, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<5xui32>)
  check.expect_eq_const %t, dense<[0, 2, 0]> : tensor<3xui64>
  %a = stablehlo.slice %y [0:4] : (tensor<5xui32>) -> tensor<4xui32>
  check.expect_eq_const %a, dense<[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]> : tensor<4xui32>
  %u, %z = stablehlo.rng_bit_generator %s, algorithm = DEFAULT : (tensor<3xui64>) -> (tensor<3xui64>, tensor<2xui64>)
  check.expect_eq_const %z, dense<[0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c]> : tensor<2xui64>
  // The counter carries.
  %o = stablehlo.constant dense<[5, 18446744073709551615, 7]> : tensor<3xui64>
  %v, %w = stablehlo.rng_bit_generator %o, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<8xui32>)
  check.expect_eq_const %v, dense<[5, 1, 8]> : tensor<3xui64>
  return
}

// -----

func.func @rng() {
  %a = stablehlo.constant dense<2.0> : tensor<f32>
  %b = stablehlo.constant dense<3.0> : tensor<f32>
  %n = stablehlo.constant dense<[1000]> : tensor<1xi64>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %x = stablehlo.rng %a, %b, %n, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<1000xf32>
  %sum = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
  %mean = stablehlo.constant dense<2500.0> : tensor<f32>
  check.expect_almost_eq %sum, %mean, tolerance = 40.0 : tensor<f32>
  %least = stablehlo.reduce(%x init: %b) applies stablehlo.minimum across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
  check.expect_almost_eq %least, %a, tolerance = 0.01 : tensor<f32>
  %y = stablehlo.rng %a, %b, %n, distribution = NORMAL : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<1000xf32>
  %two = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> tensor<1000xf32>
  %d = stablehlo.subtract %y, %two : tensor<1000xf32>
  %square = stablehlo.multiply %d, %d : tensor<1000xf32>
  %spread = stablehlo.reduce(%square init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<1000xf32>, tensor<f32>) -> tensor<f32>
  %nine = stablehlo.constant dense<9000.0> : tensor<f32>
  check.expect_almost_eq %spread, %nine, tolerance = 1500.0 : tensor<f32>
  %again = stablehlo.rng %a, %b, %n, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<1000xf32>
  %other = stablehlo.compare NE, %x, %again : (tensor<1000xf32>, tensor<1000xf32>) -> tensor<1000xi1>
  %no = stablehlo.constant dense<false> : tensor<i1>
  %any = stablehlo.reduce(%other init: %no) applies stablehlo.or across dimensions = [0] : (tensor<1000xi1>, tensor<i1>) -> tensor<i1>
  check.expect_eq_const %any, dense<true> : tensor<i1>
  return
}
