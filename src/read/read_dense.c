// SPDX-License-Identifier: Apache-2.0
// Packed constants to DENSE attributes: what hexadecimal text, resources and bytecode have in
// common.
//
//   input bytes                   meaning                                in the module
//   one element                   splat                                  one element
//   count x element               all, row-major, little-endian          the same; a splat if equal
//   ceil(count / 8), element i1   bits, least significant first          one byte per element
//
// Elements smaller than a byte come one per byte with arbitrary upper bits: signed ones are
// sign-extended, the others zero-extended, and i1 becomes 0 or 1 (a splat of true is 0xFF in
// bytecode). One byte for 2 to 8 elements of i1 are bits: as a splat 0x00 and 0xFF mean the same,
// and other values occur only as bits. A constant whose elements are all equal becomes a splat, as
// MLIR itself stores it: so one program gives one module, however its constants were spelled.
#include "read/read_int.h"

#include <string.h>

static bool is_canonical(sk_elem elem) {
  return elem == SK_PRED || (sk_elem_bytes(elem) == 1 && sk_elem_bits(elem) < 8);
}

static uint8_t canonical(sk_elem elem, uint8_t byte) {
  uint32_t bits = sk_elem_bits(elem);
  if (elem == SK_PRED) {
    return byte != 0;
  }
  uint32_t low = byte & ((1u << bits) - 1);
  if (sk_elem_is_signed(elem) && (low >> (bits - 1)) != 0) {
    low |= 0xFFu << bits;
  }
  return (uint8_t)low;
}

// Bytes as they must be in the module: the input itself if nothing changes and it may be borrowed.
static const uint8_t *canonical_bytes(sk_module *m, sk_elem elem, const uint8_t *bytes,
                                      uint64_t len, bool borrow) {
  bool changes = false;
  if (is_canonical(elem)) {
    for (uint64_t i = 0; i < len && !changes; i++) {
      changes = canonical(elem, bytes[i]) != bytes[i];
    }
  }
  if (!changes && borrow) {
    return bytes;
  }
  uint8_t *copy = sk_arena_copy(&m->arena, bytes, len, len >= 64 ? 64 : 8);
  for (uint64_t i = 0; changes && copy != NULL && i < len; i++) {
    copy[i] = canonical(elem, bytes[i]);
  }
  return copy;
}

static const uint8_t *unpack_bits(sk_module *m, const uint8_t *bits, uint64_t count) {
  uint8_t *bytes = sk_arena_alloc(&m->arena, count, 8);
  for (uint64_t i = 0; bytes != NULL && i < count; i++) {
    bytes[i] = bits[i / 8] >> (i % 8) & 1;
  }
  return bytes;
}

static bool all_equal(const uint8_t *bytes, uint64_t len, uint32_t width) {
  return len > width && memcmp(bytes, bytes + width, len - width) == 0;
}

sk_status sk_read_dense_bytes(sk_module *m, sk_type tensor, const void *bytes, uint64_t len,
                              bool borrow, sk_srcpos at, sk_attr *out) {
  sk_elem elem = (sk_elem)sk_type_get(m, tensor)->elem;
  int64_t elems;
  if (!sk_type_is_static_tensor(m, tensor) || elem == SK_QUANT ||
      !sk_type_elem_count(m, tensor, &elems)) {
    return sk_status_new_at(SK_INVALID_ARGUMENT, at,
                            "a constant needs a tensor type with known dimensions");
  }
  uint64_t count = (uint64_t)elems;
  uint32_t width = sk_elem_bytes(elem);
  const uint8_t *data = bytes;
  bool packed = elem == SK_PRED && count > 1 && len == count / 8 + (count % 8 != 0);
  sk_dense dense = {.bytes = count * width};
  if (count == 0 && (len == 0 || len == width)) {
    dense.data = "";
  } else if (packed) {
    dense.data = unpack_bits(m, data, count);
  } else if (len == dense.bytes || len == width) {
    dense.splat = len == width;
    dense.bytes = len;
    dense.data = canonical_bytes(m, elem, data, len, borrow);
  } else {
    return sk_status_new_at(
        SK_INVALID_ARGUMENT, at,
        "a constant of %llu elements of %s needs %llu bytes (or %u for a single value), got %llu",
        (unsigned long long)count, sk_elem_name(elem), (unsigned long long)dense.bytes, width,
        (unsigned long long)len);
  }
  if (dense.data == NULL) {
    return sk_status_no_memory();
  }
  if (!dense.splat && all_equal(dense.data, dense.bytes, width)) {
    dense.splat = true;
    dense.bytes = width;
  }
  *out = sk_attr_dense(m, tensor, dense);
  return out->id == 0 ? sk_status_no_memory() : NULL;
}
