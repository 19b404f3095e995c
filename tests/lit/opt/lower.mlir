// SPDX-License-Identifier: Apache-2.0
// Element-wise operations become one kernel that stores once; the program reads back and goes on
// from any of its stages.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn opt %s --to vectorise > %t.loop
// RUN: skarn opt %t.loop --from vectorise --to vectorise > %t.again
// RUN: diff %t.loop %t.again
// RUN: skarn opt %s --to lower > %t.low
// RUN: skarn opt %t.low --from lower --to vectorise > %t.joined
// RUN: diff %t.loop %t.joined
// RUN: skarn opt %t.loop --from vectorise --to gen | filecheck %s --check-prefix=CODE
// RUN: skarn opt %s --to image --isa v4 | filecheck %s --check-prefix=PLAN

// CHECK: program main args 2 results 1
// CHECK: kernel 1
// CHECK: fma
// CHECK: store
// CHECK-NOT: store
// CHECK-NOT: kernel 2 {{.*}} {
// CODE: instructions, tier v
// CODE: .byte 0x
// PLAN: executable main isa v4
// PLAN: argument 0 tensor<1000xf32>
// PLAN: step 0 native
func.func @main(%a: tensor<1000xf32>, %b: tensor<1000xf32>) -> tensor<1000xf32> {
  %0 = stablehlo.multiply %a, %b : tensor<1000xf32>
  %1 = stablehlo.add %0, %b : tensor<1000xf32>
  %2 = stablehlo.maximum %1, %a : tensor<1000xf32>
  return %2 : tensor<1000xf32>
}
