// SPDX-License-Identifier: Apache-2.0
// The tables made of ops.def, names.def, enums.def and types.def: facts about op kinds, attribute
// names, enumerations and element types, and the way from text to each.
//
// Everything here is constant data, except one hash table from op names to kinds that is built once
// per process.
#include <pthread.h>

#include "ir/ir_int.h"

// -------------------------------------------------------------------------------------- operations

enum {  // words of ops.def
  PURE = SK_TRAIT_PURE,
  COMMUTATIVE = SK_TRAIT_COMMUTATIVE,
  ASSOCIATIVE = SK_TRAIT_ASSOCIATIVE,
  TERMINATOR = SK_TRAIT_TERMINATOR,
  ISOLATED = SK_TRAIT_ISOLATED,
  SIDE_EFFECT = SK_TRAIT_SIDE_EFFECT,
  RECURSIVE = SK_TRAIT_RECURSIVE,
  SYMBOL = SK_TRAIT_SYMBOL,
  DEPRECATED = SK_TRAIT_DEPRECATED,
  PER_AXIS = SK_TRAIT_PER_AXIS,
  MANY = SK_ARITY_MANY,
  ELEMS_F = SK_ELEMS_F,
  ELEMS_C = SK_ELEMS_C,
  ELEMS_Q = SK_ELEMS_Q,
  ELEMS_ANY = SK_ELEMS_ANY,
  ELEMS_I = SK_ELEMS_S | SK_ELEMS_U,
  ELEMS_PI = SK_ELEMS_P | ELEMS_I,
  ELEMS_FC = SK_ELEMS_F | SK_ELEMS_C,
  ELEMS_FQ = SK_ELEMS_F | SK_ELEMS_Q,
  ELEMS_FCQ = ELEMS_FC | SK_ELEMS_Q,
  ELEMS_SFCQ = SK_ELEMS_S | ELEMS_FCQ,
  ELEMS_IF = ELEMS_I | SK_ELEMS_F,
  ELEMS_PIF = SK_ELEMS_P | ELEMS_IF,
  ELEMS_IFC = ELEMS_I | ELEMS_FC,
  ELEMS_IFCQ = ELEMS_IFC | SK_ELEMS_Q,
};

#define SK_SCHEMA_ENUM(id) SK_SCHEMA_ENUM, SK_ENUM_##id
#define SCHEMA_ROW(name, kind, id, presence, value)                                                \
  {SK_NAME_##name, kind, id, SK_PRESENCE_##presence, value},
#define SCHEMA_PICK(name, presence, value, kind, id, ...)                                          \
  SCHEMA_ROW(name, kind, id, presence, value)
#define SCHEMA_SPLIT(name, presence, value, ...)                                                   \
  SCHEMA_PICK(name, presence, value, __VA_ARGS__, SK_ENUM_NONE, 0)
#define A(name, kind) SCHEMA_SPLIT(name, REQUIRED, 0, SK_SCHEMA_##kind)
#define O(name, kind) SCHEMA_SPLIT(name, OPTIONAL, 0, SK_SCHEMA_##kind)
#define D(name, kind, value) SCHEMA_SPLIT(name, DEFAULTED, value, SK_SCHEMA_##kind)
#define UNWRAP(...) __VA_ARGS__
#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  static const sk_attr_schema sk_schema_##e[] = {UNWRAP attrs{0, 0, 0, 0, 0}};
#include "ir/ops.def"
#undef X

const sk_op_info sk_op_infos[SK_OPKIND_COUNT] = {
    [SK_OP_NONE] = {"none", NULL, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
#define X(e, name, o0, o1, r0, r1, g0, g1, op_class, syntax, elems, traits, attrs, rule, interp,   \
          loop, native)                                                                            \
  [SK_OP_##e] = {name,                                                                             \
                 sk_schema_##e,                                                                    \
                 sizeof(name) - 1,                                                                 \
                 SK_COUNT(sk_schema_##e) - 1,                                                      \
                 SK_OPCLASS_##op_class,                                                            \
                 SK_SYNTAX_##syntax,                                                               \
                 ELEMS_##elems,                                                                    \
                 UNWRAP traits,                                                                    \
                 o0,                                                                               \
                 o1,                                                                               \
                 r0,                                                                               \
                 r1,                                                                               \
                 g0,                                                                               \
                 g1},
#include "ir/ops.def"
#undef X
};

const char *sk_opkind_name(sk_opkind kind) { return sk_op_infos[kind].name; }

const char *sk_opkind_mnemonic(sk_opkind kind) {
  const char *dot = strchr(sk_op_infos[kind].name, '.');
  return dot ? dot + 1 : sk_op_infos[kind].name;
}

const sk_attr_schema *sk_opkind_find_attr(sk_opkind kind, sk_sym name) {
  const sk_op_info *info = &sk_op_infos[kind];
  for (uint32_t i = 0; i < info->attr_count; i++) {
    if (info->attrs[i].name == name.id) {
      return &info->attrs[i];
    }
  }
  return NULL;
}

enum { OPKIND_SLOTS = 1024, OPKIND_SLOT_BITS = 10, SHORTEST_NAME = 8 };
static uint16_t sk_opkind_slots[OPKIND_SLOTS];  // written once under the once-flag
static pthread_once_t sk_opkind_once = PTHREAD_ONCE_INIT;

// Names begin alike ("stablehlo."): their ends and middles tell them apart.
static uint32_t hash_opkind(sk_str name) {
  uint64_t middle, end;
  memcpy(&middle, name.data + (name.len - SHORTEST_NAME) / 2, 8);
  memcpy(&end, name.data + name.len - 8, 8);
  uint64_t h = (end * 0x9E3779B97F4A7C15u ^ middle ^ name.len) * 0xD6E8FEB86659FD93u;
  return (uint32_t)(h >> (64 - OPKIND_SLOT_BITS));
}

static sk_str opkind_text(uint32_t kind) {
  return (sk_str){sk_op_infos[kind].name, sk_op_infos[kind].name_len};
}

static void build_opkind_slots(void) {
  for (uint32_t kind = 1; kind < SK_OPKIND_COUNT; kind++) {
    uint32_t at = hash_opkind(opkind_text(kind));
    while (sk_opkind_slots[at] != 0) {
      at = (at + 1) & (OPKIND_SLOTS - 1);
    }
    sk_opkind_slots[at] = (uint16_t)kind;
  }
}

sk_opkind sk_opkind_find(sk_str name) {
  _Static_assert(SK_OPKIND_COUNT * 2 < OPKIND_SLOTS, "table of op names too small");
#define X(e, name, ...) _Static_assert(sizeof(name) > SHORTEST_NAME, "name too short to be hashed");
#include "ir/ops.def"
#undef X
  if (name.len < SHORTEST_NAME) {
    return SK_OP_NONE;
  }
  pthread_once(&sk_opkind_once, build_opkind_slots);
  uint32_t at = hash_opkind(name);
  for (; sk_opkind_slots[at] != 0; at = (at + 1) & (OPKIND_SLOTS - 1)) {
    if (sk_str_eq(name, opkind_text(sk_opkind_slots[at]))) {
      return (sk_opkind)sk_opkind_slots[at];
    }
  }
  return SK_OP_NONE;
}

// --------------------------------------------------------------------------------- attribute names

const char *sk_name_text(sk_name name) {
  static const char *const texts[SK_NAME_COUNT] = {
      "",
#define X(name, text) text,
#include "ir/names.def"
#undef X
  };
  return texts[name];
}

// ------------------------------------------------------------------------------------ enumerations

typedef struct enum_value {
  const char *keyword;
  int64_t value;
} enum_value;

#define K(keyword, value) {#keyword, value},
#define X(e, mnemonic, form, keywords) static const enum_value sk_enum_values_##e[] = {keywords};
#include "ir/enums.def"
#undef X

static const struct {
  const char *mnemonic;
  const enum_value *values;
  uint32_t count;
  sk_enum_form form;
} sk_enums[SK_ENUM_COUNT] = {
#define X(e, mnemonic, form, keywords)                                                             \
  [SK_ENUM_##e] = {mnemonic, sk_enum_values_##e, SK_COUNT(sk_enum_values_##e), SK_ENUM_FORM_##form},
#include "ir/enums.def"
#undef X
};

bool sk_enum_parse(sk_enum_id id, sk_str keyword, int64_t *out_value) {
  for (uint32_t i = 0; i < sk_enums[id].count; i++) {
    if (sk_str_eq(keyword, sk_str_from(sk_enums[id].values[i].keyword))) {
      *out_value = sk_enums[id].values[i].value;
      return true;
    }
  }
  return false;
}

const char *sk_enum_keyword(sk_enum_id id, int64_t value) {
  for (uint32_t i = 0; i < sk_enums[id].count; i++) {
    if (sk_enums[id].values[i].value == value) {
      return sk_enums[id].values[i].keyword;
    }
  }
  return NULL;
}

const char *sk_enum_mnemonic(sk_enum_id id) {
  return sk_enums[id].mnemonic ? sk_enums[id].mnemonic : "";
}

sk_enum_form sk_enum_get_form(sk_enum_id id) { return sk_enums[id].form; }

sk_enum_id sk_enum_find(sk_str mnemonic) {
  for (uint32_t id = 1; id < SK_ENUM_COUNT; id++) {
    if (sk_str_eq(mnemonic, sk_str_from(sk_enums[id].mnemonic))) {
      return (sk_enum_id)id;
    }
  }
  return SK_ENUM_NONE;
}

// ------------------------------------------------------------------------------------ custom calls

bool sk_op_is_annotation(const sk_module *m, sk_op op) {
  static const char *const targets[] = {
      "Sharding",         "SPMDFullToShardShape",       "SPMDShardToFullShape",
      "LayoutConstraint", "xla.sdy.FuncResultSharding", "annotate_device_placement"};
  const sk_op_rec *rec = sk_op_get(m, op);
  if (rec->kind != SK_OP_CUSTOM_CALL || rec->operand_count != 1 || rec->result_count != 1) {
    return false;
  }
  sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  for (size_t i = 0; i < SK_COUNT(targets); i++) {
    if (sk_str_eq(target, sk_str_from(targets[i]))) {
      return true;
    }
  }
  return false;
}

sk_status sk_op_check_initial_values(const sk_module *m, sk_op op) {
  uint32_t count = sk_op_get(m, op)->result_count;
  for (uint32_t i = 0; i < count; i++) {
    if (sk_value_type_rec(m, sk_op_operand(m, op, count + i))->rank != 0) {
      return sk_op_error(m, op, SK_UNIMPLEMENTED,
                         "initial value %u is not 0-D: what this computes is not defined", i);
    }
  }
  return NULL;
}

// ----------------------------------------------------------------------------------- element types

static const struct {
  const char *name;
  uint8_t bytes, bits, elem_class;
} sk_elems[SK_ELEM_COUNT] = {
    [SK_ELEM_NONE] = {"none", 0, 0, SK_CLASS_NONE},
#define X(name, text, bytes, bits, elem_class)                                                     \
  [SK_##name] = {text, bytes, bits, SK_CLASS_##elem_class},
#include "ir/types.def"
#undef X
};

const char *sk_elem_name(sk_elem elem) { return sk_elems[elem].name; }
uint32_t sk_elem_bytes(sk_elem elem) { return sk_elems[elem].bytes; }
uint32_t sk_elem_bits(sk_elem elem) { return sk_elems[elem].bits; }
sk_elem_class sk_elem_get_class(sk_elem elem) { return (sk_elem_class)sk_elems[elem].elem_class; }
bool sk_elem_is_float(sk_elem elem) { return sk_elems[elem].elem_class == SK_CLASS_FLOAT; }
bool sk_elem_is_signed(sk_elem elem) { return sk_elems[elem].elem_class == SK_CLASS_SINT; }
bool sk_elem_is_complex(sk_elem elem) { return sk_elems[elem].elem_class == SK_CLASS_COMPLEX; }

bool sk_elem_is_int(sk_elem elem) {
  return sk_elems[elem].elem_class == SK_CLASS_SINT || sk_elems[elem].elem_class == SK_CLASS_UINT;
}

sk_elem sk_elem_complex_part(sk_elem elem) {
  return elem == SK_C64 ? SK_F32 : elem == SK_C128 ? SK_F64 : elem;
}

sk_elem sk_elem_find(sk_str name) {
  for (uint32_t elem = 1; elem < SK_ELEM_COUNT; elem++) {
    if (sk_str_eq(name, sk_str_from(sk_elems[elem].name))) {
      return (sk_elem)elem;
    }
  }
  return SK_ELEM_NONE;
}
