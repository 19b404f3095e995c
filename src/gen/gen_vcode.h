// SPDX-License-Identifier: Apache-2.0
// Virtual code: what lies between instruction selection and machine code. One kernel at a time,
// thrown away afterwards.
//
//   code[]    36-byte instructions over virtual registers of three classes (general, vector, mask),
//             structured: LOOP ... END, IF ... ENDIF nest; everything else is a straight line
//   vregs[]   normally defined once; `mutable` ones (pointers, counters, accumulators) are updated
//             in place. A value that needs no register until it is used (constant, load that folds
//             into its user) carries a recipe (`remat`) instead of a defining instruction
//   mems[]    memory operands: [base + (index << scale) + disp], or a place in the stack area
//
// Knows machine instructions (x64.def) but not loop IR; the allocator (gen_ra*.c) knows nothing
// else than this header. Memory comes from an arena whose `bail` is set: exhaustion jumps out.
#ifndef SK_GEN_GEN_VCODE_H
#define SK_GEN_GEN_VCODE_H

#include "gen/x64/x64.h"

typedef uint32_t sk_vr;  // virtual register; 0 = none

enum { SK_CLASS_G, SK_CLASS_V, SK_CLASS_K, SK_CLASS_COUNT };
enum { SK_NO_REG = 0xff, SK_NO_SLOT = -1 };

typedef enum sk_remat {
  SK_REMAT_NONE,
  // data: pool constant, one element of `elem` bytes in every lane (v4), or a full vector (v3: elem
  // 0)
  SK_REMAT_SPLAT,
  SK_REMAT_VECTOR,  // data: pool constant of 16 << vl bytes
  SK_REMAT_ZERO,
  SK_REMAT_ONES,
  SK_REMAT_IMM,  // general register; data: index in imms
  SK_REMAT_MEM,  // data: index in mems. Vectors: only for one use, in the block of the definition
} sk_remat;

typedef struct sk_vreg {
  uint8_t class;
  uint8_t vl;     // class V: SK_XMM..SK_ZMM
  uint8_t remat;  // sk_remat
  uint8_t elem;
  uint8_t is_mutable;  // updated in place
  // the allocator's
  uint8_t reg;        // SK_NO_REG: in memory, recipe only, or dead
  uint8_t home;       // phi: its register at the loop header
  uint8_t mem_valid;  // the slot holds the current value
  uint32_t data;
  int32_t slot;       // frame offset or SK_NO_SLOT
  sk_vr hint;         // phi whose register this value would like
  sk_vr phi_next;     // phi at END: the value to become
  uint32_t def;       // position of the first definition, 0 = recipe
  uint32_t uses;      // next use: index in nodes, 0 = none
  uint32_t last_use;  // last node
  uint32_t mark;      // liveness: innermost loop that knows of its use
  uint32_t mark_entry;
  uint32_t phi_loop;  // loop whose phi it is, 0 = none
} sk_vreg;

typedef struct sk_vmem {
  sk_vr base, index;
  int32_t disp;
  uint8_t scale;     // log2
  uint8_t is_stack;  // disp counts from the start of the stack area; base none
} sk_vmem;

// How the allocator treats an instruction. A memory operand m stands in place of b where the shape
// has "b|m".
typedef enum sk_shape {
  SK_S_RVM,    // d = op(a, b|m [, imm])            [k: mask]
  SK_S_RM,     // d = op(b|m [, imm])               [k: mask]
  SK_S_RVMR,   // d = op(a, b|m, c)                 VEX blends; c in the is4 byte
  SK_S_FMA,    // d = +-(a * b) +- c; op: the 132 form
  SK_S_TIED,   // d = op(c, a, b|m [, imm]) in c's register   [k: merging mask]
  SK_S_STORE,  // m = a [, imm]                     [b: VEX vector mask; k: mask]
  SK_S_MRR,    // d = op(a [, imm]), d in ModRM.rm
  SK_S_VMI,    // d = op(b, imm), d in vvvv
  // d = lanes of m (vector index) where mask b (VEX) or k (EVEX), else c. The mask dies
  SK_S_GATHER,
  SK_S_SCATTER,  // lanes of m (vector index) = a where k. The mask dies
  SK_S_G2,       // d = a op (b|m), two-operand general
  SK_S_GI,       // d = a op imm, two-operand general
  SK_S_GM,       // d = op a
  SK_S_LEA,      // d = address m
  // pseudo instructions
  SK_S_ENTRY,  // the function's arguments a, b, c, d appear in their registers
  SK_S_COPY,   // d = a
  SK_S_ADDI,   // general d += imm in place, also in memory
  SK_S_LOOP,   // imm: index in loops
  SK_S_END,
  SK_S_IF,  // imm: index in ifs; what follows runs only if the condition holds
  SK_S_ENDIF,
  // d = c with lane `imm & 255` replaced by m through op, if bit `imm >> 8` of a (general) is set
  SK_S_LANE_IN,
  SK_S_LANE_OUT,  // m = lane `imm & 255` of b through op, if bit `imm >> 8` of a is set
  SK_S_DIV,       // d = a / b, general; imm: SK_DIV_*
} sk_shape;

enum { SK_DIV_SIGNED = 1, SK_DIV_REM = 2, SK_DIV_64 = 4 };
enum {
  SK_VI_COMMUTES = 1,
  SK_VI_ZERO =
      // lanes outside k become 0 (otherwise k selects, as in blends, or merges into a tied source)
  2,
};

typedef struct sk_vi {
  uint16_t op;    // sk_x64_op
  uint8_t shape;  // sk_shape
  uint8_t vl;     // vector length or operand size
  uint8_t flags;  // SK_VI_*
  int32_t imm;
  sk_vr d, a, b, c, k;
  uint32_t m;  // index in mems, 0 = none
} sk_vi;

typedef struct sk_phi {
  sk_vr header;  // value at the header; defined by a COPY before the LOOP
  sk_vr next;    // value at the end of the body
  sk_vr final;   // its name after the loop
} sk_phi;

typedef struct sk_loop_use {
  sk_vr v;
  uint32_t weight;
} sk_loop_use;

typedef struct sk_ra_state sk_ra_state;

// do { ... } while (counter cc limit). The counter is stepped by an ADDI of the body.
typedef struct sk_vloop {
  uint32_t begin, end;            // positions of LOOP and END
  uint32_t parent;                // enclosing loop, 0 = none
  uint32_t first_phi, phi_count;  // in phis; complete when END is pushed
  sk_vr counter, limit;           // limit 0: limit_imm
  int32_t limit_imm;
  uint8_t cc;
  bool has_inner;
  SK_VEC(sk_loop_use) uses;  // values from outside
  uint32_t pressure[SK_CLASS_COUNT];
  sk_ra_state *state;  // at the header
  sk_label label;
} sk_vloop;

typedef enum sk_if_kind {
  SK_IF_K,    // any bit of mask register a; vl: 0 = 16 bits, 1 = 8 bits
  SK_IF_V,    // any lane of vector mask a (32-bit lanes)
  SK_IF_CMP,  // general a cc b, or imm when b is none
} sk_if_kind;

typedef struct sk_vif {
  uint8_t kind, cc, vl;
  sk_vr a, b;
  int32_t imm;
  uint32_t begin;
  sk_ra_state *state;
  sk_label skip;
} sk_vif;

// Recipes made so far, so that equal constants share one virtual register.
typedef struct sk_recipe {
  uint64_t bits;  // value; VECTOR: pool constant
  uint8_t kind;   // sk_remat
  uint8_t elem, vl;
  sk_vr v;
  uint32_t next;  // in the same bucket
} sk_recipe;

typedef struct sk_vcode {
  sk_arena *arena;  // bail set
  sk_asm *as;
  sk_isa isa;
  uint32_t vector_bytes;
  SK_VEC(sk_vi) code;     // [0] unused
  SK_VEC(sk_vreg) vregs;  // [0] unused
  SK_VEC(sk_vmem) mems;   // [0] unused
  SK_VEC(int64_t) imms;
  SK_VEC(sk_vloop) loops;  // [0] unused
  SK_VEC(sk_vif) ifs;      // [0] unused
  SK_VEC(sk_phi) phis;
  SK_VEC(sk_recipe) recipes;  // [0] unused
  uint32_t recipe_heads[64];
  uint32_t open_loop;    // while building: innermost loop
  uint32_t stack_bytes;  // size of the stack area
  uint32_t open_stack;   // ... in use where selection stands
  bool uses_upper;       // any vector longer than xmm
} sk_vcode;

void sk_vcode_init(sk_vcode *vc, sk_arena *arena, sk_asm *as, uint32_t vector_bytes);
// Room for about so many more instructions and registers: what is pushed one by one leaves the
// storages it has outgrown in the arena.
void sk_vcode_reserve(sk_vcode *vc, uint32_t count);

sk_vr sk_vc_new(sk_vcode *vc, uint32_t class, uint32_t vl);
sk_vr sk_vc_imm(sk_vcode *vc, int64_t value);  // general constant
sk_vr sk_vc_splat(sk_vcode *vc, uint32_t vl, uint32_t elem,
                  uint64_t bits);  // vector constant, elem 4 or 8
sk_vr sk_vc_vector(sk_vcode *vc, uint32_t vl,
                   const void *bytes);  // vector constant of 16 << vl bytes
uint32_t sk_vc_mem(sk_vcode *vc, sk_vmem mem);
uint32_t sk_vc_push(sk_vcode *vc, sk_vi inst);  // returns the position

// Each pushes one instruction; the ones that return a register made a new one (class V of length vl
// unless said).
sk_vr sk_vc_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b);
sk_vr sk_vc_rvm_commutes(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b);
sk_vr sk_vc_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm);
sk_vr sk_vc_rm(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl,
               sk_vr b);  // d_vl: length of the result
sk_vr sk_vc_rmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr b, int32_t imm);
sk_vr sk_vc_blend(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr no, sk_vr yes,
                  sk_vr mask);  // VEX blendv
sk_vr sk_vc_fma(sk_vcode *vc, uint32_t op132, uint32_t vl, sk_vr a, sk_vr b, sk_vr c);
sk_vr sk_vc_shift(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, int32_t imm);
sk_vr sk_vc_load(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t d_vl, uint32_t m,
                 sk_vr k);  // k: zeroing
void sk_vc_store(sk_vcode *vc, uint32_t op, uint32_t vl, uint32_t m, sk_vr value, sk_vr k);
sk_vr sk_vc_copy(sk_vcode *vc, sk_vr a);
sk_vr sk_vc_to(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl,
               sk_vr a);  // RM between classes
sk_vr sk_vc_mrr(sk_vcode *vc, uint32_t class, uint32_t op, uint32_t vl, uint32_t d_vl, sk_vr a,
                int32_t imm);
sk_vr sk_vc_k_rvmi(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b, int32_t imm,
                   sk_vr k);                                                  // compare into a mask
sk_vr sk_vc_k_rvm(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, sk_vr b);  // mask logic, vptestm
sk_vr sk_vc_rvm_mem(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr a, uint32_t m, int32_t imm);
sk_vr sk_vc_select(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr no, sk_vr yes, sk_vr k);  // EVEX
sk_vr sk_vc_rm_zeroed(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr b, sk_vr k);  // 0 outside k
// d = op(a, b, imm) in the lanes of k, else c
sk_vr sk_vc_merge(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr c, sk_vr a, sk_vr b, int32_t imm,
                  sk_vr k);
// In place: d = op(d, b)
void sk_vc_update(sk_vcode *vc, uint32_t op, uint32_t vl, sk_vr d, sk_vr b);
sk_vr sk_vc_g2(sk_vcode *vc, uint32_t op, sk_vr a, sk_vr b);  // 64-bit
sk_vr sk_vc_gi(sk_vcode *vc, uint32_t op, sk_vr a, int32_t imm);
sk_vr sk_vc_lea(sk_vcode *vc, sk_vmem mem);
void sk_vc_addi(sk_vcode *vc, sk_vr d, int64_t imm);  // in place, any imm

// Structure. A phi's COPY comes before sk_vc_loop, its `next` is set before sk_vc_end.
uint32_t sk_vc_loop(sk_vcode *vc);
uint32_t sk_vc_phi(sk_vcode *vc, uint32_t loop,
                   sk_vr header);  // returns its index in phis; directly after sk_vc_loop
void sk_vc_end(sk_vcode *vc, uint32_t loop, sk_vr counter, uint8_t cc, sk_vr limit,
               int64_t limit_imm);
void sk_vc_if(sk_vcode *vc, sk_vif condition);
void sk_vc_endif(sk_vcode *vc);

// ---- allocation and encoding: the virtual code becomes a function in vc->as. Returns its label,
// bound.
sk_label sk_vc_assemble(sk_vcode *vc);

#endif
