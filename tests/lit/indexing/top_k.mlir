// SPDX-License-Identifier: Apache-2.0
// Only the beginnings of rows are sorted when only those are read; in full when something else reads too.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --threads 3 --compare native::1
// RUN: skarn opt %s --to lower | filecheck %s
// CHECK: libcall 1 bufs 4 {{[0-9 ]+}} params 16 2 1 9 3000 1 0 5 0 4 4 0 1 0
// CHECK: libcall 1 bufs 4 {{[0-9 ]+}} params 16 2 1 9 3000 1 0 100 0 4 4 0 1 0
// CHECK: libcall 1 bufs 2 {{[0-9 ]+}} params 14 1 1 1 3000 9 0 20 0 4 0 0
// CHECK: libcall 1 bufs 2 {{[0-9 ]+}} params 14 1 1 1 3000 9 0 3000 0 4 0 0
func.func @main(%x: tensor<9x3000xf32>, %i: tensor<9x3000xi32>, %y: tensor<3000x9xi32>)
    -> (tensor<9x5xf32>, tensor<9x5xi32>, tensor<9x100xi32>, tensor<9x100xi32>, tensor<7x9xi32>, tensor<20x9xi32>, tensor<3000x9xi32>, tensor<4x9xi32>) {
  %0:2 = chlo.top_k(%x, k = 5) : tensor<9x3000xf32> -> (tensor<9x5xf32>, tensor<9x5xi32>)
  %1:2 = chlo.top_k(%i, k = 100) : tensor<9x3000xi32> -> (tensor<9x100xi32>, tensor<9x100xi32>)
  %2 = "stablehlo.sort"(%y) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %t = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<3000x9xi32>) -> tensor<3000x9xi32>
  %3 = stablehlo.slice %2 [4:18:2, 0:9] : (tensor<3000x9xi32>) -> tensor<7x9xi32>
  %4 = stablehlo.slice %2 [0:20, 0:9] : (tensor<3000x9xi32>) -> tensor<20x9xi32>
  %5 = "stablehlo.sort"(%y) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %t = stablehlo.compare GT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<3000x9xi32>) -> tensor<3000x9xi32>
  %6 = stablehlo.slice %5 [0:4, 0:9] : (tensor<3000x9xi32>) -> tensor<4x9xi32>
  return %0#0, %0#1, %1#0, %1#1, %3, %4, %5, %6 : tensor<9x5xf32>, tensor<9x5xi32>, tensor<9x100xi32>, tensor<9x100xi32>, tensor<7x9xi32>, tensor<20x9xi32>, tensor<3000x9xi32>, tensor<4x9xi32>
}
