// SPDX-License-Identifier: Apache-2.0
// A row is kept in scratch memory only for a later pass over it in the same kernel: the exponential that is summed along columns and
// stacked is in the last one.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop::3

// CHECK-NOT: {{^}}buf {{[0-9]+}} scratch
// CHECK: red 16 lanes 1
// CHECK-NOT: {{^}}buf {{[0-9]+}} scratch
func.func @main(%x: tensor<16x24xf32>) -> (tensor<16x24xf32>, tensor<9x16x24xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %nine = stablehlo.constant dense<9> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %low = stablehlo.constant dense<0xFF800000> : tensor<f32>
  %e0 = stablehlo.constant dense<0.0> : tensor<9x16x24xf32>
  %r:3 = stablehlo.while(%i = %zero, %h = %x, %s = %e0) : tensor<i32>, tensor<16x24xf32>, tensor<9x16x24xf32>
  cond {
    %c = stablehlo.compare LT, %i, %nine, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %m = stablehlo.reduce(%h init: %low) applies stablehlo.maximum across dimensions = [0] : (tensor<16x24xf32>, tensor<f32>) -> tensor<24xf32>
    %mb = stablehlo.broadcast_in_dim %m, dims = [1] : (tensor<24xf32>) -> tensor<16x24xf32>
    %d = stablehlo.subtract %h, %mb : tensor<16x24xf32>
    %e = stablehlo.exponential %d : tensor<16x24xf32>
    %sum = stablehlo.reduce(%e init: %f0) applies stablehlo.add across dimensions = [0] : (tensor<16x24xf32>, tensor<f32>) -> tensor<24xf32>
    %log = stablehlo.log %sum : tensor<24xf32>
    %lb = stablehlo.broadcast_in_dim %log, dims = [1] : (tensor<24xf32>) -> tensor<16x24xf32>
    %next = stablehlo.subtract %h, %lb : tensor<16x24xf32>
    %row = stablehlo.reshape %e : (tensor<16x24xf32>) -> tensor<1x16x24xf32>
    %t = stablehlo.dynamic_update_slice %s, %row, %i, %zero, %zero : (tensor<9x16x24xf32>, tensor<1x16x24xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<9x16x24xf32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %next, %t : tensor<i32>, tensor<16x24xf32>, tensor<9x16x24xf32>
  }
  return %r#1, %r#2 : tensor<16x24xf32>, tensor<9x16x24xf32>
}
