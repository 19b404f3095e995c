// SPDX-License-Identifier: Apache-2.0
// Control flow, calls, tuples, tokens, futures, and ops that pass values on.
//
// Regions are run by interp.c; here it is decided which, how often and on what. A future holds the
// results of its region, which is run where it starts. Assumes a verified module; guarantees that
// an op either sets all its results or returns an error.
#include "base/mem.h"
#include "interp/interp_int.h"

// The op's operands from `first` on as a list; borrowed. The list: sk_mem_free.
static sk_tensor **operands_from(const sk_interp *s, sk_op op, uint32_t first) {
  uint32_t count = sk_interp_operand_count(s, op);
  sk_tensor **list = sk_mem_zalloc(sizeof *list * ((size_t)count + 1));
  for (uint32_t i = first; list && i < count; i++) {
    list[i - first] = sk_interp_operand(s, op, i);
  }
  return list;
}

static sk_tensor **new_list(uint32_t count) {
  return sk_mem_zalloc(sizeof(sk_tensor *) * ((size_t)count + 1));
}

// Makes the list the op's results and frees it.
static void give_results(sk_interp *s, sk_op op, sk_tensor **list) {
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_interp_set(s, sk_op_result(s->m, op, i), list[i]);
    list[i] = NULL;
  }
}

// Runs a region on the op's operands from `first` on and makes its results the op's.
static sk_status run_as_results(sk_interp *s, sk_op op, sk_region region, uint32_t first) {
  uint32_t count = sk_op_get(s->m, op)->result_count;
  sk_tensor **args = operands_from(s, op, first), **out = new_list(count);
  sk_status status = args && out ? sk_interp_region(s, region, args, out) : sk_status_no_memory();
  if (!status) {
    give_results(s, op, out);
  }
  sk_tensors_release(out, count);
  sk_mem_free(args);
  return status;
}

// ---- while, if, case

// False in *out_more: the condition does not hold any more.
static sk_status test_condition(sk_interp *s, sk_op op, sk_tensor **state, bool *out_more) {
  sk_tensor *pred = NULL;
  sk_status status = sk_interp_region(s, sk_op_region(s->m, op, 0), state, &pred);
  *out_more = !status && sk_tensor_get(pred, 0).i != 0;
  sk_tensor_release(pred);
  return status;
}

static sk_status run_while(sk_interp *s, sk_op op, sk_tensor **state, sk_tensor **next,
                           uint32_t count) {
  bool more;
  SK_TRY(test_condition(s, op, state, &more));
  while (more) {
    sk_status status = sk_interp_region(s, sk_op_region(s->m, op, 1), state, next);
    for (uint32_t i = 0; i < count; i++) {
      sk_tensor_release(state[i]);
      state[i] = next[i];
      next[i] = NULL;
    }
    SK_TRY(status);
    SK_TRY(test_condition(s, op, state, &more));
  }
  return NULL;
}

sk_status sk_interp_WHILE(sk_interp *s, sk_op op) {
  uint32_t count = sk_interp_operand_count(s, op);
  sk_tensor **state = operands_from(s, op, 0), **next = new_list(count);
  sk_status status = state && next ? NULL : sk_status_no_memory();
  if (!status) {
    for (uint32_t i = 0; i < count; i++) {
      sk_tensor_retain(state[i]);
    }
    status = run_while(s, op, state, next, count);
    if (!status) {
      give_results(s, op, state);
    }
    sk_tensors_release(state, count);
  } else {
    sk_mem_free(state);
  }
  sk_tensors_release(next, count);
  return status;
}

sk_status sk_interp_CASE(sk_interp *s, sk_op op) {
  int64_t branch = sk_tensor_get(sk_interp_operand(s, op, 0), 0).i;
  int64_t count = sk_op_get(s->m, op)->region_count;
  branch = branch < 0 || branch >= count ? count - 1 : branch;
  return run_as_results(s, op, sk_op_region(s->m, op, (uint32_t)branch), 1);
}

sk_status sk_interp_IF(sk_interp *s, sk_op op) {
  uint32_t branch = sk_tensor_get(sk_interp_operand(s, op, 0), 0).i != 0 ? 0 : 1;
  return run_as_results(s, op, sk_op_region(s->m, op, branch), 1);
}

// ---- calls

static sk_status run_call(sk_interp *s, sk_op op, sk_str callee) {
  uint32_t count = sk_op_get(s->m, op)->result_count;
  sk_tensor **args = operands_from(s, op, 0), **out = new_list(count);
  sk_status status = args && out ? sk_interp_function(s, op, callee, args,
                                                      sk_interp_operand_count(s, op), out, count)
                                 : sk_status_no_memory();
  if (!status) {
    give_results(s, op, out);
  }
  sk_tensors_release(out, count);
  sk_mem_free(args);
  return status;
}

sk_status sk_interp_FUNC_CALL(sk_interp *s, sk_op op) {
  return run_call(s, op, sk_op_string(s->m, op, SK_NAME_callee));
}

sk_status sk_interp_COMPOSITE(sk_interp *s, sk_op op) {
  return run_call(s, op, sk_op_string(s->m, op, SK_NAME_decomposition));
}

// Barriers and casts; shardings, which are identities on one device, with a region or without.
sk_status sk_interp_forward(sk_interp *s, sk_op op) {
  if (sk_op_get(s->m, op)->region_count > 0) {
    return run_as_results(s, op, sk_op_region(s->m, op, 0), 0);
  }
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_interp_set(s, sk_op_result(s->m, op, i), sk_tensor_retain(sk_interp_operand(s, op, i)));
  }
  return NULL;
}

// ---- tuples, tokens, futures

static sk_status set_new(sk_interp *s, sk_op op, sk_tensor *t) {
  sk_interp_set(s, sk_op_result(s->m, op, 0), t);
  return t ? NULL : sk_status_no_memory();
}

sk_status sk_interp_TUPLE(sk_interp *s, sk_op op) {
  sk_tensor **members = operands_from(s, op, 0);
  sk_tensor *t =
      members ? sk_tensor_new_tuple(SK_TYPE_TUPLE, members, sk_interp_operand_count(s, op)) : NULL;
  sk_mem_free(members);
  return set_new(s, op, t);
}

sk_status sk_interp_GET_TUPLE_ELEMENT(sk_interp *s, sk_op op) {
  const sk_tensor *tuple = sk_interp_operand(s, op, 0);
  int64_t index = sk_op_int(s->m, op, SK_NAME_index, 0);
  SK_TRY(sk_interp_require(s, op, index >= 0 && index < (int64_t)tuple->member_count,
                           "the tuple has no such element"));
  return set_new(s, op, sk_tensor_retain(tuple->members[index]));
}

sk_status sk_interp_AFTER_ALL(sk_interp *s, sk_op op) {
  return set_new(s, op, sk_tensor_new_token());
}

sk_status sk_interp_CREATE_TOKEN(sk_interp *s, sk_op op) {
  return set_new(s, op, sk_tensor_new_token());
}

sk_status sk_interp_ASYNC_START(sk_interp *s, sk_op op) {
  sk_region region = sk_op_region(s->m, op, 0);
  uint32_t count = sk_op_get(s->m, sk_region_get(s->m, region)->last)->operand_count;
  sk_tensor **args = operands_from(s, op, 0), **out = new_list(count);
  sk_status status = args && out ? sk_interp_region(s, region, args, out) : sk_status_no_memory();
  if (!status) {
    status = set_new(s, op, sk_tensor_new_tuple(SK_TYPE_FUTURE, out, count));
  }
  sk_tensors_release(out, count);
  sk_mem_free(args);
  return status;
}

sk_status sk_interp_ASYNC_DONE(sk_interp *s, sk_op op) {
  const sk_tensor *future = sk_interp_operand(s, op, 0);
  uint32_t count = sk_op_get(s->m, op)->result_count;
  SK_TRY(sk_interp_require(s, op, future->member_count == count,
                           "the future holds another number of results"));
  for (uint32_t i = 0; i < count; i++) {
    sk_interp_set(s, sk_op_result(s->m, op, i), sk_tensor_retain(future->members[i]));
  }
  return NULL;
}
