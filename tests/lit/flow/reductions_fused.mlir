// SPDX-License-Identifier: Apache-2.0
// Reductions over the same rows share a kernel, but not a loop when only some of them are combiners: the
// others run one element after the other, and the combiners keep their lanes.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --threads 3 --compare native::1
// RUN: skarn opt %s --to lower | filecheck %s
// CHECK: loop 1 red 200 lanes 64
// CHECK: loop 2 seq 200 lanes 1
// CHECK: body {
// CHECK-NEXT: kernel 1
// CHECK-NEXT: }
func.func @main(%x: tensor<30x200xf32>) -> (tensor<30xf32>) {
  %inf = stablehlo.constant dense<0x7F800000> : tensor<f32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %first = stablehlo.constant dense<0> : tensor<i32>
  %true = stablehlo.constant dense<true> : tensor<i1>
  %half = stablehlo.constant dense<0.5> : tensor<30x200xf32>
  %i = stablehlo.iota dim = 1 : tensor<30x200xi32>
  %0:2 = stablehlo.reduce(%x init: %inf), (%i init: %first) across dimensions = [1] : (tensor<30x200xf32>, tensor<30x200xi32>, tensor<f32>, tensor<i32>) -> (tensor<30xf32>, tensor<30xi32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%m: tensor<i32>, %n: tensor<i32>) {
    %less = stablehlo.compare LT, %a, %b, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %v = stablehlo.select %less, %a, %b : tensor<i1>, tensor<f32>
    %w = stablehlo.select %less, %m, %n : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<f32>, tensor<i32>
  }
  %p = stablehlo.compare LT, %x, %half, FLOAT : (tensor<30x200xf32>, tensor<30x200xf32>) -> tensor<30x200xi1>
  %1 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [1] : (tensor<30x200xi1>, tensor<i1>) -> tensor<30xi1>
  %2 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<30x200xf32>, tensor<f32>) -> tensor<30xf32>
  %3 = stablehlo.convert %0#1 : (tensor<30xi32>) -> tensor<30xf32>
  %4 = stablehlo.select %1, %2, %3 : tensor<30xi1>, tensor<30xf32>
  %5 = stablehlo.add %2, %4 : tensor<30xf32>
  return %5 : tensor<30xf32>
}
