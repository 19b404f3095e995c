# SPDX-License-Identifier: Apache-2.0
"""Turns the samples of run.py into docs/performance.md.

Reduction of samples. Compile times: XLA's one compilation per round, for Skarn the median of a
round's; then the median over rounds. Run times: the median of a round's calls, then the median
over rounds, on both sides alike; beside it the fastest call of all.
"Net" is XLA's time less that of the identity call, both medians of the same process. Ratios are
XLA's net median over Skarn's median. Geometric means run over the programs of a table.
"""

import math
import statistics

import roofline

DOT_SHARE = 0.5  # a program is dot-dominated when dot_general has this share of its arithmetic


def page(results):
    parts = ["# Performance", INTRODUCTION, machine_section(results)]
    for threads, samples in results["runs"].items():
        rows = [reduce_sample(s, results["limits"][threads]) for s in samples]
        parts.append(program_section(threads, rows, results["xla_only"]))
    if results["first"]:
        parts.append(first_section(results["first"]))
    if results["runs"]:
        parts.append(memory_section(*max(results["runs"].items())))
    if results["scaling"]:
        parts.append(scaling_section(results["scaling"]))
    parts.append(limits_section(results["limits"]))
    parts.append(METHOD.format(rounds=results["rounds"], seconds=results["seconds"]))
    return "\n\n".join(part.strip() for part in parts) + "\n"


INTRODUCTION = """
Skarn against XLA:CPU, as JAX installs it, on the programs of
[examples/programs](../examples/programs/README.md).
`make bench` measures everything on this page in one run and writes it; do not edit it by hand.
"""

METHOD = """
## How it was measured

- **Taking turns.** Per program and thread count, {rounds} rounds: XLA compiles once, Skarn
  compiles the text for {seconds} s (at most 1000 times) and runs for {seconds} s, Skarn compiles
  the bytecode, XLA runs for {seconds} s. Both sides are confined to the same CPUs
  (`sched_setaffinity`, as `taskset` does); with one CPU, XLA also gets
  `--xla_cpu_multi_thread_eigen=false`, and Skarn `--threads N` throughout.
- **Compile.** Both sides warm: in a process that has compiled the program before. XLA:
  `lowered.compile()`, all of JAX's caches cleared and the program traced and lowered afresh;
  tracing and lowering are not counted, and the persistent cache is off. Skarn: `warm_total_us` of
  `skarn bench --json`, parsing and compiling from the bytes of the file to runnable code; it
  keeps memory between compilations, and nothing of what was in it. *First in process* is Skarn's
  first compilation in a fresh process, from text; XLA's is not measured. Medians.
- **Run.** XLA: calls from Python with arguments on the device, waited for
  (`block_until_ready`); *net* is less an identity call with as many arguments and results, of one
  element each, timed in the same process and round. Skarn: `run_us` and `min_us` of
  `skarn bench --json`, each sample one call of the C interface on resident arguments, waited for,
  results released. Results are released on both sides, so both may reuse memory.
  Medians are of round medians; *min* is the fastest call of all rounds.
- **Ratio** is XLA's net median over Skarn's median, above 1 where Skarn is faster; *ratio of min*
  is the same with minima.
- **Limit** is the least time the machine could take, from the bytes, multiply-add slots and
  divisions of the program (`bench/roofline.py` counts them and says how) and the measured limits
  below; the column *bound by* says which of them it is. The *share* is that time over the fastest
  call.
- **Inputs** are those of `--random 1` on both sides. Results are compared in
  `tests/jax/test_programs.py`, not here.

To repeat: `make bench`, or parts of it:

```
build/venv/bin/python bench/run.py --only softmax,newton --threads 1
build/venv/bin/python bench/run.py --quick
build/venv/bin/python bench/run.py --wide           # performance-wide.md
build/bench/limits 2
build/skarn bench examples/programs/*.mlir --threads 2
python3 bench/scaling.py elementwise 1000 > /tmp/e.mlir
build/skarn bench /tmp/e.mlir --json
```
"""


def machine_section(results):
    m = results["machine"]
    rows = [
        ("Processor", f"{m['cpu']} ({m['family']})"),
        ("CPUs used", f"{m['cpus']}; hypervisor: {m['virtual']}"),
        ("Vector units", m["vectors"]),
        ("Caches", m["caches"]),
        ("Memory", f"{m['memory_gb']} GiB"),
        ("System", m["system"]),
        ("XLA", f"jaxlib {m['jaxlib']}, Python {m['python']}"),
        ("Date", m["date"]),
        ("Load average at the start", f"{m['load']:.2f}"),
    ]
    return "## Machine\n\n" + table(["", ""], rows, "ll")


# ---- Programs ------------------------------------------------------------------------------


def reduce_sample(s, limits):
    """One row of figures, times in microseconds; Skarn's are None where it failed."""
    row = {
        "name": s["name"], "error": s["skarn_error"], "line": s["skarn"],
        "xla_compile": statistics.median(s["xla_compile_us"]), "difference": s["difference"],
        "skarn_kb": s["skarn_peak_kb"], "xla_kb": s["xla_peak_kb"],
    }
    measured = bool(s["skarn_us"]) and not s["skarn_error"]

    def reduced(key, reduce):
        return reduce(s[key]) if measured and s[key] else None

    row["text"] = reduced("text_compile_us", statistics.median)
    row["bytecode"] = reduced("bytecode_compile_us", statistics.median)
    row["first_compile"] = reduced("first_compile_us", statistics.median)
    row["skarn"] = reduced("skarn_us", statistics.median)
    row["skarn_min"] = reduced("skarn_min_us", min)
    return {**row, **reduce_calls(s, limits)}


def reduce_calls(s, limits):
    """XLA's calls, and what limits them; all None where the program is only compiled."""
    if not s["xla_us"]:
        return dict.fromkeys(("dots", "xla", "xla_net", "xla_min_net", "work", "limit", "bound"))
    limit, kind = roofline.bound(s["work"], limits)
    identity = statistics.median(x for batch in s["identity_us"] for x in batch)
    xla = statistics.median(statistics.median(batch) for batch in s["xla_us"])
    xla_min = min(min(batch) for batch in s["xla_us"])
    identity_min = min(min(batch) for batch in s["identity_us"])
    return {
        "dots": s["work"]["dot_slots"] >= DOT_SHARE * s["work"]["slots"] > 0,
        "xla": xla, "xla_net": max(xla - identity, 0.01),
        "xla_min_net": max(xla_min - identity_min, 0.01),
        "limit": limit * 1e6, "bound": kind, "work": s["work"],
        "faults": statistics.median(s["faults"]),
    }


def program_section(threads, rows, xla_only):
    title = f"## {threads} thread{'s' if threads > 1 else ''}"
    parts = [title, "### Compile", compile_table(rows), "### Run", run_table(rows)]
    faulting = [f"`{r['name']}` ({r['faults']:.0f})" for r in rows if r["faults"] >= 100]
    if faulting:
        parts.append("Page faults per call in XLA's process, where memory for results comes fresh "
                     "from the system: " + ", ".join(faulting) + ".")
    parts += ["### Limits", limit_table(rows)]
    if not xla_only:
        parts.append(summary(rows))
    return "\n\n".join(parts)


def compile_table(rows):
    out = []
    for r in rows:
        line = r["line"] or {}
        out.append([
            name_of(r), line.get("ops"), milliseconds(r["xla_compile"]), number(r["text"]),
            number(r["bytecode"]), number(r["first_compile"]), ratio(r["xla_compile"], r["text"]),
            line.get("kernels"), line.get("code_bytes"),
        ])
    return table(["program", "ops", "XLA ms", "Skarn text µs", "Skarn bytecode µs",
                  "first in process µs", "XLA / Skarn text", "kernels", "code bytes"], out,
                 "lrrrrrrrr")


def run_table(rows):
    out = [[
        name_of(r), number(r["xla"]), number(r["xla_net"]), number(r["skarn"]),
        ratio(r["xla_net"], r["skarn"]), number(r["xla_min_net"]), number(r["skarn_min"]),
        ratio(r["xla_min_net"], r["skarn_min"]),
    ] for r in rows]
    return table(["program", "XLA as called µs", "XLA net µs", "Skarn µs", "ratio",
                  "XLA net min µs", "Skarn min µs", "ratio of min"], out, "lrrrrrrr")


def limit_table(rows):
    out = [[
        name_of(r), number(r["work"]["bytes"] / 1e6), number(r["work"]["slots"] / 1e6),
        number(r["work"]["divisions"] / 1e6), number(r["limit"]), r["bound"],
        percent(r["limit"], r["xla_min_net"]), percent(r["limit"], r["skarn_min"]),
    ] for r in rows]
    return table(["program", "MB", "10⁶ slots", "10⁶ divisions", "limit µs", "bound by",
                  "XLA share", "Skarn share"], out, "lrrrrlrr")


def summary(rows):
    good = [r for r in rows if r["skarn"]]
    if not good:
        return "Skarn ran none of these programs."
    compiles = geometric_mean(r["xla_compile"] / r["text"] for r in good)
    runs = geometric_mean(r["xla_net"] / r["skarn"] for r in good)
    slow = [f"`{r['name']}` ({r['xla_net'] / r['skarn']:.2f})" for r in good
            if r["xla_net"] < 0.9 * r["skarn"]]
    lines = [
        f"Geometric mean over {len(good)} programs: compile **{compiles:.0f}x**, "
        f"run **{runs:.2f}x**.",
        "Slower than XLA by more than a tenth: " + (", ".join(slow) if slow else "none") + ".",
    ]
    dots = [f"`{r['name']}`" for r in rows if r["dots"]]
    if dots:
        lines.append("Marked *: most of the arithmetic is in matrix products.")
    for r in rows:
        if r["error"]:
            lines.append(f"`{r['name']}` failed with Skarn: {r['error']}")
    return "\n\n".join(lines)


def name_of(row):
    return f"`{row['name']}`" + (" *" if row["dots"] else "")


# ---- The wide set --------------------------------------------------------------------------

SHORT_US = 50  # programs that XLA runs in less are listed apart: calling them is most of it
COMPILE_BARS = (100, 20)  # geometric mean, least
RUN_BARS = (2, 0.9)
DOT_LEAST = 0.4

WIDE_INTRODUCTION = """
Skarn against XLA:CPU on the programs of `bench/wide`, written as JAX users write them, and on a
directory of StableHLO files (XLA's own benchmark programs and a Pallas kernel, not kept here).
`build/venv/bin/python bench/run.py --wide` measures everything on this page the way that
[performance.md](performance.md) describes, and writes it (in parts: `--only` and `--samples FILE`,
then `--report`); do not edit it by hand. On a loaded machine the ratios of minima say more. The
results of every program are compared with XLA's; *difference* is the largest one as a share of the largest
magnitude of its result. *Ratio* is XLA's time over Skarn's, of medians, net for calls; the last
ratio is that of the fastest calls. Memory is the most that the process held: of `skarn run`,
which compiles and calls twice, and of XLA's process with Python and JAX.
"""


def wide_page(results):
    parts = ["# Performance: a wide set", WIDE_INTRODUCTION, machine_section(results)]
    for threads, samples in results["runs"].items():
        rows = [reduce_sample(s, results["limits"][threads]) for s in samples]
        rounds = sorted({len(s["xla_compile_us"]) for s in samples})
        parts.append(wide_section(threads, rows, rounds))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def wide_section(threads, rows, rounds):
    parts = [f"## {threads} thread{'s' if threads > 1 else ''}",
             "Rounds per program: " + " to ".join(str(n) for n in (rounds[:1] + rounds[1:][-1:]))
             + ".", wide_summary(rows)]
    groups = (
        ("Calls of 50 µs and more", lambda r: not r["dots"] and (r["xla_net"] or 0) >= SHORT_US),
        ("Dominated by matrix products and convolutions", lambda r: r["dots"]),
        ("Calls under 50 µs, and what is only compiled",
         lambda r: not r["dots"] and (r["xla_net"] or 0) < SHORT_US),
    )
    for title, belongs in groups:
        chosen = [r for r in rows if belongs(r)]
        if chosen:
            chosen.sort(key=lambda r: (r["xla_net"] or 0) / (r["skarn"] or math.inf))
            parts += [f"### {title}", wide_table(chosen)]
    parts.append(loop_section(rows))
    return "\n\n".join(p for p in parts if p)


LOOP_STEPS = 1000  # a program of at least so many steps
LOOP_STEP_NS = 500  # that take Skarn less than this each


def loop_section(rows):
    """What a step of a loop costs where arithmetic does not hide it."""
    chosen = [r for r in rows if not r["error"] and r["skarn"] and r["work"]
              and r["work"].get("loop_steps", 0) >= LOOP_STEPS
              and 1e3 * r["skarn"] < LOOP_STEP_NS * r["work"]["loop_steps"]]
    if not chosen:
        return ""
    chosen.sort(key=lambda r: r["xla_net"] / r["skarn"])
    out = []
    for r in chosen:
        steps, operations = r["work"]["loop_steps"], r["work"]["loop_ops"]
        out.append([f"`{r['name']}`", steps, f"{operations / steps:.1f}",
                    number(1e3 * r["xla_net"] / steps), number(1e3 * r["skarn"] / steps),
                    number(1e3 * r["xla_net"] / operations), number(1e3 * r["skarn"] / operations),
                    ratio(r["xla_net"], r["skarn"]), ratio(r["xla_min_net"], r["skarn_min"])])
    mean = geometric_mean(r["xla_net"] / r["skarn"] for r in chosen)
    return ("### Loops of scalars and small arrays\n\n"
            f"Programs of {LOOP_STEPS} steps and more that take less than {LOOP_STEP_NS} ns each. "
            "Steps are runs of innermost bodies, operations those of StableHLO in any body, "
            f"without constants. Geometric mean of the ratios: **{mean:.3g}x**.\n\n"
            + table(["program", "steps", "operations per step", "XLA ns per step",
                     "Skarn ns per step", "XLA ns per operation", "Skarn ns per operation",
                     "ratio", "ratio of min"], out, "lrrrrrrrr"))


def wide_table(rows):
    out = []
    for r in rows:
        line = r["line"] or {}
        out.append([
            f"`{r['name']}`", line.get("ops"), milliseconds(r["xla_compile"]), number(r["text"]),
            ratio(r["xla_compile"], r["text"]), number(r["xla"]), number(r["xla_net"]),
            number(r["skarn"]), ratio(r["xla_net"], r["skarn"]),
            ratio(r["xla_min_net"], r["skarn_min"]), megabytes(r["skarn_kb"]),
            megabytes(r["xla_kb"]), r["error"] or scientific(r["difference"]),
        ])
    return table(["program", "ops", "XLA compile ms", "Skarn compile µs", "ratio",
                  "XLA as called µs", "XLA net µs", "Skarn µs", "ratio", "ratio of min",
                  "Skarn MB", "XLA MB", "difference"], out, "lrrrrrrrrrrrl")


def wide_summary(rows):
    good = [r for r in rows if not r["error"] and r["text"]]
    called = [r for r in good if r["xla_net"]]
    long = [r for r in called if not r["dots"] and r["xla_net"] >= SHORT_US]
    short = [r for r in called if not r["dots"] and r["xla_net"] < SHORT_US]
    dots = [r for r in called if r["dots"]]
    parts = [ratio_summary("Compile", good, "xla_compile", "text", *COMPILE_BARS)]
    parts.append(ratio_summary("Calls of 50 µs and more", long, "xla_net", "skarn", *RUN_BARS))
    parts.append(ratio_summary("Products and convolutions", dots, "xla_net", "skarn", None,
                               DOT_LEAST))
    parts.append(ratio_summary("Calls under 50 µs", short, "xla_net", "skarn", None, 0))
    failed = [f"`{r['name']}`: {r['error']}" for r in rows if r["error"]]
    parts.append("Failed: " + ("; ".join(failed) if failed else "none") + ".")
    return "\n\n".join(p for p in parts if p)


def ratio_summary(title, rows, theirs, ours, mean_bar, least_bar):
    if not rows:
        return ""
    ratios = {r["name"]: r[theirs] / r[ours] for r in rows}
    mean = geometric_mean(ratios.values())
    text = f"{title}: geometric mean **{mean:.3g}x** over {len(rows)} programs"
    text += f" (wanted: {mean_bar}x)" if mean_bar else ""
    below = sorted((v, name) for name, v in ratios.items() if v < least_bar)
    if least_bar:
        listed = ", ".join(f"`{name}` {v:.2f}" for v, name in below) or "none"
        text += f"; below {least_bar}x: {listed}"
    return text + "."


def scientific(x):
    return "-" if x is None else "0" if x == 0 else f"{x:.0e}"


# ---- Process start, scaling, limits --------------------------------------------------------


def first_section(first):
    rows = [[f"`{f['program']}`", f["threads"], number(min(f["whole_us"])),
             number(statistics.median(f["whole_us"])), number(min(f["version_us"])),
             number(statistics.median(f["version_us"]))] for f in first]
    return ("## First result\n\nWall time of a whole process, `skarn run FILE --random 1 --json`: "
            "start, arguments, reading, compiling, two calls, exit. Beside it `skarn version`, "
            "what a process costs that does nothing.\n\n"
            + table(["program", "threads", "min µs", "median µs", "`version` min µs",
                     "`version` median µs"], rows, "lrrrrr"))


def memory_section(threads, samples):
    rows = [[f"`{s['name']}`", megabytes(s["skarn_peak_kb"]), megabytes(s["xla_peak_kb"]),
             megabytes(s["xla_start_kb"])] for s in samples]
    return (f"## Memory\n\nMost resident memory of a process, MB, {threads} "
            f"thread{'s' if threads > 1 else ''}, arguments included: `skarn run`, which compiles "
            "and calls the program twice, and the process in which XLA did the above, Python and "
            "JAX included; the last column is what that had before the program was loaded.\n\n"
            + table(["program", "Skarn", "XLA", "XLA before the program"], rows, "lrrr"))


# By instruction counts, which no other load on a machine disturbs.
SCALING_STAGES = (
    "Where it goes, in processor instructions (`valgrind --tool=callgrind`, 10 000 and 40 000 "
    "operations: 41.8 and 41.3 thousand per operation of `elementwise`, 26.9 and 26.6 of "
    "`small`): `elementwise` gen 68 %, lower 12 %, parse 6 %, fuse 6 %, simplify 3 %, verify "
    "2 %; `small` lower 45 %, parse 14 %, gen 12 %, fuse 9 %, simplify 6 %, verify 5 %. Two "
    "stages take more than 30 % for what they write: gen selects, allocates and encodes 24 "
    "machine instructions per operation of `elementwise`, which is one kernel; lower writes "
    "10 loop operations per operation of `small`, and only then can its 10 000 kernels be "
    "found to be 40 different ones, which gen sees. Other shapes of programs: "
    "`bench/shapes.py`, whose growth is a test.")


def scaling_section(rows):
    out = []
    smallest = {}
    for r in rows:
        smallest.setdefault(r["family"], r)
        out.append(scaling_row(r, smallest[r["family"]]))
    return ("## Compile time against program size\n\nStraight-line programs from "
            "`bench/scaling.py`, one thread. Both sides warm; Skarn: parse and compile from text, "
            "median. Memory is the growth of the peak of a process that compiles once over that "
            "of the smallest program, per operation; it holds the text, the module, everything "
            "the compiler makes and the code.\n\n"
            + table(["family", "ops", "text bytes", "XLA ms", "Skarn ms", "µs per op",
                     "first in process ms", "memory bytes per op", "code bytes per op", "kernels",
                     "XLA / Skarn"], out, "lrrrrrrrrrr")
            + "\n\n" + SCALING_STAGES)


def scaling_row(r, base):
    count = r["count"]
    if r["skarn_error"] or not r["skarn_us"]:
        note = r["skarn_error"] or "-"
        return [r["family"], count, r["bytes"], milliseconds(r["xla_us"]), note] + ["-"] * 6
    took = r["skarn_us"]
    grown = None
    if r is not base and "peak_kb" in base:
        grown = (r["peak_kb"] - base["peak_kb"]) * 1024 / (count - base["count"])
    return [r["family"], count, r["bytes"], milliseconds(r["xla_us"]), f"{took / 1e3:.3f}",
            f"{took / count:.2f}", f"{statistics.median(r['first_us']) / 1e3:.3f}", number(grown),
            number(r["code_bytes"] / count), r["kernels"], ratio(r["xla_us"], took)]


def limits_section(limits):
    parts = ["## Limits of this machine", "Measured by `bench/limits.c` before and after the "
             "programs, the higher figure of the two; bandwidth in GB/s, bytes read and written "
             "counted once."]
    for threads, item in limits.items():
        rows = [[size(x["bytes"]), number(x["read_gb_s"]), number(x["copy_gb_s"]),
                 number(x["triad_gb_s"])] for x in item["levels"]]
        parts.append(
            f"{threads} thread{'s' if threads > 1 else ''}: {item['gfma']:.1f} G f32 "
            f"multiply-adds/s ({item['vector_bits']}-bit), {item['gdiv']:.1f} G divisions/s\n\n"
            + table(["working set", "read", "copy", "triad"], rows, "lrrr"))
    return "\n\n".join(parts)


# ---- Formatting ----------------------------------------------------------------------------


def table(header, rows, align):
    marks = {"l": ":--", "r": "--:"}
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(marks[a] for a in align) + "|"]
    for row in rows:
        lines.append("| " + " | ".join("-" if x is None else str(x) for x in row) + " |")
    return "\n".join(lines)


def number(x):
    """Three significant digits, without an exponent."""
    if x is None:
        return "-"
    if abs(x) >= 100:
        return f"{x:.0f}"
    if abs(x) >= 10:
        return f"{x:.1f}"
    return f"{x:.2f}"


def milliseconds(us):
    return "-" if us is None else number(us / 1e3)


def megabytes(kb):
    return "-" if kb is None else number(kb / 1e3 * 1.024)


def ratio(a, b):
    if a is None or b is None:
        return "-"
    x = a / b
    return f"{x:.0f}x" if x >= 20 else f"{x:.2f}x"


def percent(a, b):
    return "-" if a is None or b is None else f"{100 * a / b:.0f} %"


def size(count):
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"


def geometric_mean(values):
    logs = [math.log(v) for v in values]
    return math.exp(sum(logs) / len(logs))
