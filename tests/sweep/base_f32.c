// SPDX-License-Identifier: Apache-2.0
// All f32 patterns, or every STRIDE-th (argument 1): the quick encoders to f16 and bf16 against the
// generic one, which the unit test checks by itself, and printing against parsing: every number
// reads back as itself, as f32 directly and by way of f64, and takes at most nine digits. Prints
// one line per check; exit status 1 if anything differs.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"

static float float_from(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static bool encodes_alike(float value) {
  return sk_f32_to_f16(value) == sk_num_encode(SK_NUM_F16, (double)value) &&
         sk_f32_to_bf16(value) == sk_num_encode(SK_NUM_BF16, (double)value);
}

static int count_digits(sk_str text) {
  int digits = 0, zeros = 0;
  for (size_t i = 0; i < text.len && text.data[i] != 'e'; i++) {
    const char c = text.data[i];
    if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) {
      digits++;
      zeros = c == '0' ? zeros + 1 : 0;
    }
  }
  return digits - zeros;
}

static bool reads_back(sk_text *text, float value) {
  text->len = 0;
  sk_text_add_f32(text, value);
  const sk_str printed = {text->data, text->len};
  float back;
  double wide;
  return !text->failed && sk_str_to_f32(printed, &back) && sk_str_to_f64(printed, &wide) &&
         memcmp(&back, &value, sizeof value) == 0 && (float)wide == value &&
         count_digits(printed) <= 9;
}

int main(int argc, char **argv) {
  const uint64_t stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  if (stride == 0) {
    fprintf(stderr, "usage: base_f32 [STRIDE]\n");
    return 2;
  }
  sk_text text;
  sk_text_init(&text);
  uint64_t encoded = 0, encode_failures = 0, printed = 0, print_failures = 0;
  for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += stride) {
    const float value = float_from((uint32_t)bits);
    encoded++;
    encode_failures += !encodes_alike(value);
    if (isfinite(value) && !signbit(value)) {
      printed++;
      if (!reads_back(&text, value) && print_failures++ < 10) {
        printf("0x%08X prints as %s\n", (unsigned)bits, text.data ? text.data : "");
      }
    }
  }
  sk_text_fini(&text);
  printf("f32 to f16 and bf16: %llu values, %llu differ\n", (unsigned long long)encoded,
         (unsigned long long)encode_failures);
  printf("f32 to text and back: %llu values, %llu differ\n", (unsigned long long)printed,
         (unsigned long long)print_failures);
  return encode_failures != 0 || print_failures != 0;
}
