// A real constant has no imaginary part, not whatever lay in memory.
func.func @main(%x: tensor<i1> {skarn.value = dense<false> : tensor<i1>}) -> tensor<6x5x1xi32> {
  %0 = stablehlo.constant dense<2> : tensor<1x1x1xi32>
  %1 = stablehlo.convert %x : (tensor<i1>) -> tensor<i32>
  %2 = stablehlo.pad %0, %1, low = [0, 4, 0], high = [5, 0, 0], interior = [0, 0, 0] : (tensor<1x1x1xi32>, tensor<i32>) -> tensor<6x5x1xi32>
  return %2 : tensor<6x5x1xi32>
}
