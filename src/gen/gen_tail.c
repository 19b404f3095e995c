// SPDX-License-Identifier: Apache-2.0
// The last elements of a loop whose extent is known: the first few lanes of a register go to memory
// in pieces of 16, 8, 4, 2 and 1 bytes.
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

void sk_gen_store_bytes(sk_gen *g, uint32_t inst, uint32_t copy, sk_vr v, uint32_t vl,
                        uint32_t bytes) {
  for (uint32_t done = 0; done < bytes;) {
    uint32_t at = done % 16, piece = 16;
    while (piece > bytes - done || piece > 16 - at) {
      piece /= 2;
    }
    uint32_t m = sk_vc_mem(&g->vc, sk_gen_address(g, inst, copy, 0, done));
    store_piece(g, sk_gen_part(g, v, vl, done / 16), piece, at, m);
    done += piece;
  }
}
