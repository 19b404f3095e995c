// SPDX-License-Identifier: Apache-2.0
// A short piece beside a long one is a kernel of its own: no element of the long one is guarded. Not along an inner dimension, where the
// kernel runs through its pieces.
// RUN: skarn opt %s --to vectorise | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --threads 3 --compare loop
// CHECK: loop 0 par 7 lanes
// CHECK: loop 0 par 99994 lanes
// CHECK-NOT: load {{.*}} - %
// CHECK: loop 0 par 1 lanes
// CHECK: loop 0 par 39999 lanes
// CHECK-NOT: load {{.*}} - %
// CHECK: loop 0 par 300
// CHECK: body
func.func @main(%x: tensor<100001xf32>, %y: tensor<40000x3xf64>, %z: tensor<300x400xf32>) -> (tensor<100001xf32>, tensor<40000x3xf64>, tensor<300x400xf32>) {
  %a = stablehlo.slice %x [99994:100001] : (tensor<100001xf32>) -> tensor<7xf32>
  %b = stablehlo.slice %x [0:99994] : (tensor<100001xf32>) -> tensor<99994xf32>
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<7xf32>, tensor<99994xf32>) -> tensor<100001xf32>
  %c = stablehlo.slice %y [39999:40000, 0:3] : (tensor<40000x3xf64>) -> tensor<1x3xf64>
  %d = stablehlo.slice %y [0:39999, 0:3] : (tensor<40000x3xf64>) -> tensor<39999x3xf64>
  %1 = stablehlo.concatenate %c, %d, dim = 0 : (tensor<1x3xf64>, tensor<39999x3xf64>) -> tensor<40000x3xf64>
  %e = stablehlo.slice %z [0:300, 399:400] : (tensor<300x400xf32>) -> tensor<300x1xf32>
  %f = stablehlo.slice %z [0:300, 0:399] : (tensor<300x400xf32>) -> tensor<300x399xf32>
  %2 = stablehlo.concatenate %e, %f, dim = 1 : (tensor<300x1xf32>, tensor<300x399xf32>) -> tensor<300x400xf32>
  return %0, %1, %2 : tensor<100001xf32>, tensor<40000x3xf64>, tensor<300x400xf32>
}
