#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The conformance suites in every way to run native code, and between inaccessible pages.

    check_suites.py SKARN [EMULATOR]

`skarn test` runs the suites on one thread, on two, with contraction, and under --guard end and --guard start: every
file must give the same verdicts. With EMULATOR, the library tests/emu/preload makes, the same in
code for AVX-512. The reference interpreter must pass every file, and differ from native code in the files listed here alone.
The totals are those of the table in docs/conformance.md. `skarn run` runs each example program under both guards. Exit
status 77 when there are no conformance data, and the examples passed.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(os.environ.get("SKARN_CONFORMANCE", os.path.join(ROOT, "..", "shared", "conformance")),
                    "stablehlo")
SUITES = [os.path.join(DATA, name) for name in ("tests/interpret", "tests/math", "tests/chlo", "testdata")]
# From the inside out: the first that a file lies in counts it.
GROUPS = ("testdata/dynamic", "testdata/quantized", "testdata", "tests/interpret", "tests/math", "tests/chlo")
# Where native code is not as the interpreter, and why (docs/conformance.md).
ARGUED = {"cosh_float32_20_20_chlo.mlir", "sinh_float32_20_20_chlo.mlir", "probe.mlir"}
PAGE = os.path.join(ROOT, "docs", "conformance.md")
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


def group_of(name):
    return next(group for group in GROUPS if f"/{group}/" in name.replace(os.sep, "/"))


def totals(verdicts):
    """Files, and segments passed, failed, skipped and unsupported, by group."""
    by_group = {group: [0] * 5 for group in GROUPS}
    for name, counts in verdicts.items():
        row = by_group[group_of(name)]
        row[0] += 1
        for i, count in enumerate(counts):
            row[i + 1] += count
    return by_group


def check_table(interpreted, native):
    """Every row must stand in the page as it is here."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    for group in GROUPS:
        i, n = totals(interpreted)[group], totals(native)[group]
        row = f"| `{group}` | {n[0]} | {i[1]} | {n[1]} | {n[2]} | {n[4]} | {n[3]} |"
        print(row)
        if row not in page:
            failures.append(f"docs/conformance.md lacks the row {row}")


def check_interpreter(interpreted, native):
    for name, verdicts in interpreted.items():
        if verdicts[1] or verdicts[3]:
            failures.append(f"interpreter: {name}: {verdicts}")
        if (native.get(name) != verdicts) != (os.path.basename(name) in ARGUED):
            failures.append(f"{name}: {verdicts} interpreted, {native.get(name)} in native code")


WAYS = (["--threads", "2"], ["--numerics", "default"], ["--guard", "end"], ["--guard", "start"])


def check_suites(skarn, emulator):
    plain, _ = judge(skarn, ["--threads", "1"])
    interpreted, _ = judge(skarn, ["--via", "interp"])
    check_interpreter(interpreted, plain)
    check_table(interpreted, plain)
    for way in WAYS:
        compare(" ".join(way), plain, *judge(skarn, way))
    for way in (["--threads", "1"], *WAYS) if emulator else ():
        v4 = ["--isa", "v4", "--isa-unchecked", *way]
        compare(" ".join(v4), plain, *judge(skarn, v4, {"LD_PRELOAD": emulator}))
    total = [sum(verdicts[i] for verdicts in plain.values()) for i in range(4)]
    print(f"{len(plain)} files: {total[0]} segments passed, {total[1]} failed, {total[2]} skipped, "
          f"{total[3]} unsupported; on 1 and 2 threads, with contraction and guarded, {'v3 and v4' if emulator else 'v3'}")


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
