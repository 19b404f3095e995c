// SPDX-License-Identifier: Apache-2.0
// Loads whose guard is the same along the lanes are branched over, not masked: rows of a concatenation inside one along columns, a dilated
// pad, halves of a triangle of blocks.
// RUN: skarn opt %s --to vectorise --verify | filecheck %s
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --threads 3 --compare loop
// RUN: skarn run %s --random 1 --guard end --compare loop
// RUN: skarn run %s --random 1 --guard start --compare loop
// CHECK: loop 1 par 95 lanes
// CHECK-NOT: load {{.*}} - %
// CHECK: if [[GUARD:%[0-9]+]]
// CHECK-NEXT: [[VALUE:%[0-9]+]] f32 load
// CHECK: merge [[GUARD]] [[VALUE]]
// CHECK: body
func.func @main(%x: tensor<64x100xf32>, %y: tensor<40x50xf64>, %z: tensor<7x90xi8>) -> (tensor<64x100xf32>, tensor<83x50xf64>, tensor<15x90xi8>) {
  %a = stablehlo.slice %x [61:64, 0:100] : (tensor<64x100xf32>) -> tensor<3x100xf32>
  %b = stablehlo.slice %x [0:61, 0:100] : (tensor<64x100xf32>) -> tensor<61x100xf32>
  %c = stablehlo.concatenate %a, %b, dim = 0 : (tensor<3x100xf32>, tensor<61x100xf32>) -> tensor<64x100xf32>
  %d = stablehlo.slice %c [0:64, 95:100] : (tensor<64x100xf32>) -> tensor<64x5xf32>
  %e = stablehlo.slice %c [0:64, 0:95] : (tensor<64x100xf32>) -> tensor<64x95xf32>
  %0 = stablehlo.concatenate %d, %e, dim = 1 : (tensor<64x5xf32>, tensor<64x95xf32>) -> tensor<64x100xf32>
  %v = stablehlo.constant dense<2.5> : tensor<f64>
  %1 = stablehlo.pad %y, %v, low = [3, 0], high = [1, 0], interior = [1, 0] : (tensor<40x50xf64>, tensor<f64>) -> tensor<83x50xf64>
  %w = stablehlo.constant dense<-1> : tensor<i8>
  %2 = stablehlo.pad %z, %w, low = [1, 0], high = [1, 0], interior = [1, 0] : (tensor<7x90xi8>, tensor<i8>) -> tensor<15x90xi8>
  return %0, %1, %2 : tensor<64x100xf32>, tensor<83x50xf64>, tensor<15x90xi8>
}
