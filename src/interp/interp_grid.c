// SPDX-License-Identifier: Apache-2.0
// The grid of processes that run at the same time, and everything they share: meetings of
// collective ops, channels of send and recv, the infeed, probes.
//
// One lock guards it all. A process that must wait gives up its place among the running; when the
// last running process would wait, or ends, while others wait, nobody can ever come: the grid
// fails, and all who wait get an error instead of hanging. The first error of any process likewise
// ends the waiting of the others.
//
//   meeting   opened by the first member to come, taken off the list by the last, freed by the last
//             to leave; so a fast process may already open the next one with the same key
//   channel   a queue of what was sent; sending never waits, and hands over to who waits already
#include "base/mem.h"
#include "base/thread.h"
#include "interp/interp_int.h"

struct sk_meeting {
  sk_meeting *next;
  int64_t key;
  uint32_t *group;  // members; owned
  uint32_t members, count, arrived, leaving;
  sk_tensor **values;  // [member][value]; owned references
  bool *present;       // by member; owned
};

// Sent values, or a function's name queued for infeed, or a probe.
typedef struct parcel {
  struct parcel *next;
  int64_t channel;
  uint32_t symbol;  // of a probe, with the process and how often it was met before
  uint32_t process;
  int64_t iteration;
  sk_str name;         // of a function; borrowed from the module
  sk_tensor **values;  // owned references
  uint32_t count;
} parcel;

typedef struct queue {
  parcel *first, *last;  // owned
} queue;

typedef struct waiter {  // a process in sk_grid_receive, on its stack
  struct waiter *next;
  int64_t channel;
  parcel *got;
} waiter;

struct sk_grid {
  sk_mutex lock;
  sk_cond changed;
  uint32_t replicas, partitions;
  uint32_t running;      // processes that neither wait nor have ended
  bool failed;           // whoever waits gets an error
  bool stopped;          // because another process had one
  sk_meeting *meetings;  // open; owned
  queue sent, fed;
  parcel *probes;   // newest first; owned
  waiter *waiters;  // borrowed
};

// ---- making and ending

sk_status sk_grid_create(uint32_t replicas, uint32_t partitions, sk_grid **out) {
  *out = NULL;
  sk_grid *grid = sk_mem_zalloc(sizeof *grid);
  if (!grid) {
    return sk_status_no_memory();
  }
  grid->replicas = replicas;
  grid->partitions = partitions;
  grid->running = replicas * partitions;
  sk_status status = sk_mutex_init(&grid->lock);
  if (!status) {
    status = sk_cond_init(&grid->changed);
    if (status) {
      sk_mutex_fini(&grid->lock);
    }
  }
  if (status) {
    sk_mem_free(grid);
    return status;
  }
  *out = grid;
  return NULL;
}

static void free_parcels(parcel *list) {
  while (list) {
    parcel *next = list->next;
    sk_tensors_release(list->values, list->count);
    sk_mem_free(list);
    list = next;
  }
}

static void free_meeting(sk_meeting *m) {
  sk_tensors_release(m->values, m->members * m->count);
  sk_mem_free(m->group);
  sk_mem_free(m->present);
  sk_mem_free(m);
}

void sk_grid_destroy(sk_grid *grid) {
  if (!grid) {
    return;
  }
  while (grid->meetings) {
    sk_meeting *next = grid->meetings->next;
    free_meeting(grid->meetings);
    grid->meetings = next;
  }
  free_parcels(grid->sent.first);
  free_parcels(grid->fed.first);
  free_parcels(grid->probes);
  sk_cond_fini(&grid->changed);
  sk_mutex_fini(&grid->lock);
  sk_mem_free(grid);
}

uint32_t sk_grid_replicas(const sk_grid *grid) { return grid->replicas; }
uint32_t sk_grid_partitions(const sk_grid *grid) { return grid->partitions; }

// ---- waiting

static void fail_locked(sk_grid *grid) {
  grid->failed = true;
  sk_cond_broadcast(&grid->changed);
}

// The process does not run any more: it waits, or has ended.
static void stop_running(sk_grid *grid) {
  if (--grid->running == 0) {
    fail_locked(grid);  // whoever waits now waits for nobody
  }
}

void sk_grid_leave(sk_grid *grid, bool failed) {
  sk_mutex_lock(&grid->lock);
  if (failed) {
    grid->stopped = grid->stopped || !grid->failed;
    fail_locked(grid);
  }
  stop_running(grid);
  sk_mutex_unlock(&grid->lock);
}

static sk_status nobody_comes(const sk_interp *s, sk_op op) {
  return sk_op_error(s->m, op, s->grid->stopped ? SK_CANCELLED : SK_FAILED_PRECONDITION,
                     "no process is left that could take part in this");
}

// ---- meetings

static sk_meeting *new_meeting(int64_t key, const sk_process_list *group, uint32_t count) {
  sk_meeting *m = sk_mem_zalloc(sizeof *m);
  if (!m) {
    return NULL;
  }
  *m = (sk_meeting){.key = key, .members = group->count, .count = count};
  m->group = sk_mem_alloc(sizeof(uint32_t) * ((size_t)group->count + 1));
  m->present = sk_mem_zalloc((size_t)group->count + 1);
  m->values = sk_mem_zalloc(sizeof(sk_tensor *) * ((size_t)group->count * count + 1));
  if (!m->group || !m->present || !m->values) {
    free_meeting(m);
    return NULL;
  }
  memcpy(m->group, group->ids, sizeof(uint32_t) * group->count);
  return m;
}

static sk_meeting *find_meeting(sk_grid *grid, int64_t key, const sk_process_list *group,
                                uint32_t count) {
  for (sk_meeting *m = grid->meetings; m; m = m->next) {
    if (m->key == key && m->members == group->count && m->count == count &&
        memcmp(m->group, group->ids, sizeof(uint32_t) * group->count) == 0) {
      return m;
    }
  }
  sk_meeting *m = new_meeting(key, group, count);
  if (m) {
    m->next = grid->meetings;
    grid->meetings = m;
  }
  return m;
}

static void unlink_meeting(sk_grid *grid, const sk_meeting *m) {
  sk_meeting **at = &grid->meetings;
  while (*at != m) {
    at = &(*at)->next;
  }
  *at = m->next;
}

// Puts the values where the member belongs; the last one to come starts the meeting.
static void arrive(sk_interp *s, sk_meeting *m, uint32_t member, sk_tensor *const *values) {
  for (uint32_t i = 0; i < m->count; i++) {
    m->values[(size_t)member * m->count + i] = sk_tensor_retain(values[i]);
  }
  m->present[member] = true;
  m->arrived++;
  if (m->arrived == m->members) {
    unlink_meeting(s->grid, m);
    m->leaving = m->members;
    s->grid->running += m->members - 1;  // the others go on
    sk_cond_broadcast(&s->grid->changed);
  }
}

// A copy of all values, and the meeting ends with the last to have one.
static sk_tensor **leave(sk_meeting *m) {
  size_t total = (size_t)m->members * m->count;
  sk_tensor **all = sk_mem_alloc(sizeof *all * (total + 1));
  for (size_t i = 0; all && i < total; i++) {
    all[i] = sk_tensor_retain(m->values[i]);
  }
  if (--m->leaving == 0) {
    free_meeting(m);
  }
  return all;
}

static sk_status meet_locked(sk_interp *s, sk_op op, int64_t key, const sk_process_list *group,
                             sk_tensor *const *values, uint32_t count, sk_tensor ***out_all) {
  sk_grid *grid = s->grid;
  uint32_t member = 0;
  while (member < group->count && group->ids[member] != s->process) {
    member++;
  }
  sk_meeting *m = grid->failed ? NULL : find_meeting(grid, key, group, count);
  if (!m) {
    return grid->failed ? nobody_comes(s, op) : sk_status_no_memory();
  }
  if (member == group->count || m->present[member]) {
    return sk_op_error(s->m, op, SK_INVALID_ARGUMENT, "the process is in a group twice or not");
  }
  arrive(s, m, member, values);
  if (m->leaving == 0) {
    stop_running(grid);
  }
  while (m->leaving == 0 && !grid->failed) {
    sk_cond_wait(&grid->changed, &grid->lock);
  }
  if (m->leaving == 0) {
    return nobody_comes(s, op);
  }
  *out_all = leave(m);
  return *out_all ? NULL : sk_status_no_memory();
}

sk_status sk_grid_meet(sk_interp *s, sk_op op, int64_t key, const sk_process_list *group,
                       sk_tensor *const *values, uint32_t count, sk_tensor ***out_all) {
  *out_all = NULL;
  sk_mutex_lock(&s->grid->lock);
  sk_status status = meet_locked(s, op, key, group, values, count, out_all);
  sk_mutex_unlock(&s->grid->lock);
  return status;
}

// ---- parcels: channels, infeed, probes

static parcel *new_parcel(sk_tensor *const *values, uint32_t count) {
  parcel *p = sk_mem_zalloc(sizeof *p);
  if (!p) {
    return NULL;
  }
  p->count = count;
  p->values = sk_mem_zalloc(sizeof *p->values * ((size_t)count + 1));
  if (!p->values) {
    sk_mem_free(p);
    return NULL;
  }
  for (uint32_t i = 0; i < count; i++) {
    p->values[i] = sk_tensor_retain(values[i]);
  }
  return p;
}

static void append(queue *q, parcel *p) {
  if (q->last) {
    q->last->next = p;
  } else {
    q->first = p;
  }
  q->last = p;
}

// The first parcel of the channel, taken out; NULL: none.
static parcel *take(queue *q, int64_t channel) {
  parcel *before = NULL;
  for (parcel *p = q->first; p; before = p, p = p->next) {
    if (p->channel != channel) {
      continue;
    }
    *(before ? &before->next : &q->first) = p->next;
    q->last = q->last == p ? before : q->last;
    return p;
  }
  return NULL;
}

static waiter *find_waiter(const sk_grid *grid, int64_t channel) {
  for (waiter *w = grid->waiters; w; w = w->next) {
    if (w->channel == channel && !w->got) {
      return w;
    }
  }
  return NULL;
}

sk_status sk_grid_send(sk_interp *s, int64_t channel, sk_tensor *const *values, uint32_t count) {
  sk_grid *grid = s->grid;
  parcel *p = new_parcel(values, count);
  if (!p) {
    return sk_status_no_memory();
  }
  p->channel = channel;
  sk_mutex_lock(&grid->lock);
  waiter *w = find_waiter(grid, channel);
  if (w) {
    w->got = p;
    grid->running++;  // it goes on
    sk_cond_broadcast(&grid->changed);
  } else {
    append(&grid->sent, p);
  }
  sk_mutex_unlock(&grid->lock);
  return NULL;
}

static void wait_for_parcel(sk_grid *grid, waiter *self) {
  self->next = grid->waiters;
  grid->waiters = self;
  stop_running(grid);
  while (!self->got && !grid->failed) {
    sk_cond_wait(&grid->changed, &grid->lock);
  }
  waiter **at = &grid->waiters;
  while (*at != self) {
    at = &(*at)->next;
  }
  *at = self->next;
}

sk_status sk_grid_receive(sk_interp *s, sk_op op, int64_t channel, sk_tensor ***out_values,
                          uint32_t *out_count) {
  sk_grid *grid = s->grid;
  waiter self = {.channel = channel};
  sk_mutex_lock(&grid->lock);
  self.got = take(&grid->sent, channel);
  if (!self.got) {
    wait_for_parcel(grid, &self);
  }
  sk_status status = self.got ? NULL : nobody_comes(s, op);
  sk_mutex_unlock(&grid->lock);
  SK_TRY(status);
  *out_values = self.got->values;
  *out_count = self.got->count;
  sk_mem_free(self.got);
  return NULL;
}

sk_status sk_grid_feed(sk_grid *grid, sk_str function) {
  parcel *p = new_parcel(NULL, 0);
  if (!p) {
    return sk_status_no_memory();
  }
  p->name = function;
  append(&grid->fed, p);
  return NULL;
}

bool sk_grid_next_feed(sk_grid *grid, sk_str *out_function) {
  sk_mutex_lock(&grid->lock);
  parcel *p = take(&grid->fed, 0);
  sk_mutex_unlock(&grid->lock);
  if (p) {
    *out_function = p->name;
    sk_mem_free(p->values);
    sk_mem_free(p);
  }
  return p != NULL;
}

static parcel *find_probe(const sk_grid *grid, uint32_t symbol, uint32_t process) {
  parcel *p = grid->probes;
  while (p && (p->symbol != symbol || p->process != process)) {
    p = p->next;
  }
  return p;
}

sk_status sk_grid_note_probe(sk_interp *s, sk_sym probe, sk_tensor *value) {
  sk_grid *grid = s->grid;
  parcel *p = new_parcel(&value, 1);
  if (!p) {
    return sk_status_no_memory();
  }
  sk_mutex_lock(&grid->lock);
  const parcel *before = find_probe(grid, probe.id, s->process);
  p->symbol = probe.id;
  p->process = s->process;
  p->iteration = before ? before->iteration + 1 : 0;
  p->next = grid->probes;
  grid->probes = p;
  sk_mutex_unlock(&grid->lock);
  return NULL;
}

sk_tensor *sk_grid_find_probe(sk_interp *s, sk_sym probe, int64_t iteration) {
  sk_tensor *found = NULL;
  sk_mutex_lock(&s->grid->lock);
  for (const parcel *p = s->grid->probes; p && !found; p = p->next) {
    if (p->symbol == probe.id && p->process == s->process && p->iteration == iteration) {
      found = sk_tensor_retain(p->values[0]);
    }
  }
  sk_mutex_unlock(&s->grid->lock);
  return found;
}
