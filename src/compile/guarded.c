// SPDX-License-Identifier: Apache-2.0
// Testing: native code run on memory between inaccessible pages (option guard=end or guard=start).
//
//   argument, result   a mapping of its own, as flush as its element type allows
//   arena              every temporary on pages of its own, with an inaccessible page between them
//                      (`schedule` placed them so, prog->gaps)
//   constants, scratch a mapping of its own
//
// The code runs on the calling thread alone; a parallel region in the smallest chunks it allows, the
// last one first, so that nothing may depend on what other chunks did. A fault ends the execution
// with an error that names kernel, buffer and distance. Afterwards arguments must be what they were,
// unless a result takes their place, and the fill around the data must be untouched.
//
// This is a runner of the runtime: rt sees a program without code. Executions take turns, since the
// fault handler is the process's; it is in place only while one runs.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "base/guard.h"
#include "base/mem.h"
#include "compile/compile_int.h"
#include "lib/lib.h"

enum { DEFAULT_ALIGN = 64 };

// One execution. Areas: arguments, results (empty when they share one), arena, constants, scratch.
typedef struct guarded_call {
  const sk_compilation *c;
  const sk_image *image;
  sk_frame *frame;
  sk_guarded *areas;
  uint32_t area_count;
  void *builtins[SK_BUILTIN_COUNT];
  sigjmp_buf escape;  // of a fault
  const char *address, *pc;
} guarded_call;

static uint32_t arena_area(const sk_image *image) { return image->arg_count + image->result_count; }

// ---- faults

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static guarded_call *running;  // by whoever has the turn, on this thread:
static pthread_t running_thread;
static struct sigaction before[2];
static const int fault_signals[2] = {SIGSEGV, SIGBUS};

static void on_fault(int number, siginfo_t *info, void *context) {
  if (!running || !pthread_equal(running_thread, pthread_self())) {
    // Not ours: it happens again, to whoever was there before.
    sigaction(number, &before[number == fault_signals[1]], NULL);
    return;
  }
  const ucontext_t *machine = context;
  running->address = info->si_addr;
  running->pc = (const char *)machine->uc_mcontext.gregs[REG_RIP];
  siglongjmp(running->escape, 1);
}

static void catch_faults(guarded_call *call) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
  running = call;
  running_thread = pthread_self();
  for (int i = 0; i < 2; i++) {
    sigaction(fault_signals[i], &action, &before[i]);
  }
}

static void let_faults(void) {
  for (int i = 0; i < 2; i++) {
    sigaction(fault_signals[i], &before[i], NULL);
  }
  running = NULL;
}

// ---- saying what happened

static void area_name(const guarded_call *call, uint32_t index, char *out, size_t size) {
  const sk_image *image = call->image;
  static const char *const others[] = {"temporaries", "constants", "scratch"};
  if (index < image->arg_count) {
    snprintf(out, size, "argument %u (%s)", index, image->args[index].type_text);
  } else if (index < arena_area(image)) {
    uint32_t result = index - image->arg_count;
    snprintf(out, size, "result %u (%s)", result, image->results[result].type_text);
  } else {
    snprintf(out, size, "%s", others[index - arena_area(image)]);
  }
}

static const char *function_at(const guarded_call *call) {
  const sk_gen_code *code = &call->c->code;
  size_t at = (size_t)((uintptr_t)call->pc - (uintptr_t)call->c->guard_code);
  for (uint32_t i = 0; i < code->fn_count; i++) {
    if (at >= code->fns[i].offset && at - code->fns[i].offset < code->fns[i].size) {
      return code->fns[i].name;
    }
  }
  return "library call";
}

static sk_status fault_error(const guarded_call *call) {
  const char *address = call->address;
  for (uint32_t i = 0; i < call->area_count; i++) {
    const sk_guarded *area = &call->areas[i];
    if (!area->map || address < area->map || address >= area->map + area->map_bytes) {
      continue;
    }
    char name[256];
    area_name(call, i, name, sizeof name);
    const char *end = area->data + area->bytes;
    return sk_status_new(SK_INTERNAL, "'%s' in '%s' touches memory %lld bytes %s of %s, %llu bytes",
                         function_at(call), call->image->name,
                         (long long)(address < area->data ? area->data - address
                                     : address >= end     ? address - end
                                                          : address - area->data),
                         address < area->data ? "before the start"
                         : address >= end     ? "past the end"
                                              : "from the start",
                         name, (unsigned long long)area->bytes);
  }
  return sk_status_new(SK_INTERNAL, "'%s' in '%s' touches memory outside all buffers (%p)",
                       function_at(call), call->image->name, (const void *)address);
}

// ---- memory of a call

// The image's own count is made only where it is loaded.
static size_t value_bytes(const sk_image_value *value) {
  uint64_t bytes;
  return sk_dtype_array_bytes(value->type, value->rank, value->dims, &bytes) ? (size_t)bytes : 0;
}

static sk_status make_values(guarded_call *call, void *const *args) {
  const sk_image *image = call->image;
  void **slots = call->frame->slots;
  for (uint32_t i = 0; i < arena_area(image); i++) {
    bool is_arg = i < image->arg_count;
    const sk_image_value *value = is_arg ? &image->args[i] : &image->results[i - image->arg_count];
    if (!is_arg && value->shares >= 0) {
      slots[i] = slots[value->shares];
      continue;
    }
    size_t align = SK_MAX(sk_dtype_bytes(value->type), 1u);
    SK_TRY(sk_guarded_init(value_bytes(value), call->c->guard, align, &call->areas[i]));
    slots[i] = call->areas[i].data;
    if (is_arg && value_bytes(value) != 0) {
      memcpy(slots[i], args[i], value_bytes(value));
    }
  }
  return NULL;
}

static sk_status make_areas(guarded_call *call) {
  const sk_image *image = call->image;
  const sk_prog *prog = &call->c->prog;
  sk_guarded *areas = call->areas + arena_area(image);
  const uint64_t sizes[] = {image->arena_bytes, image->const_bytes, image->scratch_bytes};
  for (uint32_t i = 0; i < SK_COUNT(sizes); i++) {
    SK_TRY(sk_guarded_init((size_t)sizes[i], call->c->guard, DEFAULT_ALIGN, &areas[i]));
  }
  for (uint32_t i = 0; i < prog->gaps.count; i++) {
    if (mprotect(areas[0].data + prog->gaps.data[i], SK_GUARD_PAGE, PROT_NONE) != 0) {
      return sk_status_no_memory();
    }
  }
  if (image->const_bytes != 0) {
    memcpy(areas[1].data, image->consts, (size_t)image->const_bytes);
  }
  call->frame->arena = areas[0].data;
  call->frame->consts = areas[1].data;
  call->frame->scratch = areas[2].data;
  void **slot = call->frame->slots + arena_area(image);
  for (uint32_t i = 0; i < image->carried_count; i++) {
    slot[i] = call->frame->arena + image->carried[i];
  }
  return NULL;
}

// The smallest chunks, in descending order.
static void run_in_chunks(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                          int64_t align) {
  grain = SK_MAX(grain, 1);
  align = SK_MAX(align, 1);
  int64_t chunk = total <= grain ? align : (grain + align - 1) / align * align;
  for (int64_t begin = (total - 1) / chunk * chunk; begin >= 0; begin -= chunk) {
    kernel(frame, begin, SK_MIN(begin + chunk, total), frame->scratch);
  }
}

static void fill_builtins(guarded_call *call) {
  sk_parallel_fn parallel = run_in_chunks;
  memcpy(&call->builtins[SK_BUILTIN_PARALLEL], &parallel, sizeof parallel);
  for (int i = SK_BUILTIN_PARALLEL + 1; i < SK_BUILTIN_COUNT; i++) {
    sk_libcall_fn function = sk_lib_find((sk_builtin)i);
    memcpy(&call->builtins[i], &function, sizeof function);
  }
  call->frame->builtins = call->builtins;
}

// ---- one call

// True when it came to its end. Nothing may be kept in registers across the fault.
static bool enter(guarded_call *call, sk_entry_fn entry) {
  if (sigsetjmp(call->escape, 1) != 0) {
    return false;
  }
  entry(call->frame);
  return true;
}

static sk_status run_entry(guarded_call *call) {
  sk_entry_fn entry;
  const char *address = call->c->guard_code + call->c->code.entry;
  memcpy(&entry, &address, sizeof entry);
  pthread_mutex_lock(&turn);
  catch_faults(call);
  bool ended = enter(call, entry);
  let_faults();
  pthread_mutex_unlock(&turn);
  if (!ended) {
    return fault_error(call);
  }
  int64_t fault = call->frame->fault;
  sk_code code = fault > 0 && fault <= SK_UNAUTHENTICATED ? (sk_code)fault : SK_INTERNAL;
  return fault == 0 ? NULL
                    : sk_status_new(code, "'%s' stopped with fault %lld", call->image->name,
                                    (long long)fault);
}

static bool is_shared(const sk_image *image, uint32_t arg) {
  for (uint32_t i = 0; i < image->result_count; i++) {
    if (image->results[i].shares == (int32_t)arg) {
      return true;
    }
  }
  return false;
}

static sk_status check_memory(const guarded_call *call, void *const *args) {
  const sk_image *image = call->image;
  for (uint32_t i = 0; i < call->area_count; i++) {
    const sk_guarded *area = &call->areas[i];
    bool changed = i < image->arg_count && !is_shared(image, i) && area->bytes != 0 &&
                   memcmp(area->data, args[i], area->bytes) != 0;
    if (area->map && (changed || !sk_guarded_is_intact(area))) {
      char name[256];
      area_name(call, i, name, sizeof name);
      return sk_status_new(SK_INTERNAL, "'%s' writes %s %s", image->name,
                           changed ? "into" : "around", name);
    }
  }
  return NULL;
}

static sk_status run_call(guarded_call *call, void *const *args, void *const *results) {
  const sk_image *image = call->image;
  SK_TRY(make_values(call, args));
  SK_TRY(make_areas(call));
  fill_builtins(call);
  SK_TRY(run_entry(call));
  SK_TRY(check_memory(call, args));
  for (uint32_t i = 0; i < image->result_count; i++) {
    int32_t shares = image->results[i].shares;
    const sk_guarded *from = &call->areas[shares >= 0 ? (uint32_t)shares : image->arg_count + i];
    memcpy(results[i], from->data, value_bytes(&image->results[i]));
  }
  return NULL;
}

static sk_status run_guarded(void *state, void *const *args, void *const *results) {
  const sk_compilation *c = state;
  const sk_image *image = &c->image;
  guarded_call call = {.c = c, .image = image, .area_count = arena_area(image) + 3};
  call.areas = sk_mem_zalloc(call.area_count * sizeof *call.areas);
  call.frame = sk_mem_zalloc(sizeof *call.frame +
                             (arena_area(image) + image->carried_count) * sizeof(void *));
  sk_status status =
      call.areas && call.frame ? run_call(&call, args, results) : sk_status_no_memory();
  for (uint32_t i = 0; call.areas && i < call.area_count; i++) {
    sk_guarded_fini(&call.areas[i]);
  }
  sk_mem_free(call.areas);
  sk_mem_free(call.frame);
  return status;
}

// ---- making

static void destroy_guarded(void *state) { sk_compilation_destroy(state); }

void sk_compile_end_guarded(sk_compilation *c) {
  if (c->guard_code) {
    munmap(c->guard_code, sk_align_up(c->code.length, SK_GUARD_PAGE));
    c->guard_code = NULL;
  }
}

sk_status sk_compile_make_guarded(sk_compilation *c, sk_runner *out_runner) {
  size_t bytes = sk_align_up(c->code.length, SK_GUARD_PAGE);
  void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) {
    return sk_status_no_memory();
  }
  c->guard_code = map;
  memcpy(map, c->code.bytes, c->code.length);
  if (mprotect(map, bytes, PROT_READ | PROT_EXEC) != 0) {
    return sk_status_new(SK_UNIMPLEMENTED, "the system refuses executable memory");
  }
  *out_runner = (sk_runner){"guarded", run_guarded, destroy_guarded, c};
  return NULL;
}
