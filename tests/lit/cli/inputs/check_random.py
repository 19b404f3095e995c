# SPDX-License-Identifier: Apache-2.0
"""check_random.py PROGRAMS DIR SEED TYPE...: DIR/out<i>.npy are the arrays of that seed.

PROGRAMS has inputs.py, the rule in NumPy. Types are NumPy's and what it lacks: bf16 and f8E5M2, of
which the bits are compared, and s2, signed numbers of two bits in a byte.
"""
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import inputs  # noqa: E402

NARROW = {"bf16": (8, "u4", "f4", 16), "f8E5M2": (3, "u2", "f2", 8)}


def narrow_bits(values, significand_bits, integer, wider, unused_bits):
    """The upper bits of the next wider type, once rounded to that many bits of significand."""
    fraction, exponent = np.frexp(values)
    scale = 2.0**significand_bits
    rounded = np.ldexp(np.rint(fraction * scale) / scale, exponent)
    return rounded.astype(wider).view(integer) >> unused_bits


def array(seed, argument, shape, name):
    """What skarn should have made, in the type that it saves."""
    if name in NARROW:
        return narrow_bits(inputs.array(seed, argument, shape, "f8"), *NARROW[name])
    if name == "s2":
        two_bits = inputs.array(seed, argument, shape, "i1")
        return np.where(two_bits >= 2, two_bits - 4, two_bits)
    return inputs.array(seed, argument, shape, name)


folder, seed, types = sys.argv[2], int(sys.argv[3]), sys.argv[4:]
for i, name in enumerate(types):
    got = np.load(f"{folder}/out{i}.npy")
    want = array(seed, i, got.shape, name)
    if name in NARROW:
        got = got.view(f"u{got.dtype.itemsize}").astype(want.dtype)
    assert got.dtype == want.dtype, (i, name, got.dtype)
    assert np.array_equal(got, want), (i, name, got, want)
    assert got.size == 0 or len(set(got.ravel().tolist())) > 1, (i, name)
