# SPDX-License-Identifier: Apache-2.0
"""Custom calls: hands the handlers that JAX has for the CPU to the plugin, and runs Python callbacks.

The plugin takes handlers through its FFI extension. Three kinds are registered:

    LAPACK                jaxlib's own kernels, and all else that jaxlib registers for the CPU
    jax.ffi               what users register for the CPU, before and after
    Python callbacks      on platform "skarn": implemented here on XLA's FFI call frame, by ctypes,
                          which takes the GIL

In the place of `cpu`, JAX passes the callbacks of a program with each execution, and the plugin calls
them. On platform "skarn" it does not: there a callback is found by a number that its lowering drew here.
"""
import ctypes
import secrets
import traceback
import weakref

FFI_EXTENSION = 5  # PJRT_Extension_Type_FFI
INSTANTIATE, EXECUTE = 0, 3  # XLA_FFI_ExecutionStage
METADATA_EXTENSION = 1
INTERNAL = 13
TOKEN = 17
OWN_TARGET = "skarn_python_callback"
OWN_TARGET_OF_PARTS = "skarn_partitioned_python_callback"  # the compiler has every device call it with its part
INSPECT_TARGET = "skarn_inspect_sharding"  # the compiler adds an attribute: how the operand is split
ANSWERED_BY_THE_PLUGIN = ("xla_ffi_python_cpu_callback", "xla_ffi_partitioned_python_cpu_callback")

pointer, size_t, i64, i32 = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, ctypes.c_int32


def address_of_handler(handler):
    return ctypes.cast(handler, pointer).value


def struct(name, **fields):
    return type(name, (ctypes.Structure,), {"_fields_": list(fields.items())})


# ---- the parts of pjrt_c_api.h, pjrt_c_api_ffi_extension.h and xla/ffi/api/c_api.h that are used

ExtensionBase = struct("ExtensionBase", struct_size=size_t, type=i32, next=pointer)
ApiHead = struct("ApiHead", struct_size=size_t, extension_start=pointer)
FfiExtension = struct("FfiExtension", base=ExtensionBase, type_register=pointer, user_data_add=pointer,
                      register_handler=pointer)
RegisterHandlerArgs = struct(
    "RegisterHandlerArgs", struct_size=size_t, target_name=ctypes.c_char_p, target_name_size=size_t,
    handler=pointer, platform_name=ctypes.c_char_p, platform_name_size=size_t, traits=i32)

ByteSpan = struct("ByteSpan", text=pointer, size=size_t)
Scalar = struct("Scalar", dtype=i32, value=pointer)
Buffer = struct("Buffer", struct_size=size_t, extension_start=pointer, dtype=i32, data=pointer, rank=i64,
                dims=ctypes.POINTER(i64))
Values = struct("Values", struct_size=size_t, extension_start=pointer, size=i64, types=ctypes.POINTER(i32),
                values=ctypes.POINTER(ctypes.POINTER(Buffer)))
Attrs = struct("Attrs", struct_size=size_t, extension_start=pointer, size=i64, types=ctypes.POINTER(i32),
               names=ctypes.POINTER(ctypes.POINTER(ByteSpan)), values=ctypes.POINTER(pointer))
CallFrame = struct("CallFrame", struct_size=size_t, extension_start=pointer, api=pointer, ctx=pointer, stage=i32,
                   args=Values, rets=Values, attrs=Attrs)
ErrorCreateArgs = struct("ErrorCreateArgs", struct_size=size_t, extension_start=pointer,
                         message=ctypes.c_char_p, code=i32)
ApiVersion = struct("ApiVersion", struct_size=size_t, extension_start=pointer, major=ctypes.c_int,
                    minor=ctypes.c_int)
# The table that a call frame points to, as far as the functions used here.
FfiApi = struct("FfiApi", struct_size=size_t, extension_start=pointer, version=ApiVersion, internal=pointer,
                error_create=pointer)
Metadata = struct("Metadata", struct_size=size_t, version=ApiVersion, traits=ctypes.c_uint32, state_type_id=i64)
MetadataExtension = struct("MetadataExtension", base=ExtensionBase, metadata=ctypes.POINTER(Metadata))

HANDLER = ctypes.CFUNCTYPE(pointer, ctypes.POINTER(CallFrame))
FUNCTION = ctypes.CFUNCTYPE(pointer, pointer)  # all functions of both tables: arguments in, error out

# XLA's element types by number, as names of NumPy or ml_dtypes.
DTYPES = {
    1: "bool", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "uint8", 7: "uint16", 8: "uint32", 9: "uint64",
    10: "float16", 11: "float32", 12: "float64", 15: "complex64", 16: "bfloat16", 18: "complex128",
    19: "float8_e5m2", 20: "float8_e4m3fn", 21: "int4", 22: "uint4", 23: "float8_e4m3b11fnuz",
    24: "float8_e5m2fnuz", 25: "float8_e4m3fnuz", 26: "int2", 27: "uint2", 28: "float8_e4m3", 29: "float8_e3m4",
    32: "float4_e2m1fn", 33: "float8_e8m0fnu",
}


def dtype_of(number):
    import ml_dtypes
    import numpy as np

    name = DTYPES[number]
    return np.dtype(getattr(ml_dtypes, name, None) or name)


def array_of(buffer):
    """The memory of a buffer, as an array that does not own it."""
    import numpy as np

    dtype = dtype_of(buffer.dtype)
    shape = tuple(buffer.dims[i] for i in range(buffer.rank))
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if size == 0:
        return np.empty(shape, dtype)
    memory = (ctypes.c_char * size).from_address(buffer.data)
    return np.frombuffer(memory, dtype=dtype).reshape(shape)


# ---- callbacks

_callables = weakref.WeakValueDictionary()  # number -> callable; executables keep them alive


def register_callable(function):
    """A number for it, drawn at random: a program saved by another process must find nothing, not another one."""
    number = secrets.randbits(63)
    _callables[number] = function
    return number


def registered_callable(number):
    function = _callables.get(number)
    if function is None:
        raise LookupError("the Python function of this callback is gone: the program was saved by another process, "
                          "or JAX has dropped what it belongs to")
    return function


def attribute(frame, name):
    """Where an attribute of the call is."""
    for i in range(frame.attrs.size):
        span = frame.attrs.names[i].contents
        if ctypes.string_at(span.text, span.size) == name:
            return frame.attrs.values[i]
    raise LookupError(f"the custom call has no attribute {name.decode()}")


def callable_of(frame):
    """The function that the call's attribute `number` stands for."""
    scalar = Scalar.from_address(attribute(frame, b"number"))
    return registered_callable(ctypes.c_uint64.from_address(scalar.value).value)


def call(frame, function):
    """Operands in, a copy each: what a callback keeps must outlive the program. Results out."""
    import numpy as np

    operands = []
    for i in range(frame.args.size):
        buffer = frame.args.values[i].contents
        operand = None
        if buffer.dtype != TOKEN:
            operand = array_of(buffer).copy()
            operand.flags.writeable = False
        operands.append(operand)
    results = function(*operands)
    for i, result in zip(range(frame.rets.size), results or ()):
        buffer = frame.rets.values[i].contents
        if buffer.dtype != TOKEN:
            np.copyto(array_of(buffer), result)


def answer_metadata(frame):
    """Whether this was the question which version a handler was made for."""
    if not frame.extension_start:
        return False
    extension = MetadataExtension.from_address(frame.extension_start)
    if extension.base.type != METADATA_EXTENSION:
        return False
    version = FfiApi.from_address(frame.api).version
    extension.metadata.contents.version.major = version.major
    extension.metadata.contents.version.minor = version.minor
    return True


def error_of(frame, what):
    """The exception at hand as an error of the call: nothing may pass through C, the traceback is what users get."""
    args = ErrorCreateArgs(ctypes.sizeof(ErrorCreateArgs), None, f"{what}: {traceback.format_exc()}".encode(), INTERNAL)
    return FUNCTION(FfiApi.from_address(frame.api).error_create)(ctypes.addressof(args))


def handle(frame, stage, function, failure="CpuCallback error calling callback"):
    """What a handler does in one stage; in the others it does nothing."""
    try:
        if not answer_metadata(frame) and frame.stage == stage:
            function(frame)
        return None
    except BaseException:
        return error_of(frame, failure)


@HANDLER
def run_callback(frame_pointer):
    """The handler of the targets of callbacks; the plugin keeps its address, as that of the next one."""
    return handle(frame_pointer.contents, EXECUTE, lambda frame: call(frame, callable_of(frame)))


@HANDLER
def tell_sharding(frame_pointer):
    """Once per executable: XLA's text of a sharding, for the function."""
    def tell(frame):
        span = ByteSpan.from_address(attribute(frame, b"sharding"))
        callable_of(frame)(ctypes.string_at(span.text, span.size).decode())

    return handle(frame_pointer.contents, INSTANTIATE, tell)


@HANDLER
def find_lapack(frame_pointer):
    """The instantiate stage of jaxlib's kernels: they find their routines in SciPy, once, when told to look.

    JAX tells them where it lowers a call; a program may also come from a file. SciPy takes as long to import as half
    of JAX, so it waits until a program needs it.
    """
    def find(_):
        from jaxlib import lapack

        lapack._lapack.initialize()

    return handle(frame_pointer.contents, INSTANTIATE, find, "LAPACK is not available")


def set_sharding(ctx, operation, sharding):
    import inspect

    from jax._src.interpreters import mlir

    # JAX 0.10 put the module's context in front.
    wants_context = len(inspect.signature(mlir.set_sharding).parameters) > 2
    mlir.set_sharding(*([ctx.module_context] if wants_context else []), operation, sharding)


def sharding_with_token(sharding, has_results):
    """Of results behind a token; an operation without results has one all the same, which is then the token's."""
    from jax._src import sharding_impls

    if not has_results or not isinstance(sharding, sharding_impls.SdyArrayList):
        return sharding
    token = sharding_impls.SdyArray(mesh_shape=(), dim_shardings=(),
                                    logical_device_ids=sharding.shardings[0].logical_device_ids)
    return sharding_impls.SdyArrayList((token, *sharding.shardings))


def emit_call(ctx, target, function, operands, **lowering_args):
    """A custom call with the number of a function, which lives as long as the program."""
    import numpy as np
    from jax._src import ffi

    ctx.module_context.add_keepalive(function)
    ctx.module_context.add_host_callback(function)  # which also keeps the program out of persistent caches
    lowering = ffi.build_ffi_lowering_function(target, **lowering_args)
    return lowering(ctx, *operands, number=np.uint64(register_callable(function)))


def emit_python_callback(ctx, callback, token, operands, operand_avals, result_avals, *, has_side_effect,
                         returns_token=True, partitioned=False, sharding=None):
    """jax._src.callback.emit_python_callback for platform "skarn"; results, token, what to keep alive."""
    import dataclasses

    import numpy as np
    from jax._src import core, dtypes

    def checked(*args):
        results = callback(*args)
        if len(results) != len(result_avals):
            raise RuntimeError("Mismatched number of outputs from callback. "
                               f"Expected: {len(result_avals)}, Actual: {len(results)}")
        results = tuple(dtypes.canonicalize_value(np.asarray(r)) for r in results)
        for i, (result, aval) in enumerate(zip(results, result_avals)):
            if result.shape != aval.shape:
                raise RuntimeError(f"Incorrect output shape for return value #{i}: "
                                   f"Expected: {aval.shape}, Actual: {result.shape}")
            if result.dtype != aval.dtype:
                raise RuntimeError(f"Incorrect output dtype for return value #{i}: "
                                   f"Expected: {aval.dtype}, Actual: {result.dtype}")
        return results

    function = checked
    if token:
        def function(token, *args):
            return (token, *checked(*args))

        operands = [token, *operands]
        sharding = sharding_with_token(sharding, bool(ctx.avals_out))
        ctx = dataclasses.replace(ctx, avals_in=[core.abstract_token, *ctx.avals_in],
                                  avals_out=[core.abstract_token, *ctx.avals_out])
    target = OWN_TARGET_OF_PARTS if partitioned else OWN_TARGET
    call_op = emit_call(ctx, target, function, operands, has_side_effect=has_side_effect)
    if sharding is not None:
        set_sharding(ctx, call_op, sharding)
    results = list(call_op.results)
    if token:
        token, *results = results
    return results, token, function


# ---- handing handlers over

class Registrar:
    """The plugin's door for handlers."""

    def __init__(self, api_capsule):
        get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
        get_pointer.restype, get_pointer.argtypes = pointer, (ctypes.py_object, ctypes.c_char_p)
        self._get_pointer = get_pointer
        address = ApiHead.from_address(get_pointer(api_capsule, b"pjrt_c_api")).extension_start
        while address:
            base = ExtensionBase.from_address(address)
            if base.type == FFI_EXTENSION:
                self._register = FUNCTION(FfiExtension.from_address(address).register_handler)
                return
            address = base.next
        raise LookupError("the plugin has no FFI extension")

    def address_of(self, capsule):
        name = ctypes.pythonapi.PyCapsule_GetName
        name.restype, name.argtypes = ctypes.c_char_p, (ctypes.py_object,)
        return self._get_pointer(capsule, name(capsule))

    def register(self, target, address, stage="execute"):
        target, platform = target.encode(), b"cpu" if stage == "execute" else f"cpu/{stage}".encode()
        args = RegisterHandlerArgs(ctypes.sizeof(RegisterHandlerArgs), target, len(target), address, platform,
                                   len(platform), 0)
        if self._register(ctypes.addressof(args)):
            raise RuntimeError(f"the plugin refused custom call {target.decode()}")

    def take(self, name, function, api_version):
        """jaxlib's protocol for handlers: a capsule, or one per stage, of the typed interface (version 1)."""
        name = name.decode() if isinstance(name, bytes) else name
        if api_version == 1 and name not in ANSWERED_BY_THE_PLUGIN:
            stages = function if isinstance(function, dict) else {"execute": function}
            for stage, capsule in stages.items():
                self.register(name, self.address_of(capsule), stage)
            if name.startswith("lapack_") and "instantiate" not in stages:
                self.register(name, address_of_handler(find_lapack), "instantiate")


def register_targets(api_capsule, mode):
    from jaxlib import xla_client

    registrar = Registrar(api_capsule)
    for target in (OWN_TARGET, OWN_TARGET_OF_PARTS):
        registrar.register(target, address_of_handler(run_callback))
    for stage in ("instantiate", "execute"):
        registrar.register(INSPECT_TARGET, address_of_handler(tell_sharding), stage)
    original = getattr(xla_client, "_xla", None)

    def take(name, function, platform, api_version=0, traits=0):
        registrar.take(name, function, api_version)
        if mode == "skarn" and original is not None:  # XLA:CPU is there too, and would have been asked
            original.register_custom_call_target(name, function, platform, api_version, traits)

    xla_client.register_custom_call_handler("cpu", take)
