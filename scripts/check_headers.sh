#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The public headers stand alone, each by itself, in strict C99, C11 and C++11, without a warning.
set -u
cd "$(dirname "$0")/.." || exit 1
failures=0
count=0
check() {  # check COMPILER LANGUAGE STANDARD HEADER
  command -v "$1" >/dev/null 2>&1 || return 0
  count=$((count + 1))
  printf '#include <skarn/%s>\n#include <skarn/%s>\nint main(void) { return 0; }\n' "$4" "$4" |
    "$1" -x "$2" "-std=$3" -Wall -Wextra -Wpedantic -Wundef -Wshadow -Werror -Iinclude -fsyntax-only - ||
    { echo "skarn/$4 fails as $3 with $1"; failures=$((failures + 1)); }
}
for path in include/skarn/*.h; do
  [ -e "$path" ] || { echo "there are no public headers"; exit 77; }
  for compiler in gcc clang; do
    check $compiler c c99 "${path##*/}"
    check $compiler c c11 "${path##*/}"
  done
  for compiler in g++ clang++; do
    check $compiler c++ c++11 "${path##*/}"
  done
done
echo "$count compilations, $failures failures"
[ $failures = 0 ] && [ $count -gt 0 ]
