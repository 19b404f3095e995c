// SPDX-License-Identifier: Apache-2.0
// From XLA's text to xla.OpSharding:
//
//   {devices=[2,1,2]0,1,2,3 last_tile_dim_replicate}     1 type = OTHER
//                                                        3 tile_assignment_dimensions = 2, 1, 2
//                                                        4 tile_assignment_devices = 0, 1, 2, 3
//                                                        6 replicate_on_last_tile_dim
//   {devices=[1,2]0,1 last_tile_dims={unreduced}}        8 last_tile_dims = UNREDUCED
#include "pjrt/pjrt_sharding.h"

#include <stdlib.h>
#include <string.h>

#include "pjrt/pjrt_proto.h"

enum { TYPE_REPLICATED = 0, TYPE_OTHER = 3, TYPE_UNREDUCED = 6 };
enum {
  FIELD_TYPE = 1,
  FIELD_DIMENSIONS = 3,
  FIELD_DEVICES = 4,
  FIELD_COPIES = 6,
  FIELD_LAST_DIMENSIONS = 8
};

typedef struct writer {
  uint8_t *bytes;  // NULL: only counts
  size_t size, at;
} writer;

static void put(writer *w, uint64_t value) {
  bool writes = w->bytes && w->at < w->size;
  w->at += sk_pjrt_proto_put_varint(writes ? w->bytes + w->at : NULL, writes ? w->size - w->at : 0,
                                    value);
}

// "1,2,3" as a packed field; *text is moved behind it. False: no such list.
static bool put_list(writer *w, uint64_t field, const char **text) {
  writer inside = {NULL, 0, 0};
  const char *begin = *text;
  for (int pass = 0; pass < 2; pass++) {
    const char *at = begin;
    for (bool more = true; more; at += more) {
      char *end;
      long long value = strtoll(at, &end, 10);
      if (end == at || value < 0) {
        return false;
      }
      put(pass ? w : &inside, (uint64_t)value);
      at = end;
      more = *at == ',';
    }
    if (pass == 0) {
      put(w, field << 3 | 2);
      put(w, inside.at);
    }
    *text = at;
  }
  return true;
}

static void put_last(writer *w, uint64_t type) {
  put(w, FIELD_LAST_DIMENSIONS << 3);
  put(w, type);
}

static bool encode(writer *w, const char *text) {
  static const char head[] = "{devices=[", copies[] = " last_tile_dim_replicate";
  if (strncmp(text, head, sizeof head - 1) != 0) {
    return false;
  }
  text += sizeof head - 1;
  put(w, FIELD_TYPE << 3);
  put(w, TYPE_OTHER);
  if (!put_list(w, FIELD_DIMENSIONS, &text) || *text++ != ']' ||
      !put_list(w, FIELD_DEVICES, &text)) {
    return false;
  }
  if (strncmp(text, copies, sizeof copies - 1) == 0) {
    text += sizeof copies - 1;
    put(w, FIELD_COPIES << 3);
    put(w, 1);
  } else if (strcmp(text, " last_tile_dims={replicated, unreduced}}") == 0) {
    put_last(w, TYPE_REPLICATED);
    put_last(w, TYPE_UNREDUCED);
    return true;
  } else if (strcmp(text, " last_tile_dims={unreduced}}") == 0) {
    put_last(w, TYPE_UNREDUCED);
    return true;
  }
  return strcmp(text, "}") == 0;
}

sk_pjrt_error *sk_pjrt_sharding_encode(const char *text, char **out_bytes, size_t *out_size) {
  writer w = {NULL, 0, 0};
  *out_bytes = NULL;
  *out_size = 0;
  if (!text[0] || strcmp(text, "{replicated}") == 0) {
    return NULL;
  }
  if (!encode(&w, text)) {
    return sk_pjrt_error_new(SKARN_INTERNAL, "the sharding '%.200s' is not one of devices", text);
  }
  w = (writer){sk_mem_alloc(w.at), w.at, 0};
  if (!w.bytes) {
    return sk_pjrt_no_memory();
  }
  (void)encode(&w, text);
  *out_bytes = (char *)w.bytes;
  *out_size = w.size;
  return NULL;
}
