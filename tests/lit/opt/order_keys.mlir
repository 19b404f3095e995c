// SPDX-License-Identifier: Apache-2.0
// Networks of minima and maxima run on integers in the order of the floats: a median of nine; zeros of either sign, infinities and
// NaNs; two results that depend on different values; a few of them alone stay as they are.
// RUN: skarn opt %s --entry median --to lower | filecheck %s
// RUN: skarn opt %s --entry few --to lower | filecheck %s --check-prefix=FEW
// RUN: skarn run %s --entry median --random 1 --compare interp
// RUN: skarn run %s --entry median --random 2 --compare loop
// RUN: skarn run %s --entry few --random 1 --compare interp
// RUN: skarn run %s --entry special --compare interp
// RUN: skarn run %s --entry special --compare loop
// RUN: skarn test %s --keep-constants --via native
// RUN: skarn test %s --via native
// RUN: skarn test %s --via loop
// CHECK: smin
// CHECK: smax
// CHECK-NOT: {{ (fminx|fmaxx) }}
// FEW-NOT: {{ (smin|smax) }}
func.func @median(%x0: tensor<37xf32>, %x1: tensor<37xf32>, %x2: tensor<37xf32>, %x3: tensor<37xf32>, %x4: tensor<37xf32>, %x5: tensor<37xf32>, %x6: tensor<37xf32>, %x7: tensor<37xf32>, %x8: tensor<37xf32>) -> tensor<37xf32> {
  %l0 = stablehlo.minimum %x1, %x2 : tensor<37xf32>
  %h0 = stablehlo.maximum %x1, %x2 : tensor<37xf32>
  %l1 = stablehlo.minimum %x4, %x5 : tensor<37xf32>
  %h1 = stablehlo.maximum %x4, %x5 : tensor<37xf32>
  %l2 = stablehlo.minimum %x7, %x8 : tensor<37xf32>
  %h2 = stablehlo.maximum %x7, %x8 : tensor<37xf32>
  %l3 = stablehlo.minimum %x0, %l0 : tensor<37xf32>
  %h3 = stablehlo.maximum %x0, %l0 : tensor<37xf32>
  %l4 = stablehlo.minimum %x3, %l1 : tensor<37xf32>
  %h4 = stablehlo.maximum %x3, %l1 : tensor<37xf32>
  %l5 = stablehlo.minimum %x6, %l2 : tensor<37xf32>
  %h5 = stablehlo.maximum %x6, %l2 : tensor<37xf32>
  %l6 = stablehlo.minimum %h3, %h0 : tensor<37xf32>
  %h6 = stablehlo.maximum %h3, %h0 : tensor<37xf32>
  %l7 = stablehlo.minimum %h4, %h1 : tensor<37xf32>
  %h7 = stablehlo.maximum %h4, %h1 : tensor<37xf32>
  %l8 = stablehlo.minimum %h5, %h2 : tensor<37xf32>
  %h8 = stablehlo.maximum %h5, %h2 : tensor<37xf32>
  %l9 = stablehlo.minimum %l3, %l4 : tensor<37xf32>
  %h9 = stablehlo.maximum %l3, %l4 : tensor<37xf32>
  %l10 = stablehlo.minimum %h7, %h8 : tensor<37xf32>
  %h10 = stablehlo.maximum %h7, %h8 : tensor<37xf32>
  %l11 = stablehlo.minimum %l7, %l8 : tensor<37xf32>
  %h11 = stablehlo.maximum %l7, %l8 : tensor<37xf32>
  %l12 = stablehlo.minimum %h9, %l5 : tensor<37xf32>
  %h12 = stablehlo.maximum %h9, %l5 : tensor<37xf32>
  %l13 = stablehlo.minimum %l6, %l11 : tensor<37xf32>
  %h13 = stablehlo.maximum %l6, %l11 : tensor<37xf32>
  %l14 = stablehlo.minimum %h6, %l10 : tensor<37xf32>
  %h14 = stablehlo.maximum %h6, %l10 : tensor<37xf32>
  %l15 = stablehlo.minimum %h13, %h11 : tensor<37xf32>
  %h15 = stablehlo.maximum %h13, %h11 : tensor<37xf32>
  %l16 = stablehlo.minimum %l15, %l14 : tensor<37xf32>
  %h16 = stablehlo.maximum %l15, %l14 : tensor<37xf32>
  %l17 = stablehlo.minimum %h12, %l16 : tensor<37xf32>
  %h17 = stablehlo.maximum %h12, %l16 : tensor<37xf32>
  %l18 = stablehlo.minimum %h17, %h16 : tensor<37xf32>
  %h18 = stablehlo.maximum %h17, %h16 : tensor<37xf32>
  return %l18 : tensor<37xf32>
}
func.func @few(%x: tensor<37xf32>, %y: tensor<37xf32>, %z: tensor<37xf32>) -> tensor<37xf32> {
  %0 = stablehlo.maximum %x, %y : tensor<37xf32>
  %1 = stablehlo.minimum %0, %z : tensor<37xf32>
  %2 = stablehlo.maximum %1, %x : tensor<37xf32>
  return %2 : tensor<37xf32>
}
func.func @special() -> (tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) {
  %c0 = stablehlo.constant dense<[0.0, -0.0, 1.0, 0x7FC00000, -1.0, 0x7F800000, 0xFF800000, 1.0e-45]> : tensor<8xf32>
  %c1 = stablehlo.constant dense<[-0.0, 0.0, 2.0, 1.0, -2.0, 1.0, 1.0, -1.0e-45]> : tensor<8xf32>
  %c2 = stablehlo.constant dense<[0.0, 0.0, 3.0, 1.0, 0x7F800000, 2.0, 2.0, 0.0]> : tensor<8xf32>
  %c3 = stablehlo.constant dense<[-0.0, -0.0, 0xFFC00001, 1.0, -3.0, 3.0, 3.0, -0.0]> : tensor<8xf32>
  %c4 = stablehlo.constant dense<[-0.0, 1.0, 0x7FC00000, -1.0, 0x7F800000, 0xFF800000, 1.0e-45, 0.0]> : tensor<8xf32>
  %c5 = stablehlo.constant dense<[0.0, 2.0, 1.0, -2.0, 1.0, 1.0, -1.0e-45, -0.0]> : tensor<8xf32>
  %c6 = stablehlo.constant dense<[0.0, 3.0, 1.0, 0x7F800000, 2.0, 2.0, 0.0, 0.0]> : tensor<8xf32>
  %c7 = stablehlo.constant dense<[-0.0, 0xFFC00001, 1.0, -3.0, 3.0, 3.0, -0.0, -0.0]> : tensor<8xf32>
  %c8 = stablehlo.constant dense<[1.0, 0x7FC00000, -1.0, 0x7F800000, 0xFF800000, 1.0e-45, 0.0, -0.0]> : tensor<8xf32>
  %nl0 = stablehlo.minimum %c1, %c2 : tensor<8xf32>
  %nh0 = stablehlo.maximum %c1, %c2 : tensor<8xf32>
  %nl1 = stablehlo.minimum %c4, %c5 : tensor<8xf32>
  %nh1 = stablehlo.maximum %c4, %c5 : tensor<8xf32>
  %nl2 = stablehlo.minimum %c7, %c8 : tensor<8xf32>
  %nh2 = stablehlo.maximum %c7, %c8 : tensor<8xf32>
  %nl3 = stablehlo.minimum %c0, %nl0 : tensor<8xf32>
  %nh3 = stablehlo.maximum %c0, %nl0 : tensor<8xf32>
  %nl4 = stablehlo.minimum %c3, %nl1 : tensor<8xf32>
  %nh4 = stablehlo.maximum %c3, %nl1 : tensor<8xf32>
  %nl5 = stablehlo.minimum %c6, %nl2 : tensor<8xf32>
  %nh5 = stablehlo.maximum %c6, %nl2 : tensor<8xf32>
  %nl6 = stablehlo.minimum %nh3, %nh0 : tensor<8xf32>
  %nh6 = stablehlo.maximum %nh3, %nh0 : tensor<8xf32>
  %nl7 = stablehlo.minimum %nh4, %nh1 : tensor<8xf32>
  %nh7 = stablehlo.maximum %nh4, %nh1 : tensor<8xf32>
  %nl8 = stablehlo.minimum %nh5, %nh2 : tensor<8xf32>
  %nh8 = stablehlo.maximum %nh5, %nh2 : tensor<8xf32>
  %nl9 = stablehlo.minimum %nl3, %nl4 : tensor<8xf32>
  %nh9 = stablehlo.maximum %nl3, %nl4 : tensor<8xf32>
  %nl10 = stablehlo.minimum %nh7, %nh8 : tensor<8xf32>
  %nh10 = stablehlo.maximum %nh7, %nh8 : tensor<8xf32>
  %nl11 = stablehlo.minimum %nl7, %nl8 : tensor<8xf32>
  %nh11 = stablehlo.maximum %nl7, %nl8 : tensor<8xf32>
  %nl12 = stablehlo.minimum %nh9, %nl5 : tensor<8xf32>
  %nh12 = stablehlo.maximum %nh9, %nl5 : tensor<8xf32>
  %nl13 = stablehlo.minimum %nl6, %nl11 : tensor<8xf32>
  %nh13 = stablehlo.maximum %nl6, %nl11 : tensor<8xf32>
  %nl14 = stablehlo.minimum %nh6, %nl10 : tensor<8xf32>
  %nh14 = stablehlo.maximum %nh6, %nl10 : tensor<8xf32>
  %nl15 = stablehlo.minimum %nh13, %nh11 : tensor<8xf32>
  %nh15 = stablehlo.maximum %nh13, %nh11 : tensor<8xf32>
  %nl16 = stablehlo.minimum %nl15, %nl14 : tensor<8xf32>
  %nh16 = stablehlo.maximum %nl15, %nl14 : tensor<8xf32>
  %nl17 = stablehlo.minimum %nh12, %nl16 : tensor<8xf32>
  %nh17 = stablehlo.maximum %nh12, %nl16 : tensor<8xf32>
  %nl18 = stablehlo.minimum %nh17, %nh16 : tensor<8xf32>
  %nh18 = stablehlo.maximum %nh17, %nh16 : tensor<8xf32>
  return %nl18, %nl9, %nh2 : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
}
func.func @main() {
  %a = stablehlo.constant dense<[0.0, -0.0, 0x7FC00000, 1.0, 0xFF800000]> : tensor<5xf32>
  %b = stablehlo.constant dense<[-0.0, 0.0, 1.0, 2.0, 1.0]> : tensor<5xf32>
  %c = stablehlo.constant dense<[0.0, -0.0, 2.0, 0xFFC00000, 0x7F800000]> : tensor<5xf32>
  %d = stablehlo.constant dense<[-0.0, -0.0, 3.0, 3.0, -1.0]> : tensor<5xf32>
  %lo0 = stablehlo.minimum %a, %b : tensor<5xf32>
  %hi0 = stablehlo.maximum %a, %b : tensor<5xf32>
  %lo1 = stablehlo.minimum %c, %d : tensor<5xf32>
  %hi1 = stablehlo.maximum %c, %d : tensor<5xf32>
  %lo2 = stablehlo.minimum %lo0, %lo1 : tensor<5xf32>
  %hi2 = stablehlo.maximum %lo0, %lo1 : tensor<5xf32>
  %lo3 = stablehlo.minimum %hi0, %hi1 : tensor<5xf32>
  %hi3 = stablehlo.maximum %hi0, %hi1 : tensor<5xf32>
  %lo4 = stablehlo.minimum %lo3, %hi2 : tensor<5xf32>
  %hi4 = stablehlo.maximum %lo3, %hi2 : tensor<5xf32>
  %lo5 = stablehlo.minimum %lo2, %lo4 : tensor<5xf32>
  %hi5 = stablehlo.maximum %lo2, %lo4 : tensor<5xf32>
  %lo6 = stablehlo.minimum %hi4, %hi3 : tensor<5xf32>
  %hi6 = stablehlo.maximum %hi4, %hi3 : tensor<5xf32>
  %least = stablehlo.bitcast_convert %lo5 : (tensor<5xf32>) -> tensor<5xui32>
  %bits = stablehlo.slice %least [0:2] : (tensor<5xui32>) -> tensor<2xui32>
  check.expect_eq_const %bits, dense<[2147483648, 2147483648]> : tensor<2xui32>
  %most = stablehlo.bitcast_convert %hi6 : (tensor<5xf32>) -> tensor<5xui32>
  %top = stablehlo.slice %most [0:2] : (tensor<5xui32>) -> tensor<2xui32>
  check.expect_eq_const %top, dense<[0, 0]> : tensor<2xui32>
  %not = stablehlo.compare NE, %lo6, %lo6 : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  check.expect_eq_const %not, dense<[false, false, true, true, false]> : tensor<5xi1>
  %last = stablehlo.slice %hi5 [4:5] : (tensor<5xf32>) -> tensor<1xf32>
  check.expect_eq_const %last, dense<-1.0> : tensor<1xf32>
  return
}
