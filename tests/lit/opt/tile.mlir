// SPDX-License-Identifier: Apache-2.0
// Arrays that are read across are walked in tiles: transposes of both kinds, batches, paddings, other widths. Not where a tile does not
// divide the extent, where everything is small, or where the index is a value.
// RUN: skarn explain %s | filecheck %s
// RUN: skarn opt %s --to vectorise --verify | skarn opt /dev/stdin --from vectorise --to gen | filecheck %s --check-prefix=BACK
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop
// RUN: skarn run %s --random 1 --threads 2 --compare native:auto:1
// CHECK-DAG: par 63 { par 125 { par 16 { par 8 vec } } }
// CHECK-DAG: par 3 { par 4 { par 32 { par 16 { par 16 vec
// CHECK-DAG: par 32 { par 16 { par 16 { par 16 vec
// CHECK-DAG: par 16 { par 48 { par 16 { par 16 vec
// CHECK-DAG: par 1001 { par 512 vec
// CHECK-DAG: par 16 { par 512 vec
// CHECK-DAG: par 256 { par 512 vec
// BACK: bytes of code
func.func @main(%0: tensor<1000x1008xf32>, %1: tensor<3x512x64xi32>, %2: tensor<256x512xbf16>, %3: tensor<768x256xi8>, %4: tensor<512x1001xf32>, %5: tensor<512x16xf32>, %6: tensor<512x256xf32>)
    -> (tensor<1008x1000xf32>, tensor<3x64x512xi32>, tensor<512x256xbf16>, tensor<256x768xi8>, tensor<1001x512xf32>, tensor<16x512xf32>, tensor<256x512xf32>) {
  %t0 = stablehlo.transpose %0, dims = [1, 0] : (tensor<1000x1008xf32>) -> tensor<1008x1000xf32>
  %r0 = stablehlo.sqrt %t0 : tensor<1008x1000xf32>
  %r1 = stablehlo.transpose %1, dims = [0, 2, 1] : (tensor<3x512x64xi32>) -> tensor<3x64x512xi32>
  %v2 = stablehlo.reverse %2, dims = [0] : tensor<256x512xbf16>
  %r2 = stablehlo.transpose %v2, dims = [1, 0] : (tensor<256x512xbf16>) -> tensor<512x256xbf16>
  %r3 = stablehlo.transpose %3, dims = [1, 0] : (tensor<768x256xi8>) -> tensor<256x768xi8>
  %r4 = stablehlo.transpose %4, dims = [1, 0] : (tensor<512x1001xf32>) -> tensor<1001x512xf32>
  %r5 = stablehlo.transpose %5, dims = [1, 0] : (tensor<512x16xf32>) -> tensor<16x512xf32>
  %t6 = stablehlo.transpose %6, dims = [1, 0] : (tensor<512x256xf32>) -> tensor<256x512xf32>
  %i6 = stablehlo.iota dim = 1 : tensor<256x512xf32>
  %r6 = stablehlo.add %t6, %i6 : tensor<256x512xf32>
  return %r0, %r1, %r2, %r3, %r4, %r5, %r6 : tensor<1008x1000xf32>, tensor<3x64x512xi32>, tensor<512x256xbf16>, tensor<256x768xi8>, tensor<1001x512xf32>, tensor<16x512xf32>, tensor<256x512xf32>
}
