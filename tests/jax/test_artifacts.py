# SPDX-License-Identifier: Apache-2.0
"""Artifacts through the eyes of JAX: what `skarn convert` writes, JAX reads as the same program, and
what jax.export serialises, Skarn reads.

The reference for a portable artifact is the one that JAX writes itself: both are read back by JAX,
and the generic text must be the same to the letter.
"""
import glob
import importlib.util
import os
import subprocess
import sys

import pytest

jax = pytest.importorskip("jax", reason="jax is not installed: scripts/install_deps.sh all")
from jax._src.interpreters import mlir as jax_mlir  # noqa: E402
from jaxlib.mlir import ir  # noqa: E402
from jaxlib.mlir.dialects import chlo, sdy, stablehlo  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKARN = os.environ.get("SK_TEST_BIN") or os.path.join(ROOT, "build", "skarn")
PROGRAMS = sorted(glob.glob(os.path.join(ROOT, "examples", "programs", "*.mlir")))
VERSIONS = ("0.9.0", "0.12.0", "0.14.0", "1.0.0", "1.10.0", "1.17.0")


def convert(source, out, form):
    return subprocess.run([SKARN, "convert", source, "-o", out, "--to", form], capture_output=True, text=True,
                          check=False)


def text_of(module):
    return module.operation.get_asm(print_generic_op_form=True)


def is_older(version, other):
    return [int(n) for n in version.split(".")] <= [int(n) for n in other.split(".")]


@pytest.mark.parametrize("path", PROGRAMS, ids=os.path.basename)
def test_bytecode(path, tmp_path):
    out = str(tmp_path / "out.bc")
    assert convert(path, out, "bytecode").returncode == 0
    with open(path, encoding="utf-8") as text, open(out, "rb") as data, jax_mlir.make_ir_context():
        assert text_of(ir.Module.parse(data.read())) == text_of(ir.Module.parse(text.read()))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", PROGRAMS, ids=os.path.basename)
def test_portable(path, version, tmp_path):
    if not is_older(version, stablehlo.get_current_version()):
        pytest.skip(f"this JAX writes {stablehlo.get_current_version()} at most")
    out = str(tmp_path / "out.bc")
    done = convert(path, out, f"portable@{version}")
    with open(path, encoding="utf-8") as text, jax_mlir.make_ir_context() as context:
        module = ir.Module.parse(text.read())
        try:  # with other dialects, which artifacts have had since 1.11.0
            reference = stablehlo.serialize_portable_artifact(module, version, is_older("1.11.0", version))
        except (ValueError, ir.MLIRError):
            assert done.returncode == 3 and "needs version" in done.stderr
            return
        assert done.returncode == 0, done.stderr
        with open(out, "rb") as data:
            read = text_of(stablehlo.deserialize_portable_artifact(context, data.read()))
        assert read == text_of(stablehlo.deserialize_portable_artifact(context, reference))


CONFORMANCE = os.environ.get("SKARN_CONFORMANCE") or os.path.join(ROOT, "..", "shared", "conformance")
VHLO = os.path.join(CONFORMANCE, "stablehlo", "tests", "vhlo")
SUITE = sorted(glob.glob(os.path.join(VHLO, "stablehlo_legalize_to_vhlo.*.mlir")))


@pytest.mark.skipif(not SUITE, reason=f"{VHLO} is not there: set SKARN_CONFORMANCE to a directory that holds "
                                      "stablehlo/tests of github.com/openxla/stablehlo")
@pytest.mark.parametrize("path", SUITE or [None], ids=lambda path: os.path.basename(path or ""))
def test_versions(path, tmp_path):
    """Every operation of a version: the suite's own artifact and the one written here are the same to JAX."""
    version = os.path.basename(path).split(".")[1].replace("_", ".")
    if not is_older(version, stablehlo.get_current_version()):
        pytest.skip(f"this JAX reads {stablehlo.get_current_version()} at most")
    out = str(tmp_path / "out.bc")
    done = convert(path, out, f"portable@{version}")
    assert done.returncode == 0, done.stderr
    with ir.Context() as context, open(out, "rb") as written, open(path + ".bc", "rb") as reference:
        for dialect in (stablehlo, chlo, sdy):
            dialect.register_dialect(context)
        assert text_of(stablehlo.deserialize_portable_artifact(context, written.read())) == \
            text_of(stablehlo.deserialize_portable_artifact(context, reference.read()))


def exports():
    import jax.numpy as jnp
    from jax import export
    size = export.symbolic_shape("size")[0]
    f32 = jnp.float32
    struct = jax.ShapeDtypeStruct
    yield export.export(jax.jit(lambda x, y: x + jnp.sin(y)))(struct((4,), f32), struct((4,), f32)).serialize()
    yield export.export(jax.jit(lambda x, y, z: (x * 2, z)))(struct((2, 3), jnp.int8), struct((4,), f32),
                                                             struct((), bool)).serialize()
    yield export.export(jax.jit(lambda x: x + 1))(struct((size, 3), f32)).serialize()
    yield export.export(jax.jit(lambda x: x * x))(struct((3,), f32)).serialize(vjp_order=2)
    yield export.export(jax.jit(lambda k: jax.random.uniform(k, (3,))))(jax.random.key(0)).serialize()


@pytest.mark.skipif(importlib.util.find_spec("flatbuffers") is None,
                    reason="jax.export needs the package flatbuffers to serialise")
def test_exports(tmp_path):
    for number, data in enumerate(exports()):
        path = str(tmp_path / f"{number}.jax")
        with open(path, "wb") as file:
            file.write(data)
        done = convert(path, str(tmp_path / "out.mlir"), "text")
        assert done.returncode == 0, done.stderr
        assert "func.func public @main" in (tmp_path / "out.mlir").read_text()


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
