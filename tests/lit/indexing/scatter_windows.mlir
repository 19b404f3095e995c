// SPDX-License-Identifier: Apache-2.0
// Windows that lie partly outside: the specification leaves out the elements there, XLA (--scatter window) the whole window.
// RUN: skarn run %s --via native | filecheck %s --check-prefix ELEMENT
// RUN: skarn run %s --via native --scatter window | filecheck %s --check-prefix WINDOW
// RUN: skarn run %s --via loop --scatter window | filecheck %s --check-prefix WINDOW
// RUN: skarn run %s --via interp --scatter window | filecheck %s --check-prefix WINDOW
// RUN: skarn opt %s --to parse --scatter window | filecheck %s --check-prefix TEXT
// ELEMENT: result 0: tensor<6xi32> = 12 0 0 0 21 52
// ELEMENT: result 1: tensor<3x4xi32> = 6 0 2 3 0 1 ...
// ELEMENT: result 2: tensor<6xi32> = 0 0 0 0 11 33
// WINDOW: result 0: tensor<6xi32> = 0 0 0 0 21 22
// WINDOW: result 1: tensor<3x4xi32> = 0 0 0 0 0 1 ...
// WINDOW: result 2: tensor<6xi32> = 0 0 0 0 11 12
// TEXT-COUNT-3: skarn.whole_windows
func.func @main() -> (tensor<6xi32>, tensor<3x4xi32>, tensor<6xi32>) {
  %x = stablehlo.constant dense<0> : tensor<6xi32>
  %i = stablehlo.constant dense<[[-1], [4], [5], [9223372036854775807]]> : tensor<4x1xi64>
  %u = stablehlo.constant dense<[[11, 12], [21, 22], [30, 40], [50, 60]]> : tensor<4x2xi32>
  %0 = "stablehlo.scatter"(%x, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) : (tensor<6xi32>, tensor<4x1xi64>, tensor<4x2xi32>) -> tensor<6xi32>
  // two components, each of which alone takes a window out; the last one is inside
  %y = stablehlo.constant dense<0> : tensor<3x4xi32>
  %j = stablehlo.constant dense<[[0, 2], [-1, -1], [1, 1]]> : tensor<3x2xi32>
  %v = stablehlo.constant dense<[[[2, 3, 4], [10, 5, 6]], [[7, 8, 9], [5, 6, 0]], [[1, 1, 1], [1, 1, 1]]]> : tensor<3x2x3xi32>
  %1 = "stablehlo.scatter"(%y, %j, %v) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1, 2], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) : (tensor<3x4xi32>, tensor<3x2xi32>, tensor<3x2x3xi32>) -> tensor<3x4xi32>
  // the window's dimension in front of the batch's, unsigned indices
  %k = stablehlo.constant dense<[[4], [5], [255]]> : tensor<3x1xui8>
  %w = stablehlo.constant dense<[[11, 21, 31], [12, 22, 32]]> : tensor<2x3xi32>
  %2 = "stablehlo.scatter"(%x, %k, %w) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %s = stablehlo.add %a, %b : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) : (tensor<6xi32>, tensor<3x1xui8>, tensor<2x3xi32>) -> tensor<6xi32>
  return %0, %1, %2 : tensor<6xi32>, tensor<3x4xi32>, tensor<6xi32>
}
