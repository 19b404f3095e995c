#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds dist/skarn-VERSION-py3-none-PLATFORM.whl from build/libskarn_pjrt.so and python/.
#
#   build_wheel.sh [DIRECTORY]    instead of dist
#
# PLATFORM is the oldest manylinux that auditwheel grants the library. The tools are those of
# requirements-wheel.txt in an environment of their own, build/wheel/venv; nothing else is touched.
set -eu
cd "$(dirname "$0")/.."
dist=${1:-dist}
stage=build/wheel/source
venv=build/wheel/venv
library=build/libskarn_pjrt.so
limit=3000000

[ -e "$library" ] || { echo "build_wheel: $library is not built: run make" >&2; exit 1; }
python3 -c 'import ensurepip, venv' 2>/dev/null ||
  { echo "build_wheel: python3 with venv is missing (Debian: python3-venv)" >&2; exit 1; }
mkdir -p build/wheel "$dist"
if ! cmp -s scripts/requirements-wheel.txt "$venv/.installed"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/python" -m pip install -q --disable-pip-version-check -r scripts/requirements-wheel.txt >&2
  cp scripts/requirements-wheel.txt "$venv/.installed"
fi

rm -rf "$stage" build/wheel/out
mkdir -p "$stage"
cp -R python/. "$stage"
find "$stage" -name __pycache__ -exec rm -rf {} +
cp LICENSE "$stage"
cp docs/jax.md "$stage/README.md"
version=$(sed -n 's/^#define SKARN_VERSION_\(MAJOR\|MINOR\|PATCH\) *\([0-9]*\).*/\2/p' \
  include/skarn/runtime.h | paste -sd.)
printf '# SPDX-License-Identifier: Apache-2.0\n__version__ = "%s"\n' "$version" > "$stage/skarn/_version.py"
strip --strip-unneeded -o "$stage/skarn/libskarn_pjrt.so" "$library"

log=build/wheel/build.log
{
  "$venv/bin/python" -m pip wheel --disable-pip-version-check --no-deps --no-build-isolation \
    -w build/wheel/out "$stage" &&
  PATH=$PWD/$venv/bin:$PATH "$venv/bin/auditwheel" repair -w build/wheel/out/repaired build/wheel/out/*.whl
} > "$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
wheel=$(ls build/wheel/out/repaired/*.whl)
size=$(stat -c %s "$wheel")
[ "$size" -le "$limit" ] || { echo "build_wheel: $size bytes, more than $limit" >&2; exit 1; }
rm -f "$dist"/skarn-*.whl
mv "$wheel" "$dist"
echo "$dist/$(basename "$wheel"): $size bytes"
