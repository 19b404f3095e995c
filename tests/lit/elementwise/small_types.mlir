// SPDX-License-Identifier: Apache-2.0
// Every binary operation on every pair of values of the small integer types and on every value of small float types with every fifth
// one; every unary operation on every value: generated code, loop runner and interpreter agree. Small floats are compared as patterns,
// NaNs made equal first.
// RUN: skarn run %s --compare interp
// RUN: skarn run %s --compare loop

func.func @main() -> (
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>,
    tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>) {
  %1 = stablehlo.iota dim = 0 : tensor<4x4xi32>
  %2 = stablehlo.convert %1 : (tensor<4x4xi32>) -> tensor<4x4xi2>
  %3 = stablehlo.iota dim = 1 : tensor<4x4xi32>
  %4 = stablehlo.convert %3 : (tensor<4x4xi32>) -> tensor<4x4xi2>
  %5 = stablehlo.add %2, %4 : tensor<4x4xi2>
  %6 = stablehlo.subtract %2, %4 : tensor<4x4xi2>
  %7 = stablehlo.multiply %2, %4 : tensor<4x4xi2>
  %8 = stablehlo.divide %2, %4 : tensor<4x4xi2>
  %9 = stablehlo.remainder %2, %4 : tensor<4x4xi2>
  %10 = stablehlo.maximum %2, %4 : tensor<4x4xi2>
  %11 = stablehlo.minimum %2, %4 : tensor<4x4xi2>
  %12 = stablehlo.and %2, %4 : tensor<4x4xi2>
  %13 = stablehlo.or %2, %4 : tensor<4x4xi2>
  %14 = stablehlo.xor %2, %4 : tensor<4x4xi2>
  %15 = stablehlo.shift_left %2, %4 : tensor<4x4xi2>
  %16 = stablehlo.shift_right_arithmetic %2, %4 : tensor<4x4xi2>
  %17 = stablehlo.shift_right_logical %2, %4 : tensor<4x4xi2>
  %18 = stablehlo.power %2, %4 : tensor<4x4xi2>
  %19 = chlo.mulhi %2, %4 : tensor<4x4xi2>, tensor<4x4xi2> -> tensor<4x4xi2>
  %20 = stablehlo.negate %2 : tensor<4x4xi2>
  %21 = stablehlo.not %2 : tensor<4x4xi2>
  %22 = stablehlo.popcnt %2 : tensor<4x4xi2>
  %23 = stablehlo.count_leading_zeros %2 : tensor<4x4xi2>
  %24 = stablehlo.abs %2 : tensor<4x4xi2>
  %25 = stablehlo.sign %2 : tensor<4x4xi2>
  %26 = stablehlo.iota dim = 0 : tensor<4x4xi32>
  %27 = stablehlo.convert %26 : (tensor<4x4xi32>) -> tensor<4x4xui2>
  %28 = stablehlo.iota dim = 1 : tensor<4x4xi32>
  %29 = stablehlo.convert %28 : (tensor<4x4xi32>) -> tensor<4x4xui2>
  %30 = stablehlo.add %27, %29 : tensor<4x4xui2>
  %31 = stablehlo.subtract %27, %29 : tensor<4x4xui2>
  %32 = stablehlo.multiply %27, %29 : tensor<4x4xui2>
  %33 = stablehlo.divide %27, %29 : tensor<4x4xui2>
  %34 = stablehlo.remainder %27, %29 : tensor<4x4xui2>
  %35 = stablehlo.maximum %27, %29 : tensor<4x4xui2>
  %36 = stablehlo.minimum %27, %29 : tensor<4x4xui2>
  %37 = stablehlo.and %27, %29 : tensor<4x4xui2>
  %38 = stablehlo.or %27, %29 : tensor<4x4xui2>
  %39 = stablehlo.xor %27, %29 : tensor<4x4xui2>
  %40 = stablehlo.shift_left %27, %29 : tensor<4x4xui2>
  %41 = stablehlo.shift_right_arithmetic %27, %29 : tensor<4x4xui2>
  %42 = stablehlo.shift_right_logical %27, %29 : tensor<4x4xui2>
  %43 = stablehlo.power %27, %29 : tensor<4x4xui2>
  %44 = chlo.mulhi %27, %29 : tensor<4x4xui2>, tensor<4x4xui2> -> tensor<4x4xui2>
  %45 = stablehlo.negate %27 : tensor<4x4xui2>
  %46 = stablehlo.not %27 : tensor<4x4xui2>
  %47 = stablehlo.popcnt %27 : tensor<4x4xui2>
  %48 = stablehlo.count_leading_zeros %27 : tensor<4x4xui2>
  %49 = stablehlo.iota dim = 0 : tensor<16x16xi32>
  %50 = stablehlo.convert %49 : (tensor<16x16xi32>) -> tensor<16x16xi4>
  %51 = stablehlo.iota dim = 1 : tensor<16x16xi32>
  %52 = stablehlo.convert %51 : (tensor<16x16xi32>) -> tensor<16x16xi4>
  %53 = stablehlo.add %50, %52 : tensor<16x16xi4>
  %54 = stablehlo.subtract %50, %52 : tensor<16x16xi4>
  %55 = stablehlo.multiply %50, %52 : tensor<16x16xi4>
  %56 = stablehlo.divide %50, %52 : tensor<16x16xi4>
  %57 = stablehlo.remainder %50, %52 : tensor<16x16xi4>
  %58 = stablehlo.maximum %50, %52 : tensor<16x16xi4>
  %59 = stablehlo.minimum %50, %52 : tensor<16x16xi4>
  %60 = stablehlo.and %50, %52 : tensor<16x16xi4>
  %61 = stablehlo.or %50, %52 : tensor<16x16xi4>
  %62 = stablehlo.xor %50, %52 : tensor<16x16xi4>
  %63 = stablehlo.shift_left %50, %52 : tensor<16x16xi4>
  %64 = stablehlo.shift_right_arithmetic %50, %52 : tensor<16x16xi4>
  %65 = stablehlo.shift_right_logical %50, %52 : tensor<16x16xi4>
  %66 = stablehlo.power %50, %52 : tensor<16x16xi4>
  %67 = chlo.mulhi %50, %52 : tensor<16x16xi4>, tensor<16x16xi4> -> tensor<16x16xi4>
  %68 = stablehlo.negate %50 : tensor<16x16xi4>
  %69 = stablehlo.not %50 : tensor<16x16xi4>
  %70 = stablehlo.popcnt %50 : tensor<16x16xi4>
  %71 = stablehlo.count_leading_zeros %50 : tensor<16x16xi4>
  %72 = stablehlo.abs %50 : tensor<16x16xi4>
  %73 = stablehlo.sign %50 : tensor<16x16xi4>
  %74 = stablehlo.iota dim = 0 : tensor<16x16xi32>
  %75 = stablehlo.convert %74 : (tensor<16x16xi32>) -> tensor<16x16xui4>
  %76 = stablehlo.iota dim = 1 : tensor<16x16xi32>
  %77 = stablehlo.convert %76 : (tensor<16x16xi32>) -> tensor<16x16xui4>
  %78 = stablehlo.add %75, %77 : tensor<16x16xui4>
  %79 = stablehlo.subtract %75, %77 : tensor<16x16xui4>
  %80 = stablehlo.multiply %75, %77 : tensor<16x16xui4>
  %81 = stablehlo.divide %75, %77 : tensor<16x16xui4>
  %82 = stablehlo.remainder %75, %77 : tensor<16x16xui4>
  %83 = stablehlo.maximum %75, %77 : tensor<16x16xui4>
  %84 = stablehlo.minimum %75, %77 : tensor<16x16xui4>
  %85 = stablehlo.and %75, %77 : tensor<16x16xui4>
  %86 = stablehlo.or %75, %77 : tensor<16x16xui4>
  %87 = stablehlo.xor %75, %77 : tensor<16x16xui4>
  %88 = stablehlo.shift_left %75, %77 : tensor<16x16xui4>
  %89 = stablehlo.shift_right_arithmetic %75, %77 : tensor<16x16xui4>
  %90 = stablehlo.shift_right_logical %75, %77 : tensor<16x16xui4>
  %91 = stablehlo.power %75, %77 : tensor<16x16xui4>
  %92 = chlo.mulhi %75, %77 : tensor<16x16xui4>, tensor<16x16xui4> -> tensor<16x16xui4>
  %93 = stablehlo.negate %75 : tensor<16x16xui4>
  %94 = stablehlo.not %75 : tensor<16x16xui4>
  %95 = stablehlo.popcnt %75 : tensor<16x16xui4>
  %96 = stablehlo.count_leading_zeros %75 : tensor<16x16xui4>
  %97 = stablehlo.iota dim = 0 : tensor<256x256xi32>
  %98 = stablehlo.convert %97 : (tensor<256x256xi32>) -> tensor<256x256xi8>
  %99 = stablehlo.iota dim = 1 : tensor<256x256xi32>
  %100 = stablehlo.convert %99 : (tensor<256x256xi32>) -> tensor<256x256xi8>
  %101 = stablehlo.add %98, %100 : tensor<256x256xi8>
  %102 = stablehlo.subtract %98, %100 : tensor<256x256xi8>
  %103 = stablehlo.multiply %98, %100 : tensor<256x256xi8>
  %104 = stablehlo.divide %98, %100 : tensor<256x256xi8>
  %105 = stablehlo.remainder %98, %100 : tensor<256x256xi8>
  %106 = stablehlo.maximum %98, %100 : tensor<256x256xi8>
  %107 = stablehlo.minimum %98, %100 : tensor<256x256xi8>
  %108 = stablehlo.and %98, %100 : tensor<256x256xi8>
  %109 = stablehlo.or %98, %100 : tensor<256x256xi8>
  %110 = stablehlo.xor %98, %100 : tensor<256x256xi8>
  %111 = stablehlo.shift_left %98, %100 : tensor<256x256xi8>
  %112 = stablehlo.shift_right_arithmetic %98, %100 : tensor<256x256xi8>
  %113 = stablehlo.shift_right_logical %98, %100 : tensor<256x256xi8>
  %114 = stablehlo.power %98, %100 : tensor<256x256xi8>
  %115 = chlo.mulhi %98, %100 : tensor<256x256xi8>, tensor<256x256xi8> -> tensor<256x256xi8>
  %116 = stablehlo.negate %98 : tensor<256x256xi8>
  %117 = stablehlo.not %98 : tensor<256x256xi8>
  %118 = stablehlo.popcnt %98 : tensor<256x256xi8>
  %119 = stablehlo.count_leading_zeros %98 : tensor<256x256xi8>
  %120 = stablehlo.abs %98 : tensor<256x256xi8>
  %121 = stablehlo.sign %98 : tensor<256x256xi8>
  %122 = stablehlo.iota dim = 0 : tensor<256x256xi32>
  %123 = stablehlo.convert %122 : (tensor<256x256xi32>) -> tensor<256x256xui8>
  %124 = stablehlo.iota dim = 1 : tensor<256x256xi32>
  %125 = stablehlo.convert %124 : (tensor<256x256xi32>) -> tensor<256x256xui8>
  %126 = stablehlo.add %123, %125 : tensor<256x256xui8>
  %127 = stablehlo.subtract %123, %125 : tensor<256x256xui8>
  %128 = stablehlo.multiply %123, %125 : tensor<256x256xui8>
  %129 = stablehlo.divide %123, %125 : tensor<256x256xui8>
  %130 = stablehlo.remainder %123, %125 : tensor<256x256xui8>
  %131 = stablehlo.maximum %123, %125 : tensor<256x256xui8>
  %132 = stablehlo.minimum %123, %125 : tensor<256x256xui8>
  %133 = stablehlo.and %123, %125 : tensor<256x256xui8>
  %134 = stablehlo.or %123, %125 : tensor<256x256xui8>
  %135 = stablehlo.xor %123, %125 : tensor<256x256xui8>
  %136 = stablehlo.shift_left %123, %125 : tensor<256x256xui8>
  %137 = stablehlo.shift_right_arithmetic %123, %125 : tensor<256x256xui8>
  %138 = stablehlo.shift_right_logical %123, %125 : tensor<256x256xui8>
  %139 = stablehlo.power %123, %125 : tensor<256x256xui8>
  %140 = chlo.mulhi %123, %125 : tensor<256x256xui8>, tensor<256x256xui8> -> tensor<256x256xui8>
  %141 = stablehlo.negate %123 : tensor<256x256xui8>
  %142 = stablehlo.not %123 : tensor<256x256xui8>
  %143 = stablehlo.popcnt %123 : tensor<256x256xui8>
  %144 = stablehlo.count_leading_zeros %123 : tensor<256x256xui8>
  %145 = stablehlo.constant dense<5> : tensor<256x52xui8>
  %146 = stablehlo.iota dim = 0 : tensor<256x52xui8>
  %147 = stablehlo.bitcast_convert %146 : (tensor<256x52xui8>) -> tensor<256x52xf8E5M2>
  %148 = stablehlo.iota dim = 1 : tensor<256x52xui8>
  %149 = stablehlo.multiply %148, %145 : tensor<256x52xui8>
  %150 = stablehlo.bitcast_convert %149 : (tensor<256x52xui8>) -> tensor<256x52xf8E5M2>
  %151 = stablehlo.constant dense<254> : tensor<256x52xui8>
  %152 = stablehlo.add %147, %150 : tensor<256x52xf8E5M2>
  %153 = stablehlo.subtract %147, %150 : tensor<256x52xf8E5M2>
  %154 = stablehlo.multiply %147, %150 : tensor<256x52xf8E5M2>
  %155 = stablehlo.divide %147, %150 : tensor<256x52xf8E5M2>
  %156 = stablehlo.remainder %147, %150 : tensor<256x52xf8E5M2>
  %157 = stablehlo.maximum %147, %150 : tensor<256x52xf8E5M2>
  %158 = stablehlo.minimum %147, %150 : tensor<256x52xf8E5M2>
  %159 = stablehlo.power %147, %150 : tensor<256x52xf8E5M2>
  %160 = stablehlo.atan2 %147, %150 : tensor<256x52xf8E5M2>
  %161 = chlo.next_after %147, %150 : tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2> -> tensor<256x52xf8E5M2>
  %162 = stablehlo.abs %147 : tensor<256x52xf8E5M2>
  %163 = stablehlo.negate %147 : tensor<256x52xf8E5M2>
  %164 = stablehlo.sign %147 : tensor<256x52xf8E5M2>
  %165 = stablehlo.floor %147 : tensor<256x52xf8E5M2>
  %166 = stablehlo.ceil %147 : tensor<256x52xf8E5M2>
  %167 = stablehlo.round_nearest_afz %147 : tensor<256x52xf8E5M2>
  %168 = stablehlo.round_nearest_even %147 : tensor<256x52xf8E5M2>
  %169 = stablehlo.sqrt %147 : tensor<256x52xf8E5M2>
  %170 = stablehlo.rsqrt %147 : tensor<256x52xf8E5M2>
  %171 = stablehlo.cbrt %147 : tensor<256x52xf8E5M2>
  %172 = stablehlo.exponential %147 : tensor<256x52xf8E5M2>
  %173 = stablehlo.log %147 : tensor<256x52xf8E5M2>
  %174 = stablehlo.tanh %147 : tensor<256x52xf8E5M2>
  %175 = stablehlo.logistic %147 : tensor<256x52xf8E5M2>
  %176 = stablehlo.sine %147 : tensor<256x52xf8E5M2>
  %177 = stablehlo.cosine %147 : tensor<256x52xf8E5M2>
  %178 = stablehlo.compare NE, %152, %152 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %179 = stablehlo.bitcast_convert %152 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %180 = stablehlo.select %178, %151, %179 : tensor<256x52xi1>, tensor<256x52xui8>
  %181 = stablehlo.compare NE, %153, %153 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %182 = stablehlo.bitcast_convert %153 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %183 = stablehlo.select %181, %151, %182 : tensor<256x52xi1>, tensor<256x52xui8>
  %184 = stablehlo.compare NE, %154, %154 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %185 = stablehlo.bitcast_convert %154 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %186 = stablehlo.select %184, %151, %185 : tensor<256x52xi1>, tensor<256x52xui8>
  %187 = stablehlo.compare NE, %155, %155 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %188 = stablehlo.bitcast_convert %155 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %189 = stablehlo.select %187, %151, %188 : tensor<256x52xi1>, tensor<256x52xui8>
  %190 = stablehlo.compare NE, %156, %156 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %191 = stablehlo.bitcast_convert %156 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %192 = stablehlo.select %190, %151, %191 : tensor<256x52xi1>, tensor<256x52xui8>
  %193 = stablehlo.compare NE, %157, %157 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %194 = stablehlo.bitcast_convert %157 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %195 = stablehlo.select %193, %151, %194 : tensor<256x52xi1>, tensor<256x52xui8>
  %196 = stablehlo.compare NE, %158, %158 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %197 = stablehlo.bitcast_convert %158 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %198 = stablehlo.select %196, %151, %197 : tensor<256x52xi1>, tensor<256x52xui8>
  %199 = stablehlo.compare NE, %159, %159 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %200 = stablehlo.bitcast_convert %159 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %201 = stablehlo.select %199, %151, %200 : tensor<256x52xi1>, tensor<256x52xui8>
  %202 = stablehlo.compare NE, %160, %160 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %203 = stablehlo.bitcast_convert %160 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %204 = stablehlo.select %202, %151, %203 : tensor<256x52xi1>, tensor<256x52xui8>
  %205 = stablehlo.compare NE, %161, %161 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %206 = stablehlo.bitcast_convert %161 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %207 = stablehlo.select %205, %151, %206 : tensor<256x52xi1>, tensor<256x52xui8>
  %208 = stablehlo.compare NE, %162, %162 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %209 = stablehlo.bitcast_convert %162 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %210 = stablehlo.select %208, %151, %209 : tensor<256x52xi1>, tensor<256x52xui8>
  %211 = stablehlo.compare NE, %163, %163 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %212 = stablehlo.bitcast_convert %163 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %213 = stablehlo.select %211, %151, %212 : tensor<256x52xi1>, tensor<256x52xui8>
  %214 = stablehlo.compare NE, %164, %164 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %215 = stablehlo.bitcast_convert %164 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %216 = stablehlo.select %214, %151, %215 : tensor<256x52xi1>, tensor<256x52xui8>
  %217 = stablehlo.compare NE, %165, %165 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %218 = stablehlo.bitcast_convert %165 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %219 = stablehlo.select %217, %151, %218 : tensor<256x52xi1>, tensor<256x52xui8>
  %220 = stablehlo.compare NE, %166, %166 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %221 = stablehlo.bitcast_convert %166 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %222 = stablehlo.select %220, %151, %221 : tensor<256x52xi1>, tensor<256x52xui8>
  %223 = stablehlo.compare NE, %167, %167 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %224 = stablehlo.bitcast_convert %167 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %225 = stablehlo.select %223, %151, %224 : tensor<256x52xi1>, tensor<256x52xui8>
  %226 = stablehlo.compare NE, %168, %168 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %227 = stablehlo.bitcast_convert %168 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %228 = stablehlo.select %226, %151, %227 : tensor<256x52xi1>, tensor<256x52xui8>
  %229 = stablehlo.compare NE, %169, %169 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %230 = stablehlo.bitcast_convert %169 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %231 = stablehlo.select %229, %151, %230 : tensor<256x52xi1>, tensor<256x52xui8>
  %232 = stablehlo.compare NE, %170, %170 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %233 = stablehlo.bitcast_convert %170 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %234 = stablehlo.select %232, %151, %233 : tensor<256x52xi1>, tensor<256x52xui8>
  %235 = stablehlo.compare NE, %171, %171 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %236 = stablehlo.bitcast_convert %171 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %237 = stablehlo.select %235, %151, %236 : tensor<256x52xi1>, tensor<256x52xui8>
  %238 = stablehlo.compare NE, %172, %172 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %239 = stablehlo.bitcast_convert %172 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %240 = stablehlo.select %238, %151, %239 : tensor<256x52xi1>, tensor<256x52xui8>
  %241 = stablehlo.compare NE, %173, %173 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %242 = stablehlo.bitcast_convert %173 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %243 = stablehlo.select %241, %151, %242 : tensor<256x52xi1>, tensor<256x52xui8>
  %244 = stablehlo.compare NE, %174, %174 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %245 = stablehlo.bitcast_convert %174 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %246 = stablehlo.select %244, %151, %245 : tensor<256x52xi1>, tensor<256x52xui8>
  %247 = stablehlo.compare NE, %175, %175 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %248 = stablehlo.bitcast_convert %175 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %249 = stablehlo.select %247, %151, %248 : tensor<256x52xi1>, tensor<256x52xui8>
  %250 = stablehlo.compare NE, %176, %176 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %251 = stablehlo.bitcast_convert %176 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %252 = stablehlo.select %250, %151, %251 : tensor<256x52xi1>, tensor<256x52xui8>
  %253 = stablehlo.compare NE, %177, %177 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %254 = stablehlo.bitcast_convert %177 : (tensor<256x52xf8E5M2>) -> tensor<256x52xui8>
  %255 = stablehlo.select %253, %151, %254 : tensor<256x52xi1>, tensor<256x52xui8>
  %256 = stablehlo.compare EQ, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %257 = stablehlo.compare NE, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %258 = stablehlo.compare LT, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %259 = stablehlo.compare LE, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %260 = stablehlo.compare GT, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %261 = stablehlo.compare GE, %147, %150 : (tensor<256x52xf8E5M2>, tensor<256x52xf8E5M2>) -> tensor<256x52xi1>
  %262 = chlo.is_inf %147 : tensor<256x52xf8E5M2> -> tensor<256x52xi1>
  %263 = chlo.is_pos_inf %147 : tensor<256x52xf8E5M2> -> tensor<256x52xi1>
  %264 = chlo.is_neg_inf %147 : tensor<256x52xf8E5M2> -> tensor<256x52xi1>
  %265 = stablehlo.constant dense<5> : tensor<256x52xui8>
  %266 = stablehlo.iota dim = 0 : tensor<256x52xui8>
  %267 = stablehlo.bitcast_convert %266 : (tensor<256x52xui8>) -> tensor<256x52xf8E4M3FN>
  %268 = stablehlo.iota dim = 1 : tensor<256x52xui8>
  %269 = stablehlo.multiply %268, %265 : tensor<256x52xui8>
  %270 = stablehlo.bitcast_convert %269 : (tensor<256x52xui8>) -> tensor<256x52xf8E4M3FN>
  %271 = stablehlo.constant dense<254> : tensor<256x52xui8>
  %272 = stablehlo.add %267, %270 : tensor<256x52xf8E4M3FN>
  %273 = stablehlo.subtract %267, %270 : tensor<256x52xf8E4M3FN>
  %274 = stablehlo.multiply %267, %270 : tensor<256x52xf8E4M3FN>
  %275 = stablehlo.divide %267, %270 : tensor<256x52xf8E4M3FN>
  %276 = stablehlo.remainder %267, %270 : tensor<256x52xf8E4M3FN>
  %277 = stablehlo.maximum %267, %270 : tensor<256x52xf8E4M3FN>
  %278 = stablehlo.minimum %267, %270 : tensor<256x52xf8E4M3FN>
  %279 = stablehlo.power %267, %270 : tensor<256x52xf8E4M3FN>
  %280 = stablehlo.atan2 %267, %270 : tensor<256x52xf8E4M3FN>
  %281 = chlo.next_after %267, %270 : tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN> -> tensor<256x52xf8E4M3FN>
  %282 = stablehlo.abs %267 : tensor<256x52xf8E4M3FN>
  %283 = stablehlo.negate %267 : tensor<256x52xf8E4M3FN>
  %284 = stablehlo.sign %267 : tensor<256x52xf8E4M3FN>
  %285 = stablehlo.floor %267 : tensor<256x52xf8E4M3FN>
  %286 = stablehlo.ceil %267 : tensor<256x52xf8E4M3FN>
  %287 = stablehlo.round_nearest_afz %267 : tensor<256x52xf8E4M3FN>
  %288 = stablehlo.round_nearest_even %267 : tensor<256x52xf8E4M3FN>
  %289 = stablehlo.sqrt %267 : tensor<256x52xf8E4M3FN>
  %290 = stablehlo.rsqrt %267 : tensor<256x52xf8E4M3FN>
  %291 = stablehlo.cbrt %267 : tensor<256x52xf8E4M3FN>
  %292 = stablehlo.exponential %267 : tensor<256x52xf8E4M3FN>
  %293 = stablehlo.log %267 : tensor<256x52xf8E4M3FN>
  %294 = stablehlo.tanh %267 : tensor<256x52xf8E4M3FN>
  %295 = stablehlo.logistic %267 : tensor<256x52xf8E4M3FN>
  %296 = stablehlo.sine %267 : tensor<256x52xf8E4M3FN>
  %297 = stablehlo.cosine %267 : tensor<256x52xf8E4M3FN>
  %298 = stablehlo.compare NE, %272, %272 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %299 = stablehlo.bitcast_convert %272 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %300 = stablehlo.select %298, %271, %299 : tensor<256x52xi1>, tensor<256x52xui8>
  %301 = stablehlo.compare NE, %273, %273 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %302 = stablehlo.bitcast_convert %273 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %303 = stablehlo.select %301, %271, %302 : tensor<256x52xi1>, tensor<256x52xui8>
  %304 = stablehlo.compare NE, %274, %274 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %305 = stablehlo.bitcast_convert %274 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %306 = stablehlo.select %304, %271, %305 : tensor<256x52xi1>, tensor<256x52xui8>
  %307 = stablehlo.compare NE, %275, %275 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %308 = stablehlo.bitcast_convert %275 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %309 = stablehlo.select %307, %271, %308 : tensor<256x52xi1>, tensor<256x52xui8>
  %310 = stablehlo.compare NE, %276, %276 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %311 = stablehlo.bitcast_convert %276 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %312 = stablehlo.select %310, %271, %311 : tensor<256x52xi1>, tensor<256x52xui8>
  %313 = stablehlo.compare NE, %277, %277 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %314 = stablehlo.bitcast_convert %277 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %315 = stablehlo.select %313, %271, %314 : tensor<256x52xi1>, tensor<256x52xui8>
  %316 = stablehlo.compare NE, %278, %278 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %317 = stablehlo.bitcast_convert %278 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %318 = stablehlo.select %316, %271, %317 : tensor<256x52xi1>, tensor<256x52xui8>
  %319 = stablehlo.compare NE, %279, %279 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %320 = stablehlo.bitcast_convert %279 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %321 = stablehlo.select %319, %271, %320 : tensor<256x52xi1>, tensor<256x52xui8>
  %322 = stablehlo.compare NE, %280, %280 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %323 = stablehlo.bitcast_convert %280 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %324 = stablehlo.select %322, %271, %323 : tensor<256x52xi1>, tensor<256x52xui8>
  %325 = stablehlo.compare NE, %281, %281 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %326 = stablehlo.bitcast_convert %281 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %327 = stablehlo.select %325, %271, %326 : tensor<256x52xi1>, tensor<256x52xui8>
  %328 = stablehlo.compare NE, %282, %282 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %329 = stablehlo.bitcast_convert %282 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %330 = stablehlo.select %328, %271, %329 : tensor<256x52xi1>, tensor<256x52xui8>
  %331 = stablehlo.compare NE, %283, %283 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %332 = stablehlo.bitcast_convert %283 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %333 = stablehlo.select %331, %271, %332 : tensor<256x52xi1>, tensor<256x52xui8>
  %334 = stablehlo.compare NE, %284, %284 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %335 = stablehlo.bitcast_convert %284 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %336 = stablehlo.select %334, %271, %335 : tensor<256x52xi1>, tensor<256x52xui8>
  %337 = stablehlo.compare NE, %285, %285 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %338 = stablehlo.bitcast_convert %285 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %339 = stablehlo.select %337, %271, %338 : tensor<256x52xi1>, tensor<256x52xui8>
  %340 = stablehlo.compare NE, %286, %286 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %341 = stablehlo.bitcast_convert %286 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %342 = stablehlo.select %340, %271, %341 : tensor<256x52xi1>, tensor<256x52xui8>
  %343 = stablehlo.compare NE, %287, %287 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %344 = stablehlo.bitcast_convert %287 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %345 = stablehlo.select %343, %271, %344 : tensor<256x52xi1>, tensor<256x52xui8>
  %346 = stablehlo.compare NE, %288, %288 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %347 = stablehlo.bitcast_convert %288 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %348 = stablehlo.select %346, %271, %347 : tensor<256x52xi1>, tensor<256x52xui8>
  %349 = stablehlo.compare NE, %289, %289 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %350 = stablehlo.bitcast_convert %289 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %351 = stablehlo.select %349, %271, %350 : tensor<256x52xi1>, tensor<256x52xui8>
  %352 = stablehlo.compare NE, %290, %290 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %353 = stablehlo.bitcast_convert %290 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %354 = stablehlo.select %352, %271, %353 : tensor<256x52xi1>, tensor<256x52xui8>
  %355 = stablehlo.compare NE, %291, %291 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %356 = stablehlo.bitcast_convert %291 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %357 = stablehlo.select %355, %271, %356 : tensor<256x52xi1>, tensor<256x52xui8>
  %358 = stablehlo.compare NE, %292, %292 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %359 = stablehlo.bitcast_convert %292 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %360 = stablehlo.select %358, %271, %359 : tensor<256x52xi1>, tensor<256x52xui8>
  %361 = stablehlo.compare NE, %293, %293 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %362 = stablehlo.bitcast_convert %293 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %363 = stablehlo.select %361, %271, %362 : tensor<256x52xi1>, tensor<256x52xui8>
  %364 = stablehlo.compare NE, %294, %294 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %365 = stablehlo.bitcast_convert %294 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %366 = stablehlo.select %364, %271, %365 : tensor<256x52xi1>, tensor<256x52xui8>
  %367 = stablehlo.compare NE, %295, %295 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %368 = stablehlo.bitcast_convert %295 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %369 = stablehlo.select %367, %271, %368 : tensor<256x52xi1>, tensor<256x52xui8>
  %370 = stablehlo.compare NE, %296, %296 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %371 = stablehlo.bitcast_convert %296 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %372 = stablehlo.select %370, %271, %371 : tensor<256x52xi1>, tensor<256x52xui8>
  %373 = stablehlo.compare NE, %297, %297 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %374 = stablehlo.bitcast_convert %297 : (tensor<256x52xf8E4M3FN>) -> tensor<256x52xui8>
  %375 = stablehlo.select %373, %271, %374 : tensor<256x52xi1>, tensor<256x52xui8>
  %376 = stablehlo.compare EQ, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %377 = stablehlo.compare NE, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %378 = stablehlo.compare LT, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %379 = stablehlo.compare LE, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %380 = stablehlo.compare GT, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %381 = stablehlo.compare GE, %267, %270 : (tensor<256x52xf8E4M3FN>, tensor<256x52xf8E4M3FN>) -> tensor<256x52xi1>
  %382 = chlo.is_inf %267 : tensor<256x52xf8E4M3FN> -> tensor<256x52xi1>
  %383 = chlo.is_pos_inf %267 : tensor<256x52xf8E4M3FN> -> tensor<256x52xi1>
  %384 = chlo.is_neg_inf %267 : tensor<256x52xf8E4M3FN> -> tensor<256x52xi1>
  %385 = stablehlo.constant dense<5> : tensor<256x52xui8>
  %386 = stablehlo.iota dim = 0 : tensor<256x52xui8>
  %387 = stablehlo.bitcast_convert %386 : (tensor<256x52xui8>) -> tensor<256x52xf8E4M3B11FNUZ>
  %388 = stablehlo.iota dim = 1 : tensor<256x52xui8>
  %389 = stablehlo.multiply %388, %385 : tensor<256x52xui8>
  %390 = stablehlo.bitcast_convert %389 : (tensor<256x52xui8>) -> tensor<256x52xf8E4M3B11FNUZ>
  %391 = stablehlo.constant dense<254> : tensor<256x52xui8>
  %392 = stablehlo.add %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %393 = stablehlo.subtract %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %394 = stablehlo.multiply %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %395 = stablehlo.divide %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %396 = stablehlo.remainder %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %397 = stablehlo.maximum %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %398 = stablehlo.minimum %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %399 = stablehlo.power %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %400 = stablehlo.atan2 %387, %390 : tensor<256x52xf8E4M3B11FNUZ>
  %401 = chlo.next_after %387, %390 : tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ> -> tensor<256x52xf8E4M3B11FNUZ>
  %402 = stablehlo.abs %387 : tensor<256x52xf8E4M3B11FNUZ>
  %403 = stablehlo.negate %387 : tensor<256x52xf8E4M3B11FNUZ>
  %404 = stablehlo.sign %387 : tensor<256x52xf8E4M3B11FNUZ>
  %405 = stablehlo.floor %387 : tensor<256x52xf8E4M3B11FNUZ>
  %406 = stablehlo.ceil %387 : tensor<256x52xf8E4M3B11FNUZ>
  %407 = stablehlo.round_nearest_afz %387 : tensor<256x52xf8E4M3B11FNUZ>
  %408 = stablehlo.round_nearest_even %387 : tensor<256x52xf8E4M3B11FNUZ>
  %409 = stablehlo.sqrt %387 : tensor<256x52xf8E4M3B11FNUZ>
  %410 = stablehlo.rsqrt %387 : tensor<256x52xf8E4M3B11FNUZ>
  %411 = stablehlo.cbrt %387 : tensor<256x52xf8E4M3B11FNUZ>
  %412 = stablehlo.exponential %387 : tensor<256x52xf8E4M3B11FNUZ>
  %413 = stablehlo.log %387 : tensor<256x52xf8E4M3B11FNUZ>
  %414 = stablehlo.tanh %387 : tensor<256x52xf8E4M3B11FNUZ>
  %415 = stablehlo.logistic %387 : tensor<256x52xf8E4M3B11FNUZ>
  %416 = stablehlo.sine %387 : tensor<256x52xf8E4M3B11FNUZ>
  %417 = stablehlo.cosine %387 : tensor<256x52xf8E4M3B11FNUZ>
  %418 = stablehlo.compare NE, %392, %392 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %419 = stablehlo.bitcast_convert %392 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %420 = stablehlo.select %418, %391, %419 : tensor<256x52xi1>, tensor<256x52xui8>
  %421 = stablehlo.compare NE, %393, %393 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %422 = stablehlo.bitcast_convert %393 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %423 = stablehlo.select %421, %391, %422 : tensor<256x52xi1>, tensor<256x52xui8>
  %424 = stablehlo.compare NE, %394, %394 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %425 = stablehlo.bitcast_convert %394 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %426 = stablehlo.select %424, %391, %425 : tensor<256x52xi1>, tensor<256x52xui8>
  %427 = stablehlo.compare NE, %395, %395 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %428 = stablehlo.bitcast_convert %395 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %429 = stablehlo.select %427, %391, %428 : tensor<256x52xi1>, tensor<256x52xui8>
  %430 = stablehlo.compare NE, %396, %396 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %431 = stablehlo.bitcast_convert %396 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %432 = stablehlo.select %430, %391, %431 : tensor<256x52xi1>, tensor<256x52xui8>
  %433 = stablehlo.compare NE, %397, %397 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %434 = stablehlo.bitcast_convert %397 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %435 = stablehlo.select %433, %391, %434 : tensor<256x52xi1>, tensor<256x52xui8>
  %436 = stablehlo.compare NE, %398, %398 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %437 = stablehlo.bitcast_convert %398 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %438 = stablehlo.select %436, %391, %437 : tensor<256x52xi1>, tensor<256x52xui8>
  %439 = stablehlo.compare NE, %399, %399 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %440 = stablehlo.bitcast_convert %399 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %441 = stablehlo.select %439, %391, %440 : tensor<256x52xi1>, tensor<256x52xui8>
  %442 = stablehlo.compare NE, %400, %400 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %443 = stablehlo.bitcast_convert %400 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %444 = stablehlo.select %442, %391, %443 : tensor<256x52xi1>, tensor<256x52xui8>
  %445 = stablehlo.compare NE, %401, %401 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %446 = stablehlo.bitcast_convert %401 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %447 = stablehlo.select %445, %391, %446 : tensor<256x52xi1>, tensor<256x52xui8>
  %448 = stablehlo.compare NE, %402, %402 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %449 = stablehlo.bitcast_convert %402 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %450 = stablehlo.select %448, %391, %449 : tensor<256x52xi1>, tensor<256x52xui8>
  %451 = stablehlo.compare NE, %403, %403 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %452 = stablehlo.bitcast_convert %403 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %453 = stablehlo.select %451, %391, %452 : tensor<256x52xi1>, tensor<256x52xui8>
  %454 = stablehlo.compare NE, %404, %404 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %455 = stablehlo.bitcast_convert %404 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %456 = stablehlo.select %454, %391, %455 : tensor<256x52xi1>, tensor<256x52xui8>
  %457 = stablehlo.compare NE, %405, %405 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %458 = stablehlo.bitcast_convert %405 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %459 = stablehlo.select %457, %391, %458 : tensor<256x52xi1>, tensor<256x52xui8>
  %460 = stablehlo.compare NE, %406, %406 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %461 = stablehlo.bitcast_convert %406 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %462 = stablehlo.select %460, %391, %461 : tensor<256x52xi1>, tensor<256x52xui8>
  %463 = stablehlo.compare NE, %407, %407 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %464 = stablehlo.bitcast_convert %407 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %465 = stablehlo.select %463, %391, %464 : tensor<256x52xi1>, tensor<256x52xui8>
  %466 = stablehlo.compare NE, %408, %408 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %467 = stablehlo.bitcast_convert %408 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %468 = stablehlo.select %466, %391, %467 : tensor<256x52xi1>, tensor<256x52xui8>
  %469 = stablehlo.compare NE, %409, %409 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %470 = stablehlo.bitcast_convert %409 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %471 = stablehlo.select %469, %391, %470 : tensor<256x52xi1>, tensor<256x52xui8>
  %472 = stablehlo.compare NE, %410, %410 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %473 = stablehlo.bitcast_convert %410 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %474 = stablehlo.select %472, %391, %473 : tensor<256x52xi1>, tensor<256x52xui8>
  %475 = stablehlo.compare NE, %411, %411 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %476 = stablehlo.bitcast_convert %411 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %477 = stablehlo.select %475, %391, %476 : tensor<256x52xi1>, tensor<256x52xui8>
  %478 = stablehlo.compare NE, %412, %412 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %479 = stablehlo.bitcast_convert %412 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %480 = stablehlo.select %478, %391, %479 : tensor<256x52xi1>, tensor<256x52xui8>
  %481 = stablehlo.compare NE, %413, %413 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %482 = stablehlo.bitcast_convert %413 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %483 = stablehlo.select %481, %391, %482 : tensor<256x52xi1>, tensor<256x52xui8>
  %484 = stablehlo.compare NE, %414, %414 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %485 = stablehlo.bitcast_convert %414 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %486 = stablehlo.select %484, %391, %485 : tensor<256x52xi1>, tensor<256x52xui8>
  %487 = stablehlo.compare NE, %415, %415 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %488 = stablehlo.bitcast_convert %415 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %489 = stablehlo.select %487, %391, %488 : tensor<256x52xi1>, tensor<256x52xui8>
  %490 = stablehlo.compare NE, %416, %416 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %491 = stablehlo.bitcast_convert %416 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %492 = stablehlo.select %490, %391, %491 : tensor<256x52xi1>, tensor<256x52xui8>
  %493 = stablehlo.compare NE, %417, %417 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %494 = stablehlo.bitcast_convert %417 : (tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xui8>
  %495 = stablehlo.select %493, %391, %494 : tensor<256x52xi1>, tensor<256x52xui8>
  %496 = stablehlo.compare EQ, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %497 = stablehlo.compare NE, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %498 = stablehlo.compare LT, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %499 = stablehlo.compare LE, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %500 = stablehlo.compare GT, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %501 = stablehlo.compare GE, %387, %390 : (tensor<256x52xf8E4M3B11FNUZ>, tensor<256x52xf8E4M3B11FNUZ>) -> tensor<256x52xi1>
  %502 = chlo.is_inf %387 : tensor<256x52xf8E4M3B11FNUZ> -> tensor<256x52xi1>
  %503 = chlo.is_pos_inf %387 : tensor<256x52xf8E4M3B11FNUZ> -> tensor<256x52xi1>
  %504 = chlo.is_neg_inf %387 : tensor<256x52xf8E4M3B11FNUZ> -> tensor<256x52xi1>
  %505 = stablehlo.constant dense<5> : tensor<256x52xui8>
  %506 = stablehlo.iota dim = 0 : tensor<256x52xui8>
  %507 = stablehlo.bitcast_convert %506 : (tensor<256x52xui8>) -> tensor<256x52xf8E8M0FNU>
  %508 = stablehlo.iota dim = 1 : tensor<256x52xui8>
  %509 = stablehlo.multiply %508, %505 : tensor<256x52xui8>
  %510 = stablehlo.bitcast_convert %509 : (tensor<256x52xui8>) -> tensor<256x52xf8E8M0FNU>
  %511 = stablehlo.constant dense<254> : tensor<256x52xui8>
  %512 = stablehlo.add %507, %510 : tensor<256x52xf8E8M0FNU>
  %513 = stablehlo.subtract %507, %510 : tensor<256x52xf8E8M0FNU>
  %514 = stablehlo.multiply %507, %510 : tensor<256x52xf8E8M0FNU>
  %515 = stablehlo.divide %507, %510 : tensor<256x52xf8E8M0FNU>
  %516 = stablehlo.remainder %507, %510 : tensor<256x52xf8E8M0FNU>
  %517 = stablehlo.maximum %507, %510 : tensor<256x52xf8E8M0FNU>
  %518 = stablehlo.minimum %507, %510 : tensor<256x52xf8E8M0FNU>
  %519 = stablehlo.power %507, %510 : tensor<256x52xf8E8M0FNU>
  %520 = stablehlo.atan2 %507, %510 : tensor<256x52xf8E8M0FNU>
  %521 = stablehlo.abs %507 : tensor<256x52xf8E8M0FNU>
  %522 = stablehlo.negate %507 : tensor<256x52xf8E8M0FNU>
  %523 = stablehlo.sign %507 : tensor<256x52xf8E8M0FNU>
  %524 = stablehlo.floor %507 : tensor<256x52xf8E8M0FNU>
  %525 = stablehlo.ceil %507 : tensor<256x52xf8E8M0FNU>
  %526 = stablehlo.round_nearest_afz %507 : tensor<256x52xf8E8M0FNU>
  %527 = stablehlo.round_nearest_even %507 : tensor<256x52xf8E8M0FNU>
  %528 = stablehlo.sqrt %507 : tensor<256x52xf8E8M0FNU>
  %529 = stablehlo.rsqrt %507 : tensor<256x52xf8E8M0FNU>
  %530 = stablehlo.cbrt %507 : tensor<256x52xf8E8M0FNU>
  %531 = stablehlo.exponential %507 : tensor<256x52xf8E8M0FNU>
  %532 = stablehlo.log %507 : tensor<256x52xf8E8M0FNU>
  %533 = stablehlo.tanh %507 : tensor<256x52xf8E8M0FNU>
  %534 = stablehlo.logistic %507 : tensor<256x52xf8E8M0FNU>
  %535 = stablehlo.sine %507 : tensor<256x52xf8E8M0FNU>
  %536 = stablehlo.cosine %507 : tensor<256x52xf8E8M0FNU>
  %537 = stablehlo.compare NE, %512, %512 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %538 = stablehlo.bitcast_convert %512 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %539 = stablehlo.select %537, %511, %538 : tensor<256x52xi1>, tensor<256x52xui8>
  %540 = stablehlo.compare NE, %513, %513 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %541 = stablehlo.bitcast_convert %513 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %542 = stablehlo.select %540, %511, %541 : tensor<256x52xi1>, tensor<256x52xui8>
  %543 = stablehlo.compare NE, %514, %514 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %544 = stablehlo.bitcast_convert %514 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %545 = stablehlo.select %543, %511, %544 : tensor<256x52xi1>, tensor<256x52xui8>
  %546 = stablehlo.compare NE, %515, %515 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %547 = stablehlo.bitcast_convert %515 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %548 = stablehlo.select %546, %511, %547 : tensor<256x52xi1>, tensor<256x52xui8>
  %549 = stablehlo.compare NE, %516, %516 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %550 = stablehlo.bitcast_convert %516 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %551 = stablehlo.select %549, %511, %550 : tensor<256x52xi1>, tensor<256x52xui8>
  %552 = stablehlo.compare NE, %517, %517 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %553 = stablehlo.bitcast_convert %517 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %554 = stablehlo.select %552, %511, %553 : tensor<256x52xi1>, tensor<256x52xui8>
  %555 = stablehlo.compare NE, %518, %518 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %556 = stablehlo.bitcast_convert %518 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %557 = stablehlo.select %555, %511, %556 : tensor<256x52xi1>, tensor<256x52xui8>
  %558 = stablehlo.compare NE, %519, %519 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %559 = stablehlo.bitcast_convert %519 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %560 = stablehlo.select %558, %511, %559 : tensor<256x52xi1>, tensor<256x52xui8>
  %561 = stablehlo.compare NE, %520, %520 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %562 = stablehlo.bitcast_convert %520 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %563 = stablehlo.select %561, %511, %562 : tensor<256x52xi1>, tensor<256x52xui8>
  %564 = stablehlo.compare NE, %521, %521 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %565 = stablehlo.bitcast_convert %521 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %566 = stablehlo.select %564, %511, %565 : tensor<256x52xi1>, tensor<256x52xui8>
  %567 = stablehlo.compare NE, %522, %522 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %568 = stablehlo.bitcast_convert %522 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %569 = stablehlo.select %567, %511, %568 : tensor<256x52xi1>, tensor<256x52xui8>
  %570 = stablehlo.compare NE, %523, %523 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %571 = stablehlo.bitcast_convert %523 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %572 = stablehlo.select %570, %511, %571 : tensor<256x52xi1>, tensor<256x52xui8>
  %573 = stablehlo.compare NE, %524, %524 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %574 = stablehlo.bitcast_convert %524 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %575 = stablehlo.select %573, %511, %574 : tensor<256x52xi1>, tensor<256x52xui8>
  %576 = stablehlo.compare NE, %525, %525 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %577 = stablehlo.bitcast_convert %525 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %578 = stablehlo.select %576, %511, %577 : tensor<256x52xi1>, tensor<256x52xui8>
  %579 = stablehlo.compare NE, %526, %526 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %580 = stablehlo.bitcast_convert %526 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %581 = stablehlo.select %579, %511, %580 : tensor<256x52xi1>, tensor<256x52xui8>
  %582 = stablehlo.compare NE, %527, %527 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %583 = stablehlo.bitcast_convert %527 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %584 = stablehlo.select %582, %511, %583 : tensor<256x52xi1>, tensor<256x52xui8>
  %585 = stablehlo.compare NE, %528, %528 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %586 = stablehlo.bitcast_convert %528 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %587 = stablehlo.select %585, %511, %586 : tensor<256x52xi1>, tensor<256x52xui8>
  %588 = stablehlo.compare NE, %529, %529 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %589 = stablehlo.bitcast_convert %529 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %590 = stablehlo.select %588, %511, %589 : tensor<256x52xi1>, tensor<256x52xui8>
  %591 = stablehlo.compare NE, %530, %530 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %592 = stablehlo.bitcast_convert %530 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %593 = stablehlo.select %591, %511, %592 : tensor<256x52xi1>, tensor<256x52xui8>
  %594 = stablehlo.compare NE, %531, %531 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %595 = stablehlo.bitcast_convert %531 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %596 = stablehlo.select %594, %511, %595 : tensor<256x52xi1>, tensor<256x52xui8>
  %597 = stablehlo.compare NE, %532, %532 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %598 = stablehlo.bitcast_convert %532 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %599 = stablehlo.select %597, %511, %598 : tensor<256x52xi1>, tensor<256x52xui8>
  %600 = stablehlo.compare NE, %533, %533 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %601 = stablehlo.bitcast_convert %533 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %602 = stablehlo.select %600, %511, %601 : tensor<256x52xi1>, tensor<256x52xui8>
  %603 = stablehlo.compare NE, %534, %534 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %604 = stablehlo.bitcast_convert %534 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %605 = stablehlo.select %603, %511, %604 : tensor<256x52xi1>, tensor<256x52xui8>
  %606 = stablehlo.compare NE, %535, %535 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %607 = stablehlo.bitcast_convert %535 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %608 = stablehlo.select %606, %511, %607 : tensor<256x52xi1>, tensor<256x52xui8>
  %609 = stablehlo.compare NE, %536, %536 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %610 = stablehlo.bitcast_convert %536 : (tensor<256x52xf8E8M0FNU>) -> tensor<256x52xui8>
  %611 = stablehlo.select %609, %511, %610 : tensor<256x52xi1>, tensor<256x52xui8>
  %612 = stablehlo.compare EQ, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %613 = stablehlo.compare NE, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %614 = stablehlo.compare LT, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %615 = stablehlo.compare LE, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %616 = stablehlo.compare GT, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %617 = stablehlo.compare GE, %507, %510 : (tensor<256x52xf8E8M0FNU>, tensor<256x52xf8E8M0FNU>) -> tensor<256x52xi1>
  %618 = chlo.is_inf %507 : tensor<256x52xf8E8M0FNU> -> tensor<256x52xi1>
  %619 = chlo.is_pos_inf %507 : tensor<256x52xf8E8M0FNU> -> tensor<256x52xi1>
  %620 = chlo.is_neg_inf %507 : tensor<256x52xf8E8M0FNU> -> tensor<256x52xi1>
  %621 = stablehlo.iota dim = 0 : tensor<2x2xi32>
  %622 = stablehlo.convert %621 : (tensor<2x2xi32>) -> tensor<2x2xi1>
  %623 = stablehlo.iota dim = 1 : tensor<2x2xi32>
  %624 = stablehlo.convert %623 : (tensor<2x2xi32>) -> tensor<2x2xi1>
  %625 = stablehlo.add %622, %624 : tensor<2x2xi1>
  %626 = stablehlo.multiply %622, %624 : tensor<2x2xi1>
  %627 = stablehlo.maximum %622, %624 : tensor<2x2xi1>
  %628 = stablehlo.minimum %622, %624 : tensor<2x2xi1>
  %629 = stablehlo.and %622, %624 : tensor<2x2xi1>
  %630 = stablehlo.or %622, %624 : tensor<2x2xi1>
  %631 = stablehlo.xor %622, %624 : tensor<2x2xi1>
  %632 = stablehlo.not %622 : tensor<2x2xi1>
  return
    %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, %16, %17, %18, %19, %20, %21, %22, %23,
    %24, %25, %30, %31, %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45,
    %46, %47, %48, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, %64, %65, %66, %67,
    %68, %69, %70, %71, %72, %73, %78, %79, %80, %81, %82, %83, %84, %85, %86, %87, %88, %89,
    %90, %91, %92, %93, %94, %95, %96, %101, %102, %103, %104, %105, %106, %107, %108, %109,
    %110, %111, %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %126, %127, %128,
    %129, %130, %131, %132, %133, %134, %135, %136, %137, %138, %139, %140, %141, %142, %143,
    %144, %180, %183, %186, %189, %192, %195, %198, %201, %204, %207, %210, %213, %216, %219,
    %222, %225, %228, %231, %234, %237, %240, %243, %246, %249, %252, %255, %256, %257, %258,
    %259, %260, %261, %262, %263, %264, %300, %303, %306, %309, %312, %315, %318, %321, %324,
    %327, %330, %333, %336, %339, %342, %345, %348, %351, %354, %357, %360, %363, %366, %369,
    %372, %375, %376, %377, %378, %379, %380, %381, %382, %383, %384, %420, %423, %426, %429,
    %432, %435, %438, %441, %444, %447, %450, %453, %456, %459, %462, %465, %468, %471, %474,
    %477, %480, %483, %486, %489, %492, %495, %496, %497, %498, %499, %500, %501, %502, %503,
    %504, %539, %542, %545, %548, %551, %554, %557, %560, %563, %566, %569, %572, %575, %578,
    %581, %584, %587, %590, %593, %596, %599, %602, %605, %608, %611, %612, %613, %614, %615,
    %616, %617, %618, %619, %620, %625, %626, %627, %628, %629, %630, %631, %632 :
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>, tensor<4x4xi2>,
    tensor<4x4xi2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>, tensor<4x4xui2>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>, tensor<16x16xi4>,
    tensor<16x16xi4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>,
    tensor<16x16xui4>, tensor<16x16xui4>, tensor<16x16xui4>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>, tensor<256x256xi8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>,
    tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x256xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>, tensor<256x52xui8>,
    tensor<256x52xui8>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>, tensor<256x52xi1>,
    tensor<256x52xi1>, tensor<256x52xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>,
    tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>, tensor<2x2xi1>
}
