// SPDX-License-Identifier: Apache-2.0
// One program for two devices: parts come in, are put together, and are cut again; the body of a
// manual computation runs once per device.
// RUN: skarn opt %s --devices 2 --to inline | filecheck %s
// RUN: skarn opt %s --devices 2 --to inline > %t.mlir && skarn opt %t.mlir --to verify > %t.again
// RUN: skarn run %s --devices 2 --random 1 --compare loop

sdy.mesh @line = <["x"=2]>

// CHECK: @main(%[[A0:[a-z0-9]+]]: tensor<2x3xf32> {mhlo.sharding = "{devices=[2,1]0,1}", tf.aliasing_output = 0 : i32}, %[[B0:[a-z0-9]+]]: tensor<3xf32> {mhlo.sharding = "{replicated}"}
// CHECK-SAME: %[[A1:[a-z0-9]+]]: tensor<2x3xf32> {mhlo.sharding = "{devices=[2,1]0,1}", tf.aliasing_output = 2 : i32}, %{{[a-z0-9]+}}: tensor<3xf32> {mhlo.sharding = "{replicated}"})
// CHECK-SAME: -> (tensor<2x3xf32> {mhlo.sharding = "{devices=[2,1]0,1}"}, tensor<f32> {mhlo.sharding = "{replicated}"}, tensor<2x3xf32>
func.func @main(%a: tensor<4x3xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}, {}]>, tf.aliasing_output = 0 : i32},
                %b: tensor<3xf32>) -> (tensor<4x3xf32>, tensor<f32>) {
  // CHECK: %[[A:[a-z0-9]+]] = stablehlo.concatenate %[[A0]], %[[A1]], dim = 0
  // CHECK-DAG: slice %[[A]] [0:2, 0:3]
  // CHECK-DAG: slice %[[A]] [2:4, 0:3]
  // CHECK-NOT: sdy
  // CHECK-NOT: all_reduce
  // CHECK: map
  %0 = sdy.manual_computation(%a, %b) in_shardings=[<@line, [{"x"}, {}]>, <@line, [{}]>] out_shardings=[<@line, [{"x"}, {}]>] manual_axes={"x"} (%p: tensor<2x3xf32>, %q: tensor<3xf32>) {
    %1 = stablehlo.broadcast_in_dim %q, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32>
    %2 = stablehlo.multiply %p, %1 : tensor<2x3xf32>
    %3 = "stablehlo.all_reduce"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> ({
    ^bb0(%s: tensor<f32>, %t: tensor<f32>):
      %5 = stablehlo.add %s, %t : tensor<f32>
      stablehlo.return %5 : tensor<f32>
    }) : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = stablehlo.add %3, %p : tensor<2x3xf32>
    sdy.return %4 : tensor<2x3xf32>
  } : (tensor<4x3xf32>, tensor<3xf32>) -> tensor<4x3xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %sum = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [0, 1] : (tensor<4x3xf32>, tensor<f32>) -> tensor<f32>
  return %0, %sum : tensor<4x3xf32>, tensor<f32>
}
