# SPDX-License-Identifier: Apache-2.0
"""The example programs: Skarn's results against JAX's, and against each other.

Per program, on the arguments of `skarn run --random SEED` (examples/programs/inputs.py):

    native            within the program's tolerance of JAX, from text and from bytecode
    threads 1 2 3 8   the same bits, and again in a second run
    loop runner       the same bits as native code, on each tier
    v4                the same bits as v3
    interpreter       within the tolerance of JAX, and, in strict mode, of native code by the
                      command line's own --compare

Tolerances are shares of an output's largest magnitude: about four times the largest deviation
of XLA:CPU's f32 results from the same program in double precision (seeds 1 and 7, jaxlib 0.10.2,
Zen 3). Integers must be equal, with two exceptions that are stated where they are: the escape
counts of pixels on the edge of the Mandelbrot set, and the last iteration of Newton's method.
"""

import collections
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM_DIR = ROOT / "examples" / "programs"
sys.path.insert(0, str(PROGRAM_DIR))

jax = pytest.importorskip("jax", reason="JAX is not installed: scripts/requirements.txt")

import inputs  # noqa: E402
import programs  # noqa: E402

SKARN = pathlib.Path(os.environ.get("SK_TEST_BIN") or ROOT / "build" / "skarn")
SEED = 7
LIMIT_S = 300

TOLERANCE = {
    "black_scholes_grad_100k": 6e-6,
    "black_scholes_grad_1m": 6e-6,
    "black_scholes_greeks": 3e-6,
    "softmax": 1e-6,
    "layer_norm_grad": 2e-6,
    "mlp_train_step": 1e-6,
    "heston": 2e-5,
    "newton": 6e-5,
    "gru_grad": 2e-6,
    "mandelbrot": 0.0,
}
# Share of elements that may differ, and by how much: integers that depend on a rounding.
INTEGER_SLACK = {
    ("mandelbrot", 0): (0.005, 100),  # XLA against double precision: 0.0011
    ("newton", 2): (1.0, 1),
}
# Where JAX's text and its bytecode hold the same operations; elsewhere the exporter has replaced
# erf, erfc or erf_inv.
SAME_IN_BYTECODE = ("softmax", "layer_norm_grad", "mlp_train_step", "mandelbrot", "gru_grad")



def cpu_has_v4():
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return False
    return all(f in flags for f in ("avx512f", "avx512bw", "avx512dq", "avx512vl"))


needs_v4 = pytest.mark.skipif(not cpu_has_v4(), reason="this CPU lacks AVX-512 F/BW/DQ/VL")


def skarn(*words, status=0):
    """Runs the command line; returns (stdout, stderr)."""
    command = [str(SKARN), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == status, (
        f"{' '.join(command)}\nexit status {done.returncode}, wanted {status}\n{done.stderr}"
    )
    return done.stdout, done.stderr


class Results:
    """Outputs by configuration. Keeps those of the latest program only: some take megabytes."""

    def __init__(self, directory):
        self.directory = directory
        self.name = None
        self.cache = collections.OrderedDict()

    def _select(self, name):
        if self.name != name:
            self.name = name
            self.cache.clear()

    def run(self, name, form=".mlir", via="native", isa="v3", threads=1, again=0):
        self._select(name)
        key = (form, via, isa, threads, again)
        if key not in self.cache:
            self.cache[key] = run_file(
                PROGRAM_DIR / (name + form), self.directory, "--via", via, "--isa", isa,
                "--threads", threads)
        return self.cache[key]

    def jax(self, name):
        self._select(name)
        if "jax" not in self.cache:
            program = programs.BY_NAME[name]
            arrays = inputs.arguments(SEED, program.flat_avals())
            outputs = jax.jit(program.function)(*program.pack(arrays))
            self.cache["jax"] = [np.asarray(x) for x in jax.tree.leaves(outputs)]
        return self.cache["jax"]


def run_file(path, directory, *options):
    """The outputs of one `skarn run`, as arrays; the files are removed again."""
    skarn("run", path, "--random", SEED, "--save", directory, *options)
    files = sorted(directory.glob("out*.npy"), key=lambda f: int(f.stem[3:]))
    arrays = [np.load(f) for f in files]
    for f in files:
        f.unlink()
    return arrays


@pytest.fixture(scope="module", params=list(programs.BY_NAME))
def name(request):
    """One program; module scope makes pytest run all tests of one program before the next."""
    return request.param


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("outputs"))


def assert_same_bits(got, wanted):
    """Equal bit for bit, all NaNs taken as equal."""
    assert len(got) == len(wanted)
    for index, (a, b) in enumerate(zip(got, wanted)):
        assert a.dtype == b.dtype and a.shape == b.shape, f"output {index}"
        bits = np.dtype(f"u{a.dtype.itemsize}")
        differ = np.ascontiguousarray(a).view(bits) != np.ascontiguousarray(b).view(bits)
        if a.dtype.kind == "f":
            differ &= ~(np.isnan(a) & np.isnan(b))
        where = np.argwhere(differ)
        assert len(where) == 0, (
            f"output {index}: {len(where)} of {a.size} elements differ, first at {where[0]}: "
            f"{a[tuple(where[0])]!r} and {b[tuple(where[0])]!r}"
        )


def assert_close(name, got, wanted):
    assert len(got) == len(wanted)
    for index, (a, b) in enumerate(zip(got, wanted)):
        assert a.dtype == b.dtype and a.shape == b.shape, f"output {index}"
        if a.dtype.kind == "f":
            assert np.isfinite(a).all(), f"output {index} is not finite"
            error = np.abs(a.astype(np.float64) - b.astype(np.float64)).max()
            allowed = TOLERANCE[name] * np.abs(b).max()
            assert error <= allowed, f"output {index}: off by {error:.3g}, allowed {allowed:.3g}"
        else:
            difference = np.abs(a.astype(np.int64) - b.astype(np.int64))
            share, most = INTEGER_SLACK.get((name, index), (0.0, 0))
            assert np.mean(difference != 0) <= share and difference.max() <= most, (
                f"output {index}: {np.count_nonzero(difference)} of {a.size} differ, "
                f"by up to {difference.max()}"
            )


# ---- The files and the arguments -----------------------------------------------------------


def test_files_are_what_jax_exports():
    export = PROGRAM_DIR / "export.py"
    done = subprocess.run([sys.executable, str(export), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_hash_of_arguments():
    """The generator against plain integer arithmetic, and against one worked-out value."""
    mask = (1 << 64) - 1

    def reference(seed, argument, element):
        z = (seed * 0x9E3779B97F4A7C15 + (argument << 40) + element) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    # SplitMix64 seeded with 0 starts with this number: its first state is the golden ratio.
    assert reference(1, 0, 0) == 0xE220A8397B1DCDAF
    for seed, argument in ((1, 0), (7, 3), ((1 << 63) + 5, 2)):
        got = inputs.hashes(seed, argument, 5)
        assert [int(h) for h in got] == [reference(seed, argument, i) for i in range(5)]


IDENTITY = """func.func @main(%a: tensor<{shape}{type}>) -> tensor<{shape}{type}> {{
  return %a : tensor<{shape}{type}>
}}
"""


@pytest.mark.parametrize("shape", ["", "7x", "3x5x"])
@pytest.mark.parametrize(
    "mlir_type, dtype",
    [("f32", "float32"), ("f64", "float64"), ("f16", "float16"), ("bf16", "bfloat16"),
     ("i1", "bool"), ("i8", "int8"), ("ui8", "uint8"), ("i32", "int32"), ("ui32", "uint32"),
     ("i64", "int64"), ("complex<f32>", "complex64"), ("complex<f64>", "complex128")],
)
def test_random_arguments(tmp_path, mlir_type, dtype, shape):
    """What --random makes is what inputs.py makes."""
    path = tmp_path / "identity.mlir"
    path.write_text(IDENTITY.format(shape=shape, type=mlir_type))
    (got,) = run_file(path, tmp_path)
    wanted = inputs.array(SEED, 0, [int(n) for n in shape.split("x") if n], jax.numpy.dtype(dtype))
    assert got.shape == wanted.shape
    assert got.tobytes() == wanted.tobytes()


# ---- The programs --------------------------------------------------------------------------


def test_native_against_jax(results, name):
    assert_close(name, results.run(name), results.jax(name))


def test_bytecode(results, name):
    got = results.run(name, form=".mlir.bc")
    assert_close(name, got, results.jax(name))
    if name in SAME_IN_BYTECODE:
        assert_same_bits(got, results.run(name))


def test_locations_do_not_matter(results):
    program = "black_scholes_greeks"
    assert_same_bits(results.run(program, form=".loc.mlir"), results.run(program))


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_threads(results, name, threads):
    """Any number of threads gives the bits of the first run; for one thread, a repetition."""
    assert_same_bits(results.run(name, threads=threads, again=1), results.run(name))


@pytest.mark.parametrize("isa", ["v3", "v4"])
def test_loop_runner(results, name, isa):
    """The loop runner needs no AVX-512 to follow the order of a v4 program."""
    assert_same_bits(results.run(name, via="loop", isa=isa), results.run(name))


@needs_v4
@pytest.mark.parametrize("threads", [1, 2])
def test_v4(results, name, threads):
    assert_same_bits(results.run(name, isa="v4", threads=threads), results.run(name))


@pytest.mark.skipif(cpu_has_v4(), reason="this CPU has AVX-512")
def test_v4_is_refused_where_it_cannot_run():
    path = PROGRAM_DIR / "softmax.mlir"
    _, message = skarn("run", path, "--random", SEED, "--isa", "v4", status=3)
    assert "v4" in message or "AVX-512" in message


def test_interpreter_against_jax(results, name):
    assert_close(name, results.run(name, via="interp"), results.jax(name))


def test_strict_native_against_interpreter(name):
    skarn("run", PROGRAM_DIR / (name + ".mlir"), "--random", SEED, "--isa", "v3",
          "--numerics", "strict", "--compare", "interp")
