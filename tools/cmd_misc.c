// SPDX-License-Identifier: Apache-2.0
// The short commands: compile (to a saved executable), convert (to text and bytecode), version.
#include <string.h>

#include "base/cpu.h"
#include "cli.h"
#include "session.h"

bool cli_is_executable_image(const sk_file *file) {
  return file->len >= 8 && memcmp(file->data, "\x89SKX\r\n\x1a\n", 8) == 0;
}

static int one_file(const cli_args *args, const char *command, sk_file *out) {
  if (args->file_count != 1) {
    return cli_usage_error("%s: expected one file, %zu were given", command, args->file_count);
  }
  sk_status status = sk_file_open(args->files[0], 0, out);
  return status == NULL ? CLI_OK : cli_fail_internal(status);
}

static skarn_program program_of(const cli_args *args, const sk_file *file) {
  skarn_program program = SKARN_INIT(skarn_program);
  program.name = args->files[0];
  program.data = file->data;
  program.size = file->len;
  return program;
}

// ---------------------------------------------------------------------------------------------------- compile

static void print_stages(const skarn_executable *e, bool json) {
  size_t count = skarn_executable_stage_count(e);
  if (!json) {
    printf("%-10s %10s %10s %10s %10s\n", "stage", "us", "KiB", "ops in", "ops out");
  }
  for (size_t i = 0; i < count; i++) {
    skarn_stage_info stage = SKARN_INIT(skarn_stage_info);
    skarn_status_free(skarn_executable_stage(e, i, &stage));
    if (json) {
      printf(
          "%s{\"stage\":\"%s\",\"us\":%.3f,\"arena_bytes\":%llu,\"ops_in\":%llu,\"ops_out\":%llu}",
          i > 0 ? "," : "", stage.name, stage.us, (unsigned long long)stage.arena_bytes,
          (unsigned long long)stage.ops_in, (unsigned long long)stage.ops_out);
    } else {
      printf("%-10s %10.1f %10.1f %10llu %10llu\n", stage.name, stage.us,
             (double)stage.arena_bytes / 1024, (unsigned long long)stage.ops_in,
             (unsigned long long)stage.ops_out);
    }
  }
}

static void print_compiled(const cli_args *args, const skarn_executable *e,
                           const skarn_executable_info *info) {
  bool json = cli_has(args, "json"), time = cli_flag(args, "time") != NULL;
  if (json) {
    fputs("{\"name\":", stdout);
    cli_json_string(stdout, info->name);
    printf(",\"ops\":%llu,\"parse_us\":%.3f,\"compile_us\":%.3f,\"code_bytes\":%llu,\"arena_"
           "bytes\":%llu,\"kernels\":%llu,\"isa\":\"%s\"",
           (unsigned long long)info->op_count, info->parse_us, info->compile_us,
           (unsigned long long)info->code_bytes, (unsigned long long)info->arena_bytes,
           (unsigned long long)info->kernel_count, info->isa);
    cli_print_memory_keys(info);
    if (time) {
      fputs(",\"stages\":[", stdout);
      print_stages(e, true);
      fputs("]", stdout);
    }
    puts("}");
  } else if (time) {
    print_stages(e, false);
  }
}

static int compile_and_save(const cli_args *args, const sk_file *file, const cli_arg_types *types,
                            const char *output) {
  skarn_client_options client_options = SKARN_INIT(skarn_client_options);
  client_options.options = args->options;
  client_options.option_count = args->option_count;
  skarn_client *client = NULL;
  skarn_executable *executable = NULL;
  skarn_status *status = skarn_client_create(&client_options, &client);
  if (status == NULL) {
    skarn_program program = program_of(args, file);
    skarn_compile_options compile_options = SKARN_INIT(skarn_compile_options);
    compile_options.entry = cli_value(args, "entry");
    compile_options.argument_types = types->count > 0 ? types->types : NULL;
    compile_options.argument_type_count = types->count;
    status = skarn_compile(client, &program, &compile_options, &executable);
  }
  if (status == NULL) {
    status = skarn_executable_save(executable, output);
  }
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  if (status == NULL) {
    status = skarn_executable_get_info(executable, &info);
  }
  if (status == NULL) {
    print_compiled(args, executable, &info);
  }
  skarn_executable_release(executable);
  skarn_client_release(client);
  return status == NULL ? CLI_OK : cli_fail(status);
}

static int run_compile(const cli_args *args) {
  sk_file file;
  const char *output = cli_value(args, "output");
  if (output == NULL) {
    return cli_usage_error("compile: where to? -o OUT.skx is missing");
  }
  cli_arg_types types = {0};
  const char *refine = cli_value(args, "refine");
  int code = refine != NULL ? cli_arg_types_parse(refine, &types) : CLI_OK;
  code = code == CLI_OK ? one_file(args, "compile", &file) : code;
  if (code == CLI_OK) {
    code = compile_and_save(args, &file, &types, output);
    sk_file_close(&file);
  }
  cli_arg_types_free(&types);
  return code;
}

static const cli_option compile_options[] = {
    {"output", true, "the executable to write (also -o)"},
    {"entry", true, "function to compile (default main)"},
    {"refine", true, "types of the arguments: 'tensor<3x4xf32>, tensor<i64> = 7, _'"},
    {"json", false, "one line of figures on standard output"},
    {NULL, false, NULL},
};
const cli_command cli_compile = {"compile", "compile FILE -o OUT.skx [options]",
                                 "compile a program into a saved executable", compile_options,
                                 run_compile};

// ---------------------------------------------------------------------------------------------------- convert

static int run_convert(const cli_args *args) {
  sk_file file;
  const char *output = cli_value(args, "output");
  if (output == NULL) {
    return cli_usage_error("convert: where to? -o OUT is missing");
  }
  const char *to = cli_value(args, "to");
  if (to != NULL && strcmp(to, "text") != 0 && strcmp(to, "generic") != 0 &&
      strcmp(to, "bytecode") != 0 && strncmp(to, "portable@", 9) != 0) {
    return cli_usage_error(
        "convert: --to '%s': expected text, generic, bytecode or portable@VERSION", to);
  }
  int code = one_file(args, "convert", &file);
  if (code != CLI_OK) {
    return code;
  }
  skarn_program program = program_of(args, &file);
  skarn_convert_options options = SKARN_INIT(skarn_convert_options);
  skarn_bytes *bytes = NULL;
  options.to = to;
  options.locations = cli_has(args, "locations");
  skarn_status *status = skarn_program_convert(&program, &options, &bytes);
  if (status != NULL) {
    code = cli_fail(status);
  } else {
    sk_status written = sk_file_write(output, skarn_bytes_data(bytes), skarn_bytes_size(bytes));
    code = written == NULL ? CLI_OK : cli_fail_internal(written);
    skarn_bytes_release(bytes);
  }
  sk_file_close(&file);
  return code;
}

static const cli_option convert_options[] = {
    {"output", true, "the file to write (also -o)"},
    {"to", true, "text (default), generic, bytecode, or portable@VERSION (0.9.0 to 1.20.0)"},
    {"locations", false, "text with locations"},
    {NULL, false, NULL},
};
const cli_command cli_convert = {
    "convert", "convert FILE -o OUT [--to text|generic|bytecode|portable@VERSION]",
    "write a program in another form", convert_options, run_convert};

// ---------------------------------------------------------------------------------------------------- version

static int run_version(const cli_args *args) {
  const sk_cpu *cpu = sk_cpu_get();
  printf("skarn %s\n", skarn_version());
  printf("processor: tier %s, family %u model %u, L1d %llu KiB, L2 %llu KiB, L3 %llu KiB, %u "
         "threads\n",
         sk_isa_name(cpu->isa), cpu->family, cpu->model, (unsigned long long)cpu->l1d_bytes >> 10,
         (unsigned long long)cpu->l2_bytes >> 10, (unsigned long long)cpu->l3_bytes >> 10,
         cpu->threads);
  if (cli_has(args, "limits")) {
    size_t count;
    const skarn_limit *limits = skarn_limits(&count);
    for (size_t i = 0; i < count; i++) {
      printf("limit %-24s %12llu  %s\n", limits[i].name, (unsigned long long)limits[i].value,
             limits[i].what);
    }
  }
  return args->file_count == 0 ? CLI_OK : cli_usage_error("version: takes no files");
}

static const cli_option version_options[] = {{"limits", false, "limits that inputs are held to"},
                                             {NULL, false, NULL}};
const cli_command cli_version = {"version", "version [--limits]", "version, processor, limits",
                                 version_options, run_version};
