// SPDX-License-Identifier: Apache-2.0
// How a library call HOST_CALL says what it calls: its parameters, 8-byte words. The compiler writes
// them (loop/lower_call.c), the runtime reads them (rt/hostcall.c).
//
//   operands | results | attributes | target, bytes          4 words
//   per operand and result   type | rank | dims...           type: number of rt/dtype.def
//   target                   text and a NUL, filled up to whole words
//   per attribute            kind | type | count | name, bytes | data, bytes
//                            name: text and a NUL, filled up;  data, filled up
//
// Pointers of the call: operands, then results; all dense and row-major for the dimensions as the
// program's layouts order them in memory: `dims` are those of the program.
#ifndef SK_BASE_HOSTCALL_H
#define SK_BASE_HOSTCALL_H

#include <stdint.h>

enum {
  SK_CALL_OPERANDS,
  SK_CALL_RESULTS,
  SK_CALL_ATTRS,
  SK_CALL_TARGET_BYTES,  // with the NUL
  SK_CALL_HEAD,
};

enum {
  SK_CALL_ATTR_KIND,  // sk_call_attr_kind
  SK_CALL_ATTR_TYPE,
  SK_CALL_ATTR_COUNT,
  SK_CALL_ATTR_NAME_BYTES,  // with the NUL
  SK_CALL_ATTR_DATA_BYTES,
  SK_CALL_ATTR_HEAD,
};

typedef enum sk_call_attr_kind {
  SK_CALL_SCALAR = 1,
  SK_CALL_ARRAY = 2,
  SK_CALL_STRING = 3,  // count bytes; a NUL follows
} sk_call_attr_kind;

static inline int64_t sk_call_words(int64_t bytes) { return (bytes + 7) / 8; }

#endif
