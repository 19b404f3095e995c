// SPDX-License-Identifier: Apache-2.0
// See test_path.h.
#include "support/test_path.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

void test_source_path(char *out, size_t size, const char *name) {
  const char *root = getenv("SK_TEST_SOURCE_DIR");
  snprintf(out, size, "%s/%s", root ? root : ".", name);
}

bool test_suite_path(char *out, size_t size, const char *name) {
  const char *root = getenv("SKARN_CONFORMANCE");
  char other[1000];
  test_source_path(other, sizeof other, "../shared/conformance");
  snprintf(out, size, "%s/stablehlo/%s", root ? root : other, name);
  if (sk_file_is_dir(out)) {
    return true;
  }
  printf("%s is not there: set SKARN_CONFORMANCE to a directory that holds stablehlo/testdata and "
         "stablehlo/tests of github.com/openxla/stablehlo\n",
         out);
  return false;
}
