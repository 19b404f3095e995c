// SPDX-License-Identifier: Apache-2.0
// The last elements of a loop whose extent is known: the first few lanes of a register go to memory
// in pieces of 16, 8, 4, 2 and 1 bytes, and narrow ones come from there likewise.
//
//   13 bytes  ->  [0, 8) [8, 12) [12, 13)
//
// AVX2 has masked stores of 32- and 64-bit lanes, which some processors take a dozen cycles for
// (Zen 3: 42 operations), and none of narrower ones. No byte beyond the elements is touched.
#include "gen/gen_int.h"

static void store_piece(sk_gen *g, sk_vr part, uint32_t bytes, uint32_t at, uint32_t m) {
  sk_vcode *vc = &g->vc;
  if (at == 0 && bytes >= 4) {
    uint32_t op = bytes == 16 ? SK_X_VMOVUPS_ST : bytes == 8 ? SK_X_VMOVQ_XX_ST : SK_X_VMOVSS_ST;
    sk_vc_store(vc, op, SK_XMM, m, part, 0);
    return;
  }
  uint32_t op = bytes == 4 ? SK_X_VEXTRACTPS : bytes == 2 ? SK_X_VPEXTRW : SK_X_VPEXTRB;
  sk_vc_push(vc, (sk_vi){.op = (uint16_t)op,
                         .shape = SK_S_STORE,
                         .vl = SK_XMM,
                         .a = part,
                         .m = m,
                         .imm = (int32_t)(at / bytes)});
}

// The next piece, within the 128-bit part that it begins in.
static uint32_t piece_bytes(uint32_t done, uint32_t bytes) {
  uint32_t piece = 16;
  while (piece > bytes - done || piece > 16 - done % 16) {
    piece /= 2;
  }
  return piece;
}

void sk_gen_store_bytes(sk_gen *g, uint32_t inst, uint32_t copy, sk_vr v, uint32_t vl,
                        uint32_t bytes) {
  for (uint32_t done = 0; done < bytes;) {
    uint32_t at = done % 16, piece = piece_bytes(done, bytes);
    uint32_t m = sk_vc_mem(&g->vc, sk_gen_address(g, inst, copy, 0, done));
    store_piece(g, sk_gen_part(g, v, vl, done / 16), piece, at, m);
    done += piece;
  }
}

static sk_vr load_piece(sk_gen *g, sk_vr part, uint32_t bytes, uint32_t at, uint32_t m) {
  sk_vcode *vc = &g->vc;
  if (at == 0 && bytes >= 4) {
    uint32_t op = bytes == 16 ? SK_X_VMOVUPS : bytes == 8 ? SK_X_VMOVQ_XX : SK_X_VMOVSS;
    return sk_vc_load(vc, op, SK_XMM, SK_XMM, m, 0);
  }
  uint32_t op = bytes == 4 ? SK_X_VPINSRD : bytes == 2 ? SK_X_VPINSRW : SK_X_VPINSRB;
  return sk_vc_rvm_mem(vc, op, SK_XMM, part, m, (int32_t)(at / bytes));
}

sk_vr sk_gen_load_bytes(sk_gen *g, uint32_t inst, uint32_t copy, uint32_t vl, uint32_t bytes) {
  sk_vr parts[4];
  for (uint32_t p = 0; p < SK_COUNT(parts); p++) {
    parts[p] = sk_vc_splat(&g->vc, SK_XMM, 4, 0);
  }
  for (uint32_t done = 0; done < bytes;) {
    uint32_t piece = piece_bytes(done, bytes), p = done / 16;
    uint32_t m = sk_vc_mem(&g->vc, sk_gen_address(g, inst, copy, 0, done));
    parts[p] = load_piece(g, parts[p], piece, done % 16, m);
    done += piece;
  }
  return sk_gen_join(g, parts, vl);
}
