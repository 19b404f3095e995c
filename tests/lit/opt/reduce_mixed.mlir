// SPDX-License-Identifier: Apache-2.0
// Reductions with a combiner beside one with another body, over the same rows: each keeps its order. A maximum and its place along
// columns; a sum (64 lanes), a maximum and the place of the maximum along rows.
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --compare loop::3
// RUN: skarn opt %s --to lower | filecheck %s

// CHECK: red 40 lanes 1
// CHECK-NEXT: seq 40
// CHECK: red 300 lanes 64
// CHECK-NEXT: seq 300
func.func @main(%x: tensor<40x24xf32>, %y: tensor<20x300xf32>) -> (tensor<24xf32>, tensor<24xi32>, tensor<20xf32>, tensor<20xf32>, tensor<20xi32>) {
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %none = stablehlo.constant dense<0> : tensor<i32>
  %a = stablehlo.sine %x : tensor<40x24xf32>
  %ai = stablehlo.iota dim = 0 : tensor<40x24xi32>
  %0 = stablehlo.reduce(%a init: %low) applies stablehlo.maximum across dimensions = [0] : (tensor<40x24xf32>, tensor<f32>) -> tensor<24xf32>
  %1:2 = stablehlo.reduce(%a init: %low), (%ai init: %none) across dimensions = [0] : (tensor<40x24xf32>, tensor<40x24xi32>, tensor<f32>, tensor<i32>) -> (tensor<24xf32>, tensor<24xi32>)
    reducer(%p: tensor<f32>, %q: tensor<f32>) (%i: tensor<i32>, %j: tensor<i32>) {
    %more = stablehlo.compare GT, %q, %p : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %v = stablehlo.select %more, %q, %p : tensor<i1>, tensor<f32>
    %w = stablehlo.select %more, %j, %i : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<f32>, tensor<i32>
  }
  %b = stablehlo.multiply %y, %y : tensor<20x300xf32>
  %bi = stablehlo.iota dim = 1 : tensor<20x300xi32>
  %2 = stablehlo.reduce(%b init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<20x300xf32>, tensor<f32>) -> tensor<20xf32>
  %3 = stablehlo.reduce(%b init: %low) applies stablehlo.maximum across dimensions = [1] : (tensor<20x300xf32>, tensor<f32>) -> tensor<20xf32>
  %4:2 = stablehlo.reduce(%b init: %low), (%bi init: %none) across dimensions = [1] : (tensor<20x300xf32>, tensor<20x300xi32>, tensor<f32>, tensor<i32>) -> (tensor<20xf32>, tensor<20xi32>)
    reducer(%p: tensor<f32>, %q: tensor<f32>) (%i: tensor<i32>, %j: tensor<i32>) {
    %more = stablehlo.compare GT, %q, %p : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %v = stablehlo.select %more, %q, %p : tensor<i1>, tensor<f32>
    %w = stablehlo.select %more, %j, %i : tensor<i1>, tensor<i32>
    stablehlo.return %v, %w : tensor<f32>, tensor<i32>
  }
  %s = stablehlo.add %2, %3 : tensor<20xf32>
  return %0, %1#1, %s, %3, %4#1 : tensor<24xf32>, tensor<24xi32>, tensor<20xf32>, tensor<20xf32>, tensor<20xi32>
}
