// SPDX-License-Identifier: Apache-2.0
// Shardings of arguments and results, as a client wants to read them.
#ifndef SK_PJRT_PJRT_SHARDING_H
#define SK_PJRT_PJRT_SHARDING_H

#include "pjrt/pjrt_int.h"

// xla.OpSharding on the wire, from a value's sharding text ("" and {replicated}: nothing, which is
// the message of a replicated value). *out_bytes is owned (sk_mem_free), NULL when there is nothing.
sk_pjrt_error *sk_pjrt_sharding_encode(const char *text, char **out_bytes, size_t *out_size);

#endif
