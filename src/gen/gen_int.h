// SPDX-License-Identifier: Apache-2.0
// For the gen room itself: instruction selection's view of one kernel.
//
//   gen_prog.c     statements -> the entry function; driver
//   gen_facts.c    what is known of a kernel before anything is emitted
//   gen_lanes.c    how wide the lanes of its vector loops are
//   gen_order.c    in which order
//   gen_kernel.c   its regions: plain loops, vector loops with tails, conditions
//   gen_addr.c     affine accesses -> pointers, index registers and displacements
//   gen_mem.c      loads and stores of every element type, stride and mask
//   gen_weave.c    those of neighbouring elements, together
//   gen_words.c    those of bf16 elements, two by two
//   gen_tail.c     stores of the last elements of a loop
//   gen_ops.c      pure operations that are one instruction; dispatch to the others:
//   gen_arith.c    integers      gen_conv.c  conversions      gen_pred.c  predicates
//   gen_narrow.c   integers in lanes of 8 and 16 bits
//   gen_divide.c   integers by constants
//   gen_round.c    rounding to bf16
//   gen_red.c      reductions
//
// A value of the kernel is either uniform (one register, equal in all lanes of a full vector) or
// varies along the vector loop in flight (one register per interleaved copy, `lanes` elements
// each). Predicates are mask registers on v4; on v3 vector masks with 32-bit lanes, and in nests
// with 64-bit lanes also (or instead) with 64-bit lanes, as their users need. In loops of narrow
// lanes (gen_lanes.c) I32 and PRED values that vary are in lanes of 8 or 16 bits; uniform ones stay
// as they are and are brought into such lanes for their users.
//
// Errors: exhaustion and unsupported input leave by longjmp to sk_gen_program.
#ifndef SK_GEN_GEN_INT_H
#define SK_GEN_GEN_INT_H

#include "gen/gen.h"
#include "gen/gen_vcode.h"

#define SK_NO_LOOP UINT32_MAX
enum { SK_MAX_COPIES = 16 };

typedef enum sk_root { SK_ROOT_SLOT, SK_ROOT_ARENA, SK_ROOT_CONST, SK_ROOT_SCRATCH } sk_root;
typedef enum sk_node_kind { SK_NODE_ROOT, SK_NODE_LOOP, SK_NODE_DYN } sk_node_kind;

// One step of an address. ROOT: a buffer's place + stride. LOOP: parent + stride * iteration. DYN:
// parent + stride * dyn.
typedef struct sk_pnode {
  uint8_t kind;  // sk_node_kind
  uint8_t root;  // sk_root
  uint8_t has_child;
  uint8_t is_indexed;  // LOOP: the iteration counter serves as index register, there is no pointer
  uint32_t parent;
  uint32_t id;     // ROOT: slot. LOOP: loop. DYN: value
  int64_t stride;  // bytes
  uint32_t chain;  // hash chain
  uint32_t next;   // next node of the same loop
  sk_vr ptr;       // 0 = not computed (here)
} sk_pnode;

typedef struct sk_addr {
  uint32_t node;
  int32_t disp;
  bool is_gather;  // the dynamic offset varies by lane and is not part of the path
} sk_addr;

// Accesses of one block that move together (gen_weave.c), by ascending offset.
enum { SK_WEAVE_MEMBERS = 4 };
typedef struct sk_weave {
  uint32_t inst[SK_WEAVE_MEMBERS];
  uint32_t first, last;  // of them, in the order of emission
  uint8_t count;
} sk_weave;

typedef struct sk_range {
  int64_t lo, hi;  // of an I32, as a signed number
} sk_range;

typedef struct sk_undo {
  uint32_t node;
  sk_vr ptr;
} sk_undo;

typedef struct sk_gen {
  const sk_prog *prog;
  const sk_gen_options *opt;
  sk_arena *arena;   // borrowed: results and machine code
  sk_arena scratch;  // one kernel's working memory
  jmp_buf bail;
  sk_status status;  // what to return after a longjmp; NULL: memory exhausted
  sk_asm as;
  sk_vcode vc;
  bool v4;
  uint32_t vector_bytes;
  const uint32_t *bound;  // by buffer: slot + 1 in the frame of a shared function; NULL: none is

  // ---- facts about the kernel (gen_kernel.c), by instruction unless said
  const sk_kernel *kernel;
  bool is_parallel;  // loop 0 runs over [begin, end) given at run time, else over its extent
  int64_t multiple;  // ... whose bounds are multiples of this, or the extent
  bool has_vec;
  uint32_t full_vl;  // length of uniform values
  uint32_t max_copies;
  uint8_t *vary;
  uint8_t *need;     // v3 predicates in 64-bit nests: 1 = 32-bit lanes wanted, 2 = 64-bit lanes
  uint8_t *fused;    // done as part of its user or of its source; nothing is emitted
  uint8_t *merged;   // MERGE that has been moved into its register (gen_kernel.c)
  uint8_t *general;  // a uniform I32 that lives in a general register, sign-extended (gen_facts.c)
  uint8_t
      *rotation;  // OR that is a rotation to the left of its first operand's operand: by how much
  uint8_t *rounding;  // FROUNDBF: SK_ROUND_* (gen_round.c); NULL: there is none
  uint8_t *splits;    // by loop: its copies hold even and odd elements (gen_words.c)
  uint32_t *use_count;
  uint32_t *last_user;
  uint32_t *in_loop;     // innermost loop
  uint32_t *block;       // number of region boundaries before
  uint32_t *stores;      // STOREs emitted before (gen_order.c)
  uint32_t *end_of;      // LOOP, IF: their END
  uint32_t *order;       // by position: the instruction to emit there (gen_order.c)
  uint8_t *written;      // by access: some STORE of the kernel may touch its buffer
  uint8_t *is_vec;       // by loop
  uint8_t *index_used;   // by loop: 1 = as I32, 2 = as I64
  uint32_t *loop_lanes;  // by loop: lanes of the nest it belongs to
  sk_range *range;       // by instruction; NULL: no loop may have narrow lanes
  sk_vr *narrow;         // uniform values in the narrow lanes in flight; 0 = not made
  sk_vr *val, *val64;    // [instruction * max_copies + copy]

  SK_VEC(sk_weave) weaves;  // [0] unused
  uint32_t *weave_of;       // 0 = none

  // ---- addresses (gen_addr.c)
  SK_VEC(sk_pnode) nodes;  // [0] unused
  SK_VEC(sk_undo) undo;
  uint32_t *node_heads, node_mask;  // by hash; there are mask + 1
  uint32_t few_heads[256];          // what node_heads is at first
  uint32_t *loop_nodes;             // by loop: first node
  sk_addr *addr;

  // ---- where selection stands
  uint32_t vec_loop;  // loop whose lanes are in flight
  uint32_t lanes;
  uint32_t copies;
  bool is_split;      // ... which hold even and odd elements
  int64_t copy_base;  // vectors of this trip before copy 0
  sk_vr mask[SK_MAX_COPIES],
      mask64[SK_MAX_COPIES];  // active lanes by copy; 0 = all. mask64: v3, 64-bit lanes
  uint32_t tail;              // lanes that tail_mask leaves on; 0: it has not been set
  sk_vr tail_mask;            // the mask of a tail whose length is known
  uint32_t depth;             // of the walk
  sk_vr frame, begin, end, scratch_ptr;
  sk_vr *counter;    // by loop: iteration of copy 0, general; 0: it is known, `at`
  int64_t *at;       // by loop: the iteration of copy 0 where there is no counter
  sk_vr (*ramp)[2];  // by loop: index vectors of copy 0, I32 and I64
} sk_gen;

// gen_prog.c
SK_NORETURN void sk_gen_unsupported(sk_gen *g, const char *what);

// gen_share.c: statements that are the same but for their buffers
enum { SK_MAX_BINDINGS = 10 };  // as many pointers as a kernel can hold in registers
typedef struct sk_bindings {    // buffers in the order of the slots
  uint32_t count, buf[SK_MAX_BINDINGS];
  bool overflow;  // there are more: such a statement is not shared
} sk_bindings;
typedef struct sk_share_call {  // how the function of a kernel is called
  bool is_parallel;
  int64_t multiple;
} sk_share_call;
// leader[statement] = the first one that is the same; itself where there is none. `local`: zeros, by
// buffer, and zeros again afterwards. Works in g->scratch.
void sk_gen_find_equal(sk_gen *g, const sk_share_call *calls, uint32_t *local, uint32_t *leader);
// local[buffer] = slot + 1, until they are unbound.
sk_bindings sk_gen_bind(sk_gen *g, const sk_stmt *stmt, uint32_t *local);
void sk_gen_unbind(sk_gen *g, const sk_bindings *bound, uint32_t *local);

// gen_facts.c
void sk_gen_find_facts(sk_gen *g);

// gen_lanes.c. The first says, for a vector loop whose types and accesses need `least` bytes.
uint32_t sk_gen_narrowest_lane(sk_gen *g, uint32_t loop, uint32_t least);
// Does the low part of so many bytes, extended with its sign, give the number back?
bool sk_gen_is_signed(const sk_gen *g, sk_val v, uint32_t bytes);
// What does the work of an operation, or of the combiner of a CARRY, in such lanes.
sk_lop sk_gen_lane_op(const sk_gen *g, const sk_inst *inst, uint32_t bytes);
// The operand that is the result there; 0 = none.
sk_val sk_gen_kept_in_lane(const sk_gen *g, const sk_inst *inst, uint32_t bytes);
bool sk_gen_is_size(const sk_gen *g, const sk_inst *inst);        // |a|
bool sk_gen_starts_empty(const sk_gen *g, const sk_inst *carry);  // from its combiner's identity
void sk_gen_prepare_narrow(sk_gen *g, uint32_t loop, bool begins);
// A value, uniform or not, in lanes as wide as those in flight.
sk_vr sk_gen_lane_val(sk_gen *g, sk_val v, uint32_t copy);

// gen_order.c
void sk_gen_order(sk_gen *g);

// gen_weave.c, after the order
void sk_gen_find_weaves(sk_gen *g);
// Is the LOAD or STORE at hand part of a weave here? Then it has been dealt with.
bool sk_gen_woven(sk_gen *g, uint32_t inst);

// gen_kernel.c
sk_label sk_gen_kernel(sk_gen *g, uint32_t kernel, bool is_parallel, int64_t multiple);
void sk_gen_body(sk_gen *g,
                 uint32_t loop);  // the body of a loop once, without its CARRYs and YIELDs
uint32_t sk_gen_carries(const sk_gen *g, uint32_t loop);
void sk_gen_start(sk_gen *g, uint32_t loop,
                  sk_vr begin);  // counter, pointers, index vectors; begin 0: from 0
void sk_gen_start_at(sk_gen *g, uint32_t loop,
                     int64_t iteration);  // none of these: the iteration is known
void sk_gen_step(sk_gen *g, uint32_t loop, int64_t elements);
void sk_gen_if_any(sk_gen *g, sk_vr mask, bool vary);
void sk_gen_set_tail(sk_gen *g, uint32_t active);  // first `active` lanes of a vector
// Bytes of a lane of an I32 or PRED.
static inline uint32_t sk_gen_lane(const sk_gen *g, bool vary) {
  return vary && g->lanes * 4 > g->vector_bytes ? g->vector_bytes / g->lanes : 4;
}
static inline uint32_t sk_gen_elem(const sk_gen *g, bool vary, sk_lt type) {
  return type == SK_LT_PRED || type == SK_LT_I32 ? sk_gen_lane(g, vary) : sk_lt_bytes(type);
}
static inline uint32_t sk_gen_vl(const sk_gen *g, bool vary, uint32_t elem_bytes) {
  if (!vary) {
    return g->full_vl;
  }
  uint32_t bytes = g->lanes * elem_bytes;
  return bytes <= 16 ? SK_XMM : bytes == 32 ? SK_YMM : SK_ZMM;
}
static inline sk_vr sk_gen_val(const sk_gen *g, sk_val v, uint32_t copy) {
  return v.id == 0 ? 0 : g->val[v.id * g->max_copies + (g->vary[v.id] ? copy : 0)];
}
static inline sk_vr sk_gen_val64(const sk_gen *g, sk_val v, uint32_t copy) {
  return v.id == 0 ? 0 : g->val64[v.id * g->max_copies + (g->vary[v.id] ? copy : 0)];
}
static inline const sk_inst *sk_gen_inst(const sk_gen *g, uint32_t id) {
  return &g->kernel->insts.data[id];
}

// gen_addr.c
void sk_gen_build_addresses(sk_gen *g);
sk_vr sk_gen_pointer(sk_gen *g, uint32_t node);
// Memory operand of lane `lane` of copy `copy` of a LOAD or STORE, `bytes` further.
sk_vmem sk_gen_address(sk_gen *g, uint32_t inst, uint32_t copy, uint32_t lane, int64_t bytes);
void sk_gen_set_pointer(sk_gen *g, uint32_t node, sk_vr ptr);
void sk_gen_undo(sk_gen *g, uint32_t mark);
bool sk_gen_may_alias(const sk_gen *g, uint32_t x, uint32_t y);
uint32_t sk_gen_place_buf(const sk_prog *prog, uint32_t buf);  // the buffer whose placement counts

// gen_ops.c
void sk_gen_pure(sk_gen *g, uint32_t inst);
sk_vr sk_gen_const(sk_gen *g, uint32_t elem_bytes, uint64_t bits);  // uniform constant
sk_vr sk_gen_broadcast(sk_gen *g, uint32_t vl, uint32_t elem_bytes,
                       sk_vr v);  // lane 0 to all lanes
bool sk_gen_get_const(const sk_gen *g, sk_val v, uint64_t *out_bits);
// One pure operation on registers: `type` of the result, `from` of the first operand. Used by
// reductions too.
typedef struct sk_pure {
  sk_lop op;
  sk_lt type, from;
  bool vary;
  uint32_t vl, from_vl;  // of result and of first operand
  sk_vr a, b, c;
  sk_vr a64, b64, c64;     // v3: 64-bit forms of predicates
  sk_vr result, result64;  // of predicates: the value, and its 64-bit form
  uint8_t need;            // v3: forms of a predicate result
  uint8_t lane;            // bytes of a lane of an I32 or PRED
  const sk_inst *inst;     // for constants among the operands; may be NULL
} sk_pure;
sk_vr sk_gen_apply(sk_gen *g, sk_pure *p);
// `lane`: bytes of a lane of an I32 or PRED.
sk_vr sk_gen_combine(sk_gen *g, sk_lop combiner, sk_lt type, uint32_t lane, uint32_t vl, sk_vr x,
                     sk_vr y, sk_vr into);

// gen_round.c
enum {
  SK_ROUND_SHORT = 1,  // the operand's NaNs have no bits in the lower half
  SK_ROUND_QUIET = 2,  // ... are quiet
  SK_ROUND_CLEAR = 4,  // somebody looks at the lower half of the result
};
void sk_gen_find_roundings(sk_gen *g);
sk_vr sk_gen_round_bf16(sk_gen *g, const sk_pure *p);

// gen_narrow.c, gen_arith.c, gen_conv.c, gen_pred.c: 0 if the operation is not theirs
sk_vr sk_gen_narrow(sk_gen *g, const sk_pure *p);
sk_vr sk_gen_integer(sk_gen *g, sk_pure *p);
sk_vr sk_gen_rotate(sk_gen *g, const sk_pure *p, uint64_t amount);  // p->a to the left
sk_vr sk_gen_divide(sk_gen *g, sk_pure *p);
sk_vr sk_gen_divide_by_constant(sk_gen *g, const sk_pure *p);  // gen_divide.c
sk_vr sk_gen_convert(sk_gen *g, sk_pure *p);
sk_vr sk_gen_predicate(sk_gen *g, sk_pure *p);
void sk_gen_pred_forms(sk_gen *g, sk_pure *p, sk_vr mask,
                       bool wide);                   // v3: makes the wanted forms from one
sk_vr sk_gen_mask_and(sk_gen *g, sk_vr x, sk_vr y);  // 0 stands for all lanes
sk_vr sk_gen_mask_or(sk_gen *g, sk_vr x, sk_vr y);
sk_vr sk_gen_mask_xor(sk_gen *g, sk_vr x, sk_vr y);
sk_vr sk_gen_all_lanes(sk_gen *g, uint32_t lanes);           // v4: a mask of that many ones
sk_vr sk_gen_trim_mask(sk_gen *g, sk_vr k, uint32_t lanes);  // v4: zeros above the lanes
sk_vr sk_gen_pred_const(sk_gen *g, bool value);

// gen_mem.c
sk_vr sk_gen_part(sk_gen *g, sk_vr v, uint32_t vl, uint32_t index);  // 128 bits of a vector
sk_vr sk_gen_join(sk_gen *g, const sk_vr *parts, uint32_t vl);
void sk_gen_load(sk_gen *g, uint32_t inst);
void sk_gen_store(sk_gen *g, uint32_t inst);

// gen_words.c, after the other facts
void sk_gen_find_splits(sk_gen *g);
void sk_gen_begin_copies(sk_gen *g, uint32_t loop, uint32_t copies);  // of the loop's body
void sk_gen_join_shift(sk_gen *g, uint32_t inst);  // before a LOAD or SHR is emitted
// Is the LOAD or STORE at hand one of words here? Then it has been dealt with.
bool sk_gen_load_words(sk_gen *g, uint32_t inst);
bool sk_gen_store_words(sk_gen *g, uint32_t inst);

// gen_tail.c
// So many bytes from where the LOAD is, zeros after them.
sk_vr sk_gen_load_bytes(sk_gen *g, uint32_t inst, uint32_t copy, uint32_t vl, uint32_t bytes);
// The first `bytes` bytes of v to where the LOAD or STORE is.
void sk_gen_store_bytes(sk_gen *g, uint32_t inst, uint32_t copy, sk_vr v, uint32_t vl,
                        uint32_t bytes);

// gen_red.c
sk_vr sk_gen_identity(sk_gen *g, const sk_inst *carry, bool vary);  // of its combiner
void sk_gen_reduction(sk_gen *g, uint32_t loop);                    // vectorised
void sk_gen_lane_reduction(sk_gen *g, uint32_t loop);  // RED with virtual lanes, not vectorised

#endif
