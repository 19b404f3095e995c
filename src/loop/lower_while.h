// SPDX-License-Identifier: Apache-2.0
// Of the while loops that become kernels only: the roles of what they carry, what a look at the whole
// nest finds, and the division of work between files.
//
//   lower_while.c         the idea; kernels of counted loops
//   lower_while_until.c   loops of single elements that data end: kernels of some trips each
//   lower_while_survey.c  whether a nest can be such a kernel, and the roles
#ifndef SK_LOOP_LOWER_WHILE_H
#define SK_LOOP_LOWER_WHILE_H

#include "loop/lower_int.h"

typedef enum sk_while_role {
  SK_ROLE_COUNTER,
  SK_ROLE_INVARIANT,
  SK_ROLE_CARRIED,
  SK_ROLE_STACK
} sk_while_role;

typedef struct sk_while_slot {
  sk_while_role role;
  sk_value init, arg, next, result;
  sk_op update;  // of a stack
  sk_scalar carry;
} sk_while_slot;

typedef struct sk_while {
  sk_op op;
  sk_region body;
  int64_t trips;
  sk_value counter;  // argument
  sk_while_slot *slots;
  uint32_t count, depth;
} sk_while;

// The shape S: extents other than 1.
typedef struct sk_points {
  uint32_t rank;
  int64_t dims[SK_GROUP_MAX_RANK];
  int64_t elems;
} sk_points;

// What a look at the whole nest finds.
typedef struct sk_while_survey {
  sk_lowering *l;
  sk_points points;
  bool known;                                      // S has been seen
  uint32_t carried, stacks, loops, ops, repeated;  // of loops of the nest, all together
  bool maps;                                       // the outermost loop carries no value
  bool reads_rows;                                 // of outer arrays, by the counter
} sk_while_survey;

// ---- lower_while_survey.c
sk_while_survey sk_while_survey_new(sk_lowering *l);
// Takes a while as a counted loop, in the depth given; false: it is none, or carries what does not fit.
bool sk_while_open_counted(sk_while_survey *s, sk_op op, uint32_t depth, sk_while *c);
// The same of a loop of single elements, whatever ends it.
bool sk_while_open_until(sk_while_survey *s, sk_op op, sk_while *c);
// Looks at all ops of the region, of a loop or of its condition; false: one does not fit.
bool sk_while_survey_region(sk_while_survey *s, const sk_while *c, sk_region region);
bool sk_while_is_worth_it(const sk_while_survey *s);
bool sk_while_is_choice(const sk_lowering *l, sk_op op);

// ---- lower_while.c
// The map of a value at the point of S that the kernel is at; `all`: bits of the dimensions of S.
sk_map *sk_while_point_map(sk_lowering *l, sk_value v, uint32_t all);
// Begins a kernel with one outermost loop around everything, of one iteration unless something else is there.
uint32_t sk_while_begin_kernel(sk_lowering *l, uint32_t loops, bool wrapped);
void sk_while_end_kernel(sk_lowering *l, uint32_t kernel, bool wrapped);
// What is in a region besides what is evaluated where it is asked for.
void sk_while_emit_statements(sk_lowering *l, sk_region region, uint32_t all);
// x where taken, other elsewhere; merge: x is there only where taken.
sk_scalar sk_while_choose(sk_lowering *l, bool merge, sk_val taken, sk_scalar x, sk_scalar other);
// Makes carries of the loop just opened from the initial values in `carry`.
void sk_while_open_carries(sk_lowering *l, sk_while *c);
// Stores what `carry` holds as the results.
void sk_while_store_last(sk_lowering *l, const sk_while *c, uint32_t all);
// The result of an invariant is the argument's buffer, copied where another is wanted.
void sk_while_keep_invariant(sk_lowering *l, const sk_while_slot *t);

#endif
