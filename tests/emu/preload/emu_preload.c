// SPDX-License-Identifier: Apache-2.0
// A library to LD_PRELOAD that makes a whole program run its generated code on the emulator:
//
//   LD_PRELOAD=.../libsk_emu_preload.so SK_EMU_STATS=1 program args...
//
// Memory that the program asks to make executable never becomes executable. The first jump into it
// faults, and the fault handler sends the thread through a bridge into the emulator:
//
//   native caller --call--> generated code (no X) --SIGSEGV--> handler: rip = bridge, r11 = target
//   bridge: registers -> frame on the emulator's own stack -> sk_emu_run -> results, return
//
// so callbacks, thread pools and nested calls work without the program's help, on the program's own
// stacks and memory. Only mappings made by objects whose file name contains SK_EMU_CALLERS (default
// "skarn", "*" = all) are taken over, which leaves other just-in-time compilers alone.
//
//   SK_EMU_STATS=1     print instruction counts at exit
//   SK_EMU_LOG=FILE    append the counts there instead of stderr
//   SK_EMU_FEATURES    of vnni,bf16,popcntdq: allowed beyond the tier (none)
//   SK_EMU_V3=1        EVEX and k instructions are errors
//
// An instruction the emulator refuses, or a callee-saved register not preserved, ends the process with
// a message and SIGABRT. A fault made by emulated code is reported with the instruction, then goes to
// the program's own handler.

#include "base/compiler.h"
#include "emu/emu.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <xmmintrin.h>

enum { MAX_RANGES = 1024, MAX_DEPTH = 8, HOST_STACK = 1 << 19 };

// --- which memory is code ---

static sk_emu_range ranges[MAX_RANGES];
static size_t range_count;
static atomic_uint range_generation = 1;
static pthread_mutex_t range_lock = PTHREAD_MUTEX_INITIALIZER;

SK_PRINTF(1, 2)
static void die(const char *format, ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "emu: ");
  vfprintf(stderr, format, list);
  fprintf(stderr, "\n");
  va_end(list);
  abort();
}

static bool overlaps(const sk_emu_range *r, uintptr_t begin, uintptr_t end) {
  return (uintptr_t)r->begin < end && begin < (uintptr_t)r->begin + r->bytes;
}

// Takes [begin, end) out of the list; ranges partly covered shrink or split.
static void remove_range(uintptr_t begin, uintptr_t end) {
  for (size_t i = 0; i < range_count;) {
    sk_emu_range r = ranges[i];
    if (!overlaps(&r, begin, end)) {
      ++i;
      continue;
    }
    ranges[i] = ranges[--range_count];
    uintptr_t low = (uintptr_t)r.begin, high = low + r.bytes;
    if (low < begin) {
      ranges[range_count++] = (sk_emu_range){r.begin, begin - low};
    }
    if (high > end && range_count < MAX_RANGES) {
      ranges[range_count++] = (sk_emu_range){(const void *)end, high - end};
    }
  }
}

static void set_code(void *address, size_t bytes, bool is_code) {
  uintptr_t begin = (uintptr_t)address;
  pthread_mutex_lock(&range_lock);
  size_t before = range_count;
  remove_range(begin, begin + bytes);
  if (is_code && range_count < MAX_RANGES) {
    ranges[range_count++] = (sk_emu_range){address, bytes};
  }
  bool full = is_code && range_count == MAX_RANGES;
  if (is_code || range_count != before) {
    atomic_fetch_add(&range_generation, 1);
  }
  pthread_mutex_unlock(&range_lock);
  if (full) {
    die("more than %d pieces of code", MAX_RANGES);
  }
}

static bool is_code(uintptr_t address) {
  pthread_mutex_lock(&range_lock);
  bool found = false;
  for (size_t i = 0; i < range_count && !found; ++i) {
    found = overlaps(&ranges[i], address, address + 1);
  }
  pthread_mutex_unlock(&range_lock);
  return found;
}

// --- taking over mmap, mprotect, munmap ---

static bool is_our_caller(const void *return_address) {
  const char *wanted = getenv("SK_EMU_CALLERS");
  wanted = wanted != NULL ? wanted : "skarn";
  Dl_info info;
  if (strcmp(wanted, "*") == 0) {
    return true;
  }
  if (dladdr(return_address, &info) == 0 || info.dli_fname == NULL) {
    return false;
  }
  const char *slash = strrchr(info.dli_fname, '/');
  return strstr(slash != NULL ? slash + 1 : info.dli_fname, wanted) != NULL;
}

static void *map(void *address, size_t bytes, int protection, int flags, int fd, off_t offset,
                 const void *caller) {
  bool code = (protection & PROT_EXEC) && is_our_caller(caller);
  int granted = code ? (protection & ~PROT_EXEC) | PROT_READ : protection;
  void *p = (void *)syscall(SYS_mmap, address, bytes, granted, flags, fd, offset);
  if (p != MAP_FAILED && (code || flags & MAP_FIXED)) {
    set_code(p, bytes, code);
  }
  return p;
}

SK_EXPORT void *mmap(void *address, size_t bytes, int protection, int flags, int fd, off_t offset) {
  return map(address, bytes, protection, flags, fd, offset, __builtin_return_address(0));
}

// The same function on a 64-bit system, and the one the caller's header may have named.
SK_EXPORT void *mmap64(void *address, size_t bytes, int protection, int flags, int fd,
                       off64_t offset) {
  return map(address, bytes, protection, flags, fd, offset, __builtin_return_address(0));
}

SK_EXPORT int mprotect(void *address, size_t bytes, int protection) {
  bool code = (protection & PROT_EXEC) && is_our_caller(__builtin_return_address(0));
  int granted = code ? (protection & ~PROT_EXEC) | PROT_READ : protection;
  int status = (int)syscall(SYS_mprotect, address, bytes, granted);
  if (status == 0) {
    set_code(address, bytes, code);
  }
  return status;
}

SK_EXPORT int munmap(void *address, size_t bytes) {
  set_code(address, bytes, false);
  return (int)syscall(SYS_munmap, address, bytes);
}

// --- the bridge ---

// As the assembly lays it out.
typedef struct bridge_frame {
  uint64_t gpr[16];
  uint64_t rip;
  uint64_t pad;
  uint8_t xmm[8][16];
} bridge_frame;

_Static_assert(sizeof(bridge_frame) == 272, "known to the assembly");

typedef struct level {
  sk_emu *emu;
  char *stack;
  uint64_t rsp;  // at entry, while in use
  unsigned generation;
} level;

typedef struct thread_state {
  level levels[MAX_DEPTH];
  unsigned depth;
} thread_state;

static pthread_key_t thread_key;
static atomic_ullong total_instructions, total_vector, total_calls, total_native, total_dirty;

bridge_frame *sk_emu_bridge_enter(const bridge_frame *frame);
void sk_emu_bridge_run(bridge_frame *frame);
extern const char sk_emu_bridge[];

__asm__(".text\n"
        ".globl sk_emu_bridge\n"
        ".hidden sk_emu_bridge\n"
        "sk_emu_bridge:\n"
        "  sub $128, %rsp\n"  // the return address only; no red zone at a call boundary
        "  sub $272, %rsp\n"
        "  mov %rax, 0(%rsp)\n  mov %rcx, 8(%rsp)\n  mov %rdx, 16(%rsp)\n  mov %rbx, 24(%rsp)\n"
        "  lea 400(%rsp), %rax\n  mov %rax, 32(%rsp)\n"
        "  mov %rbp, 40(%rsp)\n  mov %rsi, 48(%rsp)\n  mov %rdi, 56(%rsp)\n"
        "  .irp r,8,9,10,11,12,13,14,15\n  mov %r\\r, 8*\\r(%rsp)\n  .endr\n"
        "  mov %r11, 128(%rsp)\n"
        "  .irp r,0,1,2,3,4,5,6,7\n  movups %xmm\\r, 144+16*\\r(%rsp)\n  .endr\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call sk_emu_bridge_enter\n"  // copies the frame to the emulator's stack
        "  mov %rax, %rsp\n"
        "  mov %rax, %rbx\n"
        "  mov %rax, %rdi\n"
        "  call sk_emu_bridge_run\n"
        "  .irp r,0,1\n  movups 144+16*\\r(%rbx), %xmm\\r\n  .endr\n"
        "  .irp r,12,13,14,15\n  mov 8*\\r(%rbx), %r\\r\n  .endr\n"
        "  mov 0(%rbx), %rax\n  mov 16(%rbx), %rdx\n  mov 40(%rbx), %rbp\n"
        "  mov 32(%rbx), %rsp\n"
        "  mov 128(%rbx), %r11\n"
        "  mov 24(%rbx), %rbx\n"
        "  jmp *%r11\n");

static uint32_t features(void) {
  const char *names = getenv("SK_EMU_FEATURES");
  if (names == NULL) {
    return 0;
  }
  return (strstr(names, "vnni") ? SK_EMU_VNNI : 0u) | (strstr(names, "bf16") ? SK_EMU_BF16 : 0u) |
         (strstr(names, "popcntdq") ? SK_EMU_POPCNTDQ : 0u);
}

static void free_thread(void *state) {
  thread_state *thread = state;
  for (unsigned i = 0; i < MAX_DEPTH; ++i) {
    if (thread->levels[i].emu != NULL) {
      sk_emu_destroy(thread->levels[i].emu);
      syscall(SYS_munmap, thread->levels[i].stack, HOST_STACK);
    }
  }
  free(thread);
}

static thread_state *this_thread(void) {
  thread_state *thread = pthread_getspecific(thread_key);
  if (thread == NULL) {
    thread = calloc(1, sizeof *thread);
    if (thread == NULL || pthread_setspecific(thread_key, thread) != 0) {
      die("out of memory");
    }
  }
  return thread;
}

static level *open_level(thread_state *thread) {
  if (thread->depth == MAX_DEPTH) {
    die("calls nested too deeply");
  }
  level *l = &thread->levels[thread->depth];
  if (l->emu == NULL) {
    const sk_emu_options options = {
        .v3_only = getenv("SK_EMU_V3") != NULL, .features = features(), .stack_bytes = 4096};
    l->emu = sk_emu_create(&options);
    l->stack = (char *)syscall(SYS_mmap, NULL, (size_t)HOST_STACK, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, (off_t)0);
    if (l->emu == NULL || l->stack == MAP_FAILED) {
      die("out of memory");
    }
  }
  return l;
}

// A call nested in another has less stack left. Levels that have not more than this one were left by
// longjmp.
static void close_abandoned(thread_state *thread, uint64_t rsp) {
  while (thread->depth > 0 && thread->levels[thread->depth - 1].rsp <= rsp) {
    sk_emu_abandon(thread->levels[--thread->depth].emu);
  }
}

// Runs on the caller's stack, which belongs to the emulated code as soon as this has returned.
bridge_frame *sk_emu_bridge_enter(const bridge_frame *frame) {
  thread_state *thread = this_thread();
  close_abandoned(thread, frame->gpr[SK_EMU_RSP]);
  level *l = open_level(thread);
  l->rsp = frame->gpr[SK_EMU_RSP];
  bridge_frame *copy = (bridge_frame *)(l->stack + HOST_STACK - 1024);
  *copy = *frame;
  return copy;
}

static void check_preserved(const sk_emu_cpu *cpu, const bridge_frame *frame) {
  static const uint8_t saved[] = {SK_EMU_RBX, SK_EMU_RBP, 12, 13, 14, 15};
  for (size_t i = 0; i < sizeof saved; ++i) {
    if (cpu->gpr[saved[i]] != frame->gpr[saved[i]]) {
      die("function %#llx does not preserve register %u", (unsigned long long)frame->rip, saved[i]);
    }
  }
  if (cpu->gpr[SK_EMU_RSP] != frame->gpr[SK_EMU_RSP] + 8) {
    die("function %#llx returns with another stack pointer", (unsigned long long)frame->rip);
  }
  if ((cpu->mxcsr ^ _mm_getcsr()) & 0xffc0) {
    die("function %#llx changes MXCSR", (unsigned long long)frame->rip);
  }
}

static void load_cpu(sk_emu_cpu *cpu, const bridge_frame *frame) {
  for (unsigned r = 0; r < 32; ++r) {
    memset(&cpu->vec[r], r < 16 ? 0 : 0xff, sizeof cpu->vec[r]);
    memset(cpu->vec[r].u8, 0xff, 16);
  }
  memset(cpu->k, 0xa5, sizeof cpu->k);
  for (unsigned i = 0; i < 8; ++i) {
    memcpy(cpu->vec[i].u8, frame->xmm[i], 16);
  }
  memcpy(cpu->gpr, frame->gpr, sizeof cpu->gpr);
  cpu->gpr[11] = 0xa5a5a5a5a5a5a5a5u;
  cpu->rip = frame->rip;
  cpu->flags = 0;
  cpu->mxcsr = _mm_getcsr();
}

void sk_emu_bridge_run(bridge_frame *frame) {
  thread_state *thread = this_thread();
  level *l = &thread->levels[thread->depth++];
  sk_emu_range local[MAX_RANGES];
  pthread_mutex_lock(&range_lock);
  size_t count = range_count;
  memcpy(local, ranges, count * sizeof *ranges);
  unsigned generation = atomic_load(&range_generation);
  pthread_mutex_unlock(&range_lock);
  sk_emu_set_ranges(l->emu, local, count);
  if (l->generation != generation) {
    sk_emu_forget(l->emu);
    l->generation = generation;
  }
  sk_emu_cpu cpu;
  load_cpu(&cpu, frame);
  uint64_t back = *(const uint64_t *)(uintptr_t)frame->gpr[SK_EMU_RSP];
  sk_emu_result result = {0};
  int saved_errno = errno;
  if (sk_emu_run(l->emu, &cpu, back, &result) != 0) {
    die("%s", result.error);
  }
  errno = saved_errno;
  check_preserved(&cpu, frame);
  thread->depth -= 1;
  atomic_fetch_add(&total_calls, 1);
  atomic_fetch_add(&total_instructions, result.instructions);
  atomic_fetch_add(&total_vector, result.vector_instructions);
  atomic_fetch_add(&total_native, result.native_calls);
  atomic_fetch_add(&total_dirty, result.dirty_upper);
  memcpy(frame->gpr, cpu.gpr, sizeof cpu.gpr);
  frame->rip = back;
  memcpy(frame->xmm[0], cpu.vec[0].u8, 16);
  memcpy(frame->xmm[1], cpu.vec[1].u8, 16);
}

// --- faults ---

typedef int sigaction_fn(int, const struct sigaction *, struct sigaction *);

static sigaction_fn *real_sigaction(void) {
  static sigaction_fn *real;
  if (real == NULL) {
    void *symbol = dlsym(RTLD_NEXT, "sigaction");
    memcpy(&real, &symbol, sizeof real);
  }
  return real;
}

static struct sigaction theirs;  // what the program wants done about SIGSEGV

static void pass_on(int number, siginfo_t *info, void *context) {
  char text[256];
  if (sk_emu_describe(text, sizeof text)[0] != '\0') {
    fprintf(stderr, "emu: access to %p by %s\n", info->si_addr, text);
  }
  if (theirs.sa_flags & SA_SIGINFO) {
    theirs.sa_sigaction(number, info, context);
  } else if (theirs.sa_handler != SIG_DFL && theirs.sa_handler != SIG_IGN) {
    theirs.sa_handler(number);
  } else {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    real_sigaction()(number, &standard, NULL);  // the access is made again and kills
  }
}

static void on_fault(int number, siginfo_t *info, void *context) {
  ucontext_t *user = context;
  uintptr_t at = (uintptr_t)user->uc_mcontext.gregs[REG_RIP];
  if ((uintptr_t)info->si_addr == at && is_code(at)) {
    user->uc_mcontext.gregs[REG_R11] = (greg_t)at;
    user->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)sk_emu_bridge;
  } else {
    pass_on(number, info, context);
  }
}

SK_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  if (number != SIGSEGV) {
    return real_sigaction()(number, action, old);
  }
  struct sigaction before = theirs;
  if (action != NULL) {
    theirs = *action;
  }
  if (old != NULL) {
    *old = before;
  }
  return 0;
}

typedef void handler_fn(int);

SK_EXPORT handler_fn *signal(int number, handler_fn *handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

static void print_totals(void) {
  const char *path = getenv("SK_EMU_LOG");
  FILE *out = path != NULL ? fopen(path, "a") : stderr;
  if (out != NULL) {
    fprintf(out,
            "emu: %llu instructions, %llu of them vector, in %llu calls; %llu calls out; %llu "
            "times without vzeroupper\n",
            atomic_load(&total_instructions), atomic_load(&total_vector), atomic_load(&total_calls),
            atomic_load(&total_native), atomic_load(&total_dirty));
    if (path != NULL) {
      fclose(out);
    }
  }
}

__attribute__((constructor)) static void install(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  action.sa_sigaction = on_fault;
  real_sigaction()(SIGSEGV, &action, NULL);
  pthread_key_create(&thread_key, free_thread);
  if (getenv("SK_EMU_STATS") != NULL || getenv("SK_EMU_LOG") != NULL) {
    atexit(print_totals);
  }
}
