# SPDX-License-Identifier: Apache-2.0
"""Measures the example programs with Skarn and with XLA:CPU in one run: `make bench`.

    build/venv/bin/python bench/run.py [--quick] [--only NAME,...] [--xla-only] [--seconds S]
                                       [--rounds N] [--threads N,...] [--output FILE]

Prints the tables and writes them to docs/performance.md (--output; `-` for none). With --only,
--quick or --xla-only nothing is written unless --output asks for it.

For every thread count the whole bench is confined to that many CPUs. Per program one XLA process
(xla_worker.py) is started; then the sides take turns: in each round XLA compiles once, Skarn
compiles for a while and runs for a while (`skarn bench`, from text, then from bytecode), XLA runs
for a while. A disturbance of the machine thus hits both. report.py reduces the samples.

Needs build/skarn, build/bench/limits and build/bench/launch (`make`, target bench_programs), or
SKARN_BIN and SKARN_BENCH_DIR that say where they are, and JAX in the Python that runs this.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PROGRAM_DIR = ROOT / "examples" / "programs"
sys.path.insert(0, str(PROGRAM_DIR))

import report  # noqa: E402
import scaling  # noqa: E402

SKARN = pathlib.Path(os.environ.get("SKARN_BIN", ROOT / "build" / "skarn"))
TOOLS = pathlib.Path(os.environ.get("SKARN_BENCH_DIR", ROOT / "build" / "bench"))
SEED = 1
MOST_CALLS = 2000
SCALING_SECONDS = 0.05
SCALING_STARTS = 3
FIRST_RESULT_RUNS = 20
SCALING_COUNTS = (100, 1000, 10_000, 100_000)
SCALING_XLA_LIMIT = 1000  # larger ones take XLA minutes
FIRST_RESULT_PROGRAM = "black_scholes_grad_100k"


class SkarnError(Exception):
    """A `skarn` command that failed; str() is what it said."""


class Worker:
    """The XLA process of one program."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "xla_worker.py")], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "XLA_FLAGS": xla_flags()})

    def ask(self, do, **request):
        self.process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the XLA process ended during {do} {request}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def xla_flags():
    if len(os.sched_getaffinity(0)) > 1:
        return ""
    return "--xla_cpu_multi_thread_eigen=false"


def skarn_bench(path, threads, seconds):
    """`skarn bench --json` of one file; returns its line as a dictionary."""
    done = subprocess.run(
        [str(SKARN), "bench", str(path), "--random", str(SEED), "--threads", str(threads),
         "--seconds", f"{seconds:g}", "--json"], capture_output=True, text=True)
    if done.returncode:
        raise SkarnError(f"exit {done.returncode}: {done.stderr.strip()[:300]}")
    return json.loads(done.stdout)


def launch_run(path, threads):
    """`skarn run --json` through launch.c: what launch says, and the line."""
    usage, line = launch(SKARN, "run", path, "--random", SEED, "--threads", threads, "--json")
    return usage, json.loads(line)


def launch(*command):
    """Runs a command through launch.c: {"wall_us", "peak_kb"}, and its standard output."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        done = subprocess.run([str(TOOLS / "launch"), result.name, *map(str, command)],
                              capture_output=True, text=True)
        if done.returncode:
            raise SkarnError(f"exit {done.returncode}: {done.stderr.strip()[:300]}")
        return json.loads(pathlib.Path(result.name).read_text()), done.stdout


def progress(text):
    print(text, file=sys.stderr, flush=True)


# ---- Measurements --------------------------------------------------------------------------


def measure_program(name, threads, options):
    """All samples of one program at one thread count."""
    text = PROGRAM_DIR / (name + ".mlir")
    bytecode = PROGRAM_DIR / (name + ".mlir.bc")
    sample = {"name": name, "xla_compile_us": [], "xla_us": [], "identity_us": [], "faults": [],
              "text_compile_us": [], "bytecode_compile_us": [], "first_compile_us": [],
              "skarn_us": [], "skarn_min_us": [], "skarn_error": None, "skarn": None,
              "skarn_peak_kb": None}
    worker = Worker()
    sample["xla_start_kb"] = worker.ask("memory")["peak_kb"]
    sample["work"] = worker.ask("load", program=name, seed=SEED)
    worker.ask("compile")  # the first one in a process also loads code
    for _ in range(options.rounds):
        sample["xla_compile_us"].append(worker.ask("compile")["us"])
        if not options.xla_only and not sample["skarn_error"]:
            try:
                sample_skarn(sample, text, bytecode, threads, options)
            except SkarnError as error:
                sample["skarn_error"] = str(error)
        answer = worker.ask("run", seconds=options.seconds, most=MOST_CALLS)
        sample["xla_us"].append(answer["us"])
        sample["identity_us"].append(answer["identity_us"])
        sample["faults"].append(answer["faults"])
    sample["xla_peak_kb"] = worker.ask("memory")["peak_kb"]
    worker.close()
    return sample


def sample_skarn(sample, text, bytecode, threads, options):
    """Skarn's part of a round."""
    line = skarn_bench(text, threads, options.seconds)
    sample["skarn"] = line
    sample["text_compile_us"].append(line["warm_total_us"])
    sample["first_compile_us"].append(line["parse_us"] + line["compile_us"])
    sample["skarn_us"].append(line["run_us"])
    sample["skarn_min_us"].append(line["min_us"])
    line = skarn_bench(bytecode, threads, options.seconds / 3)
    sample["bytecode_compile_us"].append(line["warm_total_us"])
    usage, line = launch_run(text, threads)
    sample["first_compile_us"].append(line["parse_us"] + line["compile_us"])
    sample["skarn_peak_kb"] = max(usage["peak_kb"], sample["skarn_peak_kb"] or 0)


def measure_limits(threads):
    done = subprocess.run([str(TOOLS / "limits"), str(threads)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"run.py: limits: {done.stderr.strip()}")
    return json.loads(done.stdout)


def better_limits(a, b):
    """The higher of two measurements, figure by figure: a limit is what is possible."""
    if isinstance(a, dict):
        return {key: better_limits(a[key], b[key]) for key in a}
    if isinstance(a, list):
        return [better_limits(x, y) for x, y in zip(a, b)]
    return max(a, b)


def measure_first_result(threads):
    """Wall time of a whole process that reads, compiles and runs a program once."""
    path = PROGRAM_DIR / (FIRST_RESULT_PROGRAM + ".mlir")
    whole, empty = [], []
    for _ in range(FIRST_RESULT_RUNS):
        whole.append(launch_run(path, threads)[0]["wall_us"])
        empty.append(launch(SKARN, "version")[0]["wall_us"])
    return {"program": FIRST_RESULT_PROGRAM, "whole_us": whole, "version_us": empty,
            "threads": threads}


def measure_scaling(options):
    """Compile time and memory of generated programs, by family and size."""
    rows = []
    counts = SCALING_COUNTS[:3] if options.quick else SCALING_COUNTS
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "scaling.mlir"
        for family, generate in scaling.FAMILIES.items():
            for count in counts:
                progress(f"scaling: {family} {count}")
                path.write_text(generate(count))
                rows.append(measure_scaling_row(family, count, path, options))
    return rows


def measure_scaling_row(family, count, path, options):
    row = {"family": family, "count": count, "bytes": path.stat().st_size, "xla_us": None,
           "skarn_us": None, "first_us": [], "skarn_error": None}
    if count <= SCALING_XLA_LIMIT:
        worker = Worker()
        worker.ask("text", path=str(path))
        row["xla_us"] = worker.ask("text", path=str(path))["us"]
        worker.close()
    if options.xla_only:
        return row
    try:
        for _ in range(SCALING_STARTS):
            usage, line = launch_run(path, 1)
            row["first_us"].append(line["parse_us"] + line["compile_us"])
            row["peak_kb"] = usage["peak_kb"]
        line = skarn_bench(path, 1, SCALING_SECONDS)
        row["skarn_us"] = line["warm_total_us"]
        row["code_bytes"] = line["code_bytes"]
        row["kernels"] = line["kernels"]
    except SkarnError as error:
        row["skarn_error"] = str(error)
    return row


# ---- The machine ---------------------------------------------------------------------------


def machine():
    """What the figures depend on, read from the system."""
    import jaxlib

    lscpu = {}
    listing = subprocess.run(["lscpu"], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": "C"}).stdout
    for line in listing.splitlines():
        key, _, value = line.partition(":")
        lscpu[key.strip()] = value.strip()
    flags = lscpu.get("Flags", "").split()
    memory_kb = int(next(line for line in open("/proc/meminfo") if "MemTotal" in line).split()[1])
    return {
        "cpu": lscpu.get("Model name", "unknown"),
        "family": f"family {lscpu.get('CPU family', '?')}, model {lscpu.get('Model', '?')}, "
                  f"stepping {lscpu.get('Stepping', '?')}",
        "cpus": len(os.sched_getaffinity(0)),
        "virtual": lscpu.get("Hypervisor vendor", "no"),
        "vectors": "AVX-512" if "avx512f" in flags else "AVX2 and FMA, no AVX-512",
        "caches": ", ".join(f"{level} {lscpu[key]}" for level, key in
                            (("L1d", "L1d cache"), ("L2", "L2 cache"), ("L3", "L3 cache"))
                            if key in lscpu),
        "memory_gb": round(memory_kb / 2**20),
        "system": " ".join((os.uname().sysname, os.uname().release)),
        "load": os.getloadavg()[0],
        "date": datetime.date.today().isoformat(),
        "jaxlib": jaxlib.__version__,
        "python": sys.version.split()[0],
    }


# ---- Command line --------------------------------------------------------------------------


def parse_options(names):
    parser = argparse.ArgumentParser(description="measure Skarn against XLA:CPU")
    parser.add_argument("--quick", action="store_true", help="short batches, smaller programs")
    parser.add_argument("--only", default="", help="programs, separated by commas")
    parser.add_argument("--threads", default="1,2", help="thread counts (default 1,2)")
    parser.add_argument("--xla-only", action="store_true", help="leave Skarn out")
    parser.add_argument("--rounds", type=int, help="turns of the two sides (default 7)")
    parser.add_argument("--seconds", type=float, help="length of a batch of calls (default 0.3)")
    parser.add_argument("--output", help="file for the page; - for none")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 7)
    options.seconds = options.seconds or (0.1 if options.quick else 0.3)
    options.names = options.only.split(",") if options.only else list(names)
    unknown = [n for n in options.names if n not in names]
    if unknown:
        parser.error("no program named " + ", ".join(unknown))
    available = len(os.sched_getaffinity(0))
    options.threads = [int(n) for n in options.threads.split(",")]
    if min(options.threads) < 1:
        parser.error("thread counts start at 1")
    for n in [n for n in options.threads if n > available]:
        progress(f"run.py: {n} threads left out: there are {available} CPUs")
    options.threads = [n for n in options.threads if n <= available]
    partial = options.quick or options.only or options.xla_only
    if options.output is None:
        options.output = "-" if partial else str(ROOT / "docs" / "performance.md")
    return options


def check_tools(options):
    needed = [TOOLS / "limits", TOOLS / "launch"] + ([] if options.xla_only else [SKARN])
    missing = [str(path) for path in needed if not os.access(path, os.X_OK)]
    if missing:
        sys.exit("run.py: not built: " + ", ".join(missing) + "; `make bench` builds them")


def main():
    try:
        import programs
    except ImportError as error:
        sys.exit(f"run.py: {error}; scripts/install_deps.sh all installs JAX into build/venv")
    options = parse_options(programs.BY_NAME)
    check_tools(options)
    everything = sorted(os.sched_getaffinity(0))
    results = {"machine": machine(), "rounds": options.rounds, "seconds": options.seconds,
               "runs": {}, "limits": {}, "first": [], "scaling": [],
               "xla_only": options.xla_only}
    for threads in options.threads:
        os.sched_setaffinity(0, everything[:threads])
        limits = measure_limits(threads)
        samples = []
        for name in options.names:
            progress(f"{threads} thread{'s' if threads > 1 else ''}: {name}")
            samples.append(measure_program(name, threads, options))
        results["runs"][threads] = samples
        results["limits"][threads] = better_limits(limits, measure_limits(threads))
        if not options.xla_only:
            try:
                results["first"].append(measure_first_result(threads))
            except SkarnError as error:
                progress(f"first result: {error}")
    os.sched_setaffinity(0, everything[:1])
    if not options.only:
        results["scaling"] = measure_scaling(options)
    page = report.page(results)
    print(page)
    if options.output != "-":
        pathlib.Path(options.output).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(options.output).write_text(page)
        progress(f"written: {options.output}")
    failed = [s["name"] for samples in results["runs"].values() for s in samples
              if s["skarn_error"]]
    if failed:
        sys.exit("run.py: failed with Skarn: " + ", ".join(sorted(set(failed))))


if __name__ == "__main__":
    main()
