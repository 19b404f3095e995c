// SPDX-License-Identifier: Apache-2.0
// Probes of the entry hold in native code as in the interpreter: by name, by occurrence; a value that
// differs fails.
// RUN: not --code 5 skarn test %s --json --via interp > %t.interp
// RUN: not --code 5 skarn test %s --json > %t
// RUN: filecheck %s < %t
// RUN: filecheck %s < %t.interp
// CHECK: "passed":1,"failed":1,
func.func @same() {
  %x = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = stablehlo.add %x, %x : tensor<2xf32>
  %p = interpreter.probe %y, probe_id = "sum" : tensor<2xf32>
  %z = stablehlo.add %p, %p : tensor<2xf32>
  %q = interpreter.probe %z, probe_id = "other" : tensor<2xf32>
  %w = stablehlo.add %q, %q : tensor<2xf32>
  %r = interpreter.probe %w, probe_id = "sum" : tensor<2xf32>
  interpreter.print %r : tensor<2xf32>
  check.expect_serialized_eq %y, probe_id = "sum" : tensor<2xf32>
  check.expect_serialized_eq %r, probe_id = "sum", iter = 1 : tensor<2xf32>
  check.expect_eq_const %r, dense<[8.0, 16.0]> : tensor<2xf32>
  return
}

// -----

func.func @different() {
  %x = stablehlo.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = stablehlo.add %x, %x : tensor<2xf32>
  %p = interpreter.probe %y, probe_id = "sum" : tensor<2xf32>
  check.expect_serialized_eq %x, probe_id = "sum" : tensor<2xf32>
  return
}
