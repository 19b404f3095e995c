// SPDX-License-Identifier: Apache-2.0
// Programs for several devices: arrays are cut along the manual axes of a mesh, the pieces put together again.
// RUN: skarn test %s --via interp

sdy.mesh @mesh = <["a"=2, "b"=2], device_ids=[3, 2, 1, 0]>
func.func @main() {
  %x = stablehlo.iota dim = 0 : tensor<8xi32>
  %m = stablehlo.reshape %x : (tensor<8xi32>) -> tensor<4x2xi32>
  // rows along a, columns along b; every piece is marked by its device, columns are exchanged along b
  %0 = sdy.manual_computation(%m) in_shardings=[<@mesh, [{"a"}, {"b"}]>] out_shardings=[<@mesh, [{"a"}, {"b"}]>] manual_axes={"a", "b"} (%p: tensor<2x1xi32>) {
    %id = stablehlo.partition_id : tensor<ui32>
    %i = stablehlo.convert %id : (tensor<ui32>) -> tensor<i32>
    %h = stablehlo.constant dense<100> : tensor<i32>
    %j = stablehlo.multiply %i, %h : tensor<i32>
    %k = stablehlo.broadcast_in_dim %j, dims = [] : (tensor<i32>) -> tensor<2x1xi32>
    %q = stablehlo.add %p, %k : tensor<2x1xi32>
    %r = "stablehlo.collective_permute"(%q) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, source_target_pairs = dense<[[3, 2], [2, 3], [1, 0], [0, 1]]> : tensor<4x2xi64>} : (tensor<2x1xi32>) -> tensor<2x1xi32>
    sdy.return %r : tensor<2x1xi32>
  } : (tensor<4x2xi32>) -> tensor<4x2xi32>
  check.expect_eq_const %0, dense<[[201, 300], [203, 302], [5, 104], [7, 106]]> : tensor<4x2xi32>
  // one dimension along both axes, a result that every device has whole
  %1 = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"b", "a"}]>] out_shardings=[<@mesh, [{}]>] manual_axes={"a", "b"} (%p: tensor<2xi32>) {
    %s = "stablehlo.all_reduce"(%p) ({
    ^bb0(%u: tensor<i32>, %v: tensor<i32>):
      %w = stablehlo.add %u, %v : tensor<i32>
      stablehlo.return %w : tensor<i32>
    }) {replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>, channel_handle = #stablehlo.channel_handle<handle = 2, type = 1>, use_global_device_ids} : (tensor<2xi32>) -> tensor<2xi32>
    sdy.return %s : tensor<2xi32>
  } : (tensor<8xi32>) -> tensor<2xi32>
  check.expect_eq_const %1, dense<[12, 16]> : tensor<2xi32>
  return
}

// -----

func.func @main() {
  %x = stablehlo.iota dim = 0 : tensor<8xi32>
  %m = stablehlo.reshape %x : (tensor<8xi32>) -> tensor<2x4xi32>
  %0 = stablehlo.custom_call @Sharding(%m) {mhlo.sharding = "{devices=[2,1]1,0}"} : (tensor<2x4xi32>) -> tensor<2x4xi32>
  %1 = stablehlo.custom_call @SPMDFullToShardShape(%0) {mhlo.sharding = "{manual}"} : (tensor<2x4xi32>) -> tensor<1x4xi32>
  %id = stablehlo.partition_id : tensor<ui32>
  %i = stablehlo.convert %id : (tensor<ui32>) -> tensor<i32>
  %k = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<i32>) -> tensor<1x4xi32>
  %2 = stablehlo.multiply %1, %k : tensor<1x4xi32>
  %3 = stablehlo.custom_call @SPMDShardToFullShape(%2) {mhlo.sharding = "{devices=[2,1]<=[2]}"} : (tensor<1x4xi32>) -> tensor<2x4xi32>
  check.expect_eq_const %3, dense<[[0, 0, 0, 0], [0, 1, 2, 3]]> : tensor<2x4xi32>
  return
}
