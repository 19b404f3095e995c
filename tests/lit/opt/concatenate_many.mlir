// SPDX-License-Identifier: Apache-2.0
// A concatenation of many pieces of some size is a kernel per piece, straight into the result, whichever the
// dimension; in a fused kernel few large pieces cut it, few small ones are chosen among.
// RUN: skarn opt %s --to lower | grep -c "^kernel .* concatenate" | filecheck %s --check-prefix=PIECES
// RUN: skarn opt %s --to lower | grep -c "^kernel .* exponential" | filecheck %s --check-prefix=CUTS
// RUN: skarn run %s --random 1 --compare interp
// RUN: skarn run %s --random 1 --compare loop::3

// PIECES: {{^}}24{{$}}
// CUTS: {{^}}3{{$}}
func.func @main(%a0: tensor<1x100xf32>, %a1: tensor<1x100xf32>, %a2: tensor<1x100xf32>, %a3: tensor<1x100xf32>, %a4: tensor<1x100xf32>, %a5: tensor<1x100xf32>, %a6: tensor<1x100xf32>, %a7: tensor<1x100xf32>, %a8: tensor<1x100xf32>, %a9: tensor<1x100xf32>, %a10: tensor<1x100xf32>, %a11: tensor<1x100xf32>, %m: tensor<20x60xf32>, %p: tensor<30x40xf32>)
    -> (tensor<12x100xf32>, tensor<12x100xf32>, tensor<20x72xf32>, tensor<3x30x40xf32>, tensor<3x2xf32>) {
  %0 = stablehlo.concatenate %a0, %a1, %a2, %a3, %a4, %a5, %a6, %a7, %a8, %a9, %a10, %a11, dim = 0 : (tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>, tensor<1x100xf32>) -> tensor<12x100xf32>
  %1 = stablehlo.negate %0 : tensor<12x100xf32>
  %c0 = stablehlo.slice %m [0:20, 0:5] : (tensor<20x60xf32>) -> tensor<20x5xf32>
  %c1 = stablehlo.slice %m [0:20, 3:9] : (tensor<20x60xf32>) -> tensor<20x6xf32>
  %c2 = stablehlo.slice %m [0:20, 6:13] : (tensor<20x60xf32>) -> tensor<20x7xf32>
  %c3 = stablehlo.slice %m [0:20, 9:14] : (tensor<20x60xf32>) -> tensor<20x5xf32>
  %c4 = stablehlo.slice %m [0:20, 12:18] : (tensor<20x60xf32>) -> tensor<20x6xf32>
  %c5 = stablehlo.slice %m [0:20, 15:22] : (tensor<20x60xf32>) -> tensor<20x7xf32>
  %c6 = stablehlo.slice %m [0:20, 18:23] : (tensor<20x60xf32>) -> tensor<20x5xf32>
  %c7 = stablehlo.slice %m [0:20, 21:27] : (tensor<20x60xf32>) -> tensor<20x6xf32>
  %c8 = stablehlo.slice %m [0:20, 24:31] : (tensor<20x60xf32>) -> tensor<20x7xf32>
  %c9 = stablehlo.slice %m [0:20, 27:32] : (tensor<20x60xf32>) -> tensor<20x5xf32>
  %c10 = stablehlo.slice %m [0:20, 30:36] : (tensor<20x60xf32>) -> tensor<20x6xf32>
  %c11 = stablehlo.slice %m [0:20, 33:40] : (tensor<20x60xf32>) -> tensor<20x7xf32>
  %2 = stablehlo.concatenate %c0, %c1, %c2, %c3, %c4, %c5, %c6, %c7, %c8, %c9, %c10, %c11, dim = 1 : (tensor<20x5xf32>, tensor<20x6xf32>, tensor<20x7xf32>, tensor<20x5xf32>, tensor<20x6xf32>, tensor<20x7xf32>, tensor<20x5xf32>, tensor<20x6xf32>, tensor<20x7xf32>, tensor<20x5xf32>, tensor<20x6xf32>, tensor<20x7xf32>) -> tensor<20x72xf32>
  %q = stablehlo.reshape %p : (tensor<30x40xf32>) -> tensor<1x30x40xf32>
  %3 = stablehlo.concatenate %q, %q, %q, dim = 0 : (tensor<1x30x40xf32>, tensor<1x30x40xf32>, tensor<1x30x40xf32>) -> tensor<3x30x40xf32>
  %4 = stablehlo.exponential %3 : tensor<3x30x40xf32>
  %s = stablehlo.slice %m [0:1, 0:2] : (tensor<20x60xf32>) -> tensor<1x2xf32>
  %5 = stablehlo.concatenate %s, %s, %s, dim = 0 : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<3x2xf32>
  %6 = stablehlo.tanh %5 : tensor<3x2xf32>
  return %0, %1, %2, %4, %6 : tensor<12x100xf32>, tensor<12x100xf32>, tensor<20x72xf32>, tensor<3x30x40xf32>, tensor<3x2xf32>
}
