// What is read at some elements only stays behind its guard in a reduction that is cut into blocks: bounds of indices span all blocks.
func.func @main(%x: tensor<99000xf32> {skarn.value = dense<2.0> : tensor<99000xf32>}, %y: tensor<400x300xi32> {skarn.value = dense<3> : tensor<400x300xi32>}) -> (tensor<f32>, tensor<300xi32>, tensor<i32>) {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %i_zero = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.pad %x, %one, low = [0], high = [1000], interior = [0] : (tensor<99000xf32>, tensor<f32>) -> tensor<100000xf32>
  %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<100000xf32>, tensor<f32>) -> tensor<f32>
  %2 = stablehlo.pad %y, %i_zero, low = [100, 0], high = [7, 0], interior = [0, 0] : (tensor<400x300xi32>, tensor<i32>) -> tensor<507x300xi32>
  %3 = stablehlo.reduce(%2 init: %i_zero) applies stablehlo.add across dimensions = [0] : (tensor<507x300xi32>, tensor<i32>) -> tensor<300xi32>
  %4 = stablehlo.iota dim = 0 : tensor<50x2000xi32>
  %5 = stablehlo.reshape %4 : (tensor<50x2000xi32>) -> tensor<100000xi32>
  %6 = stablehlo.reduce(%5 init: %i_zero) applies stablehlo.add across dimensions = [0] : (tensor<100000xi32>, tensor<i32>) -> tensor<i32>
  return %1, %3, %6 : tensor<f32>, tensor<300xi32>, tensor<i32>
}
