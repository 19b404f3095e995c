// SPDX-License-Identifier: Apache-2.0
// Batch normalisation in generated code and in the interpreter, whose sums are kept in double.
// RUN: skarn run %s --random 4 --numerics strict --compare interp
// RUN: skarn run %s --random 4 --threads 3 --compare loop:auto:1
// RUN: skarn opt %s --to expand | filecheck %s
// CHECK-NOT: batch_norm

func.func @main(%x: tensor<4x7x5x3xf64>, %s: tensor<5xf64>, %o: tensor<5xf64>, %m: tensor<5xf64>, %v: tensor<5xf64>,
                %g: tensor<4x7x5x3xf64>, %h: tensor<6x9xf16>, %hs: tensor<9xf16>, %ho: tensor<9xf16>)
    -> (tensor<4x7x5x3xf64>, tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>, tensor<4x7x5x3xf64>, tensor<5xf64>,
        tensor<5xf64>, tensor<6x9xf16>, tensor<9xf16>, tensor<9xf16>) {
  %0 = "stablehlo.batch_norm_inference"(%x, %s, %o, %m, %v) {epsilon = 0.01 : f32, feature_index = 2 : i64}
      : (tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>) -> tensor<4x7x5x3xf64>
  %1:3 = "stablehlo.batch_norm_training"(%x, %s, %o) {epsilon = 0.01 : f32, feature_index = 2 : i64}
      : (tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>) -> (tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>)
  %2:3 = "stablehlo.batch_norm_grad"(%x, %s, %m, %v, %g) {epsilon = 0.01 : f32, feature_index = 2 : i64}
      : (tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>, tensor<5xf64>, tensor<4x7x5x3xf64>)
      -> (tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>)
  %3:3 = "stablehlo.batch_norm_training"(%h, %hs, %ho) {epsilon = 0.5 : f32, feature_index = 1 : i64}
      : (tensor<6x9xf16>, tensor<9xf16>, tensor<9xf16>) -> (tensor<6x9xf16>, tensor<9xf16>, tensor<9xf16>)
  return %0, %1#0, %1#1, %1#2, %2#0, %2#1, %2#2, %3#0, %3#1, %3#2
      : tensor<4x7x5x3xf64>, tensor<4x7x5x3xf64>, tensor<5xf64>, tensor<5xf64>, tensor<4x7x5x3xf64>, tensor<5xf64>,
        tensor<5xf64>, tensor<6x9xf16>, tensor<9xf16>, tensor<9xf16>
}
