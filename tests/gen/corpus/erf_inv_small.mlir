// The interpreter's inverse of erf is as exact near zero and in the tails as elsewhere.
func.func @main(%x: tensor<3xf64> {skarn.value = dense<[1.0e-30, -2.7785270730401294e-272, -0.99999999999999623]> : tensor<3xf64>},
                %y: tensor<2xf32> {skarn.value = dense<[2.01888499e-19, 1.32640327e-38]> : tensor<2xf32>}) -> (tensor<3xf64>, tensor<2xf32>) {
  %0 = chlo.erf_inv %x : tensor<3xf64> -> tensor<3xf64>
  %1 = chlo.erf_inv %y : tensor<2xf32> -> tensor<2xf32>
  return %0, %1 : tensor<3xf64>, tensor<2xf32>
}
