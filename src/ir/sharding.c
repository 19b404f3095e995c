// SPDX-License-Identifier: Apache-2.0
// Reading the text of Shardy's attributes. The grammar is small and the text canonical (both readers
// write it alike), so that this is one cursor over it; what it does not know is an error, not a guess.
//
//   mesh      <["x"=4, "y"=2], device_ids=[3, 2, 1, 0]>
//   sharding  <@name | mesh<..>, [dim, ..], replicated={axes}, unreduced={axes}>
//   dim       {axis, .., ?}p1         axis  "x" | "x":(before)size
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
  while (c->p < c->end && *c->p != '"') {
    c->p += *c->p == '\\' && c->p + 1 < c->end ? 2 : 1;
  }
  *out = (sk_str){begin, (size_t)(c->p - begin)};
  return expect(c, "\"");
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
    SK_TRY(read_quoted(c, &axis->name));
    SK_TRY(expect(c, "="));
    SK_TRY(read_number(c, &axis->size));
    devices *= axis->size;
    if (devices < 1 || devices > MAX_DEVICES) {
      return bad(c);
    }
  }
  mesh->device_count = (uint32_t)devices;
  return status;
}

static sk_status read_device_ids(cursor *c, sk_mesh *mesh) {
  sk_status status;
  uint32_t most = mesh->device_count;
  mesh->device_ids = SK_NEW_ARRAY(c->arena, int64_t, most);
  SK_TRY(expect(c, "device_ids"));
  SK_TRY(expect(c, "="));
  SK_TRY(expect(c, "["));
  while (next_item(c, "]", mesh->device_id_count, &status)) {
    if (mesh->device_id_count == most) {
      return bad(c);
    }
    SK_TRY(read_number(c, &mesh->device_ids[mesh->device_id_count++]));
  }
  SK_TRY(status);
  return mesh->device_id_count == most ? NULL : bad(c);
}

// After "mesh".
static sk_status read_mesh(cursor *c, sk_mesh *mesh) {
  *mesh = (sk_mesh){0};
  SK_TRY(expect(c, "<"));
  SK_TRY(read_axes(c, mesh));
  if (accept(c, ",")) {
    SK_TRY(read_device_ids(c, mesh));
  }
  return expect(c, ">");
}

static sk_status find_mesh(const cursor *c, sk_str name, sk_mesh *mesh) {
  SK_FOR_EACH_OP(c->m, sk_op_region(c->m, c->m->root, 0), op) {
    if (sk_op_kind(c->m, op) != SK_OP_SDY_MESH ||
        !sk_str_eq(sk_op_string(c->m, op, SK_NAME_sym_name), name)) {
      continue;
    }
    const sk_attr_rec *rec = sk_attr_get(c->m, sk_op_find_attr(c->m, op, SK_NAME_mesh));
    if (rec->kind != SK_ATTR_OPAQUE) {
      break;
    }
    sk_str text = sk_sym_str(&c->m->strings, rec->u.sym);
    cursor inner = {c->m, op, c->arena, text.data, text.data + text.len, text};
    SK_TRY(expect(&inner, "#sdy.mesh"));
    return read_mesh(&inner, mesh);
  }
  return sk_op_error(c->m, c->at, SK_INVALID_ARGUMENT, "there is no mesh @%.*s",
                     (int)SK_MIN(name.len, (size_t)200), name.data);
}

bool sk_mesh_equal(const sk_mesh *a, const sk_mesh *b) {
  bool same = a->axis_count == b->axis_count && a->device_id_count == b->device_id_count;
  for (uint32_t i = 0; same && i < a->axis_count; i++) {
    same = a->axes[i].size == b->axes[i].size && sk_str_eq(a->axes[i].name, b->axes[i].name);
  }
  return same && (a->device_id_count == 0 ||
                  memcmp(a->device_ids, b->device_ids, a->device_id_count * sizeof(int64_t)) == 0);
}

uint32_t sk_mesh_position(const sk_mesh *mesh, int64_t device) {
  if (!mesh->device_ids) {
    return device >= 0 && device < mesh->device_count ? (uint32_t)device : UINT32_MAX;
  }
  for (uint32_t i = 0; i < mesh->device_id_count; i++) {
    if (mesh->device_ids[i] == device) {
      return i;
    }
  }
  return UINT32_MAX;
}

int64_t sk_mesh_coordinate(const sk_mesh *mesh, uint32_t position, uint32_t axis) {
  int64_t inner = 1;
  for (uint32_t a = axis + 1; a < mesh->axis_count; a++) {
    inner *= mesh->axes[a].size;
  }
  return position / inner % mesh->axes[axis].size;
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

static sk_status read_axis_ref(cursor *c, const sk_mesh *mesh, sk_axis_ref *ref) {
  sk_str name;
  SK_TRY(read_quoted(c, &name));
  SK_TRY(find_axis(c, mesh, name, &ref->axis));
  ref->before = 1;
  ref->size = mesh->axes[ref->axis].size;
  if (!accept(c, ":")) {
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
    SK_TRY(read_axis_ref(c, mesh, &refs[dim->count++]));
  }
  SK_TRY(status);
  dim->refs = SK_NEW_ARRAY(c->arena, sk_axis_ref, dim->count + 1);
  memcpy(dim->refs, refs, dim->count * sizeof *refs);
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

// Digits of one axis lie apart: those of one begin where those of the other have ended.
static bool lie_apart(const sk_axis_ref *a, const sk_axis_ref *b) {
  if (a->axis != b->axis || a->size == 1 || b->size == 1) {
    return true;
  }
  return a->before < b->before ? b->before % (a->before * a->size) == 0
                               : a->before % (b->before * b->size) == 0;
}

// No axis splits twice: every combination of parts and shares is on some device.
static sk_status check_axes(const cursor *c, const sk_sharding *s) {
  sk_axis_ref seen[MAX_AXES];
  uint32_t count = 0;
  for (uint32_t d = 0; d <= s->rank; d++) {
    const sk_dim_sharding *dim = d < s->rank ? &s->dims[d] : &s->unreduced;
    for (uint32_t i = 0; i < dim->count; i++) {
      bool apart = count < MAX_AXES;
      for (uint32_t k = 0; apart && k < count; k++) {
        apart = lie_apart(&seen[k], &dim->refs[i]);
      }
      if (!apart) {
        return bad(c);
      }
      seen[count++] = dim->refs[i];
    }
  }
  return NULL;
}

// After "#sdy.sharding", or an item of a list.
static sk_status read_sharding(cursor *c, sk_sharding *s) {
  *s = (sk_sharding){0};
  SK_TRY(expect(c, "<"));
  if (accept(c, "mesh")) {
    SK_TRY(read_mesh(c, &s->mesh));
  } else {
    SK_TRY(expect(c, "@"));
    const char *begin = c->p;
    if (c->p < c->end && *c->p == '"') {
      SK_TRY(read_quoted(c, &s->mesh_name));
    } else {
      while (c->p < c->end && *c->p != ',' && *c->p != '>' && *c->p != ' ') {
        c->p++;
      }
      s->mesh_name = (sk_str){begin, (size_t)(c->p - begin)};
    }
    SK_TRY(find_mesh(c, s->mesh_name, &s->mesh));
  }
  SK_TRY(expect(c, ","));
  SK_TRY(read_dims(c, s));
  SK_TRY(read_lists(c, s));
  SK_TRY(check_axes(c, s));
  return expect(c, ">");
}

static sk_status start(cursor *c, const sk_module *m, sk_op at, sk_attr attr, sk_arena *arena) {
  const sk_attr_rec *rec = attr.id != 0 ? sk_attr_get(m, attr) : NULL;
  if (!rec || rec->kind != SK_ATTR_OPAQUE) {
    return sk_op_error(m, at, SK_INVALID_ARGUMENT, "a sharding is not one of Shardy's attributes");
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

// ---- parts

static bool is_in(const sk_axis_ref *ref, uint64_t mask) { return mask >> ref->axis & 1; }

int64_t sk_dim_parts(const sk_dim_sharding *dim, uint64_t mask) {
  int64_t parts = 1;
  for (uint32_t i = 0; i < dim->count; i++) {
    parts *= is_in(&dim->refs[i], mask) ? dim->refs[i].size : 1;
  }
  return parts;
}

int64_t sk_dim_part_of(const sk_sharding *s, const sk_dim_sharding *dim, uint64_t mask,
                       uint32_t position) {
  int64_t part = 0;
  for (uint32_t i = 0; i < dim->count; i++) {
    const sk_axis_ref *ref = &dim->refs[i];
    if (is_in(ref, mask)) {
      int64_t whole = s->mesh.axes[ref->axis].size;
      int64_t digit = sk_mesh_coordinate(&s->mesh, position, ref->axis) /
                      (whole / (ref->before * ref->size)) % ref->size;
      part = part * ref->size + digit;
    }
  }
  return part;
}

// ---- as tiles

// Which tile the device at a position has, or a share of.
static int64_t tile_of(const sk_sharding *s, uint32_t position) {
  int64_t tile = 0;
  for (uint32_t d = 0; d < s->rank; d++) {
    tile = tile * sk_dim_parts(&s->dims[d], UINT64_MAX) +
           sk_dim_part_of(s, &s->dims[d], UINT64_MAX, position);
  }
  return tile;
}

// Devices tile by tile; those of a tile by the share they hold, copies apart: the first of all shares,
// then the second. Among equals the order is that of their positions.
static void print_devices(const sk_sharding *s, int64_t tiles, sk_text *out) {
  const uint32_t devices = s->mesh.device_count;
  int64_t shares = sk_dim_parts(&s->unreduced, UINT64_MAX), listed = 0;
  int64_t copies = devices / (tiles * shares);
  for (int64_t at = 0; at < tiles * copies * shares; at++) {
    int64_t tile = at / (copies * shares), copy = at / shares % copies, share = at % shares;
    for (uint32_t position = 0; position < devices; position++) {
      if (tile_of(s, position) != tile ||
          sk_dim_part_of(s, &s->unreduced, UINT64_MAX, position) != share || copy-- > 0) {
        continue;
      }
      int64_t device = s->mesh.device_ids ? s->mesh.device_ids[position] : position;
      sk_text_addf(out, "%s%lld", listed++ ? "," : "", (long long)device);
      break;
    }
  }
}

void sk_sharding_print_tiles(const sk_sharding *s, sk_text *out) {
  int64_t tiles = 1, shares = sk_dim_parts(&s->unreduced, UINT64_MAX);
  for (uint32_t d = 0; d < s->rank; d++) {
    tiles *= sk_dim_parts(&s->dims[d], UINT64_MAX);
  }
  if (tiles * shares == 1 || s->mesh.device_count % (tiles * shares) != 0) {
    sk_text_addf(out, "{replicated}");
    return;
  }
  const int64_t copies = s->mesh.device_count / (tiles * shares);
  const char *comma = "";
  sk_text_addf(out, "{devices=[");
  for (uint32_t d = 0; d < s->rank + 2; d++) {
    int64_t parts = d < s->rank    ? sk_dim_parts(&s->dims[d], UINT64_MAX)
                    : d == s->rank ? copies
                                   : shares;
    if (d < s->rank || parts > 1) {
      sk_text_addf(out, "%s%lld", comma, (long long)parts);
      comma = ",";
    }
  }
  sk_text_addf(out, "]");
  print_devices(s, tiles, out);
  sk_text_addf(out, "%s}",
               shares > 1   ? copies > 1 ? " last_tile_dims={replicated, unreduced}"
                                         : " last_tile_dims={unreduced}"
               : copies > 1 ? " last_tile_dim_replicate"
                            : "");
}
