// SPDX-License-Identifier: Apache-2.0
// Concatenations that nest for nothing, columns, and arrays that are interleaved.
// RUN: skarn opt %s | filecheck %s
// RUN: skarn explain %s | filecheck %s --check-prefix=KERNELS
// RUN: skarn run %s --random 2 --compare interp
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --entry others --random 2 --compare interp
// RUN: skarn run %s --entry others --random 2 --compare loop
// RUN: skarn opt %s --entry others | filecheck %s --check-prefix=OTHERS

// A slice of one piece; flattened, empty pieces gone.
// CHECK-LABEL: @main
// CHECK: %[[MIDDLE:.*]] = stablehlo.slice %arg1 [10:20, 0:8]
// CHECK: concatenate %arg0, %arg1, %arg0, dim = 0
// Stacking on the last axis.
// CHECK: concatenate {{.*}} dim = 1 : (tensor<500x1xf32>, tensor<500x1xf32>, tensor<500x1xf32>) -> tensor<500x3xf32>
// CHECK-NOT: stablehlo.transpose {{.*}}3x500
// Interleaving: -0.0 stays what adding the padding makes of it.
// CHECK-NOT: stablehlo.pad
// CHECK: concatenate {{.*}} dim = 2 : (tensor<4x128x1xf32>, tensor<4x128x1xf32>) -> tensor<4x128x2xf32>
// CHECK: reshape {{.*}} -> tensor<4x256xf32>

// A kernel per column; no row chooses among pieces.
// KERNELS-COUNT-3: concatenate_{{[0-9]+}}
// KERNELS: loops    par 500 vec
func.func @main(%a: tensor<40x8xf32>, %b: tensor<40x8xf32>, %c: tensor<500xf32>, %e: tensor<4x128xf32>)
    -> (tensor<10x8xf32>, tensor<120x8xf32>, tensor<500x3xf32>, tensor<4x256xf32>, tensor<4x256xf32>) {
  %empty = stablehlo.slice %a [3:3, 0:8] : (tensor<40x8xf32>) -> tensor<0x8xf32>
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<40x8xf32>, tensor<40x8xf32>) -> tensor<80x8xf32>
  %1 = stablehlo.slice %0 [50:60, 0:8] : (tensor<80x8xf32>) -> tensor<10x8xf32>
  %2 = stablehlo.negate %1 : tensor<10x8xf32>
  %3 = stablehlo.concatenate %0, %empty, %a, dim = 0 : (tensor<80x8xf32>, tensor<0x8xf32>, tensor<40x8xf32>) -> tensor<120x8xf32>
  %4 = stablehlo.sine %c : tensor<500xf32>
  %5 = stablehlo.reshape %c : (tensor<500xf32>) -> tensor<1x500xf32>
  %6 = stablehlo.reshape %4 : (tensor<500xf32>) -> tensor<1x500xf32>
  %7 = stablehlo.concatenate %5, %6, %5, dim = 0 : (tensor<1x500xf32>, tensor<1x500xf32>, tensor<1x500xf32>) -> tensor<3x500xf32>
  %8 = stablehlo.transpose %7, dims = [1, 0] : (tensor<3x500xf32>) -> tensor<500x3xf32>
  %z = stablehlo.constant dense<0.0> : tensor<f32>
  %n = stablehlo.constant dense<-0.0> : tensor<f32>
  %one = stablehlo.constant dense<1.0> : tensor<4x128xf32>
  %zeros = stablehlo.constant dense<-0.0> : tensor<4x128xf32>
  %9 = stablehlo.pad %e, %z, low = [0, 0], high = [0, 1], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %10 = stablehlo.pad %zeros, %z, low = [0, 1], high = [0, 0], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %11 = stablehlo.add %10, %9 : tensor<4x256xf32>
  %12 = stablehlo.pad %zeros, %n, low = [0, 0], high = [0, 1], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %13 = stablehlo.pad %one, %n, low = [0, 1], high = [0, 0], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %14 = stablehlo.add %12, %13 : tensor<4x256xf32>
  %15 = stablehlo.divide %14, %11 : tensor<4x256xf32>
  %16 = stablehlo.add %11, %14 : tensor<4x256xf32>
  return %2, %3, %8, %15, %16 : tensor<10x8xf32>, tensor<120x8xf32>, tensor<500x3xf32>, tensor<4x256xf32>, tensor<4x256xf32>
}

// What only looks like it: a slice across pieces, with steps inside one; other dimensions; both halves in the same places, an odd number.
// Nested ones of different dimensions run piece by piece.
// OTHERS-LABEL: @main
// OTHERS-LABEL: @others
// OTHERS: slice %{{.*}} [30:50, 0:8]
// OTHERS: slice %arg1 [1:20:3, 2:8:2]
// OTHERS-COUNT-3: stablehlo.pad
// OTHERS: concatenate {{.*}} dim = 1
func.func @others(%a: tensor<40x8xf32>, %b: tensor<40x8xf32>, %e: tensor<4x128xf32>, %f: tensor<4x129xf32>)
    -> (tensor<20x8xf32>, tensor<7x3xf32>, tensor<4x256xf32>, tensor<4x257xf32>, tensor<80x24xf32>) {
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<40x8xf32>, tensor<40x8xf32>) -> tensor<80x8xf32>
  %1 = stablehlo.slice %0 [30:50, 0:8] : (tensor<80x8xf32>) -> tensor<20x8xf32>
  %2 = stablehlo.slice %0 [41:60:3, 2:8:2] : (tensor<80x8xf32>) -> tensor<7x3xf32>
  %z = stablehlo.constant dense<0.5> : tensor<f32>
  %3 = stablehlo.pad %e, %z, low = [0, 0], high = [0, 1], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %4 = stablehlo.pad %e, %z, low = [0, 0], high = [0, 1], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x256xf32>
  %5 = stablehlo.add %3, %4 : tensor<4x256xf32>
  %6 = stablehlo.pad %f, %z, low = [0, 0], high = [0, 0], interior = [0, 1] : (tensor<4x129xf32>, tensor<f32>) -> tensor<4x257xf32>
  %7 = stablehlo.pad %e, %z, low = [0, 1], high = [0, 1], interior = [0, 1] : (tensor<4x128xf32>, tensor<f32>) -> tensor<4x257xf32>
  %8 = stablehlo.add %6, %7 : tensor<4x257xf32>
  %9 = stablehlo.reverse %0, dims = [1] : tensor<80x8xf32>
  %10 = stablehlo.concatenate %9, %0, %9, dim = 1 : (tensor<80x8xf32>, tensor<80x8xf32>, tensor<80x8xf32>) -> tensor<80x24xf32>
  return %1, %2, %5, %8, %10 : tensor<20x8xf32>, tensor<7x3xf32>, tensor<4x256xf32>, tensor<4x257xf32>, tensor<80x24xf32>
}

// Slices of concatenations of concatenations and of reshaped ones, down to the piece; a reshape that is more than that stays.
// RUN: skarn opt %s --entry deep | filecheck %s --check-prefix=DEEP
// RUN: skarn run %s --entry deep --random 2 --compare interp
// DEEP-LABEL: @deep
// DEEP: %[[A:.*]] = stablehlo.slice %arg1 [1:3, 0:2]
// DEEP: %[[B:.*]] = stablehlo.reshape %arg1 : (tensor<4x2xf32>) -> tensor<1x4x2x1xf32>
// DEEP: %[[C:.*]] = stablehlo.slice %arg0 [1:3, 1:2]
// DEEP: %[[D:.*]] = stablehlo.reshape %[[C]] : (tensor<2x1xf32>) -> tensor<1x2x1x1xf32>
// DEEP: %[[E:.*]] = stablehlo.slice {{.*}} [8:16]
// DEEP: return %[[A]], %[[B]], %[[D]], %[[E]] :
func.func @deep(%a: tensor<4x2xf32>, %b: tensor<4x2xf32>) -> (tensor<2x2xf32>, tensor<1x4x2x1xf32>, tensor<1x2x1x1xf32>, tensor<8xf32>) {
  %0 = stablehlo.concatenate %a, %b, dim = 0 : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<8x2xf32>
  %1 = stablehlo.concatenate %0, %0, dim = 1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %2 = stablehlo.slice %1 [5:7, 2:4] : (tensor<8x4xf32>) -> tensor<2x2xf32>
  %3 = stablehlo.reshape %1 : (tensor<8x4xf32>) -> tensor<1x8x4x1xf32>
  %4 = stablehlo.slice %3 [0:1, 4:8, 0:2, 0:1] : (tensor<1x8x4x1xf32>) -> tensor<1x4x2x1xf32>
  %5 = stablehlo.slice %3 [0:1, 1:3, 3:4, 0:1] : (tensor<1x8x4x1xf32>) -> tensor<1x2x1x1xf32>
  %6 = stablehlo.reshape %0 : (tensor<8x2xf32>) -> tensor<16xf32>
  %7 = stablehlo.slice %6 [8:16] : (tensor<16xf32>) -> tensor<8xf32>
  return %2, %4, %5, %7 : tensor<2x2xf32>, tensor<1x4x2x1xf32>, tensor<1x2x1x1xf32>, tensor<8xf32>
}
