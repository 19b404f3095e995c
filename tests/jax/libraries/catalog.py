# SPDX-License-Identifier: Apache-2.0
"""What a program of this directory is, and what is kept of its results.

A program is a function without arguments that returns arrays, in any nesting. It imports its library
itself, so that one without the other programs' libraries can run it, draws its data from seeded generators and
takes seconds. Of every array its shape, sums and a few entries are kept: enough to tell a wrong result,
and small enough to commit.

Differences are shares of an array's largest magnitude (of the sum of magnitudes, for sums), or of what the program
calls negligible if that is more. TOLERANCE is what f32 arithmetic in another order leaves after a few dozen
steps; a program that needs more says why.
"""
import dataclasses
import math
import time

import numpy as np

TOLERANCE = 1e-4
ENTRIES = 48  # kept of a program's results, together
WARM_CALLS = 20

PROGRAMS = {}


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    function: object
    needs: tuple  # modules; the first is the one it is about
    tolerance: float
    negligible: float  # arrays without larger entries are compared as if they had one
    quick: bool  # part of `make test`
    why: str  # reason for a wide tolerance


def program(*needs, tolerance=TOLERANCE, negligible=0.0, why="", quick=False):
    """Enters the function into PROGRAMS."""
    if (tolerance > TOLERANCE or negligible > 0) != bool(why):
        raise ValueError("a wide tolerance has a reason, and no other has")

    def enter(function):
        PROGRAMS[function.__name__] = Program(function.__name__, function, needs, tolerance, negligible, quick, why)
        return function

    return enter


# ---- warm calls: a program hands over its steps, and they are timed where someone has asked for that

warm_times = None  # step -> seconds, once enabled


def enable_warm():
    global warm_times
    warm_times = {}


def warm(name, step):
    """Notes the least time of WARM_CALLS calls of `step`, which has run before and consumes nothing."""
    if warm_times is None:
        return
    import jax

    jax.block_until_ready(step())
    least = math.inf
    for _ in range(WARM_CALLS):
        start = time.perf_counter()
        jax.block_until_ready(step())
        least = min(least, time.perf_counter() - start)
    warm_times[name] = least


# ---- results

def numbers(array):
    """An array of float64 whatever the type; complex numbers are pairs, keys their words."""
    import jax

    if isinstance(array, jax.Array) and jax.dtypes.issubdtype(array.dtype, jax.dtypes.prng_key):
        array = jax.random.key_data(array)
    array = np.asarray(array)
    if np.iscomplexobj(array):
        array = np.stack([array.real, array.imag], -1)
    return array.astype(np.float64)


def short(value):
    return float(f"{value:.7g}")


def summary(array, entries):
    """[shape, sum, sum of magnitudes, largest magnitude, entries at equal distances]; only entries may be infinite."""
    flat = array.ravel()
    finite = flat[np.isfinite(flat)]
    places = np.linspace(0, flat.size - 1, min(entries, flat.size)).astype(int) if flat.size else []
    return ["x".join(map(str, array.shape)), short(finite.sum()), short(np.abs(finite).sum()),
            short(np.abs(finite).max(initial=0.0)), [short(flat[i]) for i in places]]


def summaries(results):
    import jax

    arrays = [numbers(leaf) for leaf in jax.tree.leaves(results)]
    return [summary(array, max(2, ENTRIES // max(1, len(arrays)))) for array in arrays]


def share(got, wanted, scale):
    """How far apart two numbers are; infinite where one is finite and the other not, or is another infinity."""
    if got == wanted or (math.isnan(got) and math.isnan(wanted)):
        return 0.0
    if not (math.isfinite(got) and math.isfinite(wanted)):
        return math.inf
    return abs(got - wanted) / max(scale, 1e-30)


def difference(got, wanted, negligible=0.0):
    """(largest difference, where) between two lists of summaries."""
    if [s[0] for s in got] != [s[0] for s in wanted]:
        return math.inf, f"shapes {[s[0] for s in got]}, not {[s[0] for s in wanted]}"
    worst = (0.0, "")
    for i, ((_, total, _, _, entries), (_, total0, magnitude, largest, entries0)) in enumerate(zip(got, wanted)):
        candidates = [(share(total, total0, max(magnitude, negligible)), f"sum of result {i}: {total}, not {total0}")]
        candidates += [(share(a, b, max(largest, negligible)), f"entry {k} of result {i}: {a}, not {b} of at most {largest}")
                       for k, (a, b) in enumerate(zip(entries, entries0))]
        worst = max(worst, *candidates, key=lambda c: c[0])
    return worst
