# SPDX-License-Identifier: Apache-2.0
"""Reproducible arguments: the arrays that `skarn run --random SEED` makes, in NumPy, bit for bit.

Element i of argument a is a function of (SEED, a, i) alone:

    h = mix(SEED * 0x9E3779B97F4A7C15 + (a << 40) + i)   mod 2^64, mix = finaliser of SplitMix64
    float    ((h >> 40) * 2^-24) * 0.9 + 0.05, computed in double precision, rounded once
    integer  h mod 4
    bool     h & 1
    complex  element i takes the floats of indices 2i (real) and 2i + 1 (imaginary)

so that an array does not depend on the shapes of others, on the order of evaluation or on the
machine, and a result computed by JAX and one computed by Skarn can be compared without a file.

Mixing function: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
OOPSLA 2014, with the constants of Stafford's variant 13.
"""

import numpy as np

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def mix(z):
    """The SplitMix64 finaliser over an array of uint64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def hashes(seed, argument, count):
    """h of the elements 0 .. count - 1 of one argument."""
    start = (seed * _GOLDEN + (argument << 40)) & _MASK
    return mix(np.uint64(start) + np.arange(count, dtype=np.uint64))


def array(seed, argument, shape, dtype):
    """One argument. NumPy's extension types (ml_dtypes) round from double like the others."""
    dtype = np.dtype(dtype)
    shape = tuple(shape)
    count = int(np.prod(shape, dtype=np.int64))
    with np.errstate(over="ignore"):
        if dtype.kind == "c":
            parts = _floats(hashes(seed, argument, 2 * count)).reshape(count, 2)
            flat = (parts[:, 0] + 1j * parts[:, 1]).astype(dtype)
        elif dtype.kind == "b":
            flat = (hashes(seed, argument, count) & np.uint64(1)).astype(dtype)
        elif dtype.kind in "iu":
            flat = (hashes(seed, argument, count) & np.uint64(3)).astype(dtype)
        else:
            flat = _floats(hashes(seed, argument, count)).astype(dtype)
    return flat.reshape(shape)


def arguments(seed, avals):
    """Every argument of an entry, given things that have .shape and .dtype."""
    return [array(seed, i, a.shape, a.dtype) for i, a in enumerate(avals)]


def _floats(h):
    unit = (h >> np.uint64(40)).astype(np.float64) * 2.0**-24
    return unit * 0.9 + 0.05
