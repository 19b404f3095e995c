# SPDX-License-Identifier: Apache-2.0
"""Writes the example programs next to this script, in the two forms in which JAX hands them out.

    <name>.mlir       text, as jax.jit(f).lower(...).as_text() prints it
    <name>.mlir.bc    portable bytecode, jax.export.export(jit(f))(...).mlir_module_serialized
    <name>.loc.mlir   text with source locations, for one program

    build/venv/bin/python examples/programs/export.py [--check] [NAME...]

The output is a function of programs.py and of the JAX version alone: source paths in locations
are cut down to file names. --check writes nothing and exits with 1 if a file would change.
"""

import argparse
import pathlib
import sys

import jax
from jax import export

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import programs  # noqa: E402

WITH_LOCATIONS = ("black_scholes_greeks",)
JAX_VERSION = "0.10.2"


def configure():
    """Settings that the files depend on; everything else is JAX's default."""
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_hlo_source_file_canonicalization_regex", ".*/")


def files_of(program):
    """File name -> content of everything written for one program."""
    lowered = program.lower()
    exported = export.export(jax.jit(program.function), platforms=("cpu",))(*program.avals)
    files = {
        program.name + ".mlir": lowered.as_text().encode(),
        program.name + ".mlir.bc": exported.mlir_module_serialized,
    }
    if program.name in WITH_LOCATIONS:
        files[program.name + ".loc.mlir"] = lowered.as_text(debug_info=True).encode()
    return files


def main():
    parser = argparse.ArgumentParser(description="export the example programs")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    options = parser.parse_args()
    if jax.__version__ != JAX_VERSION:
        sys.exit(f"export.py: JAX {JAX_VERSION} is needed, this is {jax.__version__}")
    unknown = [name for name in options.names if name not in programs.BY_NAME]
    if unknown:
        parser.error("no program named " + ", ".join(unknown))
    configure()
    changed = []
    for name in options.names or programs.BY_NAME:
        for file_name, content in files_of(programs.BY_NAME[name]).items():
            path = HERE / file_name
            if not path.exists() or path.read_bytes() != content:
                changed.append(file_name)
            if not options.check:
                path.write_bytes(content)
            print(f"{file_name}: {len(content)} bytes")
    if options.check and changed:
        sys.exit("export.py: not up to date: " + ", ".join(changed))


if __name__ == "__main__":
    main()
