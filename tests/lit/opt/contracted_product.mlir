// SPDX-License-Identifier: Apache-2.0
// A product that is contracted into a sum is computed where the sum is, even where computing it again would be too much by itself: here
// the sum is read by a reversal and a concatenation, and the product reads a reduction.
// RUN: skarn explain %s | filecheck %s
// RUN: skarn run %s --random 3 --compare interp
// RUN: skarn run %s --random 3 --compare loop
// CHECK: 2 concatenate_2
// CHECK: inside   multiply (line 15)
// CHECK-NEXT: again    add (line 17), add (line 16)
// CHECK-NOT: {{^}}3
func.func @main(%x: tensor<1x2xf32>, %y: tensor<1x2xf32>) -> tensor<2x2xf32> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %s = stablehlo.reduce(%y init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<1x2xf32>, tensor<f32>) -> tensor<1xf32>
  %b = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<1xf32>) -> tensor<1x2xf32>
  %p = stablehlo.multiply %b, %x : tensor<1x2xf32>
  %q = stablehlo.add %x, %p : tensor<1x2xf32>
  %r = stablehlo.add %q, %x : tensor<1x2xf32>
  %g = stablehlo.reverse %r, dims = [1] : tensor<1x2xf32>
  %c = stablehlo.concatenate %r, %g, dim = 0 : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  return %c : tensor<2x2xf32>
}
