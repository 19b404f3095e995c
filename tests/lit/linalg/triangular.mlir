// SPDX-License-Identifier: Apache-2.0
// cholesky and triangular_solve in generated code, in the loop runner and in the interpreter: both
// triangles, both sides, transposed and adjoint, unit diagonals, batches, complex matrices, one that is
// not positive definite. The other triangle holds numbers that must not be read.
// RUN: skarn run %s --random 11 --numerics strict --compare interp
// RUN: skarn run %s --random 11 --compare loop
// RUN: skarn run %s --random 11 --isa v3 --threads 3 --compare loop:auto:1

func.func @main(%x: tensor<19x19xf32>, %b: tensor<19x21xf32>, %c: tensor<5x19xf32>, %y: tensor<3x7x7xf64>,
                %d: tensor<3x7x1xf64>, %z: tensor<2x6x6xcomplex<f32>>, %e: tensor<2x6x4xcomplex<f32>>)
    -> (tensor<19x19xf32>, tensor<2x6x6xcomplex<f32>>, tensor<19x19xf32>, tensor<2x6x6xcomplex<f32>>,
        tensor<3x7x7xf64>, tensor<19x21xf32>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>,
        tensor<19x21xf32>, tensor<5x19xf32>, tensor<5x19xf32>, tensor<19x21xf32>,
        tensor<19x21xf32>, tensor<5x19xf32>, tensor<5x19xf32>, tensor<2x6x4xcomplex<f32>>,
        tensor<3x7x1xf64>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<19x21xf32>,
        tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<19x21xf32>, tensor<5x19xf32>,
        tensor<5x19xf32>, tensor<19x21xf32>, tensor<19x21xf32>, tensor<5x19xf32>,
        tensor<5x19xf32>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<2x6x4xcomplex<f32>>,
        tensor<3x7x1xf64>) {
  // diagonally dominant matrices
  %i0 = stablehlo.iota dim = 0 : tensor<19x19xi32>
  %i1 = stablehlo.iota dim = 1 : tensor<19x19xi32>
  %on = stablehlo.compare EQ, %i0, %i1 : (tensor<19x19xi32>, tensor<19x19xi32>) -> tensor<19x19xi1>
  %twenty = stablehlo.constant dense<20.0> : tensor<19x19xf32>
  %xt = stablehlo.transpose %x, dims = [1, 0] : (tensor<19x19xf32>) -> tensor<19x19xf32>
  %xs = stablehlo.add %x, %xt : tensor<19x19xf32>
  %a = stablehlo.select %on, %twenty, %xs : tensor<19x19xi1>, tensor<19x19xf32>
  %j0 = stablehlo.iota dim = 1 : tensor<3x7x7xi32>
  %j1 = stablehlo.iota dim = 2 : tensor<3x7x7xi32>
  %jon = stablehlo.compare EQ, %j0, %j1 : (tensor<3x7x7xi32>, tensor<3x7x7xi32>) -> tensor<3x7x7xi1>
  %nine = stablehlo.constant dense<9.0> : tensor<3x7x7xf64>
  %ay = stablehlo.select %jon, %nine, %y : tensor<3x7x7xi1>, tensor<3x7x7xf64>
  %k0 = stablehlo.iota dim = 1 : tensor<2x6x6xi32>
  %k1 = stablehlo.iota dim = 2 : tensor<2x6x6xi32>
  %kon = stablehlo.compare EQ, %k0, %k1 : (tensor<2x6x6xi32>, tensor<2x6x6xi32>) -> tensor<2x6x6xi1>
  %six = stablehlo.constant dense<(8.0, 0.0)> : tensor<2x6x6xcomplex<f32>>
  %az = stablehlo.select %kon, %six, %z : tensor<2x6x6xi1>, tensor<2x6x6xcomplex<f32>>
  %r0 = stablehlo.cholesky %a, lower = true : tensor<19x19xf32>
  %r1 = stablehlo.cholesky %az, lower = true : tensor<2x6x6xcomplex<f32>>
  %r2 = stablehlo.cholesky %a, lower = false : tensor<19x19xf32>
  %r3 = stablehlo.cholesky %az, lower = false : tensor<2x6x6xcomplex<f32>>
  %r4 = stablehlo.cholesky %y, lower = true : tensor<3x7x7xf64>
  %r5 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r6 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r7 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  %r8 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r9 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r10 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r11 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r12 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r13 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r14 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r15 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r16 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = true, unit_diagonal = true, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  %r17 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r18 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  %r19 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r20 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r21 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  %r22 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r23 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r24 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r25 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r26 = "stablehlo.triangular_solve"(%a, %b) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<19x21xf32>) -> tensor<19x21xf32>
  %r27 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r28 = "stablehlo.triangular_solve"(%a, %c) {left_side = false, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<19x19xf32>, tensor<5x19xf32>) -> tensor<5x19xf32>
  %r29 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r30 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = false, unit_diagonal = true, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  %r31 = "stablehlo.triangular_solve"(%az, %e) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<2x6x6xcomplex<f32>>, tensor<2x6x4xcomplex<f32>>) -> tensor<2x6x4xcomplex<f32>>
  %r32 = "stablehlo.triangular_solve"(%ay, %d) {left_side = true, lower = false, unit_diagonal = false, transpose_a = #stablehlo<transpose ADJOINT>} : (tensor<3x7x7xf64>, tensor<3x7x1xf64>) -> tensor<3x7x1xf64>
  return %r0, %r1, %r2, %r3, %r4, %r5, %r6, %r7,
      %r8, %r9, %r10, %r11, %r12, %r13, %r14, %r15,
      %r16, %r17, %r18, %r19, %r20, %r21, %r22, %r23,
      %r24, %r25, %r26, %r27, %r28, %r29, %r30, %r31,
      %r32
      : tensor<19x19xf32>, tensor<2x6x6xcomplex<f32>>, tensor<19x19xf32>, tensor<2x6x6xcomplex<f32>>,
        tensor<3x7x7xf64>, tensor<19x21xf32>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>,
        tensor<19x21xf32>, tensor<5x19xf32>, tensor<5x19xf32>, tensor<19x21xf32>,
        tensor<19x21xf32>, tensor<5x19xf32>, tensor<5x19xf32>, tensor<2x6x4xcomplex<f32>>,
        tensor<3x7x1xf64>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<19x21xf32>,
        tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<19x21xf32>, tensor<5x19xf32>,
        tensor<5x19xf32>, tensor<19x21xf32>, tensor<19x21xf32>, tensor<5x19xf32>,
        tensor<5x19xf32>, tensor<2x6x4xcomplex<f32>>, tensor<3x7x1xf64>, tensor<2x6x4xcomplex<f32>>,
        tensor<3x7x1xf64>
}
