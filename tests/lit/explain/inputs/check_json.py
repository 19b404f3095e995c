# SPDX-License-Identifier: Apache-2.0
"""The lines of `skarn explain --json` are objects with the documented keys, in order of execution."""
import json
import sys

KEYS = {"number", "depth", "name", "part_of", "members", "inside", "again", "stops", "loops", "parallel",
        "grain", "read_bytes", "written_bytes", "flops"}
rows = [json.loads(line) for line in sys.stdin]
assert rows and all(set(row) == KEYS for row in rows), rows
assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
whys = {stop["why"] for row in rows for stop in row["stops"]}
assert any("runs on its own" in why for why in whys), whys
assert all(member["line"] > 0 and member["op"].startswith("stablehlo.")
           for row in rows for member in row["members"])
assert any(row["depth"] == 1 for row in rows)
