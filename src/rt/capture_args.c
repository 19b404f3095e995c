// SPDX-License-Identifier: Apache-2.0
// Arguments of the first execution of an executable, as arg0.npy, arg1.npy, ... in its bundle.
//
// Bundles are made by the compiler's side (compile/capture.c), which names the directory. Whoever
// executes first writes; executions at the same time don't wait for it.
#include <stdio.h>

#include "base/npy.h"
#include "base/str.h"
#include "rt/rt_int.h"

sk_status sk_exec_capture(sk_exec *exec, sk_buffer *const *args) {
  if (atomic_exchange(&exec->captured, true)) {
    return NULL;
  }
  sk_status status = NULL;
  for (uint32_t i = 0; i < exec->image.arg_count && !status; i++) {
    const sk_buffer *buffer = args[i];
    sk_text path;
    sk_text_init(&path);
    sk_text_addf(&path, "%s/arg%u.npy", exec->capture_dir, i);
    status =
        path.failed
            ? sk_status_no_memory()
            : sk_npy_write(path.data,
                           &(sk_npy_array){.type_name = sk_dtype_name((sk_dtype)buffer->type),
                                           .elem_bytes = sk_dtype_bytes((sk_dtype)buffer->type),
                                           .rank = buffer->rank,
                                           .dims = buffer->dims,
                                           .data = buffer->data,
                                           .bytes = buffer->bytes});
    sk_text_fini(&path);
  }
  return sk_status_note(status, "while writing arguments to a bundle (dump-to)");
}
