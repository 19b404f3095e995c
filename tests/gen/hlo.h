// SPDX-License-Identifier: Apache-2.0
// Random StableHLO programs: well-typed, deterministic by seed, comparable between oracles.
//
//   seed, options -> hlo_program_make -> module with @main, and bytes for its arguments
//
// A program is a DAG of up to `max_ops` operations over few element types and shapes, so that values
// meet, with control flow, regions and calls of other functions. What is made is valid by
// construction: an operation that inference refuses is a defect of the generator or of the
// inference, and is reported as the program's fault. hlo_rows.def says which operations are made,
// and names those that are not.
#ifndef SK_TESTS_GEN_HLO_H
#define SK_TESTS_GEN_HLO_H

#include "ir/ir.h"

typedef struct hlo_options {
  uint32_t max_ops;   // at most; the seed decides how many
  int64_t max_elems;  // of any value
  bool wild;          // arguments with NaN, infinities, denormals and integers of the whole range
  sk_opkind focus;    // half of the operations are of this kind; SK_OP_NONE: none preferred
} hlo_options;

typedef struct hlo_program {
  sk_module *module;  // owned
  uint64_t seed;
  hlo_options options;
  char fault[600];  // what inference refused; empty: nothing
} hlo_program;

// Options that belong to a seed in a campaign: sizes and modes in a fixed mix.
hlo_options hlo_options_of(uint64_t seed);
sk_status hlo_program_make(uint64_t seed, const hlo_options *options,
                           hlo_program *out) SK_NODISCARD;
void hlo_program_free(hlo_program *program);

// Elements of the program's argument `index`; out has the bytes of its type.
void hlo_program_fill(const hlo_program *program, uint32_t index, void *out);
// `count` elements of a type; wild or not.
void hlo_fill(uint64_t *rng, sk_elem elem, int64_t count, bool wild, void *out);

// Operations of ops.def without a row in hlo_rows.def, one name after the other; 0: none.
uint32_t hlo_missing_rows(sk_text *out);
bool hlo_is_made(sk_opkind kind);
const char *hlo_why_not(sk_opkind kind);  // NULL: it is made

#endif
