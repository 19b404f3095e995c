// The transform of numbers below the normal ones: every product on the way is off by a part of the smallest step.
func.func @main(%x: tensor<1x9x2x15xf64> {skarn.value = dense<5.0e-324> : tensor<1x9x2x15xf64>}) -> tensor<1x9x2x8xcomplex<f64>> {
  %0 = stablehlo.fft %x, type = RFFT, length = [9, 2, 15] : (tensor<1x9x2x15xf64>) -> tensor<1x9x2x8xcomplex<f64>>
  return %0 : tensor<1x9x2x8xcomplex<f64>>
}
