// SPDX-License-Identifier: Apache-2.0
// Groups by the axes of a mesh of one device are groups of one process: natively as in the interpreter. Of two devices the second
// does not run, and both say so.
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop
// RUN: not --code 1 skarn run %s --entry two --random 1 2>&1 | filecheck %s --check-prefix=TWO
// RUN: not --code 1 skarn run %s --entry two --random 1 --via interp 2>&1 | filecheck %s --check-prefix=TWO
// TWO: stablehlo.all_gather: a group names a process that does not run
sdy.mesh @one = <["a"=1, "b"=1]>
sdy.mesh @pair = <["a"=2]>
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @one, axes = [#stablehlo.axis_ref<name = "b">]>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @two(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @pair, axes = [#stablehlo.axis_ref<name = "a">]>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
