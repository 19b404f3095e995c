// SPDX-License-Identifier: Apache-2.0
// LU factors by halves: pivots of both halves, rows that move after they were written, tall and wide matrices, a column without a pivot
// in the second half (info), the permutation instead of info, complex numbers.
// RUN: skarn run %s --random 11 --numerics strict --compare interp
// RUN: skarn run %s --random 11 --compare loop
// RUN: skarn run %s --random 11 --threads 3 --compare loop:auto:1

func.func @main(%a: tensor<2x100x100xf32>, %t: tensor<150x70xf64>, %w: tensor<70x140xf64>, %c: tensor<90x90xcomplex<f64>>)
    -> (tensor<2x100x100xf32>, tensor<2x100xi32>, tensor<2xi32>, tensor<150x70xf64>, tensor<70xi32>, tensor<i32>, tensor<70x140xf64>,
        tensor<70xi32>, tensor<i32>, tensor<90x90xcomplex<f64>>, tensor<90xi32>, tensor<i32>, tensor<2x100xi32>, tensor<i32>,
        tensor<150xi32>) {
  %0:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%a) {mhlo.backend_config = {}} : (tensor<2x100x100xf32>) -> (tensor<2x100x100xf32>, tensor<2x100xi32>, tensor<2xi32>)
  %1:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%t) {mhlo.backend_config = {}} : (tensor<150x70xf64>) -> (tensor<150x70xf64>, tensor<70xi32>, tensor<i32>)
  %2:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%w) {mhlo.backend_config = {}} : (tensor<70x140xf64>) -> (tensor<70x140xf64>, tensor<70xi32>, tensor<i32>)
  %3:3 = stablehlo.custom_call @lapack_zgetrf_ffi(%c) {mhlo.backend_config = {}} : (tensor<90x90xcomplex<f64>>) -> (tensor<90x90xcomplex<f64>>, tensor<90xi32>, tensor<i32>)
  // column 80 of every matrix is zero; the same with small integers, so that zeros are exact
  %i = stablehlo.iota dim = 0 : tensor<90x90xi32>
  %j = stablehlo.iota dim = 1 : tensor<90x90xi32>
  %k = stablehlo.constant dense<80> : tensor<90x90xi32>
  %out = stablehlo.compare EQ, %j, %k : (tensor<90x90xi32>, tensor<90x90xi32>) -> tensor<90x90xi1>
  %on = stablehlo.compare EQ, %i, %j : (tensor<90x90xi32>, tensor<90x90xi32>) -> tensor<90x90xi1>
  %zero = stablehlo.constant dense<0.0> : tensor<90x90xf64>
  %two = stablehlo.constant dense<2.0> : tensor<90x90xf64>
  %diagonal = stablehlo.select %on, %two, %zero : tensor<90x90xi1>, tensor<90x90xf64>
  %singular = stablehlo.select %out, %zero, %diagonal : tensor<90x90xi1>, tensor<90x90xf64>
  %4:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%singular) {mhlo.backend_config = {}} : (tensor<90x90xf64>) -> (tensor<90x90xf64>, tensor<90xi32>, tensor<i32>)
  %5 = stablehlo.custom_call @LuDecomposition(%t) : (tensor<150x70xf64>) -> tuple<tensor<150x70xf64>, tensor<70xi32>, tensor<150xi32>>
  %6 = stablehlo.get_tuple_element %5[2] : (tuple<tensor<150x70xf64>, tensor<70xi32>, tensor<150xi32>>) -> tensor<150xi32>
  return %0#0, %0#1, %0#2, %1#0, %1#1, %1#2, %2#0, %2#1, %2#2, %3#0, %3#1, %3#2, %0#1, %4#2, %6
    : tensor<2x100x100xf32>, tensor<2x100xi32>, tensor<2xi32>, tensor<150x70xf64>, tensor<70xi32>, tensor<i32>, tensor<70x140xf64>,
      tensor<70xi32>, tensor<i32>, tensor<90x90xcomplex<f64>>, tensor<90xi32>, tensor<i32>, tensor<2x100xi32>, tensor<i32>,
      tensor<150xi32>
}
