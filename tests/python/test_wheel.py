# SPDX-License-Identifier: Apache-2.0
"""The wheel as a user meets it: built, installed into a fresh environment, training a network.

JAX comes from the tests' own environment, by a path file: only the wheel itself is installed. Another JAX:

    SKARN_JAX_PYTHON=/path/venv/bin/python    the interpreter of an environment that has it
    SKARN_JAX_VERSION=0.9.2                   this release, installed into the fresh environment
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "build" / "libskarn_pjrt.so"
FEATURES = ("donation", "donation_misused", "odd_arrays", "other_devices", "threads", "pure_callback",
            "ordered_effects", "failing_callback", "nested_callback", "linear_algebra", "dlpack", "persistent_cache",
            "saved_partitions", "compiler_options", "small_types", "cost_analysis",
            "custom_partitioning", "inspection", "windows_outside", "narrow_callback", "sparse_solver",
            "platform_branches", "meeting_callbacks", "buffer_callback", "handler_in_place", "control_dependencies")
FOUR = {"SKARN_NUM_DEVICES": "4", "JAX_NUM_CPU_DEVICES": "4"}
MODES = {"stock": {}, "skarn": {"JAX_PLATFORMS": "skarn,cpu"}, "cpu": {"SKARN_AS_CPU": "1"}}

JAX_PYTHON = os.environ.get("SKARN_JAX_PYTHON", sys.executable)
JAX_VERSION = os.environ.get("SKARN_JAX_VERSION")

pytestmark = [
    pytest.mark.skipif(not {"SKARN_JAX_PYTHON", "SKARN_JAX_VERSION"} & set(os.environ)
                       and importlib.util.find_spec("jax") is None,
                       reason="JAX is not installed: scripts/install_deps.sh all"),
    pytest.mark.skipif(not LIBRARY.exists(), reason=f"{LIBRARY} is not built"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([ROOT / "scripts" / "build_wheel.sh", dist], check=True)
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """An interpreter whose environment has the wheel and sees JAX."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([JAX_PYTHON, "-m", "venv", venv], check=True)
    executable = venv / "bin" / "python"
    install = [executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*install, "--no-index", wheel], check=True)
    if JAX_VERSION:
        subprocess.run([*install, f"jax=={JAX_VERSION}", "scipy"], check=True)
    else:
        question = "import sysconfig; print(sysconfig.get_path('purelib'))"
        packages = subprocess.run([JAX_PYTHON, "-c", question], check=True, capture_output=True, text=True)
        (site,) = venv.glob("lib/python*/site-packages")
        (site / "jax-of-the-tests.pth").write_text(packages.stdout)
    return executable


def run(python, *words, status=0, **env):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("JAX_", "XLA_", "SKARN_", "PYTHON"))}
    done = subprocess.run([python, *words], env=clean | env, capture_output=True, text=True, timeout=300,
                          check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def training(python):
    """Result and messages of train.py by mode, each run once."""
    done = {}

    def train(mode):
        if mode not in done:
            done[mode] = run(python, ROOT / "tests" / "python" / "train.py", **MODES[mode])
        return json.loads(done[mode].stdout), done[mode].stderr

    return train


def test_the_wheel_is_small_and_for_every_python(wheel):
    assert wheel.stat().st_size <= 3_000_000
    name, _, tag, abi, platform = wheel.name.removesuffix(".whl").split("-")
    assert (name, tag, abi) == ("skarn", "py3", "none")
    assert platform.startswith("manylinux_")


def test_installing_changes_no_default(training):
    result, _ = training("stock")
    assert result["platform"] == "cpu" and "skarn" not in result["runtime"]


@pytest.mark.parametrize("mode", ["skarn", "cpu"])
def test_training(training, mode):
    result, messages = training(mode)
    assert result["platform"] == mode
    assert "skarn" in result["runtime"]
    assert result["donated"]
    assert not messages
    losses, wanted = result["losses"], training("stock")[0]["losses"]
    assert losses[-1] < 0.5 * losses[0]
    assert losses == pytest.approx(wanted, rel=1e-3)


@pytest.fixture(scope="module")
def features(python):
    """Results of features.py by mode, each run once."""
    done = {}

    def of(mode):
        if mode not in done:
            script = ROOT / "tests" / "python" / "features.py"
            done[mode] = json.loads(run(python, script, **FOUR, **MODES[mode]).stdout)
        return done[mode]

    return of


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("mode", ["skarn", "cpu"])
def test_features(features, mode, feature):
    """What JAX ties to the name `cpu`."""
    assert features(mode)["platform"] == mode
    assert not isinstance(features("stock")[feature], str)  # what went wrong
    assert features(mode)[feature] == features("stock")[feature]


@pytest.mark.parametrize("mode", list(MODES))
def test_doctor(python, mode):
    done = run(python, "-m", "skarn", "doctor", **MODES[mode])
    words = {"stock": "its own default", "skarn": "by default", "cpu": "takes the place of cpu"}
    assert words[mode] in done.stdout.splitlines()[-1]


PROFILE = """
import glob, sys, jax, jax.numpy as jnp
x = jnp.ones((1000, 1000))
with jax.profiler.trace(sys.argv[1]):
    jax.jit(lambda x: jnp.tanh(x) + 1)(x).block_until_ready()
(path,) = glob.glob(sys.argv[1] + "/**/*.xplane.pb", recursive=True)
for plane in jax.profiler.ProfileData.from_file(path).planes:
    if plane.name.endswith("Skarn"):
        for line in plane.lines:
            for event in line.events:
                print(event.name, event.duration_ns > 0)
"""


@pytest.mark.parametrize("mode", list(MODES))
def test_profile(python, tmp_path, mode):
    """jax.profiler.trace has a plane of Skarn's: what was compiled and executed, kernels with their line of Python."""
    lines = run(python, "-c", PROFILE, tmp_path, **MODES[mode]).stdout.splitlines()
    assert bool(lines) == (mode != "stock")
    if lines:
        assert all(line.endswith("True") for line in lines)
        assert any(line.startswith("execute jit__lambda") for line in lines)
        assert any(line.startswith("gen jit__lambda") for line in lines)
        assert any("<string>:5 " in line for line in lines)


def test_settings_of_the_environment(python, tmp_path):
    program = "import os, jax; jax.jit(lambda x: x + 1)(1.0); print(os.getpid())"
    done = run(python, "-c", program, **MODES["cpu"], SKARN_DUMP_TO=str(tmp_path / "bundles"), SKARN_PERF_MAP="1",
               SKARN_DUMP="fuse", SKARN_DUMP_DIR=str(tmp_path), SKARN_UNRELATED="7")
    names = pathlib.Path(f"/tmp/perf-{done.stdout.strip()}.map")
    assert "jit__lambda" in names.read_text()
    names.unlink()
    assert list(tmp_path.glob("*-fuse.mlir"))
    assert list((tmp_path / "bundles").iterdir())


EIGENVALUES = """
import pickle, sys, jax, jax.numpy as jnp, numpy as np
from jax.experimental.serialize_executable import deserialize_and_load, serialize
x = np.array([[2, 1], [1, 2]], "float32")
if sys.argv[1] == "save":
    with open(sys.argv[2], "wb") as file:
        pickle.dump(serialize(jax.jit(jnp.linalg.eigvals).lower(x).compile()), file)
else:
    jax.jit(lambda v: v + 1)(x)
    with open(sys.argv[2], "rb") as file:
        f = deserialize_and_load(*pickle.load(file))
    before = "scipy.linalg" in sys.modules
    print(before, sorted(np.asarray(f(x)).real.round(4).tolist()))
"""


@pytest.mark.parametrize("mode", ["skarn", "cpu"])
def test_scipy_waits_for_lapack(python, tmp_path, mode):
    """Nothing imports it before a program calls LAPACK; that one then runs, whoever lowered it."""
    path = tmp_path / "eigenvalues"
    run(python, "-c", EIGENVALUES, "save", path, **MODES[mode])
    assert run(python, "-c", EIGENVALUES, "run", path, **MODES[mode]).stdout == "False [1.0, 3.0]\n"


def test_doctor_without_a_library(python):
    done = run(python, "-m", "skarn", "doctor", status=1, SKARN_LIBRARY="/nowhere/lib.so", SKARN_AS_CPU="1")
    assert "/nowhere/lib.so does not exist" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Skarn is not usable here")


@pytest.mark.parametrize("version, words", [
    ("0.8.2", "older"), ("0.9.0", ""), ("0.10.2", ""), ("0.12.9", ""), ("0.13.0", "newer"), ("1.0.0", "newer")])
def test_releases_of_jax(python, version, words):
    program = f"from skarn import jax_backend; print(jax_backend.version_problem({version!r}))"
    assert words in run(python, "-c", program).stdout
    assert bool(words) == bool(run(python, "-c", program).stdout.strip())


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q"]))
