// SPDX-License-Identifier: Apache-2.0
// Programs for several devices: sdy.manual_computation, and the custom calls @SPMDFullToShardShape and
// @SPMDShardToFullShape that said the same before.
//
// Outside of a manual part every array is whole. A program that has one runs in as many processes as its
// mesh has devices (interp_parallel.c), all with the same arguments; where the manual part begins, each
// takes its own piece of every operand, and where it ends, the processes meet and each puts the pieces
// of all together. Collective ops in between see a grid of partitions.
#include <string.h>

#include "base/mem.h"
#include "interp/interp_int.h"

static bool same_type(const sk_module *m, sk_value a, sk_value b) {
  return sk_type_compatible(m, sk_value_type(m, a), sk_value_type(m, b));
}

// ---- what is cut, and how

static bool is_cut(const sk_module *m, sk_op op) {
  const sk_region body = sk_op_region(m, op, 0);
  const sk_op end = sk_region_get(m, body)->last;
  bool whole = true;
  for (uint32_t i = 0; i < sk_op_get(m, op)->operand_count; i++) {
    whole = whole && same_type(m, sk_op_operand(m, op, i), sk_region_arg(m, body, i));
  }
  for (uint32_t i = 0; i < sk_op_get(m, op)->result_count; i++) {
    whole = whole && same_type(m, sk_op_operand(m, end, i), sk_op_result(m, op, i));
  }
  return !whole;
}

// The sharding of a whole array: what the custom call itself says, or the annotation that its operand
// comes from.
static sk_status read_tiling(const sk_module *m, sk_op op, uint32_t rank, sk_pieces *out) {
  bool cuts =
      sk_str_eq(sk_op_string(m, op, SK_NAME_call_target_name), SK_STR("SPMDFullToShardShape"));
  const sk_op from = cuts ? sk_value_get(m, sk_op_operand(m, op, 0))->op : op;
  return sk_pieces_read_tiles(m, from.id != 0 ? from : op, rank, out);
}

// ---- pieces

// Coordinates of the piece's first element in the whole.
static void piece_start(const sk_pieces *pieces, uint32_t device, const sk_type_rec *piece,
                        int64_t *out) {
  for (uint32_t d = 0; d < piece->rank; d++) {
    out[d] = pieces->index[device][d] * piece->dims[d];
  }
}

static bool pieces_fit(const sk_pieces *pieces, const sk_type_rec *piece,
                       const sk_type_rec *whole) {
  bool fit = piece->rank == whole->rank && piece->elem == whole->elem;
  for (uint32_t d = 0; fit && d < piece->rank; d++) {
    int64_t size;
    fit = !SK_MUL_OVERFLOW(piece->dims[d], pieces->counts[d], &size) && size == whole->dims[d];
  }
  return fit;
}

// Copies a piece out of the whole, or into it.
static void copy_piece(const sk_pieces *pieces, uint32_t device, sk_tensor *piece, sk_tensor *whole,
                       bool into_whole) {
  uint32_t bytes = sk_elem_bytes((sk_elem)piece->type->elem);
  int64_t start[SK_MAX_RANK], at[SK_MAX_RANK];
  piece_start(pieces, device, piece->type, start);
  for (int64_t i = 0; i < piece->count; i++) {
    sk_unravel(piece->type, i, at);
    for (uint32_t d = 0; d < piece->type->rank; d++) {
      at[d] += start[d];
    }
    char *a = piece->data + i * bytes, *b = whole->data + sk_ravel(whole->type, at) * bytes;
    memcpy(into_whole ? b : a, into_whole ? a : b, bytes);
  }
}

static uint32_t device_of(const sk_interp *s) { return s->process % sk_grid_partitions(s->grid); }

static sk_status cut(sk_interp *s, sk_op op, const sk_pieces *pieces, sk_tensor *whole,
                     const sk_type_rec *type, sk_tensor **out) {
  SK_TRY(sk_interp_require(s, op, pieces->devices == sk_grid_partitions(s->grid),
                           "the mesh has another number of devices than run"));
  SK_TRY(sk_interp_require(s, op, pieces_fit(pieces, type, whole->type),
                           "the pieces do not make up the whole"));
  *out = sk_tensor_new(type, type->rank, type->dims);
  if (!*out) {
    return sk_status_no_memory();
  }
  copy_piece(pieces, device_of(s), *out, whole, false);
  return NULL;
}

// Meets the other devices that have pieces of the same whole; result `index` becomes it.
static sk_status join(sk_interp *s, sk_op op, uint32_t index, const sk_pieces *pieces,
                      sk_tensor *piece) {
  const uint32_t devices = sk_grid_partitions(s->grid), first = s->process - device_of(s);
  SK_TRY(sk_interp_require(s, op, pieces->devices == devices,
                           "the mesh has another number of devices than run"));
  sk_process_list group = {sk_mem_alloc(sizeof(uint32_t) * devices), 0};
  sk_tensor **all = NULL, *whole;
  int64_t key = INT64_MIN + ((int64_t)op.id << 16) + index;
  sk_status status = group.ids ? NULL : sk_status_no_memory();
  for (uint32_t i = 0; !status && i < devices; i++) {
    if (pieces->set[i] == pieces->set[device_of(s)]) {
      group.ids[group.count++] = first + i;
    }
  }
  status = status ? status : sk_grid_meet(s, op, key, &group, &piece, 1, &all);
  status = status ? status : sk_interp_result(s, op, index, NULL, &whole);
  for (uint32_t i = 0; !status && i < group.count; i++) {
    status = sk_interp_require(s, op, pieces_fit(pieces, all[i]->type, whole->type),
                               "the pieces do not make up the whole");
    if (!status) {
      copy_piece(pieces, group.ids[i] - first, all[i], whole, true);
    }
  }
  sk_tensors_release(all, all ? group.count : 0);
  sk_mem_free(group.ids);
  return status;
}

// ---- operations

typedef struct manual {
  sk_pieces pieces;
  sk_tensor **args, **results;  // owned references
} manual;

static sk_status run_manual(sk_interp *s, sk_op op, manual *w) {
  const sk_op_rec rec = *sk_op_get(s->m, op);
  const sk_region body = sk_op_region(s->m, op, 0);
  for (uint32_t i = 0; i < rec.operand_count; i++) {
    const sk_type_rec *piece = sk_value_type_rec(s->m, sk_region_arg(s->m, body, i));
    SK_TRY(sk_pieces_read(s->m, op, SK_NAME_in_shardings, i, piece->rank, &w->pieces));
    SK_TRY(cut(s, op, &w->pieces, sk_interp_operand(s, op, i), piece, &w->args[i]));
  }
  SK_TRY(sk_interp_region(s, body, w->args, w->results));
  for (uint32_t i = 0; i < rec.result_count; i++) {
    SK_TRY(
        sk_pieces_read(s->m, op, SK_NAME_out_shardings, i, w->results[i]->type->rank, &w->pieces));
    SK_TRY(join(s, op, i, &w->pieces, w->results[i]));
  }
  return NULL;
}

sk_status sk_interp_manual_computation(sk_interp *s, sk_op op) {
  const sk_op_rec rec = *sk_op_get(s->m, op);
  if (!is_cut(s->m, op)) {
    return sk_interp_forward(s, op);
  }
  manual *w = sk_mem_zalloc(sizeof *w);
  if (!w) {
    return sk_status_no_memory();
  }
  w->args = sk_mem_zalloc(sizeof *w->args * ((size_t)rec.operand_count + 1));
  w->results = sk_mem_zalloc(sizeof *w->results * ((size_t)rec.result_count + 1));
  sk_status status = w->args && w->results ? run_manual(s, op, w) : sk_status_no_memory();
  sk_tensors_release(w->args, w->args ? rec.operand_count : 0);
  sk_tensors_release(w->results, w->results ? rec.result_count : 0);
  sk_mem_free(w);
  return status;
}

bool sk_interp_is_cut(const sk_module *m, sk_op op) {
  sk_str target = sk_op_string(m, op, SK_NAME_call_target_name);
  bool shapes = sk_str_eq(target, SK_STR("SPMDFullToShardShape")) ||
                sk_str_eq(target, SK_STR("SPMDShardToFullShape"));
  return shapes && sk_op_get(m, op)->operand_count == 1 && sk_op_get(m, op)->result_count == 1 &&
         !same_type(m, sk_op_operand(m, op, 0), sk_op_result(m, op, 0));
}

sk_status sk_interp_change_shape(sk_interp *s, sk_op op) {
  bool cuts =
      sk_str_eq(sk_op_string(s->m, op, SK_NAME_call_target_name), SK_STR("SPMDFullToShardShape"));
  sk_tensor *from = sk_interp_operand(s, op, 0), *piece = NULL;
  const sk_type_rec *type = sk_value_type_rec(s->m, sk_op_result(s->m, op, 0));
  sk_pieces *pieces = sk_mem_zalloc(sizeof *pieces);
  if (!pieces) {
    return sk_status_no_memory();
  }
  sk_status status = read_tiling(s->m, op, cuts ? from->type->rank : type->rank, pieces);
  if (cuts) {
    status = status ? status : cut(s, op, pieces, from, type, &piece);
    status = status ? status : sk_interp_accept(s, op, 0, piece);
  } else {
    status = status ? status : join(s, op, 0, pieces, from);
  }
  sk_mem_free(pieces);
  return status;
}

// ---- how many devices a program wants

static sk_status devices_of_op(const sk_module *m, sk_op op, sk_pieces *pieces, uint32_t *devices) {
  pieces->devices = 1;
  if (sk_op_kind(m, op) == SK_OP_SDY_MANUAL_COMPUTATION && is_cut(m, op)) {
    sk_name name = sk_op_get(m, op)->operand_count ? SK_NAME_in_shardings : SK_NAME_out_shardings;
    const sk_value v =
        sk_op_get(m, op)->operand_count ? sk_op_operand(m, op, 0) : sk_op_result(m, op, 0);
    SK_TRY(sk_pieces_read(m, op, name, 0, sk_value_type_rec(m, v)->rank, pieces));
  } else if (sk_op_kind(m, op) == SK_OP_CUSTOM_CALL && sk_interp_is_cut(m, op)) {
    const sk_type_rec *whole = sk_value_type_rec(m, sk_op_operand(m, op, 0));
    SK_TRY(read_tiling(m, op, whole->rank, pieces));
  }
  *devices = SK_MAX(*devices, pieces->devices);
  return NULL;
}

static sk_status devices_in(const sk_module *m, sk_region region, sk_pieces *pieces,
                            uint32_t *devices) {
  SK_FOR_EACH_OP(m, region, op) {
    SK_TRY(devices_of_op(m, op, pieces, devices));
    for (uint32_t i = 0; i < sk_op_get(m, op)->region_count; i++) {
      SK_TRY(devices_in(m, sk_op_region(m, op, i), pieces, devices));
    }
  }
  return NULL;
}

sk_status sk_interp_count_devices(const sk_module *m, uint32_t *out) {
  sk_pieces *pieces = sk_mem_zalloc(sizeof *pieces);
  if (!pieces) {
    return sk_status_no_memory();
  }
  *out = 1;
  sk_status status = devices_in(m, sk_op_region(m, m->root, 0), pieces, out);
  sk_mem_free(pieces);
  return status;
}
