// SPDX-License-Identifier: Apache-2.0
// reduce_precision and next_after on every pattern of the narrow formats and on sampled patterns of f32 and f64: generated code, loop
// runner and interpreter give the same bits. NaNs are made equal first, since which NaN results is not specified.
// RUN: skarn run %s --compare interp
// RUN: skarn run %s --compare loop
// RUN: skarn run %s --isa v3 --compare loop

func.func @main() -> (
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>,
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>,
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui32>,
    tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui64>,
    tensor<65536xui64>, tensor<65536xui64>, tensor<65536xui64>, tensor<65536xui64>) {
  %1 = stablehlo.iota dim = 0 : tensor<65536xui16>
  %2 = stablehlo.bitcast_convert %1 : (tensor<65536xui16>) -> tensor<65536xf16>
  %3 = stablehlo.reverse %2, dims = [0] : tensor<65536xf16>
  %4 = stablehlo.constant dense<1> : tensor<65536xui16>
  %5 = stablehlo.reduce_precision %2, format = e5m7 : tensor<65536xf16>
  %6 = stablehlo.reduce_precision %2, format = e4m10 : tensor<65536xf16>
  %7 = stablehlo.reduce_precision %2, format = e3m3 : tensor<65536xf16>
  %8 = stablehlo.reduce_precision %2, format = e8m2 : tensor<65536xf16>
  %9 = stablehlo.reduce_precision %2, format = e5m0 : tensor<65536xf16>
  %10 = chlo.next_after %2, %3 : tensor<65536xf16>, tensor<65536xf16> -> tensor<65536xf16>
  %11 = stablehlo.compare NE, %5, %5 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %12 = stablehlo.bitcast_convert %5 : (tensor<65536xf16>) -> tensor<65536xui16>
  %13 = stablehlo.select %11, %4, %12 : tensor<65536xi1>, tensor<65536xui16>
  %14 = stablehlo.compare NE, %6, %6 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %15 = stablehlo.bitcast_convert %6 : (tensor<65536xf16>) -> tensor<65536xui16>
  %16 = stablehlo.select %14, %4, %15 : tensor<65536xi1>, tensor<65536xui16>
  %17 = stablehlo.compare NE, %7, %7 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %18 = stablehlo.bitcast_convert %7 : (tensor<65536xf16>) -> tensor<65536xui16>
  %19 = stablehlo.select %17, %4, %18 : tensor<65536xi1>, tensor<65536xui16>
  %20 = stablehlo.compare NE, %8, %8 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %21 = stablehlo.bitcast_convert %8 : (tensor<65536xf16>) -> tensor<65536xui16>
  %22 = stablehlo.select %20, %4, %21 : tensor<65536xi1>, tensor<65536xui16>
  %23 = stablehlo.compare NE, %9, %9 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %24 = stablehlo.bitcast_convert %9 : (tensor<65536xf16>) -> tensor<65536xui16>
  %25 = stablehlo.select %23, %4, %24 : tensor<65536xi1>, tensor<65536xui16>
  %26 = stablehlo.compare NE, %10, %10 : (tensor<65536xf16>, tensor<65536xf16>) -> tensor<65536xi1>
  %27 = stablehlo.bitcast_convert %10 : (tensor<65536xf16>) -> tensor<65536xui16>
  %28 = stablehlo.select %26, %4, %27 : tensor<65536xi1>, tensor<65536xui16>
  %29 = stablehlo.iota dim = 0 : tensor<65536xui16>
  %30 = stablehlo.bitcast_convert %29 : (tensor<65536xui16>) -> tensor<65536xbf16>
  %31 = stablehlo.reverse %30, dims = [0] : tensor<65536xbf16>
  %32 = stablehlo.constant dense<1> : tensor<65536xui16>
  %33 = stablehlo.reduce_precision %30, format = e5m7 : tensor<65536xbf16>
  %34 = stablehlo.reduce_precision %30, format = e8m3 : tensor<65536xbf16>
  %35 = stablehlo.reduce_precision %30, format = e4m4 : tensor<65536xbf16>
  %36 = stablehlo.reduce_precision %30, format = e11m52 : tensor<65536xbf16>
  %37 = chlo.next_after %30, %31 : tensor<65536xbf16>, tensor<65536xbf16> -> tensor<65536xbf16>
  %38 = stablehlo.compare NE, %33, %33 : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %39 = stablehlo.bitcast_convert %33 : (tensor<65536xbf16>) -> tensor<65536xui16>
  %40 = stablehlo.select %38, %32, %39 : tensor<65536xi1>, tensor<65536xui16>
  %41 = stablehlo.compare NE, %34, %34 : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %42 = stablehlo.bitcast_convert %34 : (tensor<65536xbf16>) -> tensor<65536xui16>
  %43 = stablehlo.select %41, %32, %42 : tensor<65536xi1>, tensor<65536xui16>
  %44 = stablehlo.compare NE, %35, %35 : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %45 = stablehlo.bitcast_convert %35 : (tensor<65536xbf16>) -> tensor<65536xui16>
  %46 = stablehlo.select %44, %32, %45 : tensor<65536xi1>, tensor<65536xui16>
  %47 = stablehlo.compare NE, %36, %36 : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %48 = stablehlo.bitcast_convert %36 : (tensor<65536xbf16>) -> tensor<65536xui16>
  %49 = stablehlo.select %47, %32, %48 : tensor<65536xi1>, tensor<65536xui16>
  %50 = stablehlo.compare NE, %37, %37 : (tensor<65536xbf16>, tensor<65536xbf16>) -> tensor<65536xi1>
  %51 = stablehlo.bitcast_convert %37 : (tensor<65536xbf16>) -> tensor<65536xui16>
  %52 = stablehlo.select %50, %32, %51 : tensor<65536xi1>, tensor<65536xui16>
  %53 = stablehlo.iota dim = 0 : tensor<256xui8>
  %54 = stablehlo.bitcast_convert %53 : (tensor<256xui8>) -> tensor<256xf8E4M3FN>
  %55 = stablehlo.reverse %54, dims = [0] : tensor<256xf8E4M3FN>
  %56 = stablehlo.constant dense<1> : tensor<256xui8>
  %57 = stablehlo.reduce_precision %54, format = e3m3 : tensor<256xf8E4M3FN>
  %58 = stablehlo.reduce_precision %54, format = e4m1 : tensor<256xf8E4M3FN>
  %59 = stablehlo.reduce_precision %54, format = e2m2 : tensor<256xf8E4M3FN>
  %60 = chlo.next_after %54, %55 : tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN> -> tensor<256xf8E4M3FN>
  %61 = stablehlo.compare NE, %57, %57 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %62 = stablehlo.bitcast_convert %57 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %63 = stablehlo.select %61, %56, %62 : tensor<256xi1>, tensor<256xui8>
  %64 = stablehlo.compare NE, %58, %58 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %65 = stablehlo.bitcast_convert %58 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %66 = stablehlo.select %64, %56, %65 : tensor<256xi1>, tensor<256xui8>
  %67 = stablehlo.compare NE, %59, %59 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %68 = stablehlo.bitcast_convert %59 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %69 = stablehlo.select %67, %56, %68 : tensor<256xi1>, tensor<256xui8>
  %70 = stablehlo.compare NE, %60, %60 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %71 = stablehlo.bitcast_convert %60 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %72 = stablehlo.select %70, %56, %71 : tensor<256xi1>, tensor<256xui8>
  %73 = stablehlo.iota dim = 0 : tensor<256xui8>
  %74 = stablehlo.bitcast_convert %73 : (tensor<256xui8>) -> tensor<256xf8E5M2>
  %75 = stablehlo.reverse %74, dims = [0] : tensor<256xf8E5M2>
  %76 = stablehlo.constant dense<1> : tensor<256xui8>
  %77 = stablehlo.reduce_precision %74, format = e4m2 : tensor<256xf8E5M2>
  %78 = stablehlo.reduce_precision %74, format = e3m1 : tensor<256xf8E5M2>
  %79 = stablehlo.reduce_precision %74, format = e5m0 : tensor<256xf8E5M2>
  %80 = chlo.next_after %74, %75 : tensor<256xf8E5M2>, tensor<256xf8E5M2> -> tensor<256xf8E5M2>
  %81 = stablehlo.compare NE, %77, %77 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %82 = stablehlo.bitcast_convert %77 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %83 = stablehlo.select %81, %76, %82 : tensor<256xi1>, tensor<256xui8>
  %84 = stablehlo.compare NE, %78, %78 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %85 = stablehlo.bitcast_convert %78 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %86 = stablehlo.select %84, %76, %85 : tensor<256xi1>, tensor<256xui8>
  %87 = stablehlo.compare NE, %79, %79 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %88 = stablehlo.bitcast_convert %79 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %89 = stablehlo.select %87, %76, %88 : tensor<256xi1>, tensor<256xui8>
  %90 = stablehlo.compare NE, %80, %80 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %91 = stablehlo.bitcast_convert %80 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %92 = stablehlo.select %90, %76, %91 : tensor<256xi1>, tensor<256xui8>
  %93 = stablehlo.iota dim = 0 : tensor<256xui8>
  %94 = stablehlo.bitcast_convert %93 : (tensor<256xui8>) -> tensor<256xf8E4M3FNUZ>
  %95 = stablehlo.reverse %94, dims = [0] : tensor<256xf8E4M3FNUZ>
  %96 = stablehlo.constant dense<1> : tensor<256xui8>
  %97 = stablehlo.reduce_precision %94, format = e3m2 : tensor<256xf8E4M3FNUZ>
  %98 = stablehlo.reduce_precision %94, format = e4m2 : tensor<256xf8E4M3FNUZ>
  %99 = chlo.next_after %94, %95 : tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ> -> tensor<256xf8E4M3FNUZ>
  %100 = stablehlo.compare NE, %97, %97 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %101 = stablehlo.bitcast_convert %97 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %102 = stablehlo.select %100, %96, %101 : tensor<256xi1>, tensor<256xui8>
  %103 = stablehlo.compare NE, %98, %98 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %104 = stablehlo.bitcast_convert %98 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %105 = stablehlo.select %103, %96, %104 : tensor<256xi1>, tensor<256xui8>
  %106 = stablehlo.compare NE, %99, %99 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %107 = stablehlo.bitcast_convert %99 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %108 = stablehlo.select %106, %96, %107 : tensor<256xi1>, tensor<256xui8>
  %109 = stablehlo.iota dim = 0 : tensor<256xui8>
  %110 = stablehlo.bitcast_convert %109 : (tensor<256xui8>) -> tensor<256xf8E5M2FNUZ>
  %111 = stablehlo.reverse %110, dims = [0] : tensor<256xf8E5M2FNUZ>
  %112 = stablehlo.constant dense<1> : tensor<256xui8>
  %113 = stablehlo.reduce_precision %110, format = e4m1 : tensor<256xf8E5M2FNUZ>
  %114 = stablehlo.reduce_precision %110, format = e5m1 : tensor<256xf8E5M2FNUZ>
  %115 = chlo.next_after %110, %111 : tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ> -> tensor<256xf8E5M2FNUZ>
  %116 = stablehlo.compare NE, %113, %113 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %117 = stablehlo.bitcast_convert %113 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %118 = stablehlo.select %116, %112, %117 : tensor<256xi1>, tensor<256xui8>
  %119 = stablehlo.compare NE, %114, %114 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %120 = stablehlo.bitcast_convert %114 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %121 = stablehlo.select %119, %112, %120 : tensor<256xi1>, tensor<256xui8>
  %122 = stablehlo.compare NE, %115, %115 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %123 = stablehlo.bitcast_convert %115 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %124 = stablehlo.select %122, %112, %123 : tensor<256xi1>, tensor<256xui8>
  %125 = stablehlo.iota dim = 0 : tensor<256xui8>
  %126 = stablehlo.bitcast_convert %125 : (tensor<256xui8>) -> tensor<256xf8E3M4>
  %127 = stablehlo.reverse %126, dims = [0] : tensor<256xf8E3M4>
  %128 = stablehlo.constant dense<1> : tensor<256xui8>
  %129 = stablehlo.reduce_precision %126, format = e2m3 : tensor<256xf8E3M4>
  %130 = chlo.next_after %126, %127 : tensor<256xf8E3M4>, tensor<256xf8E3M4> -> tensor<256xf8E3M4>
  %131 = stablehlo.compare NE, %129, %129 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %132 = stablehlo.bitcast_convert %129 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %133 = stablehlo.select %131, %128, %132 : tensor<256xi1>, tensor<256xui8>
  %134 = stablehlo.compare NE, %130, %130 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %135 = stablehlo.bitcast_convert %130 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %136 = stablehlo.select %134, %128, %135 : tensor<256xi1>, tensor<256xui8>
  %137 = stablehlo.iota dim = 0 : tensor<256xui8>
  %138 = stablehlo.bitcast_convert %137 : (tensor<256xui8>) -> tensor<256xf8E4M3B11FNUZ>
  %139 = stablehlo.reverse %138, dims = [0] : tensor<256xf8E4M3B11FNUZ>
  %140 = stablehlo.constant dense<1> : tensor<256xui8>
  %141 = stablehlo.reduce_precision %138, format = e3m3 : tensor<256xf8E4M3B11FNUZ>
  %142 = chlo.next_after %138, %139 : tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ> -> tensor<256xf8E4M3B11FNUZ>
  %143 = stablehlo.compare NE, %141, %141 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %144 = stablehlo.bitcast_convert %141 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %145 = stablehlo.select %143, %140, %144 : tensor<256xi1>, tensor<256xui8>
  %146 = stablehlo.compare NE, %142, %142 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %147 = stablehlo.bitcast_convert %142 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %148 = stablehlo.select %146, %140, %147 : tensor<256xi1>, tensor<256xui8>
  %149 = stablehlo.iota dim = 0 : tensor<65536xui32>
  %150 = stablehlo.constant dense<65537> : tensor<65536xui32>
  %151 = stablehlo.multiply %149, %150 : tensor<65536xui32>
  %152 = stablehlo.bitcast_convert %151 : (tensor<65536xui32>) -> tensor<65536xf32>
  %153 = stablehlo.reverse %152, dims = [0] : tensor<65536xf32>
  %154 = stablehlo.constant dense<1> : tensor<65536xui32>
  %155 = stablehlo.reduce_precision %152, format = e8m7 : tensor<65536xf32>
  %156 = stablehlo.reduce_precision %152, format = e5m10 : tensor<65536xf32>
  %157 = stablehlo.reduce_precision %152, format = e8m0 : tensor<65536xf32>
  %158 = stablehlo.reduce_precision %152, format = e6m23 : tensor<65536xf32>
  %159 = stablehlo.reduce_precision %152, format = e11m52 : tensor<65536xf32>
  %160 = chlo.next_after %152, %153 : tensor<65536xf32>, tensor<65536xf32> -> tensor<65536xf32>
  %161 = stablehlo.compare NE, %155, %155 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %162 = stablehlo.bitcast_convert %155 : (tensor<65536xf32>) -> tensor<65536xui32>
  %163 = stablehlo.select %161, %154, %162 : tensor<65536xi1>, tensor<65536xui32>
  %164 = stablehlo.compare NE, %156, %156 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %165 = stablehlo.bitcast_convert %156 : (tensor<65536xf32>) -> tensor<65536xui32>
  %166 = stablehlo.select %164, %154, %165 : tensor<65536xi1>, tensor<65536xui32>
  %167 = stablehlo.compare NE, %157, %157 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %168 = stablehlo.bitcast_convert %157 : (tensor<65536xf32>) -> tensor<65536xui32>
  %169 = stablehlo.select %167, %154, %168 : tensor<65536xi1>, tensor<65536xui32>
  %170 = stablehlo.compare NE, %158, %158 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %171 = stablehlo.bitcast_convert %158 : (tensor<65536xf32>) -> tensor<65536xui32>
  %172 = stablehlo.select %170, %154, %171 : tensor<65536xi1>, tensor<65536xui32>
  %173 = stablehlo.compare NE, %159, %159 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %174 = stablehlo.bitcast_convert %159 : (tensor<65536xf32>) -> tensor<65536xui32>
  %175 = stablehlo.select %173, %154, %174 : tensor<65536xi1>, tensor<65536xui32>
  %176 = stablehlo.compare NE, %160, %160 : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xi1>
  %177 = stablehlo.bitcast_convert %160 : (tensor<65536xf32>) -> tensor<65536xui32>
  %178 = stablehlo.select %176, %154, %177 : tensor<65536xi1>, tensor<65536xui32>
  %179 = stablehlo.iota dim = 0 : tensor<65536xui64>
  %180 = stablehlo.constant dense<281479271743489> : tensor<65536xui64>
  %181 = stablehlo.multiply %179, %180 : tensor<65536xui64>
  %182 = stablehlo.bitcast_convert %181 : (tensor<65536xui64>) -> tensor<65536xf64>
  %183 = stablehlo.reverse %182, dims = [0] : tensor<65536xf64>
  %184 = stablehlo.constant dense<1> : tensor<65536xui64>
  %185 = stablehlo.reduce_precision %182, format = e8m23 : tensor<65536xf64>
  %186 = stablehlo.reduce_precision %182, format = e11m10 : tensor<65536xf64>
  %187 = stablehlo.reduce_precision %182, format = e5m3 : tensor<65536xf64>
  %188 = stablehlo.reduce_precision %182, format = e11m0 : tensor<65536xf64>
  %189 = chlo.next_after %182, %183 : tensor<65536xf64>, tensor<65536xf64> -> tensor<65536xf64>
  %190 = stablehlo.compare NE, %185, %185 : (tensor<65536xf64>, tensor<65536xf64>) -> tensor<65536xi1>
  %191 = stablehlo.bitcast_convert %185 : (tensor<65536xf64>) -> tensor<65536xui64>
  %192 = stablehlo.select %190, %184, %191 : tensor<65536xi1>, tensor<65536xui64>
  %193 = stablehlo.compare NE, %186, %186 : (tensor<65536xf64>, tensor<65536xf64>) -> tensor<65536xi1>
  %194 = stablehlo.bitcast_convert %186 : (tensor<65536xf64>) -> tensor<65536xui64>
  %195 = stablehlo.select %193, %184, %194 : tensor<65536xi1>, tensor<65536xui64>
  %196 = stablehlo.compare NE, %187, %187 : (tensor<65536xf64>, tensor<65536xf64>) -> tensor<65536xi1>
  %197 = stablehlo.bitcast_convert %187 : (tensor<65536xf64>) -> tensor<65536xui64>
  %198 = stablehlo.select %196, %184, %197 : tensor<65536xi1>, tensor<65536xui64>
  %199 = stablehlo.compare NE, %188, %188 : (tensor<65536xf64>, tensor<65536xf64>) -> tensor<65536xi1>
  %200 = stablehlo.bitcast_convert %188 : (tensor<65536xf64>) -> tensor<65536xui64>
  %201 = stablehlo.select %199, %184, %200 : tensor<65536xi1>, tensor<65536xui64>
  %202 = stablehlo.compare NE, %189, %189 : (tensor<65536xf64>, tensor<65536xf64>) -> tensor<65536xi1>
  %203 = stablehlo.bitcast_convert %189 : (tensor<65536xf64>) -> tensor<65536xui64>
  %204 = stablehlo.select %202, %184, %203 : tensor<65536xi1>, tensor<65536xui64>
  return
    %13, %16, %19, %22, %25, %28, %40, %43, %46, %49, %52, %63, %66, %69, %72, %83, %86, %89,
    %92, %102, %105, %108, %118, %121, %124, %133, %136, %145, %148, %163, %166, %169, %172,
    %175, %178, %192, %195, %198, %201, %204 :
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>,
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>,
    tensor<65536xui16>, tensor<65536xui16>, tensor<65536xui16>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui32>,
    tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui32>, tensor<65536xui64>,
    tensor<65536xui64>, tensor<65536xui64>, tensor<65536xui64>, tensor<65536xui64>
}
