// SPDX-License-Identifier: Apache-2.0
// Results in the place of donated arguments: element by element, after the last read, through a copy;
// not where the argument is read at other places or later. Values never depend on it.
// RUN: skarn opt --to schedule %s | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --threads 2 --repeat 3 --compare loop
// RUN: skarn run %s --random 2 --via loop --compare interp
// RUN: skarn run %s --random 3 --guard end --compare loop
!v = tensor<4096xf32>
!s = tensor<512xf32>
// CHECK: buf 8 result 0 f32 4096 slot 0 alias 1
// CHECK: buf 9 result 1 f32 4096 slot 8{{$}}
// CHECK: buf 10 result 2 f32 4096 slot 9{{$}}
// CHECK: buf 11 result 3 f32 512 slot 3 alias 4
// CHECK: buf 12 result 4 f32 512 slot 4 alias 5
// CHECK: buf 13 result 5 f32 4096 slot 12{{$}}
func.func @main(%step: !v {tf.aliasing_output = 0 : i32}, %turned: !v {tf.aliasing_output = 1 : i32},
                %late: !v {tf.aliasing_output = 2 : i32}, %same: !s {tf.aliasing_output = 3 : i32},
                %any: tensor<8x64xf32> {jax.buffer_donor = true}, %w: !v, %m: tensor<64x64xf32>)
    -> (!v, !v, !v, !s, tensor<8x64xf32>, !v) {
  %0 = stablehlo.multiply %step, %w : !v
  %1 = stablehlo.subtract %0, %w : !v
  %2 = stablehlo.reverse %turned, dims = [0] : !v
  %3 = stablehlo.add %2, %w : !v
  %4 = stablehlo.sine %late : !v
  %5 = stablehlo.dot_general %any, %m, contracting_dims = [1] x [0]
    : (tensor<8x64xf32>, tensor<64x64xf32>) -> tensor<8x64xf32>
  %6 = stablehlo.tanh %5 : tensor<8x64xf32>
  %7 = stablehlo.reverse %4, dims = [0] : !v
  %8 = stablehlo.add %7, %late : !v
  return %1, %3, %4, %same, %6, %8 : !v, !v, !v, !s, tensor<8x64xf32>, !v
}
