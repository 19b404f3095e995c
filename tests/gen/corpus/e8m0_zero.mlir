// f8E8M0FNU has no zero: false and 0 become its NaN, which is not equal to itself.
func.func @main(%x: tensor<2xi1> {skarn.value = dense<[true, false]> : tensor<2xi1>},
                %y: tensor<3xi8> {skarn.value = dense<[-1, 0, 3]> : tensor<3xi8>}) -> (tensor<2xi1>, tensor<3xi1>, tensor<4xi1>) {
  %0 = stablehlo.convert %x : (tensor<2xi1>) -> tensor<2xf8E8M0FNU>
  %1 = stablehlo.compare NE, %0, %0, FLOAT : (tensor<2xf8E8M0FNU>, tensor<2xf8E8M0FNU>) -> tensor<2xi1>
  %2 = stablehlo.convert %y : (tensor<3xi8>) -> tensor<3xf8E8M0FNU>
  %3 = stablehlo.compare NE, %2, %2, FLOAT : (tensor<3xf8E8M0FNU>, tensor<3xf8E8M0FNU>) -> tensor<3xi1>
  %4 = stablehlo.iota dim = 0 : tensor<4xf8E8M0FNU>
  %5 = stablehlo.compare NE, %4, %4, FLOAT : (tensor<4xf8E8M0FNU>, tensor<4xf8E8M0FNU>) -> tensor<4xi1>
  return %1, %3, %5 : tensor<2xi1>, tensor<3xi1>, tensor<4xi1>
}
