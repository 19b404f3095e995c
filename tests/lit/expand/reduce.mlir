// SPDX-License-Identifier: Apache-2.0
// A reduce of several arrays becomes a reduce of each where no result depends on another array.
// RUN: skarn opt --to expand %s | filecheck %s
// RUN: skarn run %s --random 3 --compare interp
// RUN: skarn run %s --random 3 --compare loop
// CHECK: reduce(%arg0 init: {{.*}}) applies stablehlo.add
// CHECK-SAME: tensor<40xbf16>
// CHECK: reduce(%arg1 init: {{.*}})
// CHECK-NEXT: reducer
// CHECK-NEXT: subtract %arg2, %arg3
// CHECK: reduce(%arg0 init: {{.*}}), (%arg1 init: {{.*}})
func.func @main(%x: tensor<40xbf16>, %y: tensor<40xi32>) -> (tensor<bf16>, tensor<i32>, tensor<bf16>, tensor<i32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<bf16>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %r:2 = stablehlo.reduce(%x init: %zero), (%y init: %one) across dimensions = [0] : (tensor<40xbf16>, tensor<40xi32>, tensor<bf16>, tensor<i32>) -> (tensor<bf16>, tensor<i32>)
   reducer(%a: tensor<bf16>, %p: tensor<bf16>) (%b: tensor<i32>, %q: tensor<i32>) {
    %s = stablehlo.add %a, %p : tensor<bf16>
    %t = stablehlo.subtract %b, %q : tensor<i32>
    stablehlo.return %s, %t : tensor<bf16>, tensor<i32>
  }
  %m:2 = stablehlo.reduce(%x init: %zero), (%y init: %one) across dimensions = [0] : (tensor<40xbf16>, tensor<40xi32>, tensor<bf16>, tensor<i32>) -> (tensor<bf16>, tensor<i32>)
   reducer(%a: tensor<bf16>, %p: tensor<bf16>) (%b: tensor<i32>, %q: tensor<i32>) {
    %c = stablehlo.compare GT, %a, %p : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    %s = stablehlo.select %c, %a, %p : tensor<i1>, tensor<bf16>
    %t = stablehlo.select %c, %b, %q : tensor<i1>, tensor<i32>
    stablehlo.return %s, %t : tensor<bf16>, tensor<i32>
  }
  return %r#0, %r#1, %m#0, %m#1 : tensor<bf16>, tensor<i32>, tensor<bf16>, tensor<i32>
}
