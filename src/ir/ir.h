// SPDX-License-Identifier: Apache-2.0
// StableHLO as data: the module, its types, attributes, operations, regions, values and locations.
//
//   sk_module
//     types[]   interned: equal type = equal id               sk_type
//     attrs[]   interned except large dense and dictionaries        sk_attr
//     locs[]    append-only tree of positions                 sk_loc
//     ops[]     {kind, operands, results, regions, attrs}     sk_op      order within a region: linked list
//     values[]  {type, defining op or region}                 sk_value
//     regions[] {arguments, first op, last op, parent op}     sk_region  exactly one block
//
// Ids are indices into those arrays; id 0 means "none" everywhere. Records are small and fixed-size; lists (operands, attribute
// names, dims) lie in pools of the module arena. Pointers to records die when a record of that kind is added: hold ids.
// Ids are given in creation order, so every walk and dump is deterministic. A region holds one block: StableHLO needs no more.
// Large constants are borrowed from the input bytes (see sk_attr_dense.owner): the input must outlive the module.
// Thread rule: a module belongs to one thread at a time. Memory: one arena; nothing is freed before the module.
// Errors: functions that can meet bad input return sk_status; those returning an id return id 0 only on exhausted memory when the
// arena has no bail.
#ifndef SK_IR_IR_H
#define SK_IR_IR_H

#include "base/arena.h"
#include "base/status.h"
#include "base/str.h"
#include "base/vec.h"

// ---------------------------------------------------------------------------------------------------- ids and enumerations

typedef struct sk_type {
  uint32_t id;
} sk_type;
typedef struct sk_attr {
  uint32_t id;
} sk_attr;
typedef struct sk_value {
  uint32_t id;
} sk_value;
typedef struct sk_op {
  uint32_t id;
} sk_op;
typedef struct sk_region {
  uint32_t id;
} sk_region;
typedef struct sk_loc {
  uint32_t id;
} sk_loc;

typedef enum sk_elem {
  SK_ELEM_NONE,
#define X(name, ...) SK_##name,
#include "ir/types.def"
#undef X
  SK_ELEM_COUNT
} sk_elem;

typedef enum sk_elem_class {
  SK_CLASS_NONE,
  SK_CLASS_PRED,
  SK_CLASS_SINT,
  SK_CLASS_UINT,
  SK_CLASS_FLOAT,
  SK_CLASS_COMPLEX,
  SK_CLASS_OTHER
} sk_elem_class;

const char *sk_elem_name(sk_elem elem);  // MLIR spelling
uint32_t sk_elem_bytes(sk_elem elem);    // bytes per element in buffers
uint32_t sk_elem_bits(sk_elem elem);     // width of the value
sk_elem_class sk_elem_get_class(sk_elem elem);
bool sk_elem_is_float(sk_elem elem);
bool sk_elem_is_int(sk_elem elem);     // signed or unsigned, not pred
bool sk_elem_is_signed(sk_elem elem);  // SINT
bool sk_elem_is_complex(sk_elem elem);
sk_elem sk_elem_complex_part(sk_elem elem);  // C64 -> F32; other types -> themselves
sk_elem sk_elem_find(sk_str name);           // from the MLIR spelling; SK_ELEM_NONE if unknown

// Operations: one enumerator per row of ops.def. StableHLO ops are SK_OP_<MNEMONIC>, others SK_OP_<DIALECT>_<MNEMONIC>
// (SK_OP_ADD, SK_OP_FUNC_CALL, SK_OP_CHLO_ERF, SK_OP_CHECK_EXPECT_EQ, SK_OP_SDY_MESH, SK_OP_BUILTIN_MODULE).
typedef enum sk_opkind {
  SK_OP_NONE,
#define X(enumerator, ...) SK_OP_##enumerator,
#include "ir/ops.def"
#undef X
  SK_OPKIND_COUNT
} sk_opkind;

const char *sk_opkind_name(sk_opkind kind);      // "stablehlo.add"
const char *sk_opkind_mnemonic(sk_opkind kind);  // "add"
sk_opkind sk_opkind_find(sk_str name);           // SK_OP_NONE if unknown

// Names of attributes that ops.def's schemas use have fixed symbol ids (SK_NAME_<name>), so looking one up compares integers.
typedef enum sk_name {
  SK_NAME_EMPTY,  // symbol 0
#define X(name, text) SK_NAME_##name,
#include "ir/names.def"
#undef X
  SK_NAME_COUNT
} sk_name;

// What ops.def says of one op. Meaning of the words: head of ops.def.
typedef enum sk_op_class {
  SK_OPCLASS_NONE,
  SK_OPCLASS_ELEMENTWISE,
  SK_OPCLASS_QUANTIZE,
  SK_OPCLASS_MAP,
  SK_OPCLASS_CONSTANT,
  SK_OPCLASS_VIEW,
  SK_OPCLASS_SHAPE,
  SK_OPCLASS_INDEXING,
  SK_OPCLASS_WINDOW,
  SK_OPCLASS_REDUCE,
  SK_OPCLASS_SORT,
  SK_OPCLASS_DOT,
  SK_OPCLASS_CONV,
  SK_OPCLASS_LINALG,
  SK_OPCLASS_FFT,
  SK_OPCLASS_NORM,
  SK_OPCLASS_CONTROL,
  SK_OPCLASS_CALL,
  SK_OPCLASS_RETURN,
  SK_OPCLASS_CUSTOM,
  SK_OPCLASS_BARRIER,
  SK_OPCLASS_TOKEN,
  SK_OPCLASS_TUPLE,
  SK_OPCLASS_RANDOM,
  SK_OPCLASS_DYNAMIC,
  SK_OPCLASS_COLLECTIVE,
  SK_OPCLASS_MODULE,
  SK_OPCLASS_FUNC,
  SK_OPCLASS_CAST,
  SK_OPCLASS_CHECK,
  SK_OPCLASS_SHARDING,
} sk_op_class;
typedef enum sk_op_syntax {
  SK_SYNTAX_GENERIC,
  SK_SYNTAX_SAME_TYPE,
  SK_SYNTAX_FUNCTIONAL,
  SK_SYNTAX_RESULT_TYPE,
  SK_SYNTAX_ARROW,
  SK_SYNTAX_SPECIAL
} sk_op_syntax;
enum {
  SK_TRAIT_PURE = 1,  // no effect besides its results; may be removed, repeated, moved
  SK_TRAIT_COMMUTATIVE = 2,
  SK_TRAIT_ASSOCIATIVE = 4,  // mathematically (integers exactly, floats up to rounding)
  SK_TRAIT_TERMINATOR = 8,
  SK_TRAIT_ISOLATED = 16,  // its regions see no outer values
  SK_TRAIT_SIDE_EFFECT = 32,
  SK_TRAIT_RECURSIVE = 64,  // effects are those of its regions
  SK_TRAIT_SYMBOL = 128,    // defines a name
  SK_TRAIT_DEPRECATED = 256,
  SK_TRAIT_PER_AXIS = 512,  // takes tensors quantized per axis
};
enum {  // sk_op_info.elems: one bit per element class
  SK_ELEMS_P = 1,
  SK_ELEMS_S = 2,
  SK_ELEMS_U = 4,
  SK_ELEMS_F = 8,
  SK_ELEMS_C = 16,
  SK_ELEMS_Q = 32,
  SK_ELEMS_ANY = 255
};
// What an attribute of a schema must be. First the accepted sk_attr_kinds, then a finer condition.
typedef enum sk_schema_kind {
  SK_SCHEMA_ANY,
  SK_SCHEMA_UNIT,  // UNIT; also BOOL, as older text spells it
  SK_SCHEMA_BOOL,
  SK_SCHEMA_INT,      // INT of i64
  SK_SCHEMA_I32,      // INT of i32
  SK_SCHEMA_FLOAT,    // FLOAT
  SK_SCHEMA_STRING,   // STRING
  SK_SCHEMA_SYMBOL,   // SYMBOL
  SK_SCHEMA_SYMBOLS,  // ARRAY of SYMBOL
  SK_SCHEMA_TYPE,
  SK_SCHEMA_INTS,    // INTS, 1-D
  SK_SCHEMA_PAIRS,   // INTS, 2-D with 2 columns (empty: any)
  SK_SCHEMA_GROUPS,  // INTS, 2-D; or OPAQUE (#stablehlo.replica_group_mesh_axes<...>)
  SK_SCHEMA_BOOLS,
  SK_SCHEMA_DENSE,
  SK_SCHEMA_ENUM,        // ENUM of enum_id
  SK_SCHEMA_PRECISIONS,  // ARRAY of ENUM PRECISION
  SK_SCHEMA_DOT_DIMS,
  SK_SCHEMA_RAGGED_DIMS,
  SK_SCHEMA_GATHER_DIMS,
  SK_SCHEMA_SCATTER_DIMS,
  SK_SCHEMA_CONV_DIMS,
  SK_SCHEMA_ALGORITHM,
  SK_SCHEMA_ACCURACY,
  SK_SCHEMA_CHANNEL,
  SK_SCHEMA_ALIASES,  // ARRAY of OUTPUT_OPERAND_ALIAS
  SK_SCHEMA_LAYOUTS,  // ARRAY of INTS
  SK_SCHEMA_ARRAY,
  SK_SCHEMA_DICT,
  SK_SCHEMA_CONFIG,  // STRING or DICT
} sk_schema_kind;
typedef enum sk_presence {
  SK_PRESENCE_REQUIRED,
  SK_PRESENCE_OPTIONAL,
  SK_PRESENCE_DEFAULTED
} sk_presence;
typedef struct sk_attr_schema {
  uint16_t name;      // sk_name
  uint8_t kind;       // sk_schema_kind
  uint8_t enum_id;    // sk_enum_id of SK_SCHEMA_ENUM
  uint8_t presence;   // sk_presence
  int64_t otherwise;  // DEFAULTED: value when missing (BOOL, INT, I32, ENUM)
} sk_attr_schema;
#define SK_ARITY_MANY 255
typedef struct sk_op_info {
  const char *name;  // "stablehlo.add"
  const sk_attr_schema *attrs;
  uint8_t name_len, attr_count;
  uint8_t op_class, syntax, elems;
  uint16_t traits;
  uint8_t operands_min, operands_max, results_min, results_max, regions_min,
      regions_max;  // max SK_ARITY_MANY: no limit
} sk_op_info;
extern const sk_op_info sk_op_infos[SK_OPKIND_COUNT];
static inline const sk_op_info *sk_opkind_info(sk_opkind kind) { return &sk_op_infos[kind]; }
static inline bool sk_opkind_has(sk_opkind kind, uint32_t traits) {
  return (sk_op_infos[kind].traits & traits) != 0;
}
const sk_attr_schema *sk_opkind_find_attr(sk_opkind kind, sk_sym name);  // NULL: not of the schema
const char *sk_name_text(sk_name name);

// ---------------------------------------------------------------------------------------------------- types

#define SK_MAX_RANK 32            // limit on accepted ranks; more is UNIMPLEMENTED at reading
#define SK_DIM_UNKNOWN INT64_MIN  // '?'

typedef enum sk_type_kind {
  SK_TYPE_NONE_KIND,
  SK_TYPE_TENSOR,    // elem, rank, dims, bounds (bounded dynamic), quant parameters, other encoding
  SK_TYPE_UNRANKED,  // tensor<*xT>
  SK_TYPE_FUNCTION,  // inputs, results
  SK_TYPE_TUPLE,     // inputs = members
  SK_TYPE_TOKEN,
  SK_TYPE_FUTURE,  // inputs = members
  SK_TYPE_BUFFER,  // memref: elem, dims
  SK_TYPE_SCALAR,  // a bare element type used as an attribute's type: i64, f32, index
  SK_TYPE_UNIT,    // MLIR `none`
  SK_TYPE_WITNESS,
  SK_TYPE_OPAQUE,  // type of another dialect, kept as text
} sk_type_kind;

// !quant.uniform<storage:expressed[:axis], {scale:zero_point,...}>; per-tensor: axis -1, count 1
typedef struct sk_quant {
  sk_elem storage, expressed;
  int32_t axis;
  uint32_t count;
  int64_t storage_min, storage_max;
  const double *scales;        // count
  const int64_t *zero_points;  // count
} sk_quant;

typedef struct sk_type_rec {
  uint8_t kind;  // sk_type_kind
  uint8_t elem;  // sk_elem
  uint16_t rank;
  uint32_t input_count, result_count;
  const int64_t *dims;    // rank; SK_DIM_UNKNOWN for '?'
  const int64_t *bounds;  // rank, or NULL; SK_DIM_UNKNOWN = no bound
  const sk_type *inputs, *results;
  const sk_quant *quant;  // elem == SK_QUANT
  sk_attr encoding;       // any other encoding; else none
  sk_sym text;            // OPAQUE
} sk_type_rec;

// ---------------------------------------------------------------------------------------------------- attributes

typedef struct sk_ints {
  const int64_t *data;
  uint32_t count;
} sk_ints;

typedef struct sk_named_attr {
  sk_sym name;
  sk_attr attr;
} sk_named_attr;

// One enumeration per row of enums.def: X(ENUM, "mlir mnemonic", ...) with its keywords; values equal VHLO's encoding.
typedef enum sk_enum_id {
  SK_ENUM_NONE,
  SK_ENUM_COMPARISON_DIRECTION,  // EQ NE GE GT LE LT
  SK_ENUM_COMPARISON_TYPE,       // NOTYPE FLOAT TOTALORDER SIGNED UNSIGNED
  SK_ENUM_CUSTOM_CALL_API_VERSION,
  SK_ENUM_FFT_TYPE,              // FFT IFFT RFFT IRFFT
  SK_ENUM_PRECISION,             // DEFAULT HIGH HIGHEST
  SK_ENUM_RNG_ALGORITHM,         // DEFAULT THREE_FRY PHILOX
  SK_ENUM_RNG_DISTRIBUTION,      // UNIFORM = 1, NORMAL = 2
  SK_ENUM_TRANSPOSE,             // TRANSPOSE_INVALID NO_TRANSPOSE TRANSPOSE ADJOINT
  SK_ENUM_RESULT_ACCURACY_MODE,  // DEFAULT HIGHEST TOLERANCE
  SK_ENUM_COUNT
} sk_enum_id;
enum { SK_CMP_EQ, SK_CMP_NE, SK_CMP_GE, SK_CMP_GT, SK_CMP_LE, SK_CMP_LT };
enum {
  SK_CMPTYPE_NOTYPE,
  SK_CMPTYPE_FLOAT,
  SK_CMPTYPE_TOTALORDER,
  SK_CMPTYPE_SIGNED,
  SK_CMPTYPE_UNSIGNED
};

typedef struct sk_dot_dims {
  sk_ints lhs_batching_dimensions, rhs_batching_dimensions, lhs_contracting_dimensions,
      rhs_contracting_dimensions;
} sk_dot_dims;
typedef struct sk_ragged_dims {
  sk_dot_dims dot;
  sk_ints lhs_ragged_dimensions, rhs_group_dimensions;
} sk_ragged_dims;
typedef struct sk_gather_dims {
  sk_ints offset_dims, collapsed_slice_dims, operand_batching_dims, start_indices_batching_dims,
      start_index_map;
  int64_t index_vector_dim;
} sk_gather_dims;
typedef struct sk_scatter_dims {
  sk_ints update_window_dims, inserted_window_dims, input_batching_dims,
      scatter_indices_batching_dims, scatter_dims_to_operand_dims;
  int64_t index_vector_dim;
} sk_scatter_dims;
typedef struct sk_conv_dims {
  int64_t input_batch_dimension, input_feature_dimension;
  int64_t kernel_input_feature_dimension, kernel_output_feature_dimension;
  int64_t output_batch_dimension, output_feature_dimension;
  sk_ints input_spatial_dimensions, kernel_spatial_dimensions, output_spatial_dimensions;
} sk_conv_dims;
typedef struct sk_dot_algorithm {
  sk_type lhs_precision_type, rhs_precision_type, accumulation_type;  // SCALAR types
  int64_t lhs_component_count, rhs_component_count, num_primitive_operations;
  bool allow_imprecise_accumulation;
} sk_dot_algorithm;
typedef struct sk_result_accuracy {
  double atol, rtol;
  int64_t ulps;
  uint32_t mode;
} sk_result_accuracy;
typedef struct sk_channel_handle {
  int64_t handle, type;
} sk_channel_handle;
typedef struct sk_output_operand_alias {
  sk_ints output_tuple_indices, operand_tuple_indices;
  int64_t operand_index;
} sk_output_operand_alias;

// Elements of a constant, row-major, one element per sk_elem_bytes. A splat stores one element.
typedef struct sk_dense {
  const void *data;  // borrowed from the input bytes or in the module arena; alignment 1
  uint64_t bytes;    // elem_bytes for a splat, else elem_bytes * elements
  bool splat;
} sk_dense;

typedef enum sk_attr_kind {
  SK_ATTR_NONE_KIND,
  SK_ATTR_UNIT,
  SK_ATTR_BOOL,    // i
  SK_ATTR_INT,     // i, type = SCALAR
  SK_ATTR_FLOAT,   // f (exact value of any float type), type = SCALAR
  SK_ATTR_STRING,  // sym
  SK_ATTR_SYMBOL,  // sym: flat symbol reference ("a::b" for nested ones)
  SK_ATTR_TYPE,    // type
  SK_ATTR_ARRAY,   // list
  SK_ATTR_DICT,    // dict, sorted by name text
  SK_ATTR_INTS,  // ints: every list of dimensions, however it was written (array<i64>, dense tensor, VHLO tensor);
  //   2-D ones (padding, replica_groups, source_target_pairs) row-major with `cols`; type keeps nothing
  SK_ATTR_BOOLS,  // ints of 0/1 (array<i1>, window_reversal)
  SK_ATTR_DENSE,  // dense, type = TENSOR
  SK_ATTR_ENUM,   // enum_id, i
  SK_ATTR_DOT_DIMS,
  SK_ATTR_RAGGED_DIMS,
  SK_ATTR_GATHER_DIMS,
  SK_ATTR_SCATTER_DIMS,
  SK_ATTR_CONV_DIMS,
  SK_ATTR_DOT_ALGORITHM,
  SK_ATTR_RESULT_ACCURACY,
  SK_ATTR_CHANNEL_HANDLE,
  SK_ATTR_OUTPUT_OPERAND_ALIAS,
  SK_ATTR_DENSE_ARRAY,  // array<T: ...> of another element type, kept: dense, type = SCALAR of T
  SK_ATTR_LOC,          // loc
  SK_ATTR_OPAQUE,  // sym: attribute of another dialect as text (#sdy.sharding<...>), kept and printed back
} sk_attr_kind;

typedef struct sk_attr_rec {
  uint8_t kind;     // sk_attr_kind
  uint8_t enum_id;  // ENUM
  uint32_t cols;    // INTS: columns of a 2-D list, 0 = 1-D
  sk_type type;
  union {
    int64_t i;
    double f;
    sk_sym sym;
    sk_loc loc;
    sk_ints ints;
    sk_dense dense;
    struct {
      const sk_attr *data;
      uint32_t count;
    } list;
    struct {
      const sk_named_attr *data;
      uint32_t count;
    } dict;
    const sk_dot_dims *dot;
    const sk_ragged_dims *ragged;
    const sk_gather_dims *gather;
    const sk_scatter_dims *scatter;
    const sk_conv_dims *conv;
    const sk_dot_algorithm *dot_algorithm;
    const sk_result_accuracy *accuracy;
    const sk_channel_handle *channel;
    const sk_output_operand_alias *alias;
  } u;
} sk_attr_rec;

// ---------------------------------------------------------------------------------------------------- locations

typedef enum sk_loc_kind {
  SK_LOC_UNKNOWN,
  SK_LOC_FILE,      // file, line, col [, end_line, end_col]
  SK_LOC_NAME,      // name, a = child
  SK_LOC_CALLSITE,  // a = callee, b = caller
  SK_LOC_FUSED,     // parts, metadata
  SK_LOC_INPUT,     // position in the input text itself (written without loc)
} sk_loc_kind;

typedef struct sk_loc_rec {
  uint8_t kind;
  sk_sym name;  // FILE: file name; NAME: name
  uint32_t line, col, end_line, end_col;
  sk_loc a, b;
  const sk_loc *parts;
  uint32_t part_count;
  sk_attr metadata;
} sk_loc_rec;

// ---------------------------------------------------------------------------------------------------- module

typedef struct sk_value_rec {
  sk_type type;
  sk_op op;          // defining op; none for a region argument
  sk_region region;  // owner, for a region argument
  uint32_t index;    // which result or argument
} sk_value_rec;

typedef struct sk_op_rec {
  uint16_t kind;  // sk_opkind
  uint16_t region_count;
  uint32_t operand_count, result_count, attr_count;
  uint32_t operands;  // first index in module->operand_pool
  uint32_t results;   // id of the first result; results have consecutive ids
  uint32_t regions;   // first index in module->region_pool
  uint32_t
      attrs;  // first index in module->attr_pool, in order of ops.def's schema first, then as written
  sk_loc loc;
  sk_region parent;  // region that holds this op
  sk_op prev, next;  // neighbours in that region
} sk_op_rec;

typedef struct sk_region_rec {
  uint32_t args;  // id of the first argument; consecutive
  uint32_t arg_count;
  sk_op first, last;  // `last` is the terminator once complete
  sk_op parent;       // op that owns the region
} sk_region_rec;

typedef struct sk_module {
  sk_arena arena;
  sk_interner strings;
  SK_VEC(sk_type_rec) types;
  SK_VEC(sk_attr_rec) attrs;
  SK_VEC(sk_loc_rec) locs;
  SK_VEC(sk_op_rec) ops;
  SK_VEC(sk_value_rec) values;
  SK_VEC(sk_region_rec) regions;
  SK_VEC(sk_value) operand_pool;
  SK_VEC(sk_region) region_pool;
  SK_VEC(sk_named_attr) attr_pool;
  sk_op root;              // builtin.module
  const char *input_name;  // file name for diagnostics; arena
  void *tables;            // interning tables (ir room only)
} sk_module;

sk_status sk_module_create(const char *input_name,
                           sk_module **out_module);  // with an empty builtin.module as root
void sk_module_destroy(sk_module *module);           // NULL is fine

// Records by id. `sk_value_type` etc. are the shorthands used everywhere.
static inline const sk_type_rec *sk_type_get(const sk_module *m, sk_type t) {
  return &m->types.data[t.id];
}
static inline const sk_attr_rec *sk_attr_get(const sk_module *m, sk_attr a) {
  return &m->attrs.data[a.id];
}
static inline const sk_op_rec *sk_op_get(const sk_module *m, sk_op op) {
  return &m->ops.data[op.id];
}
static inline const sk_value_rec *sk_value_get(const sk_module *m, sk_value v) {
  return &m->values.data[v.id];
}
static inline const sk_region_rec *sk_region_get(const sk_module *m, sk_region r) {
  return &m->regions.data[r.id];
}
static inline const sk_loc_rec *sk_loc_get(const sk_module *m, sk_loc l) {
  return &m->locs.data[l.id];
}
static inline sk_opkind sk_op_kind(const sk_module *m, sk_op op) {
  return (sk_opkind)m->ops.data[op.id].kind;
}
static inline sk_type sk_value_type(const sk_module *m, sk_value v) {
  return m->values.data[v.id].type;
}
static inline const sk_type_rec *sk_value_type_rec(const sk_module *m, sk_value v) {
  return &m->types.data[m->values.data[v.id].type.id];
}
static inline sk_value sk_op_operand(const sk_module *m, sk_op op, uint32_t i) {
  return m->operand_pool.data[m->ops.data[op.id].operands + i];
}
static inline sk_value sk_op_result(const sk_module *m, sk_op op, uint32_t i) {
  return (sk_value){m->ops.data[op.id].results + i};
}
static inline sk_region sk_op_region(const sk_module *m, sk_op op, uint32_t i) {
  return m->region_pool.data[m->ops.data[op.id].regions + i];
}
static inline sk_value sk_region_arg(const sk_module *m, sk_region r, uint32_t i) {
  return (sk_value){m->regions.data[r.id].args + i};
}
static inline sk_op sk_region_first(const sk_module *m, sk_region r) {
  return m->regions.data[r.id].first;
}
static inline sk_op sk_op_next(const sk_module *m, sk_op op) { return m->ops.data[op.id].next; }
#define SK_FOR_EACH_OP(m, region, op)                                                              \
  for (sk_op op = sk_region_first((m), (region)); op.id != 0; op = sk_op_next((m), op))

// ---- types
sk_type sk_type_tensor(sk_module *m, sk_elem elem, uint32_t rank, const int64_t *dims);
sk_type sk_type_intern(sk_module *m, const sk_type_rec *rec);  // any kind; arrays are copied
sk_type sk_type_scalar(sk_module *m, sk_elem elem);            // bare element type
sk_type sk_type_function(sk_module *m, uint32_t inputs, const sk_type *in, uint32_t results,
                         const sk_type *out);
bool sk_type_is_static_tensor(const sk_module *m, sk_type t);
// Number of elements; false if a dimension is unknown. Products were checked against overflow (of int64 bytes) at interning:
// sk_type_intern of an overflowing shape returns id 0 and sk_type_explain says why.
bool sk_type_elem_count(const sk_module *m, sk_type t, int64_t *out_count);
bool sk_type_byte_count(const sk_module *m, sk_type t, int64_t *out_bytes);
sk_status sk_type_check(const sk_type_rec *rec,
                        sk_srcpos at);  // rank, negative dims, overflow, bounds, storage and scales
// What makes a quantized type unusable although it can be written: zero points outside the storage, scales that do not fit the
// dimension. NULL: nothing; else why, and the constraint's label. The verifier refuses operations and functions with such types.
const char *sk_type_quant_fault(const sk_type_rec *rec, const char **out_label);
// Why sk_type_intern returned id 0: the check above, nesting, size (aliases can describe exponentially large types), memory.
sk_status sk_type_explain(const sk_module *m, const sk_type_rec *rec, sk_srcpos at);
bool sk_type_compatible(const sk_module *m, sk_type a,
                        sk_type b);  // equal up to unknown dimensions

// ---- attributes
sk_attr sk_attr_unit(sk_module *m);
sk_attr sk_attr_bool(sk_module *m, bool value);
sk_attr sk_attr_int(sk_module *m, sk_type scalar_type, int64_t value);
sk_attr sk_attr_float(sk_module *m, sk_type scalar_type, double value);
sk_attr sk_attr_string(sk_module *m, sk_str text);
sk_attr sk_attr_symbol(sk_module *m, sk_str name);
sk_attr sk_attr_type(sk_module *m, sk_type type);
sk_attr sk_attr_array(sk_module *m, const sk_attr *items, uint32_t count);
sk_attr sk_attr_dict(sk_module *m, const sk_named_attr *items,
                     uint32_t count);  // sorted by name on the way in
sk_attr sk_attr_ints(sk_module *m, const int64_t *data, uint32_t count);
sk_attr sk_attr_ints_2d(sk_module *m, const int64_t *data, uint32_t rows, uint32_t cols);
sk_attr sk_attr_bools(sk_module *m, const int64_t *data, uint32_t count);
sk_attr sk_attr_dense(sk_module *m, sk_type tensor, sk_dense dense);  // data borrowed, not copied
sk_attr sk_attr_enum(sk_module *m, sk_enum_id id, int64_t value);
sk_attr sk_attr_opaque(sk_module *m, sk_str text);
sk_attr sk_attr_new(
    sk_module *m,
    const sk_attr_rec *rec);  // any kind; struct payloads and lists are copied into the arena
sk_status sk_attr_explain(const sk_module *m, const sk_attr_rec *rec,
                          sk_srcpos at);  // why sk_attr_new returned id 0
bool sk_attr_equal(const sk_module *ma, sk_attr a, const sk_module *mb,
                   sk_attr b);  // by content, also across modules
bool sk_enum_parse(sk_enum_id id, sk_str keyword, int64_t *out_value);
const char *sk_enum_keyword(sk_enum_id id, int64_t value);  // NULL if out of range
sk_enum_id sk_enum_find(sk_str mnemonic);  // "comparison_direction"; SK_ENUM_NONE if unknown
const char *sk_enum_mnemonic(sk_enum_id id);
// How an attribute of it prints: #stablehlo<mnemonic KEYWORD>, #stablehlo.mnemonic<KEYWORD>, or value : i32.
typedef enum sk_enum_form { SK_ENUM_FORM_SPACE, SK_ENUM_FORM_ANGLE, SK_ENUM_FORM_INT } sk_enum_form;
sk_enum_form sk_enum_get_form(sk_enum_id id);

// ---- locations
sk_loc sk_loc_unknown(sk_module *m);
sk_loc sk_loc_new(sk_module *m, const sk_loc_rec *rec);
sk_srcpos sk_loc_pos(const sk_module *m, sk_loc loc);  // best file position inside; depth-limited
sk_status sk_op_error(const sk_module *m, sk_op op, sk_code code, const char *format, ...)
    SK_PRINTF(4, 5) SK_NODISCARD;  // located; names op and result type

// ---- regions and ops
// A region is made detached, filled, then given to its op in sk_op_desc. Arguments must all be added before they are used.
sk_region sk_region_new(sk_module *m, const sk_type *arg_types, uint32_t arg_count);

typedef struct sk_op_desc {
  sk_opkind kind;
  sk_loc loc;
  const sk_value *operands;
  const sk_type *result_types;
  const sk_named_attr *attrs;
  const sk_region *regions;
  uint32_t operand_count, result_count, attr_count, region_count;
} sk_op_desc;

// Appends an op to `into` (or creates it detached if into is none). Nothing is verified; lists are copied.
sk_op sk_op_new(sk_module *m, sk_region into, const sk_op_desc *desc);
// Inserts before `before` (same region). For passes.
sk_op sk_op_new_before(sk_module *m, sk_op before, const sk_op_desc *desc);
void sk_op_unlink(sk_module *m, sk_op op);  // takes it out of its region; results must be unused
void sk_op_set_operand(sk_module *m, sk_op op, uint32_t i, sk_value v);
bool sk_op_set_attr(sk_module *m, sk_op op, sk_sym name,
                    sk_attr attr);  // replaces or adds; false: memory exhausted
// Result types by inference from operands, attributes and regions (spec constraints); error names the constraint, e.g. "(C3)".
// out_types holds at most cap results.
sk_status sk_ir_infer_types(sk_module *m, const sk_op_desc *desc, sk_type *out_types, uint32_t cap,
                            uint32_t *out_count);
// Infers, appends, returns the op. The convenient way for passes and expansions.
sk_status sk_ir_build_op(sk_module *m, sk_region into, sk_op_desc desc, sk_op *out_op);

// Attribute by name; id 0 if absent. `name` is a fixed or interned symbol.
sk_attr sk_op_find_attr(const sk_module *m, sk_op op, sk_name name);
sk_attr sk_op_find_attr_sym(const sk_module *m, sk_op op, sk_sym name);
// Typed getters; the default is returned when the attribute is absent. The verifier has checked kinds.
int64_t sk_op_int(const sk_module *m, sk_op op, sk_name name,
                  int64_t otherwise);                            // INT, BOOL, ENUM
sk_ints sk_op_ints(const sk_module *m, sk_op op, sk_name name);  // INTS/BOOLS; empty when absent
// Of a reduce or reduce_window, which is valid with initial values of any rank (rule_window.c) but means something only with 0-D
// ones: UNIMPLEMENTED where one is not.
sk_status sk_op_check_initial_values(const sk_module *m, sk_op op) SK_NODISCARD;
sk_str sk_op_string(const sk_module *m, sk_op op,
                    sk_name name);  // STRING/SYMBOL; empty when absent
// A custom call that says something of its operand (sharding, placement, layout) and returns it: on one device an identity.
bool sk_op_is_annotation(const sk_module *m, sk_op op);

// ---- functions
sk_op sk_module_find_func(const sk_module *m, sk_str name);  // func.func by symbol; none if absent
sk_op sk_module_find_mesh(const sk_module *m, sk_str name);  // sdy.mesh, the same
sk_op sk_module_first_func(const sk_module *m);
sk_str sk_func_name(const sk_module *m, sk_op func);
sk_region sk_func_body(const sk_module *m, sk_op func);  // none for a declaration
const sk_type_rec *sk_func_type(const sk_module *m, sk_op func);
sk_attr sk_func_arg_attr(const sk_module *m, sk_op func, uint32_t arg,
                         sk_sym name);  // none if absent
sk_attr sk_func_result_attr(const sk_module *m, sk_op func, uint32_t result, sk_sym name);

// ---- whole module
typedef struct sk_print_options {
  bool generic;    // every op in generic form
  bool locations;  // with loc(...)
  uint32_t
      elide_elements;  // print larger constants as dense_resource<__elided__>; 0 = never (such text does not parse back)
} sk_print_options;
void sk_module_print(const sk_module *m, const sk_print_options *options, sk_text *out);
void sk_op_print(const sk_module *m, sk_op op, const sk_print_options *options, sk_text *out);
void sk_type_print(const sk_module *m, sk_type type, sk_text *out);
void sk_attr_print(const sk_module *m, sk_attr attr, sk_text *out);

// Diagnostics: many may be reported; the verifier goes on after an error where it can.
typedef struct sk_diag_sink {
  void (*report)(void *user, sk_status status);  // takes ownership of status
  void *user;
} sk_diag_sink;
// Structure (dominance, terminators, arities, attribute kinds) and every constraint of the ops that have a verifier.
// Returns the first error; all of them go to `sink` when it is given (the returned one is then a separate record).
sk_status sk_module_verify(sk_module *m, const sk_diag_sink *sink);
// True when leaving the attribute out means the same: a default spelled out, an empty optional list, strides of 1 and so on.
// Such attributes make no difference to equality and hash; printers keep them.
bool sk_attr_is_default(const sk_module *m, sk_opkind kind, sk_sym name, sk_attr attr);

// All ops of a region and of the regions inside, each before its own regions. Ops may be unlinked behind the walker, not ahead.
#define SK_MAX_NESTING 256  // readers and the verifier refuse deeper modules
typedef struct sk_walker {
  const sk_module *m;
  uint32_t depth;
  sk_op next;
  struct {
    sk_op op;         // whose regions are being walked
    uint32_t region;  // which one
  } stack[SK_MAX_NESTING + 1];
} sk_walker;
void sk_walk_begin(sk_walker *walker, const sk_module *m, sk_region region);
bool sk_walk_next(sk_walker *walker, sk_op *out_op);  // false at the end

// Number of ops, regions included, module and functions excluded.
uint64_t sk_module_op_count(const sk_module *m);
// Structural equality (locations ignored, values by position); *out_difference (text, may be NULL) describes the first difference.
bool sk_module_equal(const sk_module *a, const sk_module *b, sk_text *out_difference);
uint64_t sk_module_hash(const sk_module *m);  // ignores locations

#endif
