// SPDX-License-Identifier: Apache-2.0
// Custom calls of known targets: batches, shapes that are not square, real and complex, singular matrices.
// RUN: skarn run %s --random 5 --numerics strict --compare interp
// RUN: skarn run %s --random 5 --compare loop
// RUN: skarn run %s --random 5 --threads 3 --compare loop:auto:1

func.func @main(%a: tensor<2x5x4xf32>, %b: tensor<3x6x4xf64>, %re: tensor<2x4x6xf64>, %im: tensor<2x4x6xf64>,
    %dl: tensor<2x7xf32>, %d: tensor<2x7xf32>, %du: tensor<2x7xf32>, %rhs: tensor<2x7x3xf32>, %k: tensor<5xui32>, %square: tensor<2x4x4xf64>)
    -> (tensor<2x5x4xf32>, tensor<2x4xi32>, tensor<2xi32>, tensor<3x6x4xf64>, tensor<3x4xf64>, tensor<3x6x4xf64>, tensor<2x4x6xcomplex<f64>>,
        tensor<2x4xi32>, tensor<2x4x6xcomplex<f64>>, tensor<2x4xcomplex<f64>>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7x3xf32>, tensor<2xi32>,
        tensor<5xui32>, tensor<5xui32>, tensor<2x4x4xf64>, tensor<2xi32>, tensor<2x4x4xf64>, tensor<2x4x4xf64>) {
  %lu:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%a) {mhlo.backend_config = {}} : (tensor<2x5x4xf32>) -> (tensor<2x5x4xf32>, tensor<2x4xi32>, tensor<2xi32>)
  %qr:2 = stablehlo.custom_call @lapack_dgeqrf_ffi(%b) {mhlo.backend_config = {}} : (tensor<3x6x4xf64>) -> (tensor<3x6x4xf64>, tensor<3x4xf64>)
  %q = stablehlo.custom_call @cusolver_orgqr_ffi(%qr#0, %qr#1) {mhlo.backend_config = {}} : (tensor<3x6x4xf64>, tensor<3x4xf64>) -> tensor<3x6x4xf64>
  %c = stablehlo.complex %re, %im : tensor<2x4x6xcomplex<f64>>
  %clu:3 = stablehlo.custom_call @hipsolver_getrf_ffi(%c) {mhlo.backend_config = {}} : (tensor<2x4x6xcomplex<f64>>) -> (tensor<2x4x6xcomplex<f64>>, tensor<2x4xi32>, tensor<2xi32>)
  %cqr:2 = stablehlo.custom_call @lapack_zgeqrf_ffi(%c) {mhlo.backend_config = {}} : (tensor<2x4x6xcomplex<f64>>) -> (tensor<2x4x6xcomplex<f64>>, tensor<2x4xcomplex<f64>>)
  %t:5 = stablehlo.custom_call @lapack_sgtsv_ffi(%dl, %d, %du, %rhs) {mhlo.backend_config = {}} : (tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7x3xf32>) -> (tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7x3xf32>, tensor<2xi32>)
  %bits:2 = stablehlo.custom_call @cu_threefry2x32_ffi(%k, %k, %k, %k) {mhlo.backend_config = {}} : (tensor<5xui32>, tensor<5xui32>, tensor<5xui32>, tensor<5xui32>) -> (tensor<5xui32>, tensor<5xui32>)
  %two = stablehlo.constant dense<2.0> : tensor<2x4x4xf64>
  %i0 = stablehlo.iota dim = 1 : tensor<2x4x4xi32>
  %i1 = stablehlo.iota dim = 2 : tensor<2x4x4xi32>
  %diagonal = stablehlo.compare EQ, %i0, %i1 : (tensor<2x4x4xi32>, tensor<2x4x4xi32>) -> tensor<2x4x4xi1>
  %zero = stablehlo.constant dense<0.0> : tensor<2x4x4xf64>
  %more = stablehlo.select %diagonal, %two, %zero : tensor<2x4x4xi1>, tensor<2x4x4xf64>
  %gram = stablehlo.dot_general %square, %square, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<2x4x4xf64>, tensor<2x4x4xf64>) -> tensor<2x4x4xf64>
  %definite = stablehlo.add %gram, %more : tensor<2x4x4xf64>
  %l:2 = stablehlo.custom_call @lapack_dpotrf_ffi(%definite) {mhlo.backend_config = {uplo = 76 : ui8}} : (tensor<2x4x4xf64>) -> (tensor<2x4x4xf64>, tensor<2xi32>)
  %u:2 = stablehlo.custom_call @cusolver_potrf_ffi(%definite) {mhlo.backend_config = {lower = false}} : (tensor<2x4x4xf64>) -> (tensor<2x4x4xf64>, tensor<2xi32>)
  %x = stablehlo.custom_call @lapack_dtrsm_ffi(%definite, %square) {mhlo.backend_config = {diag = 78 : ui8, side = 82 : ui8, trans_x = 84 : ui8, uplo = 85 : ui8}} : (tensor<2x4x4xf64>, tensor<2x4x4xf64>) -> tensor<2x4x4xf64>
  return %lu#0, %lu#1, %lu#2, %qr#0, %qr#1, %q, %clu#0, %clu#1, %cqr#0, %cqr#1, %t#0, %t#1, %t#2, %t#3, %t#4, %bits#0, %bits#1, %l#0, %l#1, %u#0, %x
    : tensor<2x5x4xf32>, tensor<2x4xi32>, tensor<2xi32>, tensor<3x6x4xf64>, tensor<3x4xf64>, tensor<3x6x4xf64>, tensor<2x4x6xcomplex<f64>>, tensor<2x4xi32>, tensor<2x4x6xcomplex<f64>>, tensor<2x4xcomplex<f64>>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7xf32>, tensor<2x7x3xf32>, tensor<2xi32>, tensor<5xui32>, tensor<5xui32>, tensor<2x4x4xf64>, tensor<2xi32>, tensor<2x4x4xf64>, tensor<2x4x4xf64>
}
