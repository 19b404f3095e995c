// SPDX-License-Identifier: Apache-2.0
// Ops that observe: checks of values, custom calls @check.*, probes and prints; and custom calls
// that are identities on one device.
//
// A check that fails is an error at its place. A probe notes every value that it lets through, by
// its id; check.expect_serialized_eq compares with that of a given iteration, bit for bit. A print
// has no effect: a library does not write where its host did not ask.
#include "interp/interp_int.h"

// ---- checks

static sk_elem stored_elem(const sk_tensor *t) { return (sk_elem)t->type->elem; }

static sk_status check_values(const sk_interp *s, sk_op op, const sk_check_spec *spec,
                              const sk_tensor *actual, const sk_dense *constant,
                              const sk_tensor *expected) {
  sk_compare_result worst;
  sk_srcpos pos = sk_loc_pos(s->m, sk_op_get(s->m, op)->loc);
  pos.file = pos.file ? pos.file : s->m->input_name;
  bool same = constant ? sk_compare_elems(spec, stored_elem(actual), actual->data, constant->data,
                                          constant->splat, actual->count, &worst)
                       : sk_compare_elems(spec, stored_elem(actual), actual->data, expected->data,
                                          false, actual->count, &worst);
  return same ? NULL : sk_check_failure(spec, &worst, pos);
}

static sk_status run_check(sk_interp *s, sk_op op, const sk_check_spec *spec) {
  const sk_tensor *actual = sk_interp_operand(s, op, 0);
  sk_attr value = sk_op_find_attr(s->m, op, SK_NAME_value);
  if (value.id != 0) {
    const sk_attr_rec *rec = sk_attr_get(s->m, value);
    int64_t count = 0;
    bool fits = rec->kind == SK_ATTR_DENSE && sk_type_elem_count(s->m, rec->type, &count) &&
                count == actual->count;
    SK_TRY(sk_interp_require(s, op, fits, "the value has another shape than what is expected"));
    return check_values(s, op, spec, actual, &rec->u.dense, NULL);
  }
  SK_TRY(sk_interp_require(s, op, sk_interp_operand_count(s, op) == 2,
                           "a check needs two values to compare"));
  const sk_tensor *expected = sk_interp_operand(s, op, 1);
  SK_TRY(sk_interp_require(s, op,
                           sk_same_dims(actual->type, expected->type) &&
                               actual->type->elem == expected->type->elem,
                           "the value has another shape than what is expected"));
  return check_values(s, op, spec, actual, NULL, expected);
}

static sk_status run_named_check(sk_interp *s, sk_op op) {
  sk_check_spec spec;
  return sk_check_describe(s->m, op, &spec)
             ? run_check(s, op, &spec)
             : sk_op_error(s->m, op, SK_INTERNAL, "no rule for this check");
}

sk_status sk_interp_CHECK_EXPECT_EQ(sk_interp *s, sk_op op) { return run_named_check(s, op); }
sk_status sk_interp_CHECK_EXPECT_EQ_CONST(sk_interp *s, sk_op op) { return run_named_check(s, op); }
sk_status sk_interp_CHECK_EXPECT_ALMOST_EQ(sk_interp *s, sk_op op) {
  return run_named_check(s, op);
}
sk_status sk_interp_CHECK_EXPECT_ALMOST_EQ_CONST(sk_interp *s, sk_op op) {
  return run_named_check(s, op);
}
sk_status sk_interp_CHECK_EXPECT_CLOSE(sk_interp *s, sk_op op) { return run_named_check(s, op); }
sk_status sk_interp_CHECK_EXPECT_CLOSE_CONST(sk_interp *s, sk_op op) {
  return run_named_check(s, op);
}

// ---- probes

static sk_sym probe_of(const sk_interp *s, sk_op op) {
  return sk_attr_get(s->m, sk_op_find_attr(s->m, op, SK_NAME_probe_id))->u.sym;
}

sk_status sk_interp_INTERPRETER_PROBE(sk_interp *s, sk_op op) {
  sk_tensor *value = sk_interp_operand(s, op, 0);
  SK_TRY(sk_grid_note_probe(s, probe_of(s, op), value));
  sk_interp_set(s, sk_op_result(s->m, op, 0), sk_tensor_retain(value));
  return NULL;
}

sk_status sk_interp_INTERPRETER_PRINT(sk_interp *s, sk_op op) {
  (void)s;
  (void)op;
  return NULL;
}

sk_status sk_interp_CHECK_EXPECT_SERIALIZED_EQ(sk_interp *s, sk_op op) {
  const sk_tensor *actual = sk_interp_operand(s, op, 0);
  int64_t iteration = sk_op_int(s->m, op, SK_NAME_iteration, 0);
  sk_tensor *noted = sk_grid_find_probe(s, probe_of(s, op), iteration);
  sk_status status = sk_interp_require(s, op, noted != NULL, "no probe noted such a value");
  if (!status) {
    bool same =
        sk_same_dims(actual->type, noted->type) && stored_elem(actual) == stored_elem(noted);
    size_t bytes = (size_t)actual->count * sk_elem_bytes(stored_elem(actual));
    if (!same || memcmp(actual->data, noted->data, bytes) != 0) {
      status = sk_op_error(s->m, op, SK_FAILED_PRECONDITION,
                           "the value differs from what the probe noted");
    }
  }
  sk_tensor_release(noted);
  return status;
}

// ---- custom calls

// Results of a check that held: true.
static sk_status set_true(sk_interp *s, sk_op op) {
  for (uint32_t i = 0; i < sk_op_get(s->m, op)->result_count; i++) {
    sk_tensor *t;
    SK_TRY(sk_interp_result(s, op, i, NULL, &t));
    for (int64_t e = 0; e < t->count; e++) {
      sk_tensor_set(t, e, (sk_number){.re = 1, .i = 1});
    }
  }
  return NULL;
}

sk_status sk_interp_CUSTOM_CALL(sk_interp *s, sk_op op) {
  sk_check_spec spec;
  sk_str target = sk_op_string(s->m, op, SK_NAME_call_target_name);
  if (sk_check_describe(s->m, op, &spec)) {
    SK_TRY(run_check(s, op, &spec));
    return set_true(s, op);
  }
  if (sk_interp_is_cut(s->m, op)) {
    return sk_interp_change_shape(s, op);
  }
  if (sk_op_is_annotation(s->m, op)) {
    return sk_interp_forward(s, op);
  }
  sk_target_call call;
  SK_TRY(sk_target_read(s->m, op, &call));
  if (call.target != SK_TARGET_NONE) {
    return sk_interp_run_target(s, op, &call);
  }
  return sk_op_error(s->m, op, SK_UNIMPLEMENTED,
                     "the reference interpreter does not know the target @%.*s",
                     SK_STR_ARG(target));
}
