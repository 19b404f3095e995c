#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make demo`: takes a program that JAX exported, compiles it to native code and runs it, and says
# what happened in figures measured here and now. Needs build/skarn and nothing else.
set -eu
cd "$(dirname "$0")/.."
skarn=build/skarn
program=examples/programs/black_scholes_grad_100k.mlir
options=100000
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

measure() {  # measure THREADS: leaves the one-line JSON object in $line
  line=$("$skarn" run "$program" --random 1 --repeat 300 --threads "$1" --json)
}
value() { printf '%s\n' "$line" | sed -n "s/.*\"$1\": *\"\{0,1\}\([^,\"}]*\).*/\1/p"; }
row() {  # row WHAT MICROSECONDS NOTE
  printf '%s %s\n' "$2" "$options" | awk -v what="$1" -v note="$3" '{
    sub(/RATE/, sprintf("%.0f", $2 / $1), note)
    printf "  %-18s %9.1f us   %s\n", what, $1, note
  }'
}

echo
echo "Skarn: StableHLO in, native code out."
echo
echo "$program"
echo "is the value and the gradient of $options European call options (Black-Scholes), written in JAX"
echo "and exported with jit(f).lower(...).as_text(). It begins:"
echo
sed -n '1,6p' "$program" | cut -c1-96 | sed 's/^ */    /'
echo "    ..."
echo

"$skarn" run "$program" --random 1 --json >/dev/null  # brings the tool itself into memory
measure 1
row "read" "$(value parse_us)" "$(value ops) operations"
row "compiled" "$(value compile_us)" \
  "$(value code_bytes) bytes of $(value isa) machine code, kernels: $(value kernels)"
row "first call" "$(value first_us)" "bytes of temporaries: $(value arena_bytes)"
row "run, 1 thread" "$(value min_us)" "RATE million options per second, each with its gradient"
cores=$(nproc 2>/dev/null || echo 1)
if [ "$cores" -gt 1 ]; then
  measure "$cores"
  row "run, $cores threads" "$(value min_us)" "RATE million options per second"
fi
echo

for threads in 1 3; do
  mkdir "$scratch/$threads"
  "$skarn" run "$program" --random 1 --threads $threads --save "$scratch/$threads" >/dev/null
done
diff -r "$scratch/1" "$scratch/3" >&2 || { echo "results differ between 1 and 3 threads" >&2; exit 5; }
echo "The same bits with 1 and with 3 threads: $(ls "$scratch/1" | grep -c npy) results compared."
"$skarn" run "$program" --random 1 --compare interp >/dev/null
echo "Agrees with the reference interpreter, which shares no code with the compiler."
echo
echo "Try:  $skarn run $program --random 1 --repeat 100 --json"
echo "      $skarn opt $program --to vectorise"
echo "      ls examples/programs"
