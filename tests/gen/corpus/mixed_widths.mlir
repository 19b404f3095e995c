// Sums of f32 and f64 over one row: the lanes of one do not depend on the other.
func.func @main(%x: tensor<100xf32> {skarn.value = dense<0.1> : tensor<100xf32>},
                %y: tensor<100xf64> {skarn.value = dense<0.1> : tensor<100xf64>}) -> (tensor<f32>, tensor<f64>) {
  %0 = stablehlo.constant dense<0.0> : tensor<f32>
  %1 = stablehlo.constant dense<0.0> : tensor<f64>
  %w = stablehlo.convert %x : (tensor<100xf32>) -> tensor<100xf64>
  %z = stablehlo.multiply %w, %y : tensor<100xf64>
  %2 = stablehlo.reduce(%x init: %0) applies stablehlo.add across dimensions = [0] : (tensor<100xf32>, tensor<f32>) -> tensor<f32>
  %3 = stablehlo.reduce(%z init: %1) applies stablehlo.add across dimensions = [0] : (tensor<100xf64>, tensor<f64>) -> tensor<f64>
  return %2, %3 : tensor<f32>, tensor<f64>
}
