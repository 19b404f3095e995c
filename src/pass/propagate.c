// SPDX-License-Identifier: Apache-2.0
// How values are split over a mesh, from what they are made of: where a program leaves the sharding of
// a result open, it is what the arguments and constraints of the program suggest, as in Shardy.
//
//   %y = dot_general %a, %b                %a: [{"x"}, {}]   %b: [{}, {"y"}]     ->   %y: [{"x"}, {"y"}]
//   %z = reduce %y across [0]                                                    ->   %z: [{"y"}]
//
// One sweep forward through the ops in their order. A table per op says which dimension of an operand
// becomes which of a result; the first operand that is split there decides, unless the axis splits
// another dimension already or the parts would not be equal. Nothing is propagated backwards, and what
// is not known is not split: a sharding changes where results are, never what they are. Values of a
// sharding group are split alike, as the first of them that is; where that one comes after another
// one, there is a second sweep.
#include "pass/shard.h"

// Calls are looked into each time: how deep, and how many ops in all. Beyond that nothing is known.
enum { MAX_CALLS = 64, MAX_VISITS = 1000 * 1000 };

typedef struct shard_group {
  int64_t id;
  const sk_sharding *sharding;  // NULL: of none of its values known yet
  bool seen;
} shard_group;

typedef struct propagation {
  sk_module *m;
  sk_shardings *known;
  SK_VEC(shard_group) groups;
  bool again;  // a value came before what says how its group is split
  uint32_t calls, visits;
} propagation;

// What is gathered for one result.
typedef struct draft {
  propagation *p;
  const sk_type_rec *type;
  sk_sharding sharding;
  sk_dim_sharding dims[SK_MAX_RANK];
} draft;

static sk_status sweep(propagation *p, sk_region region);

const sk_sharding *sk_sharding_of(const sk_shardings *s, sk_value v) {
  return v.id < s->count ? s->of[v.id] : NULL;
}

static void know(propagation *p, sk_value v, const sk_sharding *sharding) {
  if (v.id < p->known->count) {
    p->known->of[v.id] = sharding;
  }
}

// ---- drafts

static void start(propagation *p, sk_value result, draft *d) {
  *d = (draft){.p = p, .type = sk_value_type_rec(p->m, result)};
  d->sharding.rank = d->type->kind == SK_TYPE_TENSOR ? d->type->rank : 0;
  d->sharding.dims = d->dims;
}

static bool is_split(const draft *d) {
  for (uint32_t i = 0; i < d->sharding.rank; i++) {
    if (d->dims[i].count > 0) {
      return true;
    }
  }
  return false;
}

static bool uses_axis(const draft *d, uint32_t axis) {
  for (uint32_t i = 0; i < d->sharding.rank; i++) {
    for (uint32_t k = 0; k < d->dims[i].count; k++) {
      if (d->dims[i].refs[k].axis == axis) {
        return true;
      }
    }
  }
  return false;
}

// Dimension `to` of the result is dimension `from` of a value split in this way; NULL: it is not.
static void take(draft *d, uint32_t to, const sk_sharding *source, uint32_t from) {
  if (!source || to >= d->sharding.rank || from >= source->rank) {
    return;
  }
  const sk_dim_sharding *dim = &source->dims[from];
  bool free = d->dims[to].count == 0 && dim->count > 0 &&
              (!is_split(d) || sk_mesh_equal(&d->sharding.mesh, &source->mesh));
  for (uint32_t k = 0; free && k < dim->count; k++) {
    free = !uses_axis(d, dim->refs[k].axis);
  }
  int64_t parts = sk_dim_parts(dim, UINT64_MAX);
  if (free && d->type->dims[to] > 0 && d->type->dims[to] % parts == 0) {
    d->sharding.mesh = source->mesh;
    d->dims[to] = *dim;
  }
}

static void take_dim(draft *d, uint32_t to, sk_value source, uint32_t from) {
  take(d, to, sk_sharding_of(d->p->known, source), from);
}

static const sk_sharding *keep(const draft *d) {
  if (!is_split(d)) {
    return NULL;
  }
  sk_arena *arena = &d->p->m->arena;
  sk_sharding *made = SK_NEW_ARRAY(arena, sk_sharding, 1);
  *made = d->sharding;
  made->dims = SK_NEW_ARRAY(arena, sk_dim_sharding, made->rank + 1);
  memcpy(made->dims, d->dims, made->rank * sizeof *made->dims);
  return made;
}

// ---- dimensions of operands as dimensions of results

static bool holds(sk_ints list, int64_t value) {
  for (uint32_t i = 0; i < list.count; i++) {
    if (list.data[i] == value) {
      return true;
    }
  }
  return false;
}

// Dimension by dimension, up to `count` of them, from a value of the same rank.
static void take_same(draft *d, sk_value source, uint32_t count) {
  const sk_type_rec *type = sk_value_type_rec(d->p->m, source);
  for (uint32_t i = 0; type->rank == d->sharding.rank && i < SK_MIN(count, type->rank); i++) {
    take_dim(d, i, source, i);
  }
}

// From the operands of an op whose results are like them.
static void take_alike(draft *d, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(d->p->m, op)->operand_count; i++) {
    take_same(d, sk_op_operand(d->p->m, op, i), SK_MAX_RANK);
  }
}

// The dimensions of `source` but those in `without`, in order, from dimension `to` of the result on.
static uint32_t take_rest(draft *d, uint32_t to, sk_value source, sk_ints without, sk_ints also) {
  uint32_t rank = sk_value_type_rec(d->p->m, source)->rank;
  for (uint32_t i = 0; i < rank; i++) {
    if (!holds(without, i) && !holds(also, i)) {
      take_dim(d, to++, source, i);
    }
  }
  return to;
}

// Both shapes fall apart into runs of equal products; the first dimension of a run stays the first.
static void take_reshaped(draft *d, sk_value source) {
  const sk_type_rec *from = sk_value_type_rec(d->p->m, source), *to = d->type;
  for (uint32_t i = 0, k = 0; i < from->rank && k < to->rank;) {
    int64_t a = from->dims[i], b = to->dims[k];
    if (a == 1 || b == 1) {
      i += a == 1;
      k += a != 1;
      continue;
    }
    take_dim(d, k++, source, i++);
    while (a != b && (a < b ? i < from->rank : k < to->rank)) {
      if (a < b) {
        a *= from->dims[i++];
      } else {
        b *= to->dims[k++];
      }
    }
    if (a != b) {
      return;
    }
  }
}

static void take_dot(draft *d, sk_op op) {
  const sk_module *m = d->p->m;
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers));
  if (rec->kind != SK_ATTR_DOT_DIMS) {
    return;
  }
  const sk_dot_dims *dims = rec->u.dot;
  sk_value lhs = sk_op_operand(m, op, 0), rhs = sk_op_operand(m, op, 1);
  uint32_t batch = dims->lhs_batching_dimensions.count;
  for (uint32_t i = 0; i < batch; i++) {
    take_dim(d, i, lhs, (uint32_t)dims->lhs_batching_dimensions.data[i]);
    take_dim(d, i, rhs, (uint32_t)dims->rhs_batching_dimensions.data[i]);
  }
  uint32_t at =
      take_rest(d, batch, lhs, dims->lhs_batching_dimensions, dims->lhs_contracting_dimensions);
  (void)take_rest(d, at, rhs, dims->rhs_batching_dimensions, dims->rhs_contracting_dimensions);
}

// Offset dimensions are those of the operand that are taken whole; the others index.
static void take_gather(draft *d, sk_op op) {
  const sk_module *m = d->p->m;
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dimension_numbers));
  if (rec->kind != SK_ATTR_GATHER_DIMS) {
    return;
  }
  const sk_gather_dims *dims = rec->u.gather;
  sk_value operand = sk_op_operand(m, op, 0), indices = sk_op_operand(m, op, 1);
  const sk_type_rec *type = sk_value_type_rec(m, operand);
  uint32_t taken = 0, index = 0;
  for (uint32_t i = 0; i < type->rank && taken < dims->offset_dims.count; i++) {
    if (holds(dims->collapsed_slice_dims, i) || holds(dims->operand_batching_dims, i)) {
      continue;
    }
    uint32_t to = (uint32_t)dims->offset_dims.data[taken++];
    if (to < d->sharding.rank && d->type->dims[to] == type->dims[i]) {
      take_dim(d, to, operand, i);
    }
  }
  for (uint32_t i = 0; i < d->sharding.rank; i++) {
    if (!holds(dims->offset_dims, i)) {
      index += index == dims->index_vector_dim;
      take_dim(d, i, indices, index++);
    }
  }
}

static void take_convolution(draft *d, sk_op op) {
  const sk_module *m = d->p->m;
  const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dimension_numbers));
  if (rec->kind == SK_ATTR_CONV_DIMS) {
    const sk_conv_dims *dims = rec->u.conv;
    take_dim(d, (uint32_t)dims->output_batch_dimension, sk_op_operand(m, op, 0),
             (uint32_t)dims->input_batch_dimension);
    take_dim(d, (uint32_t)dims->output_feature_dimension, sk_op_operand(m, op, 1),
             (uint32_t)dims->kernel_output_feature_dimension);
  }
}

static void take_mapped(draft *d, sk_op op, sk_ints dims, bool to_result) {
  const sk_module *m = d->p->m;
  sk_value source = sk_op_operand(m, op, 0);
  const sk_type_rec *type = sk_value_type_rec(m, source);
  for (uint32_t i = 0; i < dims.count; i++) {
    uint32_t other = (uint32_t)dims.data[i], to = to_result ? other : i,
             from = to_result ? i : other;
    if (to < d->sharding.rank && from < type->rank && d->type->dims[to] == type->dims[from]) {
      take_dim(d, to, source, from);
    }
  }
}

// Result `index` of an op without regions that matter.
static void gather(draft *d, sk_op op, uint32_t index) {
  const sk_module *m = d->p->m;
  const sk_op_rec rec = *sk_op_get(m, op);
  sk_value first = rec.operand_count > 0 ? sk_op_operand(m, op, 0) : (sk_value){0};
  sk_value same = index < rec.operand_count ? sk_op_operand(m, op, index) : first;
  switch ((int)rec.kind) {
    case SK_OP_BROADCAST_IN_DIM:
      take_mapped(d, op, sk_op_ints(m, op, SK_NAME_broadcast_dimensions), true);
      return;
    case SK_OP_TRANSPOSE: take_mapped(d, op, sk_op_ints(m, op, SK_NAME_permutation), false); return;
    case SK_OP_RESHAPE: take_reshaped(d, first); return;
    case SK_OP_REDUCE:
      (void)take_rest(d, 0, same, sk_op_ints(m, op, SK_NAME_dimensions), (sk_ints){NULL, 0});
      return;
    case SK_OP_DOT_GENERAL: take_dot(d, op); return;
    case SK_OP_GATHER: take_gather(d, op); return;
    case SK_OP_CONVOLUTION: take_convolution(d, op); return;
    case SK_OP_CONCATENATE:
    case SK_OP_MAP: take_alike(d, op); return;
    case SK_OP_SLICE:
    case SK_OP_DYNAMIC_SLICE:
    case SK_OP_DYNAMIC_UPDATE_SLICE:
    case SK_OP_PAD:
    case SK_OP_REVERSE:
    case SK_OP_REDUCE_WINDOW:
    case SK_OP_SELECT_AND_SCATTER:
    case SK_OP_SCATTER:
    case SK_OP_SORT:
    case SK_OP_ALL_REDUCE:
    case SK_OP_ALL_GATHER:
    case SK_OP_ALL_TO_ALL:
    case SK_OP_COLLECTIVE_BROADCAST:
    case SK_OP_COLLECTIVE_PERMUTE:
    case SK_OP_REDUCE_SCATTER:
    case SK_OP_OPTIMIZATION_BARRIER: take_same(d, same, SK_MAX_RANK); return;
    case SK_OP_CHLO_TOP_K: take_same(d, first, d->sharding.rank - 1); return;
    case SK_OP_FFT:
      take_same(d, first, d->sharding.rank - sk_op_ints(m, op, SK_NAME_fft_length).count);
      return;
    case SK_OP_CHOLESKY: take_same(d, first, d->sharding.rank - 2); return;
    default: break;
  }
  if (sk_opkind_info((sk_opkind)rec.kind)->op_class == SK_OPCLASS_ELEMENTWISE) {
    take_alike(d, op);
  } else if (sk_op_is_annotation(m, op) || rec.kind == SK_OP_BITCAST_CONVERT) {
    take_same(d, first, SK_MAX_RANK);
  }
}

// ---- what the program says, and bodies

void sk_sharding_fill(sk_module *m, sk_sharding *given, const sk_sharding *found) {
  bool any_mesh = given->mesh.axis_count == 0;
  if (!found || found->rank != given->rank ||
      (!any_mesh && !sk_mesh_equal(&given->mesh, &found->mesh))) {
    return;
  }
  sk_dim_sharding *dims = SK_NEW_ARRAY(&m->arena, sk_dim_sharding, given->rank + 1);
  uint64_t used = 0;
  for (uint32_t i = 0; i < given->rank; i++) {
    dims[i] = given->dims[i];
    for (uint32_t k = 0; k < dims[i].count; k++) {
      used |= UINT64_C(1) << dims[i].refs[k].axis;
    }
  }
  for (uint32_t i = 0; i < given->rank; i++) {
    bool free = dims[i].open && dims[i].count == 0;
    for (uint32_t k = 0; free && k < found->dims[i].count; k++) {
      free = !(used >> found->dims[i].refs[k].axis & 1);
    }
    dims[i] = free ? found->dims[i] : dims[i];
  }
  given->mesh = found->mesh;
  given->dims = dims;
}

// Of programs in which XLA's tiles say what Shardy says elsewhere.
static bool is_tiled(const propagation *p, sk_op op) {
  if (!sk_op_is_annotation(p->m, op)) {
    return false;
  }
  const sk_str target = sk_op_string(p->m, op, SK_NAME_call_target_name);
  const sk_str tiles = sk_op_string(p->m, op, SK_NAME_mhlo_sharding);
  const sk_str split = SK_STR("{devices=");
  return (sk_str_eq(target, SK_STR("Sharding")) ||
          sk_str_eq(target, SK_STR("SPMDShardToFullShape"))) &&
         sk_str_has_prefix(tiles, split);
}

static sk_status visit_tiled(propagation *p, sk_op op) {
  sk_sharding *given = SK_NEW_ARRAY(&p->m->arena, sk_sharding, 1);
  sk_value result = sk_op_result(p->m, op, 0);
  sk_attr attr = sk_op_find_attr(p->m, op, SK_NAME_mhlo_sharding);
  uint32_t rank = sk_value_type_rec(p->m, result)->rank;
  SK_TRY(sk_tiles_read(p->m, op, attr, rank, &p->m->arena, given));
  know(p, result, given);
  return NULL;
}

static sk_status visit_constraint(propagation *p, sk_op op) {
  sk_sharding *given = SK_NEW_ARRAY(&p->m->arena, sk_sharding, 1);
  sk_attr attr = sk_op_find_attr(p->m, op, SK_NAME_sharding);
  SK_TRY(sk_sharding_read(p->m, op, attr, &p->m->arena, given));
  sk_sharding_fill(p->m, given, sk_sharding_of(p->known, sk_op_operand(p->m, op, 0)));
  know(p, sk_op_result(p->m, op, 0), given->mesh.axis_count > 0 ? given : NULL);
  return NULL;
}

// The same but for some axes; NULL: nothing is left.
static const sk_sharding *without(sk_module *m, const sk_sharding *s, uint64_t axes) {
  if (!s) {
    return NULL;
  }
  bool splits = false;
  sk_sharding *made = SK_NEW_ARRAY(&m->arena, sk_sharding, 1);
  *made = (sk_sharding){.mesh = s->mesh, .rank = s->rank};
  made->dims =
      sk_arena_zalloc(&m->arena, (s->rank + 1) * sizeof *made->dims, _Alignof(sk_dim_sharding));
  for (uint32_t i = 0; i < s->rank; i++) {
    bool stays = s->dims[i].count > 0;
    for (uint32_t k = 0; k < s->dims[i].count; k++) {
      stays &= !(axes >> s->dims[i].refs[k].axis & 1);
    }
    made->dims[i] = stays ? s->dims[i] : (sk_dim_sharding){0};
    splits |= stays;
  }
  return splits ? made : NULL;
}

// Parts of the body's parts: where a dimension is open, its axes go on with those that split it inside.
static void split_further(sk_module *m, sk_sharding *s, const sk_sharding *inside,
                          const sk_type_rec *whole) {
  if (!inside || inside->rank != s->rank || !sk_mesh_equal(&inside->mesh, &s->mesh)) {
    return;
  }
  for (uint32_t i = 0; i < s->rank; i++) {
    const sk_dim_sharding outer = s->dims[i], more = inside->dims[i];
    int64_t parts = sk_dim_parts(&outer, UINT64_MAX) * sk_dim_parts(&more, UINT64_MAX);
    bool fits = outer.open && outer.count > 0 && more.count > 0 && whole->dims[i] > 0 &&
                whole->dims[i] % parts == 0;
    for (uint32_t d = 0; d < s->rank; d++) {
      for (uint32_t k = 0; fits && k < s->dims[d].count * more.count; k++) {
        fits = s->dims[d].refs[k / more.count].axis != more.refs[k % more.count].axis;
      }
    }
    if (fits) {
      sk_axis_ref *refs = SK_NEW_ARRAY(&m->arena, sk_axis_ref, outer.count + more.count);
      memcpy(refs, outer.refs, outer.count * sizeof *refs);
      memcpy(refs + outer.count, more.refs, more.count * sizeof *refs);
      s->dims[i] = (sk_dim_sharding){refs, outer.count + more.count, true};
    }
  }
}

// In the body only the axes that are not manual split anything; they go on splitting what it returns.
static sk_status visit_manual(propagation *p, sk_op op) {
  const sk_op_rec rec = *sk_op_get(p->m, op);
  const sk_region body = sk_op_region(p->m, op, 0);
  sk_sharding_list list;
  uint64_t axes = 0;
  sk_attr attr = sk_op_find_attr(p->m, op, SK_NAME_out_shardings);
  SK_TRY(sk_sharding_list_read(p->m, op, attr, &p->m->arena, &list));
  if (list.count == 0) {
    return NULL;
  }
  attr = sk_op_find_attr(p->m, op, SK_NAME_manual_axes);
  SK_TRY(sk_manual_axes_read(p->m, op, attr, &list.items[0].mesh, &axes));
  for (uint32_t i = 0; i < SK_MIN(rec.operand_count, sk_region_get(p->m, body)->arg_count); i++) {
    const sk_sharding *operand = sk_sharding_of(p->known, sk_op_operand(p->m, op, i));
    know(p, sk_region_arg(p->m, body, i), without(p->m, operand, axes));
  }
  SK_TRY(sweep(p, body));
  const sk_op end = sk_region_get(p->m, body)->last;
  for (uint32_t i = 0; i < SK_MIN(list.count, rec.result_count); i++) {
    const sk_sharding *inside = sk_sharding_of(p->known, sk_op_operand(p->m, end, i));
    sk_value result = sk_op_result(p->m, op, i);
    sk_sharding_fill(p->m, &list.items[i], inside);
    split_further(p->m, &list.items[i], inside, sk_value_type_rec(p->m, result));
    know(p, result, list.items[i].mesh.axis_count > 0 ? &list.items[i] : NULL);
  }
  return NULL;
}

// Through a body: its arguments are `op`'s operands from `first` on, its results those of `op`.
static sk_status visit_body(propagation *p, sk_op op, uint32_t first, sk_region body) {
  const sk_op_rec rec = *sk_op_get(p->m, op);
  uint32_t count = sk_region_get(p->m, body)->arg_count;
  for (uint32_t i = 0; i < SK_MIN(count, rec.operand_count - SK_MIN(first, rec.operand_count));
       i++) {
    know(p, sk_region_arg(p->m, body, i),
         sk_sharding_of(p->known, sk_op_operand(p->m, op, first + i)));
  }
  SK_TRY(sweep(p, body));
  sk_op end = sk_region_get(p->m, body)->last;
  uint32_t yields = end.id != 0 ? sk_op_get(p->m, end)->operand_count : 0;
  for (uint32_t i = 0; i < SK_MIN(rec.result_count, yields); i++) {
    const sk_sharding *found = sk_sharding_of(p->known, sk_op_operand(p->m, end, i));
    sk_value result = sk_op_result(p->m, op, i);
    know(p, result, found ? found : sk_sharding_of(p->known, result));
  }
  return NULL;
}

// What a loop starts with, or else what its body ends with.
static sk_status visit_while(propagation *p, sk_op op) {
  SK_TRY(visit_body(p, op, 0, sk_op_region(p->m, op, 1)));
  for (uint32_t i = 0; i < sk_op_get(p->m, op)->result_count; i++) {
    const sk_sharding *before = sk_sharding_of(p->known, sk_op_operand(p->m, op, i));
    sk_value result = sk_op_result(p->m, op, i);
    know(p, result, before ? before : sk_sharding_of(p->known, result));
  }
  return NULL;
}

static sk_status visit_call(propagation *p, sk_op op, sk_name callee) {
  sk_op func = sk_module_find_func(p->m, sk_op_string(p->m, op, callee));
  sk_region body = func.id != 0 ? sk_func_body(p->m, func) : (sk_region){0};
  if (body.id == 0 || p->calls == MAX_CALLS) {
    return NULL;
  }
  p->calls++;
  sk_status status = visit_body(p, op, 0, body);
  p->calls--;
  return status;
}

// The first process stands for all.
static sk_status visit_grid(propagation *p, sk_op op) {
  const sk_attr attr = sk_op_find_attr(p->m, op, SK_NAME_programs);
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(p->m, attr) : NULL;
  for (int depth = 0; depth < 2 && rec; depth++) {
    bool is_list = rec->kind == SK_ATTR_ARRAY && rec->u.list.count > 0;
    rec = is_list ? sk_attr_get(p->m, rec->u.list.data[0]) : NULL;
  }
  sk_op func = rec && rec->kind == SK_ATTR_SYMBOL
                   ? sk_module_find_func(p->m, sk_sym_str(&p->m->strings, rec->u.sym))
                   : (sk_op){0};
  sk_region body = func.id != 0 ? sk_func_body(p->m, func) : (sk_region){0};
  return body.id != 0 ? visit_body(p, op, 0, body) : NULL;
}

// Somebody who asks how the operand is split finds it among what the call is told.
static bool is_inspection(const propagation *p, sk_op op) {
  return sk_op_get(p->m, op)->operand_count == 1 &&
         sk_str_eq(sk_op_string(p->m, op, SK_NAME_call_target_name),
                   SK_STR("skarn_inspect_sharding"));
}

static sk_status visit_inspection(propagation *p, sk_op op) {
  sk_module *m = p->m;
  const sk_sharding *known = sk_sharding_of(p->known, sk_op_operand(m, op, 0));
  sk_attr config = sk_op_find_attr(m, op, SK_NAME_mhlo_backend_config);
  const sk_name name = config.id != 0 ? SK_NAME_mhlo_backend_config : SK_NAME_backend_config;
  config = sk_op_find_attr(m, op, name);
  const sk_attr_rec *rec = config.id != 0 ? sk_attr_get(m, config) : NULL;
  uint32_t count = rec && rec->kind == SK_ATTR_DICT ? rec->u.dict.count : 0, kept = 0;
  sk_named_attr *items = SK_NEW_ARRAY(&m->arena, sk_named_attr, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    items[kept] = rec->u.dict.data[i];
    kept += items[kept].name.id != SK_NAME_sharding;
  }
  sk_text text;
  sk_text_init(&text);
  if (known) {
    sk_sharding_print_tiles(known, &text);
  } else {
    sk_text_addf(&text, "{replicated}");
  }
  items[kept++] =
      (sk_named_attr){{SK_NAME_sharding}, sk_attr_string(m, (sk_str){text.data, text.len})};
  sk_text_fini(&text);
  bool set = sk_op_set_attr(m, op, (sk_sym){(uint32_t)name}, sk_attr_dict(m, items, kept));
  return set ? NULL : sk_status_no_memory();
}

static shard_group *find_group(propagation *p, int64_t id) {
  for (uint32_t i = 0; i < p->groups.count; i++) {
    if (p->groups.data[i].id == id) {
      return &p->groups.data[i];
    }
  }
  sk_vec_push(&p->m->arena, &p->groups, (shard_group){.id = id});
  return &p->groups.data[p->groups.count - 1];
}

static void visit_group(propagation *p, sk_op op) {
  const sk_value v = sk_op_operand(p->m, op, 0);
  const sk_attr_rec *id = sk_attr_get(p->m, sk_op_find_attr(p->m, op, SK_NAME_group_id));
  shard_group *group = find_group(p, id->u.i);
  const sk_sharding *own = sk_sharding_of(p->known, v);
  if (own) {
    p->again |= group->seen && !group->sharding;
    group->sharding = group->sharding ? group->sharding : own;
  } else if (group->sharding && group->sharding->rank == sk_value_type_rec(p->m, v)->rank) {
    know(p, v, group->sharding);
  }
  group->seen = true;
}

static sk_status visit(propagation *p, sk_op op) {
  const sk_op_rec rec = *sk_op_get(p->m, op);
  switch ((int)rec.kind) {
    case SK_OP_SDY_SHARDING_CONSTRAINT:
    case SK_OP_SDY_RESHARD: return visit_constraint(p, op);
    case SK_OP_SDY_SHARDING_GROUP: visit_group(p, op); return NULL;
    case SK_OP_SDY_MANUAL_COMPUTATION: return visit_manual(p, op);
    case SK_OP_FUNC_CALL: return visit_call(p, op, SK_NAME_callee);
    case SK_OP_COMPOSITE: return visit_call(p, op, SK_NAME_decomposition);
    case SK_OP_INTERPRETER_RUN_PARALLEL: return visit_grid(p, op);
    case SK_OP_WHILE: return visit_while(p, op);
    case SK_OP_CASE:
    case SK_OP_IF:
      for (uint32_t i = 0; i < rec.region_count; i++) {
        SK_TRY(visit_body(p, op, rec.operand_count, sk_op_region(p->m, op, i)));
      }
      return NULL;
    case SK_OP_CUSTOM_CALL:
      if (is_tiled(p, op)) {
        return visit_tiled(p, op);
      }
      if (is_inspection(p, op)) {
        SK_TRY(visit_inspection(p, op));
      }
      break;
    default: break;
  }
  for (uint32_t i = 0; i < rec.result_count; i++) {
    draft d;
    start(p, sk_op_result(p->m, op, i), &d);
    if (d.sharding.rank > 0) {
      gather(&d, op, i);
    }
    know(p, sk_op_result(p->m, op, i), keep(&d));
  }
  return NULL;
}

static sk_status sweep(propagation *p, sk_region region) {
  SK_FOR_EACH_OP(p->m, region, op) {
    if (p->visits++ >= MAX_VISITS) {
      break;
    }
    SK_TRY(visit(p, op));
  }
  return NULL;
}

sk_status sk_shard_propagate(sk_module *m, sk_op entry, const sk_sharding *args,
                             sk_shardings *out) {
  const sk_region body = sk_func_body(m, entry);
  out->count = (uint32_t)m->values.count;
  out->of = sk_arena_zalloc(&m->arena, (out->count + 1) * sizeof *out->of, _Alignof(void *));
  propagation p = {.m = m, .known = out};
  for (uint32_t i = 0; i < sk_region_get(m, body)->arg_count; i++) {
    bool splits = args[i].mesh.axis_count > 0;
    know(&p, sk_region_arg(m, body, i), splits ? &args[i] : NULL);
  }
  SK_TRY(sweep(&p, body));
  return p.again ? sweep(&p, body) : NULL;
}
