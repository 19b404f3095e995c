// SPDX-License-Identifier: Apache-2.0
// RUN-DISABLED(to see that it is)
func.func @main(%a: tensor<3xf32>) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}
