// SPDX-License-Identifier: Apache-2.0
// From program tree and loop IR to position-independent x86-64 code.
//
//   sk_prog (verified, scheduled, vectorised)  ->  sk_gen_code: [ kernels ... | entry | constants ]
//
// The entry has the signature sk_entry_fn, every kernel sk_kernel_fn (base/abi.h). The bytes may be
// copied to any address; nothing outside is referenced except through the frame. Equal programs and
// options give equal bytes. What cannot be generated is an UNIMPLEMENTED that names kernel and
// operation; never wrong code. Everything lives in the arena. Thread rule: callers with distinct
// arenas may generate from one program at the same time.
#ifndef SK_GEN_GEN_H
#define SK_GEN_GEN_H

#include "gen/x64/x64.h"
#include "loop/loop.h"

// What a DOT statement was turned into: a function with the kernel signature whose parallel loop
// has `total` iterations (tiles).
typedef struct sk_gen_dot {
  sk_label entry;  // bound in the assembler
  int64_t total;
  uint64_t scratch_bytes;  // per thread
  const char *name;        // for perf maps; arena or static
} sk_gen_dot;

typedef struct sk_gen_options {
  sk_isa isa;         // SK_ISA_V3 or SK_ISA_V4
  uint32_t features;  // SK_CPU_*: what may be used beyond the tier
  uint32_t
      vector_bytes;  // 32 or 64 (v4 only); 0 = by isa. The same value sk_loop_vectorise was given
  // DOT statements: emits one function into `a`. NULL = such statements are UNIMPLEMENTED. Called
  // once per distinct statement.
  sk_status (*emit_dot)(void *user, sk_asm *a, const sk_dot *dot, const sk_prog *prog,
                        sk_gen_dot *out);
  void *user;
  sk_arena *
      // working memory, rewound to empty when done; NULL: memory of its own, given back at the end
      scratch;
} sk_gen_options;

typedef struct sk_gen_fn {
  const char *name;       // arena
  uint32_t offset, size;  // bytes, within sk_gen_code.bytes
  uint32_t kernel;        // kernel id, 0 for the entry and for dots
  uint32_t stmt;          // the first statement it is for, 0: the entry
} sk_gen_fn;

typedef struct sk_gen_code {
  const uint8_t *bytes;  // arena
  uint32_t length;       // code and constants; align the copy to 64 bytes
  uint32_t entry;        // offset of the entry
  uint32_t fn_count;
  const sk_gen_fn *fns;    // entry and kernels in the order of their offsets
  uint32_t kernel_count;   // distinct kernel functions, dots included, and library calls
  uint32_t code_bytes;     // length without the constant pool
  uint32_t inst_count;     // machine instructions
  uint64_t scratch_bytes;  // per thread: the largest need of any kernel or dot
} sk_gen_code;

sk_status sk_gen_program(const sk_prog *prog, const sk_gen_options *opt, sk_arena *arena,
                         sk_gen_code *out);

// For emit_dot: dst = address of element 0 of the buffer's storage. `frame` holds the sk_frame,
// `scratch` the thread's scratch.
void sk_gen_emit_buffer(sk_asm *a, const sk_prog *prog, uint32_t buf, uint32_t frame,
                        uint32_t scratch, uint32_t dst);

#endif
