# SPDX-License-Identifier: Apache-2.0
"""Functions of arrays, Skarn against a library: what numpy_ops.py and torch_ops.py share.

A row calls one function of the library and the same one of JAX, which Skarn compiles and runs on
the same arrays (`skarn run --input`). Both sides run on one thread of one CPU, in turns; the least
time counts, and the results must agree.
"""

import argparse
import dataclasses
import json
import math
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SKARN = pathlib.Path(os.environ.get("SKARN_BIN", ROOT / "build" / "skarn"))
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclasses.dataclass
class Row:
    name: str
    peers: dict  # by column: makes of the arguments a call that returns a NumPy array or a list of them
    jax: object
    arguments: tuple  # NumPy arrays


def least_time(call, seconds):
    end, least, calls = time.perf_counter() + seconds, math.inf, 0
    while calls < 2 or time.perf_counter() < end:
        start = time.perf_counter_ns()
        call()
        least = min(least, (time.perf_counter_ns() - start) / 1e3)
        calls += 1
    return least


def skarn(command, path, *more):
    done = subprocess.run([str(SKARN), command, str(path), "--threads", "1", "--json", *more],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1][:200])
    return json.loads(done.stdout)


def agree(want, path):
    """Whether the result that Skarn saved is the library's, whose integers and floats may be wider."""
    import numpy as np

    have = np.load(path).reshape(want.shape)
    if want.dtype.kind not in "fc":
        return np.array_equal(have, want)
    tolerance = 1e-3 if have.dtype in (np.float32, np.complex64) else 1e-9
    scale = np.abs(want[np.isfinite(want)]).max(initial=1e-30)
    return np.allclose(have, want, rtol=tolerance, atol=tolerance * scale, equal_nan=True)


def measure(row, options, directory):
    import jax
    import numpy as np

    path = directory / "program.mlir"
    path.write_text(jax.jit(row.jax).lower(*row.arguments).as_text())
    inputs = []
    for i, argument in enumerate(row.arguments):
        np.save(directory / f"in{i}.npy", argument)
        inputs += ["--input", str(directory / f"in{i}.npy")]
    skarn("run", path, *inputs, "--save", str(directory / "out"))
    calls = {column: make(*row.arguments) for column, make in row.peers.items()}
    agrees = True
    for call in calls.values():
        want = call()
        want = want if isinstance(want, list) else [want]
        agrees = agrees and all(
            agree(np.asarray(w), directory / "out" / f"out{i}.npy") for i, w in enumerate(want))
    times = {column: [] for column in (*calls, "Skarn")}
    for _ in range(options.rounds):
        for column, call in calls.items():
            times[column].append(least_time(call, options.seconds))
        fastest = min(times[column][-1] for column in calls)
        count = max(3, min(2000, int(options.seconds * 1e6 / fastest)))
        times["Skarn"].append(skarn("run", path, *inputs, "--repeat", str(count))["min_us"])
    return {"name": row.name, "agrees": bool(agrees),
            **{column: min(values) for column, values in times.items()}}


def table(rows, columns):
    """Rows by ratio: the fastest of the columns over Skarn's time."""
    lines = ["| function | " + " | ".join(f"{column} us" for column in columns) + " | Skarn us | ratio | |",
             "|---|" + "---:|" * (len(columns) + 2) + "---|"]
    ratios = [min(row[column] for column in columns) / row["Skarn"] for row in rows]
    for ratio, row in sorted(zip(ratios, rows), key=lambda pair: pair[0]):
        times = " | ".join(f"{row[column]:.1f}" for column in (*columns, "Skarn"))
        lines.append(f"| {row['name']} | {times} | {ratio:.2f} | "
                     f"{'' if row['agrees'] else 'results differ'} |")
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    lines.append(f"\n{len(rows)} functions, geometric mean {mean:.2f}, "
                 f"{sum(ratio < 0.95 for ratio in ratios)} below 0.95.")
    return "\n".join(lines)


def conditions():
    """The sentence about the machine and the day."""
    import run

    m = run.machine()
    return (f"{m['cpu']}, {m['family']}, {m['vectors']};\n{m['date']}; "
            f"load average {m['load']:.0f} on {os.cpu_count()} CPUs.")


def main(library, columns, define, heading):
    """The command: `define()` gives the rows, `heading(options)` what the page says above the table."""
    parser = argparse.ArgumentParser(description=f"measure functions of arrays against {library}")
    parser.add_argument("--only", default="", help="parts of names, separated by commas")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a batch of calls")
    parser.add_argument("--page", type=pathlib.Path, help="file for the table as a page")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-1:])
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"), JAX_PLATFORMS="cpu", JAX_ENABLE_X64="1")
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        for row in define():
            if any(part in row.name for part in options.only.split(",")):
                rows.append(measure(row, options, pathlib.Path(directory)))
    print(table(rows, columns))
    if options.page:
        options.page.write_text(f"{heading(options)}\n{table(rows, columns)}\n")
    return 0 if all(row["agrees"] for row in rows) else 1
