# SPDX-License-Identifier: Apache-2.0
"""XLA:CPU's side of the comparison: a process that compiles and runs one program on request.

It reads one JSON object per line on stdin and answers each with one on stdout, so that run.py
can take turns between XLA and Skarn. Requests, by "do":

    load       {"program": NAME, "seed": N, "run": BOOL}
                                              lowers and compiles once, runs once (warm-up)
               -> {"outputs": count, "trips": iterations of a data-dependent loop or null,
                   "ops": {...}, ...}         the work in the program: see roofline.py
               {"path": FILE, ...} in place of "program" takes StableHLO text
    save       {"path": FILE}                 writes the program as text -> {}
    compare    {"directory": D}               Skarn's out0.npy, out1.npy, ... with XLA's results
               -> {"difference": largest, as a share of its result's largest magnitude,
                   "tolerance": what the program allows}
    compile    {}                             -> {"us": one compilation}
    run        {"seconds": S, "most": N}      -> {"us": [per call], "identity_us": [per call],
                                                  "faults": minor page faults per call}
    memory     {}                             -> {"peak_kb": most resident memory so far}

A compilation is `lowered.compile()` of a fresh lowering after clearing every cache: XLA's work
and the hand-over of the module, without tracing and lowering. A call is made from Python with
arguments on the device and waited for. The identity call has as many arguments and results as
the program, of one element each: what JAX and the run-time cost without any computation.
"""

import json
import math
import os
import pathlib
import resource
import sys
import time

os.environ["JAX_ENABLE_COMPILATION_CACHE"] = "false"
os.environ["JAX_PLATFORMS"] = "cpu"
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "examples" / "programs"))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from jax._src import compiler  # noqa: E402
from jax._src.interpreters import mlir  # noqa: E402
from jaxlib import _jax  # noqa: E402
from jaxlib.mlir import ir  # noqa: E402

import inputs  # noqa: E402
import programs  # noqa: E402
import roofline  # noqa: E402
import wide  # noqa: E402

# How MLIR and NumPy spell element types; the first that matches.
DTYPES = (("i16", "int16"), ("i1", "bool"), ("ui", "uint"), ("i", "int"), ("f", "float"), ("bf", "bfloat"))
FILE_TOLERANCE = 2e-2  # files hold bf16, and sums that either side orders its own way


def microseconds(call):
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e3


def find(name):
    return programs.BY_NAME.get(name) or wide.BY_NAME[name]


def difference(expected, got):
    """The largest one as a share of the largest magnitude; of integers, 1 where any differs."""
    if expected.shape != got.shape:
        return math.inf
    if expected.dtype.kind in "iub":
        return float(np.any(expected != got))
    wide_type = np.complex128 if expected.dtype.kind == "c" else np.float64
    a, b = expected.astype(wide_type), got.astype(wide_type)
    odd = ~np.isfinite(a)
    if np.any(odd != ~np.isfinite(b)) or np.any(a[odd & ~np.isnan(a)] != b[odd & ~np.isnan(a)]):
        return math.inf
    magnitude = np.max(np.abs(a[~odd]), initial=0.0)
    return float(np.max(np.abs(a[~odd] - b[~odd]), initial=0.0) / (magnitude or 1.0))


class TextProgram:
    """A file of StableHLO with the interface of programs.Program."""

    tolerance, trips_output, loop_trips = FILE_TOLERANCE, None, 1

    def __init__(self, path):
        self.text = pathlib.Path(path).read_text()
        with mlir.make_ir_context():
            main = next(op for op in self._parse().body.operations
                        if op.attributes["sym_name"].value == "main")
            self.avals = [_aval(t) for t in main.type.inputs]

    def _parse(self):
        return ir.Module.parse(self.text)

    def flat_avals(self):
        return self.avals

    def pack(self, flat):
        return flat

    def lower(self):
        return _LoweredText(self.text)


class _LoweredText:
    """Parsing is left out of compile(), as it is where JAX hands its module over in memory."""

    def __init__(self, text):
        self.text = text
        with mlir.make_ir_context():
            self.module = ir.Module.parse(text)

    def as_text(self):
        return self.text

    def compiler_ir(self):
        return self.module

    def compile(self):
        device = jax.devices()[0]
        loaded = compiler.backend_compile_and_load(
            device.client, self.module, _jax.DeviceList((device,)),
            compiler.get_compile_options(num_replicas=1, num_partitions=1), [])

        def call(*arguments):
            shards = loaded.execute_sharded(list(arguments))
            return [part[0] for part in shards.disassemble_into_single_device_arrays()]

        return call


def _aval(kind):
    dtype = str(kind.element_type)
    for short, long in DTYPES:
        if dtype.startswith(short):
            dtype = long + dtype[len(short):]
            break
    return jax.ShapeDtypeStruct(kind.shape, jnp.dtype(dtype))


class Worker:
    def load(self, seed, program=None, path=None, run=True):
        self.program = TextProgram(path) if path else find(program)
        avals = self.program.flat_avals()
        lowered = self.program.lower()
        executable = lowered.compile()
        self.text = lowered.as_text()
        if not run:
            return {}
        self.arguments = self.program.pack(
            [jax.device_put(a) for a in inputs.arguments(seed, avals)])
        self.executable = executable
        self.outputs = jax.tree.leaves(jax.block_until_ready(executable(*self.arguments)))
        trips = getattr(self.program, "loop_trips", None)
        if self.program.trips_output is not None:
            trips = int(self.outputs[self.program.trips_output])
        self._make_identity(len(avals), len(self.outputs))
        return {"outputs": len(self.outputs), "trips": trips,
                **roofline.work(lowered.compiler_ir(), trips)}

    def save(self, path):
        pathlib.Path(path).write_text(self.text)
        return {}

    def compare(self, directory):
        worst = 0.0
        for i, expected in enumerate(self.outputs):
            expected = np.asarray(expected)
            got = np.load(pathlib.Path(directory) / f"out{i}.npy")
            worst = max(worst, difference(expected, got.view(expected.dtype)))
        return {"difference": worst, "tolerance": getattr(self.program, "tolerance", 1e-4)}

    def _make_identity(self, arguments, results):
        def identity(*xs):
            return [xs[i % arguments] for i in range(results)]

        self.small = [jax.device_put(np.zeros(1, np.float32)) for _ in range(arguments)]
        self.identity = jax.jit(identity).lower(*self.small).compile()
        jax.block_until_ready(self.identity(*self.small))

    def compile(self):
        jax.clear_caches()
        lowered = self.program.lower()
        return {"us": microseconds(lowered.compile)}

    def run(self, seconds, most):
        def sample(executable, arguments, seconds):
            times = []
            end = time.perf_counter() + seconds
            while not times or (time.perf_counter() < end and len(times) < most):
                times.append(microseconds(lambda: jax.block_until_ready(executable(*arguments))))
            return times

        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        times = sample(self.executable, self.arguments, seconds)
        faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        return {"us": times, "faults": faults / len(times),
                "identity_us": sample(self.identity, self.small, seconds / 10)}

    def memory(self):
        """Of this image alone; ru_maxrss would begin with that of the process that started it."""
        status = pathlib.Path("/proc/self/status").read_text()
        return {"peak_kb": int(status.split("VmHWM:")[1].split()[0])}


def main():
    # Answers go to the pipe alone; whatever else is printed goes to stderr.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    jnp.zeros(1).block_until_ready()
    worker = Worker()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(worker, request.pop("do"))(**request)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
