// SPDX-License-Identifier: Apache-2.0
// Loops take the types of their carries, calls those of their operands, each call its own.
func.func private @twice(%x: tensor<?xf32>) -> tensor<?xf32> {
  %0 = stablehlo.concatenate %x, %x, dim = 0 : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
func.func @main(%a: tensor<?xf32>, %b: tensor<?xf32>, %p: tensor<i1>)
    -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %limit = stablehlo.constant dense<20> : tensor<i32>
  %loop:2 = stablehlo.while(%x = %a, %i = %zero) : tensor<?xf32>, tensor<i32>
    cond {
      %go = stablehlo.compare LT, %i, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %go : tensor<i1>
    } do {
      %y = stablehlo.add %x, %x : tensor<?xf32>
      %next = stablehlo.add %i, %one : tensor<i32>
      stablehlo.return %y, %next : tensor<?xf32>, tensor<i32>
    }
  %c = func.call @twice(%a) : (tensor<?xf32>) -> tensor<?xf32>
  %d = func.call @twice(%b) : (tensor<?xf32>) -> tensor<?xf32>
  %e = "stablehlo.if"(%p) ({
    %t = stablehlo.negate %a : tensor<?xf32>
    stablehlo.return %t : tensor<?xf32>
  }, {
    stablehlo.return %a : tensor<?xf32>
  }) : (tensor<i1>) -> tensor<?xf32>
  return %loop#0, %c, %d, %e : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}
