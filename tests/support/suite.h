// SPDX-License-Identifier: Apache-2.0
// The segments of StableHLO's own test files: parts of a text between lines that start with "// -----".
#ifndef SK_TEST_SUPPORT_SUITE_H
#define SK_TEST_SUPPORT_SUITE_H

#include <stddef.h>

// One segment of file `name`. Operations by which a test asks about others,
//   "hlo_test_infer.get_return_types"(%0) : ...
// are custom calls of that name here, so that the rest of the segment can be read.
typedef void (*suite_visit)(void *context, const char *name, const char *text, size_t len);

void suite_visit_file(const char *path, const char *name, suite_visit visit, void *context);

#endif
