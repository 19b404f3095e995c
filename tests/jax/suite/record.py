# SPDX-License-Identifier: Apache-2.0
"""pytest plugin of run_suite.py: leaves one line per event of a test, as it happens.

Lines of the file named by SK_SUITE_RECORD, one JSON array each:

    ["collected", [test, ...]]     what this process is about to run
    ["start", test]                on the disk before the test begins, so that a test that takes the
                                   process with it is known by name
    ["end", test, outcome, seconds, message]    outcome: passed, failed or skipped
    ["left out", reason]           instead of all others: the module imports of JAX what is not there

A test is named CLASS::METHOD. SK_SUITE_SKIP names a file of tests to leave out (they have run),
SK_SUITE_ONLY a file of the only ones to run, SK_SUITE_SHARD is "I/N": every N-th test from the I-th on.
SK_SUITE_VERSION is part of the version that a backend must have: a test "(platform)" fails if none has, so
that results of another backend than the one in question are not taken for its own. SK_SUITE_DEVICE is what tests that
ask for the kind of device are told, instead of the platform. SK_SUITE_EXTRA names a folder laid out as
JAX's sources, for modules of package jax that are not where it is installed.
"""
import importlib.abc
import importlib.machinery
import json
import os
import re
import sys
import types
import zlib

RANK = {"passed": 0, "skipped": 1, "failed": 2}


def name_of(nodeid):
    return nodeid.split("::", 1)[-1]


def names_in(variable):
    path = os.environ.get(variable)
    if not path:
        return None
    with open(path, encoding="utf-8") as file:
        return set(file.read().split("\n"))


def message_of(report):
    """What failed, in a line: the last line of the error pytest names, or the reason of a skip."""
    if report.outcome == "skipped":
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    else:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = crash.message if crash else str(report.longrepr)
    return text[:2000]


class ExtraModules(importlib.abc.MetaPathFinder):
    """Finds jax.x.y.z as x/y/z.py of a folder; asked last, so only for what JAX's own packages lack."""

    def __init__(self, folder):
        self.folder = folder

    def find_spec(self, fullname, path, target=None):
        packages = fullname.split(".")[:-1]
        if packages[:1] != ["jax"]:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, [os.path.join(self.folder, *packages)])


def missing_module(report):
    """The error of a module that could not be read, if it is an import from JAX of what JAX lacks."""
    lines = re.findall(r"^E +(\w+: (?:No module named|cannot import name .* from) 'jax[.'].*)$", str(report.longrepr), re.M)
    return lines[-1] if lines else None


class Recorder:
    def __init__(self):
        self.file = open(os.environ["SK_SUITE_RECORD"], "a", encoding="utf-8")
        self.results = {}

    def write(self, *event):
        self.file.write(json.dumps(event) + "\n")
        self.file.flush()

    def pytest_collectreport(self, report):
        missing = report.failed and missing_module(report)
        if missing:
            self.write("left out", missing)

    def pytest_collection_modifyitems(self, config, items):
        done = names_in("SK_SUITE_SKIP") or ()
        only = names_in("SK_SUITE_ONLY")
        index, count = (int(part) for part in os.environ.get("SK_SUITE_SHARD", "0/1").split("/"))
        keep = []
        for item in items:
            name = name_of(item.nodeid)
            if (name not in done and (only is None or name in only)
                    and zlib.crc32(name.encode()) % count == index):
                keep.append(item)
        config.hook.pytest_deselected(items=[item for item in items if item not in set(keep)])
        items[:] = keep
        self.write("collected", [name_of(item.nodeid) for item in keep])

    def pytest_runtest_logstart(self, nodeid, location):
        self.results[nodeid] = ["passed", 0.0, ""]
        self.write("start", name_of(nodeid))

    def pytest_runtest_logreport(self, report):
        """One report per phase and per subtest; the worst decides, the call of the test may not have run."""
        result = self.results[report.nodeid]
        result[1] += report.duration
        subtest = hasattr(report, "context")
        if report.outcome == "skipped" and subtest:
            return
        if RANK[report.outcome] > RANK[result[0]]:
            result[0] = report.outcome
            result[2] = message_of(report)

    def pytest_runtest_logfinish(self, nodeid, location):
        outcome, seconds, message = self.results.pop(nodeid)
        self.write("end", name_of(nodeid), outcome, round(seconds, 3), message)

    def pytest_sessionfinish(self, session):
        wanted = os.environ.get("SK_SUITE_VERSION")
        bridge = sys.modules.get("jax._src.xla_bridge")
        versions = [b.platform_version for b in getattr(bridge, "_backends", {}).values()]
        if wanted and versions and not any(wanted in v for v in versions):
            self.write("start", "(platform)")
            self.write("end", "(platform)", "failed", 0.0, f"ran on {versions}")


def stand_in_for_hypothesis_helper():
    """What state_test imports of jax._src.hypothesis_test_util, which JAX's wheel leaves out: as many examples as cases,
    however many a module asks for."""
    def setup_hypothesis(max_examples=None):
        import hypothesis

        hypothesis.settings.register_profile(
            "suite", database=None, derandomize=True, deadline=None,
            max_examples=int(os.environ.get("JAX_NUM_GENERATED_CASES") or 30),
            suppress_health_check=[hypothesis.HealthCheck.differing_executors])
        hypothesis.settings.load_profile("suite")

    module = types.ModuleType("jax._src.hypothesis_test_util")
    module.setup_hypothesis, module.hypothesis_is_thread_safe = setup_hypothesis, lambda: True
    return module


def pytest_configure(config):
    extra = ExtraModules(os.environ.get("SK_SUITE_EXTRA", ""))
    helper = stand_in_for_hypothesis_helper()
    if not (extra.folder and extra.find_spec(helper.__name__, None)):
        sys.modules.setdefault(helper.__name__, helper)
    if os.environ.get("SK_SUITE_DEVICE"):
        sys.argv.append("--jax_test_dut=" + os.environ["SK_SUITE_DEVICE"])  # which the modules' first lines read
    if extra.folder:
        sys.meta_path.append(extra)
    config.pluginmanager.register(Recorder(), "skarn-suite-recorder")
