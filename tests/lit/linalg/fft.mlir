// SPDX-License-Identifier: Apache-2.0
// Fourier transforms in generated code and in the interpreter (which computes in double): lengths with
// every radix, prime lengths, one to three dimensions, real ones and their inverses, f32 and f64. f32
// is compared by its distance from the f64 transform of the same numbers.
// RUN: skarn run %s --random 6 --numerics strict --compare interp
// RUN: skarn run %s --random 6 --compare loop
// RUN: skarn run %s --random 6 --isa v3 --threads 3 --compare loop:auto:1

func.func @main(%a: tensor<3x96xcomplex<f64>>, %b: tensor<2x1001xcomplex<f64>>, %c: tensor<4x34x6xcomplex<f64>>,
                %d: tensor<5x7x13xcomplex<f64>>, %r: tensor<3x10x12xf64>, %o: tensor<15xf64>, %h: tensor<3x10x7xcomplex<f64>>,
                %g: tensor<8xcomplex<f64>>, %one: tensor<4x1xcomplex<f64>>, %p: tensor<37x2xcomplex<f64>>)
    -> (tensor<3x96xcomplex<f64>>, tensor<2x1001xcomplex<f64>>, tensor<4x34x6xcomplex<f64>>, tensor<5x7x13xcomplex<f64>>,
        tensor<3x10x7xcomplex<f64>>, tensor<8xcomplex<f64>>, tensor<3x10x12xf64>, tensor<15xf64>, tensor<4x1xcomplex<f64>>,
        tensor<37x2xcomplex<f64>>, tensor<i1>, tensor<i1>) {
  %0 = stablehlo.fft %a, type = FFT, length = [96] : (tensor<3x96xcomplex<f64>>) -> tensor<3x96xcomplex<f64>>
  %1 = stablehlo.fft %b, type = IFFT, length = [1001] : (tensor<2x1001xcomplex<f64>>) -> tensor<2x1001xcomplex<f64>>
  %2 = stablehlo.fft %c, type = FFT, length = [34, 6] : (tensor<4x34x6xcomplex<f64>>) -> tensor<4x34x6xcomplex<f64>>
  %3 = stablehlo.fft %d, type = IFFT, length = [5, 7, 13] : (tensor<5x7x13xcomplex<f64>>) -> tensor<5x7x13xcomplex<f64>>
  %4 = stablehlo.fft %r, type = RFFT, length = [3, 10, 12] : (tensor<3x10x12xf64>) -> tensor<3x10x7xcomplex<f64>>
  %5 = stablehlo.fft %o, type = RFFT, length = [15] : (tensor<15xf64>) -> tensor<8xcomplex<f64>>
  %6 = stablehlo.fft %h, type = IRFFT, length = [10, 12] : (tensor<3x10x7xcomplex<f64>>) -> tensor<3x10x12xf64>
  %7 = stablehlo.fft %g, type = IRFFT, length = [15] : (tensor<8xcomplex<f64>>) -> tensor<15xf64>
  %8 = stablehlo.fft %one, type = FFT, length = [1] : (tensor<4x1xcomplex<f64>>) -> tensor<4x1xcomplex<f64>>
  %9 = stablehlo.fft %p, type = FFT, length = [37, 2] : (tensor<37x2xcomplex<f64>>) -> tensor<37x2xcomplex<f64>>
  %small = stablehlo.convert %a : (tensor<3x96xcomplex<f64>>) -> tensor<3x96xcomplex<f32>>
  %f = stablehlo.fft %small, type = FFT, length = [96] : (tensor<3x96xcomplex<f32>>) -> tensor<3x96xcomplex<f32>>
  %fine = stablehlo.convert %small : (tensor<3x96xcomplex<f32>>) -> tensor<3x96xcomplex<f64>>
  %exact = stablehlo.fft %fine, type = FFT, length = [96] : (tensor<3x96xcomplex<f64>>) -> tensor<3x96xcomplex<f64>>
  %wide = stablehlo.convert %f : (tensor<3x96xcomplex<f32>>) -> tensor<3x96xcomplex<f64>>
  %apart = stablehlo.subtract %wide, %exact : tensor<3x96xcomplex<f64>>
  %size = stablehlo.abs %apart : (tensor<3x96xcomplex<f64>>) -> tensor<3x96xf64>
  %limit = stablehlo.constant dense<1.0e-5> : tensor<3x96xf64>
  %near = stablehlo.compare LT, %size, %limit : (tensor<3x96xf64>, tensor<3x96xf64>) -> tensor<3x96xi1>
  %true = stablehlo.constant dense<true> : tensor<i1>
  %all = stablehlo.reduce(%near init: %true) applies stablehlo.and across dimensions = [0, 1] : (tensor<3x96xi1>, tensor<i1>) -> tensor<i1>
  %floor = stablehlo.constant dense<1.0e-9> : tensor<3x96xf64>
  %far = stablehlo.compare GT, %size, %floor : (tensor<3x96xf64>, tensor<3x96xf64>) -> tensor<3x96xi1>
  %false = stablehlo.constant dense<false> : tensor<i1>
  %any = stablehlo.reduce(%far init: %false) applies stablehlo.or across dimensions = [0, 1] : (tensor<3x96xi1>, tensor<i1>) -> tensor<i1>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %all, %any
      : tensor<3x96xcomplex<f64>>, tensor<2x1001xcomplex<f64>>, tensor<4x34x6xcomplex<f64>>, tensor<5x7x13xcomplex<f64>>,
        tensor<3x10x7xcomplex<f64>>, tensor<8xcomplex<f64>>, tensor<3x10x12xf64>, tensor<15xf64>, tensor<4x1xcomplex<f64>>,
        tensor<37x2xcomplex<f64>>, tensor<i1>, tensor<i1>
}
