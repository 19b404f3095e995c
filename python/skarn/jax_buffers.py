# SPDX-License-Identifier: Apache-2.0
"""jax.experimental.buffer_callback: Python functions that work in place on the memory of a program.

jaxlib's own handler for these is inside XLA. Here the call goes to a target of Skarn's own, as that of other
callbacks on platform "skarn" (jax_ffi.py), and the function is handed objects that look like jaxlib's. As with
those, memory that a function keeps after it has returned is somebody else's.
"""
from skarn import jax_ffi

TARGET = "skarn_python_buffer_callback"


class Buffer:
    """An operand or a result: NumPy and DLPack see its memory."""

    def __init__(self, array, writeable):
        self._array = array
        self.writeable = writeable

    @property
    def shape(self):
        return self._array.shape

    @property
    def ndim(self):
        return self._array.ndim

    @property
    def dtype(self):
        return self._array.dtype

    def _view(self):
        view = self._array.view()
        view.flags.writeable = self.writeable
        return view

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        return np.array(self._view(), dtype=dtype, copy=copy)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        # Only the newer form can say that memory is read-only; for the older, NumPy refuses what is.
        if max_version is None or tuple(max_version) < (1, 0):
            return self._array.__dlpack__()
        return self._view().__dlpack__(max_version=max_version, dl_device=dl_device, copy=copy)

    def __dlpack_device__(self):
        return self._array.__dlpack_device__()

    def __repr__(self):
        return f"Buffer(shape={self.shape}, dtype={self.dtype}, writeable={self.writeable})"


class Context:
    """What jaxlib's ExecutionContext tells on a CPU."""

    @property
    def stage(self):
        from jax._src.lib import ffi

        return ffi.ExecutionStage.EXECUTE

    @property
    def stream(self):
        import jax

        raise jax.errors.JaxRuntimeError("INVALID_ARGUMENT: XLA FFI GPU context is not available")


def buffers_of(values, writeable):
    return [Buffer(jax_ffi.array_of(values.values[i].contents), writeable) for i in range(values.size)]


@jax_ffi.HANDLER
def run(frame_pointer):
    """The handler of the target; the plugin keeps its address."""
    def call(frame):
        jax_ffi.callable_of(frame)(Context(), buffers_of(frame.args, False), buffers_of(frame.rets, True))

    return jax_ffi.handle(frame_pointer.contents, jax_ffi.EXECUTE, call)


def lower(ctx, *operands, callback, in_tree, out_tree, has_side_effect, input_output_aliases, **_):
    """The lowering rule of buffer_callback_p."""
    if len(ctx.module_context.platforms) > 1:
        raise NotImplementedError("multi-platform lowering for buffer_callback")

    def function(context, arguments, results):
        args, kwargs = in_tree.unflatten(arguments)
        if callback(context, out_tree.unflatten(results), *args, **kwargs) is not None:
            raise ValueError("buffer_callback callback must not return any values.")

    return jax_ffi.emit_call(ctx, TARGET, function, operands, has_side_effect=has_side_effect,
                             operand_output_aliases=dict(input_output_aliases)).results


def register(api_capsule, platform):
    from jax._src import buffer_callback
    from jax._src.interpreters import mlir

    jax_ffi.Registrar(api_capsule).register(TARGET, jax_ffi.address_of_handler(run))
    mlir.register_lowering(buffer_callback.buffer_callback_p, lower, platform=platform)
