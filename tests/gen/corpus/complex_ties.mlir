// Of complex numbers that differ in the sign of a zero alone, maximum and minimum give the first.
func.func @main(%x: tensor<1xcomplex<f32>> {skarn.value = dense<(0.0, 0.0)> : tensor<1xcomplex<f32>>}) -> (tensor<1xcomplex<f32>>, tensor<1xcomplex<f32>>) {
  %0 = stablehlo.negate %x : tensor<1xcomplex<f32>>
  %1 = stablehlo.maximum %0, %x : tensor<1xcomplex<f32>>
  %2 = stablehlo.minimum %x, %0 : tensor<1xcomplex<f32>>
  return %1, %2 : tensor<1xcomplex<f32>>, tensor<1xcomplex<f32>>
}
