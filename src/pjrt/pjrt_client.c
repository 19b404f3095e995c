// SPDX-License-Identifier: Apache-2.0
// Clients: create options, devices and their memories, statistics.
//
// One allocation holds a client's devices and memories; it lives until the client is destroyed and
// the last buffer and executable is gone. All devices share the processor, and the three kinds of
// memory that clients of CPUs know are the same memory.
//
// Create options: "platform" ("skarn", or "cpu" to stand in for XLA's), "num_devices", and
// "skarn_NAME" for option NAME of the runtime or compiler. Others belong to somebody else.
#include <string.h>

#include "pjrt/pjrt_ffi.h"
#include "pjrt/pjrt_options.h"
#include "pjrt/pjrt_profiler.h"

const char *const sk_pjrt_memory_kinds[SK_PJRT_MEMORY_KINDS] = {"device", "pinned_host",
                                                                "unpinned_host"};

// ---- user data of memories

static void *get_user_data(sk_pjrt_memory *memory, const void *key) {
  for (int i = 0; i < SK_PJRT_USER_DATA; i++) {
    if (atomic_load_explicit(&memory->user[i].key, memory_order_acquire) == key) {
      return atomic_load_explicit(&memory->user[i].data, memory_order_acquire);
    }
  }
  return NULL;
}

// A key is set once and stays; a client has two, and there is room for several clients' layers.
static void set_user_data(sk_pjrt_memory *memory, const void *key, void *data,
                          void (*dtor)(void *)) {
  for (int i = 0; i < SK_PJRT_USER_DATA; i++) {
    const void *seen = NULL;
    if (atomic_compare_exchange_strong(&memory->user[i].key, &seen, key) || seen == key) {
      void *old = atomic_exchange(&memory->user[i].data, data);
      if (old && memory->user[i].dtor) {
        memory->user[i].dtor(old);
      }
      memory->user[i].dtor = dtor;
      return;
    }
  }
}

static const sk_pjrt_memory_table memory_table = {.struct_size = sizeof memory_table,
                                                  .instance_struct_size = sizeof(void *),
                                                  .get_user_data = get_user_data,
                                                  .set_user_data = set_user_data};

static void fini_memory(sk_pjrt_memory *memory) {
  for (int i = 0; i < SK_PJRT_USER_DATA; i++) {
    void *data = atomic_load(&memory->user[i].data);
    if (data && memory->user[i].dtor) {
      memory->user[i].dtor(data);
    }
  }
  sk_mem_free(memory->text);
}

// ---- creating

static void destroy_client(sk_pjrt_client *client) {
  for (size_t i = 0; client->devices && i < client->device_count; i++) {
    sk_pjrt_device *device = &client->devices[i];
    skarn_buffer_release(device->token);
    for (int k = 0; k < SK_PJRT_MEMORY_KINDS; k++) {
      fini_memory(&device->memories[k]);
    }
  }
  sk_mem_free(client->devices);
  sk_mem_free(client->device_list);
  sk_mem_free(client->memory_list);
  sk_pjrt_topology_destroy(client->topology);
  skarn_client_release(client->client);
  sk_mem_free(client);
}

void sk_pjrt_client_retain(sk_pjrt_client *client) {
  atomic_fetch_add_explicit(&client->refs, 1, memory_order_relaxed);
}

void sk_pjrt_client_release(sk_pjrt_client *client) {
  if (atomic_fetch_sub_explicit(&client->refs, 1, memory_order_acq_rel) == 1) {
    destroy_client(client);
  }
}

static sk_pjrt_error *init_device(sk_pjrt_client *client, size_t index) {
  sk_pjrt_device *device = &client->devices[index];
  device->client = client;
  device->device = skarn_client_device(client->client, index);
  device->desc = &client->topology->descs[index];
  bool ok = true;
  for (int k = 0; k < SK_PJRT_MEMORY_KINDS; k++) {
    sk_pjrt_memory *memory = &device->memories[k];
    memory->table = &memory_table;
    memory->device = device;
    memory->id = (int)index * SK_PJRT_MEMORY_KINDS + k;
    memory->kind = k;
    memory->kind_size = strlen(sk_pjrt_memory_kinds[k]);
    memory->text = sk_pjrt_text("SKARN_MEMORY_%d(%s)", memory->id, sk_pjrt_memory_kinds[k]);
    ok = ok && memory->text;
    device->memory_list[k] = memory;
    client->memory_list[memory->id] = memory;
  }
  client->device_list[index] = device;
  SK_PJRT_TRY(ok ? NULL : sk_pjrt_no_memory());
  return sk_pjrt_error_from(
      skarn_buffer_create(device->device, SKARN_TYPE_TOKEN, 0, NULL, &device->token));
}

// Its programs are written for XLA: that comes before what the client says.
static sk_pjrt_error *create_under(sk_pjrt_client *client, const sk_pjrt_create_options *options) {
  skarn_client_options under = SKARN_INIT(skarn_client_options);
  size_t count = options->list.count;
  skarn_option *all = sk_mem_alloc((count + 1) * sizeof *all);
  if (!all) {
    return sk_pjrt_no_memory();
  }
  all[0] = (skarn_option){"scatter", "window"};
  for (size_t i = 0; i < count; i++) {
    all[i + 1] = options->list.options[i];
  }
  under.device_count = options->device_count;
  under.options = all;
  under.option_count = count + 1;
  under.find_custom_call = sk_pjrt_find_custom_call;
  under.profile = sk_pjrt_profile;
  under.profile_wanted = &sk_pjrt_profile_wanted;
  skarn_status *status = skarn_client_create(&under, &client->client);
  sk_mem_free(all);
  return sk_pjrt_error_from(status);
}

static sk_pjrt_error *init_client(sk_pjrt_client *client, const sk_pjrt_create_options *options) {
  SK_PJRT_TRY(create_under(client, options));
  size_t count = skarn_client_device_count(client->client);
  SK_PJRT_TRY(sk_pjrt_topology_create(options->is_cpu, count, &client->topology));
  client->devices = sk_mem_zalloc(count * sizeof *client->devices);
  client->device_list = sk_mem_zalloc(count * sizeof(void *));
  client->memory_list = sk_mem_zalloc(count * SK_PJRT_MEMORY_KINDS * sizeof(void *));
  if (!client->devices || !client->device_list || !client->memory_list) {
    return sk_pjrt_no_memory();
  }
  client->device_count = count;
  for (size_t i = 0; i < count; i++) {
    SK_PJRT_TRY(init_device(client, i));
  }
  return NULL;
}

sk_pjrt_error *sk_pjrt_client_create(const sk_pjrt_create_options *options,
                                     sk_pjrt_client **out_client) {
  *out_client = NULL;
  sk_pjrt_client *client = sk_mem_zalloc(sizeof *client);
  SK_PJRT_TRY(client ? NULL : sk_pjrt_no_memory());
  sk_pjrt_error *error = init_client(client, options);
  if (error) {
    destroy_client(client);
    return error;
  }
  atomic_store(&client->refs, 1);
  *out_client = client;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_Create(sk_pjrt_Client_Create_args *args) {
  args->client = NULL;
  sk_pjrt_create_options options;
  sk_pjrt_error *error =
      sk_pjrt_read_create_options(args->create_options, args->num_options, &options);
  if (!error) {
    error = sk_pjrt_client_create(&options, &args->client);
  }
  sk_pjrt_option_list_fini(&options.list);
  return error;
}

sk_pjrt_error *sk_pjrt_Client_Destroy(sk_pjrt_Client_Destroy_args *args) {
  sk_pjrt_client_release(args->client);
  return NULL;
}

// ---- asking clients

sk_pjrt_device *sk_pjrt_client_find(const sk_pjrt_client *client, int64_t id) {
  return id >= 0 && (uint64_t)id < client->device_count ? &client->devices[id] : NULL;
}

sk_pjrt_error *sk_pjrt_client_place(sk_pjrt_client *client, sk_pjrt_memory *memory,
                                    sk_pjrt_device *device, sk_pjrt_memory **out_memory) {
  if (!memory) {
    memory = device ? &device->memories[0] : &client->devices[0].memories[0];
  }
  if (memory->device->client != client) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%s belongs to another client",
                             memory->device->desc->text);
  }
  *out_memory = memory;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_PlatformName(sk_pjrt_Client_PlatformName_args *args) {
  args->platform_name = args->client->topology->platform_name;
  args->platform_name_size = strlen(args->platform_name);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_PlatformVersion(sk_pjrt_Client_PlatformVersion_args *args) {
  args->platform_version = args->client->topology->platform_version;
  args->platform_version_size = strlen(args->platform_version);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_ProcessIndex(sk_pjrt_Client_ProcessIndex_args *args) {
  args->process_index = 0;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_Devices(sk_pjrt_Client_Devices_args *args) {
  args->devices = args->client->device_list;
  args->num_devices = args->client->device_count;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Client_AddressableDevices(sk_pjrt_Client_AddressableDevices_args *args) {
  args->addressable_devices = args->client->device_list;
  args->num_addressable_devices = args->client->device_count;
  return NULL;
}

static sk_pjrt_error *look_up(const sk_pjrt_client *client, int id, sk_pjrt_device **out_device) {
  *out_device = sk_pjrt_client_find(client, id);
  return *out_device ? NULL
                     : sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "no device %d: there are %zu", id,
                                         client->device_count);
}

sk_pjrt_error *sk_pjrt_Client_LookupDevice(sk_pjrt_Client_LookupDevice_args *args) {
  return look_up(args->client, args->id, &args->device);
}

sk_pjrt_error *
sk_pjrt_Client_LookupAddressableDevice(sk_pjrt_Client_LookupAddressableDevice_args *args) {
  return look_up(args->client, args->local_hardware_id, &args->addressable_device);
}

sk_pjrt_error *sk_pjrt_Client_AddressableMemories(sk_pjrt_Client_AddressableMemories_args *args) {
  args->addressable_memories = args->client->memory_list;
  args->num_addressable_memories = args->client->device_count * SK_PJRT_MEMORY_KINDS;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Client_UpdateGlobalProcessInfo(sk_pjrt_Client_UpdateGlobalProcessInfo_args *args) {
  (void)args;  // there are no other processes
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Client_DefaultDeviceAssignment(sk_pjrt_Client_DefaultDeviceAssignment_args *args) {
  int64_t count = (int64_t)args->num_replicas * args->num_partitions;
  if (args->num_replicas < 1 || args->num_partitions < 1 ||
      count > (int64_t)args->client->device_count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "%d replicas of %d partitions on %zu devices",
                             args->num_replicas, args->num_partitions, args->client->device_count);
  }
  if (!args->default_assignment || args->default_assignment_size < (size_t)count) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "room for %zu of %lld assignments",
                             args->default_assignment_size, (long long)count);
  }
  for (int64_t i = 0; i < count; i++) {
    args->default_assignment[i] = (int)i;
  }
  return NULL;
}

// The host's memory needs no mapping.
sk_pjrt_error *sk_pjrt_Client_DmaMap(sk_pjrt_Client_DmaMap_args *args) {
  (void)args;
  return NULL;
}
sk_pjrt_error *sk_pjrt_Client_DmaUnmap(sk_pjrt_Client_DmaUnmap_args *args) {
  (void)args;
  return NULL;
}

// ---- devices

sk_pjrt_error *sk_pjrt_Device_GetDescription(sk_pjrt_Device_GetDescription_args *args) {
  args->device_description = args->device->desc;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_IsAddressable(sk_pjrt_Device_IsAddressable_args *args) {
  args->is_addressable = true;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_LocalHardwareId(sk_pjrt_Device_LocalHardwareId_args *args) {
  args->local_hardware_id = args->device->desc->id;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_AddressableMemories(sk_pjrt_Device_AddressableMemories_args *args) {
  args->memories = args->device->memory_list;
  args->num_memories = SK_PJRT_MEMORY_KINDS;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_DefaultMemory(sk_pjrt_Device_DefaultMemory_args *args) {
  args->memory = &args->device->memories[0];
  return NULL;
}

static void delete_nothing(void *object) { (void)object; }

sk_pjrt_error *sk_pjrt_Device_GetAttributes(sk_pjrt_Device_GetAttributes_args *args) {
  args->attributes = NULL;
  args->num_attributes = 0;
  args->device_attributes = NULL;
  args->attributes_deleter = delete_nothing;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_MemoryStats(sk_pjrt_Device_MemoryStats_args *args) {
  skarn_memory_stats stats = SKARN_INIT(skarn_memory_stats);
  SK_PJRT_TRY(sk_pjrt_error_from(skarn_client_memory_stats(args->device->client->client, &stats)));
  size_t known = offsetof(sk_pjrt_Device_MemoryStats_args, bytes_in_use);
  size_t bytes = SK_MIN(args->struct_size, sizeof *args);
  memset((char *)args + known, 0, bytes - known);
  args->bytes_in_use = (int64_t)stats.bytes_in_use;
  args->peak_bytes_in_use = (int64_t)stats.peak_bytes_in_use;
  args->peak_bytes_in_use_is_set = true;
  args->bytes_limit = (int64_t)stats.bytes_limit;
  args->bytes_limit_is_set = stats.bytes_limit != 0;
  args->num_allocs = (int64_t)stats.buffer_count;
  args->num_allocs_is_set = true;
  args->pool_bytes = (int64_t)stats.bytes_pooled;
  args->pool_bytes_is_set = true;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Device_ClearMemoryStats(sk_pjrt_Device_ClearMemoryStats_args *args) {
  skarn_client_reset_peak(args->device->client->client);
  return NULL;
}

// Executions end when their call or event does: there is nothing to poison or to track.
sk_pjrt_error *sk_pjrt_Device_PoisonExecution(sk_pjrt_Device_PoisonExecution_args *args) {
  args->poisoned = false;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_Device_CreateAsyncTrackingEvent(sk_pjrt_Device_CreateAsyncTrackingEvent_args *args) {
  args->event = args->device;  // any address: it is only ever destroyed
  return NULL;
}

sk_pjrt_error *sk_pjrt_AsyncTrackingEvent_Destroy(sk_pjrt_AsyncTrackingEvent_Destroy_args *args) {
  (void)args;
  return NULL;
}

// ---- memories

sk_pjrt_error *sk_pjrt_Memory_Id(sk_pjrt_Memory_Id_args *args) {
  args->id = args->memory->id;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Memory_Kind(sk_pjrt_Memory_Kind_args *args) {
  args->kind = sk_pjrt_memory_kinds[args->memory->kind];
  args->kind_size = args->memory->kind_size;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Memory_Kind_Id(sk_pjrt_Memory_Kind_Id_args *args) {
  args->kind_id = args->memory->kind;
  return NULL;
}

sk_pjrt_error *sk_pjrt_Memory_DebugString(sk_pjrt_Memory_DebugString_args *args) {
  args->debug_string = args->memory->text;
  args->debug_string_size = strlen(args->debug_string);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Memory_ToString(sk_pjrt_Memory_ToString_args *args) {
  args->to_string = args->memory->text;
  args->to_string_size = strlen(args->to_string);
  return NULL;
}

sk_pjrt_error *sk_pjrt_Memory_AddressableByDevices(sk_pjrt_Memory_AddressableByDevices_args *args) {
  sk_pjrt_device *device = args->memory->device;
  args->devices = &device->client->device_list[device->desc->id];
  args->num_devices = 1;
  return NULL;
}
