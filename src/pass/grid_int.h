// SPDX-License-Identifier: Apache-2.0
// Of the grid's files only: processes that take turns (grid.c), what happens when they meet
// (grid_meet.c), and loops in which they do (grid_region.c).
#ifndef SK_PASS_GRID_INT_H
#define SK_PASS_GRID_INT_H

#include "pass/expand_int.h"
#include "pass/grid.h"

enum { SK_GRID_MAX_PROCESSES = 256 };

// Operations still to be written: those of a region from `next` on.
typedef struct sk_grid_cursor {
  sk_region region;
  sk_op next;
  sk_op by;  // func.call or async_start whose region this is; id 0: all that the process has to do
} sk_grid_cursor;

typedef struct sk_process {
  uint32_t id;
  sk_value *map;  // of the rebuild while another one has its turn
  uint32_t map_count;
  SK_VEC(sk_grid_cursor) stack;
  uint32_t floor;          // stack entry with whose region it ends
  SK_VEC(uint32_t) group;  // of the collective it stands at, in order
  uint32_t self;           // position in it
  int64_t key;             // of the meeting; collectives with equal keys meet
  bool waits, ended;
  bool absent;  // does not take part: no process has this number
} sk_process;

typedef struct sk_parcel {
  int64_t channel;
  sk_value *values;
  uint32_t count;
  bool taken;
} sk_parcel;

struct sk_grid {
  sk_rebuild *r;
  sk_module *m;
  sk_op op;  // run_parallel
  sk_region into;
  sk_process *processes;
  uint32_t count, replicas, partitions;
  SK_VEC(sk_parcel) sent;
  const sk_attr_rec *infeed;  // list of functions; NULL: none
  uint32_t fed;               // taken from it
  uint8_t *known;             // by region: whether processes meet in it (grid_region.c)
  uint32_t known_count, depth;
  const sk_process *turn;  // whose map the rebuild has; NULL: that of the entry
  // Of a manual computation; NULL else. A process stands for the devices that are at its place along
  // `axes`, which are those of the computations around this one too.
  const struct sk_mesh *mesh;
  uint64_t axes;
  const sk_grid *outer;  // one of its processes computes this one; NULL: none
};

// ---- grid.c

// Values of the process's function, as what they are in the entry.
sk_value sk_grid_get(sk_grid *g, sk_process *p, sk_value old);
void sk_grid_set(sk_grid *g, sk_process *p, sk_value old, sk_value value);
sk_op sk_grid_op(const sk_process *p);  // at which it stands
void sk_grid_step_over(sk_grid *g, sk_process *p);
bool sk_grid_is_typed(const sk_module *m, sk_op op, uint32_t i, sk_value value);
// Processes that exist, their number in `count`; every one is started, with arguments set, and takes
// turns until all have ended.
void sk_grid_start(sk_grid *g, sk_process *p, sk_region body);
sk_status sk_grid_take_turns(sk_grid *g);
sk_op sk_grid_end(const sk_grid *g, const sk_process *p);  // its terminator: operands are results

// ---- grid_meet.c

bool sk_grid_is_collective(sk_opkind kind);
int64_t sk_grid_channel(const sk_module *m, sk_op op);
// A process comes to a collective: it waits, or was the last of its group and all go on.
sk_status sk_grid_arrive(sk_grid *g, sk_process *p, sk_op op);

// ---- grid_region.c

// Is this a loop or branch with meetings inside?
bool sk_grid_goes_together(sk_grid *g, sk_op op);
// A process comes to one: it waits, or was the last of all and they go through.
sk_status sk_grid_go_together(sk_grid *g, sk_process *p, sk_op op);

#endif
