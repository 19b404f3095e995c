// SPDX-License-Identifier: Apache-2.0
// A manual computation inside another takes up another axis: its processes are those of one process of the outer one and meet each
// other alone, also in a loop; they have the numbers of the devices that they stand for. One without operands knows its mesh.
// RUN: skarn run %s --entry numbers --via native | filecheck %s --check-prefix NUMBERS
// RUN: skarn run %s --entry sums --via native | filecheck %s --check-prefix SUMS
// RUN: skarn run %s --entry sums --via loop | filecheck %s --check-prefix SUMS
// RUN: not --code 3 skarn run %s --entry numbers --via interp 2>&1 | filecheck %s --check-prefix INTERP
// INTERP: a manual computation inside another
// RUN: not --code 1 skarn run %s --entry across --via native 2>&1 | filecheck %s --check-prefix ACROSS
// RUN: not --code 1 skarn run %s --entry again --via native 2>&1 | filecheck %s --check-prefix AGAIN
sdy.mesh @cube = <["x"=2, "y"=2, "z"=2]>

// NUMBERS: result 0: tensor<2x2xui32> = 0 2 4 6
func.func @numbers() -> tensor<2x2xui32> {
  %0 = sdy.manual_computation() in_shardings=[] out_shardings=[<@cube, [{"x"}, {}]>] manual_axes={"x"} () {
    %1 = sdy.manual_computation() in_shardings=[] out_shardings=[<@cube, [{}, {"y"}]>] manual_axes={"y"} () {
      %2 = stablehlo.partition_id : tensor<ui32>
      %3 = stablehlo.reshape %2 : (tensor<ui32>) -> tensor<1x1xui32>
      sdy.return %3 : tensor<1x1xui32>
    } : () -> tensor<1x2xui32>
    sdy.return %1 : tensor<1x2xui32>
  } : () -> tensor<2x2xui32>
  return %0 : tensor<2x2xui32>
}

// SUMS: result 0: tensor<2x2xi32> = 8 8 24 24
// SUMS: result 1: tensor<2xi32> = 7 11
func.func @sums() -> (tensor<2x2xi32>, tensor<2xi32>) {
  %x = stablehlo.constant dense<[[1, 3], [5, 7]]> : tensor<2x2xi32>
  %0:2 = sdy.manual_computation(%x) in_shardings=[<@cube, [{"x"}, {}]>] out_shardings=[<@cube, [{"x"}, {}]>, <@cube, [{"x"}]>] manual_axes={"x"} (%a: tensor<1x2xi32>) {
    %zero = stablehlo.constant dense<0> : tensor<i32>
    %first = stablehlo.slice %a [0:1, 0:1] : (tensor<1x2xi32>) -> tensor<1x1xi32>
    %trips = stablehlo.reshape %first : (tensor<1x1xi32>) -> tensor<i32>
    // each process of the outer one goes round as often as it wants to: once, and five times
    %r:2 = stablehlo.while(%i = %zero, %s = %a) : tensor<i32>, tensor<1x2xi32>
    cond {
      %more = stablehlo.compare LT, %i, %trips : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %more : tensor<i1>
    } do {
      %one = stablehlo.constant dense<1> : tensor<i32>
      %next = stablehlo.add %i, %one : tensor<i32>
      %1 = sdy.manual_computation(%a) in_shardings=[<@cube, [{}, {"z"}]>] out_shardings=[<@cube, [{}, {"z"}]>] manual_axes={"z"} (%b: tensor<1x1xi32>) {
        %2 = "stablehlo.all_reduce"(%b) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1], [2, 3], [4, 5], [6, 7]]> : tensor<4x2xi64>, use_global_device_ids}> ({
        ^bb0(%p: tensor<i32>, %q: tensor<i32>):
          %3 = stablehlo.add %p, %q : tensor<i32>
          stablehlo.return %3 : tensor<i32>
        }) : (tensor<1x1xi32>) -> tensor<1x1xi32>
        sdy.return %2 : tensor<1x1xi32>
      } : (tensor<1x2xi32>) -> tensor<1x2xi32>
      %twice = stablehlo.add %1, %1 : tensor<1x2xi32>
      stablehlo.return %next, %twice : tensor<i32>, tensor<1x2xi32>
    }
    %five = stablehlo.constant dense<6> : tensor<i32>
    %count = stablehlo.add %r#0, %five : tensor<i32>
    %counts = stablehlo.reshape %count : (tensor<i32>) -> tensor<1xi32>
    sdy.return %r#1, %counts : tensor<1x2xi32>, tensor<1xi32>
  } : (tensor<2x2xi32>) -> (tensor<2x2xi32>, tensor<2xi32>)
  return %0#0, %0#1 : tensor<2x2xi32>, tensor<2xi32>
}

// ACROSS: stablehlo.all_reduce: a group names a process that does not run
func.func @across() -> tensor<2x2xi32> {
  %x = stablehlo.constant dense<[[1, 3], [5, 7]]> : tensor<2x2xi32>
  %0 = sdy.manual_computation(%x) in_shardings=[<@cube, [{"x"}, {}]>] out_shardings=[<@cube, [{"x"}, {}]>] manual_axes={"x"} (%a: tensor<1x2xi32>) {
    %1 = sdy.manual_computation(%a) in_shardings=[<@cube, [{}, {"z"}]>] out_shardings=[<@cube, [{}, {"z"}]>] manual_axes={"z"} (%b: tensor<1x1xi32>) {
      %2 = "stablehlo.all_reduce"(%b) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 4], [1, 5], [2, 6], [3, 7]]> : tensor<4x2xi64>, use_global_device_ids}> ({
      ^bb0(%p: tensor<i32>, %q: tensor<i32>):
        %3 = stablehlo.add %p, %q : tensor<i32>
        stablehlo.return %3 : tensor<i32>
      }) : (tensor<1x1xi32>) -> tensor<1x1xi32>
      sdy.return %2 : tensor<1x1xi32>
    } : (tensor<1x2xi32>) -> tensor<1x2xi32>
    sdy.return %1 : tensor<1x2xi32>
  } : (tensor<2x2xi32>) -> tensor<2x2xi32>
  return %0 : tensor<2x2xi32>
}

// AGAIN: an axis is manual already in the computation around it
func.func @again() -> tensor<4xi32> {
  %x = stablehlo.constant dense<[1, 3, 5, 7]> : tensor<4xi32>
  %0 = sdy.manual_computation(%x) in_shardings=[<@cube, [{"x"}]>] out_shardings=[<@cube, [{"x"}]>] manual_axes={"x"} (%a: tensor<2xi32>) {
    %1 = sdy.manual_computation(%a) in_shardings=[<@cube, [{"x"}]>] out_shardings=[<@cube, [{"x"}]>] manual_axes={"x"} (%b: tensor<1xi32>) {
      sdy.return %b : tensor<1xi32>
    } : (tensor<2xi32>) -> tensor<2xi32>
    sdy.return %1 : tensor<2xi32>
  } : (tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}
