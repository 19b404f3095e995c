// SPDX-License-Identifier: Apache-2.0
// A manual computation takes shares that are an argument as the devices hold them, and gives copies and shares as the
// devices' processes return them; what is split otherwise on the two sides goes by way of the whole.
// RUN: skarn opt %s --devices 2 --to inline | filecheck %s
// RUN: skarn run %s --devices 2 --random 1 --compare loop
// RUN: skarn opt %s --devices 2 --entry back --to inline | filecheck %s --check-prefix=BACK
// RUN: skarn opt %s --devices 2 --entry otherwise --to inline | filecheck %s --check-prefix=OTHER
// RUN: not skarn opt %s --devices 2 --entry forged --to inline 2>&1 | filecheck %s --check-prefix=FORGED

sdy.mesh @line = <["x"=2]>
sdy.mesh @back = <["x"=2], device_ids=[1, 0]>

// CHECK: @main(%[[A0:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}, %[[B0:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}, %[[A1:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}, %[[B1:[a-z0-9]+]]: tensor<4xf32>
// CHECK-NOT: stablehlo.constant
// CHECK: %[[B:[a-z0-9]+]] = stablehlo.concatenate %[[B0]], %[[B1]], dim = 0
// CHECK-DAG: %[[P0:[a-z0-9]+]] = stablehlo.slice %[[B]] [0:4]
// CHECK-DAG: %[[P1:[a-z0-9]+]] = stablehlo.slice %[[B]] [4:8]
// CHECK-DAG: %[[S0:[a-z0-9]+]] = stablehlo.sine %[[A0]]
// CHECK-DAG: %[[S1:[a-z0-9]+]] = stablehlo.sine %[[A1]]
// CHECK: return %[[S0]], %[[P0]], %[[SUM:[a-z0-9]+]], %[[S1]], %[[P1]], %[[SUM]] :
func.func @main(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{}], unreduced={"x"}>},
                %b: tensor<8xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}]>})
    -> (tensor<4xf32>, tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{}], unreduced={"x"}>}, tensor<4xf32>) {
  %0:2 = sdy.manual_computation(%a, %b) in_shardings=[<@line, [{}], unreduced={"x"}>, <@line, [{"x"}]>] out_shardings=[<@line, [{}]>, <@line, [{}], unreduced={"x"}>] manual_axes={"x"} (%p: tensor<4xf32>, %q: tensor<4xf32>) {
    %1 = stablehlo.sine %p : tensor<4xf32>
    sdy.return %1, %q : tensor<4xf32>, tensor<4xf32>
  } : (tensor<4xf32>, tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  %2 = stablehlo.add %0#0, %0#1 : tensor<4xf32>
  return %0#0, %0#1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
// Device 0 has the second place in the mesh.
// BACK: @back(%[[A0:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}, %[[A1:[a-z0-9]+]]: tensor<4xf32>
// BACK: %[[A:[a-z0-9]+]] = stablehlo.concatenate %[[A1]], %[[A0]], dim = 0
// BACK-DAG: %[[P0:[a-z0-9]+]] = stablehlo.slice %[[A]] [4:8]
// BACK-DAG: %[[P1:[a-z0-9]+]] = stablehlo.slice %[[A]] [0:4]
// BACK-DAG: %[[S0:[a-z0-9]+]] = stablehlo.sine %[[P0]]
// BACK-DAG: %[[S1:[a-z0-9]+]] = stablehlo.sine %[[P1]]
// BACK: return %[[S0]], %[[S1]]
func.func @back(%a: tensor<8xf32> {sdy.sharding = #sdy.sharding<@back, [{"x"}]>}) -> (tensor<4xf32> {sdy.sharding = #sdy.sharding<@back, [{}]>}) {
  %0 = sdy.manual_computation(%a) in_shardings=[<@back, [{"x"}]>] out_shardings=[<@back, [{}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.sine %p : tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<8xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
// OTHER: @otherwise(%[[A0:[a-z0-9]+]]: tensor<4xf32> {{{.*}}}, %[[A1:[a-z0-9]+]]: tensor<4xf32>
// OTHER: %[[SUM:[a-z0-9]+]] = stablehlo.add %[[A0]], %[[A1]]
// OTHER: stablehlo.sine %[[SUM]]
func.func @otherwise(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{}], unreduced={"x"}>}) -> (tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}]>}) {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{}]>] out_shardings=[<@line, [{}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    %1 = stablehlo.sine %p : tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
// Lists that no pass of Skarn made.
// FORGED: error: sdy.manual_computation: 1 and 1 shardings for 1 operands and {{[0-9]}} results
func.func @forged(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{}]>] out_shardings=[<@line, [{}]>] manual_axes={"x"} (%p: tensor<4xf32>) {
    sdy.return %p : tensor<4xf32>
  } {skarn.own_operands = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
