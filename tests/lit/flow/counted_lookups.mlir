// SPDX-License-Identifier: Apache-2.0
// A counted loop whose body looks up elements of a table where carried values say is one kernel (a binary search). One that looks up
// in what it carries, or several elements at a time, is not.
// RUN: skarn opt %s --to lower | grep -c "while [0-9]* {" | filecheck %s --check-prefix=COUNT
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop::3
// RUN: skarn run %s --random 1 --guard end --compare loop
// RUN: skarn run %s --random 1 --guard start --compare loop

// COUNT: {{^}}2{{$}}
// CHECK: kernel {{[0-9]+}} while
// CHECK: loop 0 par 1003
// CHECK: loop 1 seq 12
func.func @main(%table: tensor<1000xf32>, %x: tensor<1003xf32>, %y: tensor<1003xi32>) -> (tensor<1003xi32>, tensor<1003xi32>, tensor<1003xi32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %steps = stablehlo.constant dense<12> : tensor<i32>
  %low = stablehlo.constant dense<0> : tensor<1003xi32>
  %high = stablehlo.constant dense<1000> : tensor<1003xi32>
  %two = stablehlo.constant dense<2> : tensor<1003xi32>
  %r:3 = stablehlo.while(%i = %zero, %l = %low, %h = %high) : tensor<i32>, tensor<1003xi32>, tensor<1003xi32>
  cond {
    %p = stablehlo.compare LT, %i, %steps, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %s = stablehlo.add %l, %h : tensor<1003xi32>
    %m = stablehlo.divide %s, %two : tensor<1003xi32>
    %k = stablehlo.reshape %m : (tensor<1003xi32>) -> tensor<1003x1xi32>
    %v = "stablehlo.gather"(%table, %k) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1>}> : (tensor<1000xf32>, tensor<1003x1xi32>) -> tensor<1003xf32>
    %c = stablehlo.compare LT, %v, %x : (tensor<1003xf32>, tensor<1003xf32>) -> tensor<1003xi1>
    %ln = stablehlo.select %c, %m, %l : tensor<1003xi1>, tensor<1003xi32>
    %hn = stablehlo.select %c, %h, %m : tensor<1003xi1>, tensor<1003xi32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %ln, %hn : tensor<i32>, tensor<1003xi32>, tensor<1003xi32>
  }
  %q:2 = stablehlo.while(%i = %zero, %a = %y) : tensor<i32>, tensor<1003xi32>
  cond {
    %p = stablehlo.compare LT, %i, %steps, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %k = stablehlo.reshape %a : (tensor<1003xi32>) -> tensor<1003x1xi32>
    %v = "stablehlo.gather"(%a, %k) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1>}> : (tensor<1003xi32>, tensor<1003x1xi32>) -> tensor<1003xi32>
    %n = stablehlo.maximum %v, %two : tensor<1003xi32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %n : tensor<i32>, tensor<1003xi32>
  }
  %t:2 = stablehlo.while(%i = %zero, %a = %y) : tensor<i32>, tensor<1003xi32>
  cond {
    %p = stablehlo.compare LT, %i, %steps, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %k = stablehlo.reshape %a : (tensor<1003xi32>) -> tensor<1003x1xi32>
    %v = "stablehlo.gather"(%table, %k) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 2>}> : (tensor<1000xf32>, tensor<1003x1xi32>) -> tensor<1003x2xf32>
    %f = stablehlo.slice %v [0:1003, 1:2] : (tensor<1003x2xf32>) -> tensor<1003x1xf32>
    %fr = stablehlo.reshape %f : (tensor<1003x1xf32>) -> tensor<1003xf32>
    %fi = stablehlo.convert %fr : (tensor<1003xf32>) -> tensor<1003xi32>
    %n = stablehlo.add %fi, %a : tensor<1003xi32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %n : tensor<i32>, tensor<1003xi32>
  }
  return %r#1, %q#1, %t#1 : tensor<1003xi32>, tensor<1003xi32>, tensor<1003xi32>
}
