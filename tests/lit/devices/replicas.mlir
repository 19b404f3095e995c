// SPDX-License-Identifier: Apache-2.0
// Replicas of one program: each has its own arguments and results, one replica after the other, and meets the others in collective
// operations. Donation is by result of the same replica.
// RUN: skarn opt %s --replicas 2 --to inline | filecheck %s
// RUN: skarn opt %s --replicas 2 --to inline > %t.mlir && skarn opt %t.mlir --to verify > %t.again
// RUN: skarn run %s --replicas 2 --random 1 --compare loop
// RUN: skarn run %s --replicas 2 --devices 2 --random 1 --compare loop
// RUN: skarn opt %s --replicas 2 --devices 2 --to inline | filecheck %s --check-prefix=BOTH
// RUN: not --code 3 skarn run %s --replicas 16 --devices 17 --random 1 2>&1 | filecheck %s --check-prefix=MANY
// MANY: a program for 272 devices, at most 256
// The partitions of one replica, then those of the next; donation stays with the device.
// BOTH: @main(%{{.*}}tf.aliasing_output = 0 : i32}, %{{.*}}tf.aliasing_output = 2 : i32}, %{{.*}}tf.aliasing_output = 4 : i32}, %{{.*}}tf.aliasing_output = 6 : i32})

// CHECK: @main(%[[A0:[a-z0-9]+]]: tensor<3xf32> {tf.aliasing_output = 0 : i32}, %[[A1:[a-z0-9]+]]: tensor<3xf32> {tf.aliasing_output = 2 : i32})
// CHECK-SAME: -> (tensor<3xf32>, tensor<ui32>, tensor<3xf32>, tensor<ui32>)
func.func @main(%a: tensor<3xf32> {tf.aliasing_output = 0 : i32}) -> (tensor<3xf32>, tensor<ui32>) {
  // CHECK: map"(%[[A0]], %[[A1]])
  // CHECK: map"(%[[A0]], %[[A1]])
  // CHECK-NOT: all_reduce
  // CHECK: return
  // CHECK: @"main of a replica"
  %0 = "stablehlo.all_reduce"(%a) <{replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> ({
  ^bb0(%s: tensor<f32>, %t: tensor<f32>):
    %2 = stablehlo.add %s, %t : tensor<f32>
    stablehlo.return %2 : tensor<f32>
  }) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = stablehlo.multiply %0, %a : tensor<3xf32>
  %3 = stablehlo.replica_id : tensor<ui32>
  return %1, %3 : tensor<3xf32>, tensor<ui32>
}
