// SPDX-License-Identifier: Apache-2.0
// A value that a kernel reads at other points of its own is stored first when computing it is not next to nothing: the exponential
// is computed once for each element, not at every neighbour. A product is computed at each.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop::3

// CHECK: kernel 1 exponential
// CHECK: kernel 2 add
// CHECK-NOT: 0x3fb8aa3b
// CHECK: kernel 3 subtract
// CHECK: f32 fmul
// CHECK: f32 fmul
// CHECK-NOT: {{^}}kernel
func.func @main(%x: tensor<40x64xf32>, %y: tensor<1000xf32>) -> (tensor<40x64xf32>, tensor<1000xf32>) {
  %e = stablehlo.exponential %x : tensor<40x64xf32>
  %a0 = stablehlo.slice %e [39:40, 0:64] : (tensor<40x64xf32>) -> tensor<1x64xf32>
  %a1 = stablehlo.slice %e [0:39, 0:64] : (tensor<40x64xf32>) -> tensor<39x64xf32>
  %a = stablehlo.concatenate %a0, %a1, dim = 0 : (tensor<1x64xf32>, tensor<39x64xf32>) -> tensor<40x64xf32>
  %b0 = stablehlo.slice %e [0:40, 1:64] : (tensor<40x64xf32>) -> tensor<40x63xf32>
  %b1 = stablehlo.slice %e [0:40, 0:1] : (tensor<40x64xf32>) -> tensor<40x1xf32>
  %b = stablehlo.concatenate %b0, %b1, dim = 1 : (tensor<40x63xf32>, tensor<40x1xf32>) -> tensor<40x64xf32>
  %s = stablehlo.add %a, %b : tensor<40x64xf32>
  %f = stablehlo.multiply %y, %y : tensor<1000xf32>
  %c0 = stablehlo.slice %f [998:1000] : (tensor<1000xf32>) -> tensor<2xf32>
  %c1 = stablehlo.slice %f [0:998] : (tensor<1000xf32>) -> tensor<998xf32>
  %c = stablehlo.concatenate %c0, %c1, dim = 0 : (tensor<2xf32>, tensor<998xf32>) -> tensor<1000xf32>
  %d = stablehlo.subtract %c, %y : tensor<1000xf32>
  return %s, %d : tensor<40x64xf32>, tensor<1000xf32>
}
