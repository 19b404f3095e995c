// SPDX-License-Identifier: Apache-2.0
// What a gather reads at its own places is not computed once per reader: a chain in which every link is
// both the indices and the operand of the next would double with each.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn opt %s --to lower | grep -c "^kernel" | filecheck %s
// CHECK: {{^}}8{{$}}
func.func @main(%x: tensor<8xi32>) -> tensor<8xi32> {
  %0 = "stablehlo.gather"(%x, %x) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %1 = "stablehlo.gather"(%0, %0) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %2 = "stablehlo.gather"(%1, %1) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %3 = "stablehlo.gather"(%2, %2) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %4 = "stablehlo.gather"(%3, %3) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %5 = "stablehlo.gather"(%4, %4) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %6 = "stablehlo.gather"(%5, %5) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  %7 = "stablehlo.gather"(%6, %6) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<8xi32>, tensor<8xi32>) -> tensor<8xi32>
  return %7 : tensor<8xi32>
}
