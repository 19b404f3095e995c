// SPDX-License-Identifier: Apache-2.0
// Of the lowering (module + plan -> program) only: values, index maps, the shared state, and the division of work between files.
//
//   lower.c         entry, blocks, buffers, statements (copies, dot, dynamic_update_slice)
//   lower_flow.c    while, case, if
//   lower_while.c   whiles that are kernels: counted loops with element-wise bodies, loops of single elements (lower_while_*.c)
//   lower_fill.c    carries whose initial value nobody sees
//   lower_group.c   one fused group -> one kernel (or more): loops, stores; copies
//   lower_reduce.c  groups with reductions: accumulators, stages of rows, blocks
//   lower_nest.c    places in buffers for kernels that open their own loops; windows
//   lower_window.c  reduce_window, select_and_scatter
//   lower_prefix.c  reduce_window over everything before or behind each element
//   lower_conv.c    convolution as a matrix product
//   lower_linalg.c  cholesky, triangular_solve, lu
//   lower_fft.c, lower_fft_stage.c, lower_fft_table.c  fft
//   lower_order.c   whether an array is still read when it is updated
//   lower_update.c  dynamic_update_slice and concatenations that run on their own, by the kernels that compute the pieces if possible
//   lower_index.c   dimension numbers of gather and scatter -> index maps
//   lower_scatter.c scatter
//   lower_call.c    custom_call: a call of the host's function; tokens
//   lower_sort.c    sort; lower_sort_keys.c recognises comparators by keys
//   lower_eval.c    value at an index map -> loop-IR value: walks through views and inlined ops, emits loads
//   lower_segment.c where pads and concatenations cut a kernel
//   lower_map.c     index maps and how each view transforms them
//   lower_elem.c    one element-wise op on scalars of any element type, with its parts
//   lower_convert.c how element types are held in registers; conversions between them
//   lower_bits.c    ops on the bit pattern of a float
//   lower_complex.c ops on complex numbers
#ifndef SK_LOOP_LOWER_INT_H
#define SK_LOOP_LOWER_INT_H

#include "ir/plan.h"
#include "loop/lower.h"

// A scalar of any element type while it is computed. Pred, integers and floats use `re`; complex numbers both.
typedef struct sk_scalar {
  sk_val re, im;
} sk_scalar;

// ---- lower_convert.c. How element types are held in registers: integers narrower than 32 bits extended to I32 by their sign, narrow
// floats as the F32 of the same value, complex as a pair of floats.
sk_lt sk_elem_lt(
    sk_elem elem);  // register type (of one part, for complex); NONE if it cannot be computed on
sk_mem sk_elem_mem(sk_elem elem);  // memory type (of one part, for complex)
sk_val sk_scalar_from_memory(sk_build *b, sk_elem elem,
                             sk_val loaded);  // bits as loaded -> register form
sk_val sk_scalar_to_memory(sk_build *b, sk_elem elem,
                           sk_val value);  // register form -> what is stored
sk_val sk_scalar_const(sk_build *b, sk_elem elem, const void *bits);  // one part
sk_val sk_scalar_round(sk_build *b, sk_elem elem,
                       sk_val x);  // rounds an F32 to a narrow float; others unchanged
typedef struct sk_elem_op {
  sk_opkind kind;
  sk_elem from, to;  // element types of operand 0 (select: operand 1) and of the result
  bool many;         // of more than one element
  uint32_t compare_direction, compare_type;
  int64_t exponent_bits, mantissa_bits;  // reduce_precision
} sk_elem_op;
// One element-wise op. False: it has no lowering for these types.
bool sk_scalar_apply(sk_build *b, const sk_elem_op *op, const sk_scalar *in, uint32_t count,
                     sk_scalar *out);
sk_val sk_scalar_convert(sk_build *b, sk_elem from, sk_elem to, sk_val x);  // not complex

// ---- lower_map.c
// Index of one dimension: offset + sum over positions p of coef[p] * (index along F's dimension p) + dyn.
typedef struct sk_affine {
  int64_t offset;
  int64_t coef[SK_GROUP_MAX_RANK];
  sk_val dyn;  // I64 or none
} sk_affine;

// Where a value is read: one expression per dimension, or one over the row-major linear index.
typedef struct sk_map {
  uint32_t rank;
  bool linear;
  sk_val guard;  // PRED: the point exists; none = always
  sk_affine dim[];
} sk_map;

// How the positions of the iteration space F run at the moment: one loop each; a blocked one also has a loop over its blocks.
typedef struct sk_space {
  uint32_t rank;
  int64_t extent[SK_GROUP_MAX_RANK];
  int64_t base[SK_GROUP_MAX_RANK];  // first index: a kernel may cover a segment of a dimension only
  uint32_t loop[SK_GROUP_MAX_RANK];  // UINT32_MAX: no loop is open for it
  uint32_t fixed;                    // mask: no loop runs along it, the index is base
  uint32_t block_position;           // UINT32_MAX: none
  uint32_t block_loop;
  int64_t block_count;
  int64_t block_elems, block_base;  // index = block_base + block * block_elems + inner index
} sk_space;

// A range of one position that a kernel is confined to, so that guards of pads and concatenations are decided while lowering.
typedef struct sk_segment {
  uint32_t position;  // UINT32_MAX: everything
  int64_t begin, end;
} sk_segment;

// What a dynamic_update_slice or a concatenation stores of one operand.
typedef struct sk_piece {
  sk_op op;
  uint32_t operand;
  uint32_t next;  // piece of the same value, 0 = last
  int64_t start;  // of a concatenation: where along its dimension
  bool claimed;   // the kernel that computes the value stores it
} sk_piece;

struct sk_memo;

// An operation lowered to a kernel of its own, and the buffers of its operands and result: an equal one gets a copy.
typedef struct sk_twin {
  sk_op op;
  uint32_t kernel, bufs[3];
} sk_twin;

typedef struct sk_lowering {
  const sk_module *m;
  const sk_plan *plan;
  sk_prog *prog;
  sk_arena *arena;   // the program's
  uint32_t *buf_of;  // by value: program buffer that holds it; 0 = none (yet)
  uint32_t *uses;    // by value: number of uses
  uint16_t *stage,
      *last_stage;     // by op: pass over the row in which it is computed, in which it is last read
  uint32_t *redo;      // by op of the group at hand: cost of computing it once more
  uint8_t *keeps_row;  // by op of the group at hand: its row is kept for later stages
  uint32_t *scratch_of;     // by op: scratch buffer that keeps its row for later stages; 0 = none
  uint8_t *computed;        // by op: its kernel or statement has been lowered
  SK_VEC(sk_piece) pieces;  // [0] unused
  uint32_t
      *piece_of;  // by value: first piece that the kernel that computes it could store; 0 = none
  uint32_t *first_piece;  // by op: its first piece, others follow; 0 = none
  uint32_t *
      order;  // by op, statements and members of groups: its turn in its block, from 1; 0: evaluated where it is used
  uint32_t *tainted,
      taint;  // by op: search in which it was found to read an array; number of the last search
  uint64_t search_steps;  // left for such searches
  uint32_t *covered;  // by value: uses that such kernels have made unnecessary to serve from memory
  SK_VEC(sk_value) undo;  // values whose buf_of was set on demand in the current block
  uint32_t *tail;         // where the next statement of the current block is linked
  uint32_t last_stmt;
  uint32_t loc_id, op_id;  // of the unit being lowered
  uint32_t *
      by_point;  // by value: the survey of a counted loop that found it to differ by point (lower_while.c)
  uint32_t survey;
  // the kernel being built
  sk_value trip_counter;   // of the counted loop that the kernel is; none
  uint32_t trip_position;  // of the space, where that loop runs
  sk_arena *scratch;       // of that kernel alone: emptied when it is finished
  sk_arena_mark before_kernel;
  sk_build b;
  sk_space space;
  uint32_t group;  // index + 1; 0: no group (copies, updates)
  uint32_t current_stage;
  sk_segment segment;
  struct sk_memo **memo;  // by value
  SK_VEC(sk_value) memo_values;
  struct {
    struct sk_memo **heads;  // by hash of value and map; NULL: no value has that many
    uint32_t mask, count;
  } crowd;
  SK_VEC(sk_twin) twins;       // operations whose kernels may serve again
  SK_VEC(uint8_t) scope_open;  // by scope number
  SK_VEC(uint32_t) scopes;     // open scopes
  sk_status failure;           // first failure; evaluation goes on with zeros
} sk_lowering;

sk_map *sk_map_new(sk_lowering *l, uint32_t rank);
bool sk_map_equal(const sk_map *a, const sk_map *b);
// Is the element at `a` that at `b`? What was evaluated without a guard is so under any.
bool sk_map_answers(const sk_map *a, const sk_map *b);
// Map of a value at the iteration point: its dimensions of extent > 1 run along the positions in `mask`, in order.
sk_map *sk_map_at_point(sk_lowering *l, const sk_type_rec *type, uint32_t mask);
sk_map *sk_map_empty(sk_lowering *l);                        // of a scalar
sk_val sk_affine_value(sk_lowering *l, const sk_affine *e);  // as I64
sk_val sk_affine_index(sk_lowering *l,
                       const sk_affine *e);  // as I32 when every value fits, else as I64
// True if every value of e lies in [0, extent): then no guard is needed. *out_lo and *out_hi are its bounds when it has no dyn.
bool sk_affine_bounds(const sk_lowering *l, const sk_affine *e, int64_t *out_lo, int64_t *out_hi);
// Map of operand 0 of a view, given the map of its result. dynamic_slice: starts[] are the clamped starts (I64).
sk_map *sk_map_through(sk_lowering *l, sk_op view, const sk_map *map, const sk_val *starts);
sk_affine sk_map_linear(sk_lowering *l, const sk_type_rec *type,
                        const sk_map *map);  // row-major index
sk_map *sk_map_per_dim(sk_lowering *l, const sk_type_rec *type,
                       const sk_map *map);  // undo `linear`
sk_val sk_guard_and(sk_lowering *l, sk_val a, sk_val b);
sk_val sk_guard_range(sk_lowering *l, const sk_affine *e, int64_t lo, int64_t hi,
                      bool *out_empty);  // lo <= e < hi; none = always

// ---- lower_eval.c
void sk_eval_begin(sk_lowering *l, uint32_t kernel, uint32_t max_loops, uint32_t group);
void sk_eval_end(
    sk_lowering *l);  // the kernel's maps, scalars and lists in scratch memory are gone afterwards
void sk_eval_open(sk_lowering *l);  // scope of memoised values: one per open loop
void sk_eval_close(sk_lowering *l);
sk_scalar sk_eval(sk_lowering *l, sk_value v, sk_map *map);
void sk_eval_bind(sk_lowering *l, sk_value v, sk_map *map,
                  sk_scalar value);  // v has this value at map, in the current scope
// Element at `linear` (for complex numbers, of pairs) of a buffer, where guard (none = always) holds; a load gives 0 elsewhere.
sk_scalar sk_emit_load(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                       sk_val guard);
void sk_emit_store(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                   sk_scalar value);
void sk_emit_store_if(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear,
                      sk_scalar value, sk_val guard);
// Computes here the dynamic offset that loads and stores at `linear` inside the current scope then share.
void sk_emit_offset(sk_lowering *l, uint32_t buf, sk_elem elem, const sk_affine *linear);
sk_val sk_eval_start(sk_lowering *l, sk_op op, uint32_t operand,
                     int64_t max);  // clamped start index, I64
void sk_lower_fail(sk_lowering *l, sk_status status);
// Evaluates a region of element-wise ops with its arguments bound to `args`; the terminator's operands go to `out`.
void sk_eval_region(sk_lowering *l, sk_region region, const sk_scalar *args, sk_scalar *out);
sk_op sk_lower_find_stranger(
    const sk_lowering *l,
    sk_region region);  // first op of a region that the above cannot do; none = all can

// ---- lower_segment.c
// Positions at which operations of the group start or stop being padding: ascending, with 0 and the extent. Function of the program alone.
typedef struct sk_cuts {
  uint32_t position;  // of F, cut into kernels; UINT32_MAX: none
  int64_t *at;
  bool
      unrolled;  // the last position is short: its elements are written out, the one before it is the innermost loop
  uint32_t loops;    // pieces of the innermost loop of each kernel; 1: none
  int64_t *loop_at;  // NULL where loops = 1
} sk_cuts;
uint32_t sk_lower_segments(sk_lowering *l, uint32_t group, sk_cuts *out);  // number of kernels
// The same for one value that is copied to memory.
uint32_t sk_lower_segments_of(sk_lowering *l, sk_value v, uint32_t *out_dim, int64_t **out_cuts);

// ---- lower_group.c
bool sk_lower_is_full_member(const sk_lowering *l, const sk_group *g,
                             sk_op op);  // computed per point of F, not per row
void sk_lower_group(sk_lowering *l, uint32_t group);
void sk_lower_copy(sk_lowering *l, sk_value v, uint32_t buf,
                   const uint32_t *permutation);  // kernel that stores v to buf
void sk_lower_dot_loops(sk_lowering *l, sk_op op,
                        const sk_dot *dot);  // product of types without a kernel generator
// (lower_reduce.c) of an element-wise operation, in simple ones
uint32_t sk_op_cost(sk_opkind kind);
// (lower_reduce.c) element type of a row that is kept in scratch
sk_elem sk_row_elem(sk_elem elem, int64_t elems);
// (lower_reduce.c) stage and last_stage of a block's ops
void sk_lower_stages(sk_lowering *l, sk_region region);
void sk_space_open(sk_lowering *l, uint32_t mask, sk_loop_kind kind);
void sk_space_close(sk_lowering *l, uint32_t mask);

// ---- lower_update.c
void sk_lower_plan_pieces(sk_lowering *l,
                          sk_region region);  // finds those that kernels of the block may store
// Before the kernel of `group`, which computes v: claims the pieces of v that can be stored there.
// True: nothing else reads v from memory, so that it needs no buffer.
bool sk_lower_claim_pieces(sk_lowering *l, sk_value v, uint32_t group);
// Stores v's element at the iteration point (positions in `mask`, row-major index `linear`) where
// pieces were claimed.
void sk_lower_store_pieces(sk_lowering *l, sk_value v, uint32_t mask, const sk_affine *linear,
                           sk_scalar value);
void sk_lower_update(sk_lowering *l, sk_op op);       // statement dynamic_update_slice
void sk_lower_concatenate(sk_lowering *l, sk_op op);  // statement concatenate
// May result k of an update or a scatter take over the storage of operand k?
bool sk_lower_is_in_place(sk_lowering *l, sk_op op, uint32_t k);

// ---- lower_order.c
void sk_lower_number_units(sk_lowering *l);
// Does everything that reads v, which op updates as operand k, run before turn `turn` of their block?
bool sk_lower_is_read_before(sk_lowering *l, sk_value v, sk_op op, uint32_t k, uint32_t turn);

// ---- lower_scatter.c
void sk_lower_scatter(sk_lowering *l, sk_op op);  // statement scatter

// ---- lower_call.c
void sk_lower_call(sk_lowering *l, sk_op op);   // statement custom_call
void sk_lower_token(sk_lowering *l, sk_op op);  // after_all, create_token

// ---- lower_sort.c
void sk_lower_sort(sk_lowering *l, sk_op op);  // statement sort

// ---- lower_nest.c
enum { SK_PLACE_LOOPS = 2 * SK_MAX_RANK + 8 };
#define SK_NO_LOOP UINT32_MAX
// An element of a buffer by the loops around.
typedef struct sk_place {
  uint32_t buf;
  sk_elem elem;
  int64_t offset;                   // elements
  int64_t strides[SK_PLACE_LOOPS];  // by loop id
  sk_val dyn;                       // elements, I64 (I32: times the parts, it fits); none: 0
  sk_val guard;                     // the place exists; none: always
} sk_place;
typedef struct sk_window {
  int64_t extent, size;  // of the base, of the window
  int64_t stride, low, high, base_dilation, window_dilation;
  uint32_t position_loop, tap_loop;  // SK_NO_LOOP: 0 throughout
} sk_window;
sk_scalar sk_place_load(sk_lowering *l, const sk_place *p);  // zero bits where the guard fails
void sk_place_store(sk_lowering *l, const sk_place *p, sk_scalar value);
// Moves the place to the tap's element along one dimension, whose elements lie `stride` apart.
void sk_place_add_window(sk_lowering *l, sk_place *p, const sk_window *w, int64_t stride);
// Where the tap is on the dilated base, negative in the low padding; type: I32 or I64.
sk_val sk_window_position(sk_lowering *l, const sk_window *w, sk_lt type);
sk_scalar sk_scalar_select(sk_lowering *l, sk_val pred, sk_scalar yes, sk_scalar no);

// ---- lower_window.c
void sk_lower_reduce_window(sk_lowering *l, sk_op op);
void sk_lower_select_and_scatter(sk_lowering *l, sk_op op);

// ---- lower_prefix.c
// Builds the loops of a cumulative reduce_window in the kernel that was begun; false: it is not one, and nothing was built. `inputs`:
// buffers of the operands.
bool sk_lower_prefix(sk_lowering *l, sk_op op, const uint32_t *inputs);

// ---- lower_conv.c
void sk_lower_convolution(sk_lowering *l, sk_op op);

// ---- lower_linalg.c
void sk_lower_cholesky(sk_lowering *l, sk_op op);
void sk_lower_triangular_solve(sk_lowering *l, sk_op op);
bool sk_lower_lu(sk_lowering *l, sk_op op);  // false: it is another custom call

// ---- lower_sort_keys.c
typedef struct sk_sort_key {
  int64_t operand, order, exponent_bits, descending;  // as base/libcalls.def says
} sk_sort_key;
// Keys, first to last, that a sort's comparator orders by; 0: it does something else, or has more than `limit`.
uint32_t sk_lower_sort_keys(const sk_lowering *l, sk_region body, sk_sort_key *keys,
                            uint32_t limit);

// ---- lower_fft.c
void sk_lower_fft(sk_lowering *l, sk_op op);

// ---- lower_fill.c
// Does the while write every element of this carry before anything reads it, so that its initial value is never seen?
bool sk_lower_is_overwritten(const sk_lowering *l, sk_op loop, uint32_t carry);
// The argument of a while's body that counts 0, 1, ..., trips - 1.
bool sk_lower_find_counter(const sk_lowering *l, sk_op loop, sk_value *out_arg, int64_t *out_trips);
// Is v offset + scale * counter, by additions and subtractions?
bool sk_lower_is_linear(const sk_lowering *l, sk_value v, sk_value counter, int64_t *out_offset,
                        int64_t *out_scale);

// ---- lower_while.c, lower_while_until.c
// Lowers a counted while whose body is element-wise to one kernel. False: it is not one, and nothing was done.
bool sk_lower_counted_loop(sk_lowering *l, sk_op op);
// Lowers a while of single elements to a kernel for some trips that runs until the condition fails. False: as above.
bool sk_lower_scalar_loop(sk_lowering *l, sk_op op);

// ---- lower.c
uint32_t sk_lower_new_buf(sk_lowering *l, sk_type type, sk_buf_kind kind);
uint32_t sk_lower_result_buf(sk_lowering *l,
                             sk_value v);  // the buffer v is to be written to; made if need be
uint32_t
sk_lower_materialise(sk_lowering *l,
                     sk_value v);  // buffer holding v, row-major; emits a copy kernel if need be
void sk_lower_into(sk_lowering *l, sk_value v, uint32_t buf);  // makes buf hold v
uint32_t sk_lower_emit(sk_lowering *l, const sk_stmt *stmt);
uint32_t sk_lower_block(sk_lowering *l, sk_region region,
                        void (*finish)(sk_lowering *l, void *user), void *user);
bool sk_lower_is_statement(const sk_lowering *l, sk_op op);  // lowered by a statement of its own
sk_value sk_lower_resolve(const sk_lowering *l,
                          sk_value v);  // through views that do not move any element
bool sk_lower_moves_nothing(const sk_lowering *l, sk_op view);  // such a view
// ---- lower_flow.c
void sk_lower_while(sk_lowering *l, sk_op op);
void sk_lower_case(sk_lowering *l, sk_op op);

#endif
