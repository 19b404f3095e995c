// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// RUN: skarn lint %s --entry fires --rules broadcast,update | filecheck %s --check-prefix=QUIET
// A sort takes its operand from memory, in order.
// CHECK: copy.mlir:{{[0-9]+:[0-9]+}}: copy: 262 kB are laid out anew for sort
// CHECK-NEXT: 1 finding
func.func @fires(%0: tensor<256x256xf32>) -> tensor<256x256xf32> {
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<256x256xf32>) -> tensor<256x256xf32>
  %2 = "stablehlo.sort"(%1) <{dimension = 1 : i64}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %c = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %c : tensor<i1>
  }) : (tensor<256x256xf32>) -> tensor<256x256xf32>
  return %2 : tensor<256x256xf32>
}
// The transpose is computed where it is read.
// QUIET: {{^}}0 findings
func.func @quiet(%0: tensor<256x256xf32>) -> tensor<256x256xf32> {
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<256x256xf32>) -> tensor<256x256xf32>
  %2 = stablehlo.add %1, %0 : tensor<256x256xf32>
  return %2 : tensor<256x256xf32>
}
