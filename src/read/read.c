// SPDX-License-Identifier: Apache-2.0
// Which reader, and within which limits.
//
// The magic number of MLIR bytecode is no valid UTF-8, hence no text can begin with it; nor does text
// begin with the two NULs that the root's offset in an artifact of jax.export has. Limits come
// from one table, limits.def; an option of 0 means the table's default, and what is counted in 32
// bits is cut to that. Nothing else is decided here: text.c, bytecode.c and exported.c hold the
// readers.
#include <string.h>

#include "read/read_int.h"

static const sk_read_limit read_limits[] = {
#define X(field, default_value, explanation)                                                       \
  {.name = #field, .what = explanation, .otherwise = default_value},
#include "read/limits.def"
#undef X
};

const sk_read_limit *sk_read_limits(uint32_t *out_count) {
  *out_count = (uint32_t)SK_COUNT(read_limits);
  return read_limits;
}

sk_read_options sk_read_fill_options(const sk_read_options *options) {
  sk_read_options filled = {0};
  if (options != NULL) {
    filled = *options;
  }
#define X(field, otherwise, what) filled.field = filled.field ? filled.field : (otherwise);
#include "read/limits.def"
#undef X
  // Counted in 32 bits.
  filled.nesting = SK_MIN(filled.nesting, (uint64_t)1 << 16);
  filled.expansion = SK_MIN(filled.expansion, (uint64_t)1 << 30);
  filled.location_depth = SK_MIN(filled.location_depth, (uint64_t)1 << 20);
  filled.ops = SK_MIN(filled.ops, (uint64_t)1 << 30);
  return filled;
}

bool sk_read_is_bytecode(const void *bytes, size_t len) {
  static const unsigned char magic[4] = {0x4D, 0x4C, 0xEF, 0x52};
  return len >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

sk_status sk_read_module(const char *input_name, const void *bytes, size_t len,
                         const sk_read_options *options, sk_module **out_module) {
  if (sk_read_is_bytecode(bytes, len)) {
    return sk_read_bytecode(input_name, bytes, len, options, out_module);
  }
  if (sk_read_is_exported(bytes, len)) {
    return sk_read_exported(input_name, bytes, len, options, out_module);
  }
  return sk_read_text(input_name, bytes, len, options, out_module);
}
