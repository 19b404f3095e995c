#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`make test`: builds every configuration that must pass, runs its tests, totals the cases.

A stage is a build followed by a ctest run. What counts is cases, not programs: the cases that a
cmocka program, lit or pytest reports; a build and a plain ctest entry count as one case each. A
program that dies before it reports counts as one failed case on top of what it had reported.

The last line printed is `N passed, N failed` with `, N skipped` where there are any; it is also
left in build/test-summary.txt. Exit status 0 when nothing failed.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# name, preset, ctest selection (None: build only)
STAGES = [
    ("release", "release", []),
    ("asan+ubsan", "asan", ["-L", "unit|fuzz|emu|link|lit", "-LE", "slow"]),
    ("tsan", "tsan", ["-L", "unit", "-R", "rt_|thread|pool|api"]),
    ("clang", "release-clang", None),
]
# Suites that leave their own JUnit file beside the build.
SUITES = {"lit": "lit.xml", "pytest_python": "pytest_python.xml", "pytest_jax": "pytest_jax.xml",
          "libraries": "libraries.xml"}
CMOCKA = re.compile(r"^\[ +(OK|FAILED|ERROR|SKIPPED) +\] (\S+)\s*$", re.M)


class Total:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, passed, failed, skipped):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def fail(self, what):
        self.failed += 1
        self.failures.append(what)

    def __str__(self):
        line = f"{self.passed} passed, {self.failed} failed"
        return line + (f", {self.skipped} skipped" if self.skipped else "")


def run(command, log):
    """Runs a command, output into `log`; shows the end of it when the command fails."""
    with open(log, "w") as out:
        status = subprocess.call(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    if status:
        with open(log, errors="replace") as text:
            tail = text.read().splitlines()[-60:]
        print("\n".join(f"    {line}" for line in tail))
        print(f"    status {status}: {' '.join(command)}\n    whole output: {log}")
    return status


def suite_cases(path):
    """(passed, failed, skipped) of a JUnit file, and the names of what failed."""
    passed = failed = skipped = 0
    names = []
    for case in ET.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            names.append(f"{case.get('classname', '')}.{case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped, names


def cmocka_cases(output):
    seen = {}
    for verdict, name in CMOCKA.findall(output):
        if name.isdigit():  # the summary's own lines
            continue
        rank = {"OK": 0, "SKIPPED": 1, "FAILED": 2, "ERROR": 2}[verdict]
        seen[name] = max(rank, seen.get(name, 0))
    counts = [list(seen.values()).count(rank) for rank in (0, 2, 1)]
    return counts[0], counts[1], counts[2], [n for n, rank in seen.items() if rank == 2]


def count_test(case, build, stage, started, total):
    """Adds one ctest entry's cases. Returns its failures' names."""
    name = case.get("name")
    status = case.get("status")
    output = case.findtext("system-out") or ""
    skipped = case.find("skipped")
    if skipped is not None and skipped.get("message", "").startswith("SKIP_"):
        print(f"    skipped {name}: {(output.strip().splitlines() or ['no reason given'])[-1]}")
        total.skipped += 1
        return
    report = os.path.join(build, SUITES.get(name, ""))
    names = []
    if name in SUITES and os.path.isfile(report) and os.path.getmtime(report) >= started:
        passed, failed, skipped, names = suite_cases(report)
    else:
        passed, failed, skipped, names = cmocka_cases(output)
    if passed + failed + skipped == 0 and status == "run":
        passed = 1
    if status != "run" and failed == 0:
        failed, names = 1, ["ended without saying which case failed" if passed else "failed"]
    total.add(passed, failed, skipped)
    total.failures += [f"{stage}: {name}: {n}" for n in names]
    if failed:
        print(f"--- {stage}: {name} failed; its output ends:")
        print("\n".join("    " + line for line in output.splitlines()[-80:]))


def run_stage(stage, preset, select, jobs, werror, total):
    start = time.time()
    build = os.path.join(ROOT, "build", preset)
    os.makedirs(build, exist_ok=True)
    print(f"=== {stage}: build", flush=True)
    if (run(["cmake", "--preset", preset, f"-DSKARN_WERROR={werror}"], os.path.join(build, "configure.log"))
            or run(["cmake", "--build", build, "-j", str(jobs)], os.path.join(build, "build.log"))):
        total.fail(f"{stage}: build")
        return
    open(os.path.join(build, "configured"), "a").close()
    total.passed += 1
    built = time.time()
    if select is None:
        print(f"    built in {built - start:.0f} s", flush=True)
        return
    junit = os.path.join(build, "ctest.xml")
    if os.path.exists(junit):
        os.remove(junit)
    subprocess.call(
        ["ctest", "--test-dir", build, "-j", str(jobs), "--output-junit", junit,
         "--test-output-size-passed", "4000000", "--test-output-size-failed", "4000000"] + select,
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not os.path.exists(junit):
        total.fail(f"{stage}: ctest left no result")
        return
    before = str(total)
    cases = list(ET.parse(junit).iter("testcase"))
    for case in cases:
        count_test(case, build, stage, built, total)
    print(f"    built in {built - start:.0f} s; {len(cases)} programs in {time.time() - built:.0f} s; "
          f"total {before} -> {total}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--stage", action="append", choices=[s[0] for s in STAGES],
                        help="only this stage (may be repeated)")
    parser.add_argument("--werror", action="store_true", help="warnings are errors")
    args = parser.parse_args()
    if shutil.which("ninja"):
        os.environ.setdefault("CMAKE_GENERATOR", "Ninja")
    total = Total()
    start = time.time()
    for stage in STAGES:
        if not args.stage or stage[0] in args.stage:
            run_stage(*stage, args.jobs, "ON" if args.werror else "OFF", total)
    print(f"=== {time.time() - start:.0f} s")
    for failure in total.failures:
        print(f"FAILED {failure}")
    with open(os.path.join(ROOT, "build", "test-summary.txt"), "w") as summary:
        summary.write(f"{total}\n")
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
