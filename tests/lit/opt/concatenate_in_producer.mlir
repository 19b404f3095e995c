// SPDX-License-Identifier: Apache-2.0
// Pieces of a concatenation that runs on its own are stored by the kernels that compute them: columns of one kernel (%0), one of which is
// needed by itself as well and one stored twice; many pieces of several kernels, row sums among them (%1); what a loop carries (%2).
// Kernels of their own have a piece that is an argument and one that is seen in another shape.
// RUN: skarn opt %s --to lower | grep -c "^kernel .* concatenate" | filecheck %s --check-prefix=COUNT
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3
// RUN: skarn run %s --random 1 --numerics strict --compare loop
// RUN: skarn run %s --random 1 --guard end --compare loop
// RUN: skarn run %s --random 1 --guard start --compare loop

// COUNT: {{^}}2{{$}}
func.func @main(%x: tensor<300x5xf32>, %y: tensor<300x5xf32>, %s: tensor<200x2xbf16>, %limit: tensor<i32>)
    -> (tensor<300x5x4xf32>, tensor<300x5xf32>, tensor<2700xf32>, tensor<200x2xbf16>) {
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %a = stablehlo.multiply %x, %y : tensor<300x5xf32>
  %b = stablehlo.subtract %x, %a : tensor<300x5xf32>
  %ar = stablehlo.reshape %a : (tensor<300x5xf32>) -> tensor<300x5x1xf32>
  %br = stablehlo.reshape %b : (tensor<300x5xf32>) -> tensor<300x5x1xf32>
  %yr = stablehlo.reshape %y : (tensor<300x5xf32>) -> tensor<300x5x1xf32>
  %0 = stablehlo.concatenate %ar, %br, %yr, %br, dim = 2 : (tensor<300x5x1xf32>, tensor<300x5x1xf32>, tensor<300x5x1xf32>, tensor<300x5x1xf32>) -> tensor<300x5x4xf32>
  %sum = stablehlo.reduce(%b init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<300x5xf32>, tensor<f32>) -> tensor<300xf32>
  %most = stablehlo.reduce(%x init: %f0) applies stablehlo.maximum across dimensions = [1] : (tensor<300x5xf32>, tensor<f32>) -> tensor<300xf32>
  %e = stablehlo.exponential %sum : tensor<300xf32>
  %t = stablehlo.tanh %most : tensor<300xf32>
  %flat = stablehlo.add %y, %y : tensor<300x5xf32>
  %shape = stablehlo.reshape %flat : (tensor<300x5xf32>) -> tensor<1500xf32>
  %part = stablehlo.slice %shape [0:300] : (tensor<1500xf32>) -> tensor<300xf32>
  %1 = stablehlo.concatenate %sum, %most, %e, %t, %part, %e, %t, %sum, %e, dim = 0 : (tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>, tensor<300xf32>) -> tensor<2700xf32>
  %r:2 = stablehlo.while(%i = %zero, %c = %s) : tensor<i32>, tensor<200x2xbf16>
  cond {
    %p = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %l = stablehlo.slice %c [0:200, 0:1] : (tensor<200x2xbf16>) -> tensor<200x1xbf16>
    %h = stablehlo.slice %c [0:200, 1:2] : (tensor<200x2xbf16>) -> tensor<200x1xbf16>
    %up = stablehlo.maximum %l, %h : tensor<200x1xbf16>
    %m = stablehlo.multiply %l, %h : tensor<200x1xbf16>
    %n = stablehlo.concatenate %m, %up, dim = 1 : (tensor<200x1xbf16>, tensor<200x1xbf16>) -> tensor<200x2xbf16>
    %j = stablehlo.add %i, %one : tensor<i32>
    stablehlo.return %j, %n : tensor<i32>, tensor<200x2xbf16>
  }
  return %0, %b, %1, %r#1 : tensor<300x5x4xf32>, tensor<300x5xf32>, tensor<2700xf32>, tensor<200x2xbf16>
}
