// SPDX-License-Identifier: Apache-2.0
// Executable images made by hand, for tests of the runtime that need no compiler.
//
// Each function fills in an image whose tables are static; the code is a few machine instructions.
// Sizes that vary (elements of the loop) are parameters kept in static storage: one at a time.
#ifndef SK_TESTS_RT_IMAGES_H
#define SK_TESTS_RT_IMAGES_H

#include "rt/rt.h"

// f32[], f32[] -> f32[]: their sum.
sk_image rt_image_add(void);
// s64[n] -> s64[n]: 2 x + 1, in a parallel region of chunks of at least `grain`, multiples of
// `align`. Each chunk writes its begin to the thread's scratch.
sk_image rt_image_parallel(int64_t n, int64_t grain, int64_t align);
// () -> s64[4]: MXCSR, first word of the arena, and the arena offsets of the two carried buffers,
// whose slots are exchanged afterwards. carried = {0, 4096}
sk_image rt_image_state(void);
// () -> s64[1], fails with fault 8.
sk_image rt_image_fault(void);
// s64[2] -> s64[2] in place: increments element 0, then copies element 0 of the argument to
// element 1 of the result.
sk_image rt_image_in_place(bool donor);
// f32[n] -> f32[n]: sorted by the library call.
sk_image rt_image_sort(int64_t n);
// () -> (): two native steps, both nothing; and a constant pool of n bytes with values i * 7.
sk_image rt_image_constants(uint64_t bytes);

#endif
