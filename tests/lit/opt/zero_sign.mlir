// SPDX-License-Identifier: Apache-2.0
// A maximum with zero adds +0, by which -0 becomes +0; not where nothing sees the sign: in a sum with a constant, a magnitude, a
// comparison. The quotient sees it.
// RUN: skarn opt %s --entry signs --to vectorise | filecheck %s
// RUN: skarn test %s --entry main --via native
// RUN: skarn test %s --entry main --via loop
// RUN: skarn test %s --entry main --via interp

// CHECK: [[MAX:%[0-9]+]] f32 fmaxx
// CHECK-NEXT: [[SUM:%[0-9]+]] f32 fadd {{%[0-9]+}} [[MAX]]
// CHECK-DAG: f32 fabs [[MAX]]
// CHECK-DAG: f32 fadd [[MAX]] {{%[0-9]+}}
// CHECK-DAG: f32 fsub {{%[0-9]+}} [[MAX]]
// CHECK-DAG: pred feq [[MAX]] {{%[0-9]+}}
// CHECK-DAG: f32 fdiv {{%[0-9]+}} [[SUM]]
func.func @signs(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<4xf32>
  %c = stablehlo.constant dense<2.5> : tensor<4xf32>
  %m = stablehlo.maximum %x, %zero : tensor<4xf32>
  %0 = stablehlo.add %m, %c : tensor<4xf32>
  %1 = stablehlo.subtract %c, %m : tensor<4xf32>
  %2 = stablehlo.abs %m : tensor<4xf32>
  %3 = stablehlo.compare EQ, %m, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %4 = stablehlo.divide %c, %m : tensor<4xf32>
  return %0, %1, %2, %3, %4 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>
}
func.func @main() {
  %x = stablehlo.constant dense<[-0.0, 0.0, -1.0, 2.0]> : tensor<4xf32>
  %y = stablehlo.constant dense<[0.0, -0.0, 3.0, 2.0]> : tensor<4xf32>
  %r:5 = func.call @signs(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xi1>, tensor<4xf32>)
  check.expect_eq_const %r#0, dense<[2.5, 2.5, 2.5, 4.5]> : tensor<4xf32>
  check.expect_eq_const %r#1, dense<[2.5, 2.5, 2.5, 0.5]> : tensor<4xf32>
  %bits = stablehlo.bitcast_convert %r#2 : (tensor<4xf32>) -> tensor<4xi32>
  check.expect_eq_const %bits, dense<[0, 0, 0, 0x40000000]> : tensor<4xi32>
  check.expect_eq_const %r#3, dense<[true, true, false, true]> : tensor<4xi1>
  check.expect_eq_const %r#4, dense<[0x7F800000, 0x7F800000, 0x7F800000, 1.25]> : tensor<4xf32>
  return
}
