// SPDX-License-Identifier: Apache-2.0
// Equal constants are one, whether they were written or came of folding, and so is what is made of them; those of
// another type or of other elements are not.
// RUN: skarn opt %s | filecheck %s
// CHECK: %[[A:.*]] = stablehlo.constant dense<7> : tensor<4xi32>
// CHECK-NEXT: %[[X:.*]] = stablehlo.add %arg0, %[[A]]
// CHECK-NEXT: %[[B:.*]] = stablehlo.constant dense<[7, 7, 7, 8]> : tensor<4xi32>
// CHECK-NEXT: %[[Y:.*]] = stablehlo.add %arg0, %[[B]]
// CHECK-NEXT: %[[C:.*]] = stablehlo.constant dense<7> : tensor<4xui32>
// CHECK-NEXT: %[[Z:.*]] = stablehlo.add %arg1, %[[C]]
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[Y]], %[[Z]]
func.func @main(%x: tensor<4xi32>, %y: tensor<4xui32>)
    -> (tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xui32>) {
  %a = stablehlo.constant dense<7> : tensor<4xi32>
  %0 = stablehlo.add %x, %a : tensor<4xi32>
  %b = stablehlo.constant dense<7> : tensor<i32>
  %1 = stablehlo.broadcast_in_dim %b, dims = [] : (tensor<i32>) -> tensor<4xi32>
  %2 = stablehlo.add %x, %1 : tensor<4xi32>
  %c = stablehlo.constant dense<[5, 5, 5, 5]> : tensor<4xi32>
  %d = stablehlo.constant dense<[2, 2, 2, 2]> : tensor<4xi32>
  %3 = stablehlo.add %c, %d : tensor<4xi32>
  %4 = stablehlo.add %x, %3 : tensor<4xi32>
  %e = stablehlo.constant dense<[7, 7, 7, 8]> : tensor<4xi32>
  %5 = stablehlo.add %x, %e : tensor<4xi32>
  %f = stablehlo.constant dense<7> : tensor<4xui32>
  %6 = stablehlo.add %y, %f : tensor<4xui32>
  return %0, %2, %4, %5, %6 : tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xi32>, tensor<4xui32>
}
