// SPDX-License-Identifier: Apache-2.0
// Executable memory that is never writable and executable at once.
//
//   DUAL   one memfd mapped twice:  writable view  [ code A | code B | free ............. ]
//                                   executable view[ code A | code B | free ............. ]
//          Code is written through the one and run through the other. Regions of 2 MiB or more are
//          cut up by a first-fit list of free ranges, kept in address order inside the free ranges
//          themselves. What is unloaded becomes int3.
//   FLIP   where memfd is refused: pages of its own for each executable, written, then made
//          executable.
//   NONE   where that is refused too: there is no native code.
//
// The first region is made with the client and its beginning brought into memory, so that a first
// small program pays for no page fault; further pages come in as code is loaded, those of one
// program together. Cuts are multiples of 64 bytes: code keeps its alignment.
//
// A memfd is shared memory, also with the child of a fork, where parent and child would write over
// each other's code. In the child each executable view is replaced by a private copy at the same
// address, and the region takes no more code.
#include <sys/mman.h>
#include <unistd.h>

#include <string.h>

#include "rt/rt_int.h"

enum { CUT_BYTES = 64, INT3 = 0xcc };
static const uint64_t region_bytes = SK_HUGE_PAGE;
static const uint64_t first_ready_bytes = 32 << 10;

struct sk_code_region {
  sk_code_region *next;
  uint8_t *write;  // NULL: takes no more code
  uint8_t *exec;
  uint64_t bytes;
  uint64_t ready;       // what has been brought into memory from the beginning
  uint64_t first_free;  // offset of the first free range; NO_RANGE = full
};

typedef struct free_range {  // at the start of a free range, in the writable view
  uint64_t bytes;
  uint64_t next;  // offset of the next free range by address
} free_range;

static const uint64_t no_range = UINT64_MAX;

static free_range *range_at(sk_code_region *region, uint64_t offset) {
  return (free_range *)(void *)(region->write + offset);
}

// ---- regions

static sk_status no_mapping(const char *what) {
  return sk_status_new(SK_UNIMPLEMENTED, "the system refuses executable memory (%s)", what);
}

static void *map(uint64_t bytes, int protection, int flags, int fd) {
  void *at = mmap(NULL, bytes, protection, flags, fd, 0);
  return at == MAP_FAILED ? NULL : at;
}

static sk_status map_twice(sk_code_region *region) {
  int fd = memfd_create("skarn-code", MFD_CLOEXEC);
  if (fd < 0) {
    return no_mapping("memfd_create");
  }
  if (ftruncate(fd, (off_t)region->bytes) == 0) {
    region->write = map(region->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    region->exec = map(region->bytes, PROT_READ | PROT_EXEC, MAP_SHARED, fd);
  }
  close(fd);
  if (region->write && region->exec) {
    return NULL;
  }
  if (region->write) {
    munmap(region->write, region->bytes);
  }
  if (region->exec) {
    munmap(region->exec, region->bytes);
  }
  return no_mapping("mmap of a memfd");
}

// Brings both views up to `end` into memory; that it may fail changes nothing but speed.
static void make_ready(sk_code_region *region, uint64_t end) {
  if (end <= region->ready) {
    return;
  }
  uint64_t begin = region->ready, bytes = sk_align_up(end, 4096) - begin;
  region->ready = begin + bytes;
#if defined(MADV_POPULATE_READ) && defined(MADV_POPULATE_WRITE)
  if (madvise(region->write + begin, bytes, MADV_POPULATE_WRITE) == 0) {
    madvise(region->exec + begin, bytes, MADV_POPULATE_READ);
  }
#endif
}

static sk_status add_region(sk_codemem *cm, uint64_t bytes) {
  sk_code_region *region = sk_mem_zalloc(sizeof *region);
  if (!region) {
    return sk_status_no_memory();
  }
  region->bytes = sk_align_up(bytes, region_bytes);
  sk_status status = map_twice(region);
  if (status) {
    sk_mem_free(region);
    return status;
  }
  make_ready(region, first_ready_bytes);
  *range_at(region, 0) = (free_range){region->bytes, no_range};
  region->next = cm->regions;
  cm->regions = region;
  return NULL;
}

// ---- cutting and joining (under the lock)

static uint8_t *cut(sk_code_region *region, uint64_t bytes, uint64_t *out_offset) {
  uint64_t *link = &region->first_free;
  while (region->write && *link != no_range) {
    uint64_t at = *link;
    free_range *range = range_at(region, at);
    if (range->bytes >= bytes) {
      uint64_t rest = range->bytes - bytes;
      if (rest == 0) {
        *link = range->next;
      } else {
        *range_at(region, at + bytes) = (free_range){rest, range->next};
        *link = at + bytes;
      }
      *out_offset = at;
      return region->write + at;
    }
    link = &range->next;
  }
  return NULL;
}

static void join(sk_code_region *region, uint64_t offset, uint64_t bytes) {
  uint64_t before = no_range, after = region->first_free;
  while (after != no_range && after < offset) {
    before = after;
    after = range_at(region, after)->next;
  }
  if (after != no_range && offset + bytes == after) {
    bytes += range_at(region, after)->bytes;
    after = range_at(region, after)->next;
  }
  if (before != no_range && before + range_at(region, before)->bytes == offset) {
    *range_at(region, before) = (free_range){range_at(region, before)->bytes + bytes, after};
    return;
  }
  *range_at(region, offset) = (free_range){bytes, after};
  *(before == no_range ? &region->first_free : &range_at(region, before)->next) = offset;
}

static sk_status load_dual(sk_codemem *cm, const void *code, uint64_t bytes,
                           sk_code_span *out_span) {
  sk_code_region *region = cm->regions;
  uint64_t offset = 0, cut_bytes = sk_align_up(bytes, CUT_BYTES);
  uint8_t *write = NULL;
  while (region && !(write = cut(region, cut_bytes, &offset))) {
    region = region->next;
  }
  if (!write) {
    SK_TRY(add_region(cm, cut_bytes));
    region = cm->regions;
    write = cut(region, cut_bytes, &offset);
  }
  make_ready(region, offset + cut_bytes);
  memcpy(write, code, bytes);
  memset(write + bytes, INT3, cut_bytes - bytes);
  *out_span = (sk_code_span){region->exec + offset, cut_bytes, region};
  return NULL;
}

static sk_status load_flip(const void *code, uint64_t bytes, sk_code_span *out_span) {
  uint64_t map_bytes = sk_align_up(bytes, 4096);
  uint8_t *at = map(map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (!at) {
    return sk_status_no_memory();
  }
  memcpy(at, code, bytes);
  memset(at + bytes, INT3, map_bytes - bytes);
  if (mprotect(at, map_bytes, PROT_READ | PROT_EXEC) != 0) {
    munmap(at, map_bytes);
    return no_mapping("mprotect");
  }
  *out_span = (sk_code_span){at, map_bytes, NULL};
  return NULL;
}

// ---- entry points

static bool flip_works(void) {
  static const uint8_t nothing[CUT_BYTES];
  sk_code_span span;
  sk_status status = load_flip(nothing, sizeof nothing, &span);
  if (status) {
    sk_status_free(status);
    return false;
  }
  munmap((void *)(uintptr_t)span.exec, span.bytes);
  return true;
}

sk_status sk_codemem_init(sk_codemem *cm, sk_codemem_mode mode) {
  memset(cm, 0, sizeof *cm);
  SK_TRY(sk_mutex_init(&cm->lock));
  cm->mode = mode;
  if (mode == SK_CODEMEM_AUTO || mode == SK_CODEMEM_DUAL) {
    sk_status status = add_region(cm, region_bytes);
    if (!status || mode == SK_CODEMEM_DUAL || sk_status_code(status) != SK_UNIMPLEMENTED) {
      cm->mode = SK_CODEMEM_DUAL;
      if (status) {
        sk_mutex_fini(&cm->lock);
      }
      return status;
    }
    sk_status_free(status);
    cm->mode = flip_works() ? SK_CODEMEM_FLIP : SK_CODEMEM_NONE;
  }
  return NULL;
}

void sk_codemem_fini(sk_codemem *cm) {
  while (cm->regions) {
    sk_code_region *region = cm->regions;
    cm->regions = region->next;
    if (region->write) {
      munmap(region->write, region->bytes);
    }
    munmap(region->exec, region->bytes);
    sk_mem_free(region);
  }
  sk_mutex_fini(&cm->lock);
}

sk_status sk_codemem_load(sk_codemem *cm, const void *code, uint64_t bytes, bool anonymous,
                          sk_code_span *out_span) {
  *out_span = (sk_code_span){NULL, 0, NULL};
  if (cm->mode == SK_CODEMEM_NONE) {
    return no_mapping("mmap and mprotect");
  }
  sk_mutex_lock(&cm->lock);
  sk_status status = cm->mode == SK_CODEMEM_FLIP || anonymous
                         ? load_flip(code, bytes, out_span)
                         : load_dual(cm, code, bytes, out_span);
  cm->in_use += out_span->bytes;
  sk_mutex_unlock(&cm->lock);
  return status;
}

void sk_codemem_unload(sk_codemem *cm, sk_code_span *span) {
  if (!span->exec) {
    return;
  }
  sk_mutex_lock(&cm->lock);
  sk_code_region *region = span->region;
  if (!region) {
    munmap((void *)(uintptr_t)span->exec, span->bytes);
  } else if (region->write) {
    uint64_t offset = (uint64_t)(span->exec - region->exec);
    memset(region->write + offset, INT3, span->bytes);
    join(region, offset, span->bytes);
  }
  cm->in_use -= span->bytes;
  sk_mutex_unlock(&cm->lock);
  *span = (sk_code_span){NULL, 0, NULL};
}

// Puts a private copy of the executable view in its place. Where that fails the view stays shared,
// which is right as long as the parent leaves that code loaded.
static void make_private(sk_code_region *region) {
  uint8_t *copy = map(region->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (!copy) {
    return;
  }
  memcpy(copy, region->exec, region->bytes);
  if (mprotect(copy, region->bytes, PROT_READ | PROT_EXEC) != 0 ||
      mremap(copy, region->bytes, region->bytes, MREMAP_MAYMOVE | MREMAP_FIXED, region->exec) ==
          MAP_FAILED) {
    munmap(copy, region->bytes);
  }
}

void sk_codemem_after_fork(sk_codemem *cm) {
  for (sk_code_region *region = cm->regions; region; region = region->next) {
    if (region->write) {
      make_private(region);
      munmap(region->write, region->bytes);
      region->write = NULL;
    }
  }
}
