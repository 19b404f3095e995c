// SPDX-License-Identifier: Apache-2.0
// Of the ir room only: interning tables, hashing of records, rule functions and their context,
// printer helpers.
//
//   sk_module.tables -> sk_ir_tables
//     types, attrs   open addressing: {hash, id} pairs, linear probing, at most half full
//     funcs, meshes  symbol id -> func.func, sdy.mesh op directly in the root region
#ifndef SK_IR_IR_INT_H
#define SK_IR_IR_INT_H

#include "base/hash.h"
#include "ir/ir.h"

typedef struct sk_ir_slot {
  uint32_t hash, id;  // id 0 = free
} sk_ir_slot;

typedef struct sk_ir_table {
  sk_ir_slot *slots;  // arena; cap entries, a power of two
  uint32_t cap, count;
} sk_ir_table;

// Size of a type or attribute written out in full (shared parts counted each time), and how deep it
// nests. Aliases let a short text describe an exponentially large one; those are refused when they
// are made, so that recursive walks are safe.
typedef struct sk_ir_extent {
  uint32_t nodes, depth;
} sk_ir_extent;
enum { SK_IR_MAX_DEPTH = SK_MAX_NESTING, SK_IR_MAX_NODES = 1 << 24 };
// Adds a part to the extent of a whole; false: over a limit.
static inline bool sk_ir_extend(sk_ir_extent *whole, sk_ir_extent part) {
  uint32_t nodes = whole->nodes + part.nodes;
  whole->depth = SK_MAX(whole->depth, part.depth + 1);
  whole->nodes = SK_MIN(nodes, (uint32_t)SK_IR_MAX_NODES + 1);
  return nodes <= SK_IR_MAX_NODES && whole->depth <= SK_IR_MAX_DEPTH;
}

typedef SK_VEC(sk_op) sk_ir_symbols;  // by symbol id

typedef struct sk_ir_tables {
  sk_ir_table types, attrs;
  SK_VEC(sk_ir_extent) type_extents, attr_extents;  // by id
  sk_ir_symbols funcs, meshes;
  sk_attr unit, bools[2];
  sk_type scalars[SK_ELEM_COUNT];
} sk_ir_tables;

static inline sk_ir_tables *sk_ir_tables_of(const sk_module *m) {
  return (sk_ir_tables *)m->tables;
}
bool sk_ir_table_reserve(sk_arena *arena,
                         sk_ir_table *table);  // room for one more; false: memory exhausted
static inline uint32_t sk_ir_fold_hash(uint64_t h) { return (uint32_t)(h ^ (h >> 32)); }

// A number of operands, results or regions, against a row of ops.def.
static inline bool sk_ir_count_fits(uint32_t count, uint32_t min, uint32_t max) {
  return count >= min && (max == SK_ARITY_MANY || count <= max);
}

bool sk_ir_type_extent(const sk_module *m, const sk_type_rec *rec,
                       sk_ir_extent *out_extent);  // false: over a limit
bool sk_ir_attr_extent(const sk_module *m, const sk_attr_rec *rec, sk_ir_extent *out_extent);
bool sk_ir_attr_fits(const sk_module *m, const sk_attr_schema *schema,
                     const sk_attr_rec *rec);         // kind and shape of data
uint64_t sk_ir_payload_hash(const sk_attr_rec *rec);  // struct attributes, types left out
bool sk_ir_payload_equal(const sk_attr_rec *a, const sk_attr_rec *b);  // same kind; types left out
bool sk_ir_type_equal(const sk_type_rec *a, const sk_type_rec *b);
bool sk_ir_sort_dict(sk_module *m, sk_named_attr *items, uint32_t count);  // by name text, stable
sk_str sk_ir_name_str(const sk_module *m, sk_sym name);

// ---- printing
typedef struct sk_printer {
  const sk_module *m;
  const sk_print_options *options;
  sk_text *out;
  const char *dialect;  // spelling of enum attributes: "stablehlo" or "chlo"
  uint32_t *names;      // by value id: number << 1 | is argument; heap
  uint8_t *locs_used;   // by location id; NULL without locations; heap
  uint32_t indent;
  bool in_func_body;  // directly inside func.func: `return` and `call` go without their dialect
} sk_printer;
typedef enum sk_ir_attr_part {
  SK_IR_ATTRS_ALL,
  SK_IR_ATTRS_INHERENT,
  SK_IR_ATTRS_OTHER
} sk_ir_attr_part;
void sk_ir_print_op(sk_printer *p, sk_op op);
bool sk_ir_print_special(sk_printer *p,
                         sk_op op);  // false, nothing written: this op needs the generic form
bool sk_ir_print_module(sk_printer *p, sk_op op);  // these as well
bool sk_ir_print_func(sk_printer *p, sk_op op);
bool sk_ir_print_top_k(sk_printer *p, sk_op op);
bool sk_ir_print_check(sk_printer *p, sk_op op);
bool sk_ir_print_sdy_sharding(sk_printer *p, sk_op op);
bool sk_ir_print_sdy_mesh(sk_printer *p, sk_op op);
bool sk_ir_print_manual_computation(sk_printer *p, sk_op op);
void sk_ir_print_generic(sk_printer *p, sk_op op);
void sk_ir_print_region(sk_printer *p, sk_region region, bool header);
void sk_ir_print_newline(sk_printer *p);
void sk_ir_print_args(sk_printer *p, sk_region region);  // %arg0: T, %arg1: T
void sk_ir_print_value(sk_printer *p, sk_value v);
void sk_ir_print_operands(sk_printer *p, sk_op op, uint32_t from, uint32_t to);
void sk_ir_print_attr_dict(sk_printer *p, sk_op op, const uint16_t *consumed,
                           uint32_t count);  // " {..}" of the others
void sk_ir_print_type(sk_printer *p, sk_type type);
void sk_ir_print_operand_types(sk_printer *p, sk_op op);
void sk_ir_print_functional_type(sk_printer *p, sk_op op);
void sk_ir_print_same_type(sk_printer *p, sk_op op);
void sk_ir_print_attr(sk_printer *p, sk_attr attr);
void sk_ir_print_layout(sk_printer *p, sk_attr attr);  // element of operand_layouts: dense of index
void sk_ir_print_dict_body(sk_printer *p, const sk_named_attr *items, uint32_t count,
                           const sk_op_info *info);
void sk_ir_print_ints(sk_printer *p, sk_ints list);        // [1, 2]
void sk_ir_print_symbol_name(sk_printer *p, sk_str name);  // @name, @"a name"
void sk_ir_print_symbol(sk_printer *p, sk_str name);       // a reference: also @a::@b
bool sk_ir_conv_dims_are_plain(const sk_conv_dims *d);     // the next function can say them
void sk_ir_print_conv_dims(sk_printer *p, const sk_conv_dims *d);
void sk_ir_print_algorithm(sk_printer *p,
                           const sk_dot_algorithm *a);  // <...> without #stablehlo.dot_algorithm
void sk_ir_print_loc_ref(sk_printer *p, sk_loc loc);    // loc(#loc7), and marks it used

// Keeps funcs and meshes in step; `op` is one that was put into or taken out of the root region.
bool sk_ir_note_symbol(sk_module *m, sk_op op, bool present);

#endif
