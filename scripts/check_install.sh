#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_install.sh BUILD: installs a build under a scratch prefix, moves the tree, and builds every
# program of examples/c against it three ways: pkg-config and the shared library, pkg-config
# --static with libskarn.a, and find_package. Programs that run without arguments are run.
set -eu
cd "$(dirname "$0")/.."
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$build" --prefix "$scratch/first" >/dev/null
mv "$scratch/first" "$scratch/prefix"
prefix=$scratch/prefix
libdir=$(dirname "$(find "$prefix" -name libskarn.so)")
for file in bin/skarn include/skarn/skarn.h; do
  [ -e "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done
"$prefix/bin/skarn" version

ls examples/c/*.c >/dev/null 2>&1 || { echo "examples/c has no programs"; exit 1; }
if command -v pkg-config >/dev/null 2>&1; then
  PKG_CONFIG_PATH=$libdir/pkgconfig
  export PKG_CONFIG_PATH
  for source in examples/c/*.c; do
    name=$(basename "$source" .c)
    # shellcheck disable=SC2046  # flags are lists of words
    cc -std=c99 -Wall -Wextra -Werror "$source" $(pkg-config --cflags --libs skarn) -o "$scratch/$name-so"
    # shellcheck disable=SC2046
    cc -std=c99 "$source" $(pkg-config --cflags skarn) "$libdir/libskarn.a" -pthread -lm -o "$scratch/$name-a"
    echo "pkg-config: $name built"
  done
else
  echo "pkg-config is not installed: that way is not checked"
fi
cmake -S examples/c -B "$scratch/cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$scratch/cmake" >/dev/null
echo "find_package: built"
if [ -x examples/c/run_all.sh ]; then
  LD_LIBRARY_PATH=$libdir examples/c/run_all.sh "$scratch/cmake"
fi
