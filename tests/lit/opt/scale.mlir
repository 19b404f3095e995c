// SPDX-License-Identifier: Apache-2.0
// Factors that are powers of two: of a product of products (%0), of both factors (%1, where they cancel), of a sum with a constant (%2, one
// fused step), through negations (%3). Not if a rounding would change (%4), if the exponent is large (%5), if the sum is used elsewhere
// (%6), for half floats (%7); not under strict numerics.
// RUN: skarn opt %s --to simplify | filecheck %s
// RUN: skarn opt %s --to simplify --numerics strict | filecheck %s --check-prefix=STRICT
// RUN: skarn run %s --random 1 --numerics default --compare interp
// RUN: skarn run %s --random 1 --numerics default --compare native:auto:1:strict
// RUN: skarn run %s --random 1 --numerics default --compare loop::3

// CHECK: [[C0:%[0-9]+]] = stablehlo.constant dense<0.15> : tensor<7xf32>
// CHECK-NEXT: [[R0:%[0-9]+]] = stablehlo.multiply %arg0, [[C0]]
// CHECK: [[R1:%[0-9]+]] = stablehlo.multiply %arg0, %arg1
// CHECK: [[P2:%[0-9]+]] = stablehlo.multiply %arg0
// CHECK: [[C2:%[0-9]+]] = stablehlo.constant dense<1.5> : tensor<7xf32>
// CHECK-NEXT: [[R2:%[0-9]+]] = stablehlo.add [[P2]], [[C2]]
// CHECK: [[C3:%[0-9]+]] = stablehlo.constant dense<-0.15> : tensor<7xf32>
// CHECK-NEXT: [[R3:%[0-9]+]] = stablehlo.multiply %arg1, [[C3]]
// CHECK: [[P4:%[0-9]+]] = stablehlo.multiply %arg0
// CHECK: [[R4:%[0-9]+]] = stablehlo.multiply [[P4]]
// CHECK: [[P5:%[0-9]+]] = stablehlo.multiply %arg0
// CHECK: [[R5:%[0-9]+]] = stablehlo.multiply [[P5]]
// CHECK: [[S6:%[0-9]+]] = stablehlo.add %arg0
// CHECK: [[R6:%[0-9]+]] = stablehlo.multiply [[S6]]
// CHECK: [[P7:%[0-9]+]] = stablehlo.multiply %arg2
// CHECK: [[R7:%[0-9]+]] = stablehlo.multiply [[P7]]
// CHECK: return [[R0]], [[R1]], [[R2]], [[R3]], [[R4]], [[R5]], [[S6]], [[R6]], [[R7]]
// STRICT-COUNT-13: stablehlo.multiply
func.func @main(%x: tensor<7xf32>, %y: tensor<7xf32>, %h: tensor<7xf16>)
    -> (tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf16>) {
  %half = stablehlo.constant dense<0.5> : tensor<7xf32>
  %two_ = stablehlo.constant dense<2.0> : tensor<f32>
  %two = stablehlo.broadcast_in_dim %two_, dims = [] : (tensor<f32>) -> tensor<7xf32>
  %three = stablehlo.constant dense<3.0> : tensor<7xf32>
  %third = stablehlo.constant dense<0.3> : tensor<7xf32>
  %minus = stablehlo.negate %half : tensor<7xf32>
  %huge = stablehlo.constant dense<0x7B800000> : tensor<7xf32>
  %halves = stablehlo.constant dense<0.5> : tensor<7xf16>
  %x0 = stablehlo.multiply %half, %x : tensor<7xf32>
  %0 = stablehlo.multiply %x0, %third : tensor<7xf32>
  %x1 = stablehlo.multiply %x, %two : tensor<7xf32>
  %y1 = stablehlo.multiply %half, %y : tensor<7xf32>
  %1 = stablehlo.multiply %x1, %y1 : tensor<7xf32>
  %x2 = stablehlo.add %three, %x : tensor<7xf32>
  %2 = stablehlo.multiply %half, %x2 : tensor<7xf32>
  %y3 = stablehlo.multiply %y, %third : tensor<7xf32>
  %3 = stablehlo.multiply %y3, %minus : tensor<7xf32>
  %x4 = stablehlo.multiply %x, %third : tensor<7xf32>
  %4 = stablehlo.multiply %x4, %three : tensor<7xf32>
  %x5 = stablehlo.multiply %x, %huge : tensor<7xf32>
  %5 = stablehlo.multiply %x5, %third : tensor<7xf32>
  %x6 = stablehlo.add %x, %third : tensor<7xf32>
  %6 = stablehlo.multiply %x6, %two : tensor<7xf32>
  %h7 = stablehlo.multiply %h, %halves : tensor<7xf16>
  %7 = stablehlo.multiply %h7, %halves : tensor<7xf16>
  return %0, %1, %2, %3, %4, %5, %x6, %6, %7 : tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf32>, tensor<7xf16>
}
