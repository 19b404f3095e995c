// SPDX-License-Identifier: Apache-2.0
// An array that a loop updates in place, and that the next trip gets as another of its arrays too: first, last, through a reshape.
// RUN: skarn run %s --random 3 --compare interp
// RUN: skarn run %s --random 3 --compare loop
func.func @main(%x: tensor<6xf32>, %y: tensor<6xf32>, %n: tensor<i32>, %i: tensor<i32>)
    -> (tensor<6xf32>, tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>) {
  %z = stablehlo.constant dense<0> : tensor<i32>
  %y2 = stablehlo.reshape %y : (tensor<6xf32>) -> tensor<2x3xf32>
  %0:5 = stablehlo.while(%k = %z, %a = %x, %b = %y, %c = %y2, %d = %x) : tensor<i32>, tensor<6xf32>, tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
    cond {
      %2 = stablehlo.compare LT, %k, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %2 : tensor<i1>
    } do {
      %e = stablehlo.slice %a [0:2] : (tensor<6xf32>) -> tensor<2xf32>
      %f = stablehlo.slice %c [1:2, 0:2] : (tensor<2x3xf32>) -> tensor<1x2xf32>
      %g = stablehlo.reshape %f : (tensor<1x2xf32>) -> tensor<2xf32>
      %2 = stablehlo.add %e, %g : tensor<2xf32>
      %3 = stablehlo.dynamic_update_slice %b, %2, %i : (tensor<6xf32>, tensor<2xf32>, tensor<i32>) -> tensor<6xf32>
      %h = stablehlo.reshape %3 : (tensor<6xf32>) -> tensor<2x3xf32>
      %4 = stablehlo.constant dense<1> : tensor<i32>
      %5 = stablehlo.add %k, %4 : tensor<i32>
      stablehlo.return %5, %3, %3, %h, %3 : tensor<i32>, tensor<6xf32>, tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
    }
  return %0#1, %0#2, %0#3, %0#4 : tensor<6xf32>, tensor<6xf32>, tensor<2x3xf32>, tensor<6xf32>
}
