// SPDX-License-Identifier: Apache-2.0
// RUN: skarn lint %s --entry fires | filecheck %s
// RUN: skarn lint %s --entry fires --json | filecheck %s --check-prefix=JSON
// RUN: skarn lint %s --entry quiet | filecheck %s --check-prefix=QUIET
// The caller's array; and one that is read again after the update, in a loop.
// CHECK: model.py:4:1: update: 16.4 kB are copied before the update: the array is still read, or is the caller's (donate it)
// CHECK-NEXT: model.py:9:1: update: 16.4 kB are copied before the update: {{.*}}, in every trip of the loop at model.py:8
// CHECK-NEXT: 2 findings
// JSON: {"rule":"update","file":"model.py","line":4,"op":"stablehlo.dynamic_update_slice","bytes":16384,"in_loop":false,"message":"16.4 kB
// JSON: "line":9{{.*}}"in_loop":true
func.func @fires(%x: tensor<64x64xf32>, %row: tensor<1x64xf32>, %at: tensor<i32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c50 = stablehlo.constant dense<50> : tensor<i32>
  %0 = stablehlo.dynamic_update_slice %x, %row, %at, %c0 : (tensor<64x64xf32>, tensor<1x64xf32>, tensor<i32>, tensor<i32>) -> tensor<64x64xf32> loc("model.py":4:1)
  %r:2 = stablehlo.while(%i = %c0, %a = %x) : tensor<i32>, tensor<64x64xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c50 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %1 = stablehlo.dynamic_update_slice %a, %row, %i, %c0 : (tensor<64x64xf32>, tensor<1x64xf32>, tensor<i32>, tensor<i32>) -> tensor<64x64xf32> loc("model.py":9:1)
    %2 = stablehlo.sine %1 : tensor<64x64xf32>
    %3 = stablehlo.add %2, %a : tensor<64x64xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %3 : tensor<i32>, tensor<64x64xf32>
  } loc("model.py":8:1)
  return %0, %r#1 : tensor<64x64xf32>, tensor<64x64xf32>
}
// QUIET-NOT: update:
// QUIET: finding
func.func @quiet(%x: tensor<64x64xf32>, %row: tensor<1x64xf32>) -> tensor<64x64xf32> {
  %c0 = stablehlo.constant dense<0> : tensor<i32>
  %c1 = stablehlo.constant dense<1> : tensor<i32>
  %c50 = stablehlo.constant dense<50> : tensor<i32>
  %r:2 = stablehlo.while(%i = %c0, %a = %x) : tensor<i32>, tensor<64x64xf32>
  cond {
    %p = stablehlo.compare LT, %i, %c50 : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %1 = stablehlo.dynamic_update_slice %a, %row, %i, %c0 : (tensor<64x64xf32>, tensor<1x64xf32>, tensor<i32>, tensor<i32>) -> tensor<64x64xf32>
    %next = stablehlo.add %i, %c1 : tensor<i32>
    stablehlo.return %next, %1 : tensor<i32>, tensor<64x64xf32>
  }
  return %r#1 : tensor<64x64xf32>
}
