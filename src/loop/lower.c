// SPDX-License-Identifier: Apache-2.0
// Module and plan -> program: the entry function's blocks become lists of statements, groups become kernels, values get buffers.
//
// A value has a buffer when it is an argument, is stored by its group, or is made by a statement. Views never do, unless a statement
// needs one in memory: then a copy kernel is emitted on the spot (sk_lower_materialise), valid for the rest of the block. Views that
// move no element (reshape and the like) share their operand's buffer.
// Each returned value is computed straight into the result buffer where possible.
#include "loop/lower_int.h"

// ---------------------------------------------------------------------------------------------------- buffers

static int64_t part_count(sk_elem elem) { return sk_elem_is_complex(elem) ? 2 : 1; }

uint32_t sk_lower_new_buf(sk_lowering *l, sk_type type, sk_buf_kind kind) {
  const sk_type_rec *t = sk_type_get(l->m, type);
  int64_t elems = 0;
  sk_type_elem_count(l->m, type, &elems);
  sk_buf buf = {.kind = (uint8_t)kind,
                .mem = (uint8_t)sk_elem_mem((sk_elem)t->elem),
                .elems = elems * part_count((sk_elem)t->elem),
                .offset = -1};
  if (t->kind == SK_TYPE_TOKEN) {
    buf.mem = SK_MEM_U8;
    buf.elems = 0;
  }
  return sk_prog_add_buf(l->prog, &buf);
}

uint32_t sk_lower_result_buf(sk_lowering *l, sk_value v) {
  if (l->buf_of[v.id] == 0) {
    l->buf_of[v.id] = sk_lower_new_buf(l, sk_value_type(l->m, v), SK_BUF_TEMP);
  }
  return l->buf_of[v.id];
}

uint32_t sk_lower_emit(sk_lowering *l, const sk_stmt *stmt) {
  sk_stmt copy = *stmt;
  copy.loc_id = l->loc_id;
  copy.op_id = l->op_id;
  uint32_t id = sk_prog_add_stmt(l->prog, &copy);
  if (l->last_stmt == 0) {
    *l->tail = id;
  } else {
    l->prog->stmts.data[l->last_stmt].next = id;
  }
  l->last_stmt = id;
  return id;
}

// Does the view leave every element at its row-major place?
bool sk_lower_moves_nothing(const sk_lowering *l, sk_op op) {
  const sk_module *m = l->m;
  sk_opkind kind = sk_op_kind(m, op);
  if (kind == SK_OP_RESHAPE || kind == SK_OP_OPTIMIZATION_BARRIER) {
    return true;
  }
  if (kind != SK_OP_BROADCAST_IN_DIM && kind != SK_OP_TRANSPOSE) {
    return false;
  }
  const sk_type_rec *from = sk_value_type_rec(m, sk_op_operand(m, op, 0)),
                    *to = sk_value_type_rec(m, sk_op_result(m, op, 0));
  int64_t from_count, to_count, last = -1;
  if (!sk_type_elem_count(m, sk_value_type(m, sk_op_operand(m, op, 0)), &from_count) ||
      !sk_type_elem_count(m, sk_value_type(m, sk_op_result(m, op, 0)), &to_count) ||
      from_count != to_count) {
    return false;
  }
  sk_ints dims = sk_op_ints(
      m, op, kind == SK_OP_TRANSPOSE ? SK_NAME_permutation : SK_NAME_broadcast_dimensions);
  for (uint32_t i = 0; i < dims.count; i++) {
    int64_t extent = kind == SK_OP_TRANSPOSE ? to->dims[i] : from->dims[i];
    if (extent != 1) {
      if (dims.data[i] < last) {
        return false;
      }
      last = dims.data[i];
    }
  }
  return true;
}

sk_value sk_lower_resolve(const sk_lowering *l, sk_value v) {
  for (;;) {
    const sk_value_rec *rec = sk_value_get(l->m, v);
    if (rec->op.id == 0 || l->buf_of[v.id] != 0 || !sk_lower_moves_nothing(l, rec->op)) {
      return v;
    }
    v = sk_op_operand(l->m, rec->op, rec->index);
  }
}

static bool try_constant_buffer(sk_lowering *l, sk_value v, uint32_t *out_buf) {
  sk_op op = sk_value_get(l->m, v)->op;
  if (op.id == 0 || sk_op_kind(l->m, op) != SK_OP_CONSTANT) {
    return false;
  }
  const sk_dense *dense = &sk_attr_get(l->m, sk_op_find_attr(l->m, op, SK_NAME_value))->u.dense;
  int64_t count = 0;
  sk_type_elem_count(l->m, sk_value_type(l->m, v), &count);
  if (dense->splat && count != 1) {
    return false;
  }
  *out_buf = sk_lower_new_buf(l, sk_value_type(l->m, v), SK_BUF_CONST);
  l->prog->bufs.data[*out_buf].data = dense->data;
  return true;
}

uint32_t sk_lower_materialise(sk_lowering *l, sk_value v) {
  v = sk_lower_resolve(l, v);
  if (l->buf_of[v.id] != 0) {
    return l->buf_of[v.id];
  }
  uint32_t buf;
  if (!try_constant_buffer(l, v, &buf)) {
    buf = sk_lower_new_buf(l, sk_value_type(l->m, v), SK_BUF_TEMP);
    sk_lower_copy(l, v, buf, NULL);
    sk_vec_push(l->arena, &l->undo, v);
  }
  l->buf_of[v.id] = buf;
  return buf;
}

void sk_lower_into(sk_lowering *l, sk_value v, uint32_t buf) {
  v = sk_lower_resolve(l, v);
  uint32_t have = l->buf_of[v.id];
  if (have == buf || sk_value_type_rec(l->m, v)->kind == SK_TYPE_TOKEN) {
    return;
  }
  if (have == 0 && !try_constant_buffer(l, v, &have)) {
    sk_lower_copy(l, v, buf, NULL);
    return;
  }
  sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_COPY, .dst = buf, .src = have});
}

// ---------------------------------------------------------------------------------------------------- dot_general

typedef struct strided {
  uint32_t buf;
  int64_t offset;
  int64_t strides[SK_MAX_RANK];
} strided;

// Strides of a value in memory, looking through transposes; anything else is materialised.
static strided find_strides(sk_lowering *l, sk_value v) {
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  sk_value r = sk_lower_resolve(l, v);
  sk_op def = sk_value_get(l->m, r)->op;
  strided s = {0};
  bool transposed = r.id == v.id && def.id != 0 && l->buf_of[r.id] == 0 &&
                    sk_op_kind(l->m, def) == SK_OP_TRANSPOSE;
  if (transposed) {
    strided inner = find_strides(l, sk_op_operand(l->m, def, 0));
    sk_ints permutation = sk_op_ints(l->m, def, SK_NAME_permutation);
    s = inner;
    for (uint32_t i = 0; i < permutation.count; i++) {
      s.strides[i] = inner.strides[permutation.data[i]];
    }
    return s;
  }
  s.buf = sk_lower_materialise(l, v);
  int64_t stride = 1;
  for (uint32_t d = type->rank; d-- > 0;) {
    s.strides[d] = stride;
    stride *= type->dims[d];
  }
  return s;
}

typedef struct dim_list {
  int64_t dims[SK_MAX_RANK];
  uint32_t count;
} dim_list;

// One stride for a list of dimensions, outermost first; false if they don't lie at one.
static bool collapse(const sk_type_rec *type, const strided *s, const dim_list *dims,
                     int64_t *out_extent, int64_t *out_stride) {
  *out_extent = 1;
  *out_stride = 0;
  for (uint32_t i = dims->count; i-- > 0;) {
    int64_t extent = type->dims[dims->dims[i]], stride = s->strides[dims->dims[i]];
    if (extent == 1) {
      continue;
    }
    if (*out_extent != 1 && stride != *out_stride * *out_extent) {
      return false;
    }
    *out_stride = *out_extent == 1 ? stride : *out_stride;
    *out_extent *= extent;
  }
  return true;
}

static void other_dims(uint32_t rank, sk_ints a, sk_ints b, dim_list *out) {
  out->count = 0;
  for (uint32_t d = 0; d < rank; d++) {
    bool used = false;
    for (uint32_t i = 0; i < a.count; i++) {
      used |= a.data[i] == (int64_t)d;
    }
    for (uint32_t i = 0; i < b.count; i++) {
      used |= b.data[i] == (int64_t)d;
    }
    if (!used) {
      out->dims[out->count++] = d;
    }
  }
}

static dim_list as_list(sk_ints ints) {
  dim_list list = {.count = ints.count};
  if (ints.count > 0) {
    memcpy(list.dims, ints.data, sizeof(int64_t) * ints.count);
  }
  return list;
}

// Operand as three strides (batch, first, second); repacked in that order if its dimensions do not collapse.
static uint32_t operand_strides(sk_lowering *l, sk_value v, const dim_list *lists, int64_t *extents,
                                int64_t *strides) {
  const sk_type_rec *type = sk_value_type_rec(l->m, v);
  strided s = find_strides(l, v);
  bool fits = true;
  for (uint32_t i = 0; i < 3; i++) {
    fits &= collapse(type, &s, &lists[i], &extents[i], &strides[i]);
  }
  if (fits) {
    return s.buf;
  }
  uint32_t permutation[SK_MAX_RANK], at = 0;
  for (uint32_t i = 0; i < 3; i++) {
    for (uint32_t j = 0; j < lists[i].count; j++) {
      permutation[at++] = (uint32_t)lists[i].dims[j];
    }
  }
  uint32_t buf = sk_lower_new_buf(l, sk_value_type(l->m, v), SK_BUF_TEMP);
  sk_lower_copy(l, v, buf, permutation);
  int64_t stride = 1;
  for (uint32_t i = 3; i-- > 0;) {
    extents[i] = 1;
    for (uint32_t j = 0; j < lists[i].count; j++) {
      extents[i] *= type->dims[lists[i].dims[j]];
    }
    strides[i] = stride;
    stride *= extents[i];
  }
  return buf;
}

static void lower_dot(sk_lowering *l, sk_op op) {
  const sk_module *m = l->m;
  sk_value lhs = sk_op_operand(m, op, 0), rhs = sk_op_operand(m, op, 1),
           result = sk_op_result(m, op, 0);
  const sk_dot_dims *dims =
      sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_dot_dimension_numbers))->u.dot;
  sk_dot *dot = SK_NEW(l->arena, sk_dot);
  sk_elem elem = (sk_elem)sk_value_type_rec(m, result)->elem;
  bool generated = (elem == SK_F32 || elem == SK_F64) &&
                   sk_value_type_rec(m, lhs)->elem == (uint8_t)elem &&
                   sk_value_type_rec(m, rhs)->elem == (uint8_t)elem;
  dot->elem = elem == SK_F64 ? SK_LT_F64 : SK_LT_F32;
  dim_list a_lists[3] = {
      as_list(dims->lhs_batching_dimensions), {{0}, 0}, as_list(dims->lhs_contracting_dimensions)};
  dim_list b_lists[3] = {
      as_list(dims->rhs_batching_dimensions), as_list(dims->rhs_contracting_dimensions), {{0}, 0}};
  other_dims(sk_value_type_rec(m, lhs)->rank, dims->lhs_batching_dimensions,
             dims->lhs_contracting_dimensions, &a_lists[1]);
  other_dims(sk_value_type_rec(m, rhs)->rank, dims->rhs_batching_dimensions,
             dims->rhs_contracting_dimensions, &b_lists[2]);
  int64_t a_extents[3], b_extents[3];
  dot->a = operand_strides(l, lhs, a_lists, a_extents, dot->a_strides);
  dot->b = operand_strides(l, rhs, b_lists, b_extents, dot->b_strides);
  dot->c = sk_lower_result_buf(l, result);
  dot->batch = a_extents[0];
  dot->m = a_extents[1];
  dot->k = a_extents[2];
  dot->n = b_extents[2];
  dot->c_strides[0] = dot->m * dot->n;
  dot->c_strides[1] = dot->n;
  dot->c_strides[2] = 1;
  if (dot->batch == 0 || dot->m == 0 || dot->n == 0) {
    return;
  }
  if (generated) {
    sk_lower_emit(l, &(sk_stmt){.kind = SK_STMT_DOT, .dot = dot});
  } else {
    sk_lower_dot_loops(l, op, dot);
  }
}

// ---------------------------------------------------------------------------------------------------- other statements

static void lower_barrier(sk_lowering *l, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(l->m, op)->operand_count; i++) {
    sk_value result = sk_op_result(l->m, op, i);
    if (l->buf_of[result.id] != 0) {
      sk_lower_into(l, sk_op_operand(l->m, op, i), l->buf_of[result.id]);
    } else {
      l->buf_of[result.id] = sk_lower_materialise(l, sk_op_operand(l->m, op, i));
    }
  }
}

// Statements that write every element of buffers of their own, wherever these are.
static bool writes_fresh(const sk_lowering *l, sk_op op) {
  switch ((int)sk_op_kind(l->m, op)) {
    case SK_OP_DOT_GENERAL:
    case SK_OP_CONVOLUTION:
    case SK_OP_REDUCE_WINDOW:
    case SK_OP_SELECT_AND_SCATTER:
    case SK_OP_CHOLESKY:
    case SK_OP_TRIANGULAR_SOLVE:
    case SK_OP_SORT:
    case SK_OP_CUSTOM_CALL:
    case SK_OP_FFT: return true;
    case SK_OP_CONCATENATE: return sk_concatenate_is_statement(l->m, op);
    default: return false;
  }
}

bool sk_lower_is_statement(const sk_lowering *l, sk_op op) {
  sk_opkind kind = sk_op_kind(l->m, op);
  return kind == SK_OP_WHILE || kind == SK_OP_CASE || kind == SK_OP_IF ||
         kind == SK_OP_DYNAMIC_UPDATE_SLICE || kind == SK_OP_SCATTER ||
         kind == SK_OP_OPTIMIZATION_BARRIER || writes_fresh(l, op);
}

// Has the op results, and nobody could see what is in them?
static bool computes_nothing(const sk_lowering *l, sk_op op) {
  const sk_op_rec *rec = sk_op_get(l->m, op);
  bool nothing = rec->result_count != 0 && rec->region_count == 0 &&
                 sk_opkind_has((sk_opkind)rec->kind, SK_TRAIT_PURE);
  for (uint32_t i = 0; i < rec->result_count && nothing; i++) {
    int64_t elems = 0;
    nothing = sk_type_elem_count(l->m, sk_value_type(l->m, sk_op_result(l->m, op, i)), &elems) &&
              elems == 0;
  }
  return nothing;
}

static void lower_op(sk_lowering *l, sk_op op) {
  if (computes_nothing(l, op)) {
    for (uint32_t i = 0; i < sk_op_get(l->m, op)->result_count; i++) {
      sk_lower_result_buf(l, sk_op_result(l->m, op, i));
    }
    return;
  }
  switch ((int)sk_op_kind(l->m, op)) {
    case SK_OP_WHILE: sk_lower_while(l, op); return;
    case SK_OP_CASE:
    case SK_OP_IF: sk_lower_case(l, op); return;
    case SK_OP_DOT_GENERAL: lower_dot(l, op); return;
    case SK_OP_RESHAPE:  // of more dimensions than a kernel counts
      sk_lower_into(l, sk_op_operand(l->m, op, 0),
                    sk_lower_result_buf(l, sk_op_result(l->m, op, 0)));
      return;
    case SK_OP_DYNAMIC_UPDATE_SLICE: sk_lower_update(l, op); return;
    case SK_OP_CONCATENATE: sk_lower_concatenate(l, op); return;
    case SK_OP_SCATTER: sk_lower_scatter(l, op); return;
    case SK_OP_SORT: sk_lower_sort(l, op); return;
    case SK_OP_CUSTOM_CALL:
      if (!sk_lower_lu(l, op)) {
        sk_lower_call(l, op);
      }
      return;
    case SK_OP_AFTER_ALL:
    case SK_OP_CREATE_TOKEN: sk_lower_token(l, op); return;
    case SK_OP_OPTIMIZATION_BARRIER: lower_barrier(l, op); return;
    case SK_OP_FFT: sk_lower_fft(l, op); return;
    case SK_OP_CHOLESKY: sk_lower_cholesky(l, op); return;
    case SK_OP_TRIANGULAR_SOLVE: sk_lower_triangular_solve(l, op); return;
    case SK_OP_CONVOLUTION: sk_lower_convolution(l, op); return;
    case SK_OP_REDUCE_WINDOW: sk_lower_reduce_window(l, op); return;
    case SK_OP_SELECT_AND_SCATTER: sk_lower_select_and_scatter(l, op); return;
    default:
      sk_lower_fail(
          l, sk_op_error(l->m, op, SK_UNIMPLEMENTED, "no native code for this operation yet"));
  }
}

static void mark_computed(sk_lowering *l, const sk_unit *unit) {
  if (unit->op.id != 0) {
    l->computed[unit->op.id] = 1;
    return;
  }
  const sk_group *g = &l->plan->groups.data[unit->group];
  for (uint32_t i = 0; i < g->ops.count; i++) {
    l->computed[g->ops.data[i].id] = 1;
  }
}

uint32_t sk_lower_block(sk_lowering *l, sk_region region,
                        void (*finish)(sk_lowering *l, void *user), void *user) {
  uint32_t first = 0, outer_last = l->last_stmt, undo_start = l->undo.count;
  uint32_t outer_loc = l->loc_id, outer_op = l->op_id;
  uint32_t *outer_tail = l->tail;
  l->tail = &first;
  l->last_stmt = 0;
  sk_lower_stages(l, region);
  sk_lower_plan_pieces(l, region);
  const sk_region_plan *plan = &l->plan->regions[region.id];
  for (uint32_t i = 0; i < plan->count && l->failure == NULL; i++) {
    sk_op op = plan->units[i].op.id != 0
                   ? plan->units[i].op
                   : sk_vec_last(&l->plan->groups.data[plan->units[i].group].ops);
    l->loc_id = sk_op_get(l->m, op)->loc.id;
    l->op_id = op.id;
    if (plan->units[i].op.id != 0) {
      lower_op(l, op);
    } else {
      sk_lower_group(l, plan->units[i].group + 1);
    }
    mark_computed(l, &plan->units[i]);
  }
  l->loc_id = outer_loc;
  l->op_id = outer_op;
  if (l->failure == NULL) {
    finish(l, user);
  }
  while (l->undo.count > undo_start) {  // copies made here need not exist elsewhere
    l->buf_of[l->undo.data[--l->undo.count].id] = 0;
  }
  l->tail = outer_tail;
  l->last_stmt = outer_last;
  return first;
}

// ---------------------------------------------------------------------------------------------------- entry

typedef struct entry_state {
  sk_op end;
  uint32_t *results;
} entry_state;

static void finish_entry(sk_lowering *l, void *user) {
  entry_state *e = user;
  for (uint32_t i = 0; i < sk_op_get(l->m, e->end)->operand_count; i++) {
    sk_lower_into(l, sk_op_operand(l->m, e->end, i), e->results[i]);
  }
}

// Is v made in storage that its maker is given?
static bool is_computed(const sk_lowering *l, sk_value v) {
  sk_op def = sk_value_get(l->m, v)->op;
  sk_opkind kind = def.id != 0 ? sk_op_kind(l->m, def) : SK_OP_NONE;
  return def.id != 0 &&
         (l->plan->group_of[def.id] != 0 || kind == SK_OP_WHILE || kind == SK_OP_CASE ||
          kind == SK_OP_IF || kind == SK_OP_SCATTER || writes_fresh(l, def));
}

// The value in whose storage v comes to be: what scatters change in place on the way to v.
static sk_value find_origin(const sk_lowering *l, sk_value v) {
  for (;;) {
    const sk_value_rec *rec = sk_value_get(l->m, v);
    if (rec->op.id == 0 || sk_op_kind(l->m, rec->op) != SK_OP_SCATTER) {
      return v;
    }
    sk_value input = sk_op_operand(l->m, rec->op, rec->index);
    bool same_type = sk_value_type(l->m, input).id == sk_value_type(l->m, v).id;
    if (!same_type || l->uses[input.id] != 1 || !is_computed(l, input)) {
      return v;
    }
    v = input;
  }
}

static void count_uses(sk_lowering *l, sk_region region) {
  SK_FOR_EACH_OP(l->m, region, op) {
    const sk_op_rec *rec = sk_op_get(l->m, op);
    for (uint32_t i = 0; i < rec->operand_count; i++) {
      l->uses[sk_op_operand(l->m, op, i).id]++;
    }
    for (uint32_t i = 0; i < rec->region_count; i++) {
      count_uses(l, sk_op_region(l->m, op, i));
    }
  }
}

static sk_status check_signature(const sk_module *m, sk_op entry) {
  const sk_type_rec *f = sk_func_type(m, entry);
  for (uint32_t i = 0; i < f->input_count + f->result_count; i++) {
    bool input = i < f->input_count;
    sk_type type = input ? f->inputs[i] : f->results[i - f->input_count];
    if (sk_type_get(m, type)->kind == SK_TYPE_TOKEN) {
      continue;
    }
    if (!sk_type_is_static_tensor(m, type) ||
        sk_elem_lt((sk_elem)sk_type_get(m, type)->elem) == SK_LT_NONE) {
      sk_text text;
      sk_text_init(&text);
      sk_type_print(m, type, &text);
      sk_status status =
          sk_op_error(m, entry, SK_UNIMPLEMENTED,
                      "%s %u of the entry function has type %s, which has no native code yet",
                      input ? "argument" : "result", input ? i : i - f->input_count,
                      text.data != NULL ? text.data : "?");
      sk_text_fini(&text);
      return status;
    }
  }
  return NULL;
}

sk_status sk_lower_module(const sk_module *m, sk_op entry, const sk_plan *plan, sk_arena *arena,
                          sk_arena *scratch, sk_prog *out_prog) {
  SK_TRY(check_signature(m, entry));
  sk_region body = sk_func_body(m, entry);
  sk_lowering l = {.m = m,
                   .plan = plan,
                   .prog = out_prog,
                   .arena = arena,
                   .scratch = scratch,
                   .segment = {.position = UINT32_MAX}};
  sk_prog_init(out_prog, arena, sk_arena_printf(arena, "%.*s", SK_STR_ARG(sk_func_name(m, entry))));
  uint32_t values = m->values.count, ops = m->ops.count;
  l.buf_of = sk_arena_zalloc(arena, sizeof(uint32_t) * values, 4);
  l.uses = sk_arena_zalloc(arena, sizeof(uint32_t) * values, 4);
  l.memo = sk_arena_zalloc(arena, sizeof(struct sk_memo *) * values, _Alignof(struct sk_memo *));
  l.stage = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  l.last_stage = sk_arena_zalloc(arena, sizeof(uint16_t) * ops, 2);
  l.redo = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  l.keeps_row = sk_arena_zalloc(arena, ops, 1);
  l.scratch_of = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  l.computed = sk_arena_zalloc(arena, ops, 1);
  l.piece_of = sk_arena_zalloc(arena, sizeof(uint32_t) * values, 4);
  l.first_piece = sk_arena_zalloc(arena, sizeof(uint32_t) * ops, 4);
  sk_vec_push(arena, &l.pieces, (sk_piece){0});
  l.covered = sk_arena_zalloc(arena, sizeof(uint32_t) * values, 4);
  count_uses(&l, body);
  sk_lower_number_units(&l);
  out_prog->arg_count = sk_region_get(m, body)->arg_count;
  for (uint32_t i = 0; i < out_prog->arg_count; i++) {
    sk_value arg = sk_region_arg(m, body, i);
    uint32_t buf = sk_lower_new_buf(&l, sk_value_type(m, arg), SK_BUF_ARG);
    out_prog->bufs.data[buf].index = i;
    out_prog->bufs.data[buf].slot = 1;
    l.buf_of[arg.id] = buf;
  }
  entry_state e = {.end = sk_region_get(m, body)->last};
  out_prog->result_count = sk_op_get(m, e.end)->operand_count;
  e.results = SK_NEW_ARRAY(arena, uint32_t, out_prog->result_count + 1);
  for (uint32_t i = 0; i < out_prog->result_count; i++) {
    sk_value v = sk_op_operand(m, e.end, i);
    e.results[i] = sk_lower_new_buf(&l, sk_value_type(m, v), SK_BUF_RESULT);
    out_prog->bufs.data[e.results[i]].index = i;
    out_prog->bufs.data[e.results[i]].slot = 1;
    sk_value target = find_origin(&l, sk_lower_resolve(&l, v));
    if (is_computed(&l, target) && l.buf_of[target.id] == 0) {
      l.buf_of[target.id] = e.results[i];
    }
  }
  out_prog->body = sk_lower_block(&l, body, finish_entry, &e);
  if (l.failure != NULL) {
    return l.failure;
  }
  return NULL;
}
