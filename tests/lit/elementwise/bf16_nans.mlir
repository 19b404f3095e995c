// SPDX-License-Identifier: Apache-2.0
// Rounding to bf16 keeps every NaN one: arithmetic on all 65536 patterns with themselves, with NaNs whose mantissas are all ones, and
// with f32 NaNs that have low bits only.
// RUN: skarn run %s --compare interp
// RUN: skarn run %s --compare loop
// RUN: skarn run %s --save %t && %python -c "import numpy as np; a, b, c, d, e = (np.load(f'%t/out{i}.npy') for i in range(5)); assert (a == e).all() and (b == e).all() and c.all() and d.all() and e.sum() == 254"

func.func @main() -> (tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>) {
  %0 = stablehlo.iota dim = 0 : tensor<65536xui16>
  %x = stablehlo.bitcast_convert %0 : (tensor<65536xui16>) -> tensor<65536xbf16>
  %one = stablehlo.constant dense<1.0> : tensor<65536xbf16>
  %ones = stablehlo.constant dense<0x7FFF> : tensor<65536xbf16>
  %low = stablehlo.constant dense<0x7FC0FFFF> : tensor<65536xf32>
  %s = stablehlo.add %x, %one : tensor<65536xbf16>
  %m = stablehlo.multiply %s, %one : tensor<65536xbf16>
  %n = stablehlo.subtract %x, %ones : tensor<65536xbf16>
  %f = stablehlo.convert %x : (tensor<65536xbf16>) -> tensor<65536xf32>
  %g = stablehlo.add %f, %low : tensor<65536xf32>
  %c = stablehlo.convert %g : (tensor<65536xf32>) -> tensor<65536xbf16>
  %r0 = stablehlo.compare NE, %s, %s : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %r1 = stablehlo.compare NE, %m, %m : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %r2 = stablehlo.compare NE, %n, %n : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %r3 = stablehlo.compare NE, %c, %c : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %r4 = stablehlo.compare NE, %x, %x : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  return %r0, %r1, %r2, %r3, %r4 : tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>, tensor<65536xi1>
}
