#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What JAX's calls of small programs cost on Skarn and on XLA:CPU, in one process.

    JAX_PLATFORMS=cpu,skarn python bench/jax_calls.py [--rounds 300] [--processes 5] [--json]

Calls: one round times a batch of each call on each backend, in turns; the figure is the least of all
rounds, and the median of all processes: where things lie in memory makes 5 % between two. Compiling: `lower(...).compile()` of 20 programs; Skarn's own share is the time of its stages,
which a profile of another pass tells.
"""
import argparse
import glob
import json
import statistics
import subprocess
import sys
import tempfile
import time

import jax
import jax.numpy as jnp
import numpy as np

BATCH = 50
STAGES = ("parse", "verify", "inline", "refine", "expand", "simplify", "numerics", "fuse", "lower", "schedule",
          "vectorise", "gen", "image")


def calls_of(device):
    """Name -> a call on the device."""
    with jax.default_device(device):
        one = jax.jit(lambda x: x + 1)
        ten = jax.jit(lambda *xs: tuple(x + 1 for x in xs))
        total = jax.jit(lambda *xs: sum(xs))
        x = jax.device_put(np.float32(1), device)
        v = jax.device_put(np.ones(100, np.float32), device)
        xs = [jax.device_put(np.float32(i), device) for i in range(10)]
        h = np.ones(100, np.float32)
        calls = {
            "scalar + 1": lambda: one(x),
            "the same, and `block_until_ready`": lambda: one(x).block_until_ready(),
            "10 arguments, 10 results": lambda: ten(*xs),
            "10 arguments, 1 result": lambda: total(*xs),
            "`np.asarray(f(x))`, scalar": lambda: np.asarray(one(x)),
            "`np.asarray(f(v))`, f32[100]": lambda: np.asarray(one(v)),
            "f(v), v of numpy, f32[100]": lambda: one(h),
        }
        for call in calls.values():
            jax.block_until_ready(call())
    return calls


def time_calls(devices, rounds):
    """Name -> least us of a call by platform."""
    calls = {name: calls_of(device) for name, device in devices.items()}
    least = {}
    for _ in range(rounds):
        for what in calls["skarn"]:
            for name, device in devices.items():
                call = calls[name][what]
                with jax.default_device(device):
                    begin = time.perf_counter()
                    for _ in range(BATCH):
                        call()
                    us = (time.perf_counter() - begin) / BATCH * 1e6
                row = least.setdefault(what, {})
                row[name] = min(row.get(name, us), us)
    return least


# ---- compiling

def mlp(x, w):
    for _ in range(3):
        x = jax.nn.gelu(x @ w) + x
    return x


def attention(q, k, v):
    return jax.nn.softmax(q @ k.T / 8) @ v


def programs():
    """(function, shapes): ten functions, each for itself and with its gradient."""
    a, b = jax.ShapeDtypeStruct((64, 64), "float32"), jax.ShapeDtypeStruct((64,), "float32")
    functions = [
        (lambda x: x + 1, (a,)), (mlp, (a, a)), (attention, (a, a, a)), (jax.nn.log_softmax, (a,)),
        (lambda x: jnp.sort(x, axis=-1).sum(0), (a,)), (lambda x: jax.lax.cumsum(x, axis=0), (a,)),
        (lambda x, y: jnp.where(x > y, jnp.tanh(x), y), (a, b)), (lambda x: (x - x.mean(0)) / x.std(0), (a,)),
        (lambda x: jax.lax.fori_loop(0, 5, lambda i, c: jnp.sin(c) * i, x), (b,)),
        (lambda x: jnp.linalg.norm(x @ x.T), (a,))]
    for function, shapes in functions:
        yield function, shapes
        yield jax.grad(lambda *xs, f=function: jnp.sum(f(*xs) ** 2)), shapes


def compile_all(device):
    """Seconds of lower() and of compile(), each program's, with nothing cached."""
    jax.clear_caches()
    lower = compile_ = 0.0
    with jax.default_device(device):
        for function, shapes in programs():
            begin = time.perf_counter()
            lowered = jax.jit(function).lower(*shapes)
            middle = time.perf_counter()
            lowered.compile()
            lower += middle - begin
            compile_ += time.perf_counter() - middle
    return lower, compile_


def own_seconds(device):
    """Of Skarn's stages, in one pass."""
    with tempfile.TemporaryDirectory() as directory:
        with jax.profiler.trace(directory):
            compile_all(device)
        (path,) = glob.glob(directory + "/**/*.xplane.pb", recursive=True)
        planes = jax.profiler.ProfileData.from_file(path).planes
        return sum(event.duration_ns for plane in planes if plane.name.endswith("Skarn") for line in plane.lines
                   for event in line.events if event.name.split()[0] in STAGES) / 1e9


def time_compiling(devices, rounds):
    samples = {name: [] for name in devices}
    for _ in range(rounds):
        for name, device in devices.items():
            samples[name].append(compile_all(device))
    figures = {name: [min(column) * 1e3 for column in zip(*rows)] for name, rows in samples.items()}
    own = min(own_seconds(devices["skarn"]) for _ in range(2)) * 1e3
    return {"lower_ms": {name: f[0] for name, f in figures.items()},
            "compile_ms": {name: f[1] for name, f in figures.items()}, "own_ms": own,
            "own_share": own / (figures["skarn"][1] - own)}


def median_of(answers):
    """The same tree with the median of each figure."""
    if isinstance(answers[0], dict):
        return {key: median_of([answer[key] for answer in answers]) for key in answers[0]}
    return statistics.median(answers)


def measure(options):
    if options.processes > 1:
        words = [sys.executable, __file__, "--json", "--processes", "1", "--rounds", str(options.rounds),
                 "--compile-rounds", str(options.compile_rounds)]
        return median_of([json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)
                          for _ in range(options.processes)])
    devices = {name: jax.devices(name)[0] for name in ("skarn", "cpu")}
    return {"calls_us": time_calls(devices, options.rounds),
            "compiling": time_compiling(devices, options.compile_rounds) if options.compile_rounds else {}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--compile-rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
        return 0
    calls, compiling = figures["calls_us"], figures["compiling"]
    print("| us per call | Skarn | XLA:CPU | ratio |\n|---|---|---|---|")
    for what, us in calls.items():
        print(f"| {what} | {us['skarn']:.2f} | {us['cpu']:.2f} | {us['skarn'] / us['cpu']:.2f} |")
    if compiling:
        ms, lower = compiling["compile_ms"], compiling["lower_ms"]
        print(f"\n20 programs: lower {lower['skarn']:.0f} ms, compile {ms['skarn']:.1f} ms (XLA:CPU {ms['cpu']:.0f} ms); "
              f"of it Skarn's stages {compiling['own_ms']:.1f} ms, {100 * compiling['own_share']:.0f} % of the rest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
