// SPDX-License-Identifier: Apache-2.0
// Compiles a program given as a file (text or bytecode) and saves the executable, which serve.c
// loads without the compiler. Without arguments it saves a small program as compiled.skx.
//
//   compile_once [PROGRAM OUTPUT.skx]
#include <skarn/skarn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char small[] =
    "func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<f32>) {\n"
    "  %zero = stablehlo.constant dense<0.0> : tensor<f32>\n"
    "  %0 = stablehlo.exponential %x : tensor<4xf32>\n"
    "  %1 = stablehlo.reduce(%0 init: %zero) applies stablehlo.add across dimensions = [0]\n"
    "      : (tensor<4xf32>, tensor<f32>) -> tensor<f32>\n"
    "  %2 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "  %3 = stablehlo.divide %0, %2 : tensor<4xf32>\n"
    "  return %3, %1 : tensor<4xf32>, tensor<f32>\n"
    "}\n";

static int failed(skarn_status *status) {
  char message[1024];
  if (!status) {
    return 0;
  }
  skarn_status_format(status, message, sizeof message);
  fprintf(stderr, "%s\n", message);
  skarn_status_free(status);
  return 1;
}

// Every error in the program, not only the first.
static void show(void *user, const skarn_status *status) {
  char message[1024];
  (void)user;
  skarn_status_format(status, message, sizeof message);
  fprintf(stderr, "%s\n", message);
}

static char *read_file(const char *path, size_t *out_size) {
  FILE *file = fopen(path, "rb");
  char *data = NULL;
  long size = -1;
  if (file && fseek(file, 0, SEEK_END) == 0) {
    size = ftell(file);
    rewind(file);
  }
  if (size >= 0) {
    data = (char *)malloc((size_t)size + 1);
  }
  if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
    free(data);
    data = NULL;
  }
  if (file) {
    fclose(file);
  }
  *out_size = data ? (size_t)size : 0;
  return data;
}

static int compile_and_save(skarn_client *client, const skarn_program *program,
                            const char *output) {
  skarn_executable *executable = NULL;
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  skarn_compile_options options = SKARN_INIT(skarn_compile_options);
  const skarn_option strict[1] = {{"numerics", "strict"}};
  int bad;
  options.diagnostic = show;
  options.options = strict;
  options.option_count = 1;
  bad = failed(skarn_compile(client, program, &options, &executable)) ||
        failed(skarn_executable_get_info(executable, &info)) ||
        failed(skarn_executable_save(executable, output));
  if (!bad) {
    printf("%s: %lu operations, %lu bytes of %s code, compiled in %.0f us -> %s\n", info.name,
           (unsigned long)info.op_count, (unsigned long)info.code_bytes, info.isa,
           info.parse_us + info.compile_us, output);
  }
  skarn_executable_release(executable);
  return bad;
}

int main(int argc, char **argv) {
  skarn_client *client = NULL;
  skarn_program program = SKARN_INIT(skarn_program);
  char *file = NULL;
  int bad;
  program.name = "small.mlir";
  program.data = small;
  program.size = strlen(small);
  if (argc == 3) {
    file = read_file(argv[1], &program.size);
    program.name = argv[1];
    program.data = file;
  }
  if ((argc != 1 && argc != 3) || !program.data) {
    fprintf(stderr, "usage: compile_once [PROGRAM OUTPUT.skx]\n");
    return 2;
  }
  bad = failed(skarn_client_create(NULL, &client)) ||
        compile_and_save(client, &program, argc == 3 ? argv[2] : "compiled.skx");
  skarn_client_release(client);
  free(file);
  return bad;
}
