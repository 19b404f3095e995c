// SPDX-License-Identifier: Apache-2.0
// Loops over bytes, 16-bit integers and predicates run in lanes as narrow (gen/gen_lanes.c), 32 bytes a vector: every operation that can,
// in vectors and tails; reductions along lanes and across them, to the element type and to a wider one;
// scalars beside arrays; widths mixed, chunks for threads. Arguments are 0 to 3, so operands are made of them.
// RUN: skarn opt %s --entry small --isa v3 --to gen > %t.s && as %t.s -o %t.o && objdump -d --no-show-raw-insn %t.o | filecheck %s
// CHECK: vpaddb {{.*}}ymm
// CHECK: vpminub {{.*}}ymm
// CHECK-NOT: vpmovzx
// RUN: skarn run %s --entry all_ui8_1003 --random 3 --compare loop --guard end && skarn run %s --entry all_ui8_1003 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry all_i8_1003 --random 3 --compare loop --guard end && skarn run %s --entry all_i8_1003 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry all_ui16_1003 --random 3 --compare loop --guard end && skarn run %s --entry all_ui16_1003 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry all_i16_1003 --random 3 --compare loop --guard end && skarn run %s --entry all_i16_1003 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry all_ui8_77 --random 3 --compare loop --guard end && skarn run %s --entry all_ui8_77 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry reduce_ui8_5_203 --random 3 --compare loop --guard end && skarn run %s --entry reduce_ui8_5_203 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry reduce_i8_3_1000 --random 3 --compare loop --guard end && skarn run %s --entry reduce_i8_3_1000 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry reduce_i16_4_75 --random 3 --compare loop --guard end && skarn run %s --entry reduce_i16_4_75 --random 3 --compare interp --guard start
// RUN: skarn run %s --entry scalars --random 3 --compare loop --guard end && skarn run %s --entry scalars --random 3 --compare interp --guard start
// RUN: skarn run %s --entry average --random 3 --compare loop --guard end && skarn run %s --entry average --random 3 --compare interp --guard start
// RUN: skarn run %s --entry in_threads --random 3 --compare loop --guard end && skarn run %s --entry in_threads --random 3 --compare interp --guard start

func.func @small(%a: tensor<1000xui8>, %b: tensor<1000xui8>, %c: tensor<ui8>) -> tensor<1000xui8> {
  %limit = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<ui8>) -> tensor<1000xui8>
  %sum = stablehlo.add %a, %b : tensor<1000xui8>
  %least = stablehlo.minimum %sum, %limit : tensor<1000xui8>
  return %least : tensor<1000xui8>
}

func.func @all_ui8_1003(%a0: tensor<1003xui8>, %a1: tensor<1003xui8>) -> (tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui16>) {
  %k0 = stablehlo.constant dense<93> : tensor<1003xui8>
  %k1 = stablehlo.constant dense<41> : tensor<1003xui8>
  %k2 = stablehlo.constant dense<77> : tensor<1003xui8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<1003xui8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<1003xui8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<1003xui8>
  %x = stablehlo.add %m0, %m1 : tensor<1003xui8>
  %y = stablehlo.add %m2, %a0 : tensor<1003xui8>
  %add = stablehlo.add %x, %y : tensor<1003xui8>
  %subtract = stablehlo.subtract %x, %y : tensor<1003xui8>
  %multiply = stablehlo.multiply %x, %y : tensor<1003xui8>
  %and = stablehlo.and %x, %y : tensor<1003xui8>
  %or = stablehlo.or %x, %y : tensor<1003xui8>
  %xor = stablehlo.xor %x, %y : tensor<1003xui8>
  %minimum = stablehlo.minimum %x, %y : tensor<1003xui8>
  %maximum = stablehlo.maximum %x, %y : tensor<1003xui8>
  %three = stablehlo.constant dense<3> : tensor<1003xui8>
  %most = stablehlo.constant dense<7> : tensor<1003xui8>
  %shift_left_3 = stablehlo.shift_left %x, %three : tensor<1003xui8>
  %shift_left_all = stablehlo.shift_left %x, %most : tensor<1003xui8>
  %shift_right_logical_3 = stablehlo.shift_right_logical %x, %three : tensor<1003xui8>
  %shift_right_logical_all = stablehlo.shift_right_logical %x, %most : tensor<1003xui8>
  %shift_right_arithmetic_3 = stablehlo.shift_right_arithmetic %x, %three : tensor<1003xui8>
  %shift_right_arithmetic_all = stablehlo.shift_right_arithmetic %x, %most : tensor<1003xui8>
  %cEQ = stablehlo.compare EQ, %x, %y : (tensor<1003xui8>, tensor<1003xui8>) -> tensor<1003xi1>
  %cLT = stablehlo.compare LT, %x, %y : (tensor<1003xui8>, tensor<1003xui8>) -> tensor<1003xi1>
  %cLE = stablehlo.compare LE, %x, %y : (tensor<1003xui8>, tensor<1003xui8>) -> tensor<1003xi1>
  %cNE = stablehlo.compare NE, %x, %y : (tensor<1003xui8>, tensor<1003xui8>) -> tensor<1003xi1>
  %chosen = stablehlo.select %cLT, %x, %three : tensor<1003xi1>, tensor<1003xui8>
  %both = stablehlo.and %cNE, %cLE : tensor<1003xi1>
  %neither = stablehlo.not %both : tensor<1003xi1>
  %not = stablehlo.not %x : tensor<1003xui8>
  %lo = stablehlo.constant dense<5> : tensor<ui8>
  %hi = stablehlo.constant dense<90> : tensor<ui8>
  %clamp = stablehlo.clamp %lo, %x, %hi : (tensor<ui8>, tensor<1003xui8>, tensor<ui8>) -> tensor<1003xui8>
  %number = stablehlo.convert %cEQ : (tensor<1003xi1>) -> tensor<1003xui8>
  %other = stablehlo.convert %x : (tensor<1003xui8>) -> tensor<1003xui16>
  return %add, %subtract, %multiply, %and, %or, %xor, %minimum, %maximum, %shift_left_3, %shift_left_all, %shift_right_logical_3, %shift_right_logical_all, %shift_right_arithmetic_3, %shift_right_arithmetic_all, %cEQ, %cLT, %cLE, %cNE, %chosen, %both, %neither, %not, %clamp, %number, %other : tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui8>, tensor<1003xui16>
}

func.func @all_i8_1003(%a0: tensor<1003xi8>, %a1: tensor<1003xi8>) -> (tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi16>) {
  %k0 = stablehlo.constant dense<93> : tensor<1003xi8>
  %k1 = stablehlo.constant dense<41> : tensor<1003xi8>
  %k2 = stablehlo.constant dense<77> : tensor<1003xi8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<1003xi8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<1003xi8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<1003xi8>
  %x = stablehlo.add %m0, %m1 : tensor<1003xi8>
  %y = stablehlo.add %m2, %a0 : tensor<1003xi8>
  %add = stablehlo.add %x, %y : tensor<1003xi8>
  %subtract = stablehlo.subtract %x, %y : tensor<1003xi8>
  %multiply = stablehlo.multiply %x, %y : tensor<1003xi8>
  %and = stablehlo.and %x, %y : tensor<1003xi8>
  %or = stablehlo.or %x, %y : tensor<1003xi8>
  %xor = stablehlo.xor %x, %y : tensor<1003xi8>
  %minimum = stablehlo.minimum %x, %y : tensor<1003xi8>
  %maximum = stablehlo.maximum %x, %y : tensor<1003xi8>
  %three = stablehlo.constant dense<3> : tensor<1003xi8>
  %most = stablehlo.constant dense<7> : tensor<1003xi8>
  %shift_left_3 = stablehlo.shift_left %x, %three : tensor<1003xi8>
  %shift_left_all = stablehlo.shift_left %x, %most : tensor<1003xi8>
  %shift_right_logical_3 = stablehlo.shift_right_logical %x, %three : tensor<1003xi8>
  %shift_right_logical_all = stablehlo.shift_right_logical %x, %most : tensor<1003xi8>
  %shift_right_arithmetic_3 = stablehlo.shift_right_arithmetic %x, %three : tensor<1003xi8>
  %shift_right_arithmetic_all = stablehlo.shift_right_arithmetic %x, %most : tensor<1003xi8>
  %cEQ = stablehlo.compare EQ, %x, %y : (tensor<1003xi8>, tensor<1003xi8>) -> tensor<1003xi1>
  %cLT = stablehlo.compare LT, %x, %y : (tensor<1003xi8>, tensor<1003xi8>) -> tensor<1003xi1>
  %cLE = stablehlo.compare LE, %x, %y : (tensor<1003xi8>, tensor<1003xi8>) -> tensor<1003xi1>
  %cNE = stablehlo.compare NE, %x, %y : (tensor<1003xi8>, tensor<1003xi8>) -> tensor<1003xi1>
  %chosen = stablehlo.select %cLT, %x, %three : tensor<1003xi1>, tensor<1003xi8>
  %both = stablehlo.and %cNE, %cLE : tensor<1003xi1>
  %neither = stablehlo.not %both : tensor<1003xi1>
  %not = stablehlo.not %x : tensor<1003xi8>
  %sign = stablehlo.sign %x : tensor<1003xi8>
  %abs = stablehlo.abs %x : tensor<1003xi8>
  %negate = stablehlo.negate %x : tensor<1003xi8>
  %lo = stablehlo.constant dense<5> : tensor<i8>
  %hi = stablehlo.constant dense<90> : tensor<i8>
  %clamp = stablehlo.clamp %lo, %x, %hi : (tensor<i8>, tensor<1003xi8>, tensor<i8>) -> tensor<1003xi8>
  %number = stablehlo.convert %cEQ : (tensor<1003xi1>) -> tensor<1003xi8>
  %other = stablehlo.convert %x : (tensor<1003xi8>) -> tensor<1003xi16>
  return %add, %subtract, %multiply, %and, %or, %xor, %minimum, %maximum, %shift_left_3, %shift_left_all, %shift_right_logical_3, %shift_right_logical_all, %shift_right_arithmetic_3, %shift_right_arithmetic_all, %cEQ, %cLT, %cLE, %cNE, %chosen, %both, %neither, %not, %sign, %abs, %negate, %clamp, %number, %other : tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi8>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi8>, tensor<1003xi16>
}

func.func @all_ui16_1003(%a0: tensor<1003xui16>, %a1: tensor<1003xui16>) -> (tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui8>) {
  %k0 = stablehlo.constant dense<24001> : tensor<1003xui16>
  %k1 = stablehlo.constant dense<10007> : tensor<1003xui16>
  %k2 = stablehlo.constant dense<19997> : tensor<1003xui16>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<1003xui16>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<1003xui16>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<1003xui16>
  %x = stablehlo.add %m0, %m1 : tensor<1003xui16>
  %y = stablehlo.add %m2, %a0 : tensor<1003xui16>
  %add = stablehlo.add %x, %y : tensor<1003xui16>
  %subtract = stablehlo.subtract %x, %y : tensor<1003xui16>
  %multiply = stablehlo.multiply %x, %y : tensor<1003xui16>
  %and = stablehlo.and %x, %y : tensor<1003xui16>
  %or = stablehlo.or %x, %y : tensor<1003xui16>
  %xor = stablehlo.xor %x, %y : tensor<1003xui16>
  %minimum = stablehlo.minimum %x, %y : tensor<1003xui16>
  %maximum = stablehlo.maximum %x, %y : tensor<1003xui16>
  %three = stablehlo.constant dense<3> : tensor<1003xui16>
  %most = stablehlo.constant dense<15> : tensor<1003xui16>
  %shift_left_3 = stablehlo.shift_left %x, %three : tensor<1003xui16>
  %shift_left_all = stablehlo.shift_left %x, %most : tensor<1003xui16>
  %shift_right_logical_3 = stablehlo.shift_right_logical %x, %three : tensor<1003xui16>
  %shift_right_logical_all = stablehlo.shift_right_logical %x, %most : tensor<1003xui16>
  %shift_right_arithmetic_3 = stablehlo.shift_right_arithmetic %x, %three : tensor<1003xui16>
  %shift_right_arithmetic_all = stablehlo.shift_right_arithmetic %x, %most : tensor<1003xui16>
  %cEQ = stablehlo.compare EQ, %x, %y : (tensor<1003xui16>, tensor<1003xui16>) -> tensor<1003xi1>
  %cLT = stablehlo.compare LT, %x, %y : (tensor<1003xui16>, tensor<1003xui16>) -> tensor<1003xi1>
  %cLE = stablehlo.compare LE, %x, %y : (tensor<1003xui16>, tensor<1003xui16>) -> tensor<1003xi1>
  %cNE = stablehlo.compare NE, %x, %y : (tensor<1003xui16>, tensor<1003xui16>) -> tensor<1003xi1>
  %chosen = stablehlo.select %cLT, %x, %three : tensor<1003xi1>, tensor<1003xui16>
  %both = stablehlo.and %cNE, %cLE : tensor<1003xi1>
  %neither = stablehlo.not %both : tensor<1003xi1>
  %not = stablehlo.not %x : tensor<1003xui16>
  %lo = stablehlo.constant dense<5> : tensor<ui16>
  %hi = stablehlo.constant dense<90> : tensor<ui16>
  %clamp = stablehlo.clamp %lo, %x, %hi : (tensor<ui16>, tensor<1003xui16>, tensor<ui16>) -> tensor<1003xui16>
  %number = stablehlo.convert %cEQ : (tensor<1003xi1>) -> tensor<1003xui16>
  %other = stablehlo.convert %x : (tensor<1003xui16>) -> tensor<1003xui8>
  return %add, %subtract, %multiply, %and, %or, %xor, %minimum, %maximum, %shift_left_3, %shift_left_all, %shift_right_logical_3, %shift_right_logical_all, %shift_right_arithmetic_3, %shift_right_arithmetic_all, %cEQ, %cLT, %cLE, %cNE, %chosen, %both, %neither, %not, %clamp, %number, %other : tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui16>, tensor<1003xui8>
}

func.func @all_i16_1003(%a0: tensor<1003xi16>, %a1: tensor<1003xi16>) -> (tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi8>) {
  %k0 = stablehlo.constant dense<24001> : tensor<1003xi16>
  %k1 = stablehlo.constant dense<10007> : tensor<1003xi16>
  %k2 = stablehlo.constant dense<19997> : tensor<1003xi16>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<1003xi16>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<1003xi16>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<1003xi16>
  %x = stablehlo.add %m0, %m1 : tensor<1003xi16>
  %y = stablehlo.add %m2, %a0 : tensor<1003xi16>
  %add = stablehlo.add %x, %y : tensor<1003xi16>
  %subtract = stablehlo.subtract %x, %y : tensor<1003xi16>
  %multiply = stablehlo.multiply %x, %y : tensor<1003xi16>
  %and = stablehlo.and %x, %y : tensor<1003xi16>
  %or = stablehlo.or %x, %y : tensor<1003xi16>
  %xor = stablehlo.xor %x, %y : tensor<1003xi16>
  %minimum = stablehlo.minimum %x, %y : tensor<1003xi16>
  %maximum = stablehlo.maximum %x, %y : tensor<1003xi16>
  %three = stablehlo.constant dense<3> : tensor<1003xi16>
  %most = stablehlo.constant dense<15> : tensor<1003xi16>
  %shift_left_3 = stablehlo.shift_left %x, %three : tensor<1003xi16>
  %shift_left_all = stablehlo.shift_left %x, %most : tensor<1003xi16>
  %shift_right_logical_3 = stablehlo.shift_right_logical %x, %three : tensor<1003xi16>
  %shift_right_logical_all = stablehlo.shift_right_logical %x, %most : tensor<1003xi16>
  %shift_right_arithmetic_3 = stablehlo.shift_right_arithmetic %x, %three : tensor<1003xi16>
  %shift_right_arithmetic_all = stablehlo.shift_right_arithmetic %x, %most : tensor<1003xi16>
  %cEQ = stablehlo.compare EQ, %x, %y : (tensor<1003xi16>, tensor<1003xi16>) -> tensor<1003xi1>
  %cLT = stablehlo.compare LT, %x, %y : (tensor<1003xi16>, tensor<1003xi16>) -> tensor<1003xi1>
  %cLE = stablehlo.compare LE, %x, %y : (tensor<1003xi16>, tensor<1003xi16>) -> tensor<1003xi1>
  %cNE = stablehlo.compare NE, %x, %y : (tensor<1003xi16>, tensor<1003xi16>) -> tensor<1003xi1>
  %chosen = stablehlo.select %cLT, %x, %three : tensor<1003xi1>, tensor<1003xi16>
  %both = stablehlo.and %cNE, %cLE : tensor<1003xi1>
  %neither = stablehlo.not %both : tensor<1003xi1>
  %not = stablehlo.not %x : tensor<1003xi16>
  %sign = stablehlo.sign %x : tensor<1003xi16>
  %abs = stablehlo.abs %x : tensor<1003xi16>
  %negate = stablehlo.negate %x : tensor<1003xi16>
  %lo = stablehlo.constant dense<5> : tensor<i16>
  %hi = stablehlo.constant dense<90> : tensor<i16>
  %clamp = stablehlo.clamp %lo, %x, %hi : (tensor<i16>, tensor<1003xi16>, tensor<i16>) -> tensor<1003xi16>
  %number = stablehlo.convert %cEQ : (tensor<1003xi1>) -> tensor<1003xi16>
  %other = stablehlo.convert %x : (tensor<1003xi16>) -> tensor<1003xi8>
  return %add, %subtract, %multiply, %and, %or, %xor, %minimum, %maximum, %shift_left_3, %shift_left_all, %shift_right_logical_3, %shift_right_logical_all, %shift_right_arithmetic_3, %shift_right_arithmetic_all, %cEQ, %cLT, %cLE, %cNE, %chosen, %both, %neither, %not, %sign, %abs, %negate, %clamp, %number, %other : tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi16>, tensor<1003xi1>, tensor<1003xi1>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi16>, tensor<1003xi8>
}

func.func @all_ui8_77(%a0: tensor<77xui8>, %a1: tensor<77xui8>) -> (tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xi1>, tensor<77xi1>, tensor<77xi1>, tensor<77xi1>, tensor<77xui8>, tensor<77xi1>, tensor<77xi1>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui16>) {
  %k0 = stablehlo.constant dense<93> : tensor<77xui8>
  %k1 = stablehlo.constant dense<41> : tensor<77xui8>
  %k2 = stablehlo.constant dense<77> : tensor<77xui8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<77xui8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<77xui8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<77xui8>
  %x = stablehlo.add %m0, %m1 : tensor<77xui8>
  %y = stablehlo.add %m2, %a0 : tensor<77xui8>
  %add = stablehlo.add %x, %y : tensor<77xui8>
  %subtract = stablehlo.subtract %x, %y : tensor<77xui8>
  %multiply = stablehlo.multiply %x, %y : tensor<77xui8>
  %and = stablehlo.and %x, %y : tensor<77xui8>
  %or = stablehlo.or %x, %y : tensor<77xui8>
  %xor = stablehlo.xor %x, %y : tensor<77xui8>
  %minimum = stablehlo.minimum %x, %y : tensor<77xui8>
  %maximum = stablehlo.maximum %x, %y : tensor<77xui8>
  %three = stablehlo.constant dense<3> : tensor<77xui8>
  %most = stablehlo.constant dense<7> : tensor<77xui8>
  %shift_left_3 = stablehlo.shift_left %x, %three : tensor<77xui8>
  %shift_left_all = stablehlo.shift_left %x, %most : tensor<77xui8>
  %shift_right_logical_3 = stablehlo.shift_right_logical %x, %three : tensor<77xui8>
  %shift_right_logical_all = stablehlo.shift_right_logical %x, %most : tensor<77xui8>
  %shift_right_arithmetic_3 = stablehlo.shift_right_arithmetic %x, %three : tensor<77xui8>
  %shift_right_arithmetic_all = stablehlo.shift_right_arithmetic %x, %most : tensor<77xui8>
  %cEQ = stablehlo.compare EQ, %x, %y : (tensor<77xui8>, tensor<77xui8>) -> tensor<77xi1>
  %cLT = stablehlo.compare LT, %x, %y : (tensor<77xui8>, tensor<77xui8>) -> tensor<77xi1>
  %cLE = stablehlo.compare LE, %x, %y : (tensor<77xui8>, tensor<77xui8>) -> tensor<77xi1>
  %cNE = stablehlo.compare NE, %x, %y : (tensor<77xui8>, tensor<77xui8>) -> tensor<77xi1>
  %chosen = stablehlo.select %cLT, %x, %three : tensor<77xi1>, tensor<77xui8>
  %both = stablehlo.and %cNE, %cLE : tensor<77xi1>
  %neither = stablehlo.not %both : tensor<77xi1>
  %not = stablehlo.not %x : tensor<77xui8>
  %lo = stablehlo.constant dense<5> : tensor<ui8>
  %hi = stablehlo.constant dense<90> : tensor<ui8>
  %clamp = stablehlo.clamp %lo, %x, %hi : (tensor<ui8>, tensor<77xui8>, tensor<ui8>) -> tensor<77xui8>
  %number = stablehlo.convert %cEQ : (tensor<77xi1>) -> tensor<77xui8>
  %other = stablehlo.convert %x : (tensor<77xui8>) -> tensor<77xui16>
  return %add, %subtract, %multiply, %and, %or, %xor, %minimum, %maximum, %shift_left_3, %shift_left_all, %shift_right_logical_3, %shift_right_logical_all, %shift_right_arithmetic_3, %shift_right_arithmetic_all, %cEQ, %cLT, %cLE, %cNE, %chosen, %both, %neither, %not, %clamp, %number, %other : tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xi1>, tensor<77xi1>, tensor<77xi1>, tensor<77xi1>, tensor<77xui8>, tensor<77xi1>, tensor<77xi1>, tensor<77xui8>, tensor<77xui8>, tensor<77xui8>, tensor<77xui16>
}

func.func @reduce_ui8_5_203(%a0: tensor<5x203xui8>, %a1: tensor<5x203xui8>) -> (tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xi32>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xi32>, tensor<5xi1>, tensor<5xi1>, tensor<203xi1>, tensor<203xi1>) {
  %k0 = stablehlo.constant dense<93> : tensor<5x203xui8>
  %k1 = stablehlo.constant dense<41> : tensor<5x203xui8>
  %k2 = stablehlo.constant dense<77> : tensor<5x203xui8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<5x203xui8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<5x203xui8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<5x203xui8>
  %x = stablehlo.add %m0, %m1 : tensor<5x203xui8>
  %y = stablehlo.add %m2, %a0 : tensor<5x203xui8>
  %zero = stablehlo.constant dense<0> : tensor<ui8>
  %least = stablehlo.constant dense<0> : tensor<ui8>
  %most = stablehlo.constant dense<255> : tensor<ui8>
  %add1 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<5xui8>
  %maximum1 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [1] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<5xui8>
  %minimum1 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [1] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<5xui8>
  %or1 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [1] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<5xui8>
  %xor1 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [1] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<5xui8>
  %w1 = stablehlo.convert %maximum1 : (tensor<5xui8>) -> tensor<5xi32>
  %add0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<203xui8>
  %maximum0 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [0] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<203xui8>
  %minimum0 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [0] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<203xui8>
  %or0 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [0] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<203xui8>
  %xor0 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [0] : (tensor<5x203xui8>, tensor<ui8>) -> tensor<203xui8>
  %w0 = stablehlo.convert %maximum0 : (tensor<203xui8>) -> tensor<203xi32>
  %p = stablehlo.compare LT, %x, %y : (tensor<5x203xui8>, tensor<5x203xui8>) -> tensor<5x203xi1>
  %false = stablehlo.constant dense<false> : tensor<i1>
  %true = stablehlo.constant dense<true> : tensor<i1>
  %por1 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [1] : (tensor<5x203xi1>, tensor<i1>) -> tensor<5xi1>
  %pand1 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [1] : (tensor<5x203xi1>, tensor<i1>) -> tensor<5xi1>
  %por0 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [0] : (tensor<5x203xi1>, tensor<i1>) -> tensor<203xi1>
  %pand0 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [0] : (tensor<5x203xi1>, tensor<i1>) -> tensor<203xi1>
  return %add1, %maximum1, %minimum1, %or1, %xor1, %w1, %add0, %maximum0, %minimum0, %or0, %xor0, %w0, %por1, %pand1, %por0, %pand0 : tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xui8>, tensor<5xi32>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xui8>, tensor<203xi32>, tensor<5xi1>, tensor<5xi1>, tensor<203xi1>, tensor<203xi1>
}

func.func @reduce_i8_3_1000(%a0: tensor<3x1000xi8>, %a1: tensor<3x1000xi8>) -> (tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi32>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi32>, tensor<3xi1>, tensor<3xi1>, tensor<1000xi1>, tensor<1000xi1>) {
  %k0 = stablehlo.constant dense<93> : tensor<3x1000xi8>
  %k1 = stablehlo.constant dense<41> : tensor<3x1000xi8>
  %k2 = stablehlo.constant dense<77> : tensor<3x1000xi8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<3x1000xi8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<3x1000xi8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<3x1000xi8>
  %x = stablehlo.add %m0, %m1 : tensor<3x1000xi8>
  %y = stablehlo.add %m2, %a0 : tensor<3x1000xi8>
  %zero = stablehlo.constant dense<0> : tensor<i8>
  %least = stablehlo.constant dense<-128> : tensor<i8>
  %most = stablehlo.constant dense<127> : tensor<i8>
  %add1 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<3xi8>
  %maximum1 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [1] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<3xi8>
  %minimum1 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [1] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<3xi8>
  %or1 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [1] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<3xi8>
  %xor1 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [1] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<3xi8>
  %w1 = stablehlo.convert %maximum1 : (tensor<3xi8>) -> tensor<3xi32>
  %add0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<1000xi8>
  %maximum0 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [0] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<1000xi8>
  %minimum0 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [0] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<1000xi8>
  %or0 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [0] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<1000xi8>
  %xor0 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [0] : (tensor<3x1000xi8>, tensor<i8>) -> tensor<1000xi8>
  %w0 = stablehlo.convert %maximum0 : (tensor<1000xi8>) -> tensor<1000xi32>
  %p = stablehlo.compare LT, %x, %y : (tensor<3x1000xi8>, tensor<3x1000xi8>) -> tensor<3x1000xi1>
  %false = stablehlo.constant dense<false> : tensor<i1>
  %true = stablehlo.constant dense<true> : tensor<i1>
  %por1 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [1] : (tensor<3x1000xi1>, tensor<i1>) -> tensor<3xi1>
  %pand1 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [1] : (tensor<3x1000xi1>, tensor<i1>) -> tensor<3xi1>
  %por0 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [0] : (tensor<3x1000xi1>, tensor<i1>) -> tensor<1000xi1>
  %pand0 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [0] : (tensor<3x1000xi1>, tensor<i1>) -> tensor<1000xi1>
  return %add1, %maximum1, %minimum1, %or1, %xor1, %w1, %add0, %maximum0, %minimum0, %or0, %xor0, %w0, %por1, %pand1, %por0, %pand0 : tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi8>, tensor<3xi32>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi8>, tensor<1000xi32>, tensor<3xi1>, tensor<3xi1>, tensor<1000xi1>, tensor<1000xi1>
}

func.func @reduce_i16_4_75(%a0: tensor<4x75xi16>, %a1: tensor<4x75xi16>) -> (tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi32>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi32>, tensor<4xi1>, tensor<4xi1>, tensor<75xi1>, tensor<75xi1>) {
  %k0 = stablehlo.constant dense<24001> : tensor<4x75xi16>
  %k1 = stablehlo.constant dense<10007> : tensor<4x75xi16>
  %k2 = stablehlo.constant dense<19997> : tensor<4x75xi16>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<4x75xi16>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<4x75xi16>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<4x75xi16>
  %x = stablehlo.add %m0, %m1 : tensor<4x75xi16>
  %y = stablehlo.add %m2, %a0 : tensor<4x75xi16>
  %zero = stablehlo.constant dense<0> : tensor<i16>
  %least = stablehlo.constant dense<-32768> : tensor<i16>
  %most = stablehlo.constant dense<32767> : tensor<i16>
  %add1 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<4x75xi16>, tensor<i16>) -> tensor<4xi16>
  %maximum1 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [1] : (tensor<4x75xi16>, tensor<i16>) -> tensor<4xi16>
  %minimum1 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [1] : (tensor<4x75xi16>, tensor<i16>) -> tensor<4xi16>
  %or1 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [1] : (tensor<4x75xi16>, tensor<i16>) -> tensor<4xi16>
  %xor1 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [1] : (tensor<4x75xi16>, tensor<i16>) -> tensor<4xi16>
  %w1 = stablehlo.convert %maximum1 : (tensor<4xi16>) -> tensor<4xi32>
  %add0 = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0] : (tensor<4x75xi16>, tensor<i16>) -> tensor<75xi16>
  %maximum0 = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [0] : (tensor<4x75xi16>, tensor<i16>) -> tensor<75xi16>
  %minimum0 = stablehlo.reduce(%x init: %most) applies stablehlo.minimum across dimensions = [0] : (tensor<4x75xi16>, tensor<i16>) -> tensor<75xi16>
  %or0 = stablehlo.reduce(%x init: %zero) applies stablehlo.or across dimensions = [0] : (tensor<4x75xi16>, tensor<i16>) -> tensor<75xi16>
  %xor0 = stablehlo.reduce(%x init: %zero) applies stablehlo.xor across dimensions = [0] : (tensor<4x75xi16>, tensor<i16>) -> tensor<75xi16>
  %w0 = stablehlo.convert %maximum0 : (tensor<75xi16>) -> tensor<75xi32>
  %p = stablehlo.compare LT, %x, %y : (tensor<4x75xi16>, tensor<4x75xi16>) -> tensor<4x75xi1>
  %false = stablehlo.constant dense<false> : tensor<i1>
  %true = stablehlo.constant dense<true> : tensor<i1>
  %por1 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [1] : (tensor<4x75xi1>, tensor<i1>) -> tensor<4xi1>
  %pand1 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [1] : (tensor<4x75xi1>, tensor<i1>) -> tensor<4xi1>
  %por0 = stablehlo.reduce(%p init: %false) applies stablehlo.or across dimensions = [0] : (tensor<4x75xi1>, tensor<i1>) -> tensor<75xi1>
  %pand0 = stablehlo.reduce(%p init: %true) applies stablehlo.and across dimensions = [0] : (tensor<4x75xi1>, tensor<i1>) -> tensor<75xi1>
  return %add1, %maximum1, %minimum1, %or1, %xor1, %w1, %add0, %maximum0, %minimum0, %or0, %xor0, %w0, %por1, %pand1, %por0, %pand0 : tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi16>, tensor<4xi32>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi16>, tensor<75xi32>, tensor<4xi1>, tensor<4xi1>, tensor<75xi1>, tensor<75xi1>
}

func.func @scalars(%a0: tensor<300xui8>, %a1: tensor<300xui8>, %s: tensor<ui8>, %p: tensor<i1>) -> (tensor<300xui8>, tensor<300xi1>, tensor<300xui8>) {
  %k0 = stablehlo.constant dense<93> : tensor<300xui8>
  %k1 = stablehlo.constant dense<41> : tensor<300xui8>
  %k2 = stablehlo.constant dense<77> : tensor<300xui8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<300xui8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<300xui8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<300xui8>
  %x = stablehlo.add %m0, %m1 : tensor<300xui8>
  %y = stablehlo.add %m2, %a0 : tensor<300xui8>
  %ones = stablehlo.broadcast_in_dim %s, dims = [] : (tensor<ui8>) -> tensor<300xui8>
  %choice = stablehlo.broadcast_in_dim %p, dims = [] : (tensor<i1>) -> tensor<300xi1>
  %sum = stablehlo.add %x, %ones : tensor<300xui8>
  %below = stablehlo.compare LT, %x, %ones : (tensor<300xui8>, tensor<300xui8>) -> tensor<300xi1>
  %either = stablehlo.xor %below, %choice : tensor<300xi1>
  %chosen = stablehlo.select %choice, %sum, %y : tensor<300xi1>, tensor<300xui8>
  return %sum, %either, %chosen : tensor<300xui8>, tensor<300xi1>, tensor<300xui8>
}

func.func @average(%a0: tensor<500xui8>, %a1: tensor<500xui8>) -> (tensor<500xui8>, tensor<500xui8>) {
  %k0 = stablehlo.constant dense<93> : tensor<500xui8>
  %k1 = stablehlo.constant dense<41> : tensor<500xui8>
  %k2 = stablehlo.constant dense<77> : tensor<500xui8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<500xui8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<500xui8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<500xui8>
  %x = stablehlo.add %m0, %m1 : tensor<500xui8>
  %y = stablehlo.add %m2, %a0 : tensor<500xui8>
  %xw = stablehlo.convert %x : (tensor<500xui8>) -> tensor<500xui16>
  %yw = stablehlo.convert %y : (tensor<500xui8>) -> tensor<500xui16>
  %one = stablehlo.constant dense<1> : tensor<500xui16>
  %s = stablehlo.add %xw, %yw : tensor<500xui16>
  %r = stablehlo.add %s, %one : tensor<500xui16>
  %h = stablehlo.shift_right_logical %r, %one : tensor<500xui16>
  %b = stablehlo.convert %h : (tensor<500xui16>) -> tensor<500xui8>
  %product = stablehlo.multiply %xw, %yw : tensor<500xui16>
  %eight = stablehlo.constant dense<8> : tensor<500xui16>
  %high = stablehlo.shift_right_logical %product, %eight : tensor<500xui16>
  %scaled = stablehlo.convert %high : (tensor<500xui16>) -> tensor<500xui8>
  return %b, %scaled : tensor<500xui8>, tensor<500xui8>
}

func.func @in_threads(%a0: tensor<40003xi8>, %a1: tensor<40003xi8>) -> (tensor<40003xi8>) {
  %k0 = stablehlo.constant dense<93> : tensor<40003xi8>
  %k1 = stablehlo.constant dense<41> : tensor<40003xi8>
  %k2 = stablehlo.constant dense<77> : tensor<40003xi8>
  %m0 = stablehlo.multiply %a0, %k0 : tensor<40003xi8>
  %m1 = stablehlo.multiply %a1, %k1 : tensor<40003xi8>
  %m2 = stablehlo.multiply %a1, %k2 : tensor<40003xi8>
  %x = stablehlo.add %m0, %m1 : tensor<40003xi8>
  %y = stablehlo.add %m2, %a0 : tensor<40003xi8>
  %m = stablehlo.maximum %x, %y : tensor<40003xi8>
  %d = stablehlo.subtract %m, %y : tensor<40003xi8>
  return %d : tensor<40003xi8>
}
