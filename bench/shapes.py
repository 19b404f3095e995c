#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compile time of programs of many shapes, for what is worse than linear in their size.

    python3 bench/shapes.py [--shape NAME ...] [--counts 100,1000,10000] [--limit SECONDS]
    python3 bench/shapes.py --check                  the test: exit status 1 if some shape is not linear
    python3 bench/shapes.py --print NAME COUNT       the program itself

Every shape is a way in which a program can be large: long, wide, deep, shared, many functions, many
arguments, large constants. The table gives processor time, nanoseconds per operation (of the program as written) and
the stages that take most; `grows` is by how much the time per operation rises from the last but
one size to the last: 1 is linear, and what exceeds 2 is marked. A shape that takes longer than the
limit is not tried at the next size.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
T = "tensor<64xf32>"
S = "tensor<f32>"
M = "tensor<8x8xf32>"


def module(arguments, results, lines, values, functions=""):
    body = "\n".join("    " + line for line in lines)
    result = f"({', '.join(results)})"
    returned = f"return {', '.join(values)} : {', '.join(results)}" if values else "return"
    return (f"module @shape {{\n{functions}  func.func public @main({arguments}) -> {result} {{\n{body}\n"
            f"    {returned}\n  }}\n}}\n")


def chain(n):
    lines, last = [], "%x"
    for i in range(n):
        kind = ("add", "multiply", "subtract", "maximum")[i % 4]
        lines.append(f"%{i} = stablehlo.{kind} {last}, %y : {T}")
        last = f"%{i}"
    return module(f"%x: {T}, %y: {T}", [T], lines, [last])


def heavy(n):
    """Functions that cost many instructions each."""
    lines, last = [], "%x"
    for i in range(n):
        kind = ("tanh", "logistic", "cosine", "exponential")[i % 4]
        lines.append(f"%{i} = stablehlo.{kind} {last} : {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def tree(n):
    lines = [f"%l{i} = stablehlo.negate %x : {T}" if i % 2 else f"%l{i} = stablehlo.abs %x : {T}"
             for i in range(n // 2)]
    level, count = [f"%l{i}" for i in range(n // 2)], 0
    while len(level) > 1:
        above = []
        for a, b in zip(level[::2], level[1::2]):
            lines.append(f"%{count} = stablehlo.{('add', 'multiply', 'minimum')[count % 3]} {a}, {b} : {T}")
            above.append(f"%{count}")
            count += 1
        level = above + level[len(above) * 2:]
    return module(f"%x: {T}", [T], lines, level)


def fan_out(n):
    """One value with n readers, whose values are all summed."""
    lines, last = [f"%s = stablehlo.sine %x : {T}"], "%x"
    for i in range(n // 2):
        lines.append(f"%c{i} = stablehlo.constant dense<{i}.5> : {T}")
        lines.append(f"%m{i} = stablehlo.multiply %s, %c{i} : {T}")
        lines.append(f"%{i} = stablehlo.add {last}, %m{i} : {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def many_results(n):
    lines = [f"%c{i} = stablehlo.constant dense<{i}.5> : {T}\n    %{i} = stablehlo.add %x, %c{i} : {T}"
             for i in range(n)]
    return module(f"%x: {T}", [T] * n, lines, [f"%{i}" for i in range(n)])


def many_arguments(n):
    lines, last = [], "%x0"
    for i in range(1, n):
        lines.append(f"%{i} = stablehlo.add {last}, %x{i} : {T}")
        last = f"%{i}"
    return module(", ".join(f"%x{i}: {T}" for i in range(n)), [T], lines, [last])


def reductions(n):
    """n reductions, each of what the one before gave."""
    lines, last = [f"%z = stablehlo.constant dense<0.0> : {S}"], "%x"
    for i in range(n // 3):
        lines.append(f"%r{i} = stablehlo.reduce({last} init: %z) applies stablehlo.add across dimensions = [0]"
                     f" : ({T}, {S}) -> {S}")
        lines.append(f"%b{i} = stablehlo.broadcast_in_dim %r{i}, dims = [] : ({S}) -> {T}")
        lines.append(f"%{i} = stablehlo.subtract {last}, %b{i} : {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def sibling_reductions(n):
    lines, last = [f"%z = stablehlo.constant dense<0.0> : {S}"], "%z"
    for i in range(n // 3):
        lines.append(f"%c{i} = stablehlo.constant dense<{i}.5> : {T}")
        lines.append(f"%m{i} = stablehlo.multiply %x, %c{i} : {T}")
        lines.append(f"%r{i} = stablehlo.reduce(%m{i} init: %z) applies stablehlo.add across dimensions = [0]"
                     f" : ({T}, {S}) -> {S}")
        lines.append(f"%{i} = stablehlo.add {last}, %r{i} : {S}")
        last = f"%{i}"
    return module(f"%x: {T}", [S], lines, [last])


def dots(n):
    lines, last = [], "%x"
    for i in range(n // 2):
        lines.append(f"%d{i} = stablehlo.dot_general {last}, %y, contracting_dims = [1] x [0]"
                     f" : ({M}, {M}) -> {M}")
        lines.append(f"%{i} = stablehlo.tanh %d{i} : {M}")
        last = f"%{i}"
    return module(f"%x: {M}, %y: {M}", [M], lines, [last])


def loop(i, last):
    return [
        f"%w{i}:2 = stablehlo.while(%i{i} = %zero, %a{i} = {last}) : tensor<i32>, {T}",
        f"cond {{ %p{i} = stablehlo.compare LT, %i{i}, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>"
        f" stablehlo.return %p{i} : tensor<i1> }}",
        f"do {{ %j{i} = stablehlo.add %i{i}, %one : tensor<i32>",
        f"%b{i} = stablehlo.sine %a{i} : {T} stablehlo.return %j{i}, %b{i} : tensor<i32>, {T} }}"]


INTS = ["%zero = stablehlo.constant dense<0> : tensor<i32>", "%one = stablehlo.constant dense<1> : tensor<i32>"]


def whiles(n):
    lines, last = list(INTS), "%x"
    for i in range(n // 6):
        lines += loop(i, last)
        last = f"%w{i}#1"
    return module(f"%x: {T}, %n: tensor<i32>", [T], lines, [last])


def carries(n):
    """One while that carries many arrays, of different sizes so that each has a kernel of its own."""
    count = max(1, n // 4)
    types = [f"tensor<{8 + i}xf32>" for i in range(count)]
    all_types = ", ".join(["tensor<i32>"] + types)
    lines = list(INTS) + [f"%x{i} = stablehlo.broadcast_in_dim %x, dims = [] : ({S}) -> {types[i]}" for i in range(count)]
    starts = ", ".join(["%i = %zero"] + [f"%a{i} = %x{i}" for i in range(count)])
    lines += [f"%w:{count + 1} = stablehlo.while({starts}) : {all_types}",
              "cond { %p = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>"
              " stablehlo.return %p : tensor<i1> }",
              "do { %j = stablehlo.add %i, %one : tensor<i32>"]
    for i in range(count):
        lines += [f"%r{i} = stablehlo.reverse %a{i}, dims = [0] : {types[i]}",
                  f"%b{i} = stablehlo.sine %r{i} : {types[i]}"]
    values = ", ".join(["%j"] + [f"%b{i}" for i in range(count)])
    lines.append(f"stablehlo.return {values} : {all_types} }}")
    return module(f"%x: {S}, %n: tensor<i32>", types, lines, [f"%w#{i + 1}" for i in range(count)])


def nested(n):
    """Whiles in whiles, at most 100 deep; then the next nest."""
    lines, last = list(INTS), "%x"
    depth = 100
    for nest in range(max(1, n // 600)):
        inner, first = [], nest * depth
        for d in range(min(depth, n // 6)):
            k = first + d
            inner += [f"%w{k}:2 = stablehlo.while(%i{k} = %zero, %a{k} = {last if d == 0 else f'%a{k - 1}'})"
                      f" : tensor<i32>, {T}",
                      f"cond {{ %p{k} = stablehlo.compare LT, %i{k}, %n : (tensor<i32>, tensor<i32>)"
                      f" -> tensor<i1> stablehlo.return %p{k} : tensor<i1> }}",
                      f"do {{ %j{k} = stablehlo.add %i{k}, %one : tensor<i32>"]
        innermost = first + min(depth, n // 6) - 1
        inner.append(f"%b{innermost} = stablehlo.sine %a{innermost} : {T}")
        for k in range(innermost, first - 1, -1):
            value = f"%b{k}" if k == innermost else f"%w{k + 1}#1"
            inner.append(f"stablehlo.return %j{k}, {value} : tensor<i32>, {T} }}")
        lines += inner
        last = f"%w{first}#1"
    return module(f"%x: {T}, %n: tensor<i32>", [T], lines, [last])


def branches(n):
    lines, last = [], "%x"
    for i in range(n // 5):
        lines += [f"%{i} = \"stablehlo.if\"(%p) ({{ %a{i} = stablehlo.sine {last} : {T}",
                  f"stablehlo.return %a{i} : {T} }}, {{ %b{i} = stablehlo.negate {last} : {T}",
                  f"stablehlo.return %b{i} : {T} }}) : (tensor<i1>) -> {T}"]
        last = f"%{i}"
    return module(f"%x: {T}, %p: tensor<i1>", [T], lines, [last])


def functions(n):
    """Many functions, each called once."""
    bodies, lines, last = [], [], "%x"
    for i in range(n // 4):
        bodies.append(f"  func.func private @f{i}(%a: {T}) -> {T} {{\n    %0 = stablehlo.sine %a : {T}\n"
                      f"    %1 = stablehlo.add %0, %a : {T}\n    return %1 : {T}\n  }}\n")
        lines.append(f"%{i} = func.call @f{i}({last}) : ({T}) -> {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last], "".join(bodies))


def calls(n):
    """One function, called many times."""
    body = (f"  func.func private @f(%a: {T}) -> {T} {{\n    %0 = stablehlo.sine %a : {T}\n"
            f"    %1 = stablehlo.add %0, %a : {T}\n    return %1 : {T}\n  }}\n")
    lines, last = [], "%x"
    for i in range(n // 3):
        lines.append(f"%{i} = func.call @f({last}) : ({T}) -> {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last], body)


def constants(n):
    """Constants that are not splats, all different."""
    lines, last = [], "%x"
    for i in range(n // 2):
        data = ", ".join(f"{(i * 7 + k) % 1000}.25" for k in range(64))
        lines.append(f"%c{i} = stablehlo.constant dense<[{data}]> : {T}")
        lines.append(f"%{i} = stablehlo.add {last}, %c{i} : {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def gathers(n):
    """Chained gathers: one value is read at as many places as there are gathers."""
    lines, last = [], "%i"
    for k in range(n // 3):
        lines.append(f"%r{k} = stablehlo.reshape {last} : (tensor<64xi32>) -> tensor<64x1xi32>")
        lines.append(f"%g{k} = \"stablehlo.gather\"(%t, %r{k}) {{dimension_numbers = #stablehlo.gather<"
                     f"collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>,"
                     f" slice_sizes = array<i64: 1>}} : (tensor<256xi32>, tensor<64x1xi32>) -> tensor<64xi32>")
        lines.append(f"%{k} = stablehlo.add %g{k}, %i : tensor<64xi32>")
        last = f"%{k}"
    return module("%t: tensor<256xi32>, %i: tensor<64xi32>", ["tensor<64xi32>"], lines, [last])


def slices(n):
    """A recurrence over windows of one array, joined at the end."""
    width = 4 * n + 64
    lines, parts = [], []
    for i in range(n // 2):
        lines.append(f"%s{i} = stablehlo.slice %x [{i}:{i + 4}] : (tensor<{width}xf32>) -> tensor<4xf32>")
        lines.append(f"%{i} = stablehlo.sine %s{i} : tensor<4xf32>")
        parts.append(f"%{i}")
    lines.append(f"%all = stablehlo.concatenate {', '.join(parts)}, dim = 0 : "
                 f"({', '.join(['tensor<4xf32>'] * len(parts))}) -> tensor<{4 * len(parts)}xf32>")
    return module(f"%x: tensor<{width}xf32>", [f"tensor<{4 * len(parts)}xf32>"], lines, ["%all"])


def updates(n):
    """dynamic_update_slice after dynamic_update_slice of one array."""
    lines, last = [], "%x"
    for i in range(n // 2):
        lines.append(f"%d{i} = stablehlo.dynamic_slice {last}, %i, sizes = [4] : ({T}, tensor<i32>) -> tensor<4xf32>")
        lines.append(f"%{i} = stablehlo.dynamic_update_slice {last}, %d{i}, %j : ({T}, tensor<4xf32>, tensor<i32>)"
                     f" -> {T}")
        last = f"%{i}"
    return module(f"%x: {T}, %i: tensor<i32>, %j: tensor<i32>", [T], lines, [last])


def transposes(n):
    lines, last = [], "%x"
    for i in range(n // 2):
        lines.append(f"%t{i} = stablehlo.transpose {last}, dims = [1, 0] : ({M}) -> {M}")
        lines.append(f"%{i} = stablehlo.add %t{i}, {last} : {M}")
        last = f"%{i}"
    return module(f"%x: {M}", [M], lines, [last])


def pads(n):
    lines, last = [f"%z = stablehlo.constant dense<0.0> : {S}"], "%x"
    for i in range(n // 3):
        lines.append(f"%p{i} = stablehlo.pad {last}, %z, low = [1], high = [0], interior = [0] : ({T}, {S})"
                     f" -> tensor<65xf32>")
        lines.append(f"%s{i} = stablehlo.slice %p{i} [0:64] : (tensor<65xf32>) -> {T}")
        lines.append(f"%{i} = stablehlo.add %s{i}, {last} : {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def sorts(n):
    lines, last = [], "%x"
    for i in range(n // 4):
        lines += [f"%s{i} = \"stablehlo.sort\"({last}) ({{ ^bb0(%a{i}: {S}, %b{i}: {S}):",
                  f"%p{i} = stablehlo.compare LT, %a{i}, %b{i}, TOTALORDER : ({S}, {S}) -> tensor<i1>",
                  f"stablehlo.return %p{i} : tensor<i1> }}) {{dimension = 0 : i64, is_stable = true}} : ({T}) -> {T}",
                  f"%{i} = stablehlo.sine %s{i} : {T}"]
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last])


def tuples(n):
    """One tuple of n members; eight of them are read. (Every reading spells the type out.)"""
    count = max(8, n)
    kind = f"tuple<{', '.join([T] * count)}>"
    lines = [f"%{i} = stablehlo.add %x, {f'%{i - 1}' if i else '%x'} : {T}" for i in range(count)]
    lines.append(f"%t = stablehlo.tuple {', '.join(f'%{i}' for i in range(count))} : {kind}")
    lines += [f"%g{i} = stablehlo.get_tuple_element %t[{i * (count // 8)}] : ({kind}) -> {T}" for i in range(8)]
    return module(f"%x: {T}", [T] * 8, lines, [f"%g{i}" for i in range(8)])


def tuple_chain(n):
    """Tuples of four, each made of members of the one before."""
    kind = f"tuple<{', '.join([T] * 4)}>"
    lines = [f"%t0 = stablehlo.tuple %x, %x, %x, %x : {kind}"]
    for i in range(n // 6):
        lines += [f"%g{i}_{k} = stablehlo.get_tuple_element %t{i}[{k}] : ({kind}) -> {T}" for k in range(4)]
        lines.append(f"%a{i} = stablehlo.add %g{i}_0, %g{i}_3 : {T}")
        lines.append(f"%t{i + 1} = stablehlo.tuple %a{i}, %g{i}_0, %g{i}_1, %g{i}_2 : {kind}")
    lines.append(f"%r = stablehlo.get_tuple_element %t{n // 6}[0] : ({kind}) -> {T}")
    return module(f"%x: {T}", [T], lines, ["%r"])


def concatenations(n):
    """Joined two by two, every one read by the next."""
    lines, last, width = [], "%x", 8
    for i in range(n // 3):
        lines.append(f"%c{i} = stablehlo.concatenate {last}, %y, dim = 0 : (tensor<8xf32>, tensor<8xf32>) -> tensor<16xf32>")
        lines.append(f"%s{i} = stablehlo.slice %c{i} [4:12] : (tensor<16xf32>) -> tensor<{width}xf32>")
        lines.append(f"%{i} = stablehlo.add %s{i}, {last} : tensor<8xf32>")
        last = f"%{i}"
    return module("%x: tensor<8xf32>, %y: tensor<8xf32>", ["tensor<8xf32>"], lines, [last])


def call_chain(n):
    """Every function calls the one before twice as an operand of its own, at most 60 deep; then the next chain."""
    bodies, lines, last = [], [], "%x"
    for i in range(n // 5):
        inner = f"    %1 = func.call @f{i - 1}(%0) : ({T}) -> {T}\n" if i % 60 else f"    %1 = stablehlo.abs %0 : {T}\n"
        bodies.append(f"  func.func private @f{i}(%a: {T}) -> {T} {{\n    %0 = stablehlo.sine %a : {T}\n{inner}"
                      f"    %2 = stablehlo.add %1, %a : {T}\n    return %2 : {T}\n  }}\n")
    for i in range(59, n // 5, 60):
        lines.append(f"%{i} = func.call @f{i}({last}) : ({T}) -> {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last], "".join(bodies))


def selects(n):
    lines, last = [], "%x"
    for i in range(n // 2):
        lines.append(f"%p{i} = stablehlo.compare LT, {last}, %y : ({T}, {T}) -> tensor<64xi1>")
        lines.append(f"%{i} = stablehlo.select %p{i}, {last}, %y : tensor<64xi1>, {T}")
        last = f"%{i}"
    return module(f"%x: {T}, %y: {T}", [T], lines, [last])


def scatters(n):
    """scatter after scatter into one array."""
    lines, last = [], "%x"
    for i in range(n // 3):
        lines += [f"%{i} = \"stablehlo.scatter\"({last}, %i, %u) <{{scatter_dimension_numbers = #stablehlo.scatter<"
                  f"inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}}> ({{",
                  f"^bb0(%a{i}: {S}, %b{i}: {S}): %s{i} = stablehlo.add %a{i}, %b{i} : {S}",
                  f"stablehlo.return %s{i} : {S} }}) : ({T}, tensor<4x1xi32>, tensor<4xf32>) -> {T}"]
        last = f"%{i}"
    return module(f"%x: {T}, %i: tensor<4x1xi32>, %u: tensor<4xf32>", [T], lines, [last])


def reshapes(n):
    """Views of views of views."""
    lines, last = [], "%x"
    for i in range(n // 3):
        lines.append(f"%t{i} = stablehlo.transpose {last}, dims = [1, 0] : ({M}) -> {M}")
        lines.append(f"%f{i} = stablehlo.reshape %t{i} : ({M}) -> {T}")
        lines.append(f"%{i} = stablehlo.reshape %f{i} : ({T}) -> {M}")
        last = f"%{i}"
    return module(f"%x: {M}", [M], lines, [last])


def meshes(n):
    """Meshes, and for each a value that is sharded over it and gathered along its axis, by its name."""
    count = max(1, n // 3)
    named = "".join(f"  sdy.mesh @mesh{i} = <[\"a\"=1, \"b{i}\"=1]>\n" for i in range(count))
    lines, last = [], "%x"
    for i in range(count):
        groups = (f"#stablehlo.replica_group_mesh_axes<mesh = @mesh{i}, "
                  f"axes = [#stablehlo.axis_ref<name = \"b{i}\">]>")
        lines.append(f"%s{i} = sdy.sharding_constraint {last} <@mesh{i}, [{{\"b{i}\"}}]> : {T}")
        lines.append(f"%{i} = \"stablehlo.all_gather\"(%s{i}) {{all_gather_dim = 0 : i64, replica_groups = {groups}}}"
                     f" : ({T}) -> {T}")
        last = f"%{i}"
    return module(f"%x: {T}", [T], lines, [last], named)


def layers(n):
    """Transformer-like layers: products, a row softmax, a residual; the same in every layer."""
    x, w = "tensor<32x64xf32>", "tensor<64x64xf32>"
    a, r = "tensor<32x32xf32>", "tensor<32xf32>"
    lines, last = [f"%z = stablehlo.constant dense<0.0> : {S}", f"%m = stablehlo.constant dense<0xFF800000> : {S}"], "%x"
    count = max(1, n // 16)
    for i in range(count):
        def op(name, text):
            lines.append(f"%{name}{i} = stablehlo.{text}")
            return f"%{name}{i}"
        q = op("q", f"dot_general {last}, %wq{i}, contracting_dims = [1] x [0] : ({x}, {w}) -> {x}")
        k = op("k", f"dot_general {last}, %wk{i}, contracting_dims = [1] x [0] : ({x}, {w}) -> {x}")
        v = op("v", f"dot_general {last}, %wv{i}, contracting_dims = [1] x [0] : ({x}, {w}) -> {x}")
        s = op("s", f"dot_general {q}, {k}, contracting_dims = [1] x [1] : ({x}, {x}) -> {a}")
        t = op("t", f"reduce({s} init: %m) applies stablehlo.maximum across dimensions = [1] : ({a}, {S}) -> {r}")
        u = op("u", f"broadcast_in_dim {t}, dims = [0] : ({r}) -> {a}")
        d = op("d", f"subtract {s}, {u} : {a}")
        e = op("e", f"exponential {d} : {a}")
        f = op("f", f"reduce({e} init: %z) applies stablehlo.add across dimensions = [1] : ({a}, {S}) -> {r}")
        g = op("g", f"broadcast_in_dim {f}, dims = [0] : ({r}) -> {a}")
        h = op("h", f"divide {e}, {g} : {a}")
        o = op("o", f"dot_general {h}, {v}, contracting_dims = [1] x [0] : ({a}, {x}) -> {x}")
        b = op("b", f"add {o}, {last} : {x}")
        c = op("c", f"dot_general {b}, %wo{i}, contracting_dims = [1] x [0] : ({x}, {w}) -> {x}")
        y = op("y", f"tanh {c} : {x}")
        last = op("n", f"add {y}, {b} : {x}")
    arguments = ", ".join([f"%x: {x}"] + [f"%{m}{i}: {w}" for i in range(count) for m in ("wq", "wk", "wv", "wo")])
    return module(arguments, [x], lines, [last])


SHAPES = {f.__name__: f for f in (
    chain, heavy, tree, fan_out, many_results, many_arguments, reductions, sibling_reductions, dots, whiles,
    carries, nested, branches, functions, calls, constants, gathers, slices, updates, transposes, pads, sorts, tuples, tuple_chain, concatenations, call_chain,
    selects, scatters, reshapes, meshes, layers)}


def compile_times(skarn, path, options):
    """The figures of the best of three runs; `total_us` is processor time, which others do not disturb."""
    best = None
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([skarn, "compile", path, "-o", os.devnull, "--time", "--json", *options],
                              capture_output=True, text=True)
        if done.returncode:
            return None, done.stderr.strip().splitlines()[-1][:160]
        line = json.loads(done.stdout.splitlines()[-1])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        wall = line["parse_us"] + line["compile_us"]
        # Below the resolution of processor time the clock is better.
        line["total_us"] = min(wall, used * 1e6) if wall > 20000 else wall
        if best is None or line["total_us"] < best["total_us"]:
            best = line
        if wall > 1e6:
            break
    return best, None


def report(skarn, name, counts, limit, options):
    rows, before = [], None
    for count in counts:
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(SHAPES[name](count))
            file.flush()
            line, error = compile_times(skarn, file.name, options)
        if error:
            rows.append(f"{name:20} {count:7} {error}")
            break
        total = line["total_us"]
        wall = sum(s["us"] for s in line["stages"])
        per_op = total * 1000 / count
        stages = sorted(line["stages"], key=lambda s: -s["us"])[:4]
        share = ", ".join(f"{s['stage']} {100 * s['us'] / wall:.0f}%" for s in stages)
        grows = per_op / before if before else 1
        mark = " <<<" if before and grows > 2 and total > 5000 else ""
        rows.append(f"{name:20} {count:7} {total / 1000:10.2f} ms {per_op:8.0f} ns/op {grows:6.2f} "
                    f"{line['kernels']:6} kernels {line['code_bytes'] >> 10:6} KiB  {share}{mark}")
        before = per_op
        if total > limit * 1e6:
            break
    print("\n".join(rows), flush=True)


# Shapes whose operations cost little, so that what is not linear shows soon; and those that are read and written as bytecode too.
CHECKED = ("chain", "tree", "fan_out", "many_results", "many_arguments", "reductions", "sibling_reductions",
           "nested", "constants", "gathers", "updates", "transposes", "tuples", "tuple_chain", "concatenations", "selects",
           "scatters", "reshapes", "meshes")
AS_BYTECODE = ("meshes", "chain", "constants")
SMALL, LARGE, MOST = 3000, 48000, 5


def processor_us(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()[:300]}")
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1e6


def text_us(skarn, path):
    line, error = compile_times(skarn, path, [])
    if error:
        sys.exit(f"{path}: {error}")
    return line["total_us"]


def bytecode_us(skarn, path):
    """Written, and read and compiled, each of the best of three."""
    out = path + ".bc"
    try:
        written = min(processor_us([skarn, "convert", path, "-o", out, "--to", "bytecode"]) for _ in range(3))
        return written + text_us(skarn, out)
    finally:
        os.unlink(out)


def check(skarn, names):
    """Sixteen times as many operations take at most MOST times as long each, by processor time."""
    bad = 0
    for name, form, measure in ([(n, "text", text_us) for n in names] +
                                [(n, "bytecode", bytecode_us) for n in AS_BYTECODE if n in names]):
        per_op = []
        for count in (SMALL, LARGE):
            with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
                file.write(SHAPES[name](count))
                file.flush()
                per_op.append(measure(skarn, file.name) * 1000 / count)
        grows = per_op[1] / per_op[0]
        bad += grows > MOST
        print(f"{name:20} {form:8} {per_op[0]:7.0f} -> {per_op[1]:7.0f} ns/op, {grows:.2f}{' TOO MUCH' if grows > MOST else ''}")
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--skarn", default=os.path.join(ROOT, "build", "skarn"))
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--counts", default="100,1000,10000,100000")
    parser.add_argument("--limit", type=float, default=3.0)
    parser.add_argument("--check", action="store_true", help="fail if some shape is worse than linear")
    parser.add_argument("--print", nargs=2, metavar=("NAME", "COUNT"))
    args, options = parser.parse_known_args()
    if args.print:
        print(SHAPES[args.print[0]](int(args.print[1])), end="")
        return
    if args.check:
        return check(args.skarn, args.shape or CHECKED)
    print(f"{'shape':20} {'ops':>7} {'compile':>13} {'per op':>14} {'grows':>6}")
    for name in args.shape or SHAPES:
        report(args.skarn, name, [int(c) for c in args.counts.split(",")], args.limit, options)


if __name__ == "__main__":
    sys.exit(main())
