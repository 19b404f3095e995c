# SPDX-License-Identifier: Apache-2.0
"""XLA:CPU's side of the comparison: a process that compiles and runs one program on request.

It reads one JSON object per line on stdin and answers each with one on stdout, so that run.py
can take turns between XLA and Skarn. Requests, by "do":

    load       {"program": NAME, "seed": N}   lowers and compiles once, runs once (warm-up)
               -> {"outputs": count, "trips": iterations of a data-dependent loop or null,
                   "ops": {...}, ...}         the work in the program: see roofline.py
    compile    {}                             -> {"us": one compilation}
    run        {"seconds": S, "most": N}      -> {"us": [per call], "identity_us": [per call],
                                                  "faults": minor page faults per call}
    text       {"path": FILE}                 -> {"us": compilation of an MLIR text}
    memory     {}                             -> {"peak_kb": most resident memory so far}

A compilation is `lowered.compile()` of a fresh lowering after clearing every cache: XLA's work
and the hand-over of the module, without tracing and lowering. A call is made from Python with
arguments on the device and waited for. The identity call has as many arguments and results as
the program, of one element each: what JAX and the run-time cost without any computation.
"""

import json
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


def microseconds(call):
    start = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - start) / 1e3


class Worker:
    def load(self, program, seed):
        self.program = programs.BY_NAME[program]
        avals = self.program.flat_avals()
        self.arguments = self.program.pack(
            [jax.device_put(a) for a in inputs.arguments(seed, avals)])
        lowered = self.program.lower()
        self.executable = lowered.compile()
        outputs = jax.tree.leaves(jax.block_until_ready(self.executable(*self.arguments)))
        trips = None
        if self.program.trips_output is not None:
            trips = int(outputs[self.program.trips_output])
        self._make_identity(len(avals), len(outputs))
        return {"outputs": len(outputs), "trips": trips,
                **roofline.work(lowered.compiler_ir(), trips)}

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

    def text(self, path):
        """Parsing is left out, as it is where JAX hands its module over in memory."""
        with mlir.make_ir_context():
            module = ir.Module.parse(pathlib.Path(path).read_text())
            options = compiler.get_compile_options(num_replicas=1, num_partitions=1)
            device = jax.devices()[0]
            devices = _jax.DeviceList((device,))
            return {"us": microseconds(lambda: compiler.backend_compile_and_load(
                device.client, module, devices, options, []))}

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
