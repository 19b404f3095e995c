// SPDX-License-Identifier: Apache-2.0
// An innermost loop of a few elements that are not contiguous with those around is written out: lanes run along the loop around it, over
// pieces of rows (%0), halves exchanged (%1), an index used as a value (%2). A longer one stays (%3).
// RUN: skarn opt %s --to vectorise | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3
// RUN: skarn run %s --random 1 --guard end --compare loop
// RUN: skarn run %s --random 1 --guard start --compare loop

// CHECK: kernel 1
// CHECK: loop 0 par 6603 lanes 1 unroll {{[0-9]+}} vec
// CHECK-NOT: loop 1
// CHECK: kernel 2
// CHECK: loop 0 par 41 lanes 1
// CHECK: loop 1 par 31 lanes 1 unroll {{[0-9]+}} vec
// CHECK-NOT: loop 2
// CHECK: kernel 3
// CHECK: loop 1 par 5 lanes 1 unroll 1 vec
func.func @main(%x: tensor<6603x4xf32>, %y: tensor<41x31x2x3xf64>, %z: tensor<6603x7xf32>)
    -> (tensor<6603x3xf32>, tensor<41x31x2x3xf64>, tensor<6603x5xf32>) {
  %h = stablehlo.slice %x [0:6603, 1:4] : (tensor<6603x4xf32>) -> tensor<6603x3xf32>
  %0 = stablehlo.multiply %h, %h : tensor<6603x3xf32>
  %i = stablehlo.iota dim = 3 : tensor<41x31x2x3xf64>
  %j = stablehlo.iota dim = 1 : tensor<41x31x2x3xf64>
  %r = stablehlo.reverse %y, dims = [2] : tensor<41x31x2x3xf64>
  %p = stablehlo.multiply %i, %j : tensor<41x31x2x3xf64>
  %1 = stablehlo.add %r, %p : tensor<41x31x2x3xf64>
  %w = stablehlo.slice %z [0:6603, 1:6] : (tensor<6603x7xf32>) -> tensor<6603x5xf32>
  %3 = stablehlo.negate %w : tensor<6603x5xf32>
  return %0, %1, %3 : tensor<6603x3xf32>, tensor<41x31x2x3xf64>, tensor<6603x5xf32>
}
