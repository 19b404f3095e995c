// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 1 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: wrong_return.mlir:4:1: error: func.func: returned value 0
func.func @main(%a: tensor<4xf32>) -> tensor<5xf32> {
  return %a : tensor<4xf32>
}
