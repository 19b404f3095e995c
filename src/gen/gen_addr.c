// SPDX-License-Identifier: Apache-2.0
// Affine accesses -> machine addresses [pointer + counter * scale + disp].
//
// An access's address is a path through a tree of steps, shared by all accesses that begin alike:
//
//   root (slot 3) --loop 0, 4000 bytes--> row pointer --loop 1, 4 bytes--> [row + i1 * 4 + disp]
//                                                     --loop 3, 4 bytes--> [row + i3 * 4 + disp]
//
// A loop step whose stride is 1, 2, 4 or 8 bytes and which is last on every path through it needs
// no pointer: the loop's counter is the index register. Other loop steps own a pointer that is
// advanced at the end of each trip. Uniform dynamic offsets are steps of their own, placed as far
// out as their value is known. Offsets of accesses are displacements; what a displacement cannot
// hold is part of the root. Buffers in the arena share the arena's root, those in the constant pool
// and in scratch likewise.
//
// A pointer is valid in the region in which it was computed: setting one is logged and undone when
// the region is left.
#include "gen/gen_int.h"

static uint32_t hash_node(const sk_gen *g, const sk_pnode *n) {
  uint64_t h = (uint64_t)n->kind << 56 ^ (uint64_t)n->parent << 32 ^
               (n->id ^ (uint32_t)n->root << 28) ^ (uint64_t)n->stride * 0x9E3779B97F4A7C15u;
  h *= 0xBF58476D1CE4E5B9u;
  return (uint32_t)(h >> 32) & g->node_mask;
}

static void set_heads(sk_gen *g, uint32_t count) {
  g->node_heads = sk_arena_zalloc(&g->scratch, count * sizeof *g->node_heads, 4);
  g->node_mask = count - 1;
  for (uint32_t i = 1; i < g->nodes.count; i++) {
    uint32_t *head = &g->node_heads[hash_node(g, &g->nodes.data[i])];
    g->nodes.data[i].chain = *head;
    *head = i;
  }
}

static uint32_t get_node(sk_gen *g, sk_pnode node) {
  if (g->nodes.count > g->node_mask) {
    set_heads(g, 4 * (g->node_mask + 1));
  }
  uint32_t *head = &g->node_heads[hash_node(g, &node)];
  for (uint32_t i = *head; i != 0; i = g->nodes.data[i].chain) {
    const sk_pnode *n = &g->nodes.data[i];
    if (n->kind == node.kind && n->root == node.root && n->parent == node.parent &&
        n->id == node.id && n->stride == node.stride) {
      return i;
    }
  }
  node.chain = *head;
  *head = g->nodes.count;
  if (node.kind == SK_NODE_LOOP) {
    node.next = g->loop_nodes[node.id];
    g->loop_nodes[node.id] = g->nodes.count;
  }
  g->nodes.data[node.parent].has_child = 1;
  sk_vec_push(&g->scratch, &g->nodes, node);
  return g->nodes.count - 1;
}

// ---- aliasing

static bool overlaps(const sk_buf *x, const sk_buf *y) {
  int64_t x_end = x->offset + x->elems * (int64_t)sk_mem_bytes((sk_mem)x->mem);
  int64_t y_end = y->offset + y->elems * (int64_t)sk_mem_bytes((sk_mem)y->mem);
  return x->offset < y_end && y->offset < x_end;
}

bool sk_gen_may_alias(const sk_gen *g, uint32_t x, uint32_t y) {
  const sk_prog *prog = g->prog;
  uint32_t root_x = x, root_y = y;
  while (prog->bufs.data[root_x].alias != 0) {
    root_x = prog->bufs.data[root_x].alias - 1;
  }
  while (prog->bufs.data[root_y].alias != 0) {
    root_y = prog->bufs.data[root_y].alias - 1;
  }
  if (root_x == root_y) {
    return true;
  }
  const sk_buf *bx = &prog->bufs.data[sk_gen_place_buf(prog, x)],
               *by = &prog->bufs.data[sk_gen_place_buf(prog, y)];
  if (bx->slot || by->slot) {
    return bx->slot && by->slot && bx->slot_index == by->slot_index;
  }
  return bx->kind == by->kind && overlaps(bx, by);
}

// ---- building the tree

static uint32_t get_root(sk_gen *g, const sk_access *access, int64_t *disp) {
  uint32_t place = sk_gen_place_buf(g->prog, access->buf);
  uint32_t bound = g->bound ? g->bound[place] : 0;
  const sk_buf *b = &g->prog->bufs.data[place];
  bool in_slot = b->slot || bound != 0;
  sk_pnode node = {.kind = SK_NODE_ROOT,
                   .id = bound != 0 ? bound - 1
                         : in_slot  ? b->slot_index
                                    : 0};
  node.root = in_slot                     ? SK_ROOT_SLOT
              : b->kind == SK_BUF_SCRATCH ? SK_ROOT_SCRATCH
              : b->kind == SK_BUF_CONST   ? SK_ROOT_CONST
                                          : SK_ROOT_ARENA;
  if (!in_slot && b->offset < 0) {
    g->status = sk_status_new(SK_INTERNAL, "kernel %s: buffer %u has no place",
                              g->kernel->name ? g->kernel->name : "?", access->buf);
    longjmp(g->bail, 1);
  }
  *disp = (in_slot ? 0 : b->offset) + access->offset * (int64_t)sk_mem_bytes((sk_mem)access->mem);
  enum { REACH = 1 << 29 };
  if (*disp < -REACH || *disp >= REACH) {
    node.stride = *disp & ~(int64_t)(REACH - 1);
    *disp -= node.stride;
  }
  return get_node(g, node);
}

static bool is_index_scale(int64_t stride) {
  return stride == 1 || stride == 2 || stride == 4 || stride == 8;
}

static int64_t stride_bytes(const sk_gen *g, uint32_t access, uint32_t loop) {
  if (g->kernel->loops.data[loop].extent == 1) {
    return 0;
  }
  return sk_access_stride(g->kernel, access, loop) *
         (int64_t)sk_mem_bytes((sk_mem)g->kernel->accesses.data[access].mem);
}

enum { MAX_NEST = 64 };

static void build_path(sk_gen *g, uint32_t inst, sk_val dyn) {
  uint32_t access = (uint32_t)sk_gen_inst(g, inst)->imm;
  const sk_access *acc = &g->kernel->accesses.data[access];
  uint32_t chain[MAX_NEST], depth = 0;
  for (uint32_t l = g->in_loop[inst]; l != SK_NO_LOOP; l = g->kernel->loops.data[l].parent) {
    if (depth == MAX_NEST) {
      sk_gen_unsupported(g, "a loop nest deeper than 64");
    }
    chain[depth++] = l;
  }
  bool lanes_differ = dyn.id != 0 && g->vary[dyn.id];
  bool pending = dyn.id != 0 && !lanes_differ;
  uint32_t dyn_loop = pending ? g->in_loop[dyn.id] : SK_NO_LOOP;
  int64_t elem = (int64_t)sk_mem_bytes((sk_mem)acc->mem), disp;
  uint32_t node = get_root(g, acc, &disp);
  bool reached = dyn_loop == SK_NO_LOOP;  // inside the loop that defines dyn
  for (uint32_t i = depth; i-- > 0;) {
    uint32_t l = chain[i];
    int64_t stride = stride_bytes(g, access, l);
    bool strided_inside = false;
    for (uint32_t k = 0; k < i; k++) {
      strided_inside |= stride_bytes(g, access, chain[k]) != 0;
    }
    bool before = reached || (l == dyn_loop && !strided_inside && is_index_scale(stride));
    if (pending && before) {
      node = get_node(
          g, (sk_pnode){.kind = SK_NODE_DYN, .parent = node, .id = dyn.id, .stride = elem});
      pending = false;
    }
    if (stride != 0) {
      node =
          get_node(g, (sk_pnode){.kind = SK_NODE_LOOP, .parent = node, .id = l, .stride = stride});
    }
    reached |= l == dyn_loop;
  }
  if (pending) {
    node =
        get_node(g, (sk_pnode){.kind = SK_NODE_DYN, .parent = node, .id = dyn.id, .stride = elem});
  }
  g->addr[inst] = (sk_addr){.node = node, .disp = (int32_t)disp, .is_gather = lanes_differ};
}

void sk_gen_build_addresses(sk_gen *g) {
  const sk_kernel *k = g->kernel;
  memset(g->few_heads, 0, sizeof g->few_heads);
  g->node_heads = g->few_heads;
  g->node_mask = SK_COUNT(g->few_heads) - 1;
  memset(&g->nodes, 0, sizeof g->nodes);
  memset(&g->undo, 0, sizeof g->undo);
  sk_vec_push(&g->scratch, &g->nodes, (sk_pnode){0});
  g->addr = sk_arena_zalloc(&g->scratch, k->insts.count * sizeof *g->addr, _Alignof(sk_addr));
  g->loop_nodes =
      sk_arena_zalloc(&g->scratch, k->loops.count * sizeof *g->loop_nodes, _Alignof(uint32_t));
  for (uint32_t i = 1; i < k->insts.count; i++) {
    const sk_inst *inst = &k->insts.data[i];
    if (inst->op == SK_L_LOAD) {
      build_path(g, i, inst->a);
    } else if (inst->op == SK_L_STORE) {
      build_path(g, i, inst->b);
    }
  }
  for (uint32_t i = 1; i < g->nodes.count; i++) {
    sk_pnode *n = &g->nodes.data[i];
    n->is_indexed = n->kind == SK_NODE_LOOP && !n->has_child && is_index_scale(n->stride);
  }
}

// ---- pointers

void sk_gen_set_pointer(sk_gen *g, uint32_t node, sk_vr ptr) {
  sk_vec_push(&g->scratch, &g->undo, (sk_undo){node, g->nodes.data[node].ptr});
  g->nodes.data[node].ptr = ptr;
}

void sk_gen_undo(sk_gen *g, uint32_t mark) {
  while (g->undo.count > mark) {
    sk_undo u = g->undo.data[--g->undo.count];
    g->nodes.data[u.node].ptr = u.ptr;
  }
}

static sk_vr add_offset(sk_gen *g, sk_vr ptr, int64_t offset) {
  if (offset == 0) {
    return ptr;
  }
  if (offset >= INT32_MIN && offset <= INT32_MAX) {
    return sk_vc_lea(&g->vc, (sk_vmem){.base = ptr, .disp = (int32_t)offset});
  }
  return sk_vc_g2(&g->vc, SK_X_ADD, sk_vc_imm(&g->vc, offset), ptr);
}

static sk_vr make_root(sk_gen *g, const sk_pnode *n) {
  sk_vcode *vc = &g->vc;
  if (n->root == SK_ROOT_SCRATCH) {
    return add_offset(g, g->scratch_ptr, n->stride);
  }
  int32_t at = n->root == SK_ROOT_SLOT    ? SK_FRAME_SLOTS + 8 * (int32_t)n->id
               : n->root == SK_ROOT_CONST ? SK_FRAME_CONSTS
                                          : SK_FRAME_ARENA;
  sk_vr v = sk_vc_new(vc, SK_CLASS_G, 0);
  uint32_t m = sk_vc_mem(vc, (sk_vmem){.base = g->frame, .disp = at});
  vc->vregs.data[v].remat = SK_REMAT_MEM;
  vc->vregs.data[v].data = m;
  return add_offset(g, v, n->stride);
}

// The uniform dynamic offset as a general register.
static sk_vr dynamic_offset(sk_gen *g, uint32_t id) {
  sk_vr v = sk_gen_val(g, (sk_val){id}, 0);
  if (g->general[id]) {
    return v;
  }
  if (sk_gen_inst(g, id)->type == SK_LT_I64) {
    return sk_vc_mrr(&g->vc, SK_CLASS_G, SK_X_VMOVQ_ST, SK_XMM, 0, v, 0);
  }
  sk_vr low = sk_vc_mrr(&g->vc, SK_CLASS_G, SK_X_VMOVD_ST, SK_XMM, 0, v, 0);
  return sk_vc_to(&g->vc, SK_CLASS_G, SK_X_MOVSXD, SK_OP64, low);
}

sk_vr sk_gen_pointer(sk_gen *g, uint32_t node) {
  sk_pnode n = g->nodes.data[node];
  if (n.ptr != 0) {
    return n.ptr;
  }
  sk_vr ptr = 0;
  switch ((sk_node_kind)n.kind) {
    case SK_NODE_ROOT: ptr = make_root(g, &n); break;
    case SK_NODE_DYN: {
      sk_vr parent = sk_gen_pointer(g, n.parent);
      uint32_t scale = n.stride == 8 ? 3 : n.stride == 4 ? 2 : n.stride == 2 ? 1 : 0;
      ptr = sk_vc_lea(
          &g->vc,
          (sk_vmem){.base = parent, .index = dynamic_offset(g, n.id), .scale = (uint8_t)scale});
      break;
    }
    case SK_NODE_LOOP:  // entering the loop has set it, unless the iteration is known
      ptr = add_offset(g, sk_gen_pointer(g, n.parent), g->at[n.id] * n.stride);
      break;
  }
  sk_gen_set_pointer(g, node, ptr);
  return ptr;
}

sk_vmem sk_gen_address(sk_gen *g, uint32_t inst, uint32_t copy, uint32_t lane, int64_t bytes) {
  sk_addr addr = g->addr[inst];
  int64_t disp = addr.disp + bytes;
  if (g->vec_loop != SK_NO_LOOP) {
    int64_t stride = stride_bytes(g, (uint32_t)sk_gen_inst(g, inst)->imm, g->vec_loop);
    disp += ((g->copy_base + copy) * (int64_t)g->lanes + lane) * stride;
  }
  const sk_pnode *n = &g->nodes.data[addr.node];
  sk_vmem mem = {0};
  if (n->is_indexed) {
    uint32_t parent = n->parent;
    mem.index = g->counter[n->id];
    if (mem.index != 0) {
      mem.scale = (uint8_t)(n->stride == 8 ? 3 : n->stride == 4 ? 2 : n->stride == 2 ? 1 : 0);
    } else {
      disp += g->at[n->id] * n->stride;
    }
    mem.base = sk_gen_pointer(g, parent);
  } else {
    mem.base = sk_gen_pointer(g, addr.node);
  }
  if (disp < INT32_MIN || disp > INT32_MAX) {
    mem.base = add_offset(g, mem.base, disp);
    disp = 0;
  }
  mem.disp = (int32_t)disp;
  return mem;
}
