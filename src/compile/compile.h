// SPDX-License-Identifier: Apache-2.0
// The pipeline: one program from bytes to an executable, stage by stage (stages.def).
//
//   bytes -> module -> ... -> plan -> program tree and kernels -> machine code -> image ->
//   executable
//
// sk_compile does all of it. Tools that look at what stages do make a sk_compilation, run it up to
// a stage and print its current form. A compilation belongs to one thread; any number may run at
// once.
#ifndef SK_COMPILE_COMPILE_H
#define SK_COMPILE_COMPILE_H

#include "base/guard.h"
#include "gen/gen.h"
#include "pass/pass.h"
#include "rt/rt.h"

typedef enum sk_stage {
#define X(name, ...) SK_STAGE_##name,
#include "compile/stages.def"
#undef X
  SK_STAGE_COUNT
} sk_stage;

typedef enum sk_form { SK_FORM_MODULE, SK_FORM_PROG, SK_FORM_CODE, SK_FORM_IMAGE } sk_form;

const char *sk_stage_name(sk_stage stage);  // "parse"
const char *sk_stage_help(sk_stage stage);
sk_form sk_stage_form(sk_stage stage);  // of what there is after the stage
bool sk_stage_find(const char *name, sk_stage *out_stage);

typedef enum sk_via { SK_VIA_NATIVE, SK_VIA_LOOP, SK_VIA_INTERP } sk_via;

typedef struct sk_arg_type {
  sk_dtype type;  // SK_DTYPE_INVALID: as the program says
  uint32_t rank;
  const int64_t *dims;   // -1: as the program says; without type and dims, so is the shape
  const int64_t *value;  // of a 0-D integer that shapes depend on; NULL: not known
} sk_arg_type;

typedef struct sk_compile_input {
  const char *name;  // of the file, for messages
  const void *data;
  size_t len;
  const char *entry;      // NULL: "main", or the only function
  const sk_flags *flags;  // borrowed until the compilation is destroyed
  sk_diag_sink sink;      // report NULL: none
  const sk_log *log;
  const sk_profile *profile;
  const sk_arg_type *arg_types;  // refine those of the entry; NULL: not given
  size_t arg_type_count;
  bool partial;  // unknown dimensions may be left after `refine`, where the caller stops
  struct sk_checks *checks;  // testing: stage `checks` runs; NULL: it does nothing
  bool no_code;              // executable memory is forbidden: native becomes loop
  // Whether the runtime can call a function of the host's; NULL: not asked.
  bool (*has_handler)(void *user, const char *target);
  void *handler_user;
  sk_stage from;  // input is what this stage gives; PARSE (0) for a program
} sk_compile_input;

typedef struct sk_stage_record {
  bool ran;
  uint64_t ns, arena_bytes;
  uint64_t ops_in, ops_out;  // operations, instructions of the loop IR, machine instructions
} sk_stage_record;

// Fields are for the stages, and for tools to read.
typedef struct sk_compilation {
  sk_compile_input in;
  sk_via via;
  sk_isa isa;
  uint32_t features, vector_bytes;
  sk_guard guard;     // testing: native code runs on guarded memory (guarded.c)
  sk_arena arena;     // everything but the module; bails to `bail` while stages run
  sk_arena scratch;   // working memory of the running stage, gone when it ends; bails likewise
  sk_module *module;  // owned; NULL before parse and for later forms of input
  sk_op entry;
  sk_refine_arg *refine_args;  // by argument; NULL: types as written
  bool refines;                // stage `refine` runs
  bool unknown;                // the signature has unknown dimensions before it
  sk_pass_options pass;
  sk_plan plan;
  bool planned;  // plan is there (numerics, fuse)
  sk_prog prog;
  sk_gen_code code;
  sk_image image;
  void *consts;      // owned: constant pool of the image
  char *guard_code;  // owned: executable mapping of guarded.c; NULL: none
  uint64_t op_count;
  sk_stage_record stages[SK_STAGE_COUNT];
  int done;             // last stage that ran; -1 = none
  char *previous_dump;  // owned, for print-changed
  uint32_t dump_count;
  jmp_buf bail;
} sk_compilation;

sk_status sk_compilation_create(const sk_compile_input *input,
                                sk_compilation **out_compilation) SK_NODISCARD;
// Runs the stages that are left, up to and including `last`. After an error only destroy is left.
sk_status sk_compilation_run(sk_compilation *c, sk_stage last) SK_NODISCARD;
// The current form: StableHLO, program tree with loop IR, machine code as bytes, or the plan.
void sk_compilation_print(const sk_compilation *c, sk_text *out);
void sk_compilation_destroy(sk_compilation *c);  // NULL is fine

// Bytes to executable. Flags of the runtime (threads, memory-limit, perf-map) are taken from the
// input's flags too.
sk_status sk_compile(sk_client *client, const sk_compile_input *input, uint32_t device,
                     sk_exec **out_exec) SK_NODISCARD;
// Records by stage of an executable that was compiled here; NULL otherwise.
const sk_stage_record *sk_compile_records(const sk_exec *exec);

// ---- programs as such

// Reads, and verifies if asked: name, data, len and sink of the input are used.
sk_status sk_program_read(const sk_compile_input *input, bool verify,
                          sk_module **out_module) SK_NODISCARD;
// form: "text", "generic", "bytecode" or "portable@VERSION"; the rest is about text. *out may hold
// NULs.
sk_status sk_program_write(const sk_module *module, const char *form, bool locations,
                           uint32_t elide_elements, sk_text *out) SK_NODISCARD;
// The same of what the stage `inline` makes of a program.
sk_status sk_program_write_inlined(const sk_compile_input *input, const char *form, bool locations,
                                   uint32_t elide_elements, sk_text *out) SK_NODISCARD;

typedef struct sk_program_limit {
  const char *name, *what;
  uint64_t value;
} sk_program_limit;
const sk_program_limit *sk_program_limits(size_t *out_count);  // static

sk_dtype sk_compile_dtype(sk_elem elem);  // SK_DTYPE_INVALID: buffers cannot hold it

#endif
