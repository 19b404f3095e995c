// SPDX-License-Identifier: Apache-2.0
// The library that runs a program's generated code on the emulator, seen from such a program: this one
// starts itself again with LD_PRELOAD set, makes AVX-512 code at run time and calls it as any program
// would: from several threads, from callbacks of its own, up to a guard page with a fault handler.
// Outside the preload library the code would need a processor with AVX-512.

#include "emu/emu.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

// uint64_t square(float *out, const float *in, void (*callback)(float *)): out = in + in[0], callback,
// out = out * out, for 16 lanes; 42
extern const char preload_square[], preload_square_end[];
__asm__(".text\n"
        "preload_square:\n"
        "  push %rbx\n"
        "  mov %rdi, %rbx\n"
        "  vmovups (%rsi), %zmm16\n"
        "  vaddps (%rsi){1to16}, %zmm16, %zmm17\n"
        "  vmovups %zmm17, (%rdi)\n"
        "  call *%rdx\n"
        "  vmovups (%rbx), %zmm1\n"
        "  vmulps %zmm1, %zmm1, %zmm1\n"
        "  vmovups %zmm1, (%rbx)\n"
        "  vzeroupper\n"
        "  mov $42, %eax\n"
        "  pop %rbx\n"
        "  ret\n"
        "preload_square_end:\n");

typedef uint64_t square_fn(float *out, const float *in, void (*callback)(float *));

static square_fn *make_code(void) {
  size_t length = (size_t)(preload_square_end - preload_square);
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(page != MAP_FAILED);
  memcpy(page, preload_square, length);
  assert_int_equal(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
  square_fn *function;
  memcpy(&function, &page, sizeof function);
  return function;
}

static void free_code(square_fn *function) {
  void *page;
  memcpy(&page, &function, sizeof page);
  assert_int_equal(munmap(page, 4096), 0);
}

static square_fn *nested;
static unsigned depth;

static void add_one(float *p) { p[0] += 1; }

static void call_again(float *p) {
  float in[16] = {5}, out[16];
  if (++depth < 4) {
    assert_int_equal(nested(out, in, call_again), 42);
  }
  p[0] += 1;
}

static void test_call_and_callback(void **state) {
  (void)state;
  square_fn *square = make_code();
  float in[16], out[16];
  for (int i = 0; i < 16; ++i) {
    in[i] = (float)i + 1;
  }
  assert_int_equal(square(out, in, add_one), 42);
  for (int i = 0; i < 16; ++i) {
    float sum = (float)i + 2 + (i == 0);
    assert_true(out[i] == sum * sum);
  }
  free_code(square);
}

static void test_nested_calls(void **state) {
  (void)state;
  float in[16] = {5}, out[16];
  nested = make_code();
  depth = 0;
  assert_int_equal(nested(out, in, call_again), 42);
  assert_int_equal(depth, 4);
  assert_true(out[0] == 121);
  free_code(nested);
}

static void *work(void *code) {
  square_fn *square;
  memcpy(&square, &code, sizeof square);
  float in[16] = {1, 2}, out[16];
  for (int i = 0; i < 200; ++i) {
    if (square(out, in, add_one) != 42 || out[1] != 9) {
      return code;
    }
  }
  return NULL;
}

static void test_threads(void **state) {
  (void)state;
  square_fn *square = make_code();
  void *code;
  memcpy(&code, &square, sizeof code);
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, work, code), 0);
  }
  for (int i = 0; i < 4; ++i) {
    void *failed;
    pthread_join(threads[i], &failed);
    assert_null(failed);
  }
  free_code(square);
}

// Code that is written anew through another mapping of its memory, as the runtime does.
static void test_rewritten(void **state) {
  (void)state;
  static const unsigned char code[6] = {0xb8, 1, 0, 0, 0, 0xc3};  // mov eax, 1; ret
  int fd = memfd_create("code", MFD_CLOEXEC);
  assert_true(fd >= 0 && ftruncate(fd, 4096) == 0);
  unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  void *twin = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  assert_true(page != MAP_FAILED && twin != MAP_FAILED);
  int (*function)(void);
  memcpy(&function, &twin, sizeof function);
  memcpy(page, code, sizeof code);
  assert_int_equal(function(), 1);
  page[1] = 2;
  assert_int_equal(function(), 2);
  munmap(twin, 4096);
  munmap(page, 4096);
  close(fd);
}

static sigjmp_buf fault_jump;

static void on_fault(int number) {
  (void)number;
  siglongjmp(fault_jump, 1);
}

// The program's own handler gets the faults its code makes, and code runs on after a jump out of
// the handler, any number of times.
static void test_fault_handler(void **state) {
  (void)state;
  square_fn *square = make_code();
  char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  assert_true(map != MAP_FAILED);
  assert_int_equal(mprotect(map + 4096, 4096, PROT_NONE), 0);
  struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER}, old;
  assert_int_equal(sigaction(SIGSEGV, &action, &old), 0);
  float in[16] = {1}, out[16];
  volatile int faults = 0;
  for (volatile int i = 0; i < 20; ++i) {
    if (sigsetjmp(fault_jump, 1) == 0) {
      square(out, (const float *)(const void *)(map + 4096 - 60), add_one);
    } else {
      faults += 1;
    }
  }
  assert_int_equal(faults, 20);
  assert_int_equal(square(out, in, add_one), 42);
  assert_int_equal(sigaction(SIGSEGV, &old, NULL), 0);
  munmap(map, 8192);
  free_code(square);
}

// The library lies beside this program; only builds with sanitizers have none.
static int start_again(char **argv) {
  static const char library[] = "libsk_emu_preload.so";
  const char *sanitizers = getenv("SK_TEST_SANITIZE");
  if (sanitizers != NULL && sanitizers[0] != 0) {
    printf("skipped: built with sanitizers\n");
    return 77;
  }
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof library);
  while (length > 0 && path[length - 1] != '/') {
    length -= 1;
  }
  if (length <= 0) {
    fprintf(stderr, "the path of this program cannot be read\n");
    return 1;
  }
  memcpy(path + length, library, sizeof library);
  if (access(path, R_OK) != 0) {
    fprintf(stderr, "there is no %s\n", path);
    return 1;
  }
  setenv("LD_PRELOAD", path, 1);
  setenv("SK_EMU_CALLERS", "test_emu_preload", 1);
  setenv("SK_EMU_STATS", "1", 1);
  execv("/proc/self/exe", argv);
  perror("starting again");
  return 1;
}

int main(int argc, char **argv) {
  (void)argc;
  const char *preloaded = getenv("LD_PRELOAD");
  if (preloaded == NULL || strstr(preloaded, "libsk_emu_preload") == NULL) {
    return start_again(argv);
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_call_and_callback), cmocka_unit_test(test_nested_calls),
      cmocka_unit_test(test_threads),           cmocka_unit_test(test_rewritten),
      cmocka_unit_test(test_fault_handler),
  };
  return cmocka_run_group_tests_name("emu_preload", tests, NULL, NULL);
}
