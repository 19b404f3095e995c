# SPDX-License-Identifier: Apache-2.0
"""Programs that JAX exports with symbolic sizes, run on arrays of two sizes each.

JAX computes shapes with ordinary operations, passes them as operands, asserts what it assumes of
them in custom calls, and calls functions with them. `skarn run` takes the sizes from the arrays;
results are compared with JAX's own.
"""

import os
import pathlib
import subprocess

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKARN = pathlib.Path(os.environ.get("SK_TEST_BIN") or ROOT / "build" / "skarn")

jax = pytest.importorskip("jax", reason="JAX is not installed: scripts/requirements.txt")
jnp = jax.numpy


def tanh_grad(a, w):
    return jax.grad(lambda v: jnp.mean(jnp.tanh(a @ v) ** 2))(w)


def prefix_sums(a):
    return jax.lax.scan(lambda c, row: (c + row, c * row), jnp.zeros(4), a)


# name: function, symbolic shapes, shapes of two runs
CASES = {
    "dot": (lambda a, b: jnp.tanh(a @ b), ["(b, 4)", "(4, c)"], [[(5, 4), (4, 3)], [(1, 4), (4, 7)]]),
    "softmax": (lambda a: jax.nn.softmax(a, axis=-1), ["(b, n)"], [[(5, 4)], [(2, 33)]]),
    "flatten": (lambda a: jnp.reshape(a, (-1,)), ["(b, n)"], [[(5, 4)], [(3, 1)]]),
    "iota": (lambda a: a + jnp.arange(a.shape[0], dtype="float32")[:, None], ["(b, n)"],
             [[(5, 4)], [(1, 2)]]),
    "concatenate": (lambda a: jnp.concatenate([a, 2 * a, jnp.zeros((a.shape[0], 2))], axis=1),
                    ["(b, n)"], [[(5, 4)], [(2, 1)]]),
    "moments": (lambda a: (a.mean(0), a.var(1)), ["(b, n)"], [[(5, 4)], [(9, 3)]]),
    "pad": (lambda a: jnp.pad(a, ((1, 2), (0, 0))), ["(b, n)"], [[(5, 4)], [(1, 1)]]),
    "tile": (lambda a: jnp.tile(a, (2, 1)), ["(b, 4)"], [[(5, 4)], [(1, 4)]]),
    "outer": (lambda a, b: a[:, None] * b[None, :], ["(b,)", "(c,)"], [[(5,), (3,)], [(1,), (8,)]]),
    "scan": (prefix_sums, ["(b, 4)"], [[(5, 4)], [(1, 4)]]),
    "loop": (lambda a: jax.lax.fori_loop(0, a.shape[0], lambda i, s: s + a[i], jnp.zeros(4)),
             ["(b, 4)"], [[(5, 4)], [(2, 4)]]),
    "gradient": (tanh_grad, ["(b, 4)", "(4, 3)"], [[(5, 4), (4, 3)], [(64, 4), (4, 3)]]),
    "random": (lambda a: a + jax.random.uniform(jax.random.PRNGKey(0), a.shape), ["(b, 4)"],
               [[(5, 4)], [(3, 4)]]),
}


def run(program, arrays, directory, via):
    command = [str(SKARN), "run", str(program), "--via", via, "--save", str(directory / via)]
    for i, array in enumerate(arrays):
        np.save(directory / f"in{i}.npy", array)
        command += ["--input", str(directory / f"in{i}.npy")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return directory / via


@pytest.mark.parametrize("name", CASES)
def test_sizes_come_from_the_arrays(name, tmp_path):
    function, symbolic, runs = CASES[name]
    first = [jax.ShapeDtypeStruct(shape, "float32") for shape in runs[0]]
    specs = jax.export.symbolic_args_specs(first, symbolic)
    program = tmp_path / f"{name}.mlir"
    program.write_text(str(jax.export.export(jax.jit(function))(*specs).mlir_module()))
    random = np.random.RandomState(7)
    for shapes in runs:
        arrays = [random.uniform(-1, 1, shape).astype("float32") for shape in shapes]
        wanted = jax.tree_util.tree_leaves(function(*map(jnp.asarray, arrays)))
        for via in ("native", "interp"):
            out = run(program, arrays, tmp_path, via)
            for i, want in enumerate(wanted):
                got = np.load(out / f"out{i}.npy")
                assert got.shape == want.shape
                np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


def test_a_broken_assumption_is_an_error(tmp_path):
    specs = jax.export.symbolic_args_specs(
        [jax.ShapeDtypeStruct((6,), "float32")], ["(2*b,)"])
    program = tmp_path / "even.mlir"
    program.write_text(str(jax.export.export(jax.jit(lambda a: a + 1))(*specs).mlir_module()))
    np.save(tmp_path / "odd.npy", np.zeros(5, "float32"))
    done = subprocess.run([str(SKARN), "run", str(program), "--input", str(tmp_path / "odd.npy")],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert "the shapes of the arguments are refused" in done.stderr
