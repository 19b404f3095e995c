// SPDX-License-Identifier: Apache-2.0
// Module signature + program + machine code -> executable image.
//
//   signature   from the entry function: types, and what its attributes say of donation, memory,
//               layout, sharding. Without a module: from the program's buffers, as vectors
//   plan        one native step; or one loop step with the program as text; or none (interpreter)
//   slots       arguments, results, then the carried buffers in the order of their slots
//   constants   every constant buffer at the offset that `schedule` gave it
//
// Everything lies in the compilation's arena, but the constants: they go to the executable as they
// are, so that large ones are copied once.
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "compile/compile_int.h"

// ---- types

sk_dtype sk_compile_dtype(sk_elem elem) {
  // Element types that no buffer holds.
  enum { SK_DTYPE_TF32, SK_DTYPE_INDEX = 0, SK_DTYPE_QUANT = 0 };
  static const uint8_t dtypes[SK_ELEM_COUNT] = {
#define X(name, ...) [SK_##name] = SK_DTYPE_##name,
#include "ir/types.def"
#undef X
  };
  return (unsigned)elem < SK_ELEM_COUNT ? (sk_dtype)dtypes[elem] : SK_DTYPE_INVALID;
}

static sk_dtype mem_dtype(sk_mem mem) {
  switch (mem) {
    case SK_MEM_PRED: return SK_DTYPE_PRED;
    case SK_MEM_S8: return SK_DTYPE_S8;
    case SK_MEM_U8: return SK_DTYPE_U8;
    case SK_MEM_S16: return SK_DTYPE_S16;
    case SK_MEM_U16: return SK_DTYPE_U16;
    case SK_MEM_I32: return SK_DTYPE_S32;
    case SK_MEM_I64: return SK_DTYPE_S64;
    case SK_MEM_F32: return SK_DTYPE_F32;
    case SK_MEM_F64: return SK_DTYPE_F64;
    case SK_MEM_NONE:
    case SK_MEM_COUNT: break;
  }
  return SK_DTYPE_INVALID;
}

// ---- signature

typedef struct signature {
  sk_compilation *c;
  const sk_module *m;
  bool is_result;
  uint32_t arg_count;  // of all devices
} signature;

static const char *text_of(sk_arena *arena, sk_text *text) {
  const char *copy = text->failed ? NULL : sk_arena_strndup(arena, text->data, text->len);
  sk_text_fini(text);
  return copy;
}

static sk_attr find_attr(const signature *s, uint32_t index, const char *name) {
  sk_sym sym;
  if (!sk_intern_find(&s->m->strings, sk_str_from(name), &sym)) {
    return (sk_attr){0};
  }
  return s->is_result ? sk_func_result_attr(s->m, s->c->entry, index, sym)
                      : sk_func_arg_attr(s->m, s->c->entry, index, sym);
}

// The attribute as text: strings bare, anything else as printed; `otherwise` if it is absent.
static const char *attr_text(const signature *s, uint32_t index, const char *name,
                             const char *otherwise) {
  sk_attr attr = find_attr(s, index, name);
  if (attr.id == 0) {
    return otherwise;
  }
  const sk_attr_rec *rec = sk_attr_get(s->m, attr);
  if (rec->kind == SK_ATTR_STRING) {
    sk_str text = sk_sym_str(&s->m->strings, rec->u.sym);
    return sk_arena_strndup(&s->c->arena, text.data, text.len);
  }
  sk_text text;
  sk_text_init(&text);
  sk_attr_print(s->m, attr, &text);
  return text_of(&s->c->arena, &text);
}

static sk_status fill_type(const signature *s, sk_type type, sk_image_value *out) {
  const sk_type_rec *rec = sk_type_get(s->m, type);
  sk_text text;
  sk_text_init(&text);
  sk_type_print(s->m, type, &text);
  out->type_text = text_of(&s->c->arena, &text);
  if (!out->type_text) {
    return sk_status_no_memory();
  }
  out->dims = rec->dims;
  out->rank = rec->rank;
  if (rec->kind == SK_TYPE_TOKEN) {
    out->type = SK_DTYPE_TOKEN;
    out->rank = 0;
    return NULL;
  }
  sk_elem elem = (sk_elem)rec->elem;
  if (elem == SK_QUANT && rec->quant) {
    elem = rec->quant->storage;
  }
  out->type = sk_compile_dtype(elem);
  if (!sk_type_is_static_tensor(s->m, type) || out->type == SK_DTYPE_INVALID) {
    return sk_op_error(s->m, s->c->entry, SK_UNIMPLEMENTED,
                       "a %s of the entry function has type %s, which no buffer holds yet",
                       s->is_result ? "result" : "argument", out->type_text);
  }
  return NULL;
}

static sk_status fill_value(const signature *s, uint32_t index, sk_type type, sk_image_value *out) {
  *out = (sk_image_value){.alias = -1, .shares = -1};
  SK_TRY(fill_type(s, type, out));
  out->name = attr_text(s, index, "jax.result_info", "");
  out->memory_kind = attr_text(s, index, "mhlo.memory_kind", "device");
  out->layout = attr_text(s, index, "mhlo.layout_mode", "");
  out->sharding = attr_text(s, index, "sdy.sharding", NULL);
  if (!out->sharding) {
    out->sharding = attr_text(s, index, "mhlo.sharding", "");
  }
  return out->name && out->memory_kind && out->layout && out->sharding ? NULL
                                                                       : sk_status_no_memory();
}

// Is `index` an item of the option donate=0,2?
static bool is_listed(const char *list, uint32_t index) {
  for (sk_str rest = sk_str_from(list); rest.len != 0;) {
    const char *comma = memchr(rest.data, ',', rest.len);
    sk_str item = {rest.data, comma ? (size_t)(comma - rest.data) : rest.len};
    uint64_t number;
    if (sk_str_to_u64(item, &number) && number == index) {
      return true;
    }
    rest.data += item.len + (comma != NULL);
    rest.len -= item.len + (comma != NULL);
  }
  return false;
}

// The option counts the arguments of one device.
static bool is_given_up(const signature *s, uint32_t index) {
  uint32_t per_device = s->arg_count / sk_compile_device_count(s->c);
  return is_listed(s->c->in.flags->donate, per_device != 0 ? index % per_device : index);
}

static bool is_offered(const signature *s, uint32_t index) {
  sk_attr donor = find_attr(s, index, "jax.buffer_donor");
  return donor.id != 0 && sk_attr_get(s->m, donor)->kind == SK_ATTR_BOOL &&
         sk_attr_get(s->m, donor)->u.i != 0;
}

static bool is_donor(const signature *s, uint32_t index) {
  return is_given_up(s, index) || is_offered(s, index);
}

// The result that shares the argument's storage, as the program says; -1: none. Errors are told
// when the image is made.
static int64_t aliased_result(const signature *s, uint32_t index) {
  sk_attr alias = find_attr(s, index, "tf.aliasing_output");
  const sk_attr_rec *rec = alias.id != 0 ? sk_attr_get(s->m, alias) : NULL;
  return rec && rec->kind == SK_ATTR_INT ? rec->u.i : -1;
}

uint32_t sk_compile_find_donors(sk_compilation *c, sk_donor **out_donors) {
  *out_donors = NULL;
  if (!c->module) {
    return 0;
  }
  const sk_type_rec *f = sk_func_type(c->module, c->entry);
  signature s = {c, c->module, false, f->input_count};
  uint32_t count = 0;
  for (uint32_t i = 0; i < f->input_count; i++) {
    int64_t result = aliased_result(&s, i);
    bool named = result >= 0 && result < (int64_t)f->result_count;
    if (!named && !is_donor(&s, i)) {
      continue;
    }
    if (!*out_donors) {
      *out_donors = SK_NEW_ARRAY(&c->arena, sk_donor, f->input_count);
    }
    (*out_donors)[count++] = (sk_donor){i, named ? (uint32_t)result : SK_ANY_RESULT};
  }
  return count;
}

static sk_status fill_donation(const signature *s, uint32_t index, sk_image_value *arg,
                               sk_image_value *results, uint32_t result_count) {
  sk_attr alias = find_attr(s, index, "tf.aliasing_output");
  arg->donor = is_given_up(s, index);
  if (alias.id == 0) {
    return NULL;
  }
  const sk_attr_rec *rec = sk_attr_get(s->m, alias);
  if (rec->kind != SK_ATTR_INT || rec->u.i < 0 || rec->u.i >= (int64_t)result_count) {
    return sk_op_error(s->m, s->c->entry, SK_INVALID_ARGUMENT,
                       "tf.aliasing_output of argument %u does not name a result", index);
  }
  arg->donor = true;
  arg->alias = (int32_t)rec->u.i;
  results[rec->u.i].alias = (int32_t)index;
  return NULL;
}

static int64_t bytes_of(const sk_image_value *v) {
  int64_t bytes = sk_dtype_bytes((sk_dtype)v->type);
  for (uint32_t d = 0; d < v->rank; d++) {
    bytes *= v->dims[d];
  }
  return bytes;
}

// An argument that is offered is used up where a result on its device could take its storage, as XLA
// has it: one of as many bytes; each result takes one.
static void take_offers(const signature *s, sk_image_value *args, const sk_image_value *results,
                        uint32_t result_count) {
  uint32_t devices = sk_compile_device_count(s->c), own_args = s->arg_count / devices,
           own_results = result_count / devices;
  bool *taken = sk_arena_zalloc(&s->c->arena, result_count + 1, 1);
  for (uint32_t i = 0; i < s->arg_count && own_results != 0; i++) {
    uint32_t first = i / own_args * own_results;
    for (uint32_t r = first; is_offered(s, i) && !args[i].donor && r < first + own_results; r++) {
      if (!taken[r] && results[r].alias < 0 && bytes_of(&args[i]) == bytes_of(&results[r])) {
        taken[r] = args[i].donor = true;
      }
    }
  }
}

static sk_status sign_from_module(sk_compilation *c) {
  const sk_type_rec *f = sk_func_type(c->module, c->entry);
  sk_image *image = &c->image;
  sk_image_value *args = SK_NEW_ARRAY(&c->arena, sk_image_value, f->input_count + 1);
  sk_image_value *results = SK_NEW_ARRAY(&c->arena, sk_image_value, f->result_count + 1);
  signature s = {c, c->module, true, f->input_count};
  for (uint32_t i = 0; i < f->result_count; i++) {
    SK_TRY(fill_value(&s, i, f->results[i], &results[i]));
  }
  s.is_result = false;
  for (uint32_t i = 0; i < f->input_count; i++) {
    SK_TRY(fill_value(&s, i, f->inputs[i], &args[i]));
    SK_TRY(fill_donation(&s, i, &args[i], results, f->result_count));
  }
  take_offers(&s, args, results, f->result_count);
  image->args = args;
  image->results = results;
  image->arg_count = f->input_count;
  image->result_count = f->result_count;
  const sk_str name = sk_compile_program_name(c);
  image->name = sk_arena_strndup(&c->arena, name.data, name.len);
  return NULL;
}

static void sign_from_program(sk_compilation *c) {
  const sk_prog *prog = &c->prog;
  sk_image_value *values =
      SK_NEW_ARRAY(&c->arena, sk_image_value, prog->arg_count + prog->result_count + 1);
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *buf = &prog->bufs.data[i];
    if (buf->kind != SK_BUF_ARG && buf->kind != SK_BUF_RESULT) {
      continue;
    }
    sk_dtype type = mem_dtype((sk_mem)buf->mem);
    int64_t *dims = SK_NEW_ARRAY(&c->arena, int64_t, 1);
    dims[0] = buf->elems;
    values[buf->index + (buf->kind == SK_BUF_RESULT ? prog->arg_count : 0)] =
        (sk_image_value){.name = "",
                         .type_text = sk_arena_printf(&c->arena, "tensor<%lldx%s>",
                                                      (long long)buf->elems, sk_dtype_name(type)),
                         .memory_kind = "device",
                         .layout = "",
                         .sharding = "",
                         .dims = dims,
                         .rank = 1,
                         .type = type,
                         .alias = -1,
                         .shares = -1};
  }
  c->image.args = values;
  c->image.results = values + prog->arg_count;
  c->image.arg_count = prog->arg_count;
  c->image.result_count = prog->result_count;
  c->image.name = prog->name;
}

// ---- memory

static uint32_t root_of(const sk_prog *prog, uint32_t buf) {
  while (prog->bufs.data[buf].alias != 0) {
    buf = prog->bufs.data[buf].alias - 1;
  }
  return buf;
}

// Results that the program writes into an argument's storage.
static sk_status fill_shares(sk_compilation *c) {
  const sk_prog *prog = &c->prog;
  sk_image_value *results = (sk_image_value *)(uintptr_t)c->image.results;
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *buf = &prog->bufs.data[i];
    const sk_buf *root = &prog->bufs.data[root_of(prog, i)];
    if (buf->kind != SK_BUF_RESULT || root == buf) {
      continue;
    }
    if (root->kind != SK_BUF_ARG) {
      return sk_status_new(SK_INTERNAL, "result %u shares the storage of buffer %u", buf->index,
                           root_of(prog, i));
    }
    results[buf->index].shares = (int32_t)root->index;
  }
  return NULL;
}

static sk_status fill_carried(sk_compilation *c) {
  const sk_prog *prog = &c->prog;
  uint32_t first = prog->arg_count + prog->result_count;
  uint32_t count = prog->slot_count > first ? prog->slot_count - first : 0;
  uint64_t *carried = SK_NEW_ARRAY(&c->arena, uint64_t, count + 1);
  memset(carried, 0, (count + 1) * sizeof *carried);
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *buf = &prog->bufs.data[i];
    if (buf->kind != SK_BUF_TEMP || !buf->slot || buf->alias != 0 || buf->offset < 0) {
      continue;
    }
    if (buf->slot_index < first || buf->slot_index >= prog->slot_count) {
      return sk_status_new(SK_INTERNAL, "buffer %u has slot %u of %u", i, buf->slot_index,
                           prog->slot_count);
    }
    carried[buf->slot_index - first] = (uint64_t)buf->offset;
  }
  c->image.carried = carried;
  c->image.carried_count = count;
  return NULL;
}

static sk_status fill_consts(sk_compilation *c) {
  const sk_prog *prog = &c->prog;
  if (prog->const_bytes == 0) {
    return NULL;
  }
  char *pool = sk_mem_alloc_aligned(prog->const_bytes, 64);
  if (!pool) {
    return sk_status_no_memory();
  }
  c->consts = pool;
  uint64_t end = 0;  // filled so far; constants come in the order of their offsets
  for (uint32_t i = 1; i < prog->bufs.count; i++) {
    const sk_buf *buf = &prog->bufs.data[i];
    if (buf->kind != SK_BUF_CONST || buf->offset < 0) {
      continue;
    }
    uint64_t at = (uint64_t)buf->offset;
    uint64_t bytes = (uint64_t)buf->elems * sk_mem_bytes((sk_mem)buf->mem);
    if (!buf->data || at < end || bytes > prog->const_bytes || at > prog->const_bytes - bytes) {
      return sk_status_new(SK_INTERNAL, "constant buffer %u is misplaced", i);
    }
    memset(pool + end, 0, at - end);
    memcpy(pool + at, buf->data, bytes);
    end = at + bytes;
  }
  memset(pool + end, 0, prog->const_bytes - end);
  c->image.consts = pool;
  c->image.const_bytes = prog->const_bytes;
  return NULL;
}

// ---- plan and code

// Kernels as tools show them: with the place in the source of what they compute, "add_1 train.py:12".
static const char *shown_name(sk_compilation *c, const sk_gen_fn *fn) {
  const char *name = fn->name ? fn->name : "";
  uint32_t loc = c->prog.stmts.data[fn->stmt].loc_id;
  if (fn->stmt == 0 || !c->module) {
    return name;
  }
  const sk_srcpos pos = sk_loc_pos(c->module, (sk_loc){loc});
  if (loc == 0 || pos.line == 0 || !pos.file) {
    return name;
  }
  const char *slash = strrchr(pos.file, '/');
  char shown[256];
  int length =
      snprintf(shown, sizeof shown, "%s %s:%u", name, slash ? slash + 1 : pos.file, pos.line);
  return sk_arena_strndup(&c->arena, shown, SK_MIN((size_t)SK_MAX(length, 0), sizeof shown - 1));
}

static void fill_code(sk_compilation *c) {
  sk_image *image = &c->image;
  sk_image_step *step = SK_NEW(&c->arena, sk_image_step);
  *step = (sk_image_step){SK_STEP_NATIVE, c->code.entry, 0};
  sk_image_fn *fns = SK_NEW_ARRAY(&c->arena, sk_image_fn, c->code.fn_count + 1);
  for (uint32_t i = 0; i < c->code.fn_count; i++) {
    const sk_gen_fn *fn = &c->code.fns[i];
    fns[i] = (sk_image_fn){shown_name(c, fn), fn->offset, fn->size};
  }
  image->steps = step;
  image->step_count = 1;
  image->code = c->code.bytes;
  image->code_bytes = c->code.length;
  image->kernel_count = c->code.kernel_count;
  image->fns = fns;
  image->fn_count = c->code.fn_count;
  image->isa = c->isa;
  image->features = c->features;
  image->scratch_bytes = SK_MAX(c->prog.scratch_bytes, c->code.scratch_bytes);
}

static sk_status fill_loop_step(sk_compilation *c) {
  sk_text text;
  sk_text_init(&text);
  sk_prog_print(&c->prog, &text);
  size_t len = text.len;
  const char *blob = text_of(&c->arena, &text);
  if (!blob) {
    return sk_status_no_memory();
  }
  sk_image_step *step = SK_NEW(&c->arena, sk_image_step);
  *step = (sk_image_step){SK_STEP_LOOP, 0, len};
  c->image.steps = step;
  c->image.step_count = 1;
  c->image.blob = blob;
  c->image.blob_bytes = len;
  return NULL;
}

static void fill_work(sk_compilation *c) {
  sk_work work = sk_prog_work(&c->prog, &c->scratch);
  c->image.flops = work.flops;
  c->image.bytes_accessed = work.read_bytes + work.written_bytes;
}

sk_status sk_compile_package(sk_compilation *c) {
  sk_image *image = &c->image;
  *image = (sk_image){.flops = -1, .bytes_accessed = -1, .op_count = c->op_count};
  if (c->module) {
    SK_TRY(sign_from_module(c));
  } else {
    sign_from_program(c);
  }
  if (c->via == SK_VIA_INTERP) {
    return NULL;
  }
  image->arena_bytes = c->prog.arena_bytes;
  fill_work(c);
  SK_TRY(fill_shares(c));
  if (c->via == SK_VIA_LOOP) {
    return fill_loop_step(c);
  }
  for (uint32_t i = 1; i < c->prog.stmts.count; i++) {
    image->parallel = image->parallel || c->prog.stmts.data[i].parallel;
    image->host_calls =
        image->host_calls || (c->prog.stmts.data[i].kind == SK_STMT_LIBCALL &&
                              c->prog.stmts.data[i].libcall == SK_BUILTIN_HOST_CALL);
  }
  SK_TRY(fill_carried(c));
  SK_TRY(fill_consts(c));
  fill_code(c);
  return NULL;
}
