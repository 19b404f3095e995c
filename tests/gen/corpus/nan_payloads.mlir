// Total order tells NaNs of f32 by their payloads, signalling ones too, where they come from arguments as they are.
func.func @main(%x: tensor<4xf32> {skarn.value = dense<[0x7FC00000, 0x7F816178, 1.0, 0xFF816178]> : tensor<4xf32>},
                %y: tensor<4xf32> {skarn.value = dense<[0x7F816178, 0x7FC00000, 0xFFC00000, 0xFFC00000]> : tensor<4xf32>})
    -> (tensor<4xi1>, tensor<4xi32>, tensor<4xi32>) {
  %less = stablehlo.compare LT, %x, %y, TOTALORDER : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %top:2 = chlo.top_k(%x, k = 4) : tensor<4xf32> -> (tensor<4xf32>, tensor<4xi32>)
  %places = stablehlo.iota dim = 0 : tensor<4xi32>
  %sorted:2 = "stablehlo.sort"(%x, %places) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %p: tensor<i32>, %q: tensor<i32>):
    %1 = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  }) : (tensor<4xf32>, tensor<4xi32>) -> (tensor<4xf32>, tensor<4xi32>)
  return %less, %top#1, %sorted#1 : tensor<4xi1>, tensor<4xi32>, tensor<4xi32>
}
