#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Memory of the example programs: what Skarn plans for one execution, and what XLA:CPU does.

    build/venv/bin/python bench/memory.py [--threads N] [PROGRAM ...]

Temporaries are what one execution needs besides arguments, results and constants: Skarn's arena and
the scratch of all threads (`skarn compile --json`), XLA's temp_size_in_bytes (memory_analysis of the
compiled program). Peak is arguments, results that lie in no argument's place, and temporaries.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
os.environ["JAX_PLATFORMS"] = "cpu"
sys.path.insert(0, str(ROOT / "examples" / "programs"))

import programs  # noqa: E402

SKARN = os.environ.get("SKARN_BIN", str(ROOT / "build" / "skarn"))


def skarn_plan(lowered, threads):
    with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
        file.write(str(lowered.compiler_ir()))
        file.flush()
        out = subprocess.run([SKARN, "compile", file.name, "-o", os.devnull, "--json"], check=True,
                             capture_output=True, text=True).stdout
    line = json.loads(out)
    return line["arena_bytes"] + threads * line["scratch_bytes"], line["alias_bytes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("programs", nargs="*")
    args = parser.parse_args()
    print("| program | arguments | results | temporaries, XLA | Skarn | peak, XLA | Skarn | Skarn / XLA |")
    print("|:--|--:|--:|--:|--:|--:|--:|--:|")
    for name, program in programs.BY_NAME.items():
        if args.programs and name not in args.programs:
            continue
        lowered = program.lower()
        xla = lowered.compile().memory_analysis()
        temporaries, alias = skarn_plan(lowered, args.threads)
        fixed = xla.argument_size_in_bytes + xla.output_size_in_bytes
        peaks = (fixed - xla.alias_size_in_bytes + xla.temp_size_in_bytes, fixed - alias + temporaries)
        sizes = (xla.argument_size_in_bytes, xla.output_size_in_bytes, xla.temp_size_in_bytes, temporaries, *peaks)
        print(f"| `{name}` | " + " | ".join(f"{size / 1024:.1f} KiB" for size in sizes)
              + f" | {peaks[1] / peaks[0]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
