// SPDX-License-Identifier: Apache-2.0
// Factors and systems of more rows than one kernel takes: sizes that do not halve evenly, both triangles, both sides, transposed and
// adjoint, batches, complex matrices, narrow floats. The other triangle holds numbers that must not be read.
// RUN: skarn run %s --random 11 --numerics strict --compare interp
// RUN: skarn run %s --random 11 --compare loop
// RUN: skarn run %s --random 11 --isa v3 --threads 3 --compare loop:auto:1
// RUN: skarn explain %s | filecheck %s
// CHECK: product

func.func @main(%x: tensor<2x75x75xf32>, %b: tensor<2x75x37xf32>, %c: tensor<2x9x75xf32>, %z: tensor<33x33xcomplex<f64>>,
                %e: tensor<33x5xcomplex<f64>>, %d: tensor<6x33xcomplex<f64>>, %h: tensor<40x40xbf16>, %g: tensor<40x3xbf16>)
    -> (tensor<2x75x75xf32>, tensor<2x75x75xf32>, tensor<33x33xcomplex<f64>>, tensor<33x33xcomplex<f64>>, tensor<40x40xbf16>,
        tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x9x75xf32>, tensor<2x9x75xf32>,
        tensor<2x9x75xf32>, tensor<2x9x75xf32>, tensor<33x5xcomplex<f64>>, tensor<33x5xcomplex<f64>>, tensor<6x33xcomplex<f64>>,
        tensor<6x33xcomplex<f64>>, tensor<40x3xbf16>) {
  // diagonally dominant matrices
  %i0 = stablehlo.iota dim = 1 : tensor<2x75x75xi32>
  %i1 = stablehlo.iota dim = 2 : tensor<2x75x75xi32>
  %on = stablehlo.compare EQ, %i0, %i1 : (tensor<2x75x75xi32>, tensor<2x75x75xi32>) -> tensor<2x75x75xi1>
  %hundred = stablehlo.constant dense<100.0> : tensor<2x75x75xf32>
  %a = stablehlo.select %on, %hundred, %x : tensor<2x75x75xi1>, tensor<2x75x75xf32>
  %k0 = stablehlo.iota dim = 0 : tensor<33x33xi32>
  %k1 = stablehlo.iota dim = 1 : tensor<33x33xi32>
  %kon = stablehlo.compare EQ, %k0, %k1 : (tensor<33x33xi32>, tensor<33x33xi32>) -> tensor<33x33xi1>
  %fifty = stablehlo.constant dense<(50.0, 0.0)> : tensor<33x33xcomplex<f64>>
  %az = stablehlo.select %kon, %fifty, %z : tensor<33x33xi1>, tensor<33x33xcomplex<f64>>
  %j0 = stablehlo.iota dim = 0 : tensor<40x40xi32>
  %j1 = stablehlo.iota dim = 1 : tensor<40x40xi32>
  %jon = stablehlo.compare EQ, %j0, %j1 : (tensor<40x40xi32>, tensor<40x40xi32>) -> tensor<40x40xi1>
  %sixty = stablehlo.constant dense<60.0> : tensor<40x40xbf16>
  %ah = stablehlo.select %jon, %sixty, %h : tensor<40x40xi1>, tensor<40x40xbf16>
  %f0 = stablehlo.cholesky %a, lower = true : tensor<2x75x75xf32>
  %f1 = stablehlo.cholesky %a, lower = false : tensor<2x75x75xf32>
  %f2 = stablehlo.cholesky %az, lower = true : tensor<33x33xcomplex<f64>>
  %f3 = stablehlo.cholesky %az, lower = false : tensor<33x33xcomplex<f64>>
  %f4 = stablehlo.cholesky %ah, lower = true : tensor<40x40xbf16>
  %s0 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x75x37xf32>) -> tensor<2x75x37xf32>
  %s1 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x75x37xf32>) -> tensor<2x75x37xf32>
  %s2 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x75x37xf32>) -> tensor<2x75x37xf32>
  %s3 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x75x75xf32>, tensor<2x75x37xf32>) -> tensor<2x75x37xf32>
  %t0 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x9x75xf32>) -> tensor<2x9x75xf32>
  %t1 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x9x75xf32>) -> tensor<2x9x75xf32>
  %t2 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x75x75xf32>, tensor<2x9x75xf32>) -> tensor<2x9x75xf32>
  %t3 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x75x75xf32>, tensor<2x9x75xf32>) -> tensor<2x9x75xf32>
  %u0 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<33x33xcomplex<f64>>, tensor<33x5xcomplex<f64>>) -> tensor<33x5xcomplex<f64>>
  %u1 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<33x33xcomplex<f64>>, tensor<33x5xcomplex<f64>>) -> tensor<33x5xcomplex<f64>>
  %u2 = "stablehlo.triangular_solve"(%az, %d) {left_side = false, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<33x33xcomplex<f64>>, tensor<6x33xcomplex<f64>>) -> tensor<6x33xcomplex<f64>>
  %u3 = "stablehlo.triangular_solve"(%az, %d) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<33x33xcomplex<f64>>, tensor<6x33xcomplex<f64>>) -> tensor<6x33xcomplex<f64>>
  %v0 = "stablehlo.triangular_solve"(%ah, %g) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<40x40xbf16>, tensor<40x3xbf16>) -> tensor<40x3xbf16>
  return %f0, %f1, %f2, %f3, %f4, %s0, %s1, %s2, %s3, %t0, %t1, %t2, %t3, %u0, %u1, %u2, %u3, %v0
    : tensor<2x75x75xf32>, tensor<2x75x75xf32>, tensor<33x33xcomplex<f64>>, tensor<33x33xcomplex<f64>>, tensor<40x40xbf16>,
      tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x75x37xf32>, tensor<2x9x75xf32>, tensor<2x9x75xf32>,
      tensor<2x9x75xf32>, tensor<2x9x75xf32>, tensor<33x5xcomplex<f64>>, tensor<33x5xcomplex<f64>>, tensor<6x33xcomplex<f64>>,
      tensor<6x33xcomplex<f64>>, tensor<40x3xbf16>
}
