// SPDX-License-Identifier: Apache-2.0
// The text parser's state and the functions its files share.
//
//   text.c         entry, module level, errors      text_attr.c    attributes
//   text_scope.c   names of values and aliases      text_struct.c  #stablehlo<...> structures
//   text_type.c    types                            text_dense.c   constants, resources
//   text_loc.c     locations                        text_op.c      generic form, regions
//   text_form.c    custom forms of single ops       text_func.c    custom forms with regions
//   text_product.c those of dots and convolutions
//   lex.c          characters to tokens             conform.c      attributes to ops.def's kinds
//
// One token of look-ahead: `tok` is the next one, not yet consumed. Every sk_read_parse_X expects
// its construct to begin there and leaves `tok` behind it. Recursion happens only through regions,
// types, attributes and locations; each level passes sk_read_enter, which limits the depth. Lists
// of unknown length collect on the stacks of the parser; whoever pushes notes the height before and
// pops back to it, so that what a nested construct does to a stack leaves the outer one's part
// alone. Values, aliases and stacks live in `scratch` and die with the parse; types, attributes and
// ops go to the module at once.
#ifndef SK_READ_TEXT_INT_H
#define SK_READ_TEXT_INT_H

#include "base/vec.h"
#include "read/lex_int.h"
#include "read/read_int.h"

// ---- names of values (text_scope.c)
typedef struct sk_value_name {
  const char *name;  // without %
  uint32_t len, hash;
  uint32_t scope;  // isolated region it belongs to: names of other ones are invisible
  uint32_t first;  // id of the first value; the pack's values have consecutive ids
  uint32_t count;
  uint32_t hidden;  // a number: what it meant before (an entry of another scope)
  bool hashed;      // in `slots`, else in `numbers`
} sk_value_name;

typedef struct sk_value_names {
  SK_VEC(sk_value_name) stack;  // newest on top
  uint32_t *slots;              // names: 1 + index into the stack, 0 = free; open addressing
  uint32_t slot_count, hashed_count;
  uint32_t *numbers;  // %0, %1, ...: 1 + index into the stack, by number
  uint32_t number_count;
} sk_value_names;

// ---- types seen before: text of tensor<...> without anything nested -> type (text_type.c)
enum { SK_TYPE_CACHE = 256 };
typedef struct sk_type_text {
  sk_str text;
  sk_type type;
} sk_type_text;

// ---- aliases: #name, !name
typedef enum sk_alias_state {
  SK_ALIAS_MENTIONED,  // used as a location, definition not seen yet
  SK_ALIAS_LOCATED,    // the definition's place is known, see sk_read_index_aliases
  SK_ALIAS_ACTIVE,     // its definition is being read
  SK_ALIAS_DONE,
} sk_alias_state;

typedef struct sk_alias {
  sk_str name;  // with # or !
  uint32_t hash;
  uint8_t state;    // sk_alias_state
  bool is_loc;      // DONE: defined by loc(...)
  bool has_loc;     // a location occurs inside the attribute
  uint32_t nodes;   // size when written out
  sk_lexer start;   // LOCATED: the definition begins here
  sk_lexer end;     // DONE: it ends here
  const char *use;  // first mention, for "undefined"
  sk_attr attr;     // DONE, for # (a location is an attribute, too)
  sk_type type;     // DONE, for !
  sk_loc loc;       // once used as a location: its record, filled in when the definition is read
} sk_alias;

typedef struct sk_resource {
  sk_str key;     // without quotes
  sk_token text;  // string token of the blob
  sk_attr attr;   // decoded, once used
} sk_resource;

typedef struct sk_result_name {
  sk_str name;  // with %
  uint32_t count;
} sk_result_name;

typedef struct sk_parser {
  sk_module *module;
  sk_arena scratch;
  sk_read_options limits;  // every field set
  const char *input_name;  // borrowed
  sk_lexer lex;
  sk_token tok;
  const char *last_end;  // where the token before `tok` ended
  uint32_t depth;
  uint32_t scope, scope_count;  // current isolated region; how many were made
  uint64_t ops;
  uint64_t nodes;  // types, attributes and locations read, an alias counting in full
  sk_opkind op;    // being read, for messages; SK_OP_NONE outside
  bool in_func;    // `return` means func.return
  bool saw_loc;    // a location attribute was read
  bool in_loc_metadata;
  bool pending_locs;  // an alias was used as a location before its definition
  bool aliases_indexed, resources_indexed;
  sk_value_names names;
  sk_type_text *type_cache;  // SK_TYPE_CACHE entries, made with the first one
  SK_VEC(sk_alias) aliases;
  uint32_t *alias_slots;  // 1 + index
  uint32_t alias_slot_count;
  SK_VEC(sk_resource) resources;  // sorted by key
  sk_lexer resources_end;         // behind {-# ... #-}
  SK_VEC(sk_value) values;        // stacks
  SK_VEC(sk_type) types;
  SK_VEC(sk_named_attr) named;
  SK_VEC(sk_attr) attrs;
  SK_VEC(sk_region) regions;
  SK_VEC(sk_loc) locs;
  SK_VEC(sk_result_name) results;
  SK_VEC(int64_t) ints;
  SK_VEC(double) floats;
  SK_VEC(sk_token) tokens;
} sk_parser;

#define SK_PUSH(p, stack, ...)                                                                     \
  do {                                                                                             \
    if (SK_UNLIKELY(!sk_vec_push(&(p)->scratch, &(p)->stack, __VA_ARGS__))) {                      \
      return sk_status_no_memory();                                                                \
    }                                                                                              \
  } while (0)

// Takes an id that is 0 only when memory is exhausted.
#define SK_SET_ID(out, ...)                                                                        \
  do {                                                                                             \
    *(out) = (__VA_ARGS__);                                                                        \
    if (SK_UNLIKELY((out)->id == 0)) {                                                             \
      return sk_status_no_memory();                                                                \
    }                                                                                              \
  } while (0)

// ---- text.c: errors and tokens
sk_srcpos sk_read_pos(const sk_parser *p, const char *at);
sk_status sk_read_error(const sk_parser *p, const char *at, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
sk_status sk_read_unsupported(const sk_parser *p, const char *at, const char *format, ...)
    SK_PRINTF(3, 4) SK_NODISCARD;
sk_status sk_read_over_limit(const sk_parser *p, const char *at, const char *what,
                             uint64_t limit) SK_NODISCARD;
// "expected <what> in stablehlo.add, got 'x'", at the current token
sk_status sk_read_expected(const sk_parser *p, const char *what) SK_NODISCARD;

static inline void sk_read_advance(sk_parser *p) {
  p->last_end = p->tok.end;
  sk_lex_next(&p->lex, &p->tok);
}
static inline bool sk_read_at(const sk_parser *p, int kind) { return p->tok.kind == kind; }
static inline bool sk_read_accept(sk_parser *p, int kind) {
  if (p->tok.kind != kind) {
    return false;
  }
  sk_read_advance(p);
  return true;
}
bool sk_read_at_word(const sk_parser *p, sk_str word);
bool sk_read_accept_word(sk_parser *p, sk_str word);
sk_status sk_read_expect(sk_parser *p, int kind,
                         const char *what) SK_NODISCARD;  // `what` names the token and its place
sk_status sk_read_expect_word(sk_parser *p, sk_str word) SK_NODISCARD;
sk_status
sk_read_enter(sk_parser *p) SK_NODISCARD;  // one level deeper, one node more; undone by depth--
// Continues reading at another place, or back at a saved one.
static inline void sk_read_jump(sk_parser *p, const sk_lexer *to) {
  p->lex = *to;
  sk_lex_next(&p->lex, &p->tok);
  p->last_end = p->tok.start;
}
static inline sk_lexer
sk_read_here(const sk_parser *p) {  // so that a jump to it makes `tok` the next token again
  sk_lexer here = p->lex;
  here.at = p->tok.start;
  here.line = p->tok.line;
  here.line_start = p->tok.line_start;
  return here;
}

// ---- text_scope.c
uint32_t sk_read_hash_name(const char *name, size_t len, uint32_t seed);
sk_status sk_read_define_values(sk_parser *p, sk_str name, uint32_t first,
                                uint32_t count) SK_NODISCARD;
sk_status sk_read_parse_value(sk_parser *p, sk_value *out) SK_NODISCARD;  // %name or %name#2
uint32_t sk_read_open_names(const sk_parser *p);
void sk_read_close_names(sk_parser *p, uint32_t height);
sk_status sk_read_find_alias(sk_parser *p, sk_str name, bool add,
                             uint32_t *out_index) SK_NODISCARD;  // UINT32_MAX: none
// The alias under `tok`, its definition read; wherever that stands.
sk_status sk_read_resolve_alias(sk_parser *p, uint32_t *out_index) SK_NODISCARD;
sk_status sk_read_parse_alias_definition(sk_parser *p) SK_NODISCARD;
sk_status sk_read_finish_aliases(sk_parser *p) SK_NODISCARD;

// ---- text_type.c
// A type or attribute that may turn out too deep or too large as a whole, or wrong; `at` for the error.
sk_status sk_read_make_type(sk_parser *p, const sk_type_rec *rec, const char *at,
                            sk_type *out) SK_NODISCARD;
sk_status sk_read_make_attr(sk_parser *p, const sk_attr_rec *rec, const char *at,
                            sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_type(sk_parser *p, sk_type *out) SK_NODISCARD;
bool sk_read_at_type(const sk_parser *p);
sk_status sk_read_parse_types(sk_parser *p) SK_NODISCARD;  // T, T, ... pushed on p->types
// (T, ...) -> T or (T, ...) -> (T, ...): inputs, then results, pushed on p->types
sk_status sk_read_parse_signature(sk_parser *p, uint32_t *out_inputs,
                                  uint32_t *out_results) SK_NODISCARD;
sk_status sk_read_parse_results(sk_parser *p, uint32_t *out_results) SK_NODISCARD;  // T or (T, ...)
// Text between balanced brackets, `tok` at the opening one, up to and with the closing one; white
// space outside strings becomes one blank. Appended to *text, which the caller owns.
sk_status sk_read_parse_balanced(sk_parser *p, sk_text *text) SK_NODISCARD;

// ---- text_attr.c, text_struct.c, text_dense.c
sk_status sk_read_parse_attr(sk_parser *p, sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_dict(sk_parser *p) SK_NODISCARD;  // {...}: entries pushed on p->named
sk_status sk_read_check_duplicates(sk_parser *p, uint32_t first, const char *at) SK_NODISCARD;
sk_status sk_read_parse_string(sk_parser *p,
                               sk_str *out) SK_NODISCARD;  // contents, escapes resolved
sk_status sk_read_parse_symbol(sk_parser *p, sk_str *out) SK_NODISCARD;  // @a or @"a b", without @
sk_status sk_read_parse_int(sk_parser *p, int64_t *out) SK_NODISCARD;    // [-]12
sk_status sk_read_parse_index_size(sk_parser *p, int64_t *out) SK_NODISCARD;  // int or ?
sk_status sk_read_parse_float(sk_parser *p, sk_elem elem, double *out) SK_NODISCARD;
sk_status sk_read_parse_int_list(sk_parser *p) SK_NODISCARD;  // [1, 2] pushed on p->ints; ? allowed
sk_status sk_read_parse_ints_attr(sk_parser *p, sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_enum_word(sk_parser *p, sk_enum_id id, sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_dialect_attr(sk_parser *p, sk_attr *out)
    SK_NODISCARD;  // `tok` is a # name that is no alias
sk_status sk_read_parse_conv_dims(sk_parser *p,
                                  sk_attr *out) SK_NODISCARD;  // [b, 0, f]x[i, 0, o]->[b, 0, f]
sk_status sk_read_parse_dot_algorithm(sk_parser *p, sk_attr *out) SK_NODISCARD;  // <...>
sk_status sk_read_parse_dense(sk_parser *p, sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_dense_resource(sk_parser *p, sk_attr *out) SK_NODISCARD;
sk_status sk_read_parse_dense_array(sk_parser *p, sk_attr *out) SK_NODISCARD;  // array<T: ...>
sk_status sk_read_parse_element(sk_parser *p, sk_elem elem, void *out) SK_NODISCARD;
sk_status sk_read_parse_metadata(sk_parser *p) SK_NODISCARD;  // {-# ... #-}

// ---- text_loc.c
sk_status sk_read_parse_loc(sk_parser *p, sk_loc *out) SK_NODISCARD;  // loc(...)
sk_status sk_read_parse_optional_loc(sk_parser *p, sk_loc *io,
                                     bool *io_given) SK_NODISCARD;  // both unchanged without one
sk_status sk_read_input_loc(sk_parser *p, const sk_token *tok,
                            sk_loc *out) SK_NODISCARD;  // where `tok` stands
// At the end: no cycles, bounded size, and parts before wholes.
sk_status sk_read_check_locs(sk_parser *p) SK_NODISCARD;

// ---- text_op.c
// An op under construction: its parts lie on the stacks from these heights on.
typedef struct sk_draft {
  sk_opkind kind;
  sk_token name;  // where messages point
  uint32_t values, types, named, regions;
  sk_loc loc;  // if given, else the position in the input
  bool has_loc;
  sk_region into;
  bool is_root;  // the module itself: its parts go to the module's root
} sk_draft;

sk_status sk_read_parse_op(sk_parser *p, sk_region into) SK_NODISCARD;
sk_status sk_read_parse_root(sk_parser *p) SK_NODISCARD;  // a module, into the module's root
// %a, %b, ... pushed on p->values. A comma behind the last one is consumed if no value follows it.
sk_status sk_read_parse_operands(sk_parser *p, bool *out_comma) SK_NODISCARD;
sk_status sk_read_parse_enclosed_operands(sk_parser *p) SK_NODISCARD;  // (%a, %b)
sk_status sk_read_parse_attr_dict(sk_parser *p, sk_draft *d)
    SK_NODISCARD;  // optional {...}, brought to the op's schema
sk_status sk_read_add_attr(sk_parser *p, sk_name name, sk_attr attr) SK_NODISCARD;
sk_status sk_read_add_named(sk_parser *p, sk_str name, sk_attr attr) SK_NODISCARD;
// `count` operand types on p->types from `first` on must be those of the draft's operands.
sk_status sk_read_check_operands(sk_parser *p, const sk_draft *d, uint32_t first, uint32_t count,
                                 const char *at) SK_NODISCARD;
// (T, ...) -> T, checked against the operands; the result types stay on p->types.
sk_status sk_read_parse_functional(sk_parser *p, const sk_draft *d) SK_NODISCARD;
// [attr-dict] : (T, ...) -> T
sk_status sk_read_parse_functional_tail(sk_parser *p, sk_draft *d) SK_NODISCARD;
static inline uint32_t sk_draft_operand_count(const sk_parser *p, const sk_draft *d) {
  return p->values.count - d->values;
}

// Arguments of a region's block: names on p->tokens, types on p->types.
typedef struct sk_block_args {
  uint32_t tokens, types, count;
  bool given;     // false: a label ^bb0(...) may give them
  bool isolated;  // values from outside are invisible inside
  bool in_func;   // the body of a function
} sk_block_args;
sk_status sk_read_parse_block_arg(sk_parser *p) SK_NODISCARD;  // %x: T [loc(...)], pushed
// { ... }. *io is the region to fill, or none for a new one.
sk_status sk_read_parse_region(sk_parser *p, const sk_block_args *args, sk_region *io) SK_NODISCARD;
sk_status sk_read_push_region(sk_parser *p,
                              const sk_block_args *args) SK_NODISCARD;  // on p->regions
sk_status sk_read_push_region_list(sk_parser *p,
                                   const sk_draft *d) SK_NODISCARD;  // ({ ... }, { ... })
sk_status sk_read_parse_op_name(sk_parser *p,
                                sk_opkind *out) SK_NODISCARD;  // stablehlo.add, return, module

// ---- text_form.c, text_product.c, text_func.c: custom forms; `tok` behind the op's name
sk_status sk_read_parse_form(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_dot(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_dot_general(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_convolution(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_func(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_module(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_while(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_reduce(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_composite(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_scan(sk_parser *p, sk_draft *d) SK_NODISCARD;
sk_status sk_read_form_manual_computation(sk_parser *p, sk_draft *d) SK_NODISCARD;

#endif
