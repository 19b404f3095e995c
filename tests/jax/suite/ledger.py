# SPDX-License-Identifier: Apache-2.0
"""What is known of JAX's suite: what stock JAX does with it, and what Skarn is allowed to fail.

stock.txt, written by `run_suite.py --mode stock --update`, one block per module:

    lax_test 1447 passed 1b2c3d4e
      skipped LaxTest::testSomething
      skipped LaxOnAcceleratorsTest::*

A test passed if no line of its block names it or its whole class; the last word is a checksum of the names of
those that did.

expected.txt, written by hand and only ever shortened by a program. Per reason the number of tests
it may cover; more than that is refused, so the list can grow only by an edit of that number:

    [cpu 2] why these fail, as a sentence
    lax_test LaxTest::testSomething
    lax_test LaxTest::testOther
"""
import collections
import re
import zlib

SHARES = ("passed", "failed", "skipped", "crash", "hang")


def whole_class(test):
    return test.split("::", 1)[0] + "::*"


def checksum(names):
    return f"{zlib.crc32(chr(10).join(sorted(names)).encode()):08x}"


class Stock:
    """Stock JAX's results: per module what was not passed, and how many passed."""

    def __init__(self, path):
        self.path = path
        self.modules = {}
        self.heading = []
        try:
            with open(path, encoding="utf-8") as file:
                self._read(file)
        except FileNotFoundError:
            pass

    def _read(self, file):
        for line in file:
            words = line.split()
            if line.startswith("#"):
                self.heading.append(line)
            elif line.startswith("  "):
                outcome, test = line.strip().split(" ", 1)  # names may have blanks
                other[test] = outcome
            elif words:
                other = {}
                self.modules[words[0]] = (int(words[1]), words[3], other)

    def outcome(self, module, test):
        """What stock did; None for a module that was not recorded."""
        if module not in self.modules:
            return None
        other = self.modules[module][2]
        return other.get(test) or other.get(whole_class(test)) or "passed"

    def passed(self, module):
        return self.modules[module][0] if module in self.modules else None

    def knows(self, module, tests):
        """Whether `tests` are the tests that were recorded: names, not only numbers."""
        return checksum(t for t in tests if self.outcome(module, t) == "passed") == self.modules[module][1]

    def record(self, module, results):
        passed = [test for test, result in results.items() if result[0] == "passed"]
        outcomes = collections.defaultdict(set)
        for test, result in results.items():
            outcomes[whole_class(test)].add(result[0])
        other = {test if len(outcomes[whole_class(test)]) > 1 else whole_class(test): result[0]
                 for test, result in results.items() if result[0] != "passed"}
        self.modules[module] = (len(passed), checksum(passed), other)

    def write(self, heading):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(heading)
            for module, (passed, digest, other) in self.modules.items():
                file.write(f"{module} {passed} passed {digest}\n")
                for test in sorted(other):
                    file.write(f"  {other[test]} {test}\n")


class Expected:
    """The failures that have a reason. Tests are keyed (module, test) within a mode."""

    HEAD = re.compile(r"\[(\w+) (\d+)\] (.+)$")

    def __init__(self, path):
        self.path = path
        self.comments = []
        self.groups = []  # [mode, limit, reason, [(module, test)]]
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                self._read_line(number, line.rstrip("\n"))
        for mode, limit, reason, tests in self.groups:
            if len(tests) > limit:
                raise ValueError(f"{path}: [{mode} {limit}] {reason}: {len(tests)} tests")

    def _read_line(self, number, line):
        head = self.HEAD.match(line)
        if head:
            self.groups.append([head[1], int(head[2]), head[3], []])
        elif line.startswith("#"):
            self.comments.append(line)
        elif line:
            words = line.split(" ", 1)
            if len(words) != 2 or not self.groups:
                raise ValueError(f"{self.path}:{number}: neither a reason nor MODULE TEST")
            self.groups[-1][3].append(tuple(words))

    def of(self, mode):
        """(module, test) -> reason."""
        return {test: reason for group_mode, _, reason, tests in self.groups if group_mode == mode
                for test in tests}

    def prune(self, mode, gone):
        """Takes out tests that pass now; limits follow."""
        for group in self.groups:
            if group[0] == mode:
                group[3] = [test for test in group[3] if test not in gone]
                group[1] = len(group[3])
        self.groups = [group for group in self.groups if group[3]]
        with open(self.path, "w", encoding="utf-8") as file:
            file.write("\n".join(self.comments) + "\n")
            for group_mode, limit, reason, tests in self.groups:
                file.write(f"\n[{group_mode} {limit}] {reason}\n")
                file.writelines(f"{module} {test}\n" for module, test in tests)


class Judgement:
    """Results of one module against stock and the list. What counts is what stock passes."""

    def __init__(self, mode, module, results, stock, expected):
        self.module = module
        self.counts = collections.Counter()
        self.unexpected, self.now_passing = [], []
        allowed = expected.of(mode) if expected else {}
        for test, (outcome, _, message) in results.items():
            outcome = self._share(outcome, stock.outcome(module, test), mode)
            self.counts[outcome] += 1
            listed = (module, test) in allowed
            if outcome == "passed" and listed:
                self.now_passing.append((module, test))
            elif outcome not in ("passed", "skipped") and not listed:
                self.unexpected.append((module, test, outcome, message))

    @staticmethod
    def _share(outcome, stock, mode):
        """A test that stock passes and Skarn leaves out, known as a CPU, has failed; what stock fails is no one's."""
        if outcome == "skipped" and stock == "passed" and mode in ("cpu", "told"):
            return "failed"
        return "skipped" if outcome == "failed" and stock in ("failed", "skipped") else outcome

    @property
    def ran(self):
        return sum(self.counts.values()) - self.counts["skipped"]

    def line(self):
        others = ", ".join(f"{self.counts[s]} {s}" for s in SHARES[1:] if self.counts[s])
        return (f"{self.module} {rate(self.counts['passed'], self.ran)}: {self.counts['passed']} passed"
                + (f", {others}" if others else ""))


def rate(passed, ran):
    return f"{100.0 * passed / ran:.2f} %" if ran else "-"
