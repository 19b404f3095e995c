#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_binaries.py DIRECTORY: what the built libraries export, need and weigh.

- shared libraries export skarn_* (the plugin: GetPjrtApi) and nothing else;
- static libraries define no other global symbol either, so that no host program collides;
- libskarn_rt.a leaves nothing of ours undefined: it serves without the compiler;
- shared libraries need libc and libm only, and have neither an executable stack nor a text
  relocation;
- libskarn.so is at most 2 MB when stripped.
"""
import os
import re
import subprocess
import sys
import tempfile

SIZE_LIMIT = 2_000_000
NEEDED = re.compile(r"^(libc\.so\.6|libm\.so\.6|libpthread\.so\.0|ld-linux-x86-64\.so\.2)$")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(path, *flags):
    """(kind, name) rows of nm."""
    rows = [line.split() for line in output("nm", "-P", *flags, path).splitlines()]
    return [(row[1], row[0]) for row in rows if len(row) >= 2]


def check_shared(path, allowed, errors):
    name = os.path.basename(path)
    exported = [s for kind, s in symbols(path, "-D", "--defined-only") if kind not in "a"]
    for symbol in exported:
        if not re.match(allowed, symbol):
            errors.append(f"{name} exports {symbol}")
    if not exported:
        errors.append(f"{name} exports nothing")
    dynamic = output("readelf", "-dW", path)
    for library in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic):
        if not NEEDED.match(library):
            errors.append(f"{name} needs {library}")
    if "TEXTREL" in dynamic:
        errors.append(f"{name} has text relocations")
    if re.search(r"GNU_STACK.*RWE", output("readelf", "-lW", path)):
        errors.append(f"{name} asks for an executable stack")
    with tempfile.TemporaryDirectory() as scratch:
        stripped = os.path.join(scratch, name)
        subprocess.run(["strip", "-o", stripped, path], check=True)
        size = os.path.getsize(stripped)
    print(f"{name}: {size} bytes stripped, {len(exported)} symbols exported")
    if size > SIZE_LIMIT:
        errors.append(f"{name} has {size} bytes stripped (limit {SIZE_LIMIT})")


def check_static(path, closed, errors):
    name = os.path.basename(path)
    for kind, symbol in symbols(path, "-g"):
        if kind != "U" and not symbol.startswith("skarn_"):
            errors.append(f"{name} defines the global symbol {symbol}")
        if kind == "U" and closed and re.match(r"_*(sk|skarn)_", symbol):
            errors.append(f"{name} leaves {symbol} undefined")


def main():
    if len(sys.argv) != 2:
        print(__doc__.split(":")[0], file=sys.stderr)
        return 2
    directory = sys.argv[1]
    errors = []
    check_shared(os.path.join(directory, "libskarn.so"), r"skarn_", errors)
    check_static(os.path.join(directory, "libskarn.a"), True, errors)
    serving = os.path.join(directory, "libskarn_rt.a")
    if os.path.exists(serving):
        check_static(serving, True, errors)
    plugin = os.path.join(directory, "libskarn_pjrt.so")
    if os.path.exists(plugin):
        check_shared(plugin, r"GetPjrtApi$", errors)
    print("\n".join(errors) or "libraries as they should be")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
