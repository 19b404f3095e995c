# SPDX-License-Identifier: Apache-2.0
# Text in, text out. RUN lines may use:
#   %s %t %S            the test file, a scratch path, the test's directory (lit's own)
#   skarn               the command line tool of the build under test
#   not [--code N] CMD  succeeds when CMD fails (with exit code N)
#   %python             the interpreter that runs lit (NumPy is there)
#   filecheck FILE      compares standard input with the CHECK lines of FILE
import os
import sys

import lit.formats

config.name = "skarn"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".loop", ".test"]
config.test_source_root = os.path.dirname(__file__)

root = os.environ.get("SK_TEST_SOURCE_DIR") or os.path.abspath(os.path.join(__file__, "../../.."))
tool = os.environ.get("SK_TEST_BIN") or os.path.join(root, "build", "skarn")
build = os.path.dirname(tool)
config.test_exec_root = os.path.join(build, "lit")
config.excludes = ["inputs"]

checker = os.environ.get("SK_TEST_FILECHECK") or "filecheck"
helper = os.path.join(root, "scripts", "not.sh")
config.substitutions += [
    (r"(?<![\w/.-])skarn(?=\s)", tool),
    (r"(?<![\w/.-])filecheck(?=\s)", checker),
    (r"(?<![\w/.-])not(?=\s)", helper),
    (r"%python", sys.executable),
    (r"%programs", os.path.join(root, "examples", "programs")),
]
for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "SKARN_CONFORMANCE"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
if os.environ.get("SK_TEST_SANITIZE"):
    config.available_features.add("sanitizer")
