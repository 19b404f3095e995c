// SPDX-License-Identifier: Apache-2.0
// Public C API: version, status, element types, events, blocks of bytes, and the rules for structs
// that may grow.
//
// A caller compiled against an older header passes shorter structs, one compiled against a newer
// header longer ones. The first is completed with zeros; the second is refused only if it uses a
// field that does not exist here.
#include "api/runtime_int.h"
#include "base/mem.h"

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *skarn_version(void) {
  return TEXT(SKARN_VERSION_MAJOR) "." TEXT(SKARN_VERSION_MINOR) "." TEXT(SKARN_VERSION_PATCH);
}

// ---- structs

bool sk_api_read_struct(const void *from, size_t known_bytes, void *to) {
  size_t bytes;
  memcpy(&bytes, from, sizeof bytes);
  if (bytes < sizeof bytes) {
    return false;
  }
  for (size_t i = known_bytes; i < bytes; i++) {
    if (((const uint8_t *)from)[i] != 0) {
      return false;
    }
  }
  bytes = SK_MIN(bytes, known_bytes);
  memcpy(to, from, bytes);
  memset((char *)to + bytes, 0, known_bytes - bytes);
  return true;
}

void sk_api_write_struct(const void *from, size_t known_bytes, void *to) {
  size_t bytes;
  memcpy(&bytes, to, sizeof bytes);
  if (bytes > sizeof bytes) {
    memcpy((char *)to + sizeof bytes, (const char *)from + sizeof bytes,
           SK_MIN(bytes, known_bytes) - sizeof bytes);
  }
  if (bytes > known_bytes) {
    memset((char *)to + known_bytes, 0, bytes - known_bytes);
  }
}

// ---- status

#define X(name, value, ...) _Static_assert((int)SKARN_##name == (int)SK_##name, "equal codes");
#include "base/status.def"
#undef X

skarn_status *skarn_status_create(skarn_code code, const char *message) {
  if (code == SKARN_OK) {
    return NULL;
  }
  bool known = code > SKARN_OK && code <= SKARN_UNAUTHENTICATED;
  return sk_api_error(known ? (sk_code)code : SK_UNKNOWN, message ? message : "");
}

skarn_code skarn_status_code(const skarn_status *status) {
  return (skarn_code)sk_status_code(sk_api_status(status));
}

const char *skarn_status_message(const skarn_status *status) {
  return sk_status_message(sk_api_status(status));
}

const char *skarn_status_file(const skarn_status *status) {
  return sk_status_pos(sk_api_status(status)).file;
}

uint32_t skarn_status_line(const skarn_status *status) {
  return sk_status_pos(sk_api_status(status)).line;
}

uint32_t skarn_status_column(const skarn_status *status) {
  return sk_status_pos(sk_api_status(status)).col;
}

size_t skarn_status_format(const skarn_status *status, char *buf, size_t buf_bytes) {
  return sk_status_format(sk_api_status(status), buf, buf_bytes);
}

void skarn_status_free(skarn_status *status) { sk_status_free(sk_api_status(status)); }

const char *skarn_code_name(skarn_code code) { return sk_code_name((sk_code)code); }

// ---- element types

#define X(name, value, ...)                                                                        \
  _Static_assert((int)SKARN_TYPE_##name == (int)SK_DTYPE_##name, "equal types");
#include "rt/dtype.def"
#undef X

const char *skarn_type_name(skarn_type type) { return sk_dtype_name((sk_dtype)type); }
size_t skarn_type_bytes(skarn_type type) { return sk_dtype_bytes((sk_dtype)type); }
skarn_type skarn_type_find(const char *name) { return (skarn_type)sk_dtype_find(name); }

// ---- events

skarn_status *skarn_event_create(skarn_event **out_event) {
  sk_event *event;
  sk_status status = sk_event_create(&event);
  *out_event = sk_api_to_event(event);
  return sk_api_to_status(status);
}

skarn_event *skarn_event_ready(void) { return sk_api_to_event(sk_event_ready()); }
void skarn_event_retain(skarn_event *event) { sk_event_retain(sk_api_event(event)); }
void skarn_event_release(skarn_event *event) { sk_event_release(sk_api_event(event)); }

skarn_status *skarn_event_set(skarn_event *event, skarn_status *error) {
  return sk_api_to_status(sk_event_set(sk_api_event(event), sk_api_status(error)));
}

bool skarn_event_is_ready(const skarn_event *event) {
  return sk_event_is_ready(sk_api_event(event));
}

skarn_status *skarn_event_await(skarn_event *event) {
  return sk_api_to_status(sk_event_await(sk_api_event(event)));
}

skarn_status *skarn_event_error(const skarn_event *event) {
  return sk_api_to_status(sk_event_error(sk_api_event(event)));
}

// The two callback types differ in the name of the status only; a call through the wrong one would
// still be undefined, hence a record in between.
typedef struct event_call {
  skarn_event_fn callback;
  void *user;
} event_call;

static void forward_event(void *raw, sk_status error) {
  event_call call = *(event_call *)raw;
  sk_mem_free(raw);
  call.callback(call.user, sk_api_to_status(error));
}

skarn_status *skarn_event_on_ready(skarn_event *event, skarn_event_fn callback, void *user) {
  SK_API_REQUIRE(callback, "no callback");
  if (sk_event_is_ready(sk_api_event(event))) {
    callback(user, skarn_event_error(event));
    return NULL;
  }
  event_call *call = sk_mem_alloc(sizeof *call);
  if (!call) {
    return sk_api_to_status(sk_status_no_memory());
  }
  *call = (event_call){callback, user};
  sk_status status = sk_event_on_ready(sk_api_event(event), forward_event, call);
  if (status) {
    sk_mem_free(call);
  }
  return sk_api_to_status(status);
}

// ---- blocks of bytes

struct skarn_bytes {
  void *data;
  size_t size;
};

skarn_status *sk_api_new_bytes(void *heap, size_t size, skarn_bytes **out_bytes) {
  skarn_bytes *bytes = sk_mem_alloc(sizeof *bytes);
  *out_bytes = bytes;
  if (!bytes) {
    sk_mem_free(heap);
    return sk_api_to_status(sk_status_no_memory());
  }
  *bytes = (skarn_bytes){heap, size};
  return NULL;
}

const void *skarn_bytes_data(const skarn_bytes *bytes) { return bytes->data; }
size_t skarn_bytes_size(const skarn_bytes *bytes) { return bytes->size; }

void skarn_bytes_release(skarn_bytes *bytes) {
  if (bytes) {
    sk_mem_free(bytes->data);
    sk_mem_free(bytes);
  }
}
