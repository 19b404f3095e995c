// SPDX-License-Identifier: Apache-2.0
// Meshes of devices, and what their axes say: process groups, and parts of arrays.
//
//   groups     #stablehlo.replica_group_mesh_axes<mesh = MESH, axes = [#stablehlo.axis_ref<name = "x"
//              [, sub_axis_info = (1)2]>, ..]>
//   mesh       @name | #sdy.mesh<["x"=2, ..] [, device_ids=[0, 1]]>
//              | #stablehlo.mesh<axes = [#stablehlo.mesh_axis<name = "x", size = 2>, ..] [, device_ids = dense<..> : T]>
//   sharding   <MESH, [{"x", "y":(1)2}, {}, ..] ..>   one of #sdy.sharding_per_value<[..]>
//   tiling     {devices=[2,1]0,1} | {devices=[2,1]<=[2]} [last_tile_dim_replicate]
//
// These attributes are kept as text by the module. Devices stand in the mesh row-major, the last axis
// fastest, unless it lists their ids. What cannot be read is `false`: the caller says so of its op.
#include <string.h>

#include "base/mem.h"
#include "interp/interp_int.h"

enum { MAX_AXES = 16, MAX_DEVICES = 256 };

typedef struct mesh {
  sk_str names[MAX_AXES];
  int64_t sizes[MAX_AXES];
  uint32_t axes;
  int64_t devices, ids[MAX_DEVICES];
} mesh;

// An axis, or the part of it between `before` and the rest.
typedef struct axis_part {
  uint32_t axis;
  int64_t before, size;
} axis_part;

typedef struct part_list {
  axis_part parts[MAX_AXES];
  uint32_t count;
} part_list;

// ---- text

typedef struct cursor {
  const char *at, *end;
  bool wrong;  // sticky
} cursor;

static cursor cursor_of(sk_str text) { return (cursor){text.data, text.data + text.len, false}; }

static bool accept(cursor *c, const char *text) {
  size_t len = strlen(text);
  while (c->at < c->end && *c->at == ' ') {
    c->at++;
  }
  bool is = (size_t)(c->end - c->at) >= len && memcmp(c->at, text, len) == 0;
  c->at += is ? len : 0;
  return is;
}

static void expect(cursor *c, const char *text) { c->wrong |= !accept(c, text); }

static bool is_digit(const cursor *c) { return c->at < c->end && *c->at >= '0' && *c->at <= '9'; }

static int64_t read_number(cursor *c) {
  int64_t value = 0;
  (void)accept(c, "");
  c->wrong |= !is_digit(c);
  while (is_digit(c) && value < INT32_MAX) {
    value = value * 10 + (*c->at++ - '0');
  }
  return value;
}

static sk_str read_name(cursor *c) {
  expect(c, "\"");
  const char *start = c->at;
  while (c->at < c->end && *c->at != '"') {
    c->at++;
  }
  sk_str name = {start, (size_t)(c->at - start)};
  expect(c, "\"");
  return name;
}

// Moves behind the next `text`; false, at the end: there is none.
static bool find(cursor *c, const char *text) {
  const char *at = memmem(c->at, (size_t)(c->end - c->at), text, strlen(text));
  c->at = at ? at + strlen(text) : c->end;
  return at != NULL;
}

// ---- meshes

static void read_axes(cursor *c, mesh *out) {
  expect(c, "[");
  while (!c->wrong && !accept(c, "]")) {
    bool named = accept(c, "#stablehlo.mesh_axis") || accept(c, "<");
    named = named && (accept(c, "<"), accept(c, "name"), accept(c, "="), true);
    c->wrong |= out->axes == MAX_AXES;
    if (c->wrong) {
      return;
    }
    out->names[out->axes] = read_name(c);
    if (named) {
      expect(c, ",");
      expect(c, "size");
    }
    expect(c, "=");
    int64_t size = out->sizes[out->axes++] = read_number(c);
    c->wrong |= size < 1 || size > MAX_DEVICES || (out->devices *= size) > MAX_DEVICES;
    if (named) {
      expect(c, ">");
    }
    (void)accept(c, ",");
  }
}

static void read_device_ids(cursor *c, mesh *out) {
  int64_t count = 0;
  expect(c, "=");
  (void)accept(c, "dense<");
  (void)accept(c, "[");
  while (!c->wrong && (accept(c, ""), is_digit(c))) {
    int64_t id = read_number(c);
    c->wrong |= count == MAX_DEVICES || id >= MAX_DEVICES;
    if (!c->wrong) {
      out->ids[count++] = id;
    }
    (void)accept(c, ",");
  }
  c->wrong |= count != out->devices;
}

static void read_mesh_body(cursor *c, mesh *out) {
  out->devices = 1;
  (void)accept(c, "axes");
  (void)accept(c, "=");
  read_axes(c, out);
  for (int64_t i = 0; i < out->devices && !c->wrong; i++) {
    out->ids[i] = i;
  }
  if (accept(c, ",")) {
    expect(c, "device_ids");
    read_device_ids(c, out);
  }
}

static bool find_mesh(const sk_module *m, sk_str name, mesh *out) {
  SK_FOR_EACH_OP(m, sk_op_region(m, m->root, 0), op) {
    if (sk_op_kind(m, op) == SK_OP_SDY_MESH &&
        sk_str_eq(sk_op_string(m, op, SK_NAME_sym_name), name)) {
      const sk_attr_rec *rec = sk_attr_get(m, sk_op_find_attr(m, op, SK_NAME_mesh));
      cursor c =
          cursor_of(rec->kind == SK_ATTR_OPAQUE ? sk_sym_str(&m->strings, rec->u.sym) : SK_STR(""));
      expect(&c, "#sdy.mesh<");
      read_mesh_body(&c, out);
      return !c.wrong;
    }
  }
  return false;
}

// @name, or a mesh in place, which ends before the next "axes" or list.
static void read_mesh(const sk_module *m, cursor *c, mesh *out) {
  *out = (mesh){.axes = 0};
  if (accept(c, "@")) {
    const char *start = c->at;
    while (c->at < c->end && *c->at != ',' && *c->at != '>' && *c->at != ' ') {
      c->at++;
    }
    c->wrong |= !find_mesh(m, (sk_str){start, (size_t)(c->at - start)}, out);
    return;
  }
  c->wrong |= !accept(c, "#stablehlo.mesh<") && !accept(c, "#sdy.mesh<") && !accept(c, "mesh<");
  read_mesh_body(c, out);
}

static void add_part(cursor *c, const mesh *of, sk_str name, part_list *out) {
  uint32_t axis = 0;
  while (axis < of->axes && !sk_str_eq(of->names[axis], name)) {
    axis++;
  }
  c->wrong |= axis == of->axes || out->count == MAX_AXES;
  if (c->wrong) {
    return;
  }
  axis_part part = {axis, 1, of->sizes[axis]};
  (void)(accept(c, ", sub_axis_info =") || accept(c, ":"));
  if (accept(c, "(")) {
    part.before = read_number(c);
    expect(c, ")");
    part.size = read_number(c);
    c->wrong |= part.before < 1 || part.before > MAX_DEVICES || part.size < 1 ||
                part.size > MAX_DEVICES || of->sizes[axis] % (part.before * part.size) != 0;
  }
  out->parts[out->count++] = part;
}

// How many devices the axes after this one have together.
static int64_t stride_of(const mesh *of, uint32_t axis) {
  int64_t stride = 1;
  for (uint32_t i = axis + 1; i < of->axes; i++) {
    stride *= of->sizes[i];
  }
  return stride;
}

// Distance in the mesh between neighbours along the part.
static int64_t part_stride(const mesh *of, const axis_part *part) {
  return stride_of(of, part->axis) * (of->sizes[part->axis] / (part->before * part->size));
}

static int64_t part_at(const mesh *of, const axis_part *part, int64_t device) {
  return device / part_stride(of, part) % part->size;
}

// Above MAX_DEVICES, by however much, where parts repeat.
static int64_t list_size(const part_list *list) {
  int64_t size = 1;
  for (uint32_t i = 0; i < list->count && size <= MAX_DEVICES; i++) {
    size *= list->parts[i].size;
  }
  return size;
}

// ---- groups

// Member `k` of the group that starts at a device: the last part moves fastest.
static int64_t group_member(const mesh *of, const part_list *list, int64_t first, int64_t k) {
  for (uint32_t i = list->count; i-- > 0;) {
    first += k % list->parts[i].size * part_stride(of, &list->parts[i]);
    k /= list->parts[i].size;
  }
  return first;
}

static bool starts_group(const mesh *of, const part_list *list, int64_t device) {
  bool first = true;
  for (uint32_t i = 0; i < list->count; i++) {
    first = first && part_at(of, &list->parts[i], device) == 0;
  }
  return first;
}

bool sk_mesh_read_groups(const sk_module *m, sk_str text, int64_t **out_ids, uint32_t *out_rows,
                         uint32_t *out_width) {
  mesh of;
  part_list list = {.count = 0};
  cursor c = cursor_of(text);
  expect(&c, "#stablehlo.replica_group_mesh_axes<");
  expect(&c, "mesh");
  expect(&c, "=");
  read_mesh(m, &c, &of);
  c.wrong |= !find(&c, "axes");
  expect(&c, "=");
  expect(&c, "[");
  while (!c.wrong && !accept(&c, "]")) {
    (void)accept(&c, "#stablehlo.axis_ref");
    expect(&c, "<");
    expect(&c, "name");
    expect(&c, "=");
    sk_str name = read_name(&c);
    add_part(&c, &of, name, &list);
    expect(&c, ">");
    (void)accept(&c, ",");
  }
  int64_t width = list_size(&list), rows = 0;
  c.wrong |= width > of.devices;
  int64_t *ids = c.wrong ? NULL : sk_mem_alloc(sizeof *ids * (size_t)of.devices);
  for (int64_t device = 0; ids && device < of.devices; device++) {
    for (int64_t k = 0; starts_group(&of, &list, device) && k < width; k++) {
      ids[rows++] = of.ids[group_member(&of, &list, device, k)];
    }
  }
  *out_ids = ids;
  *out_rows = (uint32_t)(rows / width);
  *out_width = (uint32_t)width;
  return ids != NULL;
}

// ---- parts of arrays

static void read_dims(cursor *c, const mesh *of, const cursor *manual, uint32_t rank,
                      sk_shards *out) {
  expect(c, "[");
  for (uint32_t d = 0; d < rank && !c->wrong; d++) {
    part_list list = {.count = 0};
    expect(c, "{");
    while (!c->wrong && !accept(c, "}")) {
      if (!accept(c, "?")) {
        sk_str name = read_name(c);
        cursor among = *manual;
        bool is_manual = false;
        while (!is_manual && find(&among, "\"")) {
          among.at--;
          is_manual = sk_str_eq(read_name(&among), name);
        }
        part_list ignored = {.count = 0};
        add_part(c, of, name, is_manual ? &list : &ignored);
      }
      (void)accept(c, ",");
    }
    if (accept(c, "p")) {
      (void)read_number(c);
    }
    (void)accept(c, ",");
    out->counts[d] = list_size(&list);
    c->wrong |= out->counts[d] > MAX_DEVICES;
    for (int64_t device = 0; device < of->devices && !c->wrong; device++) {
      int64_t index = 0;
      for (uint32_t i = 0; i < list.count; i++) {
        index = index * list.parts[i].size + part_at(of, &list.parts[i], device);
      }
      out->index[of->ids[device]][d] = (uint16_t)index;
    }
  }
}

bool sk_shards_read_sharding(const sk_module *m, sk_str text, uint32_t value, uint32_t rank,
                             sk_str manual_axes, sk_shards *out) {
  mesh of;
  cursor c = cursor_of(text), manual = cursor_of(manual_axes);
  expect(&c, "#sdy.sharding_per_value<[");
  for (uint32_t i = 0; i < value; i++) {
    c.wrong |= !find(&c, "]>");
    (void)(accept(&c, ",") || (find(&c, ">"), accept(&c, ",")));
  }
  expect(&c, "<");
  read_mesh(m, &c, &of);
  expect(&c, ",");
  if (c.wrong || rank > SK_SHARDS_MAX_RANK) {
    return false;
  }
  out->rank = rank;
  out->devices = (uint32_t)of.devices;
  read_dims(&c, &of, &manual, rank, out);
  return !c.wrong;
}

bool sk_shards_read_tiling(sk_str text, uint32_t rank, sk_shards *out) {
  cursor c = cursor_of(text);
  int64_t tiles[SK_SHARDS_MAX_RANK + 1], count = 0, total = 1;
  expect(&c, "{devices=[");
  while (!c.wrong && !accept(&c, "]")) {
    int64_t size = read_number(&c);
    c.wrong |=
        size < 1 || count > rank || count > SK_SHARDS_MAX_RANK || (total *= size) > MAX_DEVICES;
    if (!c.wrong) {
      tiles[count++] = size;
    }
    (void)accept(&c, ",");
  }
  bool in_order = accept(&c, "<=");
  if (in_order) {
    expect(&c, "[");
    c.wrong |= read_number(&c) != total || !accept(&c, "]");
  }
  if (c.wrong || count < rank || rank > SK_SHARDS_MAX_RANK) {
    return false;
  }
  out->rank = rank;
  out->devices = (uint32_t)total;
  memcpy(out->counts, tiles, rank * sizeof *tiles);
  for (int64_t tile = 0; tile < total && !c.wrong; tile++) {
    int64_t id = in_order ? tile : read_number(&c), rest = tile;
    (void)accept(&c, ",");
    c.wrong |= id >= total;
    for (int64_t d = count; d-- > 0 && !c.wrong;) {
      if (d < (int64_t)rank) {
        out->index[id][d] = (uint16_t)(rest % tiles[d]);
      }
      rest /= tiles[d];
    }
  }
  return !c.wrong;
}
