// SPDX-License-Identifier: Apache-2.0
// Fourier transforms of many lines (one kernel each, a line or some columns at a time: whole blocks of
// columns and what is left of them) and of one long line (a kernel for every stage), of lengths with
// radix 8, of real ones by half their length, and of such as have a large prime factor.
// RUN: skarn run %s --random 6 --numerics strict --compare interp
// RUN: skarn run %s --random 6 --compare loop
// RUN: skarn run %s --random 6 --isa v3 --threads 3 --compare loop:auto:1

func.func @main(
    %a0: tensor<5x1024xcomplex<f32>>, %a1: tensor<6x512xf64>, %a2: tensor<6x257xcomplex<f32>>,
    %a3: tensor<70x72xcomplex<f64>>, %a4: tensor<2x160x75xcomplex<f32>>, %a5: tensor<5x139xcomplex<f64>>,
    %a6: tensor<5x278xf32>, %a7: tensor<5x72xcomplex<f64>>, %a8: tensor<8192xcomplex<f64>>, %a9: tensor<16384xf32>,
    %a10: tensor<8193xcomplex<f64>>, %a11: tensor<33x36x40xf64>)
    -> (
    tensor<5x1024xcomplex<f32>>, tensor<6x257xcomplex<f64>>, tensor<6x512xf32>, tensor<70x72xcomplex<f64>>,
    tensor<2x160x75xcomplex<f32>>, tensor<5x139xcomplex<f64>>, tensor<5x140xcomplex<f32>>, tensor<5x143xf64>,
    tensor<8192xcomplex<f64>>, tensor<8193xcomplex<f32>>, tensor<16384xf64>, tensor<33x36x21xcomplex<f64>>) {
  %0 = stablehlo.fft %a0, type = FFT, length = [1024] : (tensor<5x1024xcomplex<f32>>) -> tensor<5x1024xcomplex<f32>>
  %1 = stablehlo.fft %a1, type = RFFT, length = [512] : (tensor<6x512xf64>) -> tensor<6x257xcomplex<f64>>
  %2 = stablehlo.fft %a2, type = IRFFT, length = [512] : (tensor<6x257xcomplex<f32>>) -> tensor<6x512xf32>
  %3 = stablehlo.fft %a3, type = FFT, length = [70, 72] : (tensor<70x72xcomplex<f64>>) -> tensor<70x72xcomplex<f64>>
  %4 = stablehlo.fft %a4, type = IFFT, length = [160, 75] : (tensor<2x160x75xcomplex<f32>>) -> tensor<2x160x75xcomplex<f32>>
  %5 = stablehlo.fft %a5, type = FFT, length = [139] : (tensor<5x139xcomplex<f64>>) -> tensor<5x139xcomplex<f64>>
  %6 = stablehlo.fft %a6, type = RFFT, length = [278] : (tensor<5x278xf32>) -> tensor<5x140xcomplex<f32>>
  %7 = stablehlo.fft %a7, type = IRFFT, length = [143] : (tensor<5x72xcomplex<f64>>) -> tensor<5x143xf64>
  %8 = stablehlo.fft %a8, type = FFT, length = [8192] : (tensor<8192xcomplex<f64>>) -> tensor<8192xcomplex<f64>>
  %9 = stablehlo.fft %a9, type = RFFT, length = [16384] : (tensor<16384xf32>) -> tensor<8193xcomplex<f32>>
  %10 = stablehlo.fft %a10, type = IRFFT, length = [16384] : (tensor<8193xcomplex<f64>>) -> tensor<16384xf64>
  %11 = stablehlo.fft %a11, type = RFFT, length = [33, 36, 40] : (tensor<33x36x40xf64>) -> tensor<33x36x21xcomplex<f64>>
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11
      :
    tensor<5x1024xcomplex<f32>>, tensor<6x257xcomplex<f64>>, tensor<6x512xf32>, tensor<70x72xcomplex<f64>>,
    tensor<2x160x75xcomplex<f32>>, tensor<5x139xcomplex<f64>>, tensor<5x140xcomplex<f32>>, tensor<5x143xf64>,
    tensor<8192xcomplex<f64>>, tensor<8193xcomplex<f32>>, tensor<16384xf64>, tensor<33x36x21xcomplex<f64>>
}
