// SPDX-License-Identifier: Apache-2.0
// Python callbacks: jax.pure_callback, io_callback and debug.print lower to custom calls of jaxlib,
// whose own handler needs more of XLA than a plugin has; this file answers them itself.
//
//   custom_call @xla_ffi_python_cpu_callback(%a, ...) {index = 3}
//     the execution's user data hold an array of Python objects; number 3 is called with one
//     read-only numpy array per operand, a copy (None for a token), and returns a tuple of arrays
//
// The interpreter is the one that loaded this library: its functions are looked up by name, nothing
// of Python is linked. What is awkward in C is a function in Python (`helper`), made once. The host
// lets go of Python's lock while it executes programs; it is taken here for the call.
#include "pjrt/pjrt_python.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_ffi.h"

// The user data that jaxlib adds to every execution, and the number of their type.
static const int64_t callbacks_type = 7357244197867843242;
typedef struct callbacks {
  void **objects;
  size_t count;
} callbacks;

typedef struct PyObject PyObject;

// X(name, result, parameters): what is used of Python's C interface.
#define PYTHON_FUNCTIONS(X)                                                                        \
  X(PyGILState_Ensure, int, (void))                                                                \
  X(PyGILState_Release, void, (int))                                                               \
  X(PyDict_New, PyObject *, (void))                                                                \
  X(PyDict_GetItemString, PyObject *, (PyObject *, const char *))                                  \
  X(PyEval_GetBuiltins, PyObject *, (void))                                                        \
  X(PyDict_SetItemString, int, (PyObject *, const char *, PyObject *))                             \
  X(PyRun_String, PyObject *, (const char *, int, PyObject *, PyObject *))                         \
  X(PyList_New, PyObject *, (intptr_t))                                                            \
  X(PyList_Append, int, (PyObject *, PyObject *))                                                  \
  X(PyMemoryView_FromMemory, PyObject *, (char *, intptr_t, int))                                  \
  X(Py_BuildValue, PyObject *, (const char *, ...))                                                \
  X(PyObject_CallFunction, PyObject *, (PyObject *, const char *, ...))                            \
  X(PyUnicode_AsUTF8, const char *, (PyObject *))                                                  \
  X(PyErr_Clear, void, (void))                                                                     \
  X(Py_IncRef, void, (PyObject *))                                                                 \
  X(Py_DecRef, void, (PyObject *))

typedef struct python {
#define FIELD(name, result, parameters) result(*name) parameters;
  PYTHON_FUNCTIONS(FIELD)
#undef FIELD
} python;

enum { PY_FILE_INPUT = 257, PY_READ = 0x100, PY_WRITE = 0x200 };

// Calls `callback` and copies what it returns; the answer is a text, empty when all went well.
static const char helper_source[] =
    "def _make():\n"
    "  import numpy as np\n"
    "  def dtype_of(name):\n"
    "    try:\n"
    "      return np.dtype(name)\n"
    "    except TypeError:\n"
    "      import ml_dtypes\n"
    "      return np.dtype(getattr(ml_dtypes, name))\n"
    "  def array(view, name, dims):\n"
    "    if not name:\n"
    "      return None\n"
    "    shape = [int(d) for d in dims.split(',')] if dims else []\n"
    "    return np.frombuffer(view, dtype_of(name)).reshape(shape) if view is not None \\\n"
    "        else np.empty(shape, dtype_of(name))\n"
    "  def operand(*value):\n"  // what the callback keeps outlives the program
    "    a = array(*value)\n"
    "    if a is not None:\n"
    "      a = a.copy()\n"
    "      a.flags.writeable = False\n"
    "    return a\n"
    "  def call(callback, operands, results):\n"
    "    try:\n"
    "      made = callback(*[operand(*o) for o in operands])\n"
    "      if made is None:\n"
    "        made = ()\n"
    "      if len(made) != len(results):\n"
    "        return f'it returned {len(made)} values instead of {len(results)}'\n"
    "      for value, result in zip(made, results):\n"
    "        to = array(*result)\n"
    "        if to is not None:\n"
    "          value = np.asarray(value)\n"
    "          if value.shape != to.shape or value.dtype != to.dtype:\n"
    "            return (f'it returned {value.dtype}{list(value.shape)} instead of '\n"
    "                    f'{to.dtype}{list(to.shape)}')\n"
    "          np.copyto(to, value)\n"
    "      return ''\n"
    "    except BaseException as error:\n"
    "      import traceback\n"
    "      return ''.join(traceback.format_exception(error)) or 'it failed'\n"
    "  return call\n"
    "call = _make()\n";

static bool find_python(python *out) {
  bool ok = true;
#define FIND(name, result, parameters)                                                             \
  {                                                                                                \
    union {                                                                                        \
      void *address;                                                                               \
      result(*function) parameters;                                                                \
    } view = {dlsym(RTLD_DEFAULT, #name)};                                                         \
    out->name = view.function;                                                                     \
    ok = ok && view.address;                                                                       \
  }
  PYTHON_FUNCTIONS(FIND)
#undef FIND
  return ok;
}

// Under Python's lock. Never given back: it lives as long as the interpreter.
static PyObject *the_helper(const python *py) {
  static PyObject *helper;  // Python's lock guards it
  if (helper) {
    return helper;
  }
  PyObject *globals = py->PyDict_New();
  PyObject *none = NULL;
  if (globals && py->PyDict_SetItemString(globals, "__builtins__", py->PyEval_GetBuiltins()) == 0) {
    none = py->PyRun_String(helper_source, PY_FILE_INPUT, globals, globals);
  }
  if (none) {
    py->Py_DecRef(none);
    helper = py->PyDict_GetItemString(globals, "call");
  }
  if (helper) {
    py->Py_IncRef(helper);
  } else {
    py->PyErr_Clear();
  }
  return helper;
}

// numpy's names, or those of ml_dtypes.
static const char *dtype_name(skarn_type type) {
  switch ((int)type) {
    case SKARN_TYPE_PRED: return "bool";
    case SKARN_TYPE_S2: return "int2";
    case SKARN_TYPE_S4: return "int4";
    case SKARN_TYPE_S8: return "int8";
    case SKARN_TYPE_S16: return "int16";
    case SKARN_TYPE_S32: return "int32";
    case SKARN_TYPE_S64: return "int64";
    case SKARN_TYPE_U2: return "uint2";
    case SKARN_TYPE_U4: return "uint4";
    case SKARN_TYPE_U8: return "uint8";
    case SKARN_TYPE_U16: return "uint16";
    case SKARN_TYPE_U32: return "uint32";
    case SKARN_TYPE_U64: return "uint64";
    case SKARN_TYPE_F4E2M1FN: return "float4_e2m1fn";
    case SKARN_TYPE_F6E2M3FN: return "float6_e2m3fn";
    case SKARN_TYPE_F6E3M2FN: return "float6_e3m2fn";
    case SKARN_TYPE_F8E3M4: return "float8_e3m4";
    case SKARN_TYPE_F8E4M3: return "float8_e4m3";
    case SKARN_TYPE_F8E4M3FN: return "float8_e4m3fn";
    case SKARN_TYPE_F8E4M3FNUZ: return "float8_e4m3fnuz";
    case SKARN_TYPE_F8E4M3B11FNUZ: return "float8_e4m3b11fnuz";
    case SKARN_TYPE_F8E5M2: return "float8_e5m2";
    case SKARN_TYPE_F8E5M2FNUZ: return "float8_e5m2fnuz";
    case SKARN_TYPE_F8E8M0FNU: return "float8_e8m0fnu";
    case SKARN_TYPE_BF16: return "bfloat16";
    case SKARN_TYPE_F16: return "float16";
    case SKARN_TYPE_F32: return "float32";
    case SKARN_TYPE_F64: return "float64";
    case SKARN_TYPE_C64: return "complex64";
    case SKARN_TYPE_C128: return "complex128";
    default: return "";  // a token: None
  }
}

// [(memory, dtype, dims), ...] of operands or results.
static PyObject *list_values(const python *py, const skarn_custom_call_value *values, size_t count,
                             int access) {
  PyObject *list = py->PyList_New(0);
  for (size_t i = 0; list && i < count; i++) {
    char dims[SK_PJRT_MAX_RANK * 21 + 1] = "";
    size_t at = 0;
    uint64_t bytes = skarn_type_bytes(values[i].type);
    for (size_t d = 0; d < values[i].rank && d < SK_PJRT_MAX_RANK; d++) {
      at += (size_t)snprintf(dims + at, sizeof dims - at, d ? ",%lld" : "%lld",
                             (long long)values[i].dims[d]);
      bytes *= (uint64_t)values[i].dims[d];
    }
    PyObject *view =
        bytes ? py->PyMemoryView_FromMemory(values[i].data, (intptr_t)bytes, access) : NULL;
    PyObject *item = NULL;
    if (view || !bytes) {
      item = py->Py_BuildValue(view ? "(Nss)" : "(zss)", view, dtype_name(values[i].type), dims);
    }
    if (!item || py->PyList_Append(list, item) != 0) {
      py->Py_DecRef(list);
      list = NULL;
    }
    if (item) {
      py->Py_DecRef(item);
    }
  }
  return list;
}

static skarn_status *call_under_lock(const python *py, PyObject *callback,
                                     const skarn_custom_call_frame *call) {
  PyObject *helper = the_helper(py);
  PyObject *operands = list_values(py, call->arguments, call->argument_count, PY_READ);
  PyObject *results = list_values(py, call->results, call->result_count, PY_WRITE);
  PyObject *answer = NULL;
  if (helper && operands && results) {
    answer = py->PyObject_CallFunction(helper, "OOO", callback, operands, results);
  }
  const char *text = answer ? py->PyUnicode_AsUTF8(answer) : NULL;
  skarn_status *status = NULL;
  if (!text || *text) {
    char *message = sk_pjrt_text("CpuCallback error calling callback: %s",
                                 text ? text : "Python could not be called");
    status = skarn_status_create(SKARN_INTERNAL, message ? message : "CpuCallback error");
    sk_mem_free(message);
  }
  if (!text) {
    py->PyErr_Clear();
  }
  PyObject *owned[] = {operands, results, answer};
  for (size_t i = 0; i < SK_COUNT(owned); i++) {
    if (owned[i]) {
      py->Py_DecRef(owned[i]);
    }
  }
  return status;
}

static skarn_status *find_callback(const skarn_custom_call_frame *call, PyObject **out_callback) {
  const sk_pjrt_context *context = call->context;
  const callbacks *known = NULL;
  uint64_t index = UINT64_MAX;
  for (size_t i = 0; context && i < context->count; i++) {
    if (context->user_data[i].type_id == callbacks_type) {
      known = context->user_data[i].data;
    }
  }
  for (size_t i = 0; i < call->attribute_count; i++) {
    if (strcmp(call->attributes[i].name, "index") == 0 &&
        skarn_type_bytes(call->attributes[i].type) == sizeof index) {
      memcpy(&index, call->attributes[i].data, sizeof index);
    }
  }
  if (!known || index >= known->count) {
    return skarn_status_create(SKARN_INTERNAL,
                               "the Python callback of a program was not given to its execution");
  }
  *out_callback = known->objects[index];
  return NULL;
}

static skarn_status *execute(const skarn_custom_call_frame *call) {
  const python *py = call->user;
  PyObject *callback = NULL;
  skarn_status *status = find_callback(call, &callback);
  if (!status) {
    int state = py->PyGILState_Ensure();
    status = call_under_lock(py, callback, call);
    py->PyGILState_Release(state);
  }
  return status;
}

bool sk_pjrt_find_python_call(const char *target, skarn_custom_call *out_handler) {
  static const char *const targets[] = {"xla_ffi_python_cpu_callback",
                                        "xla_ffi_partitioned_python_cpu_callback"};
  static python interpreter;
  static _Atomic int found;  // 0: not looked for, 1: being filled, 2: there, 3: there is none
  bool ours = false;
  for (size_t i = 0; i < SK_COUNT(targets); i++) {
    ours = ours || strcmp(target, targets[i]) == 0;
  }
  if (!ours) {
    return false;
  }
  int none = 0;
  if (atomic_compare_exchange_strong(&found, &none, 1)) {
    atomic_store(&found, find_python(&interpreter) ? 2 : 3);
  }
  while (atomic_load(&found) == 1) {
    sk_cpu_pause();
  }
  out_handler->execute = execute;
  out_handler->user = &interpreter;
  return atomic_load(&found) == 2;
}
