#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs JAX's own test suite on Skarn, or on stock JAX, and compares.

    run_suite.py --mode cpu lax_test nn_test     Skarn in place of `cpu`
    run_suite.py --mode skarn                    as platform `skarn`; all modules of modules.txt
    run_suite.py --mode told api_test            the same, and the tests are told that it is a CPU
    run_suite.py --mode stock --update           records what stock JAX does, in stock.txt

Each module runs in a process of its own, which continues in a new one behind a test that crashed or
hung. Results land in OUT/MODE/MODULE.jsonl; --continue keeps those of an earlier run that finished.
A line per module and a total say which share of the tests that ran passed; then every failure that
expected.txt does not explain. Exit status: 0 as expected, 1 unexpected failures, or listed tests
that pass (--prune takes those off the list), 77 where the suite or what it needs is missing.

The suite is that of github.com/jax-ml/jax at jax-v0.10.2, found in $SKARN_CONFORMANCE/jax. It needs
scripts/requirements-suite.txt in the Python that runs this file. With JAX_NUM_GENERATED_CASES=5, as
stock.txt was recorded, 20 thousand tests. Modules of a folder of the suite have its name before
theirs: pallas/indexing_test.

Some modules import helpers that are in JAX's sources and not in its wheel. --extra names a folder
laid out as those sources, where such modules are looked for: jax/_src/pallas/pallas_test_util.py,
jax/_src/hypothesis_test_util.py, jax/_src/pallas/pipelining/*.py of jax-v0.10.2. A module of the
suite that finds its helpers nowhere is left out, with a line that says so.
"""
import argparse
import concurrent.futures
import glob
import importlib.util
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

import ledger

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CONFORMANCE = pathlib.Path(os.environ.get("SKARN_CONFORMANCE") or ROOT.parent / "shared" / "conformance")
SUITE = CONFORMANCE / "jax"
MODES = {  # environment of the tests
    "stock": {"JAX_PLATFORMS": "cpu"},
    "cpu": {"JAX_PLATFORMS": "cpu", "SKARN_AS_CPU": "1"},
    "skarn": {"JAX_PLATFORMS": "skarn,cpu", "SKARN_NUM_DEVICES": "8"},
    # Tests leave themselves out on platforms they do not know: this asks those all the same.
    "told": {"JAX_PLATFORMS": "skarn,cpu", "SKARN_NUM_DEVICES": "8", "SK_SUITE_DEVICE": "cpu"},
}
POLL_S = 5
STOCK_HEADING = """\
# What stock JAX does with its own suite; see ledger.py for the form, run_suite.py for how it is made.
# JAX 0.10.2 on XLA:CPU, JAX_NUM_GENERATED_CASES=5.
"""


def environment(mode, devices, args):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JAX_", "XLA_", "SKARN_"))}
    env.update(MODES[mode], JAX_NUM_GENERATED_CASES="5", PYTHONPYCACHEPREFIX=str(args.out / "pycache"))
    if devices and "SKARN_NUM_DEVICES" in env:
        env["SKARN_NUM_DEVICES"] = devices
    paths = [str(HERE)]
    if mode != "stock":
        env["SKARN_LIBRARY"] = str(args.library)
        env["SK_SUITE_VERSION"] = "skarn "
        paths.append(str(ROOT / "python"))
    if args.extra:
        env["SK_SUITE_EXTRA"] = str(args.extra)
    env["PYTHONPATH"] = os.pathsep.join(paths)
    return env


def activity(pid):
    """Seconds of processor time a process has used, and whether one of its threads runs or would like to."""
    ticks, runs = 0, False
    for task in glob.glob(f"/proc/{pid}/task/*/stat"):
        try:
            fields = pathlib.Path(task).read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:  # it has ended
            continue
        ticks += int(fields[11]) + int(fields[12])
        runs = runs or fields[0] in "RD"
    return ticks / os.sysconf("SC_CLK_TCK"), runs


class Module:
    """One module of the suite on its way through as many processes as it takes."""

    def __init__(self, name, devices, mode, args):
        self.name, self.devices, self.mode, self.args = name, devices, mode, args
        self.directory = args.out / mode
        self.record = self.directory / f"{name}.jsonl"
        self.log = self.directory / f"{name}.log"
        self.results = {}
        self.left_out = ""  # why none of it could run

    def finished(self):
        """Reads the results of an earlier run; whether it had come to its end."""
        if not self.record.exists():
            return False
        self.read_results()
        return self.done and not self.left_out

    def read_results(self):
        """Takes in the record. The test that began and did not end is returned."""
        running, self.done, self.left_out = None, False, ""
        self.results = {}
        for line in self.record.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event[0] == "start":
                running = event[1]
            elif event[0] == "end":
                self.results[event[1]] = event[2:]
                running = None
            elif event[0] == "left out":
                self.left_out = event[1]
            elif event[0] == "module":
                self.done = True
        return running

    def append(self, *event):
        with open(self.record, "a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

    def run(self):
        start = time.time()
        self.record.parent.mkdir(parents=True, exist_ok=True)
        for path in (self.record, self.log):
            path.unlink(missing_ok=True)
        self.record.touch()
        self.results = {}  # what --continue has seen of a run that did not end
        while self._run_process():
            pass
        self.append("module", "end", round(time.time() - start, 1))
        self.read_results()
        return self

    def _run_process(self):
        """Runs what has no result yet. True if a test took the process with it and others may be left."""
        skip = self.directory / f"{self.name}.skip"
        skip.write_text("\n".join(self.results), encoding="utf-8")
        env = environment(self.mode, self.devices, self.args)
        env.update(SK_SUITE_RECORD=str(self.record), SK_SUITE_SKIP=str(skip), SK_SUITE_SHARD=self.args.shard)
        if self.args.only:
            env["SK_SUITE_ONLY"] = str(self.args.only)
        command = [sys.executable, "-m", "pytest", "-q", "-x" if self.args.exitfirst else "-rN", "-p", "record",
                   "-p", "no:cacheprovider", "-c", str(SUITE / "pyproject.toml"), "--rootdir", str(SUITE),
                   "--tb=short", str(SUITE / "tests" / f"{self.name}.py")]
        if self.args.k:
            command += ["-k", self.args.k]
        memory = self.args.memory_gib << 30
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                command, cwd=self.directory, env=env, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory)))
            hung = self._watch(process)
        running = self.read_results()
        skip.unlink()
        if self.left_out:
            return False
        if running is None:
            if process.returncode not in (0, 1, 5):  # not collected, or died between tests
                self.append("start", "(module)")
                self.append("end", "(module)", "crash", 0.0, f"status {process.returncode}: {self.tail()}")
                self.read_results()
            return False
        how = "hang" if hung else "crash"
        self.append("end", running, how, 0.0, f"status {process.returncode}: {self.tail()}")
        self.read_results()
        return True

    def _watch(self, process):
        """Waits; ends a process that has hung. True if it had to.

        A test hangs when it computes for too long, or sleeps for too long: on a machine that is busy
        with other things, the time of day says nothing.
        """
        moved, asleep, busy = None, 0.0, 0.0
        while True:
            try:
                process.wait(timeout=POLL_S)
                return False
            except subprocess.TimeoutExpired:
                pass
            seconds, runs = activity(process.pid)
            if self.record.stat().st_mtime != moved:
                moved, asleep, busy = self.record.stat().st_mtime, 0.0, seconds
            asleep += 0.0 if runs else POLL_S
            if max(asleep, seconds - busy) < self.args.timeout:
                continue
            os.killpg(process.pid, signal.SIGABRT)  # pytest's fault handler prints where it is
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            return True

    def tail(self):
        return self.log.read_text(encoding="utf-8", errors="replace")[-1500:]


def listed_modules():
    """Name -> number of devices of platform skarn; "" for the usual number."""
    lines = (HERE / "modules.txt").read_text(encoding="utf-8").split("\n")
    words = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: "".join(rest) for name, *rest in words}


def run_all(names, mode, args):
    """Yields every module that ran as it ends, the ones that --continue finds finished first."""
    todo = []
    listed = listed_modules()
    for name in names:
        module = Module(name, listed.get(name, ""), mode, args)
        if args.resume and module.finished():
            yield module
        else:
            todo.append(module)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(m.run) for m in todo]):
            module = future.result()
            if module.left_out:
                print(f"{module.name} is left out: {module.left_out}", flush=True)
            else:
                yield module


def report(mode, judgements):
    passed = sum(j.counts["passed"] for j in judgements)
    ran = sum(j.ran for j in judgements)
    broken = sum(j.counts["crash"] + j.counts["hang"] for j in judgements)
    print(f"{mode}: {ledger.rate(passed, ran)}: {passed} of {ran} passed, {broken} crashed or hung, "
          f"{sum(j.counts['skipped'] for j in judgements)} skipped")
    for judgement in judgements:
        for module, test, outcome, message in judgement.unexpected:
            print(f"UNEXPECTED {outcome} {module} {test}: {message.splitlines()[0][:160] if message else ''}")


def record_stock(stock, names, args):
    for module in run_all(names, "stock", args):
        if any(result[0] in ("crash", "hang") for result in module.results.values()):
            print(f"{module.name} is not recorded: {module.log} says why")
            continue
        stock.record(module.name, module.results)
        print(ledger.Judgement("stock", module.name, module.results, stock, None).line(), flush=True)
        if args.update:
            stock.write(STOCK_HEADING)
    return 0


def compare(stock, expected, names, args):
    judgements = []
    for module in run_all(names, args.mode, args):
        judgements.append(ledger.Judgement(args.mode, module.name, module.results, stock, expected))
        print(judgements[-1].line(), flush=True)
    report(args.mode, judgements)
    passing = {test for j in judgements for test in j.now_passing}
    for module, test in sorted(passing):
        print(f"PASSES, though listed: {module} {test}")
    if passing and args.prune:
        expected.prune(args.mode, passing)
        passing = set()
    return 1 if passing or any(j.unexpected for j in judgements) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--mode", choices=MODES, required=True)
    parser.add_argument("--shard", default="0/1", help="I/N: every N-th test, from the I-th on")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="modules at a time")
    parser.add_argument("-k", default="", help="pytest's selection by name")
    parser.add_argument("-x", "--exitfirst", action="store_true", help="a module ends with its first failure")
    parser.add_argument("--only", type=pathlib.Path, help="file of CLASS::METHOD to run, one a line")
    parser.add_argument("--timeout", type=float, default=120, help="seconds a test may compute, or sleep")
    parser.add_argument("--memory-gib", type=int, default=16, help="address space of a process")
    parser.add_argument("--extra", type=pathlib.Path, help="folder of modules of JAX that its wheel lacks")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "suite")
    parser.add_argument("--library", type=pathlib.Path, default=ROOT / "build" / "libskarn_pjrt.so")
    parser.add_argument("--continue", dest="resume", action="store_true", help="keep modules that have run")
    parser.add_argument("--update", action="store_true", help="write stock.txt (mode stock)")
    parser.add_argument("--prune", action="store_true", help="take passing tests off expected.txt")
    parser.add_argument("modules", nargs="*", help="default: all of modules.txt")
    args = parser.parse_args()
    args.out, args.library = args.out.resolve(), args.library.resolve()
    args.extra = args.extra and args.extra.resolve()
    if not SUITE.is_dir():
        print(f"skipped: {SUITE} is not there: set SKARN_CONFORMANCE to a directory that holds jax/tests "
              "of github.com/jax-ml/jax")
        return 77
    if not importlib.util.find_spec("jax") or not importlib.util.find_spec("absl"):
        print("skipped: JAX or what its suite needs is missing: scripts/install_deps.sh all installs them")
        return 77
    if args.mode != "stock" and not args.library.exists():
        parser.error(f"{args.library} is not there")
    names = args.modules or list(listed_modules())
    stock = ledger.Stock(HERE / "stock.txt")
    if args.mode == "stock":
        return record_stock(stock, names, args)
    return compare(stock, ledger.Expected(HERE / "expected.txt"), names, args)


if __name__ == "__main__":
    sys.exit(main())
