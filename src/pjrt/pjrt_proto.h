// SPDX-License-Identifier: Apache-2.0
// Protocol buffers on the wire: fields one after the other, without a schema.
//
//   field   key (varint: number << 3 | kind), then
//           kind 0: varint   1: 8 bytes   2: size (varint) and bytes   5: 4 bytes
#ifndef SK_PJRT_PJRT_PROTO_H
#define SK_PJRT_PJRT_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What is left of a message. `bad` is set when the bytes are none; reading ends then.
typedef struct sk_pjrt_proto {
  const uint8_t *at;
  size_t size;
  bool bad;
} sk_pjrt_proto;

typedef struct sk_pjrt_field {
  uint32_t number;
  uint64_t value;        // of the kinds without bytes
  const uint8_t *bytes;  // kind 2, else NULL
  size_t size;
} sk_pjrt_field;

// The next field; false at the end or when `bad`.
bool sk_pjrt_proto_next(sk_pjrt_proto *message, sk_pjrt_field *out_field);
bool sk_pjrt_proto_varint(sk_pjrt_proto *message, uint64_t *out_value);
// The message in a field: empty when the field holds no bytes.
sk_pjrt_proto sk_pjrt_proto_of(const sk_pjrt_field *field);

// Writing: the bytes needed; written as far as there is room.
size_t sk_pjrt_proto_put_varint(uint8_t *bytes, size_t room, uint64_t value);

#endif
