// SPDX-License-Identifier: Apache-2.0
// Sorts large enough for the thread pool (many rows) and for wide digits (one long row).
// RUN: skarn run %s --random 1 --compare interp::1
// RUN: skarn run %s --random 2 --compare loop
// RUN: skarn run %s --random 3 --threads 3 --compare native::1
func.func @main(%x: tensor<40x500x3xf32>, %k: tensor<40x500x3xi64>, %y: tensor<20000xf32>, %z: tensor<17000xi32>)
    -> (tensor<40x500x3xf32>, tensor<40x500x3xi64>, tensor<20000xf32>, tensor<20000xi32>, tensor<17000xi32>) {
  %r0:2 = "stablehlo.sort"(%x, %k) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<i64>, %d: tensor<i64>):
    %t0 = stablehlo.compare GT, %c, %d, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %t1 = stablehlo.compare EQ, %c, %d, SIGNED : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %t2 = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %t3 = stablehlo.select %t1, %t2, %t0 : tensor<i1>, tensor<i1>
    stablehlo.return %t3 : tensor<i1>
  }) : (tensor<40x500x3xf32>, tensor<40x500x3xi64>) -> (tensor<40x500x3xf32>, tensor<40x500x3xi64>)
  %iota = stablehlo.iota dim = 0 : tensor<20000xi32>
  %half = stablehlo.constant dense<0.5> : tensor<20000xf32>
  %w = stablehlo.subtract %y, %half : tensor<20000xf32>
  %r1:2 = "stablehlo.sort"(%w, %iota) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<i32>, %d: tensor<i32>):
    %t = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<20000xf32>, tensor<20000xi32>) -> (tensor<20000xf32>, tensor<20000xi32>)
  %many = stablehlo.iota dim = 0 : tensor<17000xi32>
  %step = stablehlo.constant dense<1000003> : tensor<17000xi32>
  %v = stablehlo.multiply %many, %step : tensor<17000xi32>
  %u = stablehlo.add %v, %z : tensor<17000xi32>
  %r2 = "stablehlo.sort"(%u) <{dimension = 0 : i64}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %t = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  }) : (tensor<17000xi32>) -> tensor<17000xi32>
  return %r0#0, %r0#1, %r1#0, %r1#1, %r2 : tensor<40x500x3xf32>, tensor<40x500x3xi64>, tensor<20000xf32>, tensor<20000xi32>, tensor<17000xi32>
}
