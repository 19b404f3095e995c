// SPDX-License-Identifier: Apache-2.0
// Long reductions run in blocks. Which piece of a concatenation or padding a block reads, and which
// index it has, depends on all blocks, not on the first.
// RUN: skarn run %s --entry whole --random 1 --compare interp && skarn run %s --entry whole --random 1 --compare loop
// RUN: skarn run %s --entry uneven --random 2 --compare interp && skarn run %s --entry uneven --random 2 --compare loop
// RUN: skarn run %s --entry padded --random 3 --compare interp && skarn run %s --entry padded --random 3 --compare loop
// RUN: skarn run %s --entry rows --random 4 --compare interp && skarn run %s --entry rows --random 4 --compare loop
// RUN: skarn run %s --entry counted --random 5 --compare interp && skarn run %s --entry counted --random 5 --compare loop

func.func @whole(%a: tensor<32768xi32>, %b: tensor<32768xi32>) -> tensor<i32> {
  %x = stablehlo.concatenate %a, %b, dim = 0 : (tensor<32768xi32>, tensor<32768xi32>) -> tensor<65536xi32>
  %c = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<65536xi32>, tensor<i32>) -> tensor<i32>
  return %0 : tensor<i32>
}

func.func @uneven(%a: tensor<40000xi32>, %b: tensor<100000xi32>) -> tensor<i32> {
  %x = stablehlo.concatenate %a, %b, dim = 0 : (tensor<40000xi32>, tensor<100000xi32>) -> tensor<140000xi32>
  %c = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<140000xi32>, tensor<i32>) -> tensor<i32>
  return %0 : tensor<i32>
}

func.func @padded(%a: tensor<70000xi32>) -> tensor<i32> {
  %c = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %x = stablehlo.pad %a, %one, low = [-20000], high = [90000], interior = [0] : (tensor<70000xi32>, tensor<i32>) -> tensor<140000xi32>
  %0 = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<140000xi32>, tensor<i32>) -> tensor<i32>
  return %0 : tensor<i32>
}

func.func @rows(%a: tensor<5000x70xi32>, %b: tensor<9000x70xi32>) -> tensor<70xi32> {
  %x = stablehlo.concatenate %a, %b, dim = 0 : (tensor<5000x70xi32>, tensor<9000x70xi32>) -> tensor<14000x70xi32>
  %c = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0] : (tensor<14000x70xi32>, tensor<i32>) -> tensor<70xi32>
  return %0 : tensor<70xi32>
}

// Gathers at an index that is a number of the iteration space.
func.func @counted(%a: tensor<100000xi32>, %by: tensor<i32>) -> tensor<i32> {
  %c = stablehlo.constant dense<0> : tensor<i32>
  %i = stablehlo.iota dim = 0 : tensor<100000xi32>
  %m = stablehlo.broadcast_in_dim %by, dims = [] : (tensor<i32>) -> tensor<100000xi32>
  %k = stablehlo.xor %i, %m : tensor<100000xi32>
  %g = "stablehlo.gather"(%a, %k) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<100000xi32>, tensor<100000xi32>) -> tensor<100000xi32>
  %p = stablehlo.multiply %g, %i : tensor<100000xi32>
  %0 = stablehlo.reduce(%p init: %c) applies stablehlo.add across dimensions = [0] : (tensor<100000xi32>, tensor<i32>) -> tensor<i32>
  return %0 : tensor<i32>
}
