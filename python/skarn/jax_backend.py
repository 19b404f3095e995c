# SPDX-License-Identifier: Apache-2.0
"""Registers the plugin with JAX, in one of two modes.

    skarn    the default: a platform of its own, beside `cpu`, and never chosen unless asked for by
             JAX_PLATFORMS or jax.devices("skarn"). What JAX knows under the name `cpu` alone is made
             to work under this name by jax_shims.
    cpu      SKARN_AS_CPU=1: takes the place of `cpu`, which is then what the plugin calls itself.
             JAX itself, libraries and tests see nothing but a CPU.

JAX's entry points for this are private but old; whatever a release may lack is guarded, and what
happened is kept in `status` for `python -m skarn doctor`. Nothing here raises into `import jax`.
"""
import dataclasses
import logging
import os
import re

import skarn

logger = logging.getLogger("skarn")

# Options of the compiler and runtime that SKARN_NAME sets, as for the command line.
SETTINGS = ("dump", "dump_dir", "dump_to", "only", "perf_map", "gdb", "verify", "numerics", "threads", "isa", "memory_limit")
OLDEST, NEWEST = (0, 9), (0, 12)
PRIORITY = -100  # below `cpu`, which has 0: installing a package changes nobody's default


@dataclasses.dataclass
class Status:
    mode: str = ""  # "skarn" or "cpu" once registered
    problem: str = ""  # why it was not
    notes: list = dataclasses.field(default_factory=list)  # (what, "ok" or why not)

    def attempt(self, what, function, *args):
        """Calls what may not exist in this release of JAX; a failure costs the feature, not the backend."""
        try:
            function(*args)
            self.notes.append((what, "ok"))
        except Exception as error:  # whatever a private interface may raise once it has changed
            logger.debug("skarn: %s", what, exc_info=True)
            self.notes.append((what, f"{type(error).__name__}: {error}"))


status = Status()


def wanted_mode():
    return "cpu" if os.environ.get("SKARN_AS_CPU", "0").lower() in ("1", "true", "yes", "on") else "skarn"


def version_problem(version):
    """Why a release of JAX is not one of those this package was made for; "" if it is."""
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:2])
    if numbers < OLDEST:
        return f"JAX {version} is older than 0.9: this skarn {skarn.__version__} needs JAX 0.9 to 0.12"
    if numbers > NEWEST:
        return f"JAX {version} is newer than skarn {skarn.__version__} knows (0.9 to 0.12): a newer skarn may exist"
    return ""


def device_count(mode):
    """How many devices to make: SKARN_NUM_DEVICES, or in place of `cpu` what JAX would give that."""
    own = os.environ.get("SKARN_NUM_DEVICES")
    if own:
        return int(own)
    if mode != "cpu":
        return 1
    from jax._src import xla_bridge

    configured = getattr(getattr(xla_bridge, "num_cpu_devices", None), "value", -1)
    if configured >= 1:
        return configured
    forced = re.findall(r"--xla_force_host_platform_device_count=(\d+)", os.environ.get("XLA_FLAGS", ""))
    return int(forced[-1]) if forced else 1


def create_options(mode):
    """Read when the client is made: settings of jax.config may still change after registration."""
    settings = {f"skarn_{name}": os.environ[f"SKARN_{name.upper()}"]
                for name in SETTINGS if os.environ.get(f"SKARN_{name.upper()}")}
    return {"platform": mode, "num_devices": device_count(mode)} | settings


def register():
    import jax

    path = skarn.library_path()
    problem = version_problem(jax.__version__)
    if problem and "older" in problem:
        status.problem = problem
    elif not os.path.exists(path):
        status.problem = f"{path} does not exist"
    if status.problem:
        # Loud where somebody asked for Skarn and would otherwise compute on something else.
        asked = wanted_mode() == "cpu" or "skarn" in (jax.config.jax_platforms or "").split(",")
        logger.log(logging.WARNING if asked else logging.INFO, "skarn is not available: %s", status.problem)
        return
    if problem:
        logger.warning("%s", problem)
        status.notes.append(("JAX version", problem))
    try:
        _register(path)
    except Exception as error:
        status.problem = f"JAX {jax.__version__} refused the plugin: {type(error).__name__}: {error}"
        logger.warning("skarn is not available: %s", status.problem)


def _register(path):
    from jax._src import xla_bridge

    from skarn import jax_buffers, jax_ffi, jax_shims

    mode = wanted_mode()
    status.attempt("no warning of an experimental platform",
                   lambda: xla_bridge._nonexperimental_plugins.add(mode))
    api = xla_bridge.register_plugin(mode, priority=0 if mode == "cpu" else PRIORITY, library_path=path,
                                     options=lambda: create_options(mode))
    status.mode = mode
    if mode == "skarn":
        status.attempt("a failure to start leaves other platforms alone", _fail_quietly, xla_bridge)
        for what, shim in jax_shims.SHIMS:
            status.attempt(what, shim)
    status.attempt("cost analysis of lowered programs", jax_shims.cost_analysis)
    status.attempt("custom partitioning", jax_shims.custom_partitioning, mode)
    status.attempt("inspection of shardings", jax_shims.inspect_sharding, mode)
    status.attempt("Python callbacks, LAPACK, jax.ffi", jax_ffi.register_targets, api, mode)
    status.attempt("callbacks on buffers", jax_buffers.register, api, mode)


def _fail_quietly(xla_bridge):
    """On a machine the plugin cannot run on, somebody who did not ask for it must not notice."""
    factories = xla_bridge._backend_factories
    factories["skarn"] = dataclasses.replace(factories["skarn"], fail_quietly=True)
