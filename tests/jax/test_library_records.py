# SPDX-License-Identifier: Apache-2.0
"""The records of tests/jax/libraries: complete, small, and compared so that a wrong result is told."""
import copy
import json
import math
import pathlib
import sys

import pytest

pytest.importorskip("jax", reason="JAX is not installed: scripts/install_deps.sh all")

HERE = pathlib.Path(__file__).resolve().parent / "libraries"
sys.path.insert(0, str(HERE))

import catalog  # noqa: E402
import library_programs  # noqa: E402,F401
import numpy as np  # noqa: E402

STOCK = HERE / "stock.json"


def test_every_program_has_a_record_and_no_other():
    assert list(json.loads(STOCK.read_text())) == list(catalog.PROGRAMS)
    assert STOCK.stat().st_size <= 60_000


def test_a_record_holds_what_can_be_compared():
    for name, results in json.loads(STOCK.read_text()).items():
        assert results, name
        assert any(largest > 0 for _, _, _, largest, _ in results), name


def test_equal_results_differ_by_nothing():
    summaries = catalog.summaries([np.arange(12.0).reshape(3, 4), np.float32(np.nan), np.ones(3) * 2j])
    assert catalog.difference(summaries, copy.deepcopy(summaries)) == (0.0, "")


@pytest.mark.parametrize("wrong, least", [
    (np.arange(12.0).reshape(4, 3), math.inf),
    (np.where(np.arange(12) == 5, np.nan, np.arange(12.0)).reshape(3, 4), math.inf),
    (np.arange(12.0).reshape(3, 4) * 1.001, 9e-4),
    (np.arange(12.0).reshape(3, 4)[::-1], 0.5),
])
def test_a_wrong_result_is_told(wrong, least):
    right = catalog.summaries([np.arange(12.0).reshape(3, 4)])
    worst, where = catalog.difference(catalog.summaries([wrong]), right)
    assert worst >= least and where


def test_a_wrong_entry_between_those_kept_shows_in_the_sum():
    right = np.arange(1000.0)
    wrong = np.where(np.arange(1000) == 500, -1.0, right)
    assert catalog.difference(catalog.summaries([wrong]), catalog.summaries([right]))[0] > 5e-4


def test_noise_around_zero_is_negligible_only_if_so_called():
    noise, other = catalog.summaries([np.full(4, 1e-8)]), catalog.summaries([np.full(4, 3e-8)])
    assert catalog.difference(noise, other)[0] > 0.5
    assert catalog.difference(noise, other, negligible=1e-2)[0] < 1e-5
