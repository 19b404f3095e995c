#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh SECONDS [TARGET...]: runs the libFuzzer programs of build/fuzz, each for SECONDS, from
# its corpus in tests/fuzz/corpus. New inputs gather in build/fuzz/corpus, findings in
# build/fuzz/findings. Exit status 1 when a target found something.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${1:?usage: fuzz.sh SECONDS [TARGET...]}
shift
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls ./*.c 2>/dev/null | sed 's,^\./,,; s,^fuzz_,,; s,\.c$,,')
[ $# -gt 0 ] || { echo "fuzz: tests/fuzz has no targets" >&2; exit 1; }
mkdir -p build/fuzz/findings
status=0
for target in "$@"; do
  grown=build/fuzz/corpus/$target
  seeds=tests/fuzz/corpus/$target
  log=build/fuzz/$target.log
  mkdir -p "$grown"
  set -- "$grown"
  [ -d "$seeds" ] && set -- "$@" "$seeds"
  [ -f "tests/fuzz/$target.dict" ] && set -- "$@" "-dict=tests/fuzz/$target.dict"
  if build/fuzz/tests/fuzz_"$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
      -malloc_limit_mb=1024 -artifact_prefix="build/fuzz/findings/$target-" -print_final_stats=1 \
      "$@" >"$log" 2>&1; then
    echo "fuzz $target: no finding; $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs," \
      "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1)"
  else
    echo "fuzz $target: FINDING, see $log"
    tail -n 30 "$log"
    status=1
  fi
done
exit $status
