#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The include law: which room of the tree may see which.

    base <- ir <- read interp pass loop          (docs/architecture.md draws it)
    base <- loop <- gen <- kern      base <- lib <- rt      all <- compile <- api, pjrt, tools

A `#include "..."` names a file from the root of src ("ir/ir.h"), or one beside the includer in
tests, tools and bench. NAME_int.h belongs to its room alone. File names are unique in src and
include, so that a name in a message or a table means one file.

Prints each breach as FILE:LINE: message; exit status 1 if there are any.
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# room: rooms it may include besides itself; "skarn" stands for include/skarn.
LAW = {
    "base": "",
    "ir": "base",
    "read": "base ir",
    "interp": "base ir",
    "pass": "base ir",
    "loop": "base ir",
    "gen": "base loop",
    "kern": "base loop gen",
    "lib": "base",
    "rt": "base lib",
    "compile": "base ir read interp pass loop gen kern lib rt",
    "api/runtime": "base rt skarn",
    "api": "base rt compile skarn",
    "pjrt": "base skarn",
    "include": "skarn",
    "tools": "base skarn",
    "tools/inside": "base ir read interp pass loop gen kern lib rt compile skarn",
    "tests/link": "skarn",
    "tests": "base ir read interp pass loop gen kern lib rt compile api pjrt skarn emu support tools",
    "bench": "base ir read interp pass loop gen kern lib rt compile skarn support",
    "examples": "skarn",
}
ROOMS = {room for rooms in LAW.values() for room in rooms.split()} | {"api", "pjrt"}
INSIDERS = re.compile(r"(^|_)(opt|explain|ops|lint|oracle|reduce)(_|\.)")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


def room_of(path):
    """The row of LAW for a file, and the room name that counts as itself."""
    parts = path.split("/")
    if parts[0] == "src":
        if parts[1] == "api":
            return ("api/runtime" if parts[-1].startswith("runtime_") else "api"), "api"
        return parts[1], parts[1]
    if parts[0] == "tools":
        return ("tools/inside" if INSIDERS.search(parts[-1]) else "tools"), "tools"
    if path.startswith("tests/link/"):
        return "tests/link", "tests"
    return parts[0], parts[0]


def check_include(path, row, own, quote, target):
    """What is wrong with one include line, or None."""
    first = target.split("/")[0]
    if quote == "<":
        if first in ROOMS - {"skarn"} and "/" in target:
            return f"<{target}>: rooms are included with quotes"
        if first != "skarn":
            return None
    if "/" not in target:
        if path.startswith("src/"):
            return f'"{target}": name the room too, as in "{own}/{target}"'
        return None if os.path.exists(os.path.join(ROOT, os.path.dirname(path), target)) else \
            f'"{target}": no such file beside the includer'
    if first not in ROOMS:
        return f'"{target}": {first} is not a room'
    if first != own and first not in LAW[row].split():
        return f'"{target}": {row} may include only itself and: {LAW[row] or "nothing"}'
    if target.endswith("_int.h") and first != own and own not in ("tests", "bench"):
        return f'"{target}" belongs to room {first}'
    if first not in ("skarn", "emu", "support", "tools") and not os.path.exists(os.path.join(ROOT, "src", target)):
        return f'"{target}": no such file'
    return None


def sources():
    for top in ("include", "src", "tools", "tests", "bench", "examples"):
        for directory, _, names in sorted(os.walk(os.path.join(ROOT, top))):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def")):
                    yield os.path.relpath(os.path.join(directory, name), ROOT)


def main():
    breaches = []
    count = 0
    homes = {}
    for path in sources():
        if path.startswith(("src/", "include/")):
            name = os.path.basename(path)
            if name in homes:
                breaches.append(f"{path}:1: the name {name} is taken by {homes[name]}")
            homes.setdefault(name, path)
        row, own = room_of(path)
        if row not in LAW:
            breaches.append(f"{path}:1: {row} is not a room of the include law")
            continue
        with open(os.path.join(ROOT, path), errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                if match:
                    count += 1
                    problem = check_include(path, row, own, match.group(1), match.group(2))
                    if problem:
                        breaches.append(f"{path}:{number}: {problem}")
    print("\n".join(breaches + [f"{count} includes, {len(breaches)} breaches"]))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
