# SPDX-License-Identifier: Apache-2.0
"""Measures programs with Skarn and with XLA:CPU in one run: `make bench`.

    build/venv/bin/python bench/run.py [--quick] [--only NAME,...] [--xla-only] [--seconds S]
                                       [--rounds N] [--threads N,...] [--output FILE]
                                       [--wide] [--corpus DIR] [--samples FILE] [--report]

The programs are those of examples/programs; with --wide those of bench/wide and the StableHLO
files of DIR (SKARN_CORPUS, ../shared/corpus), and results are compared. --only takes parts of names.

Prints the tables and writes them to docs/performance.md, with --wide to docs/performance-wide.md
(--output; `-` for none). With --only, --quick or --xla-only nothing is written unless --output
asks for it.

For every thread count the whole bench is confined to that many CPUs. Per program one XLA process
(xla_worker.py) is started; then the sides take turns: in each round XLA compiles once, Skarn
compiles for a while and runs for a while (`skarn bench`, from text, then from bytecode), XLA runs
for a while. A disturbance of the machine thus hits both. report.py reduces the samples.

Needs build/skarn, build/bench/limits and build/bench/launch (`make`, target bench_programs), or
SKARN_BIN and SKARN_BENCH_DIR that say where they are, and JAX in the Python that runs this.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
PROGRAM_DIR = ROOT / "examples" / "programs"
sys.path.insert(0, str(PROGRAM_DIR))

import report  # noqa: E402
import scaling  # noqa: E402

CORPUS = ROOT.parent / "shared" / "corpus"
SKARN = pathlib.Path(os.environ.get("SKARN_BIN", ROOT / "build" / "skarn"))
TOOLS = pathlib.Path(os.environ.get("SKARN_BENCH_DIR", ROOT / "build" / "bench"))
SEED = 1
MOST_CALLS = 2000
COMPILE_ONLY = ("gemma3_1b_flax_call",)  # gigabytes of arguments
SCALING_SECONDS = 0.05
SCALING_STARTS = 3
FIRST_RESULT_RUNS = 20
SCALING_COUNTS = (100, 1000, 10_000, 100_000)
SCALING_XLA_LIMIT = 1000  # larger ones take XLA minutes
FIRST_RESULT_PROGRAM = "black_scholes_grad_100k"


XLA_LIMIT_S = 240  # for one answer


class SkarnError(Exception):
    """A `skarn` command that failed; str() is what it said."""


class XlaError(Exception):
    """XLA's process ended, or took too long."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A program to measure: how XLA's process loads it, and its files where it has any."""

    name: str
    load: dict
    text: pathlib.Path = None  # None: XLA's process writes it
    bytecode: pathlib.Path = None
    runs: bool = True


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
        ready, _, _ = select.select([self.process.stdout], [], [], XLA_LIMIT_S)
        answer = self.process.stdout.readline() if ready else ""
        if not answer:
            self.process.kill()
            raise XlaError(f"no answer from XLA to {do} {request}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def xla_flags():
    if len(os.sched_getaffinity(0)) > 1:
        return ""
    return "--xla_cpu_multi_thread_eigen=false"


def skarn_bench(path, threads, seconds, runs=True):
    """`skarn bench --json` of one file; returns its line as a dictionary."""
    done = subprocess.run(
        [str(SKARN), "bench", str(path), "--random", str(SEED), "--threads", str(threads),
         "--seconds", f"{seconds:g}", "--json"] + ([] if runs else ["--compile-only"]),
        capture_output=True, text=True)
    if done.returncode:
        raise SkarnError(f"exit {done.returncode}: {done.stderr.strip()[:300]}")
    return json.loads(done.stdout)


def launch_run(path, threads, save=None):
    """`skarn run --json` through launch.c: what launch says, and the line."""
    more = ("--save", save) if save else ()
    usage, line = launch(SKARN, "run", path, "--random", SEED, "--threads", threads, "--json",
                         *more)
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


def measure_program(case, threads, options, directory):
    """All samples of one program at one thread count; directory: for files in between."""
    sample = {"name": case.name, "xla_compile_us": [], "xla_us": [], "identity_us": [],
              "faults": [], "text_compile_us": [], "bytecode_compile_us": [],
              "first_compile_us": [], "skarn_us": [], "skarn_min_us": [], "skarn_error": None,
              "skarn": None, "skarn_peak_kb": None, "difference": None}
    worker = Worker()
    sample["xla_start_kb"] = worker.ask("memory")["peak_kb"]
    sample["work"] = worker.ask("load", seed=SEED, run=case.runs, **case.load)
    text = case.text
    if text is None:
        text = directory / (case.name + ".mlir")
        worker.ask("save", path=str(text))
    worker.ask("compile")  # the first one in a process also loads code
    for _ in range(options.rounds):
        sample["xla_compile_us"].append(worker.ask("compile")["us"])
        if not options.xla_only and not sample["skarn_error"]:
            try:
                sample_skarn(sample, case, text, threads, options)
            except SkarnError as error:
                sample["skarn_error"] = str(error)
        if case.runs:
            answer = worker.ask("run", seconds=options.seconds, most=MOST_CALLS)
            sample["xla_us"].append(answer["us"])
            sample["identity_us"].append(answer["identity_us"])
            sample["faults"].append(answer["faults"])
    if options.wide and case.runs and not options.xla_only and not sample["skarn_error"]:
        compare_results(sample, worker, text, threads)
    sample["xla_peak_kb"] = worker.ask("memory")["peak_kb"]
    worker.close()
    return sample


def sample_skarn(sample, case, text, threads, options):
    """Skarn's part of a round."""
    line = skarn_bench(text, threads, options.seconds, case.runs)
    sample["skarn"] = line
    sample["text_compile_us"].append(line["warm_total_us"])
    sample["first_compile_us"].append(line["parse_us"] + line["compile_us"])
    sample["skarn_us"].append(line["run_us"])
    sample["skarn_min_us"].append(line["min_us"])
    if case.bytecode is not None:
        line = skarn_bench(case.bytecode, threads, options.seconds / 3)
        sample["bytecode_compile_us"].append(line["warm_total_us"])
    if case.runs:
        usage, line = launch_run(text, threads)
        sample["first_compile_us"].append(line["parse_us"] + line["compile_us"])
    else:
        with tempfile.NamedTemporaryFile(suffix=".skx") as image:
            usage = launch(SKARN, "compile", text, "-o", image.name)[0]
    sample["skarn_peak_kb"] = max(usage["peak_kb"], sample["skarn_peak_kb"] or 0)


def compare_results(sample, worker, text, threads):
    """Fails the program where its results are not XLA's."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            launch_run(text, threads, directory)
        except SkarnError as error:
            sample["skarn_error"] = str(error)
            return
        answer = worker.ask("compare", directory=directory)
    sample["difference"] = answer["difference"]
    if not answer["difference"] <= answer["tolerance"]:
        sample["skarn_error"] = "results differ by {difference:.2g}".format(**answer)


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
        worker.ask("load", path=str(path), seed=SEED, run=False)
        row["xla_us"] = worker.ask("compile")["us"]
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


def example_cases():
    import programs

    return [Case(name, {"program": name}, PROGRAM_DIR / (name + ".mlir"),
                 PROGRAM_DIR / (name + ".mlir.bc")) for name in programs.BY_NAME]


def wide_cases(corpus):
    import wide

    files = sorted(pathlib.Path(corpus).glob("*/*.mlir"))
    if not files:
        progress(f"run.py: no programs in {corpus}")
    return ([Case(path.stem, {"path": str(path)}, path, runs=path.stem not in COMPILE_ONLY)
             for path in files]
            + [Case(name, {"program": name}) for name in wide.BY_NAME])


def parse_options():
    parser = argparse.ArgumentParser(description="measure Skarn against XLA:CPU")
    parser.add_argument("--quick", action="store_true", help="short batches, smaller programs")
    parser.add_argument("--only", default="", help="programs, separated by commas")
    parser.add_argument("--threads", default="1,2", help="thread counts (default 1,2)")
    parser.add_argument("--xla-only", action="store_true", help="leave Skarn out")
    parser.add_argument("--rounds", type=int, help="turns of the two sides (default 7, wide 3)")
    parser.add_argument("--seconds", type=float, help="length of a batch of calls (default 0.3)")
    parser.add_argument("--output", help="file for the page; - for none")
    parser.add_argument("--samples", help="file to which every program's samples are added")
    parser.add_argument("--report", action="store_true",
                        help="measure nothing; write the page of the wide set from --samples")
    parser.add_argument("--wide", action="store_true", help="the wide set and the corpus")
    parser.add_argument("--corpus", default=os.environ.get("SKARN_CORPUS", CORPUS),
                        help="directory of StableHLO files, for --wide")
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.quick else 3 if options.wide else 7)
    options.seconds = options.seconds or (0.1 if options.quick else 0.3)
    choose_cases(parser, options)
    available = len(os.sched_getaffinity(0))
    options.threads = [int(n) for n in options.threads.split(",")]
    if min(options.threads) < 1:
        parser.error("thread counts start at 1")
    for n in [n for n in options.threads if n > available]:
        progress(f"run.py: {n} threads left out: there are {available} CPUs")
    options.threads = [n for n in options.threads if n <= available]
    partial = options.quick or options.only or options.xla_only
    if options.output is None:
        page = "performance-wide.md" if options.wide else "performance.md"
        options.output = "-" if partial else str(ROOT / "docs" / page)
    return options


def choose_cases(parser, options):
    cases = wide_cases(options.corpus) if options.wide else example_cases()
    wanted = options.only.split(",") if options.only else [""]
    part = options.wide
    unknown = [w for w in wanted
               if not any(w == c.name or (part and w in c.name) for c in cases) and w]
    if unknown:
        parser.error("no program named " + ", ".join(unknown))
    options.cases = [c for c in cases
                     if any(not w or w == c.name or (part and w in c.name) for w in wanted)]


def check_tools(options):
    needed = [TOOLS / "limits", TOOLS / "launch"] + ([] if options.xla_only else [SKARN])
    missing = [str(path) for path in needed if not os.access(path, os.X_OK)]
    if missing:
        sys.exit("run.py: not built: " + ", ".join(missing) + "; `make bench` builds them")


def measure_threads(threads, directory, options, results):
    limits = measure_limits(threads)
    samples = []
    for case in options.cases:
        progress(f"{threads} thread{'s' if threads > 1 else ''}: {case.name}")
        try:
            samples.append(measure_program(case, threads, options, directory))
        except XlaError as error:
            progress(f"run.py: {error}")
            results["unanswered"].add(case.name)
            continue
        add_samples(options, {"threads": threads, "sample": samples[-1]})
    results["runs"][threads] = samples
    results["limits"][threads] = better_limits(limits, measure_limits(threads))
    add_samples(options, {"threads": threads, "limits": results["limits"][threads]})
    if not options.xla_only and not options.wide:
        try:
            results["first"].append(measure_first_result(threads))
        except SkarnError as error:
            progress(f"first result: {error}")


def add_samples(options, item):
    if options.samples:
        with open(options.samples, "a") as file:
            file.write(json.dumps(item) + "\n")


def read_samples(options):
    """Results of runs that one file of samples has seen; the last of each program counts."""
    runs, limits = {}, {}
    for line in pathlib.Path(options.samples).read_text().splitlines():
        item = json.loads(line)
        if "limits" in item:
            limits[item["threads"]] = item["limits"]
        else:
            runs.setdefault(item["threads"], {})[item["sample"]["name"]] = item["sample"]
    return {"machine": machine(), "limits": limits,
            "runs": {n: list(runs[n].values()) for n in sorted(runs) if n in limits}}


def write_page(options, page):
    print(page)
    if options.output != "-":
        pathlib.Path(options.output).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(options.output).write_text(page)
        progress(f"written: {options.output}")


def main():
    try:
        options = parse_options()
    except ImportError as error:
        sys.exit(f"run.py: {error}; scripts/install_deps.sh all installs JAX into build/venv")
    if options.report:
        write_page(options, report.wide_page(read_samples(options)))
        return
    check_tools(options)
    everything = sorted(os.sched_getaffinity(0))
    results = {"machine": machine(), "rounds": options.rounds, "seconds": options.seconds,
               "runs": {}, "limits": {}, "first": [], "scaling": [],
               "xla_only": options.xla_only, "unanswered": set()}
    with tempfile.TemporaryDirectory() as directory:
        for threads in options.threads:
            os.sched_setaffinity(0, everything[:threads])
            measure_threads(threads, pathlib.Path(directory), options, results)
    os.sched_setaffinity(0, everything[:1])
    if not options.only and not options.wide:
        results["scaling"] = measure_scaling(options)
    write_page(options, report.wide_page(results) if options.wide else report.page(results))
    failed = [s["name"] for samples in results["runs"].values() for s in samples
              if s["skarn_error"]]
    if failed:
        sys.exit("run.py: failed with Skarn: " + ", ".join(sorted(set(failed))))
    if results["unanswered"]:
        sys.exit("run.py: no answer from XLA: " + ", ".join(sorted(results["unanswered"])))


if __name__ == "__main__":
    main()
