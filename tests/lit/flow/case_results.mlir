// SPDX-License-Identifier: Apache-2.0
// Branches store into the results of their case: values made in the branch, a reduction, one value given twice; what comes from outside,
// and updates of it, are copied.
// RUN: skarn opt %s --to lower | grep -c "^ *copy" | filecheck %s --check-prefix=COPIES
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare interp
// RUN: skarn run %s --random 3 --compare loop::3

// COPIES: {{^}}5{{$}}
func.func @main(%k: tensor<i32>, %x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>) {
  %f0 = stablehlo.constant dense<0.0> : tensor<f32>
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %ones = stablehlo.constant dense<1.0> : tensor<1x3xf32>
  %s = stablehlo.reduce(%x init: %f0) applies stablehlo.add across dimensions = [1] : (tensor<40x3xf32>, tensor<f32>) -> tensor<40xf32>
  %r:3 = "stablehlo.case"(%k) ({
    %a = stablehlo.multiply %x, %x : tensor<40x3xf32>
    %m = stablehlo.reduce(%a init: %f0) applies stablehlo.maximum across dimensions = [1] : (tensor<40x3xf32>, tensor<f32>) -> tensor<40xf32>
    stablehlo.return %a, %a, %m : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>
  }, {
    %u = stablehlo.dynamic_update_slice %x, %ones, %k, %zero : (tensor<40x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<40x3xf32>
    %n = stablehlo.negate %s : tensor<40xf32>
    stablehlo.return %u, %x, %n : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>
  }, {
    %e = stablehlo.exponential %x : tensor<40x3xf32>
    %t = stablehlo.tanh %x : tensor<40x3xf32>
    stablehlo.return %e, %t, %s : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>
  }) : (tensor<i32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>)
  return %r#0, %r#1, %r#2 : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40xf32>
}
