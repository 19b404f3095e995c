// SPDX-License-Identifier: Apache-2.0
// A concatenation that is wanted in memory takes its pieces into its kernel: no piece is stored first.
// RUN: skarn explain %s | filecheck %s
// RUN: skarn run %s --random 3 --compare interp
// RUN: skarn run %s --random 3 --compare loop
// RUN: skarn run %s --entry others --random 3 --compare interp
// RUN: skarn run %s --entry others --random 3 --compare loop
// CHECK: 1 concatenate_1
// CHECK-NEXT: members  concatenate (line {{[0-9]+}})
// CHECK-NEXT: inside   sine (line {{[0-9]+}}), multiply (line {{[0-9]+}})
// CHECK-NOT: {{^}}2
func.func @main(%a: tensor<3x32xf32>, %b: tensor<65x32xf32>) -> tensor<68x32xf32> {
  %0 = stablehlo.sine %a : tensor<3x32xf32>
  %1 = stablehlo.multiply %b, %b : tensor<65x32xf32>
  %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<3x32xf32>, tensor<65x32xf32>) -> tensor<68x32xf32>
  return %2 : tensor<68x32xf32>
}

// Read again by an element-wise op and shifted; pieces that are read elsewhere too, twice the same, or made by reductions over the same
// rows; carried by a loop; an operand of a product.
func.func @others(%a: tensor<40x32xf32>, %b: tensor<24x32xf32>, %w: tensor<32x8xf32>)
    -> (tensor<64x32xf32>, tensor<64x32xf32>, tensor<63x32xf32>, tensor<40x32xf32>, tensor<48x32xf32>, tensor<64xf32>, tensor<64x32xf32>, tensor<64x32xf32>, tensor<64x8xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.exponential %a : tensor<40x32xf32>
  %1 = stablehlo.tanh %b : tensor<24x32xf32>
  %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<40x32xf32>, tensor<24x32xf32>) -> tensor<64x32xf32>
  %3 = stablehlo.add %2, %2 : tensor<64x32xf32>
  %4 = stablehlo.slice %2 [1:64, 0:32] : (tensor<64x32xf32>) -> tensor<63x32xf32>
  %5 = stablehlo.negate %4 : tensor<63x32xf32>
  %6 = stablehlo.concatenate %1, %1, dim = 0 : (tensor<24x32xf32>, tensor<24x32xf32>) -> tensor<48x32xf32>
  %7 = stablehlo.reduce(%2 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<64x32xf32>, tensor<f32>) -> tensor<64xf32>
  %8 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<64xf32>) -> tensor<64x32xf32>
  %9 = stablehlo.divide %3, %8 : tensor<64x32xf32>
  %10 = stablehlo.slice %9 [8:32, 0:32] : (tensor<64x32xf32>) -> tensor<24x32xf32>
  %11 = stablehlo.add %10, %1 : tensor<24x32xf32>
  %12 = stablehlo.concatenate %11, %a, dim = 0 : (tensor<24x32xf32>, tensor<40x32xf32>) -> tensor<64x32xf32>
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c20 = stablehlo.constant dense<20> : tensor<i32>
  %r:2 = stablehlo.while(%i = %c0, %x = %12) : tensor<i32>, tensor<64x32xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c20 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %top = stablehlo.slice %x [0:1, 0:32] : (tensor<64x32xf32>) -> tensor<1x32xf32>
    %rest = stablehlo.slice %x [1:64, 0:32] : (tensor<64x32xf32>) -> tensor<63x32xf32>
    %cos = stablehlo.cosine %top : tensor<1x32xf32>
    %turned = stablehlo.concatenate %rest, %cos, dim = 0 : (tensor<63x32xf32>, tensor<1x32xf32>) -> tensor<64x32xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %turned : tensor<i32>, tensor<64x32xf32>
  }
  %13 = stablehlo.dot_general %12, %w, contracting_dims = [1] x [0] : (tensor<64x32xf32>, tensor<32x8xf32>) -> tensor<64x8xf32>
  return %2, %3, %5, %0, %6, %7, %9, %r#1, %13 : tensor<64x32xf32>, tensor<64x32xf32>, tensor<63x32xf32>, tensor<40x32xf32>, tensor<48x32xf32>, tensor<64xf32>, tensor<64x32xf32>, tensor<64x32xf32>, tensor<64x8xf32>
}
