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

# field NAME: a value of the one-line JSON object on standard input
field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^,\"}]*\).*/\1/p"; }

measure() {  # measure THREADS: leaves the JSON line in $line
  line=$("$skarn" run "$program" --random 1 --repeat 300 --threads "$1" --json)
}
show_run() {  # show_run THREADS
  printf '%s\n' "$line" | field min_us | awk -v n="$options" -v threads="$1" \
    '{ printf "  run, %2d thread%s      %9.1f us   = %.0f million options per second, each with its gradient\n",
              threads, threads == 1 ? " " : "s", $1, n / $1 }'
}

echo
echo "Skarn: StableHLO in, native code out."
echo
echo "The program is $program: value and gradient of $options European call"
echo "options (Black-Scholes), written in JAX and exported with jit(f).lower(...).as_text()."
echo "It begins:"
echo
sed -n '1,6p' "$program" | cut -c1-100 | sed 's/^/    /'
echo "    ..."
echo

measure 1
value() { printf '%s\n' "$line" | field "$1"; }
printf '  read                %9s us   %s operations\n' "$(value parse_us)" "$(value ops)"
printf '  compiled            %9s us   %s bytes of %s machine code, %s kernels\n' \
  "$(value compile_us)" "$(value code_bytes)" "$(value isa)" "$(value kernels)"
printf '  first call          %9s us   temporaries: %s bytes\n' \
  "$(value first_us)" "$(value arena_bytes)"
show_run 1
cores=$(nproc 2>/dev/null || echo 1)
if [ "$cores" -gt 1 ]; then
  measure "$cores"
  show_run "$cores"
fi
echo

"$skarn" run "$program" --random 1 --threads 1 --save "$scratch/one" >/dev/null
"$skarn" run "$program" --random 1 --threads 3 --save "$scratch/three" >/dev/null
for file in "$scratch"/one/*.npy; do
  cmp -s "$file" "$scratch/three/${file##*/}" ||
    { echo "results differ between 1 and 3 threads: ${file##*/}" >&2; exit 5; }
done
echo "  The same bits with 1 and with 3 threads: $(find "$scratch/one" -name '*.npy' | wc -l) results compared."
"$skarn" run "$program" --random 1 --compare interp >/dev/null
echo "  Agrees with the reference interpreter, which shares no code with the compiler."
echo
echo "Try:  $skarn run $program --random 1 --repeat 100 --json"
echo "      $skarn opt $program --to loop      (what the compiler made of it)"
echo "      ls examples/programs               (more programs, with the JAX source)"
