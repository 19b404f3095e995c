// SPDX-License-Identifier: Apache-2.0
// Members, loops, figures, and one reason of every kind that a small program can have.
// RUN: skarn explain %s --isa v3 | filecheck %s
// RUN: skarn explain %s --isa v3 --json | %python %S/inputs/check_json.py

// CHECK: kernels.mlir: main, {{[0-9]+}} operations; vectors of 32 bytes

// A product takes its operand from memory; a slice and a gather read elsewhere; one of the costly ops is not computed twice.
// CHECK: 1 sine_1
// CHECK-NEXT: members  sine (line {{[0-9]+}})
// CHECK-NEXT: stops    gives sine (line {{[0-9]+}}) to add (line {{[0-9]+}}): its reader picks elements by indices known at run time only
// CHECK-NEXT: gives sine (line {{[0-9]+}}) to add (line {{[0-9]+}}): its reader takes it at other places
// CHECK-NEXT: gives sine (line {{[0-9]+}}) to dot_general (line {{[0-9]+}}): the operation that reads it runs on its own
// CHECK: loops    par 4096 vec
// CHECK-NEXT: parallel {{chunks of [0-9]+ or more|no: too little work}}
// CHECK-NEXT: work     reads 16.4 kB, writes 16.4 kB, {{[0-9.]+}} kflop

// CHECK: product
// CHECK-NEXT: members  dot_general
// CHECK-NEXT: loops    1 x [64 x 64] [64 x 64]
// CHECK: work     reads 32.8 kB, writes 16.4 kB, 524 kflop

// CHECK: takes dot_general (line {{[0-9]+}}): the operation that computes it runs on its own

// A loop's body is shown inside it.
// CHECK: while
// CHECK: {{^  [0-9]+}} add_
func.func @main(%0: tensor<64x64xf32>, %1: tensor<64x64xf32>, %2: tensor<16x1xi32>)
    -> (tensor<64x64xf32>, tensor<63x64xf32>, tensor<16x64xf32>, tensor<64x64xf32>) {
  %3 = stablehlo.sine %0 : tensor<64x64xf32>
  %4 = stablehlo.dot_general %3, %1, contracting_dims = [1] x [0] : (tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>
  %5 = stablehlo.add %4, %1 : tensor<64x64xf32>
  %6 = stablehlo.slice %3 [1:64, 0:64] : (tensor<64x64xf32>) -> tensor<63x64xf32>
  %7 = stablehlo.add %6, %6 : tensor<63x64xf32>
  %8 = "stablehlo.gather"(%3, %2) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 64>}> : (tensor<64x64xf32>, tensor<16x1xi32>) -> tensor<16x64xf32>
  %9 = stablehlo.add %8, %8 : tensor<16x64xf32>
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c9 = stablehlo.constant dense<900> : tensor<i32>
  %10:2 = stablehlo.while(%i = %c0, %x = %1) : tensor<i32>, tensor<64x64xf32>
  cond {
    %11 = stablehlo.compare LT, %i, %c9 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %11 : tensor<i1>
  } do {
    %11 = stablehlo.add %i, %c1 : tensor<i32>
    %turned = stablehlo.transpose %x, dims = [1, 0] : (tensor<64x64xf32>) -> tensor<64x64xf32>
    %12 = stablehlo.add %x, %turned : tensor<64x64xf32>
    stablehlo.return %11, %12 : tensor<i32>, tensor<64x64xf32>
  }
  return %5, %7, %9, %10#1 : tensor<64x64xf32>, tensor<63x64xf32>, tensor<16x64xf32>, tensor<64x64xf32>
}
