// SPDX-License-Identifier: Apache-2.0
// What a program looks like after a stage, as text: for `skarn opt` and for numbered dump files.
//
//   dump-dir/03-simplify.mlir   09-vectorise.loop   10-gen.s   11-image.plan
//
// StableHLO and programs are legal input again. Machine code is printed as assembler source with
// the bytes of every function, which `as` and `objdump -d` turn into instructions: the compiler has
// no disassembler of its own.
//
// --only REGEX keeps the kernels (of programs) and functions (of code) whose name matches, and
// whole dumps of modules whose entry matches. --print-changed leaves out what equals the last dump.
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "compile/compile_int.h"

enum { BYTES_PER_LINE = 16 };

// ---- the forms

static void print_code(const sk_compilation *c, sk_text *out) {
  const sk_gen_code *code = &c->code;
  sk_text_addf(out, "# %u bytes of code, %u of constants, %u instructions, tier %s\n",
               code->code_bytes, code->length - code->code_bytes, code->inst_count,
               sk_isa_name(c->isa));
  uint32_t next = 0;
  for (uint32_t at = 0; at < code->length; at++) {
    while (next < code->fn_count && code->fns[next].offset <= at) {
      const sk_gen_fn *fn = &code->fns[next++];
      sk_text_addf(out, "\n\"%s.%u\":  # %u bytes%s", fn->name ? fn->name : "kernel", next,
                   fn->size, fn->offset == code->entry ? ", entry" : "");
    }
    bool starts_line = at % BYTES_PER_LINE == 0 || (next > 0 && code->fns[next - 1].offset == at) ||
                       at == code->code_bytes;
    if (at == code->code_bytes) {
      sk_text_add(out, SK_STR("\nconstants:"));
    }
    sk_text_addf(out, "%s0x%02x", starts_line ? "\n  .byte " : ", ", code->bytes[at]);
  }
  sk_text_add_char(out, '\n');
}

static void print_values(const char *what, const sk_image_value *values, uint32_t count,
                         sk_text *out) {
  for (uint32_t i = 0; i < count; i++) {
    const sk_image_value *v = &values[i];
    sk_text_addf(out, "%s %u %s", what, i, v->type_text);
    if (v->donor) {
      sk_text_add(out, SK_STR(" donor"));
    }
    if (v->alias >= 0) {
      sk_text_addf(out, " alias %d", v->alias);
    }
    if (v->shares >= 0) {
      sk_text_addf(out, " shares %d", v->shares);
    }
    if (v->name[0]) {
      sk_text_add(out, SK_STR(" name "));
      sk_text_add_quoted(out, sk_str_from(v->name));
    }
    if (v->sharding[0]) {
      sk_text_addf(out, " sharding %s", v->sharding);
    }
    sk_text_add_char(out, '\n');
  }
}

static void print_image(const sk_image *image, sk_text *out) {
  sk_text_addf(out, "executable %s isa %s features 0x%x%s\n", image->name,
               sk_isa_name((sk_isa)image->isa), image->features,
               image->parallel ? " parallel" : "");
  print_values("argument", image->args, image->arg_count, out);
  print_values("result", image->results, image->result_count, out);
  for (uint32_t i = 0; i < image->carried_count; i++) {
    sk_text_addf(out, "slot %u arena+%llu\n", image->arg_count + image->result_count + i,
                 (unsigned long long)image->carried[i]);
  }
  sk_text_addf(out, "arena %llu scratch %llu constants %llu code %llu kernels %llu\n",
               (unsigned long long)image->arena_bytes, (unsigned long long)image->scratch_bytes,
               (unsigned long long)image->const_bytes, (unsigned long long)image->code_bytes,
               (unsigned long long)image->kernel_count);
  for (uint32_t i = 0; i < image->step_count; i++) {
    const sk_image_step *step = &image->steps[i];
    sk_text_addf(out, "step %u %s at %llu\n", i, step->kind == SK_STEP_NATIVE ? "native" : "loop",
                 (unsigned long long)step->offset);
  }
  for (uint32_t i = 0; i < image->fn_count; i++) {
    sk_text_addf(out, "function %s at %u bytes %u\n", image->fns[i].name, image->fns[i].offset,
                 image->fns[i].size);
  }
}

void sk_compilation_print(const sk_compilation *c, sk_text *out) {
  if (c->done < 0) {
    return;
  }
  switch (sk_stage_form((sk_stage)c->done)) {
    case SK_FORM_MODULE: sk_module_print(c->module, &(sk_print_options){0}, out); break;
    case SK_FORM_PROG: sk_prog_print(&c->prog, out); break;
    case SK_FORM_CODE: print_code(c, out); break;
    case SK_FORM_IMAGE: print_image(&c->image, out); break;
  }
}

// ---- choosing

bool sk_compile_list_has(const char *list, const char *name) {
  if (!list[0]) {
    return false;
  }
  if (strcmp(list, "all") == 0) {
    return true;
  }
  size_t len = strlen(name);
  for (const char *at = list; *at;) {
    const char *comma = strchr(at, ',');
    size_t item = comma ? (size_t)(comma - at) : strlen(at);
    if (item == len && memcmp(at, name, len) == 0) {
      return true;
    }
    at += item + (comma != NULL);
  }
  return false;
}

// Where a part with a name begins: a kernel of a program, a function of a listing. NULL otherwise.
static const char *part_name(const char *line, sk_form form) {
  if (form == SK_FORM_PROG && strncmp(line, "kernel ", 7) == 0) {
    const char *name = strchr(line + 7, ' ');
    return name ? name + 1 : NULL;
  }
  return form == SK_FORM_CODE && line[0] == '"' ? line + 1 : NULL;
}

static bool name_matches(const regex_t *only, const char *name) {
  char buf[256];
  size_t len = strcspn(name, " \"\n");
  len = SK_MIN(len, sizeof buf - 1);
  memcpy(buf, name, len);
  buf[len] = '\0';
  return regexec(only, buf, 0, NULL, 0) == 0;
}

// Drops the parts whose names don't match. A part of a program ends with "}" in the first column, a
// part of a listing where the next begins.
static void keep_matching(const regex_t *only, sk_form form, const char *text, sk_text *out) {
  bool keep = true, inside = false;
  for (const char *line = text; *line;) {
    const char *end = strchr(line, '\n');
    size_t len = end ? (size_t)(end - line) + 1 : strlen(line);
    const char *name = part_name(line, form);
    if (name && !(form == SK_FORM_PROG && inside)) {
      // Statements of the body begin with "kernel" too, but are indented.
      inside = true;
      keep = name_matches(only, name);
    }
    if (keep) {
      sk_text_add(out, (sk_str){line, len});
    }
    if (inside && form == SK_FORM_PROG && line[0] == '}') {
      inside = false;
      keep = true;
    }
    line += len;
  }
}

static sk_status filter(const sk_compilation *c, sk_form form, sk_text *text) {
  const char *pattern = c->in.flags->only;
  if (!pattern[0] || !text->data) {
    return NULL;
  }
  regex_t only;
  if (regcomp(&only, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
    return sk_status_new(SK_INVALID_ARGUMENT, "'%s' is not a regular expression", pattern);
  }
  sk_text kept;
  sk_text_init(&kept);
  if (form == SK_FORM_MODULE) {
    if (name_matches(&only, sk_func_name(c->module, c->entry).data)) {
      sk_text_add(&kept, (sk_str){text->data, text->len});
    }
  } else {
    keep_matching(&only, form, text->data, &kept);
  }
  regfree(&only);
  sk_text_fini(text);
  *text = kept;
  return NULL;
}

// ---- files

static sk_status write_dump(sk_compilation *c, sk_stage stage, const sk_text *text) {
  static const char *const suffixes[] = {[SK_FORM_MODULE] = "mlir",
                                         [SK_FORM_PROG] = "loop",
                                         [SK_FORM_CODE] = "s",
                                         [SK_FORM_IMAGE] = "plan"};
  sk_text path;
  sk_text_init(&path);
  sk_text_addf(&path, "%s/%02u-%s.%s", c->in.flags->dump_dir, c->dump_count++, sk_stage_name(stage),
               suffixes[sk_stage_form(stage)]);
  sk_status status =
      path.failed ? sk_status_no_memory() : sk_file_write(path.data, text->data, text->len);
  sk_text_fini(&path);
  return status;
}

sk_status sk_compile_dump(sk_compilation *c, sk_stage stage) {
  if (!sk_compile_list_has(c->in.flags->dump, sk_stage_name(stage))) {
    return NULL;
  }
  sk_text text;
  sk_text_init(&text);
  int done = c->done;
  c->done = (int)stage;
  sk_compilation_print(c, &text);
  c->done = done;
  sk_status status = filter(c, sk_stage_form(stage), &text);
  bool same = c->previous_dump && text.data && strcmp(c->previous_dump, text.data) == 0;
  if (!status && text.failed) {
    status = sk_status_no_memory();
  } else if (!status && text.data && !(same && c->in.flags->print_changed)) {
    status = write_dump(c, stage, &text);
    sk_mem_free(c->previous_dump);
    c->previous_dump = text.data;
    text.data = NULL;
  }
  sk_text_fini(&text);
  return status;
}
