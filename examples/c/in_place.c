// SPDX-License-Identifier: Apache-2.0
// A state that every step uses up: the argument is a donor, so that the old state's memory serves
// again, and the handle of the old state is dead after the call.
//
// The program says so with tf.aliasing_output; option donate=0 would do it from outside.
#include <skarn/skarn.h>
#include <stdio.h>
#include <string.h>

static const char text[] =
    "func.func @main(%state: tensor<1000xf32> {tf.aliasing_output = 0 : i32}, %rate: tensor<f32>)\n"
    "    -> tensor<1000xf32> {\n"
    "  %0 = stablehlo.broadcast_in_dim %rate, dims = [] : (tensor<f32>) -> tensor<1000xf32>\n"
    "  %1 = stablehlo.multiply %state, %0 : tensor<1000xf32>\n"
    "  %2 = stablehlo.subtract %state, %1 : tensor<1000xf32>\n"
    "  return %2 : tensor<1000xf32>\n"
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

int main(void) {
  static float initial[1000];
  const float rate = 0.5f;
  const int64_t dims[1] = {1000};
  skarn_client *client = NULL;
  skarn_executable *step = NULL;
  skarn_buffer *arguments[2] = {NULL, NULL}, *next = NULL;
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  skarn_program program = SKARN_INIT(skarn_program);
  float first = 0;
  int i, bad;
  for (i = 0; i < 1000; i++) {
    initial[i] = 1024;
  }
  program.name = "decay.mlir";
  program.data = text;
  program.size = strlen(text);
  bad = failed(skarn_client_create(NULL, &client)) ||
        failed(skarn_compile(client, &program, NULL, &step));
  if (!bad) {
    array.type = SKARN_TYPE_F32;
    array.data = &rate;
    bad =
        failed(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &arguments[1]));
  }
  if (!bad) {
    array.data = initial;
    array.rank = 1;
    array.dims = dims;
    bad =
        failed(skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, &arguments[0]));
  }
  for (i = 0; !bad && i < 10; i++) {
    bad = failed(skarn_executable_execute(step, arguments, 2, NULL, &next, 1)) ||
          !skarn_buffer_is_deleted(arguments[0]) || skarn_buffer_is_deleted(arguments[1]);
    skarn_buffer_release(arguments[0]);
    arguments[0] = next;
    next = NULL;
  }
  if (!bad) {
    first = *(const float *)skarn_buffer_data(arguments[0]);
    printf("after 10 steps: %g\n", (double)first);
  }
  skarn_buffer_release(arguments[0]);
  skarn_buffer_release(arguments[1]);
  skarn_executable_release(step);
  skarn_client_release(client);
  return bad || first != 1;
}
