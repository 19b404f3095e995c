// SPDX-License-Identifier: Apache-2.0
// Skarn, the part that runs programs: devices, buffers, events, executables.
//
//   client -> device(s)    each client has its threads, code memory and buffer pool
//   host bytes -> buffer -> execute -> buffer -> host bytes
//
// libskarn_rt.a has exactly the functions of this header: it loads executables saved with
// skarn_executable_serialize or skarn_executable_save and runs them, without the compiler. skarn.h
// adds compiling; libskarn has both.
//
// Conventions
//   - Handles are opaque. `create`, `from`, `load` and `out_` parameters hand a reference to the
//     caller, who gives it back with the matching `release`. `retain` adds one. NULL may be
//     released. Everything derived from a client keeps the client alive.
//   - Functions that can fail return skarn_status *: NULL is success; anything else belongs to the
//     caller (skarn_status_free). After a failure the `out_` parameters are NULL or zero, unless
//     stated.
//   - Structs that may grow begin with `size_t struct_size`: set it to sizeof the struct
//     (SKARN_INIT does) and leave the rest zero for defaults. Fields are only ever appended.
//   - Strings given out belong to the object they came from and live as long as it. Strings given
//     in are copied.
//   - Every function may be called from any thread at any time, unless it says otherwise; one
//     object may be used by several threads at once. What must not happen is releasing an object
//     while another thread still uses that same reference.
//   - The library prints nothing, reads no environment variable, changes no signal handler, and
//     never ends the process. After fork() the child may go on using its clients; worker threads
//     are started anew.
//   - Executables are code. Load them only from a source you trust as you would a shared library;
//     damaged ones are refused.
#ifndef SKARN_RUNTIME_H
#define SKARN_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SKARN_VERSION_MAJOR 0
#define SKARN_VERSION_MINOR 1
#define SKARN_VERSION_PATCH 0

#if defined(__GNUC__)
#define SKARN_API __attribute__((visibility("default")))
#else
#define SKARN_API
#endif

// A cleared struct with struct_size set: skarn_load_options o = SKARN_INIT(skarn_load_options);
#ifdef __cplusplus
#define SKARN_INIT(type) (::skarn_init_struct<type>())
#else
#define SKARN_INIT(type) ((type){.struct_size = sizeof(type)})
#endif

typedef struct skarn_status skarn_status;
typedef struct skarn_client skarn_client;
typedef struct skarn_device skarn_device;
typedef struct skarn_buffer skarn_buffer;
typedef struct skarn_event skarn_event;
typedef struct skarn_executable skarn_executable;
typedef struct skarn_bytes skarn_bytes;

// "0.1.0": the version of the library, which may be newer than that of the header.
SKARN_API const char *skarn_version(void);

// ---- status

// Values equal those of absl::StatusCode and PJRT_Error_Code.
typedef enum skarn_code {
  SKARN_OK = 0,
  SKARN_CANCELLED = 1,
  SKARN_UNKNOWN = 2,
  SKARN_INVALID_ARGUMENT = 3,  // the program, array, option or argument is wrong
  SKARN_DEADLINE_EXCEEDED = 4,
  SKARN_NOT_FOUND = 5,  // a named thing does not exist
  SKARN_ALREADY_EXISTS = 6,
  SKARN_PERMISSION_DENIED = 7,
  SKARN_RESOURCE_EXHAUSTED = 8,   // memory or a configured limit
  SKARN_FAILED_PRECONDITION = 9,  // the object is in the wrong state, for example a deleted buffer
  SKARN_ABORTED = 10,
  SKARN_OUT_OF_RANGE = 11,
  SKARN_UNIMPLEMENTED = 12,  // valid, but not supported (yet, or on this processor)
  SKARN_INTERNAL = 13,       // a defect in Skarn
  SKARN_UNAVAILABLE = 14,
  SKARN_DATA_LOSS = 15,  // a saved executable is damaged
  SKARN_UNAUTHENTICATED = 16
} skarn_code;

// A new status, for callbacks that report errors. SKARN_OK gives NULL. The message is copied.
SKARN_API skarn_status *skarn_status_create(skarn_code code, const char *message);
SKARN_API skarn_code skarn_status_code(const skarn_status *status);  // SKARN_OK for NULL
// One line without position; "" for NULL.
SKARN_API const char *skarn_status_message(const skarn_status *status);
// Where in the input: file may be NULL; line and column count from 1, 0 = unknown.
SKARN_API const char *skarn_status_file(const skarn_status *status);
SKARN_API uint32_t skarn_status_line(const skarn_status *status);
SKARN_API uint32_t skarn_status_column(const skarn_status *status);
// The whole text, "file:line:column: error: message [CODE]" and notes, into buf (always terminated
// if buf_bytes > 0). Returns the bytes needed, terminator included.
SKARN_API size_t skarn_status_format(const skarn_status *status, char *buf, size_t buf_bytes);
SKARN_API void skarn_status_free(skarn_status *status);
SKARN_API const char *skarn_code_name(skarn_code code);  // "INVALID_ARGUMENT"

// ---- element types

// Buffers hold one element per skarn_type_bytes, also for types narrower than a byte: signed
// integers sign-extended, others zero-extended. PRED is 0 or 1. Values never change: they are part
// of saved executables.
typedef enum skarn_type {
  SKARN_TYPE_INVALID = 0,
  SKARN_TYPE_PRED = 1,
  SKARN_TYPE_S2 = 2,
  SKARN_TYPE_S4 = 3,
  SKARN_TYPE_S8 = 4,
  SKARN_TYPE_S16 = 5,
  SKARN_TYPE_S32 = 6,
  SKARN_TYPE_S64 = 7,
  SKARN_TYPE_U2 = 8,
  SKARN_TYPE_U4 = 9,
  SKARN_TYPE_U8 = 10,
  SKARN_TYPE_U16 = 11,
  SKARN_TYPE_U32 = 12,
  SKARN_TYPE_U64 = 13,
  SKARN_TYPE_F4E2M1FN = 14,
  SKARN_TYPE_F6E2M3FN = 15,
  SKARN_TYPE_F6E3M2FN = 16,
  SKARN_TYPE_F8E3M4 = 17,
  SKARN_TYPE_F8E4M3 = 18,
  SKARN_TYPE_F8E4M3FN = 19,
  SKARN_TYPE_F8E4M3FNUZ = 20,
  SKARN_TYPE_F8E4M3B11FNUZ = 21,
  SKARN_TYPE_F8E5M2 = 22,
  SKARN_TYPE_F8E5M2FNUZ = 23,
  SKARN_TYPE_F8E8M0FNU = 24,
  SKARN_TYPE_BF16 = 25,
  SKARN_TYPE_F16 = 26,
  SKARN_TYPE_F32 = 27,
  SKARN_TYPE_F64 = 28,
  SKARN_TYPE_C64 = 29,
  SKARN_TYPE_C128 = 30,  // real part first
  SKARN_TYPE_TOKEN = 31  // no bytes
} skarn_type;

// As MLIR spells it: "f32", "ui8", "i1"; NULL if not a type.
SKARN_API const char *skarn_type_name(skarn_type type);
SKARN_API size_t skarn_type_bytes(skarn_type type);  // bytes per element; 0 for TOKEN and non-types
SKARN_API skarn_type skarn_type_find(const char *name);  // SKARN_TYPE_INVALID if unknown

// ---- options

// A compiler or runtime option as text; keys and values are listed by `skarn --help` and in
// docs/cli.md ("threads" = "2"). Unknown keys are NOT_FOUND, bad values INVALID_ARGUMENT.
typedef struct skarn_option {
  const char *key, *value;
} skarn_option;

// ---- client and devices

typedef enum skarn_log_level {
  SKARN_LOG_DEBUG = 0,
  SKARN_LOG_INFO = 1,
  SKARN_LOG_WARNING = 2,
  SKARN_LOG_ERROR = 3
} skarn_log_level;
// Called from any thread, never while a lock of the library is held. `message` lives until the sink
// returns.
typedef void (*skarn_log_fn)(void *user, skarn_log_level level, const char *message);

// A span of time that has just ended: an execution ("execute"), a part of a kernel that threads share
// ("kernel"), or a stage of compiling ("parse", "fuse", ...). Nanoseconds of the monotonic clock.
// Strings live until the sink returns. Called on the thread that did the work.
typedef struct skarn_profile_span {
  size_t struct_size;
  const char *what;  // "execute", "kernel", or the stage
  const char *name;  // of the program (of the input, until that is known); kernel: its own
  uint64_t begin_ns, end_ns;
  uint64_t launch_id;  // execute: from skarn_execute_options
} skarn_profile_span;
typedef void (*skarn_profile_fn)(void *user, const skarn_profile_span *span);

struct skarn_custom_call;
// Fills *out_handler (struct_size is set, `target` need not be) for a custom call target; false:
// unknown. May be called from any thread, while programs are compiled and when they run first.
typedef bool (*skarn_find_custom_call_fn)(void *user, const char *target,
                                          struct skarn_custom_call *out_handler);

typedef struct skarn_client_options {
  size_t struct_size;
  size_t device_count;  // 0 = 1; at most 256. All share the processor's memory and worker threads
  const skarn_option *options;  // defaults of everything compiled or loaded by this client
  size_t option_count;
  // Of all buffers and temporaries together; 0 = what the machine or the control group has. Beyond it:
  // RESOURCE_EXHAUSTED, and not the end of the process.
  uint64_t memory_limit_bytes;
  skarn_log_fn log;  // NULL: silent
  void *log_user;
  skarn_log_level log_level;  // messages below it are not made
  skarn_profile_fn profile;   // NULL: none
  void *profile_user;
  // Asked for the handlers of custom calls that were not registered; NULL: nobody is.
  skarn_find_custom_call_fn find_custom_call;
  void *find_user;
  // Spans go to `profile` while this is not 0; it may change at any time and must outlive the client.
  // NULL: always.
  const volatile int *profile_wanted;
} skarn_client_options;

// `options` may be NULL. Reserves and pre-faults code memory; starts no thread yet.
SKARN_API skarn_status *skarn_client_create(const skarn_client_options *options,
                                            skarn_client **out_client);
SKARN_API void skarn_client_retain(skarn_client *client);
SKARN_API void skarn_client_release(skarn_client *client);

SKARN_API size_t skarn_client_device_count(const skarn_client *client);
// Devices live as long as their client and are not counted. NULL if out of range.
SKARN_API skarn_device *skarn_client_device(const skarn_client *client, size_t index);
SKARN_API int32_t skarn_device_id(const skarn_device *device);        // equals the index
SKARN_API const char *skarn_device_kind(const skarn_device *device);  // "cpu"
// Best instruction set tier of this processor: "v3", "v4" or "none".
SKARN_API const char *skarn_device_isa(const skarn_device *device);
// One kind today: "device".
SKARN_API size_t skarn_device_memory_kind_count(const skarn_device *device);
SKARN_API const char *skarn_device_memory_kind(const skarn_device *device, size_t index);
SKARN_API skarn_client *skarn_device_client(const skarn_device *device);  // not a new reference

typedef struct skarn_memory_stats {
  size_t struct_size;
  uint64_t bytes_in_use;  // buffers and temporaries of the client now
  uint64_t peak_bytes_in_use;
  uint64_t bytes_pooled;  // kept for reuse
  uint64_t bytes_limit;   // 0 = none
  uint64_t buffer_count;
  uint64_t code_bytes_in_use;  // machine code
} skarn_memory_stats;
SKARN_API skarn_status *skarn_client_memory_stats(const skarn_client *client,
                                                  skarn_memory_stats *out_stats);
SKARN_API void skarn_client_reset_peak(skarn_client *client);  // peak_bytes_in_use begins anew
// Gives pooled memory back to the operating system.
SKARN_API void skarn_client_trim(skarn_client *client);

// ---- events

// Something that becomes ready once, with success or an error. Work done on the calling thread
// gives the one event that is always ready (counting it costs nothing).
SKARN_API skarn_status *skarn_event_create(skarn_event **out_event);
SKARN_API skarn_event *skarn_event_ready(void);  // that one; releasing it does nothing
SKARN_API void skarn_event_retain(skarn_event *event);
// Allowed at any time, also from inside a callback of the event and before it is ready.
SKARN_API void skarn_event_release(skarn_event *event);
// Makes it ready; takes `error` (NULL = success). FAILED_PRECONDITION if it was ready already.
SKARN_API skarn_status *skarn_event_set(skarn_event *event, skarn_status *error);
SKARN_API bool skarn_event_is_ready(const skarn_event *event);
// Blocks until ready, then returns its error as a new status (NULL = success).
SKARN_API skarn_status *skarn_event_await(skarn_event *event);
// The error if ready, as a new status; NULL if it succeeded or is not ready.
SKARN_API skarn_status *skarn_event_error(const skarn_event *event);
// Calls `callback` exactly once when the event is ready: at once if it is, else on the thread that
// sets it. The callback owns `error` (NULL = success). No lock is held meanwhile.
typedef void (*skarn_event_fn)(void *user, skarn_status *error);
SKARN_API skarn_status *skarn_event_on_ready(skarn_event *event, skarn_event_fn callback,
                                             void *user);

// ---- buffers: dense row-major arrays on a device

// When the runtime may read the caller's bytes.
typedef enum skarn_host_semantics {
  SKARN_HOST_DURING_CALL = 0,  // copied before the function returns
  // Unchanged until the done event (today: copied before the function returns).
  SKARN_HOST_UNTIL_TRANSFERRED = 1,
  // The buffer is a view: valid and unchanged until `release`. Never written; donation copies.
  SKARN_HOST_ZERO_COPY = 2,
  SKARN_HOST_MUTABLE_ZERO_COPY = 3  // the same, and a donating execution may write there
} skarn_host_semantics;

// Called once, when the bytes are no longer used; may call back into the library.
typedef void (*skarn_release_fn)(void *user, const void *data);

typedef struct skarn_host_array {
  size_t struct_size;
  const void *data;  // any alignment; may be NULL when there are no elements
  skarn_type type;
  size_t rank;
  const int64_t *dims;
  // Per dimension: any sign, 0 repeats. NULL = dense row-major. Only dense row-major arrays are
  // viewed; others are copied whatever the semantics say (and `release` is called at once).
  const int64_t *byte_strides;
  skarn_host_semantics semantics;
  skarn_release_fn release;  // may be NULL. Not called when the function fails
  void *release_user;
} skarn_host_array;

// `out_done` (may be NULL): ready when the caller's bytes are no longer used by a copy; for a view,
// when the buffer's storage is gone. Errors: INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
SKARN_API skarn_status *skarn_buffer_from_host(skarn_device *device, const skarn_host_array *array,
                                               skarn_event **out_done, skarn_buffer **out_buffer);
// Contents undefined; to be filled through skarn_buffer_mutable_data before it is used by anything
// else.
SKARN_API skarn_status *skarn_buffer_create(skarn_device *device, skarn_type type, size_t rank,
                                            const int64_t *dims, skarn_buffer **out_buffer);
// The same, for contents that come later: whatever reads it waits for `ready` (a reference is taken)
// and fails with its error. Write through skarn_buffer_mutable_data, then set the event.
SKARN_API skarn_status *skarn_buffer_create_pending(skarn_device *device, skarn_type type,
                                                    size_t rank, const int64_t *dims,
                                                    skarn_event *ready, skarn_buffer **out_buffer);
SKARN_API void skarn_buffer_retain(skarn_buffer *buffer);
SKARN_API void skarn_buffer_release(skarn_buffer *buffer);

SKARN_API skarn_type skarn_buffer_type(const skarn_buffer *buffer);
SKARN_API size_t skarn_buffer_rank(const skarn_buffer *buffer);
SKARN_API const int64_t *skarn_buffer_dims(const skarn_buffer *buffer);
SKARN_API size_t skarn_buffer_bytes(const skarn_buffer *buffer);
SKARN_API skarn_device *skarn_buffer_device(const skarn_buffer *buffer);

// Gives the contents up now; other references see a deleted buffer. Storage in use by a running
// execution or an external reference goes when they end.
SKARN_API void skarn_buffer_delete(skarn_buffer *buffer);
SKARN_API bool skarn_buffer_is_deleted(const skarn_buffer *buffer);  // also after donation

// The elements, readable by the host as long as the buffer is neither deleted nor donated; NULL
// then. 64-byte aligned unless the buffer is a view. Buffers of zero bytes give a valid pointer.
SKARN_API const void *skarn_buffer_data(const skarn_buffer *buffer);
// The same, writable; NULL also for views that are not mutable. The caller keeps others from using
// the buffer meanwhile.
SKARN_API void *skarn_buffer_mutable_data(skarn_buffer *buffer);
// While external references are held the storage stays where it is and is not written, even after
// delete or release: donation copies, and leaves the buffer alive. Errors: FAILED_PRECONDITION for
// a deleted buffer. The caller holds a reference to the buffer itself until it has dropped its
// external ones.
SKARN_API skarn_status *skarn_buffer_add_external_ref(skarn_buffer *buffer, const void **out_data);
SKARN_API void skarn_buffer_drop_external_ref(skarn_buffer *buffer);

// Copies the elements to `data`, laid out with `byte_strides` (NULL = dense row-major, then
// data_bytes must be at least skarn_buffer_bytes). With strides the caller vouches for the extent.
// `out_done` may be NULL.
SKARN_API skarn_status *skarn_buffer_to_host(skarn_buffer *buffer, void *data, size_t data_bytes,
                                             const int64_t *byte_strides, skarn_event **out_done);
// A copy on the given device.
SKARN_API skarn_status *skarn_buffer_copy_to_device(skarn_buffer *buffer, skarn_device *device,
                                                    skarn_buffer **out_buffer);
// Ready when the contents are; carries the error of the execution that should have made them. A new
// reference.
SKARN_API skarn_event *skarn_buffer_ready_event(skarn_buffer *buffer);

// ---- executables

// A counted block of bytes.
SKARN_API const void *skarn_bytes_data(const skarn_bytes *bytes);
SKARN_API size_t skarn_bytes_size(const skarn_bytes *bytes);
SKARN_API void skarn_bytes_release(skarn_bytes *bytes);

typedef struct skarn_load_options {
  size_t struct_size;
  // Of the runtime: "threads", "memory-limit", "perf-map", "gdb"; others are ignored.
  const skarn_option *options;
  size_t option_count;
  int32_t device_id;  // where it runs; 0 by default
  // When set, `bytes` given to skarn_executable_deserialize are lent: large constants stay there,
  // and this is called with their address once the executable is gone. Not called when loading
  // fails.
  skarn_release_fn release;
  void *release_user;
} skarn_load_options;

// The bytes of an executable, for this version of Skarn and processors with at least the features
// it was compiled for.
SKARN_API skarn_status *skarn_executable_serialize(const skarn_executable *executable,
                                                   skarn_bytes **out_bytes);
// Errors: DATA_LOSS for damaged bytes, FAILED_PRECONDITION for another format version,
// UNIMPLEMENTED if the processor lacks a feature or executable memory is forbidden and there is no
// compiler to fall back on.
SKARN_API skarn_status *skarn_executable_deserialize(skarn_client *client, const void *bytes,
                                                     size_t size, const skarn_load_options *options,
                                                     skarn_executable **out_executable);
// To and from a file (*.skx); writing is atomic.
SKARN_API skarn_status *skarn_executable_save(const skarn_executable *executable, const char *path);
SKARN_API skarn_status *skarn_executable_load(skarn_client *client, const char *path,
                                              const skarn_load_options *options,
                                              skarn_executable **out_executable);
SKARN_API void skarn_executable_retain(skarn_executable *executable);
SKARN_API void skarn_executable_release(skarn_executable *executable);

typedef struct skarn_executable_info {
  size_t struct_size;
  const char *name;  // of the module, or of its entry
  const char *via;   // how it runs: "native", "loop" or "interp"
  const char *isa;   // of its code: "v3", "v4", "none"
  size_t argument_count, result_count;
  uint64_t op_count;        // operations of the input, regions included
  uint64_t kernel_count;    // distinct native functions
  uint64_t code_bytes;      // machine code, its constants included
  uint64_t constant_bytes;  // of the program
  uint64_t arena_bytes;     // peak of temporaries of one execution, scratch of threads excluded
  uint64_t scratch_bytes;   // per thread
  uint64_t argument_bytes, result_bytes;
  uint64_t alias_bytes;          // of results that take an argument's storage
  double flops, bytes_accessed;  // of one execution; negative = unknown
  double parse_us, compile_us;   // together: from bytes to runnable; 0 for a loaded executable
  uint64_t fingerprint;          // of code, constants and signature
  int32_t device_id;
  uint32_t threads;  // most that take part in one execution
  bool calls_host;   // it calls handlers of custom calls
} skarn_executable_info;
// out_info->struct_size must be set; only that much is written. Valid as long as the executable.
SKARN_API skarn_status *skarn_executable_get_info(const skarn_executable *executable,
                                                  skarn_executable_info *out_info);

// One argument or result.
typedef struct skarn_value_info {
  size_t struct_size;
  const char *name;       // from the program; "" if it has none
  const char *type_text;  // "tensor<100000xf32>"
  skarn_type type;
  size_t rank;
  const int64_t *dims;
  size_t bytes;
  // Argument: result that takes its storage; result: argument whose storage it takes; -1 = none.
  int32_t alias;
  bool donor;               // argument: executing uses the buffer up, unless vetoed
  const char *memory_kind;  // "device"
  const char *layout;       // text of the program; "" = row-major
  const char *sharding;     // text of the program; "" = none
} skarn_value_info;
SKARN_API skarn_status *skarn_executable_argument(const skarn_executable *executable, size_t index,
                                                  skarn_value_info *out_info);
SKARN_API skarn_status *skarn_executable_result(const skarn_executable *executable, size_t index,
                                                skarn_value_info *out_info);
// Not a new reference.
SKARN_API skarn_client *skarn_executable_client(const skarn_executable *executable);

typedef struct skarn_execute_options {
  size_t struct_size;
  // Arguments that must survive although the program says donor: they are copied where their
  // storage was to be reused.
  const size_t *non_donatable;
  size_t non_donatable_count;
  skarn_device *device;    // where arguments are and results go; NULL = the executable's
  uint64_t launch_id;      // handed to the profile sink
  skarn_event **out_done;  // may be NULL: receives an event, ready when the results are
  // The call may return before the results are there, when it would take long or an argument's
  // contents are pending. Results have their addresses then, and skarn_buffer_ready_event says when
  // they may be read. What goes wrong while the program runs comes through the events, whenever it
  // runs; donors are gone all the same.
  bool may_return_early;
  // Of a program for several devices (compile option "devices"), instead of `device`: arguments and
  // results are those of devices[0], then those of devices[1], and so on. NULL = all on one device.
  skarn_device *const *devices;
  size_t device_count;
  void *custom_call_context;  // handed to the handlers of custom calls
} skarn_execute_options;

// Runs the program. `arguments` must agree with the signature in type and dimensions. `out_results`
// receives result_count references; nothing on failure. Arguments that the program marks as donors
// are deleted by a successful execution, except those vetoed or externally referenced; giving a
// donated buffer twice is INVALID_ARGUMENT. Waits for arguments whose contents are pending. Runs on
// the calling thread and the client's workers; returns when done, unless it may return early. `options` may be NULL. Errors: INVALID_ARGUMENT, FAILED_PRECONDITION (deleted
// buffer), RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL.
SKARN_API skarn_status *skarn_executable_execute(const skarn_executable *executable,
                                                 skarn_buffer *const *arguments,
                                                 size_t argument_count,
                                                 const skarn_execute_options *options,
                                                 skarn_buffer **out_results, size_t result_count);

// ---- custom calls

// `data` is dense, with the dimensions in the order of the program's operand_layouts and
// result_layouts (row-major without them). Results are written in full, but for those that the program
// wants in the place of an operand (output_operand_aliases): `data` of both is the same, and has the operand's.
typedef struct skarn_custom_call_value {
  size_t struct_size;
  void *data;
  skarn_type type;
  size_t rank;
  const int64_t *dims;
} skarn_custom_call_value;

typedef enum skarn_attribute_kind {
  SKARN_ATTRIBUTE_SCALAR = 1,
  SKARN_ATTRIBUTE_ARRAY = 2,
  SKARN_ATTRIBUTE_STRING = 3  // `count` bytes; a NUL follows
} skarn_attribute_kind;

// An entry of the call's dictionary (mhlo.backend_config or backend_config); a backend_config that
// is a text is a string "opaque".
typedef struct skarn_custom_call_attribute {
  size_t struct_size;
  const char *name;
  skarn_attribute_kind kind;
  skarn_type type;
  size_t count;
  const void *data;  // aligned to 8 bytes
} skarn_custom_call_attribute;

typedef struct skarn_custom_call_frame {
  size_t struct_size;
  void *user;     // of the handler
  void *state;    // made by instantiate
  void *context;  // of the execution: from skarn_execute_options
  const char *target;
  const skarn_custom_call_value *arguments, *results;
  size_t argument_count, result_count;
  const skarn_custom_call_attribute *attributes;
  size_t attribute_count;
  skarn_device *device;
} skarn_custom_call_frame;

// The stages of one handler. Only `execute` is required. Called on threads that execute programs,
// several at once, with the processor's default rounding; an error ends the execution with it.
typedef struct skarn_custom_call {
  size_t struct_size;
  const char *target;
  // Once per place of a program that calls it, before its first execution. Data are not there yet.
  skarn_status *(*instantiate)(const skarn_custom_call_frame *frame, void **out_state);
  skarn_status *(*prepare)(const skarn_custom_call_frame *frame);
  skarn_status *(*initialize)(const skarn_custom_call_frame *frame);
  skarn_status *(*execute)(const skarn_custom_call_frame *frame);
  void (*destroy)(void *user, void *state);
  void *user;
} skarn_custom_call;

// Programs that call a target without handler are UNIMPLEMENTED when they are compiled. The handler
// stays as long as the client. Errors: INVALID_ARGUMENT, ALREADY_EXISTS.
SKARN_API skarn_status *skarn_client_register_custom_call(skarn_client *client,
                                                          const skarn_custom_call *handler);

#ifdef __cplusplus
}  // extern "C"

template <typename T> inline T skarn_init_struct() {
  T value = T();
  value.struct_size = sizeof(T);
  return value;
}
#endif

#endif
