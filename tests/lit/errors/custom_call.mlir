// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 3 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: custom_call.mlir:5:{{[0-9]+}}: error: stablehlo.custom_call: no handler for custom call target 'nobody_has_this' is registered {{.*}}UNIMPLEMENTED
func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = stablehlo.custom_call @nobody_has_this(%a) : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
