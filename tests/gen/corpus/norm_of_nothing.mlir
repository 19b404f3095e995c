// The mean of no elements is 0 / 0.
func.func @main(%x: tensor<0x3xf32> {skarn.value = dense<> : tensor<0x3xf32>},
                %s: tensor<3xf32> {skarn.value = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>}) -> (tensor<0x3xf32>, tensor<3xi1>, tensor<3xi1>) {
  %0:3 = "stablehlo.batch_norm_training"(%x, %s, %s) <{epsilon = 0.5 : f32, feature_index = 1 : i64}> : (tensor<0x3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<0x3xf32>, tensor<3xf32>, tensor<3xf32>)
  %1 = stablehlo.compare NE, %0#1, %0#1 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  %2 = stablehlo.compare NE, %0#2, %0#2 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  return %0#0, %1, %2 : tensor<0x3xf32>, tensor<3xi1>, tensor<3xi1>
}
