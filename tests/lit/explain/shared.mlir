// SPDX-License-Identifier: Apache-2.0
// Ops computed again where they are read, reductions in blocks, positions from locations, and what cannot be explained.
// RUN: skarn explain %s | filecheck %s
// RUN: not --code 2 skarn explain %s --via interp
// RUN: not --code 2 skarn explain
// RUN: not --code 1 skarn explain %S/../errors/undefined_value.mlir

// %2 is cheap: two kernels of different shapes compute it both. What comes from elsewhere is named by its file.
// CHECK: members  {{.*}}add (model.py:12)
// CHECK: again    {{.*}}multiply (model.py:10)
// CHECK: red {{[0-9]+}} lanes 64 vec
// CHECK: (another part of {{[0-9]+}})
// CHECK: a large reduction is done in blocks by kernels of its own
func.func @main(%0: tensor<1000x1000xf32>, %1: tensor<1000xf32>) -> (tensor<1000xf32>, tensor<f32>) {
  %c = stablehlo.constant dense<0.0> : tensor<f32>
  %2 = stablehlo.multiply %0, %0 : tensor<1000x1000xf32> loc("src/model.py":10:3)
  %3 = stablehlo.slice %2 [0:1, 0:1000] : (tensor<1000x1000xf32>) -> tensor<1x1000xf32>
  %4 = stablehlo.reshape %3 : (tensor<1x1000xf32>) -> tensor<1000xf32>
  %5 = stablehlo.add %4, %1 : tensor<1000xf32> loc("src/model.py":12:3)
  %6 = stablehlo.reduce(%2 init: %c) applies stablehlo.add across dimensions = [0, 1] : (tensor<1000x1000xf32>, tensor<f32>) -> tensor<f32>
  %7 = stablehlo.sqrt %6 : tensor<f32>
  return %5, %7 : tensor<1000xf32>, tensor<f32>
}
