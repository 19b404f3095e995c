// SPDX-License-Identifier: Apache-2.0
// The rows of hlo_rows.def as a table to draw from, and whole programs: palette, arguments, body,
// results of @main.
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "hlo_int.h"
#include "tools/oracle.h"

// ---- rows

typedef struct hlo_row {
  hlo_maker make;
  uint32_t weight;
  bool exact;
  const char *why_not;
} hlo_row;

static const hlo_row rows[SK_OPKIND_COUNT] = {
#define ROW(op, weight, exact, maker) [SK_OP_##op] = {hlo_make_##maker, weight, exact, NULL},
#define NOT(op, why) [SK_OP_##op] = {NULL, 0, false, why},
#define CLASS(arity, weight, maker)
#include "hlo_rows.def"
#undef ROW
#undef NOT
#undef CLASS
};

static const hlo_row by_arity[] = {
    {NULL, 0, false, NULL},
#define ROW(op, weight, exact, maker)
#define NOT(op, why)
#define CLASS(arity, weight, maker) [arity] = {hlo_make_##maker, weight, false, NULL},
#include "hlo_rows.def"
#undef ROW
#undef NOT
#undef CLASS
};

// Operations that generated code has, or an earlier stage rewrites.
static const bool is_native[SK_OPKIND_COUNT] = {
#define NATIVE_yes true
#define NATIVE_gone true
#define NATIVE_todo false
#define X(name, text, omin, omax, rmin, rmax, gmin, gmax, op_class, syntax, elems, traits, attrs,  \
          rule, interp, loop, native)                                                              \
  [SK_OP_##name] = NATIVE_##native,
#include "ir/ops.def"
#undef X
};

static const hlo_row *find_row(sk_opkind kind) {
  const sk_op_info *info = sk_opkind_info(kind);
  if (rows[kind].make != NULL || rows[kind].why_not != NULL) {
    return &rows[kind];
  }
  return info->op_class == SK_OPCLASS_ELEMENTWISE && info->operands_min == info->operands_max &&
                 info->operands_min < SK_COUNT(by_arity) && by_arity[info->operands_min].make
             ? &by_arity[info->operands_min]
             : NULL;
}

uint32_t hlo_missing_rows(sk_text *out) {
  uint32_t count = 0;
  for (int kind = SK_OP_NONE + 1; kind < SK_OPKIND_COUNT; kind++) {
    if (find_row((sk_opkind)kind) == NULL) {
      sk_text_add(out, count++ ? SK_STR(", ") : SK_STR(""));
      sk_text_add(out, sk_str_from(sk_opkind_name((sk_opkind)kind)));
    }
  }
  return count;
}

bool hlo_is_made(sk_opkind kind) {
  const hlo_row *row = find_row(kind);
  return row != NULL && row->make != NULL;
}

const char *hlo_why_not(sk_opkind kind) {
  const hlo_row *row = find_row(kind);
  return row != NULL ? row->why_not : "missing";
}

bool hlo_is_exact(sk_opkind kind, uint32_t mask) {
  return oracle_is_exact(kind, mask == SK_ELEMS_F ? SK_F32 : SK_S32);
}

static uint32_t weight_of(const hlo_gen *g, sk_opkind kind) {
  const hlo_row *row = find_row(kind);
  bool left_out = row == NULL || row->make == NULL || (!is_native[kind] && !g->foreign);
  return left_out ? 0 : row->weight;
}

bool hlo_make_random(hlo_gen *g) {
  sk_opkind kind = g->options.focus;
  if (kind == SK_OP_NONE || hlo_chance(g, 1, 2)) {
    int64_t at = hlo_below(g, g->total_weight);
    for (kind = (sk_opkind)(SK_OP_NONE + 1); kind < SK_OPKIND_COUNT - 1; kind++) {
      at -= weight_of(g, kind);
      if (at < 0) {
        break;
      }
    }
  }
  const hlo_row *row = find_row(kind);
  if (row == NULL || row->make == NULL) {
    return false;
  }
  g->ops_left -= g->ops_left > 0;
  return row->make(g, kind);
}

// ---- the program

static void choose_palette(hlo_gen *g) {
  g->elem_count = 0;
  for (int64_t i = hlo_between(g, 1, 4); i > 0; i--) {
    sk_elem elem = hlo_elem(g, 31);
    g->elems[g->elem_count++] = elem;
  }
  g->elems[g->elem_count++] = SK_PRED;
  g->elems[g->elem_count++] = SK_S32;
  for (int64_t i = hlo_between(g, 1, 4); i > 0; i--) {
    g->shapes[g->shape_count++] = hlo_shape_of_rank(g, i == 1 ? 1 : 0, hlo_chance(g, 1, 6) ? 5 : 3);
  }
  g->total_weight = 0;
  for (int kind = SK_OP_NONE + 1; kind < SK_OPKIND_COUNT; kind++) {
    g->total_weight += weight_of(g, (sk_opkind)kind);
  }
}

static void add_main(hlo_gen *g, sk_region body, const sk_type *args, uint32_t arg_count,
                     const sk_value *results, uint32_t count) {
  sk_type types[64];
  for (uint32_t i = 0; i < count; i++) {
    types[i] = sk_value_type(g->m, results[i]);
  }
  sk_op_desc ret = {.kind = SK_OP_FUNC_RETURN, .operands = results, .operand_count = count};
  (void)sk_op_new(g->m, body, &ret);
  sk_type type = sk_type_function(g->m, arg_count, args, count, types);
  sk_named_attr attrs[2] = {{{SK_NAME_sym_name}, sk_attr_string(g->m, SK_STR("main"))},
                            {{SK_NAME_function_type}, sk_attr_type(g->m, type)}};
  sk_op_desc func = {.kind = SK_OP_FUNC_FUNC,
                     .attrs = attrs,
                     .attr_count = 2,
                     .regions = &body,
                     .region_count = 1};
  (void)sk_op_new(g->m, sk_op_region(g->m, g->m->root, 0), &func);
}

// The last values, and some of the others.
static uint32_t choose_results(hlo_gen *g, uint32_t first, sk_value *out, uint32_t cap) {
  uint32_t count = 0;
  for (uint32_t i = g->scope_count; i > first && count < cap; i--) {
    if (count == 0 || hlo_chance(g, 1, i + 3 > g->scope_count ? 1 : 5)) {
      out[count++] = g->scope[i - 1];
    }
  }
  if (count == 0 || hlo_chance(g, 1, 40)) {
    out[count < cap ? count++ : 0] = g->scope[0];  // an argument as it is
  }
  if (count > 1 && hlo_chance(g, 1, 40)) {
    out[count - 1] = out[0];  // one value twice
  }
  return count;
}

static void make_main(hlo_gen *g) {
  sk_type args[8];
  uint32_t count = (uint32_t)hlo_between(g, 1, 5);
  for (uint32_t i = 0; i < count; i++) {
    hlo_shape shape = hlo_any_shape(g);
    args[i] = hlo_tensor(g, hlo_elem(g, 31), &shape);
  }
  args[count++] = hlo_tensor(g, SK_S32, &(hlo_shape){.rank = 0});
  args[count++] = hlo_tensor(g, SK_PRED, &(hlo_shape){.rank = 0});
  sk_region body = g->into = sk_region_new(g->m, args, count);
  for (uint32_t i = 0; i < count; i++) {
    hlo_push(g, sk_region_arg(g->m, body, i));
  }
  uint32_t first = g->scope_count;
  for (uint32_t tries = 0; g->ops_left > 0 && tries < 2 * g->options.max_ops; tries++) {
    (void)hlo_make_random(g);
  }
  sk_value results[24];
  uint32_t result_count = choose_results(g, first, results, SK_COUNT(results));
  add_main(g, body, args, count, results, result_count);
}

hlo_options hlo_options_of(uint64_t seed) {
  uint64_t h = sk_hash_splitmix(seed ^ 0x5DEECE66Du);
  static const uint32_t sizes[] = {1, 2, 3, 5, 8, 12, 20, 30, 45, 60};
  hlo_options o = {.max_ops = sizes[h % 10], .max_elems = 1500, .wild = (h >> 8) % 3 == 0};
  if ((h >> 16) % 40 == 0) {
    o.max_ops = 200;
  } else if ((h >> 16) % 40 == 1) {
    o.max_ops = SK_MIN(o.max_ops, 12u);
    o.max_elems = 150000;
  }
  if ((h >> 24) % 3 != 0) {
    o.focus = (sk_opkind)(1 + (h >> 32) % (SK_OPKIND_COUNT - 1));
    o.focus = hlo_is_made(o.focus) ? o.focus : SK_OP_NONE;
  }
  return o;
}

sk_status hlo_program_make(uint64_t seed, const hlo_options *options, hlo_program *out) {
  *out = (hlo_program){.seed = seed, .options = *options};
  char name[40];
  snprintf(name, sizeof name, "seed%llu.mlir", (unsigned long long)seed);
  SK_TRY(sk_module_create(name, &out->module));
  hlo_gen g = {.m = out->module,
               .options = *options,
               .ops_left = options->max_ops,
               .rng = sk_hash_splitmix(seed + 0x9E3779B97F4A7C15u),
               .fault = out->fault,
               .fault_bytes = sizeof out->fault};
  g.foreign = (options->focus != SK_OP_NONE && !is_native[options->focus]) || seed % 50 == 7;
  choose_palette(&g);
  make_main(&g);
  return NULL;
}

void hlo_program_free(hlo_program *program) {
  sk_module_destroy(program->module);
  program->module = NULL;
}

// Every argument has its own way: some are tame in wild programs.
void hlo_program_fill(const hlo_program *program, uint32_t index, void *out) {
  const sk_module *m = program->module;
  const sk_type_rec *func = sk_func_type(m, sk_module_find_func(m, SK_STR("main")));
  int64_t count = 0;
  (void)sk_type_elem_count(m, func->inputs[index], &count);
  uint64_t rng = sk_hash_splitmix(program->seed * 1000003 + index);
  bool wild = program->options.wild && (rng >> 20) % 4 != 0;
  hlo_fill(&rng, (sk_elem)sk_type_get(m, func->inputs[index])->elem, count, wild, out);
}
