// SPDX-License-Identifier: Apache-2.0
// Bytes to modules: MLIR text of StableHLO, MLIR bytecode (StableHLO and VHLO portable artifacts),
// and the artifacts of jax.export around such. Modules to bytecode; text of them is printed by the ir room.
//
// The bytes are untrusted: whatever they hold, a reader answers with a module or with a located
// error, in time and memory proportional to their length and within the limits below. A module that
// comes out is well-formed as data (every operand is defined before it is used, ids are in range,
// attributes of an op's schema have been brought to the schema's kind where they could be); whether
// it means anything is the verifier's question. The module may borrow large constants from the
// bytes: they must outlive it. Thread rule: no shared state; any number of threads may read at
// once.
#ifndef SK_READ_READ_H
#define SK_READ_READ_H

#include "ir/ir.h"

// 0 in a field means its default.
typedef struct sk_read_options {
#define X(field, otherwise, what) uint64_t field;
#include "read/limits.def"
#undef X
} sk_read_options;

// The defaults with names and explanations, for `skarn version --limits`.
typedef struct sk_read_limit {
  const char *name, *what;
  uint64_t otherwise;
} sk_read_limit;
const sk_read_limit *sk_read_limits(uint32_t *out_count);

// `input_name` is the file name in diagnostics (copied). `options` may be NULL. On error
// *out_module is NULL. Errors: INVALID_ARGUMENT for what the syntax does not allow, UNIMPLEMENTED
// for valid MLIR beyond this project (other dialects, regions of several blocks),
// RESOURCE_EXHAUSTED for limits and memory.
sk_status sk_read_text(const char *input_name, const void *bytes, size_t len,
                       const sk_read_options *options, sk_module **out_module) SK_NODISCARD;
sk_status sk_read_bytecode(const char *input_name, const void *bytes, size_t len,
                           const sk_read_options *options, sk_module **out_module) SK_NODISCARD;
// An artifact of jax.export, as Exported.serialize gives it: the portable artifact in it, whose @main
// must have the arguments and results that the rest of it says.
sk_status sk_read_exported(const char *input_name, const void *bytes, size_t len,
                           const sk_read_options *options, sk_module **out_module) SK_NODISCARD;
// Bytecode if the bytes begin with its magic number 4D 4C EF 52; an artifact of jax.export if they
// can be a FlatBuffer; else text.
sk_status sk_read_module(const char *input_name, const void *bytes, size_t len,
                         const sk_read_options *options, sk_module **out_module) SK_NODISCARD;
bool sk_read_is_bytecode(const void *bytes, size_t len);
bool sk_read_is_exported(const void *bytes, size_t len);

// ---- and back

typedef struct sk_write_options {
  bool portable;          // VHLO for StableHLO `major`.`minor`; else StableHLO's own bytecode
  uint32_t major, minor;  // 0.9 to 1.20
} sk_write_options;

// MLIR bytecode of a module that the verifier accepts, appended to *out (which may then hold NULs).
// Reading it gives an equal module; what a portable artifact leaves out or respells is the same to
// sk_module_equal, except that lists among discardable attributes come back as tensors. Errors:
// UNIMPLEMENTED, located, for what the target version cannot express; INVALID_ARGUMENT for a version
// that does not exist; RESOURCE_EXHAUSTED.
sk_status sk_write_bytecode(const sk_module *m, const sk_write_options *options,
                            sk_text *out) SK_NODISCARD;

#endif
