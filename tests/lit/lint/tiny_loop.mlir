// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// CHECK: tiny_loop.mlir:{{[0-9]+:[0-9]+}}: tiny-loop: a trip runs {{[0-9]+}} statements for {{[0-9]+}} B and {{[0-9]+}} flop
// CHECK-NEXT: 1 finding
// (Without the sort the whole loop would be one kernel, and nothing would have to be started.)
func.func @fires(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c50 = stablehlo.constant dense<5000> : tensor<i32>
  %out:2 = stablehlo.while(%i = %c0, %a = %x) : tensor<i32>, tensor<4xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c50 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %s = stablehlo.sine %a : tensor<4xf32>
    %1 = "stablehlo.sort"(%s) <{dimension = 0 : i64}> ({
    ^bb0(%l: tensor<f32>, %r: tensor<f32>):
      %c = stablehlo.compare LT, %l, %r, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %c : tensor<i1>
    }) : (tensor<4xf32>) -> tensor<4xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %1 : tensor<i32>, tensor<4xf32>
  }
  return %out#1 : tensor<4xf32>
}
// QUIET: {{^}}0 findings
func.func @quiet(%x: tensor<4096xf32>) -> tensor<4096xf32> {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c50 = stablehlo.constant dense<5000> : tensor<i32>
  %r:2 = stablehlo.while(%i = %c0, %a = %x) : tensor<i32>, tensor<4096xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c50 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %1 = stablehlo.sine %a : tensor<4096xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %1 : tensor<i32>, tensor<4096xf32>
  }
  return %r#1 : tensor<4096xf32>
}
