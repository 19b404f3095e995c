// SPDX-License-Identifier: Apache-2.0
// Of the interpreter room only: values, numbers, the state of a process, bodies, and one function
// per op.
//
// A value is immutable once the op that made it is done, and counted: the environment, tuples and
// meetings of processes hold references, so handing a value on never copies its elements. A tensor
// knows its own shape: types in the module may leave dimensions open. Quantized tensors are held as
// their storage integers; type->quant says what they mean.
#ifndef SK_INTERP_INTERP_INT_H
#define SK_INTERP_INTERP_INT_H

#include <stdatomic.h>

#include "interp/interp.h"
#include "ir/target.h"

// One element of any type. Floats: re (exact value of the type); complex: re, im; pred and
// integers: i.
typedef struct sk_number {
  double re, im;
  int64_t i;
} sk_number;

typedef struct sk_tensor {
  const sk_type_rec *type;     // &shape; a tensor's dims are known, elem is the storage's
  int64_t count;               // elements
  char *data;                  // of a tensor: owned, 16 bytes longer than its elements
  struct sk_tensor **members;  // of a tuple or future: owned references
  uint32_t member_count;
  _Atomic uint32_t refs;
  sk_type_rec shape;
} sk_tensor;

enum { SK_INTERP_SHOWN = 64 };  // operands of an operation that is run again and shows what it runs

typedef struct sk_grid sk_grid;  // processes that run at the same time (interp_grid.c)

// One process: what a thread of execution knows.
struct sk_interp {
  const sk_module *m;
  sk_tensor **env;   // by value id; owned references
  uint32_t depth;    // nested regions and calls
  bool expressed;    // a quantized op is being run on the floats its operands stand for
  sk_op calls[256];  // functions being run
  uint32_t call_count;
  sk_grid *grid;     // borrowed
  uint32_t process;  // index in the grid: replica * partitions + partition
  uint32_t
      threads;  // how many processes run in this one's place at most, those that started it included
  uint64_t draws;                      // how often rng drew
  const sk_interp_observer *observer;  // borrowed; NULL: nobody looks on
  const sk_interp_changes *changes;    // borrowed; what an operation is run again with
};

// ---- numbers (interp_value.c)
sk_number sk_number_read(sk_elem elem, const void *at);
void sk_number_write(sk_elem elem, void *at, sk_number value);  // rounds, wraps
sk_number sk_number_rounded(sk_elem elem, sk_number value);     // as written and read back
double sk_round_to(sk_elem elem, double value);                 // to a float type
sk_number sk_tensor_get(const sk_tensor *t, int64_t index);
void sk_tensor_set(sk_tensor *t, int64_t index, sk_number value);
// Elements [first, first + count).
void sk_numbers_get(const sk_tensor *t, int64_t first, int64_t count, sk_number *out);
void sk_numbers_set(sk_tensor *t, int64_t first, int64_t count, const sk_number *from);
// An integer element as int64; ui64 beyond that as INT64_MAX.
int64_t sk_tensor_index(const sk_tensor *t, int64_t index);

// ---- values (interp_value.c)
// A tensor of `like`'s element type; uninitialised. NULL: memory exhausted or too large.
sk_tensor *sk_tensor_new(const sk_type_rec *like, uint32_t rank, const int64_t *dims);
sk_tensor *sk_tensor_new_token(void);
// Takes over nothing: members are retained. kind: SK_TYPE_TUPLE or SK_TYPE_FUTURE.
sk_tensor *sk_tensor_new_tuple(sk_type_kind kind, sk_tensor *const *members, uint32_t count);
sk_tensor *sk_tensor_retain(sk_tensor *t);                     // NULL is fine
void sk_tensor_release(sk_tensor *t);                          // NULL is fine
void sk_tensors_release(sk_tensor **tensors, uint32_t count);  // and the list itself; NULL is fine
// Copies indices [first, first + extent) of `dim` to `offset` on of `to_dim`: element types are the
// same, and the other dimensions of `to` have room.
void sk_tensor_copy_part(const sk_tensor *from, uint32_t dim, int64_t first, int64_t extent,
                         sk_tensor *to, uint32_t to_dim, int64_t offset);

// Row-major index <-> coordinates.
void sk_unravel(const sk_type_rec *type, int64_t index, int64_t *out_coordinates);
int64_t sk_ravel(const sk_type_rec *type, const int64_t *coordinates);
void sk_strides_of(const sk_type_rec *type, int64_t *out_strides);
bool sk_is_inside(const sk_type_rec *type, const int64_t *coordinates);
bool sk_same_dims(const sk_type_rec *a, const sk_type_rec *b);
bool sk_is_listed(sk_ints list, int64_t value);
int64_t sk_listed_or(sk_ints list, uint32_t i, int64_t otherwise);  // entry i; otherwise if absent

// ---- environment (interp.c)
// Storage for result `index` of the op, uninitialised. dims NULL: those of its type, which must be
// static. Fails when the type does not allow the dims.
sk_status sk_interp_result(sk_interp *s, sk_op op, uint32_t index, const int64_t *dims,
                           sk_tensor **out) SK_NODISCARD;
// Makes a tensor the result; the reference is taken over. Fails when the type does not allow it.
sk_status sk_interp_accept(sk_interp *s, sk_op op, uint32_t index, sk_tensor *t) SK_NODISCARD;
// The result's type as it is stored now: floats while a quantized op runs on floats.
sk_type_rec sk_interp_stored_type(const sk_interp *s, sk_op op, uint32_t index);
void sk_interp_set(sk_interp *s, sk_value v, sk_tensor *t);  // takes over the reference
static inline sk_tensor *sk_interp_operand(const sk_interp *s, sk_op op, uint32_t i) {
  return s->env[sk_op_operand(s->m, op, i).id];
}
static inline uint32_t sk_interp_operand_count(const sk_interp *s, sk_op op) {
  return sk_op_get(s->m, op)->operand_count;
}
sk_status sk_interp_require(const sk_interp *s, sk_op op, bool condition,
                            const char *what) SK_NODISCARD;  // else INVALID_ARGUMENT

// Runs a region. Results (operands of its terminator) are handed over as references.
sk_status sk_interp_region(sk_interp *s, sk_region region, sk_tensor *const *args,
                           sk_tensor **out_results) SK_NODISCARD;
sk_status sk_interp_function(sk_interp *s, sk_op op, sk_str name, sk_tensor *const *args,
                             uint32_t arg_count, sk_tensor **out_results,
                             uint32_t result_count) SK_NODISCARD;
void sk_interp_init(sk_interp *s, const sk_module *m, sk_grid *grid, uint32_t process);
sk_status sk_interp_open(sk_interp *s) SK_NODISCARD;  // makes the environment
void sk_interp_close(sk_interp *s);

// ---- ops on numbers (interp_scalar.c)
// One element-wise op of the given kind; `op` gives its attributes. False: not defined here.
bool sk_interp_scalar_op(const sk_interp *s, sk_op op, sk_opkind kind, sk_elem from, sk_elem to,
                         const sk_number *in, sk_number *out);
bool sk_scalar_less(sk_elem elem, sk_number x, sk_number y);  // integers and pred
int64_t sk_total_order_key(double x);  // integers in the total order of floats
// interp_special.c: those of them that C's math library lacks. False: not one of them.
bool sk_interp_special_function(sk_opkind kind, double x, double *out);
bool sk_interp_special_pair(sk_opkind kind, double x, double y, double *out);
bool sk_interp_special_op(const sk_interp *s, sk_op op, sk_opkind kind, sk_elem elem,
                          const sk_number *in, sk_number *out);
// in: two numbers, the second unused by unary ops (interp_complex.c).
bool sk_complex_op(sk_opkind kind, sk_elem elem, const sk_number *in, sk_number *out);

// ---- bodies (interp_body.c): a region over scalars, prepared once and run per element
typedef struct sk_body_step {
  sk_op op;
  uint8_t from, to;  // sk_elem
  bool forwards, bitcasts, rounds;
  uint8_t operand_count;
  uint32_t in[3], out;  // slots
  const sk_quant *quant_in[3], *quant_out;
} sk_body_step;
typedef struct sk_body {
  sk_interp *s;
  sk_region region;
  uint32_t arg_count, result_count;
  bool plain;           // nothing but element-wise ops on scalars
  bool rounds;          // every step, not only the last; false after init
  sk_body_step *steps;  // owned
  uint32_t step_count;
  sk_number *slots;         // owned: arguments, constants and outer scalars, results of steps
  uint32_t *results;        // owned: slots
  sk_tensor **args, **out;  // owned, where it is not plain
} sk_body;
sk_status sk_body_init(sk_body *body, sk_interp *s, sk_region region) SK_NODISCARD;
sk_status sk_body_run(sk_body *body, const sk_number *args, sk_number *out) SK_NODISCARD;
void sk_body_fini(sk_body *body);  // also after a failed init

// ---- quantization (interp_quant.c)
double sk_dequantize(const sk_quant *q, uint32_t channel, int64_t stored);
int64_t sk_quantize(const sk_quant *q, uint32_t channel, double value);
sk_tensor *sk_tensor_dequantized(const sk_tensor *t);                       // NULL: memory
sk_tensor *sk_tensor_quantized(const sk_tensor *t, const sk_quant *quant);  // NULL: memory
bool sk_interp_is_quantized(const sk_interp *s, sk_op op);  // runs on floats instead
typedef sk_status (*sk_interp_fn)(sk_interp *s, sk_op op);
sk_status sk_interp_run_quantized(sk_interp *s, sk_op op, sk_interp_fn fn) SK_NODISCARD;

// ---- processes that meet (interp_grid.c)
typedef struct sk_process_list {
  uint32_t *ids;  // owned
  uint32_t count;
} sk_process_list;
typedef struct sk_meeting sk_meeting;
sk_status sk_grid_create(uint32_t replicas, uint32_t partitions, sk_grid **out) SK_NODISCARD;
void sk_grid_destroy(sk_grid *grid);
uint32_t sk_grid_replicas(const sk_grid *grid);
uint32_t sk_grid_partitions(const sk_grid *grid);
// Waits until every process of the group has come with the same key. out_all[member * count + i]:
// value i of that member, references handed over (the list: sk_mem_free).
sk_status sk_grid_meet(sk_interp *s, sk_op op, int64_t key, const sk_process_list *group,
                       sk_tensor *const *values, uint32_t count, sk_tensor ***out_all) SK_NODISCARD;
sk_status sk_grid_send(sk_interp *s, int64_t channel, sk_tensor *const *values,
                       uint32_t count) SK_NODISCARD;
sk_status sk_grid_receive(sk_interp *s, sk_op op, int64_t channel, sk_tensor ***out_values,
                          uint32_t *out_count) SK_NODISCARD;
void sk_grid_leave(sk_grid *grid, bool failed);  // a process ends; failed: so shall the others
// Queues a function for infeed, before the processes start.
sk_status sk_grid_feed(sk_grid *grid, sk_str function) SK_NODISCARD;
bool sk_grid_next_feed(sk_grid *grid, sk_str *out_function);
sk_status sk_grid_note_probe(sk_interp *s, sk_sym probe, sk_tensor *value) SK_NODISCARD;
sk_tensor *sk_grid_find_probe(sk_interp *s, sk_sym probe, int64_t iteration);  // retained, or NULL

// ---- linear algebra on numbers that are real or complex (interp_linalg.c)
sk_number sk_number_sub_product(sk_number sum, sk_number x, sk_number y);  // sum - x y
sk_number sk_number_conjugate(sk_number x);
sk_number sk_number_quotient(sk_number x, sk_number y);
typedef struct sk_solve_options {
  bool left, lower, unit;
  int64_t transpose;  // SK_ENUM_TRANSPOSE
} sk_solve_options;
// Batches of matrices; t: of a's or b's type.
sk_status sk_interp_cholesky_of(const sk_tensor *a, bool lower, sk_tensor *t) SK_NODISCARD;
sk_status sk_interp_solve_triangular(const sk_solve_options *options, const sk_tensor *a,
                                     const sk_tensor *b, sk_tensor *t) SK_NODISCARD;

// ---- custom calls of known targets (interp_target.c; interp_sort.c)
sk_status sk_interp_run_target(sk_interp *s, sk_op op, const sk_target_call *call) SK_NODISCARD;
sk_status sk_interp_sort_target(sk_interp *s, sk_op op, const sk_target_call *call) SK_NODISCARD;
void sk_interp_threefry(uint64_t key, uint64_t counter, uint32_t out[2]);  // 2 x 32, 20 rounds

// ---- meshes of devices (interp_mesh.c)
typedef struct sk_groups {
  int64_t *ids;  // owned (sk_mem_free): count rows
  uint32_t count, width;
} sk_groups;
// Process groups by the axes of a mesh.
sk_status sk_groups_read(const sk_module *m, sk_op op, sk_attr attr, sk_groups *out) SK_NODISCARD;
enum { SK_PIECES_MAX_RANK = 16, SK_PIECES_MAX_DEVICES = 256 };
// How an array is cut into equal pieces: how often along each dimension, and which piece a device has.
// Devices of one set have pieces of the same whole: they differ in axes that are cut alone.
typedef struct sk_pieces {
  uint32_t rank, devices;
  uint16_t set[SK_PIECES_MAX_DEVICES];
  int64_t counts[SK_PIECES_MAX_RANK];
  uint16_t index[SK_PIECES_MAX_DEVICES][SK_PIECES_MAX_RANK];
} sk_pieces;
// Of value `value` of an attribute like in_shardings, as far as the manual axes go; of mhlo.sharding = {devices=[..]..}.
sk_status sk_pieces_read(const sk_module *m, sk_op op, sk_name shardings, uint32_t value,
                         uint32_t rank, sk_pieces *out) SK_NODISCARD;
sk_status sk_pieces_read_tiles(const sk_module *m, sk_op op, uint32_t rank,
                               sk_pieces *out) SK_NODISCARD;

// ---- programs for several devices (interp_shard.c, interp_parallel.c)
sk_status sk_interp_manual_computation(sk_interp *s, sk_op op);
bool sk_interp_is_cut(const sk_module *m, sk_op op);  // a custom call between whole and piece
sk_status sk_interp_change_shape(sk_interp *s, sk_op op) SK_NODISCARD;  // such a call
sk_status sk_interp_count_devices(const sk_module *m, uint32_t *out) SK_NODISCARD;
// Runs a function on every device, with the same arguments; results are those of the first.
sk_status sk_interp_run_devices(sk_interp *s, sk_op function, uint32_t devices, sk_tensor **args,
                                sk_tensor **out_results) SK_NODISCARD;

// ---- parts shared by several ops
// A window over one dimension of a padded and dilated base.
typedef struct sk_window_dim {
  int64_t size, stride, low, high, base_dilation, window_dilation;
} sk_window_dim;
void sk_window_of(const sk_interp *s, sk_op op, sk_name sizes, uint32_t rank, sk_window_dim *out);
bool sk_window_extent(int64_t extent, const sk_window_dim *w, int64_t *out);
// Base element under element `tap` of the window at `at`; -1: padding or a hole.
int64_t sk_window_base(const sk_window_dim *w, int64_t extent, int64_t at, int64_t tap);
// dot_general of two tensors; the result has the element type of `like`. A new reference.
sk_status sk_interp_dot_tensors(const sk_interp *s, sk_op op, const sk_tensor *a,
                                const sk_tensor *b, const sk_dot_dims *dims,
                                const sk_type_rec *like, sk_tensor **out) SK_NODISCARD;
// All elements as factors of a sum of type `to`: integers as floats where it is one. A new list
// (sk_mem_free); NULL: memory exhausted.
sk_number *sk_tensor_factors(const sk_tensor *t, sk_elem to);
// Adds one product.
void sk_accumulate(sk_elem to, sk_number *sum, sk_number x, sk_number y);
sk_status sk_interp_elementwise(sk_interp *s, sk_op op);
sk_status sk_interp_convolve(sk_interp *s, sk_op op, const int64_t *padding) SK_NODISCARD;
sk_status sk_interp_gather_with(sk_interp *s, sk_op op, const int64_t *sizes) SK_NODISCARD;
sk_status sk_interp_pad_with(sk_interp *s, sk_op op, const int64_t *low, const int64_t *high,
                             const int64_t *interior) SK_NODISCARD;
sk_status sk_interp_slice_with(sk_interp *s, sk_op op, const int64_t *start, const int64_t *limit,
                               const int64_t *stride) SK_NODISCARD;
sk_status sk_interp_broadcast_with(sk_interp *s, sk_op op, const int64_t *dims) SK_NODISCARD;
sk_status sk_interp_iota_with(sk_interp *s, sk_op op, const int64_t *dims) SK_NODISCARD;
sk_status sk_interp_forward(sk_interp *s, sk_op op);  // results are the operands

// One function per op that ops.def says the interpreter has.
#define INTERP_yes(op_class, name) INTERP_DECLARE_##op_class(name)
#define INTERP_todo(op_class, name)
#define INTERP_gone(op_class, name)
#define INTERP_DECLARE(name) sk_status sk_interp_##name(sk_interp *s, sk_op op);
#define INTERP_DECLARE_ELEMENTWISE(name)
#define INTERP_DECLARE_SHARDING(name)
#define INTERP_DECLARE_CAST(name)
#define INTERP_DECLARE_BARRIER(name)
#define INTERP_DECLARE_CONSTANT(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_VIEW(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_SHAPE(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_INDEXING(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_WINDOW(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_REDUCE(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_DOT(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_CONV(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_LINALG(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_FFT(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_NORM(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_SORT(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_CONTROL(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_CALL(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_CUSTOM(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_TOKEN(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_TUPLE(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_RANDOM(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_DYNAMIC(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_COLLECTIVE(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_QUANTIZE(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_MAP(name) INTERP_DECLARE(name)
#define INTERP_DECLARE_CHECK(name) INTERP_DECLARE(name)
#define X(name, text, omin, omax, rmin, rmax, gmin, gmax, op_class, syntax, elems, traits, attrs,  \
          rule, interp, loop, native)                                                              \
  INTERP_##interp(op_class, name)
#include "ir/ops.def"
#undef X
#undef INTERP_yes
#undef INTERP_todo
#undef INTERP_gone

#endif
