// SPDX-License-Identifier: Apache-2.0
// Tuples, futures, composites, casts, shardings, scans, probes and checks in called functions.
// RUN: not --code 5 skarn test %s --via interp --json --verbose > %t 2> %t.err
// RUN: filecheck %s < %t
// RUN: filecheck %s --check-prefix=ERR < %t.err
// CHECK: "passed":7,"failed":3,"skipped":0,"unsupported":1
func.func @tuples() {
  %a = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %b = stablehlo.constant dense<3.0> : tensor<f32>
  %t = stablehlo.tuple %a, %b : tuple<tensor<2xi32>, tensor<f32>>
  %u = stablehlo.tuple %t, %b : tuple<tuple<tensor<2xi32>, tensor<f32>>, tensor<f32>>
  %v = stablehlo.get_tuple_element %u[0] : (tuple<tuple<tensor<2xi32>, tensor<f32>>, tensor<f32>>) -> tuple<tensor<2xi32>, tensor<f32>>
  %c = stablehlo.get_tuple_element %v[0] : (tuple<tensor<2xi32>, tensor<f32>>) -> tensor<2xi32>
  check.expect_eq_const %c, dense<[1, 2]> : tensor<2xi32>
  return
}

// -----

func.func private @double(%x: tensor<2xi32>) -> tensor<2xi32> {
  %y = stablehlo.add %x, %x : tensor<2xi32>
  return %y : tensor<2xi32>
}
func.func @main() {
  %a = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %b = stablehlo.composite "my.double" %a {decomposition = @double} : (tensor<2xi32>) -> tensor<2xi32>
  %c, %d = stablehlo.optimization_barrier %b, %a : tensor<2xi32>, tensor<2xi32>
  %e = stablehlo.custom_call @Sharding(%c) {backend_config = ""} : (tensor<2xi32>) -> tensor<2xi32>
  check.expect_eq_const %e, dense<[2, 4]> : tensor<2xi32>
  return
}

// -----

func.func @scan_backwards() {
  %x = stablehlo.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>
  %zero = stablehlo.constant dense<0> : tensor<2xi32>
  %y:2 = chlo.scan(%x) inits(%zero) dimension=0 attributes {is_reverse = true} {
  ^bb0(%e: tensor<2xi32>, %c: tensor<2xi32>):
    %s = stablehlo.add %e, %c : tensor<2xi32>
    stablehlo.return %c, %s : tensor<2xi32>, tensor<2xi32>
  } : (tensor<3x2xi32>, tensor<2xi32>) -> (tensor<3x2xi32>, tensor<2xi32>)
  check.expect_eq_const %y#0, dense<[[8, 10], [5, 6], [0, 0]]> : tensor<3x2xi32>
  check.expect_eq_const %y#1, dense<[9, 12]> : tensor<2xi32>
  return
}

// -----

func.func @broadcasting() {
  %a = stablehlo.constant dense<[[1], [2]]> : tensor<2x1xi32>
  %b = stablehlo.constant dense<[10, 20, 30]> : tensor<3xi32>
  %c = chlo.broadcast_subtract %b, %a : (tensor<3xi32>, tensor<2x1xi32>) -> tensor<2x3xi32>
  check.expect_eq_const %c, dense<[[9, 19, 29], [8, 18, 28]]> : tensor<2x3xi32>
  return
}

// -----

// Bits of narrow elements are packed, the first in the lowest place.
func.func @bitcasts() {
  %a = stablehlo.constant dense<[[1, -1], [7, -8]]> : tensor<2x2xi4>
  %b = stablehlo.bitcast_convert %a : (tensor<2x2xi4>) -> tensor<2xui8>
  check.expect_eq_const %b, dense<[241, 135]> : tensor<2xui8>
  %c = stablehlo.bitcast_convert %b : (tensor<2xui8>) -> tensor<2x4xi2>
  check.expect_eq_const %c, dense<[[1, 0, -1, -1], [-1, 1, 0, -2]]> : tensor<2x4xi2>
  return
}

// -----

func.func @special_functions() {
  %x = stablehlo.constant dense<[1.0, 0.5, 6.0]> : tensor<3xf64>
  %n = stablehlo.constant dense<[1.0, 0.0, 2.0]> : tensor<3xf64>
  %p = chlo.polygamma %n, %x : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  // pi^2 / 6, -euler - 2 log 2, -2 (zeta(3) - 1 - 1/8 - 1/27 - 1/64 - 1/125)
  check.expect_close_const %p, dense<[1.6449340668482264, -1.9635100260214235, -0.0327897322451145]> : tensor<3xf64> {max_ulp_difference = 20 : i64}
  %two = stablehlo.constant dense<[2.0, 4.0, 3.0]> : tensor<3xf64>
  %one = stablehlo.constant dense<[1.0, 1.0, 0.5]> : tensor<3xf64>
  %z = chlo.zeta %two, %one : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  check.expect_close_const %z, dense<[1.6449340668482264, 1.0823232337111382, 8.4143983221171595]> : tensor<3xf64>
  // Below zero: pi^2 - trigamma(1.5), pi^2 - 1e-14, zeta(3, 0.5) - 8.
  %orders = stablehlo.constant dense<[2.0, 2.0, 3.0]> : tensor<3xf64>
  %below = stablehlo.constant dense<[-0.5, -100000000000000.5, -0.5]> : tensor<3xf64>
  %zb = chlo.zeta %orders, %below : tensor<3xf64>, tensor<3xf64> -> tensor<3xf64>
  check.expect_close_const %zb, dense<[8.9348022005446793, 9.8696044010893486, 0.4143983221171595]> : tensor<3xf64> {max_ulp_difference = 40 : i64}
  %e = chlo.erf_inv %x : tensor<3xf64> -> tensor<3xf64>
  check.expect_close_const %e, dense<[0x7FF0000000000000, 0.47693627620446987, 0x7FF8000000000000]> : tensor<3xf64>
  return
}

// -----

func.func @probes() {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r = stablehlo.while(%i = %zero) : tensor<i32>
  cond {
    %n = stablehlo.constant dense<3> : tensor<i32>
    %more = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %next = stablehlo.add %i, %one : tensor<i32>
    %seen = interpreter.probe %next, probe_id = "next" : tensor<i32>
    stablehlo.return %seen : tensor<i32>
  }
  %two = stablehlo.constant dense<2> : tensor<i32>
  check.expect_serialized_eq %two, probe_id = "next", iter = 1 : tensor<i32>
  return
}

// -----

// ERR: check.expect_serialized_eq: the value differs from what the probe noted
func.func @probe_differs() {
  %a = stablehlo.constant dense<[1.0, 0.0]> : tensor<2xf32>
  %b = stablehlo.constant dense<[1.0, -0.0]> : tensor<2xf32>
  %c = interpreter.probe %a, probe_id = "a" : tensor<2xf32>
  check.expect_serialized_eq %b, probe_id = "a" : tensor<2xf32>
  return
}

// -----

// ERR: check.expect_serialized_eq: no probe noted such a value
func.func @no_probe() {
  %a = stablehlo.constant dense<[1.0, 0.0]> : tensor<2xf32>
  check.expect_serialized_eq %a, probe_id = "a" : tensor<2xf32>
  return
}

// -----

// ERR: flow.mlir:[[# @LINE + 2]]:{{.*}}check.expect_eq failed at element 1: 2, expected 3
func.func private @checks(%x: tensor<2xi32>) -> tensor<2xi32> {
  check.expect_eq_const %x, dense<[1, 3]> : tensor<2xi32>
  return %x : tensor<2xi32>
}
func.func @main() {
  %a = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %b = func.call @checks(%a) : (tensor<2xi32>) -> tensor<2xi32>
  check.expect_eq_const %b, dense<[1, 2]> : tensor<2xi32>
  return
}

// -----

// ERR: stablehlo.custom_call: the reference interpreter does not know
// ERR-SAME: @unheard_of
func.func @unknown_target() {
  %a = stablehlo.constant dense<[1, 2]> : tensor<2xi32>
  %b = stablehlo.custom_call @unheard_of(%a) : (tensor<2xi32>) -> tensor<2xi32>
  check.expect_eq_const %b, dense<[1, 2]> : tensor<2xi32>
  return
}
