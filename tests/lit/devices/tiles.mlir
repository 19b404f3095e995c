// SPDX-License-Identifier: Apache-2.0
// Programs from before Shardy: shardings are XLA's tiles, and custom calls change between wholes and parts.
// RUN: skarn opt %s --devices 4 --entry main --to inline | filecheck %s
// RUN: skarn run %s --devices 4 --entry main --random 1 --compare loop
// RUN: skarn opt %s --devices 4 --entry share --to inline | filecheck %s --check-prefix=SHARE
// RUN: skarn test %s --entry parts --via interp
// RUN: skarn test %s --entry parts --via native --keep-constants
// RUN: skarn opt %s --devices 4 --entry split --to inline | filecheck %s --check-prefix=SPLIT
// RUN: skarn run %s --devices 4 --entry split --random 1 --compare loop
// RUN: not skarn opt %s --devices 4 --entry order --to inline 2>&1 | filecheck %s --check-prefix=ORDER
// RUN: not skarn opt %s --devices 4 --entry last --to inline 2>&1 | filecheck %s --check-prefix=LAST
// RUN: not skarn opt %s --devices 4 --entry other --to inline 2>&1 | filecheck %s --check-prefix=OTHER

// CHECK: @main(%{{[a-z0-9]+}}: tensor<4x4xf32> {mhlo.sharding = "{devices=[2,1,2]0,1,2,3 last_tile_dim_replicate}"}, %{{[a-z0-9]+}}: tensor<8xf32> {mhlo.sharding = "{replicated}"}
// CHECK-SAME: -> (tensor<2x4xf32> {mhlo.sharding = "{devices=[4,1]0,2,1,3}"}, tensor<4x2xf32> {mhlo.sharding = "{devices=[2,2]0,2,1,3}"}
func.func @main(%a: tensor<8x4xf32> {mhlo.sharding = "{devices=[2,1,2]<=[4] last_tile_dim_replicate}"},
                %b: tensor<8xf32> {mhlo.sharding = "{maximal device=0}"})
    -> (tensor<8x4xf32> {mhlo.sharding = "{devices=[4,1]<=[2,2]T(1,0)}"}, tensor<8x4xf32>) {
  %0 = stablehlo.broadcast_in_dim %b, dims = [0] : (tensor<8xf32>) -> tensor<8x4xf32>
  %1 = stablehlo.add %a, %0 : tensor<8x4xf32>
  %2 = stablehlo.custom_call @Sharding(%1) {mhlo.sharding = "{devices=[2,2]0,2,1,3}"} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return %1, %2 : tensor<8x4xf32>, tensor<8x4xf32>
}

// SHARE: @share
// SHARE-SAME: -> (tensor<4xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dims={unreduced}}"}
func.func @share(%a: tensor<8xf32>) -> (tensor<8xf32> {mhlo.sharding = "{devices=[2,1,2]<=[4] last_tile_dims={replicated, unreduced}}"}) {
  return %a : tensor<8xf32>
}

// In a loop, over a mesh whose second axis is not manual: the tiles speak of it, the types do not.
func.func @parts() {
  %x = stablehlo.iota dim = 0 : tensor<8xi32>
  %m = stablehlo.reshape %x : (tensor<8xi32>) -> tensor<4x2xi32>
  %i = stablehlo.constant dense<0> : tensor<i32>
  %n = stablehlo.constant dense<2> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %r:2 = stablehlo.while(%k = %i, %c = %m) : tensor<i32>, tensor<4x2xi32>
  cond {
    %t = stablehlo.compare LT, %k, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  } do {
    %0 = stablehlo.custom_call @Sharding(%c) {mhlo.sharding = "{devices=[2,1,2]<=[4] last_tile_dim_replicate}"} : (tensor<4x2xi32>) -> tensor<4x2xi32>
    %1 = stablehlo.custom_call @SPMDFullToShardShape(%0) {mhlo.sharding = "{devices=[1,1,2,2]<=[4] last_tile_dims={manual, replicated}}"} : (tensor<4x2xi32>) -> tensor<2x2xi32>
    %2 = func.call @body(%1) : (tensor<2x2xi32>) -> tensor<2x2xi32>
    %3 = stablehlo.custom_call @Sharding(%2) {mhlo.sharding = "{devices=[1,1,2,2]<=[4] last_tile_dims={manual, replicated}}"} : (tensor<2x2xi32>) -> tensor<2x2xi32>
    %4 = stablehlo.custom_call @SPMDShardToFullShape(%3) {mhlo.sharding = "{devices=[2,1,2]<=[4] last_tile_dim_replicate}"} : (tensor<2x2xi32>) -> tensor<4x2xi32>
    %d = stablehlo.add %k, %one : tensor<i32>
    stablehlo.return %d, %4 : tensor<i32>, tensor<4x2xi32>
  }
  // each trip: the part of the other device of the axis, and ten times the own number along it
  check.expect_eq_const %r#1, dense<[[10, 11], [12, 13], [14, 15], [16, 17]]> : tensor<4x2xi32>
  return
}
func.func private @body(%p: tensor<2x2xi32>) -> tensor<2x2xi32> {
  %0 = "stablehlo.collective_permute"(%p) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, source_target_pairs = dense<[[0, 2], [2, 0], [1, 3], [3, 1]]> : tensor<4x2xi64>}> : (tensor<2x2xi32>) -> tensor<2x2xi32>
  %id = stablehlo.partition_id : tensor<ui32>
  %two = stablehlo.constant dense<2> : tensor<ui32>
  %row = stablehlo.divide %id, %two : tensor<ui32>
  %i = stablehlo.convert %row : (tensor<ui32>) -> tensor<i32>
  %ten = stablehlo.constant dense<10> : tensor<i32>
  %t = stablehlo.multiply %i, %ten : tensor<i32>
  %b = stablehlo.broadcast_in_dim %t, dims = [] : (tensor<i32>) -> tensor<2x2xi32>
  %s = stablehlo.add %0, %b : tensor<2x2xi32>
  return %s : tensor<2x2xi32>
}

// Parts of arguments become wholes, which the calls cut again; what they say of a result holds outside.
// SPLIT: @split
// SPLIT-SAME: -> (tensor<4x1xf32> {mhlo.sharding = "{devices=[1,2,2]0,1,2,3 last_tile_dim_replicate}"}
func.func @split(%a: tensor<8x2xf32> {mhlo.sharding = "{devices=[4,1]<=[4]}"}) -> tensor<4x2xf32> {
  %0 = stablehlo.custom_call @Sharding(%a) {mhlo.sharding = "{devices=[2,2]<=[2,2]T(1,0)}"} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %1 = stablehlo.custom_call @SPMDFullToShardShape(%0) {mhlo.sharding = "{manual}"} : (tensor<8x2xf32>) -> tensor<4x1xf32>
  %2 = "stablehlo.all_reduce"(%1) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
  ^bb0(%u: tensor<f32>, %v: tensor<f32>):
    %w = stablehlo.add %u, %v : tensor<f32>
    stablehlo.return %w : tensor<f32>
  }) : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %3 = stablehlo.custom_call @Sharding(%2) {mhlo.sharding = "{manual}"} : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %4 = stablehlo.custom_call @SPMDShardToFullShape(%3) {mhlo.sharding = "{devices=[1,2,2]0,1,2,3 last_tile_dim_replicate}"} : (tensor<4x1xf32>) -> tensor<4x2xf32>
  return %4 : tensor<4x2xf32>
}

// ORDER: tiles.mlir:{{[0-9]+}}:{{[0-9]+}}: error: func.func: the sharding '{devices=[4]<=[2,2]T(0,0)}' is not understood at '}'
func.func @order(%a: tensor<4xf32> {mhlo.sharding = "{devices=[4]<=[2,2]T(0,0)}"}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// LAST: the sharding {{.*}} is not understood at 'nothing}}'
func.func @last(%a: tensor<4xf32> {mhlo.sharding = "{devices=[2,2]<=[4] last_tile_dims={nothing}}"}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// OTHER: a mesh of 2 devices in a program for 4
func.func @other(%a: tensor<4xf32> {mhlo.sharding = "{devices=[2]<=[2]}"}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
