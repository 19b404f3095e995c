// SPDX-License-Identifier: Apache-2.0
// Programs without machine code: the loop runner and the reference interpreter as runners of the
// runtime.
//
//   loop     the program tree as `vectorise` left it, the same that gen would have turned into code
//   interp   the module as it was verified
//
// A runner that was compiled here owns its compilation. One that was loaded from a file owns the
// program parsed from its text: the loader is handed to the runtime when this library is loaded,
// since the runtime must not know the compiler. With it goes the workspace that a client keeps for
// its compilations: arena blocks, so that a compilation touches little memory for the first time.
#include "base/mem.h"
#include "compile/compile_int.h"
#include "interp/interp.h"
#include "lib/lib.h"

// ---- loop

static sk_status run_loop(void *state, void *const *args, void *const *results) {
  const sk_compilation *c = state;
  return sk_prog_run(&c->prog, sk_lib_find, args, results);
}

static void destroy_compilation(void *state) { sk_compilation_destroy(state); }

typedef struct loaded_loop {
  sk_arena arena;
  sk_prog prog;
} loaded_loop;

static sk_status run_loaded(void *state, void *const *args, void *const *results) {
  const loaded_loop *loaded = state;
  return sk_prog_run(&loaded->prog, sk_lib_find, args, results);
}

static void destroy_loaded(void *state) {
  loaded_loop *loaded = state;
  sk_arena_fini(&loaded->arena);
  sk_mem_free(loaded);
}

static sk_status parse_and_verify(const char *text, size_t len, loaded_loop *loaded) {
  // Parsing and verifying bail to here when memory is exhausted.
  jmp_buf bail;
  if (setjmp(bail) != 0) {
    return sk_status_no_memory();
  }
  loaded->arena.bail = &bail;
  SK_TRY(sk_prog_parse("executable", (sk_str){text, len}, &loaded->arena, &loaded->prog));
  return sk_prog_verify(&loaded->prog);
}

static sk_status load_loop(const char *text, size_t len, sk_runner *out_runner) {
  loaded_loop *loaded = sk_mem_zalloc(sizeof *loaded);
  if (!loaded) {
    return sk_status_no_memory();
  }
  sk_arena_init(&loaded->arena);
  // The program may borrow from its text, which need not live as long.
  char *copy = sk_arena_strndup(&loaded->arena, text, len);
  sk_status status = copy ? parse_and_verify(copy, len, loaded) : sk_status_no_memory();
  loaded->arena.bail = NULL;
  if (status) {
    destroy_loaded(loaded);
    return status;
  }
  *out_runner = (sk_runner){"loop", run_loaded, destroy_loaded, loaded};
  return NULL;
}

// ---- interp

static sk_status run_interp(void *state, void *const *args, void *const *results) {
  const sk_compilation *c = state;
  return sk_interp_run(c->module, c->entry, (const void *const *)args, results);
}

// ---- both

void sk_compile_make_runner(sk_compilation *c, sk_runner *out_runner) {
  c->arena.bail = NULL;
  if (c->module) {
    c->module->arena.bail = NULL;
  }
  *out_runner = c->via == SK_VIA_INTERP ? (sk_runner){"interp", run_interp, destroy_compilation, c}
                                        : (sk_runner){"loop", run_loop, destroy_compilation, c};
}

// ---- what the runtime is told

enum { WARM_BLOCKS = 5, WARM_BYTES = 128 << 10, KEPT_BYTES = 8 << 20 };

static void *create_workspace(void) {
  sk_arena_pool *pool = sk_mem_alloc(sizeof *pool);
  if (pool) {
    sk_arena_pool_init(pool, KEPT_BYTES);
    for (int i = 0; i < WARM_BLOCKS; i++) {
      (void)sk_arena_pool_warm(pool, WARM_BYTES);  // without it things are only slower
    }
  }
  return pool;
}

static void destroy_workspace(void *workspace) {
  sk_arena_pool_fini(workspace);
  sk_mem_free(workspace);
}

SK_CONSTRUCTOR static void install(void) {
  static const sk_rt_compiler compiler = {load_loop, create_workspace, destroy_workspace};
  sk_rt_install_compiler(&compiler);
}
