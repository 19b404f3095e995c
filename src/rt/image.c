// SPDX-License-Identifier: Apache-2.0
// What every image must satisfy before it is loaded, wherever it came from, and its fingerprint.
//
// The check covers whatever the runtime itself computes addresses from: slots, offsets, sizes,
// sharing. What the code does cannot be checked: executables are code.
#include <string.h>

#include "base/hash.h"
#include "rt/image_int.h"

static const uint64_t max_bytes = (uint64_t)1 << 46;  // of anything
static const uint32_t max_count = 1u << 28;

static sk_status bad(const char *what) {
  return sk_status_new(SK_INVALID_ARGUMENT, "executable image: %s", what);
}

static sk_status check_value(const sk_image_value *value, uint32_t partner_count) {
  uint64_t bytes;
  if (!value->name || !value->type_text || !value->memory_kind || !value->layout ||
      !value->sharding) {
    return bad("a value lacks a text");
  }
  if (value->rank && !value->dims) {
    return bad("a value lacks its dimensions");
  }
  if (!sk_dtype_array_bytes(value->type, value->rank, value->dims, &bytes) || bytes > max_bytes) {
    return bad("a value's type is not valid");
  }
  if (value->alias < -1 || value->alias >= (int64_t)partner_count) {
    return bad("a value's alias does not exist");
  }
  return NULL;
}

static uint64_t value_bytes(const sk_image_value *value) {
  uint64_t bytes = 0;
  (void)sk_dtype_array_bytes(value->type, value->rank, value->dims, &bytes);
  return bytes;
}

static sk_status check_sharing(const sk_image *image) {
  for (uint32_t i = 0; i < image->result_count; i++) {
    int32_t arg = image->results[i].shares;
    if (arg == -1) {
      continue;
    }
    if (arg < -1 || arg >= (int64_t)image->arg_count ||
        value_bytes(&image->args[arg]) != value_bytes(&image->results[i])) {
      return bad("a result shares an argument of another size");
    }
    for (uint32_t j = 0; j < i; j++) {
      if (image->results[j].shares == arg) {
        return bad("two results share one argument");
      }
    }
  }
  return NULL;
}

static sk_status check_signature(const sk_image *image) {
  if (image->arg_count > max_count || image->result_count > max_count ||
      image->carried_count > max_count || image->fn_count > max_count) {
    return bad("too many values");
  }
  if (!image->name || (image->arg_count && !image->args) ||
      (image->result_count && !image->results)) {
    return bad("the signature is missing");
  }
  for (uint32_t i = 0; i < image->arg_count; i++) {
    SK_TRY(check_value(&image->args[i], image->result_count));
    if (image->args[i].shares != -1) {
      return bad("an argument shares storage");
    }
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    SK_TRY(check_value(&image->results[i], image->arg_count));
  }
  return check_sharing(image);
}

static sk_status check_steps(const sk_image *image) {
  if (image->step_count && !image->steps) {
    return bad("the plan is missing");
  }
  for (uint32_t i = 0; i < image->step_count; i++) {
    const sk_image_step *step = &image->steps[i];
    if (step->kind == SK_STEP_NATIVE) {
      if (step->offset >= image->code_bytes || image->steps[0].kind != SK_STEP_NATIVE) {
        return bad("a step lies outside the code");
      }
    } else if (step->kind == SK_STEP_LOOP) {
      if (step->offset > image->blob_bytes || step->bytes > image->blob_bytes - step->offset ||
          image->step_count != 1) {
        return bad("a loop step lies outside its text");
      }
    } else {
      return sk_status_new(SK_UNIMPLEMENTED, "executable image: step kind %u is not known",
                           step->kind);
    }
  }
  return NULL;
}

static sk_status check_memory(const sk_image *image) {
  if (image->arena_bytes > max_bytes || image->scratch_bytes > max_bytes ||
      image->const_bytes > max_bytes || image->blob_bytes > max_bytes ||
      image->code_bytes > INT32_MAX) {
    return bad("a size is out of bounds");
  }
  if ((image->code_bytes && !image->code) || (image->const_bytes && !image->consts) ||
      (image->blob_bytes && !image->blob) || (image->carried_count && !image->carried) ||
      (image->fn_count && !image->fns)) {
    return bad("a part is missing");
  }
  for (uint32_t i = 0; i < image->carried_count; i++) {
    if (image->carried[i] > image->arena_bytes) {
      return bad("a carried buffer lies outside the arena");
    }
  }
  for (uint32_t i = 0; i < image->fn_count; i++) {
    const sk_image_fn *fn = &image->fns[i];
    if (!fn->name || fn->offset > image->code_bytes || fn->size > image->code_bytes - fn->offset) {
      return bad("a function lies outside the code");
    }
  }
  return NULL;
}

sk_status sk_image_check(const sk_image *image) {
  SK_TRY(check_signature(image));
  SK_TRY(check_steps(image));
  return check_memory(image);
}

static uint64_t hash_value(uint64_t h, const sk_image_value *value) {
  h = sk_hash_mix(h, (uint64_t)value->type << 32 | value->rank);
  h = sk_hash_mix(h, (uint64_t)(uint32_t)value->shares << 1 | value->donor);
  return value->rank ? sk_hash_bytes(value->dims, value->rank * sizeof *value->dims, h) : h;
}

uint64_t sk_image_fingerprint(const sk_image *image) {
  uint64_t h = sk_hash_bytes(image->name, strlen(image->name), SK_IMAGE_ABI);
  h = sk_hash_mix(h, (uint64_t)image->isa << 32 | image->features);
  h = sk_hash_mix(h, (uint64_t)image->arg_count << 32 | image->result_count);
  for (uint32_t i = 0; i < image->arg_count; i++) {
    h = hash_value(h, &image->args[i]);
  }
  for (uint32_t i = 0; i < image->result_count; i++) {
    h = hash_value(h, &image->results[i]);
  }
  for (uint32_t i = 0; i < image->step_count; i++) {
    h = sk_hash_mix(sk_hash_mix(h, image->steps[i].kind), image->steps[i].offset);
  }
  for (uint32_t i = 0; i < image->carried_count; i++) {
    h = sk_hash_mix(h, image->carried[i]);
  }
  h = image->blob_bytes ? sk_hash_bytes(image->blob, image->blob_bytes, h) : h;
  h = image->code_bytes ? sk_hash_bytes(image->code, image->code_bytes, h) : h;
  h = image->const_bytes ? sk_hash_bytes(image->consts, image->const_bytes, h) : h;
  return h ? h : 1;
}
