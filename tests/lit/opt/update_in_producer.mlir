// SPDX-License-Identifier: Apache-2.0
// A scan's stacked outputs are stored by the kernel that computes them: an element-wise value read by
// two updates (s0, s4), one that the loop also carries (s1, at an index counting down), row sums (s2).
// A kernel of its own have columns (s3, not contiguous) and an update at an index that is computed
// from such a value; it overwrites part of what the first update of the same array stored.
// RUN: skarn opt %s --to lower | grep -c "^kernel .* dynamic_update_slice" | filecheck %s --check-prefix=COUNT
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3
// RUN: skarn run %s --random 1 --numerics strict --compare loop

// COUNT: {{^}}2{{$}}
// CHECK: kernel [[BODY:[0-9]+]] reduce
// CHECK: access {{.*}} f32 offset 0 strides 40 1
// CHECK: [[INDEX:%[0-9]+]] i32 mul
// CHECK: [[A:%[0-9]+]] f32 fmul
// CHECK: store {{a[0-9]+}} [[A]] [[INDEX]]
// CHECK: do {
// CHECK-NEXT: kernel [[BODY]]
func.func @main(%x: tensor<6x40xf32>, %h0: tensor<6x40xf32>)
    -> (tensor<6x40xf32>, tensor<9x6x40xf32>, tensor<9x6x40xf32>, tensor<9x6xf32>, tensor<6x40x9xbf16>, tensor<20x6x40xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %limit = stablehlo.constant dense<9> : tensor<i32>
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %e = stablehlo.constant dense<0.0> : tensor<9x6x40xf32>
  %e2 = stablehlo.constant dense<1.0> : tensor<9x6xf32>
  %e3 = stablehlo.constant dense<2.0> : tensor<6x40x9xbf16>
  %e4 = stablehlo.constant dense<3.0> : tensor<20x6x40xf32>
  %r:7 = stablehlo.while(%i = %zero, %h = %h0, %s0 = %e, %s1 = %e, %s2 = %e2, %s3 = %e3, %s4 = %e4)
    : tensor<i32>, tensor<6x40xf32>, tensor<9x6x40xf32>, tensor<9x6x40xf32>, tensor<9x6xf32>, tensor<6x40x9xbf16>, tensor<20x6x40xf32>
  cond {
    %c = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  } do {
    %a = stablehlo.multiply %h, %x : tensor<6x40xf32>
    %b = stablehlo.subtract %a, %h : tensor<6x40xf32>
    %n = stablehlo.tanh %b : tensor<6x40xf32>
    %sum = stablehlo.reduce(%n init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<6x40xf32>, tensor<f32>) -> tensor<6xf32>
    %ar = stablehlo.reshape %a : (tensor<6x40xf32>) -> tensor<1x6x40xf32>
    %t0 = stablehlo.dynamic_update_slice %s0, %ar, %i, %zero, %zero : (tensor<9x6x40xf32>, tensor<1x6x40xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<9x6x40xf32>
    %nr = stablehlo.reshape %n : (tensor<6x40xf32>) -> tensor<1x6x40xf32>
    %back = stablehlo.subtract %limit, %i : tensor<i32>
    %t1 = stablehlo.dynamic_update_slice %s1, %nr, %back, %zero, %zero : (tensor<9x6x40xf32>, tensor<1x6x40xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<9x6x40xf32>
    %sr = stablehlo.reshape %sum : (tensor<6xf32>) -> tensor<1x6xf32>
    %t2 = stablehlo.dynamic_update_slice %s2, %sr, %i, %zero : (tensor<9x6xf32>, tensor<1x6xf32>, tensor<i32>, tensor<i32>) -> tensor<9x6xf32>
    %nb = stablehlo.convert %n : (tensor<6x40xf32>) -> tensor<6x40xbf16>
    %nc = stablehlo.reshape %nb : (tensor<6x40xbf16>) -> tensor<6x40x1xbf16>
    %t3 = stablehlo.dynamic_update_slice %s3, %nc, %zero, %zero, %i : (tensor<6x40x9xbf16>, tensor<6x40x1xbf16>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<6x40x9xbf16>
    %t4 = stablehlo.dynamic_update_slice %s4, %ar, %i, %zero, %zero : (tensor<20x6x40xf32>, tensor<1x6x40xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<20x6x40xf32>
    %most = stablehlo.reduce(%sum init: %f0) applies stablehlo.maximum across dimensions = [0] : (tensor<6xf32>, tensor<f32>) -> tensor<f32>
    %where = stablehlo.convert %most : (tensor<f32>) -> tensor<i32>
    %t5 = stablehlo.dynamic_update_slice %t4, %nr, %where, %zero, %zero : (tensor<20x6x40xf32>, tensor<1x6x40xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<20x6x40xf32>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %n, %t0, %t1, %t2, %t3, %t5 : tensor<i32>, tensor<6x40xf32>, tensor<9x6x40xf32>, tensor<9x6x40xf32>, tensor<9x6xf32>, tensor<6x40x9xbf16>, tensor<20x6x40xf32>
  }
  return %r#1, %r#2, %r#3, %r#4, %r#5, %r#6 : tensor<6x40xf32>, tensor<9x6x40xf32>, tensor<9x6x40xf32>, tensor<9x6xf32>, tensor<6x40x9xbf16>, tensor<20x6x40xf32>
}
