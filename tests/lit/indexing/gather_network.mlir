// SPDX-License-Identifier: Apache-2.0
// A sorting network: each step compares every element with one that a gather picks. A step is not computed
// again at the places that the next one picks, or the loads would double with each: four a step, here.
// RUN: skarn run %s --random 2 --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn opt %s --to lower | grep -c ' load ' | filecheck %s
// CHECK: {{^}}24{{$}}
func.func @main(%x0: tensor<64xi32>, %low: tensor<64xi1>,
    %partner0: tensor<64x1xi32>, %partner1: tensor<64x1xi32>, %partner2: tensor<64x1xi32>, %partner3: tensor<64x1xi32>, %partner4: tensor<64x1xi32>, %partner5: tensor<64x1xi32>) -> tensor<64xi32> {
  %other0 = "stablehlo.gather"(%x0, %partner0) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less0 = stablehlo.minimum %x0, %other0 : tensor<64xi32>
  %more0 = stablehlo.maximum %x0, %other0 : tensor<64xi32>
  %x1 = stablehlo.select %low, %less0, %more0 : tensor<64xi1>, tensor<64xi32>
  %other1 = "stablehlo.gather"(%x1, %partner1) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less1 = stablehlo.minimum %x1, %other1 : tensor<64xi32>
  %more1 = stablehlo.maximum %x1, %other1 : tensor<64xi32>
  %x2 = stablehlo.select %low, %less1, %more1 : tensor<64xi1>, tensor<64xi32>
  %other2 = "stablehlo.gather"(%x2, %partner2) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less2 = stablehlo.minimum %x2, %other2 : tensor<64xi32>
  %more2 = stablehlo.maximum %x2, %other2 : tensor<64xi32>
  %x3 = stablehlo.select %low, %less2, %more2 : tensor<64xi1>, tensor<64xi32>
  %other3 = "stablehlo.gather"(%x3, %partner3) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less3 = stablehlo.minimum %x3, %other3 : tensor<64xi32>
  %more3 = stablehlo.maximum %x3, %other3 : tensor<64xi32>
  %x4 = stablehlo.select %low, %less3, %more3 : tensor<64xi1>, tensor<64xi32>
  %other4 = "stablehlo.gather"(%x4, %partner4) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less4 = stablehlo.minimum %x4, %other4 : tensor<64xi32>
  %more4 = stablehlo.maximum %x4, %other4 : tensor<64xi32>
  %x5 = stablehlo.select %low, %less4, %more4 : tensor<64xi1>, tensor<64xi32>
  %other5 = "stablehlo.gather"(%x5, %partner5) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<64xi32>, tensor<64x1xi32>) -> tensor<64xi32>
  %less5 = stablehlo.minimum %x5, %other5 : tensor<64xi32>
  %more5 = stablehlo.maximum %x5, %other5 : tensor<64xi32>
  %x6 = stablehlo.select %low, %less5, %more5 : tensor<64xi1>, tensor<64xi32>
  return %x6 : tensor<64xi32>
}
