// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// The sine is read at two places of one kernel: once for each would cost more than memory.
// CHECK: model.py:7:1: fusion-break: 262 kB of sine go through memory to add (line {{[0-9]+}}): its reader takes it at other places
// CHECK-NEXT: 1 finding
func.func @fires(%0: tensor<65536xf32>) -> tensor<65535xf32> {
  %1 = stablehlo.sine %0 : tensor<65536xf32> loc("model.py":7:1)
  %2 = stablehlo.slice %1 [0:65535] : (tensor<65536xf32>) -> tensor<65535xf32>
  %3 = stablehlo.slice %1 [1:65536] : (tensor<65536xf32>) -> tensor<65535xf32>
  %4 = stablehlo.add %2, %3 : tensor<65535xf32>
  return %4 : tensor<65535xf32>
}
// Small, or a result, or read by a product: nothing to be done.
// QUIET: {{^}}0 findings
func.func @quiet(%0: tensor<100xf32>, %1: tensor<256x256xf32>) -> (tensor<99xf32>, tensor<256x256xf32>, tensor<256x256xf32>) {
  %2 = stablehlo.sine %0 : tensor<100xf32>
  %3 = stablehlo.slice %2 [0:99] : (tensor<100xf32>) -> tensor<99xf32>
  %4 = stablehlo.slice %2 [1:100] : (tensor<100xf32>) -> tensor<99xf32>
  %5 = stablehlo.add %3, %4 : tensor<99xf32>
  %6 = stablehlo.sine %1 : tensor<256x256xf32>
  %7 = stablehlo.dot_general %6, %1, contracting_dims = [1] x [0] : (tensor<256x256xf32>, tensor<256x256xf32>) -> tensor<256x256xf32>
  return %5, %6, %7 : tensor<99xf32>, tensor<256x256xf32>, tensor<256x256xf32>
}
