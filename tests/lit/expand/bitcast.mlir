// SPDX-License-Identifier: Apache-2.0
// bitcast_convert between widths: generated code has the interpreter's bits.
// RUN: skarn run %s --random 8 --compare interp
// RUN: skarn run %s --random 8 --compare loop

func.func @main(%a: tensor<3x5xf64>, %b: tensor<3x4xi16>, %w: tensor<2x3xcomplex<f64>>, %u: tensor<4x2xcomplex<f32>>, %s: tensor<2xi8>)
    -> (tensor<3x5x2xf32>, tensor<3x5x8xui8>, tensor<3x5x64xi1>, tensor<3xi64>, tensor<2x3x2xcomplex<f32>>, tensor<4xcomplex<f64>>,
        tensor<2x2xi4>, tensor<2xi8>, tensor<2xi8>, tensor<3xf64>, tensor<3x5x4xbf16>) {
  %0 = stablehlo.bitcast_convert %a : (tensor<3x5xf64>) -> tensor<3x5x2xf32>
  %1 = stablehlo.bitcast_convert %a : (tensor<3x5xf64>) -> tensor<3x5x8xui8>
  %2 = stablehlo.bitcast_convert %a : (tensor<3x5xf64>) -> tensor<3x5x64xi1>
  %3 = stablehlo.bitcast_convert %b : (tensor<3x4xi16>) -> tensor<3xi64>
  %4 = stablehlo.bitcast_convert %w : (tensor<2x3xcomplex<f64>>) -> tensor<2x3x2xcomplex<f32>>
  %5 = stablehlo.bitcast_convert %u : (tensor<4x2xcomplex<f32>>) -> tensor<4xcomplex<f64>>
  %6 = stablehlo.bitcast_convert %s : (tensor<2xi8>) -> tensor<2x2xi4>
  %7 = stablehlo.bitcast_convert %6 : (tensor<2x2xi4>) -> tensor<2xi8>
  %8 = stablehlo.bitcast_convert %s : (tensor<2xi8>) -> tensor<2x8xi1>
  %9 = stablehlo.bitcast_convert %8 : (tensor<2x8xi1>) -> tensor<2xi8>
  %10 = stablehlo.bitcast_convert %b : (tensor<3x4xi16>) -> tensor<3xf64>
  %11 = stablehlo.bitcast_convert %a : (tensor<3x5xf64>) -> tensor<3x5x4xbf16>
  return %0, %1, %2, %3, %4, %5, %6, %7, %9, %10, %11
      : tensor<3x5x2xf32>, tensor<3x5x8xui8>, tensor<3x5x64xi1>, tensor<3xi64>, tensor<2x3x2xcomplex<f32>>, tensor<4xcomplex<f64>>,
        tensor<2x2xi4>, tensor<2xi8>, tensor<2xi8>, tensor<3xf64>, tensor<3x5x4xbf16>
}
