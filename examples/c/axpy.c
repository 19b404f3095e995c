// SPDX-License-Identifier: Apache-2.0
// The smallest whole program: compiles StableHLO text, runs it, prints the result.
//
//   cc axpy.c $(pkg-config --cflags --libs skarn) -o axpy
#include <skarn/skarn.h>
#include <stdio.h>
#include <string.h>

static const char text[] =
    "func.func @main(%a: tensor<f32>, %x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {\n"
    "  %0 = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> tensor<8xf32>\n"
    "  %1 = stablehlo.multiply %0, %x : tensor<8xf32>\n"
    "  %2 = stablehlo.add %1, %y : tensor<8xf32>\n"
    "  return %2 : tensor<8xf32>\n"
    "}\n";

// Prints an error and says whether there was one.
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

static skarn_status *vector(skarn_client *client, const float *data, size_t rank,
                            const int64_t *dims, skarn_buffer **out) {
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  array.data = data;
  array.type = SKARN_TYPE_F32;
  array.rank = rank;
  array.dims = dims;
  return skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, out);
}

int main(void) {
  const float a = 2, x[8] = {0, 1, 2, 3, 4, 5, 6, 7}, y[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  const int64_t dims[1] = {8};
  float result[8];
  skarn_client *client = NULL;
  skarn_executable *axpy = NULL;
  skarn_buffer *arguments[3] = {NULL, NULL, NULL}, *sum = NULL;
  skarn_program program = SKARN_INIT(skarn_program);
  int i, bad;
  program.name = "axpy.mlir";
  program.data = text;
  program.size = strlen(text);

  // Each step runs only if all before it succeeded.
  bad = failed(skarn_client_create(NULL, &client)) ||
        failed(skarn_compile(client, &program, NULL, &axpy)) ||
        failed(vector(client, &a, 0, NULL, &arguments[0])) ||
        failed(vector(client, x, 1, dims, &arguments[1])) ||
        failed(vector(client, y, 1, dims, &arguments[2])) ||
        failed(skarn_executable_execute(axpy, arguments, 3, NULL, &sum, 1)) ||
        failed(skarn_buffer_to_host(sum, result, sizeof result, NULL, NULL));
  for (i = 0; !bad && i < 8; i++) {
    printf("%g%s", (double)result[i], i < 7 ? " " : "\n");
    bad = result[i] != a * x[i] + y[i];
  }

  skarn_buffer_release(sum);
  for (i = 0; i < 3; i++) {
    skarn_buffer_release(arguments[i]);
  }
  skarn_executable_release(axpy);
  skarn_client_release(client);
  return bad;
}
