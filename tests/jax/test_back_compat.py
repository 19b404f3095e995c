# SPDX-License-Identifier: Apache-2.0
"""What JAX keeps to prove that it reads old modules, executed: the modules that the package holds in
jax/_src/internal_test_util/export_back_compat_test_data, each with the inputs it was recorded with, in
generated code and in the reference interpreter, against the outputs that were recorded.

Tolerances are those of JAX's own tests (tests/export_back_compat_test.py). Modules with custom calls
that only a library or a compiler of another language can answer must be refused, and name the call.
"""

import importlib
import os
import pathlib
import pkgutil
import re
import subprocess

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKARN = pathlib.Path(os.environ.get("SK_TEST_BIN") or ROOT / "build" / "skarn")

pytest.importorskip("jax", reason="JAX is not installed: scripts/install_deps.sh all")
DATA = pytest.importorskip("jax._src.internal_test_util.export_back_compat_test_data")

# Why a target is foreign. Each is one routine of a library, iterating until it converges or choosing among
# equally good answers (bases of subspaces, orders of eigenvalues) by its own code, or a program in
# another language.
FOREIGN = {
    r"lapack_.geev_ffi": "eigenvalues of general matrices: shifted QR iteration",
    r"lapack_.(sy|he)evd_ffi|(cu|hip)solver_syev.*|Eigh": "eigenvalues of symmetric matrices: iteration",
    r"lapack_.gees_ffi": "Schur form: shifted QR iteration",
    r"lapack_.gesdd_ffi|cusolver_gesvd.*|hipsolver_ges[dv].*": "singular values: iteration",
    r"lapack_.gehrd_ffi": "Hessenberg form, blocks of reflectors in the library's own layout",
    r"lapack_.(sy|he)trd_ffi|(cu|hip)solver_sytrd_ffi": "tridiagonal form in the library's own layout",
    r"tpu_custom_call|mosaic_gpu_v2|__gpu\$xla\.gpu\.triton|AllocateBuffer": "a kernel in another language",
}

# Kept results of one machine's order of additions: the initial values of this reduction are no identities of its body,
# and the specification leaves open how often they take part. Here they do once.
OTHER_ORDER = {
    "tpu_stablehlo_dynamic_reduce_window.data_variadic_2023_06_17":
        [[[19, 25], [43, 49]], [[-616, -622], [-640, -646]]],
}

BY_TYPE = {"f32": (1e-3, 1e-4), "f64": (1e-5, 1e-12), "c64": (1e-3, 1e-4), "c128": (1e-5, 1e-12)}


def leaves(name, value):
    """The records in a module of the package: dictionaries with a serialised program, however nested."""
    if isinstance(value, dict) and "mlir_module_serialized" in value:
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(f"{name}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        for key, inner in enumerate(value):
            yield from leaves(f"{name}.{key}", inner)


def records():
    for info in pkgutil.walk_packages(DATA.__path__, DATA.__name__ + "."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if not name.startswith("__"):
                yield from leaves(info.name[len(DATA.__name__) + 1:] + "." + name, value)


RECORDS = dict(records())


def tolerance(name):
    if name.startswith("tpu_Qr"):
        return 1e-3, 1e-3
    return BY_TYPE.get(name.split(".")[-1], (1e-7, 0))


def foreign_targets(record):
    return [t for t in record["custom_call_targets"] if any(re.fullmatch(p, t) for p in FOREIGN)]


def run(program, data, inputs, via, tmp_path):
    path = tmp_path / program
    path.write_bytes(data)
    command = [str(SKARN), "run", str(path), "--via", via, "--save", str(tmp_path / "out")]
    for i, array in enumerate(inputs):
        np.save(tmp_path / f"in{i}.npy", np.asarray(array))
        command += ["--input", str(tmp_path / f"in{i}.npy")]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_all_are_there():
    """So that a new layout of the package cannot leave this file with nothing to test."""
    executed = [n for n, r in RECORDS.items() if not foreign_targets(r)]
    assert len(RECORDS) >= 142 and len(executed) >= 73


@pytest.mark.parametrize("via", ["native", "interp"])
@pytest.mark.parametrize("name", RECORDS)
def test_recorded_outputs(name, via, tmp_path):
    record = RECORDS[name]
    done = run("program.bc", record["mlir_module_serialized"], record["inputs"], via, tmp_path)
    foreign = foreign_targets(record)
    if foreign:
        assert done.returncode == 3 and any(t in done.stderr for t in foreign), done.stderr
        return
    assert done.returncode == 0, done.stderr
    rtol, atol = tolerance(name)
    wanted = OTHER_ORDER.get(name) or record["expected_outputs"]
    for i, (want, like) in enumerate(zip(wanted, record["expected_outputs"], strict=True)):
        got = np.load(tmp_path / "out" / f"out{i}.npy")
        assert got.dtype == like.dtype and got.shape == like.shape
        np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


def twice(a):
    return [2 * a]


def products(_, *arrays):
    return [a @ w for a, w in zip(arrays[:4], arrays[4:])]


PLATFORM = np.array(0, np.int32)  # first argument of what was exported for several: which of them it is
ARANGE = np.arange(64, dtype=np.float32).reshape(16, 4)
EXPORTED = {  # what was exported, and arguments for it
    "export_with_specified_sharding": (twice, [ARANGE]),
    "export_with_unspecified_sharding": (twice, [ARANGE]),
    "export_with_memory_space": (lambda _, a: [a], [PLATFORM, np.ones((2, 3), np.float32)]),
    "export_with_multiple_meshes": (products, [PLATFORM] + [np.arange(32, dtype=np.float32).reshape(4, 8)] * 4
                                    + [np.arange(16, dtype=np.float32).reshape(8, 2)] * 4),
}
SERIALIZED = [(name, record) for name in EXPORTED
              for record in importlib.import_module(f"{DATA.__name__}.{name}").serializations]


@pytest.mark.parametrize("via", ["native", "interp"])
@pytest.mark.parametrize("name,record", SERIALIZED,
                         ids=[f"{n}-{r['serialization_version']}" for n, r in SERIALIZED])
def test_serialized_exports(name, record, via, tmp_path):
    function, arguments = EXPORTED[name]
    done = run("program.jax", bytes(record["exported_serialized"]), arguments, via, tmp_path)
    assert done.returncode == 0, done.stderr
    for i, want in enumerate(function(*arguments)):
        np.testing.assert_allclose(np.load(tmp_path / "out" / f"out{i}.npy"), want, rtol=1e-7)
