// SPDX-License-Identifier: Apache-2.0
// RUN: not --code 3 skarn run %s --random 1 2>&1 | filecheck %s
// CHECK: unsupported.mlir:5:{{[0-9]+}}: error: stablehlo.fft: {{.*}}UNIMPLEMENTED
func.func @main(%a: tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>> {
  %0 = stablehlo.fft %a, type = FFT, length = [8] : (tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>>
  return %0 : tensor<8xcomplex<f32>>
}
