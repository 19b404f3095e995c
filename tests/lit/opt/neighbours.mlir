// SPDX-License-Identifier: Apache-2.0
// What a neighbour on a torus or behind a border needs cuts the innermost loop in pieces without guards: a roll along both axes
// (nested concatenations behind slices), one of a value computed in place, borders of several indices (one guarded piece each), one
// dimension alone, and next to values of rows.
// RUN: skarn opt %s --to lower | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --compare loop::3
// RUN: skarn run %s --random 3 --numerics strict --compare loop

// One kernel, its rows in three pieces; in the middle one the roll by three is a plain load.
// CHECK: kernel {{[0-9]+}} add
// CHECK: access [[ROLLED:[0-9]+]] buf 1 f32 offset 6 strides 40 0 1 0
// CHECK: loop 0 par 30
// CHECK-NEXT: loop 1 par 3 lanes
// CHECK-NEXT: loop 2 par 34 lanes
// CHECK-NEXT: loop 3 par 3 lanes
// CHECK: loop 2{{$}}
// CHECK: f32 load a[[ROLLED]]{{$}}
func.func @main(%x: tensor<30x40xf32>, %y: tensor<100xf32>, %r: tensor<30xf32>)
    -> (tensor<30x40xf32>, tensor<30x40xf32>, tensor<30x40xf32>, tensor<100xf32>, tensor<30xf32>, tensor<30x40xf32>) {
  // Two axes.
  %0 = stablehlo.slice %x [29:30, 0:40] : (tensor<30x40xf32>) -> tensor<1x40xf32>
  %1 = stablehlo.slice %x [0:29, 0:40] : (tensor<30x40xf32>) -> tensor<29x40xf32>
  %2 = stablehlo.concatenate %0, %1, dim = 0 : (tensor<1x40xf32>, tensor<29x40xf32>) -> tensor<30x40xf32>
  %3 = stablehlo.slice %2 [0:30, 39:40] : (tensor<30x40xf32>) -> tensor<30x1xf32>
  %4 = stablehlo.slice %2 [0:30, 0:39] : (tensor<30x40xf32>) -> tensor<30x39xf32>
  %5 = stablehlo.concatenate %3, %4, dim = 1 : (tensor<30x1xf32>, tensor<30x39xf32>) -> tensor<30x40xf32>
  %6 = stablehlo.add %x, %5 : tensor<30x40xf32>
  // A value computed where it is used.
  %7 = stablehlo.multiply %x, %x : tensor<30x40xf32>
  %8 = stablehlo.slice %7 [0:30, 3:40] : (tensor<30x40xf32>) -> tensor<30x37xf32>
  %9 = stablehlo.slice %7 [0:30, 0:3] : (tensor<30x40xf32>) -> tensor<30x3xf32>
  %10 = stablehlo.concatenate %8, %9, dim = 1 : (tensor<30x37xf32>, tensor<30x3xf32>) -> tensor<30x40xf32>
  %11 = stablehlo.subtract %10, %x : tensor<30x40xf32>
  // Borders of one, two and three on either side.
  %zero = stablehlo.constant dense<0.25> : tensor<f32>
  %12 = stablehlo.pad %x, %zero, low = [0, 3], high = [0, -3], interior = [0, 0] : (tensor<30x40xf32>, tensor<f32>) -> tensor<30x40xf32>
  %13 = stablehlo.pad %x, %zero, low = [0, -2], high = [0, 2], interior = [0, 0] : (tensor<30x40xf32>, tensor<f32>) -> tensor<30x40xf32>
  %14 = stablehlo.pad %x, %zero, low = [1, 1], high = [-1, -1], interior = [0, 0] : (tensor<30x40xf32>, tensor<f32>) -> tensor<30x40xf32>
  %15 = stablehlo.multiply %12, %13 : tensor<30x40xf32>
  %16 = stablehlo.add %15, %14 : tensor<30x40xf32>
  // One dimension.
  %17 = stablehlo.slice %y [1:100] : (tensor<100xf32>) -> tensor<99xf32>
  %18 = stablehlo.slice %y [0:1] : (tensor<100xf32>) -> tensor<1xf32>
  %19 = stablehlo.concatenate %17, %18, dim = 0 : (tensor<99xf32>, tensor<1xf32>) -> tensor<100xf32>
  %20 = stablehlo.subtract %19, %y : tensor<100xf32>
  // Values of rows.
  %21 = stablehlo.exponential %r : tensor<30xf32>
  %22 = stablehlo.broadcast_in_dim %21, dims = [0] : (tensor<30xf32>) -> tensor<30x40xf32>
  %23 = stablehlo.multiply %22, %14 : tensor<30x40xf32>
  return %6, %11, %16, %20, %21, %23 : tensor<30x40xf32>, tensor<30x40xf32>, tensor<30x40xf32>, tensor<100xf32>, tensor<30xf32>, tensor<30x40xf32>
}
