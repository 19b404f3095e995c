// SPDX-License-Identifier: Apache-2.0
// Kernels and products that differ only in their buffers are one function (there are 18): arguments, temporaries,
// constants, results and swapped carries as its operands; in place and not in place are two. The
// results are those of the loop runner, which knows no functions.
// RUN: skarn run %s --random 1 --json --threads 1 | filecheck %s
// RUN: skarn run %s --random 1 --compare loop
// RUN: skarn run %s --random 2 --threads 2 --compare loop
// RUN: skarn run %s --random 3 --guard end --compare loop
// RUN: skarn run %s --random 3 --guard start --compare loop
// CHECK: "kernels":{{[4-6]}},
!x = tensor<64x48xf32>
!w = tensor<48x48xf32>
func.func private @layer(%x: !x, %w: !w) -> !x {
  %0 = stablehlo.dot_general %x, %w, contracting_dims = [1] x [0] : (!x, !w) -> !x
  %1 = stablehlo.tanh %0 : !x
  %2 = stablehlo.add %1, %x : !x
  return %2 : !x
}
func.func @main(%x: !x, %w0: !w, %w1: !w, %w2: !w, %n: tensor<i32>) -> (!x, !x, !x) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %0 = func.call @layer(%x, %w0) : (!x, !w) -> !x
  %1 = func.call @layer(%0, %w1) : (!x, !w) -> !x
  %2 = func.call @layer(%1, %w2) : (!x, !w) -> !x
  %3 = func.call @layer(%2, %w0) : (!x, !w) -> !x
  %4:2 = stablehlo.while(%i = %zero, %a = %3) : tensor<i32>, !x
  cond {
    %p = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %j = stablehlo.add %i, %one : tensor<i32>
    %b = func.call @layer(%a, %w1) : (!x, !w) -> !x
    %c = func.call @layer(%b, %w2) : (!x, !w) -> !x
    stablehlo.return %j, %c : tensor<i32>, !x
  }
  %5 = func.call @layer(%4#1, %w2) : (!x, !w) -> !x
  return %5, %2, %4#1 : !x, !x, !x
}
