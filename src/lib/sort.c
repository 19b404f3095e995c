// SPDX-License-Identifier: Apache-2.0
// SORT: several operands of shape [outer, length, inner] sorted together along `length`, stably.
//
//   a row of keys alone   -> numbers -> sorted numbers -> elements
//   rows moved by keys    -> words {number of the key, position} -> sorted words -> every operand's elements gathered
//
// A key becomes a signed number whose order is the order asked for, so that one sort serves all types (sort_keys.c). Words are numbers of
// 64 bits themselves, and no two are alike, so sorting them by value is stable (sort_quick.c). Several keys are sorted one after the other,
// the least significant first, which stability makes right.
//
// Of a key of 64 bits a word has the 32 bits below the highest one in which the numbers of the row differ; runs of words in which these
// are alike are sorted once more, by the bits that are left.
//
// Of rows of which less than a quarter is wanted only candidates are sorted (sort_choose.c).
//
// A row in which a PLAIN key is NaN has no order: it is merged as the interpreter merges every row, with the comparison itself, so that the
// answer is the same. So are rows of more than 2^32 elements, whose positions don't fit a word.
//
// Rows are independent: they go to the thread pool in ranges, each with memory of its own.
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "base/sortcall.h"
#include "lib/lib.h"
#include "lib/sort_int.h"

enum { RANGE_ELEMS = 8192, SMALL_BYTES = 4096, FEW_WORDS = 8 };
enum { TILE_ROWS = 16, TILE_BYTES = 1 << 19 };

typedef struct sort_call {
  void *const *pointers;
  sk_sort_plan plan;
  int64_t operand_count, key_count, outer, length, inner;
  sk_sort_window wanted;
  char *work;         // memory for the only row; NULL: none
  bool is_long;       // positions take more than half a word
  atomic_int *fault;  // status code of a range that failed
} sort_call;

// Of one range of rows: memory for one row.
typedef struct sort_work {
  const sort_call *call;
  void *numbers;    // of one key
  uint64_t *words;  // the position in the low half; all of it when rows are merged
  uint64_t *spare;  // as many, or numbers
  uint32_t *order;  // of several keys: positions in the order of those that have been sorted by
  char *row;        // elements of any operand
  bool shows_keys;  // the upper halves of words are numbers that tell the elements of the only key
} sort_work;

static sk_sort_key key_of(const sort_call *call, int64_t k) {
  const int64_t *numbers = call->plan.keys + SK_SORT_NUMBERS_OF_KEY * k;
  return (sk_sort_key){call->pointers[numbers[0]], call->plan.elem_bytes[numbers[0]], numbers[1],
                       numbers[2], numbers[3]};
}

// ---- rows of keys alone

// Moves elements out of numbers, `bytes` and `lane` constants where this is called.
SK_ALWAYS_INLINE void spread(const char *numbers, char *out, int64_t stride, sk_sort_window wanted,
                             size_t bytes, size_t lane) {
  for (int64_t i = wanted.first; i < wanted.kept; i++) {
    memcpy(out + i * stride, numbers + lane * (size_t)i, bytes);
  }
}

// False: the row has no order.
static bool sort_alone(const sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  const sk_sort_key key = key_of(call, 0);
  const int64_t bytes = key.elem_bytes, stride = bytes * call->inner;
  const char *in = key.data + row_start * bytes;
  char *out = (char *)call->pointers[call->operand_count + call->plan.keys[0]] + row_start * bytes;
  void *numbers = in != out && stride == bytes && bytes >= 4 ? out : w->numbers;
  const unsigned found = sk_sort_encode(&key, in, stride, call->length, numbers);
  if (call->plan.is_plain && (found & SK_SORT_HAS_NAN) != 0) {
    return false;
  }
  sk_sort_numbers(bytes == 8, numbers, w->spare, call->length, call->wanted, sk_sort_form_of(&key));
  if (found != 0) {
    sk_sort_restore(&key, in, stride, call->length, numbers);
  }
  if (numbers != out) {
    switch (bytes) {
      case 1: spread(numbers, out, stride, call->wanted, 1, 4); break;
      case 2: spread(numbers, out, stride, call->wanted, 2, 4); break;
      case 4: spread(numbers, out, stride, call->wanted, 4, 4); break;
      default: spread(numbers, out, stride, call->wanted, 8, 8); break;
    }
  }
  return true;
}

// ---- rows by words

static uint64_t word_of(uint64_t number, uint64_t position) { return number << 32 | position; }

static void sort_words(const sort_work *w, int64_t from, int64_t count, sk_sort_window wanted) {
  sk_sort_numbers(true, w->words + from, w->spare, count, wanted, (sk_sort_form){.flip = 0});
}

static void sort_by_narrow(sort_work *w, sk_sort_window wanted) {
  const uint32_t *numbers = w->numbers, *order = w->order;
  const int64_t length = w->call->length;
  uint64_t *words = w->words;
  for (int64_t i = 0; order && i < length; i++) {
    words[i] = word_of(numbers[order[i]], (uint64_t)i);
  }
  for (int64_t i = 0; !order && i < length; i++) {
    words[i] = word_of(numbers[i], (uint64_t)i);
  }
  sort_words(w, 0, length, wanted);
}

// The number of an element less the least of its row.
static uint64_t excess_of(const sort_work *w, uint64_t least, uint64_t i) {
  const uint64_t *numbers = w->numbers;
  return numbers[w->order ? w->order[i] : i] - least;
}

static void sort_few_words(uint64_t *words, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    const int64_t moving = (int64_t)words[i];
    int64_t at = i;
    for (; at > 0 && (int64_t)words[at - 1] > moving; at--) {
      words[at] = words[at - 1];
    }
    words[at] = (uint64_t)moving;
  }
}

// Words that are alike in their upper halves are sorted by the lowest `bits` bits of their numbers.
static void sort_runs(const sort_work *w, uint64_t least, uint32_t bits) {
  const int64_t length = w->call->length;
  const uint64_t mask = ((uint64_t)1 << bits) - 1;
  uint64_t *words = w->words;
  for (int64_t from = 0, to; from < length; from = to) {
    for (to = from + 1; to < length && words[to] >> 32 == words[from] >> 32;) {
      to++;
    }
    if (to - from == 1) {
      continue;
    }
    for (int64_t i = from; i < to; i++) {
      const uint64_t at = (uint32_t)words[i];
      words[i] = word_of((excess_of(w, least, at) & mask) ^ 0x80000000u, at);
    }
    if (to - from <= FEW_WORDS) {
      sort_few_words(words + from, to - from);
    } else {
      sort_words(w, from, to - from, (sk_sort_window){0, to - from});
    }
  }
}

static void sort_by_wide(sort_work *w) {
  const int64_t *numbers = w->numbers, length = w->call->length;
  int64_t least = numbers[0], most = numbers[0];
  for (int64_t i = 1; i < length; i++) {
    least = SK_MIN(least, numbers[i]);
    most = SK_MAX(most, numbers[i]);
  }
  const uint64_t range = (uint64_t)most - (uint64_t)least;
  const uint32_t bits = range >> 32 == 0 ? 0 : 32 - sk_clz64(range);
  for (int64_t i = 0; i < length; i++) {
    const uint64_t excess = excess_of(w, (uint64_t)least, (uint64_t)i);
    w->words[i] = word_of((excess >> bits) ^ 0x80000000u, (uint64_t)i);
  }
  sort_words(w, 0, length, (sk_sort_window){0, length});
  if (bits > 0) {
    sort_runs(w, (uint64_t)least, bits);
  }
}

// False: the row has no order.
static bool sort_by_words(sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  uint32_t *order = w->order;
  w->order = NULL;  // as it is
  for (int64_t k = call->key_count; k-- > 0;) {
    const sk_sort_key key = key_of(call, k);
    const sk_sort_window all = {0, call->length}, wanted = k == 0 ? call->wanted : all;
    const unsigned found = sk_sort_encode(&key, key.data + row_start * key.elem_bytes,
                                          call->inner * key.elem_bytes, call->length, w->numbers);
    if (key.order == SK_SORT_PLAIN && (found & SK_SORT_HAS_NAN) != 0) {
      w->order = order;
      return false;
    }
    w->shows_keys = found == 0 && key.elem_bytes < 8 && call->key_count == 1;
    if (key.elem_bytes == 8) {
      sort_by_wide(w);
    } else {
      sort_by_narrow(w, wanted);
    }
    for (int64_t i = wanted.first; w->order && i < wanted.kept; i++) {
      w->words[i] = w->order[(uint32_t)w->words[i]];
    }
    for (int64_t i = 0; k > 0 && i < call->length; i++) {
      order[i] = (uint32_t)w->words[i];
    }
    w->order = order;
  }
  return true;
}

// ---- rows without an order

// Bits of a key at a position of the row.
static int64_t bits_at(const sort_call *call, const sk_sort_key *key, int64_t row_start,
                       uint64_t position) {
  const char *at = key->data + (row_start + (int64_t)position * call->inner) * key->elem_bytes;
  switch (key->elem_bytes) {
    case 1: return sk_sort_bits(at, 1);
    case 2: return sk_sort_bits(at, 2);
    case 4: return sk_sort_bits(at, 4);
    default: return sk_sort_bits(at, 8);
  }
}

// The comparator's answer: by the first key that does not compare equal.
static bool is_before(const sort_call *call, int64_t row_start, uint64_t x, uint64_t y) {
  for (int64_t k = 0; k < call->key_count; k++) {
    const sk_sort_key key = key_of(call, k);
    const sk_sort_form form = sk_sort_form_of(&key);
    const int64_t a = bits_at(call, &key, row_start, x), b = bits_at(call, &key, row_start, y);
    if (key.order == SK_SORT_PLAIN &&
        ((a & form.magnitude) > form.infinity || (b & form.magnitude) > form.infinity)) {
      return false;
    }
    const int64_t first = sk_sort_number(form, a), second = sk_sort_number(form, b);
    if (first != second) {
      return first < second;
    }
  }
  return false;
}

static void merge_row(sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  const int64_t length = call->length;
  w->shows_keys = false;
  for (int64_t i = 0; i < length; i++) {
    w->words[i] = (uint64_t)i;
  }
  for (int64_t width = 1; width < length; width *= 2) {
    for (int64_t from = 0; from < length; from += 2 * width) {
      int64_t middle = SK_MIN(from + width, length), to = SK_MIN(from + 2 * width, length);
      int64_t x = from, y = middle;
      for (int64_t k = from; k < to; k++) {
        bool right =
            x == middle || (y < to && is_before(call, row_start, w->words[y], w->words[x]));
        w->spare[k] = w->words[right ? y++ : x++];
      }
    }
    uint64_t *merged = w->spare;
    w->spare = w->words;
    w->words = merged;
  }
}

// ---- rows

// `bytes` is a constant where this is called, so that every copy is a move.
SK_ALWAYS_INLINE void gather_elems(const sort_work *w, const char *in, char *out, int64_t in_stride,
                                   int64_t out_stride, size_t bytes) {
  const uint64_t mask = w->call->is_long ? UINT64_MAX : UINT32_MAX;
  const uint64_t *words = w->words;
  for (int64_t i = w->call->wanted.first, kept = w->call->wanted.kept; i < kept; i++) {
    memcpy(out + i * out_stride, in + (int64_t)(words[i] & mask) * in_stride, bytes);
  }
}

static void gather_row(const sort_work *w, const char *in, char *out, int64_t in_stride,
                       int64_t out_stride, int64_t bytes) {
  switch (bytes) {
    case 1: gather_elems(w, in, out, in_stride, out_stride, 1); return;
    case 2: gather_elems(w, in, out, in_stride, out_stride, 2); return;
    case 4: gather_elems(w, in, out, in_stride, out_stride, 4); return;
    case 8: gather_elems(w, in, out, in_stride, out_stride, 8); return;
    default: gather_elems(w, in, out, in_stride, out_stride, 16); return;
  }
}

SK_ALWAYS_INLINE void write_positions(const sort_work *w, char *out, int64_t stride, size_t bytes) {
  const uint64_t mask = w->call->is_long ? UINT64_MAX : UINT32_MAX, *words = w->words;
  for (int64_t i = w->call->wanted.first, kept = w->call->wanted.kept; i < kept; i++) {
    const uint64_t position = words[i] & mask;
    memcpy(out + i * stride, &position, bytes);
  }
}

static void put_positions(const sort_work *w, char *out, int64_t stride, int64_t bytes) {
  switch (bytes) {
    case 1: write_positions(w, out, stride, 1); return;
    case 2: write_positions(w, out, stride, 2); return;
    case 4: write_positions(w, out, stride, 4); return;
    default: write_positions(w, out, stride, 8); return;
  }
}

// Elements of the key, whose numbers are still in the words.
SK_ALWAYS_INLINE void write_keys(const sort_work *w, char *out, int64_t stride, size_t bytes) {
  const sk_sort_key key = key_of(w->call, 0);
  const sk_sort_form form = sk_sort_form_of(&key);
  const uint64_t *words = w->words;
  for (int64_t i = w->call->wanted.first, kept = w->call->wanted.kept; i < kept; i++) {
    const int64_t number = (int32_t)(words[i] >> 32) ^ form.flip;
    const int64_t bits = number ^ (number < 0 ? form.magnitude : 0);
    memcpy(out + i * stride, &bits, bytes);
  }
}

static void put_keys(const sort_work *w, char *out, int64_t stride, int64_t bytes) {
  switch (bytes) {
    case 1: write_keys(w, out, stride, 1); return;
    case 2: write_keys(w, out, stride, 2); return;
    default: write_keys(w, out, stride, 4); return;
  }
}

// Moves one operand's row to its sorted order; in place by way of w->row.
static void move_row(const sort_work *w, int64_t operand, int64_t row_start) {
  const sort_call *call = w->call;
  int64_t bytes = call->plan.elem_bytes[operand], stride = bytes * call->inner;
  const char *in = (const char *)call->pointers[operand] + row_start * bytes;
  char *out = (char *)call->pointers[call->operand_count + operand] + row_start * bytes;
  if (call->plan.roles[operand] == SK_SORT_POSITIONS) {
    put_positions(w, out, stride, bytes);
    return;
  }
  if (w->shows_keys && operand == call->plan.keys[0]) {
    put_keys(w, out, stride, bytes);
    return;
  }
  if (in != out) {
    gather_row(w, in, out, stride, stride, bytes);
    return;
  }
  gather_row(w, in, w->row, stride, bytes, bytes);
  for (int64_t i = call->wanted.first; i < call->wanted.kept; i++) {
    memcpy(out + i * stride, w->row + i * bytes, (size_t)bytes);
  }
}

// Leaves the positions of the row's elements in w->words.
static void order_row(sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  const sk_sort_key key = key_of(call, 0);
  const char *row = key.data + row_start * key.elem_bytes;
  const int64_t stride = call->inner * key.elem_bytes;
  bool has_order = !call->is_long;
  if (has_order && call->plan.is_choice) {
    has_order =
        !call->plan.is_plain ||
        (sk_sort_encode(&key, row, stride, call->length, w->numbers) & SK_SORT_HAS_NAN) == 0;
    if (has_order) {
      sk_sort_choose(&key, row, stride, call->length, call->wanted.kept, w->words, w->spare);
    }
  } else if (has_order) {
    has_order = sort_by_words(w, row_start);
  }
  if (!has_order) {
    merge_row(w, row_start);
  }
}

static void sort_rows(sort_work *w, int64_t begin, int64_t end) {
  const sort_call *call = w->call;
  for (int64_t row = begin; row < end; row++) {
    int64_t row_start = row / call->inner * call->length * call->inner + row % call->inner;
    if (call->plan.is_alone && sort_alone(w, row_start)) {
      continue;
    }
    order_row(w, row_start);
    for (int64_t operand = 0; operand < call->operand_count; operand++) {
      if (call->plan.roles[operand] != SK_SORT_UNWANTED) {
        move_row(w, operand, row_start);
      }
    }
  }
}

// ---- rows along columns of memory

// Copies `rows` rows whose elements are `inner` apart from `strided` into rows of `length` side by side, or back.
SK_ALWAYS_INLINE void copy_tile(char *strided, char *dense, int64_t inner, int64_t length,
                                int64_t count, int64_t rows, bool back, size_t bytes) {
  for (int64_t i = 0; i < count; i++) {
    for (int64_t row = 0; row < rows; row++) {
      char *far = strided + (i * inner + row) * (int64_t)bytes;
      char *near = dense + (row * length + i) * (int64_t)bytes;
      memcpy(back ? far : near, back ? near : far, bytes);
    }
  }
}

static void move_tile(const sort_call *call, int64_t operand, void *strided, char *dense,
                      int64_t row_start, int64_t rows, bool back) {
  const int64_t bytes = call->plan.elem_bytes[operand], n = call->length, inner = call->inner;
  const int64_t count = back ? call->wanted.kept : n;
  char *far = (char *)strided + row_start * bytes;
  switch (bytes) {
    case 1: copy_tile(far, dense, inner, n, count, rows, back, 1); return;
    case 2: copy_tile(far, dense, inner, n, count, rows, back, 2); return;
    case 4: copy_tile(far, dense, inner, n, count, rows, back, 4); return;
    case 8: copy_tile(far, dense, inner, n, count, rows, back, 8); return;
    default: copy_tile(far, dense, inner, n, count, rows, back, 16); return;
  }
}

// Up to TILE_ROWS neighbours at a time are laid side by side, sorted in place, and put back: every line of memory is touched once.
// `tile` has pointers for a call of its own, then the rows of one operand after the other.
static void sort_columns(sort_work *w, int64_t begin, int64_t end, int64_t tile_rows, void *tile) {
  const sort_call *call = w->call;
  void **pointers = tile;
  char *memory = (char *)tile + 2 * call->operand_count * (int64_t)sizeof(void *);
  for (int64_t o = 0; o < call->operand_count; o++) {
    memory = (char *)tile + sk_align_up((uint64_t)(memory - (char *)tile), 16);
    pointers[o] = pointers[call->operand_count + o] = memory;
    memory += tile_rows * call->length * call->plan.elem_bytes[o];
  }
  sort_call inside = *call;
  inside.pointers = pointers;
  inside.inner = 1;
  w->call = &inside;
  for (int64_t row = begin, rows; row < end; row += rows) {
    rows = SK_MIN(SK_MIN(tile_rows, end - row), call->inner - row % call->inner);
    const int64_t start = row / call->inner * call->length * call->inner + row % call->inner;
    for (int64_t o = 0; o < call->operand_count; o++) {
      if (call->plan.roles[o] != SK_SORT_POSITIONS) {
        move_tile(call, o, call->pointers[o], pointers[o], start, rows, false);
      }
    }
    inside.outer = rows;
    sort_rows(w, 0, rows);
    for (int64_t o = 0; o < call->operand_count; o++) {
      if (call->plan.roles[o] != SK_SORT_UNWANTED) {
        move_tile(call, o, call->pointers[call->operand_count + o], pointers[o], start, rows, true);
      }
    }
  }
  w->call = call;
}

// Rows of a tile; 1: it's not worth while.
static int64_t tile_rows_of(const sort_call *call) {
  int64_t bytes = 0;
  for (int64_t o = 0; o < call->operand_count; o++) {
    bytes += call->plan.elem_bytes[o];
  }
  const int64_t rows = SK_MIN((int64_t)TILE_ROWS, TILE_BYTES / call->length / bytes);
  return call->inner == 1 ? 1 : SK_MAX(SK_MIN(rows, call->inner), (int64_t)1);
}

static int64_t tile_bytes_of(const sort_call *call, int64_t tile_rows) {
  int64_t bytes = 0;
  for (int64_t o = 0; o < call->operand_count; o++) {
    bytes += call->plan.elem_bytes[o] * tile_rows * call->length + 16 + 2 * (int64_t)sizeof(void *);
  }
  return tile_rows > 1 ? bytes : 0;
}

// ---- ranges

// Lays out memory for one row from `memory` on.
static sort_work lay_out(const sort_call *call, char *memory) {
  const sk_sort_plan *plan = &call->plan;
  const int64_t sizes[SK_SORT_PARTS] = {plan->number_bytes, plan->spare_bytes, plan->word_bytes,
                                        plan->order_bytes, plan->row_bytes};
  void *parts[SK_SORT_PARTS];
  for (int i = 0; i < SK_SORT_PARTS; i++) {
    parts[i] = memory;
    memory += sk_align_up((uint64_t)(sizes[i] * call->length), SK_SORT_ALIGN);
  }
  return (sort_work){.call = call,
                     .numbers = parts[0],
                     .spare = parts[1],
                     .words = parts[2],
                     .order = plan->order_bytes > 0 ? parts[3] : NULL,
                     .row = parts[4]};
}

static void sort_range(sort_call *call, int64_t begin, int64_t end) {
  _Alignas(SK_SORT_ALIGN) char small[SMALL_BYTES];
  const int64_t tile_rows = tile_rows_of(call), tile = tile_bytes_of(call, tile_rows);
  const int64_t row =
      (int64_t)sk_align_up((uint64_t)sk_sort_plan_bytes(&call->plan, call->length), SK_SORT_ALIGN);
  const bool is_small = row + tile <= SMALL_BYTES;
  char *own =
      is_small || call->work ? NULL : sk_mem_alloc_aligned((size_t)(row + tile), SK_SORT_ALIGN);
  char *memory = is_small ? small : call->work ? call->work : own;
  if (!memory) {
    atomic_store_explicit(call->fault, SK_RESOURCE_EXHAUSTED, memory_order_relaxed);
    return;
  }
  sort_work w = lay_out(call, memory);
  if (tile_rows > 1) {
    sort_columns(&w, begin, end, tile_rows, memory + row);
  } else {
    sort_rows(&w, begin, end);
  }
  sk_mem_free(own);
}

// ---- the call

// As a kernel over rows: the frame has the call in its only slot.
static void sort_kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  (void)scratch;
  sort_range(frame->slots[0], begin, end);
}

void sk_lib_sort(sk_frame *frame, void *const *pointers, const int64_t *params) {
  atomic_int range_fault = 0;
  sort_call call = {.pointers = pointers,
                    .fault = &range_fault,
                    .plan = sk_sort_plan_of(params),
                    .operand_count = params[SK_SORT_OPERANDS],
                    .key_count = params[SK_SORT_KEYS],
                    .outer = params[SK_SORT_OUTER],
                    .length = params[SK_SORT_LENGTH],
                    .inner = params[SK_SORT_INNER],
                    .wanted = {params[SK_SORT_FIRST], params[SK_SORT_KEPT]}};
  int64_t rows = call.outer * call.inner;
  if (rows == 0 || call.length == 0 || call.wanted.first >= call.wanted.kept) {
    return;
  }
  call.is_long = call.length > UINT32_MAX;
  bool has_work =
      rows == 1 && params[SK_SORT_WORK_BYTES] >= sk_sort_plan_bytes(&call.plan, call.length);
  call.work = has_work ? pointers[2 * call.operand_count] : NULL;
  bool is_large = rows > 1 && rows * call.length > 2 * RANGE_ELEMS;
  const int64_t align = tile_rows_of(&call);
  if (!is_large || !sk_lib_run_in_pool(frame, sort_kernel, &call, rows,
                                       SK_MAX(RANGE_ELEMS / call.length, align), align)) {
    sort_range(&call, 0, rows);
  }
  int64_t fault = atomic_load_explicit(&range_fault, memory_order_relaxed);
  frame->fault = frame->fault ? frame->fault : fault;
}
