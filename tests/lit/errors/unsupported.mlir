// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 3 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: unsupported.mlir:6:{{[0-9]+}}: error: stablehlo.outfeed: {{.*}}UNIMPLEMENTED
func.func @main(%a: tensor<8xf32>) -> tensor<8xf32> {
  %token = stablehlo.create_token : !stablehlo.token
  %0 = "stablehlo.outfeed"(%a, %token) {outfeed_config = ""} : (tensor<8xf32>, !stablehlo.token) -> !stablehlo.token
  return %a : tensor<8xf32>
}
