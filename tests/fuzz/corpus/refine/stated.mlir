// The second dimension takes the size of the first, though the type says 4.
func.func @main(%a: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %n = stablehlo.get_dimension_size %a, dim = 0 : (tensor<?x4xf32>) -> tensor<i32>
  %0 = "stablehlo.set_dimension_size"(%a, %n) {dimension = 1 : i64} : (tensor<?x4xf32>, tensor<i32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}
