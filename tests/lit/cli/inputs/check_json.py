# SPDX-License-Identifier: Apache-2.0
"""check_json.py FILE KEY[=VALUE]...: FILE is one line of JSON, an object with these keys."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as lines:
    text = lines.read()
assert text.endswith("\n") and text.count("\n") == 1, "expected exactly one line"
figures = json.loads(text)
for want in sys.argv[2:]:
    key, _, value = want.partition("=")
    assert key in figures, f"no key {key}"
    assert not value or str(figures[key]) == value, f"{key} is {figures[key]}, not {value}"
    assert not key.endswith("_us") or figures[key] > 0, f"{key} is {figures[key]}"
