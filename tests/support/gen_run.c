// SPDX-License-Identifier: Apache-2.0
// See gen_run.h.
#include "support/gen_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/guard.h"
#include "base/hash.h"
#include "kern/kern.h"
#include "lib/lib.h"

uint64_t gen_random(uint64_t *state) { return sk_hash_splitmix(*state += 0x9E3779B97F4A7C15u); }

// ---- data

static uint32_t random_f32(uint64_t *state) {
  static const uint32_t special[] = {
      0,          0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 1,
      0x807fffff, 0x00800000, 0x7f7fffff, 0x3f800000, 0xbf800000, 0x4f000000, 0xcf000000,
      0x4effffff, 0x5f000000, 0x3f000000, 0x40200000, 0xc0600000, 0x4b000001, 0x33800000};
  uint64_t r = gen_random(state);
  if (r % 8 == 0) {
    return special[(r >> 8) % SK_COUNT(special)];
  }
  if (r % 8 == 1) {
    return (uint32_t)(r >> 32);
  }
  float f = (float)((double)(int32_t)(r >> 32) / (1 << 28));
  uint32_t bits;
  memcpy(&bits, &f, 4);
  return bits;
}

static uint64_t random_f64(uint64_t *state) {
  static const uint64_t special[] = {0,
                                     0x8000000000000000,
                                     0x7ff0000000000000,
                                     0xfff0000000000000,
                                     0x7ff8000000000000,
                                     1,
                                     0x800fffffffffffff,
                                     0x7fefffffffffffff,
                                     0x3ff0000000000000,
                                     0x43e0000000000000,
                                     0xc3e0000000000000,
                                     0x41e0000000000000,
                                     0xc1e0000000200000,
                                     0x41dfffffffc00000,
                                     0x3fe0000000000000,
                                     0x4004000000000000,
                                     0xc00c000000000000,
                                     0x47efffffefffffff,
                                     0x3690000000000000,
                                     0x36a0000000000001};
  uint64_t r = gen_random(state);
  if (r % 8 == 0) {
    return special[(r >> 8) % SK_COUNT(special)];
  }
  if (r % 8 == 1) {
    return gen_random(state);
  }
  double f = (double)(int64_t)(r & ~UINT64_C(255)) / 1152921504606846976.0;
  uint64_t bits;
  memcpy(&bits, &f, 8);
  return bits;
}

static uint64_t random_int(uint64_t *state, uint32_t bits) {
  uint64_t r = gen_random(state), top = UINT64_C(1) << (bits - 1);
  switch (r % 8) {
    case 0: return 0;
    case 1: return top;
    case 2: return top - 1;
    case 3: return UINT64_MAX;
    case 4: return (r >> 8) & 63;
    case 5: return (r >> 8) >> ((r >> 4) % 56);
    default: return gen_random(state);
  }
}

void gen_random_data(uint64_t *state, sk_mem mem, int64_t elems, void *out) {
  uint32_t bytes = sk_mem_bytes(mem);
  for (int64_t i = 0; i < elems; i++) {
    uint64_t v;
    if (mem == SK_MEM_PRED) {
      v = gen_random(state) & 1;
    } else if (mem == SK_MEM_F32) {
      v = random_f32(state);
    } else if (mem == SK_MEM_F64) {
      v = random_f64(state);
    } else {
      v = random_int(state, bytes * 8);
    }
    memcpy((char *)out + i * (int64_t)bytes, &v, bytes);
  }
}

// ---- memory between guard pages

static sk_guarded guard_new(size_t bytes, bool at_end, size_t align) {
  sk_guarded memory;
  if (sk_guarded_init(bytes, at_end ? SK_GUARD_END : SK_GUARD_START, align, &memory) != NULL) {
    abort();
  }
  return memory;
}

// ---- calling

// int32_t sk_test_call(entry, frame): 0 if every callee-saved register survived.
__asm__(".text\n"
        ".p2align 4\n"
        "sk_test_call:\n"
        "  pushq %rbx\n  pushq %rbp\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
        "  subq $24, %rsp\n"
        "  movq %rsp, 8(%rsp)\n"
        "  stmxcsr (%rsp)\n"
        "  movq %rdi, %rax\n  movq %rsi, %rdi\n"
        "  movq $0x1111, %rbx\n  movq $0x2222, %rbp\n  movq $0x3333, %r12\n"
        "  movq $0x4444, %r13\n  movq $0x5555, %r14\n  movq $0x6666, %r15\n"
        "  call *%rax\n"
        "  xorl %eax, %eax\n"
        "  cmpq $0x1111, %rbx\n  jne 1f\n  cmpq $0x2222, %rbp\n  jne 1f\n  cmpq $0x3333, %r12\n  "
        "jne 1f\n"
        "  cmpq $0x4444, %r13\n  jne 1f\n  cmpq $0x5555, %r14\n  jne 1f\n  cmpq $0x6666, %r15\n  "
        "jne 1f\n"
        "  cmpq %rsp, 8(%rsp)\n  jne 1f\n"
        "  jmp 2f\n"
        "1: movl $1, %eax\n"
        "2: movl (%rsp), %ecx\n"
        "  stmxcsr 4(%rsp)\n  movl 4(%rsp), %edx\n  xorl %ecx, %edx\n"
        "  andl $0xffc0, %edx\n  jz 3f\n  movl $2, %eax\n"
        "3: addq $24, %rsp\n"
        "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbp\n  popq %rbx\n"
        "  ret\n");
int32_t sk_test_call(const void *entry, sk_frame *frame);

static bool invoke_native(const void *code, size_t length, size_t entry, sk_frame *frame,
                          char *message) {
  void *map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    abort();
  }
  memcpy(map, code, length);
  mprotect(map, length, PROT_READ | PROT_EXEC);
  int32_t result = sk_test_call((char *)map + entry, frame);
  munmap(map, length);
  if (result != 0) {
    snprintf(message, GEN_MESSAGE_BYTES,
             result == 1 ? "callee-saved registers changed" : "MXCSR changed");
  }
  return result == 0;
}

// Descending: nothing may depend on what other chunks did.
void gen_for_chunks(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                    int64_t align, gen_chunk_fn *call) {
  int64_t chunk = (grain + align - 1) / align * align;
  for (int64_t begin = (total - 1) / chunk * chunk; begin >= 0; begin -= chunk) {
    call(frame, kernel, begin, SK_MIN(begin + chunk, total));
  }
}

static void call_chunk(sk_frame *frame, sk_kernel_fn kernel, int64_t begin, int64_t end) {
  kernel(frame, begin, end, frame->scratch);
}

static void run_chunks(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                       int64_t align) {
  gen_for_chunks(frame, kernel, total, grain, align, call_chunk);
}

// ---- placing buffers

void gen_place_buffers(sk_prog *prog) {
  uint32_t slot = prog->arg_count + prog->result_count;
  prog->arena_bytes = prog->const_bytes = prog->scratch_bytes = 0;
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    sk_buf *b = &prog->bufs.data[i];
    uint64_t bytes = (uint64_t)b->elems * sk_mem_bytes((sk_mem)b->mem);
    uint64_t *area = b->kind == SK_BUF_TEMP    ? &prog->arena_bytes
                     : b->kind == SK_BUF_CONST ? &prog->const_bytes
                                               : &prog->scratch_bytes;
    b->offset = -1;
    if (b->kind == SK_BUF_ARG || b->kind == SK_BUF_RESULT) {
      b->slot = 1;
      b->slot_index = b->index + (b->kind == SK_BUF_RESULT ? prog->arg_count : 0);
    } else {
      b->offset = (int64_t)*area;
      *area = sk_align_up(*area + bytes, 64);
      if (b->slot) {
        b->slot_index = slot++;
      }
    }
  }
  prog->slot_count = slot;
}

// ---- running

typedef struct run {
  sk_prog *prog;
  sk_guarded *memory;  // by slot of arguments and results
  void **expected;     // results of the runner
  void **copies;       // of the arguments
  sk_guarded arena, consts, scratch;
  sk_frame *frame;
} run;

static uint32_t slot_buffer(const sk_prog *prog, uint32_t slot) {
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *b = &prog->bufs.data[i];
    if (b->slot && b->slot_index == slot && (b->kind == SK_BUF_ARG || b->kind == SK_BUF_RESULT)) {
      return i;
    }
  }
  return 0;
}

static size_t buffer_bytes(const sk_buf *b) {
  return (size_t)b->elems * sk_mem_bytes((sk_mem)b->mem);
}

static void set_up(run *r, const gen_target *target, uint64_t scratch_bytes, uint64_t seed,
                   void *const *builtins) {
  sk_prog *prog = r->prog;
  uint32_t io = prog->arg_count + prog->result_count;
  r->memory = calloc(io + 1, sizeof *r->memory);
  r->expected = calloc(io + 1, sizeof *r->expected);
  r->copies = calloc(io + 1, sizeof *r->copies);
  r->frame = calloc(1, sizeof *r->frame + (prog->slot_count + 1) * sizeof(void *));
  r->arena = guard_new((size_t)prog->arena_bytes, target->at_end, 64);
  r->consts = guard_new((size_t)prog->const_bytes, target->at_end, 64);
  r->scratch = guard_new((size_t)scratch_bytes, target->at_end, 64);
  r->frame->arena = r->arena.data;
  r->frame->consts = r->consts.data;
  r->frame->scratch = r->scratch.data;
  r->frame->builtins = builtins;
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *b = &prog->bufs.data[i];
    if (b->kind == SK_BUF_CONST) {
      memcpy(r->consts.data + b->offset, b->data, buffer_bytes(b));
    } else if (b->kind == SK_BUF_TEMP && b->slot) {
      r->frame->slots[b->slot_index] = r->arena.data + b->offset;
    }
  }
  for (uint32_t s = 0; s < io; s++) {
    const sk_buf *b = &prog->bufs.data[slot_buffer(prog, s)];
    size_t bytes = buffer_bytes(b);
    r->memory[s] = guard_new(bytes, target->at_end, sk_mem_bytes((sk_mem)b->mem));
    r->copies[s] = calloc(1, bytes + 1);
    r->expected[s] = calloc(1, bytes + 1);
    if (s < prog->arg_count && target->inputs != NULL) {
      memcpy(r->memory[s].data, target->inputs[s], bytes);
      memcpy(r->copies[s], target->inputs[s], bytes);
    } else if (s < prog->arg_count) {
      uint64_t state = seed * 1000003 + s;
      gen_random_data(&state, (sk_mem)b->mem, b->elems, r->memory[s].data);
      memcpy(r->copies[s], r->memory[s].data, bytes);
    } else {
      memset(r->memory[s].data, 0x5a,
             bytes);  // elements not written must be the same on both sides
      memset(r->expected[s], 0x5a, bytes);
    }
    r->frame->slots[s] = r->memory[s].data;
  }
}

static void tear_down(run *r) {
  for (uint32_t s = 0; s < r->prog->arg_count + r->prog->result_count; s++) {
    sk_guarded_fini(&r->memory[s]);
    free(r->copies[s]);
    free(r->expected[s]);
  }
  sk_guarded_fini(&r->arena);
  sk_guarded_fini(&r->consts);
  sk_guarded_fini(&r->scratch);
  free(r->memory);
  free(r->copies);
  free(r->expected);
  free(r->frame);
}

static bool same_element(sk_mem mem, uint64_t x, uint64_t y) {
  if (x == y) {
    return true;
  }
  if (mem == SK_MEM_F32) {
    return (x & 0x7fffffff) > 0x7f800000 && (y & 0x7fffffff) > 0x7f800000;
  }
  if (mem == SK_MEM_F64) {
    uint64_t abs = INT64_MAX, inf = UINT64_C(0x7ff0000000000000);
    return (x & abs) > inf && (y & abs) > inf;
  }
  return false;
}

static bool compare_slot(const run *r, uint32_t s, char *message) {
  const sk_buf *b = &r->prog->bufs.data[slot_buffer(r->prog, s)];
  bool is_argument = s < r->prog->arg_count;
  const char *got = r->memory[s].data, *want = is_argument ? r->copies[s] : r->expected[s];
  uint32_t bytes = sk_mem_bytes((sk_mem)b->mem);
  uint32_t bad = 0;
  for (int64_t i = 0; i < b->elems; i++) {
    uint64_t x = 0, y = 0;
    memcpy(&x, got + i * bytes, bytes);
    memcpy(&y, want + i * bytes, bytes);
    if (!same_element((sk_mem)b->mem, x, y) && bad++ == 0) {
      snprintf(message, GEN_MESSAGE_BYTES, "%s %u element %lld of %lld: %llx, expected %llx",
               is_argument ? "argument" : "result", s, (long long)i, (long long)b->elems,
               (unsigned long long)x, (unsigned long long)y);
    }
  }
  return bad == 0;
}

static bool around_slot(const run *r, uint32_t s, char *message) {
  bool intact = sk_guarded_is_intact(&r->memory[s]);
  if (!intact) {
    snprintf(message, GEN_MESSAGE_BYTES, "memory around slot %u was written", s);
  }
  return intact;
}

bool gen_run_compare(sk_prog *prog, const gen_target *target, uint64_t seed,
                     char message[GEN_MESSAGE_BYTES]) {
  sk_arena arena;
  sk_arena_init(&arena);
  sk_gen_code code;
  sk_gen_options options = {
      .isa = target->isa, .vector_bytes = target->vector_bytes, .emit_dot = sk_kern_emit_dot};
  message[0] = 0;
  sk_status status = sk_gen_program(prog, &options, &arena, &code);
  if (status != NULL) {
    sk_status_format(status, message, GEN_MESSAGE_BYTES);
    sk_status_free(status);
    sk_arena_fini(&arena);
    return false;
  }
  void *builtins[SK_BUILTIN_COUNT] = {0};
  sk_parallel_fn parallel = target->parallel ? target->parallel : run_chunks;
  memcpy(&builtins[SK_BUILTIN_PARALLEL], &parallel, sizeof parallel);
  for (int i = SK_BUILTIN_PARALLEL + 1; target->library && i < SK_BUILTIN_COUNT; i++) {
    sk_libcall_fn call = sk_lib_find((sk_builtin)i);
    memcpy(&builtins[i], &call, sizeof call);
  }
  run r = {.prog = prog};
  set_up(&r, target, code.scratch_bytes, seed, builtins);
  void *arguments[256], *results[256];
  for (uint32_t s = 0; s < prog->arg_count; s++) {
    arguments[s] = r.copies[s];
  }
  for (uint32_t s = 0; s < prog->result_count; s++) {
    results[s] = r.expected[prog->arg_count + s];
  }
  status = sk_prog_run(prog, target->library ? sk_lib_find : NULL, arguments, results);
  bool ok = status == NULL;
  if (!ok) {
    sk_status_format(status, message, GEN_MESSAGE_BYTES);
    sk_status_free(status);
  }
  if (ok && target->invoke == NULL) {
    ok = invoke_native(code.bytes, code.length, code.entry, r.frame, message);
  } else if (ok) {
    ok = target->invoke(target->user, code.bytes, code.length, code.bytes + code.entry, r.frame,
                        message);
  }
  for (uint32_t s = 0; ok && s < prog->arg_count + prog->result_count; s++) {
    ok = compare_slot(&r, s, message) && around_slot(&r, s, message);
  }
  tear_down(&r);
  sk_arena_fini(&arena);
  return ok;
}
