// SPDX-License-Identifier: Apache-2.0
// Where tests find the sources and the conformance data.
#ifndef SK_TEST_SUPPORT_TEST_PATH_H
#define SK_TEST_SUPPORT_TEST_PATH_H

#include <stdbool.h>
#include <stddef.h>

// `name` below the root of the sources.
void test_source_path(char *out, size_t size, const char *name);
// `name` below stablehlo/ of the conformance data: $SKARN_CONFORMANCE, or ../shared/conformance
// beside the sources. False, with a message that says how to get it: not there.
bool test_suite_path(char *out, size_t size, const char *name);

#endif
