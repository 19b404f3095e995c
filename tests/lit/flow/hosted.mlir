// SPDX-License-Identifier: Apache-2.0
// Temporaries in the place of a result that is not written yet: up to a kernel that reads them element
// by element, one after the other; not one that is read at other places by the kernel that writes the
// result, and not in a result that a loop writes.
// RUN: skarn opt --to schedule %s | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --threads 2 --compare loop
// RUN: skarn run %s --random 2 --via loop --compare interp
// RUN: skarn run %s --random 3 --guard end --compare loop
// RUN: skarn run %s --random 3 --guard start --compare loop
!m = tensor<32x32xf32>
// The two products, one after the other, lie in the result.
// CHECK: buf 3 result 0 f32 1024
// CHECK: buf 4 result 1 f32 64
// CHECK: temp f32 1024 slot 2 alias 3
// CHECK: temp f32 1024 slot 2 alias 3
// The last one is transposed by the kernel that writes the second result.
// CHECK: temp f32 64 offset 0
func.func @main(%x: !m, %y: tensor<8x8xf32>) -> (!m, tensor<8x8xf32>) {
  %0 = stablehlo.dot_general %x, %x, contracting_dims = [1] x [0] : (!m, !m) -> !m
  %c = stablehlo.constant dense<0.0> : tensor<f32>
  %r = stablehlo.reduce(%0 init: %c) applies stablehlo.maximum across dimensions = [0] : (!m, tensor<f32>) -> tensor<32xf32>
  %b = stablehlo.broadcast_in_dim %r, dims = [1] : (tensor<32xf32>) -> !m
  %1 = stablehlo.subtract %x, %b : !m
  %2 = stablehlo.dot_general %1, %x, contracting_dims = [1] x [0] : (!m, !m) -> !m
  %3 = stablehlo.tanh %2 : !m
  %4 = stablehlo.dot_general %y, %y, contracting_dims = [1] x [0] : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  %5 = stablehlo.transpose %4, dims = [1, 0] : (tensor<8x8xf32>) -> tensor<8x8xf32>
  %6 = stablehlo.add %5, %4 : tensor<8x8xf32>
  return %3, %6 : !m, tensor<8x8xf32>
}
