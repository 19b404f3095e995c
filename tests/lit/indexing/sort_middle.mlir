// SPDX-License-Identifier: Apache-2.0
// Of a sort whose readers all take known places, only these are put in order (loop/sort_reads.c): a median and a quantile of one row,
// slices of rows and of columns, with positions, floats with NaNs and both zeros. `all` has a reader that takes any place, `written` is a
// result itself, and `updated` a sort whose output is written to.
// RUN: skarn opt %s --to schedule | filecheck %s
// CHECK: libcall 1 {{.*}} params 14 1 1 1 3001 1 1500 1502 {{[0-9]+}} 4 0
// RUN: skarn opt %s --entry rows --to schedule | filecheck --check-prefix ROWS %s
// ROWS: libcall 1 {{.*}} params 16 2 1 7 40 1 11 23 0 4 4 0 1
// RUN: skarn opt %s --entry columns --to schedule | filecheck --check-prefix COLUMNS %s
// COLUMNS: libcall 1 {{.*}} params 14 1 1 1 50 6 30 31 0 8 0
// RUN: skarn opt %s --entry all --to schedule | filecheck --check-prefix ALL %s
// ALL: libcall 1 {{.*}} params 14 1 1 1 300 1 0 300 0 4 0
// RUN: skarn opt %s --entry written --to schedule | filecheck --check-prefix WRITTEN %s
// WRITTEN: libcall 1 {{.*}} params 14 1 1 1 300 1 0 300 0 4 0
// RUN: skarn run %s --random 3 --compare loop --guard end && skarn run %s --random 3 --compare interp
// RUN: skarn run %s --entry rows --random 3 --compare loop --guard end && skarn run %s --entry rows --random 3 --compare interp
// RUN: skarn run %s --entry columns --random 3 --compare loop --guard end && skarn run %s --entry columns --random 3 --compare interp
// RUN: skarn run %s --entry all --random 3 --compare loop && skarn run %s --entry all --random 3 --compare interp
// RUN: skarn run %s --entry written --random 3 --compare loop && skarn run %s --entry written --random 3 --compare interp
// RUN: skarn run %s --entry special --random 3 --compare loop && skarn run %s --entry special --random 3 --compare interp

func.func @main(%x: tensor<3001xf32>) -> (tensor<1xf32>, tensor<f32>) {
  %s = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<3001xf32>) -> tensor<3001xf32>
  %m = stablehlo.slice %s [1500:1501] : (tensor<3001xf32>) -> tensor<1xf32>
  %i = stablehlo.constant dense<1501> : tensor<1xi32>
  %q = "stablehlo.gather"(%s, %i) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0]>, slice_sizes = array<i64: 1>}> : (tensor<3001xf32>, tensor<1xi32>) -> tensor<f32>
  return %m, %q : tensor<1xf32>, tensor<f32>
}

func.func @rows(%x: tensor<7x40xi32>) -> (tensor<7x12xi32>, tensor<7x5xi32>) {
  %n = stablehlo.iota dim = 1 : tensor<7x40xi32>
  %s:2 = "stablehlo.sort"(%x, %n) <{dimension = 1 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>, %c: tensor<i32>, %d: tensor<i32>):
    %p = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<7x40xi32>, tensor<7x40xi32>) -> (tensor<7x40xi32>, tensor<7x40xi32>)
  %v = stablehlo.slice %s#0 [0:7, 11:23] : (tensor<7x40xi32>) -> tensor<7x12xi32>
  %w = stablehlo.slice %s#1 [0:7, 12:22:2] : (tensor<7x40xi32>) -> tensor<7x5xi32>
  return %v, %w : tensor<7x12xi32>, tensor<7x5xi32>
}

func.func @columns(%x: tensor<50x6xf64>) -> tensor<1x4xf64> {
  %s = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f64>, %b: tensor<f64>):
    %p = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f64>, tensor<f64>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<50x6xf64>) -> tensor<50x6xf64>
  %v = stablehlo.slice %s [30:31, 1:5] : (tensor<50x6xf64>) -> tensor<1x4xf64>
  %two = stablehlo.constant dense<2.0> : tensor<1x4xf64>
  %r = stablehlo.multiply %v, %two : tensor<1x4xf64>
  return %r : tensor<1x4xf64>
}

func.func @all(%x: tensor<300xi32>, %at: tensor<i32>) -> (tensor<1xi32>, tensor<1xi32>) {
  %s = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %p = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<300xi32>) -> tensor<300xi32>
  %m = stablehlo.slice %s [150:151] : (tensor<300xi32>) -> tensor<1xi32>
  %d = stablehlo.dynamic_slice %s, %at, sizes = [1] : (tensor<300xi32>, tensor<i32>) -> tensor<1xi32>
  return %m, %d : tensor<1xi32>, tensor<1xi32>
}

func.func @written(%x: tensor<300xi32>) -> (tensor<300xi32>, tensor<1xi32>) {
  %s = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<i32>, %b: tensor<i32>):
    %p = stablehlo.compare LT, %a, %b, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<300xi32>) -> tensor<300xi32>
  %m = stablehlo.slice %s [150:151] : (tensor<300xi32>) -> tensor<1xi32>
  return %s, %m : tensor<300xi32>, tensor<1xi32>
}

func.func @special(%x: tensor<3000xi32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %f = stablehlo.convert %x : (tensor<3000xi32>) -> tensor<3000xf32>
  %one = stablehlo.constant dense<1.0> : tensor<3000xf32>
  %t = stablehlo.subtract %f, %one : tensor<3000xf32>
  %zero = stablehlo.constant dense<-0.0> : tensor<3000xf32>
  %z = stablehlo.multiply %t, %zero : tensor<3000xf32>
  %y = stablehlo.divide %f, %z : tensor<3000xf32>
  %s = "stablehlo.sort"(%y) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<3000xf32>) -> tensor<3000xf32>
  %m = stablehlo.slice %s [1500:1503] : (tensor<3000xf32>) -> tensor<3xf32>
  %w = "stablehlo.sort"(%z) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %p = stablehlo.compare LT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  }) : (tensor<3000xf32>) -> tensor<3000xf32>
  %n = stablehlo.slice %w [1400:1403] : (tensor<3000xf32>) -> tensor<3xf32>
  return %m, %n : tensor<3xf32>, tensor<3xf32>
}
