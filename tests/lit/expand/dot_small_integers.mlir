// SPDX-License-Identifier: Apache-2.0
// Products of integers of up to 8 bits are products of f32 where their sums are exact: whole, in parts along the contracted dimension, and
// not at all; results that wrap around, wider and unsigned ones of negative sums; all at their extremes.
// RUN: skarn run %s --random 5 --compare interp
// RUN: skarn run %s --random 5 --compare loop::2
// RUN: skarn run %s --entry extremes --compare interp
// RUN: skarn opt %s --to expand | filecheck %s
// CHECK-LABEL: @main
// CHECK: stablehlo.dot_general {{.*}}xf32>
// CHECK: stablehlo.dot_general {{.*}}xf32>
// CHECK: stablehlo.dot_general {{.*}}tensor<3x20000xi8>

func.func @main(%a: tensor<24x100xi8>, %b: tensor<100x17xi8>, %c: tensor<3x20000xi8>, %d: tensor<20000x5xi8>, %u: tensor<2x7x3x40xui8>,
                %v: tensor<2x3x9x40xi8>)
    -> (tensor<24x17xi32>, tensor<24x17xi8>, tensor<24x17xi64>, tensor<3x5xi32>, tensor<2x7x9xi32>) {
  %sa = stablehlo.constant dense<77> : tensor<24x100xi8>
  %a1 = stablehlo.multiply %a, %sa : tensor<24x100xi8>
  %0 = stablehlo.dot_general %a1, %b, contracting_dims = [1] x [0] : (tensor<24x100xi8>, tensor<100x17xi8>) -> tensor<24x17xi32>
  %1 = stablehlo.dot_general %a1, %b, contracting_dims = [1] x [0] : (tensor<24x100xi8>, tensor<100x17xi8>) -> tensor<24x17xi8>
  %2 = stablehlo.dot_general %a1, %b, contracting_dims = [1] x [0] : (tensor<24x100xi8>, tensor<100x17xi8>) -> tensor<24x17xi64>
  %3 = stablehlo.dot_general %c, %d, contracting_dims = [1] x [0] : (tensor<3x20000xi8>, tensor<20000x5xi8>) -> tensor<3x5xi32>
  %4 = stablehlo.dot_general %u, %v, batching_dims = [0] x [0], contracting_dims = [2, 3] x [1, 3] : (tensor<2x7x3x40xui8>, tensor<2x3x9x40xi8>) -> tensor<2x7x9xi32>
  return %0, %1, %2, %3, %4 : tensor<24x17xi32>, tensor<24x17xi8>, tensor<24x17xi64>, tensor<3x5xi32>, tensor<2x7x9xi32>
}

func.func @extremes() -> (tensor<4x4xi32>, tensor<4x4xi32>, tensor<4x4xi16>, tensor<4x4xui32>, tensor<4x4xi64>) {
  %l = stablehlo.constant dense<-128> : tensor<4x1024xi8>
  %r = stablehlo.constant dense<-128> : tensor<1024x4xi8>
  %l2 = stablehlo.constant dense<-128> : tensor<4x5001xi8>
  %r2 = stablehlo.constant dense<127> : tensor<5001x4xi8>
  %lb = stablehlo.optimization_barrier %l : tensor<4x1024xi8>
  %rb = stablehlo.optimization_barrier %r : tensor<1024x4xi8>
  %l2b = stablehlo.optimization_barrier %l2 : tensor<4x5001xi8>
  %r2b = stablehlo.optimization_barrier %r2 : tensor<5001x4xi8>
  %0 = stablehlo.dot_general %lb, %rb, contracting_dims = [1] x [0] : (tensor<4x1024xi8>, tensor<1024x4xi8>) -> tensor<4x4xi32>
  %1 = stablehlo.dot_general %l2b, %r2b, contracting_dims = [1] x [0] : (tensor<4x5001xi8>, tensor<5001x4xi8>) -> tensor<4x4xi32>
  %2 = stablehlo.dot_general %l2b, %r2b, contracting_dims = [1] x [0] : (tensor<4x5001xi8>, tensor<5001x4xi8>) -> tensor<4x4xi16>
  %3 = stablehlo.dot_general %l2b, %r2b, contracting_dims = [1] x [0] : (tensor<4x5001xi8>, tensor<5001x4xi8>) -> tensor<4x4xui32>
  %4 = stablehlo.dot_general %l2b, %r2b, contracting_dims = [1] x [0] : (tensor<4x5001xi8>, tensor<5001x4xi8>) -> tensor<4x4xi64>
  return %0, %1, %2, %3, %4 : tensor<4x4xi32>, tensor<4x4xi32>, tensor<4x4xi16>, tensor<4x4xui32>, tensor<4x4xi64>
}
