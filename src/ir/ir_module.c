// SPDX-License-Identifier: Apache-2.0
// Creation and end of a module, its interning tables, and the way from names to functions.
//
// Record 0 of every array is a blank, so that id 0 ("none") may be looked up harmlessly. The fixed
// attribute names are interned first and in order, so that SK_NAME_x == id of its symbol.
#include <pthread.h>

#include "base/mem.h"
#include "ir/ir_int.h"

static bool push_blanks(sk_module *m) {
  sk_arena *arena = &m->arena;
  return sk_vec_reserve(arena, &m->types, 32) && sk_vec_push(arena, &m->types, (sk_type_rec){0}) &&
         sk_vec_reserve(arena, &m->attrs, 32) && sk_vec_push(arena, &m->attrs, (sk_attr_rec){0}) &&
         sk_vec_push(arena, &m->locs, (sk_loc_rec){0}) && sk_vec_reserve(arena, &m->ops, 64) &&
         sk_vec_push(arena, &m->ops, (sk_op_rec){0}) && sk_vec_reserve(arena, &m->values, 64) &&
         sk_vec_push(arena, &m->values, (sk_value_rec){0}) &&
         sk_vec_push(arena, &m->regions, (sk_region_rec){0}) &&
         sk_vec_push(arena, &m->operand_pool, (sk_value){0}) &&
         sk_vec_push(arena, &m->region_pool, (sk_region){0}) &&
         sk_vec_push(arena, &m->attr_pool, (sk_named_attr){{0}, {0}});
}

// The texts every module's interner begins with; indexed once per process, copied from then on.
enum { NAME_TABLE_CAP = 512 };
static const sk_str name_texts[SK_NAME_COUNT] = {
    {"", 0},
#define X(name, text) {text, sizeof(text) - 1},
#include "ir/names.def"
#undef X
};
static uint32_t name_hashes[SK_NAME_COUNT], name_table[NAME_TABLE_CAP];
static const sk_interner_seed name_seed = {name_texts, name_hashes, name_table, SK_NAME_COUNT,
                                           NAME_TABLE_CAP};
static pthread_once_t name_once = PTHREAD_ONCE_INIT;

static void index_names(void) { sk_interner_index(&name_seed, name_hashes, name_table); }

static bool init_strings(sk_module *m) {
  _Static_assert(SK_NAME_COUNT <= NAME_TABLE_CAP / 4 * 3, "table of names too small");
  pthread_once(&name_once, index_names);
  return sk_interner_init_seeded(&m->strings, &m->arena, &name_seed);
}

static bool fill_module(sk_module *m, const char *input_name) {
  sk_arena *arena = &m->arena;
  if (!init_strings(m) || !push_blanks(m)) {
    return false;
  }
  sk_ir_tables *tables = SK_NEW(arena, sk_ir_tables);
  m->tables = tables;
  m->input_name =
      sk_arena_strndup(arena, input_name ? input_name : "", input_name ? strlen(input_name) : 0);
  if (tables == NULL || m->input_name == NULL ||
      !sk_vec_push(arena, &tables->type_extents, (sk_ir_extent){1, 0}) ||
      !sk_vec_push(arena, &tables->attr_extents, (sk_ir_extent){1, 0})) {
    return false;
  }
  sk_region body = sk_region_new(m, NULL, 0);
  if (body.id == 0) {
    return false;
  }
  sk_op_desc desc = {.kind = SK_OP_BUILTIN_MODULE, .regions = &body, .region_count = 1};
  m->root = sk_op_new(m, (sk_region){0}, &desc);
  return m->root.id != 0;
}

sk_status sk_module_create(const char *input_name, sk_module **out_module) {
  *out_module = NULL;
  sk_module *m = sk_mem_zalloc(sizeof *m);
  if (m == NULL) {
    return sk_status_no_memory();
  }
  sk_arena_init(&m->arena);
  if (!fill_module(m, input_name)) {
    sk_module_destroy(m);
    return sk_status_no_memory();
  }
  *out_module = m;
  return NULL;
}

void sk_module_destroy(sk_module *module) {
  if (module != NULL) {
    sk_arena_fini(&module->arena);
    sk_mem_free(module);
  }
}

bool sk_ir_table_reserve(sk_arena *arena, sk_ir_table *table) {
  if (SK_LIKELY(table->count * 2 < table->cap)) {
    return true;
  }
  uint32_t cap = table->cap ? table->cap * 2 : 64;
  sk_ir_slot *slots = sk_arena_zalloc(arena, (size_t)cap * sizeof *slots, _Alignof(sk_ir_slot));
  if (slots == NULL) {
    return false;
  }
  for (uint32_t i = 0; i < table->cap; i++) {
    if (table->slots[i].id != 0) {
      uint32_t at = table->slots[i].hash & (cap - 1);
      while (slots[at].id != 0) {
        at = (at + 1) & (cap - 1);
      }
      slots[at] = table->slots[i];
    }
  }
  table->slots = slots;
  table->cap = cap;
  return true;
}

// ------------------------------------------------------------------------------------ ops by name

static sk_sym symbol_of(const sk_module *m, sk_op op) {
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_sym_name));
  return rec->kind == SK_ATTR_STRING || rec->kind == SK_ATTR_SYMBOL ? rec->u.sym : (sk_sym){0};
}

bool sk_ir_note_symbol(sk_module *m, sk_op op, bool present) {
  sk_ir_tables *tables = sk_ir_tables_of(m);
  sk_ir_symbols *table = sk_op_kind(m, op) == SK_OP_FUNC_FUNC ? &tables->funcs : &tables->meshes;
  sk_sym sym = symbol_of(m, op);
  if (sym.id == 0) {
    return true;
  }
  if (!present) {
    if (sym.id < table->count && table->data[sym.id].id == op.id) {
      table->data[sym.id] = (sk_op){0};
    }
    return true;
  }
  if (sym.id >= table->count) {
    uint32_t missing = sym.id + 1 - table->count;
    if (!sk_vec_reserve(&m->arena, table, missing)) {
      return false;
    }
    memset(table->data + table->count, 0, missing * sizeof(sk_op));
    table->count += missing;
  }
  if (table->data[sym.id].id == 0) {
    table->data[sym.id] = op;
  }
  return true;
}

static sk_op find_symbol(const sk_module *m, const sk_ir_symbols *table, sk_str name) {
  sk_sym sym;
  bool known = sk_intern_find(&m->strings, name, &sym) && sym.id < table->count;
  return known ? table->data[sym.id] : (sk_op){0};
}

sk_op sk_module_find_func(const sk_module *m, sk_str name) {
  return find_symbol(m, &sk_ir_tables_of(m)->funcs, name);
}

sk_op sk_module_find_mesh(const sk_module *m, sk_str name) {
  return find_symbol(m, &sk_ir_tables_of(m)->meshes, name);
}

sk_op sk_module_first_func(const sk_module *m) {
  SK_FOR_EACH_OP(m, sk_op_region(m, m->root, 0), op) {
    if (sk_op_kind(m, op) == SK_OP_FUNC_FUNC) {
      return op;
    }
  }
  return (sk_op){0};
}

sk_str sk_func_name(const sk_module *m, sk_op func) {
  return sk_sym_str(&m->strings, symbol_of(m, func));
}

sk_region sk_func_body(const sk_module *m, sk_op func) {
  if (sk_op_get(m, func)->region_count == 0) {
    return (sk_region){0};
  }
  sk_region body = sk_op_region(m, func, 0);
  return sk_region_first(m, body).id != 0 ? body : (sk_region){0};
}

const sk_type_rec *sk_func_type(const sk_module *m, sk_op func) {
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, func, SK_NAME_function_type));
  return sk_type_get(m, rec->kind == SK_ATTR_TYPE ? rec->type : (sk_type){0});
}

static sk_attr find_in_dicts(const sk_module *m, sk_attr dicts, uint32_t index, sk_sym name) {
  const sk_attr_rec *list = sk_attr_get(m, dicts);
  if (list->kind != SK_ATTR_ARRAY || index >= list->u.list.count) {
    return (sk_attr){0};
  }
  const sk_attr_rec *dict = sk_attr_get(m, list->u.list.data[index]);
  for (uint32_t i = 0; dict->kind == SK_ATTR_DICT && i < dict->u.dict.count; i++) {
    if (dict->u.dict.data[i].name.id == name.id) {
      return dict->u.dict.data[i].attr;
    }
  }
  return (sk_attr){0};
}

sk_attr sk_func_arg_attr(const sk_module *m, sk_op func, uint32_t arg, sk_sym name) {
  return find_in_dicts(m, sk_op_find_attr(m, func, SK_NAME_arg_attrs), arg, name);
}

sk_attr sk_func_result_attr(const sk_module *m, sk_op func, uint32_t result, sk_sym name) {
  return find_in_dicts(m, sk_op_find_attr(m, func, SK_NAME_res_attrs), result, name);
}
