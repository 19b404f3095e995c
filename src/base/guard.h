// SPDX-License-Identifier: Apache-2.0
// Memory flush against inaccessible pages, for tests of code that no sanitizer sees.
//
//   | no access | fill .. fill | data | fill < align | no access |        SK_GUARD_END
//   | no access | data | fill .................. fill | no access |        SK_GUARD_START
//
// A touch beyond the guarded side faults; a write on the other side, up to the page's end, changes
// the fill. The fill is 0xff bytes, which are NaN in every float type; so are the data at first.
#ifndef SK_BASE_GUARD_H
#define SK_BASE_GUARD_H

#include "base/status.h"

typedef enum sk_guard { SK_GUARD_NONE, SK_GUARD_END, SK_GUARD_START } sk_guard;

enum { SK_GUARD_PAGE = 4096 };

typedef struct sk_guarded {
  char *map;  // NULL: nothing
  size_t map_bytes;
  char *data;
  size_t bytes;  // of the data
} sk_guarded;

// `align` is a power of two, at most a page. RESOURCE_EXHAUSTED when the system has no memory.
sk_status sk_guarded_init(size_t bytes, sk_guard side, size_t align, sk_guarded *out) SK_NODISCARD;
void sk_guarded_fini(sk_guarded *memory);
// Nothing was written around the data.
bool sk_guarded_is_intact(const sk_guarded *memory);

#endif
