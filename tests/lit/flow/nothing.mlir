// SPDX-License-Identifier: Apache-2.0
// Arrays without elements need no code, whatever makes them: here of more dimensions than a kernel has loops.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn opt %s --to lower | grep -c '^kernel' | filecheck %s
// CHECK: {{^}}1{{$}}
func.func @main(%x: tensor<3x7x7x3x0x1x7x6x9x6x8xf32>, %y: tensor<3xf32>)
    -> (tensor<3x7x7x3x0x1x7x6x9x6x8xf32>, tensor<3x7x7x3x0x1x7x6x9x6x8xf32>, tensor<3xf32>) {
  %0 = stablehlo.broadcast_in_dim %y, dims = [0] : (tensor<3xf32>) -> tensor<3x7x7x3x0x1x7x6x9x6x8xf32>
  %1 = stablehlo.add %x, %0 : tensor<3x7x7x3x0x1x7x6x9x6x8xf32>
  %2 = stablehlo.add %y, %y : tensor<3xf32>
  return %0, %1, %2 : tensor<3x7x7x3x0x1x7x6x9x6x8xf32>, tensor<3x7x7x3x0x1x7x6x9x6x8xf32>, tensor<3xf32>
}
