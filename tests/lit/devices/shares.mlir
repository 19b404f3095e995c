// SPDX-License-Identifier: Apache-2.0
// Shares of a sum: an argument is what the devices hold added up, a result is on the first device and
// zeros on the others; the same at the border of a manual computation.
// RUN: skarn opt %s --devices 4 --to inline | filecheck %s
// RUN: skarn run %s --devices 4 --random 1 --compare loop
// RUN: not skarn opt %s --devices 4 --entry twice --to inline 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: not skarn opt %s --devices 4 --entry across --to inline 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: skarn opt %s --devices 4 --entry greatest --to inline | filecheck %s --check-prefix=MAX

sdy.mesh @grid = <["x"=2, "y"=2]>

// CHECK: @main(%[[A0:[a-z0-9]+]]: tensor<2xf32> {mhlo.sharding = "{devices=[2,2]0,1,2,3 last_tile_dims={unreduced}}"},
// CHECK-SAME: %[[A1:[a-z0-9]+]]: tensor<2xf32> {{.*}}, %[[A2:[a-z0-9]+]]: tensor<2xf32> {{.*}}, %[[A3:[a-z0-9]+]]: tensor<2xf32> {
// CHECK-SAME: -> (tensor<4xf32> {mhlo.sharding = "{devices=[1,2,2]0,2,1,3 last_tile_dims={replicated, unreduced}}"}
func.func @main(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}], unreduced={"y"}>})
    -> (tensor<4xf32> {sdy.sharding = #sdy.sharding<@grid, [{}], unreduced={"x"}>}) {
  // CHECK-DAG: %[[LOW:[a-z0-9]+]] = stablehlo.add %[[A0]], %[[A1]]
  // CHECK-DAG: %[[HIGH:[a-z0-9]+]] = stablehlo.add %[[A2]], %[[A3]]
  // CHECK: %[[A:[a-z0-9]+]] = stablehlo.concatenate %[[LOW]], %[[HIGH]], dim = 0
  // The body sees half of the sum as it is and half as zeros, and gives shares of its own.
  // CHECK: stablehlo.constant dense<0.0
  // CHECK: %[[S0:[a-z0-9]+]] = stablehlo.sine
  // CHECK: %[[S1:[a-z0-9]+]] = stablehlo.sine
  // CHECK: %[[SUM:[a-z0-9]+]] = stablehlo.add %[[S0]], %[[S1]]
  %0 = sdy.manual_computation(%a) in_shardings=[<@grid, [{}], unreduced={"y"}>] out_shardings=[<@grid, [{}], unreduced={"y"}>] manual_axes={"y"} (%p: tensor<4xf32>) {
    %1 = stablehlo.sine %p : tensor<4xf32>
    sdy.return %1 : tensor<4xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: %[[ZERO:[a-z0-9]+]] = stablehlo.constant dense<0.0
  // CHECK: return %[[SUM]], %[[SUM]], %{{.*}}, %{{.*}} :
  return %0 : tensor<4xf32>
}
// TWICE: the sharding {{.*}} is not understood
func.func @twice(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}], unreduced={"x"}>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @across(%a: tensor<4x4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {"x"}]>}) -> tensor<4x4xf32> {
  return %a : tensor<4x4xf32>
}
// MAX: stablehlo.maximum %arg0, %arg1
func.func @greatest(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}], unreduced=[max]{"y"}>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
