// SPDX-License-Identifier: Apache-2.0
// What the parameters of a SORT (base/libcalls.def) come to: which way it goes, and the memory for one row. Known to the library,
// which uses the memory, and to the lowering, which may supply it.
#ifndef SK_BASE_SORTCALL_H
#define SK_BASE_SORTCALL_H

#include <stdbool.h>

#include "base/abi.h"

// Where parameters stand.
enum {
  SK_SORT_OPERANDS,
  SK_SORT_KEYS,
  SK_SORT_OUTER,
  SK_SORT_LENGTH,
  SK_SORT_INNER,
  SK_SORT_FIRST,
  SK_SORT_KEPT,
  SK_SORT_WORK_BYTES,
  SK_SORT_HEAD,  // those that there always are
  SK_SORT_NUMBERS_OF_KEY = 4
};

typedef struct sk_sort_plan {
  const int64_t *elem_bytes, *roles, *keys;  // within the parameters
  bool is_alone;                             // one operand is wanted, the only key: no positions
  bool is_choice;                            // the first few by one key of up to 32 bits
  bool is_plain;                             // some key is PLAIN
  // Bytes per element of a row.
  int64_t number_bytes, spare_bytes, word_bytes, order_bytes, row_bytes;
} sk_sort_plan;

enum { SK_SORT_ALIGN = 64, SK_SORT_PARTS = 5 };

static inline sk_sort_plan sk_sort_plan_of(const int64_t *params) {
  const int64_t operands = params[SK_SORT_OPERANDS], keys = params[SK_SORT_KEYS];
  sk_sort_plan plan = {.elem_bytes = params + SK_SORT_HEAD, .number_bytes = 4};
  plan.roles = plan.elem_bytes + operands;
  plan.keys = plan.roles + operands;
  int64_t wanted = 0;
  for (int64_t o = 0; o < operands; o++) {
    wanted += plan.roles[o] != SK_SORT_UNWANTED;
    plan.row_bytes = SK_MAX(plan.row_bytes, plan.elem_bytes[o]);
  }
  for (int64_t k = 0; k < keys; k++) {
    const int64_t *key = plan.keys + SK_SORT_NUMBERS_OF_KEY * k;
    plan.number_bytes = SK_MAX(plan.number_bytes, plan.elem_bytes[key[0]]);
    plan.is_plain = plan.is_plain || key[1] == SK_SORT_PLAIN;
  }
  plan.is_choice = keys == 1 && plan.number_bytes == 4 && params[SK_SORT_FIRST] == 0 &&
                   params[SK_SORT_KEPT] < params[SK_SORT_LENGTH] / 4;
  plan.is_alone =
      wanted == 1 && keys == 1 && !plan.is_choice && plan.roles[plan.keys[0]] == SK_SORT_MOVED;
  const bool has_words = !plan.is_alone || plan.is_plain;
  plan.spare_bytes = has_words ? 8 : plan.number_bytes;
  plan.word_bytes = has_words ? 8 : 0;
  plan.order_bytes = keys > 1 ? 4 : 0;
  plan.row_bytes = has_words ? plan.row_bytes : 0;
  return plan;
}

// At most, for a row of so many elements; every part begins at a multiple of SK_SORT_ALIGN.
static inline int64_t sk_sort_plan_bytes(const sk_sort_plan *plan, int64_t length) {
  return (plan->number_bytes + plan->spare_bytes + plan->word_bytes + plan->order_bytes +
          plan->row_bytes) *
             length +
         SK_SORT_PARTS * SK_SORT_ALIGN;
}

#endif
