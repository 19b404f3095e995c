// SPDX-License-Identifier: Apache-2.0
// What the readers of text and of bytecode share.
#ifndef SK_READ_READ_INT_H
#define SK_READ_READ_INT_H

#include "read/read.h"

// Options with every field set.
sk_read_options sk_read_fill_options(const sk_read_options *options);

// Brings an attribute of an op's schema to the kind the schema asks for, whichever way it was
// spelled: lists of integers given as dense tensors or array<i32>, bool lists, enumerations given
// as integers, layouts. What cannot be converted is passed through: the verifier reports it. `kind`
// may be any op, `name` any name.
sk_status sk_read_conform_attr(sk_module *m, const sk_read_options *limits, sk_opkind kind,
                               sk_sym name, sk_attr in, sk_attr *out) SK_NODISCARD;

// Makes a DENSE attribute of packed little-endian bytes, as hexadecimal text, resources and
// bytecode hold them: one element (a splat), all elements, or bits (i1). Elements below a byte are
// extended, pred becomes 0 or 1, and a constant whose elements are all equal is stored as a splat.
// `borrow` keeps pointing into `bytes` where nothing needs to change, else the data are copied.
// Errors (a wrong length) are located at `at`.
sk_status sk_read_dense_bytes(sk_module *m, sk_type tensor, const void *bytes, uint64_t len,
                              bool borrow, sk_srcpos at, sk_attr *out) SK_NODISCARD;

// A type or attribute written out in text, as some bytecode entries hold it. *out_has_loc: a location is part of it.
sk_status sk_read_text_type(sk_module *m, sk_str text, sk_srcpos at, sk_type *out) SK_NODISCARD;
sk_status sk_read_text_attr(sk_module *m, sk_str text, sk_srcpos at, sk_attr *out,
                            bool *out_has_loc) SK_NODISCARD;

// Is this encoding of a tensor type one of another dialect, which means nothing here and is kept?
// Those of StableHLO itself that are not known are not: they would change what the type means.
bool sk_read_is_foreign_encoding(const sk_module *m, sk_attr attr);

#endif
