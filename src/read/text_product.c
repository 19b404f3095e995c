// SPDX-License-Identifier: Apache-2.0
// Custom forms of products: dot, dot_general and convolution. They leave operands, attributes and
// result types on the parser's stacks, as those of text_form.c do.
//
//   dot_general %a, %b, batching_dims = [0] x [0], contracting_dims = [2] x [1], precision = [DEFAULT, DEFAULT] : (T, T) -> T
//   convolution(%a, %b) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f], window = {stride = [2]} {...} : (T, T) -> T
#include "read/text_int.h"

// precision = [DEFAULT, HIGH]; `tok` behind the word
static sk_status parse_precision(sk_parser *p) {
  uint32_t first = p->attrs.count;
  SK_TRY(sk_read_expect(p, '=', "'=' after precision"));
  SK_TRY(sk_read_expect(p, '[', "'[' before the precisions"));
  if (!sk_read_at(p, ']')) {
    do {
      sk_attr attr;
      SK_TRY(sk_read_parse_enum_word(p, SK_ENUM_PRECISION, &attr));
      SK_PUSH(p, attrs, attr);
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' after a precision"));
  sk_attr list = sk_attr_array(p->module, p->attrs.data + first, p->attrs.count - first);
  p->attrs.count = first;
  return sk_read_add_attr(p, SK_NAME_precision_config, list);
}

sk_status sk_read_form_dot(sk_parser *p, sk_draft *d) {
  bool comma;
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (comma) {
    SK_TRY(sk_read_expect_word(p, SK_STR("precision")));
    SK_TRY(parse_precision(p));
  }
  return sk_read_parse_functional_tail(p, d);
}

// [0] x [1], pushed on p->ints; *out_counts receives both lengths
static sk_status parse_dims_pair(sk_parser *p, uint32_t *out_counts) {
  uint32_t first = p->ints.count;
  SK_TRY(sk_read_expect(p, '=', "'=' before the dimensions"));
  SK_TRY(sk_read_parse_int_list(p));
  out_counts[0] = p->ints.count - first;
  SK_TRY(sk_read_expect_word(p, SK_STR("x")));
  SK_TRY(sk_read_parse_int_list(p));
  out_counts[1] = p->ints.count - first - out_counts[0];
  return NULL;
}

// batching_dims = [0] x [0], contracting_dims = [2] x [1]
static sk_status parse_dot_dims(sk_parser *p) {
  uint32_t first = p->ints.count;
  uint32_t batching[2] = {0, 0};
  uint32_t contracting[2];
  if (sk_read_accept_word(p, SK_STR("batching_dims"))) {
    SK_TRY(parse_dims_pair(p, batching));
    SK_TRY(sk_read_expect(p, ',', "',' after the batching dimensions"));
  }
  SK_TRY(sk_read_expect_word(p, SK_STR("contracting_dims")));
  SK_TRY(parse_dims_pair(p, contracting));
  const int64_t *ints = p->ints.data + first;
  uint32_t batching_count = batching[0] + batching[1];
  sk_dot_dims dims = {
      .lhs_batching_dimensions = {ints, batching[0]},
      .rhs_batching_dimensions = {ints + batching[0], batching[1]},
      .lhs_contracting_dimensions = {ints + batching_count, contracting[0]},
      .rhs_contracting_dimensions = {ints + batching_count + contracting[0], contracting[1]},
  };
  sk_attr attr = sk_attr_new(p->module, &(sk_attr_rec){.kind = SK_ATTR_DOT_DIMS, .u.dot = &dims});
  p->ints.count = first;
  return sk_read_add_attr(p, SK_NAME_dot_dimension_numbers, attr);
}

sk_status sk_read_form_dot_general(sk_parser *p, sk_draft *d) {
  bool comma;
  SK_TRY(sk_read_parse_operands(p, &comma));
  if (!comma) {
    return sk_read_expected(p, "',' before the dimensions");
  }
  SK_TRY(parse_dot_dims(p));
  comma = sk_read_accept(p, ',');
  if (comma && sk_read_accept_word(p, SK_STR("precision"))) {
    SK_TRY(parse_precision(p));
    comma = sk_read_accept(p, ',');
  }
  if (comma) {
    sk_attr algorithm;
    SK_TRY(sk_read_expect_word(p, SK_STR("algorithm")));
    SK_TRY(sk_read_expect(p, '=', "'=' after algorithm"));
    SK_TRY(sk_read_parse_dot_algorithm(p, &algorithm));
    SK_TRY(sk_read_add_attr(p, SK_NAME_algorithm, algorithm));
  }
  return sk_read_parse_functional_tail(p, d);
}

// [[0, 1], [2, 3]] pushed on p->ints
static sk_status parse_pairs(sk_parser *p, sk_attr *out) {
  uint32_t first = p->ints.count;
  SK_TRY(sk_read_expect(p, '[', "'[' before the padding"));
  if (!sk_read_at(p, ']')) {
    do {
      const char *at = p->tok.start;
      uint32_t before = p->ints.count;
      SK_TRY(sk_read_parse_int_list(p));
      if (p->ints.count - before != 2) {
        return sk_read_error(p, at, "expected array with 2 elements, got %u elements instead",
                             p->ints.count - before);
      }
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' after a pair"));
  uint32_t rows = (p->ints.count - first) / 2;
  p->ints.count = first;
  SK_SET_ID(out, sk_attr_ints_2d(p->module, p->ints.data + first, rows, 2));
  return NULL;
}

// [false, true] or [0, 1]
static sk_status parse_bools(sk_parser *p, sk_attr *out) {
  uint32_t first = p->ints.count;
  SK_TRY(sk_read_expect(p, '[', "'[' before a list"));
  if (!sk_read_at(p, ']')) {
    do {
      uint8_t value;
      SK_TRY(sk_read_parse_element(p, SK_PRED, &value));
      SK_PUSH(p, ints, value);
    } while (sk_read_accept(p, ','));
  }
  SK_TRY(sk_read_expect(p, ']', "',' or ']' in a list"));
  uint32_t count = p->ints.count - first;
  p->ints.count = first;
  SK_SET_ID(out, sk_attr_bools(p->module, p->ints.data + first, count));
  return NULL;
}

// stride = [..], pad = [[..], ..], lhs_dilate = [..], rhs_dilate = [..], reverse = [..]
static sk_status parse_window(sk_parser *p) {
  static const struct {
    const char *key;
    sk_name name;
  } keys[] = {{"stride", SK_NAME_window_strides},
              {"pad", SK_NAME_padding},
              {"lhs_dilate", SK_NAME_lhs_dilation},
              {"rhs_dilate", SK_NAME_rhs_dilation},
              {"reverse", SK_NAME_window_reversal}};
  bool seen[SK_COUNT(keys)] = {false};
  while (!sk_read_at(p, '}')) {
    size_t i = 0;
    while (i < SK_COUNT(keys) && !sk_read_at_word(p, sk_str_from(keys[i].key))) {
      i++;
    }
    if (i == SK_COUNT(keys) || seen[i]) {
      return sk_read_expected(
          p, "one of stride, pad, lhs_dilate, rhs_dilate, reverse, each at most once,");
    }
    seen[i] = true;
    sk_read_advance(p);
    SK_TRY(sk_read_expect(p, '=', "'=' after a keyword"));
    sk_attr attr;
    if (keys[i].name == SK_NAME_padding) {
      SK_TRY(parse_pairs(p, &attr));
    } else if (keys[i].name == SK_NAME_window_reversal) {
      SK_TRY(parse_bools(p, &attr));
    } else {
      SK_TRY(sk_read_parse_ints_attr(p, &attr));
    }
    SK_TRY(sk_read_add_attr(p, keys[i].name, attr));
    if (!sk_read_accept(p, ',')) {
      break;
    }
  }
  return NULL;
}

sk_status sk_read_form_convolution(sk_parser *p, sk_draft *d) {
  sk_attr dims;
  SK_TRY(sk_read_parse_enclosed_operands(p));
  SK_TRY(sk_read_expect_word(p, SK_STR("dim_numbers")));
  SK_TRY(sk_read_expect(p, '=', "'=' after dim_numbers"));
  SK_TRY(sk_read_parse_conv_dims(p, &dims));
  SK_TRY(sk_read_add_attr(p, SK_NAME_dimension_numbers, dims));
  SK_TRY(sk_read_expect(p, ',', "',' after the dimensions"));
  SK_TRY(sk_read_expect_word(p, SK_STR("window")));
  SK_TRY(sk_read_expect(p, '=', "'=' after window"));
  SK_TRY(sk_read_expect(p, '{', "'{' before the window"));
  SK_TRY(parse_window(p));
  SK_TRY(sk_read_expect(p, '}', "',' or '}' in the window"));
  return sk_read_parse_functional_tail(p, d);
}
