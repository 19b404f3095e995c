// SPDX-License-Identifier: Apache-2.0
// Writing .npy files: one header, padded so that the data begin at a multiple of 64 bytes, then the
// elements as they lie in memory.
#include "base/npy.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

enum { PREFIX_BYTES = 10, DATA_ALIGN = 64, MAX_HEADER = 65535 };

// NumPy's letter for a kind of elements.
static char letter_of(const char *type_name) {
  static const char *const floats[] = {"f16", "f32", "f64"};
  for (size_t i = 0; i < SK_COUNT(floats); i++) {
    if (strcmp(type_name, floats[i]) == 0) {
      return 'f';
    }
  }
  if (strcmp(type_name, "i1") == 0) {
    return 'b';
  }
  return type_name[0] == 'i'                     ? 'i'
         : strncmp(type_name, "ui", 2) == 0      ? 'u'
         : strncmp(type_name, "complex", 7) == 0 ? 'c'
                                                 : 'V';
}

void sk_npy_describe(const char *type_name, uint32_t elem_bytes, char out[SK_NPY_DESCR_BYTES]) {
  char letter = letter_of(type_name);
  char order = elem_bytes == 1 || letter == 'V' ? '|' : '<';
  snprintf(out, SK_NPY_DESCR_BYTES, "%c%c%u", order, letter, elem_bytes);
}

static void print_header(const sk_npy_array *array, sk_text *out) {
  char descr[SK_NPY_DESCR_BYTES];
  sk_npy_describe(array->type_name, array->elem_bytes, descr);
  sk_text_addf(out, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
  for (uint32_t i = 0; i < array->rank; i++) {
    sk_text_addf(out, "%lld%s", (long long)array->dims[i],
                 i + 1 < array->rank || array->rank == 1 ? ", " : "");
  }
  sk_text_add(out, SK_STR("), }"));
}

static sk_status write_with(const char *path, const sk_npy_array *array, const sk_text *header) {
  size_t total = sk_align_up(PREFIX_BYTES + header->len + 1, DATA_ALIGN);
  size_t length = total - PREFIX_BYTES;
  char *file = length <= MAX_HEADER ? sk_mem_alloc(total + array->bytes) : NULL;
  if (!file) {
    return sk_status_no_memory();
  }
  memcpy(file, "\x93NUMPY\x01\x00", 8);
  file[8] = (char)(length & 0xFF);
  file[9] = (char)(length >> 8);
  memset(file + PREFIX_BYTES, ' ', length);
  memcpy(file + PREFIX_BYTES, header->data, header->len);
  file[total - 1] = '\n';
  if (array->bytes > 0) {
    memcpy(file + total, array->data, array->bytes);
  }
  sk_status status = sk_file_write(path, file, total + array->bytes);
  sk_mem_free(file);
  return status;
}

sk_status sk_npy_write(const char *path, const sk_npy_array *array) {
  sk_text header;
  sk_text_init(&header);
  print_header(array, &header);
  sk_status status = header.failed ? sk_status_no_memory() : write_with(path, array, &header);
  sk_text_fini(&header);
  return status;
}
