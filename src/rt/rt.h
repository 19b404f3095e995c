// SPDX-License-Identifier: Apache-2.0
// The runtime: what runs an executable image. It knows nothing of StableHLO, loop IR or gen; all it
// shares with generated code is base/abi.h.
//
//   sk_image    program as bytes: signature, plan, code, constants, slots        (image*.c)
//   sk_client   devices, thread pool, memory pool, code memory                    (client.c)
//     sk_pool      fork-join of parallel regions                                  (pool.c)
//     sk_mempool   size-class pool behind buffers and arenas                      (mempool.c)
//     sk_codemem   W^X memory for code                                            (codemem.c)
//   sk_buffer   counted array on a device                                         (buffer.c)
//   sk_event    becomes ready once                                                (event.c)
//   sk_exec     image loaded into a client, with its frames                       (exec.c, execute.c)
//     sk_handler   function of the host that code may call                         (hostcall.c)
//
//   client <-counted- exec, buffer        An object holds what it needs; nothing points back.
//
// Errors are sk_status. Everything may be called from any thread unless it says otherwise.
#ifndef SK_RT_RT_H
#define SK_RT_RT_H

#include "base/abi.h"
#include "base/arena.h"
#include "base/cpu.h"
#include "base/flags.h"
#include "base/log.h"

// ---- element types

typedef enum sk_dtype {
  SK_DTYPE_INVALID = 0,
#define X(name, value, ...) SK_DTYPE_##name = value,
#include "rt/dtype.def"
#undef X
  SK_DTYPE_COUNT
} sk_dtype;

const char *sk_dtype_name(sk_dtype type);  // MLIR spelling; NULL if not a type
uint32_t sk_dtype_bytes(sk_dtype type);    // per element; 0 for TOKEN and non-types
sk_dtype sk_dtype_find(const char *name);  // SK_DTYPE_INVALID if unknown

#define SK_RT_MAX_RANK 32
// Bytes of an array; false if a dimension is negative, the rank too large, or the product
// overflows.
bool sk_dtype_array_bytes(sk_dtype type, uint32_t rank, const int64_t *dims, uint64_t *out_bytes);

// ---- executable image

typedef struct sk_image_value {  // one argument or result; strings never NULL
  const char *name, *type_text, *memory_kind, *layout, *sharding;
  const int64_t *dims;
  uint64_t bytes;  // of the array; checked when an image is loaded
  uint32_t rank;
  sk_dtype type;
  int32_t alias;   // as the program says: result (or argument) that shares its storage; -1 none
  int32_t shares;  // result: the code writes it in place of this argument; -1 none
  bool donor;      // argument: executing uses it up
} sk_image_value;

typedef enum sk_step_kind {
  SK_STEP_NATIVE = 1,  // entry function at `offset` in the code, sk_entry_fn
  SK_STEP_LOOP = 2,    // whole program as loop IR text, `bytes` of the blob from `offset`
} sk_step_kind;

typedef struct sk_image_step {
  uint32_t kind;  // sk_step_kind
  uint64_t offset, bytes;
} sk_image_step;

typedef struct sk_image_fn {  // for perf maps
  const char *name;
  uint32_t offset, size;
} sk_image_fn;

// All pointers borrowed from whoever filled it in.
typedef struct sk_image {
  const char *name;
  const sk_image_value *args, *results;
  const sk_image_step *steps;
  const uint64_t *carried;  // arena offset per slot after arguments and results
  const sk_image_fn *fns;
  const void *code, *consts, *blob;
  uint64_t code_bytes, const_bytes, blob_bytes;
  uint64_t arena_bytes, scratch_bytes;  // scratch: per thread
  uint64_t kernel_count, op_count;
  double flops, bytes_accessed;  // negative = unknown
  uint32_t arg_count, result_count, step_count, carried_count, fn_count;
  uint32_t isa;       // sk_isa needed by the code
  uint32_t features;  // SK_CPU_* needed by the code
  bool parallel;      // some region goes to the pool
  bool host_calls;    // it calls functions of the host
} sk_image;

// Structure: counts, offsets, sizes, strings. INVALID_ARGUMENT says what is wrong.
sk_status sk_image_check(const sk_image *image) SK_NODISCARD;
// Content hash of what an execution depends on: signature, plan, code, constants.
uint64_t sk_image_fingerprint(const sk_image *image);
// The file format (image_format_int.h). *out_bytes is heap memory of the caller.
sk_status sk_image_write(const sk_image *image, void **out_bytes, size_t *out_len) SK_NODISCARD;
// Tables and strings go to `arena`; code, constants and blob point into `bytes`. DATA_LOSS for
// damaged bytes, FAILED_PRECONDITION for other versions. The arena needs no bail.
sk_status sk_image_read(const void *bytes, size_t len, sk_arena *arena,
                        sk_image *out_image) SK_NODISCARD;

// ---- clients and devices

typedef struct sk_client sk_client;
typedef struct sk_device sk_device;
typedef struct sk_event sk_event;
typedef struct sk_buffer sk_buffer;
typedef struct sk_exec sk_exec;

typedef struct sk_profile {
  void (*span)(void *user, const char *what, const char *name, uint64_t begin_ns, uint64_t end_ns,
               uint64_t launch_id);  // NULL: none
  void *user;
  const volatile int *wanted;  // spans are made while it is not 0; NULL: always
} sk_profile;

static inline bool sk_profile_is_on(const sk_profile *profile) {
  return SK_UNLIKELY(profile->span != NULL &&
                     (!profile->wanted || SK_LOAD_RELAXED(profile->wanted) != 0));
}

// How machine code gets executable memory. AUTO tries the next in turn.
typedef enum sk_codemem_mode {
  SK_CODEMEM_AUTO,
  SK_CODEMEM_DUAL,  // memfd mapped twice
  SK_CODEMEM_FLIP,  // private pages, written and then made executable
  SK_CODEMEM_NONE,
} sk_codemem_mode;

// Something of another room's that lives as long as a client or an executable.
typedef struct sk_attachment {
  void *data;
  void (*destroy)(void *data);
} sk_attachment;

struct sk_handler;
// Fills *out_handler for a target that was not registered; false: nobody knows it. `target` of it
// need not be set.
typedef bool (*sk_find_handler_fn)(void *user, const char *target, struct sk_handler *out_handler);

typedef struct sk_client_config {
  uint32_t device_count;            // 0 = 1
  sk_find_handler_fn find_handler;  // may be NULL
  void *find_user;
  uint64_t memory_limit_bytes;
  sk_log log;
  sk_profile profile;
  sk_codemem_mode code_mode;
  sk_attachment attachment;  // taken on success
} sk_client_config;

enum { SK_MAX_DEVICES = 256, SK_MAX_THREADS = 1024 };

sk_status sk_client_create(const sk_client_config *config, sk_client **out_client) SK_NODISCARD;
void sk_client_retain(sk_client *client);
void sk_client_release(sk_client *client);
uint32_t sk_client_device_count(const sk_client *client);
sk_device *sk_client_device(const sk_client *client, uint32_t index);
// Defaults of everything compiled and loaded here. Set before the client is given out.
sk_flags *sk_client_flags(sk_client *client);
sk_arena *sk_client_flag_arena(sk_client *client);
const sk_log *sk_client_log(const sk_client *client);
const sk_profile *sk_client_profile(const sk_client *client);
bool sk_client_can_execute_code(const sk_client *client);
void sk_client_trim(sk_client *client);
void sk_client_reset_peak(sk_client *client);

typedef struct sk_memory_stats {
  uint64_t in_use, peak, pooled, limit, buffer_count, code_in_use;
} sk_memory_stats;
void sk_client_memory_stats(const sk_client *client, sk_memory_stats *out_stats);

int32_t sk_device_id(const sk_device *device);
sk_client *sk_device_client(const sk_device *device);

// ---- events

sk_status sk_event_create(sk_event **out_event) SK_NODISCARD;
sk_event *sk_event_ready(void);  // the immortal one
void sk_event_retain(sk_event *event);
void sk_event_release(sk_event *event);
sk_status sk_event_set(sk_event *event, sk_status error) SK_NODISCARD;  // takes error
bool sk_event_is_ready(const sk_event *event);
bool sk_event_has_succeeded(const sk_event *event);  // ready, and without an error
sk_status sk_event_await(sk_event *event) SK_NODISCARD;
sk_status sk_event_error(const sk_event *event) SK_NODISCARD;
typedef void (*sk_event_fn)(void *user, sk_status error);
sk_status sk_event_on_ready(sk_event *event, sk_event_fn callback, void *user) SK_NODISCARD;

// ---- buffers

typedef enum sk_host_semantics {
  SK_HOST_DURING_CALL,
  SK_HOST_UNTIL_TRANSFERRED,
  SK_HOST_ZERO_COPY,
  SK_HOST_MUTABLE_ZERO_COPY,
} sk_host_semantics;

typedef void (*sk_release_fn)(void *user, const void *data);

typedef struct sk_host_array {
  const void *data;
  sk_dtype type;
  uint32_t rank;
  const int64_t *dims;
  const int64_t *byte_strides;  // NULL = dense row-major
  sk_host_semantics semantics;
  sk_release_fn release;  // called once if the function succeeds
  void *release_user;
} sk_host_array;

sk_status sk_buffer_from_host(sk_device *device, const sk_host_array *array, sk_event **out_done,
                              sk_buffer **out_buffer) SK_NODISCARD;
sk_status sk_buffer_create(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                           sk_buffer **out_buffer) SK_NODISCARD;
// Its contents come later: readers wait for `ready` (a reference is taken), whose error is theirs.
sk_status sk_buffer_create_pending(sk_device *device, sk_dtype type, uint32_t rank,
                                   const int64_t *dims, sk_event *ready,
                                   sk_buffer **out_buffer) SK_NODISCARD;
sk_event *sk_buffer_ready_event(sk_buffer *buffer);  // a new reference
void sk_buffer_retain(sk_buffer *buffer);
void sk_buffer_release(sk_buffer *buffer);
sk_dtype sk_buffer_type(const sk_buffer *buffer);
uint32_t sk_buffer_rank(const sk_buffer *buffer);
const int64_t *sk_buffer_dims(const sk_buffer *buffer);
uint64_t sk_buffer_bytes(const sk_buffer *buffer);
sk_device *sk_buffer_device(const sk_buffer *buffer);
void sk_buffer_delete(sk_buffer *buffer);
bool sk_buffer_is_deleted(const sk_buffer *buffer);
const void *sk_buffer_data(const sk_buffer *buffer);  // NULL when deleted
void *sk_buffer_mutable_data(sk_buffer *buffer);      // NULL also for views that are read-only
sk_status sk_buffer_add_external_ref(sk_buffer *buffer, const void **out_data) SK_NODISCARD;
void sk_buffer_drop_external_ref(sk_buffer *buffer);
sk_status sk_buffer_to_host(sk_buffer *buffer, void *data, size_t data_bytes,
                            const int64_t *byte_strides, sk_event **out_done) SK_NODISCARD;
// Waits for pending contents, like everything that reads them.
sk_status sk_buffer_copy_to_device(sk_buffer *buffer, sk_device *device,
                                   sk_buffer **out_buffer) SK_NODISCARD;

// ---- functions of the host that programs call

// An array that a call reads or writes; dims in the order of the program, also where `data` has
// another. Laid out as skarn_custom_call_value.
typedef struct sk_call_value {
  size_t struct_size;
  void *data;
  sk_dtype type;
  size_t rank;
  const int64_t *dims;
} sk_call_value;

// Laid out as skarn_custom_call_attribute.
typedef struct sk_call_attr {
  size_t struct_size;
  const char *name;
  int kind;  // sk_call_attr_kind of base/hostcall.h
  sk_dtype type;
  size_t count;
  const void *data;
} sk_call_attr;

// Laid out as skarn_custom_call_frame.
typedef struct sk_host_frame {
  size_t struct_size;
  void *user;     // of the handler
  void *state;    // of this place in the program
  void *context;  // of this execution
  const char *target;
  const sk_call_value *args, *results;
  size_t arg_count, result_count;
  const sk_call_attr *attrs;
  size_t attr_count;
  sk_device *device;
} sk_host_frame;

// All but `execute` may be NULL. Called from any thread, several at once.
typedef struct sk_handler {
  const char *target;
  sk_status (*instantiate)(const sk_host_frame *frame, void **out_state);
  sk_status (*prepare)(const sk_host_frame *frame);
  sk_status (*initialize)(const sk_host_frame *frame);
  sk_status (*execute)(const sk_host_frame *frame);
  void (*destroy)(void *user, void *state);
  void *user;
  void (*release)(void *user);  // when the client ends
} sk_handler;

// Copies it; it stays as long as the client. ALREADY_EXISTS if the target has one.
sk_status sk_client_add_handler(sk_client *client, const sk_handler *handler) SK_NODISCARD;
// NULL: none is registered, and nobody knows one. The client's.
const sk_handler *sk_client_find_handler(sk_client *client, const char *target);

// ---- executables

// What runs an image without native code, from outside this room: the loop runner, the interpreter.
typedef struct sk_runner {
  const char *via;  // static: "loop", "interp"
  sk_status (*run)(void *state, void *const *args, void *const *results);  // NULL: no runner
  void (*destroy)(void *state);
  void *state;
} sk_runner;

typedef struct sk_exec_options {
  uint32_t device;
  uint32_t threads;             // most that take part in one execution; 0 = all usable
  uint64_t memory_limit_bytes;  // arena and outputs of one execution; 0 = none
  bool perf_map;
  bool gdb;
  bool fill_arena;     // tests: NaN bytes in the arena before each execution
  bool allow_foreign;  // code that this processor cannot run is loaded all the same, for saving
  const char *capture_dir;   // bundle that the first execution's arguments go to; NULL: none
  bool isa_unchecked;        // it is run all the same: something emulates what the processor lacks
  sk_runner runner;          // taken on success
  sk_attachment attachment;  // taken on success
  // When set, constants may stay where `image` points, and this is called with `lent` once they are
  // not needed any more. Not called on failure.
  sk_release_fn release;
  void *release_user;
  const void *lent;
} sk_exec_options;

// Copies what it needs of the image. Errors: INVALID_ARGUMENT (image), UNIMPLEMENTED (processor, or
// a loop step without a compiler), RESOURCE_EXHAUSTED.
sk_status sk_exec_create(sk_client *client, const sk_image *image, const sk_exec_options *options,
                         sk_exec **out_exec) SK_NODISCARD;
// Image file -> executable; `bytes` are not needed afterwards unless lent through the options.
sk_status sk_exec_load(sk_client *client, const void *bytes, size_t len,
                       const sk_exec_options *options, sk_exec **out_exec) SK_NODISCARD;
void sk_exec_retain(sk_exec *exec);
void sk_exec_release(sk_exec *exec);
const sk_image *sk_exec_image(const sk_exec *exec);
sk_client *sk_exec_client(const sk_exec *exec);
void *sk_exec_attachment(const sk_exec *exec);

typedef struct sk_exec_facts {
  const char *via;
  double parse_us, compile_us;
  uint64_t fingerprint;
  uint32_t device, threads;
} sk_exec_facts;
// For whoever made it, before it is given out.
void sk_exec_set_times(sk_exec *exec, double parse_us, double compile_us);
void sk_exec_get_facts(const sk_exec *exec, sk_exec_facts *out_facts);

typedef struct sk_call_options {
  const size_t *non_donatable;
  size_t non_donatable_count;
  sk_device *device;  // NULL: the executable's
  sk_device *const
      *devices;  // NULL, or of as many equal parts of the arguments, and of the results
  size_t device_count;
  uint64_t launch_id;
  void *host_context;  // for the handlers that the program calls
  // The call may return before the results are there; they say when.
  bool may_return_early;
  sk_event **out_done;  // NULL, or receives an event: ready when the results are
} sk_call_options;

// Runs it on the calling thread and the client's workers. `options` may be NULL. out_results
// receives result_count references; nothing on failure.
sk_status sk_exec_run(const sk_exec *exec, sk_buffer *const *args, size_t arg_count,
                      const sk_call_options *options, sk_buffer **out_results,
                      size_t result_count) SK_NODISCARD;

// ---- what the compiler's side puts in

// Installed once, when a library that has the compiler is loaded; libskarn_rt alone has none.
typedef struct sk_rt_compiler {
  // Makes a runner of loop IR text.
  sk_status (*load_loop)(const char *text, size_t len, sk_runner *out_runner);
  // Memory that compilations for one client reuse. May give NULL.
  void *(*create_workspace)(void);
  void (*destroy_workspace)(void *workspace);
} sk_rt_compiler;
void sk_rt_install_compiler(const sk_rt_compiler *compiler);  // static storage

// The client's workspace for one compilation; NULL: there is none, or another has it.
void *sk_client_take_workspace(sk_client *client);
void sk_client_give_workspace(sk_client *client, void *workspace);

#endif
