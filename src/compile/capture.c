// SPDX-License-Identifier: Apache-2.0
// Bundles: everything that a compilation depends on, as a directory that `skarn run` replays.
//
//   DUMP-TO/NAME-HASH/     HASH: of what follows, so that compiling the same again gives the same
//     bundle.txt           one fact per line, "KEY VALUE"
//     program.mlir         the program's bytes as they came (.mlir.bc: bytecode; .exported: jax.export)
//     arg0.npy ...         arguments of the first execution (rt/capture_args.c)
//
// Keys of bundle.txt: `skarn-bundle 1` (the format, first), `cpu`, `name` (what the
// program was called), `program` (its file), `entry`, `argument_types` (as --refine takes them),
// `option NAME VALUE` (flags that are not at their default). docs/cli.md describes it to users.
//
// Written before the first stage runs, so that a program that cannot be compiled leaves one too.
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "compile/compile_int.h"
#include "read/read.h"

enum { NAME_BYTES = 40 };

static void print_arg_types(const sk_compile_input *in, sk_text *out) {
  for (size_t i = 0; i < in->arg_type_count; i++) {
    const sk_arg_type *type = &in->arg_types[i];
    sk_text_add(out, i > 0 ? SK_STR(", ") : SK_STR("argument_types "));
    if (type->type == SK_DTYPE_INVALID) {
      sk_text_add_char(out, '_');
    } else {
      sk_text_add(out, SK_STR("tensor<"));
      for (uint32_t d = 0; d < type->rank; d++) {
        if (type->dims[d] < 0) {
          sk_text_add(out, SK_STR("?x"));
        } else {
          sk_text_addf(out, "%lldx", (long long)type->dims[d]);
        }
      }
      sk_text_addf(out, "%s>", sk_dtype_name(type->type));
    }
    if (type->value) {
      sk_text_addf(out, " = %lld", (long long)*type->value);
    }
  }
  sk_text_add(out, in->arg_type_count > 0 ? SK_STR("\n") : SK_STR(""));
}

static const char *program_file(const sk_compile_input *in) {
  return sk_read_is_bytecode(in->data, in->len)   ? "program.mlir.bc"
         : sk_read_is_exported(in->data, in->len) ? "program.exported"
                                                  : "program.mlir";
}

static void print_facts(const sk_compile_input *in, sk_text *out) {
  const sk_cpu *cpu = sk_cpu_get();
  sk_text_add(out, SK_STR("skarn-bundle 1\n"));
  sk_text_addf(out, "cpu tier %s features 0x%x family %u model %u vector %u threads %u\n",
               sk_isa_name(cpu->isa), cpu->features, cpu->family, cpu->model,
               cpu->vector_bytes_native, cpu->threads);
  sk_text_add(out, SK_STR("name "));
  for (const char *c = in->name ? in->name : "<input>"; *c; c++) {
    sk_text_add_char(out, (unsigned char)*c < ' ' ? '?' : *c);
  }
  sk_text_addf(out, "\nprogram %s\n", program_file(in));
  if (in->entry) {
    sk_text_addf(out, "entry %s\n", in->entry);
  }
  if (in->arg_types) {
    print_arg_types(in, out);
  }
  sk_flags_print(in->flags, out);
}

// The file's own name up to its first dot, letters that every file system takes.
static void print_dir(const sk_compile_input *in, const sk_text *facts, sk_text *out) {
  const char *name = in->name ? in->name : "program", *slash = strrchr(name, '/');
  uint64_t hash = sk_hash_bytes(in->data, in->len, sk_hash_bytes(facts->data, facts->len, 0));
  name = slash ? slash + 1 : name;
  sk_text_addf(out, "%s/", in->flags->dump_to);
  for (size_t i = 0; i < NAME_BYTES && name[i] && name[i] != '.'; i++) {
    char c = name[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    sk_text_add_char(out, plain ? c : '_');
  }
  sk_text_addf(out, "-%016llx", (unsigned long long)hash);
}

static sk_status write_file(const sk_text *dir, const char *name, const void *data, size_t len) {
  sk_text path;
  sk_text_init(&path);
  sk_text_addf(&path, "%s/%s", dir->data, name);
  sk_status status = path.failed ? sk_status_no_memory() : sk_file_write(path.data, data, len);
  sk_text_fini(&path);
  return status;
}

static sk_status write_bundle(const sk_compile_input *in, const sk_text *facts,
                              const sk_text *dir) {
  SK_TRY(sk_file_make_dir(in->flags->dump_to));
  SK_TRY(sk_file_make_dir(dir->data));
  SK_TRY(write_file(dir, program_file(in), in->data, in->len));
  return write_file(dir, "bundle.txt", facts->data, facts->len);
}

sk_status sk_compile_capture(const sk_compile_input *in, sk_text *out_dir) {
  sk_text facts;
  sk_text_init(&facts);
  print_facts(in, &facts);
  print_dir(in, &facts, out_dir);
  sk_status status =
      facts.failed || out_dir->failed ? sk_status_no_memory() : write_bundle(in, &facts, out_dir);
  sk_text_fini(&facts);
  return sk_status_note(status, "while writing a bundle (dump-to)");
}
