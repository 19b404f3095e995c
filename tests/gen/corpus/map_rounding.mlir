// Every operation of a map's body rounds to its type.
func.func @main(%x: tensor<1xf8E3M4> {skarn.value = dense<0.9375> : tensor<1xf8E3M4>}) -> tensor<1xf8E3M4> {
  %0 = "stablehlo.map"(%x) <{dimensions = array<i64: 0>}> ({
  ^bb0(%a: tensor<f8E3M4>):
    %1 = stablehlo.multiply %a, %a : tensor<f8E3M4>
    %2 = stablehlo.multiply %1, %1 : tensor<f8E3M4>
    stablehlo.return %2 : tensor<f8E3M4>
  }) : (tensor<1xf8E3M4>) -> tensor<1xf8E3M4>
  return %0 : tensor<1xf8E3M4>
}
