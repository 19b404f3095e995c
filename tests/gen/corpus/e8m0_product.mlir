// Products of f8E8M0FNU that leave the type below on their way, or do not, by the order of the factors: there is no zero.
func.func @main(%x: tensor<9x7xf8E8M0FNU> {skarn.value = dense<0x64> : tensor<9x7xf8E8M0FNU>}, %i: tensor<f8E8M0FNU> {skarn.value = dense<0xF0> : tensor<f8E8M0FNU>}) -> tensor<9xf8E8M0FNU> {
  %0 = stablehlo.reduce(%x init: %i) applies stablehlo.multiply across dimensions = [1] : (tensor<9x7xf8E8M0FNU>, tensor<f8E8M0FNU>) -> tensor<9xf8E8M0FNU>
  return %0 : tensor<9xf8E8M0FNU>
}
