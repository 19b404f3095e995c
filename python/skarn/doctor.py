# SPDX-License-Identifier: Apache-2.0
"""`python -m skarn doctor`: what is active here, and why.

One line per fact, `ok`, `no` (something is missing, and what it costs) or `--` (a choice). The last
line is the answer. Exit status 0 if Skarn computed something right, 1 otherwise.
"""
import ctypes
import os
import sys

import skarn

SETTINGS = ("JAX_PLATFORMS", "JAX_NUM_CPU_DEVICES", "XLA_FLAGS", "PJRT_NAMES_AND_LIBRARY_PATHS")


def say(mark, text):
    print(f"{mark:2}  {text}")


def check_library():
    path = skarn.library_path()
    if not os.path.exists(path):
        say("no", f"plugin {path} does not exist: this is a source tree, or the installation is broken")
        return False
    try:
        ctypes.CDLL(path).GetPjrtApi
    except (OSError, AttributeError) as error:
        say("no", f"plugin {path} cannot be loaded: {error}")
        return False
    say("ok", f"plugin {path}, {os.path.getsize(path) / 1e6:.1f} MB")
    return True


def check_jax():
    try:
        import jax
        import jaxlib
    except ImportError as error:
        say("no", f"JAX is not installed: {error}")
        return None
    from skarn import jax_backend

    problem = jax_backend.version_problem(jax.__version__)
    say("no" if problem else "ok", problem or f"JAX {jax.__version__}, jaxlib {jaxlib.__version__}")
    return jax


def check_registration(jax):
    """Makes JAX look for plugins. Returns the name of Skarn's platform, or None."""
    from skarn import jax_backend

    try:
        platforms = sorted({d.platform for d in jax.devices()})
    except RuntimeError as error:
        say("no", f"JAX has no backend: {error}")
        return None
    status = jax_backend.status
    if not status.mode:
        say("no", "Skarn is not registered: "
            + (status.problem or "JAX found no plugin; is the package installed for this Python?"))
        return None
    for what, outcome in status.notes:
        say("ok" if outcome == "ok" else "no", what if outcome == "ok" else f"{what}: {outcome}")
    say("ok", f"registered as platform {status.mode}; JAX's default is {', '.join(platforms)}")
    return status.mode


def check_computation(jax, mode):
    import numpy as np

    try:
        device = jax.devices(mode)[0]
    except RuntimeError as error:
        say("no", f"no device: {error}; JAX_PLATFORMS must name {mode}, or nothing")
        return False
    say("ok", f"{len(jax.devices(mode))} device(s), {device.client.platform_version.splitlines()[-1]}")
    x = np.arange(100, dtype=np.float32)  # the sum of squares is exact
    try:
        got = float(jax.jit(lambda v: (v * v).sum())(jax.device_put(x, device)))
    except Exception as error:
        say("no", f"a small program failed: {error}")
        return False
    right = got == float((x.astype(np.float64) ** 2).sum())
    say("ok" if right else "no", f"a small program ran on {device}" + ("" if right else f", wrongly: {got}"))
    return right


def verdict(jax, mode):
    if mode == "cpu":
        return "JAX computes on Skarn, which takes the place of cpu (SKARN_AS_CPU is set)."
    if jax.default_backend() == "skarn":
        return "JAX computes on Skarn by default (JAX_PLATFORMS)."
    return ("JAX computes on its own default. For Skarn: JAX_PLATFORMS=skarn,cpu, or SKARN_AS_CPU=1, "
            'or jax.device_put(x, jax.devices("skarn")[0]).')


def main():
    say("--", f"skarn {skarn.__version__}, Python {sys.version.split()[0]}, {os.path.dirname(skarn.__file__)}")
    for name in sorted(os.environ):
        if name in SETTINGS or name.startswith("SKARN_"):
            say("--", f"{name}={os.environ[name]}")
    works = check_library()
    jax = check_jax()
    mode = check_registration(jax) if jax else None
    works = bool(mode) and works and check_computation(jax, mode)
    print(verdict(jax, mode) if works else "Skarn is not usable here; see the lines marked no.")
    return 0 if works else 1
