// SPDX-License-Identifier: Apache-2.0
// Makes a program that executors disagree on smaller, as long as the disagreement stays the same.
//
//   case = program + arguments     one .mlir file: every argument of the entry has its elements as
//                                  an attribute, skarn.value = dense<...>
//   edit = case -> smaller case    reduce_edit.c; not necessarily one that makes sense
//   reduce = edits, greedily       reduce_loop.c; keeps those after which the verdict is the same
//
// Values that an operation had in the failing run may take its place as an argument, so that a
// program is cut in the middle without losing what made it fail.
#ifndef SK_TOOLS_REDUCE_H
#define SK_TOOLS_REDUCE_H

#include "oracle.h"

typedef struct reduce_array {
  void *data;  // owned
  size_t bytes;
} reduce_array;

typedef struct reduce_case {
  char *text;  // owned; the program without the values of its arguments
  size_t len;
  reduce_array *args;  // owned
  uint32_t arg_count;
} reduce_case;

void reduce_case_free(reduce_case *c);
// Arguments without a value are filled by `fill`; the entry is @main, or the only function.
typedef void reduce_fill_fn(void *user, uint32_t index, const sk_type_rec *type, void *out,
                            size_t bytes);
sk_status reduce_case_read(const char *name, const void *bytes, size_t len, reduce_fill_fn *fill,
                           void *user, reduce_case *out) SK_NODISCARD;
// The program with the values of its arguments.
sk_status reduce_case_print(const reduce_case *c, sk_text *out) SK_NODISCARD;
void reduce_case_judge(const reduce_case *c, const oracle_options *options, oracle_verdict *out);

// ---- edits

typedef enum reduce_action {
  REDUCE_KEEP,
  REDUCE_TO_VALUE,     // another value of the same type takes its place
  REDUCE_TO_ARGUMENT,  // a new argument with the elements it had
  REDUCE_TO_CONSTANT   // a splat
} reduce_action;

// All by ids of the module that reading the case's text gives.
typedef struct reduce_edit {
  const uint8_t *actions;          // by value; NULL: all kept
  const uint32_t *others;          // TO_VALUE: which
  void *const *seen;               // TO_ARGUMENT: elements; NULL: not known
  int splat;                       // TO_CONSTANT: 0 or 1
  const bool *drop_results;        // by result of the entry; NULL: none
  int64_t old_extent, new_extent;  // every dimension of this size becomes that; 0: none
  bool inlines;                    // calls become bodies
  sk_op opened;                    // a branch or loop whose region comes instead of it
  uint32_t region;
} reduce_edit;

// False: the edit cannot be made, or gives no valid program.
bool reduce_apply(const reduce_case *c, const reduce_edit *edit, reduce_case *out);
// Elements of the values in the entry's own body as the interpreter gives them, by value id; NULL
// where there are none. The list and its elements are the caller's.
void **reduce_observe(const reduce_case *c, uint32_t *out_count);

// ---- the whole

typedef void reduce_judge_fn(void *user, const reduce_case *c, oracle_verdict *out);
typedef struct reduce_options {
  oracle_options oracle;
  reduce_judge_fn *judge;  // instead of the oracle; NULL: that
  double seconds;          // at most; 0: no limit
  void (*progress)(void *user, const reduce_case *c, uint32_t ops, uint32_t tries);  // may be NULL
  void *user;
} reduce_options;

// `c` becomes smaller. `verdict`: of the case as it is, and afterwards of the reduced one.
sk_status reduce_run(reduce_case *c, const reduce_options *options,
                     oracle_verdict *verdict) SK_NODISCARD;
uint32_t reduce_op_count(const reduce_case *c);

#endif
