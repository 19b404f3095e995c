// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// Where f64 begins is told, not everything that follows from it.
// CHECK: model.py:3:1: f64: convert makes f64 in a program whose arguments have none
// CHECK-NEXT: 1 finding
func.func @fires(%0: tensor<100xf32>) -> tensor<100xf32> {
  %1 = stablehlo.convert %0 : (tensor<100xf32>) -> tensor<100xf64> loc("model.py":3:1)
  %2 = stablehlo.constant dense<0.1> : tensor<100xf64>
  %3 = stablehlo.multiply %1, %2 : tensor<100xf64>
  %4 = stablehlo.convert %3 : (tensor<100xf64>) -> tensor<100xf32>
  return %4 : tensor<100xf32>
}
// An f64 argument: meant so.
// QUIET: {{^}}0 findings
func.func @quiet(%0: tensor<100xf32>, %1: tensor<100xf64>) -> tensor<100xf64> {
  %2 = stablehlo.convert %0 : (tensor<100xf32>) -> tensor<100xf64>
  %3 = stablehlo.multiply %2, %1 : tensor<100xf64>
  return %3 : tensor<100xf64>
}
