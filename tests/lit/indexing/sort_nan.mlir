// SPDX-License-Identifier: Apache-2.0
// Plain float comparisons on rows with NaNs, which they do not order, give what the interpreter gives:
// one key, two keys, descending, every float type, short and long rows; rows without NaN as ever.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 2 --threads 2 --compare interp
// RUN: skarn run %s --random 3 --via loop --compare interp

func.func @main(%x: tensor<7x300xf32>, %y: tensor<3x40xf64>, %z: tensor<5x100xbf16>, %k: tensor<7x300xi32>)
    -> (tensor<7x300xf32>, tensor<7x300xi32>, tensor<3x40xf64>, tensor<3x40xi32>, tensor<5x100xbf16>,
        tensor<5x100xi32>, tensor<7x300xi32>, tensor<7x300xi32>) {
  // NaN where x < 1/16: some rows have none.
  %c = stablehlo.constant dense<0.0625> : tensor<7x300xf32>
  %x1 = stablehlo.subtract %x, %c : tensor<7x300xf32>
  %x2 = stablehlo.sqrt %x1 : tensor<7x300xf32>
  %i = stablehlo.iota dim = 1 : tensor<7x300xi32>
  %0:2 = "stablehlo.sort"(%x2, %i) ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %p: tensor<i32>, %q: tensor<i32>):
    %lt = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %lt : tensor<i1>
  }) {dimension = 1 : i64} : (tensor<7x300xf32>, tensor<7x300xi32>) -> (tensor<7x300xf32>, tensor<7x300xi32>)

  %d = stablehlo.constant dense<0.5> : tensor<3x40xf64>
  %y1 = stablehlo.subtract %y, %d : tensor<3x40xf64>
  %y2 = stablehlo.sqrt %y1 : tensor<3x40xf64>
  %j = stablehlo.iota dim = 1 : tensor<3x40xi32>
  %1:2 = "stablehlo.sort"(%y2, %j) ({
  ^bb0(%a: tensor<f64>, %b: tensor<f64>, %p: tensor<i32>, %q: tensor<i32>):
    %gt = stablehlo.compare GT, %a, %b : (tensor<f64>, tensor<f64>) -> tensor<i1>
    stablehlo.return %gt : tensor<i1>
  }) {dimension = 1 : i64, is_stable = true} : (tensor<3x40xf64>, tensor<3x40xi32>) -> (tensor<3x40xf64>, tensor<3x40xi32>)

  %e = stablehlo.constant dense<0.125> : tensor<5x100xbf16>
  %z1 = stablehlo.subtract %z, %e : tensor<5x100xbf16>
  %z2 = stablehlo.sqrt %z1 : tensor<5x100xbf16>
  %h = stablehlo.iota dim = 1 : tensor<5x100xi32>
  %2:2 = "stablehlo.sort"(%z2, %h) ({
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>, %p: tensor<i32>, %q: tensor<i32>):
    %lt = stablehlo.compare LT, %a, %b : (tensor<bf16>, tensor<bf16>) -> tensor<i1>
    stablehlo.return %lt : tensor<i1>
  }) {dimension = 1 : i64} : (tensor<5x100xbf16>, tensor<5x100xi32>) -> (tensor<5x100xbf16>, tensor<5x100xi32>)

  // By an integer, then by the float.
  %3:3 = "stablehlo.sort"(%k, %x2, %i) ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>, %p: tensor<f32>, %q: tensor<f32>, %r: tensor<i32>, %s: tensor<i32>):
    %first = stablehlo.compare LT, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %same = stablehlo.compare EQ, %a, %b : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %second = stablehlo.compare LT, %p, %q : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %both = stablehlo.and %same, %second : tensor<i1>
    %before = stablehlo.or %first, %both : tensor<i1>
    stablehlo.return %before : tensor<i1>
  }) {dimension = 1 : i64} : (tensor<7x300xi32>, tensor<7x300xf32>, tensor<7x300xi32>) -> (tensor<7x300xi32>, tensor<7x300xf32>, tensor<7x300xi32>)
  return %0#0, %0#1, %1#0, %1#1, %2#0, %2#1, %3#0, %3#2
    : tensor<7x300xf32>, tensor<7x300xi32>, tensor<3x40xf64>, tensor<3x40xi32>, tensor<5x100xbf16>,
      tensor<5x100xi32>, tensor<7x300xi32>, tensor<7x300xi32>
}
