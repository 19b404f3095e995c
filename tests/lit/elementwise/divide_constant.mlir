// SPDX-License-Identifier: Apache-2.0
// Division by constants is a product (gen/gen_divide.c): quotients and remainders of extremes, and of what lies around powers of two.
// RUN: skarn run %s --entry s32 --compare interp && skarn run %s --entry s32 --compare loop
// RUN: skarn run %s --entry u32 --compare interp && skarn run %s --entry u32 --compare loop
// RUN: skarn run %s --entry s64 --compare interp && skarn run %s --entry s64 --compare loop
// RUN: skarn run %s --entry u64 --compare interp && skarn run %s --entry u64 --compare loop

func.func @s32() -> (tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>) {
  %x = stablehlo.constant dense<[0, 1, 2, 3, 5, 7, 9, 100, 255, 256, 1000003, 65535, 65536, 65537, 2147483647, 2147483646, 1073741824, 123456789, 1431655765, 2147471303, -1, -2, -3, -5, -7, -9, -100, -255, -256, -1000003, -65535, -65536, -65537, -2147483647, -2147483646, -1073741824, -123456789, -1431655765, -2147471303, -2147483648, -2147483647]> : tensor<41xi32>
  %v = stablehlo.optimization_barrier %x : tensor<41xi32>
  %d0 = stablehlo.constant dense<2> : tensor<41xi32>
  %q0 = stablehlo.divide %v, %d0 : tensor<41xi32>
  %r0 = stablehlo.remainder %v, %d0 : tensor<41xi32>
  %d1 = stablehlo.constant dense<3> : tensor<41xi32>
  %q1 = stablehlo.divide %v, %d1 : tensor<41xi32>
  %r1 = stablehlo.remainder %v, %d1 : tensor<41xi32>
  %d2 = stablehlo.constant dense<5> : tensor<41xi32>
  %q2 = stablehlo.divide %v, %d2 : tensor<41xi32>
  %r2 = stablehlo.remainder %v, %d2 : tensor<41xi32>
  %d3 = stablehlo.constant dense<6> : tensor<41xi32>
  %q3 = stablehlo.divide %v, %d3 : tensor<41xi32>
  %r3 = stablehlo.remainder %v, %d3 : tensor<41xi32>
  %d4 = stablehlo.constant dense<7> : tensor<41xi32>
  %q4 = stablehlo.divide %v, %d4 : tensor<41xi32>
  %r4 = stablehlo.remainder %v, %d4 : tensor<41xi32>
  %d5 = stablehlo.constant dense<9> : tensor<41xi32>
  %q5 = stablehlo.divide %v, %d5 : tensor<41xi32>
  %r5 = stablehlo.remainder %v, %d5 : tensor<41xi32>
  %d6 = stablehlo.constant dense<10> : tensor<41xi32>
  %q6 = stablehlo.divide %v, %d6 : tensor<41xi32>
  %r6 = stablehlo.remainder %v, %d6 : tensor<41xi32>
  %d7 = stablehlo.constant dense<100> : tensor<41xi32>
  %q7 = stablehlo.divide %v, %d7 : tensor<41xi32>
  %r7 = stablehlo.remainder %v, %d7 : tensor<41xi32>
  %d8 = stablehlo.constant dense<641> : tensor<41xi32>
  %q8 = stablehlo.divide %v, %d8 : tensor<41xi32>
  %r8 = stablehlo.remainder %v, %d8 : tensor<41xi32>
  %d9 = stablehlo.constant dense<1000003> : tensor<41xi32>
  %q9 = stablehlo.divide %v, %d9 : tensor<41xi32>
  %r9 = stablehlo.remainder %v, %d9 : tensor<41xi32>
  %d10 = stablehlo.constant dense<65537> : tensor<41xi32>
  %q10 = stablehlo.divide %v, %d10 : tensor<41xi32>
  %r10 = stablehlo.remainder %v, %d10 : tensor<41xi32>
  %d11 = stablehlo.constant dense<1073741823> : tensor<41xi32>
  %q11 = stablehlo.divide %v, %d11 : tensor<41xi32>
  %r11 = stablehlo.remainder %v, %d11 : tensor<41xi32>
  %d12 = stablehlo.constant dense<1073741825> : tensor<41xi32>
  %q12 = stablehlo.divide %v, %d12 : tensor<41xi32>
  %r12 = stablehlo.remainder %v, %d12 : tensor<41xi32>
  %d13 = stablehlo.constant dense<2147483647> : tensor<41xi32>
  %q13 = stablehlo.divide %v, %d13 : tensor<41xi32>
  %r13 = stablehlo.remainder %v, %d13 : tensor<41xi32>
  %d14 = stablehlo.constant dense<-3> : tensor<41xi32>
  %q14 = stablehlo.divide %v, %d14 : tensor<41xi32>
  %r14 = stablehlo.remainder %v, %d14 : tensor<41xi32>
  %d15 = stablehlo.constant dense<1> : tensor<41xi32>
  %q15 = stablehlo.divide %v, %d15 : tensor<41xi32>
  %r15 = stablehlo.remainder %v, %d15 : tensor<41xi32>
  return %q0, %r0, %q1, %r1, %q2, %r2, %q3, %r3, %q4, %r4, %q5, %r5, %q6, %r6, %q7, %r7, %q8, %r8, %q9, %r9, %q10, %r10, %q11, %r11, %q12, %r12, %q13, %r13, %q14, %r14, %q15, %r15 : tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>, tensor<41xi32>
}

func.func @u32() -> (tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>) {
  %x = stablehlo.constant dense<[0, 1, 2, 3, 5, 7, 9, 100, 255, 256, 1000003, 65535, 65536, 65537, 2147483647, 2147483646, 1073741824, 123456789, 1431655765, 2147471303, 4294967295, 4294967294, 2147483648, 2147483649, 4294954951, 4294901760, 2863311530]> : tensor<27xui32>
  %v = stablehlo.optimization_barrier %x : tensor<27xui32>
  %d0 = stablehlo.constant dense<2> : tensor<27xui32>
  %q0 = stablehlo.divide %v, %d0 : tensor<27xui32>
  %r0 = stablehlo.remainder %v, %d0 : tensor<27xui32>
  %d1 = stablehlo.constant dense<3> : tensor<27xui32>
  %q1 = stablehlo.divide %v, %d1 : tensor<27xui32>
  %r1 = stablehlo.remainder %v, %d1 : tensor<27xui32>
  %d2 = stablehlo.constant dense<5> : tensor<27xui32>
  %q2 = stablehlo.divide %v, %d2 : tensor<27xui32>
  %r2 = stablehlo.remainder %v, %d2 : tensor<27xui32>
  %d3 = stablehlo.constant dense<6> : tensor<27xui32>
  %q3 = stablehlo.divide %v, %d3 : tensor<27xui32>
  %r3 = stablehlo.remainder %v, %d3 : tensor<27xui32>
  %d4 = stablehlo.constant dense<7> : tensor<27xui32>
  %q4 = stablehlo.divide %v, %d4 : tensor<27xui32>
  %r4 = stablehlo.remainder %v, %d4 : tensor<27xui32>
  %d5 = stablehlo.constant dense<10> : tensor<27xui32>
  %q5 = stablehlo.divide %v, %d5 : tensor<27xui32>
  %r5 = stablehlo.remainder %v, %d5 : tensor<27xui32>
  %d6 = stablehlo.constant dense<28> : tensor<27xui32>
  %q6 = stablehlo.divide %v, %d6 : tensor<27xui32>
  %r6 = stablehlo.remainder %v, %d6 : tensor<27xui32>
  %d7 = stablehlo.constant dense<641> : tensor<27xui32>
  %q7 = stablehlo.divide %v, %d7 : tensor<27xui32>
  %r7 = stablehlo.remainder %v, %d7 : tensor<27xui32>
  %d8 = stablehlo.constant dense<1000003> : tensor<27xui32>
  %q8 = stablehlo.divide %v, %d8 : tensor<27xui32>
  %r8 = stablehlo.remainder %v, %d8 : tensor<27xui32>
  %d9 = stablehlo.constant dense<65537> : tensor<27xui32>
  %q9 = stablehlo.divide %v, %d9 : tensor<27xui32>
  %r9 = stablehlo.remainder %v, %d9 : tensor<27xui32>
  %d10 = stablehlo.constant dense<2147483647> : tensor<27xui32>
  %q10 = stablehlo.divide %v, %d10 : tensor<27xui32>
  %r10 = stablehlo.remainder %v, %d10 : tensor<27xui32>
  %d11 = stablehlo.constant dense<2147483648> : tensor<27xui32>
  %q11 = stablehlo.divide %v, %d11 : tensor<27xui32>
  %r11 = stablehlo.remainder %v, %d11 : tensor<27xui32>
  %d12 = stablehlo.constant dense<2147483649> : tensor<27xui32>
  %q12 = stablehlo.divide %v, %d12 : tensor<27xui32>
  %r12 = stablehlo.remainder %v, %d12 : tensor<27xui32>
  %d13 = stablehlo.constant dense<4294967295> : tensor<27xui32>
  %q13 = stablehlo.divide %v, %d13 : tensor<27xui32>
  %r13 = stablehlo.remainder %v, %d13 : tensor<27xui32>
  %d14 = stablehlo.constant dense<1> : tensor<27xui32>
  %q14 = stablehlo.divide %v, %d14 : tensor<27xui32>
  %r14 = stablehlo.remainder %v, %d14 : tensor<27xui32>
  return %q0, %r0, %q1, %r1, %q2, %r2, %q3, %r3, %q4, %r4, %q5, %r5, %q6, %r6, %q7, %r7, %q8, %r8, %q9, %r9, %q10, %r10, %q11, %r11, %q12, %r12, %q13, %r13, %q14, %r14 : tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>, tensor<27xui32>
}

func.func @s64() -> (tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>) {
  %x = stablehlo.constant dense<[0, 1, 2, 3, 5, 7, 9, 100, 255, 256, 1000003, 4294967295, 4294967296, 4294967297, 9223372036854775807, 9223372036854775806, 4611686018427387904, 123456789, 6148914691236517205, 9223372036854763463, -1, -2, -3, -5, -7, -9, -100, -255, -256, -1000003, -4294967295, -4294967296, -4294967297, -9223372036854775807, -9223372036854775806, -4611686018427387904, -123456789, -6148914691236517205, -9223372036854763463, -9223372036854775808, -9223372036854775807]> : tensor<41xi64>
  %v = stablehlo.optimization_barrier %x : tensor<41xi64>
  %d0 = stablehlo.constant dense<2> : tensor<41xi64>
  %q0 = stablehlo.divide %v, %d0 : tensor<41xi64>
  %r0 = stablehlo.remainder %v, %d0 : tensor<41xi64>
  %d1 = stablehlo.constant dense<3> : tensor<41xi64>
  %q1 = stablehlo.divide %v, %d1 : tensor<41xi64>
  %r1 = stablehlo.remainder %v, %d1 : tensor<41xi64>
  %d2 = stablehlo.constant dense<5> : tensor<41xi64>
  %q2 = stablehlo.divide %v, %d2 : tensor<41xi64>
  %r2 = stablehlo.remainder %v, %d2 : tensor<41xi64>
  %d3 = stablehlo.constant dense<6> : tensor<41xi64>
  %q3 = stablehlo.divide %v, %d3 : tensor<41xi64>
  %r3 = stablehlo.remainder %v, %d3 : tensor<41xi64>
  %d4 = stablehlo.constant dense<7> : tensor<41xi64>
  %q4 = stablehlo.divide %v, %d4 : tensor<41xi64>
  %r4 = stablehlo.remainder %v, %d4 : tensor<41xi64>
  %d5 = stablehlo.constant dense<9> : tensor<41xi64>
  %q5 = stablehlo.divide %v, %d5 : tensor<41xi64>
  %r5 = stablehlo.remainder %v, %d5 : tensor<41xi64>
  %d6 = stablehlo.constant dense<10> : tensor<41xi64>
  %q6 = stablehlo.divide %v, %d6 : tensor<41xi64>
  %r6 = stablehlo.remainder %v, %d6 : tensor<41xi64>
  %d7 = stablehlo.constant dense<641> : tensor<41xi64>
  %q7 = stablehlo.divide %v, %d7 : tensor<41xi64>
  %r7 = stablehlo.remainder %v, %d7 : tensor<41xi64>
  %d8 = stablehlo.constant dense<1000003> : tensor<41xi64>
  %q8 = stablehlo.divide %v, %d8 : tensor<41xi64>
  %r8 = stablehlo.remainder %v, %d8 : tensor<41xi64>
  %d9 = stablehlo.constant dense<4294967295> : tensor<41xi64>
  %q9 = stablehlo.divide %v, %d9 : tensor<41xi64>
  %r9 = stablehlo.remainder %v, %d9 : tensor<41xi64>
  %d10 = stablehlo.constant dense<4294967296> : tensor<41xi64>
  %q10 = stablehlo.divide %v, %d10 : tensor<41xi64>
  %r10 = stablehlo.remainder %v, %d10 : tensor<41xi64>
  %d11 = stablehlo.constant dense<4294967297> : tensor<41xi64>
  %q11 = stablehlo.divide %v, %d11 : tensor<41xi64>
  %r11 = stablehlo.remainder %v, %d11 : tensor<41xi64>
  %d12 = stablehlo.constant dense<1000000000039> : tensor<41xi64>
  %q12 = stablehlo.divide %v, %d12 : tensor<41xi64>
  %r12 = stablehlo.remainder %v, %d12 : tensor<41xi64>
  %d13 = stablehlo.constant dense<4611686018427387905> : tensor<41xi64>
  %q13 = stablehlo.divide %v, %d13 : tensor<41xi64>
  %r13 = stablehlo.remainder %v, %d13 : tensor<41xi64>
  %d14 = stablehlo.constant dense<9223372036854775807> : tensor<41xi64>
  %q14 = stablehlo.divide %v, %d14 : tensor<41xi64>
  %r14 = stablehlo.remainder %v, %d14 : tensor<41xi64>
  %d15 = stablehlo.constant dense<-7> : tensor<41xi64>
  %q15 = stablehlo.divide %v, %d15 : tensor<41xi64>
  %r15 = stablehlo.remainder %v, %d15 : tensor<41xi64>
  %d16 = stablehlo.constant dense<1> : tensor<41xi64>
  %q16 = stablehlo.divide %v, %d16 : tensor<41xi64>
  %r16 = stablehlo.remainder %v, %d16 : tensor<41xi64>
  return %q0, %r0, %q1, %r1, %q2, %r2, %q3, %r3, %q4, %r4, %q5, %r5, %q6, %r6, %q7, %r7, %q8, %r8, %q9, %r9, %q10, %r10, %q11, %r11, %q12, %r12, %q13, %r13, %q14, %r14, %q15, %r15, %q16, %r16 : tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>, tensor<41xi64>
}

func.func @u64() -> (tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>) {
  %x = stablehlo.constant dense<[0, 1, 2, 3, 5, 7, 9, 100, 255, 256, 1000003, 4294967295, 4294967296, 4294967297, 9223372036854775807, 9223372036854775806, 4611686018427387904, 123456789, 6148914691236517205, 9223372036854763463, 18446744073709551615, 18446744073709551614, 9223372036854775808, 9223372036854775809, 18446744073709539271, 18446744069414584320, 12297829382473034410]> : tensor<27xui64>
  %v = stablehlo.optimization_barrier %x : tensor<27xui64>
  %d0 = stablehlo.constant dense<2> : tensor<27xui64>
  %q0 = stablehlo.divide %v, %d0 : tensor<27xui64>
  %r0 = stablehlo.remainder %v, %d0 : tensor<27xui64>
  %d1 = stablehlo.constant dense<3> : tensor<27xui64>
  %q1 = stablehlo.divide %v, %d1 : tensor<27xui64>
  %r1 = stablehlo.remainder %v, %d1 : tensor<27xui64>
  %d2 = stablehlo.constant dense<5> : tensor<27xui64>
  %q2 = stablehlo.divide %v, %d2 : tensor<27xui64>
  %r2 = stablehlo.remainder %v, %d2 : tensor<27xui64>
  %d3 = stablehlo.constant dense<6> : tensor<27xui64>
  %q3 = stablehlo.divide %v, %d3 : tensor<27xui64>
  %r3 = stablehlo.remainder %v, %d3 : tensor<27xui64>
  %d4 = stablehlo.constant dense<7> : tensor<27xui64>
  %q4 = stablehlo.divide %v, %d4 : tensor<27xui64>
  %r4 = stablehlo.remainder %v, %d4 : tensor<27xui64>
  %d5 = stablehlo.constant dense<10> : tensor<27xui64>
  %q5 = stablehlo.divide %v, %d5 : tensor<27xui64>
  %r5 = stablehlo.remainder %v, %d5 : tensor<27xui64>
  %d6 = stablehlo.constant dense<28> : tensor<27xui64>
  %q6 = stablehlo.divide %v, %d6 : tensor<27xui64>
  %r6 = stablehlo.remainder %v, %d6 : tensor<27xui64>
  %d7 = stablehlo.constant dense<641> : tensor<27xui64>
  %q7 = stablehlo.divide %v, %d7 : tensor<27xui64>
  %r7 = stablehlo.remainder %v, %d7 : tensor<27xui64>
  %d8 = stablehlo.constant dense<1000003> : tensor<27xui64>
  %q8 = stablehlo.divide %v, %d8 : tensor<27xui64>
  %r8 = stablehlo.remainder %v, %d8 : tensor<27xui64>
  %d9 = stablehlo.constant dense<4294967295> : tensor<27xui64>
  %q9 = stablehlo.divide %v, %d9 : tensor<27xui64>
  %r9 = stablehlo.remainder %v, %d9 : tensor<27xui64>
  %d10 = stablehlo.constant dense<4294967297> : tensor<27xui64>
  %q10 = stablehlo.divide %v, %d10 : tensor<27xui64>
  %r10 = stablehlo.remainder %v, %d10 : tensor<27xui64>
  %d11 = stablehlo.constant dense<9223372036854775807> : tensor<27xui64>
  %q11 = stablehlo.divide %v, %d11 : tensor<27xui64>
  %r11 = stablehlo.remainder %v, %d11 : tensor<27xui64>
  %d12 = stablehlo.constant dense<9223372036854775808> : tensor<27xui64>
  %q12 = stablehlo.divide %v, %d12 : tensor<27xui64>
  %r12 = stablehlo.remainder %v, %d12 : tensor<27xui64>
  %d13 = stablehlo.constant dense<9223372036854775809> : tensor<27xui64>
  %q13 = stablehlo.divide %v, %d13 : tensor<27xui64>
  %r13 = stablehlo.remainder %v, %d13 : tensor<27xui64>
  %d14 = stablehlo.constant dense<18446744073709551615> : tensor<27xui64>
  %q14 = stablehlo.divide %v, %d14 : tensor<27xui64>
  %r14 = stablehlo.remainder %v, %d14 : tensor<27xui64>
  %d15 = stablehlo.constant dense<1> : tensor<27xui64>
  %q15 = stablehlo.divide %v, %d15 : tensor<27xui64>
  %r15 = stablehlo.remainder %v, %d15 : tensor<27xui64>
  return %q0, %r0, %q1, %r1, %q2, %r2, %q3, %r3, %q4, %r4, %q5, %r5, %q6, %r6, %q7, %r7, %q8, %r8, %q9, %r9, %q10, %r10, %q11, %r11, %q12, %r12, %q13, %r13, %q14, %r14, %q15, %r15 : tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>, tensor<27xui64>
}
