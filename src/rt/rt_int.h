// SPDX-License-Identifier: Apache-2.0
// Inside the runtime: the pools behind clients, and the records of buffers and devices.
#ifndef SK_RT_RT_INT_H
#define SK_RT_RT_INT_H

#include <stdatomic.h>

#include "base/mem.h"
#include "base/thread.h"
#include "rt/rt.h"

enum { SK_CACHE_LINE = 64, SK_HUGE_PAGE = 2 << 20, SK_DEFAULT_MXCSR = 0x1F80 };

// For handles that are const to the caller and have locks inside.
static inline void *sk_unconst(const void *pointer) { return (void *)(uintptr_t)pointer; }

// ---- fork-join pool (pool.c)

typedef struct sk_pool sk_pool;

sk_pool *sk_pool_create(void);  // NULL: memory exhausted. Starts no thread
void sk_pool_destroy(sk_pool *pool);
// Runs kernel over [0, total) as sk_parallel_fn says, on at most `threads` threads. Worker threads
// start when first needed. Falls back to the calling thread whenever others cannot take part.
void sk_pool_run(sk_pool *pool, uint32_t threads, uint64_t scratch_bytes, sk_frame *frame,
                 sk_kernel_fn kernel, int64_t total, int64_t grain, int64_t align);
// Wakes sleeping workers ahead of a region, so that waking overlaps with serial work.
void sk_pool_wake(sk_pool *pool, uint32_t threads);
void sk_pool_after_fork(sk_pool *pool);  // in the child: there are no workers any more

// ---- dispatcher (dispatch.c)

typedef struct sk_job {
  struct sk_job *next;
  // Called once. `lost`: it ran in the parent when this process was forked, and its result went.
  void (*run)(struct sk_job *job, bool lost);
  void (*end)(struct sk_job *job);  // called after it: sets `done`; may free the job
  sk_event *done;                   // one reference, until it is set
  bool failed;                      // what `run` did
} sk_job;

// The event that a thread is setting, while another one forks (event.c). In the child: what was left undone is done.
void sk_event_before_fork(sk_event *event);
void sk_event_in_parent(sk_event *event);
void sk_event_in_child(sk_event *event);
void sk_event_finish(sk_event *event,
                     sk_status error);  // as sk_event_set, of what may have been set in part

typedef struct sk_dispatcher sk_dispatcher;

sk_dispatcher *sk_dispatcher_create(void);  // NULL: memory exhausted. Starts no thread
// Also from a job. No job is left.
void sk_dispatcher_destroy(sk_dispatcher *dispatcher);
// The job runs later, on the dispatcher's thread. Fails when that cannot be started.
sk_status sk_dispatcher_push(sk_dispatcher *dispatcher, sk_job *job) SK_NODISCARD;
void sk_dispatcher_before_fork(sk_dispatcher *dispatcher);
void sk_dispatcher_in_parent(sk_dispatcher *dispatcher);
void sk_dispatcher_in_child(sk_dispatcher *dispatcher);

// ---- memory pool (mempool.c)

// What blocks are cut from.
typedef struct sk_chunk {
  void *base;        // heap pointer
  char *next, *end;  // not cut yet
  uint64_t blocks;   // cut from it and not given back to the system, and the pool's own use
  bool small_pages;  // else huge ones
} sk_chunk;

// Header in front of every pooled block. `data` begins at the next cache line.
typedef struct sk_block {
  struct sk_block *next;  // free list
  void *base;             // heap pointer; NULL: cut from `chunk`
  sk_chunk *chunk;
  uint64_t capacity;   // usable bytes
  uint64_t requested;  // bytes counted against the limit
  _Atomic uint32_t refs;
  uint32_t size_class;
  char pad[16];
} sk_block;

enum { SK_SIZE_CLASSES = 4 + 4 * 40 };

typedef struct sk_mempool {
  sk_mutex lock;
  sk_block *free[SK_SIZE_CLASSES];
  sk_chunk *chunk;  // blocks are cut from it now; NULL: none yet
  uint64_t in_use, peak, pooled, limit;
  uint64_t machine_bytes;  // what counts without a limit; 0: unknown
  uint64_t block_count;
  uint32_t color;  // varies the low address bits of large blocks
} sk_mempool;

sk_status sk_mempool_init(sk_mempool *pool, uint64_t limit_bytes) SK_NODISCARD;
void sk_mempool_fini(sk_mempool *pool);
// Memory of at least `bytes`, 64-byte aligned; from SK_HUGE_PAGE on inside huge pages, and with
// `exact` aligned to one. The block has one reference.
sk_status sk_mempool_take(sk_mempool *pool, uint64_t bytes, bool exact,
                          sk_block **out_block) SK_NODISCARD;
void sk_mempool_give(sk_mempool *pool, sk_block *block);  // its last reference
void sk_mempool_trim(sk_mempool *pool);
static inline char *sk_block_data(sk_block *block) { return (char *)(block + 1); }

// ---- code memory (codemem.c)

typedef struct sk_code_region sk_code_region;

typedef struct sk_codemem {
  sk_mutex lock;
  sk_codemem_mode mode;     // what AUTO became
  sk_code_region *regions;  // owned, newest first
  uint64_t in_use;
} sk_codemem;

typedef struct sk_code_span {
  const uint8_t *exec;  // executable address; NULL: nothing loaded
  uint64_t bytes;
  sk_code_region *region;
} sk_code_span;

sk_status sk_codemem_init(sk_codemem *cm, sk_codemem_mode mode) SK_NODISCARD;
void sk_codemem_fini(sk_codemem *cm);
// Copies code into executable memory at a 64-byte boundary, or into anonymous pages of its own. UNIMPLEMENTED when there is none.
sk_status sk_codemem_load(sk_codemem *cm, const void *code, uint64_t bytes, bool anonymous,
                          sk_code_span *out_span) SK_NODISCARD;
void sk_codemem_unload(sk_codemem *cm, sk_code_span *span);
// In the child, the lock held: makes the regions private to this process.
void sk_codemem_after_fork(sk_codemem *cm);

// Appends "address size name" lines to /tmp/perf-PID.map.
// Names of the code's functions for GDB (gdb.c). NULL: no memory, and no names.
typedef struct sk_gdb_entry {  // as GDB has it
  struct sk_gdb_entry *next, *prev;
  const char *file;  // right behind
  uint64_t file_bytes;
} sk_gdb_entry;
sk_gdb_entry *sk_gdb_add(const sk_image *image, const uint8_t *exec);
void sk_gdb_remove(sk_gdb_entry *entry);  // NULL is fine

void sk_perf_map_add(const sk_image *image, const uint8_t *exec, const sk_log *log);

// ---- clients and devices (client.c)

struct sk_device {
  sk_client *client;  // borrowed: devices live in their client
  int32_t id;
};

struct sk_client {
  _Atomic uint32_t refs;
  uint32_t device_count;
  sk_log log;
  sk_profile profile;
  sk_flags flags;
  sk_arena flag_arena;  // text of flags
  sk_mempool memory;
  sk_codemem code;
  sk_pool *pool;
  sk_dispatcher *dispatcher;
  _Atomic uint64_t buffer_count;
  sk_attachment attachment;
  struct sk_handler_node *_Atomic handlers;  // newest first
  sk_find_handler_fn find_handler;           // may be NULL
  void *find_user;
  void *_Atomic workspace;     // of the compiler; NULL while one uses it
  sk_client *next, *previous;  // registry of clients, for fork
  void *builtins[SK_BUILTIN_COUNT];
  sk_device devices[];
};

extern const sk_rt_compiler *sk_rt_the_compiler;  // NULL: none installed

// ---- buffers (buffer.c)

// state: holds of running executions in the low half, external references above, deleted on top.
// Storage is given back by whoever leaves the state "deleted, nobody holds".
#define SK_HOLD ((uint64_t)1)
#define SK_EXTERNAL ((uint64_t)1 << 32)
#define SK_DELETED ((uint64_t)1 << 63)

struct sk_buffer {
  _Atomic uint32_t refs;
  uint8_t type, rank;
  bool read_only;  // a view that may not be written
  _Atomic uint64_t state;
  sk_device *device;  // keeps its client through a reference of the buffer
  sk_block *home;     // holds this record; one reference of it
  sk_block *storage;  // holds the data; one reference of it. NULL: a view
  char *data;
  uint64_t bytes;
  sk_release_fn release;  // of a view; may be NULL
  void *release_user;
  sk_event *released;  // of a view: set when released; may be NULL
  sk_event *ready;     // counted; set before others see the buffer. NULL: contents are there
  int64_t *dims;
  int64_t small_dims[3];
};

// A buffer with storage of its own, contents undefined.
sk_status sk_buffer_new(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                        uint64_t bytes, sk_buffer **out_buffer) SK_NODISCARD;
// The same without storage: the caller sets data, storage or release.
sk_status sk_buffer_new_shell(sk_device *device, sk_dtype type, uint32_t rank, const int64_t *dims,
                              uint64_t bytes, sk_buffer **out_buffer) SK_NODISCARD;
// Keeps the storage from going while an execution reads it; false: deleted.
bool sk_buffer_hold(sk_buffer *buffer);
void sk_buffer_unhold(sk_buffer *buffer);
// Turns our hold into ownership of the contents: the buffer is deleted, and its storage or view
// goes to `heir` (a shell). False: others use it, or it must not be written; the hold stays.
bool sk_buffer_donate(sk_buffer *buffer, sk_buffer *heir);
// Undoes that, before the heir was given to anybody: our hold again, and the heir is empty.
void sk_buffer_take_back(sk_buffer *buffer, sk_buffer *heir);
// True also when they never come.
static inline bool sk_buffer_is_pending(const sk_buffer *buffer) {
  return SK_UNLIKELY(buffer->ready != NULL) && !sk_event_has_succeeded(buffer->ready);
}
// Waits for the contents; their error.
sk_status sk_buffer_await(sk_buffer *buffer) SK_NODISCARD;
// Keeps the bytes of its storage from going, also when it is deleted or donated. Views have none.
sk_block *sk_buffer_retain_storage(sk_buffer *buffer);
void sk_client_drop_storage(sk_client *client, sk_block *storage);  // NULL is fine
// Deletes it after a donating execution that copied; false: external references keep it alive.
bool sk_buffer_consume(sk_buffer *buffer);

// ---- executables (exec.c, execute.c)

// One execution's memory, kept for the next one.
typedef struct sk_call_frame {
  struct sk_call_frame *next;
  const sk_exec *exec;  // borrowed: frames belong to their executable
  void *host_context;   // of this execution
  sk_device *device;
  sk_status trouble;   // what a handler answered; NULL: all went well
  sk_kernel_fn timed;  // the kernel of the region that runs, while spans are made
  sk_block *arena;     // owned; NULL: no temporaries
  sk_frame *frame;     // right behind, then its slots, then the scratch of the calling thread
} sk_call_frame;

struct sk_exec {
  _Atomic uint32_t refs;
  sk_client *client;  // counted
  sk_arena arena;     // texts and tables of the image
  sk_image image;
  sk_code_span code;  // empty: this processor cannot run it, or the runner does
  sk_gdb_entry *gdb;  // owned; NULL: none
  void *own_consts;   // heap; NULL: none or lent
  sk_runner runner;
  sk_attachment attachment;
  sk_release_fn release;
  void *release_user;
  const void *lent;
  sk_exec_facts facts;           // all but the fingerprint
  _Atomic uint64_t fingerprint;  // 0: not computed yet
  uint64_t long_run_ticks;       // after an execution that took so long the next may return early
  _Atomic uint64_t last_run_ticks;  // how long the last one took, where that was measured
  uint64_t frame_bytes, scratch_bytes;
  uint32_t threads;
  bool fill_arena;
  const char *capture_dir;  // of the bundle that the first execution's arguments go to; NULL: none
  _Atomic bool captured;
  bool has_donors;  // some argument is a donor, or some result shares one's storage
  struct sk_call_site *_Atomic sites;  // places that call the host
  sk_call_frame *_Atomic idle;         // one frame at hand
  sk_call_frame *frames;               // more of them, under the lock of the client's memory
};

static inline sk_entry_fn sk_exec_entry(const sk_exec *exec, uint32_t step) {
  union {
    const uint8_t *address;
    sk_entry_fn entry;
  } view = {exec->code.exec + exec->image.steps[step].offset};
  return view.entry;
}
sk_status sk_exec_take_frame(sk_exec *exec, sk_call_frame **out_frame) SK_NODISCARD;
void sk_exec_give_frame(sk_exec *exec, sk_call_frame *frame);
// Writes the arguments, which are held, to the bundle, once (capture_args.c).
sk_status sk_exec_capture(sk_exec *exec, sk_buffer *const *args) SK_NODISCARD;
// The builtin behind parallel regions; an sk_parallel_fn.
void sk_exec_parallel(sk_frame *frame, sk_kernel_fn kernel, int64_t total, int64_t grain,
                      int64_t align);

// ---- calls of the host (hostcall.c)

// The builtin behind them; an sk_libcall_fn.
void sk_exec_host_call(sk_frame *frame, void *const *pointers, const int64_t *params);
void sk_exec_drop_sites(sk_exec *exec);
void sk_client_drop_handlers(sk_client *client);

// Copies an array between two layouts (byte strides per dimension).
void sk_copy_strided(void *to, const int64_t *to_strides, const void *from,
                     const int64_t *from_strides, uint32_t rank, const int64_t *dims,
                     uint32_t elem_bytes);
void sk_dense_strides(uint32_t rank, const int64_t *dims, uint32_t elem_bytes,
                      int64_t *out_strides);

#endif
