// SPDX-License-Identifier: Apache-2.0
// The encoder against a disassembler: every row of x64.def, every vector length, low and high
// registers, all addressing forms, masks and broadcasts. Each instruction is emitted, its text is
// written down from the table's columns, and objdump must read back the same text at the same
// address. Further tests cover labels, the constant pool and the shortcuts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gen/x64/x64.h"

typedef struct listing {
  sk_arena arena;
  sk_asm as;
  char **texts;  // by instruction
  uint32_t *offsets;
  uint32_t count, cap;
} listing;

static void listing_init(listing *l) {
  memset(l, 0, sizeof *l);
  sk_arena_init(&l->arena);
  sk_asm_init(&l->as, &l->arena, SK_ISA_V4, 0);
}

static void listing_fini(listing *l) {
  for (uint32_t i = 0; i < l->count; i++) {
    free(l->texts[i]);
  }
  free(l->texts);
  free(l->offsets);
  sk_arena_fini(&l->arena);
}

// Says that the code emitted since `offset` is the instruction `text`.
static void note(listing *l, uint32_t offset, const char *text) {
  if (l->count == l->cap) {
    l->cap = l->cap ? l->cap * 2 : 1024;
    l->texts = realloc(l->texts, l->cap * sizeof *l->texts);
    l->offsets = realloc(l->offsets, l->cap * sizeof *l->offsets);
  }
  l->texts[l->count] = strdup(text);
  l->offsets[l->count++] = offset;
}

// ---- text of operands

static const char *const R64[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                  "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
static const char *const R32[] = {"eax", "ecx", "edx",  "ebx",  "esp",  "ebp",  "esi",  "edi",
                                  "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"};
static const char *const R16[] = {"ax",  "cx",  "dx",   "bx",   "sp",   "bp",   "si",   "di",
                                  "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"};
static const char *const R8[] = {"al",  "cl",  "dl",   "bl",   "spl",  "bpl",  "sil",  "dil",
                                 "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"};

static void put_vector(char *out, int vl, uint32_t reg) {
  sprintf(out, "%s%u", vl >= 2 ? "zmm" : vl == 1 ? "ymm" : "xmm", reg);
}

static void put_register(char *out, char class, uint32_t vl, uint32_t reg) {
  int l = (int)vl;
  switch (class) {
    case 'v':
    case 'V': put_vector(out, l, reg); break;
    case 'h': put_vector(out, l - 1, reg); break;
    case 'q': put_vector(out, l - 2, reg); break;
    case 'e':
    case 'x':
    case 'X': put_vector(out, 0, reg); break;
    case 'y': put_vector(out, 1, reg); break;
    case 'k':
    case 'K': sprintf(out, "k%u", reg & 7); break;
    case 'r': strcpy(out, vl ? R64[reg & 15] : R32[reg & 15]); break;
    case 'd':
    case 'D': strcpy(out, R32[reg & 15]); break;
    case 'g':
    case 'G': strcpy(out, R64[reg & 15]); break;
    case 'b':
    case 'B': strcpy(out, R8[reg & 15]); break;
    case 'w':
    case 'W': strcpy(out, R16[reg & 15]); break;
    default: fail_msg("operand class %c", class);
  }
}

static void put_memory(char *out, sk_x64_rm rm, char index_class, uint32_t vl, bool bcast) {
  char index[16] = "";
  char *p = out + sprintf(out, bcast ? "BCST [" : "[");
  bool empty = true;
  if (rm.base != SK_REG_NONE) {
    p += sprintf(p, "%s", R64[rm.base]);
    empty = false;
  }
  if (rm.index != SK_REG_NONE) {
    put_register(index, index_class, vl, rm.index);
    p += sprintf(p, "%s%s*%u", empty ? "" : "+", index, 1u << rm.scale);
    empty = false;
  }
  bool forced = rm.base == SK_REG_NONE || (rm.base & 7) == 5;
  if (rm.disp != 0 || forced) {
    uint32_t magnitude = rm.disp < 0 ? -(uint32_t)rm.disp : (uint32_t)rm.disp;
    p += sprintf(p, "%s0x%x", rm.disp < 0 ? "-" : empty ? "" : "+", magnitude);
  }
  strcpy(p, "]");
}

typedef struct operands {
  uint32_t reg, vvvv, is4;
  sk_x64_rm rm;
  uint32_t deco;
  int32_t imm;
} operands;

// Which field an operand position of the row comes from: 'r' reg, 'v' vvvv, 'm' rm, '4' is4.
static const char *fields_of(uint32_t form, bool evex) {
  switch ((enum sk_x64_form)form) {
    case SK_F_RVM: return "rvm";
    case SK_F_RVMI: return "rvm";
    case SK_F_RVMR: return "rvm4";
    case SK_F_RM:
    case SK_F_RMI: return "rm";
    case SK_F_MR:
    case SK_F_MRI: return "mr";
    case SK_F_VMI:
    case SK_F_VM: return "vm";
    case SK_F_M:
    case SK_F_MI:
    case SK_F_MI8: return "m";
    case SK_F_RMV: return "rmv";
    case SK_F_MVR: return "mvr";
    case SK_F_GATHER: return evex ? "rm" : "rmv";
    case SK_F_SCATTER: return "mr";
    case SK_F_NONE: return "";
  }
  return "";
}

static bool has_immediate(uint32_t form) {
  return form == SK_F_RVMI || form == SK_F_RMI || form == SK_F_MRI || form == SK_F_VMI ||
         form == SK_F_MI || form == SK_F_MI8;
}

static bool is_vector_class(char class) { return class && strchr("vhqexyVX", class) != NULL; }

static bool needs_evex(const sk_x64_info *info, uint32_t vl, const operands *o) {
  bool uses_vvvv = strchr(fields_of(info->form, !(info->enc & SK_ENC_V)), 'v') != NULL;
  uint32_t high = o->reg | (uses_vvvv ? o->vvvv : 0);
  high |= o->rm.kind == SK_RM_REG ? o->rm.base : o->rm.index == SK_REG_NONE ? 0 : o->rm.index;
  return !(info->enc & SK_ENC_V) || (high & 16) || o->deco || (info->elem != 0 && vl == SK_ZMM) ||
         (info->form == SK_F_VMI && o->rm.kind != SK_RM_REG);
}

static void describe(char *out, uint32_t op, uint32_t vl, const operands *o) {
  const sk_x64_info *info = &sk_x64_table[op];
  bool evex = info->enc != SK_ENC_L && needs_evex(info, vl, o);
  char *p = out + sprintf(out, "%s", evex && info->evex_text[0] ? info->evex_text : info->vex_text);
  const char *fields = fields_of(info->form, evex);
  for (uint32_t i = 0; fields[i]; i++) {
    char text[64] = "";
    char class = info->operands[i];
    switch (fields[i]) {
      case 'r': put_register(text, class, vl, o->reg); break;
      case 'v': put_register(text, class, vl, o->vvvv); break;
      case '4': put_register(text, class, vl, o->is4); break;
      default:
        if (o->rm.kind == SK_RM_REG) {
          put_register(text, class, vl, o->rm.base);
        } else {
          bool indexed = info->form == SK_F_GATHER || info->form == SK_F_SCATTER;
          put_memory(text, o->rm, indexed ? class : 'g', vl, (o->deco & SK_DECO_BCAST) != 0);
        }
    }
    p += sprintf(p, "%s%s", i ? "," : " ", text);
    if (i == 0 && (o->deco & 7)) {
      p += sprintf(p, "{k%u}%s", o->deco & 7, o->deco & SK_DECO_ZERO ? "{z}" : "");
    }
  }
  if (has_immediate(info->form)) {
    if (o->imm < 0 && info->enc == SK_ENC_L) {
      sprintf(p, ",0x%llx",
              vl ? (unsigned long long)(int64_t)o->imm : (unsigned long long)(uint32_t)o->imm);
    } else {
      sprintf(p, ",0x%x", (unsigned)o->imm);
    }
  }
}

// Brings register numbers within their class: general registers to 15, masks to k7.
static void clamp(const sk_x64_info *info, operands *o) {
  const char *fields = fields_of(info->form, !(info->enc & SK_ENC_V));
  for (uint32_t i = 0; fields[i]; i++) {
    char class = info->operands[i];
    uint32_t last = is_vector_class(class) ? 31 : class == 'k' || class == 'K' ? 7 : 15;
    switch (fields[i]) {
      case 'r': o->reg &= last; break;
      case 'v': o->vvvv &= last; break;
      default:
        if (o->rm.kind == SK_RM_REG) {
          o->rm.base &= last;
        }
    }
  }
}

static void emit(listing *l, uint32_t op, uint32_t vl, const operands *given) {
  char text[256];
  operands clamped = *given, *o = &clamped;
  clamp(&sk_x64_table[op], o);
  describe(text, op, vl, o);
  uint32_t at = l->as.len;
  const sk_x64_info *info = &sk_x64_table[op];
  int32_t imm = info->form == SK_F_RVMR ? (int32_t)(o->is4 << 4) : o->imm;
  uint32_t vvvv = strchr(fields_of(info->form, !(info->enc & SK_ENC_V)), 'v') ? o->vvvv : 0;
  sk_x64_emit(&l->as, op, vl, o->reg, vvvv, o->rm, imm, o->deco);
  if (l->as.error != SK_ASM_OK) {
    fail_msg("%s: no encoding", text);
  }
  note(l, at, text);
}

// ---- reading objdump back

// "DWORD PTR [" -> "[", "DWORD BCST [" -> "BCST [", no comments, single blank after the mnemonic.
static void normalise(char *line) {
  char *comment = strchr(line, '#');
  if (comment) {
    *comment = 0;
  }
  static const char *const sizes[] = {"XMMWORD ", "YMMWORD ", "ZMMWORD ", "QWORD ", "DWORD ",
                                      "WORD ",    "BYTE ",    "PTR ",     "{evex} "};
  for (uint32_t i = 0; i < SK_COUNT(sizes); i++) {
    char *at;
    while ((at = strstr(line, sizes[i])) != NULL) {
      memmove(at, at + strlen(sizes[i]), strlen(at + strlen(sizes[i])) + 1);
    }
  }
  char *lanes =
      strstr(line, "]{1to");  // said besides BCST where the register operands leave the length open
  if (lanes) {
    memmove(lanes + 1, strchr(lanes, '}') + 1, strlen(strchr(lanes, '}')));
  }
  char *to = line;
  for (char *from = line; *from; from++) {
    if (*from == ' ' && (from[1] == ' ' || from[1] == 0 || from[1] == '\n')) {
      continue;
    }
    if (*from != '\n') {
      *to++ = *from;
    }
  }
  *to = 0;
}

static bool have_objdump(void) { return system("objdump --version > /dev/null 2>&1") == 0; }

static void check_listing(listing *l) {
  if (!have_objdump()) {
    print_message("objdump is not installed (binutils)\n");
    skip();
  }
  char path[] = "/tmp/skarn_x64_XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, l->as.code, l->as.len), l->as.len);
  close(fd);
  char command[256];
  snprintf(command, sizeof command,
           "objdump -D -b binary -m i386:x86-64 -M intel --no-show-raw-insn %s", path);
  FILE *pipe = popen(command, "r");
  assert_non_null(pipe);
  char line[512];
  uint32_t next = 0, bad = 0;
  while (fgets(line, sizeof line, pipe)) {
    char *colon = strchr(line, ':');
    unsigned offset;
    if (!colon || line[0] != ' ' || sscanf(line, "%x", &offset) != 1) {
      continue;
    }
    char *text = colon + 1;
    text += strspn(text, " \t");
    normalise(text);
    if (next >= l->count || offset != l->offsets[next] || strcmp(text, l->texts[next]) != 0) {
      if (bad++ < 20) {
        print_error("at %x: objdump \"%s\", expected \"%s\" at %x\n", offset, text,
                    next < l->count ? l->texts[next] : "end",
                    next < l->count ? l->offsets[next] : 0);
      }
      while (next < l->count && l->offsets[next] < offset) {
        next++;
      }
      if (next >= l->count || l->offsets[next] != offset) {
        continue;
      }
    }
    next++;
  }
  pclose(pipe);
  unlink(path);
  assert_int_equal(bad, 0);
  assert_int_equal(next, l->count);
}

// ---- cases

static const uint32_t LOW_REGS[][3] = {{1, 2, 3},    {9, 10, 11}, {0, 7, 8},
                                       {15, 14, 13}, {8, 1, 4},   {5, 12, 5}};
static const uint32_t HIGH_REGS[][3] = {
    {17, 18, 19}, {31, 16, 24}, {8, 25, 1}, {1, 8, 31}, {20, 3, 12}};

// The class letter of the operand that may be memory.
static char rm_class(const sk_x64_info *info) {
  const char *fields = fields_of(info->form, !(info->enc & SK_ENC_V));
  const char *at = strchr(fields, 'm');
  return at ? info->operands[at - fields] : 0;
}
static bool may_be_register(char class) {
  return class != 'm' && class != 'b' && class != 'w' && class != 0;
}
static bool may_be_memory(char class) {
  return class != 0 && (class < 'A' || class > 'Z' || class == 'B' || class == 'W');
}

// Mask and zeroing are allowed where the table's tuple says the operation is element-wise.
static bool may_mask(uint32_t op) {
  const sk_x64_info *info = &sk_x64_table[op];
  bool lanes = info->tuple == SK_T_FULL || info->tuple == SK_T_HALF || info->tuple == SK_T_FVM;
  switch (op) {
    case SK_X_VMOVNTPS_ST:
    case SK_X_VMOVNTDQ_ST:
    case SK_X_VPSADBW:
    case SK_X_VPSLLDQ_I:
    case SK_X_VPSRLDQ_I: return false;
    default: return lanes && (info->enc & SK_ENC_E);
  }
}

static void emit_register_forms(listing *l, uint32_t op, uint32_t vl) {
  const sk_x64_info *info = &sk_x64_table[op];
  char class = rm_class(info);
  if (info->form == SK_F_NONE) {
    emit(l, op, vl, &(operands){0});
    return;
  }
  if (!may_be_register(class) || info->form == SK_F_GATHER || info->form == SK_F_SCATTER) {
    return;
  }
  int32_t imm = 0x55;
  if (vl < 2) {
    for (uint32_t i = 0; i < SK_COUNT(LOW_REGS); i++) {
      if (!(info->enc & (SK_ENC_V | SK_ENC_L)) && i > 2) {
        break;
      }
      operands o = {LOW_REGS[i][0], LOW_REGS[i][1], 6 + i, sk_rm_reg(LOW_REGS[i][2]), 0, imm};
      emit(l, op, vl, &o);
    }
  }
  if (!(info->enc & SK_ENC_E)) {
    return;
  }
  for (uint32_t i = 0; i < SK_COUNT(HIGH_REGS); i++) {
    operands o = {HIGH_REGS[i][0], HIGH_REGS[i][1], 0, sk_rm_reg(HIGH_REGS[i][2]), 0, imm};
    emit(l, op, vl, &o);
    if (may_mask(op)) {
      bool to_k = info->operands[0] == 'k';
      o.deco = (1 + i % 7) | (i % 2 && !to_k ? SK_DECO_ZERO : 0);
      emit(l, op, vl, &o);
    }
  }
}

static void emit_memory_forms(listing *l, uint32_t op, uint32_t vl) {
  const sk_x64_info *info = &sk_x64_table[op];
  if (!may_be_memory(rm_class(info)) || info->form == SK_F_GATHER || info->form == SK_F_SCATTER) {
    return;
  }
  static const struct {
    uint8_t base, index, scale;
    int32_t disp;
  } forms[] = {
      {SK_RAX, SK_REG_NONE, 0, 0},    {SK_RBP, SK_REG_NONE, 0, 0},
      {SK_R13, SK_REG_NONE, 0, 0},    {SK_RSP, SK_REG_NONE, 0, 0},
      {SK_R12, SK_REG_NONE, 0, 64},   {SK_RSP, SK_REG_NONE, 0, -64},
      {SK_RBX, SK_REG_NONE, 0, 127},  {SK_RBX, SK_REG_NONE, 0, 128},
      {SK_R9, SK_REG_NONE, 0, -128},  {SK_RDX, SK_REG_NONE, 0, 8128},
      {SK_RDX, SK_REG_NONE, 0, 8192}, {SK_RDX, SK_REG_NONE, 0, -8192},
      {SK_RDI, SK_RCX, 0, 0},         {SK_RDI, SK_R9, 1, 16},
      {SK_R13, SK_R13, 2, 0},         {SK_R12, SK_RBP, 3, 0x12345678},
      {SK_RBP, SK_RAX, 3, 32},        {SK_REG_NONE, SK_RCX, 2, 0x40},
      {SK_REG_NONE, SK_R14, 3, -4},   {SK_R15, SK_R8, 0, INT32_MIN},
      {SK_R8, SK_REG_NONE, 0, 3},
  };
  for (uint32_t i = 0; i < SK_COUNT(forms); i++) {
    operands o = {.reg = i % 2 ? 1 : 12,
                  .vvvv = i % 3 ? 2 : 13,
                  .is4 = 9,
                  .imm = 0x55,
                  .rm = sk_rm_index(forms[i].base, forms[i].index, forms[i].scale, forms[i].disp)};
    const char *fields = fields_of(info->form, false);
    emit(l, op, vl, &o);
    if ((info->enc & SK_ENC_E) && (info->lens & (SK_L_X | SK_L_Y | SK_L_Z))) {
      const char *at = strchr(fields, 'r');
      if (at && is_vector_class(info->operands[at - fields])) {
        o.reg += 16;
        emit(l, op, vl, &o);
        o.reg -= 16;
      }
      if (may_mask(op)) {
        bool zero =
            i % 2 && info->operands[0] != 'k' && info->form != SK_F_MR && info->form != SK_F_MRI;
        o.deco = 3 | (zero ? SK_DECO_ZERO : 0);
        emit(l, op, vl, &o);
      }
      if (sk_x64_bcast_bytes(op) >= 4) {
        o.deco = SK_DECO_BCAST;
        emit(l, op, vl, &o);
      }
    }
  }
}

static void emit_indexed_forms(listing *l, uint32_t op, uint32_t vl) {
  const sk_x64_info *info = &sk_x64_table[op];
  if (info->form != SK_F_GATHER && info->form != SK_F_SCATTER) {
    return;
  }
  static const uint8_t bases[] = {SK_RAX, SK_RBP, SK_R12, SK_R13, SK_RSP};
  for (uint32_t i = 0; i < SK_COUNT(bases); i++) {
    bool evex = !(info->enc & SK_ENC_V);
    operands o = {
        .reg = evex ? 17 + i : 1 + i,
        .vvvv = evex ? 0 : 7,
        .deco = evex ? 2 : 0,
        .rm = sk_rm_index(bases[i], evex && i % 2 ? 30 : 9, i % 4, i == 3 ? 0 : (int32_t)(i * 40))};
    emit(l, op, vl, &o);
  }
}

static void test_every_row(void **state) {
  (void)state;
  listing l;
  listing_init(&l);
  for (uint32_t op = 0; op < SK_X_COUNT; op++) {
    const sk_x64_info *info = &sk_x64_table[op];
    bool general = info->elem == 0;
    for (uint32_t vl = 0; vl < 3; vl++) {
      bool by_size = strchr(info->operands, 'r') != NULL && vl < 2;
      bool once = info->lens == SK_L_IG || general;
      bool valid = general ? by_size || (!strchr(info->operands, 'r') &&
                                         vl == (info->operands[0] == 'g' && info->vex_w == 0))
                   : once  ? vl == 0
                           : (info->lens >> vl & 1) != 0;
      if (!valid) {
        continue;
      }
      emit_register_forms(&l, op, vl);
      emit_memory_forms(&l, op, vl);
      emit_indexed_forms(&l, op, vl);
    }
  }
  print_message("%u instructions\n", l.count);
  check_listing(&l);
  listing_fini(&l);
}

static void test_general_immediates(void **state) {
  (void)state;
  listing l;
  listing_init(&l);
  static const int32_t imms[] = {0, 1, 127, 128, -128, -129, 0x12345678, INT32_MIN};
  for (uint32_t i = 0; i < SK_COUNT(imms); i++) {
    for (uint32_t size = 0; size < 2; size++) {
      operands o = {.rm = sk_rm_reg(i + 3), .imm = imms[i], .reg = 7};
      emit(&l, SK_X_ADD_MI, size, &o);
      emit(&l, SK_X_CMP_MI, size, &o);
      emit(&l, SK_X_IMUL_RMI, size, &o);
      o.rm = sk_rm_base(SK_RSP, 8);
      emit(&l, SK_X_AND_MI, size, &o);
      emit(&l, SK_X_MOV_MI, size, &o);
    }
  }
  static const struct {
    int64_t imm;
    const char *text;
  } movs[] = {
      {0, "xor r9d,r9d"},
      {1, "mov r9d,0x1"},
      {UINT32_MAX, "mov r9d,0xffffffff"},
      {-1, "mov r9,0xffffffffffffffff"},
      {INT32_MIN, "mov r9,0xffffffff80000000"},
      {0x123456789abcdef0, "movabs r9,0x123456789abcdef0"},
      {INT64_MIN, "movabs r9,0x8000000000000000"},
  };
  for (uint32_t i = 0; i < SK_COUNT(movs); i++) {
    note(&l, l.as.len, movs[i].text);
    sk_x64_mov_imm(&l.as, SK_R9, movs[i].imm);
  }
  for (uint32_t reg = 0; reg < 16; reg++) {
    char text[64];
    sprintf(text, "push %s", R64[reg]);
    note(&l, l.as.len, text);
    sk_x64_push(&l.as, reg);
    sprintf(text, "pop %s", R64[reg]);
    note(&l, l.as.len, text);
    sk_x64_pop(&l.as, reg);
    sprintf(text, "setl %s", R8[reg]);
    note(&l, l.as.len, text);
    sk_x64_setcc(&l.as, SK_CC_L, reg);
    sprintf(text, "cmova %s,%s", R64[reg], R64[15 - reg]);
    note(&l, l.as.len, text);
    sk_x64_cmov(&l.as, SK_CC_A, SK_OP64, reg, sk_rm_reg(15 - reg));
  }
  note(&l, l.as.len, "ret");
  sk_x64_ret(&l.as);
  check_listing(&l);
  listing_fini(&l);
}

static void test_branches(void **state) {
  (void)state;
  listing l;
  listing_init(&l);
  sk_asm *a = &l.as;
  char text[64];
  sk_label back = sk_asm_new_label(a), ahead = sk_asm_new_label(a), near = sk_asm_new_label(a);
  sk_asm_bind(a, back);
  note(&l, a->len, "nop");
  sk_asm_align(a, 1);
  sk_x64_emit(a, SK_X_CDQ, 0, 0, 0, sk_rm_reg(0), 0, 0);
  l.texts[0][0] = 0;
  strcpy(l.texts[0], "cdq");
  note(&l, a->len, "jmp 0x0");
  sk_x64_jmp(a, back);
  assert_int_equal(a->len, 3);  // short
  uint32_t jcc = a->len, call = jcc + 6, lea = call + 5, skip_at = lea + 7, end = skip_at + 2 + 200;
  sprintf(text, "jb 0x%x", end);
  note(&l, jcc, text);
  sk_x64_jcc(a, SK_CC_B, ahead);
  sprintf(text, "call 0x%x", end);
  note(&l, call, text);
  sk_x64_call(a, ahead);
  sprintf(text, "lea r11,[rip+0x%x]", end - (lea + 7));
  note(&l, lea, text);
  sk_x64_lea_label(a, SK_R11, ahead);
  sprintf(text, "jne 0x%x", skip_at + 2);
  note(&l, skip_at, text);
  sk_x64_jcc_short(a, SK_CC_NE, near);
  sk_asm_bind(a, near);
  for (uint32_t i = 0; i < 200; i++) {
    note(&l, a->len, "cdq");
    sk_x64_emit(a, SK_X_CDQ, 0, 0, 0, sk_rm_reg(0), 0, 0);
  }
  sk_asm_bind(a, ahead);
  note(&l, a->len, "jg 0x0");
  sk_x64_jcc(a, SK_CC_G, back);
  assert_int_equal(a->len, end + 6);
  check_listing(&l);
  listing_fini(&l);
}

static void test_pool(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  sk_asm a;
  sk_asm_init(&a, &arena, SK_ISA_V3, 0);
  uint32_t one = sk_asm_constant32(&a, 0x3f800000), ones = sk_asm_splat32(&a, 0x3f800000, 32);
  uint32_t wide = sk_asm_splat64(&a, 0x0123456789abcdef, 64), eight = sk_asm_constant64(&a, 77);
  assert_int_equal(one, sk_asm_constant32(&a, 0x3f800000));
  assert_int_equal(ones, sk_asm_splat32(&a, 0x3f800000, 32));
  assert_int_not_equal(one, ones);
  sk_x64_rm_(&a, SK_X_VBROADCASTSS, SK_YMM, 3, sk_rm_const(one));
  uint32_t at1 = a.len;
  sk_x64_rvmi(&a, SK_X_VCMPPS, SK_YMM, 3, 4, sk_rm_const(ones),
              5);  // an immediate follows the displacement
  uint32_t at2 = a.len;
  sk_x64_rm rm = sk_rm_const(wide);
  rm.disp = 32;
  sk_x64_rm_(&a, SK_X_VMOVUPS, SK_YMM, 9, rm);
  uint32_t at3 = a.len;
  sk_x64_rm_(&a, SK_X_VMOVQ, SK_XMM, 9, sk_rm_const(eight));
  uint32_t at4 = a.len, length;
  assert_null(sk_asm_finish(&a, &length));
  int32_t rel;
  memcpy(&rel, a.code + at1 - 4, 4);
  assert_memory_equal(a.code + (int32_t)at1 + rel, "\0\0\x80\x3f", 4);
  memcpy(&rel, a.code + at2 - 5, 4);
  assert_int_equal(((int32_t)at2 + rel) % 32, 0);
  assert_memory_equal(a.code + (int32_t)at2 + rel, "\0\0\x80\x3f\0\0\x80\x3f", 8);
  memcpy(&rel, a.code + at3 - 4, 4);
  assert_int_equal(((int32_t)at3 + rel) % 64, 32);
  memcpy(&rel, a.code + at4 - 4, 4);
  uint64_t value;
  memcpy(&value, a.code + (int32_t)at4 + rel, 8);
  assert_int_equal(value, 77);
  sk_arena_fini(&arena);
}

static void test_errors_stick(void **state) {
  (void)state;
  sk_arena arena;
  sk_arena_init(&arena);
  uint32_t length;
  sk_asm a;
  sk_asm_init(&a, &arena, SK_ISA_V3, 0);
  sk_x64_rrr(&a, SK_X_VADDPS, SK_ZMM, 1, 2, 3);  // 512 bits below v4
  sk_x64_rrr(&a, SK_X_VADDPS, SK_YMM, 1, 2, 3);
  sk_status status = sk_asm_finish(&a, &length);
  assert_int_equal(sk_status_code(status), SK_INTERNAL);
  assert_non_null(strstr(sk_status_message(status), "vaddps"));
  sk_status_free(status);
  sk_asm_init(&a, &arena, SK_ISA_V4, 4096);
  for (uint32_t i = 0; i < 2000; i++) {
    sk_x64_rrr(&a, SK_X_VADDPS, SK_YMM, 1, 2, 3);
  }
  status = sk_asm_finish(&a, &length);
  assert_int_equal(sk_status_code(status), SK_RESOURCE_EXHAUSTED);
  sk_status_free(status);
  sk_asm_init(&a, &arena, SK_ISA_V4, 0);
  sk_label far = sk_asm_new_label(&a);
  sk_x64_jmp_short(&a, far);
  for (uint32_t i = 0; i < 200; i++) {
    sk_x64_ret(&a);
  }
  sk_asm_bind(&a, far);
  status = sk_asm_finish(&a, &length);
  assert_int_equal(sk_status_code(status), SK_INTERNAL);
  sk_status_free(status);
  sk_arena_fini(&arena);
}

// disp8*N must really be used: one byte of displacement wherever it is a multiple of N within
// reach.
static void test_compressed_displacements(void **state) {
  (void)state;
  static const struct {
    uint32_t op, vl, deco;
    int32_t n;
  } cases[] = {
      {SK_X_VADDPS, SK_ZMM, 0, 64},
      {SK_X_VADDPS, SK_ZMM, SK_DECO_BCAST, 4},
      {SK_X_VADDPD, SK_ZMM, SK_DECO_BCAST, 8},
      {SK_X_VPMOVZXBD, SK_ZMM, 0, 16},
      {SK_X_VCVTPS2PD, SK_ZMM, 0, 32},
      {SK_X_VPMOVDB, SK_ZMM, 0, 16},
      {SK_X_VBROADCASTF64X4, SK_ZMM, 0, 32},
      {SK_X_VPSCATTERDD, SK_ZMM, 1, 4},
  };
  for (uint32_t i = 0; i < SK_COUNT(cases); i++) {
    sk_arena arena;
    sk_arena_init(&arena);
    sk_asm a;
    sk_asm_init(&a, &arena, SK_ISA_V4, 0);
    uint32_t index = cases[i].op == SK_X_VPSCATTERDD ? 7 : SK_REG_NONE;
    uint32_t lengths[4];
    const int32_t disps[4] = {0, 127 * cases[i].n, -128 * cases[i].n, 128 * cases[i].n};
    for (uint32_t k = 0; k < 4; k++) {
      uint32_t before = a.len;
      sk_x64_emit(&a, cases[i].op, cases[i].vl, 1, 0, sk_rm_index(SK_RAX, index, 0, disps[k]), 0,
                  cases[i].deco);
      lengths[k] = a.len - before;
    }
    assert_int_equal(a.error, SK_ASM_OK);
    assert_int_equal(lengths[1], lengths[0] + 1);
    assert_int_equal(lengths[2], lengths[0] + 1);
    assert_int_equal(lengths[3], lengths[0] + 4);
    sk_arena_fini(&arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_row),    cmocka_unit_test(test_general_immediates),
      cmocka_unit_test(test_branches),     cmocka_unit_test(test_pool),
      cmocka_unit_test(test_errors_stick), cmocka_unit_test(test_compressed_displacements),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
