// SPDX-License-Identifier: Apache-2.0
// Reading and writing protocol buffers: see pjrt_proto.h. Bytes are untrusted: nothing behind their
// end is read, and groups, which no message here has, end the reading.
#include "pjrt/pjrt_proto.h"

#include <string.h>

bool sk_pjrt_proto_varint(sk_pjrt_proto *message, uint64_t *out_value) {
  uint64_t value = 0;
  if (message->size == 0 || message->bad) {
    return false;
  }
  for (unsigned shift = 0; message->size > 0 && shift < 64; shift += 7) {
    uint8_t byte = *message->at++;
    message->size--;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      *out_value = value;
      return true;
    }
  }
  message->bad = true;
  return false;
}

static bool take(sk_pjrt_proto *message, uint64_t size, const uint8_t **out_bytes) {
  if (size > message->size) {
    message->bad = true;
    return false;
  }
  *out_bytes = message->at;
  message->at += size;
  message->size -= size;
  return true;
}

bool sk_pjrt_proto_next(sk_pjrt_proto *message, sk_pjrt_field *out_field) {
  uint64_t key, size;
  const uint8_t *bytes;
  *out_field = (sk_pjrt_field){0};
  if (!sk_pjrt_proto_varint(message, &key)) {
    return false;
  }
  if (key >> 3 == 0 || key >> 3 > 0x1fffffff) {
    message->bad = true;
    return false;
  }
  out_field->number = (uint32_t)(key >> 3);
  switch (key & 7) {
    case 0:
      if (sk_pjrt_proto_varint(message, &out_field->value)) {
        return true;
      }
      break;
    case 1:
    case 5:
      size = (key & 7) == 1 ? 8 : 4;
      if (take(message, size, &bytes)) {
        memcpy(&out_field->value, bytes, size);
        return true;
      }
      break;
    case 2:
      if (sk_pjrt_proto_varint(message, &size) && take(message, size, &bytes)) {
        out_field->bytes = bytes;
        out_field->size = size;
        return true;
      }
      break;
    default: break;
  }
  message->bad = true;
  return false;
}

sk_pjrt_proto sk_pjrt_proto_of(const sk_pjrt_field *field) {
  return (sk_pjrt_proto){field->bytes, field->bytes ? field->size : 0, false};
}

size_t sk_pjrt_proto_put_varint(uint8_t *bytes, size_t room, uint64_t value) {
  size_t count = 0;
  do {
    uint8_t byte = (uint8_t)(value & 0x7f);
    value >>= 7;
    if (count < room) {
      bytes[count] = (uint8_t)(byte | (value ? 0x80 : 0));
    }
    count++;
  } while (value);
  return count;
}
