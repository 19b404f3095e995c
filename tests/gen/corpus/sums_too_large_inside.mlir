// Sums of terms that leave the type, inside a function: whether they come back is a matter of their order.
func.func private @f(%x: tensor<24xf32>, %y: tensor<5x4xf32>) -> (tensor<13xcomplex<f32>>, tensor<5xf32>) {
  %0 = stablehlo.fft %x, type = RFFT, length = [24] : (tensor<24xf32>) -> tensor<13xcomplex<f32>>
  %1 = stablehlo.constant dense<-1.25> : tensor<4xf32>
  %2 = stablehlo.dot_general %y, %1, contracting_dims = [1] x [0] : (tensor<5x4xf32>, tensor<4xf32>) -> tensor<5xf32>
  return %0, %2 : tensor<13xcomplex<f32>>, tensor<5xf32>
}
func.func @main(%x: tensor<24xf32> {skarn.value = dense<3.4028235e38> : tensor<24xf32>}, %y: tensor<5x4xf32> {skarn.value = dense<[[3.4028235e38, 3.4028235e38, -3.4028235e38, -3.4028235e38], [3.4028235e38, -3.4028235e38, 3.4028235e38, -3.4028235e38], [1.0, 2.0, 3.0, 4.0], [3.4028235e38, 1.0, -3.4028235e38, 1.0], [0.0, 3.4028235e38, 0.0, -3.4028235e38]]> : tensor<5x4xf32>}) -> (tensor<13xcomplex<f32>>, tensor<5xf32>) {
  %0:2 = call @f(%x, %y) : (tensor<24xf32>, tensor<5x4xf32>) -> (tensor<13xcomplex<f32>>, tensor<5xf32>)
  return %0#0, %0#1 : tensor<13xcomplex<f32>>, tensor<5xf32>
}
