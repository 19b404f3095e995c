#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# in_venv.sh VENV TOOL ARG...: runs a tool of the tests' Python environment, its directory first
# in PATH. Exit status 77 (ctest: skipped) where the environment lacks the tool.
venv=$1
tool=$2
shift 2
if [ ! -x "$venv/bin/$tool" ]; then
  echo "skipped: $venv/bin/$tool is missing; scripts/install_deps.sh test installs it"
  exit 77
fi
PATH=$venv/bin:$PATH
export PATH
exec "$venv/bin/$tool" "$@"
