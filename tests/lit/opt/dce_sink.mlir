// SPDX-License-Identifier: Apache-2.0
// What keeps other compilers from removing an operation is nothing here.
// RUN: skarn run %s --random 1 --via native
// RUN: skarn opt %s --to inline | filecheck %s
// CHECK-NOT: dce_sink
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.add %x, %x : tensor<4xf32>
  stablehlo.custom_call @dce_sink(%0) {has_side_effect = true, operand_layouts = [dense<0> : tensor<1xindex>]} : (tensor<4xf32>) -> ()
  return %x : tensor<4xf32>
}
