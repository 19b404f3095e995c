// SPDX-License-Identifier: Apache-2.0
// Between StableHLO and the machine: the program tree (statements over typed buffers) and kernels in loop IR.
//
//   sk_prog
//     buffers[]  typed memory: arguments, results, temporaries, constants, per-thread scratch
//     stmts[]    KERNEL | DOT | LIBCALL | WHILE | CASE | COPY | SWAP          blocks are linked lists of statements
//     kernels[]
//       loops[]     {extent, kind, virtual lanes, vectorised?, interleave}
//       accesses[]  buffer + offset + one stride per loop (elements; 0 = broadcast, negative = reverse)
//       insts[]     structured SSA in program order; LOOP/IF ... END nest; a value is visible in the scope that defines it
//
// A kernel is one outermost parallel loop (loop 0; extent 1 if it computes scalars) with everything inside it. Meaning is
// defined per element, sequentially, as the runner executes it; `vec` and `unroll` only advise the generator.
//
//   loop 0 par 2048 {                              softmax over rows of 1000
//     m = loop 1 red 1000 lanes 64 { fmax ... }    stage 1: row maximum, 64 virtual lanes, fixed halving tree
//     s = loop 2 red 1000 lanes 64 { store e; e }  stage 2: exponentials into scratch, their sum
//     loop 3 par 1000 { store e / s }              stage 3
//   }
//
// Loop kinds
//   PAR  iterations are independent (they may write, never the same element twice, and read only what other iterations don't write)
//   SEQ  ascending; CARRY/YIELD values flow from one iteration to the next; memory effects in order
//   RED  CARRY/YIELD with a combiner and `lanes` = L (a power of two): element i goes to lane i mod L in ascending order, lanes
//        start at the combiner's identity; at the end lanes are halved: for h = L/2 .. 1: lane[l] = comb(lane[l], lane[l+h]);
//        result = comb(initial, lane[0]). L = 1: plain ascending order starting from the identity. A RED loop may also store.
//   Combiners: FADD (identity -0.0) FMUL (1) FMAX and FMIN (sk_lop pseudo-combiners below: IEEE maximum/minimum) ADD MUL AND OR XOR
//   SMIN SMAX UMIN UMAX, PAND POR PXOR.
//
// Types of values: PRED I32 I64 F32 F64. Narrower integers live in I32, wrapped to their width (sign- or zero-extended) after
// each operation that may leave it; bf16, f16 and smaller floats are loaded as bits and expanded to F32 (sk_mem says how).
//
// Errors: building and the passes over it bail through the arena (sk_arena.bail); parse and verify return sk_status.
// Thread rule: a program belongs to one thread while it is built; running or generating from it only reads it.
#ifndef SK_LOOP_LOOP_H
#define SK_LOOP_LOOP_H

#include "base/abi.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

typedef enum sk_lt { SK_LT_NONE, SK_LT_PRED, SK_LT_I32, SK_LT_I64, SK_LT_F32, SK_LT_F64 } sk_lt;

// Memory element types: how LOAD widens and STORE narrows.
typedef enum sk_mem {
  SK_MEM_NONE,
  SK_MEM_PRED,  // 1 byte, 0 or 1; != 0 is true                     PRED
  SK_MEM_S8,    // sign-extended                                    I32
  SK_MEM_U8,    // zero-extended                                    I32   (also bits of f8, f6, f4)
  SK_MEM_S16,   //                                                  I32
  SK_MEM_U16,   //                                                  I32   (also bits of f16, bf16)
  SK_MEM_I32,   //                                                  I32
  SK_MEM_I64,   //                                                  I64
  SK_MEM_F32,   //                                                  F32
  SK_MEM_F64,   //                                                  F64
  SK_MEM_COUNT
} sk_mem;

typedef enum sk_lop {
  SK_L_NONE,
#define X(name, ...) SK_L_##name,
#include "loop/lops.def"
#undef X
  SK_LOP_COUNT,
  // pseudo-combiners of RED loops, not instructions: StableHLO maximum/minimum (NaN wins, -0 < +0)
  SK_L_FMAX = SK_LOP_COUNT,
  SK_L_FMIN,
} sk_lop;

typedef struct sk_val {
  uint32_t id;
} sk_val;  // index of the defining instruction in its kernel; 0 = none

typedef struct sk_inst {
  uint8_t op;      // sk_lop
  uint8_t type;    // sk_lt of the result; NONE
  uint16_t depth;  // number of enclosing LOOP/IF regions
  sk_val a, b, c;  // operands; unused = 0
  uint64_t
      imm;  // CONST bits, INDEX/LOOP loop id, LOAD/STORE access id, CARRY combiner, END start index
} sk_inst;  // 24 bytes

typedef enum sk_loop_kind { SK_LOOP_PAR, SK_LOOP_SEQ, SK_LOOP_RED } sk_loop_kind;

typedef struct sk_loop {
  int64_t extent;  // > 0
  uint8_t kind;    // sk_loop_kind
  uint8_t
      vec;  // set by vectorise: lanes run along this loop. At most one vec loop on any path from the root
  uint16_t lanes;  // RED: virtual lanes
  uint16_t
      unroll;  // set by vectorise: copies of the body emitted interleaved (vec: vectors per trip; else iterations, jammed)
  uint32_t parent;      // enclosing loop id, or UINT32_MAX
  uint32_t begin, end;  // instruction indices of LOOP and END
} sk_loop;

typedef struct sk_access {
  uint32_t buf;      // program buffer id
  uint8_t mem;       // sk_mem; equals the buffer's, or another of the same width (bitcasts)
  int64_t offset;    // elements
  uint32_t strides;  // first index in kernel->strides; loop_count entries, by loop id
} sk_access;

typedef struct sk_kernel {
  const char *name;  // for dumps, perf and explain; arena
  uint32_t
      loc_id;  // position of the op it came from (ids of the module's locations, opaque here); 0 unknown
  SK_VEC(sk_inst) insts;  // [0] unused
  SK_VEC(sk_loop) loops;  // [0] = the parallel loop
  SK_VEC(sk_access) accesses;
  SK_VEC(int64_t) strides;
  uint64_t scratch_bytes;  // per thread
  uint64_t
      hash;  // structural, buffers abstracted by order of use (for sharing code); 0 = not computed
} sk_kernel;

typedef enum sk_buf_kind {
  SK_BUF_ARG,
  SK_BUF_RESULT,
  SK_BUF_TEMP,
  SK_BUF_CONST,
  SK_BUF_SCRATCH
} sk_buf_kind;

typedef struct sk_buf {
  uint8_t kind;  // sk_buf_kind
  uint8_t mem;   // sk_mem
  uint8_t
      slot;  // 1: addressed through frame->slots (all ARG and RESULT; TEMP that is carried or swapped)
  uint32_t index;  // ARG, RESULT: position in the signature. Slot number is assigned by schedule
  uint32_t slot_index;  // frame slot when slot = 1
  int64_t elems;
  int64_t
      offset;  // bytes: TEMP in the arena, CONST in the pool, SCRATCH in the thread's scratch; -1 = not placed yet
  uint32_t
      alias;  // buffer id + 1 whose storage this one shares (in place, donation); 0 = own storage
  const void *data;  // CONST: elements, borrowed; else NULL
  const char *name;  // for dumps; may be NULL
} sk_buf;

typedef enum sk_stmt_kind {
  SK_STMT_KERNEL,
  SK_STMT_DOT,
  SK_STMT_LIBCALL,
  SK_STMT_WHILE,
  SK_STMT_CASE,
  SK_STMT_COPY,
  SK_STMT_SWAP
} sk_stmt_kind;

// c[b,m,n] = sum over ascending k of a[b,m,k] * b[b,k,n]: the accumulator starts at +0 and takes one fma per step. Strides in elements.
// (Products of other types are kernels.)
typedef struct sk_dot {
  uint32_t a, b, c;  // buffer ids
  uint8_t elem;      // sk_lt of a, b, c and the accumulator: F32 or F64
  int64_t a_offset, b_offset, c_offset;
  int64_t batch, m, n, k;
  int64_t a_strides[3];  // batch, m, k
  int64_t b_strides[3];  // batch, k, n
  int64_t c_strides[3];  // batch, m, n
} sk_dot;

typedef struct sk_stmt {
  uint8_t kind;      // sk_stmt_kind
  uint8_t parallel;  // KERNEL, DOT: worth the pool (set by schedule)
  uint8_t
      only_moves;  // KERNEL: it writes a value somewhere or in another order, for other statements. Not printed
  uint32_t next;    // next statement of the block, 0 = last
  uint32_t kernel;  // KERNEL: kernel id
  int64_t grain,
      align;  // KERNEL, DOT, parallel: smallest chunk and chunk multiple, in iterations of loop 0 (DOT: tiles)
  uint32_t block[2];  // WHILE: condition, body (first statement id, 0 = empty)
  uint32_t
      pred;  // WHILE: buffer (PRED scalar) the condition block writes, or the body. CASE: selector buffer
  uint8_t
      case_is_pred;  // CASE: selector is PRED, branch 0 when true, 1 when false; else I32, out of range -> last branch
  uint32_t branch_count;     // CASE
  const uint32_t *branches;  // CASE: first statement ids
  uint32_t dst,
      src;  // COPY (whole buffers, same bytes), SWAP (two slot buffers exchange their storage)
  uint32_t libcall;  // LIBCALL: sk_builtin
  uint32_t buf_count, param_count;
  const uint32_t *bufs;   // LIBCALL
  const int64_t *params;  // LIBCALL
  const sk_dot *dot;      // DOT
  uint32_t loc_id;
  uint32_t
      op_id;  // op it was lowered from, or a member of its group (opaque here); 0: none. Not printed
} sk_stmt;

typedef struct sk_prog {
  sk_arena *arena;  // borrowed: all lists live there
  const char *name;
  SK_VEC(sk_buf) bufs;        // [0] unused
  SK_VEC(sk_kernel) kernels;  // [0] unused
  SK_VEC(sk_stmt) stmts;      // [0] unused
  uint32_t body;              // first statement of the entry block
  uint32_t arg_count, result_count;
  // set by schedule:
  uint32_t slot_count;  // arguments, results, then carried buffers
  uint64_t arena_bytes, const_bytes, scratch_bytes;
  SK_VEC(uint64_t) gaps;  // testing: offsets of the arena's pages that nothing may touch
} sk_prog;

// ---- facts about types and ops (tables from lops.def)
const char *sk_lop_name(sk_lop op);
uint32_t sk_lop_operand_count(sk_lop op);
bool sk_lop_is_pure(sk_lop op);
uint32_t sk_lt_bytes(sk_lt type);  // PRED 1, I32/F32 4, I64/F64 8
uint32_t sk_mem_bytes(sk_mem mem);
sk_lt sk_mem_lt(sk_mem mem);                                 // value type of a load
uint64_t sk_combiner_identity(sk_lop combiner, sk_lt type);  // bit pattern
bool sk_is_combiner(uint64_t op, sk_lt type);     // may a reduction of this type have it?
bool sk_combiner_is_order_free(sk_lop combiner);  // does any order give the same bits?
static inline int64_t sk_access_stride(const sk_kernel *k, uint32_t access, uint32_t loop) {
  return k->strides.data[k->accesses.data[access].strides + loop];
}

// ---- building. The builder keeps the scope, folds constants exactly, and shares equal pure values visible in the current scope.
// Operand types are asserted in debug builds and checked by sk_prog_verify.
typedef struct sk_build {
  sk_prog *prog;
  sk_kernel *kernel;
  sk_arena *
      arena;  // scratch, with bail set: the kernel's lists while they grow, and what the builder keeps
  uint32_t loop_count;  // known in advance: access strides are sized by it
  struct sk_build_scope *scope;
  struct sk_build_table *table;
} sk_build;

uint32_t sk_prog_add_buf(sk_prog *prog, const sk_buf *buf);
uint32_t sk_prog_add_kernel(sk_prog *prog, const char *name);
// A kernel like a finished one, with other buffers of the same elements: from[i] becomes to[i], scratch is its own.
uint32_t sk_prog_copy_kernel(sk_prog *prog, uint32_t of, const char *name, const uint32_t *from,
                             const uint32_t *to, uint32_t count);
uint32_t sk_prog_add_stmt(sk_prog *prog, const sk_stmt *stmt);  // not linked yet
void sk_prog_init(sk_prog *prog, sk_arena *arena, const char *name);

// Starts building kernel `id`; max_loops bounds the loops it may open. `scratch`, with bail set, may be emptied after
// sk_build_finish, which copies the kernel's lists to the program's arena; it may also be that arena.
void sk_build_init(sk_build *b, sk_prog *prog, uint32_t kernel, uint32_t max_loops,
                   sk_arena *scratch);
// Saves memory, asked for before anything else, when about so many instructions follow (at most 2^30).
void sk_build_expect(sk_build *b, uint32_t insts);
void sk_build_finish(
    sk_build *b);  // closes the kernel; drops unused pure values; strides shrink to loop_count

uint32_t sk_build_loop(sk_build *b, sk_loop_kind kind, int64_t extent,
                       uint32_t lanes);  // opens; returns the loop id
sk_val sk_build_carry(sk_build *b, sk_val init,
                      sk_lop combiner);  // directly after sk_build_loop; combiner SK_L_NONE in SEQ
void sk_build_end_loop(sk_build *b, const sk_val *carries, const sk_val *yields, uint32_t count);
void sk_build_if(sk_build *b, sk_val pred);
void sk_build_end_if(sk_build *b);
sk_val sk_build_merge(sk_build *b, sk_val pred, sk_val inside,
                      sk_val otherwise);  // right after sk_build_end_if

sk_val sk_build_const(sk_build *b, sk_lt type, uint64_t bits);
sk_val sk_build_f32(sk_build *b, float value);
sk_val sk_build_f64(sk_build *b, double value);
sk_val sk_build_i32(sk_build *b, int32_t value);
sk_val sk_build_i64(sk_build *b, int64_t value);
sk_val sk_build_pred(sk_build *b, bool value);
sk_val sk_build_index(sk_build *b, uint32_t loop, sk_lt type);
sk_val sk_build_1(sk_build *b, sk_lop op, sk_val a);  // result type by the op's rule (A, PRED)
sk_val sk_build_2(sk_build *b, sk_lop op, sk_val a, sk_val b2);
sk_val sk_build_3(sk_build *b, sk_lop op, sk_val a, sk_val b2, sk_val c);
sk_val sk_build_convert(sk_build *b, sk_lop op, sk_lt type,
                        sk_val a);  // ops whose result type is stated (T)
sk_val sk_build_select(sk_build *b, sk_val pred, sk_val yes, sk_val no);
uint32_t sk_build_access(sk_build *b, uint32_t buf, sk_mem mem,
                         int64_t offset);  // strides start at 0
void sk_build_set_stride(sk_build *b, uint32_t access, uint32_t loop,
                         int64_t stride);  // before its use in a LOAD/STORE
sk_val sk_build_load(sk_build *b, uint32_t access, sk_val dyn, sk_val guard);
void sk_build_store(sk_build *b, uint32_t access, sk_val value, sk_val dyn, sk_val guard);
sk_lt sk_build_type(const sk_build *b, sk_val v);
// Exact meaning of one pure op on bit patterns; used for folding, by the runner, and as the generator's test oracle.
uint64_t sk_lop_eval(sk_lop op, sk_lt result_type, sk_lt operand_type, uint64_t a, uint64_t b,
                     uint64_t c);
// Composite helpers every lowering shares.
sk_val sk_build_fmax(sk_build *b, sk_val x, sk_val y);  // IEEE-754 maximum: NaN wins, -0 < +0
sk_val sk_build_fmin(sk_build *b, sk_val x, sk_val y);
sk_val sk_build_combine(sk_build *b, sk_lop combiner, sk_val x,
                        sk_val y);  // any combiner incl. FMAX/FMIN
bool sk_build_get_const(const sk_build *b, sk_val v, uint64_t *out_bits);

// ---- whole program
sk_status sk_prog_verify(
    const sk_prog *prog);  // INTERNAL errors: our own defects, located by kernel and instruction
void sk_prog_print(const sk_prog *prog,
                   sk_text *out);  // program tree and kernels; text parses back to an equal program
sk_status sk_prog_parse(const char *input_name, sk_str text, sk_arena *arena, sk_prog *out_prog);
// Second oracle: runs the program as defined above. pointers by frame slot order: args, results (caller's buffers).
// Temporaries come from the heap. No threads. libcalls: the functions behind library calls; NULL: meeting one is UNIMPLEMENTED.
typedef sk_libcall_fn (*sk_libcall_finder)(sk_builtin builtin);
sk_status sk_prog_run(const sk_prog *prog, sk_libcall_finder libcalls, void *const *args,
                      void *const *results);
// Advice for the generator: which loop runs along lanes, interleave counts. vector_bytes 32 or 64.
void sk_loop_vectorise(sk_prog *prog, uint32_t vector_bytes);
// One execution of a statement: bytes of distinct elements, float operations (work.c says how they are counted). Of a while, case or
// swap itself: nothing.
typedef struct sk_work {
  double read_bytes, written_bytes, flops;
} sk_work;
sk_work sk_stmt_work(const sk_prog *prog, uint32_t stmt, sk_arena *scratch);
// Of all statements, each once: of a while one trip, of a case every branch. Linear in the program.
sk_work sk_prog_work(const sk_prog *prog, sk_arena *scratch);
uint64_t sk_kernel_hash(const sk_kernel *k, const sk_prog *prog);

#endif
