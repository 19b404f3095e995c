// SPDX-License-Identifier: Apache-2.0
// The initial value of a stacked output is not stored when the loop overwrites all of it: %up and %down
// here. It is when rows stay (%short has more rows than trips), when rows are hit twice because the
// index is clamped (%shifted), when the body reads the array (%read), when only columns are written
// (%part), and when somebody else writes it (%twice).
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop

// CHECK: {{^}}body {
// CHECK: {{^}}  kernel 1
// CHECK: {{^}}  kernel 5
// CHECK-NEXT: {{^}}  while
// All are carried in the results' own storage: what is left to exchange are %i and %h.
// CHECK: {{^}}    swap
// CHECK-NEXT: {{^}}    swap
// CHECK-NEXT: {{^}}  }
// CHECK-NEXT: {{^}}}
func.func @main(%x: tensor<40xf32>)
    -> (tensor<9x40xf32>, tensor<9x40xf32>, tensor<10x40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<9x80xf32>, tensor<9x40xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %last = stablehlo.constant dense<8> : tensor<i32>
  %limit = stablehlo.constant dense<9> : tensor<i32>
  %e = stablehlo.constant dense<7.0> : tensor<9x40xf32>
  %eshort = stablehlo.constant dense<5.0> : tensor<10x40xf32>
  %epart = stablehlo.constant dense<6.0> : tensor<9x80xf32>
  %r:9 = stablehlo.while(%i = %zero, %h = %x, %up = %e, %down = %e, %short = %eshort, %shifted = %e, %read = %e, %part = %epart, %twice = %e)
    : tensor<i32>, tensor<40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<10x40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<9x80xf32>, tensor<9x40xf32>
  cond {
    %c = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %n = stablehlo.cosine %h : tensor<40xf32>
    %row = stablehlo.reshape %n : (tensor<40xf32>) -> tensor<1x40xf32>
    %back = stablehlo.subtract %last, %i : tensor<i32>
    %j = stablehlo.add %i, %one : tensor<i32>
    %up1 = stablehlo.dynamic_update_slice %up, %row, %i, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    %down1 = stablehlo.dynamic_update_slice %down, %row, %back, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    %short1 = stablehlo.dynamic_update_slice %short, %row, %i, %zero : (tensor<10x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<10x40xf32>
    %shifted1 = stablehlo.dynamic_update_slice %shifted, %row, %j, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    %old = stablehlo.dynamic_slice %read, %i, %zero, sizes = [1, 40] : (tensor<9x40xf32>, tensor<i32>, tensor<i32>) -> tensor<1x40xf32>
    %sum = stablehlo.add %old, %row : tensor<1x40xf32>
    %read1 = stablehlo.dynamic_update_slice %read, %sum, %i, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    %part1 = stablehlo.dynamic_update_slice %part, %row, %i, %zero : (tensor<9x80xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x80xf32>
    %twice0 = stablehlo.dynamic_update_slice %twice, %row, %zero, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    %twice1 = stablehlo.dynamic_update_slice %twice0, %row, %i, %zero : (tensor<9x40xf32>, tensor<1x40xf32>, tensor<i32>, tensor<i32>) -> tensor<9x40xf32>
    stablehlo.return %j, %n, %up1, %down1, %short1, %shifted1, %read1, %part1, %twice1 : tensor<i32>, tensor<40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<10x40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<9x80xf32>, tensor<9x40xf32>
  }
  return %r#2, %r#3, %r#4, %r#5, %r#6, %r#7, %r#8 : tensor<9x40xf32>, tensor<9x40xf32>, tensor<10x40xf32>, tensor<9x40xf32>, tensor<9x40xf32>, tensor<9x80xf32>, tensor<9x40xf32>
}
