# SPDX-License-Identifier: Apache-2.0
"""The runner of JAX's own tests: what it records, where it looks for helpers, and what it leaves out."""
import json
import pathlib
import sys
import types

import pytest

pytest.importorskip("jax", reason="JAX is not installed: scripts/install_deps.sh all")

HERE = pathlib.Path(__file__).resolve().parent / "suite"
sys.path.insert(0, str(HERE))

import ledger  # noqa: E402
import record  # noqa: E402
import run_suite  # noqa: E402

RESULTS = {"ATest::test_a": ["passed"], "ATest::test_b[x y]": ["skipped"], "BTest::test_a": ["skipped"],
           "BTest::test_b": ["skipped"]}


def recorded(tmp_path):
    stock = ledger.Stock(tmp_path / "stock.txt")
    stock.record("pallas/some_test", RESULTS)
    stock.write("# heading\n")
    return ledger.Stock(tmp_path / "stock.txt")


def test_what_stock_did_is_read_as_it_was_written(tmp_path):
    stock = recorded(tmp_path)
    assert {test: stock.outcome("pallas/some_test", test) for test in RESULTS} == {t: r[0] for t, r in RESULTS.items()}
    assert stock.passed("pallas/some_test") == 1
    assert stock.outcome("other_test", "ATest::test_a") is None


def test_a_class_that_is_left_out_as_a_whole_is_one_line(tmp_path):
    recorded(tmp_path)
    lines = (tmp_path / "stock.txt").read_text().splitlines()
    assert lines[2:] == ["  skipped ATest::test_b[x y]", "  skipped BTest::*"]


def test_tests_are_known_by_name(tmp_path):
    stock = recorded(tmp_path)
    assert stock.knows("pallas/some_test", RESULTS)
    assert not stock.knows("pallas/some_test", [*RESULTS, "ATest::test_c"])
    assert not stock.knows("pallas/some_test", ["ATest::test_d", *list(RESULTS)[1:]])


def test_helpers_are_found_beside_the_package_they_belong_to(tmp_path):
    (tmp_path / "jax" / "_src" / "more").mkdir(parents=True)
    (tmp_path / "jax" / "_src" / "more" / "__init__.py").touch()
    (tmp_path / "jax" / "_src" / "more" / "helper.py").write_text("VALUE = 3\n")
    (tmp_path / "other.py").touch()
    finder = record.ExtraModules(tmp_path)
    assert finder.find_spec("jax._src.more", None).origin.endswith("more/__init__.py")
    assert finder.find_spec("jax._src.more.helper", None).origin.endswith("more/helper.py")
    assert finder.find_spec("jax._src.more.another", None) is None
    assert finder.find_spec("other", None) is None


def test_only_what_jax_lacks_leaves_a_module_out():
    def missing(text):
        return record.missing_module(types.SimpleNamespace(longrepr=text))

    assert missing("x.py:3: in <module>\nE   ModuleNotFoundError: No module named 'jax._src.more'")
    assert missing("E   ImportError: cannot import name 'more' from 'jax._src' (/x/__init__.py)")
    assert not missing("E   ModuleNotFoundError: No module named 'torch'")
    assert not missing("E   ImportError: cannot import name 'x' from 'jaxlib'")
    assert not missing("E   RuntimeError: No module named 'x'")


def test_a_module_without_its_helpers_is_left_out_and_run_with_them(tmp_path, monkeypatch, capsys):
    suite, extra = tmp_path / "jax", tmp_path / "extra"
    (suite / "tests" / "folder").mkdir(parents=True)
    (suite / "pyproject.toml").touch()
    (suite / "tests" / "folder" / "some_test.py").write_text(
        "import unittest\n"
        "from jax._src import skarn_test_helper\n"
        "class ATest(unittest.TestCase):\n"
        "  def test_a(self):\n"
        "    assert skarn_test_helper.VALUE == 3\n")
    (extra / "jax" / "_src").mkdir(parents=True)
    (extra / "jax" / "_src" / "skarn_test_helper.py").write_text("VALUE = 3\n")
    monkeypatch.setattr(run_suite, "SUITE", suite)
    args = types.SimpleNamespace(out=tmp_path / "out", extra=None, shard="0/1", only=None, exitfirst=False, k="",
                                 memory_gib=16, timeout=120, resume=True, jobs=1)
    assert not list(run_suite.run_all(["folder/some_test"], "stock", args))
    assert "folder/some_test is left out: ImportError" in capsys.readouterr().out
    args.extra = extra
    module, = run_suite.run_all(["folder/some_test"], "stock", args)
    assert {test: result[0] for test, result in module.results.items()} == {"ATest::test_a": "passed"}
    again, = run_suite.run_all(["folder/some_test"], "stock", args)  # as it was
    assert again.results == module.results
    # Cut short: what had run is run again.
    lines = module.record.read_text().splitlines()
    module.record.write_text("\n".join(line for line in lines if json.loads(line)[0] != "module") + "\n")
    module, = run_suite.run_all(["folder/some_test"], "stock", args)
    assert list(module.results) == ["ATest::test_a"]


def test_modules_may_say_how_many_devices_they_need():
    listed = run_suite.listed_modules()
    assert listed["lax_test"] == "" and all(count == "" or int(count) > 0 for count in listed.values())
    args = types.SimpleNamespace(out=pathlib.Path("x"), extra=None, library="y")
    assert run_suite.environment("skarn", "", args)["SKARN_NUM_DEVICES"] == "8"
    assert run_suite.environment("told", "1", args)["SKARN_NUM_DEVICES"] == "1"
    assert "SKARN_NUM_DEVICES" not in run_suite.environment("cpu", "1", args)
