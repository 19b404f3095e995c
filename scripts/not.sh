#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# not.sh [--code N] COMMAND...: succeeds when COMMAND exits with status N (default: 1 to 125).
# A command killed by a signal never counts as an expected failure.
code=
if [ "$1" = --code ]; then
  code=$2
  shift 2
fi
"$@"
status=$?
if [ -n "$code" ]; then
  [ $status = "$code" ] && exit 0
  echo "not.sh: expected exit status $code, got $status" >&2
  exit 1
fi
[ $status -ge 1 ] && [ $status -le 125 ]
