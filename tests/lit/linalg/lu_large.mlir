// SPDX-License-Identifier: Apache-2.0
// LU factors by halves: pivots of both halves, rows that move after they were written, tall and wide matrices, a column without a pivot
// in the second half (info), the permutation instead of info, complex numbers.
// RUN: skarn run %s --random 11 --numerics strict --compare interp
// RUN: skarn run %s --random 11 --compare loop
// RUN: skarn run %s --random 11 --threads 3 --compare loop:auto:1

func.func @main(%a: tensor<2x45x45xf32>, %t: tensor<50x19xf64>, %w: tensor<18x40xf64>, %c: tensor<33x33xcomplex<f64>>)
    -> (tensor<2x45x45xf32>, tensor<2x45xi32>, tensor<2xi32>, tensor<50x19xf64>, tensor<19xi32>, tensor<i32>, tensor<18x40xf64>,
        tensor<18xi32>, tensor<i32>, tensor<33x33xcomplex<f64>>, tensor<33xi32>, tensor<i32>, tensor<2x45xi32>, tensor<i32>,
        tensor<50xi32>) {
  %0:3 = stablehlo.custom_call @lapack_sgetrf_ffi(%a) {mhlo.backend_config = {}} : (tensor<2x45x45xf32>) -> (tensor<2x45x45xf32>, tensor<2x45xi32>, tensor<2xi32>)
  %1:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%t) {mhlo.backend_config = {}} : (tensor<50x19xf64>) -> (tensor<50x19xf64>, tensor<19xi32>, tensor<i32>)
  %2:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%w) {mhlo.backend_config = {}} : (tensor<18x40xf64>) -> (tensor<18x40xf64>, tensor<18xi32>, tensor<i32>)
  %3:3 = stablehlo.custom_call @lapack_zgetrf_ffi(%c) {mhlo.backend_config = {}} : (tensor<33x33xcomplex<f64>>) -> (tensor<33x33xcomplex<f64>>, tensor<33xi32>, tensor<i32>)
  // column 29 of every matrix is zero; the same with small integers, so that zeros are exact
  %i = stablehlo.iota dim = 0 : tensor<33x33xi32>
  %j = stablehlo.iota dim = 1 : tensor<33x33xi32>
  %k = stablehlo.constant dense<29> : tensor<33x33xi32>
  %out = stablehlo.compare EQ, %j, %k : (tensor<33x33xi32>, tensor<33x33xi32>) -> tensor<33x33xi1>
  %on = stablehlo.compare EQ, %i, %j : (tensor<33x33xi32>, tensor<33x33xi32>) -> tensor<33x33xi1>
  %zero = stablehlo.constant dense<0.0> : tensor<33x33xf64>
  %two = stablehlo.constant dense<2.0> : tensor<33x33xf64>
  %diagonal = stablehlo.select %on, %two, %zero : tensor<33x33xi1>, tensor<33x33xf64>
  %singular = stablehlo.select %out, %zero, %diagonal : tensor<33x33xi1>, tensor<33x33xf64>
  %4:3 = stablehlo.custom_call @lapack_dgetrf_ffi(%singular) {mhlo.backend_config = {}} : (tensor<33x33xf64>) -> (tensor<33x33xf64>, tensor<33xi32>, tensor<i32>)
  %5 = stablehlo.custom_call @LuDecomposition(%t) : (tensor<50x19xf64>) -> tuple<tensor<50x19xf64>, tensor<19xi32>, tensor<50xi32>>
  %6 = stablehlo.get_tuple_element %5[2] : (tuple<tensor<50x19xf64>, tensor<19xi32>, tensor<50xi32>>) -> tensor<50xi32>
  return %0#0, %0#1, %0#2, %1#0, %1#1, %1#2, %2#0, %2#1, %2#2, %3#0, %3#1, %3#2, %0#1, %4#2, %6
    : tensor<2x45x45xf32>, tensor<2x45xi32>, tensor<2xi32>, tensor<50x19xf64>, tensor<19xi32>, tensor<i32>, tensor<18x40xf64>,
      tensor<18xi32>, tensor<i32>, tensor<33x33xcomplex<f64>>, tensor<33xi32>, tensor<i32>, tensor<2x45xi32>, tensor<i32>,
      tensor<50xi32>
}
