// SPDX-License-Identifier: Apache-2.0
// Results whose order of dimensions is left open: that of the argument they are, as transposed or as constrained.
// RUN: skarn opt %s --to inline | filecheck %s

// CHECK: -> (tensor<4x8xf32> {mhlo.layout_mode = "{0,1}"}, tensor<4x2x3xf32> {mhlo.layout_mode = "{1,0,2}"}, tensor<8x4xf32> {mhlo.layout_mode = "auto"},
// CHECK-SAME: tensor<4x8xf32> {mhlo.layout_mode = "default"}, tensor<8x4xf32> {mhlo.layout_mode = "{1,0}"}, tensor<8x4xf32> {mhlo.layout_mode = "{0,1}"})
func.func @main(%a: tensor<8x4xf32> {mhlo.layout_mode = "default"}, %b: tensor<2x3x4xf32> {mhlo.layout_mode = "{0,2,1}"}) -> (tensor<4x8xf32> {mhlo.layout_mode = "auto"}, tensor<4x2x3xf32> {mhlo.layout_mode = "auto"}, tensor<8x4xf32> {mhlo.layout_mode = "auto"}, tensor<4x8xf32> {mhlo.layout_mode = "default"},
     tensor<8x4xf32> {mhlo.layout_mode = "auto"}, tensor<8x4xf32> {mhlo.layout_mode = "auto"}) {
  %0 = stablehlo.transpose %a, dims = [1, 0] : (tensor<8x4xf32>) -> tensor<4x8xf32>
  %1 = stablehlo.transpose %b, dims = [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %2 = stablehlo.sine %a : tensor<8x4xf32>
  %3 = stablehlo.custom_call @LayoutConstraint(%0) {operand_layouts = [dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %4 = stablehlo.transpose %0, dims = [1, 0] : (tensor<4x8xf32>) -> tensor<8x4xf32>
  %5 = stablehlo.transpose %3, dims = [1, 0] : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return %0, %1, %2, %0, %4, %5 : tensor<4x8xf32>, tensor<4x2x3xf32>, tensor<8x4xf32>, tensor<4x8xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}
