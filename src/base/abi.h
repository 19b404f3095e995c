// SPDX-License-Identifier: Apache-2.0
// The contract between generated code (gen) and the runtime (rt): the only thing the two share.
//
//   entry:   void entry(sk_frame *frame)                                              one per executable
//   kernel:  void kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch)  iterations [begin, end) of its parallel loop
//
// System V AMD64 calling convention; callee-saved registers are preserved, MXCSR is left as found (the runtime sets the default
// value 0x1F80 around an execution), vzeroupper is executed before returning and before calling builtins. Generated code never
// unwinds, never allocates, never calls anything but the builtins below through frame->builtins. 64-byte stack alignment is made
// by the callee where it needs it.
//
//   frame:   +0 arena   +8 consts   +16 builtins   +24 scratch   +32 runtime   +40 fault   +48 slots[0], slots[1], ...
//
// `slots` hold pointers: entry arguments first, then results, then one per while-carried or swapped buffer (initialised by the
// runtime from the image's slot table: arena base + offset). Code may exchange slot pointers.
#ifndef SK_BASE_ABI_H
#define SK_BASE_ABI_H

#include "base/compiler.h"

typedef struct sk_frame {
  char *arena;            // temporaries; 64-byte aligned (2 MiB-aligned when >= 2 MiB)
  const char *consts;     // constant pool of the executable, 64-byte aligned
  void *const *builtins;  // function pointers by sk_builtin
  char *
      scratch;  // scratch of the calling thread, 64-byte aligned; size >= the image's scratch_bytes
  void *runtime;  // the runtime's own execution record
  int64_t fault;  // 0, or a fault code written by code or a builtin; first one wins
  void *slots[];
} sk_frame;

enum {
  SK_FRAME_ARENA = 0,
  SK_FRAME_CONSTS = 8,
  SK_FRAME_BUILTINS = 16,
  SK_FRAME_SCRATCH = 24,
  SK_FRAME_RUNTIME = 32,
  SK_FRAME_FAULT = 40,
  SK_FRAME_SLOTS = 48
};

typedef void (*sk_entry_fn)(sk_frame *frame);
typedef void (*sk_kernel_fn)(sk_frame *frame, int64_t begin, int64_t end, void *scratch);

// Runs kernel over [0, total) in chunks whose bounds are multiples of `align` (the last may be shorter), each at least `grain`
// iterations, possibly on several threads; returns when all are done. Each thread passes its own scratch.
typedef void (*sk_parallel_fn)(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                               int64_t align);

// A library call: pointers[i] are the buffers of the statement, params its integers (layout per builtin, see base/libcalls.def).
typedef void (*sk_libcall_fn)(sk_frame *frame, void *const *pointers, const int64_t *params);

typedef enum sk_builtin {
  SK_BUILTIN_PARALLEL,                   // sk_parallel_fn
#define X(name, ...) SK_BUILTIN_##name,  // sk_libcall_fn
#include "base/libcalls.def"
#undef X
  SK_BUILTIN_HOST_CALL,  // sk_libcall_fn of the runtime: a handler of the host's (base/hostcall.h)
  SK_BUILTIN_COUNT
} sk_builtin;

// How a SORT key compares. Floats by bits: TOTAL is IEEE-754 totalOrder; NUMERIC takes -0 = +0 and all NaN as equal and above +inf;
// PLAIN is < as a machine compares, to which a NaN is neither less, nor equal, nor greater.
enum { SK_SORT_SIGNED, SK_SORT_UNSIGNED, SK_SORT_TOTAL, SK_SORT_NUMERIC, SK_SORT_PLAIN };

// What becomes of an operand of a SORT. POSITIONS: its elements are their own places in their rows, whatever its memory has, which is
// not read. UNWANTED: it may be a key, but nothing is written.
enum { SK_SORT_MOVED, SK_SORT_POSITIONS, SK_SORT_UNWANTED };

#endif
