// SPDX-License-Identifier: Apache-2.0
// Reading the text of attributes about meshes: Shardy's, StableHLO's process groups and XLA's tiles.
// The grammars are small and the text canonical (both readers write it alike), so that this is one
// cursor over it; what it does not know is an error, not a guess.
//
//   mesh      <["x"=4, "y"=2], device_ids=[3, 2, 1, 0]>
//             | <axes = [axis, ..], device_ids = dense<[3, 2, 1, 0]> : tensor<4xi64>>     #stablehlo.mesh
//             axis   #stablehlo.mesh_axis<name = "x", size = 4>
//   sharding  <@name | mesh<..>, [dim, ..], replicated={axes}, unreduced={axes}>
//             dim    {part, .., ?}p1        part  "x" | "x":(before)size
//   groups    <mesh = @name | #stablehlo.mesh<..>, axes = [part, ..]>
//             part   #stablehlo.axis_ref<name = "x", sub_axis_info = (before)size>
//   tiles     {devices=[2,1,2]0,1,2,3 last_tile_dim_replicate} | {devices=[2,2]<=[2,2]T(1,0)}
//             | {devices=[1,2,2]<=[4] last_tile_dims={manual, replicated}} | {replicated} | {manual} | {maximal device=0}
#include "ir/sharding.h"

enum { MAX_AXES = 64, MAX_DEVICES = 1 << 20 };

typedef struct cursor {
  const sk_module *m;
  sk_op at;
  sk_arena *arena;
  const char *p, *end;
  sk_str text;
} cursor;

static sk_status bad(const cursor *c) {
  return sk_op_error(c->m, c->at, SK_INVALID_ARGUMENT,
                     "the sharding '%.*s' is not understood at '%.*s'",
                     (int)SK_MIN(c->text.len, (size_t)200), c->text.data,
                     (int)SK_MIN((size_t)(c->end - c->p), (size_t)20), c->p);
}

static bool accept(cursor *c, const char *token) {
  while (c->p < c->end && *c->p == ' ') {
    c->p++;
  }
  size_t length = strlen(token);
  if ((size_t)(c->end - c->p) < length || memcmp(c->p, token, length) != 0) {
    return false;
  }
  c->p += length;
  return true;
}

static sk_status expect(cursor *c, const char *token) { return accept(c, token) ? NULL : bad(c); }

static sk_status read_number(cursor *c, int64_t *out) {
  const char *begin = (accept(c, ""), c->p);
  *out = 0;
  while (c->p < c->end && *c->p >= '0' && *c->p <= '9' && *out < INT32_MAX) {
    *out = *out * 10 + (*c->p++ - '0');
  }
  return c->p > begin ? NULL : bad(c);
}

static sk_status read_quoted(cursor *c, sk_str *out) {
  SK_TRY(expect(c, "\""));
  const char *begin = c->p;
  size_t len = sk_str_quoted_len((sk_str){begin - 1, (size_t)(c->end - begin) + 1});
  c->p = begin + len - 1;
  if (len < 2 || c->p[-1] != '"') {
    return bad(c);
  }
  *out = (sk_str){begin, len - 2};
  return NULL;
}

// Items between `open` and `close`, commas between them. Has one more item come?
static bool next_item(cursor *c, const char *close, uint32_t index, sk_status *status) {
  *status = NULL;
  if (accept(c, close)) {
    return false;
  }
  if (index > 0 && !accept(c, ",")) {
    *status = bad(c);
    return false;
  }
  return true;
}

// ---- meshes

// "x"=4, or #stablehlo.mesh_axis<name = "x", size = 4>.
static sk_status read_axis(cursor *c, sk_mesh_axis *axis) {
  bool named = accept(c, "#stablehlo.mesh_axis") || (c->p < c->end && *c->p == '<');
  if (named) {
    SK_TRY(expect(c, "<"));
    SK_TRY(expect(c, "name"));
    SK_TRY(expect(c, "="));
  }
  SK_TRY(read_quoted(c, &axis->name));
  if (named) {
    SK_TRY(expect(c, ","));
    SK_TRY(expect(c, "size"));
  }
  SK_TRY(expect(c, "="));
  SK_TRY(read_number(c, &axis->size));
  return named ? expect(c, ">") : NULL;
}

static sk_status read_axes(cursor *c, sk_mesh *mesh) {
  sk_status status;
  int64_t devices = 1;
  mesh->axes = SK_NEW_ARRAY(c->arena, sk_mesh_axis, MAX_AXES);
  SK_TRY(expect(c, "["));
  while (next_item(c, "]", mesh->axis_count, &status)) {
    if (mesh->axis_count == MAX_AXES) {
      return bad(c);
    }
    sk_mesh_axis *axis = &mesh->axes[mesh->axis_count++];
    SK_TRY(read_axis(c, axis));
    devices *= axis->size;
    if (devices < 1 || devices > MAX_DEVICES) {
      return bad(c);
    }
  }
  mesh->device_count = (uint32_t)devices;
  return status;
}

static sk_status read_id(cursor *c, sk_mesh *mesh) {
  if (mesh->device_id_count == mesh->device_count) {
    return bad(c);
  }
  return read_number(c, &mesh->device_ids[mesh->device_id_count++]);
}

// [3, 2, 1, 0], or dense<[3, 2, 1, 0]> : tensor<4xi64>, or dense<0> : tensor<1xi64>.
static sk_status read_device_ids(cursor *c, sk_mesh *mesh) {
  sk_status status = NULL;
  mesh->device_ids = SK_NEW_ARRAY(c->arena, int64_t, mesh->device_count);
  bool dense = accept(c, "dense<");
  if (dense && !accept(c, "[")) {
    SK_TRY(read_id(c, mesh));
  } else {
    SK_TRY(dense ? NULL : expect(c, "["));
    while (next_item(c, "]", mesh->device_id_count, &status)) {
      SK_TRY(read_id(c, mesh));
    }
    SK_TRY(status);
  }
  if (dense) {
    int64_t count;
    SK_TRY(expect(c, "> : tensor<"));
    SK_TRY(read_number(c, &count));
    SK_TRY(expect(c, "xi64>"));
  }
  return mesh->device_id_count == mesh->device_count ? NULL : bad(c);
}

// After "mesh".
static sk_status read_mesh(cursor *c, sk_mesh *mesh) {
  *mesh = (sk_mesh){0};
  SK_TRY(expect(c, "<"));
  if (accept(c, "axes")) {
    SK_TRY(expect(c, "="));
  }
  SK_TRY(read_axes(c, mesh));
  if (accept(c, ",")) {
    SK_TRY(expect(c, "device_ids"));
    SK_TRY(expect(c, "="));
    SK_TRY(read_device_ids(c, mesh));
  }
  return expect(c, ">");
}

static sk_status find_mesh(const cursor *c, sk_str name, sk_mesh *mesh) {
  sk_op op = sk_module_find_mesh(c->m, name);
  const sk_attr_rec *rec = sk_attr_get(c->m, sk_op_find_attr(c->m, op, SK_NAME_mesh));
  if (rec->kind == SK_ATTR_OPAQUE) {
    sk_str text = sk_sym_str(&c->m->strings, rec->u.sym);
    cursor inner = {c->m, op, c->arena, text.data, text.data + text.len, text};
    SK_TRY(expect(&inner, "#sdy.mesh"));
    return read_mesh(&inner, mesh);
  }
  return sk_op_error(c->m, c->at, SK_INVALID_ARGUMENT, "there is no mesh @%.*s",
                     (int)SK_MIN(name.len, (size_t)200), name.data);
}

// ---- shardings

static sk_status find_axis(const cursor *c, const sk_mesh *mesh, sk_str name, uint32_t *out) {
  for (uint32_t i = 0; i < mesh->axis_count; i++) {
    if (sk_str_eq(mesh->axes[i].name, name)) {
      *out = i;
      return NULL;
    }
  }
  return sk_op_error(c->m, c->at, SK_INVALID_ARGUMENT, "the mesh has no axis \"%.*s\"",
                     (int)SK_MIN(name.len, (size_t)200), name.data);
}

// A name; after `of_part`, which part of that axis.
static sk_status read_axis_ref(cursor *c, const sk_mesh *mesh, const char *of_part,
                               sk_axis_ref *ref) {
  sk_str name;
  SK_TRY(read_quoted(c, &name));
  SK_TRY(find_axis(c, mesh, name, &ref->axis));
  ref->before = 1;
  ref->size = mesh->axes[ref->axis].size;
  if (!accept(c, of_part)) {
    return NULL;
  }
  SK_TRY(expect(c, "("));
  SK_TRY(read_number(c, &ref->before));
  SK_TRY(expect(c, ")"));
  SK_TRY(read_number(c, &ref->size));
  int64_t whole = mesh->axes[ref->axis].size;
  bool divides = ref->before > 0 && ref->size > 0 && ref->before <= whole &&
                 whole % ref->before == 0 && whole / ref->before % ref->size == 0;
  return divides ? NULL : bad(c);
}

// One part ends where, or before, the other begins, so that their digits are independent.
static bool are_apart(const sk_axis_ref *a, const sk_axis_ref *b) {
  return a->axis != b->axis || b->before % (a->before * a->size) == 0 ||
         a->before % (b->before * b->size) == 0;
}

// No axis splits twice: every combination of parts is on some device.
static sk_status check_apart(const cursor *c, const sk_dim_sharding *const *lists, uint32_t count) {
  sk_axis_ref seen[MAX_AXES];
  uint32_t refs = 0;
  for (uint32_t d = 0; d < count; d++) {
    for (uint32_t i = 0; i < lists[d]->count; i++) {
      bool apart = refs < MAX_AXES;
      for (uint32_t k = 0; apart && k < refs; k++) {
        apart = are_apart(&seen[k], &lists[d]->refs[i]);
      }
      if (!apart) {
        return bad(c);
      }
      seen[refs++] = lists[d]->refs[i];
    }
  }
  return NULL;
}

static void keep_refs(const cursor *c, const sk_axis_ref *refs, sk_dim_sharding *dim) {
  dim->refs = SK_NEW_ARRAY(c->arena, sk_axis_ref, dim->count + 1);
  memcpy(dim->refs, refs, dim->count * sizeof *refs);
}

// {axis, .., ?}
static sk_status read_refs(cursor *c, const sk_mesh *mesh, sk_dim_sharding *dim) {
  sk_axis_ref refs[MAX_AXES];
  sk_status status;
  uint32_t items = 0;
  *dim = (sk_dim_sharding){0};
  SK_TRY(expect(c, "{"));
  while (next_item(c, "}", items++, &status)) {
    if (accept(c, "?")) {
      dim->open = true;
      continue;
    }
    if (dim->open || dim->count == MAX_AXES) {
      return bad(c);
    }
    SK_TRY(read_axis_ref(c, mesh, ":", &refs[dim->count++]));
  }
  SK_TRY(status);
  keep_refs(c, refs, dim);
  return NULL;
}

static sk_status read_dim(cursor *c, const sk_mesh *mesh, sk_dim_sharding *dim) {
  int64_t priority;
  SK_TRY(read_refs(c, mesh, dim));
  return accept(c, "p") ? read_number(c, &priority) : NULL;
}

static sk_status read_dims(cursor *c, sk_sharding *s) {
  sk_dim_sharding dims[SK_MAX_RANK];
  sk_status status;
  SK_TRY(expect(c, "["));
  while (next_item(c, "]", s->rank, &status)) {
    if (s->rank == SK_MAX_RANK) {
      return bad(c);
    }
    SK_TRY(read_dim(c, &s->mesh, &dims[s->rank++]));
  }
  SK_TRY(status);
  s->dims = SK_NEW_ARRAY(c->arena, sk_dim_sharding, s->rank + 1);
  memcpy(s->dims, dims, s->rank * sizeof *dims);
  return NULL;
}

// replicated={..}, unreduced={..}, also unreduced=[max]{..}.
static sk_status read_lists(cursor *c, sk_sharding *s) {
  static const struct {
    const char *name;
    sk_opkind kind;
  } combines[] = {{"[sum]", SK_OP_ADD}, {"[max]", SK_OP_MAXIMUM}, {"[min]", SK_OP_MINIMUM}};
  s->combine = SK_OP_ADD;
  while (accept(c, ",")) {
    sk_dim_sharding axes;
    bool is_unreduced = accept(c, "unreduced");
    SK_TRY(is_unreduced ? NULL : expect(c, "replicated"));
    SK_TRY(expect(c, "="));
    for (uint32_t i = 0; is_unreduced && i < SK_COUNT(combines); i++) {
      s->combine = accept(c, combines[i].name) ? combines[i].kind : s->combine;
    }
    SK_TRY(read_refs(c, &s->mesh, &axes));
    s->unreduced = is_unreduced ? axes : s->unreduced;
  }
  return NULL;
}

static sk_status check_sharding(const cursor *c, const sk_sharding *s) {
  const sk_dim_sharding *lists[SK_MAX_RANK + 1];
  for (uint32_t d = 0; d < s->rank; d++) {
    lists[d] = &s->dims[d];
  }
  lists[s->rank] = &s->unreduced;
  return check_apart(c, lists, s->rank + 1u);
}

// @name, or @"name".
static sk_status read_mesh_name(cursor *c, sk_str *name, sk_mesh *mesh) {
  SK_TRY(expect(c, "@"));
  const char *begin = c->p;
  if (c->p < c->end && *c->p == '"') {
    SK_TRY(read_quoted(c, name));
  } else {
    while (c->p < c->end && *c->p != ',' && *c->p != '>' && *c->p != ' ') {
      c->p++;
    }
    *name = (sk_str){begin, (size_t)(c->p - begin)};
  }
  return find_mesh(c, *name, mesh);
}

// After "#sdy.sharding", or an item of a list.
static sk_status read_sharding(cursor *c, sk_sharding *s) {
  *s = (sk_sharding){0};
  SK_TRY(expect(c, "<"));
  SK_TRY(accept(c, "mesh") ? read_mesh(c, &s->mesh) : read_mesh_name(c, &s->mesh_name, &s->mesh));
  SK_TRY(expect(c, ","));
  SK_TRY(read_dims(c, s));
  SK_TRY(read_lists(c, s));
  SK_TRY(check_sharding(c, s));
  return expect(c, ">");
}

static sk_status start(cursor *c, const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  if (!rec || (rec->kind != SK_ATTR_OPAQUE && rec->kind != SK_ATTR_STRING)) {
    return sk_op_error(m, at, SK_INVALID_ARGUMENT, "a sharding is missing or not one of the known");
  }
  sk_str text = sk_sym_str(&m->strings, rec->u.sym);
  *c = (cursor){m, at, arena, text.data, text.data + text.len, text};
  return NULL;
}

static sk_status finish(const cursor *c) { return c->p == c->end ? NULL : bad(c); }

sk_status sk_sharding_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                           sk_sharding *out) {
  cursor c;
  SK_TRY(start(&c, m, at, attr, arena));
  SK_TRY(expect(&c, "#sdy.sharding"));
  SK_TRY(read_sharding(&c, out));
  return finish(&c);
}

sk_status sk_sharding_list_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                                sk_sharding_list *out) {
  cursor c;
  sk_status status;
  SK_VEC(sk_sharding) items = {0};
  SK_TRY(start(&c, m, at, attr, arena));
  SK_TRY(expect(&c, "#sdy.sharding_per_value<["));
  while (next_item(&c, "]", items.count, &status)) {
    sk_sharding item;
    SK_TRY(read_sharding(&c, &item));
    sk_vec_push(arena, &items, item);
  }
  SK_TRY(status);
  SK_TRY(expect(&c, ">"));
  *out = (sk_sharding_list){items.data, items.count};
  return finish(&c);
}

sk_status sk_manual_axes_read(const sk_module *m, sk_op at, sk_attr attr, const sk_mesh *mesh,
                              uint64_t *out_mask) {
  cursor c;
  sk_status status;
  *out_mask = 0;
  SK_TRY(start(&c, m, at, attr, NULL));
  SK_TRY(expect(&c, "#sdy<manual_axes{"));
  for (uint32_t i = 0; next_item(&c, "}", i, &status); i++) {
    sk_str name;
    uint32_t axis;
    SK_TRY(read_quoted(&c, &name));
    SK_TRY(find_axis(&c, mesh, name, &axis));
    *out_mask |= UINT64_C(1) << axis;
  }
  SK_TRY(status);
  SK_TRY(expect(&c, ">"));
  return finish(&c);
}

// ---- groups

static sk_status read_group_axis(cursor *c, const sk_mesh *mesh, sk_axis_ref *ref) {
  (void)accept(c, "#stablehlo.axis_ref");
  SK_TRY(expect(c, "<"));
  SK_TRY(expect(c, "name"));
  SK_TRY(expect(c, "="));
  SK_TRY(read_axis_ref(c, mesh, ", sub_axis_info =", ref));
  return expect(c, ">");
}

static sk_status read_groups(cursor *c, sk_mesh *mesh, sk_dim_sharding *dim) {
  sk_axis_ref refs[MAX_AXES];
  sk_status status;
  sk_str name;
  SK_TRY(expect(c, "#stablehlo.replica_group_mesh_axes<"));
  SK_TRY(expect(c, "mesh"));
  SK_TRY(expect(c, "="));
  bool in_place = accept(c, "#stablehlo.mesh") || accept(c, "#sdy.mesh");
  SK_TRY(in_place ? read_mesh(c, mesh) : read_mesh_name(c, &name, mesh));
  SK_TRY(expect(c, ","));
  SK_TRY(expect(c, "axes"));
  SK_TRY(expect(c, "="));
  SK_TRY(expect(c, "["));
  while (next_item(c, "]", dim->count, &status)) {
    if (dim->count == MAX_AXES) {
      return bad(c);
    }
    SK_TRY(read_group_axis(c, mesh, &refs[dim->count++]));
  }
  SK_TRY(status);
  SK_TRY(expect(c, ">"));
  keep_refs(c, refs, dim);
  const sk_dim_sharding *const lists[1] = {dim};
  return check_apart(c, lists, 1);
}

sk_status sk_group_axes_read(const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena,
                             sk_device_groups *out) {
  cursor c;
  sk_mesh mesh = {0};
  sk_dim_sharding dim = {0};
  SK_TRY(start(&c, m, at, attr, arena));
  SK_TRY(read_groups(&c, &mesh, &dim));
  SK_TRY(finish(&c));
  *out = sk_mesh_groups(&mesh, &dim, arena);
  return NULL;
}

// ---- tiles

static sk_status read_tile_counts(cursor *c, uint32_t rank, sk_sharding *s) {
  sk_status status;
  int64_t devices = 1;
  s->mesh.axes = SK_NEW_ARRAY(c->arena, sk_mesh_axis, MAX_AXES);
  while (next_item(c, "]", s->mesh.axis_count, &status)) {
    uint32_t axis = s->mesh.axis_count;
    int64_t size;
    SK_TRY(read_number(c, &size));
    devices *= size;
    if (axis == MAX_AXES || devices < 1 || devices > MAX_DEVICES) {
      return bad(c);
    }
    sk_axis_ref *ref = SK_NEW_ARRAY(c->arena, sk_axis_ref, 1);
    *ref = (sk_axis_ref){axis, 1, size};
    s->mesh.axes[axis] = (sk_mesh_axis){.size = size};
    if (axis < rank) {
      s->dims[axis] = (sk_dim_sharding){.refs = ref, .count = 1};
    }
    s->mesh.axis_count++;
  }
  SK_TRY(status);
  s->mesh.device_count = (uint32_t)devices;
  return s->mesh.axis_count >= rank ? NULL : bad(c);
}

// A list of at most `max` numbers up to `close`.
static sk_status read_numbers(cursor *c, const char *close, uint32_t max, int64_t *out,
                              uint32_t *out_count) {
  sk_status status;
  *out_count = 0;
  while (next_item(c, close, *out_count, &status)) {
    SK_TRY(*out_count < max ? read_number(c, &out[(*out_count)++]) : bad(c));
  }
  return status;
}

// After "<=[": the numbers from 0 as an array of these sizes, in the order of its dimensions after T.
static sk_status read_counted_ids(cursor *c, sk_mesh *mesh) {
  int64_t sizes[MAX_AXES], order[MAX_AXES], strides[MAX_AXES], count = 1;
  uint32_t rank, listed;
  uint64_t seen = 0;
  SK_TRY(read_numbers(c, "]", MAX_AXES, sizes, &rank));
  for (uint32_t i = rank; i-- > 0;) {
    strides[i] = count;
    count *= sizes[i];
    if (count < 1 || count > MAX_DEVICES) {
      return bad(c);
    }
  }
  if (count != mesh->device_count) {
    return bad(c);
  }
  if (!accept(c, "T(")) {
    return NULL;
  }
  SK_TRY(read_numbers(c, ")", MAX_AXES, order, &listed));
  for (uint32_t i = 0; i < listed; i++) {
    seen |= order[i] < rank ? UINT64_C(1) << order[i] : 0;
  }
  if (listed != rank || (rank < MAX_AXES && seen != (UINT64_C(1) << rank) - 1)) {
    return bad(c);
  }
  mesh->device_ids = SK_NEW_ARRAY(c->arena, int64_t, mesh->device_count);
  mesh->device_id_count = mesh->device_count;
  for (int64_t position = 0; position < count; position++) {
    int64_t rest = position, id = 0;
    for (uint32_t i = rank; i-- > 0;) {
      id += rest % sizes[order[i]] * strides[order[i]];
      rest /= sizes[order[i]];
    }
    mesh->device_ids[position] = id;
  }
  return NULL;
}

static sk_status read_listed_ids(cursor *c, sk_mesh *mesh) {
  mesh->device_ids = SK_NEW_ARRAY(c->arena, int64_t, mesh->device_count);
  for (uint32_t i = 0; i < mesh->device_count; i++) {
    SK_TRY(i == 0 || accept(c, ",") ? read_id(c, mesh) : bad(c));
  }
  return NULL;
}

// What the axes behind those of the dimensions mean: copies, shares of a sum, or that they are manual.
static sk_status read_last_tiles(cursor *c, sk_sharding *s) {
  const uint32_t count = s->mesh.axis_count - s->rank;
  sk_status status = NULL;
  uint32_t listed = 0;
  if (count == 0 || accept(c, "last_tile_dim_replicate")) {
    return count <= 1 ? NULL : bad(c);
  }
  SK_TRY(expect(c, "last_tile_dims={"));
  while (next_item(c, "}", listed, &status)) {
    if (listed == count) {
      return bad(c);
    }
    uint32_t axis = s->rank + listed++;
    if (accept(c, "unreduced")) {
      sk_axis_ref *ref = SK_NEW_ARRAY(c->arena, sk_axis_ref, 1);
      *ref = (sk_axis_ref){axis, 1, s->mesh.axes[axis].size};
      SK_TRY(s->unreduced.count == 0 ? NULL : bad(c));
      s->unreduced = (sk_dim_sharding){.refs = ref, .count = 1};
    } else if (!accept(c, "replicated")) {
      SK_TRY(expect(c, "manual"));
    }
  }
  SK_TRY(status);
  return listed == count ? NULL : bad(c);
}

// Everything on every device, or on one: nothing is split.
static bool accept_whole(cursor *c) {
  if (accept(c, "{maximal device=")) {
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9') {
      c->p++;
    }
    return accept(c, "}");
  }
  return accept(c, "{replicated}") || accept(c, "{manual}");
}

sk_status sk_tiles_read(const sk_module *m, sk_op at, sk_attr attr, uint32_t rank, sk_arena *arena,
                        sk_sharding *out) {
  cursor c;
  *out = (sk_sharding){.mesh.device_count = 1, .rank = rank, .combine = SK_OP_ADD};
  out->dims = sk_arena_zalloc(arena, (rank + 1) * sizeof *out->dims, _Alignof(sk_dim_sharding));
  SK_TRY(start(&c, m, at, attr, arena));
  if (accept_whole(&c)) {
    return finish(&c);
  }
  SK_TRY(expect(&c, "{devices=["));
  SK_TRY(read_tile_counts(&c, rank, out));
  SK_TRY(accept(&c, "<=[") ? read_counted_ids(&c, &out->mesh) : read_listed_ids(&c, &out->mesh));
  SK_TRY(read_last_tiles(&c, out));
  SK_TRY(expect(&c, "}"));
  return finish(&c);
}
