// SPDX-License-Identifier: Apache-2.0
// The pipeline as a list: which stage comes when, what it works on, what it may assume.
//
// A compilation owns one arena for everything behind the module, and the one setjmp frame to which
// passes, loop and gen bail when memory is exhausted (or an invariant of theirs is broken). Stages
// return located errors for what is wrong with the program.
//
// Around every stage: its name is looked up in --disable, time, memory and counts are recorded,
// --verify checks what came out, --dump writes it down.
#include "compile/compile.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/thread.h"
#include "compile/compile_int.h"
#include "ir/target.h"
#include "kern/kern.h"
#include "loop/lower.h"
#include "read/read.h"

// ---- the entry function

static bool is_private(const sk_module *m, sk_op func) {
  return sk_str_eq(sk_op_string(m, func, SK_NAME_sym_visibility), SK_STR("private"));
}

static sk_status find_entry(sk_compilation *c) {
  const sk_module *m = c->module;
  const char *name = c->in.entry ? c->in.entry : "main";
  c->entry = sk_module_find_func(m, sk_str_from(name));
  if (c->entry.id == 0 && !c->in.entry) {
    uint32_t candidates = 0;
    SK_FOR_EACH_OP(m, sk_op_region(m, m->root, 0), op) {
      if (sk_op_kind(m, op) == SK_OP_FUNC_FUNC && !is_private(m, op)) {
        c->entry = op;
        candidates++;
      }
    }
    if (candidates > 1) {
      return sk_status_new(SK_NOT_FOUND, "%s: %u public functions and none named @main; name one",
                           m->input_name, candidates);
    }
  }
  if (c->entry.id == 0) {
    return sk_status_new(SK_NOT_FOUND, "%s: there is no function @%s", m->input_name, name);
  }
  if (sk_func_body(m, c->entry).id == 0) {
    return sk_op_error(m, c->entry, SK_INVALID_ARGUMENT, "the entry function has no body");
  }
  return NULL;
}

// The type given for an argument as one of the module; none if it is not a type for it.
static sk_type given_type(const sk_compilation *c, const sk_arg_type *given, sk_type written) {
  const sk_type_rec rec = *sk_type_get(c->module, written);
  bool tensor = rec.kind == SK_TYPE_TENSOR || rec.kind == SK_TYPE_UNRANKED;
  int64_t dims[SK_MAX_RANK];
  bool any = given->type == SK_DTYPE_INVALID;
  if (any && given->dims == NULL) {
    return written;
  }
  if (!tensor || given->rank > SK_MAX_RANK ||
      (!any && sk_compile_dtype((sk_elem)rec.elem) != given->type)) {
    return (sk_type){0};
  }
  for (uint32_t i = 0; i < given->rank; i++) {
    dims[i] = given->dims[i] == -1 ? SK_DIM_UNKNOWN : given->dims[i];
  }
  sk_type type = sk_type_tensor(c->module, (sk_elem)rec.elem, given->rank, dims);
  return type.id != 0 && sk_type_compatible(c->module, written, type) ? type : (sk_type){0};
}

static bool is_scalar_int(const sk_type_rec *rec) {
  sk_elem_class kind = sk_elem_get_class((sk_elem)rec->elem);
  return rec->kind == SK_TYPE_TENSOR && rec->rank == 0 &&
         (kind == SK_CLASS_PRED || kind == SK_CLASS_SINT || kind == SK_CLASS_UINT);
}

// *out_changes: it says more than the program.
static sk_status read_arg_type(const sk_compilation *c, uint32_t i, sk_type written,
                               sk_refine_arg *out, bool *out_changes) {
  const sk_arg_type *given = &c->in.arg_types[i];
  *out = (sk_refine_arg){.type = given_type(c, given, written),
                         .known = given->value != NULL,
                         .value = given->value ? *given->value : 0};
  if (out->type.id == 0) {
    return sk_op_error(c->module, c->entry, SK_INVALID_ARGUMENT,
                       "argument %u cannot have the type that is given for it", i);
  }
  if (out->known && !is_scalar_int(sk_type_get(c->module, out->type))) {
    return sk_op_error(c->module, c->entry, SK_INVALID_ARGUMENT,
                       "argument %u is given a value, but it is no 0-D integer", i);
  }
  *out_changes = *out_changes || out->known || out->type.id != written.id;
  return NULL;
}

static bool are_static(const sk_module *m, const sk_type *types, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const sk_type_rec *rec = sk_type_get(m, types[i]);
    if (rec->kind == SK_TYPE_UNRANKED ||
        (rec->kind == SK_TYPE_TENSOR && !sk_type_is_static_tensor(m, types[i]))) {
      return false;
    }
  }
  return true;
}

enum { MAX_DEVICES = 256 };  // each has arguments and results of its own

uint32_t sk_compile_device_count(const sk_compilation *c) {
  const sk_flags *flags = c->in.flags;
  int64_t devices = flags->device ? 1 : SK_MAX(flags->devices, 1);
  return (uint32_t)(devices * SK_MAX(flags->replicas, 1));
}

static sk_status read_arg_types(sk_compilation *c) {
  const sk_type_rec f = *sk_func_type(c->module, c->entry);
  c->refines = sk_pass_needs_refine(c->module);
  c->unknown = !are_static(c->module, f.inputs, f.input_count) ||
               !are_static(c->module, f.results, f.result_count);
  if (!c->in.arg_types) {
    return NULL;
  }
  if (c->in.flags->devices > 1 || c->in.flags->replicas > 1) {
    return sk_status_new(SK_UNIMPLEMENTED, "types of arguments in a program for several devices");
  }
  if (c->in.arg_type_count != f.input_count) {
    return sk_status_new(SK_INVALID_ARGUMENT, "types of %zu arguments for a function of %u",
                         c->in.arg_type_count, f.input_count);
  }
  c->refine_args = SK_NEW_ARRAY(&c->arena, sk_refine_arg, f.input_count + 1);
  for (uint32_t i = 0; i < f.input_count; i++) {
    bool changes = false;
    SK_TRY(read_arg_type(c, i, f.inputs[i], &c->refine_args[i], &changes));
    c->refines = c->refines || changes;
    c->unknown = c->unknown || changes;
  }
  return NULL;
}

// ---- stages

// Programs written for XLA: every scatter says so, to whoever executes it.
static sk_status scatter_whole_windows(sk_module *m) {
  const sk_sym name = {SK_NAME_skarn_whole_windows};
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, m, sk_op_region(m, m->root, 0));
  while (sk_walk_next(&walker, &op)) {
    if (sk_op_kind(m, op) == SK_OP_SCATTER && !sk_op_set_attr(m, op, name, sk_attr_unit(m))) {
      return sk_status_no_memory();
    }
  }
  return NULL;
}

static sk_status check_devices(const sk_compilation *c) {
  const sk_flags *flags = c->in.flags;
  const uint32_t count = sk_compile_device_count(c);
  if (c->via == SK_VIA_INTERP && (count > 1 || flags->device > 0)) {
    return sk_status_new(SK_UNIMPLEMENTED, "the interpreter runs the program of one device");
  }
  if (count > MAX_DEVICES) {
    return sk_status_new(SK_UNIMPLEMENTED, "a program for %u devices, at most %d", count,
                         MAX_DEVICES);
  }
  if (flags->device > flags->devices || (flags->device > 0 && flags->replicas > 1)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "device %lld of %lld, for %lld replicas",
                         (long long)flags->device, (long long)flags->devices,
                         (long long)flags->replicas);
  }
  return NULL;
}

static sk_status run_parse(sk_compilation *c) {
  SK_TRY(check_devices(c));
  SK_TRY(sk_read_module(c->in.name, c->in.data, c->in.len, NULL, &c->module));
  c->op_count = sk_module_op_count(c->module);
  if (strcmp(c->in.flags->scatter, "window") == 0) {
    SK_TRY(scatter_whole_windows(c->module));
  }
  SK_TRY(find_entry(c));
  return read_arg_types(c);
}

static sk_status run_verify(sk_compilation *c) {
  return sk_module_verify(c->module, c->in.sink.report ? &c->in.sink : NULL);
}

static sk_status run_inline(sk_compilation *c) {
  SK_TRY(sk_pass_layout(c->module, c->entry));
  SK_TRY(sk_pass_partition(c->module, c->entry, &c->pass));
  const uint32_t devices = (uint32_t)c->in.flags->devices, device = (uint32_t)c->in.flags->device;
  if (device > 0) {
    SK_TRY(sk_pass_spread_apart(c->module, c->entry, devices, device - 1, &c->pass));
  } else if (devices > 1) {
    SK_TRY(sk_pass_spread(c->module, c->entry, devices, &c->pass));
  }
  if (c->in.flags->replicas > 1) {
    SK_TRY(sk_pass_replicate(c->module, c->entry, (uint32_t)c->in.flags->replicas, &c->pass));
  }
  return sk_pass_inline(c->module, c->entry, &c->pass);
}

static sk_status run_refine(sk_compilation *c) {
  return sk_pass_refine(c->module, c->entry, c->refine_args, c->in.partial, &c->pass);
}

static const char *target_name(sk_compilation *c, sk_op op) {
  sk_str target = sk_op_string(c->module, op, SK_NAME_call_target_name);
  return sk_arena_strndup(&c->arena, target.data, target.len);
}

// Orthogonal factors of many columns: LAPACK, where the host has it, works in blocks, and the expansion column by column.
static bool is_better_by_host(sk_compilation *c, sk_op op) {
  enum { MANY = 32 };
  sk_target_call call;
  sk_status unknown = sk_target_read(c->module, op, &call);
  bool large = !unknown && call.count > MANY &&
               (call.target == SK_TARGET_QR || call.target == SK_TARGET_HOUSEHOLDER);
  sk_status_free(unknown);
  return large && c->in.has_handler(c->in.handler_user, target_name(c, op));
}

static sk_status leave_to_host(sk_compilation *c, sk_region region) {
  sk_module *m = c->module;
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_op_kind(m, op) == SK_OP_CUSTOM_CALL && is_better_by_host(c, op) &&
        !sk_op_set_attr(m, op, (sk_sym){SK_NAME_skarn_by_host}, sk_attr_bool(m, true))) {
      return sk_status_no_memory();
    }
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      SK_TRY(leave_to_host(c, sk_op_region(m, op, i)));
    }
  }
  return NULL;
}

static sk_status run_expand(sk_compilation *c) {
  if (c->in.has_handler) {
    SK_TRY(leave_to_host(c, sk_func_body(c->module, c->entry)));
  }
  return sk_pass_expand(c->module, c->entry, &c->pass);
}

static sk_status run_checks(sk_compilation *c) { return sk_compile_lift_checks(c); }

static sk_status run_simplify(sk_compilation *c) {
  return sk_pass_simplify(c->module, c->entry, &c->pass);
}

static uint32_t type_code(sk_elem elem) { return (uint32_t)sk_compile_dtype(elem); }

static void make_plan(sk_compilation *c) {
  if (!c->planned) {
    sk_plan_init(&c->plan, c->module, &c->arena);
    c->plan.type_code = type_code;
    c->plan.token_code = SK_DTYPE_TOKEN;
    c->planned = true;
  }
}

static sk_status run_numerics(sk_compilation *c) {
  make_plan(c);
  sk_pass_numerics(c->module, c->entry, &c->pass, &c->plan, &c->arena);
  return NULL;
}

static sk_status run_fuse(sk_compilation *c) {
  make_plan(c);
  sk_pass_fuse(c->module, c->entry, &c->plan, &c->arena);
  return NULL;
}

// A custom call that nobody answers is an error here, at its place.
static sk_status check_calls(sk_compilation *c, sk_region region) {
  const sk_module *m = c->module;
  SK_FOR_EACH_OP(m, region, op) {
    if (sk_op_kind(m, op) == SK_OP_CUSTOM_CALL) {
      const char *name = target_name(c, op);
      sk_target_call known;
      if (!c->in.has_handler(c->in.handler_user, name)) {
        SK_TRY(sk_target_read(m, op, &known));  // one of ours, but not with these operands
        if (known.target == SK_TARGET_LU_STEPS) {
          continue;
        }
        return sk_op_error(m, op, SK_UNIMPLEMENTED,
                           "no handler for custom call target '%s' is registered", name);
      }
    }
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      SK_TRY(check_calls(c, sk_op_region(m, op, i)));
    }
  }
  return NULL;
}

static sk_status run_lower(sk_compilation *c) {
  if (c->in.has_handler) {
    SK_TRY(check_calls(c, sk_func_body(c->module, c->entry)));
  }
  return sk_lower_module(c->module, c->entry, &c->plan, &c->arena, &c->scratch, &c->prog);
}

static sk_status run_schedule(sk_compilation *c) {
  sk_donor *donors;
  uint32_t count = sk_compile_find_donors(c, &donors);
  sk_schedule_donors(&c->prog, donors, count);
  sk_schedule(&c->prog, c->guard);
  return NULL;
}

static sk_status run_vectorise(sk_compilation *c) {
  sk_loop_vectorise(&c->prog, c->vector_bytes);
  return NULL;
}

static sk_status run_gen(sk_compilation *c) {
  sk_gen_options options = {.isa = c->isa,
                            .features = c->features,
                            .vector_bytes = c->vector_bytes,
                            .emit_dot = sk_kern_emit_dot};
  return sk_gen_program(&c->prog, &options, &c->arena, &c->code);
}

static sk_status run_image(sk_compilation *c) { return sk_compile_package(c); }

typedef struct stage_row {
  const char *name, *help;
  sk_status (*run)(sk_compilation *c);
  sk_form form;
  bool optional;
} stage_row;

static const stage_row pipeline[SK_STAGE_COUNT] = {
#define X(id, name, form, optional, help)                                                          \
  [SK_STAGE_##id] = {#name, help, run_##name, SK_FORM_##form, optional},
#include "compile/stages.def"
#undef X
};

const char *sk_stage_name(sk_stage stage) { return pipeline[stage].name; }
const char *sk_stage_help(sk_stage stage) { return pipeline[stage].help; }
sk_form sk_stage_form(sk_stage stage) { return pipeline[stage].form; }

bool sk_stage_find(const char *name, sk_stage *out_stage) {
  for (int i = 0; i < SK_STAGE_COUNT; i++) {
    if (strcmp(pipeline[i].name, name) == 0) {
      *out_stage = (sk_stage)i;
      return true;
    }
  }
  return false;
}

// ---- around a stage

static uint64_t inst_count(const sk_prog *prog) {
  uint64_t count = 0;
  for (uint32_t i = 1; i < prog->kernels.count; i++) {
    count += prog->kernels.data[i].insts.count - 1;
  }
  return count;
}

// Operations of the entry function, instructions of the kernels, or machine instructions.
static uint64_t count_ops(const sk_compilation *c, sk_form form) {
  switch (form) {
    case SK_FORM_MODULE: return c->module ? sk_module_op_count(c->module) : 0;
    case SK_FORM_PROG: return inst_count(&c->prog);
    case SK_FORM_CODE:
    case SK_FORM_IMAGE: return c->code.inst_count;
  }
  return 0;
}

static uint64_t memory_bytes(const sk_compilation *c) {
  return c->arena.total_bytes + (c->module ? c->module->arena.total_bytes : 0);
}

static sk_status verify_form(const sk_compilation *c, sk_stage stage) {
  sk_status status = NULL;
  switch (pipeline[stage].form) {
    case SK_FORM_MODULE: status = sk_module_verify(c->module, NULL); break;
    case SK_FORM_PROG: status = sk_prog_verify(&c->prog); break;
    case SK_FORM_CODE: break;
    case SK_FORM_IMAGE: status = sk_image_check(&c->image); break;
  }
  return sk_status_note(status, "after stage %s", pipeline[stage].name);
}

sk_str sk_compile_program_name(const sk_compilation *c) {
  const sk_str name = sk_op_string(c->module, c->module->root, SK_NAME_sym_name);
  return name.len ? name : sk_func_name(c->module, c->entry);
}

// Until the program's name is known, the input's stands for it.
static void tell_profile(const sk_compilation *c, const char *stage, uint64_t begin_ns,
                         uint64_t end_ns) {
  const sk_profile *profile = c->in.profile;
  if (!profile || !sk_profile_is_on(profile)) {
    return;
  }
  char name[128];
  const sk_str known = c->module && c->entry.id != 0 ? sk_compile_program_name(c) : SK_STR("");
  snprintf(name, sizeof name, "%.*s", (int)known.len, known.data);
  profile->span(profile->user, stage,
                known.len    ? name
                : c->in.name ? c->in.name
                             : "",
                begin_ns, end_ns, 0);
}

static sk_status run_stage(sk_compilation *c, sk_stage stage) {
  const sk_flags *flags = c->in.flags;
  const stage_row *row = &pipeline[stage];
  sk_stage_record *record = &c->stages[stage];
  bool counts = flags->time;
  sk_form before = c->done >= 0 ? pipeline[c->done].form : SK_FORM_MODULE;
  record->ops_in = counts ? count_ops(c, before) : 0;
  uint64_t bytes = memory_bytes(c), begin_ns = sk_time_ns();
  c->scratch.bail = &c->bail;
  sk_status status = row->run(c);
  uint64_t scratch_bytes = sk_arena_peak(&c->scratch);
  sk_arena_fini(&c->scratch);
  uint64_t end_ns = sk_time_ns();
  record->ran = true;
  record->ns = end_ns - begin_ns;
  uint64_t now = memory_bytes(c);
  record->arena_bytes = scratch_bytes + (now > bytes ? now - bytes : 0);
  tell_profile(c, row->name, begin_ns, end_ns);
  SK_TRY(status);
  if (c->module) {
    c->module->arena.bail = &c->bail;
  }
  record->ops_out = counts ? count_ops(c, row->form) : 0;
  if (flags->verify) {
    SK_TRY(verify_form(c, stage));
  }
  return flags->dump[0] ? sk_compile_dump(c, stage) : NULL;
}

// The interpreter takes the module as it was verified, or, where a caller could not know the types of
// arguments and results, refined: its own tensors know their shapes.
static bool is_skipped(const sk_compilation *c, sk_stage stage) {
  bool interp = c->via == SK_VIA_INTERP;
  if (stage == SK_STAGE_REFINE && !c->refines) {
    return true;
  }
  if (stage == SK_STAGE_CHECKS) {
    return !c->in.checks;
  }
  if (interp && stage > (c->unknown ? SK_STAGE_REFINE : SK_STAGE_VERIFY) &&
      stage < SK_STAGE_IMAGE) {
    return true;
  }
  if (c->via == SK_VIA_LOOP && stage == SK_STAGE_GEN) {
    return true;
  }
  return pipeline[stage].optional &&
         sk_compile_list_has(c->in.flags->disable, pipeline[stage].name);
}

sk_status sk_compilation_run(sk_compilation *c, sk_stage last) {
  int why = setjmp(c->bail);
  if (why != 0) {
    sk_status status =
        why == 1 ? sk_status_no_memory() : sk_status_new(SK_INTERNAL, "a stage gave up (%d)", why);
    return sk_status_note(status, "in stage %s", pipeline[c->done + 1].name);
  }
  while (c->done < (int)last) {
    sk_stage next = (sk_stage)(c->done + 1);
    if (!is_skipped(c, next)) {
      SK_TRY(run_stage(c, next));
    }
    c->done = (int)next;
  }
  return NULL;
}

// ---- making and ending

static sk_status choose_target(sk_compilation *c) {
  const sk_flags *flags = c->in.flags;
  const sk_cpu *cpu = sk_cpu_get();
  c->via = strcmp(flags->via, "interp") == 0 ? SK_VIA_INTERP
           : strcmp(flags->via, "loop") == 0 ? SK_VIA_LOOP
                                             : SK_VIA_NATIVE;
  if (!sk_isa_parse(flags->isa, &c->isa)) {
    return sk_status_new(SK_INVALID_ARGUMENT, "'%s' is not an instruction set tier", flags->isa);
  }
  if (c->via == SK_VIA_NATIVE && (c->isa == SK_ISA_NONE || c->in.no_code)) {
    c->via = SK_VIA_LOOP;
  }
  c->features = c->isa == SK_ISA_V4 && cpu->isa == SK_ISA_V4 ? cpu->features : 0;
  c->vector_bytes = c->isa != SK_ISA_V4     ? 32
                    : cpu->isa == SK_ISA_V4 ? cpu->vector_bytes_native
                                            : 64;
  if (c->via == SK_VIA_NATIVE && strcmp(flags->guard, "none") != 0) {
    c->guard = strcmp(flags->guard, "end") == 0 ? SK_GUARD_END : SK_GUARD_START;
  }
  c->pass.strict = strcmp(flags->numerics, "strict") == 0;
  c->pass.bisect = flags->bisect;
  return NULL;
}

// What a runner goes on using must not be the caller's.
static sk_status keep_input(sk_compilation *c) {
  if (c->via == SK_VIA_NATIVE || c->in.len == 0) {
    return NULL;
  }
  c->in.data = sk_arena_copy(&c->arena, c->in.data, c->in.len, 64);
  return c->in.data ? NULL : sk_status_no_memory();
}

sk_status sk_compilation_create(const sk_compile_input *input, sk_compilation **out_compilation) {
  *out_compilation = NULL;
  sk_compilation *c = sk_mem_zalloc(sizeof *c);
  if (!c) {
    return sk_status_no_memory();
  }
  c->in = *input;
  c->done = -1;
  sk_arena_init(&c->arena);
  sk_arena_init(&c->scratch);
  sk_status status = choose_target(c);
  if (!status) {
    status = keep_input(c);
  }
  if (!status && input->from != SK_STAGE_PARSE) {
    status =
        sk_stage_form(input->from) != SK_FORM_PROG
            ? sk_status_new(SK_INVALID_ARGUMENT, "stage %s gives nothing that can be read back",
                            sk_stage_name(input->from))
            : sk_prog_parse(c->in.name, (sk_str){c->in.data, c->in.len}, &c->arena, &c->prog);
    c->done = (int)input->from;
  }
  if (status) {
    sk_compilation_destroy(c);
    return status;
  }
  c->arena.bail = &c->bail;
  *out_compilation = c;
  return NULL;
}

void sk_compilation_destroy(sk_compilation *c) {
  if (c) {
    sk_compile_end_guarded(c);
    sk_module_destroy(c->module);
    sk_mem_free(c->consts);
    sk_mem_free(c->previous_dump);
    sk_arena_fini(&c->scratch);
    sk_arena_fini(&c->arena);
    sk_mem_free(c);
  }
}

// ---- bytes to executable

static void free_consts(void *user, const void *data) {
  (void)data;
  sk_mem_free(user);
}

static void free_records(void *records) { sk_mem_free(records); }

const sk_stage_record *sk_compile_records(const sk_exec *exec) { return sk_exec_attachment(exec); }

// Loads the image. The constants go to the executable, or with the compilation to the runner.
static sk_status load_image(sk_client *client, sk_compilation *c, uint32_t device,
                            const char *capture_dir, sk_exec **out_exec) {
  const sk_flags *flags = c->in.flags;
  sk_exec_options options = {.device = device,
                             .threads = (uint32_t)flags->threads,
                             .memory_limit_bytes = (uint64_t)flags->memory_limit_bytes,
                             .perf_map = flags->perf_map,
                             .gdb = flags->gdb,
                             .allow_foreign = true,
                             .capture_dir = capture_dir,
                             .isa_unchecked = flags->isa_unchecked};
  sk_image image = c->image;
  if (c->via != SK_VIA_NATIVE) {
    sk_compile_make_runner(c, &options.runner);
  } else if (c->guard != SK_GUARD_NONE) {
    SK_TRY(sk_compile_make_guarded(c, &options.runner));
    image.step_count = image.fn_count = image.carried_count = 0;
    image.code_bytes = image.const_bytes = image.arena_bytes = 0;
    image.parallel = false;
  } else if (c->consts) {
    options.release = free_consts;
    options.release_user = c->consts;
  }
  if (flags->time) {
    options.attachment = (sk_attachment){sk_mem_alloc(sizeof c->stages), free_records};
    if (!options.attachment.data) {
      return sk_status_no_memory();
    }
    memcpy(options.attachment.data, c->stages, sizeof c->stages);
  }
  // What the executable keeps must not tie up blocks of the workspace.
  sk_arena_pool *workspace = sk_arena_use_pool(NULL);
  sk_status status = sk_exec_create(client, &image, &options, out_exec);
  sk_arena_use_pool(workspace);
  if (status) {
    free_records(options.attachment.data);
  } else if (options.release) {
    c->consts = NULL;
  }
  return status;
}

// A runner goes on using the compilation and owns it.
static bool is_kept(const sk_compilation *c) {
  return c->via != SK_VIA_NATIVE || c->guard != SK_GUARD_NONE;
}

static sk_status compile_with(sk_client *client, const sk_compile_input *input, uint32_t device,
                              const char *capture_dir, sk_exec **out_exec) {
  uint64_t begin_ns = sk_time_ns();
  sk_compilation *c;
  SK_TRY(sk_compilation_create(input, &c));
  sk_status status = sk_compilation_run(c, SK_STAGE_IMAGE);
  if (!status) {
    status = load_image(client, c, device, capture_dir, out_exec);
  }
  double parse_us = (double)c->stages[SK_STAGE_PARSE].ns / 1000;
  if (status || !is_kept(c)) {
    sk_compilation_destroy(c);
  }
  if (!status) {
    sk_exec_set_times(*out_exec, parse_us, (double)(sk_time_ns() - begin_ns) / 1000 - parse_us);
  }
  return status;
}

static bool has_handler(void *client, const char *target) {
  return sk_client_find_handler(client, target) != NULL;
}

sk_status sk_compile(sk_client *client, const sk_compile_input *input, uint32_t device,
                     sk_exec **out_exec) {
  *out_exec = NULL;
  sk_compile_input checked = *input;
  checked.no_code = checked.no_code || !sk_client_can_execute_code(client);
  sk_text bundle;
  sk_text_init(&bundle);
  sk_status status = input->flags->dump_to[0] ? sk_compile_capture(input, &bundle) : NULL;
  checked.has_handler = has_handler;
  checked.handler_user = client;
  sk_arena_pool *workspace = sk_client_take_workspace(client);
  sk_arena_pool *outer = sk_arena_use_pool(workspace);
  if (!status) {
    status = compile_with(client, &checked, device, bundle.data, out_exec);
  }
  sk_arena_use_pool(outer);
  sk_client_give_workspace(client, workspace);
  sk_text_fini(&bundle);
  return status;
}
