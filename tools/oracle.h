// SPDX-License-Identifier: Apache-2.0
// Judges a program on given inputs: every executor runs it, and they must agree.
//
//   program, inputs -> print = parse, bytecode, portable artifact     identity
//                   -> native, loop runner, threads 1, 2, 5           bit for bit
//                   -> native between inaccessible pages              bit for bit
//                   -> native with every value returned = native      bit for bit, strict
//                   -> interpreter, operation by operation            docs/numerics.md
//
// The interpreter computes each operation of @main on the values that generated code gave for its
// operands. Errors therefore do not add up: an operation is held to its own accuracy, and the first
// that differs is named. Everything runs in the calling process; oracle_judge_apart does it in a
// child, so that a crash or an endless loop is a verdict too.
#ifndef SK_TOOLS_ORACLE_H
#define SK_TOOLS_ORACLE_H

#include "interp/interp.h"
#include "ir/ir.h"

typedef enum oracle_what {
#define X(name, ...) ORACLE_##name,
#include "oracle.def"
#undef X
  ORACLE_WHAT_COUNT
} oracle_what;

const char *oracle_what_name(oracle_what what);
const char *oracle_what_help(oracle_what what);

enum { ORACLE_MESSAGE_BYTES = 700 };

typedef struct oracle_verdict {
  oracle_what what;
  sk_opkind op;  // VALUE: the first operation that differs; else SK_OP_NONE
  char message[ORACLE_MESSAGE_BYTES];
} oracle_verdict;

static inline bool oracle_is_finding(oracle_what what) { return what > ORACLE_UNSUPPORTED; }

typedef struct oracle_options {
  const char *isa;     // NULL: "auto"
  bool isa_unchecked;  // an emulator runs what the processor lacks
  const char *entry;   // NULL: as the compiler chooses
  bool reading;        // also: print, bytecode, portable artifact
  bool threads;        // also: 2 and 5 threads
  bool guards;         // also: on memory between inaccessible pages
  double seconds;      // of oracle_judge_apart; 0: 20
} oracle_options;

// `args` are dense arrays by argument of the entry; they are read where they lie, at any alignment.
typedef struct oracle oracle;
sk_status oracle_create(const oracle_options *options, oracle **out) SK_NODISCARD;  // copied
void oracle_destroy(oracle *o);
void oracle_judge(oracle *o, const char *text, size_t len, const void *const *args,
                  oracle_verdict *out);
void oracle_judge_apart(const oracle_options *options, const char *text, size_t len,
                        const void *const *args, oracle_verdict *out);

// The program that is asked for every value: its entry returns all of them that a buffer can hold.
sk_status oracle_print_whole(const oracle_options *options, const char *text, size_t len,
                             sk_text *out) SK_NODISCARD;

// ---- what results may differ by (oracle_rules.c)

// Operations that every executor rounds alike, on elements of that type.
bool oracle_is_exact(sk_opkind kind, sk_elem elem);

// Values of an operation: operands as generated code gave them (NULL: not known). The interpreter shows the operation just now
// (sk_interp_observer) and can run it again.
typedef struct oracle_op {
  const sk_module *m;
  sk_interp *interp;
  sk_op op;
  uint32_t result;
  const void *const *operands;
} oracle_op;
// False: `got` of generated code is not what the interpreter's `want` allows; *out_index says where,
// and `why` (why_bytes) how.
bool oracle_allows(const oracle_op *o, const void *got, const void *want, int64_t count, char *why,
                   size_t why_bytes);
// Bits, all NaNs alike; the index of the first difference, -1: none.
int64_t oracle_first_difference(sk_elem elem, const void *a, const void *b, int64_t count);
void oracle_print_element(sk_elem elem, const void *data, int64_t index, char *buf, size_t bytes);

#endif
