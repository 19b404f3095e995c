// SPDX-License-Identifier: Apache-2.0
// Shares of a sum: an argument is what the devices hold added up, a result what each has added up, or all
// of it on the first device; the same at the border of a manual computation.
// RUN: skarn opt %s --devices 4 --to inline | filecheck %s
// RUN: skarn run %s --devices 4 --random 1 --compare loop
// RUN: not skarn opt %s --devices 4 --entry twice --to inline 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: not skarn opt %s --devices 4 --entry across --to inline 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: skarn run %s --devices 4 --entry own --random 1 --compare loop
// RUN: skarn opt %s --devices 4 --entry own --to inline | filecheck %s --check-prefix=OWN
// RUN: skarn opt %s --devices 4 --entry called --to inline | filecheck %s --check-prefix=CALLED
// RUN: skarn run %s --devices 4 --entry called --random 1 --compare loop
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
// What each device has of the dimension that is summed up: reduced, contracted, scattered, or only moved, here through calls.
// OWN: @own
// OWN-DAG: %[[PART:[a-z0-9]+]] = stablehlo.slice %{{[a-z0-9]+}} [0:4, 0:3]
// OWN-DAG: stablehlo.reduce(%[[PART]] init: %{{[a-z0-9]+}})
// OWN-DAG: stablehlo.dot_general %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, contracting_dims = [0] x [0]{{.*}} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<3x3xf32>
// OWN-DAG: (tensor<5x3xf32>, tensor<4x1xi32>, tensor<4x3xf32>) -> tensor<5x3xf32>
func.func @own(%a: tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {}]>}, %i: tensor<8x1xi32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {}]>})
    -> (tensor<3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}], unreduced={"x"}>},
        tensor<3x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}, {}], unreduced={"x"}>},
        tensor<5x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}, {}], unreduced={"x"}>},
        tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}, {}], unreduced={"x"}>}) {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %ones = stablehlo.constant dense<1.0> : tensor<5x3xf32>
  %0 = stablehlo.reduce(%a init: %one) applies stablehlo.add across dimensions = [0] : (tensor<8x3xf32>, tensor<f32>) -> tensor<3xf32>
  %1 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0] : (tensor<8x3xf32>, tensor<8x3xf32>) -> tensor<3x3xf32>
  %2 = "stablehlo.scatter"(%ones, %i, %a) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%u: tensor<f32>, %v: tensor<f32>):
    %w = stablehlo.add %u, %v : tensor<f32>
    stablehlo.return %w : tensor<f32>
  }) : (tensor<5x3xf32>, tensor<8x1xi32>, tensor<8x3xf32>) -> tensor<5x3xf32>
  %3 = func.call @same(%a) : (tensor<8x3xf32>) -> tensor<8x3xf32>
  return %0, %1, %2, %3 : tensor<3xf32>, tensor<3x3xf32>, tensor<5x3xf32>, tensor<8x3xf32>
}
func.func private @same(%a: tensor<8x3xf32>) -> tensor<8x3xf32> {
  %0 = sdy.sharding_constraint %a <@grid, [{}, {}], unreduced={"x"}> : tensor<8x3xf32>
  return %0 : tensor<8x3xf32>
}
// Inside of called functions too, where the operands come from the entry.
// CALLED: @called
// CALLED-DAG: stablehlo.dot_general {{.*}} : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<3x3xf32>
// CALLED-DAG: stablehlo.reduce(%{{[a-z0-9]+}} init: %{{[a-z0-9]+}}) applies stablehlo.add across dimensions = [0] : (tensor<4x3xf32>, tensor<f32>)
// CALLED-NOT: (tensor<4x2xf32>, tensor<f32>)
func.func @called(%a: tensor<8x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{"x"}, {}]>})
    -> (tensor<3x3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}, {}], unreduced={"x"}>},
        tensor<3xf32> {sdy.sharding = #sdy.sharding<@grid, [{}], unreduced={"x"}>},
        tensor<2xf32> {sdy.sharding = #sdy.sharding<@grid, [{}], unreduced={"x"}>}) {
  %0:3 = func.call @outer(%a) : (tensor<8x3xf32>) -> (tensor<3x3xf32>, tensor<3xf32>, tensor<2xf32>)
  return %0#0, %0#1, %0#2 : tensor<3x3xf32>, tensor<3xf32>, tensor<2xf32>
}
func.func private @outer(%a: tensor<8x3xf32>) -> (tensor<3x3xf32>, tensor<3xf32>, tensor<2xf32>) {
  %0:2 = func.call @products(%a) : (tensor<8x3xf32>) -> (tensor<3x3xf32>, tensor<3xf32>)
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %b = stablehlo.slice %a [0:8, 0:2] : (tensor<8x3xf32>) -> tensor<8x2xf32>
  %1 = stablehlo.reduce(%b init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<8x2xf32>, tensor<f32>) -> tensor<2xf32>
  return %0#0, %0#1, %1 : tensor<3x3xf32>, tensor<3xf32>, tensor<2xf32>
}
func.func private @products(%a: tensor<8x3xf32>) -> (tensor<3x3xf32>, tensor<3xf32>) {
  %one = stablehlo.constant dense<1.0> : tensor<f32>
  %0 = stablehlo.dot_general %a, %a, contracting_dims = [0] x [0] : (tensor<8x3xf32>, tensor<8x3xf32>) -> tensor<3x3xf32>
  %1 = sdy.sharding_constraint %a <@grid, [{"x"}, {}]> : tensor<8x3xf32>
  %2 = stablehlo.reduce(%1 init: %one) applies stablehlo.add across dimensions = [0] : (tensor<8x3xf32>, tensor<f32>) -> tensor<3xf32>
  return %0, %2 : tensor<3x3xf32>, tensor<3xf32>
}
