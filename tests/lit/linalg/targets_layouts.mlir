// SPDX-License-Identifier: Apache-2.0
// Routines of LAPACK on matrices that are by rows in memory work on the transposed ones: a program that says so is
// left to a handler. By columns, or where there is but one row or column, they are known.
// RUN: skarn test %s --via native
// RUN: skarn test %s --via interp
// RUN: not skarn run %s --entry rows 2>&1 | filecheck %s --check-prefix=ROWS
// RUN: not skarn run %s --entry solution --via interp 2>&1 | filecheck %s --check-prefix=SOLUTION
// ROWS: layouts are not those that @lapack_spotrf_ffi is known for
// SOLUTION: layouts are not those that @lapack_strsm_ffi is known for

func.func @main() {
  %a = stablehlo.constant dense<[[4.0, 9.0], [2.0, 2.0]]> : tensor<2x2xf32>
  %l:2 = stablehlo.custom_call @lapack_spotrf_ffi(%a) {mhlo.backend_config = {uplo = 76 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<i32>)
  check.expect_eq_const %l#0, dense<[[2.0, 9.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %b = stablehlo.constant dense<[[8.0], [5.0]]> : tensor<2x1xf32>
  %x = stablehlo.custom_call @lapack_strsm_ffi(%l#0, %b) {mhlo.backend_config = {diag = 78 : ui8, side = 76 : ui8, trans_x = 78 : ui8, uplo = 76 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>]} : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  check.expect_eq_const %x, dense<[[4.0], [1.0]]> : tensor<2x1xf32>
  return
}

func.func @rows() -> tensor<2x2xf32> {
  %a = stablehlo.constant dense<[[4.0, 9.0], [2.0, 2.0]]> : tensor<2x2xf32>
  %l:2 = stablehlo.custom_call @lapack_spotrf_ffi(%a) {mhlo.backend_config = {uplo = 76 : ui8}, operand_layouts = [dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>, dense<> : tensor<0xindex>]} : (tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<i32>)
  return %l#0 : tensor<2x2xf32>
}

func.func @solution() -> tensor<2x2xf32> {
  %l = stablehlo.constant dense<[[4.0, 9.0], [2.0, 2.0]]> : tensor<2x2xf32>
  %x = stablehlo.custom_call @lapack_strsm_ffi(%l, %l) {mhlo.backend_config = {diag = 78 : ui8, side = 76 : ui8, trans_x = 78 : ui8, uplo = 76 : ui8}, operand_layouts = [dense<[0, 1]> : tensor<2xindex>, dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[0, 1]> : tensor<2xindex>]} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %x : tensor<2x2xf32>
}
