func.func @f(%x: tensor<4x5xf32>, %i: tensor<i32>) -> tensor<4xf32> {
  %z = stablehlo.constant dense<0.0> : tensor<f32>
  %c = stablehlo.constant dense<0> : tensor<i32>
  %0 = stablehlo.reduce(%x init: %z) applies stablehlo.add across dimensions = [1] : (tensor<4x5xf32>, tensor<f32>) -> tensor<4xf32>
  %1:2 = stablehlo.reduce(%x init: %z), (%x init: %z) across dimensions = [1] : (tensor<4x5xf32>, tensor<4x5xf32>, tensor<f32>, tensor<f32>) -> (tensor<4xf32>, tensor<4xf32>)
   reducer(%a: tensor<f32>, %b: tensor<f32>) (%d: tensor<f32>, %e: tensor<f32>) {
    %s = stablehlo.add %a, %b : tensor<f32>
    %m = stablehlo.maximum %d, %e : tensor<f32>
    stablehlo.return %s, %m : tensor<f32>, tensor<f32>
  }
  %2:2 = stablehlo.while(%k = %c, %v = %1#0) : tensor<i32>, tensor<4xf32> attributes {mhlo.frontend_attributes = {a = "b"}}
   cond {
    %t = stablehlo.compare LT, %k, %i, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  } do {
    %w = func.call @g(%v) : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return %k, %w : tensor<i32>, tensor<4xf32>
  }
  return %2#1 : tensor<4xf32>
}
func.func private @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
