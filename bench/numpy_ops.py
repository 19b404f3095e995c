# SPDX-License-Identifier: Apache-2.0
"""Measures functions of array programs, one at a time, against NumPy.

    build/venv/bin/python bench/numpy_ops.py [--only TEXT,...] [--rounds N] [--seconds S] [--page FILE]

array_ops.py says how. What is a view in NumPy is copied.
"""

import sys

import array_ops

LONG = 1 << 20


def define():
    import jax.numpy as jnp
    import numpy as np

    rows = []
    rng = np.random.default_rng(0)

    def floats(dtype, *shape):
        return rng.standard_normal(shape).astype(dtype)

    def ints(dtype, *shape, low=0, high=100):
        return rng.integers(low, high, shape).astype(dtype)

    def row(name, arguments, of=None, jax_of=None):
        """`of(xp, *arguments)` says what to call of either library; by default what the name says."""
        first = name.split()[0]
        of = of or (lambda xp, *a: getattr(xp, first)(*a))
        rows.append(array_ops.Row(
            name, {"NumPy": lambda *a: lambda: np.ascontiguousarray(of(np, *a))},
            lambda *a: (jax_of or of)(jnp, *a), arguments))

    for dtype in ("float32", "float64"):
        x, y = floats(dtype, LONG), floats(dtype, LONG)
        square, small = floats(dtype, 1024, 1024), floats(dtype, 64, 64)
        for name in ("exp", "sin", "tanh", "floor", "sign"):
            row(f"{name} {dtype}", (x,))
        for name in ("sqrt", "log", "log1p"):
            row(f"{name} {dtype}", (abs(x),))
        for name in ("add", "divide", "mod", "arctan2", "maximum", "hypot"):
            row(f"{name} {dtype}", (x, y))
        row(f"power {dtype}", (abs(x), y))
        for name in ("sum", "max", "argmax", "cumsum", "var", "sort", "median"):
            row(f"{name} {dtype}", (x,))
        row(f"argsort, stable {dtype}", (x,), lambda xp, v: xp.argsort(v, stable=True))
        row(f"sum of columns {dtype}", (square,), lambda xp, v: v.sum(0))
        row(f"sum of rows {dtype}", (square,), lambda xp, v: v.sum(1))
        row(f"sort of rows {dtype}", (square,), lambda xp, v: xp.sort(v, axis=1))
        row(f"matmul of 1024 {dtype}", (square, square), lambda xp, a, b: a @ b)
        row(f"matmul of 64 {dtype}", (small, small), lambda xp, a, b: a @ b)
        row(f"matmul, 256 of 32 {dtype}", (floats(dtype, 256, 32, 32),) * 2, lambda xp, a, b: a @ b)
        row(f"matrix times vector {dtype}", (square, floats(dtype, 1024)), lambda xp, a, b: a @ b)
        row(f"outer {dtype}", (floats(dtype, 1024),) * 2)
        row(f"transpose {dtype}", (square,), lambda xp, v: v.T, lambda xp, v: v.T + 0)
        row(f"roll {dtype}", (x,), lambda xp, v: xp.roll(v, 7))
        row(f"roll of both axes {dtype}", (square,), lambda xp, v: xp.roll(v, (3, 5), (0, 1)))
        row(f"flip {dtype}", (x,))
        row(f"diff {dtype}", (x,))
        row(f"where {dtype}", (x, y), lambda xp, a, b: xp.where(a > 0, a, b))
        row(f"take {dtype}", (x, ints("int32", LONG, high=LONG)))
        row(f"repeat {dtype}", (x,), lambda xp, v: xp.repeat(v, 3))
        row(f"searchsorted {dtype}", (np.sort(x), y[:100000]))
        row(f"convolve {dtype}", (x[:100000], y[:31]))
        row(f"interp {dtype}", (x, np.sort(y[:1000]), y[:1000]))
        row(f"fft {dtype}", (x,), lambda xp, v: xp.fft.fft(v))
        row(f"rfft of rows {dtype}", (square,), lambda xp, v: xp.fft.rfft(v, axis=1))
        waves = square[:, :513] + 1j * square[:, 511:]
        row(f"irfft of rows {dtype}", (waves,), lambda xp, v: xp.fft.irfft(v, axis=1))
        row(f"fft2 of 512 {dtype}", (waves[:512, :512].copy(),), lambda xp, v: xp.fft.fft2(v))
        row(f"fft of 1009 {dtype}", (waves.reshape(-1)[:1009].copy(),), lambda xp, v: xp.fft.fft(v))
        row(f"cholesky of 512 {dtype}", (positive_definite(floats(dtype, 512, 512)),),
            lambda xp, v: xp.linalg.cholesky(v))
        row(f"solve of 256 {dtype}", (floats(dtype, 256, 256), floats(dtype, 256, 8)),
            lambda xp, a, b: xp.linalg.solve(a, b))
    for dtype in ("int32", "int64", "uint8"):
        x, y = ints(dtype, LONG), ints(dtype, LONG, low=1)
        for name in ("add", "floor_divide", "remainder", "bitwise_xor", "equal"):
            row(f"{name} {dtype}", (x, y))
        for name in ("sum", "max", "sort"):
            row(f"{name} {dtype}", (x,))
        if dtype != "uint8":  # NumPy's is of 64 bits
            row(f"cumsum {dtype}", (x,))
        row(f"bincount {dtype}", (x,), lambda xp, v: xp.bincount(v, minlength=100),
            lambda xp, v: xp.bincount(v, length=100))
    row("logical_and bool", (floats("float32", LONG) > 0, floats("float32", LONG) > 0))
    row("softmax of rows float32", (floats("float32", 1024, 1024),), softmax)
    row("pairwise distances float32", (floats("float32", 512, 16),),
        lambda xp, a: ((a[:, None] - a[None]) ** 2).sum(-1))
    row("grey of bytes", (ints("uint8", 512, 512, 3, high=256),),
        lambda xp, v: v.astype("float32") @ xp.asarray([0.3, 0.6, 0.1], "float32"))
    return rows


def positive_definite(a):
    import numpy as np

    return a @ a.T + len(a) * np.eye(len(a), dtype=a.dtype)


def softmax(xp, v):
    e = xp.exp(v - v.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def heading(options):
    import numpy

    return f"""# Functions of arrays, against NumPy

Made by `build/venv/bin/python bench/numpy_ops.py --page docs/performance-numpy.md`: functions of NumPy, and the same of `jax.numpy`
compiled by Skarn, on the same arrays (a million elements where nothing else is said). Least times of {options.rounds} rounds in which the sides take turns,
1 thread; ratios say how many times faster Skarn is. NumPy {numpy.__version__} with OpenBLAS. {array_ops.conditions()}
"""


if __name__ == "__main__":
    sys.exit(array_ops.main("NumPy", ["NumPy"], define, heading))
