// SPDX-License-Identifier: Apache-2.0
// Eight vectors of columns side by side where a loop down the rows adds up nothing else, in f64 and f32;
// the two parts of complex numbers share the registers.
// RUN: skarn opt %s --to vectorise --isa v3 | filecheck %s
// RUN: skarn run %s --random 1 --compare loop
// RUN: skarn run %s --random 2 --isa v3 --threads 3 --compare loop:auto:1

// CHECK: kernel 1 reduce
// CHECK: loop 1 par 1024 lanes 1 unroll 8 vec
// CHECK-NEXT: loop 2 red 32 lanes 1
// CHECK: kernel 3 reduce
// CHECK: loop 1 par 1000 lanes 1 unroll 8 vec
// CHECK: kernel 5 reduce
// CHECK: loop 0 par 1024 lanes 1 unroll 4 vec
func.func @main(%x: tensor<1024x1024xf64>, %y: tensor<64x1000xf32>, %z: tensor<64x1024xcomplex<f32>>)
    -> (tensor<1024xf64>, tensor<1000xf32>, tensor<1024xcomplex<f32>>) {
  %wide = stablehlo.constant dense<0.0> : tensor<f64>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %0 = stablehlo.reduce(%x init: %wide) applies stablehlo.add across dimensions = [0] : (tensor<1024x1024xf64>, tensor<f64>) -> tensor<1024xf64>
  %1 = stablehlo.reduce(%y init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<64x1000xf32>, tensor<f32>) -> tensor<1000xf32>
  %none = stablehlo.constant dense<(0.0, 0.0)> : tensor<complex<f32>>
  %2 = stablehlo.reduce(%z init: %none) applies stablehlo.add across dimensions = [0] : (tensor<64x1024xcomplex<f32>>, tensor<complex<f32>>) -> tensor<1024xcomplex<f32>>
  return %0, %1, %2 : tensor<1024xf64>, tensor<1000xf32>, tensor<1024xcomplex<f32>>
}
