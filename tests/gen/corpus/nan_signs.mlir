// Total order tells NaNs by their signs, in narrow formats that have them; NaN of the FNUZ formats has none.
func.func @main(%x: tensor<2xf8E4M3> {skarn.value = dense<[0x7F, 0xFF]> : tensor<2xf8E4M3>},
                %y: tensor<2xf8E4M3> {skarn.value = dense<[0xFF, 0x7F]> : tensor<2xf8E4M3>},
                %z: tensor<2xf8E4M3FN> {skarn.value = dense<[0x7F, 0xFF]> : tensor<2xf8E4M3FN>},
                %w: tensor<2xf8E4M3FN> {skarn.value = dense<[0xFF, 0x7F]> : tensor<2xf8E4M3FN>},
                %u: tensor<2xf8E4M3FNUZ> {skarn.value = dense<0x80> : tensor<2xf8E4M3FNUZ>}) -> (tensor<2xi1>, tensor<2xi1>, tensor<2xi1>, tensor<1xf8E4M3>) {
  %0 = stablehlo.constant dense<0.0> : tensor<2xf8E4M3FNUZ>
  %a = stablehlo.compare LT, %x, %y, TOTALORDER : (tensor<2xf8E4M3>, tensor<2xf8E4M3>) -> tensor<2xi1>
  %b = stablehlo.compare LT, %z, %w, TOTALORDER : (tensor<2xf8E4M3FN>, tensor<2xf8E4M3FN>) -> tensor<2xi1>
  %c = stablehlo.compare LE, %0, %u, TOTALORDER : (tensor<2xf8E4M3FNUZ>, tensor<2xf8E4M3FNUZ>) -> tensor<2xi1>
  %d:2 = chlo.top_k(%y, k = 1) : tensor<2xf8E4M3> -> (tensor<1xf8E4M3>, tensor<1xi32>)
  return %a, %b, %c, %d#0 : tensor<2xi1>, tensor<2xi1>, tensor<2xi1>, tensor<1xf8E4M3>
}
