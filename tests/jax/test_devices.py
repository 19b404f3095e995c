# SPDX-License-Identifier: Apache-2.0
"""Programs for several devices: JAX on four CPU devices of its own against `skarn run --devices 4`.

Every device's part of every argument goes in, every device's part of every result is compared. The
number of devices must be set before JAX starts, so that a process of its own does the work.
"""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKARN = pathlib.Path(os.environ.get("SK_TEST_BIN") or ROOT / "build" / "skarn")
COUNT = 4


def cases(jax):
    """Name -> (function, arguments, their shardings)."""
    jnp, lax = jax.numpy, jax.lax
    P, named, auto = jax.sharding.PartitionSpec, jax.sharding.NamedSharding, jax.sharding.AxisType.Auto
    line = jax.make_mesh((4,), ("i",), axis_types=(auto,))
    grid = jax.make_mesh((2, 2), ("a", "b"), axis_types=(auto,) * 2)
    square = np.random.default_rng(0).standard_normal((8, 8), dtype="float32")
    count = np.arange(8, dtype="float32")

    def on(mesh, inputs, outputs, **options):
        return lambda f: jax.shard_map(f, mesh=mesh, in_specs=inputs, out_specs=outputs, **options)

    gather = on(grid, (P("a"), P("b")), P(None, "b"), check_vma=False)(
        lambda x, y: lax.all_gather(x, "a") + lax.ppermute(y, "b", [(0, 1), (1, 0)]))
    loss = on(line, P("i"), P())(lambda x: lax.pmean(jnp.sum(jnp.tanh(x) ** 2), "i"))
    step = lambda i, c: c * 0.5 + lax.psum(c, "i") * 0.1
    ring = lambda i, c: lax.ppermute(c, "i", [(k, (k + 1) % 4) for k in range(4)]) + i
    branch = lambda c: lax.cond(lax.psum(c.sum(), "i") > 0, lambda v: lax.psum(v, "i"), lambda v: -v, c)
    row, both = named(line, P("i")), named(grid, P("a", "b"))
    # Nothing says how results are split: what the arguments suggest must be what Shardy makes of them.
    views = lambda x: (x.T, x[2], x[:, ::2], x.reshape(4, 2, 8), x[None], jnp.flip(x, 0), jnp.pad(x, ((0, 0), (2, 6))))
    sums = lambda x, y: (x @ y, x.sum(1), jnp.cumsum(x, 0), jnp.concatenate([x, y], 1), jnp.einsum("ij,kj->ik", x, y),
                         jnp.where(x > y, x, 0.0))
    flow = lambda x: (lax.fori_loop(0, 3, lambda i, c: c + x, jnp.zeros_like(x)), lax.cond(x[0, 0] > 0, jnp.sin, jnp.cos, x),
                      jax.jit(lambda v: v * 2)(x), jnp.sort(x, 1), lax.top_k(x, 3)[0], x[jnp.array([1, 5])])
    # A computation inside another over a further axis; what it leaves free splits the result all the same.
    inner = lambda v: jax.shard_map(lambda u: lax.psum(u, "b") + lax.psum(u * 2, "a") + lax.axis_index("b"), in_specs=P(None, "b"),
                                    mesh=jax.sharding.get_abstract_mesh(), out_specs=P(None, "b"), axis_names={"b"}, check_vma=False)(v)
    nested = on(grid, P("a"), P("a"), axis_names={"a"}, check_vma=False)(
        lambda v: lax.fori_loop(0, 2, lambda i, c: lax.ppermute(inner(c), "a", [(0, 1), (1, 0)]) * 0.25, v))
    free = on(grid, P("a"), P(), axis_names={"a"})(lambda x: lax.psum(x, "a") * 2)
    # Shares of sums: each device's own.
    open_mesh = jax.make_mesh((2, 2), ("a", "b"), axis_types=(jax.sharding.AxisType.Explicit,) * 2)
    left = lambda *spec: named(open_mesh, P(*spec, unreduced={"a"}))
    shares = lambda x, y: (jnp.einsum("ij,jk->ik", x, y, out_sharding=left(None, None)), lax.reduce_sum(y, (0,), out_sharding=left(None)),
                           jnp.einsum("ij,jk->ik", x, y, out_sharding=left(None, "b")))
    # What a shard_map leaves unreduced, or calls a copy though it differs: each device's own, in and out.
    own = jax.shard_map(lambda x, s: (x * 2, s + 1, s * 3 + lax.axis_index("b")), mesh=open_mesh, check_vma=False,
                        in_specs=(P("a", "b"), P(None, unreduced={"a"})),
                        out_specs=(P(None, "b", unreduced={"a"}), P(), P(None, unreduced={"a"})))
    return {
        "own parts": (own, [square, count], [named(open_mesh, P("a", "b")), left(None)]),
        "nested": (jax.jit(nested), [square], [row]),
        "free axes": (free, [square], [both]),
        "shares": (shares, [square, square], [named(open_mesh, P(None, "a")), named(open_mesh, P("a"))]),
        "views": (views, [square], [both]),
        "sums": (sums, [square, square], [both, named(grid, P("a"))]),
        "flow": (flow, [square], [both]),
        "psum": (on(line, P("i"), P("i"))(lambda x: lax.psum(x * 2, "i") + lax.axis_index("i")), [count], [row]),
        "pmap": (jax.pmap(lambda x: x / lax.psum(x, "i"), axis_name="i"), [square[:4, :2]], [row]),
        "reduction": (lambda x: (jnp.sin(x) @ x.T).sum(), [square], [row]),
        "elementwise": (lambda x: jnp.sin(x) + 1, [square], [row]),
        "two axes": (jax.jit(lambda x: x @ x, out_shardings=both), [square], [named(grid, P("b", "a"))]),
        "gather": (lambda x, y: gather(x + 1, y) * 2, [count, count], [named(grid, P("a")), named(grid, P("b"))]),
        "some axes": (jax.jit(on(grid, P("a"), P(), axis_names={"a"})(lambda x: lax.psum(x, "a") * 2),
                              out_shardings=named(grid, P())), [square], [both]),
        "psum_scatter": (on(line, P(None), P("i"), check_vma=False)(
            lambda x: lax.psum_scatter(x, "i", tiled=True)), [square], [named(line, P())]),
        "all_to_all": (on(line, P("i"), P("i"))(lambda x: lax.all_to_all(x, "i", 1, 0, tiled=True)), [square], [row]),
        "loop": (on(line, P("i"), P("i"), check_vma=False)(lambda x: lax.fori_loop(0, 5, step, x)), [square], [row]),
        "ring": (on(line, P("i"), P("i"), check_vma=False)(lambda x: lax.fori_loop(0, 6, ring, x)), [square], [row]),
        "branch": (on(line, P("i"), P("i"), check_vma=False)(branch), [square], [row]),
        "scan": (on(line, P("i"), P("i"), check_vma=False)(
            lambda x: lax.scan(lambda c, r: (lax.psum(c + r, "i"), c), x[0], x)[1]), [square], [row]),
        "gradient": (jax.grad(loss), [square], [row]),
        "reversed mesh": (lambda x: x * 2 + x.sum(), [square],
                          [named(jax.sharding.Mesh(np.array(jax.devices()[::-1]), "i"), P("i"))]),
    }


def record(name, directory):
    """In the process with four devices: writes the program, and what every device gets and gives."""
    import jax

    def place(array, sharding):
        if not sharding.spec.unreduced:
            return jax.device_put(array, sharding)
        shares = [jax.device_put(array * (k + 1), device) for k, device in enumerate(jax.devices())]
        return jax.make_array_from_single_device_arrays(array.shape, sharding, shares)

    function, arrays, shardings = cases(jax)[name]
    arguments = [place(a, s) for a, s in zip(arrays, shardings)]
    jitted = function if hasattr(function, "lower") else jax.jit(function)
    (directory / "program.mlir").write_text(jitted.lower(*arguments).as_text())
    results = jax.tree.leaves(jitted(*arguments))
    for kind, values in ("in", arguments), ("out", results):
        for d, device in enumerate(jax.devices()):
            for i, value in enumerate(values):
                part, = (s.data for s in value.addressable_shards if s.device == device)
                np.save(directory / f"{kind}{d * len(values) + i}.npy", np.asarray(part))
    (directory / "counts.json").write_text(json.dumps([COUNT * len(arguments), COUNT * len(results)]))


NAMES = ("views", "sums", "flow", "psum", "pmap", "reduction", "elementwise", "two axes", "gather", "some axes", "psum_scatter", "all_to_all",
         "loop", "ring", "branch", "scan", "gradient", "reversed mesh", "nested", "free axes", "shares", "own parts")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    pytest.importorskip("jax", reason="JAX is not installed: scripts/requirements.txt")
    directory = tmp_path_factory.mktemp("devices")
    environment = {**os.environ, "JAX_PLATFORMS": "cpu",
                   "XLA_FLAGS": f"--xla_force_host_platform_device_count={COUNT}"}
    subprocess.run([sys.executable, __file__, str(directory)], check=True, timeout=600, env=environment)
    return directory


@pytest.mark.parametrize("via", ["native", "loop"])
@pytest.mark.parametrize("name", NAMES)
def test_parts(name, via, recorded, tmp_path):
    directory = recorded / name
    inputs, outputs = json.loads((directory / "counts.json").read_text())
    command = [str(SKARN), "run", str(directory / "program.mlir"), "--devices", str(COUNT), "--via", via,
               "--save", str(tmp_path)]
    for i in range(inputs):
        command += ["--input", str(directory / f"in{i}.npy")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for i in range(outputs):
        ours, theirs = np.load(tmp_path / f"out{i}.npy"), np.load(directory / f"out{i}.npy")
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape, f"result {i}: {ours.shape}, not {theirs.shape}"
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5, err_msg=f"result {i}")


if __name__ == "__main__":
    for case in NAMES:
        place = pathlib.Path(sys.argv[1]) / case
        place.mkdir()
        record(case, place)
