// SPDX-License-Identifier: Apache-2.0
// Shardings that do not fit the tensor or the number of devices.
// RUN: not skarn opt %s --devices 2 --entry uneven --to inline 2>&1 | filecheck %s --check-prefix=UNEVEN
// RUN: not skarn opt %s --devices 4 --entry other --to inline 2>&1 | filecheck %s --check-prefix=OTHER
// RUN: not skarn opt %s --devices 2 --entry rank --to inline 2>&1 | filecheck %s --check-prefix=RANK
// RUN: not skarn opt %s --devices 2 --entry absent --to inline 2>&1 | filecheck %s --check-prefix=ABSENT
// RUN: not skarn opt %s --devices 2 --entry axis --to inline 2>&1 | filecheck %s --check-prefix=AXIS
// RUN: not skarn opt %s --devices 2 --entry twice --to inline 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: not skarn opt %s --devices 2 --entry digits --to inline 2>&1 | filecheck %s --check-prefix=DIGITS
// RUN: not skarn opt %s --devices 2 --entry again --to inline 2>&1 | filecheck %s --check-prefix=AGAIN
sdy.mesh @line = <["x"=2]>

// UNEVEN: uneven.mlir:{{[0-9]+}}:{{[0-9]+}}: error: func.func: dimension 0 of size 3 does not split into 2 equal parts
func.func @uneven(%a: tensor<3xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}]>}) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}
// OTHER: a mesh of 2 devices in a program for 4
func.func @other(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// RANK: a sharding of rank 2 for a tensor of rank 1
func.func @rank(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"x"}, {}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// ABSENT: there is no mesh @mesh
func.func @absent(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"x"}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// AXIS: the mesh has no axis "y"
func.func @axis(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"y"}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// TWICE: the sharding {{.*}} is not understood
func.func @twice(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"x", "x"}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// DIGITS: the sharding {{.*}} is not understood at '}]>'
func.func @digits(%a: tensor<4xf32> {sdy.sharding = #sdy.sharding<@line, [{"x":(1)0}]>}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
// AGAIN: uneven.mlir:{{[0-9]+}}:{{[0-9]+}}: error: sdy.manual_computation: an axis of the mesh is manual twice
func.func @again(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = sdy.manual_computation(%a) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%p: tensor<2xf32>) {
    %1 = sdy.manual_computation(%p) in_shardings=[<@line, [{"x"}]>] out_shardings=[<@line, [{"x"}]>] manual_axes={"x"} (%q: tensor<1xf32>) {
      sdy.return %q : tensor<1xf32>
    } : (tensor<2xf32>) -> tensor<2xf32>
    sdy.return %1 : tensor<2xf32>
  } : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
