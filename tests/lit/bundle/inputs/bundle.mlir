func.func @main(%0: tensor<4xf32>) -> tensor<4xf32> {
  return %0 : tensor<4xf32>
}
func.func @second(%0: tensor<64x8xf32>, %1: tensor<8xbf16>, %2: tensor<i1>) -> tensor<64x8xf32> {
  %3 = stablehlo.convert %1 : (tensor<8xbf16>) -> tensor<8xf32>
  %4 = stablehlo.broadcast_in_dim %3, dims = [1] : (tensor<8xf32>) -> tensor<64x8xf32>
  %5 = stablehlo.multiply %0, %4 : tensor<64x8xf32>
  %6 = stablehlo.add %5, %0 : tensor<64x8xf32>
  %7 = stablehlo.select %2, %6, %5 : tensor<i1>, tensor<64x8xf32>
  return %7 : tensor<64x8xf32>
}
