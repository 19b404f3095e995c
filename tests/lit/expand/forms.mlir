// SPDX-License-Identifier: Apache-2.0
// Older spellings, CHLO's broadcasting operations, tuples, scans, and what is nothing on one device:
// generated code and the interpreter agree, and nothing of them is left after expansion.
// RUN: skarn run %s --random 9 --numerics strict --compare interp
// RUN: skarn run %s --random 9 --threads 2 --compare loop:auto:1
// RUN: skarn opt %s --to expand --verify | filecheck %s
// CHECK: dot_general
// CHECK-NOT: {{stablehlo\.(dot |broadcast |get_tuple|all_|reduce_scatter|cross|async|replica_id|partition_id|collective)|chlo|sdy\.}}

sdy.mesh @mesh = <["x"=1]>
func.func @main(%a: tensor<5x7xf32>, %b: tensor<7x3xf32>, %v: tensor<7xf32>, %i: tensor<2x1x4xi32>, %j: tensor<3x1xi32>,
                %p: tensor<7xi1>, %z: tensor<4xcomplex<f32>>)
    -> (tensor<5x3xf32>, tensor<2x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<2x3x4xi32>, tensor<5x7xi1>, tensor<5x7xf32>,
        tensor<5x7xf32>, tensor<3xi32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<ui32>,
        tensor<7x5xf32>, tensor<7xf32>, tensor<5x7xf32>, tensor<5xf32>, tensor<5x7xf32>, tensor<5x7xcomplex<f32>>) {
  %dot = stablehlo.dot %a, %b : (tensor<5x7xf32>, tensor<7x3xf32>) -> tensor<5x3xf32>
  %more = "stablehlo.broadcast"(%v) {broadcast_sizes = array<i64: 2>} : (tensor<7xf32>) -> tensor<2x7xf32>
  %add = chlo.broadcast_add %a, %v : (tensor<5x7xf32>, tensor<7xf32>) -> tensor<5x7xf32>
  %scalar = chlo.constant dense<2.5> : tensor<f32>
  %times = chlo.broadcast_multiply %scalar, %a : (tensor<f32>, tensor<5x7xf32>) -> tensor<5x7xf32>
  %shift = chlo.broadcast_shift_left %i, %j : (tensor<2x1x4xi32>, tensor<3x1xi32>) -> tensor<2x3x4xi32>
  %less = chlo.broadcast_compare %a, %v {comparison_direction = #chlo<comparison_direction LT>}
      : (tensor<5x7xf32>, tensor<7xf32>) -> tensor<5x7xi1>
  %pick = chlo.broadcast_select %p, %a, %scalar : (tensor<7xi1>, tensor<5x7xf32>, tensor<f32>) -> tensor<5x7xf32>
  %like = "chlo.constant_like"(%a) {value = 0.5 : f32} : (tensor<5x7xf32>) -> tensor<5x7xf32>
  %three = stablehlo.constant dense<[3, 1, 2]> : tensor<3xi32>
  %inner = stablehlo.tuple %three : tuple<tensor<3xi32>>
  %outer = stablehlo.tuple %a, %inner : tuple<tensor<5x7xf32>, tuple<tensor<3xi32>>>
  %second = stablehlo.get_tuple_element %outer[1] : (tuple<tensor<5x7xf32>, tuple<tensor<3xi32>>>) -> tuple<tensor<3xi32>>
  %member = stablehlo.get_tuple_element %second[0] : (tuple<tensor<3xi32>>) -> tensor<3xi32>
  %gathered = "stablehlo.all_gather"(%a) {all_gather_dim = 0 : i64, replica_groups = dense<0> : tensor<1x1xi64>}
      : (tensor<5x7xf32>) -> tensor<5x7xf32>
  %reduced = "stablehlo.all_reduce"(%a) ({
  ^bb0(%x: tensor<f32>, %y: tensor<f32>):
    %s = stablehlo.add %x, %y : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) {replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<5x7xf32>) -> tensor<5x7xf32>
  %passed = "stablehlo.collective_permute"(%a) {source_target_pairs = dense<0> : tensor<1x2xi64>} : (tensor<5x7xf32>) -> tensor<5x7xf32>
  %future = "stablehlo.async_start"(%a) ({
  ^bb0(%x: tensor<5x7xf32>):
    %s = "stablehlo.collective_broadcast"(%x) {replica_groups = dense<0> : tensor<1x1xi64>} : (tensor<5x7xf32>) -> tensor<5x7xf32>
    stablehlo.return %s : tensor<5x7xf32>
  }) : (tensor<5x7xf32>) -> !stablehlo.future<tensor<5x7xf32>>
  %awaited = "stablehlo.async_done"(%future) : (!stablehlo.future<tensor<5x7xf32>>) -> tensor<5x7xf32>
  %id = stablehlo.replica_id : tensor<ui32>
  %part = stablehlo.partition_id : tensor<ui32>
  %ids = stablehlo.add %id, %part : tensor<ui32>
  %at = stablehlo.transpose %a, dims = [1, 0] : (tensor<5x7xf32>) -> tensor<7x5xf32>
  %same = sdy.sharding_constraint %at <@mesh, [{}, {}]> : tensor<7x5xf32>
  %zero = stablehlo.constant dense<0.0> : tensor<7xf32>
  %sums:2 = chlo.scan(%a) inits(%zero) dimension=0 {
  ^bb0(%x: tensor<7xf32>, %sum: tensor<7xf32>):
    %s = stablehlo.add %x, %sum : tensor<7xf32>
    stablehlo.return %sum, %s : tensor<7xf32>, tensor<7xf32>
  } : (tensor<5x7xf32>, tensor<7xf32>) -> (tensor<5x7xf32>, tensor<7xf32>)
  %one = stablehlo.constant dense<1.0> : tensor<5xf32>
  %back:2 = chlo.scan(%a) inits(%one) dimension=1 attributes {is_reverse = true} {
  ^bb0(%x: tensor<5xf32>, %product: tensor<5xf32>):
    %s = stablehlo.multiply %x, %product : tensor<5xf32>
    stablehlo.return %s, %s : tensor<5xf32>, tensor<5xf32>
  } : (tensor<5x7xf32>, tensor<5xf32>) -> (tensor<5x7xf32>, tensor<5xf32>)
  %pairs = chlo.broadcast_complex %a, %v : (tensor<5x7xf32>, tensor<7xf32>) -> tensor<5x7xcomplex<f32>>
  return %dot, %more, %add, %times, %shift, %less, %pick, %like, %member, %gathered, %reduced, %passed, %awaited, %ids, %same,
      %sums#1, %sums#0, %back#1, %back#0, %pairs
      : tensor<5x3xf32>, tensor<2x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<2x3x4xi32>, tensor<5x7xi1>, tensor<5x7xf32>,
        tensor<5x7xf32>, tensor<3xi32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>, tensor<ui32>,
        tensor<7x5xf32>, tensor<7xf32>, tensor<5x7xf32>, tensor<5xf32>, tensor<5x7xf32>, tensor<5x7xcomplex<f32>>
}
