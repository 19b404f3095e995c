# SPDX-License-Identifier: Apache-2.0
"""Makes platform "skarn" do what JAX ties to the name "cpu", and both modes what it denies all plugins.

Each shim is one feature, changes JAX's private tables or wraps one of its private functions for
arrays and programs on "skarn" alone, and may fail without the others (jax_backend.Status.attempt).
"""
import collections
import functools
import re
import sys

from skarn import jax_ffi

PLATFORM = "skarn"


def donation():
    from jax._src.interpreters import mlir

    if PLATFORM not in mlir._platforms_with_donation:
        mlir._platforms_with_donation.append(PLATFORM)


def lowerings():
    """A rule for "cpu" serves where there is none for "skarn", also one that is registered later."""
    from jax._src.interpreters import mlir

    rules = mlir._platform_specific_lowerings
    rules[PLATFORM] = collections.ChainMap(dict(rules.get(PLATFORM, {})), rules["cpu"])


def platform_branches():
    """lax.platform_dependent without a default: the branch of cpu, where skarn has none of its own."""
    from jax._src.interpreters import mlir
    from jax._src.lax.control_flow import conditionals

    lower_index, lower_cond = conditionals._platform_index_lowering, conditionals._cond_lowering

    def with_own(branches):
        """Platforms by branch; None is that of the default."""
        if branches is None or any(names is None or PLATFORM in names for names in branches):
            return branches
        return tuple((*names, PLATFORM) if "cpu" in names else names for names in branches)

    def lower_own_index(ctx, *, platforms):
        return lower_index(ctx, platforms=with_own(platforms))

    def lower_own_cond(ctx, *args, branches_platforms=None, **params):
        own = {} if branches_platforms is None else {"branches_platforms": with_own(branches_platforms)}
        return lower_cond(ctx, *args, **own, **params)

    mlir.register_lowering(conditionals.platform_index_p, lower_own_index, platform=PLATFORM)
    mlir.register_lowering(conditionals.cond_p, lower_own_cond, platform=PLATFORM)


def kernels():
    """Pallas's core_map and kernel ask for the name of the platform to choose their rule, when they are lowered or
    interpreted. Pallas may be imported before, later or never."""
    from jax._src.interpreters import mlir

    original, module, primitive = mlir.register_lowering, "jax._src.pallas.mpmd", "mpmd_map"

    def lower_as_cpu(ctx, *values, **params):
        return sys.modules[module]._mpmd_map_fallback_lowering(ctx, *values, **params)

    @functools.wraps(original)
    def register_lowering(prim, rule, platform=None, **options):
        if prim.name == primitive and platform is None:
            original(prim, lower_as_cpu, platform=PLATFORM)
        return original(prim, rule, platform=platform, **options)

    mlir.register_lowering = register_lowering
    if module in sys.modules:
        original(sys.modules[module].mpmd_map_p, lower_as_cpu, platform=PLATFORM)


def callbacks():
    """pure_callback, io_callback and jax.debug: a custom call of Skarn's own with the function's number."""
    import jax.interpreters.mlir as public
    from jax._src import callback

    original = callback.emit_python_callback

    @functools.wraps(original)
    def emit(ctx, *args, **kwargs):
        if tuple(ctx.module_context.platforms) == (PLATFORM,):
            return jax_ffi.emit_python_callback(ctx, *args, **kwargs)
        return original(ctx, *args, **kwargs)

    for module in (callback, public):  # the second is for rules of libraries
        if getattr(module, "emit_python_callback", None) is original:
            module.emit_python_callback = emit


def compilation_cache():
    from jax._src import compilation_cache as cache

    original = cache.is_cache_used

    class AsCpu:
        platform = "cpu"

        def __init__(self, backend):
            self.supports_executable_serialization = getattr(backend, "supports_executable_serialization", True)

    @functools.wraps(original)
    def is_cache_used(backend):
        return original(AsCpu(backend) if backend.platform == PLATFORM else backend)

    cache.is_cache_used = is_cache_used


def dlpack():
    """Arrays are in host memory: they leave by way of NumPy, which shares it."""
    import numpy as np
    from jax._src import array
    from jax._src.dlpack import DLDeviceType

    cls = array.ArrayImpl
    original, original_device = cls.__dlpack__, cls.__dlpack_device__

    def is_ours(x):
        return len(x._arrays) == 1 and x.platform() == PLATFORM

    @functools.wraps(original)
    def to_dlpack(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        if not is_ours(self):
            return original(self, stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)
        view = np.asarray(self)
        # Only the newer form can say that memory is read-only; for the older, NumPy insists on a copy.
        if max_version is None or max_version < (1, 0):
            return np.array(view).__dlpack__()
        return view.__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)

    @functools.wraps(original_device)
    def dlpack_device(self):
        return (DLDeviceType.kDLCPU, 0) if is_ours(self) else original_device(self)

    cls.__dlpack__, cls.__dlpack_device__ = to_dlpack, dlpack_device


def cost_analysis():
    """lowered.cost_analysis(): JAX counts HLO in process for its own backends alone; here it compiles, which is quick."""
    from jax._src.interpreters import pxla

    cls = pxla.MeshComputation
    original = cls.cost_analysis

    @functools.wraps(original)
    def analyse(self):
        try:
            return original(self)
        except NotImplementedError:
            if "skarn " not in self.compile_args["backend"].platform_version:
                raise
            return self.compile().cost_analysis()

    cls.cost_analysis = analyse


def custom_partitioning(platform):
    """All devices run one program on whole arrays: the function itself, however its author would cut it up."""
    from jax._src import core, custom_partitioning as partitioning
    from jax._src.interpreters import mlir

    def lower(ctx, *values, call, **_):
        return mlir.lower_fun(core.jaxpr_as_fun(call), multiple_results=True)(ctx, *values)

    mlir.register_lowering(partitioning.custom_partitioning_p, lower, platform=platform)


def sharding_of_tiles(text):
    """An HloSharding of XLA's text. Shares of sums are no NamedSharding that JAX would make of it: as if replicated."""
    from jaxlib import xla_client as xc

    tiles = re.fullmatch(r"\{devices=\[([\d,]+)\]([\d,]+)( last_tile_dim_replicate)?\}", text)
    if not tiles:
        return xc.HloSharding.replicate()
    proto = xc.OpSharding()
    proto.type = xc.OpSharding.Type.OTHER
    proto.tile_assignment_dimensions = [int(n) for n in tiles[1].split(",")]
    proto.tile_assignment_devices = [int(n) for n in tiles[2].split(",")]
    proto.replicate_on_last_tile_dim = bool(tiles[3])
    return xc.HloSharding.from_proto(proto)


def inspect_sharding(platform):
    """jax.debug.inspect_array_sharding for several devices: where XLA calls back while it compiles, the program
    calls when it first runs, with what the compiler has found."""
    import numpy as np
    from jax._src import debugging, mesh as mesh_lib, sharding_impls
    from jax._src.interpreters import mlir

    original = debugging._inspect_sharding_lowering_rule

    def devices_of(context):
        """The devices of a program, and their mesh, as JAX's own rule has them."""
        if isinstance(context, sharding_impls.SPMDAxisContext):
            return context.mesh._flat_devices_tuple, context.mesh
        if not isinstance(context, sharding_impls.ShardingContext):
            return None, None
        devices, abstract = context.device_assignment, context.abstract_mesh
        if abstract is None or devices is None:
            return devices, mesh_lib.thread_resources.env.physical_mesh
        return devices, mesh_lib.Mesh(np.array(devices).reshape(abstract.axis_sizes), abstract.axis_names)

    def lower(ctx, value, *, callback):
        devices, mesh = devices_of(ctx.module_context.axis_context)
        if devices is None or len(devices) == 1:
            return original(ctx, value, callback=callback)

        @functools.cache  # in a shard_map each device has a call of its own
        def tell(text):
            sharding = sharding_of_tiles(text)
            callback(sharding_impls.GSPMDSharding(devices, sharding) if mesh.empty else sharding_impls.NamedSharding(
                mesh, sharding_impls.parse_flatten_op_sharding(sharding, mesh)[0]))

        jax_ffi.emit_call(ctx, jax_ffi.INSPECT_TARGET, tell, [value], has_side_effect=True)
        return []

    mlir.register_lowering(debugging.inspect_sharding_p, lower, platform=platform)


SHIMS = (
    ("donated arguments", donation),
    ("lowering rules of cpu", lowerings),
    ("branches for cpu", platform_branches),
    ("kernels of Pallas", kernels),
    ("lowering of callbacks", callbacks),
    ("persistent compilation cache", compilation_cache),
    ("DLPack", dlpack),
)
