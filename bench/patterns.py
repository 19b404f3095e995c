# SPDX-License-Identifier: Apache-2.0
"""Measures what array programs are made of, one idiom at a time, against XLA:CPU.

    build/venv/bin/python bench/patterns.py [--only TEXT,...] [--rounds N] [--seconds S]
                                            [--threads N] [--json FILE] [--page FILE]

Every program is written as a user of JAX would write it and compiled in the form that JAX lowers
it to. In each round XLA runs for a while, then Skarn (`skarn bench`); the least time of all rounds
counts, XLA's less that of an identity call. Both sides get the arrays of `--random 1`, and the
results must agree. Ratios above 1 say how many times faster Skarn is; the table begins with the
worst.

--page writes the table as a page (docs/idioms.md), --from FILE makes it of lines that --json wrote.

The process is confined to as many CPUs as there are threads (default 1).
"""

import argparse
import dataclasses
import functools
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "examples" / "programs"))
SKARN = pathlib.Path(os.environ.get("SKARN_BIN", ROOT / "build" / "skarn"))
SEED = 1
MOST_CALLS = 2000
PATIENCE_SECONDS = 20

PROGRAMS = []


@dataclasses.dataclass
class Program:
    name: str
    function: object
    avals: tuple


def program(*shapes, name=None):
    """Registers a function of arrays; a shape is ("f32", dims...)."""

    def register(function):
        PROGRAMS.append(Program(name or function.__name__, function, shapes))
        return function

    return register


def define():
    """The programs. JAX is imported here, after the CPUs have been chosen."""
    import jax
    import jax.numpy as jnp
    from jax import lax

    rows = ("f32", 1024, 1024)
    long = ("f32", 1 << 20)

    def each(functions, *shapes):
        for name, function in functions.items():
            program(*shapes, name=name)(function)

    # ---- prefixes
    each({"cumsum_long": jnp.cumsum}, long)
    each({"cumsum_rows": lambda x: jnp.cumsum(x, 1), "cumsum_columns": lambda x: jnp.cumsum(x, 0),
          "cumprod_rows": lambda x: jnp.cumprod(x, 1), "cummax_rows": lambda x: lax.cummax(x, 1),
          "cumsum_reverse": lambda x: lax.cumsum(x, 1, reverse=True),
          "cumsum_grad": jax.grad(lambda x: (jnp.cumsum(x, 1) ** 2).sum())}, rows)
    each({"cumlogsumexp_rows": lambda x: lax.cumlogsumexp(x, 1)}, ("f32", 256, 1024))
    each({"cumsum_i32": lambda x: jnp.cumsum(x, 1)}, ("i32", 1024, 1024))

    @program(("f32", 256, 1024), ("f32", 256, 1024))
    def associative_scan(a, b):
        def combine(x, y):
            return x[0] * y[0], x[1] * y[0] + y[1]
        return lax.associative_scan(combine, (a, b), axis=1)

    # ---- order
    each({"argmax_rows": lambda x: jnp.argmax(x, 1), "argmin_columns": lambda x: jnp.argmin(x, 0),
          "max_and_argmax": lambda x: (x.max(1), jnp.argmax(x, 1))}, rows)
    each({"argmax_long": jnp.argmax}, long)
    each({"top_k_rows": lambda x: lax.top_k(x, 10)}, ("f32", 64, 10000))
    each({"top_k_long": lambda x: lax.top_k(x, 100)}, ("f32", 200000))
    each({"sort_long": jnp.sort, "argsort_long": jnp.argsort, "median": jnp.median},
         ("f32", 1 << 17))
    each({"sort_rows": lambda x: jnp.sort(x, 1), "argsort_rows": lambda x: jnp.argsort(x, 1),
          "sort_descending": lambda x: jnp.sort(x, 1, descending=True)}, ("f32", 512, 256))
    each({"sort_columns": lambda x: jnp.sort(x, 0)}, ("f32", 256, 512))
    each({"lexsort": lambda a, b: jnp.lexsort((a, b))}, ("f32", 1 << 16), ("i32", 1 << 16))
    each({"searchsorted": lambda a, v: jnp.searchsorted(jnp.sort(a), v)}, ("f32", 1024),
         ("f32", 1 << 16))

    # ---- random numbers
    def keyed(draw):
        return lambda seed: draw(jax.random.wrap_key_data(seed))

    each({"random_bits": keyed(lambda k: jax.random.bits(k, (1 << 18,))),
          "random_uniform": keyed(lambda k: jax.random.uniform(k, (1 << 18,))),
          "random_normal": keyed(lambda k: jax.random.normal(k, (1 << 18,))),
          "random_bernoulli": keyed(lambda k: jax.random.bernoulli(k, 0.1, (1 << 18,))),
          "random_split": keyed(lambda k: jax.random.key_data(jax.random.split(k, 1000))),
          "random_permutation": keyed(lambda k: jax.random.permutation(k, 1 << 15))}, ("u32", 2))
    each({"random_categorical":
          lambda s, x: jax.random.categorical(jax.random.wrap_key_data(s), x)},
         ("u32", 2), ("f32", 256, 1000))

    # ---- normalisations
    def layer_norm(x, g, b):
        mean = x.mean(-1, keepdims=True)
        var = x.var(-1, keepdims=True)
        return (x - mean) * lax.rsqrt(var + 1e-5) * g + b

    def rms_norm(x, g):
        return x * lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-5) * g

    def batch_norm(x, g, b):
        mean, var = x.mean((0, 1, 2)), x.var((0, 1, 2))
        return (x - mean) * lax.rsqrt(var + 1e-5) * g + b

    def cubes(f, count):
        return jax.grad(lambda *a: (f(*a) ** 3).sum(), argnums=tuple(range(count)))

    each({"softmax": lambda x: jax.nn.softmax(x, 1),
          "log_softmax": lambda x: jax.nn.log_softmax(x, 1),
          "logsumexp": lambda x: jax.nn.logsumexp(x, 1),
          "softmax_columns": lambda x: jax.nn.softmax(x, 0),
          "softmax_grad": cubes(lambda x: jax.nn.softmax(x, 1), 1),
          "logsumexp_grad": jax.grad(lambda x: jax.nn.logsumexp(x, 1).sum())}, rows)
    each({"cross_entropy_grad": jax.grad(
        lambda x, t: -jnp.take_along_axis(jax.nn.log_softmax(x, 1), t[:, None], 1).mean())},
        rows, ("i32", 1024))
    each({"layer_norm": layer_norm, "layer_norm_grad": cubes(layer_norm, 3)},
         rows, ("f32", 1024), ("f32", 1024))
    each({"rms_norm": rms_norm, "rms_norm_grad": cubes(rms_norm, 2)}, rows, ("f32", 1024))
    each({"batch_norm": batch_norm, "batch_norm_grad": cubes(batch_norm, 3)},
         ("f32", 16, 32, 32, 64), ("f32", 64), ("f32", 64))
    each({"variance_rows": lambda x: jnp.var(x, 1), "std_columns": lambda x: jnp.std(x, 0),
          "covariance": lambda x: jnp.cov(x[:256], rowvar=True)}, rows)
    each({"variance_long": jnp.var}, long)

    # ---- indexing
    each({"one_hot": lambda t: jax.nn.one_hot(t, 256)}, ("i32", 4096))
    each({"one_hot_dot": lambda t, w: jax.nn.one_hot(t, 256) @ w}, ("i32", 4096), ("f32", 256, 64))
    each({"take_along_axis": lambda x, i: jnp.take_along_axis(x, i, 1)}, rows, ("i32", 1024, 64))

    def ids(u, count):
        return (u * count).astype(jnp.int32)

    def lookup(table, u):
        return table[ids(u, 10000)]

    each({"embedding": lookup, "embedding_grad": cubes(lookup, 1)}, ("f32", 10000, 128),
         ("f32", 4096))
    each({"segment_sum": lambda x, u: jax.ops.segment_sum(x, ids(u, 1000), 1000),
          "segment_max": lambda x, u: jax.ops.segment_max(x, ids(u, 1000), 1000),
          "scatter_add": lambda x, u: jnp.zeros(1000).at[ids(u, 1000)].add(x),
          "gather": lambda x, u: x[ids(u, 1 << 18)]}, ("f32", 1 << 18), ("f32", 1 << 18))
    each({"segment_sum_rows": lambda x, u: jax.ops.segment_sum(x, ids(u, 1000), 1000)},
         ("f32", 16384, 64), ("f32", 16384))
    each({"bincount": lambda u: jnp.bincount(ids(u, 256), length=256)}, ("f32", 1 << 18))

    # ---- loops
    each({"scan_stacking": lambda x: lax.scan(lambda c, _: (c * 0.9 + x, jnp.sin(c)), x, None,
                                              length=1000)}, ("f32", 256))
    each({"scan_consuming": lambda x: lax.scan(lambda c, r: (c * 0.5 + r, None), x[0], x)[0],
          "scan_both": lambda x: lax.scan(lambda c, r: (c * 0.5 + r, c - r), x[0], x)}, rows)
    each({"scan_scalar": lambda x: lax.scan(lambda c, r: (c * 0.5 + r,) * 2, 0.0, x)},
         ("f32", 100000))

    @program(("f32", 64, 32, 128), ("f32", 128, 128), ("f32", 128, 128))
    def scan_rnn_grad(xs, w, u):
        def loss(w, u):
            def step(h, x):
                h = jnp.tanh(h @ w + x @ u)
                return h, h
            return (lax.scan(step, jnp.zeros((32, 128)), xs)[1] ** 2).sum()
        return jax.grad(loss, argnums=(0, 1))(w, u)

    each({"update_rows": lambda x, r: lax.fori_loop(
        0, 1000, lambda i, a: a.at[i].set(a[i] * 0.5 + r), x)}, rows, ("f32", 1024))

    # ---- shifts and masks
    def laplacian(x):
        return (jnp.roll(x, 1, 0) + jnp.roll(x, -1, 0) + jnp.roll(x, 1, 1) + jnp.roll(x, -1, 1)
                - 4 * x)

    def heat(x):
        inner = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:] - 4 * x[1:-1, 1:-1]
        return x.at[1:-1, 1:-1].add(0.1 * inner)

    each({"roll": lambda x: jnp.roll(x, 37, 1), "diff": lambda x: jnp.diff(x, axis=1),
          "laplacian_roll": laplacian, "stencil_slices": heat,
          "gradient": lambda x: jnp.gradient(x), "flip_rows": lambda x: x[:, ::-1] * 2,
          "flip_columns": lambda x: x[::-1] * 2, "tril": jnp.tril, "transpose": lambda x: x.T + 1,
          "triu_mask_add": lambda x: x + jnp.triu(jnp.full(x.shape, -1e9), 1),
          "moving_average": lambda x: jnp.convolve(x[0], jnp.ones(16) / 16, "same"),
          "pad_reflect": lambda x: jnp.pad(x, 8, mode="reflect"),
          "concatenate": lambda x: jnp.concatenate([x * 2, x + 1, x], 1),
          "repeat": lambda x: jnp.repeat(x[:256], 4, 0), "tile": lambda x: jnp.tile(x[:256], (4, 1))},
         rows)
    each({"heat_steps": lambda x: lax.fori_loop(0, 50, lambda _, a: heat(a), x),
          "laplacian_steps": lambda x: lax.fori_loop(0, 50, lambda _, a: a + 0.1 * laplacian(a), x)},
         ("f32", 256, 256))

    @program(("f32", 8, 256, 64), ("f32", 8, 256, 64), ("f32", 8, 256, 64))
    def causal_attention(q, k, v):
        scores = jnp.einsum("hqd,hkd->hqk", q, k) / math.sqrt(64)
        mask = jnp.tril(jnp.ones((256, 256), bool))
        return jnp.einsum("hqk,hkd->hqd", jax.nn.softmax(jnp.where(mask, scores, -1e9), -1), v)

    each({"max_pool": lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1),
                                                  "VALID"),
          "avg_pool_same": lambda x: lax.reduce_window(x, 0.0, lax.add, (1, 3, 3, 1), (1, 1, 1, 1),
                                                       "SAME"),
          "max_pool_grad": jax.grad(lambda x: (lax.reduce_window(
              x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID") ** 2).sum())},
         ("f32", 8, 64, 64, 32))

    # ---- small linear algebra, in batches
    def definite(x):
        return jnp.einsum("bij,bkj->bik", x, x) + jnp.eye(x.shape[-1])

    each({"matmul_4x4": lambda x, y: x @ y}, ("f32", 20000, 4, 4), ("f32", 20000, 4, 4))
    each({"matvec_8x8": lambda x, y: jnp.einsum("bij,bj->bi", x, y)}, ("f32", 20000, 8, 8),
         ("f32", 20000, 8))
    each({"cholesky_8x8": lambda x: lax.linalg.cholesky(definite(x)),
          "triangular_solve_8x8": lambda x: lax.linalg.triangular_solve(
              jnp.tril(x) + jnp.eye(8), x, left_side=True, lower=True),
          "norm_8x8": lambda x: jnp.linalg.norm(x, axis=(1, 2)),
          "trace_8x8": lambda x: jnp.trace(x, axis1=1, axis2=2)}, ("f32", 4096, 8, 8))
    each({"cross_3": lambda x, y: jnp.cross(x, y), "distances": lambda x, y: jnp.sqrt(
        ((x[:1024, None] - y[None, :1024]) ** 2).sum(-1))}, ("f32", 100000, 3), ("f32", 100000, 3))
    each({"det_3x3": jnp.linalg.det}, ("f32", 20000, 3, 3))


# ---- the two sides


def to_avals(shapes):
    import jax
    import numpy as np

    names = {"f32": np.float32, "i32": np.int32, "u32": np.uint32}
    return [jax.ShapeDtypeStruct(dims, names[kind]) for kind, *dims in shapes]


def microseconds(call):
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e3


def least_time(executable, arguments, seconds):
    import jax

    end = time.perf_counter() + seconds
    least, calls = math.inf, 0
    while calls < 2 or (time.perf_counter() < end and calls < MOST_CALLS):
        least = min(least, microseconds(lambda: jax.block_until_ready(executable(*arguments))))
        calls += 1
    return least


@functools.cache
def identity(arguments, results):
    import jax
    import numpy as np

    small = [jax.device_put(np.zeros(1, np.float32)) for _ in range(arguments)]
    call = jax.jit(lambda *xs: [xs[i % arguments] for i in range(results)]).lower(*small).compile()
    return call, small


def skarn(path, threads, seconds, command="bench", *more):
    try:
        done = subprocess.run(
            [str(SKARN), command, str(path), "--random", str(SEED), "--threads", str(threads),
             "--json", *(["--seconds", f"{seconds:g}"] if command == "bench" else []), *more],
            capture_output=True, text=True, timeout=PATIENCE_SECONDS,
            env={k: v for k, v in os.environ.items() if not k.startswith("SKARN_")})
    except subprocess.TimeoutExpired:
        return {"error": f"not done after {PATIENCE_SECONDS} s"}
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [""]
        return {"error": f"exit {done.returncode}: {last[0].replace(str(path), path.name)[:200]}"}
    return json.loads(done.stdout)


def disagreement(directory, outputs):
    """What is wrong with the results that Skarn saved, or None."""
    import numpy as np

    for i, want in enumerate(outputs):
        want = np.asarray(want)
        have = np.load(directory / f"out{i}.npy").view(want.dtype).reshape(want.shape)
        if want.dtype.kind == "f":
            scale = np.abs(want[np.isfinite(want)]).max(initial=1e-30)
            if not np.allclose(have, want, rtol=1e-4, atol=1e-4 * scale, equal_nan=True):
                return f"result {i} differs by {np.nanmax(np.abs(have - want)):.3g} of {scale:.3g}"
        elif not np.array_equal(have, want):
            return f"result {i} differs at {int((have != want).sum())} elements"
    return None


def measure(p, options, directory):
    import inputs
    import jax

    avals = to_avals(p.avals)
    arguments = [jax.device_put(a) for a in inputs.arguments(SEED, avals)]
    path = directory / (p.name + ".mlir")
    lowered = jax.jit(p.function).lower(*avals)
    path.write_text(lowered.as_text())
    row = {"name": p.name, "xla_compile_us": microseconds(lowered.compile), "error": None}
    executable = lowered.compile()
    outputs = jax.tree.leaves(jax.block_until_ready(executable(*arguments)))
    empty, small = identity(len(arguments), len(outputs))
    saved = skarn(path, options.threads, 0, "run", "--save", str(directory / "out"))
    row["error"] = saved.get("error") or disagreement(directory / "out", outputs)
    xla, none, own, own_compile = [], [], [], []
    for _ in range(options.rounds):
        xla.append(least_time(executable, arguments, options.seconds))
        none.append(least_time(empty, small, options.seconds / 10))
        if "error" in saved:
            break
        line = skarn(path, options.threads, options.seconds)
        if "error" in line:
            row["error"] = line["error"]
            break
        own.append(line["min_us"])
        own_compile.append(line["warm_total_min_us"])
        row["kernels"] = line["kernels"]
    row["xla_us"] = max(min(xla) - min(none), 0.1)
    row["skarn_us"] = min(own, default=None)
    row["skarn_compile_us"] = min(own_compile, default=None)
    return row


# ---- the table


def ratio(row):
    return row["xla_us"] / row["skarn_us"] if row["skarn_us"] else 0.0


def table(rows):
    lines = ["| program | XLA us | Skarn us | run | XLA compile ms | Skarn compile ms | compile | |",
             "|---|---:|---:|---:|---:|---:|---:|---|"]
    for row in sorted(rows, key=ratio):
        if not row["skarn_us"]:
            lines.append(f"| {row['name']} | {row['xla_us']:.1f} | - | - | - | - | - | {row['error']} |")
            continue
        lines.append(
            f"| {row['name']} | {row['xla_us']:.1f} | {row['skarn_us']:.1f} | {ratio(row):.2f} | "
            f"{row['xla_compile_us'] / 1e3:.1f} | {row['skarn_compile_us'] / 1e3:.3f} | "
            f"{row['xla_compile_us'] / row['skarn_compile_us']:.0f} | {row['error'] or ''} |")
    good = [ratio(row) for row in rows if row["skarn_us"]]
    if good:
        mean = math.exp(sum(map(math.log, good)) / len(good))
        lines.append(f"\n{len(good)} programs, geometric mean {mean:.2f}, "
                     f"{sum(r < 1 for r in good)} slower than XLA")
    return "\n".join(lines)


def page(rows, options):
    import run

    m = run.machine()
    return f"""# Idioms of array programs, measured

Made by `build/venv/bin/python bench/patterns.py --page docs/idioms.md`: what array programs are made of, written as users of JAX
write it, compiled by Skarn in the form that JAX lowers it to, and by XLA:CPU. Least times of {options.rounds} rounds in which the sides take
turns, {options.threads} thread{"s" if options.threads > 1 else ""}, XLA's less that of an identity call; all results agree. Ratios say how many times faster Skarn is.

{m["cpu"]}, {m["family"]}, {m["vectors"]}; jaxlib {m["jaxlib"]}; {m["date"]}. Machines in use by others: ratios of a fifth either way mean
nothing.

{table(rows)}
"""


def show(rows, options):
    print(table(rows))
    if options.page:
        pathlib.Path(options.page).write_text(page(rows, options))


def main():
    parser = argparse.ArgumentParser(description="measure idioms of array programs against XLA")
    parser.add_argument("--only", default="", help="parts of names, separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a batch of calls")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", help="file for one line per program")
    parser.add_argument("--page", help="file for the table as a page")
    parser.add_argument("--from", dest="lines", help="file of --json: measure nothing")
    parser.add_argument("--keep", help="directory for the programs as text")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.threads])
    os.environ["JAX_ENABLE_COMPILATION_CACHE"] = "false"
    os.environ["JAX_PLATFORMS"] = "cpu"
    if options.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if options.lines:
        with open(options.lines) as file:
            show([json.loads(line) for line in file], options)
        return
    define()
    wanted = [p for p in PROGRAMS if any(part in p.name for part in options.only.split(","))]
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        directory = pathlib.Path(options.keep or scratch)
        for p in wanted:
            print(p.name, file=sys.stderr, flush=True)
            rows.append(measure(p, options, directory))
            if options.json:
                with open(options.json, "a") as file:
                    print(json.dumps(rows[-1]), file=file)
    show(rows, options)


if __name__ == "__main__":
    main()
