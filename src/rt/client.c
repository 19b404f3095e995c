// SPDX-License-Identifier: Apache-2.0
// Clients: devices, pools and code memory together, and the registry that fork() needs.
//
// Devices are names for the same processor and memory. A client ends when its last reference goes,
// and everything made from it holds one.
//
// The registry is the only state of the process: a list of clients. Before a fork the locks that
// protect memory and code are taken, so that the child finds both in order; in the child the
// threads of the pools are forgotten and code memory is made private (codemem.c).
#include <pthread.h>
#include <string.h>

#include "lib/lib.h"
#include "rt/rt_int.h"

// ---- registry

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t registry_once = PTHREAD_ONCE_INIT;
static sk_client *registry;
static int registry_error;

static void before_fork(void) {
  pthread_mutex_lock(&registry_lock);
  for (sk_client *client = registry; client; client = client->next) {
    sk_mutex_lock(&client->code.lock);
    sk_mutex_lock(&client->memory.lock);
    sk_dispatcher_before_fork(client->dispatcher);
  }
}

static void unlock_all(void) {
  for (sk_client *client = registry; client; client = client->next) {
    sk_mutex_unlock(&client->memory.lock);
    sk_mutex_unlock(&client->code.lock);
  }
  pthread_mutex_unlock(&registry_lock);
}

static void in_parent(void) {
  for (sk_client *client = registry; client; client = client->next) {
    sk_dispatcher_in_parent(client->dispatcher);
  }
  unlock_all();
}

static void in_child(void) {
  for (sk_client *client = registry; client; client = client->next) {
    sk_codemem_after_fork(&client->code);
    sk_pool_after_fork(client->pool);
    sk_dispatcher_in_child(client->dispatcher);
  }
  unlock_all();
}

static void watch_forks(void) { registry_error = pthread_atfork(before_fork, in_parent, in_child); }

static sk_status enter_registry(sk_client *client) {
  pthread_once(&registry_once, watch_forks);
  if (registry_error) {
    return sk_status_new(SK_RESOURCE_EXHAUSTED, "cannot install fork handlers (error %d)",
                         registry_error);
  }
  pthread_mutex_lock(&registry_lock);
  client->next = registry;
  if (registry) {
    registry->previous = client;
  }
  registry = client;
  pthread_mutex_unlock(&registry_lock);
  return NULL;
}

static void leave_registry(sk_client *client) {
  pthread_mutex_lock(&registry_lock);
  if (client->next) {
    client->next->previous = client->previous;
  }
  *(client->previous ? &client->previous->next : &registry) = client->next;
  pthread_mutex_unlock(&registry_lock);
}

// ---- the compiler, where there is one

const sk_rt_compiler *sk_rt_the_compiler;

void sk_rt_install_compiler(const sk_rt_compiler *compiler) { sk_rt_the_compiler = compiler; }

void *sk_client_take_workspace(sk_client *client) {
  return atomic_exchange_explicit(&client->workspace, NULL, memory_order_acquire);
}

void sk_client_give_workspace(sk_client *client, void *workspace) {
  if (workspace) {
    atomic_store_explicit(&client->workspace, workspace, memory_order_release);
  }
}

// ---- the parts

static void *function_address(void (*function)(void)) {
  union {
    void (*function)(void);
    void *address;
  } view = {function};
  return view.address;
}

static void fill_builtins(sk_client *client) {
  client->builtins[SK_BUILTIN_PARALLEL] = function_address((void (*)(void))sk_exec_parallel);
  client->builtins[SK_BUILTIN_HOST_CALL] = function_address((void (*)(void))sk_exec_host_call);
  for (int i = SK_BUILTIN_PARALLEL + 1; i < SK_BUILTIN_HOST_CALL; i++) {
    client->builtins[i] = function_address((void (*)(void))sk_lib_find((sk_builtin)i));
  }
}

static void destroy_threads(sk_client *client) {
  if (client->dispatcher) {
    sk_dispatcher_destroy(client->dispatcher);
  }
  if (client->pool) {
    sk_pool_destroy(client->pool);
  }
}

static sk_status make_parts(sk_client *client, const sk_client_config *config) {
  client->pool = sk_pool_create();
  client->dispatcher = sk_dispatcher_create();
  sk_status status = client->pool && client->dispatcher
                         ? sk_mempool_init(&client->memory, config->memory_limit_bytes)
                         : sk_status_no_memory();
  if (status) {
    destroy_threads(client);
    return status;
  }
  status = sk_codemem_init(&client->code, config->code_mode);
  if (!status) {
    status = enter_registry(client);
    if (!status) {
      return NULL;
    }
    sk_codemem_fini(&client->code);
  }
  sk_mempool_fini(&client->memory);
  destroy_threads(client);
  return status;
}

sk_status sk_client_create(const sk_client_config *config, sk_client **out_client) {
  *out_client = NULL;
  uint32_t count = SK_MAX(config->device_count, 1u);
  if (count > SK_MAX_DEVICES) {
    return sk_status_new(SK_INVALID_ARGUMENT, "%u devices are more than %d", count, SK_MAX_DEVICES);
  }
  sk_client *client = sk_mem_zalloc(sizeof *client + count * sizeof(sk_device));
  if (!client) {
    return sk_status_no_memory();
  }
  atomic_store(&client->refs, 1);
  client->log = config->log;
  client->profile = config->profile;
  client->device_count = count;
  for (uint32_t i = 0; i < count; i++) {
    client->devices[i] = (sk_device){client, (int32_t)i};
  }
  sk_flags_init(&client->flags);
  sk_arena_init(&client->flag_arena);
  (void)sk_cpu_get();  // detected now, so that the first program need not wait for it
  fill_builtins(client);
  sk_status status = make_parts(client, config);
  if (status) {
    sk_arena_fini(&client->flag_arena);
    sk_mem_free(client);
    return status;
  }
  if (client->code.mode == SK_CODEMEM_NONE) {
    sk_log_write(&client->log, SK_LOG_WARNING,
                 "the system refuses executable memory: programs run without native code");
  }
  client->attachment = config->attachment;
  client->find_handler = config->find_handler;
  client->find_user = config->find_user;
  if (sk_rt_the_compiler) {
    atomic_store(&client->workspace, sk_rt_the_compiler->create_workspace());
  }
  *out_client = client;
  return NULL;
}

void sk_client_retain(sk_client *client) {
  if (client) {
    atomic_fetch_add_explicit(&client->refs, 1, memory_order_relaxed);
  }
}

void sk_client_release(sk_client *client) {
  if (!client || atomic_fetch_sub_explicit(&client->refs, 1, memory_order_acq_rel) != 1) {
    return;
  }
  leave_registry(client);
  destroy_threads(client);
  sk_client_drop_handlers(client);
  sk_codemem_fini(&client->code);
  sk_mempool_fini(&client->memory);
  sk_arena_fini(&client->flag_arena);
  if (client->workspace) {
    sk_rt_the_compiler->destroy_workspace(client->workspace);
  }
  if (client->attachment.destroy) {
    client->attachment.destroy(client->attachment.data);
  }
  sk_mem_free(client);
}

// ---- asking

uint32_t sk_client_device_count(const sk_client *client) { return client->device_count; }

sk_device *sk_client_device(const sk_client *client, uint32_t index) {
  sk_client *owner = sk_unconst(client);
  return index < client->device_count ? &owner->devices[index] : NULL;
}

sk_flags *sk_client_flags(sk_client *client) { return &client->flags; }
sk_arena *sk_client_flag_arena(sk_client *client) { return &client->flag_arena; }
const sk_log *sk_client_log(const sk_client *client) { return &client->log; }
const sk_profile *sk_client_profile(const sk_client *client) { return &client->profile; }
bool sk_client_can_execute_code(const sk_client *client) {
  return client->code.mode != SK_CODEMEM_NONE;
}
void sk_client_trim(sk_client *client) { sk_mempool_trim(&client->memory); }

void sk_client_reset_peak(sk_client *client) {
  sk_mutex_lock(&client->memory.lock);
  client->memory.peak = client->memory.in_use;
  sk_mutex_unlock(&client->memory.lock);
}

void sk_client_memory_stats(const sk_client *client, sk_memory_stats *out_stats) {
  sk_client *locked = sk_unconst(client);
  sk_mempool *memory = &locked->memory;
  sk_mutex_lock(&memory->lock);
  *out_stats = (sk_memory_stats){.in_use = memory->in_use,
                                 .peak = memory->peak,
                                 .pooled = memory->pooled,
                                 .limit = memory->limit};
  sk_mutex_unlock(&memory->lock);
  out_stats->buffer_count = atomic_load(&locked->buffer_count);
  sk_mutex_lock(&locked->code.lock);
  out_stats->code_in_use = locked->code.in_use;
  sk_mutex_unlock(&locked->code.lock);
}

int32_t sk_device_id(const sk_device *device) { return device->id; }
sk_client *sk_device_client(const sk_device *device) { return device->client; }
