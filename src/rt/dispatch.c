// SPDX-License-Identifier: Apache-2.0
// The dispatcher of a client: one thread that runs jobs after the call that made them returned.
//
//   push -> [ job | job | job ] -> thread
//
// Jobs are pushed when nothing is left that they wait for, so that none blocks those behind it. The
// thread starts with the first job. Each job keeps the client alive, and the last one may end it:
// the dispatcher may be destroyed by its own thread, which then leaves by itself.
//
// In the child of a fork there is no thread; jobs that waited go on in a new one, and the job that
// was running in the parent is lost. Of one that was ending, the event is set and whoever asked it
// to be called is called; what it gave back in the parent may stay held in the child.
#include "rt/rt_int.h"

struct sk_dispatcher {
  sk_mutex lock;
  sk_cond changed;
  sk_thread thread;
  sk_job *first, **last;
  sk_job *running;   // in the thread now
  sk_job *lost;      // was running when this process was forked
  sk_event *ending;  // counted: of the job that ends in the thread now
  bool ending_failed;
  bool half_ended;  // `ending` is of a job of the parent
  bool stop, orphaned;
};

static void fini(sk_dispatcher *dispatcher) {
  sk_cond_fini(&dispatcher->changed);
  sk_mutex_fini(&dispatcher->lock);
  sk_mem_free(dispatcher);
}

sk_dispatcher *sk_dispatcher_create(void) {
  sk_dispatcher *dispatcher = sk_mem_zalloc(sizeof *dispatcher);
  if (!dispatcher) {
    return NULL;
  }
  sk_status status = sk_mutex_init(&dispatcher->lock);
  if (!status) {
    status = sk_cond_init(&dispatcher->changed);
    if (status) {
      sk_mutex_fini(&dispatcher->lock);
    }
  }
  if (status) {
    sk_status_free(status);
    sk_mem_free(dispatcher);
    return NULL;
  }
  dispatcher->last = &dispatcher->first;
  return dispatcher;
}

// The next job, under the lock; NULL: the end.
static sk_job *next_job(sk_dispatcher *dispatcher, bool *out_lost) {
  while (!dispatcher->first && !dispatcher->lost && !dispatcher->stop) {
    sk_cond_wait(&dispatcher->changed, &dispatcher->lock);
  }
  sk_job *job = dispatcher->lost ? dispatcher->lost : dispatcher->first;
  *out_lost = job && job == dispatcher->lost;
  if (*out_lost) {
    dispatcher->lost = NULL;
  } else if (job) {
    dispatcher->first = job->next;
    dispatcher->last = dispatcher->first ? dispatcher->last : &dispatcher->first;
  }
  dispatcher->running = job;
  return job;
}

// Ends a job; under the lock before and after, not meanwhile. What ends a job frees it: from here on
// a fork must not find it, but its event.
static void end_job(sk_dispatcher *dispatcher, sk_job *job) {
  sk_event *done = job->done;
  sk_event_retain(done);
  dispatcher->running = NULL;
  dispatcher->ending = done;
  dispatcher->ending_failed = job->failed;
  sk_mutex_unlock(&dispatcher->lock);
  job->end(job);
  sk_mutex_lock(&dispatcher->lock);
  dispatcher->ending = NULL;
  sk_mutex_unlock(&dispatcher->lock);
  sk_event_release(done);
  sk_mutex_lock(&dispatcher->lock);
}

// Does for a job of the parent what is left of its end; under the lock before and after.
static void finish_ending(sk_dispatcher *dispatcher) {
  sk_event *done = dispatcher->ending;
  bool failed = dispatcher->ending_failed;
  dispatcher->half_ended = false;
  sk_mutex_unlock(&dispatcher->lock);
  sk_event_finish(done, failed ? sk_status_new(SK_CANCELLED, "an execution that failed was ending "
                                                             "when the process was forked")
                               : NULL);
  sk_mutex_lock(&dispatcher->lock);
  dispatcher->ending = NULL;
  sk_mutex_unlock(&dispatcher->lock);
  sk_event_release(done);
  sk_mutex_lock(&dispatcher->lock);
}

static void run_jobs(void *raw) {
  sk_dispatcher *dispatcher = raw;
  bool lost;
  sk_mutex_lock(&dispatcher->lock);
  if (dispatcher->half_ended) {
    finish_ending(dispatcher);
  }
  for (sk_job *job; (job = next_job(dispatcher, &lost));) {
    sk_mutex_unlock(&dispatcher->lock);
    job->run(job, lost);
    sk_mutex_lock(&dispatcher->lock);
    end_job(dispatcher, job);
  }
  bool orphaned = dispatcher->orphaned;
  sk_mutex_unlock(&dispatcher->lock);
  if (orphaned) {
    fini(dispatcher);
  }
}

static sk_status start(sk_dispatcher *dispatcher) {
  return dispatcher->thread.running
             ? NULL
             : sk_thread_start(&dispatcher->thread, "skarn-dispatch", run_jobs, dispatcher);
}

sk_status sk_dispatcher_push(sk_dispatcher *dispatcher, sk_job *job) {
  sk_mutex_lock(&dispatcher->lock);
  sk_status status = start(dispatcher);
  if (!status) {
    job->next = NULL;
    *dispatcher->last = job;
    dispatcher->last = &job->next;
    sk_cond_signal(&dispatcher->changed);
  }
  sk_mutex_unlock(&dispatcher->lock);
  return status;
}

void sk_dispatcher_destroy(sk_dispatcher *dispatcher) {
  sk_mutex_lock(&dispatcher->lock);
  dispatcher->stop = true;
  bool own = dispatcher->thread.running && sk_thread_is_self(&dispatcher->thread);
  dispatcher->orphaned = own;
  sk_cond_signal(&dispatcher->changed);
  sk_mutex_unlock(&dispatcher->lock);
  if (own) {
    sk_thread_detach(&dispatcher->thread);
  } else {
    sk_thread_join(&dispatcher->thread);
    fini(dispatcher);
  }
}

void sk_dispatcher_before_fork(sk_dispatcher *dispatcher) {
  sk_mutex_lock(&dispatcher->lock);
  if (dispatcher->ending) {
    sk_event_before_fork(dispatcher->ending);
  }
}

void sk_dispatcher_in_parent(sk_dispatcher *dispatcher) {
  if (dispatcher->ending) {
    sk_event_in_parent(dispatcher->ending);
  }
  sk_mutex_unlock(&dispatcher->lock);
}

void sk_dispatcher_in_child(sk_dispatcher *dispatcher) {
  dispatcher->thread.running = false;
  dispatcher->lost = dispatcher->running;
  dispatcher->running = NULL;
  // The condition may have had the parent's thread in it.
  dispatcher->changed = (sk_cond){.impl = PTHREAD_COND_INITIALIZER};
  sk_status status = sk_cond_init(&dispatcher->changed);
  if (dispatcher->ending) {
    sk_event_in_child(dispatcher->ending);
    dispatcher->half_ended = true;
  }
  if (!status && (dispatcher->first || dispatcher->lost || dispatcher->half_ended)) {
    status = start(dispatcher);
  }
  sk_status_free(status);  // without a thread the jobs wait for the next one
  sk_mutex_unlock(&dispatcher->lock);
}
