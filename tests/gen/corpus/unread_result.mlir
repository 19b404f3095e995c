// SPDX-License-Identifier: Apache-2.0
// A result that nobody reads lay in another result of the same kernel.
module {
  func.func @main(%arg0: tensor<i1> {skarn.value = dense<true> : tensor<i1>}) -> (tensor<i64>, tensor<i32>) {
    %0 = stablehlo.constant dense<0> : tensor<i64>
    %1 = stablehlo.constant dense<0> : tensor<1x2xi32>
    %2 = stablehlo.constant dense<0> : tensor<1x2xi64>
    %3 = stablehlo.convert %arg0 : (tensor<i1>) -> tensor<i32>
    %4:2 = stablehlo.reduce(%2 init: %0), (%1 init: %3) across dimensions = [0, 1] : (tensor<1x2xi64>, tensor<1x2xi32>, tensor<i64>, tensor<i32>) -> (tensor<i64>, tensor<i32>)
     reducer(%arg1: tensor<i64>, %arg3: tensor<i64>) (%arg2: tensor<i32>, %arg4: tensor<i32>) {
      stablehlo.return %arg1, %arg4 : tensor<i64>, tensor<i32>
    }
    return %4#0, %3 : tensor<i64>, tensor<i32>
  }
}
