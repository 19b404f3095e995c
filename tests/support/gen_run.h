// SPDX-License-Identifier: Apache-2.0
// Runs a program tree as generated machine code and compares it, bit for bit, with the loop runner.
//
// Every argument and result lies between two inaccessible pages, flush against one of them; the
// arena, constants and scratch likewise. Memory that the program must not read holds NaN bytes.
// Arguments must come back unchanged. A parallel kernel is called in chunks. Natively the
// callee-saved registers and MXCSR are checked; other ways to call (an emulator) plug in.
#ifndef TESTS_SUPPORT_GEN_RUN_H
#define TESTS_SUPPORT_GEN_RUN_H

#include "gen/gen.h"
#include "loop/loop.h"

typedef struct gen_target {
  sk_isa isa;
  uint32_t vector_bytes;  // 0: by isa
  bool at_end;            // buffers end at a guard page (else they start after one)
  // Calls entry(frame). Returns false with a message when it cannot. NULL: natively.
  bool (*invoke)(void *user, const void *code, size_t length, const void *entry, sk_frame *frame,
                 char *message);
  void *user;
  sk_parallel_fn parallel;    // builtin for parallel kernels; NULL: calls them in chunks
  bool library;               // library calls work (sk_lib_find); else a program must not have any
  const void *const *inputs;  // elements of the arguments; NULL: random by the seed
} gen_target;

// The chunks a parallel kernel is called in: as small as allowed, in descending order.
typedef void gen_chunk_fn(sk_frame *frame, sk_kernel_fn kernel, int64_t begin, int64_t end);
void gen_for_chunks(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                    int64_t align, gen_chunk_fn *call);

enum { GEN_MESSAGE_BYTES = 1024 };

// Gives the buffers slots and places (arguments, results, temporaries, scratch, constants), as
// schedule would.
void gen_place_buffers(sk_prog *prog);

// true: same results. Otherwise `message` says what differs. `seed` decides the data.
bool gen_run_compare(sk_prog *prog, const gen_target *target, uint64_t seed,
                     char message[GEN_MESSAGE_BYTES]);

// Random bits: mostly ordinary numbers, often special ones (zeros, infinities, NaN, denormals,
// extremes).
uint64_t gen_random(uint64_t *state);
void gen_random_data(uint64_t *state, sk_mem mem, int64_t elems, void *out);

#endif
