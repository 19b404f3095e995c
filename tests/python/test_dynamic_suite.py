# SPDX-License-Identifier: Apache-2.0
"""StableHLO's testdata/dynamic, executed: every unknown dimension is 3, and every number that shapes
depend on as well. Generated code and the reference interpreter must agree on random arguments.

The files have no inputs of their own. Each says how its arguments hang together: a dimension that is
unknown in several of them is the same, and is passed once more as an i64; 3 contradicts none of it.
i32 arguments are positions, here 0.
"""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKARN = pathlib.Path(os.environ.get("SK_TEST_BIN") or ROOT / "build" / "skarn")
CONFORMANCE = pathlib.Path(os.environ.get("SKARN_CONFORMANCE") or ROOT / ".." / "shared" / "conformance")
FILES = sorted((CONFORMANCE / "stablehlo" / "testdata" / "dynamic").glob("*.mlir"))

ENTRY = re.compile(r"func\.func public @main\((.*?)\) ->", re.S)
TENSOR = re.compile(r"tensor<[^<>]*(?:<[^<>]*>[^<>]*)?>")
VALUES = {"tensor<i64>": "tensor<i64> = 3", "tensor<i32>": "tensor<i32> = 0"}

pytestmark = pytest.mark.skipif(
    not FILES, reason="no testdata/dynamic: set SKARN_CONFORMANCE to a directory that holds stablehlo/testdata "
                      "of github.com/openxla/stablehlo")


def test_the_suite_is_whole():
    assert len(FILES) >= 388


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_generated_code_agrees(path):
    arguments = TENSOR.findall(ENTRY.search(path.read_text()).group(1))
    types = ", ".join(VALUES.get(t) or t.replace("?", "3") for t in arguments)
    done = subprocess.run([str(SKARN), "run", str(path), "--random", "1", "--refine", types, "--compare", "interp"],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
