// No indices need nothing to choose from.
func.func @main() -> tensor<0xi8> {
  %0 = stablehlo.constant dense<> : tensor<0xi32>
  %1 = stablehlo.constant dense<> : tensor<0xi8>
  %2 = "stablehlo.torch_index_select"(%1, %0) <{batch_dims = 0 : i64, dim = 0 : i64}> : (tensor<0xi8>, tensor<0xi32>) -> tensor<0xi8>
  return %2 : tensor<0xi8>
}
