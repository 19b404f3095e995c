// SPDX-License-Identifier: Apache-2.0
// Operations on small integer constants fold, with the arithmetic of the specification: the same as the interpreter's.
// RUN: skarn opt %s --to simplify --verify | filecheck %s
// RUN: mkdir -p %t
// RUN: skarn run %s --via interp --save %t/interp
// RUN: skarn run %s --via loop --save %t/loop
// RUN: %python -c "import numpy as n; [n.testing.assert_array_equal(n.load(r'%t/interp/out%%d.npy' %% i), n.load(r'%t/loop/out%%d.npy' %% i)) for i in range(19)]"
// CHECK: func.func @main()
// CHECK-NOT: divide
// CHECK-DAG: dense<[-3, 3, -3]> : tensor<3xi32>
// CHECK-DAG: dense<[-1, 1, 1]> : tensor<3xi32>
// CHECK-DAG: dense<[2147483647, 1, 0]> : tensor<3xui32>
// CHECK-DAG: dense<[-2, 1, 0]> : tensor<3xi8>
// CHECK-DAG: dense<[126, 1, 0]> : tensor<3xi8>
// CHECK-DAG: dense<[-4, 2, 0]> : tensor<3xi8>
// CHECK-DAG: dense<{{\[}}[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi64>
// CHECK-DAG: dense<{{\[}}[3, 2, 1], [6, 5, 4]]> : tensor<2x3xi64>
// CHECK-DAG: dense<{{\[}}[1, 3]]> : tensor<1x2xi64>
// CHECK-DAG: dense<{{\[}}[1, 2, 3, 1], [4, 5, 6, 2]]> : tensor<2x4xi64>
// CHECK-DAG: dense<{{\[}}[1, 1, 1], [2, 2, 2]]> : tensor<2x3xi64>
// CHECK-DAG: dense<[2, 2, 3, 4, 4, 4]> : tensor<6xi64>
// CHECK-DAG: dense<[true, false, true]> : tensor<3xi1>
// CHECK-DAG: dense<[false, true, false]> : tensor<3xi1>
// CHECK-DAG: dense<[7, -7, 7]> : tensor<3xi32>
// CHECK-NOT: {{add|subtract|remainder|shift|clamp|transpose|reverse|slice|concatenate|select}}
// CHECK: return
func.func @main() -> (tensor<3xi32>, tensor<3xi32>, tensor<3xui32>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>,
    tensor<3x2xi64>, tensor<2x3xi64>, tensor<1x2xi64>, tensor<2x4xi64>, tensor<2x3xi64>, tensor<6xi64>,
    tensor<3xi1>, tensor<3xi1>, tensor<3xi32>, tensor<3xi8>, tensor<3xi32>, tensor<3xi1>, tensor<3xi32>) {
  %x = stablehlo.constant dense<[-7, 7, 7]> : tensor<3xi32>
  %y = stablehlo.constant dense<[2, 2, -2]> : tensor<3xi32>
  %quotient = stablehlo.divide %x, %y : tensor<3xi32>
  %rest = stablehlo.remainder %x, %y : tensor<3xi32>
  %u = stablehlo.constant dense<[4294967295, 3, 1]> : tensor<3xui32>
  %two = stablehlo.constant dense<2> : tensor<3xui32>
  %unsigned = stablehlo.divide %u, %two : tensor<3xui32>
  %b = stablehlo.constant dense<[-4, 2, 0]> : tensor<3xi8>
  %one = stablehlo.constant dense<1> : tensor<3xi8>
  %arithmetic = stablehlo.shift_right_arithmetic %b, %one : tensor<3xi8>
  %logical = stablehlo.shift_right_logical %b, %one : tensor<3xi8>
  %half = stablehlo.constant dense<[126, 1, 0]> : tensor<3xi8>
  %wraps = stablehlo.add %half, %half : tensor<3xi8>
  %m = stablehlo.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %transposed = stablehlo.transpose %m, dims = [1, 0] : (tensor<2x3xi64>) -> tensor<3x2xi64>
  %reversed = stablehlo.reverse %m, dims = [1] : tensor<2x3xi64>
  %part = stablehlo.slice %m [0:1, 0:3:2] : (tensor<2x3xi64>) -> tensor<1x2xi64>
  %column = stablehlo.constant dense<[[1], [2]]> : tensor<2x1xi64>
  %joined = stablehlo.concatenate %m, %column, dim = 1 : (tensor<2x3xi64>, tensor<2x1xi64>) -> tensor<2x4xi64>
  %stretched = stablehlo.broadcast_in_dim %column, dims = [0, 1] : (tensor<2x1xi64>) -> tensor<2x3xi64>
  %flat = stablehlo.reshape %m : (tensor<2x3xi64>) -> tensor<6xi64>
  %least = stablehlo.constant dense<2> : tensor<i64>
  %most = stablehlo.constant dense<4> : tensor<i64>
  %clamped = stablehlo.clamp %least, %flat, %most : (tensor<i64>, tensor<6xi64>, tensor<i64>) -> tensor<6xi64>
  %signed = stablehlo.compare LT, %x, %y, SIGNED : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
  %ge = stablehlo.compare GE, %x, %y, SIGNED : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
  %or = stablehlo.xor %signed, %ge : tensor<3xi1>
  %third = stablehlo.constant dense<[false, false, true]> : tensor<3xi1>
  %both = stablehlo.and %ge, %third : tensor<3xi1>
  %lt = stablehlo.or %signed, %both : tensor<3xi1>
  %not = stablehlo.not %lt : tensor<3xi1>
  %kept = stablehlo.and %not, %or : tensor<3xi1>
  %negated = stablehlo.negate %x : tensor<3xi32>
  %picked = stablehlo.select %kept, %negated, %x : tensor<3xi1>, tensor<3xi32>
  %sign = stablehlo.sign %b : tensor<3xi8>
  %abs = stablehlo.abs %x : tensor<3xi32>
  %sign2 = stablehlo.sign %x : tensor<3xi32>
  %mixed = stablehlo.multiply %picked, %sign2 : tensor<3xi32>
  return %quotient, %rest, %unsigned, %arithmetic, %logical, %wraps, %transposed, %reversed, %part, %joined, %stretched,
      %clamped, %lt, %kept, %mixed, %sign, %abs, %or, %picked
      : tensor<3xi32>, tensor<3xi32>, tensor<3xui32>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3x2xi64>,
        tensor<2x3xi64>, tensor<1x2xi64>, tensor<2x4xi64>, tensor<2x3xi64>, tensor<6xi64>, tensor<3xi1>, tensor<3xi1>,
        tensor<3xi32>, tensor<3xi8>, tensor<3xi32>, tensor<3xi1>, tensor<3xi32>
}
