// SPDX-License-Identifier: Apache-2.0
// Inferred result types against StableHLO's own tests of inference (infer_stablehlo, infer_chlo).
//
// There a question is put as an operation of a test dialect,
//
//   // CHECK: types0 = tensor<2x?xi32, #stablehlo.bounds<?, 4>>
//   %1 = "hlo_test_infer.get_return_types"(%0) : (tensor<?x?xi32>) -> tensor<?x?xindex>
//
// and answered beside it. Here each question is read as a custom call, the operation that %0 comes
// from is inferred anew without its written types, and the answer compared with what must come.
// `{{.*}}` in it stands for anything. Segments that expect an error are judged by test_ir_suite.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/read.h"
#include "support/suite.h"
#include "support/test_path.h"

typedef struct tally {
  unsigned questions, right;
  const char *next;  // in the segment: where the next answer is looked for
  const char *end;
} tally;

// The rest of the line from the next "types0 = ".
static bool next_answer(tally *t, char *out, size_t size) {
  static const char mark[] = "types0 = ";
  const char *at = memmem(t->next, (size_t)(t->end - t->next), mark, sizeof mark - 1);
  if (at == NULL) {
    return false;
  }
  const char *stop = memchr(at, '\n', (size_t)(t->end - at));
  stop = stop ? stop : t->end;
  snprintf(out, size, "%.*s", (int)(stop - at), at);
  t->next = stop;
  return true;
}

// Whether `text` starts with `pattern`, whose `{{.*}}` is any text.
static bool fits(const char *pattern, const char *text) {
  static const char any[] = "{{.*}}";
  const char *gap = strstr(pattern, any);
  size_t before = gap ? (size_t)(gap - pattern) : strlen(pattern);
  return strncmp(pattern, text, before) == 0 &&
         (gap == NULL || strstr(text + before, gap + sizeof any - 1) != NULL);
}

// "types0 = .., types1 = ..}": what inference gives for `op`; the error's text without.
static void infer_as_text(sk_module *m, sk_op op, char *out, size_t size) {
  const sk_op_rec *rec = sk_op_get(m, op);
  sk_type types[16];
  uint32_t count = 0;
  const sk_op_desc desc = {.kind = (sk_opkind)rec->kind,
                           .loc = rec->loc,
                           .operands = m->operand_pool.data + rec->operands,
                           .operand_count = rec->operand_count,
                           .attrs = m->attr_pool.data + rec->attrs,
                           .attr_count = rec->attr_count,
                           .regions = m->region_pool.data + rec->regions,
                           .region_count = rec->region_count};
  sk_status status = sk_ir_infer_types(m, &desc, types, SK_COUNT(types), &count);
  if (status != NULL) {
    sk_status_format(status, out, size);
    sk_status_free(status);
    return;
  }
  sk_text text;
  sk_text_init(&text);
  for (uint32_t i = 0; i < count; i++) {
    sk_text_addf(&text, "%stypes%u = ", i ? ", " : "", i);
    sk_type_print(m, types[i], &text);
  }
  snprintf(out, size, "%.*s}", (int)text.len, text.data);
  sk_text_fini(&text);
}

static void check_question(tally *t, const char *name, sk_module *m, sk_op question) {
  char expected[300], inferred[600];
  sk_op asked = sk_value_get(m, sk_op_operand(m, question, 0))->op;
  if (asked.id == 0 || !next_answer(t, expected, sizeof expected)) {
    return;
  }
  infer_as_text(m, asked, inferred, sizeof inferred);
  t->questions++;
  if (fits(expected, inferred)) {
    t->right++;
  } else {
    print_message("%s: %s: %s, not %s\n", name, sk_opkind_name(sk_op_kind(m, asked)), inferred,
                  expected);
  }
}

static bool asks_for_types(const sk_module *m, sk_op op) {
  return sk_op_kind(m, op) == SK_OP_CUSTOM_CALL &&
         sk_str_eq(sk_op_string(m, op, SK_NAME_call_target_name), SK_STR("get_return_types"));
}

static void check_segment(void *context, const char *name, const char *text, size_t len) {
  tally *t = context;
  sk_module *m = NULL;
  sk_status status = sk_read_text(name, text, len, NULL, &m);
  t->next = text;
  t->end = text + len;
  if (status != NULL) {  // one that expects an error, or a form of another dialect
    sk_status_free(status);
    return;
  }
  SK_FOR_EACH_OP(m, sk_op_region(m, m->root, 0), func) {
    SK_FOR_EACH_OP(m, sk_func_body(m, func), op) {
      if (asks_for_types(m, op)) {
        check_question(t, name, m, op);
      }
    }
  }
  sk_module_destroy(m);
}

static void test_inferred_types(void **state) {
  (void)state;
  static const char *const files[] = {"infer_stablehlo.mlir", "infer_chlo.mlir"};
  char directory[1000], path[1100];
  tally t = {0};
  if (!test_suite_path(directory, sizeof directory, "tests")) {
    skip();
  }
  for (size_t i = 0; i < SK_COUNT(files); i++) {
    snprintf(path, sizeof path, "%s/%s", directory, files[i]);
    suite_visit_file(path, files[i], check_segment, &t);
  }
  print_message("%u of %u types inferred as StableHLO does\n", t.right, t.questions);
  assert_true(t.questions >= 100);
  assert_int_equal(t.right, t.questions);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_inferred_types)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
