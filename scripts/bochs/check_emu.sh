#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares the test emulator's AVX-512 instructions with Bochs: runs tests/emu/test_emu.c, which
# executes every instruction and emulates it as well, on the emulated machine of bochs_run.py.
#
#   scripts/bochs/check_emu.sh BUILD_DIR [bochs_run options]
#
# With a Bochs built from source (SKARN_BOCHS, see bochs_run.py) it takes 3 minutes, with Debian's,
# which contains the debugger, 8 for a third of the encodings. What Bochs does differently from Intel's
# manual, the disassemblers and other implementations is left out by name:
#
#   all        vrsqrt14*: off by sqrt 2 for odd powers of two;  vpinsrb from memory: wrong scale of an
#              8-bit displacement;  vgatherqps, vpgatherqd: upper part not zeroed;  vrangep*, vranges*:
#              absolute minimum of -0 and +0
#   all, BF16  masked-off lanes become zero, memory operands of vdpbf16ps
#   2.7        vpbroadcastm*: upper part not zeroed;  vpbroadcastb from memory with a mask: no effect;
#              vpconflict*: wrong comparisons;  vgetmant*: subnormals;  vpextrw to memory: as vpinsrb;
#              vcvttpd2uqq: range
set -eu
[ $# -ge 1 ] || { sed -n '3,9p' "$0" >&2; exit 2; }
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
skip=vrsqrt14ps,vrsqrt14pd,vrsqrt14ss,vrsqrt14sd,vpinsrb,vgatherqps,vpgatherqd
skip=$skip,vrangeps,vrangepd,vrangess,vrangesd,vcvtneps2bf16,vcvtne2ps2bf16,vdpbf16ps
sample=1
case ${SKARN_BOCHS:-} in
  '')
    sample=3
    skip=$skip,vpbroadcastmb2q,vpbroadcastmw2d,vpbroadcastb,vpconflictd,vpconflictq,vgetmantps
    skip=$skip,vgetmantpd,vgetmantss,vgetmantsd,vpextrw,vcvttpd2uqq ;;
  *) set -- --features 'avx512vnni avx512bf16 avx512vpopcnt' "$@" ;;
esac
exec "$here/bochs_run.py" --timeout 3600 --env SK_EMU_ROUNDS=1 --env SK_EMU_SAMPLE=$sample \
  --env SK_EMU_SKIP="$skip" "$@" -- "$build/tests/test_emu"
