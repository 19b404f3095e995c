// SPDX-License-Identifier: Apache-2.0
// RUN: %python %S/inputs/large_constant.py 300000 > %t.large.mlir
// RUN: skarn lint %t.large.mlir | filecheck %s
// RUN: skarn lint %s | filecheck %s --check-prefix=QUIET
// CHECK: large.mlir:2:8: constant: 1.2 MB of constant are compiled in: pass it as an argument
// CHECK-NEXT: 1 finding
// QUIET: {{^}}0 findings
func.func @main(%0: tensor<1000000xf32>) -> tensor<1000000xf32> {
  %1 = stablehlo.constant dense<2.5> : tensor<1000000xf32>
  %2 = stablehlo.add %0, %1 : tensor<1000000xf32>
  return %2 : tensor<1000000xf32>
}
