// SPDX-License-Identifier: Apache-2.0
// Explaining a compilation: every statement of the program tree in order of execution.
//
//   softmax.mlir: main, 9 operations; vectors of 32 bytes
//
//   1 divide_1                                         (kernel; its group's members follow)
//       members  maximum (line 4)  exponential (line 7) ...
//       again    subtract (line 6)
//       loops    par 2048 { red 1000 lanes 64 vec; red 1000 lanes 64 vec; par 1000 vec x4 }
//       parallel chunks of 16 or more of 2048
//       work     reads 8.19 MB, writes 8.19 MB, 41.0 Mflop
//       stops    takes convert (line 3): its reader takes it at other places ...
//                gives divide (line 9): it is a result of its block
//
// Everything shown is recorded elsewhere: groups, breaks and inlined ops in the plan, loops and figures in the program.
#include "compile/explain.h"

#include <string.h>

#include "loop/lower.h"

typedef SK_VEC(sk_op) op_list;

typedef struct explainer {
  sk_compilation *c;
  const sk_module *m;
  const sk_plan *plan;
  const sk_prog *prog;
  sk_text *out;
  bool json;
  uint32_t count;                     // statements so far
  uint32_t *first_of;                 // by group: number of its first statement; 0: none yet
  uint32_t *of_producer, *of_reader;  // by op: its last break + 1; 0: none
  uint32_t *next;  // by break: the one before it of the same producer, of the same reader
  // of the statement being explained
  uint32_t *seen;  // by op: number of the statement in whose kernel it was met last
  op_list inside, again,
      sources;  // inlined here only; inlined ops that are computed elsewhere too; ops read from memory
  uint32_t stops;  // reasons printed
} explainer;

static const char *const break_texts[SK_BREAK_COUNT] = {
    [SK_BREAK_NONE] = "",
#define X(name, text) [SK_BREAK_##name] = text,
#include "ir/fusion.def"
#undef X
};
const char *sk_break_text(sk_break_why why) { return break_texts[why]; }

// ---- pieces of text

void sk_compile_print_place(const sk_module *m, sk_op op, sk_text *out) {
  sk_srcpos at = op.id != 0 ? sk_loc_pos(m, sk_op_get(m, op)->loc) : (sk_srcpos){NULL, 0, 0};
  if (at.line == 0) {
    return;
  }
  if (!at.file || strcmp(at.file, m->input_name) == 0) {
    sk_text_addf(out, "line %u", at.line);
    return;
  }
  const char *slash = strrchr(at.file, '/');
  sk_text_addf(out, "%s:%u", slash ? slash + 1 : at.file, at.line);
}

void sk_compile_print_amount(double amount, const char *unit, sk_text *out) {
  static const char *const prefixes[] = {"", "k", "M", "G", "T"};
  size_t p = 0;
  while (amount >= 999.5 && p + 1 < SK_COUNT(prefixes)) {
    amount /= 1000;
    p++;
  }
  if (p == 0) {
    sk_text_addf(out, "%.0f %s", amount, unit);
  } else {
    sk_text_addf(out, "%.3g %s%s", amount, prefixes[p], unit);
  }
}

void sk_compile_print_json_string(const char *text, sk_text *out) {
  sk_text_add_char(out, '"');
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
    if (*c == '"' || *c == '\\') {
      sk_text_add_char(out, '\\');
    }
    if (*c < 0x20) {
      sk_text_addf(out, "\\u%04x", *c);
    } else {
      sk_text_add_char(out, (char)*c);
    }
  }
  sk_text_add_char(out, '"');
}

static void print_op(explainer *e, sk_op op) {
  sk_opkind kind = sk_op_kind(e->m, op);
  if (e->json) {
    sk_srcpos at = sk_loc_pos(e->m, sk_op_get(e->m, op)->loc);
    sk_text_addf(e->out, "{\"op\":\"%s\",\"file\":", sk_opkind_name(kind));
    sk_compile_print_json_string(at.file ? at.file : "", e->out);
    sk_text_addf(e->out, ",\"line\":%u}", at.line);
    return;
  }
  sk_text place;
  sk_text_init(&place);
  sk_compile_print_place(e->m, op, &place);
  sk_text_add(e->out, sk_str_from(sk_opkind_mnemonic(kind)));
  if (place.len > 0) {
    sk_text_addf(e->out, " (%s)", place.data);
  }
  sk_text_fini(&place);
}

static void print_ops(explainer *e, const char *title, const sk_op *ops, uint32_t count) {
  if (e->json) {
    sk_text_addf(e->out, ",\"%s\":[", title);
  } else if (count > 0) {
    sk_text_addf(e->out, "    %-8s ", title);
  }
  for (uint32_t i = 0; i < count; i++) {
    sk_text_add(e->out, i == 0 ? SK_STR("") : e->json ? SK_STR(",") : SK_STR(", "));
    print_op(e, ops[i]);
  }
  if (e->json || count > 0) {
    sk_text_add_char(e->out, e->json ? ']' : '\n');
  }
}

// ---- members

// Everything evaluated in the kernel besides its members, and what it reads: `again` gets inlined ops that are evaluated in more
// places than this, `inside` the others that compute, `sources` ops whose values come from memory.
static void walk_inlined(explainer *e, const sk_group *g) {
  sk_arena *arena = &e->c->arena;
  op_list pending = {0};
  e->inside.count = e->again.count = e->sources.count = 0;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    e->seen[g->ops.data[i].id] = e->count;
    sk_vec_push(arena, &pending, g->ops.data[i]);
  }
  while (pending.count > 0) {
    sk_op op = pending.data[--pending.count];
    const sk_op_rec *rec = sk_op_get(e->m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      sk_op def = sk_value_get(e->m, sk_op_operand(e->m, op, i))->op;
      if (def.id == 0 || e->seen[def.id] == e->count) {
        continue;
      }
      e->seen[def.id] = e->count;
      if (e->plan->inlined[def.id] == SK_INLINED_NOT) {
        sk_vec_push(arena, &e->sources, def);
        continue;
      }
      sk_vec_push(arena, &pending, def);
      bool computes = sk_opkind_info(sk_op_kind(e->m, def))->op_class == SK_OPCLASS_ELEMENTWISE;
      if (e->plan->inlined[def.id] == SK_INLINED_AGAIN) {
        sk_vec_push(arena, &e->again, def);
      } else if (computes) {
        sk_vec_push(arena, &e->inside, def);
      }
    }
  }
}

// ---- why it stopped

static void index_breaks(explainer *e) {
  const sk_plan *plan = e->plan;
  sk_arena *arena = &e->c->arena;
  e->of_producer = sk_arena_zalloc(arena, sizeof(uint32_t) * plan->op_count, 4);
  e->of_reader = sk_arena_zalloc(arena, sizeof(uint32_t) * plan->op_count, 4);
  e->next = sk_arena_zalloc(arena, sizeof(uint32_t) * 2 * (plan->breaks.count + 1), 4);
  for (uint32_t i = 0; i < plan->breaks.count; i++) {
    const sk_break *b = &plan->breaks.data[i];
    e->next[2 * i] = e->of_producer[b->producer.id];
    e->of_producer[b->producer.id] = i + 1;
    e->next[2 * i + 1] = e->of_reader[b->reader.id];
    e->of_reader[b->reader.id] = i + 1;
  }
}

static void print_break(explainer *e, const sk_break *b, bool takes) {
  if (e->json) {
    sk_text_addf(e->out, "%s{\"%s\":", e->stops > 0 ? "," : "", takes ? "takes" : "gives");
    print_op(e, b->producer);
    if (b->reader.id != 0) {
      sk_text_add(e->out, SK_STR(",\"to\":"));
      print_op(e, b->reader);
    }
    sk_text_add(e->out, SK_STR(",\"why\":"));
    sk_compile_print_json_string(break_texts[b->why], e->out);
    sk_text_add_char(e->out, '}');
  } else {
    sk_text_addf(e->out, "    %-8s %s ", e->stops == 0 ? "stops" : "", takes ? "takes" : "gives");
    print_op(e, b->producer);
    if (!takes && b->reader.id != 0) {
      sk_text_add(e->out, SK_STR(" to "));
      print_op(e, b->reader);
    }
    sk_text_addf(e->out, ": %s\n", break_texts[b->why]);
  }
  e->stops++;
}

// Values that the group takes from memory, then those it gives to memory.
static void print_breaks(explainer *e, const sk_group *g) {
  const sk_break *breaks = e->plan->breaks.data;
  for (uint32_t i = 0; i < g->ops.count; i++) {
    for (uint32_t at = e->of_reader[g->ops.data[i].id]; at != 0; at = e->next[2 * at - 1]) {
      print_break(e, &breaks[at - 1], true);
    }
  }
  for (uint32_t i = 0; i < e->sources.count; i++) {
    for (uint32_t at = e->of_producer[e->sources.data[i].id]; at != 0; at = e->next[2 * at - 2]) {
      if (breaks[at - 1].reader.id == 0) {
        print_break(e, &breaks[at - 1], true);
      }
    }
  }
  for (uint32_t i = 0; i < g->ops.count; i++) {
    for (uint32_t at = e->of_producer[g->ops.data[i].id]; at != 0; at = e->next[2 * at - 2]) {
      print_break(e, &breaks[at - 1], false);
    }
  }
}

static void print_members(explainer *e, const sk_stmt *st, uint32_t group) {
  sk_op op = {st->op_id};
  e->stops = 0;
  if (group == 0) {
    print_ops(e, "members", &op, op.id != 0);
    print_ops(e, "inside", NULL, 0);
    print_ops(e, "again", NULL, 0);
    sk_text_add(e->out, e->json ? SK_STR(",\"stops\":[]") : SK_STR(""));
    return;
  }
  const sk_group *g = &e->plan->groups.data[group - 1];
  walk_inlined(e, g);
  print_ops(e, "members", g->ops.data, g->ops.count);
  print_ops(e, "inside", e->inside.data, e->inside.count);
  print_ops(e, "again", e->again.data, e->again.count);
  sk_text_add(e->out, e->json ? SK_STR(",\"stops\":[") : SK_STR(""));
  print_breaks(e, g);
  sk_text_add(e->out, e->json ? SK_STR("]") : SK_STR(""));
}

// ---- loops and figures

static void print_loop(explainer *e, const sk_loop *l) {
  static const char *const kinds[] = {
      [SK_LOOP_PAR] = "par", [SK_LOOP_SEQ] = "seq", [SK_LOOP_RED] = "red"};
  sk_text_addf(e->out, "%s %lld", kinds[l->kind], (long long)l->extent);
  if (l->kind == SK_LOOP_RED && l->lanes > 1) {
    sk_text_addf(e->out, " lanes %u", l->lanes);
  }
  sk_text_add(e->out, l->vec ? SK_STR(" vec") : SK_STR(""));
  if (l->unroll > 1) {
    sk_text_addf(e->out, " x%u", l->unroll);
  }
}

// "par 8 { red 4 vec; par 4 }"
static void print_loops(explainer *e, const sk_kernel *k) {
  uint64_t loops_open = 0;  // one bit per open region: is it a loop
  bool after = false, inside = false;
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_IF) {
      loops_open <<= 1;
    } else if (inst->op == SK_L_LOOP) {
      sk_text_add(e->out, after ? SK_STR("; ") : inside ? SK_STR(" { ") : SK_STR(""));
      print_loop(e, &k->loops.data[inst->imm]);
      loops_open = loops_open << 1 | 1;
      after = false;
      inside = true;
    } else if (inst->op == SK_L_END) {
      bool loop = loops_open & 1;
      loops_open >>= 1;
      sk_text_add(e->out, loop && after ? SK_STR(" }") : SK_STR(""));
      after = after || loop;
    }
  }
}

static void print_shape(explainer *e, const sk_stmt *st) {
  if (st->kind == SK_STMT_KERNEL) {
    print_loops(e, &e->prog->kernels.data[st->kernel]);
  } else if (st->kind == SK_STMT_DOT) {
    const sk_dot *d = st->dot;
    sk_text_addf(e->out, "%lld x [%lld x %lld] [%lld x %lld]", (long long)d->batch, (long long)d->m,
                 (long long)d->k, (long long)d->k, (long long)d->n);
  }
}

static void print_figures(explainer *e, uint32_t id) {
  const sk_stmt *st = &e->prog->stmts.data[id];
  sk_work w = sk_stmt_work(e->prog, id, &e->c->scratch);
  if (e->json) {
    sk_text_add(e->out, SK_STR(",\"loops\":\""));
    print_shape(e, st);
    sk_text_addf(e->out,
                 "\",\"parallel\":%s,\"grain\":%lld,\"read_bytes\":%.0f,\"written_bytes\":%.0f,"
                 "\"flops\":%.0f",
                 st->parallel ? "true" : "false", (long long)st->grain, w.read_bytes,
                 w.written_bytes, w.flops);
    return;
  }
  if (st->kind == SK_STMT_KERNEL || st->kind == SK_STMT_DOT) {
    sk_text_add(e->out, SK_STR("    loops    "));
    print_shape(e, st);
    sk_text_addf(e->out, "\n    parallel ");
    if (st->parallel) {
      sk_text_addf(e->out, "chunks of %lld or more\n", (long long)st->grain);
    } else {
      sk_text_add(e->out, SK_STR("no: too little work\n"));
    }
  }
  sk_text_add(e->out, SK_STR("    work     reads "));
  sk_compile_print_amount(w.read_bytes, "B", e->out);
  sk_text_add(e->out, SK_STR(", writes "));
  sk_compile_print_amount(w.written_bytes, "B", e->out);
  sk_text_add(e->out, SK_STR(", "));
  sk_compile_print_amount(w.flops, "flop\n", e->out);
}

// ---- statements

static const char *stmt_name(const explainer *e, const sk_stmt *st) {
  static const char *const names[] = {
      [SK_STMT_KERNEL] = "kernel", [SK_STMT_DOT] = "product", [SK_STMT_LIBCALL] = "library call",
      [SK_STMT_WHILE] = "while",   [SK_STMT_CASE] = "case",   [SK_STMT_COPY] = "copy",
      [SK_STMT_SWAP] = "swap"};
  const char *name = st->kind == SK_STMT_KERNEL ? e->prog->kernels.data[st->kernel].name : NULL;
  return name ? name : names[st->kind];
}

static void explain_block(explainer *e, uint32_t first, uint32_t depth);

static void explain_stmt(explainer *e, uint32_t id, uint32_t depth) {
  const sk_stmt *st = &e->prog->stmts.data[id];
  uint32_t group = st->op_id != 0 ? e->plan->group_of[st->op_id] : 0;
  uint32_t earlier = group != 0 ? e->first_of[group] : 0;
  e->count++;
  if (e->json) {
    sk_text_addf(e->out, "{\"number\":%u,\"depth\":%u,\"name\":\"%s\",\"part_of\":%u", e->count,
                 depth, stmt_name(e, st), earlier);
  } else {
    sk_text_addf(e->out, "%*s%u %s", 2 * (int)depth, "", e->count, stmt_name(e, st));
    if (earlier != 0) {
      sk_text_addf(e->out, " (another part of %u)", earlier);
    }
    sk_text_add_char(e->out, '\n');
  }
  if (earlier == 0 || e->json) {
    print_members(e, st, group);
  }
  print_figures(e, id);
  sk_text_add(e->out, e->json ? SK_STR("}\n") : SK_STR("\n"));
  if (group != 0 && earlier == 0) {
    e->first_of[group] = e->count;
  }
  for (int b = 0; b < 2 && st->kind == SK_STMT_WHILE; b++) {
    explain_block(e, st->block[b], depth + 1);
  }
  for (uint32_t b = 0; b < st->branch_count && st->kind == SK_STMT_CASE; b++) {
    explain_block(e, st->branches[b], depth + 1);
  }
}

static void explain_block(explainer *e, uint32_t first, uint32_t depth) {
  for (uint32_t id = first; id != 0; id = e->prog->stmts.data[id].next) {
    if (e->prog->stmts.data[id].kind != SK_STMT_SWAP) {
      explain_stmt(e, id, depth);
    }
  }
}

sk_status sk_compile_explain(sk_compilation *c, bool json, sk_text *out) {
  if (!c->planned || c->done < (int)SK_STAGE_VECTORISE) {
    return sk_status_new(SK_INVALID_ARGUMENT, "there is no plan to explain");
  }
  if (setjmp(c->bail) != 0) {
    return sk_status_no_memory();
  }
  c->scratch.bail = &c->bail;
  explainer e = {.c = c,
                 .m = c->module,
                 .plan = &c->plan,
                 .prog = &c->prog,
                 .out = out,
                 .json = json,
                 .first_of =
                     sk_arena_zalloc(&c->arena, sizeof(uint32_t) * (c->plan.groups.count + 1), 4),
                 .seen = sk_arena_zalloc(&c->arena, sizeof(uint32_t) * c->plan.op_count, 4)};
  index_breaks(&e);
  if (!json) {
    sk_str name = sk_func_name(c->module, c->entry);
    sk_text_addf(out, "%s: %.*s, %llu operations; vectors of %u bytes\n\n", c->module->input_name,
                 SK_STR_ARG(name), (unsigned long long)c->op_count, c->vector_bytes);
  }
  explain_block(&e, c->prog.body, 0);
  sk_arena_fini(&c->scratch);
  return out->failed ? sk_status_no_memory() : NULL;
}
