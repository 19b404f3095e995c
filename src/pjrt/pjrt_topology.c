// SPDX-License-Identifier: Apache-2.0
// Topologies: devices described without a client, and compiling for them.
//
// Every client has one; a client library can also make one by name or from bytes:
//
//   bytes   "SKTOPO1" 0 | platform ('c' or 's') | device count, 4 bytes, little-endian
#include <string.h>

#include "base/hash.h"
#include "pjrt/pjrt_int.h"
#include "pjrt/pjrt_options.h"

static const char topology_magic[8] = "SKTOPO1";
enum { TOPOLOGY_BYTES = 8 + 1 + 4, MAX_DEVICES = 256 };

// ---- making

void sk_pjrt_topology_destroy(sk_pjrt_topology *topology) {
  if (!topology) {
    return;
  }
  for (size_t i = 0; topology->descs && i < topology->device_count; i++) {
    sk_mem_free(topology->descs[i].debug);
    sk_mem_free(topology->descs[i].text);
  }
  sk_mem_free(topology->descs);
  sk_mem_free(topology->desc_list);
  sk_mem_free(topology->platform_version);
  sk_mem_free(topology);
}

static bool describe(sk_pjrt_topology *topology, bool is_cpu) {
  topology->platform_name = is_cpu ? "cpu" : "skarn";
  topology->platform_version = sk_pjrt_platform_version();
  topology->descs = sk_mem_zalloc(topology->device_count * sizeof *topology->descs);
  topology->desc_list = sk_mem_zalloc(topology->device_count * sizeof(void *));
  bool ok = topology->platform_version && topology->descs && topology->desc_list;
  for (size_t i = 0; ok && i < topology->device_count; i++) {
    sk_pjrt_device_desc *desc = &topology->descs[i];
    desc->id = (int)i;
    desc->kind = topology->platform_name;
    desc->debug = sk_pjrt_text("%s:%zu", topology->platform_name, i);
    desc->text = sk_pjrt_text("%sDevice(id=%zu)", is_cpu ? "Cpu" : "Skarn", i);
    topology->desc_list[i] = desc;
    ok = desc->debug && desc->text;
  }
  return ok;
}

sk_pjrt_error *sk_pjrt_topology_create(bool is_cpu, size_t device_count,
                                       sk_pjrt_topology **out_topology) {
  sk_pjrt_topology *topology = sk_mem_zalloc(sizeof *topology);
  *out_topology = topology;
  if (topology) {
    topology->device_count = device_count;
  }
  if (!topology || !describe(topology, is_cpu)) {
    sk_pjrt_topology_destroy(topology);
    *out_topology = NULL;
    return sk_pjrt_no_memory();
  }
  return NULL;
}

sk_pjrt_error *sk_pjrt_TopologyDescription_Create(sk_pjrt_TopologyDescription_Create_args *args) {
  sk_pjrt_create_options options;
  args->topology = NULL;
  sk_pjrt_error *error =
      sk_pjrt_read_create_options(args->create_options, args->num_options, &options);
  if (!error) {
    error = sk_pjrt_topology_create(options.is_cpu, options.device_count, &args->topology);
  }
  sk_pjrt_option_list_fini(&options.list);
  return error;
}

sk_pjrt_error *sk_pjrt_TopologyDescription_Destroy(sk_pjrt_TopologyDescription_Destroy_args *args) {
  sk_pjrt_topology_destroy(args->topology);
  return NULL;
}

// Owned by the client.
sk_pjrt_error *sk_pjrt_Client_TopologyDescription(sk_pjrt_Client_TopologyDescription_args *args) {
  args->topology = args->client->topology;
  return NULL;
}

// ---- bytes

static void free_bytes(void *bytes) { sk_mem_free(bytes); }

sk_pjrt_error *
sk_pjrt_TopologyDescription_Serialize(sk_pjrt_TopologyDescription_Serialize_args *args) {
  char *bytes = sk_mem_alloc(TOPOLOGY_BYTES);
  SK_PJRT_TRY(bytes ? NULL : sk_pjrt_no_memory());
  uint32_t count = (uint32_t)args->topology->device_count;
  memcpy(bytes, topology_magic, 8);
  bytes[8] = args->topology->platform_name[0];
  memcpy(bytes + 9, &count, sizeof count);
  args->serialized_bytes = bytes;
  args->serialized_bytes_size = TOPOLOGY_BYTES;
  args->serialized_topology = bytes;
  args->serialized_topology_deleter = free_bytes;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_TopologyDescription_Deserialize(sk_pjrt_TopologyDescription_Deserialize_args *args) {
  const char *bytes = args->serialized_topology;
  uint32_t count = 0;
  args->topology = NULL;
  bool ok = args->serialized_topology_size == TOPOLOGY_BYTES &&
            memcmp(bytes, topology_magic, 8) == 0 && (bytes[8] == 'c' || bytes[8] == 's');
  if (ok) {
    memcpy(&count, bytes + 9, sizeof count);
  }
  if (!ok || count < 1 || count > MAX_DEVICES) {
    return sk_pjrt_error_new(SKARN_INVALID_ARGUMENT, "these bytes are no topology of Skarn");
  }
  return sk_pjrt_topology_create(bytes[8] == 'c', count, &args->topology);
}

// ---- asking

sk_pjrt_error *
sk_pjrt_TopologyDescription_PlatformName(sk_pjrt_TopologyDescription_PlatformName_args *args) {
  args->platform_name = args->topology->platform_name;
  args->platform_name_size = strlen(args->platform_name);
  return NULL;
}

sk_pjrt_error *sk_pjrt_TopologyDescription_PlatformVersion(
    sk_pjrt_TopologyDescription_PlatformVersion_args *args) {
  args->platform_version = args->topology->platform_version;
  args->platform_version_size = strlen(args->platform_version);
  return NULL;
}

sk_pjrt_error *sk_pjrt_TopologyDescription_GetDeviceDescriptions(
    sk_pjrt_TopologyDescription_GetDeviceDescriptions_args *args) {
  args->descriptions = args->topology->desc_list;
  args->num_descriptions = args->topology->device_count;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_TopologyDescription_Attributes(sk_pjrt_TopologyDescription_Attributes_args *args) {
  args->attributes = NULL;
  args->num_attributes = 0;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_TopologyDescription_Fingerprint(sk_pjrt_TopologyDescription_Fingerprint_args *args) {
  const sk_pjrt_topology *topology = args->topology;
  args->fingerprint =
      sk_hash_bytes(topology->platform_version, strlen(topology->platform_version),
                    sk_hash_mix(topology->device_count, topology->platform_name[0]));
  return NULL;
}

sk_pjrt_error *sk_pjrt_TopologyDescription_GetMemorySpaceKindIds(
    sk_pjrt_TopologyDescription_GetMemorySpaceKindIds_args *args) {
  static const int ids[SK_PJRT_MEMORY_KINDS] = {0, 1, 2};
  args->memory_space_kind_ids = ids;
  args->num_memory_space_kind_ids = SK_PJRT_MEMORY_KINDS;
  return NULL;
}

// ---- descriptions of devices

sk_pjrt_error *sk_pjrt_DeviceDescription_Id(sk_pjrt_DeviceDescription_Id_args *args) {
  args->id = args->device_description->id;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_DeviceDescription_ProcessIndex(sk_pjrt_DeviceDescription_ProcessIndex_args *args) {
  args->process_index = 0;
  return NULL;
}

sk_pjrt_error *
sk_pjrt_DeviceDescription_Attributes(sk_pjrt_DeviceDescription_Attributes_args *args) {
  args->attributes = NULL;
  args->num_attributes = 0;
  return NULL;
}

sk_pjrt_error *sk_pjrt_DeviceDescription_Kind(sk_pjrt_DeviceDescription_Kind_args *args) {
  args->device_kind = args->device_description->kind;
  args->device_kind_size = strlen(args->device_kind);
  return NULL;
}

sk_pjrt_error *
sk_pjrt_DeviceDescription_DebugString(sk_pjrt_DeviceDescription_DebugString_args *args) {
  args->debug_string = args->device_description->debug;
  args->debug_string_size = strlen(args->debug_string);
  return NULL;
}

sk_pjrt_error *sk_pjrt_DeviceDescription_ToString(sk_pjrt_DeviceDescription_ToString_args *args) {
  args->to_string = args->device_description->text;
  args->to_string_size = strlen(args->to_string);
  return NULL;
}
