// SPDX-License-Identifier: Apache-2.0
// Events: become ready once, with success or an error, and call back whoever asked.
//
// Work done on the calling thread is finished when the call returns; its event is one static object
// that is always ready and never goes away. Others are counted records with a lock. Callbacks are
// taken out of the record one by one and called after the state is final and without the lock, so
// that they may release the event, or ask it anything; what is left of them when a thread is lost by
// a fork can still be called.
//
// A status belongs to one owner: every asker gets a copy of the error.
#include "rt/rt_int.h"

typedef struct event_callback {
  struct event_callback *next;
  sk_event_fn fn;
  void *user;
} event_callback;

struct sk_event {
  _Atomic uint32_t refs;
  _Atomic bool ready;  // written under the lock
  bool immortal;
  sk_mutex lock;
  sk_cond changed;
  sk_status error;            // owned; final once ready
  event_callback *callbacks;  // owned, newest first; in order once ready
};

static sk_event ready_event = {.ready = true, .immortal = true};

sk_event *sk_event_ready(void) { return &ready_event; }

static sk_status copy_error(sk_status error) {
  if (!error) {
    return NULL;
  }
  return sk_status_new_at(sk_status_code(error), sk_status_pos(error), "%s",
                          sk_status_message(error));
}

sk_status sk_event_create(sk_event **out_event) {
  *out_event = NULL;
  sk_event *event = sk_mem_zalloc(sizeof *event);
  if (!event) {
    return sk_status_no_memory();
  }
  sk_status status = sk_mutex_init(&event->lock);
  if (!status) {
    status = sk_cond_init(&event->changed);
    if (status) {
      sk_mutex_fini(&event->lock);
    }
  }
  if (status) {
    sk_mem_free(event);
    return status;
  }
  atomic_store(&event->refs, 1);
  *out_event = event;
  return NULL;
}

void sk_event_retain(sk_event *event) {
  if (event && !event->immortal) {
    atomic_fetch_add_explicit(&event->refs, 1, memory_order_relaxed);
  }
}

void sk_event_release(sk_event *event) {
  if (!event || event->immortal ||
      atomic_fetch_sub_explicit(&event->refs, 1, memory_order_acq_rel) != 1) {
    return;
  }
  // Nobody can set it any more: callbacks that still wait are told so.
  event_callback *each = event->callbacks;
  while (each) {
    event_callback *next = each->next;
    each->fn(each->user, sk_status_new(SK_CANCELLED, "the event was released before it was set"));
    sk_mem_free(each);
    each = next;
  }
  sk_status_free(event->error);
  sk_cond_fini(&event->changed);
  sk_mutex_fini(&event->lock);
  sk_mem_free(event);
}

static event_callback *in_order(event_callback *newest_first) {
  event_callback *ordered = NULL;
  while (newest_first) {
    event_callback *next = newest_first->next;
    newest_first->next = ordered;
    ordered = newest_first;
    newest_first = next;
  }
  return ordered;
}

static void call_back(sk_event *event) {
  for (;;) {
    sk_mutex_lock(&event->lock);
    event_callback *first = event->callbacks;
    event->callbacks = first ? first->next : NULL;
    sk_mutex_unlock(&event->lock);
    if (!first) {
      return;
    }
    first->fn(first->user, copy_error(event->error));
    sk_mem_free(first);
  }
}

sk_status sk_event_set(sk_event *event, sk_status error) {
  if (event->immortal) {
    sk_status_free(error);
    return sk_status_new(SK_FAILED_PRECONDITION, "the event is ready already");
  }
  sk_event_retain(event);  // a callback may release the caller's reference
  sk_mutex_lock(&event->lock);
  bool was_ready = event->ready;
  if (!was_ready) {
    event->error = error;
    event->callbacks = in_order(event->callbacks);
    atomic_store_explicit(&event->ready, true, memory_order_release);
    sk_cond_broadcast(&event->changed);
  }
  sk_mutex_unlock(&event->lock);
  if (!was_ready) {
    call_back(event);
  }
  sk_event_release(event);
  if (was_ready) {
    sk_status_free(error);
    return sk_status_new(SK_FAILED_PRECONDITION, "the event is ready already");
  }
  return NULL;
}

bool sk_event_is_ready(const sk_event *event) {
  return atomic_load_explicit(&event->ready, memory_order_acquire);
}

bool sk_event_has_succeeded(const sk_event *event) {
  return sk_event_is_ready(event) && !event->error;
}

sk_status sk_event_error(const sk_event *event) {
  return sk_event_is_ready(event) ? copy_error(event->error) : NULL;
}

sk_status sk_event_await(sk_event *event) {
  if (!sk_event_is_ready(event)) {
    sk_mutex_lock(&event->lock);
    while (!event->ready) {
      sk_cond_wait(&event->changed, &event->lock);
    }
    sk_mutex_unlock(&event->lock);
  }
  return copy_error(event->error);
}

// ---- forks: the event that a thread sets while another one forks

void sk_event_before_fork(sk_event *event) { sk_mutex_lock(&event->lock); }
void sk_event_in_parent(sk_event *event) { sk_mutex_unlock(&event->lock); }

void sk_event_in_child(sk_event *event) {
  // Threads of the parent may have waited for it.
  event->changed = (sk_cond){.impl = PTHREAD_COND_INITIALIZER};
  sk_status_free(sk_cond_init(&event->changed));
  sk_mutex_unlock(&event->lock);
}

void sk_event_finish(sk_event *event, sk_status error) {
  if (sk_event_is_ready(event)) {
    sk_status_free(error);
    call_back(event);
  } else {
    sk_status_free(sk_event_set(event, error));  // it was not ready: there is no error
  }
}

sk_status sk_event_on_ready(sk_event *event, sk_event_fn callback, void *user) {
  if (!sk_event_is_ready(event)) {
    event_callback *record = sk_mem_alloc(sizeof *record);
    if (!record) {
      return sk_status_no_memory();
    }
    sk_mutex_lock(&event->lock);
    if (!event->ready) {
      *record = (event_callback){event->callbacks, callback, user};
      event->callbacks = record;
      sk_mutex_unlock(&event->lock);
      return NULL;
    }
    sk_mutex_unlock(&event->lock);
    sk_mem_free(record);
  }
  callback(user, copy_error(event->error));
  return NULL;
}
