# SPDX-License-Identifier: Apache-2.0
"""Run by test_wheel.py: what JAX ties to the name of a platform, on its default backend. Prints JSON: name -> result.

Results are numbers and texts that stock JAX gives too; what fails says so in the place of its result.
"""
import inspect
import json
import tempfile

import jax
import jax.numpy as jnp
import numpy as np

MATRIX = np.array([[4, 1, 0.5], [1, 3, 0.25], [0.5, 0.25, 2]], "float32")


def rounded(x):
    return [round(float(v), 4) for v in np.ravel(np.asarray(x))]


def donation():
    x = jnp.arange(1000.0)
    y = jax.jit(lambda v: v + 1, donate_argnums=0)(x)
    return [x.is_deleted(), float(y[10])]


def error_of(call):
    try:
        call()
        return ""
    except (RuntimeError, ValueError) as error:
        return str(error)


def donation_misused():
    """Used after it was given up, and given up twice in one call; views that keep an array alive."""
    f = jax.jit(lambda a, b: a + b, donate_argnums=0)
    x, y = jnp.arange(1000.0), jnp.arange(1000.0)
    f(x, y)
    z, kept = jnp.arange(1000.0), jnp.arange(1000.0)
    view = np.asarray(kept)
    total = f(kept, y)
    return ["donated" in error_of(lambda: f(x, y)) or "deleted" in error_of(lambda: f(x, y)),
            "donate" in error_of(lambda: f(z, z)), kept.is_deleted(), float(view[5]), float(total[5])]


def odd_arrays():
    """Of any strides and alignment, empty, of many dimensions, read-only, Fortran's."""
    base = np.arange(60, dtype="float32").reshape(3, 4, 5)
    crooked = np.frombuffer(bytes(range(41)), "float32", 10, offset=1)
    arrays = (base[::-1], base[:, ::-2], base.transpose(2, 0, 1), np.broadcast_to(base[0], (2, 4, 5)), base[..., 1:4],
              np.asfortranarray(base), base[:0], crooked, base.reshape((1,) * 9 + (60,)), np.float32(3))
    f = jax.jit(lambda v: v * 2 + 1)
    return [bool((np.asarray(f(a)) == a * 2 + 1).all()) for a in arrays]


def other_devices():
    """Results are where the arguments are; arguments of two devices are an error."""
    a, b = jax.devices()[0], jax.devices()[3]
    x = jax.device_put(np.arange(4.0, dtype="float32"), b)
    y = jax.jit(lambda v: v + 1)(x)
    moved = jax.device_put(y, a)
    wrong = error_of(lambda: jax.jit(lambda v, w: v + w)(x, moved))
    with jax.default_device(b):
        made = jax.jit(lambda: jnp.ones(3))()
    return [next(iter(v.devices())).id for v in (y, moved, made)] + ["incompatible devices" in wrong]


def threads():
    """Programs compiled and run from many threads at once."""
    from concurrent.futures import ThreadPoolExecutor

    def work(i):
        f = jax.jit(lambda v: jnp.sin(v * i).sum() + jnp.sort(v)[0])
        return round(float(f(jnp.arange(50.0) + i)), 2)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, range(24)))


def pure_callback():
    def host(v):
        return np.sin(np.asarray(v))[::-1]  # not contiguous

    f = jax.jit(lambda v: 2 * jax.pure_callback(host, jax.ShapeDtypeStruct(v.shape, v.dtype), v,
                                                    vmap_method="sequential"))
    return rounded(f(jnp.arange(4.0))) + rounded(jax.vmap(lambda v: v + f(v[None])[0])(jnp.arange(3.0)))


def ordered_effects():
    seen = []
    kept = []

    def note(v):
        seen.append(int(v))
        kept.append(v)

    @jax.jit
    def f(n):
        def body(i, c):
            jax.experimental.io_callback(note, None, i, ordered=True)
            return c + i
        return jax.lax.fori_loop(0, n, body, 0)

    total = int(f(5))
    jax.effects_barrier()
    return [total, seen, [int(v) for v in kept]]  # what callbacks keep stays as it was


def failing_callback():
    def fail(_):
        raise ValueError("this must be told")

    f = jax.jit(lambda v: jax.lax.while_loop(
        lambda c: c < 10, lambda c: jax.pure_callback(fail, jax.ShapeDtypeStruct((), "float32"), c), v))
    try:
        f(1.0).block_until_ready()
        return "no error"
    except jax.errors.JaxRuntimeError as error:
        return "this must be told" in str(error)


def nested_callback():
    def host(v):
        return np.asarray(jax.jit(jnp.cumsum)(v))  # the backend again, while it executes

    return rounded(jax.jit(lambda v: jax.pure_callback(host, jax.ShapeDtypeStruct(v.shape, v.dtype), v))(jnp.ones(4)))


def linear_algebra():
    values = jnp.linalg.eigvalsh(MATRIX)
    q, r = jnp.linalg.qr(MATRIX)
    return [rounded(values), rounded(jnp.linalg.svd(MATRIX, compute_uv=False)), rounded(q @ r),
            rounded(jnp.linalg.inv(MATRIX)), rounded(jnp.linalg.cholesky(MATRIX)),
            rounded(jnp.sort(jnp.linalg.eigvals(MATRIX).real)), rounded(jnp.linalg.det(MATRIX)),
            rounded(jax.vmap(jnp.linalg.inv)(jnp.stack([MATRIX, 2 * MATRIX])))]


def dlpack():
    x = jnp.arange(6, dtype="int32").reshape(2, 3)
    y = np.from_dlpack(x)
    return [np.asarray(y).tolist(), jnp.from_dlpack(np.arange(4.0, dtype="float32")).tolist()]


def run_twice_cached(function, x):
    """Whether a second compilation came from the persistent cache, and gave the same."""
    hits = []
    with tempfile.TemporaryDirectory() as directory:
        jax.config.update("jax_compilation_cache_dir", directory)
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        jax._src.compilation_cache.reset_cache()
        jax.clear_caches()
        first = rounded(jax.jit(function)(x))
        jax.clear_caches()
        jax.monitoring.register_event_listener(lambda event, **_: hits.append("cache_hits" in event))
        again = rounded(jax.jit(function)(x))
        jax.config.update("jax_compilation_cache_dir", None)
        jax._src.compilation_cache.reset_cache()
    return [first == again, any(hits)]


def persistent_cache():
    return run_twice_cached(lambda v: jnp.tanh(v) * 3, jnp.arange(5.0))


def saved_partitions():
    """A program for four devices, saved and loaded, by hand and by the cache; on them in another order, too."""
    from jax.experimental import serialize_executable
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    results = []
    for devices in (jax.devices()[:4], jax.devices()[:4][::-1]):
        mesh = Mesh(np.array(devices).reshape(2, 2), ("a", "b"))
        x = jax.device_put(np.arange(64.0, dtype="float32").reshape(8, 8),
                           NamedSharding(mesh, PartitionSpec("a", "b")))
        local = jax.shard_map(lambda v: jax.lax.psum(v, "b") + v.sum(), mesh=mesh, in_specs=PartitionSpec("a", "b"),
                              out_specs=PartitionSpec("a", None), check_vma=False)
        for function in (lambda v: v @ v.T + 1, local):
            compiled = jax.jit(function).lower(x).compile()
            memory = compiled.memory_analysis()
            loaded = serialize_executable.deserialize_and_load(*serialize_executable.serialize(compiled),
                                                               execution_devices=devices)
            y = loaded(x)
            results.append([bool((y == compiled(x)).all()), memory.argument_size_in_bytes, float(y.sum()),
                            run_twice_cached(function, x), len({s.device for s in y.addressable_shards})])
    return results


def compiler_options():
    """Options of XLA are accepted, others and bad values are not."""
    answers = []
    lowered = jax.jit(lambda x: x + 1).lower(1.0)
    for name, value in (("xla_embed_ir_in_executable", True), ("xla_embed_ir_in_executable", "bad"), ("no_key", 1)):
        try:
            lowered.compile(compiler_options={name: value})
            answers.append("")
        except jax.errors.JaxRuntimeError as error:
            answers.append(str(error))
    return answers


def small_types():
    x = jnp.array([1, -2, 7, -8], dtype=jnp.int4)
    return [np.asarray(x.astype("int8")).tolist(), np.asarray(jax.jit(jnp.sign)(x)).astype(int).tolist()]


def cost_analysis():
    """Of a lowered program and of the compiled one."""
    lowered = jax.jit(lambda v: v @ v).lower(jnp.ones((8, 8)))
    return [stage.cost_analysis()["flops"] for stage in (lowered, lowered.compile())]


def custom_partitioning():
    """A function that says how it is cut up for devices: what it computes, and where the result is."""
    from jax.experimental.custom_partitioning import custom_partitioning as partitioned
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    @partitioned
    def normalise(v):
        return v / jnp.sum(v, axis=1, keepdims=True)

    def partition(mesh, args, result):
        rows = NamedSharding(mesh, PartitionSpec(args[0].sharding.spec[0], None))
        return mesh, lambda v: v / jnp.sum(v, axis=1, keepdims=True), rows, (rows,)

    normalise.def_partition(partition=partition, sharding_rule="i j -> i j",
                            infer_sharding_from_operands=lambda mesh, args, result: args[0].sharding)
    mesh = Mesh(np.array(jax.devices()[:4]), ("a",))
    x = jax.device_put(np.arange(1.0, 33.0, dtype="float32").reshape(8, 4), NamedSharding(mesh, PartitionSpec("a")))
    y = jax.jit(lambda v: normalise(v * 2))(x)
    return [np.round(np.asarray(y), 4).tolist(), y.sharding.shard_shape(y.shape)]


def narrow_callback():
    """Operands and results of a callback that are narrower than a byte."""
    x = jnp.array([-8, -1, 0, 3, 7], jnp.int4)
    f = jax.jit(lambda v: jax.pure_callback(lambda w: w[::-1], jax.ShapeDtypeStruct(v.shape, v.dtype), v) + v)
    return f(x).astype(int).tolist()


def sparse_solver():
    """A lowering rule that calls back by the public name: jax.experimental.sparse.linalg.spsolve."""
    from jax.experimental.sparse.linalg import spsolve

    matrix = np.array([[4, 1, 0], [0, 2, 0], [1, 0, 5]], "float32")
    data, indices, indptr = matrix[matrix != 0], np.nonzero(matrix)[1], np.cumsum([0, *(matrix != 0).sum(1)])
    solve = jax.jit(lambda b: spsolve(data, indices.astype("int32"), indptr.astype("int32"), b))
    return rounded(solve(jnp.array([9.0, 4.0, 17.0])))


def platform_branches():
    """Of lax.platform_dependent: with a branch for cpu alone; batched, inside a loop, of a platform that is not there."""
    f = lambda v: jax.lax.platform_dependent(v, cpu=jnp.sin, tpu=jnp.cos)
    x = jnp.arange(3.0)
    loop = jax.lax.fori_loop(0, 2, lambda i, v: f(v) * 2, x)
    missing = error_of(lambda: jax.lax.platform_dependent(x, tpu=jnp.cos))
    return [rounded(f(x)), rounded(jax.vmap(jax.grad(f))(x)), rounded(loop), "not found for platform" in missing]


def inspection():
    """How arrays inside a program for several devices are split, as the program is told."""
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    seen = []
    mesh = Mesh(np.array(jax.devices()[:4]).reshape(2, 2), ("a", "b"))

    def program(v, w):
        look = lambda x: jax.debug.inspect_array_sharding(
            x, callback=lambda s: seen.append([list(s.shard_shape(x.shape)), len(s.device_set)]))
        look(v * 2)
        look((v @ w).T)
        jax.jit(look)(v.sum(1))
        return v @ w

    split = lambda *axes: NamedSharding(mesh, PartitionSpec(*axes))
    args = jax.device_put(np.ones((8, 8), "float32"), split("a")), jax.device_put(np.ones((8, 4), "float32"), split(None, "b"))
    f = jax.jit(program)
    for _ in range(2):  # told once
        jax.block_until_ready(f(*args))
    return sorted(seen)


def meeting_callbacks():
    """Devices that wait for one another in a Python function."""
    import threading
    from jax.sharding import Mesh, PartitionSpec

    barrier = threading.Barrier(4)

    def meet(v):
        barrier.wait(timeout=60)
        return v + 1

    def program(v):
        return 2 * jax.experimental.io_callback(meet, jax.ShapeDtypeStruct(v.shape, v.dtype), v)

    mesh, split = Mesh(np.array(jax.devices()[:4]), ("i",)), PartitionSpec("i")
    f = jax.jit(jax.shard_map(program, mesh=mesh, in_specs=split, out_specs=split, check_vma=False))
    met = [rounded(f(np.arange(8.0, dtype="float32") + i)) for i in range(3)]
    # Nor do those that meet nobody see what the caller has set: arrays that they are given are on one device.
    g = jax.shard_map(lambda v: jax.pure_callback(lambda w: w * 2, jax.ShapeDtypeStruct(v.shape, v.dtype), v), mesh=mesh,
                      in_specs=split, out_specs=split)
    with jax.set_mesh(mesh):
        return met + [rounded(jax.jit(g)(np.arange(8.0, dtype="float32")))]


def pallas_interpreted():
    """A kernel of Pallas, and one over the cores of a TPU, which its interpreter runs in threads."""
    from jax.experimental import pallas as pl
    from jax.experimental.pallas import tpu as pltpu

    def double(x_ref, o_ref):
        o_ref[...] = x_ref[...] * 2

    shape = jax.ShapeDtypeStruct((8, 128), "float32")
    x = jnp.arange(1024.0).reshape(8, 128)
    made = [pl.pallas_call(double, out_shape=shape, interpret=True)(x)]
    if "out_type" in inspect.signature(getattr(pl, "kernel", double)).parameters:  # of JAX 0.10
        cores = pl.kernel(lambda x_ref, o_ref: pltpu.sync_copy(x_ref, o_ref), out_type=shape, interpret=pltpu.InterpretParams(),
                          mesh=pltpu.create_tensorcore_mesh("core", num_cores=2))
        made.append(cores(x))
    return [float(v.sum()) for v in made]


def buffer_callback():
    """A function that works on the memory of a program: read, written, in the place of an operand, failing."""
    from jax.experimental.buffer_callback import buffer_callback as on_buffers

    seen = []

    def mix(ctx, out, x, *, scale):
        seen.append([x.shape, x.ndim, str(x.dtype), x.writeable, out[0].writeable, str(ctx.stage), "GPU" in error_of(lambda: ctx.stream),
                     np.from_dlpack(x).tolist()])
        np.asarray(out[0])[...] = np.asarray(x) * np.asarray(scale)
        np.asarray(out[1])[...] = x.shape[0]

    def bump(ctx, out, x):
        np.asarray(out)[0] += 1  # the rest is what the operand has
        seen.append(np.asarray(out).ctypes.data == np.asarray(x).ctypes.data)

    v = jnp.arange(3.0)
    both = [jax.ShapeDtypeStruct((3,), "float32"), jax.ShapeDtypeStruct((), "int32")]
    y, n = jax.jit(lambda v: on_buffers(mix, both)(v + 1, scale=v))(v)
    bumped = on_buffers(bump, jax.ShapeDtypeStruct.like(v) if hasattr(jax.ShapeDtypeStruct, "like") else both[0],
                        input_output_aliases={0: 0})
    many = jax.vmap(on_buffers(lambda ctx, out, x: np.asarray(out).__setitem__(..., np.asarray(x) * 2),
                               jax.ShapeDtypeStruct((), "float32"), vmap_method="sequential"))(v)
    failing = jax.jit(on_buffers(lambda ctx, out, x: 1, both[0]))
    error = error_of(lambda: jax.block_until_ready(failing(v)))
    return [rounded(y), int(n), rounded(bumped(v)), rounded(jax.jit(lambda v: bumped(v) + v)(v)), rounded(v), rounded(many),
            seen, "must not return any values" in error]


def handler_in_place():
    """jax.ffi: an operand in the place of a result, for a kernel that factors where the matrix is."""
    def factor(x):
        call = jax.ffi.ffi_call("lapack_spotrf_ffi", (jax.ShapeDtypeStruct((3, 3), "float32"), jax.ShapeDtypeStruct((), "int32")),
                                input_output_aliases={0: 0})
        return call(x, uplo=np.uint8(ord("L")))[0] + 0 * x

    jnp.linalg.eigvalsh(MATRIX)  # JAX has LAPACK look for its routines
    return rounded(jnp.tril(jax.jit(factor)(MATRIX)))


def control_dependencies():
    """What is to be computed after what, where one of the operations is under way: since JAX 0.10."""
    try:
        from jax._src.lax import parallel
        from jax.experimental.control_deps import schedule
    except ImportError:
        return []
    mesh = jax.make_mesh((4,), ("i",), axis_types=(jax.sharding.AxisType.Explicit,))

    def program(x):
        future = parallel.all_gather_start(x, "i", tiled=True)
        y, z = future.done(), x * 2
        schedule([future.x, z, y])
        return z + y.sum()

    x = jax.device_put(jnp.arange(8.0), jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("i")))
    with jax.set_mesh(mesh):
        return rounded(jax.jit(jax.shard_map(program, out_specs=jax.sharding.PartitionSpec("i"), check_vma=False))(x))


def windows_outside():
    """A window of updates that does not lie inside as a whole changes nothing."""
    numbers = jax.lax.ScatterDimensionNumbers(update_window_dims=(1,), inserted_window_dims=(),
                                              scatter_dims_to_operand_dims=(0,))
    add = jax.jit(lambda x, i, u: jax.lax.scatter_add(x, i, u, numbers, mode="drop"))
    return rounded(add(jnp.zeros(6), jnp.array([[4], [5], [-1]]), jnp.arange(1.0, 7.0).reshape(3, 2)))


FEATURES = (donation, donation_misused, odd_arrays, other_devices, threads, pure_callback, ordered_effects,
            failing_callback, nested_callback, linear_algebra, dlpack, persistent_cache, saved_partitions,
            compiler_options, small_types, cost_analysis, custom_partitioning, inspection, windows_outside,
            narrow_callback, sparse_solver, platform_branches, meeting_callbacks,
            buffer_callback, handler_in_place, control_dependencies, pallas_interpreted)


def main():
    results = {"platform": jax.devices()[0].platform}
    for feature in FEATURES:
        try:
            results[feature.__name__] = feature()
        except Exception as error:
            results[feature.__name__] = f"{type(error).__name__}: {error}"[:400]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
