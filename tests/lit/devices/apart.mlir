// SPDX-License-Identifier: Apache-2.0
// What one device does alone, where the devices meet nowhere but in functions of the host: arguments and results are
// its own, constants and wholes are cut, its number is known, in functions that it calls as well.
// RUN: skarn opt %s --devices 2 --device 2 --to simplify | filecheck %s
// RUN: skarn opt %s --devices 2 --device 1 --to simplify | filecheck %s --check-prefix=FIRST
// RUN: skarn opt %s --devices 2 --device 1 --entry back --to simplify | filecheck %s --check-prefix=BACK
// RUN: not skarn opt %s --devices 2 --device 1 --entry meets --to inline 2>&1 | filecheck %s --check-prefix=MEETS
// RUN: not skarn opt %s --devices 2 --device 1 --entry deep --to inline 2>&1 | filecheck %s --check-prefix=MEETS
// RUN: not skarn opt %s --devices 2 --device 1 --entry nested --to inline 2>&1 | filecheck %s --check-prefix=MEETS
// RUN: not skarn opt %s --devices 2 --device 1 --entry wholes --to inline 2>&1 | filecheck %s --check-prefix=WHOLES
// RUN: not skarn opt %s --devices 2 --device 1 --entry moves --to inline 2>&1 | filecheck %s --check-prefix=MOVES
// RUN: not skarn opt %s --devices 2 --device 1 --entry joins --to inline 2>&1 | filecheck %s --check-prefix=JOINS
// RUN: not skarn opt %s --devices 2 --device 1 --entry silent --to inline 2>&1 | filecheck %s --check-prefix=SILENT
// RUN: not skarn opt %s --devices 2 --device 1 --entry free --to inline 2>&1 | filecheck %s --check-prefix=FREE
// RUN: not skarn opt %s --devices 2 --device 1 --entry plain --to inline 2>&1 | filecheck %s --check-prefix=PLAIN
// RUN: not skarn opt %s --devices 2 --device 3 --to inline 2>&1 | filecheck %s --check-prefix=THIRD
// RUN: not skarn opt %s --devices 2 --device 1 --replicas 2 --to inline 2>&1 | filecheck %s --check-prefix=REPLICAS

sdy.mesh @line = <["x"=2]>
sdy.mesh @back = <["x"=2], device_ids=[1, 0]>
sdy.mesh @grid = <["x"=1, "y"=2]>

// CHECK: @main(%[[T:[a-z0-9]+]]: !stablehlo.token {{{.*}}}, %[[A:[a-z0-9]+]]: tensor<8xf32> {{{.*}}}, %[[B:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}) -> (!stablehlo.token {{{.*}}}, tensor<4xf32> {{{.*}}})
// CHECK: %[[ALL:[a-z0-9]+]] = stablehlo.constant dense<[1.0,
// CHECK-DAG: %[[P:[a-z0-9]+]] = stablehlo.slice %[[A]] [4:8]
// CHECK-DAG: %[[C:[a-z0-9]+]] = stablehlo.slice %[[ALL]] [4:8]
// CHECK-DAG: %[[ONE:[a-z0-9]+]] = stablehlo.constant dense<1> : tensor<ui32>
// CHECK: %[[R:[a-z0-9]+]]:2 = stablehlo.custom_call @host(%[[T]], %[[P]], %[[B]], %[[C]], %[[ONE]])
// CHECK: return %[[R]]#0, %[[R]]#1
// FIRST-DAG: stablehlo.slice %{{.*}} [0:4]
// FIRST-DAG: stablehlo.constant dense<0> : tensor<ui32>
func.func @main(%t: !stablehlo.token, %a: tensor<8xf32>, %b: tensor<8xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}]>})
    -> (!stablehlo.token, tensor<8xf32>) {
  %c = stablehlo.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>
  %0:2 = sdy.manual_computation(%t, %a, %b, %c) in_shardings=[<@line, []>, <@line, [{"x"}]>, <@line, [{"x"}]>, <@line, [{"x"}]>] out_shardings=[<@line, []>, <@line, [{"x"}]>] manual_axes={"x"} (%s: !stablehlo.token, %p: tensor<4xf32>, %q: tensor<4xf32>, %r: tensor<4xf32>) {
    %1:2 = func.call @ask(%s, %p, %q, %r) : (!stablehlo.token, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (!stablehlo.token, tensor<4xf32>)
    sdy.return %1#0, %1#1 : !stablehlo.token, tensor<4xf32>
  } : (!stablehlo.token, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) -> (!stablehlo.token, tensor<8xf32>)
  return %0#0, %0#1 : !stablehlo.token, tensor<8xf32>
}
func.func private @ask(%s: !stablehlo.token, %p: tensor<4xf32>, %q: tensor<4xf32>, %r: tensor<4xf32>) -> (!stablehlo.token, tensor<4xf32>) {
  %id = stablehlo.partition_id : tensor<ui32>
  %0:2 = stablehlo.custom_call @host(%s, %p, %q, %r, %id) {has_side_effect = true, api_version = 4 : i32} : (!stablehlo.token, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<ui32>) -> (!stablehlo.token, tensor<4xf32>)
  return %0#0, %0#1 : !stablehlo.token, tensor<4xf32>
}

// Device 0 has the second place in the mesh; its number stays.
// BACK-DAG: stablehlo.slice %{{.*}} [4:8]
// BACK-DAG: stablehlo.constant dense<0> : tensor<ui32>
func.func @back(%a: tensor<8xf32>) -> (tensor<8xf32> {sdy.sharding = #sdy.sharding<@back, [{"x"}]>}) {
  %0 = sdy.manual_computation(%a) in_shardings=[<@back, [{"x"}]>] out_shardings=[<@back, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %id = stablehlo.partition_id : tensor<ui32>
    %1 = stablehlo.custom_call @host(%p, %id) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>, tensor<ui32>) -> tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// MEETS: devices do not run apart: they meet here
func.func @meets(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = "stablehlo.collective_permute"(%1) {source_target_pairs = dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %2 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
// In a loop of a function that the body calls.
func.func @deep(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = func.call @loop(%1) : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %2 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
func.func private @loop(%p: tensor<4xf32>) -> tensor<4xf32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %three = stablehlo.constant dense<3> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %0:2 = stablehlo.while(%i = %zero, %v = %p) : tensor<i32>, tensor<4xf32>
  cond {
    %1 = stablehlo.compare LT, %i, %three, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %1 : tensor<i1>
  } do {
    %1 = stablehlo.add %i, %one : tensor<i32>
    %2 = "stablehlo.collective_permute"(%v) {source_target_pairs = dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
    stablehlo.return %1, %2 : tensor<i32>, tensor<4xf32>
  }
  return %0#1 : tensor<4xf32>
}
func.func @nested(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@grid, [{"x", "y"}]>] out_shardings=[<@grid, [{"x", "y"}]>] manual_axes={"x", "y"} (%p: tensor<4xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = sdy.manual_computation(%1) in_shardings=[<@grid, [{}]>] out_shardings=[<@grid, [{}]>] manual_axes={} (%q: tensor<4xf32>) {
      sdy.return %q : tensor<4xf32>
    } : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %2 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// WHOLES: devices do not run apart: this is computed of wholes
func.func @wholes(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  %2 = stablehlo.reverse %0, dims = [0] : tensor<8xf32>
  return %2 : tensor<8xf32>
}
// MOVES: devices do not run apart: an operand is split otherwise than the argument
func.func @moves(%a: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@line, [{}, {"x"}]>}) -> tensor<8x8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}, {}]>] out_shardings=[<@line, [{"x"}, {}]>] manual_axes={"x"} (%p: tensor<4x8xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4x8xf32>) -> tensor<4x8xf32>
    sdy.return %1 : tensor<4x8xf32>
  } : (tensor<8x8xf32>) -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}
// JOINS: devices do not run apart: a result is made of what others have
func.func @joins(%a: tensor<8xf32>) -> (tensor<8xf32> {sdy.sharding = #sdy.sharding<@line, [{}]>}) {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
// Who is told something returns no answer that others could wait for: such calls keep their order.
// SILENT: devices do not run apart: no function of the host could wait for another
func.func @silent(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<4xf32>) -> ()
    %1 = stablehlo.custom_call @host(%p) {api_version = 4 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
// FREE: devices do not run apart: it is not one of all axes of a mesh of all devices
func.func @free(%a: tensor<8xf32>) -> tensor<8xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@grid, [{"x"}]>] out_shardings=[<@grid, [{"x"}]>] manual_axes={"x"} (%p: tensor<8xf32>) {
    %1 = stablehlo.custom_call @host(%p) {has_side_effect = true, api_version = 4 : i32} : (tensor<8xf32>) -> tensor<8xf32>
    sdy.return %1 : tensor<8xf32>
  } : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
// PLAIN: devices do not run apart: it has no manual computation
func.func @plain(%a: tensor<8xf32>) -> tensor<8xf32> {
  return %a : tensor<8xf32>
}
// THIRD: device 3 of 2
// REPLICAS: device 1 of 2, for 2 replicas
