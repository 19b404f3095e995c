// SPDX-License-Identifier: Apache-2.0
// Of the grid's files only: processes that take turns (grid.c), what happens when they meet
// (grid_meet.c), and loops in which they do (grid_region.c).
#ifndef SK_PASS_GRID_INT_H
#define SK_PASS_GRID_INT_H

#include "ir/sharding.h"
#include "pass/expand_int.h"
#include "pass/grid.h"

enum { SK_GRID_MAX_PROCESSES = 256 };

typedef struct sk_grid_manual sk_grid_manual;

// Operations still to be written: those of a region from `next` on.
typedef struct sk_grid_cursor {
  sk_region region;
  sk_op next;
  sk_op by;  // func.call or async_start whose region this is; id 0: all that the process has to do
  sk_grid_manual *manual;  // whose body it is, of the process that began it; else NULL
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
  bool absent;    // does not take part: no process has this number
  uint64_t axes;  // of the mesh, that are manual where it is
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
  const sk_mesh *mesh;  // whose devices the processes are; NULL: of run_parallel
  SK_VEC(sk_parcel) sent;
  const sk_attr_rec *infeed;  // list of functions; NULL: none
  uint32_t fed;               // taken from it
  uint8_t *known;             // by region: whether processes meet in it (grid_region.c)
  uint32_t known_count, depth;
  const sk_process *turn;  // whose map the rebuild has; NULL: that of the entry
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

bool sk_grid_is_collective(const sk_module *m, sk_op op);
int64_t sk_grid_channel(const sk_module *m, sk_op op);
// A process comes to a collective: it waits, or was the last of its group and all go on.
sk_status sk_grid_arrive(sk_grid *g, sk_process *p, sk_op op);

// ---- grid_region.c

// Does a process meet others at this operation, its regions aside?
bool sk_grid_is_meeting(const sk_module *m, sk_op op);

// A process comes to something that all go through together: it waits. Have all come?
bool sk_grid_all_stand_at(sk_grid *g, sk_process *p, sk_op op);
void sk_grid_go_on(sk_grid *g);  // all of them, past it

// Is this a loop or branch with meetings inside?
bool sk_grid_goes_together(sk_grid *g, sk_op op);
// A process comes to one: it waits, or was the last of all and they go through.
sk_status sk_grid_go_together(sk_grid *g, sk_process *p, sk_op op);

// ---- grid_shape.c: the call as a process meets it

sk_status sk_grid_cut(sk_grid *g, sk_op op, sk_region into);
// parts: those of all devices, by number.
sk_status sk_grid_join(const sk_grid *g, const sk_expander *e, sk_op op, const sk_value *parts,
                       sk_value *out);

// ---- grid_manual.c: a manual computation inside another, over further axes

// A process comes to one: it waits, or was the last of all and each calls the devices that it stands for.
sk_status sk_grid_call_devices(sk_grid *g, sk_process *p, sk_op op);
// At the end of the body: once all that were called have ended, the process goes on alone.
sk_status sk_grid_dismiss_devices(sk_grid *g, sk_process *p);

#endif
