// SPDX-License-Identifier: Apache-2.0
// Text of operations, regions, functions and the module: the forms StableHLO prints, and the
// generic form for everything else.
//
// Names are numbers in the order MLIR gives them: per function all results of a region first,
// nested regions continuing from there; arguments %argN, results %N. With locations every op ends
// in loc(#locN) and the positions follow the module, each once, so that shared parts stay shared.
// Custom forms of single ops: ir_print_ops.c.
#include <stdio.h>

#include "base/mem.h"
#include "ir/ir_int.h"

#define PUT(p, literal) sk_text_add((p)->out, SK_STR(literal))
static void put(sk_printer *p, const char *text) { sk_text_add(p->out, sk_str_from(text)); }

// ------------------------------------------------------------------------------------------- names

typedef struct name_counters {
  uint32_t value, arg;
} name_counters;

static bool gives_name(const sk_op_rec *op) { return op->result_count != 0; }

static void number_region(sk_printer *p, sk_region region, name_counters next, uint32_t depth) {
  const sk_module *m = p->m;
  const sk_region_rec *rec = sk_region_get(m, region);
  if (depth > SK_IR_MAX_DEPTH) {
    return;
  }
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    p->names[rec->args + i] = next.arg++ << 1 | 1;
  }
  SK_FOR_EACH_OP(m, region, op) {
    const sk_op_rec *o = sk_op_get(m, op);
    for (uint32_t i = 0; i < o->result_count; i++) {
      p->names[o->results + i] = next.value << 1;
    }
    next.value += gives_name(o);
  }
  SK_FOR_EACH_OP(m, region, op) {
    const sk_op_rec *o = sk_op_get(m, op);
    for (uint32_t i = 0; i < o->region_count; i++) {
      number_region(p, sk_op_region(m, op, i), next, depth + 1);
    }
  }
}

void sk_ir_print_value(sk_printer *p, sk_value v) {
  const sk_value_rec *rec = sk_value_get(p->m, v);
  uint32_t name = p->names[v.id];
  sk_text_addf(p->out, name & 1 ? "%%arg%u" : "%%%u", name >> 1);
  if (rec->op.id != 0 && sk_op_get(p->m, rec->op)->result_count > 1) {
    sk_text_addf(p->out, "#%u", rec->index);
  }
}

void sk_ir_print_operands(sk_printer *p, sk_op op, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) {
    put(p, i > from ? ", " : "");
    sk_ir_print_value(p, sk_op_operand(p->m, op, i));
  }
}

// --------------------------------------------------------------------------------------- locations

void sk_ir_print_loc_ref(sk_printer *p, sk_loc loc) {
  if (loc.id == 0 || p->locs_used == NULL || sk_loc_get(p->m, loc)->kind == SK_LOC_UNKNOWN) {
    PUT(p, "loc(unknown)");
    return;
  }
  p->locs_used[loc.id] = 1;
  sk_text_addf(p->out, "loc(#loc%u)", loc.id);
}

static void print_loc_name(sk_printer *p, sk_loc loc) {
  if (loc.id == 0 || sk_loc_get(p->m, loc)->kind == SK_LOC_UNKNOWN) {
    PUT(p, "unknown");
  } else {
    sk_text_addf(p->out, "#loc%u", loc.id);
  }
}

static void print_file_loc(sk_printer *p, sk_str file, const sk_loc_rec *rec) {
  sk_text_add_quoted(p->out, file);
  sk_text_addf(p->out, ":%u:%u", rec->line, rec->col);
  if (rec->end_line != 0 && rec->end_line != rec->line) {
    sk_text_addf(p->out, " to %u:%u", rec->end_line, rec->end_col);
  } else if (rec->end_col != 0) {
    sk_text_addf(p->out, " to :%u", rec->end_col);
  }
}

static void print_loc_body(sk_printer *p, const sk_loc_rec *rec) {
  switch ((sk_loc_kind)rec->kind) {
    case SK_LOC_UNKNOWN: PUT(p, "unknown"); break;
    case SK_LOC_FILE: print_file_loc(p, sk_sym_str(&p->m->strings, rec->name), rec); break;
    case SK_LOC_INPUT: print_file_loc(p, sk_str_from(p->m->input_name), rec); break;
    case SK_LOC_NAME:
      sk_text_add_quoted(p->out, sk_sym_str(&p->m->strings, rec->name));
      if (rec->a.id != 0 && sk_loc_get(p->m, rec->a)->kind != SK_LOC_UNKNOWN) {
        sk_text_addf(p->out, "(#loc%u)", rec->a.id);
      }
      break;
    case SK_LOC_CALLSITE:
      PUT(p, "callsite(");
      print_loc_name(p, rec->a);
      PUT(p, " at ");
      print_loc_name(p, rec->b);
      PUT(p, ")");
      break;
    case SK_LOC_FUSED:
      PUT(p, "fused");
      if (rec->metadata.id != 0) {
        PUT(p, "<");
        sk_ir_print_attr(p, rec->metadata);
        PUT(p, ">");
      }
      PUT(p, "[");
      for (uint32_t i = 0; i < rec->part_count; i++) {
        put(p, i ? ", " : "");
        print_loc_name(p, rec->parts[i]);
      }
      PUT(p, "]");
      break;
  }
}

// Parts are made before wholes, so one pass downwards marks everything that is needed.
static void print_loc_aliases(sk_printer *p) {
  const sk_module *m = p->m;
  for (uint32_t id = m->locs.count; id-- > 1;) {
    const sk_loc_rec *rec = &m->locs.data[id];
    if (p->locs_used[id]) {
      p->locs_used[rec->a.id] = p->locs_used[rec->b.id] = 1;
      for (uint32_t i = 0; i < rec->part_count; i++) {
        p->locs_used[rec->parts[i].id] = 1;
      }
    }
  }
  for (uint32_t id = 1; id < m->locs.count; id++) {
    if (p->locs_used[id] && m->locs.data[id].kind != SK_LOC_UNKNOWN) {
      sk_text_addf(p->out, "#loc%u = loc(", id);
      print_loc_body(p, &m->locs.data[id]);
      PUT(p, ")\n");
    }
  }
}

// ----------------------------------------------------------------------------- attributes of an op

static bool name_less(const sk_module *m, sk_sym a, sk_sym b) {
  sk_str x = sk_sym_str(&m->strings, a), y = sk_sym_str(&m->strings, b);
  size_t common = SK_MIN(x.len, y.len);
  int order = common ? memcmp(x.data, y.data, common) : 0;
  return order != 0 ? order < 0 : x.len < y.len;
}

static bool is_listed(uint32_t name, const uint16_t *names, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (names[i] == name) {
      return true;
    }
  }
  return false;
}

static void print_attrs(sk_printer *p, sk_op op, sk_ir_attr_part part, const uint16_t *consumed,
                        uint32_t count) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  const sk_op_info *info = sk_opkind_info((sk_opkind)rec->kind);
  sk_named_attr small[32], *list = small;
  uint32_t n = 0;
  if (rec->attr_count > SK_COUNT(small) &&
      (list = sk_mem_alloc(rec->attr_count * sizeof *list)) == NULL) {
    p->out->failed = true;
    return;
  }
  for (uint32_t i = 0; i < rec->attr_count; i++) {
    sk_named_attr item = p->m->attr_pool.data[rec->attrs + i];
    bool inherent = sk_opkind_find_attr((sk_opkind)rec->kind, item.name) != NULL;
    if (is_listed(item.name.id, consumed, count) || (part == SK_IR_ATTRS_INHERENT && !inherent) ||
        (part == SK_IR_ATTRS_OTHER && inherent)) {
      continue;
    }
    uint32_t at = n++;
    if (list == small) {  // long lists stay in their own order
      for (; at > 0 && name_less(p->m, item.name, list[at - 1].name); at--) {
        list[at] = list[at - 1];
      }
    }
    list[at] = item;
  }
  if (n != 0) {
    put(p, part == SK_IR_ATTRS_INHERENT ? " <" : " ");
    sk_ir_print_dict_body(p, list, n, info);
    put(p, part == SK_IR_ATTRS_INHERENT ? ">" : "");
  }
  if (list != small) {
    sk_mem_free(list);
  }
}

void sk_ir_print_attr_dict(sk_printer *p, sk_op op, const uint16_t *consumed, uint32_t count) {
  print_attrs(p, op, SK_IR_ATTRS_ALL, consumed, count);
}

// ---------------------------------------------------------------------------------- types of an op

void sk_ir_print_type(sk_printer *p, sk_type type) { sk_type_print(p->m, type, p->out); }

static void print_result_types(sk_printer *p, const sk_op_rec *rec) {
  bool bare = rec->result_count == 1 &&
              sk_type_get(p->m, p->m->values.data[rec->results].type)->kind != SK_TYPE_FUNCTION;
  put(p, bare ? "" : "(");
  for (uint32_t i = 0; i < rec->result_count; i++) {
    put(p, i ? ", " : "");
    sk_ir_print_type(p, p->m->values.data[rec->results + i].type);
  }
  put(p, bare ? "" : ")");
}

void sk_ir_print_operand_types(sk_printer *p, sk_op op) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    put(p, i ? ", " : "");
    sk_ir_print_type(p, sk_value_type(p->m, sk_op_operand(p->m, op, i)));
  }
}

void sk_ir_print_functional_type(sk_printer *p, sk_op op) {
  PUT(p, "(");
  sk_ir_print_operand_types(p, op);
  PUT(p, ") -> ");
  print_result_types(p, sk_op_get(p->m, op));
}

static bool all_same_type(const sk_module *m, sk_op op) {
  const sk_op_rec *rec = sk_op_get(m, op);
  if (rec->result_count != 1) {
    return false;
  }
  for (uint32_t i = 0; i < rec->operand_count; i++) {
    if (sk_value_type(m, sk_op_operand(m, op, i)).id != m->values.data[rec->results].type.id) {
      return false;
    }
  }
  return true;
}

void sk_ir_print_same_type(sk_printer *p, sk_op op) {
  if (all_same_type(p->m, op)) {
    sk_ir_print_type(p, sk_value_type(p->m, sk_op_result(p->m, op, 0)));
  } else {
    sk_ir_print_functional_type(p, op);
  }
}

// -------------------------------------------------------------------------- regions and operations

void sk_ir_print_newline(sk_printer *p) {
  PUT(p, "\n");
  for (uint32_t i = 0; i < p->indent; i++) {
    PUT(p, "  ");
  }
}

void sk_ir_print_args(sk_printer *p, sk_region region) {
  const sk_region_rec *rec = sk_region_get(p->m, region);
  for (uint32_t i = 0; i < rec->arg_count; i++) {
    sk_value arg = {rec->args + i};
    put(p, i ? ", " : "");
    sk_ir_print_value(p, arg);
    PUT(p, ": ");
    sk_ir_print_type(p, sk_value_type(p->m, arg));
  }
}

void sk_ir_print_region(sk_printer *p, sk_region region, bool header) {
  PUT(p, "{");
  if (header && sk_region_get(p->m, region)->arg_count != 0) {
    sk_ir_print_newline(p);
    PUT(p, "^bb0(");
    sk_ir_print_args(p, region);
    PUT(p, "):");
  }
  bool outer = p->in_func_body;
  p->in_func_body = false;
  p->indent++;
  if (p->indent <= SK_IR_MAX_DEPTH) {
    SK_FOR_EACH_OP(p->m, region, op) {
      sk_ir_print_newline(p);
      sk_ir_print_op(p, op);
    }
  } else {
    p->out->failed = true;
  }
  p->indent--;
  p->in_func_body = outer;
  sk_ir_print_newline(p);
  PUT(p, "}");
}

void sk_ir_print_generic(sk_printer *p, sk_op op) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  sk_text_addf(p->out, "\"%s\"(", sk_opkind_name((sk_opkind)rec->kind));
  sk_ir_print_operands(p, op, 0, rec->operand_count);
  PUT(p, ")");
  print_attrs(p, op, SK_IR_ATTRS_INHERENT, NULL, 0);
  if (rec->region_count != 0) {
    PUT(p, " (");
    for (uint32_t i = 0; i < rec->region_count; i++) {
      put(p, i ? ", " : "");
      sk_ir_print_region(p, sk_op_region(p->m, op, i), true);
    }
    PUT(p, ")");
  }
  print_attrs(p, op, SK_IR_ATTRS_OTHER, NULL, 0);
  PUT(p, " : ");
  sk_ir_print_functional_type(p, op);
}

// `name %a, %b {..} : ` and a type by `print_type`
static void print_operands_form(sk_printer *p, sk_op op,
                                void (*print_type)(sk_printer *p, sk_op op)) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  put(p, sk_opkind_name((sk_opkind)rec->kind));
  put(p, rec->operand_count ? " " : "");
  sk_ir_print_operands(p, op, 0, rec->operand_count);
  sk_ir_print_attr_dict(p, op, NULL, 0);
  PUT(p, " : ");
  print_type(p, op);
}

static void print_arrow_type(sk_printer *p, sk_op op) {
  sk_ir_print_operand_types(p, op);
  PUT(p, " -> ");
  print_result_types(p, sk_op_get(p->m, op));
}

static void print_results_type(sk_printer *p, sk_op op) {
  print_result_types(p, sk_op_get(p->m, op));
}

// Printers of custom forms take operands, results and regions for granted that ops.def promises; a
// module that nobody verified may lack them.
static bool has_its_parts(const sk_op_rec *rec) {
  const sk_op_info *info = sk_opkind_info((sk_opkind)rec->kind);
  return sk_ir_count_fits(rec->operand_count, info->operands_min, info->operands_max) &&
         sk_ir_count_fits(rec->result_count, info->results_min, info->results_max) &&
         sk_ir_count_fits(rec->region_count, info->regions_min, info->regions_max);
}

static void print_form(sk_printer *p, sk_op op) {
  sk_opkind kind = sk_op_kind(p->m, op);
  if (p->options->generic || !has_its_parts(sk_op_get(p->m, op))) {
    sk_ir_print_generic(p, op);
    return;
  }
  switch ((sk_op_syntax)sk_opkind_info(kind)->syntax) {
    case SK_SYNTAX_GENERIC: sk_ir_print_generic(p, op); break;
    case SK_SYNTAX_SAME_TYPE: print_operands_form(p, op, sk_ir_print_same_type); break;
    case SK_SYNTAX_FUNCTIONAL: print_operands_form(p, op, sk_ir_print_functional_type); break;
    case SK_SYNTAX_RESULT_TYPE: print_operands_form(p, op, print_results_type); break;
    case SK_SYNTAX_ARROW: print_operands_form(p, op, print_arrow_type); break;
    case SK_SYNTAX_SPECIAL:
      if (!sk_ir_print_special(p, op)) {
        sk_ir_print_generic(p, op);
      }
      break;
  }
}

void sk_ir_print_op(sk_printer *p, sk_op op) {
  const sk_op_rec *rec = sk_op_get(p->m, op);
  if (rec->result_count != 0) {
    sk_text_addf(p->out, "%%%u", p->names[rec->results] >> 1);
    if (rec->result_count > 1) {
      sk_text_addf(p->out, ":%u", rec->result_count);
    }
    PUT(p, " = ");
  }
  p->dialect =
      strncmp(sk_opkind_name((sk_opkind)rec->kind), "chlo.", 5) == 0 ? "chlo" : "stablehlo";
  print_form(p, op);
  if (p->options->locations) {
    PUT(p, " ");
    sk_ir_print_loc_ref(p, rec->loc);
  }
}

// ------------------------------------------------------------------------------------------- entry

static bool init_printer(sk_printer *p, const sk_module *m, const sk_print_options *options,
                         sk_text *out) {
  static const sk_print_options plain = {0};
  *p = (sk_printer){
      .m = m, .options = options ? options : &plain, .out = out, .dialect = "stablehlo"};
  p->names = sk_mem_zalloc(((size_t)m->values.count + 1) * sizeof *p->names);
  p->locs_used = p->options->locations ? sk_mem_zalloc((size_t)m->locs.count + 1) : NULL;
  if (p->names == NULL || (p->options->locations && p->locs_used == NULL)) {
    out->failed = true;
    return false;
  }
  return true;
}

static void fini_printer(sk_printer *p) {
  sk_mem_free(p->names);
  sk_mem_free(p->locs_used);
}

void sk_module_print(const sk_module *m, const sk_print_options *options, sk_text *out) {
  sk_printer p;
  if (init_printer(&p, m, options, out)) {
    number_region(&p, sk_op_region(m, m->root, 0), (name_counters){0, 0}, 0);
    sk_ir_print_op(&p, m->root);
    PUT(&p, "\n");
    if (p.options->locations) {
      print_loc_aliases(&p);
    }
  }
  fini_printer(&p);
}

void sk_op_print(const sk_module *m, sk_op op, const sk_print_options *options, sk_text *out) {
  sk_printer p;
  if (init_printer(&p, m, options, out)) {
    sk_op top = op;
    for (uint32_t depth = 0;
         depth <= SK_IR_MAX_DEPTH && !sk_opkind_has(sk_op_kind(m, top), SK_TRAIT_ISOLATED);
         depth++) {
      sk_op parent = sk_region_get(m, sk_op_get(m, top)->parent)->parent;
      if (parent.id == 0) {
        break;
      }
      top = parent;
    }
    for (uint32_t i = 0; i < sk_op_get(m, top)->region_count; i++) {
      number_region(&p, sk_op_region(m, top, i), (name_counters){0, 0}, 0);
    }
    sk_ir_print_op(&p, op);
  }
  fini_printer(&p);
}

sk_status sk_op_error(const sk_module *m, sk_op op, sk_code code, const char *format, ...) {
  enum { MESSAGE_MAX = 1024, TYPES_MAX = 400 };
  const sk_op_rec *rec = sk_op_get(m, op);
  char message[MESSAGE_MAX];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  sk_text types;
  sk_text_init(&types);
  for (uint32_t i = 0; i < rec->result_count && types.len < TYPES_MAX; i++) {
    sk_text_add(&types, i ? SK_STR(", ") : SK_STR(""));
    sk_type_print(m, sk_value_type(m, sk_op_result(m, op, i)), &types);
  }
  sk_srcpos at = sk_loc_pos(m, rec->loc);
  const char *name = sk_opkind_name((sk_opkind)rec->kind);
  sk_status status = types.len == 0 || types.failed
                         ? sk_status_new_at(code, at, "%s: %s", name, message)
                         : sk_status_new_at(code, at, "%s: %s (result %.*s)", name, message,
                                            (int)SK_MIN(types.len, (size_t)TYPES_MAX), types.data);
  sk_text_fini(&types);
  return status;
}
