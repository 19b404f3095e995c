// SPDX-License-Identifier: Apache-2.0
// Files as byte ranges, over POSIX calls.
//
// Reading: a regular file above MAP_FROM_BYTES is mapped (copying small ones is quicker, and they
// cannot fault later); everything else is read to its end, growing the buffer. Files in /proc claim
// size 0 and are read likewise. A mapped file that another process truncates makes the reader
// fault, as any mapping does: inputs must stay put. Writing: temporary file beside the target, then
// rename. There is no fsync: a crash of the process leaves the old or the new content; after a
// crash of the machine the checksum inside our own formats catches torn files. Targets that are not
// regular files (/dev/null, pipes) are written directly; symbolic links are followed.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { MAP_FROM_BYTES = 256 << 10, FIRST_READ_BYTES = 16 << 10 };

static sk_code code_of_errno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR: return SK_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS: return SK_PERMISSION_DENIED;
    case ENOMEM:
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EFBIG: return SK_RESOURCE_EXHAUSTED;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EINVAL: return SK_INVALID_ARGUMENT;
    default: return SK_UNAVAILABLE;
  }
}

static sk_status os_error(const char *what, const char *path, int error) {
  char reason[128];
#if defined(__GLIBC__)
  const char *text = strerror_r(error, reason, sizeof reason);
#else
  const char *text = strerror_r(error, reason, sizeof reason) == 0 ? reason : "unknown error";
#endif
  return sk_status_new(code_of_errno(error), "cannot %s '%s': %s", what, path, text);
}

static sk_status too_large(const char *path, uint64_t limit_bytes) {
  return sk_status_new(SK_RESOURCE_EXHAUSTED, "file '%s' is larger than the limit of %llu bytes",
                       path, (unsigned long long)limit_bytes);
}

// -1 with errno, or the bytes read (0 at the end).
static ssize_t read_some(int fd, void *buf, size_t bytes) {
  ssize_t got;
  do {
    got = read(fd, buf, SK_MIN(bytes, (size_t)1 << 30));
  } while (got < 0 && errno == EINTR);
  return got;
}

static sk_status read_to_end(int fd, const char *path, size_t expected, uint64_t limit_bytes,
                             sk_file *out_file) {
  size_t cap = expected ? expected + 1 : FIRST_READ_BYTES, len = 0;
  uint8_t *data = sk_mem_alloc(cap);
  while (data) {
    ssize_t got = read_some(fd, data + len, cap - len);
    if (got < 0) {
      sk_status status = os_error("read", path, errno);
      sk_mem_free(data);
      return status;
    }
    if (got == 0) {
      *out_file = (sk_file){data, len, NULL};
      return NULL;
    }
    len += (size_t)got;
    if (limit_bytes != 0 && len > limit_bytes) {
      sk_mem_free(data);
      return too_large(path, limit_bytes);
    }
    if (len == cap) {
      uint8_t *grown = sk_mem_realloc(data, cap * 2);
      if (!grown) {
        break;
      }
      data = grown;
      cap *= 2;
    }
  }
  sk_mem_free(data);
  return sk_status_new(SK_RESOURCE_EXHAUSTED, "out of memory reading '%s'", path);
}

static sk_status read_fd(int fd, const char *path, uint64_t limit_bytes, sk_file *out_file) {
  struct stat info;
  if (fstat(fd, &info) != 0) {
    return os_error("examine", path, errno);
  }
  if (S_ISDIR(info.st_mode)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "cannot read '%s': it is a directory", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return read_to_end(fd, path, 0, limit_bytes, out_file);
  }
  uint64_t size = (uint64_t)info.st_size;
  if (limit_bytes != 0 && size > limit_bytes) {
    return too_large(path, limit_bytes);
  }
  if (size < MAP_FROM_BYTES) {
    return read_to_end(fd, path, (size_t)size, limit_bytes, out_file);
  }
  void *mapping = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (mapping == MAP_FAILED) {
    return os_error("map", path, errno);
  }
  *out_file = (sk_file){mapping, (size_t)size, mapping};
  return NULL;
}

sk_status sk_file_open(const char *path, uint64_t limit_bytes, sk_file *out_file) {
  *out_file = (sk_file){NULL, 0, NULL};
  int fd;
  do {
    fd = open(path, O_RDONLY | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) {
    return os_error("open", path, errno);
  }
  sk_status status = read_fd(fd, path, limit_bytes, out_file);
  close(fd);
  return status;
}

void sk_file_close(sk_file *file) {
  if (file->mapping) {
    munmap(file->mapping, file->len);
  } else {
    union {
      const uint8_t *data;
      void *heap;
    } owned = {file->data};
    sk_mem_free(owned.heap);
  }
  *file = (sk_file){NULL, 0, NULL};
}

// 0, or the errno of the failure.
static int write_all(int fd, const uint8_t *data, size_t len) {
  while (len > 0) {
    ssize_t put = write(fd, data, SK_MIN(len, (size_t)1 << 30));
    if (put < 0) {
      if (errno == EINTR) {
        continue;
      }
      return errno;
    }
    data += put;
    len -= (size_t)put;
  }
  return 0;
}

// Writes and closes; close reports what some file systems find out late.
static int write_and_close(int fd, const void *data, size_t len) {
  int error = write_all(fd, data, len);
  if (close(fd) != 0 && error == 0 && errno != EINTR) {
    error = errno;
  }
  return error;
}

static sk_status write_direct(const char *path, const void *data, size_t len) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return os_error("open", path, errno);
  }
  int error = write_and_close(fd, data, len);
  return error ? os_error("write", path, error) : NULL;
}

// Creates "<path>.<pid>-<n>.tmp"; returns the descriptor or -1 with errno.
static int create_temporary(const char *path, char *temp, size_t temp_bytes) {
  static _Atomic uint32_t serial;
  for (int attempt = 0; attempt < 100; attempt++) {
    unsigned n = (unsigned)atomic_fetch_add(&serial, 1);
    int len = snprintf(temp, temp_bytes, "%s.%ld-%u.tmp", path, (long)getpid(), n);
    if (len < 0 || (size_t)len >= temp_bytes) {
      errno = ENAMETOOLONG;
      return -1;
    }
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || (errno != EEXIST && errno != EINTR)) {
      return fd;
    }
  }
  return -1;
}

static sk_status write_replacing(const char *path, const void *data, size_t len,
                                 const mode_t *mode) {
  char temp[PATH_MAX + 64];
  int fd = create_temporary(path, temp, sizeof temp);
  if (fd < 0) {
    return os_error("create", path, errno);
  }
  if (mode) {
    // An existing file keeps its permissions where the system lets it.
    (void)!fchmod(fd, *mode & 07777);
  }
  int error = write_and_close(fd, data, len);
  if (error == 0 && rename(temp, path) != 0) {
    error = errno;
  }
  if (error != 0) {
    unlink(temp);
    return os_error("write", path, error);
  }
  return NULL;
}

sk_status sk_file_write(const char *path, const void *data, size_t len) {
  struct stat info;
  if (stat(path, &info) != 0) {
    return write_replacing(path, data, len, NULL);
  }
  if (S_ISDIR(info.st_mode)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "cannot write '%s': it is a directory", path);
  }
  if (!S_ISREG(info.st_mode)) {
    return write_direct(path, data, len);
  }
  char resolved[PATH_MAX];
  const char *target = realpath(path, resolved) ? resolved : path;
  return write_replacing(target, data, len, &info.st_mode);
}

bool sk_file_is_dir(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

sk_status sk_file_make_dir(const char *path) {
  int error = mkdir(path, 0777) == 0 ? 0 : errno;
  return error == 0 || sk_file_is_dir(path) ? NULL : os_error("create", path, error);
}
