// SPDX-License-Identifier: Apache-2.0
// Linting a compilation: findings of the rules of lint.def, each with its place in the source and its bytes.
//
//   model.py:12:3: copy: 4.19 MB are copied, in every trip of the loop at model.py:8
//
// Nothing is worked out anew: what fusion decided is in the plan, what became of it in the program tree. A finding inside a loop is
// about one trip.
#include "compile/lint.h"

#include <string.h>

#include "compile/compile_int.h"
#include "compile/explain.h"

typedef enum lint_rule {
#define X(name, ...) RULE_##name,
#include "compile/lint.def"
#undef X
  RULE_COUNT
} lint_rule;

static const struct {
  const char *name, *what;
  double least_bytes;
} rules[RULE_COUNT] = {
#define X(id, name, least, what) [RULE_##id] = {name, what, least},
#include "compile/lint.def"
#undef X
};

enum { BROADCAST_FACTOR = 4, TINY_TRIP_BYTES = 4096, TINY_TRIP_FLOPS = 4096 };

typedef struct linter {
  sk_compilation *c;
  const sk_module *m;
  const sk_lint_options *options;
  sk_text *out;
  sk_op loop;  // around the statement; none
  uint32_t count;
} linter;

// ---- findings

static void print_position(const linter *t, sk_op op) {
  sk_srcpos at = op.id != 0 ? sk_loc_pos(t->m, sk_op_get(t->m, op)->loc) : (sk_srcpos){NULL, 0, 0};
  sk_text_add(t->out, sk_str_from(at.file ? at.file : t->m->input_name));
  if (at.line != 0) {
    sk_text_addf(t->out, ":%u:%u", at.line, at.col);
  }
}

static void print_json(const linter *t, lint_rule rule, sk_op op, double bytes,
                       const char *message) {
  sk_srcpos at = op.id != 0 ? sk_loc_pos(t->m, sk_op_get(t->m, op)->loc) : (sk_srcpos){NULL, 0, 0};
  sk_text_addf(t->out, "{\"rule\":\"%s\",\"file\":", rules[rule].name);
  sk_compile_print_json_string(at.file ? at.file : t->m->input_name, t->out);
  sk_text_addf(t->out,
               ",\"line\":%u,\"op\":\"%s\",\"bytes\":%.0f,\"in_loop\":%s,\"message\":", at.line,
               op.id != 0 ? sk_opkind_name(sk_op_kind(t->m, op)) : "", bytes,
               t->loop.id != 0 ? "true" : "false");
  sk_compile_print_json_string(message, t->out);
  sk_text_add(t->out, SK_STR("}\n"));
}

// Takes the message.
static void report(linter *t, lint_rule rule, sk_op op, double bytes, sk_text *message) {
  const char *only = t->options->only;
  bool wanted = only[0] == '\0' || sk_compile_list_has(only, rules[rule].name);
  if (wanted && bytes >= rules[rule].least_bytes && message->data) {
    t->count++;
    if (t->options->json) {
      print_json(t, rule, op, bytes, message->data);
    } else {
      print_position(t, op);
      sk_text_addf(t->out, ": %s: %s", rules[rule].name, message->data);
      if (t->loop.id != 0) {
        sk_text_add(t->out, SK_STR(", in every trip of the loop at "));
        sk_compile_print_place(t->m, t->loop, t->out);
      }
      sk_text_add_char(t->out, '\n');
    }
  }
  sk_text_fini(message);
}

static double value_bytes(const linter *t, sk_value v) {
  int64_t bytes = 0;
  return sk_type_byte_count(t->m, sk_value_type(t->m, v), &bytes) ? (double)bytes : 0;
}

static void add_op(const linter *t, sk_op op, sk_text *message) {
  sk_text_addf(message, "%s", sk_opkind_mnemonic(sk_op_kind(t->m, op)));
}

// ---- fusion-break

// Reasons that a program can be written around. Statements and results cannot.
static bool is_avoidable(sk_break_why why) {
  switch (why) {
    case SK_BREAK_MANY_READERS:
    case SK_BREAK_SHIFTED:
    case SK_BREAK_SPACE:
    case SK_BREAK_LEVEL:
    case SK_BREAK_REDUCES_OTHERWISE:
    case SK_BREAK_CYCLE:
    case SK_BREAK_OUTPUTS: return true;
    case SK_BREAK_NONE:
    case SK_BREAK_RESULT:
    case SK_BREAK_RUNS_ALONE:
    case SK_BREAK_READER_RUNS_ALONE:
    case SK_BREAK_GATHERED:
    case SK_BREAK_BLOCKS:
    case SK_BREAK_STAGES:
    case SK_BREAK_COUNT: break;
  }
  return false;
}

static void find_breaks(linter *t) {
  const sk_plan *plan = &t->c->plan;
  for (uint32_t i = plan->breaks.count; i-- > 0;) {
    const sk_break *b = &plan->breaks.data[i];
    if (!is_avoidable((sk_break_why)b->why)) {
      continue;
    }
    double bytes = 0;
    for (uint32_t r = 0; r < sk_op_get(t->m, b->producer)->result_count; r++) {
      bytes += value_bytes(t, sk_op_result(t->m, b->producer, r));
    }
    sk_text message;
    sk_text_init(&message);
    sk_compile_print_amount(bytes, "B", &message);
    sk_text_addf(&message, " of %s go through memory",
                 sk_opkind_mnemonic(sk_op_kind(t->m, b->producer)));
    if (b->reader.id != 0) {
      sk_text_add(&message, SK_STR(" to "));
      add_op(t, b->reader, &message);
      sk_text place;
      sk_text_init(&place);
      sk_compile_print_place(t->m, b->reader, &place);
      sk_text_addf(&message, place.len > 0 ? " (%s)" : "%s", place.len > 0 ? place.data : "");
      sk_text_fini(&place);
    }
    sk_text_addf(&message, ": %s", sk_break_text((sk_break_why)b->why));
    report(t, RULE_FUSION_BREAK, b->producer, bytes, &message);
  }
}

// ---- copy, broadcast, update

static bool is_update(sk_opkind kind) {
  return kind == SK_OP_DYNAMIC_UPDATE_SLICE || kind == SK_OP_SCATTER;
}

static void check_copy(linter *t, const sk_stmt *st, const sk_work *w) {
  sk_op op = {st->op_id};
  sk_opkind kind = op.id != 0 ? sk_op_kind(t->m, op) : SK_OP_NONE;
  lint_rule rule = RULE_COPY;
  sk_text message;
  sk_text_init(&message);
  sk_compile_print_amount(w->written_bytes, "B", &message);
  if (w->read_bytes * BROADCAST_FACTOR <= w->written_bytes) {
    rule = RULE_BROADCAST;
    sk_text_add(&message, SK_STR(" are written of "));
    sk_compile_print_amount(w->read_bytes, "B", &message);
  } else if (is_update(kind)) {
    rule = RULE_UPDATE;
    sk_text_add(&message, SK_STR(" are copied before the update: the array is still read, or is "
                                 "the caller's (donate it)"));
  } else {
    sk_text_add(&message,
                st->kind == SK_STMT_COPY ? SK_STR(" are copied") : SK_STR(" are laid out anew"));
  }
  if (op.id != 0 && rule != RULE_UPDATE) {
    sk_text_addf(&message, " for %s", sk_opkind_mnemonic(kind));
  }
  report(t, rule, op, w->written_bytes, &message);
}

// ---- tiny-loop

static sk_work work_of_block(linter *t, uint32_t first, uint32_t *statements) {
  sk_work sum = {0};
  for (uint32_t id = first; id != 0; id = t->c->prog.stmts.data[id].next) {
    const sk_stmt *st = &t->c->prog.stmts.data[id];
    sk_work w = sk_stmt_work(&t->c->prog, id, &t->c->scratch);
    bool bounded = st->kind != SK_STMT_WHILE && st->kind != SK_STMT_CASE;
    *statements += bounded ? st->kind != SK_STMT_SWAP : TINY_TRIP_BYTES;
    sum.read_bytes += w.read_bytes;
    sum.written_bytes += w.written_bytes;
    sum.flops += w.flops;
  }
  return sum;
}

static void check_loop(linter *t, const sk_stmt *st) {
  uint32_t statements = 0;
  sk_work w = work_of_block(t, st->block[1], &statements);
  double bytes = w.read_bytes + w.written_bytes;
  if (statements >= TINY_TRIP_BYTES || bytes >= TINY_TRIP_BYTES || w.flops >= TINY_TRIP_FLOPS) {
    return;
  }
  sk_text message;
  sk_text_init(&message);
  sk_text_addf(&message, "a trip runs %u statement%s for ", statements, statements == 1 ? "" : "s");
  sk_compile_print_amount(bytes, "B", &message);
  sk_text_add(&message, SK_STR(" and "));
  sk_compile_print_amount(w.flops, "flop", &message);
  report(t, RULE_TINY_LOOP, (sk_op){st->op_id}, bytes, &message);
}

static void check_block(linter *t, uint32_t first) {
  for (uint32_t id = first; id != 0; id = t->c->prog.stmts.data[id].next) {
    const sk_stmt *st = &t->c->prog.stmts.data[id];
    if (st->kind == SK_STMT_COPY || st->only_moves) {
      sk_work w = sk_stmt_work(&t->c->prog, id, &t->c->scratch);
      check_copy(t, st, &w);
    }
    if (st->kind == SK_STMT_WHILE) {
      if (st->block[0] != 0) {  // else the kernel in it runs several trips and tests the condition
        check_loop(t, st);
      }
      sk_op outer = t->loop;
      t->loop = (sk_op){st->op_id};
      check_block(t, st->block[0]);
      check_block(t, st->block[1]);
      t->loop = outer;
    }
    for (uint32_t b = 0; b < st->branch_count && st->kind == SK_STMT_CASE; b++) {
      check_block(t, st->branches[b]);
    }
  }
}

// ---- constant, f64

static bool has_elem(const linter *t, sk_type type, sk_elem elem) {
  const sk_type_rec *rec = sk_type_get(t->m, type);
  return rec->kind == SK_TYPE_TENSOR && rec->elem == (uint8_t)elem;
}

static bool takes_elem(const linter *t, sk_elem elem) {
  const sk_type_rec *f = sk_func_type(t->m, t->c->entry);
  for (uint32_t i = 0; i < f->input_count; i++) {
    if (has_elem(t, f->inputs[i], elem)) {
      return true;
    }
  }
  return false;
}

// Where f64 comes from: results of it without operands of it.
static void check_f64(linter *t, sk_op op) {
  const sk_op_rec *rec = sk_op_get(t->m, op);
  bool makes =
      rec->result_count > 0 && has_elem(t, sk_value_type(t->m, sk_op_result(t->m, op, 0)), SK_F64);
  for (uint32_t i = 0; i < rec->operand_count && makes; i++) {
    makes = !has_elem(t, sk_value_type(t->m, sk_op_operand(t->m, op, i)), SK_F64);
  }
  if (!makes || rec->kind == SK_OP_CONSTANT) {
    return;
  }
  sk_text message;
  sk_text_init(&message);
  add_op(t, op, &message);
  sk_text_add(&message, SK_STR(" makes f64 in a program whose arguments have none"));
  report(t, RULE_F64, op, value_bytes(t, sk_op_result(t->m, op, 0)), &message);
}

static void check_constant(linter *t, sk_op op) {
  const sk_dense *dense = &sk_attr_get(t->m, sk_op_find_attr(t->m, op, SK_NAME_value))->u.dense;
  if (dense->splat) {
    return;
  }
  sk_text message;
  sk_text_init(&message);
  sk_compile_print_amount((double)dense->bytes, "B", &message);
  sk_text_add(&message, SK_STR(" of constant are compiled in: pass it as an argument"));
  report(t, RULE_CONSTANT, op, (double)dense->bytes, &message);
}

static void check_ops(linter *t) {
  bool narrow = (takes_elem(t, SK_F32) || takes_elem(t, SK_BF16) || takes_elem(t, SK_F16)) &&
                !takes_elem(t, SK_F64);
  sk_walker walker;
  sk_op op;
  sk_walk_begin(&walker, t->m, sk_func_body(t->m, t->c->entry));
  while (sk_walk_next(&walker, &op)) {
    if (narrow) {
      check_f64(t, op);
    }
    if (sk_op_kind(t->m, op) == SK_OP_CONSTANT) {
      check_constant(t, op);
    }
  }
}

// ---- entry

static sk_status check_names(const char *only) {
  for (const char *at = only; *at;) {
    size_t len = strcspn(at, ",");
    bool known = false;
    for (int r = 0; r < RULE_COUNT; r++) {
      known |= strlen(rules[r].name) == len && memcmp(rules[r].name, at, len) == 0;
    }
    if (!known) {
      return sk_status_new(SK_INVALID_ARGUMENT, "'%.*s' is no rule", (int)len, at);
    }
    at += len + (at[len] == ',');
  }
  return NULL;
}

void sk_compile_print_rules(sk_text *out) {
  for (int r = 0; r < RULE_COUNT; r++) {
    sk_text_addf(out, "%-14s %s\n", rules[r].name, rules[r].what);
  }
}

sk_status sk_compile_lint(sk_compilation *c, const sk_lint_options *options, sk_text *out,
                          uint32_t *out_count) {
  *out_count = 0;
  SK_TRY(check_names(options->only));
  if (!c->planned || c->done < (int)SK_STAGE_VECTORISE) {
    return sk_status_new(SK_INVALID_ARGUMENT, "there is no plan to look at");
  }
  if (setjmp(c->bail) != 0) {
    return sk_status_no_memory();
  }
  c->scratch.bail = &c->bail;
  linter t = {.c = c, .m = c->module, .options = options, .out = out};
  check_ops(&t);
  find_breaks(&t);
  check_block(&t, c->prog.body);
  sk_arena_fini(&c->scratch);
  *out_count = t.count;
  return out->failed ? sk_status_no_memory() : NULL;
}
