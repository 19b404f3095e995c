#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes tests/fuzz/corpus/bytecode with the MLIR that JAX brings:

    build/venv/bin/python tests/fuzz/make_bytecode_corpus.py

Each program below becomes StableHLO's own bytecode (NAME.native.bc) and a portable artifact
(NAME.VERSION.bc) of the newest version, the first one also of old versions. The programs are small
and together use every kind of attribute and type that occurs in such files.
"""
import os

from jax._src.interpreters import mlir as jax_mlir
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus", "bytecode")

PROGRAMS = {
    "old": ("0.9.0", "0.12.0", "0.14.0", "1.0.0", """
func.func @main(%x: tensor<4x8xf32> {jax.buffer_donor = true}, %i: tensor<2x1xi32>) -> (tensor<4xf32> {jax.result_info = "r"}) {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %mask = stablehlo.constant dense<[true, false, true, true, false, false, true, false, true]> : tensor<9xi1>
  %e = stablehlo.exponential %x : tensor<4x8xf32>
  %g = "stablehlo.gather"(%e, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 8>, indices_are_sorted = false} : (tensor<4x8xf32>, tensor<2x1xi32>) -> tensor<2x8xf32>
  %s = stablehlo.slice %g [0:2, 0:8:2] : (tensor<2x8xf32>) -> tensor<2x4xf32>
  %d = stablehlo.dot_general %e, %e, contracting_dims = [1] x [1], precision = [HIGH, DEFAULT] : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x4xf32>
  %r = stablehlo.reduce(%d init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<4x4xf32>, tensor<f32>) -> tensor<4xf32>
  %c = func.call @callee(%r) : (tensor<4xf32>) -> tensor<4xf32>
  return %c : tensor<4xf32>
}
func.func private @callee(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = stablehlo.compare LT, %x, %x, FLOAT : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
  %1 = stablehlo.select %0, %x, %x : tensor<4xi1>, tensor<4xf32>
  return %1 : tensor<4xf32>
}
"""),
    "structures": ("""
func.func @main(%x: tensor<1x8x8x4xf32>, %k: tensor<3x3x4x4xf32>, %i: tensor<2x1xi32>, %u: tensor<2x4xf32>, %m: tensor<4x4xf32>) -> tensor<1x8x8x4xf32> {
  %c = stablehlo.convolution(%x, %k) dim_numbers = [b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f], window = {pad = [[1, 1], [1, 1]], reverse = [true, false]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision DEFAULT>]} : (tensor<1x8x8x4xf32>, tensor<3x3x4x4xf32>) -> tensor<1x8x8x4xf32>
  %s = "stablehlo.scatter"(%m, %i, %u) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %r = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %r : tensor<f32>
  }) : (tensor<4x4xf32>, tensor<2x1xi32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %d = stablehlo.dot_general %s, %m, contracting_dims = [1] x [0], algorithm = <lhs_precision_type = tf32, rhs_precision_type = tf32, accumulation_type = f32, lhs_component_count = 1, rhs_component_count = 1, num_primitive_operations = 1, allow_imprecise_accumulation = false> : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %e = stablehlo.tanh %d {result_accuracy = #stablehlo.result_accuracy<atol = 1.000000e-05, rtol = 0.000000e+00, ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4x4xf32>
  %f = stablehlo.fft %m, type = RFFT, length = [4] : (tensor<4x4xf32>) -> tensor<4x3xcomplex<f32>>
  %t = "stablehlo.triangular_solve"(%m, %d) <{left_side = true, lower = true, transpose_a = #stablehlo<transpose ADJOINT>, unit_diagonal = false}> : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %c : tensor<1x8x8x4xf32>
}
""",),
    "regions": ("""
func.func @main(%n: tensor<i32>, %x: tensor<8xf32>) -> (tensor<i32>, tensor<8xf32>) {
  %one = stablehlo.constant dense<1> : tensor<i32>
  %w:2 = stablehlo.while(%i = %n, %v = %x) : tensor<i32>, tensor<8xf32>
  cond {
    %p = stablehlo.compare LT, %i, %one, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %j = stablehlo.add %i, %one : tensor<i32>
    %c = "stablehlo.case"(%i) ({
      %y = stablehlo.sine %v : tensor<8xf32>
      stablehlo.return %y : tensor<8xf32>
    }, {
      stablehlo.return %x : tensor<8xf32>
    }) : (tensor<i32>) -> tensor<8xf32>
    stablehlo.return %j, %c : tensor<i32>, tensor<8xf32>
  }
  %s:2 = "stablehlo.sort"(%w#1, %x) <{dimension = 0 : i64, is_stable = true}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>, %d: tensor<f32>):
    %q = stablehlo.compare GT, %a, %b, TOTALORDER : (tensor<f32>, tensor<f32>) -> tensor<i1>
    stablehlo.return %q : tensor<i1>
  }) : (tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
  %z = stablehlo.constant dense<0.0> : tensor<f32>
  %rw = "stablehlo.reduce_window"(%s#0, %z) <{window_dimensions = array<i64: 8>, padding = dense<[[7, 0]]> : tensor<1x2xi64>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %m = stablehlo.maximum %a, %b : tensor<f32>
    stablehlo.return %m : tensor<f32>
  }) : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  return %w#0, %rw : tensor<i32>, tensor<8xf32>
}
""",),
    "types": ("""
func.func @main(%a: tensor<2xf8E4M3FN>, %b: tensor<?x4xbf16, #stablehlo.bounds<3, ?>>, %c: tensor<3xi4>, %d: tensor<2xcomplex<f64>>, %e: tensor<ui8>, %t: !stablehlo.token, %u: tuple<tensor<f16>, tensor<i1>>, %i: tensor<2xindex>) -> (tuple<tensor<f16>, tensor<i1>>, !stablehlo.token) {
  %0 = stablehlo.convert %a : (tensor<2xf8E4M3FN>) -> tensor<2xf8E5M2FNUZ>
  %1 = stablehlo.constant dense<[1, -8, 7]> : tensor<3xi4>
  %2 = stablehlo.constant dense<(1.0, -2.0)> : tensor<2xcomplex<f64>>
  %3 = stablehlo.constant dense<true> : tensor<100xi1>
  %4 = stablehlo.constant dense<> : tensor<0x3xui16>
  %5 = stablehlo.get_tuple_element %u[0] : (tuple<tensor<f16>, tensor<i1>>) -> tensor<f16>
  %6 = stablehlo.constant dense<[0x7F800000, 0x7FC00001, -0.0]> : tensor<3xf32>
  %7 = stablehlo.reduce_precision %5, format = e5m10 : tensor<f16>
  %8, %9 = stablehlo.rng_bit_generator %10, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
  %10 = stablehlo.constant dense<[1, 2]> : tensor<2xui64>
  %11 = stablehlo.after_all %t, %t : !stablehlo.token
  return %u, %11 : tuple<tensor<f16>, tensor<i1>>, !stablehlo.token
}
""".replace("""  %8, %9 = stablehlo.rng_bit_generator %10, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
  %10 = stablehlo.constant dense<[1, 2]> : tensor<2xui64>
""", """  %10 = stablehlo.constant dense<[1, 2]> : tensor<2xui64>
  %8, %9 = stablehlo.rng_bit_generator %10, algorithm = PHILOX : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
"""),),
    "calls": ("""
module @calls attributes {mhlo.num_partitions = 2 : i32, jax.uses_shape_polymorphism = false} {
  func.func public @main(%x: tensor<4xf32> {tf.aliasing_output = 0 : i32}) -> tensor<4xf32> {
    %0 = stablehlo.composite "chlo.erf" %x {composite_attributes = {n = 1 : i64, f = 2.5 : f32, flags = [true, "a", @helper]}, decomposition = @helper, version = 1 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %1:2 = stablehlo.custom_call @target(%0) {api_version = 4 : i32, backend_config = {uplo = 76 : ui8, eps = 1.0e-3 : f64}, called_computations = [@helper], has_side_effect = true, operand_layouts = [dense<0> : tensor<1xindex>], result_layouts = [dense<0> : tensor<1xindex>, dense<[1, 0]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>], mhlo.frontend_attributes = {k = "v"}} : (tensor<4xf32>) -> (tensor<4xf32>, tensor<2x2xi32>)
    %2 = call @helper(%1#0) : (tensor<4xf32>) -> tensor<4xf32>
    return %2 : tensor<4xf32>
  }
  func.func private @helper(%x: tensor<4xf32>) -> tensor<4xf32> {
    %0 = chlo.erf %x : tensor<4xf32> -> tensor<4xf32>
    %1 = chlo.square %0 : tensor<4xf32> -> tensor<4xf32>
    return %1 : tensor<4xf32>
  }
  func.func private @declared(tensor<?xf32>) -> tensor<*xf32>
}
""",),
    "collectives": ("""
func.func @main(%x: tensor<4x4xf32>, %t: !stablehlo.token) -> tensor<4x4xf32> {
  %0 = "stablehlo.all_reduce"(%x) <{replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, use_global_device_ids}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %r = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %r : tensor<f32>
  }) : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = "stablehlo.collective_permute"(%0) <{source_target_pairs = dense<[[0, 1], [1, 0]]> : tensor<2x2xi64>}> : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = "stablehlo.all_gather"(%1) <{all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>}> : (tensor<4x4xf32>) -> tensor<4x8xf32>
  %3 = "stablehlo.send"(%1, %t) <{channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}> : (tensor<4x4xf32>, !stablehlo.token) -> !stablehlo.token
  %4:2 = "stablehlo.infeed"(%3) <{infeed_config = "c", layout = [[0, 1]]}> : (!stablehlo.token) -> (tensor<4x4xf32>, !stablehlo.token)
  %5 = stablehlo.partition_id : tensor<ui32>
  return %1 : tensor<4x4xf32>
}
""",),
    "sharding": ("""
module @sharded {
  sdy.mesh @mesh = <["a"=2, "b"=4], device_ids=[7, 6, 5, 4, 3, 2, 1, 0]>
  func.func @main(%x: tensor<8x8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"a", ?}, {"b":(1)2}p1], replicated={"b":(2)2}>}) -> tensor<8x8xf32> {
    %0 = sdy.sharding_constraint %x <@mesh, [{}, {"b"}]> : tensor<8x8xf32>
    %1 = sdy.manual_computation(%0) in_shardings=[<@mesh, [{"a"}, {}]>] out_shardings=[<@mesh, [{"a"}, {}]>] manual_axes={"a"} (%y: tensor<4x8xf32>) {
      %2 = stablehlo.add %y, %y : tensor<4x8xf32>
      sdy.return %2 : tensor<4x8xf32>
    } : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %3 = stablehlo.custom_call @f(%1) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=8, j=8}, custom>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
    return %3 : tensor<8x8xf32>
  }
}
""",),
    "scan": ("""
func.func @main(%x: tensor<4x2xf32>, %c: tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>) {
  %0:2 = chlo.scan(%x) inits(%c) dimension=0 attributes {is_reverse = true} {
  ^bb0(%a: tensor<2xf32>, %b: tensor<2xf32>):
    %1 = stablehlo.add %a, %b : tensor<2xf32>
    stablehlo.return %1, %1 : tensor<2xf32>, tensor<2xf32>
  } : (tensor<4x2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>)
  %values, %indices = chlo.top_k(%0#0, k = 1) : tensor<4x2xf32> -> (tensor<4x1xf32>, tensor<4x1xi32>)
  return %0#0, %0#1 : tensor<4x2xf32>, tensor<2xf32>
}
""",),
    "locations": ("""
#file = loc("a.py":3:4)
#range = loc("a.py":5:6 to 7:8)
#same = loc("a.py":9:1 to :12)
#call = loc(callsite("f"(#file) at callsite("g"(#range) at "main")))
func.func @main(%x: tensor<f32> loc("x")) -> tensor<f32> {
  %0 = stablehlo.abs %x : tensor<f32> loc(#call)
  %1 = stablehlo.negate %0 : tensor<f32> loc(fused[#call, #same])
  %2 = stablehlo.cosine %1 : tensor<f32> loc(fused<"metadata">["mul"(#call), unknown])
  return %2 : tensor<f32> loc(unknown)
} loc(#file)
""",),
}


def write(name, data):
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(data)


def main():
    os.makedirs(OUT, exist_ok=True)
    for name, (*versions, text) in PROGRAMS.items():
        with jax_mlir.make_ir_context():
            module = ir.Module.parse(text)
            if name != "locations":
                module = ir.Module.parse(module.operation.get_asm(enable_debug_info=False))
            with open(os.path.join(OUT, f"{name}.native.bc"), "wb") as file:
                module.operation.write_bytecode(file)
            if name == "scan":  # VHLO's values in a region of CHLO: JAX cannot write that
                continue
            for version in versions + [stablehlo.get_current_version()]:
                data = stablehlo.serialize_portable_artifact(module, version, True)
                write(f"{name}.{version}.bc", data)


if __name__ == "__main__":
    main()
