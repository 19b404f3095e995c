// SPDX-License-Identifier: Apache-2.0
// Replica groups by mesh axes, which the module keeps as text, to VHLO's entries. Elsewhere the text
// itself is written; VHLO has a spelling of its own for all that StableHLO has.
//
//   groups = #stablehlo.replica_group_mesh_axes<mesh = mesh, axes = [axis, ..]>
//   mesh   = @name | #stablehlo.mesh<axes = [<name = "x", size = 2>, ..] [, device_ids = dense<..> : T]>
//   axis   = #stablehlo.axis_ref<name = "x" [, sub_axis_info = (1)2]>
//
// The text is what the reader keeps of its input: brackets match, but nothing else is sure. What is
// not of the above is an error.
#include "read/lex_int.h"
#include "read/write_int.h"

enum { MESH_SINCE = SK_VHLO_VERSION(1, 16) };
enum { SUB_AXIS = 21, AXIS_REF, GROUPS, MESH_AXIS, MESH };  // SHARDING rows of bytecode.def
enum { MOST_AXES = 64, MOST_DEVICES = 1 << 16 };

typedef struct mesh_text {
  sk_writer *w;
  sk_lexer lex;
  sk_token tok;
  bool wrong;  // sticky
} mesh_text;

static void advance(mesh_text *t) { sk_lex_next(&t->lex, &t->tok); }

static bool accept(mesh_text *t, int kind) {
  bool is = t->tok.kind == kind;
  if (is) {
    advance(t);
  }
  return is;
}

static void expect(mesh_text *t, int kind) { t->wrong |= !accept(t, kind); }

// key =
static void expect_key(mesh_text *t, sk_str key) {
  t->wrong |= t->tok.kind != SK_TOK_IDENT || !sk_tok_is(&t->tok, key);
  advance(t);
  expect(t, '=');
}

static int64_t parse_number(mesh_text *t) {
  int64_t value = 0;
  t->wrong |= t->tok.kind != SK_TOK_INT || !sk_str_to_i64(sk_tok_str(&t->tok), &value);
  advance(t);
  return value;
}

// A string, or the name behind an @; without escapes.
static uint32_t parse_name(mesh_text *t) {
  sk_str text = sk_tok_str(&t->tok);
  bool symbol = t->tok.kind == SK_TOK_SYMBOL;
  t->wrong |= (!symbol && t->tok.kind != SK_TOK_STRING) || sk_lex_has_escapes(text);
  advance(t);
  if (t->wrong) {
    return 0;
  }
  text = symbol ? (sk_str){text.data + 1, text.len - 1} : text;
  text = text.data[0] == '"' ? (sk_str){text.data + 1, text.len - 2} : text;
  return sk_write_text_attr(t->w, SK_FORM_VHLO, text);
}

// The attribute's own name may be left out where only one can stand.
static void open_part(mesh_text *t, sk_str name) {
  if (t->tok.kind == SK_TOK_HASH) {
    t->wrong |= !sk_tok_is(&t->tok, name);
    advance(t);
  }
  expect(t, '<');
}

static uint32_t finish(mesh_text *t, uint32_t height) {
  return sk_write_finish(t->w, &t->w->attrs, sk_write_dialect_of(t->w, SK_DIALECT_VHLO), true,
                         height);
}

// [part, ..] as an array attribute.
static uint32_t parse_list(mesh_text *t, uint32_t (*part)(mesh_text *t)) {
  uint32_t items[MOST_AXES];
  uint32_t count = 0;
  expect(t, '[');
  while (!t->wrong && t->tok.kind != ']') {
    if (count == MOST_AXES) {
      t->wrong = true;
      break;
    }
    items[count++] = part(t);
    if (!accept(t, ',')) {
      break;
    }
  }
  expect(t, ']');
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, SK_ATTR_CODE_VHLO_array_0);
  sk_write_number(t->w, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_write_attr_ref(t->w, items[i], SK_REF_PLAIN);
  }
  return finish(t, height);
}

static uint32_t parse_mesh_axis(mesh_text *t) {
  open_part(t, SK_STR("#stablehlo.mesh_axis"));
  expect_key(t, SK_STR("name"));
  uint32_t name = parse_name(t);
  expect(t, ',');
  expect_key(t, SK_STR("size"));
  int64_t size = parse_number(t);
  expect(t, '>');
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, MESH_AXIS);
  sk_write_attr_ref(t->w, name, SK_REF_PLAIN);
  sk_write_signed(t->w, size);
  return finish(t, height);
}

// dense<[..]> : tensor<..xi64>, a list of which only the numbers matter
static uint32_t parse_device_ids(mesh_text *t) {
  int64_t *ids = sk_write_alloc(t->w, MOST_DEVICES * sizeof *ids);
  int64_t count = 0;
  t->wrong |= ids == NULL || !sk_tok_is(&t->tok, SK_STR("dense"));
  advance(t);
  expect(t, '<');
  bool list = accept(t, '[');
  while (!t->wrong && t->tok.kind == SK_TOK_INT && count < MOST_DEVICES) {
    ids[count++] = parse_number(t);
    (void)accept(t, ',');
  }
  t->wrong |= list && !accept(t, ']');
  expect(t, '>');
  expect(t, ':');
  t->wrong |= !sk_tok_is(&t->tok, SK_STR("tensor"));
  while (t->tok.kind != SK_TOK_EOF && t->tok.kind != '>') {
    advance(t);
  }
  expect(t, '>');
  return t->wrong ? 0 : sk_write_ints(t->w, SK_FORM_VHLO, SK_S64, 1, &count, ids);
}

static uint32_t parse_mesh(mesh_text *t) {
  uint32_t ids = 0;
  open_part(t, SK_STR("#stablehlo.mesh"));
  expect_key(t, SK_STR("axes"));
  uint32_t axes = parse_list(t, parse_mesh_axis);
  bool has_ids = accept(t, ',');
  if (has_ids) {
    expect_key(t, SK_STR("device_ids"));
    ids = parse_device_ids(t);
  }
  expect(t, '>');
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, MESH);
  sk_write_attr_ref(t->w, axes, SK_REF_PLAIN);
  if (has_ids) {
    sk_write_attr_ref(t->w, ids, SK_REF_FLAG_1);
  } else {
    sk_write_number(t->w, 0);
  }
  return finish(t, height);
}

// (1)2
static uint32_t parse_sub_axis(mesh_text *t) {
  expect(t, '(');
  int64_t before = parse_number(t);
  expect(t, ')');
  int64_t size = parse_number(t);
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, SUB_AXIS);
  sk_write_signed(t->w, before);
  sk_write_signed(t->w, size);
  return finish(t, height);
}

static uint32_t parse_axis_ref(mesh_text *t) {
  uint32_t sub_axis = 0;
  open_part(t, SK_STR("#stablehlo.axis_ref"));
  expect_key(t, SK_STR("name"));
  uint32_t name = parse_name(t);
  bool has_sub_axis = accept(t, ',');
  if (has_sub_axis) {
    expect_key(t, SK_STR("sub_axis_info"));
    sub_axis = parse_sub_axis(t);
  }
  expect(t, '>');
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, AXIS_REF);
  sk_write_attr_ref(t->w, name, SK_REF_PLAIN);
  sk_write_number(t->w, has_sub_axis);
  if (has_sub_axis) {
    sk_write_attr_ref(t->w, sub_axis, SK_REF_PLAIN);
  }
  return finish(t, height);
}

static uint32_t parse_groups(mesh_text *t) {
  open_part(t, SK_STR("#stablehlo.replica_group_mesh_axes"));
  expect_key(t, SK_STR("mesh"));
  uint32_t mesh = t->tok.kind == SK_TOK_SYMBOL ? parse_name(t) : parse_mesh(t);
  expect(t, ',');
  expect_key(t, SK_STR("axes"));
  uint32_t axes = parse_list(t, parse_axis_ref);
  expect(t, '>');
  uint32_t height = t->w->stack.count;
  sk_write_number(t->w, GROUPS);
  sk_write_attr_ref(t->w, mesh, SK_REF_PLAIN);
  sk_write_attr_ref(t->w, axes, SK_REF_PLAIN);
  return finish(t, height);
}

uint32_t sk_write_mesh_groups(sk_writer *w, sk_str text) {
  mesh_text t = {.w = w};
  if (w->version < MESH_SINCE) {
    sk_write_too_new(w, MESH_SINCE, "replica groups by mesh axes");
    return 0;
  }
  sk_lex_init(&t.lex, text.data, text.len);
  advance(&t);
  uint32_t entry = parse_groups(&t);
  if (t.wrong || t.tok.kind != SK_TOK_EOF) {
    sk_write_unsupported(w, "'%.*s' is not understood as replica groups",
                         (int)SK_MIN(text.len, (size_t)160), text.data);
  }
  return entry;
}
