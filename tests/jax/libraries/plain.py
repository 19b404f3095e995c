# SPDX-License-Identifier: Apache-2.0
"""JAX itself, where libraries seldom go, and saved arrays."""
import functools
import pathlib

import jax
import jax.numpy as jnp
import numpy as np

from catalog import program
from networks import normal, uniform


@program("jax")
def small_types():
    """int8 products, five small floats, four-bit integers, bits."""
    x = jnp.asarray(normal(0, 32, 48))
    q = jax.jit(lambda x: jnp.clip(jnp.round(x / jnp.max(jnp.abs(x)) * 127), -127, 127).astype(jnp.int8))(x)
    types = (jnp.float8_e4m3fn, jnp.float8_e5m2, jnp.bfloat16, jnp.float16, jnp.int4, jnp.uint4)
    rounded = [jax.jit(lambda x, t=t: (x.astype(t).astype(jnp.float32) * 2).sum(0))(x) for t in types]
    bits = jax.lax.bitcast_convert_type(x, jnp.uint32)
    return [q, jax.jit(lambda a: jax.lax.dot(a, a.T, preferred_element_type=jnp.int32))(q), rounded,
            jax.jit(lambda b: b >> 3)(bits), jax.jit(lambda x: jnp.packbits(x > 0, axis=1))(x),
            jax.jit(jax.lax.population_count)(bits), jax.jit(lambda x: jnp.frexp(x)[1])(x)]


@program("jax", tolerance=1e-6)
def double_precision():
    """Sums, transforms and linear algebra in f64 and complex128."""
    with jax.enable_x64(True):
        x = jnp.linspace(0, 1, 1000, dtype=jnp.float64)
        a = jnp.asarray(np.random.RandomState(0).randn(6, 6))
        return [jax.jit(lambda x: jnp.cumsum(jnp.sin(x) * jnp.exp(-x)) / jnp.sqrt(1 + x))(x), jnp.fft.rfft(x)[:10],
                jnp.linalg.inv(jnp.eye(4) * 3 + 1), jax.jit(lambda a: jnp.linalg.eigh(a + a.T)[0])(a),
                jax.jit(lambda a: jnp.linalg.solve(a + 1j * a.T, a.astype(jnp.complex128)))(a)]


@program("jax")
def four_devices():
    """Sharded products, shard_map with collectives, and pmap, on four devices."""
    from jax.sharding import Mesh, NamedSharding
    from jax.sharding import PartitionSpec as P

    devices = np.array(jax.devices()[:4])
    mesh = Mesh(devices.reshape(2, 2), ("data", "model"))
    x = jax.device_put(uniform(0, 16, 32), NamedSharding(mesh, P("data", None)))
    w = jax.device_put(uniform(1, 32, 64), NamedSharding(mesh, P(None, "model")))
    product = jax.jit(lambda x, w: jax.nn.softmax(x @ w, -1).sum(0))(x, w)
    gradient = jax.jit(jax.grad(lambda w: jnp.sum(jnp.tanh(x @ w / 16))))(w)
    line = Mesh(devices, ("i",))

    @jax.jit
    @functools.partial(jax.shard_map, mesh=line, in_specs=P("i"), out_specs=(P("i"), P(), P("i")))
    def collectives(x):
        ring = jax.lax.ppermute(x, "i", [(k, (k + 1) % 4) for k in range(4)])
        return ring, jax.lax.psum(x.sum(), "i"), jax.lax.all_to_all(x, "i", 1, 1, tiled=True)

    each = jax.pmap(lambda v: v / jax.lax.pmax(v, "d"), axis_name="d")(jnp.arange(1.0, 5))
    return [product, gradient, collectives(jnp.arange(64.0).reshape(8, 8)), each]


@program("jax")
def pallas_interpreted():
    """Pallas kernels in interpreter mode: a tiled product, and an accumulation over the grid."""
    from jax.experimental import pallas as pl

    def product(x, y, out):
        out[...] = jnp.dot(x[...], y[...])

    def total(x, out):
        @pl.when(pl.program_id(0) == 0)
        def _():
            out[...] = jnp.zeros_like(out)

        out[...] += jnp.sum(x[...], axis=0)

    x, y = uniform(0, 64, 32), uniform(1, 32, 64)
    f = pl.pallas_call(
        product, out_shape=jax.ShapeDtypeStruct((64, 64), jnp.float32), grid=(4, 4), interpret=True,
        in_specs=[pl.BlockSpec((16, 32), lambda i, j: (i, 0)), pl.BlockSpec((32, 16), lambda i, j: (0, j))],
        out_specs=pl.BlockSpec((16, 16), lambda i, j: (i, j)))
    g = pl.pallas_call(
        total, out_shape=jax.ShapeDtypeStruct((32,), jnp.float32), grid=(4,), interpret=True,
        in_specs=[pl.BlockSpec((16, 32), lambda i: (i, 0))], out_specs=pl.BlockSpec((32,), lambda i: (0,)))
    return [f(x, y), g(x)]


@program("jax")
def checkify_errors():
    """Checks of indices, NaN and the user's own, in loops and under vmap."""
    from jax.experimental import checkify

    def f(x, i):
        checkify.check(i < 10, "index {i} too large", i=i)
        return jax.lax.fori_loop(0, 3, lambda k, v: jnp.log(v) + x[i + k], 2.0)

    checked = jax.jit(checkify.checkify(f, errors=checkify.all_checks))
    x, told = jnp.linspace(0.5, 1, 8), []
    for i in (1, 7, 12):
        error, value = checked(x, i)
        told.append(float(len((error.get() or "").split("(")[0])))
    error, value = jax.jit(checkify.checkify(jax.vmap(lambda v: jnp.sqrt(v)), errors=checkify.float_checks))(
        jnp.array([1.0, 4.0]))
    return [jnp.array(told), value, checked(x, 1)[1]]


@program("orbax.checkpoint", quick=True)
def orbax_checkpoint():
    """A tree of arrays saved and restored, with a sharded one."""
    import tempfile

    import orbax.checkpoint as ocp
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    sharding = NamedSharding(Mesh(np.array(jax.devices()[:4]), ("i",)), PartitionSpec("i"))
    tree = {"a": jnp.arange(10.0), "b": {"c": jnp.ones((3, 4), jnp.bfloat16), "key": jnp.arange(3)},
            "d": jax.device_put(jnp.arange(8.0), sharding)}
    with tempfile.TemporaryDirectory() as directory, ocp.StandardCheckpointer() as checkpointer:
        path = pathlib.Path(directory) / "tree"
        checkpointer.save(path, tree)
        checkpointer.wait_until_finished()
        return checkpointer.restore(path, tree)
