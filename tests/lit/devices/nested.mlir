// SPDX-License-Identifier: Apache-2.0
// A manual computation inside another makes further axes manual: its collectives meet the devices that it
// calls, also those of other callers, and outside of it only the callers meet. Values are those of stock JAX.
// RUN: skarn test %s --via interp
// RUN: skarn test %s --via loop --keep-constants
// RUN: skarn test %s --via native --keep-constants

sdy.mesh @mesh = <["x"=2, "y"=2, "z"=2]>
func.func @main() {
  %x = stablehlo.iota dim = 0 : tensor<16xi32>
  %m = stablehlo.reshape %x : (tensor<16xi32>) -> tensor<2x4x2xi32>
  %0 = sdy.manual_computation(%m) in_shardings=[<@mesh, [{"x"}, {?}, {?}]>] out_shardings=[<@mesh, [{"x"}, {?}, {?}]>] manual_axes={"x"} (%a: tensor<1x4x2xi32>) {
    %i = stablehlo.constant dense<0> : tensor<i32>
    %two = stablehlo.constant dense<2> : tensor<i32>
    %step = stablehlo.constant dense<1> : tensor<i32>
    %1:2 = stablehlo.while(%k = %i, %c = %a) : tensor<i32>, tensor<1x4x2xi32>
    cond {
      %t = stablehlo.compare LT, %k, %two : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %t : tensor<i1>
    } do {
      %b = func.call @inner(%c) : (tensor<1x4x2xi32>) -> tensor<1x4x2xi32>
      %s = "stablehlo.collective_permute"(%b) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, source_target_pairs = dense<[[0, 4], [4, 0], [1, 5], [5, 1], [2, 6], [6, 2], [3, 7], [7, 3]]> : tensor<8x2xi64>}> : (tensor<1x4x2xi32>) -> tensor<1x4x2xi32>
      %d = stablehlo.add %k, %step : tensor<i32>
      stablehlo.return %d, %s : tensor<i32>, tensor<1x4x2xi32>
    }
    sdy.return %1#1 : tensor<1x4x2xi32>
  } : (tensor<2x4x2xi32>) -> tensor<2x4x2xi32>
  check.expect_eq_const %0, dense<[[[200, 207], [272, 279], [274, 281], [346, 353]], [[236, 243], [308, 315], [310, 317], [382, 389]]]> : tensor<2x4x2xi32>
  return
}

// over y: sums along y and along x, and a third computation over z in the middle
func.func private @inner(%a: tensor<1x4x2xi32>) -> tensor<1x4x2xi32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@mesh, [{?}, {"y"}, {?}]>] out_shardings=[<@mesh, [{?}, {"y"}, {?}]>] manual_axes={"y"} (%p: tensor<1x2x2xi32>) {
    %1 = "stablehlo.all_reduce"(%p) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 2], [1, 3], [4, 6], [5, 7]]> : tensor<4x2xi64>, use_global_device_ids}> ({
    ^bb0(%u: tensor<i32>, %v: tensor<i32>):
      %w = stablehlo.add %u, %v : tensor<i32>
      stablehlo.return %w : tensor<i32>
    }) : (tensor<1x2x2xi32>) -> tensor<1x2x2xi32>
    %2 = sdy.manual_computation(%p) in_shardings=[<@mesh, [{?}, {?}, {"z"}]>] out_shardings=[<@mesh, [{?}, {?}, {"z"}]>] manual_axes={"z"} (%q: tensor<1x2x1xi32>) {
      %3 = "stablehlo.all_reduce"(%q) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1, 4, 5], [2, 3, 6, 7]]> : tensor<2x4xi64>, use_global_device_ids}> ({
      ^bb0(%u: tensor<i32>, %v: tensor<i32>):
        %w = stablehlo.add %u, %v : tensor<i32>
        stablehlo.return %w : tensor<i32>
      }) : (tensor<1x2x1xi32>) -> tensor<1x2x1xi32>
      %id = stablehlo.partition_id : tensor<ui32>
      %i = stablehlo.convert %id : (tensor<ui32>) -> tensor<i32>
      %j = stablehlo.broadcast_in_dim %i, dims = [] : (tensor<i32>) -> tensor<1x2x1xi32>
      %k = stablehlo.add %3, %j : tensor<1x2x1xi32>
      sdy.return %k : tensor<1x2x1xi32>
    } : (tensor<1x2x2xi32>) -> tensor<1x2x2xi32>
    %4 = stablehlo.add %1, %2 : tensor<1x2x2xi32>
    sdy.return %4 : tensor<1x2x2xi32>
  } : (tensor<1x4x2xi32>) -> tensor<1x4x2xi32>
  return %0 : tensor<1x4x2xi32>
}
