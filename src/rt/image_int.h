// SPDX-License-Identifier: Apache-2.0
// The file format of executables (*.skx), version 1. All numbers little-endian.
//
//   +0    magic      89 'S' 'K' 'X' 0d 0a 1a 0a
//   +8    u32 format version       u32 abi version (base/abi.h)
//   +16   u64 bytes of the file    u64 checksum of everything but itself
//   +32   u32 isa                  u32 features
//   +40   u32 flags (1: parallel, 2: calls the host)  u32 name (string)
//   +48   u64 arena bytes          u64 scratch bytes
//   +64   u64 kernels              u64 operations
//   +80   f64 flops                f64 bytes accessed
//   +96   u32 arguments            u32 results
//   +104  sections, in this order: u64 offset, u64 bytes each
//           VALUES   arguments, then results: value records
//           DIMS     i64
//           STEPS    step records
//           CARRIED  u64 arena offsets
//           FNS      function records
//           STRINGS  NUL-terminated; a string is its offset, 0 is ""
//           BLOB     loop IR text
//           CODE     at a multiple of 64
//           CONSTS   at a multiple of 64
//
//   value   u32 name, type text, memory kind, layout, sharding; u32 first dim, rank, type;
//           i32 alias, shares; u32 donor, 0                                          48 bytes
//   step    u32 kind, 0; u64 offset, bytes                                           24 bytes
//   fn      u32 name, offset, size, 0                                                16 bytes
//
// A reader accepts exactly its own format and abi version: code is tied to the library it runs in.
#ifndef SK_RT_IMAGE_INT_H
#define SK_RT_IMAGE_INT_H

#include "rt/rt.h"

#define SK_IMAGE_MAGIC "\x89SKX\r\n\x1a\n"

enum {
  SK_IMAGE_FORMAT = 1,
  SK_IMAGE_ABI = 4,
  SK_IMAGE_FLAG_PARALLEL = 1,
  SK_IMAGE_FLAG_HOST_CALLS = 2,
  SK_IMAGE_VALUE_BYTES = 48,
  SK_IMAGE_STEP_BYTES = 24,
  SK_IMAGE_FN_BYTES = 16,
};

enum {  // byte offsets in the header
  SK_IMAGE_AT_FORMAT = 8,
  SK_IMAGE_AT_ABI = 12,
  SK_IMAGE_AT_BYTES = 16,
  SK_IMAGE_AT_CHECKSUM = 24,
  SK_IMAGE_AT_ISA = 32,
  SK_IMAGE_AT_FEATURES = 36,
  SK_IMAGE_AT_FLAGS = 40,
  SK_IMAGE_AT_NAME = 44,
  SK_IMAGE_AT_ARENA = 48,
  SK_IMAGE_AT_SCRATCH = 56,
  SK_IMAGE_AT_KERNELS = 64,
  SK_IMAGE_AT_OPS = 72,
  SK_IMAGE_AT_FLOPS = 80,
  SK_IMAGE_AT_ACCESSED = 88,
  SK_IMAGE_AT_ARGS = 96,
  SK_IMAGE_AT_RESULTS = 100,
  SK_IMAGE_AT_SECTIONS = 104,
};

typedef enum sk_image_section {
  SK_IMAGE_VALUES,
  SK_IMAGE_DIMS,
  SK_IMAGE_STEPS,
  SK_IMAGE_CARRIED,
  SK_IMAGE_FNS,
  SK_IMAGE_STRINGS,
  SK_IMAGE_BLOB,
  SK_IMAGE_CODE,
  SK_IMAGE_CONSTS,
  SK_IMAGE_SECTION_COUNT
} sk_image_section;

enum { SK_IMAGE_HEADER_BYTES = SK_IMAGE_AT_SECTIONS + 16 * SK_IMAGE_SECTION_COUNT };

uint64_t sk_image_checksum(const uint8_t *bytes, size_t len);

#endif
