# SPDX-License-Identifier: Apache-2.0
"""Writes the wide set as StableHLO text: build/venv/bin/python bench/wide/export.py DIR [NAME...]"""

import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "examples" / "programs")]

import jax  # noqa: E402

import wide  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description="export the wide set")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in wide.BY_NAME]
    if unknown:
        parser.error("no program named " + ", ".join(unknown))
    jax.config.update("jax_platforms", "cpu")
    options.directory.mkdir(parents=True, exist_ok=True)
    for name in options.names or wide.BY_NAME:
        text = wide.BY_NAME[name].lower().as_text()
        (options.directory / (name + ".mlir")).write_text(text)
        print(f"{name}: {text.count('stablehlo.')} operations")


if __name__ == "__main__":
    main()
