// SPDX-License-Identifier: Apache-2.0
// Shape refinement: the types of the entry's arguments are made known, and with them every shape in
// its body.
//
//   func @main(%a: tensor<?x4xf32>)                    func @main(%a: tensor<3x4xf32>)
//     %n = get_dimension_size %a, dim = 0                %n = constant 3
//     %s = concatenate(reshape %n, constant 4)           %s = constant [3, 4]
//     %b = dynamic_broadcast_in_dim %x, %s               %b = broadcast_in_dim %x
//        : (..) -> tensor<?x4xf32>                          : (..) -> tensor<3x4xf32>
//     %c = add %a, %b : tensor<?x4xf32>                  %c = add %a, %b : tensor<3x4xf32>
//
// One forward sweep over the inlined function. For each op, operands first: integers that are known
// fold (fold_ints.h), an op that takes its shape as an operand becomes the one that has it in its
// type, and result types are inferred again, unknown dimensions filled in from what operands,
// written types and rules say. Regions of loops take the types of their carries. Assertions about
// shapes are checked and go away.
//
// Every shape must come out known; the first one that does not is an error at its op, and so is a
// dimension that only has a bound. On request, arguments may stay unknown in part: then everything
// is refined as far as it goes.
#include "pass/fold_ints.h"

typedef struct refiner {
  sk_rebuild rebuild;  // first: the hook gets a pointer to it
  bool complete;       // all shapes must come out known
} refiner;

// What an op becomes: everything new values, new types.
typedef struct draft {
  sk_op old;
  sk_op_desc desc;
  sk_value *operands;
  sk_type *types, *inferred;
  sk_named_attr *attrs;
  sk_region *regions;
} draft;

static sk_module *module_of(const refiner *f) { return f->rebuild.m; }

// ------------------------------------------------------------------------------------------ types

static bool is_tensor_like(const sk_type_rec *rec) {
  return rec->kind == SK_TYPE_TENSOR || rec->kind == SK_TYPE_UNRANKED;
}

// `type` with its unknown dimensions taken from `dims`; itself where there is nothing to take.
static sk_type fill(sk_module *m, sk_type type, uint32_t rank, const int64_t *dims) {
  sk_type_rec rec = *sk_type_get(m, type);
  int64_t filled[SK_MAX_RANK], bounds[SK_MAX_RANK];
  bool unranked = rec.kind == SK_TYPE_UNRANKED;
  if (!is_tensor_like(&rec) || (!unranked && rec.rank != rank) || rank > SK_MAX_RANK) {
    return type;
  }
  for (uint32_t i = 0; i < rank; i++) {
    bool open = unranked || rec.dims[i] == SK_DIM_UNKNOWN;
    filled[i] = open ? dims[i] : rec.dims[i];
    bounds[i] = rec.bounds && filled[i] == SK_DIM_UNKNOWN ? rec.bounds[i] : SK_DIM_UNKNOWN;
  }
  rec.kind = SK_TYPE_TENSOR;
  rec.rank = (uint16_t)rank;
  rec.dims = filled;
  rec.bounds = rec.bounds ? bounds : NULL;
  sk_type made = sk_type_intern(m, &rec);
  return made.id != 0 ? made : type;  // an impossible shape is reported by the op's rule
}

static sk_type fill_like(sk_module *m, sk_type type, sk_type like) {
  const sk_type_rec rec = *sk_type_get(m, like);
  if (rec.kind == SK_TYPE_TENSOR) {
    return fill(m, type, rec.rank, rec.dims);
  }
  bool same = sk_type_get(m, type)->kind == rec.kind && !is_tensor_like(&rec);
  return same && sk_type_compatible(m, type, like) ? like : type;
}

static bool has_unknown(const sk_type_rec *rec) {
  for (uint32_t i = 0; rec->kind == SK_TYPE_TENSOR && i < rec->rank; i++) {
    if (rec->dims[i] == SK_DIM_UNKNOWN) {
      return true;
    }
  }
  return rec->kind == SK_TYPE_UNRANKED;
}

static bool is_open(const sk_module *m, sk_type type) { return has_unknown(sk_type_get(m, type)); }

// ----------------------------------------------------------------------------------------- drafts

static void make_draft(refiner *f, sk_op op, draft *d) {
  const sk_op_draft copy = sk_rebuild_draft(&f->rebuild, op);
  d->old = op;
  d->operands = copy.operands;
  d->types = copy.types;
  d->inferred = SK_NEW_ARRAY(&module_of(f)->arena, sk_type, copy.desc.result_count + 1);
  d->attrs = copy.attrs;
  d->regions = copy.regions;
  d->desc = copy.desc;
}

// Becomes `kind` with the first `operand_count` operands, without the attributes that only the old
// kind has.
static void turn_into(draft *d, sk_opkind kind, uint32_t operand_count) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < d->desc.attr_count; i++) {
    sk_sym name = d->attrs[i].name;
    if (sk_opkind_find_attr(kind, name) != NULL ||
        sk_opkind_find_attr(d->desc.kind, name) == NULL) {
      d->attrs[kept++] = d->attrs[i];
    }
  }
  d->desc.kind = kind;
  d->desc.attr_count = kept;
  d->desc.operand_count = operand_count;
}

static void set_attr(draft *d, sk_name name, sk_attr attr) {
  uint32_t at = 0;
  while (at < d->desc.attr_count && d->attrs[at].name.id != (uint32_t)name) {
    at++;
  }
  d->attrs[at] = (sk_named_attr){{(uint32_t)name}, attr};
  d->desc.attr_count = SK_MAX(d->desc.attr_count, at + 1);
}

static void remove_attr(draft *d, sk_name name) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < d->desc.attr_count; i++) {
    if (d->attrs[i].name.id != (uint32_t)name) {
      d->attrs[kept++] = d->attrs[i];
    }
  }
  d->desc.attr_count = kept;
}

// ------------------------------------------------------------ shapes as operands become attributes

// Result dimensions from operand i, where it is known.
static void fill_from_operand(refiner *f, draft *d, uint32_t i) {
  sk_known_ints shape;
  sk_module *m = module_of(f);
  if (sk_fold_read(m, d->operands[i], &shape) && shape.count <= SK_MAX_RANK) {
    d->types[0] = fill(m, d->types[0], (uint32_t)shape.count, shape.at);
  }
}

// Operands from `first` on become the attributes `names`, if all are known.
static bool take_attrs(refiner *f, draft *d, uint32_t first, uint32_t count, const sk_name *names,
                       sk_opkind kind) {
  sk_known_ints known[3];
  for (uint32_t i = 0; i < count; i++) {
    if (!sk_fold_read(module_of(f), d->operands[first + i], &known[i])) {
      return false;
    }
  }
  turn_into(d, kind, first);
  for (uint32_t i = 0; i < count; i++) {
    set_attr(d, names[i], sk_attr_ints(module_of(f), known[i].at, (uint32_t)known[i].count));
  }
  return true;
}

// Some producers write more strides than there are spatial dimensions; the first ones count.
static void take_padding(refiner *f, draft *d) {
  sk_known_ints padding;
  sk_module *m = module_of(f);
  if (!sk_fold_read(m, d->operands[2], &padding)) {
    return;
  }
  uint32_t spatial = (uint32_t)padding.count / 2;
  sk_ints strides = sk_op_ints(m, d->old, SK_NAME_window_strides);
  turn_into(d, SK_OP_CONVOLUTION, 2);
  set_attr(d, SK_NAME_padding, sk_attr_ints_2d(m, padding.at, spatial, 2));
  if (strides.count > spatial) {
    set_attr(d, SK_NAME_window_strides, sk_attr_ints(m, strides.data, spatial));
  }
}

enum { SAME_DEPTH = 8 };

// The same number whatever the arguments are: equal constants, or equal ops on the same.
static bool same_value(const sk_module *m, sk_value a, sk_value b, uint32_t depth) {
  sk_op x = sk_value_get(m, a)->op, y = sk_value_get(m, b)->op;
  sk_known_ints p, q;
  if (a.id == b.id) {
    return true;
  }
  if (depth == 0 || x.id == 0 || y.id == 0 || sk_value_type(m, a).id != sk_value_type(m, b).id) {
    return false;
  }
  if (sk_fold_read(m, a, &p) && sk_fold_read(m, b, &q)) {
    return memcmp(p.at, q.at, (size_t)p.count * sizeof *p.at) == 0;
  }
  const sk_op_rec *r = sk_op_get(m, x), *s = sk_op_get(m, y);
  bool alike = r->kind == s->kind && r->operand_count == s->operand_count &&
               r->attr_count == s->attr_count && r->region_count == 0 && r->result_count == 1 &&
               sk_opkind_has((sk_opkind)r->kind, SK_TRAIT_PURE);
  for (uint32_t i = 0; alike && i < r->attr_count; i++) {
    const sk_named_attr *attrs = m->attr_pool.data;
    alike = attrs[r->attrs + i].name.id == attrs[s->attrs + i].name.id &&
            attrs[r->attrs + i].attr.id == attrs[s->attrs + i].attr.id;
  }
  for (uint32_t i = 0; alike && i < r->operand_count; i++) {
    alike = same_value(m, sk_op_operand(m, x, i), sk_op_operand(m, y, i), depth - 1);
  }
  return alike;
}

// limit - start, where limit is start plus something known.
static bool known_extent(const sk_module *m, sk_value start, sk_value limit, sk_known_ints *out) {
  sk_op def = sk_value_get(m, limit)->op;
  if (def.id == 0 || sk_op_kind(m, def) != SK_OP_ADD) {
    return false;
  }
  sk_value a = sk_op_operand(m, def, 0), b = sk_op_operand(m, def, 1);
  return (sk_fold_read(m, b, out) && same_value(m, a, start, SAME_DEPTH)) ||
         (sk_fold_read(m, a, out) && same_value(m, b, start, SAME_DEPTH));
}

static bool are_ones(const sk_known_ints *ints) {
  for (int64_t i = 0; i < ints->count; i++) {
    if (ints->at[i] != 1) {
      return false;
    }
  }
  return true;
}

// Entry i of a vector as a 0-D tensor.
static sk_value take_entry(refiner *f, sk_region into, sk_loc loc, sk_value vector, int64_t i) {
  sk_module *m = module_of(f);
  const int64_t next = i + 1, one = 1;
  sk_elem elem = (sk_elem)sk_value_type_rec(m, vector)->elem;
  const sk_named_attr attrs[] = {{{SK_NAME_start_indices}, sk_attr_ints(m, &i, 1)},
                                 {{SK_NAME_limit_indices}, sk_attr_ints(m, &next, 1)},
                                 {{SK_NAME_strides}, sk_attr_ints(m, &one, 1)}};
  sk_type slice_type = sk_type_tensor(m, elem, 1, &one), type = sk_type_tensor(m, elem, 0, NULL);
  sk_op slice = sk_rebuild_emit(&f->rebuild, into,
                                &(sk_op_desc){.kind = SK_OP_SLICE,
                                              .loc = loc,
                                              .operands = &vector,
                                              .operand_count = 1,
                                              .result_types = &slice_type,
                                              .result_count = 1,
                                              .attrs = attrs,
                                              .attr_count = SK_COUNT(attrs)});
  sk_value part = sk_op_result(m, slice, 0);
  sk_op made = sk_rebuild_emit(&f->rebuild, into,
                               &(sk_op_desc){.kind = SK_OP_RESHAPE,
                                             .loc = loc,
                                             .operands = &part,
                                             .operand_count = 1,
                                             .result_types = &type,
                                             .result_count = 1});
  return sk_op_result(m, made, 0);
}

// A slice with bounds that are known, or of a known size at a place that is not.
static void take_slice(refiner *f, draft *d, sk_region into) {
  static const sk_name names[] = {SK_NAME_start_indices, SK_NAME_limit_indices, SK_NAME_strides};
  sk_module *m = module_of(f);
  sk_known_ints extent, strides;
  if (take_attrs(f, d, 1, 3, names, SK_OP_SLICE) ||
      !known_extent(m, d->operands[1], d->operands[2], &extent) ||
      !sk_fold_read(m, d->operands[3], &strides) || !are_ones(&strides)) {
    return;
  }
  uint32_t rank = (uint32_t)extent.count;
  sk_value starts = d->operands[1];
  sk_value *operands = SK_NEW_ARRAY(&m->arena, sk_value, rank + 1);
  operands[0] = d->operands[0];
  for (uint32_t i = 0; i < rank; i++) {
    operands[i + 1] = take_entry(f, into, d->desc.loc, starts, i);
  }
  turn_into(d, SK_OP_DYNAMIC_SLICE, rank + 1);
  d->operands = operands;
  d->desc.operands = operands;
  set_attr(d, SK_NAME_slice_sizes, sk_attr_ints(m, extent.at, rank));
}

// The dimension of the result that the others determine.
static void fill_reshape(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  const sk_type_rec rec = *sk_type_get(m, d->types[0]);
  int64_t count, known = 1, dims[SK_MAX_RANK];
  uint32_t open = 0;
  if (rec.kind != SK_TYPE_TENSOR ||
      !sk_type_elem_count(m, sk_value_type(m, d->operands[0]), &count)) {
    return;
  }
  for (uint32_t i = 0; i < rec.rank; i++) {
    open += rec.dims[i] == SK_DIM_UNKNOWN;
    known *= rec.dims[i] == SK_DIM_UNKNOWN ? 1 : rec.dims[i];
  }
  if (open != 1 || known == 0 || count % known != 0) {
    return;
  }
  for (uint32_t i = 0; i < rec.rank; i++) {
    dims[i] = rec.dims[i] == SK_DIM_UNKNOWN ? count / known : rec.dims[i];
  }
  d->types[0] = fill(m, d->types[0], rec.rank, dims);
}

// Dimensions that the result of a bitcast shares with its operand, and a last one for the parts of
// an element.
static void fill_bitcast(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  const sk_type_rec to = *sk_type_get(m, d->types[0]);
  const sk_type_rec from = *sk_value_type_rec(m, d->operands[0]);
  uint32_t wide = sk_elem_bits((sk_elem)from.elem), narrow = sk_elem_bits((sk_elem)to.elem);
  int64_t dims[SK_MAX_RANK], parts = narrow != 0 && wide > narrow ? wide / narrow : SK_DIM_UNKNOWN;
  for (uint32_t i = 0; i < to.rank; i++) {
    dims[i] = i < from.rank ? from.dims[i] : parts;
  }
  d->types[0] = fill(m, d->types[0], to.rank, dims);
}

// What the groups say; the rule takes any multiple that is written.
static void fill_gathered(refiner *f, draft *d) {
  sk_op_desc unwritten = d->desc;
  uint32_t count = 0;
  unwritten.result_count = 0;
  sk_status status =
      sk_ir_infer_types(module_of(f), &unwritten, d->inferred, d->desc.result_count + 1, &count);
  for (uint32_t i = 0; status == NULL && i < SK_MIN(count, d->desc.result_count); i++) {
    d->types[i] = fill_like(module_of(f), d->types[i], d->inferred[i]);
  }
  sk_status_free(status);  // the same is said again with what is written
}

// Custom calls name the operands that hold the shapes of their results.
static void fill_custom_call(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  sk_known_ints indices, shape;
  if (!sk_fold_read_attr(m, sk_op_find_attr(m, d->old, SK_NAME_indices_of_shape_operands),
                         &indices) ||
      indices.count != d->desc.result_count) {
    return;
  }
  for (uint32_t i = 0; i < d->desc.result_count; i++) {
    bool known = indices.at[i] >= 0 && indices.at[i] < d->desc.operand_count &&
                 sk_fold_read(m, d->operands[indices.at[i]], &shape) && shape.count <= SK_MAX_RANK;
    if (known) {
      d->types[i] = fill(m, d->types[i], (uint32_t)shape.count, shape.at);
    }
  }
}

static void make_static(refiner *f, draft *d, sk_region into) {
  static const sk_name pad[] = {SK_NAME_edge_padding_low, SK_NAME_edge_padding_high,
                                SK_NAME_interior_padding};
  static const sk_name gather[] = {SK_NAME_slice_sizes};
  sk_module *m = module_of(f);
  sk_opkind kind = d->desc.kind;
  switch ((int)kind) {
    case SK_OP_DYNAMIC_BROADCAST_IN_DIM:
    case SK_OP_DYNAMIC_IOTA:
    case SK_OP_DYNAMIC_RESHAPE: {
      uint32_t shape = kind == SK_OP_DYNAMIC_IOTA ? 0 : 1;
      fill_from_operand(f, d, shape);
      if (!is_open(m, d->types[0])) {
        turn_into(d,
                  kind == SK_OP_DYNAMIC_IOTA      ? SK_OP_IOTA
                  : kind == SK_OP_DYNAMIC_RESHAPE ? SK_OP_RESHAPE
                                                  : SK_OP_BROADCAST_IN_DIM,
                  shape);
      }
      return;
    }
    case SK_OP_REAL_DYNAMIC_SLICE: take_slice(f, d, into); return;
    case SK_OP_DYNAMIC_PAD: (void)take_attrs(f, d, 2, 3, pad, SK_OP_PAD); return;
    case SK_OP_DYNAMIC_GATHER: (void)take_attrs(f, d, 2, 1, gather, SK_OP_GATHER); return;
    case SK_OP_DYNAMIC_CONV: take_padding(f, d); return;
    case SK_OP_RNG: fill_from_operand(f, d, 2); return;
    default: return;
  }
}

// What the written result types leave open and the rule takes from them.
static void fill_written(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  sk_op_class class = (sk_op_class)sk_opkind_info(d->desc.kind)->op_class;
  bool broadcasts = strncmp(sk_opkind_mnemonic(d->desc.kind), "broadcast_", 10) == 0;
  if ((class == SK_OPCLASS_ELEMENTWISE && !broadcasts) || class == SK_OPCLASS_QUANTIZE) {
    for (uint32_t i = 0; i < d->desc.operand_count; i++) {
      sk_type operand = sk_value_type(m, d->operands[i]);
      bool scalar = sk_type_get(m, operand)->rank == 0 && d->desc.operand_count == 3;
      d->types[0] = scalar ? d->types[0] : fill_like(m, d->types[0], operand);
    }
    return;
  }
  switch ((int)d->desc.kind) {
    case SK_OP_RESHAPE: fill_reshape(f, d); return;
    case SK_OP_BITCAST_CONVERT: fill_bitcast(f, d); return;
    case SK_OP_ALL_GATHER: fill_gathered(f, d); return;
    case SK_OP_CUSTOM_CALL: fill_custom_call(f, d); return;
    case SK_OP_RNG_BIT_GENERATOR:
      d->types[0] = fill_like(m, d->types[0], sk_value_type(m, d->operands[0]));
      return;
    default: return;
  }
}

// ---------------------------------------------------------------------------------------- regions

static sk_status refine_op(refiner *f, sk_op op, sk_region into);

// A copy of the region with arguments of the given types.
static sk_status copy_region(refiner *f, sk_region from, const sk_type *types, sk_region *out) {
  sk_rebuild *r = &f->rebuild;
  uint32_t count = sk_region_get(r->m, from)->arg_count;
  *out = sk_region_new(r->m, types, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(r, sk_region_arg(r->m, from, i), sk_region_arg(r->m, *out, i));
  }
  if (sk_region_first(r->m, from).id == 0) {
    return NULL;
  }
  SK_TRY(sk_rebuild_scope(r, from, *out));
  return refine_op(f, sk_region_get(r->m, from)->last, *out);
}

// Arguments of loops are the operands; others are what they were.
static sk_status copy_regions(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  bool carries = d->desc.kind == SK_OP_WHILE || d->desc.kind == SK_OP_ASYNC_START;
  for (uint32_t i = 0; i < d->desc.region_count; i++) {
    sk_region from = sk_op_region(m, d->old, i);
    uint32_t count = sk_region_get(m, from)->arg_count;
    sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, count + 1);
    for (uint32_t k = 0; k < count; k++) {
      types[k] = sk_value_type(m, sk_region_arg(m, from, k));
      if (carries && k < d->desc.operand_count) {
        types[k] = fill_like(m, types[k], sk_value_type(m, d->operands[k]));
      }
    }
    SK_TRY(copy_region(f, from, types, &d->regions[i]));
  }
  return NULL;
}

// ----------------------------------------------------------------------------------- custom calls

// The function that `called_computations` names, as the body of an operation.
static sk_status copy_function(refiner *f, const draft *d, sk_region *out) {
  sk_module *m = module_of(f);
  sk_rebuild *r = &f->rebuild;
  const sk_attr_rec *names =
      sk_attr_get(m, sk_op_find_attr(m, d->old, SK_NAME_called_computations));
  sk_op func = {0};
  if (names->kind == SK_ATTR_ARRAY && names->u.list.count == 1) {
    sk_sym name = sk_attr_get(m, names->u.list.data[0])->u.sym;
    func = sk_module_find_func(m, sk_sym_str(&m->strings, name));
  }
  if (func.id == 0 || sk_func_body(m, func).id == 0) {
    return sk_op_error(m, d->old, SK_INVALID_ARGUMENT, "calls no function of the module");
  }
  sk_region from = sk_func_body(m, func);
  uint32_t count = sk_region_get(m, from)->arg_count;
  *out = sk_region_new(m, sk_func_type(m, func)->inputs, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(r, sk_region_arg(m, from, i), sk_region_arg(m, *out, i));
  }
  SK_TRY(sk_rebuild_scope(r, from, *out));
  draft last;
  make_draft(f, sk_region_get(m, from)->last, &last);
  last.desc.kind = SK_OP_RETURN;
  sk_rebuild_emit(r, *out, &last.desc);
  return NULL;
}

// @stablehlo.dynamic_reduce_window(inputs, initial values, window_dimensions, window_strides,
// base_dilations, window_dilations, padding) {called_computations = [@body]}
static sk_status take_reduce_window(refiner *f, draft *d) {
  static const sk_name names[] = {SK_NAME_window_dimensions, SK_NAME_window_strides,
                                  SK_NAME_base_dilations, SK_NAME_window_dilations};
  sk_module *m = module_of(f);
  sk_known_ints known[5];
  if (d->desc.operand_count < 7 || d->desc.operand_count % 2 == 0) {
    return NULL;
  }
  uint32_t first = d->desc.operand_count - 5;
  for (uint32_t i = 0; i < 5; i++) {
    if (!sk_fold_read(m, d->operands[first + i], &known[i])) {
      return NULL;
    }
  }
  SK_TRY(copy_function(f, d, &d->regions[0]));
  d->desc.region_count = 1;
  d->desc.attr_count = 0;
  turn_into(d, SK_OP_REDUCE_WINDOW, first);
  for (uint32_t i = 0; i < SK_COUNT(names); i++) {
    set_attr(d, names[i], sk_attr_ints(m, known[i].at, (uint32_t)known[i].count));
  }
  set_attr(d, SK_NAME_padding, sk_attr_ints_2d(m, known[4].at, (uint32_t)known[4].count / 2, 2));
  return NULL;
}

// @stablehlo.dynamic_rng_bit_generator(state, shape) {rng_algorithm}
static void take_random_bits(refiner *f, draft *d) {
  sk_known_ints shape;
  sk_module *m = module_of(f);
  sk_attr algorithm = sk_op_find_attr(m, d->old, SK_NAME_rng_algorithm);
  if (d->desc.operand_count == 2 && d->desc.result_count == 2 && algorithm.id != 0 &&
      sk_fold_read(m, d->operands[1], &shape) && shape.count <= SK_MAX_RANK) {
    d->types[1] = fill(m, d->types[1], (uint32_t)shape.count, shape.at);
    d->desc.attr_count = 0;
    turn_into(d, SK_OP_RNG_BIT_GENERATOR, 1);
    set_attr(d, SK_NAME_rng_algorithm, algorithm);
  }
}

// @stablehlo.dynamic_top_k(operand, k)
static void take_top_k(refiner *f, draft *d) {
  sk_known_ints k;
  sk_module *m = module_of(f);
  if (d->desc.operand_count == 2 && d->desc.result_count == 2 &&
      sk_fold_read(m, d->operands[1], &k) && k.count == 1) {
    d->desc.attr_count = 0;
    turn_into(d, SK_OP_CHLO_TOP_K, 1);
    set_attr(d, SK_NAME_k, sk_attr_int(m, sk_type_scalar(m, SK_S64), k.at[0]));
  }
}

// @stablehlo.dynamic_approx_top_k(arrays, initial values, k, shapes of results), which are known by now
static void take_approx_top_k(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  uint32_t arrays = d->desc.result_count;
  if (d->desc.operand_count != 3 * arrays + 1) {
    return;
  }
  fill_custom_call(f, d);
  turn_into(d, SK_OP_CUSTOM_CALL, 2 * arrays);
  set_attr(d, SK_NAME_call_target_name, sk_attr_string(m, SK_STR("ApproxTopK")));
  remove_attr(d, SK_NAME_indices_of_shape_operands);
}

// Operations that frameworks write as custom calls where a size is not known when exporting.
static sk_status take_custom_call(refiner *f, draft *d) {
  sk_str target = sk_op_string(f->rebuild.m, d->old, SK_NAME_call_target_name);
  if (sk_str_eq(target, SK_STR("stablehlo.dynamic_reduce_window"))) {
    return take_reduce_window(f, d);
  }
  if (sk_str_eq(target, SK_STR("stablehlo.dynamic_rng_bit_generator"))) {
    take_random_bits(f, d);
  } else if (sk_str_eq(target, SK_STR("stablehlo.dynamic_top_k"))) {
    take_top_k(f, d);
  } else if (sk_str_eq(target, SK_STR("stablehlo.dynamic_approx_top_k"))) {
    take_approx_top_k(f, d);
  }
  return NULL;
}

// A value that goes through unchanged: casts between compatible types, and what marks operands.
static bool is_identity(const refiner *f, const draft *d) {
  const sk_module *m = f->rebuild.m;
  bool cast =
      d->desc.kind == SK_OP_BUILTIN_UNREALIZED_CONVERSION_CAST && d->desc.operand_count == 1;
  bool marks = d->desc.kind == SK_OP_CUSTOM_CALL && d->desc.operand_count != 0 &&
               sk_str_eq(sk_op_string(m, d->old, SK_NAME_call_target_name),
                         SK_STR("stablehlo.shape_refinement_operand_wrapper"));
  return (cast || marks) && d->desc.result_count == 1 &&
         sk_type_compatible(m, sk_value_type(m, d->operands[0]), d->types[0]);
}

// ------------------------------------------------------------------------------------- assertions

// The message of @shape_assertion, {0}, {1}, ... standing for the operands behind the first.
static void format_assertion(const refiner *f, const draft *d, sk_str message, sk_text *out) {
  for (size_t i = 0; i < message.len; i++) {
    uint32_t operand = i + 2 < message.len ? (uint32_t)(message.data[i + 1] - '0') : 10;
    sk_known_ints value;
    if (message.data[i] == '{' && operand < 10 && message.data[i + 2] == '}' &&
        operand + 1 < d->desc.operand_count &&
        sk_fold_read(f->rebuild.m, d->operands[operand + 1], &value) && value.count == 1) {
      sk_text_add_i64(out, value.at[0]);
      i += 2;
    } else {
      sk_text_add_char(out, message.data[i]);
    }
  }
}

// custom_call @shape_assertion(%holds, ...) {error_message = "..."}; *out_gone: it was true.
static sk_status check_assertion(const refiner *f, const draft *d, bool *out_gone) {
  const sk_module *m = f->rebuild.m;
  sk_str target = sk_op_string(m, d->old, SK_NAME_call_target_name);
  sk_known_ints holds;
  *out_gone = false;
  if (!sk_str_eq(target, SK_STR("shape_assertion")) || d->desc.operand_count == 0 ||
      d->desc.result_count != 0) {
    return NULL;
  }
  if (!sk_fold_read(m, d->operands[0], &holds) || holds.count != 1) {
    return f->complete ? sk_op_error(m, d->old, SK_UNIMPLEMENTED,
                                     "the assertion depends on values that are not known")
                       : NULL;
  }
  *out_gone = holds.at[0] != 0;
  if (*out_gone) {
    return NULL;
  }
  sk_text text;
  sk_text_init(&text);
  format_assertion(f, d, sk_op_string(m, d->old, SK_NAME_error_message), &text);
  sk_status status =
      sk_op_error(m, d->old, SK_INVALID_ARGUMENT, "the shapes of the arguments are refused: %.*s",
                  (int)SK_MIN(text.len, (size_t)1000), text.data ? text.data : "");
  sk_text_fini(&text);
  return status;
}

// -------------------------------------------------------------------------------------------- ops

static void set_result(refiner *f, const draft *d, sk_value value) {
  sk_rebuild_set(&f->rebuild, sk_op_result(f->rebuild.m, d->old, 0), value);
}

// The size of a static dimension is known; setting a size to what it is changes nothing.
static bool resolve_size(refiner *f, const draft *d, sk_region into) {
  sk_module *m = module_of(f);
  const sk_type_rec *operand = sk_value_type_rec(m, d->operands[0]);
  int64_t dim = sk_op_int(m, d->old, SK_NAME_dimension, 0);
  if (operand->kind != SK_TYPE_TENSOR || dim < 0 || dim >= operand->rank ||
      operand->dims[dim] == SK_DIM_UNKNOWN) {
    return false;
  }
  if (d->desc.kind == SK_OP_SET_DIMENSION_SIZE) {
    sk_known_ints size;
    bool same = sk_fold_read(m, d->operands[1], &size) && size.count == 1 &&
                size.at[0] == operand->dims[dim];
    if (same) {
      set_result(f, d, d->operands[0]);
    }
    return same;
  }
  set_result(f, d, sk_fold_emit(&f->rebuild, into, d->desc.loc, d->types[0], &operand->dims[dim]));
  return true;
}

static bool contradict(const sk_type_rec *a, const sk_type_rec *b) {
  bool differ = a->kind == SK_TYPE_TENSOR && b->kind == SK_TYPE_TENSOR && a->rank != b->rank;
  for (uint32_t d = 0; !differ && a->kind == SK_TYPE_TENSOR && b->kind == a->kind && d < a->rank;
       d++) {
    differ =
        a->dims[d] != b->dims[d] && a->dims[d] != SK_DIM_UNKNOWN && b->dims[d] != SK_DIM_UNKNOWN;
  }
  return differ;
}

// The shape that follows from the arguments is not the one that the program states.
static sk_status check_stated(const sk_module *m, const draft *d, uint32_t i) {
  if (!contradict(sk_type_get(m, d->types[i]), sk_type_get(m, d->inferred[i]))) {
    return NULL;
  }
  sk_text text;
  sk_text_init(&text);
  sk_type_print(m, d->inferred[i], &text);
  sk_status status = sk_op_error(m, d->old, SK_INVALID_ARGUMENT,
                                 "result %u becomes %.*s, which its type does not allow", i,
                                 (int)SK_MIN(text.len, (size_t)400), text.data ? text.data : "");
  sk_text_fini(&text);
  return status;
}

// Types of the results: what is written, filled in with what the rule infers.
static sk_status infer(refiner *f, draft *d) {
  sk_module *m = module_of(f);
  uint32_t count = 0;
  SK_TRY(sk_ir_infer_types(m, &d->desc, d->inferred, d->desc.result_count + 1, &count));
  if (count != d->desc.result_count) {
    return sk_op_error(m, d->old, SK_INVALID_ARGUMENT, "has %u results, expected %u",
                       d->desc.result_count, count);
  }
  for (uint32_t i = 0; i < count; i++) {
    d->types[i] = fill_like(m, d->types[i], d->inferred[i]);
    SK_TRY(check_stated(m, d, i));
    if (!is_open(m, d->types[i]) || !f->complete) {
      continue;
    }
    bool dynamic = sk_opkind_info(d->desc.kind)->op_class == SK_OPCLASS_DYNAMIC;
    bool bounded = sk_type_get(m, d->types[i])->bounds != NULL;
    return sk_op_error(m, d->old, SK_UNIMPLEMENTED, "the shape of result %u %s", i,
                       bounded   ? "is only known by a bound"
                       : dynamic ? "depends on values that are not known when compiling"
                                 : "does not follow from the types of the arguments");
  }
  return NULL;
}

static sk_status refine_op(refiner *f, sk_op op, sk_region into) {
  sk_rebuild *r = &f->rebuild;
  draft d;
  make_draft(f, op, &d);
  if (is_identity(f, &d)) {
    set_result(f, &d, d.operands[0]);
    return NULL;
  }
  if (d.desc.kind == SK_OP_GET_DIMENSION_SIZE || d.desc.kind == SK_OP_SET_DIMENSION_SIZE) {
    if (resolve_size(f, &d, into)) {
      return NULL;
    }
  } else if (d.desc.kind == SK_OP_CUSTOM_CALL) {
    bool gone;
    SK_TRY(check_assertion(f, &d, &gone));
    if (gone) {
      return NULL;
    }
    SK_TRY(take_custom_call(f, &d));
  }
  if (d.desc.kind == sk_op_kind(r->m, op)) {
    SK_TRY(copy_regions(f, &d));
  }
  make_static(f, &d, into);
  fill_written(f, &d);
  SK_TRY(infer(f, &d));
  sk_value folded = d.desc.result_count == 1 ? sk_fold_desc(r, into, &d.desc) : (sk_value){0};
  if (folded.id != 0) {
    set_result(f, &d, folded);
    return NULL;
  }
  sk_op made = sk_rebuild_emit(r, into, &d.desc);
  for (uint32_t i = 0; i < d.desc.result_count; i++) {
    sk_rebuild_set(r, sk_op_result(r->m, op, i), sk_op_result(r->m, made, i));
  }
  return NULL;
}

static bool rewrite(sk_rebuild *r, sk_op op, sk_region into, sk_status *out_status) {
  *out_status = refine_op((refiner *)(void *)r, op, into);
  return true;
}

// ------------------------------------------------------------------------------------------ entry

static sk_status choose_types(refiner *f, sk_op entry, const sk_refine_arg *args, bool partial,
                              sk_type *out) {
  sk_module *m = module_of(f);
  const sk_type_rec func = *sk_func_type(m, entry);
  f->complete = true;
  for (uint32_t i = 0; i < func.input_count; i++) {
    out[i] = func.inputs[i];
    if (args != NULL && args[i].type.id != 0) {
      if (!sk_type_compatible(m, func.inputs[i], args[i].type)) {
        return sk_op_error(m, entry, SK_INVALID_ARGUMENT,
                           "argument %u cannot have the type that is given for it", i);
      }
      out[i] = fill_like(m, func.inputs[i], args[i].type);
    }
    if (is_open(m, out[i]) && !partial) {
      return sk_op_error(m, entry, SK_UNIMPLEMENTED,
                         "argument %u has unknown dimensions: a program is compiled for arguments "
                         "of given types",
                         i);
    }
    f->complete = f->complete && !is_open(m, out[i]);
  }
  return NULL;
}

// Arguments whose value is known are constants in the body.
static void place_values(refiner *f, sk_op entry, const sk_refine_arg *args, sk_region from,
                         sk_region made) {
  for (uint32_t i = 0; args != NULL && i < sk_region_get(f->rebuild.m, from)->arg_count; i++) {
    sk_value arg = sk_region_arg(f->rebuild.m, made, i);
    if (args[i].known) {
      sk_value known = sk_fold_emit(&f->rebuild, made, sk_op_get(f->rebuild.m, entry)->loc,
                                    sk_value_type(f->rebuild.m, arg), &args[i].value);
      sk_rebuild_set(&f->rebuild, sk_region_arg(f->rebuild.m, from, i), known);
    }
  }
}

// The function's type follows its body; results keep what was written where that says more.
static sk_status set_type(refiner *f, sk_op entry, const sk_type *inputs, sk_region body) {
  sk_module *m = module_of(f);
  const sk_type_rec func = *sk_func_type(m, entry);
  sk_op last = sk_region_get(m, body)->last;
  sk_type *results = SK_NEW_ARRAY(&m->arena, sk_type, func.result_count + 1);
  for (uint32_t i = 0; i < func.result_count; i++) {
    results[i] = sk_value_type(m, sk_op_operand(m, last, i));
    if (!sk_type_compatible(m, results[i], func.results[i])) {
      return sk_op_error(m, entry, SK_INVALID_ARGUMENT,
                         "result %u does not have the type that the function promises", i);
    }
  }
  sk_type type = sk_type_function(m, func.input_count, inputs, func.result_count, results);
  sk_attr attr = type.id != 0 ? sk_attr_type(m, type) : (sk_attr){0};
  bool set =
      attr.id != 0 && sk_op_set_attr(m, entry, (sk_sym){(uint32_t)SK_NAME_function_type}, attr);
  return set ? NULL : sk_status_no_memory();
}

bool sk_pass_needs_refine(const sk_module *m) {
  bool dynamic = false;
  for (uint32_t i = 1; i < m->types.count && !dynamic; i++) {
    dynamic = has_unknown(&m->types.data[i]);
  }
  for (uint32_t i = 1; i < m->ops.count && !dynamic; i++) {
    uint8_t class = sk_opkind_info((sk_opkind)m->ops.data[i].kind)->op_class;
    dynamic = class == SK_OPCLASS_DYNAMIC || class == SK_OPCLASS_SHAPE;
  }
  return dynamic;
}

sk_status sk_pass_refine(sk_module *m, sk_op entry, const sk_refine_arg *args, bool partial,
                         sk_pass_options *options) {
  refiner f = {.complete = true};
  sk_rebuild_init(&f.rebuild, m, options, false);
  f.rebuild.rewrite = rewrite;
  sk_region from = sk_func_body(m, entry), made;
  uint32_t count = sk_region_get(m, from)->arg_count;
  sk_type *types = SK_NEW_ARRAY(&m->arena, sk_type, count + 1);
  SK_TRY(choose_types(&f, entry, args, partial, types));
  made = sk_region_new(m, types, count);
  for (uint32_t i = 0; i < count; i++) {
    sk_rebuild_set(&f.rebuild, sk_region_arg(m, from, i), sk_region_arg(m, made, i));
  }
  place_values(&f, entry, args, from, made);
  SK_TRY(sk_rebuild_scope(&f.rebuild, from, made));
  SK_TRY(refine_op(&f, sk_region_get(m, from)->last, made));
  SK_TRY(set_type(&f, entry, types, made));
  m->region_pool.data[sk_op_get(m, entry)->regions] = made;
  m->regions.data[made.id].parent = entry;
  sk_rebuild_drop_unused(m, made);
  return NULL;
}
