// SPDX-License-Identifier: Apache-2.0
// Arrays in and out: .npy files (numpy/lib/format.py describes them).
//
//   "\x93NUMPY" major minor | header length (2 bytes in 1.0, 4 from 2.0) | {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } | data
#include <stdlib.h>
#include <string.h>

#include "base/npy.h"
#include "base/str.h"
#include "cli.h"

// Does a file of this descr hold elements of the type? V*, one-byte floats and integers of equal width are taken as they are.
static bool descr_fits(sk_str descr, skarn_type type) {
  char want[SK_NPY_DESCR_BYTES];
  sk_npy_describe(skarn_type_name(type), (uint32_t)skarn_type_bytes(type), want);
  if (descr.len < 2 || descr.data[0] == '>') {
    return false;
  }
  int64_t bytes;
  bool sized = sk_str_to_i64((sk_str){descr.data + 2, descr.len - 2}, &bytes);
  char kind = descr.data[1];
  if (kind == '?') {
    kind = 'b';
    bytes = 1;
    sized = true;
  }
  if (!sized || (size_t)bytes != skarn_type_bytes(type)) {
    return false;
  }
  bool integer = kind == 'i' || kind == 'u' || kind == 'b';
  bool wants_integer = want[1] == 'i' || want[1] == 'u' || want[1] == 'b';
  return kind == want[1] || kind == 'V' || (kind == 'f' && bytes == 1) ||
         (integer && (wants_integer || want[1] == 'V'));
}

static int bad_array(const char *path, const char *what) {
  fprintf(stderr, "%s: error: %s [INVALID_ARGUMENT]\n", path, what);
  return CLI_BAD_INPUT;
}

// Value of a key of the header dictionary, up to `end`.
static bool find_key(sk_str header, const char *key, sk_str *out) {
  size_t len = strlen(key);
  for (size_t i = 0; i + len + 1 < header.len; i++) {
    if (memcmp(header.data + i, key, len) == 0) {
      size_t at = i + len;
      while (at < header.len && (header.data[at] == ' ' || header.data[at] == ':')) {
        at++;
      }
      *out = (sk_str){header.data + at, header.len - at};
      return true;
    }
  }
  return false;
}

static bool read_shape(sk_str text, size_t *rank, int64_t *dims) {
  *rank = 0;
  if (text.len == 0 || text.data[0] != '(') {
    return false;
  }
  size_t i = 1;
  while (i < text.len && text.data[i] != ')') {
    size_t start = i;
    while (i < text.len && text.data[i] >= '0' && text.data[i] <= '9') {
      i++;
    }
    if (i > start) {
      if (*rank == CLI_MAX_RANK ||
          !sk_str_to_i64((sk_str){text.data + start, i - start}, &dims[(*rank)++])) {
        return false;
      }
    } else if (text.data[i] == ',' || text.data[i] == ' ') {
      i++;
    } else {
      return false;
    }
  }
  return i < text.len;
}

// What a .npy file says before its data.
typedef struct npy_header {
  sk_str descr, shape;  // in the file
  size_t rank, data_at;
  int64_t dims[CLI_MAX_RANK];
} npy_header;

static int parse_header(const char *path, sk_str header, npy_header *out) {
  sk_str order;
  if (!find_key(header, "'descr'", &out->descr) || !find_key(header, "'fortran_order'", &order) ||
      !find_key(header, "'shape'", &out->shape)) {
    return bad_array(path, "the .npy header lacks descr, fortran_order or shape");
  }
  if (out->descr.len < 2 || out->descr.data[0] != '\'') {
    return bad_array(path, "structured .npy types are not supported");
  }
  const char *close = memchr(out->descr.data + 1, '\'', out->descr.len - 1);
  out->descr =
      (sk_str){out->descr.data + 1, close != NULL ? (size_t)(close - out->descr.data - 1) : 0};
  if (!sk_str_has_prefix(order, SK_STR("False"))) {
    return bad_array(path, "arrays in Fortran order are not supported");
  }
  return read_shape(out->shape, &out->rank, out->dims)
             ? CLI_OK
             : bad_array(path, "the shape in the .npy header is malformed");
}

static int read_header(const char *path, const sk_file *file, npy_header *out) {
  size_t major = file->len > 10 ? file->data[6] : 0, prefix = major >= 2 ? 12 : 10;
  if (file->len < 12 || memcmp(file->data, "\x93NUMPY", 6) != 0 || major < 1 || major > 3) {
    return bad_array(path, "not a .npy file");
  }
  size_t header = major >= 2 ? (size_t)file->data[8] | (size_t)file->data[9] << 8 |
                                   (size_t)file->data[10] << 16 | (size_t)file->data[11] << 24
                             : (size_t)file->data[8] | (size_t)file->data[9] << 8;
  out->data_at = prefix + header;
  return header > file->len - prefix
             ? bad_array(path, "the .npy header is cut off")
             : parse_header(path, (sk_str){(const char *)file->data + prefix, header}, out);
}

static int check_header(const char *path, const npy_header *header, const skarn_value_info *want) {
  const sk_str descr = header->descr, shape = header->shape;
  bool same = header->rank == want->rank && descr_fits(descr, want->type);
  for (size_t i = 0; i < header->rank && same; i++) {
    same = header->dims[i] == want->dims[i];
  }
  if (!same) {
    const char *end = memchr(shape.data, ')', shape.len);
    fprintf(stderr,
            "%s: error: array of type '%.*s' and shape %.*s where the program wants %s "
            "[INVALID_ARGUMENT]\n",
            path, SK_STR_ARG(descr), end != NULL ? (int)(end - shape.data + 1) : 0, shape.data,
            want->type_text);
    return CLI_BAD_INPUT;
  }
  return CLI_OK;
}

int cli_npy_read(const char *path, const skarn_value_info *want, cli_array *out) {
  sk_file file;
  npy_header header;
  sk_status status = sk_file_open(path, 0, &file);
  memset(out, 0, sizeof *out);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  int code = read_header(path, &file, &header);
  code = code == CLI_OK ? check_header(path, &header, want) : code;
  if (code == CLI_OK && file.len - header.data_at < want->bytes) {
    code = bad_array(path, "the array's data are cut off");
  }
  if (code == CLI_OK) {
    *out = (cli_array){.type = want->type,
                       .rank = want->rank,
                       .data = malloc(want->bytes + 64),
                       .bytes = want->bytes};
    if (out->data == NULL) {
      code = cli_fail_internal(sk_status_no_memory());
    } else {
      memcpy(out->data, file.data + header.data_at, want->bytes);
    }
  }
  sk_file_close(&file);
  return code;
}

// The number of a 0-D array of integers.
static bool read_number(const sk_file *file, const npy_header *header, int64_t *out) {
  int64_t bytes = 0;
  uint64_t bits = 0;
  sk_str descr = header->descr;
  bool sized = descr.len >= 3 && sk_str_to_i64((sk_str){descr.data + 2, descr.len - 2}, &bytes) &&
               bytes >= 1 && bytes <= 8;
  bool integer = descr.len >= 3 && strchr("iub", descr.data[1]) != NULL && descr.data[0] != '>';
  if (header->rank != 0 || !sized || !integer || file->len - header->data_at < (size_t)bytes) {
    return false;
  }
  memcpy(&bits, file->data + header->data_at, (size_t)bytes);
  uint32_t unused = 64 - 8 * (uint32_t)bytes;
  *out = descr.data[1] == 'i' ? (int64_t)(bits << unused) >> unused : (int64_t)bits;
  return true;
}

int cli_npy_describe(const char *path, cli_arg_types *types, size_t index) {
  sk_file file;
  npy_header header;
  sk_status status = sk_file_open(path, 0, &file);
  if (status != NULL) {
    return cli_fail_internal(status);
  }
  int code = read_header(path, &file, &header);
  if (code == CLI_OK) {
    memcpy(types->dims[index], header.dims, header.rank * sizeof *header.dims);
    bool known = read_number(&file, &header, &types->values[index]);
    types->types[index] = (skarn_argument_type){.rank = header.rank,
                                                .dims = types->dims[index],
                                                .value = known ? &types->values[index] : NULL};
  }
  sk_file_close(&file);
  return code;
}

int cli_npy_write(const char *path, skarn_type type, size_t rank, const int64_t *dims,
                  const void *data, size_t bytes) {
  sk_status status =
      sk_npy_write(path, &(sk_npy_array){.type_name = skarn_type_name(type),
                                         .elem_bytes = (uint32_t)skarn_type_bytes(type),
                                         .rank = (uint32_t)rank,
                                         .dims = dims,
                                         .data = data,
                                         .bytes = bytes});
  return status == NULL ? CLI_OK : cli_fail_internal(status);
}
