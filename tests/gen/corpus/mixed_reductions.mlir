// A reduction whose body is one operation, fused with one that has another body: each keeps its order.
func.func @main(%x: tensor<4xf6E2M3FN> {skarn.value = dense<[-0.0, -4.0, -7.5, -1.5]> : tensor<4xf6E2M3FN>},
                %p: tensor<i1> {skarn.value = dense<false> : tensor<i1>}) -> tensor<f6E2M3FN> {
  %0 = stablehlo.constant dense<0> : tensor<i32>
  %1 = stablehlo.constant dense<0.0> : tensor<f6E2M3FN>
  %2 = stablehlo.constant dense<0> : tensor<4xi32>
  %3 = stablehlo.constant dense<0.0> : tensor<4xf6E2M3FN>
  %4:2 = stablehlo.reduce(%3 init: %1), (%2 init: %0) across dimensions = [0] : (tensor<4xf6E2M3FN>, tensor<4xi32>, tensor<f6E2M3FN>, tensor<i32>) -> (tensor<f6E2M3FN>, tensor<i32>)
   reducer(%a: tensor<f6E2M3FN>, %b: tensor<f6E2M3FN>) (%c: tensor<i32>, %d: tensor<i32>) {
    stablehlo.return %a, %c : tensor<f6E2M3FN>, tensor<i32>
  }
  %5 = stablehlo.reduce(%x init: %1) applies stablehlo.minimum across dimensions = [0] : (tensor<4xf6E2M3FN>, tensor<f6E2M3FN>) -> tensor<f6E2M3FN>
  %6 = stablehlo.select %p, %4#0, %5 : tensor<i1>, tensor<f6E2M3FN>
  return %6 : tensor<f6E2M3FN>
}
