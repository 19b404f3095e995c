#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what a make target needs and is quick when nothing is missing.
#
#   install_deps.sh build     C compiler, make, CMake, binutils
#   install_deps.sh test      build + what C and text tests need (Debian packages, build/venv)
#   install_deps.sh fuzz      build + clang and its run-time libraries
#   install_deps.sh all       test + fuzz + JAX in build/venv (pytest suites, bench)
#
# As root on Debian or a relative it installs Debian packages; elsewhere it says what is missing
# and fails only where the target cannot go on without it. Python packages go to build/venv, at the
# versions pinned in scripts/requirements-*.txt, and nowhere else.
set -eu
cd "$(dirname "$0")/.."
level=${1:-all}
case $level in build|test|fuzz|all) ;; *) echo "usage: $0 build|test|fuzz|all" >&2; exit 2 ;; esac

say() { printf '%s\n' "install_deps: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- system packages: "is it there" by what the build will look for, not by package name ---
required=
optional=
need() { required="$required $1"; }
want() { optional="$optional $1"; }

have cc || have gcc || have clang || need gcc
have make || need make
have cmake || need cmake
have objcopy || need binutils
have ninja || [ "$level" = build ] || want ninja-build
printf '#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n' |
  cc -x c -fsyntax-only - 2>/dev/null || need libc6-dev

if [ "$level" != build ]; then
  have gcc || need gcc
  have clang || need clang
  runtime=$(clang -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null || true)
  [ -e "$runtime" ] || [ -e "$(clang -print-resource-dir 2>/dev/null)/lib/linux/libclang_rt.fuzzer-x86_64.a" ] ||
    need "$(clang --version 2>/dev/null | sed -n 's/.*version \([0-9]*\).*/libclang-rt-\1-dev/p' | grep . || echo libclang-rt-14-dev)"
fi
if [ "$level" = test ] || [ "$level" = all ]; then
  header() { printf '#include <%s>\n' "$1" | cc -x c -fsyntax-only -include stdarg.h \
    -include stddef.h -include stdint.h -include setjmp.h - 2>/dev/null; }
  header cmocka.h || need libcmocka-dev
  header mpfr.h || want libmpfr-dev
  header Zydis/Zydis.h || want libzydis-dev
  have g++ || have clang++ || want g++
  have pkg-config || want pkg-config
  have python3 || need python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
fi

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}
if [ -n "$required$optional" ]; then
  if have apt-get && [ "$(id -u)" = 0 ]; then
    say "installing:$required$optional"
    # shellcheck disable=SC2086  # lists of words
    install_packages $required $optional || {
      apt-get update -qq >/dev/null 2>&1 || say "apt-get update failed"
      install_packages $required $optional || {
        say "apt-get could not install all of:$required$optional; one at a time"
        for package in $required $optional; do
          install_packages "$package" || say "not installed: $package"
        done
      }
    }
    required=$(for p in $required; do dpkg -s "$p" >/dev/null 2>&1 || printf ' %s' "$p"; done)
  else
    [ -z "$optional" ] || say "some tests will be skipped without:$optional"
  fi
  if [ -n "$required" ]; then
    say "missing, install these (Debian names):$required"
    exit 1
  fi
fi

# --- Python environment ---
python_packages() {
  wanted=scripts/requirements-$1.txt
  stamp=build/venv/.installed-$1
  cmp -s "$wanted" "$stamp" && return 0
  say "installing the packages of $wanted into build/venv"
  build/venv/bin/python -m pip install -q --disable-pip-version-check -r "$wanted" >&2
  cp "$wanted" "$stamp"
}
if [ "$level" = test ] || [ "$level" = all ]; then
  mkdir -p build
  (
    if have flock; then flock 9; fi
    build/venv/bin/python -c 'import pip' 2>/dev/null || python3 -m venv build/venv
    python_packages test
    if [ "$level" = all ]; then
      python_packages jax || say "JAX is not available here: suites that compare with it are skipped"
      python_packages suite || say "JAX's own suite is skipped: its packages are not available here"
    fi
  ) 9>build/.venv-lock
fi
