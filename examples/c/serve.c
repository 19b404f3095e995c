// SPDX-License-Identifier: Apache-2.0
// Loads a saved executable and runs it again and again on buffers it lends: needs nothing but
// skarn/runtime.h and libskarn_rt.a (or libskarn).
//
//   serve [FILE.skx]         default: compiled.skx, as compile_once writes it
#include <skarn/runtime.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_VALUES = 64 };

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

static void returned(void *user, const void *data) {
  (void)data;
  ++*(int *)user;
}

// A view of our own memory: nothing is copied; `returned` tells when it is ours again.
static skarn_status *lend(skarn_client *client, const skarn_value_info *value, void *memory,
                          int *returns, skarn_buffer **out) {
  skarn_host_array array = SKARN_INIT(skarn_host_array);
  size_t i;
  for (i = 0; i < value->bytes; i++) {
    ((unsigned char *)memory)[i] = 0;
  }
  array.data = memory;
  array.type = value->type;
  array.rank = value->rank;
  array.dims = value->dims;
  array.semantics = SKARN_HOST_ZERO_COPY;
  array.release = returned;
  array.release_user = returns;
  return skarn_buffer_from_host(skarn_client_device(client, 0), &array, NULL, out);
}

static int run_requests(const skarn_executable *executable, skarn_buffer *const *arguments,
                        const skarn_executable_info *info) {
  skarn_buffer *results[MAX_VALUES];
  int request;
  size_t i;
  for (request = 0; request < 1000; request++) {
    if (failed(skarn_executable_execute(executable, arguments, info->argument_count, NULL, results,
                                        info->result_count))) {
      return 1;
    }
    for (i = 0; i < info->result_count; i++) {
      skarn_value_info value = SKARN_INIT(skarn_value_info);
      if (request == 0 && !failed(skarn_executable_result(executable, i, &value))) {
        printf("result %d: %s", (int)i, value.type_text);
        if (value.type == SKARN_TYPE_F32 && value.bytes) {
          printf(", first element %g", (double)*(const float *)skarn_buffer_data(results[i]));
        }
        printf("\n");
      }
      skarn_buffer_release(results[i]);
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  skarn_client *client = NULL;
  skarn_executable *executable = NULL;
  skarn_executable_info info = SKARN_INIT(skarn_executable_info);
  skarn_buffer *arguments[MAX_VALUES] = {NULL};
  void *memory[MAX_VALUES] = {NULL};
  int returns = 0, bad;
  size_t i, lent = 0;
  bad = failed(skarn_client_create(NULL, &client)) ||
        failed(skarn_executable_load(client, argc > 1 ? argv[1] : "compiled.skx", NULL,
                                     &executable)) ||
        failed(skarn_executable_get_info(executable, &info)) || info.argument_count > MAX_VALUES ||
        info.result_count > MAX_VALUES;
  for (i = 0; !bad && i < info.argument_count; i++) {
    skarn_value_info value = SKARN_INIT(skarn_value_info);
    bad = failed(skarn_executable_argument(executable, i, &value));
    memory[i] = bad ? NULL : malloc(value.bytes ? value.bytes : 1);
    bad = !memory[i] || failed(lend(client, &value, memory[i], &returns, &arguments[i]));
    lent += !bad && value.bytes != 0;
  }
  bad = bad || run_requests(executable, arguments, &info);
  for (i = 0; i < MAX_VALUES; i++) {
    skarn_buffer_release(arguments[i]);
  }
  // Now every view has been given back, and the memory may go.
  bad = bad || returns != (int)lent;
  for (i = 0; i < MAX_VALUES; i++) {
    free(memory[i]);
  }
  skarn_executable_release(executable);
  skarn_client_release(client);
  return bad;
}
