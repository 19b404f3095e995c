// SPDX-License-Identifier: Apache-2.0
// SORT: several operands of shape [outer, length, inner] sorted together along `length`, stably.
//
//   row of keys -> records {key bits as an unsigned number, position} -> sorted records -> rows moved
//
// A key becomes a number whose unsigned order is the order asked for, so that one sort serves all
// types: integers with the sign bit flipped, floats with the bits of negative numbers inverted,
// descending keys complemented. Several keys are sorted one after the other, the least significant
// first, which stability makes right.
//
// Of rows of which less than a quarter is wanted only the candidates are sorted, each at once where
// few are wanted, else whenever there are enough of them to leave most out again. Rows up to
// SMALL_ROW are sorted by insertion. Longer ones by counting digits of eight bits (eleven when a
// row is long enough to pay for the larger tables), least significant first; digits that all keys
// share are skipped. Every step is stable, so the permutation depends on the keys alone.
//
// A row in which a PLAIN key is NaN has no order: it is merged as the interpreter merges every row, with
// the comparison itself, so that the answer is the same.
//
// Keys of up to 32 bits share one word with their position, which halves what is moved. Rows are
// independent: they go to the thread pool in ranges, each with memory of its own.
#include <stdatomic.h>
#include <string.h>

#include "base/mem.h"
#include "lib/lib.h"

enum {
  SMALL_ROW = 48,
  MAX_DIGITS = 8,
  MAX_DIGIT_VALUES = 2048,
  LONG_ROW = 16384,
  RANGE_ELEMS = 8192,
  LOOK_AHEAD = 16,
  FEW_KEPT = 24  // 128 rows of 1000, 10 kept: 540 us with candidates sorted by 48
};

typedef struct sort_record {
  uint64_t key;
  uint64_t position;
} sort_record;

typedef struct sort_key {
  const char *data;  // element 0 of the operand
  int64_t elem_bytes, order, exponent_bits, descending;
} sort_key;

typedef struct sort_call {
  void *const *pointers;
  const int64_t *elem_bytes;  // by operand
  const int64_t *keys;        // four numbers each
  int64_t operand_count, key_count, outer, length, inner, kept;
  bool is_packed;    // every key in the high half of a word, its position in the low half
  bool is_plain;     // some key is PLAIN
  atomic_int fault;  // status code of a range that failed
} sort_call;

// Of one range of rows.
typedef struct sort_work {
  const sort_call *call;
  void *records, *spare;  // uint64_t or sort_record, `length` each
  char *row;              // `length` elements of any operand
} sort_work;

// ---- keys

// How the bits of a key become a number whose unsigned order is the one asked for. Masks instead of
// cases, since this runs once per element.
typedef struct key_form {
  uint64_t all;       // bits of the type
  uint64_t sign;      // flipped: the sign bit of signed numbers and floats
  uint64_t negative;  // flipped besides where the sign is set: all bits of floats
  uint64_t invert;    // flipped at last: all bits of descending keys
  uint64_t infinity;  // of a NUMERIC or PLAIN key; `all` otherwise
  uint32_t top;       // position of the sign bit
} key_form;

static key_form form_of(const sort_key *key) {
  uint32_t top = 8 * (uint32_t)key->elem_bytes - 1;
  uint64_t sign = (uint64_t)1 << top, all = sign | (sign - 1);
  uint64_t mantissa = (sign >> key->exponent_bits) - 1;
  bool is_float = key->order >= SK_SORT_TOTAL;
  return (key_form){.all = all,
                    .sign = key->order == SK_SORT_UNSIGNED ? 0 : sign,
                    .negative = is_float ? all : 0,
                    .invert = key->descending ? all : 0,
                    .infinity = key->order >= SK_SORT_NUMERIC ? (sign - 1) & ~mantissa : all,
                    .top = top};
}

SK_ALWAYS_INLINE uint64_t number_of(key_form f, uint64_t bits) {
  if (f.infinity != f.all) {  // -0 and NaNs in their one form: +0, and the largest positive pattern
    uint64_t magnitude = bits & (f.all >> 1);
    bits = magnitude == 0 ? 0 : bits;
    bits = magnitude > f.infinity ? f.all >> 1 : bits;
  }
  uint64_t flip = f.sign | (f.negative & (0 - (bits >> f.top)));
  return bits ^ (flip & f.all) ^ f.invert;
}

// Little endian, `bytes` a constant where this is called.
SK_ALWAYS_INLINE uint64_t load_bits(const char *at, size_t bytes) {
  uint64_t bits = 0;
  memcpy(&bits, at, bytes);
  return bits;
}

// ---- one row of records, ordered by key

static void sort_words_by_insertion(uint64_t *words, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    uint64_t moving = words[i];
    int64_t at = i;
    for (; at > 0 && words[at - 1] >> 32 > moving >> 32; at--) {
      words[at] = words[at - 1];
    }
    words[at] = moving;
  }
}

static void sort_by_insertion(sort_record *records, int64_t count) {
  for (int64_t i = 1; i < count; i++) {
    sort_record moving = records[i];
    int64_t at = i;
    for (; at > 0 && records[at - 1].key > moving.key; at--) {
      records[at] = records[at - 1];
    }
    records[at] = moving;
  }
}

typedef uint32_t digit_counts[MAX_DIGIT_VALUES];

static void sum_counts(uint32_t *counts, uint32_t values) {
  uint32_t sum = 0;
  for (uint32_t value = 0; value < values; value++) {
    uint32_t here = counts[value];
    counts[value] = sum;
    sum += here;
  }
}

static void swap_records(sort_work *w) {
  void *sorted = w->spare;
  w->spare = w->records;
  w->records = sorted;
}

static void sort_words_by_digits(sort_work *w, int64_t length, uint32_t key_bits) {
  const uint32_t bits = length >= LONG_ROW && key_bits > 16 ? 11 : 8;
  const uint32_t values = 1u << bits, digits = (key_bits + bits - 1) / bits;
  digit_counts counts[4];
  for (uint32_t digit = 0; digit < digits; digit++) {
    memset(counts[digit], 0, values * sizeof counts[0][0]);
  }
  const uint64_t *words = w->records;
  for (int64_t i = 0; i < length; i++) {
    for (uint32_t digit = 0; digit < digits; digit++) {
      counts[digit][words[i] >> (32 + bits * digit) & (values - 1)]++;
    }
  }
  for (uint32_t digit = 0; digit < digits; digit++) {
    const uint64_t *from = w->records;
    uint64_t *to = w->spare;
    const uint32_t shift = 32 + bits * digit;
    uint32_t *starts = counts[digit];
    if (starts[from[0] >> shift & (values - 1)] == length) {
      continue;
    }
    sum_counts(starts, values);
    for (int64_t i = 0; i < length; i++) {
      to[starts[from[i] >> shift & (values - 1)]++] = from[i];
    }
    swap_records(w);
  }
}

static void sort_by_digits(sort_work *w, uint32_t key_bytes) {
  enum { VALUES = 256 };
  const int64_t length = w->call->length;
  int64_t counts[MAX_DIGITS][VALUES];
  memset(counts, 0, key_bytes * sizeof counts[0]);
  const sort_record *records = w->records;
  for (int64_t i = 0; i < length; i++) {
    for (uint32_t digit = 0; digit < key_bytes; digit++) {
      counts[digit][records[i].key >> (8 * digit) & (VALUES - 1)]++;
    }
  }
  for (uint32_t digit = 0; digit < key_bytes; digit++) {
    const sort_record *from = w->records;
    sort_record *to = w->spare;
    int64_t *starts = counts[digit], sum = 0;
    if (starts[from[0].key >> (8 * digit) & (VALUES - 1)] == length) {
      continue;
    }
    for (uint32_t value = 0; value < VALUES; value++) {
      int64_t here = starts[value];
      starts[value] = sum;
      sum += here;
    }
    for (int64_t i = 0; i < length; i++) {
      to[starts[from[i].key >> (8 * digit) & (VALUES - 1)]++] = from[i];
    }
    swap_records(w);
  }
}

// ---- rows

// Puts the numbers of a row's keys before the positions that are there.
SK_ALWAYS_INLINE void fill_keys(sort_work *w, const sort_key *key, int64_t row_start,
                                size_t bytes) {
  const sort_call *call = w->call;
  const key_form form = form_of(key);
  const char *row = key->data + row_start * (int64_t)bytes;
  const int64_t stride = call->inner * (int64_t)bytes;
  if (call->is_packed) {
    uint64_t *words = w->records;
    for (int64_t i = 0; i < call->length; i++) {
      uint64_t position = (uint32_t)words[i];
      uint64_t bits = load_bits(row + (int64_t)position * stride, bytes);
      words[i] = number_of(form, bits) << 32 | position;
    }
    return;
  }
  sort_record *records = w->records;
  for (int64_t i = 0; i < call->length; i++) {
    uint64_t bits = load_bits(row + (int64_t)records[i].position * stride, bytes);
    records[i].key = number_of(form, bits);
  }
}

static void sort_row_by(sort_work *w, const sort_key *key, int64_t row_start) {
  const sort_call *call = w->call;
  switch (key->elem_bytes) {
    case 1: fill_keys(w, key, row_start, 1); break;
    case 2: fill_keys(w, key, row_start, 2); break;
    case 4: fill_keys(w, key, row_start, 4); break;
    default: fill_keys(w, key, row_start, 8); break;
  }
  if (call->is_packed && call->length <= SMALL_ROW) {
    sort_words_by_insertion(w->records, call->length);
  } else if (call->is_packed) {
    sort_words_by_digits(w, call->length, 8 * (uint32_t)key->elem_bytes);
  } else if (call->length <= SMALL_ROW) {
    sort_by_insertion(w->records, call->length);
  } else {
    sort_by_digits(w, (uint32_t)key->elem_bytes);
  }
}

// Leaves the first `kept` of `count` candidates, in order; gives the number of the last.
static uint64_t leave_best(sort_work *w, int64_t count, uint32_t key_bits) {
  const int64_t kept = w->call->kept;
  if (count <= SMALL_ROW) {
    sort_words_by_insertion(w->records, count);
  } else {
    sort_words_by_digits(w, count, key_bits);
  }
  return ((const uint64_t *)w->records)[kept - 1] >> 32;
}

// Are the numbers of LOOK_AHEAD keys of four bytes side by side all at least `limit`? Of number_of, what vectors of the oldest processors
// can do: signed comparisons.
static bool none_below(key_form form, const char *at, uint32_t limit) {
  uint32_t keys[LOOK_AHEAD], found = 0;
  const uint32_t sign = (uint32_t)form.sign, negative = (uint32_t)form.negative,
                 invert = (uint32_t)form.invert ^ 0x80000000u;
  const int32_t below = (int32_t)(limit ^ 0x80000000u);
  const int32_t infinity = form.infinity == form.all ? INT32_MAX : (int32_t)form.infinity;
  const int32_t zero = form.infinity == form.all ? -1 : 0;
  memcpy(keys, at, sizeof keys);
  for (int i = 0; i < LOOK_AHEAD; i++) {
    uint32_t bits = keys[i];
    int32_t magnitude = (int32_t)(bits & 0x7FFFFFFFu);
    bits = magnitude == zero ? 0 : bits;
    bits = magnitude > infinity ? 0x7FFFFFFFu : bits;
    uint32_t flip = sign ^ (negative & ~sign & (0u - (bits >> 31)));
    found |= (int32_t)(bits ^ flip ^ invert) < below ? 1u : 0u;
  }
  return found == 0;
}

// Puts a word into `count` words in order, before words[count], which is not smaller than any
// other; the last falls out. Without branches that depend on words: where it belongs is anyone's
// guess.
static void insert_word(uint64_t *words, int64_t count, uint64_t word) {
  for (int64_t i = count; i > 0; i--) {
    uint64_t before = words[i - 1], here = words[i], later = word < here ? word : here;
    words[i] = word < before ? before : later;
  }
  words[0] = word < words[0] ? word : words[0];
}

// Of few, the best so far are kept in order all the time, and every key before the last of them
// goes among them.
SK_ALWAYS_INLINE void choose_few(sort_work *w, const sort_key *key, int64_t row_start,
                                 size_t bytes) {
  const sort_call *call = w->call;
  const key_form form = form_of(key);
  const char *row = key->data + row_start * (int64_t)bytes;
  const int64_t stride = call->inner * (int64_t)bytes, last = call->kept - 1;
  uint64_t *words = w->records;
  for (int64_t i = 0; i <= last; i++) {
    words[i] = UINT64_MAX;
  }
  for (int64_t i = 0, end; i < call->length; i = end) {
    end = SK_MIN(i + LOOK_AHEAD, call->length);
    uint32_t limit = (uint32_t)(words[last] >> 32);
    bool looks = bytes == 4 && stride == 4 && i > last && end - i == LOOK_AHEAD;
    if (looks && none_below(form, row + 4 * i, limit)) {
      continue;
    }
    for (int64_t k = i; k < end; k++) {
      uint64_t word = number_of(form, load_bits(row + k * stride, bytes)) << 32 | (uint64_t)k;
      if (word < words[last]) {
        insert_word(words, last, word);
      }
    }
  }
}

// The first `kept` elements of the row in order, in one pass over it. Only keys before the last of the best so far are candidates: equal
// ones come later in the row. Candidates are in the order of their positions, behind the best, so that equal keys stay in order.
SK_ALWAYS_INLINE void choose_words(sort_work *w, const sort_key *key, int64_t row_start,
                                   size_t bytes) {
  const sort_call *call = w->call;
  const key_form form = form_of(key);
  const char *row = key->data + row_start * (int64_t)bytes;
  const int64_t stride = call->inner * (int64_t)bytes, kept = call->kept;
  const int64_t room = kept <= SMALL_ROW / 2 ? SK_MIN(SMALL_ROW, call->length) : 4 * kept;
  uint64_t *words = w->records, limit = (uint64_t)1 << 32;
  int64_t count = 0;
  for (int64_t i = 0, end; i < call->length; i = end) {
    end = SK_MIN(i + LOOK_AHEAD, call->length);
    bool looks = bytes == 4 && stride == 4 && limit <= UINT32_MAX && end - i == LOOK_AHEAD;
    if (looks && none_below(form, row + 4 * i, (uint32_t)limit)) {
      continue;
    }
    for (int64_t k = i; k < end; k++) {
      uint64_t number = number_of(form, load_bits(row + k * stride, bytes));
      words[count] = number << 32 | (uint64_t)k;
      count += number < limit;
      if (count == room) {
        limit = leave_best(w, count, 8 * (uint32_t)bytes);
        words = w->records;
        count = kept;
      }
    }
  }
  if (count > kept) {
    leave_best(w, count, 8 * (uint32_t)bytes);
  }
}

static void choose_row(sort_work *w, const sort_key *key, int64_t row_start) {
  if (w->call->kept <= FEW_KEPT) {
    switch (key->elem_bytes) {
      case 1: choose_few(w, key, row_start, 1); return;
      case 2: choose_few(w, key, row_start, 2); return;
      default: choose_few(w, key, row_start, 4); return;
    }
  }
  switch (key->elem_bytes) {
    case 1: choose_words(w, key, row_start, 1); return;
    case 2: choose_words(w, key, row_start, 2); return;
    default: choose_words(w, key, row_start, 4); return;
  }
}

// ---- rows without an order

static sort_key key_of(const sort_call *call, int64_t k) {
  const int64_t *numbers = call->keys + 4 * k;
  return (sort_key){call->pointers[numbers[0]], call->elem_bytes[numbers[0]], numbers[1],
                    numbers[2], numbers[3]};
}

// Bits of a key at a position of the row.
static uint64_t bits_at(const sort_call *call, const sort_key *key, int64_t row_start,
                        int64_t position) {
  const char *at = key->data + (row_start + position * call->inner) * key->elem_bytes;
  uint64_t bits = 0;
  memcpy(&bits, at, (size_t)key->elem_bytes);  // little endian
  return bits;
}

static bool is_nan(key_form form, uint64_t bits) { return (bits & form.all >> 1) > form.infinity; }

SK_ALWAYS_INLINE bool any_nan(const char *row, int64_t stride, int64_t length, key_form form,
                              size_t bytes) {
  uint64_t found = 0;
  for (int64_t i = 0; i < length; i++) {
    found |= is_nan(form, load_bits(row + i * stride, bytes));
  }
  return found != 0;
}

static bool has_nan(const sort_call *call, int64_t row_start) {
  for (int64_t k = 0; k < call->key_count; k++) {
    const sort_key key = key_of(call, k);
    const char *row = key.data + row_start * key.elem_bytes;
    int64_t stride = call->inner * key.elem_bytes, n = call->length;
    if (key.order == SK_SORT_PLAIN &&
        (key.elem_bytes == 2   ? any_nan(row, stride, n, form_of(&key), 2)
         : key.elem_bytes == 4 ? any_nan(row, stride, n, form_of(&key), 4)
                               : any_nan(row, stride, n, form_of(&key), 8))) {
      return true;
    }
  }
  return false;
}

// The comparator's answer: by the first key that does not compare equal.
static bool is_before(const sort_call *call, int64_t row_start, uint64_t x, uint64_t y) {
  for (int64_t k = 0; k < call->key_count; k++) {
    const sort_key key = key_of(call, k);
    const key_form form = form_of(&key);
    uint64_t a = bits_at(call, &key, row_start, (int64_t)x);
    uint64_t b = bits_at(call, &key, row_start, (int64_t)y);
    if (key.order == SK_SORT_PLAIN && (is_nan(form, a) || is_nan(form, b))) {
      return false;
    }
    uint64_t first = number_of(form, a), second = number_of(form, b);
    if (first != second) {
      return first < second;
    }
  }
  return false;
}

static uint64_t position_at(const sort_call *call, const void *records, int64_t i) {
  return call->is_packed ? (uint32_t)((const uint64_t *)records)[i]
                         : ((const sort_record *)records)[i].position;
}

static void set_position(const sort_call *call, void *records, int64_t i, uint64_t position) {
  if (call->is_packed) {
    ((uint64_t *)records)[i] = position;
  } else {
    ((sort_record *)records)[i].position = position;
  }
}

// The positions are there, ascending.
static void merge_row(sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  const int64_t length = call->length;
  for (int64_t width = 1; width < length; width *= 2) {
    for (int64_t from = 0; from < length; from += 2 * width) {
      int64_t middle = SK_MIN(from + width, length), to = SK_MIN(from + 2 * width, length);
      int64_t x = from, y = middle;
      for (int64_t k = from; k < to; k++) {
        bool right =
            x == middle || (y < to && is_before(call, row_start, position_at(call, w->records, y),
                                                position_at(call, w->records, x)));
        set_position(call, w->spare, k, position_at(call, w->records, right ? y++ : x++));
      }
    }
    swap_records(w);
  }
}

static void fill_positions(sort_work *w) {
  const sort_call *call = w->call;
  uint64_t *words = w->records;
  sort_record *records = w->records;
  for (int64_t i = 0; i < call->length; i++) {
    if (call->is_packed) {
      words[i] = (uint64_t)i;
    } else {
      records[i].position = (uint64_t)i;
    }
  }
}

static void sort_row(sort_work *w, int64_t row_start) {
  const sort_call *call = w->call;
  if (call->is_plain && has_nan(call, row_start)) {
    fill_positions(w);
    merge_row(w, row_start);
    return;
  }
  if (call->is_packed && call->key_count == 1 && call->kept < call->length / 4) {
    const sort_key key = key_of(call, 0);
    choose_row(w, &key, row_start);
    return;
  }
  fill_positions(w);
  for (int64_t k = call->key_count; k-- > 0;) {
    const sort_key key = key_of(call, k);
    sort_row_by(w, &key, row_start);
  }
}

// `bytes` is a constant where this is called, so that every copy is a move.
SK_ALWAYS_INLINE void gather_elems(const sort_work *w, const char *in, char *out, int64_t in_stride,
                                   int64_t out_stride, size_t bytes) {
  const uint64_t *words = w->records;
  const sort_record *records = w->records;
  if (w->call->is_packed) {
    for (int64_t i = 0; i < w->call->kept; i++) {
      memcpy(out + i * out_stride, in + (int64_t)(uint32_t)words[i] * in_stride, bytes);
    }
    return;
  }
  for (int64_t i = 0; i < w->call->kept; i++) {
    memcpy(out + i * out_stride, in + (int64_t)records[i].position * in_stride, bytes);
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

// Moves one operand's row to its sorted order; in place by way of w->row.
static void move_row(const sort_work *w, int64_t operand, int64_t row_start) {
  const sort_call *call = w->call;
  int64_t bytes = call->elem_bytes[operand], stride = bytes * call->inner;
  const char *in = (const char *)call->pointers[operand] + row_start * bytes;
  char *out = (char *)call->pointers[call->operand_count + operand] + row_start * bytes;
  if (in != out) {
    gather_row(w, in, out, stride, stride, bytes);
    return;
  }
  gather_row(w, in, w->row, stride, bytes, bytes);
  for (int64_t i = 0; i < call->kept; i++) {
    memcpy(out + i * stride, w->row + i * bytes, (size_t)bytes);
  }
}

static void sort_rows(sort_work *w, int64_t begin, int64_t end) {
  const sort_call *call = w->call;
  for (int64_t row = begin; row < end; row++) {
    int64_t row_start = row / call->inner * call->length * call->inner + row % call->inner;
    sort_row(w, row_start);
    for (int64_t operand = 0; operand < call->operand_count; operand++) {
      move_row(w, operand, row_start);
    }
  }
}

static void sort_range(sort_call *call, int64_t begin, int64_t end) {
  sort_record small[2 * SMALL_ROW];
  char small_row[16 * SMALL_ROW];
  sort_work w = {.call = call, .records = small, .spare = small + SMALL_ROW, .row = small_row};
  if (call->length <= SMALL_ROW) {
    sort_rows(&w, begin, end);
    return;
  }
  size_t record = call->is_packed ? sizeof(uint64_t) : sizeof(sort_record), bytes;
  char *memory =
      SK_MUL_OVERFLOW(2 * record + 16, (size_t)call->length, &bytes) ? NULL : sk_mem_alloc(bytes);
  if (!memory) {
    atomic_store_explicit(&call->fault, SK_RESOURCE_EXHAUSTED, memory_order_relaxed);
    return;
  }
  w.records = memory;
  w.spare = memory + record * (size_t)call->length;
  w.row = memory + 2 * record * (size_t)call->length;
  sort_rows(&w, begin, end);
  sk_mem_free(memory);
}

// ---- the call

// As a kernel over rows: the frame has the call in its only slot.
static void sort_kernel(sk_frame *frame, int64_t begin, int64_t end, void *scratch) {
  (void)scratch;
  sort_range(frame->slots[0], begin, end);
}

static bool has_only_narrow_keys(const sort_call *call) {
  for (int64_t k = 0; k < call->key_count; k++) {
    if (call->elem_bytes[call->keys[4 * k]] > 4) {
      return false;
    }
  }
  return call->length <= INT32_MAX;
}

void sk_lib_sort(sk_frame *frame, void *const *pointers, const int64_t *params) {
  sort_call call = {.pointers = pointers,
                    .operand_count = params[0],
                    .key_count = params[1],
                    .outer = params[2],
                    .length = params[3],
                    .inner = params[4],
                    .kept = params[5],
                    .elem_bytes = params + 6};
  call.keys = call.elem_bytes + call.operand_count;
  int64_t rows = call.outer * call.inner;
  if (rows == 0 || call.length == 0 || call.kept == 0) {
    return;
  }
  call.is_packed = has_only_narrow_keys(&call);
  for (int64_t k = 0; k < call.key_count; k++) {
    call.is_plain = call.is_plain || call.keys[4 * k + 1] == SK_SORT_PLAIN;
  }
  bool is_large = rows > 1 && rows * call.length > 2 * RANGE_ELEMS;
  if (!is_large || !sk_lib_run_in_pool(frame, sort_kernel, &call, rows,
                                       SK_MAX(RANGE_ELEMS / call.length, (int64_t)1))) {
    sort_range(&call, 0, rows);
  }
  int64_t fault = atomic_load_explicit(&call.fault, memory_order_relaxed);
  frame->fault = frame->fault ? frame->fault : fault;
}
