// SPDX-License-Identifier: Apache-2.0
// Of spread_trips.c and split_trips.c only: a sequential loop whose trips, or parts of them, need
// not wait for each other.
//
//   spread_trips.c   what may run along lanes, copies of the loop's instructions, the loops of lanes
//   split_trips.c    where a part of every trip has to wait: the other part first, for a block of trips
#ifndef SK_LOOP_TRIPS_H
#define SK_LOOP_TRIPS_H

#include "loop/loop_int.h"

#define SK_NO_TRIPS UINT32_MAX
enum { SK_TRIPS_NEST = 8, SK_TRIPS_BODY = 1000 };  // loops around; instructions that are looked at

// x -> factor x + offset, wrapping.
typedef struct sk_linear {
  uint64_t factor, offset;
} sk_linear;

typedef enum sk_trip_role {
  SK_TRIP_LINEAR,  // the same linear step of integers every trip
  SK_TRIP_SUM,     // combined with something that depends on no carry, in any order
  SK_TRIP_SERIAL   // neither
} sk_trip_role;

// What the loop carries.
typedef struct sk_carried {
  sk_trip_role role;
  sk_val carry, next;  // of the kernel as it was
  sk_lt type;
  sk_linear step;   // LINEAR
  sk_lop combiner;  // SUM
  sk_val state;     // of the new kernel: the value at the trip that comes next
} sk_carried;

typedef struct sk_trips {
  sk_prog *prog;
  sk_build b;
  sk_kernel old;
  uint32_t loop;                                     // of the old kernel
  uint32_t *loop_map;                                // by old loop that has been copied as it is
  uint32_t around[SK_TRIPS_NEST + 1], around_count;  // those open where the copy stands
  uint32_t
      *use_count;  // by old instruction: uses in the loop; a carry's by its own YIELD not counted
  sk_val *map;     // by old instruction
  sk_carried *carries;
  uint32_t count;
  bool has_factors, has_sums, has_stores, has_serial;
  // where a part waits (split_trips.c); NULL otherwise
  uint8_t *serial;  // by old instruction: it depends on the trip before
  uint32_t *
      scratch;  // by old instruction: where the part that waits finds it; 0: it asks for it not, or computes it again
  bool in_serial;  // that part is being copied
  // where the copy stands
  int64_t base;                               // first trip
  int64_t block_base;                         // ... of the block
  int64_t block;                              // trips of a block
  uint32_t lane_loop, trip_loop, block_loop;  // of the new kernel
} sk_trips;

static inline const sk_inst *sk_trips_inst(const sk_trips *s, sk_val v) {
  return &s->old.insts.data[v.id];
}

// ---- spread_trips.c
// The carried number after so many steps more as the innermost open loop has done.
sk_val sk_trips_start(sk_trips *s, const sk_carried *c);
// The next `count` trips, from s->base on, along lanes: all of the body, or the part that waits for
// nothing.
void sk_trips_put_lanes(sk_trips *s, int64_t count, sk_arena *arena);
void sk_trips_put(sk_trips *s, uint32_t inst);  // a copy, in place of s->map[inst]
// Loads or stores of what waits in scratch memory for the trip at hand.
uint32_t sk_trips_scratch_access(sk_trips *s, uint32_t inst);

// ---- split_trips.c
// Is it worth it to take apart a loop that has serial carries? Finds the parts.
bool sk_trips_may_split(sk_trips *s, sk_arena *arena);
void sk_trips_put_split(sk_trips *s, sk_arena *arena);

#endif
