// SPDX-License-Identifier: Apache-2.0
// Shardings of results that the program leaves open, from what the results are made of.
// RUN: skarn opt %s --devices 4 --entry main --to inline | filecheck %s
// RUN: skarn run %s --devices 4 --entry main --random 1 --compare loop
// RUN: skarn opt %s --devices 4 --entry called --to inline | filecheck %s --check-prefix=CALLED
// RUN: skarn opt %s --devices 4 --entry open --to inline | filecheck %s --check-prefix=OPEN
// RUN: skarn opt %s --devices 4 --entry uneven --to inline | filecheck %s --check-prefix=UNEVEN
// RUN: skarn opt %s --devices 4 --entry grouped --to inline | filecheck %s --check-prefix=GROUPED
// RUN: skarn opt %s --devices 4 --entry manual --to inline | filecheck %s --check-prefix=MANUAL

sdy.mesh @grid = <["x"=2, "y"=2]>
sdy.mesh @nothing = <[]>

// product, transposed, reduced, sliced, reshaped, gathered, and one whose axis is used twice
// CHECK: @main
// CHECK-SAME: -> (tensor<4x3xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3}"},
// CHECK-SAME: tensor<3x4xf32> {mhlo.sharding = "{devices=[2,2]0,2,1,3}"},
// CHECK-SAME: tensor<3xf32> {mhlo.sharding = "{devices=[2,2]0,2,1,3 last_tile_dim_replicate}"},
// CHECK-SAME: tensor<2x3xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3}"},
// CHECK-SAME: tensor<2x4x3xf32> {mhlo.sharding = "{devices=[2,1,2]0,1,2,3}"},
// CHECK-SAME: tensor<5x3xf32> {mhlo.sharding = "{devices=[1,2,2]0,2,1,3 last_tile_dim_replicate}"},
// CHECK-SAME: tensor<4x8xf32> {mhlo.sharding = "{devices=[2,1,2]0,1,2,3 last_tile_dim_replicate}"},
func.func @main(%a: tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {}]>},
                %b: tensor<4x6xf32> {sdy.sharding = #sdy.sharding<@grid, [{}, {"y"}]>})
    -> (tensor<8x6xf32>, tensor<6x8xf32>, tensor<6xf32>, tensor<4x6xf32>, tensor<4x4x6xf32>, tensor<5x6xf32>, tensor<8x8xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.dot_general %a, %b, contracting_dims = [1] x [0] : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<8x6xf32>) -> tensor<6x8xf32>
  %2 = stablehlo.reduce(%1 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<6x8xf32>, tensor<f32>) -> tensor<6xf32>
  %3 = stablehlo.slice %0 [1:8:2, 0:6] : (tensor<8x6xf32>) -> tensor<4x6xf32>
  %4 = stablehlo.broadcast_in_dim %0, dims = [0, 2] : (tensor<8x6xf32>) -> tensor<8x2x6xf32>
  %5 = stablehlo.reshape %4 : (tensor<8x2x6xf32>) -> tensor<4x4x6xf32>
  %i = stablehlo.constant dense<[0, 1, 1, 3, 7]> : tensor<5xi32>
  %6 = "stablehlo.gather"(%0, %i) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 6>}> : (tensor<8x6xf32>, tensor<5xi32>) -> tensor<5x6xf32>
  %7 = stablehlo.dot_general %a, %a, contracting_dims = [1] x [1] : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x8xf32>
  return %0, %1, %2, %3, %5, %6, %7 : tensor<8x6xf32>, tensor<6x8xf32>, tensor<6xf32>, tensor<4x6xf32>, tensor<4x4x6xf32>, tensor<5x6xf32>, tensor<8x8xf32>
}

// What belongs to a group is split alike: what comes after, what comes before, and what is made of it then.
// GROUPED: @grouped
// GROUPED-SAME: -> (tensor<4xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dim_replicate}"},
// GROUPED-SAME: tensor<4xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dim_replicate}"},
// GROUPED-SAME: tensor<8xf32> {mhlo.sharding = "{replicated}"},
func.func @grouped(%a: tensor<8xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}]>}) -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %0 = stablehlo.iota dim = 0 : tensor<8xf32>
  %1 = stablehlo.constant dense<2.0> : tensor<8xf32>
  %2 = stablehlo.constant dense<3.0> : tensor<8xf32>
  sdy.sharding_group %0 group_id=7 : tensor<8xf32>
  sdy.sharding_group %a group_id=7 : tensor<8xf32>
  sdy.sharding_group %1 group_id=7 : tensor<8xf32>
  sdy.sharding_group %2 group_id=8 : tensor<8xf32>
  %3 = stablehlo.negate %0 : tensor<8xf32>
  return %3, %1, %2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}

// Through calls, loops and branches; what a loop starts with may be split only in its body.
// CALLED: @called
// CALLED-SAME: -> (tensor<4xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dim_replicate}"},
// CALLED-SAME: tensor<4xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dim_replicate}"},
func.func @called(%a: tensor<8xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}]>}, %p: tensor<i1>) -> (tensor<8xf32>, tensor<8xf32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<8xf32>
  %n = stablehlo.constant dense<3> : tensor<i32>
  %0 = func.call @twice(%a) : (tensor<8xf32>) -> tensor<8xf32>
  %1:2 = stablehlo.while(%s = %zero, %k = %n) : tensor<8xf32>, tensor<i32>
    cond {
      %c = stablehlo.constant dense<0> : tensor<i32>
      %more = stablehlo.compare GT, %k, %c : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %one = stablehlo.constant dense<1> : tensor<i32>
      %t = stablehlo.add %s, %0 : tensor<8xf32>
      %l = stablehlo.subtract %k, %one : tensor<i32>
      stablehlo.return %t, %l : tensor<8xf32>, tensor<i32>
    }
  %2 = "stablehlo.if"(%p) ({
    stablehlo.return %1#0 : tensor<8xf32>
  }, {
    stablehlo.return %zero : tensor<8xf32>
  }) : (tensor<i1>) -> tensor<8xf32>
  return %0, %2 : tensor<8xf32>, tensor<8xf32>
}
func.func private @twice(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = stablehlo.add %a, %a : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// Open dimensions are filled in, closed ones stay whole; a constraint may leave some open too.
// OPEN: @open
// OPEN-SAME: -> (tensor<4x4xf32> {mhlo.sharding = "{devices=[2,1,2]0,1,2,3 last_tile_dim_replicate}"},
// OPEN-SAME: tensor<4x2xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3}"},
func.func @open(%a: tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {"y"}]>})
    -> (tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@nothing, [{?}, {}]>}, tensor<8x4xf32>) {
  %0 = stablehlo.sine %a : tensor<8x4xf32>
  %1 = sdy.sharding_constraint %0 <@grid, [{"x"}, {?}]> : tensor<8x4xf32>
  return %0, %1 : tensor<8x4xf32>, tensor<8x4xf32>
}

// What a constraint asks for inside may not be had of a result.
// UNEVEN: @uneven
// UNEVEN-SAME: -> (tensor<3xf32> {mhlo.sharding = "{replicated}"},
func.func @uneven(%a: tensor<3xf32>) -> tensor<3xf32> {
  %0 = sdy.sharding_constraint %a <@grid, [{"x"}]> : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Around a manual computation the axes that are free in it split its results as they split its operands.
// MANUAL: @manual
// MANUAL-SAME: -> (tensor<4x2xf32> {mhlo.sharding = "{devices=[1,2,2]0,2,1,3 last_tile_dim_replicate}"},
// MANUAL-SAME: tensor<2x4xf32> {mhlo.sharding = "{devices=[4,1]0,1,2,3}"},
func.func @manual(%a: tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {"y"}]>}) -> (tensor<4x4xf32>, tensor<8x4xf32>) {
  %0 = sdy.manual_computation(%a) in_shardings=[<@grid, [{"x", ?}, {?}]>] out_shardings=[<@grid, [{?}, {?}]>] manual_axes={"x"} (%p: tensor<4x4xf32>) {
    %1 = "stablehlo.all_reduce"(%p) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>, use_global_device_ids}> ({
    ^bb0(%u: tensor<f32>, %v: tensor<f32>):
      %w = stablehlo.add %u, %v : tensor<f32>
      stablehlo.return %w : tensor<f32>
    }) : (tensor<4x4xf32>) -> tensor<4x4xf32>
    sdy.return %1 : tensor<4x4xf32>
  } : (tensor<8x4xf32>) -> tensor<4x4xf32>
  %2 = sdy.manual_computation(%a) in_shardings=[<@grid, [{"x", ?}, {?}]>] out_shardings=[<@grid, [{"x", ?}, {?}]>] manual_axes={"x"} (%p: tensor<4x4xf32>) {
    %3 = sdy.manual_computation(%p) in_shardings=[<@grid, [{"y", ?}, {?}]>] out_shardings=[<@grid, [{"y", ?}, {?}]>] manual_axes={"y"} (%q: tensor<2x4xf32>) {
      sdy.return %q : tensor<2x4xf32>
    } : (tensor<4x4xf32>) -> tensor<4x4xf32>
    sdy.return %3 : tensor<4x4xf32>
  } : (tensor<8x4xf32>) -> tensor<8x4xf32>
  return %0, %2 : tensor<4x4xf32>, tensor<8x4xf32>
}
