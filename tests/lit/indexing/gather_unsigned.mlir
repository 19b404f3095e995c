// SPDX-License-Identifier: Apache-2.0
// Indices of 32 bits without a sign are clamped in 32 bits, those beyond the largest signed number too.
// RUN: skarn opt %s --to vectorise | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop

// CHECK: i32 umin
// CHECK-NOT: i64
func.func @main(%a: tensor<1000xf32>, %i: tensor<77x1xui32>) -> tensor<77xf32> {
  %far = stablehlo.constant dense<3000000000> : tensor<77x1xui32>
  %j = stablehlo.multiply %i, %far : tensor<77x1xui32>
  %0 = "stablehlo.gather"(%a, %j) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1>}> : (tensor<1000xf32>, tensor<77x1xui32>) -> tensor<77xf32>
  return %0 : tensor<77xf32>
}
