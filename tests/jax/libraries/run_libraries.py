#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs programs written with libraries on JAX on Skarn, and compares with what stock JAX gave.

    run_libraries.py                        all programs, Skarn in place of `cpu`
    run_libraries.py --mode skarn NAME...   these, as platform `skarn`
    run_libraries.py --quick --install      what `make test` does: a part, installed into a venv of its own
    run_libraries.py --record NAME...       runs them with stock JAX and writes stock.json
    run_libraries.py --table                both side by side: processor seconds of whole processes
    run_libraries.py --warm                 both side by side: least seconds of the steps a program names

Every program has a process of its own, with four devices, so that one that crashes or hangs is one that
failed. What its libraries are missing for is left out, and said. Exit status: 0 as recorded, 1 differences,
77 where nothing could run. The catalogue is catalog.py; programs are in networks.py and the others.

The libraries are those of scripts/requirements-libraries.txt (quick programs; --install) and
scripts/requirements-libraries-all.txt, in the environment of --python.
"""
import argparse
import concurrent.futures
import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import xml.etree.ElementTree as ET

import catalog

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
STOCK = HERE / "stock.json"
VENV = ROOT / "build" / "libraries" / "venv"
REQUIREMENTS = ROOT / "scripts" / "requirements-libraries.txt"
MODES = {
    "stock": {"JAX_PLATFORMS": "cpu"},
    "cpu": {"JAX_PLATFORMS": "cpu", "SKARN_AS_CPU": "1"},
    "skarn": {"JAX_PLATFORMS": "skarn,cpu", "SKARN_NUM_DEVICES": "4"},
}
WORD = {"stock": "cpu cpu", "cpu": "cpu skarn", "skarn": "skarn skarn"}  # how its description begins


def install():
    """Makes VENV: the quick programs' libraries beside the JAX that this runs with. False if it cannot."""
    stamp = VENV / ".installed"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    python = VENV / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode == 0
    if not made or subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-compile",
             "-r", REQUIREMENTS], check=False).returncode:
        return False
    (site,) = VENV.glob("lib/python*/site-packages")
    (site / "jax-of-the-tests.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    stamp.write_text(wanted, encoding="utf-8")
    return True


def environment(mode, args):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("JAX_", "XLA_", "SKARN_", "PYTHON", "KERAS_", "VIRTUAL_ENV"))}
    env.update(MODES[mode], XLA_FLAGS="--xla_force_host_platform_device_count=4", KERAS_BACKEND="jax",
               PYTHONHASHSEED="0", PYTHONPATH=str(HERE), TF_CPP_MIN_LOG_LEVEL="3", MPLBACKEND="agg")
    if mode != "stock":
        env["SKARN_LIBRARY"] = str(args.library)
        env["PYTHONPATH"] += os.pathsep + str(ROOT / "python")
    return env


class Outcome:
    """What became of a program in one mode: `answer` of run_one.py, or `problem`, why there is none."""

    def __init__(self, name, mode):
        self.name, self.mode = name, mode
        self.answer, self.problem, self.seconds = None, "", 0.0

    def judge(self, program, stock):
        """Fills in `problem` where the results are not the recorded ones; returns the difference."""
        if self.problem:
            return None
        if self.name not in stock:
            self.problem = "stock.json has no record of it: --record"
            return None
        worst, where = catalog.difference(self.answer["results"], stock[self.name], program.negligible)
        if not worst <= program.tolerance:
            self.problem = f"differs by {worst:.1e} (tolerance {program.tolerance:.0e}): {where}"
        return worst


def run(name, mode, args):
    outcome = Outcome(name, mode)
    with tempfile.TemporaryDirectory() as directory:
        out = pathlib.Path(directory) / "answer.json"
        command = [args.python, HERE / "run_one.py", name, out] + (["--warm"] if args.warm else [])
        start = time.time()
        process = subprocess.Popen(command, cwd=directory, env=environment(mode, args), start_new_session=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        try:
            output, _ = process.communicate(timeout=args.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            outcome.problem = f"did not end within {args.timeout:.0f} s"
        outcome.seconds = time.time() - start
        if out.exists() and process.returncode == 0:
            outcome.answer = json.loads(out.read_text(encoding="utf-8"))
            if not outcome.answer["platform"].startswith(WORD[mode]):
                outcome.problem = f"ran on {outcome.answer['platform']}"
        elif not outcome.problem:
            outcome.problem = f"ended with status {process.returncode}:\n{output[-args.tail:]}"
    return outcome


def selected(names, quick):
    """The programs asked for whose libraries are here, and the names of the others."""
    unknown = set(names) - set(catalog.PROGRAMS)
    if unknown:
        sys.exit(f"no such program: {', '.join(sorted(unknown))}")
    return [p for p in catalog.PROGRAMS.values() if (p.name in names if names else p.quick or not quick)]


PROBE = """
import importlib.util, sys

def found(module):
    try:
        return importlib.util.find_spec(module)
    except ModuleNotFoundError:  # of the package it is in
        return None

print(*[module for module in sys.argv[1:] if not found(module)])
"""


def available(programs, args):
    """Those whose libraries the programs' Python has; tells which are left out."""
    modules = sorted({module for p in programs for module in ("jax", *p.needs)})
    done = subprocess.run([args.python, "-c", PROBE, *modules], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{args.python}: {done.stderr}")
    missing = set(done.stdout.split())
    if "jax" in missing:
        return []
    for p in programs:
        if missing & set(p.needs):
            print(f"skipped {p.name}: no module {', '.join(sorted(missing & set(p.needs)))}")
    return [p for p in programs if not missing & set(p.needs)]


def in_order(programs, mode, args):
    """Yields (program, outcome), --jobs at a time."""
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        yield from zip(programs, pool.map(lambda p: run(p.name, mode, args), programs))


def compare(programs, args):
    stock = json.loads(STOCK.read_text(encoding="utf-8"))
    outcomes = []
    for program, outcome in in_order(programs, args.mode, args):
        worst = outcome.judge(program, stock)
        verdict = f"FAILED: {outcome.problem}" if outcome.problem else f"ok, differs by {worst:.1e}"
        print(f"{program.name}: {outcome.seconds:.1f} s, {verdict}", flush=True)
        outcomes.append(outcome)
    if args.junit:
        write_junit(outcomes, args.junit)
    failed = sum(bool(o.problem) for o in outcomes)
    print(f"{args.mode}: {len(outcomes) - failed} of {len(outcomes)} programs as recorded, "
          f"{sum(o.seconds for o in outcomes):.0f} s")
    return 1 if failed else 0


def write_junit(outcomes, path):
    suite = ET.Element("testsuite", name="libraries")
    for outcome in outcomes:
        case = ET.SubElement(suite, "testcase", classname="libraries", name=outcome.name, time=f"{outcome.seconds:.1f}")
        if outcome.problem:
            ET.SubElement(case, "failure", message=outcome.problem)
    ET.ElementTree(suite).write(path)


def record(programs, args):
    """Stock JAX's results, program by program: what is not run now stays."""
    stock = json.loads(STOCK.read_text(encoding="utf-8")) if STOCK.exists() else {}
    status = 0
    for program, outcome in in_order(programs, "stock", args):
        print(f"{program.name}: {outcome.seconds:.1f} s {outcome.problem}", flush=True)
        if outcome.problem:
            status = 1
            continue
        stock[program.name] = outcome.answer["results"]
        known = [name for name in catalog.PROGRAMS if name in stock]
        lines = [f"{json.dumps(name)}: {json.dumps(stock[name], separators=(',', ':'))}" for name in known]
        STOCK.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return status


def side_by_side(programs, args):
    """Markdown: processor seconds of whole processes in both, or the least seconds of warm steps."""
    print("| library | program | seconds, stock JAX | seconds, Skarn |\n|---|---|---|---|")
    totals = [0.0, 0.0]
    status = 0
    for program in programs:
        pair = [run(program.name, mode, args) for mode in ("stock", "cpu")]
        for outcome in pair:
            if outcome.problem:
                print(f"{program.name} in mode {outcome.mode}: {outcome.problem}", file=sys.stderr)
                status = 1
        if any(o.problem for o in pair):
            continue
        rows = [(program.name, *(o.answer["seconds"] for o in pair))]
        if args.warm:
            rows = [(f"{program.name} {step}", s, pair[1].answer["warm"][step])
                    for step, s in pair[0].answer["warm"].items()]
        for what, *seconds in rows:
            print("| {} | {} | {:.3g} | {:.3g} |".format(program.needs[0], what.replace("_", " "), *seconds), flush=True)
            totals = [t + s for t, s in zip(totals, seconds)]
    print("| | all | {:.3g} | {:.3g} |".format(*totals))
    return status


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--mode", choices=("cpu", "skarn"), default="cpu")
    parser.add_argument("--quick", action="store_true", help="the programs of `make test`")
    parser.add_argument("--install", action="store_true", help="what --quick needs into build/libraries/venv")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--warm", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="programs at a time")
    parser.add_argument("--timeout", type=float, default=900, help="seconds a program may take")
    parser.add_argument("--tail", type=int, default=2000, help="characters shown of what a failure printed")
    parser.add_argument("--python", help="interpreter of the programs (default: that of build/libraries/venv)")
    parser.add_argument("--library", type=pathlib.Path, default=ROOT / "build" / "libskarn_pjrt.so")
    parser.add_argument("--junit", help="file of results, one case a program")
    parser.add_argument("names", nargs="*", help="programs; default: all")
    return parser.parse_args()


def main():
    args = arguments()
    if importlib.util.find_spec("jax") is None:
        print("skipped: JAX is not installed: scripts/install_deps.sh all")
        return 77
    import library_programs as _  # fills the catalogue

    if args.install and not install():
        print(f"skipped: {REQUIREMENTS.name} cannot be installed here")
        return 77
    args.python = args.python or str(VENV / "bin" / "python")
    programs = available(selected(args.names, args.quick), args)
    if not programs:
        print(f"skipped: {args.python} has neither JAX nor a library of these programs")
        return 77
    if args.record:
        return record(programs, args)
    return side_by_side(programs, args) if args.table or args.warm else compare(programs, args)


if __name__ == "__main__":
    sys.exit(main())
