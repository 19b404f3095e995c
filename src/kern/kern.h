// SPDX-License-Identifier: Apache-2.0
// Kernel generators: operations whose loops deserve more than the loop IR gives. They emit functions with the kernel signature
// (base/abi.h) into the assembler that the generator is filling.
#ifndef SK_KERN_KERN_H
#define SK_KERN_KERN_H

#include "gen/gen.h"

// Matrix product of f32 or f64 (sk_dot of loop.h); the order of every sum is ascending k, one fused multiply-add per step, whatever the
// blocking, so that results equal the loop runner's bit for bit. For sk_gen_options.emit_dot; `user` is not used.
sk_status sk_kern_emit_dot(void *user, sk_asm *a, const sk_dot *dot, const sk_prog *prog,
                           sk_gen_dot *out);

#endif
