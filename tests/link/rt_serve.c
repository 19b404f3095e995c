// SPDX-License-Identifier: Apache-2.0
// The serving library by itself: this program is linked with libskarn_rt.a and nothing else of
// Skarn. It has `skarn compile` make executables of two programs, one native and one for the loop
// runner, loads and runs the first, and is told precisely why it cannot run the second.
#define _POSIX_C_SOURCE 200809L  // mkdtemp
#include <skarn/runtime.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77 };

static int failures;

static void expect(int condition, const char *what) {
  if (!condition) {
    fprintf(stderr, "failed: %s\n", what);
    failures++;
  }
}

static void expect_ok(skarn_status *status, const char *what) {
  char message[1024];
  if (status) {
    skarn_status_format(status, message, sizeof message);
    fprintf(stderr, "%s: %s\n", what, message);
    failures++;
  }
  skarn_status_free(status);
}

static void expect_code(skarn_status *status, skarn_code code, const char *what) {
  if (skarn_status_code(status) != code) {
    fprintf(stderr, "%s: %s instead of %s (%s)\n", what, skarn_code_name(skarn_status_code(status)),
            skarn_code_name(code), skarn_status_message(status));
    failures++;
  }
  skarn_status_free(status);
}

static const char program[] =
    "func.func @main(%x: tensor<100xf32>, %y: tensor<100xf32>) -> tensor<100xf32> {\n"
    "  %c = stablehlo.constant dense<3.0> : tensor<100xf32>\n"
    "  %0 = stablehlo.multiply %x, %c : tensor<100xf32>\n"
    "  %1 = stablehlo.add %0, %y : tensor<100xf32>\n"
    "  return %1 : tensor<100xf32>\n"
    "}\n";

// Runs `skarn compile`; 0: there is no such program.
static int compile(const char *directory, const char *via, const char *output) {
  char command[4096];
  const char *skarn = getenv("SK_TEST_BIN");
  if (!skarn || access(skarn, X_OK) != 0) {
    return 0;
  }
  snprintf(command, sizeof command, "%s/program.mlir", directory);
  FILE *file = fopen(command, "w");
  if (!file || fputs(program, file) < 0 || fclose(file) != 0) {
    return 0;
  }
  snprintf(command, sizeof command, "'%s' compile '%s/program.mlir' -o '%s/%s' --via %s >/dev/null",
           skarn, directory, directory, output, via);
  expect(system(command) == 0, command);
  return 1;
}

static skarn_buffer *vector(skarn_client *client, const float *data) {
  static const int64_t dims[1] = {100};
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  array.data = data;
  array.type = SKARN_TYPE_F32;
  array.rank = 1;
  array.dims = dims;
  skarn_buffer *buffer = NULL;
  expect_ok(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &buffer),
            "buffer");
  return buffer;
}

static void run(skarn_client *client, const skarn_executable *executable) {
  float x[100], y[100];
  for (int i = 0; i < 100; i++) {
    x[i] = (float)i;
    y[i] = 0.5f;
  }
  skarn_buffer *arguments[2] = {vector(client, x), vector(client, y)}, *result = NULL;
  expect_ok(skarn_executable_execute(executable, arguments, 2, NULL, &result, 1), "execute");
  const float *seen = result ? skarn_buffer_data(result) : NULL;
  for (int i = 0; seen && i < 100; i++) {
    expect(seen[i] == 3.0f * (float)i + 0.5f, "3 x + y");
  }
  skarn_buffer_release(result);
  skarn_buffer_release(arguments[0]);
  skarn_buffer_release(arguments[1]);
}

static void load_and_run(const char *directory) {
  char path[4096];
  skarn_client *client = NULL;
  skarn_executable *executable = NULL;
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  expect_ok(skarn_client_create(NULL, &client), "client");
  snprintf(path, sizeof path, "%s/native.skx", directory);
  expect_ok(skarn_executable_load(client, path, NULL, &executable), "load");
  if (executable) {
    expect_ok(skarn_executable_get_info(executable, &info), "info");
    expect(strcmp(info.via, "native") == 0 && info.code_bytes > 0, "native code");
    run(client, executable);
    skarn_executable_release(executable);
  }
  snprintf(path, sizeof path, "%s/loop.skx", directory);
  expect_code(skarn_executable_load(client, path, NULL, &executable), SKARN_UNIMPLEMENTED,
              "a loop program without the compiler");
  snprintf(path, sizeof path, "%s/program.mlir", directory);
  expect_code(skarn_executable_load(client, path, NULL, &executable), SKARN_DATA_LOSS,
              "no executable at all");
  snprintf(path, sizeof path, "%s/missing.skx", directory);
  expect_code(skarn_executable_load(client, path, NULL, &executable), SKARN_NOT_FOUND,
              "a missing file");
  skarn_client_release(client);
}

int main(void) {
  char directory[] = "/tmp/skarn-link-XXXXXX", command[64];
  if (!mkdtemp(directory)) {
    return 1;
  }
  int compiled =
      compile(directory, "native", "native.skx") && compile(directory, "loop", "loop.skx");
  if (compiled) {
    load_and_run(directory);
  }
  snprintf(command, sizeof command, "rm -rf %s", directory);
  expect(system(command) == 0, "removing the scratch directory");
  if (!compiled) {
    printf("skipped: SK_TEST_BIN does not name the skarn program\n");
    return SKIPPED;
  }
  return failures != 0;
}
