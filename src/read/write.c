// SPDX-License-Identifier: Apache-2.0
// A module to MLIR bytecode: StableHLO's own, or a portable artifact (VHLO) of a version.
//
//   walk the module (write_ir.c)  ->  entries and atoms  ->  numbers  ->  sections
//
// The bytes depend on the module alone: entries are made in the order of the walk, and numbered by
// how often they are used, then by age. Sections come in the order in which MLIR writes them.
// Orders of uses are not written: they only matter to those who change programs.
//
// Versions of the container by the version of StableHLO that an artifact is for, and what changed:
//
//   0.9   0   attributes of operations in a dictionary
//   0.10  1   dialects may have versions
//   0.12  3   regions that see no outer values in a section of their own; orders of uses
//   0.14  4   the count of operation names; arguments without locations
//   0.15  6   properties
#include <stdio.h>

#include "read/write_int.h"

enum { NEWEST_CONTAINER = 6 };

static uint32_t container_of(uint32_t version) {
  static const struct {
    uint32_t before, container;
  } steps[] = {{SK_VHLO_VERSION(0, 10), 0},
               {SK_VHLO_VERSION(0, 12), 1},
               {SK_VHLO_VERSION(0, 14), 3},
               {SK_VHLO_VERSION(0, 15), 4}};
  for (size_t i = 0; i < SK_COUNT(steps); i++) {
    if (version < steps[i].before) {
      return steps[i].container;
    }
  }
  return NEWEST_CONTAINER;
}

// ---- sections

static void put_section(sk_text *out, sk_section id, sk_text *content) {
  sk_text_add_char(out, (char)id);
  sk_write_encode_number(out, content->len);
  sk_text_add(out, (sk_str){content->data, content->len});
  out->failed |= content->failed;
  sk_text_fini(content);
}

static uint32_t names_of_dialect(const sk_writer *w, uint32_t dialect) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < w->op_names.count; i++) {
    count += w->op_names.data[i].dialect == dialect;
  }
  return count;
}

// The names of operations, dialect by dialect, as they are numbered.
static void put_op_names(const sk_writer *w, sk_text *out) {
  if (w->container >= 4) {
    sk_write_encode_number(out, w->op_names.count);
  }
  for (uint32_t dialect = 0; dialect < w->dialects.count; dialect++) {
    uint32_t count = names_of_dialect(w, dialect);
    if (count == 0) {
      continue;
    }
    sk_write_encode_number(out, dialect);
    sk_write_encode_number(out, count);
    for (uint32_t i = 0; i < w->op_names.count; i++) {
      uint64_t name = w->op_names.data[i].name;
      if (w->op_names.data[i].dialect == dialect) {
        sk_write_encode_number(out, w->container >= 5 ? name << 1 | 1 : name);
      }
    }
  }
}

static void put_dialects(const sk_writer *w, sk_text *out) {
  sk_text content;
  sk_text_init(&content);
  sk_write_encode_number(&content, w->dialects.count);
  for (uint32_t i = 0; i < w->dialects.count; i++) {
    uint64_t name = w->dialects.data[i];
    sk_write_encode_number(&content, w->container >= 1 ? name << 1 : name);
  }
  put_op_names(w, &content);
  put_section(out, SK_SECTION_DIALECTS, &content);
}

// Entries in the order of their numbers: their bytes to `values`, their sizes to `sizes`.
static void put_entries(sk_writer *w, const sk_write_table *table, sk_text *values,
                        sk_text *sizes) {
  uint32_t count = table->entries.count;
  const sk_write_entry **order = sk_write_alloc(w, ((size_t)count + 1) * sizeof *order);
  if (order == NULL) {
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    order[table->entries.data[i].number] = &table->entries.data[i];
  }
  uint32_t end;
  for (uint32_t i = 0; i < count; i = end) {
    for (end = i; end < count && order[end]->dialect == order[i]->dialect; end++) {
    }
    sk_write_encode_number(sizes, order[i]->dialect);
    sk_write_encode_number(sizes, end - i);
    for (uint32_t k = i; k < end; k++) {
      size_t before = values->len;
      sk_write_encode(w, w->pool.data + order[k]->first, order[k]->count, values);
      sk_write_encode_number(sizes, (uint64_t)(values->len - before) << 1 | order[k]->custom);
    }
  }
}

static void put_values(sk_writer *w, sk_text *out) {
  sk_text values;
  sk_text sizes;
  sk_text_init(&values);
  sk_text_init(&sizes);
  sk_write_encode_number(&sizes, w->attrs.entries.count);
  sk_write_encode_number(&sizes, w->types.entries.count);
  put_entries(w, &w->attrs, &values, &sizes);
  put_entries(w, &w->types, &values, &sizes);
  put_section(out, SK_SECTION_SIZES, &sizes);
  put_section(out, SK_SECTION_VALUES, &values);
}

static void put_operations(const sk_writer *w, sk_text *out) {
  sk_text content;
  sk_text_init(&content);
  sk_write_encode(w, w->ir.data, w->ir.count, &content);
  put_section(out, SK_SECTION_IR, &content);
}

// No resources.
static void put_resources(sk_text *out) {
  sk_text sizes;
  sk_text content;
  sk_text_init(&sizes);
  sk_text_init(&content);
  sk_write_encode_number(&sizes, 0);
  put_section(out, SK_SECTION_RESOURCE_SIZES, &sizes);
  put_section(out, SK_SECTION_RESOURCES, &content);
}

static void put_strings(const sk_writer *w, sk_text *out) {
  sk_text content;
  sk_text_init(&content);
  sk_write_encode_number(&content, w->strings.count);
  for (uint32_t i = w->strings.count; i-- > 0;) {
    sk_write_encode_number(&content, sk_sym_str(&w->strings, (sk_sym){i}).len + 1);
  }
  for (uint32_t i = 0; i < w->strings.count; i++) {
    sk_text_add(&content, sk_sym_str(&w->strings, (sk_sym){i}));
    sk_text_add_char(&content, '\0');
  }
  put_section(out, SK_SECTION_STRINGS, &content);
}

static void put_properties(const sk_writer *w, sk_text *out) {
  sk_text content;
  sk_text_init(&content);
  sk_write_encode_number(&content, w->properties.entries.count);
  for (uint32_t i = 0; i < w->properties.entries.count; i++) {
    const sk_write_entry *entry = &w->properties.entries.data[i];
    sk_text bytes;
    sk_text_init(&bytes);
    sk_write_encode(w, w->pool.data + entry->first, entry->count, &bytes);
    sk_write_encode_number(&content, bytes.len);
    sk_text_add(&content, (sk_str){bytes.data, bytes.len});
    content.failed |= bytes.failed;
    sk_text_fini(&bytes);
  }
  put_section(out, SK_SECTION_PROPERTIES, &content);
}

static void put_header(const sk_writer *w, sk_text *out) {
  char producer[48] = "Skarn";
  if (w->portable) {
    snprintf(producer, sizeof producer, "StableHLO_v%u.%u.0", w->version >> 16,
             w->version & 0xFFFF);
  }
  sk_text_add(out, SK_STR("\x4D\x4C\xEF\x52"));
  sk_write_encode_number(out, w->container);
  sk_text_add(out, (sk_str){producer, strlen(producer) + 1});
}

static void put_file(sk_writer *w, sk_text *out) {
  sk_write_assign_numbers(w);
  put_header(w, out);
  put_dialects(w, out);
  put_values(w, out);
  put_operations(w, out);
  put_resources(out);
  put_strings(w, out);
  if (w->container >= 5) {
    put_properties(w, out);
  }
}

// ---- entry

static bool init_writer(sk_writer *w, const sk_module *m, const sk_write_options *options) {
  *w = (sk_writer){.m = m,
                   .portable = options->portable,
                   .version = options->portable ? SK_VHLO_VERSION(options->major, options->minor)
                                                : SK_VHLO_NEWEST,
                   .container = NEWEST_CONTAINER,
                   .op = m->root};
  sk_arena_init(&w->arena);
  if (w->portable) {
    w->container = container_of(w->version);
  }
  for (int form = 0; form < SK_FORM_COUNT; form++) {
    w->attr_memo[form] = sk_write_alloc(w, (size_t)m->attrs.count * sizeof(uint32_t));
    w->type_memo[form] = sk_write_alloc(w, (size_t)m->types.count * sizeof(uint32_t));
  }
  w->loc_memo = sk_write_alloc(w, (size_t)m->locs.count * sizeof(uint32_t));
  w->value_numbers = sk_write_alloc(w, (size_t)m->values.count * sizeof(uint32_t));
  if (!sk_interner_init(&w->strings, &w->arena) || !sk_vec_reserve(&w->arena, &w->stack, 256)) {
    w->out_of_memory = true;
  }
  return !w->out_of_memory;
}

static sk_status check_options(const sk_module *m, const sk_write_options *options) {
  enum { OLDEST = SK_VHLO_VERSION(0, 9) };
  uint32_t version = SK_VHLO_VERSION(options->major, options->minor);
  if (!options->portable || (options->minor <= 0xFFFF && options->major <= 0xFF &&
                             version >= OLDEST && version <= SK_VHLO_NEWEST)) {
    return NULL;
  }
  return sk_status_new_at(SK_INVALID_ARGUMENT, (sk_srcpos){.file = m->input_name},
                          "there is no portable artifact of version %u.%u: 0.9 to 1.20 are known",
                          options->major, options->minor);
}

sk_status sk_write_bytecode(const sk_module *m, const sk_write_options *options, sk_text *out) {
  sk_writer w;
  SK_TRY(check_options(m, options));
  if (init_writer(&w, m, options)) {
    (void)sk_write_dialect_of(&w, SK_DIALECT_BUILTIN);
    sk_write_ir(&w);
  }
  if (sk_write_is_ok(&w)) {
    put_file(&w, out);
  }
  bool failed = w.out_of_memory || out->failed;
  sk_arena_fini(&w.arena);
  return w.status != NULL ? w.status : failed ? sk_status_no_memory() : NULL;
}
