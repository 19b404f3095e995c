// SPDX-License-Identifier: Apache-2.0
// --print-changed names the stages that changed something, and only those.
// RUN: skarn opt %s --print-changed --verify --to lower | filecheck %s
// CHECK: // ---- after parse
// CHECK-NOT: ---- after verify
// CHECK: // ---- after inline
// CHECK-NOT: ---- after expand
// CHECK-NOT: ---- after numerics
// CHECK: // ---- after lower
func.func @main(%a: tensor<64xf32>) -> tensor<64xf32> {
  %unused = stablehlo.multiply %a, %a : tensor<64xf32>
  %1 = stablehlo.add %a, %a : tensor<64xf32>
  return %1 : tensor<64xf32>
}
