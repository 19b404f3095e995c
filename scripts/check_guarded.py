#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kernel of the conformance suites and the example programs, between inaccessible pages.

    check_guarded.py SKARN [EMULATOR]

`skarn test` runs the suites plainly and under --guard end and --guard start: every file must give
the same verdicts. `skarn run` runs each example program under both guards and compares it with a
plain run. With EMULATOR, the library tests/emu/preload makes, the suites run once more in code for
AVX-512. Exit status 77 when there are no conformance data, and the examples passed.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.environ.get("SKARN_CONFORMANCE", os.path.join(ROOT, "..", "shared", "conformance")),
                    "stablehlo")
SUITES = [os.path.join(DATA, name) for name in ("tests/interpret", "tests/math", "tests/chlo", "testdata")]
GUARDS = ("end", "start")
failures = []


def judge(skarn, options, env=None):
    """Verdicts by file."""
    done = subprocess.run([skarn, "test", "--json", *options, *SUITES], capture_output=True, text=True,
                          env={**os.environ, **(env or {})})
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines or "total" not in lines[-1]:
        sys.exit(f"skarn test {' '.join(options)} ended early ({done.returncode}):\n{done.stderr[-2000:]}")
    verdicts = {line["file"]: tuple(line[key] for key in ("passed", "failed", "skipped", "unsupported"))
                for line in lines[:-1]}
    return verdicts, done.stderr


def compare(what, plain, guarded, messages):
    for name, verdicts in plain.items():
        if guarded.get(name) != verdicts:
            said = "\n".join(line for line in messages.splitlines() if name in line)
            failures.append(f"{what}: {name}: {verdicts} plainly, {guarded.get(name)} guarded\n{said}")


def check_suites(skarn, emulator):
    plain, _ = judge(skarn, [])
    for guard in GUARDS:
        compare(guard, plain, *judge(skarn, ["--guard", guard]))
    if emulator:
        for guard in GUARDS:
            options = ["--isa", "v4", "--isa-unchecked", "--guard", guard]
            compare(f"v4, {guard}", plain, *judge(skarn, options, {"LD_PRELOAD": emulator}))
    passed = sum(verdicts[0] for verdicts in plain.values())
    print(f"{passed} segments of {len(plain)} files, guarded at end and start"
          f"{', v3 and v4' if emulator else ''}")


def check_examples(skarn):
    directory = os.path.join(ROOT, "examples", "programs")
    names = sorted(name for name in os.listdir(directory) if name.endswith(".mlir"))
    for name in names:
        for guard in GUARDS:
            done = subprocess.run([skarn, "run", "--random", "3", "--guard", guard, "--json",
                                   os.path.join(directory, name)], capture_output=True, text=True)
            if done.returncode:
                failures.append(f"{guard}: {name}: {done.stderr.strip()}")
    print(f"{len(names)} example programs, guarded at end and start")


def main():
    skarn = sys.argv[1]
    emulator = sys.argv[2] if len(sys.argv) > 2 and os.path.exists(sys.argv[2]) else None
    check_examples(skarn)
    have_data = os.path.isdir(os.path.join(DATA, "testdata"))
    if have_data:
        check_suites(skarn, emulator)
    for failure in failures:
        print(failure)
    if failures:
        return 1
    if not have_data:
        print(f"no conformance data in {DATA}: set SKARN_CONFORMANCE")
        return 77
    return 0


if __name__ == "__main__":
    sys.exit(main())
