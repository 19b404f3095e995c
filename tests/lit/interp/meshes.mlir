// SPDX-License-Identifier: Apache-2.0
// Process groups by axes of a mesh, with parts of axes and listed devices; processes that run processes.
// RUN: skarn test %s --via interp
// RUN: skarn test %s --via native --verbose 2>&1 | filecheck %s
// CHECK: interpreter.run_parallel: a grid of processes inside another
// CHECK: 2 passed, 1 unsupported

sdy.mesh @grid = <["x"=2, "y"=2]>
sdy.mesh @listed = <["x"=2, "y"=2], device_ids=[0, 2, 1, 3]>
func.func @sums(%a: tensor<ui32>) -> (tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>) {
  %id = stablehlo.replica_id : tensor<ui32>
  %x = "stablehlo.all_reduce"(%id) ({
  ^bb0(%p: tensor<ui32>, %q: tensor<ui32>):
    %s = stablehlo.add %p, %q : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @grid, axes = [#stablehlo.axis_ref<name = "x">]>} : (tensor<ui32>) -> tensor<ui32>
  %y = "stablehlo.all_reduce"(%id) ({
  ^bb0(%p: tensor<ui32>, %q: tensor<ui32>):
    %s = stablehlo.add %p, %q : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @listed, axes = [#stablehlo.axis_ref<name = "x">]>} : (tensor<ui32>) -> tensor<ui32>
  %both = "stablehlo.all_reduce"(%id) ({
  ^bb0(%p: tensor<ui32>, %q: tensor<ui32>):
    %s = stablehlo.add %p, %q : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "z", size = 4>]>, axes = [#stablehlo.axis_ref<name = "z">]>} : (tensor<ui32>) -> tensor<ui32>
  %one = stablehlo.reshape %id : (tensor<ui32>) -> tensor<1xui32>
  %half = "stablehlo.all_gather"(%one) {all_gather_dim = 0 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "z", size = 4>]>, axes = [#stablehlo.axis_ref<name = "z", sub_axis_info = (1)2>]>} : (tensor<1xui32>) -> tensor<2xui32>
  return %x, %y, %both, %half : tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>
}
func.func @main() {
  %a = stablehlo.constant dense<0> : tensor<ui32>
  %r:16 = "interpreter.run_parallel"(%a, %a, %a, %a) {programs = [[@sums], [@sums], [@sums], [@sums]]}
    : (tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>)
    -> (tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>,
        tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<2xui32>)
  check.expect_eq_const %r#0, dense<2> : tensor<ui32>
  check.expect_eq_const %r#4, dense<4> : tensor<ui32>
  check.expect_eq_const %r#8, dense<2> : tensor<ui32>
  check.expect_eq_const %r#12, dense<4> : tensor<ui32>
  check.expect_eq_const %r#1, dense<1> : tensor<ui32>
  check.expect_eq_const %r#5, dense<1> : tensor<ui32>
  check.expect_eq_const %r#9, dense<5> : tensor<ui32>
  check.expect_eq_const %r#13, dense<5> : tensor<ui32>
  check.expect_eq_const %r#2, dense<6> : tensor<ui32>
  check.expect_eq_const %r#14, dense<6> : tensor<ui32>
  check.expect_eq_const %r#3, dense<[0, 2]> : tensor<2xui32>
  check.expect_eq_const %r#7, dense<[1, 3]> : tensor<2xui32>
  check.expect_eq_const %r#15, dense<[1, 3]> : tensor<2xui32>
  return
}

// -----

func.func @inner() -> tensor<ui32> {
  %id = stablehlo.replica_id : tensor<ui32>
  return %id : tensor<ui32>
}
func.func @outer() -> tensor<ui32> {
  %id = stablehlo.replica_id : tensor<ui32>
  %r:3 = "interpreter.run_parallel"() {programs = [[@inner], [@inner], [@inner]]} : () -> (tensor<ui32>, tensor<ui32>, tensor<ui32>)
  %s = stablehlo.add %r#1, %r#2 : tensor<ui32>
  %t = stablehlo.add %s, %id : tensor<ui32>
  return %t : tensor<ui32>
}
func.func @main() {
  %r:2 = "interpreter.run_parallel"() {programs = [[@outer], [@outer]]} : () -> (tensor<ui32>, tensor<ui32>)
  check.expect_eq_const %r#0, dense<3> : tensor<ui32>
  check.expect_eq_const %r#1, dense<4> : tensor<ui32>
  return
}

// -----

// Names of axes may hold any text, also what elsewhere would be syntax.
func.func @one() -> (tensor<ui32>, tensor<ui32>) {
  %id = stablehlo.replica_id : tensor<ui32>
  %x = "stablehlo.all_reduce"(%id) ({
  ^bb0(%p: tensor<ui32>, %q: tensor<ui32>):
    %s = stablehlo.add %p, %q : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "mesh = @none", size = 2>, #stablehlo.mesh_axis<name = "axes = []", size = 2>]>, axes = [#stablehlo.axis_ref<name = "axes = []">]>} : (tensor<ui32>) -> tensor<ui32>
  %y = "stablehlo.all_reduce"(%id) ({
  ^bb0(%p: tensor<ui32>, %q: tensor<ui32>):
    %s = stablehlo.add %p, %q : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) {replica_groups = #stablehlo.replica_group_mesh_axes<mesh = #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "mesh = @none", size = 2>, #stablehlo.mesh_axis<name = "axes = []", size = 2>]>, axes = [#stablehlo.axis_ref<name = "mesh = @none">]>} : (tensor<ui32>) -> tensor<ui32>
  return %x, %y : tensor<ui32>, tensor<ui32>
}
func.func @main() {
  %r:8 = "interpreter.run_parallel"() {programs = [[@one], [@one], [@one], [@one]]}
    : () -> (tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>)
  check.expect_eq_const %r#0, dense<1> : tensor<ui32>
  check.expect_eq_const %r#1, dense<2> : tensor<ui32>
  check.expect_eq_const %r#6, dense<5> : tensor<ui32>
  check.expect_eq_const %r#7, dense<4> : tensor<ui32>
  return
}
