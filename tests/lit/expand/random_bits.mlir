// SPDX-License-Identifier: Apache-2.0
// Random bits in generated code are those of the interpreter, in every element type and shape, for
// counters that carry over; and so are the states that follow.
// RUN: skarn run %s --random 2 --compare interp
// RUN: skarn run %s --random 2 --isa v3 --threads 3 --compare loop:auto:1

func.func @main(%s: tensor<2xui64>, %t: tensor<3xui64>)
    -> (tensor<2xui64>, tensor<7x5xui32>, tensor<2xui64>, tensor<3x4x5xui32>,
        tensor<2xui64>, tensor<ui32>, tensor<2xui64>, tensor<ui64>,
        tensor<2xui64>, tensor<33xui64>, tensor<2xui64>, tensor<9xi8>,
        tensor<2xui64>, tensor<6x3xf32>, tensor<2xui64>, tensor<5xf64>,
        tensor<2xui64>, tensor<0x3xui32>, tensor<2xui64>, tensor<10xbf16>,
        tensor<2xui64>, tensor<1001xi64>, tensor<2xui64>, tensor<70000xui32>,
        tensor<3xui64>, tensor<7x5xui32>, tensor<3xui64>, tensor<3x4x5xui32>,
        tensor<3xui64>, tensor<ui32>, tensor<3xui64>, tensor<ui64>,
        tensor<3xui64>, tensor<33xui64>, tensor<3xui64>, tensor<9xi8>,
        tensor<3xui64>, tensor<6x3xf32>, tensor<3xui64>, tensor<5xf64>,
        tensor<3xui64>, tensor<0x3xui32>, tensor<3xui64>, tensor<10xbf16>,
        tensor<3xui64>, tensor<1001xi64>, tensor<3xui64>, tensor<70000xui32>,
        tensor<2xui64>, tensor<7x5xui32>, tensor<2xui64>, tensor<3x4x5xui32>,
        tensor<2xui64>, tensor<ui32>, tensor<2xui64>, tensor<ui64>,
        tensor<2xui64>, tensor<33xui64>, tensor<2xui64>, tensor<9xi8>,
        tensor<2xui64>, tensor<6x3xf32>, tensor<2xui64>, tensor<5xf64>,
        tensor<2xui64>, tensor<0x3xui32>, tensor<2xui64>, tensor<10xbf16>,
        tensor<2xui64>, tensor<1001xi64>, tensor<2xui64>, tensor<70000xui32>) {
  %big2 = stablehlo.constant dense<[0x9E3779B97F4A7C15, 0xFFFFFFFFFFFFFFF0]> : tensor<2xui64>
  %big3 = stablehlo.constant dense<[0xD1B54A32D192ED03, 0xFFFFFFFFFFFFFFFE, 0x123456789ABCDEF0]> : tensor<3xui64>
  %s2 = stablehlo.add %s, %big2 : tensor<2xui64>
  %s3 = stablehlo.add %t, %big3 : tensor<3xui64>
  %n0, %r0 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<7x5xui32>)
  %n1, %r1 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3x4x5xui32>)
  %n2, %r2 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<ui32>)
  %n3, %r3 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<ui64>)
  %n4, %r4 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<33xui64>)
  %n5, %r5 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<9xi8>)
  %n6, %r6 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<6x3xf32>)
  %n7, %r7 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xf64>)
  %n8, %r8 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<0x3xui32>)
  %n9, %r9 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<10xbf16>)
  %n10, %r10 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<1001xi64>)
  %n11, %r11 = stablehlo.rng_bit_generator %s2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<70000xui32>)
  %n12, %r12 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<7x5xui32>)
  %n13, %r13 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<3x4x5xui32>)
  %n14, %r14 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<ui32>)
  %n15, %r15 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<ui64>)
  %n16, %r16 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<33xui64>)
  %n17, %r17 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<9xi8>)
  %n18, %r18 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<6x3xf32>)
  %n19, %r19 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<5xf64>)
  %n20, %r20 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<0x3xui32>)
  %n21, %r21 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<10xbf16>)
  %n22, %r22 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<1001xi64>)
  %n23, %r23 = stablehlo.rng_bit_generator %s3, algorithm = PHILOX : (tensor<3xui64>) -> (tensor<3xui64>, tensor<70000xui32>)
  %n24, %r24 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<7x5xui32>)
  %n25, %r25 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<3x4x5xui32>)
  %n26, %r26 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<ui32>)
  %n27, %r27 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<ui64>)
  %n28, %r28 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<33xui64>)
  %n29, %r29 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<9xi8>)
  %n30, %r30 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<6x3xf32>)
  %n31, %r31 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<5xf64>)
  %n32, %r32 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<0x3xui32>)
  %n33, %r33 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<10xbf16>)
  %n34, %r34 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<1001xi64>)
  %n35, %r35 = stablehlo.rng_bit_generator %s2, algorithm = DEFAULT : (tensor<2xui64>) -> (tensor<2xui64>, tensor<70000xui32>)
  return %n0, %r0, %n1, %r1, %n2, %r2, %n3, %r3,
        %n4, %r4, %n5, %r5, %n6, %r6, %n7, %r7,
        %n8, %r8, %n9, %r9, %n10, %r10, %n11, %r11,
        %n12, %r12, %n13, %r13, %n14, %r14, %n15, %r15,
        %n16, %r16, %n17, %r17, %n18, %r18, %n19, %r19,
        %n20, %r20, %n21, %r21, %n22, %r22, %n23, %r23,
        %n24, %r24, %n25, %r25, %n26, %r26, %n27, %r27,
        %n28, %r28, %n29, %r29, %n30, %r30, %n31, %r31,
        %n32, %r32, %n33, %r33, %n34, %r34, %n35, %r35
      : tensor<2xui64>, tensor<7x5xui32>, tensor<2xui64>, tensor<3x4x5xui32>,
        tensor<2xui64>, tensor<ui32>, tensor<2xui64>, tensor<ui64>,
        tensor<2xui64>, tensor<33xui64>, tensor<2xui64>, tensor<9xi8>,
        tensor<2xui64>, tensor<6x3xf32>, tensor<2xui64>, tensor<5xf64>,
        tensor<2xui64>, tensor<0x3xui32>, tensor<2xui64>, tensor<10xbf16>,
        tensor<2xui64>, tensor<1001xi64>, tensor<2xui64>, tensor<70000xui32>,
        tensor<3xui64>, tensor<7x5xui32>, tensor<3xui64>, tensor<3x4x5xui32>,
        tensor<3xui64>, tensor<ui32>, tensor<3xui64>, tensor<ui64>,
        tensor<3xui64>, tensor<33xui64>, tensor<3xui64>, tensor<9xi8>,
        tensor<3xui64>, tensor<6x3xf32>, tensor<3xui64>, tensor<5xf64>,
        tensor<3xui64>, tensor<0x3xui32>, tensor<3xui64>, tensor<10xbf16>,
        tensor<3xui64>, tensor<1001xi64>, tensor<3xui64>, tensor<70000xui32>,
        tensor<2xui64>, tensor<7x5xui32>, tensor<2xui64>, tensor<3x4x5xui32>,
        tensor<2xui64>, tensor<ui32>, tensor<2xui64>, tensor<ui64>,
        tensor<2xui64>, tensor<33xui64>, tensor<2xui64>, tensor<9xi8>,
        tensor<2xui64>, tensor<6x3xf32>, tensor<2xui64>, tensor<5xf64>,
        tensor<2xui64>, tensor<0x3xui32>, tensor<2xui64>, tensor<10xbf16>,
        tensor<2xui64>, tensor<1001xi64>, tensor<2xui64>, tensor<70000xui32>
}
