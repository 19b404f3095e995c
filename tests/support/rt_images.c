// SPDX-License-Identifier: Apache-2.0
// Executable images made by hand (rt_images.h). The code was assembled once; the comments are its
// source. Slots begin at frame + 0x30, constants are at [frame + 8], builtins at [frame + 0x10].
#include "support/rt_images.h"

#include <string.h>

static const uint8_t add_code[] = {
    0x48, 0x8b, 0x47, 0x30,  // mov rax,[rdi+0x30]
    0x48, 0x8b, 0x4f, 0x38,  // mov rcx,[rdi+0x38]
    0x48, 0x8b, 0x57, 0x40,  // mov rdx,[rdi+0x40]
    0xf3, 0x0f, 0x10, 0x00,  // movss xmm0,[rax]
    0xf3, 0x0f, 0x58, 0x01,  // addss xmm0,[rcx]
    0xf3, 0x0f, 0x11, 0x02,  // movss [rdx],xmm0
    0xc3,                    // ret
};

static const uint8_t parallel_code[] = {
    0x48, 0x83, 0xec, 0x08,                    // sub rsp,0x8
    0x4c, 0x8b, 0x57, 0x08,                    // mov r10,[rdi+0x8]
    0x48, 0x8b, 0x47, 0x10,                    // mov rax,[rdi+0x10]
    0x48, 0x8d, 0x35, 0x12, 0x00, 0x00, 0x00,  // lea rsi,[rip+0x12]
    0x49, 0x8b, 0x12,                          // mov rdx,[r10]
    0x49, 0x8b, 0x4a, 0x08,                    // mov rcx,[r10+0x8]
    0x4d, 0x8b, 0x42, 0x10,                    // mov r8,[r10+0x10]
    0xff, 0x10,                                // call [rax]
    0x48, 0x83, 0xc4, 0x08,                    // add rsp,0x8
    0xc3,                                      // ret
    // kernel: kernel(frame, begin, end, scratch)
    0x4c, 0x8b, 0x47, 0x30,                          // mov r8,[rdi+0x30]
    0x4c, 0x8b, 0x4f, 0x38,                          // mov r9,[rdi+0x38]
    0x48, 0x89, 0x31,                                // mov [rcx],rsi
    0x48, 0x39, 0xd6,                                // cmp rsi,rdx
    0x7d, 0x15,                                      // jge 63 <parallel_kernel+0x25>
    0x49, 0x8b, 0x04, 0xf0,                          // mov rax,[r8+rsi*8]
    0x48, 0x8d, 0x04, 0x45, 0x01, 0x00, 0x00, 0x00,  // lea rax,[rax*2+0x1]
    0x49, 0x89, 0x04, 0xf1,                          // mov [r9+rsi*8],rax
    0x48, 0xff, 0xc6,                                // inc rsi
    0xeb, 0xe6,                                      // jmp 49 <parallel_kernel+0xb>
    0xc3,                                            // ret
};

static const uint8_t fault_code[] = {
    0x48, 0xc7, 0x47, 0x28, 0x08, 0x00, 0x00, 0x00,  // mov [rdi+0x28],0x8
    0xc3,                                            // ret
};

static const uint8_t state_code[] = {
    0x48, 0x8b, 0x47, 0x30,  // mov rax,[rdi+0x30]
    0x0f, 0xae, 0x18,        // stmxcsr [rax]
    0x48, 0x8b, 0x0f,        // mov rcx,[rdi]
    0x48, 0x8b, 0x11,        // mov rdx,[rcx]
    0x48, 0x89, 0x50, 0x08,  // mov [rax+0x8],rdx
    0x48, 0x8b, 0x57, 0x38,  // mov rdx,[rdi+0x38]
    0x48, 0x29, 0xca,        // sub rdx,rcx
    0x48, 0x89, 0x50, 0x10,  // mov [rax+0x10],rdx
    0x48, 0x8b, 0x57, 0x40,  // mov rdx,[rdi+0x40]
    0x48, 0x29, 0xca,        // sub rdx,rcx
    0x48, 0x89, 0x50, 0x18,  // mov [rax+0x18],rdx
    0x48, 0x8b, 0x57, 0x38,  // mov rdx,[rdi+0x38]
    0x48, 0x8b, 0x77, 0x40,  // mov rsi,[rdi+0x40]
    0x48, 0x89, 0x77, 0x38,  // mov [rdi+0x38],rsi
    0x48, 0x89, 0x57, 0x40,  // mov [rdi+0x40],rdx
    0xc3,                    // ret
};

static const uint8_t inplace_code[] = {
    0x48, 0x8b, 0x47, 0x38,  // mov rax,[rdi+0x38]
    0x48, 0xff, 0x00,        // inc [rax]
    0x48, 0x8b, 0x4f, 0x30,  // mov rcx,[rdi+0x30]
    0x48, 0x8b, 0x11,        // mov rdx,[rcx]
    0x48, 0x89, 0x50, 0x08,  // mov [rax+0x8],rdx
    0xc3,                    // ret
};

static const uint8_t sort_code[] = {
    0x48, 0x83, 0xec, 0x08,  // sub rsp,0x8
    0x48, 0x8b, 0x47, 0x10,  // mov rax,[rdi+0x10]
    0x48, 0x8b, 0x57, 0x08,  // mov rdx,[rdi+0x8]
    0x48, 0x8d, 0x77, 0x30,  // lea rsi,[rdi+0x30]
    0xff, 0x50, 0x08,        // call [rax+0x8]
    0x48, 0x83, 0xc4, 0x08,  // add rsp,0x8
    0xc3,                    // ret
};

#define VALUE(dtype, dim_count, dim_list)                                                          \
  {                                                                                                \
    .name = "", .type_text = "tensor<?>", .memory_kind = "device", .layout = "", .sharding = "",   \
    .dims = dim_list, .rank = dim_count, .type = dtype, .alias = -1, .shares = -1                  \
  }

static const sk_image_step at_start = {SK_STEP_NATIVE, 0, 0};

static sk_image native(const char *name, const uint8_t *code, uint64_t bytes) {
  return (sk_image){.name = name,
                    .steps = &at_start,
                    .step_count = 1,
                    .code = code,
                    .code_bytes = bytes,
                    .kernel_count = 1,
                    .op_count = 1,
                    .flops = -1,
                    .bytes_accessed = -1};
}

sk_image rt_image_add(void) {
  static const sk_image_value args[] = {VALUE(SK_DTYPE_F32, 0, NULL), VALUE(SK_DTYPE_F32, 0, NULL)};
  sk_image image = native("add", add_code, sizeof add_code);
  image.args = args;
  image.arg_count = 2;
  image.results = args;
  image.result_count = 1;
  return image;
}

sk_image rt_image_parallel(int64_t n, int64_t grain, int64_t align) {
  static int64_t dims[1], consts[3];
  static const sk_image_value value = VALUE(SK_DTYPE_S64, 1, dims);
  static const sk_image_fn fns[] = {{"entry", 0, 0x25}, {"kernel", 0x25, 0x26}};
  dims[0] = n;
  consts[0] = n;
  consts[1] = grain;
  consts[2] = align;
  sk_image image = native("parallel", parallel_code, sizeof parallel_code);
  image.args = image.results = &value;
  image.arg_count = image.result_count = 1;
  image.consts = consts;
  image.const_bytes = sizeof consts;
  image.scratch_bytes = 8;
  image.parallel = true;
  image.fns = fns;
  image.fn_count = 2;
  return image;
}

sk_image rt_image_state(void) {
  static const int64_t dims[1] = {4};
  static const sk_image_value value = VALUE(SK_DTYPE_S64, 1, dims);
  static const uint64_t carried[] = {0, 4096};
  sk_image image = native("state", state_code, sizeof state_code);
  image.results = &value;
  image.result_count = 1;
  image.carried = carried;
  image.carried_count = 2;
  image.arena_bytes = 8192;
  return image;
}

sk_image rt_image_fault(void) {
  static const int64_t dims[1] = {1};
  static const sk_image_value value = VALUE(SK_DTYPE_S64, 1, dims);
  sk_image image = native("fault", fault_code, sizeof fault_code);
  image.results = &value;
  image.result_count = 1;
  return image;
}

sk_image rt_image_in_place(bool donor) {
  static const int64_t dims[1] = {2};
  static sk_image_value arg = VALUE(SK_DTYPE_S64, 1, dims), result = VALUE(SK_DTYPE_S64, 1, dims);
  arg.donor = donor;
  arg.alias = result.alias = result.shares = 0;
  sk_image image = native("in_place", inplace_code, sizeof inplace_code);
  image.args = &arg;
  image.results = &result;
  image.arg_count = image.result_count = 1;
  return image;
}

sk_image rt_image_sort(int64_t n) {
  static int64_t dims[1];
  static const sk_image_value value = VALUE(SK_DTYPE_F32, 1, dims);
  // 1 operand, 1 key, outer, length, inner, kept, work bytes, element bytes, role, {operand, order, exponent, descending}
  static int64_t params[13] = {1, 1, 1, 0, 1, 0, 0, 4, SK_SORT_MOVED, 0, SK_SORT_TOTAL, 8, 0};
  dims[0] = n;
  params[3] = params[5] = n;
  sk_image image = native("sort", sort_code, sizeof sort_code);
  image.args = image.results = &value;
  image.arg_count = image.result_count = 1;
  image.consts = params;
  image.const_bytes = sizeof params;
  return image;
}

sk_image rt_image_constants(uint64_t bytes) {
  static const uint8_t ret[] = {0xc3, 0xc3};
  static const sk_image_step steps[] = {{SK_STEP_NATIVE, 0, 0}, {SK_STEP_NATIVE, 1, 0}};
  static _Alignas(64) uint8_t consts[1 << 16];
  for (uint64_t i = 0; i < sizeof consts; i++) {
    consts[i] = (uint8_t)(i * 7);
  }
  sk_image image = native("constants", ret, sizeof ret);
  image.steps = steps;
  image.step_count = 2;
  image.consts = consts;
  image.const_bytes = bytes < sizeof consts ? bytes : sizeof consts;
  return image;
}
