#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every exhaustive program in build/sweep; they print their tables. Exit status 1 if one fails.
set -u
cd "$(dirname "$0")/.." || exit 1
status=0
count=0
for program in build/sweep/*; do
  [ -x "$program" ] || continue
  count=$((count + 1))
  echo "--- ${program##*/}"
  "$program" || status=1
done
[ $count -gt 0 ] || { echo "sweep: tests/sweep has no programs, or MPFR is not installed" >&2; exit 1; }
exit $status
