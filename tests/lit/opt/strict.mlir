// SPDX-License-Identifier: Apache-2.0
// Contraction is a matter of numerics, and never enters a sum of products with two uses.
// RUN: skarn opt %s --to lower | filecheck %s --check-prefix=DEFAULT
// RUN: skarn opt %s --to lower --numerics strict | filecheck %s --check-prefix=STRICT

// DEFAULT: fma
// STRICT-NOT: fma
// STRICT: store
func.func @main(%a: tensor<64xf32>, %b: tensor<64xf32>) -> tensor<64xf32> {
  %0 = stablehlo.multiply %a, %b : tensor<64xf32>
  %1 = stablehlo.add %0, %b : tensor<64xf32>
  return %1 : tensor<64xf32>
}
