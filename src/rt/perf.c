// SPDX-License-Identifier: Apache-2.0
// Names of generated functions for `perf`: lines "address size name" in /tmp/perf-PID.map.
//
// Only on request (option perf-map): the library otherwise writes no file. The file is opened
// without following links, since /tmp is everybody's; failing to write it is a log message.
#include <fcntl.h>
#include <unistd.h>

#include <stdio.h>

#include "base/str.h"
#include "rt/rt_int.h"

void sk_perf_map_add(const sk_image *image, const uint8_t *exec, const sk_log *log) {
  char path[64];
  snprintf(path, sizeof path, "/tmp/perf-%ld.map", (long)getpid());
  sk_text lines;
  sk_text_init(&lines);
  for (uint32_t i = 0; i < image->fn_count; i++) {
    const sk_image_fn *fn = &image->fns[i];
    sk_text_addf(&lines, "%llx %x skarn:%s:%s\n",
                 (unsigned long long)(uintptr_t)(exec + fn->offset), fn->size, image->name,
                 fn->name);
  }
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  bool ok = fd >= 0 && !lines.failed;
  if (ok && lines.len) {
    // One call, so that lines of several threads do not mix.
    ok = write(fd, lines.data, lines.len) == (ssize_t)lines.len;
  }
  if (fd >= 0) {
    close(fd);
  }
  if (!ok) {
    sk_log_write(log, SK_LOG_WARNING, "cannot write %s", path);
  }
  sk_text_fini(&lines);
}
