#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Texts to compare the bytecode reader with, made by the MLIR that JAX brings.

    deserialize.py OUT FILE.bc...    OUT/FILE.bc and OUT/FILE.bc.mlir: the text of the portable artifact
                                     (of StableHLO's own bytecode, if called NAME.native.bc)
    deserialize.py OUT --jax         artifacts of jax's export tests: OUT/NAME.bc and OUT/NAME.bc.mlir,
                                     and OUT/NAME.bc.source.mlir, the text before it was serialised

Writes one line per artifact that the tools here cannot read (newer versions). Exit status 77 where
jax is missing.
"""
import glob
import importlib.util
import os
import shutil
import sys

try:
    from jaxlib.mlir import ir
    from jaxlib.mlir.dialects import chlo, sdy, stablehlo
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)


def text_of(data):
    with ir.Context() as context:
        for dialect in (stablehlo, chlo, sdy):
            dialect.register_dialect(context)
        module = stablehlo.deserialize_portable_artifact(context, data)
        return module.operation.get_asm(enable_debug_info=True)


def text_of_native(data):
    from jax._src.interpreters import mlir as jax_mlir  # knows all dialects
    with jax_mlir.make_ir_context():
        return ir.Module.parse(data).operation.get_asm(enable_debug_info=True)


def convert(out, name, data):
    path = os.path.join(out, name)
    with open(path, "wb") as file:
        file.write(data)
    try:
        text = text_of_native(data) if name.endswith(".native.bc") else text_of(data)
    except (ValueError, ir.MLIRError) as error:
        print(f"{name}: {error}")
        return
    with open(path + ".mlir", "w", encoding="utf-8") as file:
        file.write(text)


def artifacts(value, name):
    """Every dictionary with a serialised module inside `value`, by name."""
    if isinstance(value, dict) and "mlir_module_serialized" in value:
        yield name, value
    elif isinstance(value, (dict, list, tuple)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            yield from artifacts(item, f"{name}.{key}")


def jax_artifacts():
    jax = importlib.util.find_spec("jax")
    if jax is None:
        print("skipped: jax is not installed")
        sys.exit(77)
    folder = os.path.join(os.path.dirname(jax.origin), "_src", "internal_test_util",
                          "export_back_compat_test_data")
    for path in sorted(glob.glob(folder + "/**/*.py", recursive=True)):
        name = os.path.splitext(os.path.basename(path))[0]
        spec = importlib.util.spec_from_file_location("data_" + name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for key, value in sorted(vars(module).items()):
            if not key.startswith("__"):
                yield from artifacts(value, f"{name}.{key}")


def main(out, *files):
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out)
    if files == ("--jax",):
        for name, data in jax_artifacts():
            convert(out, name + ".bc", data["mlir_module_serialized"])
            with open(os.path.join(out, name + ".bc.source.mlir"), "w", encoding="utf-8") as file:
                file.write(data["mlir_module_text"])
        return
    for path in files:
        with open(path, "rb") as file:
            convert(out, os.path.basename(path), file.read())


if __name__ == "__main__":
    main(*sys.argv[1:])
