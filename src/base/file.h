// SPDX-License-Identifier: Apache-2.0
// Whole files as memory, and atomic writing. Errors name the path and the operating system's
// reason.
#ifndef SK_BASE_FILE_H
#define SK_BASE_FILE_H

#include "base/status.h"

// Read-only bytes of a file. Regular files are mapped; pipes and special files are read. An empty
// file has len 0 and data non-NULL.
typedef struct sk_file {
  const uint8_t *data;
  size_t len;
  void *mapping;  // owned; NULL when `data` is heap memory
} sk_file;

// Opens, maps or reads; limit_bytes 0 = no limit. On failure *out_file is closed and empty.
sk_status sk_file_open(const char *path, uint64_t limit_bytes, sk_file *out_file);
void sk_file_close(sk_file *file);
// Writes through a temporary file in the same directory and renames it: the path holds the old or
// the new content, never a part.
sk_status sk_file_write(const char *path, const void *data, size_t len);
bool sk_file_is_dir(const char *path);
sk_status sk_file_make_dir(const char *path);  // not its parents; one that is there is fine

#endif
