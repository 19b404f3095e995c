// SPDX-License-Identifier: Apache-2.0
// Small things every file of the plugin needs: element types by number, texts on the heap, names
// that come as pointer and size.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pjrt/pjrt_int.h"

static const uint8_t types_from_pjrt[] = {
#define X(name, pjrt, xla) [pjrt] = SKARN_TYPE_##name,
#include "pjrt/pjrt_types.def"
#undef X
};

static const uint8_t types_to_pjrt[] = {
#define X(name, pjrt, xla) [SKARN_TYPE_##name] = pjrt,
#include "pjrt/pjrt_types.def"
#undef X
};

skarn_type sk_pjrt_type_from(int pjrt_type) {
  return pjrt_type >= 0 && (size_t)pjrt_type < sizeof types_from_pjrt
             ? (skarn_type)types_from_pjrt[pjrt_type]
             : SKARN_TYPE_INVALID;
}

int sk_pjrt_type_to(skarn_type type) {
  return (size_t)type < sizeof types_to_pjrt ? types_to_pjrt[type] : 0;
}

char *sk_pjrt_text(const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int length = vsnprintf(NULL, 0, format, args);
  char *text = length < 0 ? NULL : sk_mem_alloc((size_t)length + 1);
  if (text) {
    vsnprintf(text, (size_t)length + 1, format, again);
  }
  va_end(again);
  va_end(args);
  return text;
}

bool sk_pjrt_name_is(const char *name, size_t size, const char *literal) {
  return size == strlen(literal) && memcmp(name, literal, size) == 0;
}
