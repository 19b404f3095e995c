// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// CHECK: broadcast.mlir:{{[0-9]+:[0-9]+}}: broadcast: 1.05 MB are written of 1.02 kB for sort
// CHECK-NEXT: 1 finding
func.func @fires(%0: tensor<256xf32>) -> tensor<1024x256xf32> {
  %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<256xf32>) -> tensor<1024x256xf32>
  %2 = "stablehlo.sort"(%1) <{dimension = 1 : i64}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %c = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  }) : (tensor<1024x256xf32>) -> tensor<1024x256xf32>
  return %2 : tensor<1024x256xf32>
}
// QUIET: {{^}}0 findings
func.func @quiet(%0: tensor<256xf32>, %1: tensor<1024x256xf32>) -> tensor<1024x256xf32> {
  %2 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<256xf32>) -> tensor<1024x256xf32>
  %3 = stablehlo.add %2, %1 : tensor<1024x256xf32>
  return %3 : tensor<1024x256xf32>
}
