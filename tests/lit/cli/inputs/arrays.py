# SPDX-License-Identifier: Apache-2.0
"""arrays.py make|check DIR: writes the inputs of types.mlir, or compares what came out."""
import os
import sys

import numpy as np

what, folder = sys.argv[1:]
f32 = np.array([1.5, np.nan, -np.inf, -0.0], "f4")
i8 = np.array([1, 100, -100, 0], "i1")
f16 = np.array([0.1, 40000, np.nan, 6e-8], "f2")
bf16 = np.array([0x3F80, 0x7F80, 0x8000, 0x0001], "u2")  # 1, inf, -0, the least denormal

if what == "make":
    os.makedirs(folder, exist_ok=True)
    for name, array in (("f32", f32), ("i8", i8), ("f16", f16), ("bf16", bf16.view("V2"))):
        np.save(f"{folder}/{name}.npy", array)
else:
    out = [np.load(f"{folder}/out/out{i}.npy") for i in range(5)]
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(out[0], f32 + f32)
        assert np.signbit(out[0][3])
        np.testing.assert_array_equal(out[1], i8 + i8)
        np.testing.assert_array_equal(out[2], f16 + f16)
    assert out[3].dtype == np.dtype("V2"), out[3].dtype
    assert out[3].view("u2").tolist() == [0x4000, 0x7F80, 0x8000, 0x0002]
    assert out[4].dtype == bool and out[4].tolist() == [True, False, True, True]
