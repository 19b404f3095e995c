// SPDX-License-Identifier: Apache-2.0
// Shardings that cannot be: an axis that no mesh has, parts of axes that do not fit, pieces that are not those of the whole.
// RUN: not --code 1 skarn run %s --entry main --via interp 2>&1 | filecheck %s
// CHECK: unreadable_mesh.mlir:{{[0-9]+}}:{{[0-9]+}}: error: sdy.manual_computation: the mesh has no axis "q"
// RUN: sed -e 's/"a", "q"/"a":(99999999999)999999999999/' %s > %t.parts.mlir
// RUN: not --code 1 skarn run %t.parts.mlir --via interp
// RUN: sed -e 's/"a", "q"/"a":(1)2, "a":(1)2/' %s > %t.overlap.mlir
// RUN: not --code 1 skarn run %t.overlap.mlir --via interp
// RUN: sed -e 's/"a", "q"/"a", "a", "a"/' %s > %t.repeated.mlir
// RUN: not --code 1 skarn run %t.repeated.mlir --via interp
// RUN: sed -e 's/, "q"//; s/"b"=2/"b"=2000/' %s > %t.large.mlir
// RUN: not --code 3 skarn run %t.large.mlir --via interp
sdy.mesh @mesh = <["a"=2, "b"=2]>
func.func @main() -> tensor<4xi32> {
  %x = stablehlo.iota dim = 0 : tensor<4xi32>
  %0 = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"a", "q"}]>] out_shardings=[<@mesh, [{"a"}]>] manual_axes={"a"} (%p: tensor<2xi32>) {
    sdy.return %p : tensor<2xi32>
  } : (tensor<4xi32>) -> tensor<4xi32>
  return %0 : tensor<4xi32>
}
