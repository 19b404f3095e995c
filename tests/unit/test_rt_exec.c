// SPDX-License-Identifier: Apache-2.0
// Executables of hand-made images: results, slots, MXCSR, faults, wrong arguments, donation,
// devices, limits, concurrent executions, and every place memory can run out.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fenv.h>
#include <string.h>

#include "base/mem.h"
#include "rt/rt_int.h"
#include "support/rt_images.h"

static sk_client *new_client(void) {
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){0}, &client));
  return client;
}

static sk_exec *load(sk_client *client, sk_image image) {
  sk_exec *exec;
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.threads = 2}, &exec));
  return exec;
}

static sk_buffer *array(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                        const void *data) {
  sk_host_array host = {.data = data, .type = type, .rank = rank, .dims = dims};
  sk_buffer *buffer;
  assert_null(sk_buffer_from_host(device, &host, NULL, &buffer));
  return buffer;
}

static sk_buffer *vector(sk_client *client, int64_t count, const int64_t *data) {
  return array(sk_client_device(client, 0), SK_DTYPE_S64, 1, &count, data);
}

static void expect_status(sk_status status, sk_code code, const char *part) {
  assert_int_equal(sk_status_code(status), code);
  if (!strstr(sk_status_message(status), part)) {
    fail_msg("'%s' does not mention '%s'", sk_status_message(status), part);
  }
  sk_status_free(status);
}

static void adds(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_add());
  float a = 1.5f, b = 2.25f, c;
  sk_device *device = sk_client_device(client, 0);
  sk_buffer *args[2] = {array(device, SK_DTYPE_F32, 0, NULL, &a),
                        array(device, SK_DTYPE_F32, 0, NULL, &b)};
  for (int i = 0; i < 3; i++) {
    sk_buffer *result;
    assert_null(sk_exec_run(exec, args, 2, NULL, &result, 1));
    assert_int_equal(sk_buffer_type(result), SK_DTYPE_F32);
    assert_null(sk_buffer_to_host(result, &c, sizeof c, NULL, NULL));
    assert_true(c == 3.75f);
    assert_int_equal((uintptr_t)sk_buffer_data(result) % 64, 0);
    sk_buffer_release(result);
  }
  sk_exec_facts facts;
  sk_exec_get_facts(exec, &facts);
  assert_string_equal(facts.via, "native");
  assert_int_equal(facts.fingerprint, sk_image_fingerprint(sk_exec_image(exec)));
  // The client lives as long as anything made from it.
  sk_client_release(client);
  sk_buffer_release(args[0]);
  sk_exec_release(exec);
  sk_buffer_release(args[1]);
}

static void refuses_wrong_arguments(void **state) {
  (void)state;
  sk_client *client = new_client(), *other = new_client();
  sk_exec *exec = load(client, rt_image_add());
  sk_device *device = sk_client_device(client, 0);
  float a = 1;
  int64_t dims[2] = {2, 3}, data[6] = {0};
  sk_buffer *good = array(device, SK_DTYPE_F32, 0, NULL, &a), *result;
  sk_buffer *wrong = array(device, SK_DTYPE_S64, 2, dims, data);
  sk_buffer *elsewhere = array(sk_client_device(other, 0), SK_DTYPE_F32, 0, NULL, &a);
  expect_status(sk_exec_run(exec, (sk_buffer *[]){good}, 1, NULL, &result, 1), SK_INVALID_ARGUMENT,
                "2 arguments");
  expect_status(sk_exec_run(exec, (sk_buffer *[]){good, wrong}, 2, NULL, &result, 1),
                SK_INVALID_ARGUMENT, "argument 1 of 'add' must be tensor<?>, got tensor<2x3xi64>");
  assert_null(result);
  expect_status(sk_exec_run(exec, (sk_buffer *[]){NULL, good}, 2, NULL, &result, 1),
                SK_INVALID_ARGUMENT, "argument 0 of 'add' is missing");
  expect_status(sk_exec_run(exec, (sk_buffer *[]){good, elsewhere}, 2, NULL, &result, 1),
                SK_INVALID_ARGUMENT, "device 0");
  sk_buffer_delete(good);
  expect_status(sk_exec_run(exec, (sk_buffer *[]){good, good}, 2, NULL, &result, 1),
                SK_FAILED_PRECONDITION, "deleted or donated");
  sk_buffer_release(good);
  sk_buffer_release(wrong);
  sk_buffer_release(elsewhere);
  sk_exec_release(exec);
  sk_client_release(client);
  sk_client_release(other);
}

// MXCSR is the default inside and the host's afterwards; carried slots are set anew; the arena can
// be filled.
static void sets_the_machine_state(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_image image = rt_image_state();
  sk_exec *exec;
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.fill_arena = true}, &exec));
  uint32_t host = sk_mxcsr_get();
  sk_mxcsr_set(0x1F80 | 0x8040 | 0x6000);  // FTZ, DAZ, round to zero
  for (int i = 0; i < 3; i++) {
    sk_buffer *result;
    assert_null(sk_exec_run(exec, NULL, 0, NULL, &result, 1));
    const int64_t *seen = sk_buffer_data(result);
    assert_int_equal((uint32_t)seen[0], 0x1F80);
    assert_int_equal(seen[1], -1);
    assert_int_equal(seen[2], 0);
    assert_int_equal(seen[3], 4096);
    sk_buffer_release(result);
    assert_int_equal(sk_mxcsr_get(), 0x1F80 | 0x8040 | 0x6000);
  }
  sk_mxcsr_set(host);
  sk_exec_release(exec);
  sk_client_release(client);
}

static void reports_faults(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_exec *exec = load(client, rt_image_fault());
  sk_buffer *result;
  for (int i = 0; i < 2; i++) {
    expect_status(sk_exec_run(exec, NULL, 0, NULL, &result, 1), SK_RESOURCE_EXHAUSTED,
                  "'fault' stopped with fault 8");
    assert_null(result);
  }
  sk_exec_release(exec);
  sk_client_release(client);
}

// ---- donation

typedef struct in_place {
  sk_client *client;
  sk_exec *exec;
  int64_t given[2];
} in_place;

static in_place start(bool donor) {
  in_place t = {.client = new_client(), .given = {40, -1}};
  t.exec = load(t.client, rt_image_in_place(donor));
  return t;
}

static void finish(in_place *t) {
  sk_exec_release(t->exec);
  sk_client_release(t->client);
}

static const void *run_in_place(in_place *t, sk_buffer *arg, const sk_call_options *options) {
  sk_buffer *result;
  assert_null(sk_exec_run(t->exec, &arg, 1, options, &result, 1));
  const int64_t *seen = sk_buffer_data(result);
  assert_int_equal(seen[0], 41);
  assert_int_equal(seen[1], 41);  // the argument's slot showed the new value
  sk_buffer_release(result);
  return seen;
}

static void donates_owned_storage(void **state) {
  (void)state;
  in_place t = start(true);
  sk_buffer *arg = vector(t.client, 2, t.given);
  const void *storage = sk_buffer_data(arg);
  assert_ptr_equal(run_in_place(&t, arg, NULL), storage);
  assert_true(sk_buffer_is_deleted(arg));
  assert_null(sk_buffer_data(arg));
  sk_buffer_release(arg);
  finish(&t);
}

static void copies_without_donor(void **state) {
  (void)state;
  in_place t = start(false);
  sk_buffer *arg = vector(t.client, 2, t.given);
  const int64_t *storage = sk_buffer_data(arg);
  assert_ptr_not_equal(run_in_place(&t, arg, NULL), storage);
  assert_false(sk_buffer_is_deleted(arg));
  assert_int_equal(storage[0], 40);
  sk_buffer_release(arg);
  finish(&t);
}

static void copies_when_vetoed(void **state) {
  (void)state;
  in_place t = start(true);
  sk_buffer *arg = vector(t.client, 2, t.given);
  size_t veto = 0;
  run_in_place(&t, arg, &(sk_call_options){.non_donatable = &veto, .non_donatable_count = 1});
  assert_false(sk_buffer_is_deleted(arg));
  sk_buffer_release(arg);
  finish(&t);
}

static void copies_when_referenced(void **state) {
  (void)state;
  in_place t = start(true);
  sk_buffer *arg = vector(t.client, 2, t.given);
  const void *seen;
  assert_null(sk_buffer_add_external_ref(arg, &seen));
  assert_ptr_not_equal(run_in_place(&t, arg, NULL), seen);
  assert_int_equal(((const int64_t *)seen)[0], 40);
  assert_false(sk_buffer_is_deleted(arg));
  sk_buffer_drop_external_ref(arg);
  run_in_place(&t, arg, NULL);
  assert_true(sk_buffer_is_deleted(arg));
  expect_status(sk_buffer_add_external_ref(arg, &seen), SK_FAILED_PRECONDITION, "donated");
  sk_buffer_release(arg);
  finish(&t);
}

static void count_release(void *user, const void *data) {
  (void)data;
  ++*(int *)user;
}

// A view is copied, the argument deleted all the same; a mutable one may be written.
static void borrowed_donors(void **state) {
  (void)state;
  for (int is_mutable = 0; is_mutable < 2; is_mutable++) {
    in_place t = start(true);
    int released = 0;
    int64_t dims = 2;
    sk_host_array host = {.data = t.given, .type = SK_DTYPE_S64, .rank = 1, .dims = &dims};
    host.semantics = is_mutable ? SK_HOST_MUTABLE_ZERO_COPY : SK_HOST_ZERO_COPY;
    host.release = count_release;
    host.release_user = &released;
    sk_buffer *arg;
    sk_event *done;
    assert_null(sk_buffer_from_host(sk_client_device(t.client, 0), &host, &done, &arg));
    assert_ptr_equal(sk_buffer_data(arg), t.given);
    assert_false(sk_event_is_ready(done));
    const void *result = run_in_place(&t, arg, NULL);
    assert_int_equal(result == t.given, is_mutable);
    assert_int_equal(t.given[0], is_mutable ? 41 : 40);
    assert_true(sk_buffer_is_deleted(arg));
    assert_int_equal(released, 1);
    assert_true(sk_event_is_ready(done));
    sk_event_release(done);
    sk_buffer_release(arg);
    assert_int_equal(released, 1);
    finish(&t);
  }
}

static void refuses_double_donation(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_image image = rt_image_add();
  sk_image_value args[2] = {image.args[0], image.args[1]};
  args[1].donor = true;
  image.args = args;
  sk_exec *exec = load(client, image);
  float a = 1;
  sk_buffer *arg = array(sk_client_device(client, 0), SK_DTYPE_F32, 0, NULL, &a), *result;
  expect_status(sk_exec_run(exec, (sk_buffer *[]){arg, arg}, 2, NULL, &result, 1),
                SK_INVALID_ARGUMENT, "argument 1 of 'add' is donated and also given as argument 0");
  assert_false(sk_buffer_is_deleted(arg));
  sk_buffer_release(arg);
  sk_exec_release(exec);
  sk_client_release(client);
}

// Where it fails before anything ran, the donor is as it was; the call can be made again.
static void keeps_donors_when_it_cannot_begin(void **state) {
  (void)state;
  for (uint64_t n = 2;; n++) {
    in_place t = start(true);
    sk_buffer *arg = vector(t.client, 2, t.given), *result;
    sk_call_options options = {.may_return_early = n % 2 != 0};
    sk_mem_fail_at(n / 2, false);
    sk_status status = sk_exec_run(t.exec, &arg, 1, &options, &result, 1);
    bool failed = sk_mem_fail_hits() != 0;
    sk_mem_fail_at(0, false);
    assert_int_equal(failed, status != NULL);
    if (failed) {
      expect_status(status, SK_RESOURCE_EXHAUSTED, "memory");
      assert_false(sk_buffer_is_deleted(arg));
      assert_int_equal(*(const int64_t *)sk_buffer_data(arg), 40);
      run_in_place(&t, arg, NULL);
    } else {
      sk_buffer_release(result);
    }
    assert_true(sk_buffer_is_deleted(arg));
    sk_buffer_release(arg);
    finish(&t);
    if (!failed && options.may_return_early) {
      assert_true(n > 4);
      return;
    }
  }
}

// ---- memory, devices, steps

static void keeps_to_limits(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_image image = rt_image_state();
  sk_exec *exec;
  expect_status(
      sk_exec_create(client, &image, &(sk_exec_options){.memory_limit_bytes = 8192}, &exec),
      SK_RESOURCE_EXHAUSTED, "8224 bytes");
  sk_client_release(client);
  // Room for the arena and three results.
  uint64_t limit = 8192 + 3 * (32 + sk_align_up(sizeof(sk_buffer), 64));
  assert_null(sk_client_create(&(sk_client_config){.memory_limit_bytes = limit}, &client));
  exec = load(client, image);
  sk_buffer *results[4];
  for (int i = 0; i < 3; i++) {
    assert_null(sk_exec_run(exec, NULL, 0, NULL, results + i, 1));
  }
  expect_status(sk_exec_run(exec, NULL, 0, NULL, results + 3, 1), SK_RESOURCE_EXHAUSTED, "limit");
  sk_buffer_release(results[0]);
  assert_null(sk_exec_run(exec, NULL, 0, NULL, results + 3, 1));
  sk_memory_stats stats;
  sk_client_memory_stats(client, &stats);
  assert_int_equal(stats.buffer_count, 3);
  assert_true(stats.in_use == limit && stats.peak == limit && stats.limit == limit);
  for (int i = 1; i < 4; i++) {
    sk_buffer_release(results[i]);
  }
  sk_client_memory_stats(client, &stats);
  assert_int_equal(stats.buffer_count, 0);
  assert_true(stats.pooled > 0);
  sk_client_trim(client);
  sk_client_memory_stats(client, &stats);
  assert_int_equal(stats.pooled, 0);
  sk_exec_release(exec);
  sk_client_release(client);
}

static void runs_on_its_device(void **state) {
  (void)state;
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){.device_count = 3}, &client));
  sk_image image = rt_image_add();
  sk_exec *exec;
  expect_status(sk_exec_create(client, &image, &(sk_exec_options){.device = 3}, &exec),
                SK_INVALID_ARGUMENT, "device 3");
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.device = 2}, &exec));
  float a = 1;
  sk_device *second = sk_client_device(client, 2);
  sk_buffer *arg = array(sk_client_device(client, 0), SK_DTYPE_F32, 0, NULL, &a), *moved, *result;
  assert_null(sk_buffer_copy_to_device(arg, second, &moved));
  assert_ptr_equal(sk_buffer_device(moved), second);
  assert_null(sk_exec_run(exec, (sk_buffer *[]){moved, moved}, 2, NULL, &result, 1));
  assert_ptr_equal(sk_buffer_device(result), second);
  sk_buffer_release(result);
  expect_status(sk_exec_run(exec, (sk_buffer *[]){arg, moved}, 2, NULL, &result, 1),
                SK_INVALID_ARGUMENT, "not on device 2");
  sk_call_options there = {.device = sk_client_device(client, 0)};
  assert_null(sk_exec_run(exec, (sk_buffer *[]){arg, arg}, 2, &there, &result, 1));
  sk_buffer_release(result);
  sk_buffer_release(arg);
  sk_buffer_release(moved);
  sk_exec_release(exec);
  sk_client_release(client);
}

static void count_span(void *user, const char *what, const char *name, uint64_t begin_ns,
                       uint64_t end_ns, uint64_t launch_id) {
  assert_string_equal(what, "execute");
  assert_string_equal(name, "constants");
  assert_true(begin_ns <= end_ns);
  *(uint64_t *)user += launch_id;
}

static void runs_all_steps(void **state) {
  (void)state;
  uint64_t launches = 0;
  sk_client *client;
  volatile int wanted = 1;
  sk_client_config config = {.profile = {count_span, &launches, &wanted}};
  assert_null(sk_client_create(&config, &client));
  sk_exec *exec = load(client, rt_image_constants(1000));
  assert_memory_equal(sk_exec_image(exec)->consts, rt_image_constants(1000).consts, 1000);
  assert_int_equal((uintptr_t)sk_exec_image(exec)->consts % 64, 0);
  assert_null(sk_exec_run(exec, NULL, 0, &(sk_call_options){.launch_id = 5}, NULL, 0));
  assert_int_equal(launches, 5);
  wanted = 0;
  assert_null(sk_exec_run(exec, NULL, 0, &(sk_call_options){.launch_id = 5}, NULL, 0));
  assert_int_equal(launches, 5);
  sk_exec_release(exec);
  sk_client_release(client);
}

static void lends_constants(void **state) {
  (void)state;
  sk_client *client = new_client();
  int released = 0;
  sk_image image = rt_image_constants(4096);
  sk_exec_options options = {.release = count_release, .release_user = &released};
  sk_exec *exec;
  assert_null(sk_exec_create(client, &image, &options, &exec));
  assert_ptr_equal(sk_exec_image(exec)->consts, image.consts);
  assert_int_equal(released, 0);
  sk_exec_release(exec);
  assert_int_equal(released, 1);
  // Not aligned: copied, and given back at once.
  image.consts = (const char *)image.consts + 8;
  assert_null(sk_exec_create(client, &image, &options, &exec));
  assert_int_equal(released, 2);
  sk_exec_release(exec);
  assert_int_equal(released, 2);
  sk_client_release(client);
}

static void refuses_foreign_code(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_image image = rt_image_fault();
  image.isa = 99;
  sk_exec *exec;
  sk_buffer *result;
  expect_status(sk_exec_create(client, &image, &(sk_exec_options){0}, &exec), SK_UNIMPLEMENTED,
                "this processor has");
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.allow_foreign = true}, &exec));
  expect_status(sk_exec_run(exec, NULL, 0, NULL, &result, 1), SK_UNIMPLEMENTED,
                "this processor cannot run 'fault'");
  assert_memory_equal(sk_exec_image(exec)->code, image.code, image.code_bytes);
  sk_exec_release(exec);
  image = rt_image_fault();
  image.features = 1u << 31;
  expect_status(sk_exec_create(client, &image, &(sk_exec_options){0}, &exec), SK_UNIMPLEMENTED,
                "features 0x80000000");
  sk_client_release(client);
}

// ---- runners

typedef struct test_runner {
  int runs, destroyed;
} test_runner;

static sk_status run_sum(void *user, void *const *args, void *const *results) {
  ((test_runner *)user)->runs++;
  if ((uintptr_t)args[0] % 4 != 0 || (uintptr_t)args[1] % 4 != 0) {
    return sk_status_new(SK_INTERNAL, "arguments are not aligned");
  }
  *(float *)results[0] = *(const float *)args[0] + *(const float *)args[1];
  return NULL;
}

static void destroy_runner(void *user) { ((test_runner *)user)->destroyed++; }

// A runner takes the place of code, on arguments aligned for it.
static void runs_through_a_runner(void **state) {
  (void)state;
  sk_client *client;
  assert_null(sk_client_create(&(sk_client_config){.code_mode = SK_CODEMEM_NONE}, &client));
  assert_false(sk_client_can_execute_code(client));
  sk_image image = rt_image_add();
  sk_exec *exec;
  expect_status(sk_exec_create(client, &image, &(sk_exec_options){0}, &exec), SK_UNIMPLEMENTED,
                "executable memory");
  image.step_count = 0;
  image.code_bytes = 0;
  test_runner counts = {0, 0};
  sk_exec_options options = {.runner = {"test", run_sum, destroy_runner, &counts}};
  image.arg_count = 1u << 30;
  expect_status(sk_exec_create(client, &image, &options, &exec), SK_INVALID_ARGUMENT, "too many");
  assert_int_equal(counts.destroyed, 0);  // still ours
  image.arg_count = 2;
  assert_null(sk_exec_create(client, &image, &options, &exec));
  char bytes[16];
  float a = 3, b = 4;
  memcpy(bytes + 1, &a, 4);
  memcpy(bytes + 7, &b, 4);
  sk_buffer *args[2], *result;
  for (int i = 0; i < 2; i++) {
    sk_host_array host = {
        .data = bytes + 1 + 6 * i, .type = SK_DTYPE_F32, .semantics = SK_HOST_ZERO_COPY};
    assert_null(sk_buffer_from_host(sk_client_device(client, 0), &host, NULL, &args[i]));
  }
  assert_null(sk_exec_run(exec, args, 2, NULL, &result, 1));
  assert_true(*(const float *)sk_buffer_data(result) == 7.0f);
  sk_buffer_release(result);
  sk_buffer_release(args[0]);
  sk_buffer_release(args[1]);
  sk_exec_facts facts;
  sk_exec_get_facts(exec, &facts);
  assert_string_equal(facts.via, "test");
  sk_exec_release(exec);
  assert_int_equal(counts.runs, 1);
  assert_int_equal(counts.destroyed, 1);
  sk_client_release(client);
}

// ---- several threads

enum { CALLERS = 4, CALLS = 300, ELEMS = 5000 };

typedef struct caller {
  sk_exec *exec;
  sk_buffer *arg;
  sk_thread thread;
  int64_t wrong;
} caller;

static void call_many(void *raw) {
  caller *c = raw;
  for (int i = 0; i < CALLS; i++) {
    sk_buffer *result;
    sk_status status = sk_exec_run(c->exec, &c->arg, 1, NULL, &result, 1);
    if (status) {
      sk_status_free(status);
      c->wrong++;
      continue;
    }
    const int64_t *seen = sk_buffer_data(result);
    for (int64_t e = 0; e < ELEMS; e++) {
      c->wrong += seen[e] != 2 * e + 1;
    }
    sk_buffer_release(result);
  }
}

static void concurrent_executions(void **state) {
  (void)state;
  sk_client *client = new_client();
  sk_image image = rt_image_parallel(ELEMS, 64, 16);
  sk_exec *exec;
  assert_null(sk_exec_create(client, &image, &(sk_exec_options){.threads = 3}, &exec));
  static int64_t data[ELEMS];
  for (int64_t i = 0; i < ELEMS; i++) {
    data[i] = i;
  }
  sk_buffer *arg = vector(client, ELEMS, data);
  caller callers[CALLERS];
  for (int i = 0; i < CALLERS; i++) {
    callers[i] = (caller){.exec = exec, .arg = arg};
    assert_null(sk_thread_start(&callers[i].thread, "caller", call_many, &callers[i]));
  }
  for (int i = 0; i < CALLERS; i++) {
    sk_thread_join(&callers[i].thread);
    assert_int_equal(callers[i].wrong, 0);
  }
  sk_buffer_release(arg);
  sk_exec_release(exec);
  sk_client_release(client);
}

// ---- memory that runs out

// Everything from a client to results, with the n-th allocation failing, for every n.
static bool whole_life(void) {
  sk_client *client;
  sk_exec *exec = NULL, *sorter = NULL;
  sk_buffer *arg = NULL, *result = NULL, *floats = NULL, *sorted = NULL;
  int64_t data[2] = {40, 0}, two = 2, many = 1000;  // a row that takes memory
  float unsorted[1000] = {0};
  sk_image image = rt_image_in_place(true), sort = rt_image_sort(1000);
  sk_host_array host = {.data = data, .type = SK_DTYPE_S64, .rank = 1, .dims = &two};
  sk_host_array row = {.data = unsorted, .type = SK_DTYPE_F32, .rank = 1, .dims = &many};
  sk_status status = sk_client_create(&(sk_client_config){0}, &client);
  if (!status) {
    sk_device *device = sk_client_device(client, 0);
    (void)((status = sk_exec_create(client, &image, &(sk_exec_options){0}, &exec)) ||
           (status = sk_exec_create(client, &sort, &(sk_exec_options){0}, &sorter)) ||
           (status = sk_buffer_from_host(device, &host, NULL, &arg)) ||
           (status = sk_buffer_from_host(device, &row, NULL, &floats)) ||
           (status = sk_exec_run(exec, &arg, 1, NULL, &result, 1)) ||
           (status = sk_exec_run(sorter, &floats, 1, NULL, &sorted, 1)));
    sk_buffer_release(arg);
    sk_buffer_release(result);
    sk_buffer_release(floats);
    sk_buffer_release(sorted);
    sk_exec_release(exec);
    sk_exec_release(sorter);
    sk_client_release(client);
  }
  if (!status) {
    return true;
  }
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  return false;
}

static void survives_exhausted_memory(void **state) {
  (void)state;
  for (int sticky = 0; sticky < 2; sticky++) {
    uint64_t n = 1;
    for (;; n++) {
      sk_mem_fail_at(n, sticky);
      bool done = whole_life();
      uint64_t hits = sk_mem_fail_hits();
      sk_mem_fail_at(0, false);
      if (hits == 0) {
        assert_true(done);
        break;
      }
      // A failure that changes nothing would be one nobody noticed.
      assert_false(done);
    }
    assert_true(n > 10);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adds),
      cmocka_unit_test(refuses_wrong_arguments),
      cmocka_unit_test(sets_the_machine_state),
      cmocka_unit_test(reports_faults),
      cmocka_unit_test(donates_owned_storage),
      cmocka_unit_test(copies_without_donor),
      cmocka_unit_test(copies_when_vetoed),
      cmocka_unit_test(copies_when_referenced),
      cmocka_unit_test(borrowed_donors),
      cmocka_unit_test(refuses_double_donation),
      cmocka_unit_test(keeps_donors_when_it_cannot_begin),
      cmocka_unit_test(keeps_to_limits),
      cmocka_unit_test(runs_on_its_device),
      cmocka_unit_test(runs_all_steps),
      cmocka_unit_test(lends_constants),
      cmocka_unit_test(refuses_foreign_code),
      cmocka_unit_test(runs_through_a_runner),
      cmocka_unit_test(concurrent_executions),
      cmocka_unit_test(survives_exhausted_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
