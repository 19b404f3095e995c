// SPDX-License-Identifier: Apache-2.0
// How Fourier transforms are cut into kernels. Many lines: one kernel, in which everything between two stages
// is scratch. Columns that are not whole blocks: one more for what is left. Short lines: one loop. One
// long line: a kernel for every stage, and temporaries.
// RUN: skarn opt %s --entry lines --to lower | filecheck %s --check-prefix=LINES
// RUN: skarn opt %s --entry columns --to lower | filecheck %s --check-prefix=COLUMNS
// RUN: skarn opt %s --entry short --to lower | filecheck %s --check-prefix=SHORT
// RUN: skarn opt %s --entry long --to lower | filecheck %s --check-prefix=LONG

// LINES-NOT: temp
// LINES: kernel 1 fft
// LINES: loop 0 par 100
// LINES-NOT: kernel 2 fft
func.func @lines(%x: tensor<100x512xf64>) -> tensor<100x257xcomplex<f64>> {
  %0 = stablehlo.fft %x, type = RFFT, length = [512] : (tensor<100x512xf64>) -> tensor<100x257xcomplex<f64>>
  return %0 : tensor<100x257xcomplex<f64>>
}

// COLUMNS: kernel 1 fft
// COLUMNS: loop 0 par 100
// COLUMNS: kernel 2 fft
// COLUMNS: loop 0 par 3
// COLUMNS: kernel 3 fft
// COLUMNS: loop 0 par 1
// COLUMNS-NOT: kernel 4 fft
func.func @columns(%x: tensor<100x200xcomplex<f32>>) -> tensor<100x200xcomplex<f32>> {
  %0 = stablehlo.fft %x, type = FFT, length = [100, 200] : (tensor<100x200xcomplex<f32>>) -> tensor<100x200xcomplex<f32>>
  return %0 : tensor<100x200xcomplex<f32>>
}

// SHORT: kernel 1 fft_1 loc {{[0-9]+}} scratch 0
// SHORT: loop 0 par 100
// SHORT-NOT: loop 1
// SHORT-NOT: kernel 2 fft
func.func @short(%x: tensor<100x9xcomplex<f32>>) -> tensor<100x16xf32> {
  %0 = stablehlo.fft %x, type = IRFFT, length = [16] : (tensor<100x9xcomplex<f32>>) -> tensor<100x16xf32>
  return %0 : tensor<100x16xf32>
}

// LONG: temp f32 8192
// LONG: kernel 2 fft
// LONG: kernel 5 fft
func.func @long(%x: tensor<8192xcomplex<f32>>) -> tensor<8192xcomplex<f32>> {
  %0 = stablehlo.fft %x, type = FFT, length = [8192] : (tensor<8192xcomplex<f32>>) -> tensor<8192xcomplex<f32>>
  return %0 : tensor<8192xcomplex<f32>>
}
