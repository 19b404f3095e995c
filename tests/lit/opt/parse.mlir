// SPDX-License-Identifier: Apache-2.0
// Pretty and generic spellings come out as one form, and what comes out reads back.
// RUN: skarn opt %s --to parse | filecheck %s
// RUN: skarn opt %s --to parse > %t.1
// RUN: skarn opt %t.1 --to parse > %t.2
// RUN: diff %t.1 %t.2
// RUN: skarn convert %s --to generic -o %t.3
// RUN: skarn opt %t.3 --to parse > %t.4
// RUN: diff %t.1 %t.4

// CHECK: func.func public @main(%arg0: tensor<2x3xf32>, %arg1: tensor<f32>) -> tensor<2xf32>
func.func public @main(%x: tensor<2x3xf32>, %init: tensor<f32>) -> tensor<2xf32> {
  // CHECK-NEXT: [[SUM:%[0-9]+]] = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>
  %0 = "stablehlo.add"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK-NEXT: stablehlo.reduce([[SUM]] init: %arg1) applies stablehlo.add across dimensions = [1]
  %1 = "stablehlo.reduce"(%0, %init) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {dimensions = array<i64: 1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2xf32>
  // CHECK-NEXT: return
  return %1 : tensor<2xf32>
}
