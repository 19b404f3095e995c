// SPDX-License-Identifier: Apache-2.0
func.func @main(%a: tensor<?xf32>) -> tensor<?xf32> {
  %0 = stablehlo.while(%x = %a) : tensor<?xf32>
    cond {
      %go = stablehlo.constant dense<false> : tensor<i1>
      stablehlo.return %go : tensor<i1>
    } do {
      %y = stablehlo.concatenate %x, %x, dim = 0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
      stablehlo.return %y : tensor<?xf32>
    }
  return %0 : tensor<?xf32>
}
