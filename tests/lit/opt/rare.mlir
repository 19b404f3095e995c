// SPDX-License-Identifier: Apache-2.0
// What is rare sits in regions that are skipped when no lane needs them. They neither keep a kernel from being tiled nor a short loop from
// being written out; of a constant nothing is left of them.
// RUN: skarn opt %s --to vectorise --verify | filecheck %s
// RUN: skarn opt %s --to vectorise | skarn opt /dev/stdin --from vectorise --to gen | filecheck %s --check-prefix=BACK
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3
// RUN: skarn run %s --random 1 --guard end --compare loop

// CHECK: kernel 1
// CHECK: loop 0 par 1001 lanes 1 unroll {{[0-9]+}} vec
// CHECK-NOT: loop 1
// CHECK-COUNT-3: merge
// CHECK-NOT: merge
// CHECK: kernel 2
// CHECK: loop 3 par 16 lanes 1 unroll 1 vec
// CHECK: if
// CHECK: merge
// CHECK: kernel 3
// CHECK-NOT: if
// CHECK-NOT: merge
// CHECK: body
// BACK: bytes of code
func.func @main(%x: tensor<1001x4xf32>, %y: tensor<512x512xf64>) -> (tensor<1001x3xf32>, tensor<512x512xf64>, tensor<f32>, tensor<f32>) {
  %s = stablehlo.slice %x [0:1001, 0:3] : (tensor<1001x4xf32>) -> tensor<1001x3xf32>
  %0 = stablehlo.log %s : tensor<1001x3xf32>
  %t = stablehlo.transpose %y, dims = [1, 0] : (tensor<512x512xf64>) -> tensor<512x512xf64>
  %1 = stablehlo.log_plus_one %t : tensor<512x512xf64>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %2 = stablehlo.log %zero : tensor<f32>
  %two = stablehlo.constant dense<2.0> : tensor<f32>
  %3 = stablehlo.log %two : tensor<f32>
  return %0, %1, %2, %3 : tensor<1001x3xf32>, tensor<512x512xf64>, tensor<f32>, tensor<f32>
}
