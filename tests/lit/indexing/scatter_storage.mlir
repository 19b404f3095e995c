// SPDX-License-Identifier: Apache-2.0
// Where a scatter works: on its operand's storage when the operand dies there (a carried array, a chain
// of scatters), on a copy when it is read again or shares its storage with a value that is.
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --numerics strict --compare loop
// RUN: skarn opt %s --to lower | filecheck %s

// The loop copies nothing, since every trip updates the carried array in place.
// CHECK: do {
// CHECK-NOT: copy
// CHECK: }
func.func @main(%x: tensor<8xf32>, %i: tensor<5x1xi32>, %u: tensor<5xf32>)
    -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi64>, tensor<f32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %limit = stablehlo.constant dense<40> : tensor<i32>
  %0:2 = stablehlo.while(%n = %zero, %c = %x) : tensor<i32>, tensor<8xf32>
  cond {
    %p = stablehlo.compare LT, %n, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %m = stablehlo.add %n, %one : tensor<i32>
    %nb = stablehlo.broadcast_in_dim %n, dims = [] : (tensor<i32>) -> tensor<5x1xi32>
    %at = stablehlo.add %i, %nb : tensor<5x1xi32>
    %s = "stablehlo.scatter"(%c, %at, %u) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %t = stablehlo.subtract %b, %a : tensor<f32>
      stablehlo.return %t : tensor<f32>
    }) : (tensor<8xf32>, tensor<5x1xi32>, tensor<5xf32>) -> tensor<8xf32>
    stablehlo.return %m, %s : tensor<i32>, tensor<8xf32>
  }
  // read again
  %y = stablehlo.add %x, %x : tensor<8xf32>
  %s1 = "stablehlo.scatter"(%y, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<8xf32>, tensor<5x1xi32>, tensor<5xf32>) -> tensor<8xf32>
  // shares its storage: what a barrier or a loop passes through unchanged
  %z = stablehlo.optimization_barrier %s1 : tensor<8xf32>
  %s2 = "stablehlo.scatter"(%z, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %t = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %t : tensor<f32>
  }) : (tensor<8xf32>, tensor<5x1xi32>, tensor<5xf32>) -> tensor<8xf32>
  %1:3 = stablehlo.while(%n = %zero, %c = %s2, %d = %x) : tensor<i32>, tensor<8xf32>, tensor<8xf32>
  cond {
    %p = stablehlo.compare LT, %n, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %m = stablehlo.add %n, %one : tensor<i32>
    %e = stablehlo.multiply %d, %c : tensor<8xf32>
    stablehlo.return %m, %c, %e : tensor<i32>, tensor<8xf32>, tensor<8xf32>
  }
  %s3 = "stablehlo.scatter"(%1#1, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %t = stablehlo.multiply %a, %b : tensor<f32>
    stablehlo.return %t : tensor<f32>
  }) : (tensor<8xf32>, tensor<5x1xi32>, tensor<5xf32>) -> tensor<8xf32>
  %start = stablehlo.slice %i [0:1, 0:1] : (tensor<5x1xi32>) -> tensor<1x1xi32>
  %s0 = stablehlo.reshape %start : (tensor<1x1xi32>) -> tensor<i32>
  %w = stablehlo.optimization_barrier %s3 : tensor<8xf32>
  %s4 = stablehlo.dynamic_update_slice %w, %u, %s0 : (tensor<8xf32>, tensor<5xf32>, tensor<i32>) -> tensor<8xf32>
  // a body that computes in a wider type
  %k = stablehlo.convert %s3 : (tensor<8xf32>) -> tensor<8xi32>
  %v = stablehlo.convert %u : (tensor<5xf32>) -> tensor<5xi32>
  %s5 = "stablehlo.scatter"(%k, %i, %v) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i64>, %b: tensor<i64>):
    %t = stablehlo.subtract %a, %b : tensor<i64>
    stablehlo.return %t : tensor<i64>
  }) : (tensor<8xi32>, tensor<5x1xi32>, tensor<5xi32>) -> tensor<8xi64>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %sum = stablehlo.reduce(%s2 init: %f0) applies stablehlo.add across dimensions = [0] : (tensor<8xf32>, tensor<f32>) -> tensor<f32>
  return %0#1, %y, %s1, %1#2, %s3, %s4, %s5, %sum : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xi64>, tensor<f32>
}
