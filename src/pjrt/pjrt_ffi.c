// SPDX-License-Identifier: Apache-2.0
// Handlers of custom calls under XLA's typed FFI: their registry, the frames they are called with,
// and the functions that they may call back.
//
//   skarn_custom_call_frame -> sk_ffi_call_frame -> handler
//
// Handlers belong to the process, as their registration names no client: a list that only grows,
// read without a lock. A target may be registered stage by stage.
//
// A frame lies on the stack as long as it is small. What a handler allocates through the table is
// given back when its call ends; tasks that it schedules run at once, on the same thread.
#include "pjrt/pjrt_ffi.h"

#include <string.h>

#include "base/hash.h"
#include "pjrt/pjrt_door.h"
#include "pjrt/pjrt_extensions.h"
#include "pjrt/pjrt_python.h"

// ---- registry

typedef struct registered {
  struct registered *next;
  char *target;  // owned
  sk_ffi_handler _Atomic stages[SK_FFI_STAGES];
} registered;

static registered *_Atomic handlers;

static registered *find_from(registered *each, const char *target, size_t size) {
  while (each && !sk_pjrt_name_is(target, size, each->target)) {
    each = each->next;
  }
  return each;
}

static registered *find_target(const char *target, size_t size) {
  return find_from(atomic_load_explicit(&handlers, memory_order_acquire), target, size);
}

// One record for all stages of a target, whichever threads register them.
static registered *add_target(const char *target, size_t size) {
  registered *found = find_target(target, size);
  if (found) {
    return found;
  }
  registered *made = sk_mem_zalloc(sizeof *made);
  char *copy = sk_mem_strdup(target, size);
  if (!made || !copy) {
    sk_mem_free(made);
    sk_mem_free(copy);
    return NULL;
  }
  made->target = copy;
  made->next = atomic_load(&handlers);
  do {
    found = find_from(made->next, target, size);
  } while (!found && !atomic_compare_exchange_weak(&handlers, &made->next, made));
  if (found) {  // another thread was faster
    sk_mem_free(copy);
    sk_mem_free(made);
    return found;
  }
  return made;
}

// "Host" and "cpu" in any case, or no name, mean this processor; "Host/instantiate" one stage.
static int stage_of(const char *platform, size_t size) {
  static const struct {
    const char *suffix;
    int stage;
  } stages[] = {{"/instantiate", SK_FFI_INSTANTIATE},
                {"/prepare", SK_FFI_PREPARE},
                {"/initialize", SK_FFI_INITIALIZE}};
  for (size_t i = 0; i < SK_COUNT(stages); i++) {
    size_t length = strlen(stages[i].suffix);
    if (size >= length && memcmp(platform + size - length, stages[i].suffix, length) == 0) {
      return stages[i].stage;
    }
  }
  return SK_FFI_EXECUTE;
}

sk_pjrt_error *sk_pjrt_FFI_Register_Handler(sk_pjrt_FFI_Register_Handler_args *args) {
  registered *record = add_target(args->target_name, args->target_name_size);
  SK_PJRT_TRY(record ? NULL : sk_pjrt_no_memory());
  int stage = args->platform_name ? stage_of(args->platform_name, args->platform_name_size)
                                  : SK_FFI_EXECUTE;
  union {
    void *address;
    sk_ffi_handler handler;
  } view = {args->handler};
  atomic_store(&record->stages[stage], view.handler);
  return NULL;
}

// ---- types: an id is a hash of the name, a deleter may go with it

typedef struct type_record {
  struct type_record *next;
  int64_t id;
  void (*deleter)(void *object);
} type_record;

static type_record *_Atomic types;

static bool add_type(int64_t id, void (*deleter)(void *object)) {
  type_record *made = sk_mem_alloc(sizeof *made);
  if (!made) {
    return false;
  }
  *made = (type_record){atomic_load(&types), id, deleter};
  while (!atomic_compare_exchange_weak(&types, &made->next, made)) {
  }
  return true;
}

static void delete_object(int64_t id, void *object) {
  for (type_record *each = atomic_load(&types); each && object; each = each->next) {
    if (each->id == id && each->deleter) {
      each->deleter(object);
      return;
    }
  }
}

static int64_t id_of(const char *name, size_t size, int64_t given) {
  return given ? given : (int64_t)(sk_hash_bytes(name, size, 1) >> 1 | 1);
}

sk_pjrt_error *sk_pjrt_FFI_Type_Register(sk_pjrt_FFI_Type_Register_args *args) {
  args->type_id = id_of(args->type_name, args->type_name_size, args->type_id);
  void (*const *info)(void *) = args->type_info;
  return !info || add_type(args->type_id, *info) ? NULL : sk_pjrt_no_memory();
}

sk_pjrt_error *sk_pjrt_FFI_UserData_Add(sk_pjrt_FFI_UserData_Add_args *args) {
  sk_pjrt_context *context = args->context;
  if (context->count == SK_PJRT_MAX_USER_DATA) {
    return sk_pjrt_error_new(SKARN_RESOURCE_EXHAUSTED, "a context holds %d kinds of user data",
                             SK_PJRT_MAX_USER_DATA);
  }
  context->user_data[context->count++] = args->user_data;
  return NULL;
}

// ---- what lives as long as a call, or a place in a program

struct sk_ffi_error {
  skarn_status *status;  // NULL: out of memory
};
static sk_ffi_error no_memory;

struct sk_ffi_future {
  skarn_event *event;
};

typedef struct site_state {
  registered *record;
  int64_t type_id;
  void *state;
} site_state;

typedef struct loan {
  struct loan *next;
  void *data;
} loan;

struct sk_ffi_context {
  const skarn_custom_call_frame *call;
  site_state *site;
  loan *loans;  // memory of this call
};

static sk_ffi_error *new_error(skarn_code code, const char *message) {
  sk_ffi_error *error = sk_mem_alloc(sizeof *error);
  if (!error) {
    return &no_memory;
  }
  error->status = skarn_status_create(code == SKARN_OK ? SKARN_UNKNOWN : code, message);
  return error;
}

// Takes the error.
static skarn_status *take_error(sk_ffi_error *error) {
  if (!error) {
    return NULL;
  }
  if (error == &no_memory) {
    return skarn_status_create(SKARN_RESOURCE_EXHAUSTED, "out of memory");
  }
  skarn_status *status = error->status;
  sk_mem_free(error);
  return status;
}

// ---- the functions of the table

static sk_ffi_error *ffi_Error_Create(sk_ffi_Error_Create_args *args) {
  return new_error((skarn_code)args->errc, args->message ? args->message : "");
}

static sk_ffi_error *ffi_Error_GetDetails(sk_ffi_Error_GetDetails_args *args) {
  bool known = args->error->status != NULL;
  args->message = known ? skarn_status_message(args->error->status) : "out of memory";
  if (args->struct_size >= offsetof(sk_ffi_Error_GetDetails_args, errc) + sizeof args->errc) {
    args->errc = known ? (int)skarn_status_code(args->error->status) : SKARN_RESOURCE_EXHAUSTED;
  }
  return NULL;
}

static sk_ffi_error *ffi_Error_Destroy(sk_ffi_Error_Destroy_args *args) {
  skarn_status_free(take_error(args->error));
  return NULL;
}

static sk_ffi_error *ffi_Handler_Register(sk_ffi_Handler_Register_args *args) {
  registered *record = add_target(args->name.ptr, args->name.len);
  if (!record) {
    return &no_memory;
  }
  atomic_store(&record->stages[SK_FFI_INSTANTIATE], args->bundle.instantiate);
  atomic_store(&record->stages[SK_FFI_PREPARE], args->bundle.prepare);
  atomic_store(&record->stages[SK_FFI_INITIALIZE], args->bundle.initialize);
  atomic_store(&record->stages[SK_FFI_EXECUTE], args->bundle.execute);
  return NULL;
}

static sk_ffi_error *ffi_Stream_Get(sk_ffi_Stream_Get_args *args) {
  args->stream = NULL;
  return new_error(SKARN_UNIMPLEMENTED, "a processor has no streams");
}

static sk_ffi_error *ffi_Type_Register(sk_ffi_Type_Register_args *args) {
  *args->type_id = id_of(args->name.ptr, args->name.len, *args->type_id);
  const sk_ffi_type_info *info = args->type_info;
  return add_type(*args->type_id, info ? info->deleter : NULL) ? NULL : &no_memory;
}

static sk_ffi_error *ffi_InvokeContext_Get(sk_ffi_InvokeContext_Get_args *args) {
  const sk_pjrt_context *context = args->ctx->call->context;
  args->data = NULL;
  for (size_t i = 0; context && i < context->count; i++) {
    if (context->user_data[i].type_id == *args->type_id) {
      args->data = context->user_data[i].data;
      return NULL;
    }
  }
  return new_error(SKARN_NOT_FOUND, "this execution has no user data of that type");
}

static sk_ffi_error *ffi_State_Set(sk_ffi_State_Set_args *args) {
  site_state *site = args->ctx->site;
  if (args->stage != SK_FFI_INSTANTIATE || !site) {
    return new_error(SKARN_UNIMPLEMENTED, "only the instantiate stage keeps a state");
  }
  site->type_id = *args->type_id;
  site->state = args->state;
  return NULL;
}

static sk_ffi_error *ffi_State_Get(sk_ffi_State_Get_args *args) {
  const site_state *site = args->ctx->site;
  args->state = NULL;
  if (args->stage != SK_FFI_INSTANTIATE || !site || !site->state ||
      site->type_id != *args->type_id) {
    return new_error(SKARN_NOT_FOUND, "there is no state of that type");
  }
  args->state = site->state;
  return NULL;
}

static sk_ffi_error *ffi_DeviceMemory_Allocate(sk_ffi_DeviceMemory_Allocate_args *args) {
  size_t align = SK_MAX(args->alignment, (size_t)64);
  loan *record = sk_mem_alloc(sizeof *record);
  args->data = align <= 4096 && (align & (align - 1)) == 0
                   ? sk_mem_alloc_aligned(SK_MAX(args->size, (size_t)1), align)
                   : NULL;
  if (!record || !args->data) {
    sk_mem_free(record);
    sk_mem_free(args->data);
    args->data = NULL;
    return &no_memory;
  }
  *record = (loan){args->ctx->loans, args->data};
  args->ctx->loans = record;
  return NULL;
}

static sk_ffi_error *ffi_DeviceMemory_Free(sk_ffi_DeviceMemory_Free_args *args) {
  for (loan **link = &args->ctx->loans; *link; link = &(*link)->next) {
    if ((*link)->data == args->data) {
      loan *record = *link;
      *link = record->next;
      sk_mem_free(record->data);
      sk_mem_free(record);
      return NULL;
    }
  }
  return new_error(SKARN_INVALID_ARGUMENT, "this memory was not allocated by this call");
}

static sk_ffi_error *ffi_ThreadPool_Schedule(sk_ffi_ThreadPool_Schedule_args *args) {
  args->task(args->data);
  return NULL;
}

static sk_ffi_error *ffi_ThreadPool_NumThreads(sk_ffi_ThreadPool_NumThreads_args *args) {
  *args->num_threads = 1;
  return NULL;
}

static sk_ffi_error *ffi_Future_Create(sk_ffi_Future_Create_args *args) {
  args->future = sk_mem_alloc(sizeof *args->future);
  skarn_status *status = args->future ? skarn_event_create(&args->future->event) : NULL;
  if (!args->future || status) {
    skarn_status_free(status);
    sk_mem_free(args->future);
    args->future = NULL;
    return &no_memory;
  }
  return NULL;
}

static sk_ffi_error *set_future(sk_ffi_future *future, skarn_status *error) {
  skarn_status_free(skarn_event_set(future->event, error));
  return NULL;
}

static sk_ffi_error *ffi_Future_SetAvailable(sk_ffi_Future_SetAvailable_args *args) {
  return set_future(args->future, NULL);
}

static sk_ffi_error *ffi_Future_SetError(sk_ffi_Future_SetError_args *args) {
  return set_future(args->future, take_error(args->error));
}

static sk_ffi_error *ffi_RunId_Get(sk_ffi_RunId_Get_args *args) {
  args->run_id = (int64_t)(uintptr_t)args->ctx;  // of executions at once, all differ
  return NULL;
}

static sk_ffi_error *ffi_DeviceOrdinal_Get(sk_ffi_DeviceOrdinal_Get_args *args) {
  const skarn_device *device = args->ctx->call->device;
  args->device_ordinal = device ? skarn_device_id(device) : 0;
  return NULL;
}

static sk_ffi_error *
ffi_InvokeContext_FindExtension(sk_ffi_InvokeContext_FindExtension_args *args) {
  args->extension = NULL;
  return NULL;
}

// A struct that is too short is an error; what its fields say is the handler's affair.
#define F(type, name)
#define X(name, last, fields)                                                                      \
  static sk_ffi_error *ffi_door_##name(sk_ffi_##name##_args *args) {                               \
    if (!args || args->struct_size < offsetof(sk_ffi_##name##_args, last) + sizeof(args->last)) {  \
      return new_error(SKARN_INVALID_ARGUMENT, "XLA_FFI_" #name ": the struct is too short");      \
    }                                                                                              \
    return ffi_##name(args);                                                                       \
  }
#include "pjrt/pjrt_ffi.def"
#undef X
#undef F

static const sk_ffi_api ffi_api = {
    .struct_size = sizeof ffi_api,
    .version = {sizeof ffi_api.version, NULL, SK_FFI_MAJOR, SK_FFI_MINOR},
#define X(name, last, fields) .name = ffi_door_##name,
#include "pjrt/pjrt_ffi.def"
#undef X
};

// ---- frames

static const uint8_t types_to_xla[] = {
#define X(name, pjrt, xla) [SKARN_TYPE_##name] = xla,
#include "pjrt/pjrt_types.def"
#undef X
};

typedef struct frame_memory {
  _Alignas(16) char small[4096];
  char *next;
  size_t left;
  void *heap;
} frame_memory;

static void *take(frame_memory *memory, size_t bytes) {
  bytes = (size_t)sk_align_up(bytes, 16);
  void *at = memory->next;
  memory->next += bytes;
  memory->left -= bytes;
  return at;
}

static void fill_values(frame_memory *memory, const skarn_custom_call_value *values, size_t count,
                        sk_ffi_values *out) {
  *out = (sk_ffi_values){.struct_size = sizeof *out, .size = (int64_t)count};
  out->types = take(memory, count * sizeof *out->types);
  out->values = take(memory, count * sizeof *out->values);
  sk_ffi_buffer *buffers = take(memory, count * sizeof *buffers);
  for (size_t i = 0; i < count; i++) {
    buffers[i] = (sk_ffi_buffer){.struct_size = sizeof *buffers,
                                 .dtype = types_to_xla[values[i].type],
                                 .data = values[i].data,
                                 .rank = (int64_t)values[i].rank,
                                 .dims = sk_pjrt_unconst(values[i].dims)};
    out->types[i] = SK_FFI_BUFFER;
    out->values[i] = &buffers[i];
  }
}

typedef union attr_body {
  sk_ffi_scalar scalar;
  sk_ffi_array array;
  sk_ffi_span string;
} attr_body;

static int fill_attr(const skarn_custom_call_attribute *attr, attr_body *out) {
  switch (attr->kind) {
    case SKARN_ATTRIBUTE_SCALAR:
      out->scalar = (sk_ffi_scalar){types_to_xla[attr->type], sk_pjrt_unconst(attr->data)};
      return SK_FFI_SCALAR;
    case SKARN_ATTRIBUTE_ARRAY:
      out->array =
          (sk_ffi_array){types_to_xla[attr->type], attr->count, sk_pjrt_unconst(attr->data)};
      return SK_FFI_ARRAY;
    case SKARN_ATTRIBUTE_STRING: break;
  }
  out->string = (sk_ffi_span){attr->data, attr->count};
  return SK_FFI_STRING;
}

static void fill_attrs(frame_memory *memory, const skarn_custom_call_frame *call,
                       sk_ffi_attrs *out) {
  size_t count = call->attribute_count;
  *out = (sk_ffi_attrs){.struct_size = sizeof *out, .size = (int64_t)count};
  out->types = take(memory, count * sizeof *out->types);
  out->names = take(memory, count * sizeof *out->names);
  out->attrs = take(memory, count * sizeof *out->attrs);
  sk_ffi_span *spans = take(memory, count * sizeof *spans);
  attr_body *bodies = take(memory, count * sizeof *bodies);
  for (size_t i = 0; i < count; i++) {
    spans[i] = (sk_ffi_span){call->attributes[i].name, strlen(call->attributes[i].name)};
    out->names[i] = &spans[i];
    out->attrs[i] = &bodies[i];
    out->types[i] = fill_attr(&call->attributes[i], &bodies[i]);
  }
}

// Handlers of this project take what is narrower than a byte as it lies in memory, an element in a byte.
static bool takes_narrow_types(const registered *record) {
  return strncmp(record->target, "skarn_", 6) == 0;
}

static skarn_status *check_types(const skarn_custom_call_value *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    switch ((int)values[i].type) {
      case SKARN_TYPE_S2:
      case SKARN_TYPE_S4:
      case SKARN_TYPE_U2:
      case SKARN_TYPE_U4:
      case SKARN_TYPE_F4E2M1FN:
        return skarn_status_create(SKARN_UNIMPLEMENTED,
                                   "custom calls on types narrower than a byte are not supported");
      default: break;
    }
  }
  return NULL;
}

static skarn_status *open_frame(frame_memory *memory, const skarn_custom_call_frame *call,
                                sk_ffi_call_frame *out_frame) {
  size_t values = call->argument_count + call->result_count;
  // Roundings included: fifteen arrays at most.
  size_t needed = values * (sizeof(int) + sizeof(void *) + sizeof(sk_ffi_buffer)) +
                  call->attribute_count *
                      (sizeof(int) + 2 * sizeof(void *) + sizeof(sk_ffi_span) + sizeof(attr_body)) +
                  15 * 16;
  memory->heap = needed > sizeof memory->small ? sk_mem_alloc(needed) : NULL;
  if (needed > sizeof memory->small && !memory->heap) {
    return skarn_status_create(SKARN_RESOURCE_EXHAUSTED, "out of memory");
  }
  memory->next = memory->heap ? memory->heap : memory->small;
  memory->left = needed;
  *out_frame = (sk_ffi_call_frame){.struct_size = SK_FFI_CALL_FRAME_BYTES, .api = &ffi_api};
  fill_values(memory, call->arguments, call->argument_count, &out_frame->args);
  fill_values(memory, call->results, call->result_count, &out_frame->rets);
  fill_attrs(memory, call, &out_frame->attrs);
  return NULL;
}

// ---- calls

static skarn_status *await_future(sk_ffi_future *future) {
  if (!future) {
    return NULL;
  }
  skarn_status *status = skarn_event_await(future->event);
  skarn_event_release(future->event);
  sk_mem_free(future);
  return status;
}

static skarn_status *call_stage(const skarn_custom_call_frame *call, site_state *site, int stage) {
  registered *record = site->record;
  sk_ffi_handler handler = atomic_load(&record->stages[stage]);
  if (!handler) {
    return NULL;
  }
  frame_memory memory;
  sk_ffi_call_frame frame;
  sk_ffi_context context = {.call = call, .site = site};
  const bool any_type = takes_narrow_types(record);
  skarn_status *status = any_type ? NULL : check_types(call->arguments, call->argument_count);
  if (!status && !any_type) {
    status = check_types(call->results, call->result_count);
  }
  if (!status) {
    status = open_frame(&memory, call, &frame);
  }
  if (status) {
    return status;
  }
  frame.ctx = &context;
  frame.stage = stage;
  status = take_error(handler(&frame));
  skarn_status *later = await_future(frame.future);
  if (status) {
    skarn_status_free(later);
  }
  while (context.loans) {
    loan *next = context.loans->next;
    sk_mem_free(context.loans->data);
    sk_mem_free(context.loans);
    context.loans = next;
  }
  sk_mem_free(memory.heap);
  return status ? status : later;
}

static skarn_status *instantiate(const skarn_custom_call_frame *call, void **out_state) {
  site_state *site = sk_mem_zalloc(sizeof *site);
  if (!site) {
    return skarn_status_create(SKARN_RESOURCE_EXHAUSTED, "out of memory");
  }
  site->record = call->user;
  skarn_status *status = call_stage(call, site, SK_FFI_INSTANTIATE);
  if (status) {
    sk_mem_free(site);
    return status;
  }
  *out_state = site;
  return NULL;
}

static skarn_status *execute(const skarn_custom_call_frame *call) {
  skarn_status *status = call_stage(call, call->state, SK_FFI_PREPARE);
  if (!status) {
    status = call_stage(call, call->state, SK_FFI_INITIALIZE);
  }
  return status ? status : call_stage(call, call->state, SK_FFI_EXECUTE);
}

static void destroy(void *user, void *state) {
  site_state *site = state;
  (void)user;
  if (site) {
    delete_object(site->type_id, site->state);
    sk_mem_free(site);
  }
}

bool sk_pjrt_find_custom_call(void *user, const char *target, skarn_custom_call *out_handler) {
  (void)user;
  if (sk_pjrt_find_python_call(target, out_handler)) {
    return true;
  }
  registered *record = find_target(target, strlen(target));
  if (!record || !atomic_load(&record->stages[SK_FFI_EXECUTE])) {
    return false;
  }
  out_handler->instantiate = instantiate;
  out_handler->execute = execute;
  out_handler->destroy = destroy;
  out_handler->user = record;
  return true;
}
