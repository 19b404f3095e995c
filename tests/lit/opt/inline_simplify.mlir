// SPDX-License-Identifier: Apache-2.0
// Calls are replaced by their bodies; what is then equal becomes one, what is unused goes.
// RUN: skarn opt %s --to inline | filecheck %s --check-prefix=INLINE
// RUN: skarn opt %s | filecheck %s --check-prefix=SIMPLE
// RUN: skarn opt %s --disable simplify | filecheck %s --check-prefix=INLINE

// INLINE-LABEL: @main
// INLINE-NOT: call @twice
// INLINE: stablehlo.add
// INLINE: stablehlo.add
// SIMPLE-LABEL: @main
// SIMPLE-NOT: call @
// SIMPLE-NOT: stablehlo.subtract
// SIMPLE: [[SUM:%[0-9]+]] = stablehlo.add %arg0, %arg0 : tensor<4xf32>
// SIMPLE-NEXT: stablehlo.multiply [[SUM]], [[SUM]] : tensor<4xf32>
// SIMPLE-NEXT: return
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %unused = stablehlo.subtract %x, %x : tensor<4xf32>
  %0 = call @twice(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = stablehlo.add %x, %x : tensor<4xf32>
  %2 = stablehlo.multiply %0, %1 : tensor<4xf32>
  return %2 : tensor<4xf32>
}
func.func private @twice(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.add %x, %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}
