#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_all.sh DIRECTORY: runs the examples built there, in a scratch directory.
set -eu
programs=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
for name in axpy in_place compile_once serve; do
  echo "--- $name"
  "$programs/$name"
done
