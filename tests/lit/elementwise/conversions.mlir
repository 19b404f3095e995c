// SPDX-License-Identifier: Apache-2.0
// Conversions between all element types: every pattern of the small floats, a grid of patterns of the
// larger ones and of 64-bit integers, to every other type. Generated code, loop runner and
// interpreter agree; floats are compared as patterns, NaNs made equal first.
// RUN: skarn run %s --compare interp
// RUN: skarn run %s --compare loop

func.func @main() -> (
    tensor<16xui32>, tensor<16xui32>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>,
    tensor<16xui8>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>,
    tensor<16xui16>, tensor<16xui16>, tensor<16xui32>, tensor<16xui64>, tensor<16xi1>,
    tensor<16xi2>, tensor<16xi4>, tensor<16xi8>, tensor<16xi16>, tensor<16xi32>, tensor<16xi64>,
    tensor<16xui2>, tensor<16xui4>, tensor<16xui8>, tensor<16xui16>, tensor<16xui32>,
    tensor<16xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>,
    tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>,
    tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>,
    tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>,
    tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>,
    tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>,
    tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>,
    tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>,
    tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>,
    tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>,
    tensor<256xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>,
    tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>,
    tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>,
    tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>,
    tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>,
    tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>,
    tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>,
    tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>,
    tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui64>,
    tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>,
    tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>,
    tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>,
    tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>,
    tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>,
    tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>,
    tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>,
    tensor<1021xi32>, tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>,
    tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>,
    tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>,
    tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>,
    tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui4>,
    tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>,
    tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi64>,
    tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>,
    tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>,
    tensor<256xi4>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>) {
  %1 = stablehlo.iota dim = 0 : tensor<16xui8>
  %2 = stablehlo.convert %1 : (tensor<16xui8>) -> tensor<16xui4>
  %3 = stablehlo.bitcast_convert %2 : (tensor<16xui4>) -> tensor<16xf4E2M1FN>
  %4 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf6E2M3FN>
  %5 = stablehlo.convert %4 : (tensor<16xf6E2M3FN>) -> tensor<16xf32>
  %6 = stablehlo.compare NE, %5, %5 : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xi1>
  %7 = stablehlo.bitcast_convert %5 : (tensor<16xf32>) -> tensor<16xui32>
  %8 = stablehlo.constant dense<1> : tensor<16xui32>
  %9 = stablehlo.select %6, %8, %7 : tensor<16xi1>, tensor<16xui32>
  %10 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf6E3M2FN>
  %11 = stablehlo.convert %10 : (tensor<16xf6E3M2FN>) -> tensor<16xf32>
  %12 = stablehlo.compare NE, %11, %11 : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xi1>
  %13 = stablehlo.bitcast_convert %11 : (tensor<16xf32>) -> tensor<16xui32>
  %14 = stablehlo.select %12, %8, %13 : tensor<16xi1>, tensor<16xui32>
  %15 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E3M4>
  %16 = stablehlo.compare NE, %15, %15 : (tensor<16xf8E3M4>, tensor<16xf8E3M4>) -> tensor<16xi1>
  %17 = stablehlo.bitcast_convert %15 : (tensor<16xf8E3M4>) -> tensor<16xui8>
  %18 = stablehlo.constant dense<1> : tensor<16xui8>
  %19 = stablehlo.select %16, %18, %17 : tensor<16xi1>, tensor<16xui8>
  %20 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E4M3>
  %21 = stablehlo.compare NE, %20, %20 : (tensor<16xf8E4M3>, tensor<16xf8E4M3>) -> tensor<16xi1>
  %22 = stablehlo.bitcast_convert %20 : (tensor<16xf8E4M3>) -> tensor<16xui8>
  %23 = stablehlo.select %21, %18, %22 : tensor<16xi1>, tensor<16xui8>
  %24 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E4M3FN>
  %25 = stablehlo.compare NE, %24, %24 : (tensor<16xf8E4M3FN>, tensor<16xf8E4M3FN>) -> tensor<16xi1>
  %26 = stablehlo.bitcast_convert %24 : (tensor<16xf8E4M3FN>) -> tensor<16xui8>
  %27 = stablehlo.select %25, %18, %26 : tensor<16xi1>, tensor<16xui8>
  %28 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E4M3FNUZ>
  %29 = stablehlo.compare NE, %28, %28 : (tensor<16xf8E4M3FNUZ>, tensor<16xf8E4M3FNUZ>) -> tensor<16xi1>
  %30 = stablehlo.bitcast_convert %28 : (tensor<16xf8E4M3FNUZ>) -> tensor<16xui8>
  %31 = stablehlo.select %29, %18, %30 : tensor<16xi1>, tensor<16xui8>
  %32 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E4M3B11FNUZ>
  %33 = stablehlo.compare NE, %32, %32 : (tensor<16xf8E4M3B11FNUZ>, tensor<16xf8E4M3B11FNUZ>) -> tensor<16xi1>
  %34 = stablehlo.bitcast_convert %32 : (tensor<16xf8E4M3B11FNUZ>) -> tensor<16xui8>
  %35 = stablehlo.select %33, %18, %34 : tensor<16xi1>, tensor<16xui8>
  %36 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E5M2>
  %37 = stablehlo.compare NE, %36, %36 : (tensor<16xf8E5M2>, tensor<16xf8E5M2>) -> tensor<16xi1>
  %38 = stablehlo.bitcast_convert %36 : (tensor<16xf8E5M2>) -> tensor<16xui8>
  %39 = stablehlo.select %37, %18, %38 : tensor<16xi1>, tensor<16xui8>
  %40 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E5M2FNUZ>
  %41 = stablehlo.compare NE, %40, %40 : (tensor<16xf8E5M2FNUZ>, tensor<16xf8E5M2FNUZ>) -> tensor<16xi1>
  %42 = stablehlo.bitcast_convert %40 : (tensor<16xf8E5M2FNUZ>) -> tensor<16xui8>
  %43 = stablehlo.select %41, %18, %42 : tensor<16xi1>, tensor<16xui8>
  %44 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf8E8M0FNU>
  %45 = stablehlo.compare NE, %44, %44 : (tensor<16xf8E8M0FNU>, tensor<16xf8E8M0FNU>) -> tensor<16xi1>
  %46 = stablehlo.bitcast_convert %44 : (tensor<16xf8E8M0FNU>) -> tensor<16xui8>
  %47 = stablehlo.select %45, %18, %46 : tensor<16xi1>, tensor<16xui8>
  %48 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xbf16>
  %49 = stablehlo.compare NE, %48, %48 : (tensor<16xbf16>, tensor<16xbf16>) -> tensor<16xi1>
  %50 = stablehlo.bitcast_convert %48 : (tensor<16xbf16>) -> tensor<16xui16>
  %51 = stablehlo.constant dense<1> : tensor<16xui16>
  %52 = stablehlo.select %49, %51, %50 : tensor<16xi1>, tensor<16xui16>
  %53 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf16>
  %54 = stablehlo.compare NE, %53, %53 : (tensor<16xf16>, tensor<16xf16>) -> tensor<16xi1>
  %55 = stablehlo.bitcast_convert %53 : (tensor<16xf16>) -> tensor<16xui16>
  %56 = stablehlo.select %54, %51, %55 : tensor<16xi1>, tensor<16xui16>
  %57 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf32>
  %58 = stablehlo.compare NE, %57, %57 : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xi1>
  %59 = stablehlo.bitcast_convert %57 : (tensor<16xf32>) -> tensor<16xui32>
  %60 = stablehlo.select %58, %8, %59 : tensor<16xi1>, tensor<16xui32>
  %61 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xf64>
  %62 = stablehlo.compare NE, %61, %61 : (tensor<16xf64>, tensor<16xf64>) -> tensor<16xi1>
  %63 = stablehlo.bitcast_convert %61 : (tensor<16xf64>) -> tensor<16xui64>
  %64 = stablehlo.constant dense<1> : tensor<16xui64>
  %65 = stablehlo.select %62, %64, %63 : tensor<16xi1>, tensor<16xui64>
  %66 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi1>
  %67 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi2>
  %68 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi4>
  %69 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi8>
  %70 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi16>
  %71 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi32>
  %72 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xi64>
  %73 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui2>
  %74 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui4>
  %75 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui8>
  %76 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui16>
  %77 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui32>
  %78 = stablehlo.convert %3 : (tensor<16xf4E2M1FN>) -> tensor<16xui64>
  %79 = stablehlo.iota dim = 0 : tensor<256xui8>
  %80 = stablehlo.bitcast_convert %79 : (tensor<256xui8>) -> tensor<256xf8E3M4>
  %81 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf4E2M1FN>
  %82 = stablehlo.compare NE, %81, %81 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %83 = stablehlo.bitcast_convert %81 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %84 = stablehlo.constant dense<1> : tensor<256xui4>
  %85 = stablehlo.select %82, %84, %83 : tensor<256xi1>, tensor<256xui4>
  %86 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf6E2M3FN>
  %87 = stablehlo.convert %86 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %88 = stablehlo.compare NE, %87, %87 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %89 = stablehlo.bitcast_convert %87 : (tensor<256xf32>) -> tensor<256xui32>
  %90 = stablehlo.constant dense<1> : tensor<256xui32>
  %91 = stablehlo.select %88, %90, %89 : tensor<256xi1>, tensor<256xui32>
  %92 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf6E3M2FN>
  %93 = stablehlo.convert %92 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %94 = stablehlo.compare NE, %93, %93 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %95 = stablehlo.bitcast_convert %93 : (tensor<256xf32>) -> tensor<256xui32>
  %96 = stablehlo.select %94, %90, %95 : tensor<256xi1>, tensor<256xui32>
  %97 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E4M3>
  %98 = stablehlo.compare NE, %97, %97 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %99 = stablehlo.bitcast_convert %97 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %100 = stablehlo.constant dense<1> : tensor<256xui8>
  %101 = stablehlo.select %98, %100, %99 : tensor<256xi1>, tensor<256xui8>
  %102 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E4M3FN>
  %103 = stablehlo.compare NE, %102, %102 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %104 = stablehlo.bitcast_convert %102 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %105 = stablehlo.select %103, %100, %104 : tensor<256xi1>, tensor<256xui8>
  %106 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E4M3FNUZ>
  %107 = stablehlo.compare NE, %106, %106 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %108 = stablehlo.bitcast_convert %106 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %109 = stablehlo.select %107, %100, %108 : tensor<256xi1>, tensor<256xui8>
  %110 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E4M3B11FNUZ>
  %111 = stablehlo.compare NE, %110, %110 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %112 = stablehlo.bitcast_convert %110 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %113 = stablehlo.select %111, %100, %112 : tensor<256xi1>, tensor<256xui8>
  %114 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E5M2>
  %115 = stablehlo.compare NE, %114, %114 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %116 = stablehlo.bitcast_convert %114 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %117 = stablehlo.select %115, %100, %116 : tensor<256xi1>, tensor<256xui8>
  %118 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E5M2FNUZ>
  %119 = stablehlo.compare NE, %118, %118 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %120 = stablehlo.bitcast_convert %118 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %121 = stablehlo.select %119, %100, %120 : tensor<256xi1>, tensor<256xui8>
  %122 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf8E8M0FNU>
  %123 = stablehlo.compare NE, %122, %122 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %124 = stablehlo.bitcast_convert %122 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %125 = stablehlo.select %123, %100, %124 : tensor<256xi1>, tensor<256xui8>
  %126 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xbf16>
  %127 = stablehlo.compare NE, %126, %126 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %128 = stablehlo.bitcast_convert %126 : (tensor<256xbf16>) -> tensor<256xui16>
  %129 = stablehlo.constant dense<1> : tensor<256xui16>
  %130 = stablehlo.select %127, %129, %128 : tensor<256xi1>, tensor<256xui16>
  %131 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf16>
  %132 = stablehlo.compare NE, %131, %131 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %133 = stablehlo.bitcast_convert %131 : (tensor<256xf16>) -> tensor<256xui16>
  %134 = stablehlo.select %132, %129, %133 : tensor<256xi1>, tensor<256xui16>
  %135 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf32>
  %136 = stablehlo.compare NE, %135, %135 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %137 = stablehlo.bitcast_convert %135 : (tensor<256xf32>) -> tensor<256xui32>
  %138 = stablehlo.select %136, %90, %137 : tensor<256xi1>, tensor<256xui32>
  %139 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xf64>
  %140 = stablehlo.compare NE, %139, %139 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %141 = stablehlo.bitcast_convert %139 : (tensor<256xf64>) -> tensor<256xui64>
  %142 = stablehlo.constant dense<1> : tensor<256xui64>
  %143 = stablehlo.select %140, %142, %141 : tensor<256xi1>, tensor<256xui64>
  %144 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi1>
  %145 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi2>
  %146 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi4>
  %147 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi8>
  %148 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi16>
  %149 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi32>
  %150 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xi64>
  %151 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui2>
  %152 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui4>
  %153 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %154 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui16>
  %155 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui32>
  %156 = stablehlo.convert %80 : (tensor<256xf8E3M4>) -> tensor<256xui64>
  %157 = stablehlo.iota dim = 0 : tensor<256xui8>
  %158 = stablehlo.bitcast_convert %157 : (tensor<256xui8>) -> tensor<256xf8E4M3>
  %159 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf4E2M1FN>
  %160 = stablehlo.compare NE, %159, %159 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %161 = stablehlo.bitcast_convert %159 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %162 = stablehlo.select %160, %84, %161 : tensor<256xi1>, tensor<256xui4>
  %163 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf6E2M3FN>
  %164 = stablehlo.convert %163 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %165 = stablehlo.compare NE, %164, %164 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %166 = stablehlo.bitcast_convert %164 : (tensor<256xf32>) -> tensor<256xui32>
  %167 = stablehlo.select %165, %90, %166 : tensor<256xi1>, tensor<256xui32>
  %168 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf6E3M2FN>
  %169 = stablehlo.convert %168 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %170 = stablehlo.compare NE, %169, %169 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %171 = stablehlo.bitcast_convert %169 : (tensor<256xf32>) -> tensor<256xui32>
  %172 = stablehlo.select %170, %90, %171 : tensor<256xi1>, tensor<256xui32>
  %173 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E3M4>
  %174 = stablehlo.compare NE, %173, %173 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %175 = stablehlo.bitcast_convert %173 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %176 = stablehlo.select %174, %100, %175 : tensor<256xi1>, tensor<256xui8>
  %177 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E4M3FN>
  %178 = stablehlo.compare NE, %177, %177 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %179 = stablehlo.bitcast_convert %177 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %180 = stablehlo.select %178, %100, %179 : tensor<256xi1>, tensor<256xui8>
  %181 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E4M3FNUZ>
  %182 = stablehlo.compare NE, %181, %181 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %183 = stablehlo.bitcast_convert %181 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %184 = stablehlo.select %182, %100, %183 : tensor<256xi1>, tensor<256xui8>
  %185 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E4M3B11FNUZ>
  %186 = stablehlo.compare NE, %185, %185 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %187 = stablehlo.bitcast_convert %185 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %188 = stablehlo.select %186, %100, %187 : tensor<256xi1>, tensor<256xui8>
  %189 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E5M2>
  %190 = stablehlo.compare NE, %189, %189 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %191 = stablehlo.bitcast_convert %189 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %192 = stablehlo.select %190, %100, %191 : tensor<256xi1>, tensor<256xui8>
  %193 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E5M2FNUZ>
  %194 = stablehlo.compare NE, %193, %193 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %195 = stablehlo.bitcast_convert %193 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %196 = stablehlo.select %194, %100, %195 : tensor<256xi1>, tensor<256xui8>
  %197 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf8E8M0FNU>
  %198 = stablehlo.compare NE, %197, %197 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %199 = stablehlo.bitcast_convert %197 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %200 = stablehlo.select %198, %100, %199 : tensor<256xi1>, tensor<256xui8>
  %201 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xbf16>
  %202 = stablehlo.compare NE, %201, %201 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %203 = stablehlo.bitcast_convert %201 : (tensor<256xbf16>) -> tensor<256xui16>
  %204 = stablehlo.select %202, %129, %203 : tensor<256xi1>, tensor<256xui16>
  %205 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf16>
  %206 = stablehlo.compare NE, %205, %205 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %207 = stablehlo.bitcast_convert %205 : (tensor<256xf16>) -> tensor<256xui16>
  %208 = stablehlo.select %206, %129, %207 : tensor<256xi1>, tensor<256xui16>
  %209 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf32>
  %210 = stablehlo.compare NE, %209, %209 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %211 = stablehlo.bitcast_convert %209 : (tensor<256xf32>) -> tensor<256xui32>
  %212 = stablehlo.select %210, %90, %211 : tensor<256xi1>, tensor<256xui32>
  %213 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xf64>
  %214 = stablehlo.compare NE, %213, %213 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %215 = stablehlo.bitcast_convert %213 : (tensor<256xf64>) -> tensor<256xui64>
  %216 = stablehlo.select %214, %142, %215 : tensor<256xi1>, tensor<256xui64>
  %217 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi1>
  %218 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi2>
  %219 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi4>
  %220 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi8>
  %221 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi16>
  %222 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi32>
  %223 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xi64>
  %224 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui2>
  %225 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui4>
  %226 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %227 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui16>
  %228 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui32>
  %229 = stablehlo.convert %158 : (tensor<256xf8E4M3>) -> tensor<256xui64>
  %230 = stablehlo.iota dim = 0 : tensor<256xui8>
  %231 = stablehlo.bitcast_convert %230 : (tensor<256xui8>) -> tensor<256xf8E4M3FN>
  %232 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf4E2M1FN>
  %233 = stablehlo.compare NE, %232, %232 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %234 = stablehlo.bitcast_convert %232 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %235 = stablehlo.select %233, %84, %234 : tensor<256xi1>, tensor<256xui4>
  %236 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf6E2M3FN>
  %237 = stablehlo.convert %236 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %238 = stablehlo.compare NE, %237, %237 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %239 = stablehlo.bitcast_convert %237 : (tensor<256xf32>) -> tensor<256xui32>
  %240 = stablehlo.select %238, %90, %239 : tensor<256xi1>, tensor<256xui32>
  %241 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf6E3M2FN>
  %242 = stablehlo.convert %241 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %243 = stablehlo.compare NE, %242, %242 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %244 = stablehlo.bitcast_convert %242 : (tensor<256xf32>) -> tensor<256xui32>
  %245 = stablehlo.select %243, %90, %244 : tensor<256xi1>, tensor<256xui32>
  %246 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E3M4>
  %247 = stablehlo.compare NE, %246, %246 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %248 = stablehlo.bitcast_convert %246 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %249 = stablehlo.select %247, %100, %248 : tensor<256xi1>, tensor<256xui8>
  %250 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E4M3>
  %251 = stablehlo.compare NE, %250, %250 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %252 = stablehlo.bitcast_convert %250 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %253 = stablehlo.select %251, %100, %252 : tensor<256xi1>, tensor<256xui8>
  %254 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E4M3FNUZ>
  %255 = stablehlo.compare NE, %254, %254 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %256 = stablehlo.bitcast_convert %254 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %257 = stablehlo.select %255, %100, %256 : tensor<256xi1>, tensor<256xui8>
  %258 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E4M3B11FNUZ>
  %259 = stablehlo.compare NE, %258, %258 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %260 = stablehlo.bitcast_convert %258 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %261 = stablehlo.select %259, %100, %260 : tensor<256xi1>, tensor<256xui8>
  %262 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E5M2>
  %263 = stablehlo.compare NE, %262, %262 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %264 = stablehlo.bitcast_convert %262 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %265 = stablehlo.select %263, %100, %264 : tensor<256xi1>, tensor<256xui8>
  %266 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E5M2FNUZ>
  %267 = stablehlo.compare NE, %266, %266 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %268 = stablehlo.bitcast_convert %266 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %269 = stablehlo.select %267, %100, %268 : tensor<256xi1>, tensor<256xui8>
  %270 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf8E8M0FNU>
  %271 = stablehlo.compare NE, %270, %270 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %272 = stablehlo.bitcast_convert %270 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %273 = stablehlo.select %271, %100, %272 : tensor<256xi1>, tensor<256xui8>
  %274 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xbf16>
  %275 = stablehlo.compare NE, %274, %274 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %276 = stablehlo.bitcast_convert %274 : (tensor<256xbf16>) -> tensor<256xui16>
  %277 = stablehlo.select %275, %129, %276 : tensor<256xi1>, tensor<256xui16>
  %278 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf16>
  %279 = stablehlo.compare NE, %278, %278 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %280 = stablehlo.bitcast_convert %278 : (tensor<256xf16>) -> tensor<256xui16>
  %281 = stablehlo.select %279, %129, %280 : tensor<256xi1>, tensor<256xui16>
  %282 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf32>
  %283 = stablehlo.compare NE, %282, %282 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %284 = stablehlo.bitcast_convert %282 : (tensor<256xf32>) -> tensor<256xui32>
  %285 = stablehlo.select %283, %90, %284 : tensor<256xi1>, tensor<256xui32>
  %286 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xf64>
  %287 = stablehlo.compare NE, %286, %286 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %288 = stablehlo.bitcast_convert %286 : (tensor<256xf64>) -> tensor<256xui64>
  %289 = stablehlo.select %287, %142, %288 : tensor<256xi1>, tensor<256xui64>
  %290 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %291 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi2>
  %292 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi4>
  %293 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi8>
  %294 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi16>
  %295 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi32>
  %296 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xi64>
  %297 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui2>
  %298 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui4>
  %299 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %300 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui16>
  %301 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui32>
  %302 = stablehlo.convert %231 : (tensor<256xf8E4M3FN>) -> tensor<256xui64>
  %303 = stablehlo.iota dim = 0 : tensor<256xui8>
  %304 = stablehlo.bitcast_convert %303 : (tensor<256xui8>) -> tensor<256xf8E4M3FNUZ>
  %305 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf4E2M1FN>
  %306 = stablehlo.compare NE, %305, %305 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %307 = stablehlo.bitcast_convert %305 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %308 = stablehlo.select %306, %84, %307 : tensor<256xi1>, tensor<256xui4>
  %309 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf6E2M3FN>
  %310 = stablehlo.convert %309 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %311 = stablehlo.compare NE, %310, %310 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %312 = stablehlo.bitcast_convert %310 : (tensor<256xf32>) -> tensor<256xui32>
  %313 = stablehlo.select %311, %90, %312 : tensor<256xi1>, tensor<256xui32>
  %314 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf6E3M2FN>
  %315 = stablehlo.convert %314 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %316 = stablehlo.compare NE, %315, %315 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %317 = stablehlo.bitcast_convert %315 : (tensor<256xf32>) -> tensor<256xui32>
  %318 = stablehlo.select %316, %90, %317 : tensor<256xi1>, tensor<256xui32>
  %319 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E3M4>
  %320 = stablehlo.compare NE, %319, %319 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %321 = stablehlo.bitcast_convert %319 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %322 = stablehlo.select %320, %100, %321 : tensor<256xi1>, tensor<256xui8>
  %323 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E4M3>
  %324 = stablehlo.compare NE, %323, %323 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %325 = stablehlo.bitcast_convert %323 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %326 = stablehlo.select %324, %100, %325 : tensor<256xi1>, tensor<256xui8>
  %327 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E4M3FN>
  %328 = stablehlo.compare NE, %327, %327 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %329 = stablehlo.bitcast_convert %327 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %330 = stablehlo.select %328, %100, %329 : tensor<256xi1>, tensor<256xui8>
  %331 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E4M3B11FNUZ>
  %332 = stablehlo.compare NE, %331, %331 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %333 = stablehlo.bitcast_convert %331 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %334 = stablehlo.select %332, %100, %333 : tensor<256xi1>, tensor<256xui8>
  %335 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E5M2>
  %336 = stablehlo.compare NE, %335, %335 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %337 = stablehlo.bitcast_convert %335 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %338 = stablehlo.select %336, %100, %337 : tensor<256xi1>, tensor<256xui8>
  %339 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E5M2FNUZ>
  %340 = stablehlo.compare NE, %339, %339 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %341 = stablehlo.bitcast_convert %339 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %342 = stablehlo.select %340, %100, %341 : tensor<256xi1>, tensor<256xui8>
  %343 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf8E8M0FNU>
  %344 = stablehlo.compare NE, %343, %343 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %345 = stablehlo.bitcast_convert %343 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %346 = stablehlo.select %344, %100, %345 : tensor<256xi1>, tensor<256xui8>
  %347 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xbf16>
  %348 = stablehlo.compare NE, %347, %347 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %349 = stablehlo.bitcast_convert %347 : (tensor<256xbf16>) -> tensor<256xui16>
  %350 = stablehlo.select %348, %129, %349 : tensor<256xi1>, tensor<256xui16>
  %351 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf16>
  %352 = stablehlo.compare NE, %351, %351 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %353 = stablehlo.bitcast_convert %351 : (tensor<256xf16>) -> tensor<256xui16>
  %354 = stablehlo.select %352, %129, %353 : tensor<256xi1>, tensor<256xui16>
  %355 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf32>
  %356 = stablehlo.compare NE, %355, %355 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %357 = stablehlo.bitcast_convert %355 : (tensor<256xf32>) -> tensor<256xui32>
  %358 = stablehlo.select %356, %90, %357 : tensor<256xi1>, tensor<256xui32>
  %359 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xf64>
  %360 = stablehlo.compare NE, %359, %359 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %361 = stablehlo.bitcast_convert %359 : (tensor<256xf64>) -> tensor<256xui64>
  %362 = stablehlo.select %360, %142, %361 : tensor<256xi1>, tensor<256xui64>
  %363 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %364 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi2>
  %365 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi4>
  %366 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi8>
  %367 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi16>
  %368 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi32>
  %369 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xi64>
  %370 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui2>
  %371 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui4>
  %372 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %373 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui16>
  %374 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui32>
  %375 = stablehlo.convert %304 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui64>
  %376 = stablehlo.iota dim = 0 : tensor<256xui8>
  %377 = stablehlo.bitcast_convert %376 : (tensor<256xui8>) -> tensor<256xf8E4M3B11FNUZ>
  %378 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf4E2M1FN>
  %379 = stablehlo.compare NE, %378, %378 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %380 = stablehlo.bitcast_convert %378 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %381 = stablehlo.select %379, %84, %380 : tensor<256xi1>, tensor<256xui4>
  %382 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf6E2M3FN>
  %383 = stablehlo.convert %382 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %384 = stablehlo.compare NE, %383, %383 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %385 = stablehlo.bitcast_convert %383 : (tensor<256xf32>) -> tensor<256xui32>
  %386 = stablehlo.select %384, %90, %385 : tensor<256xi1>, tensor<256xui32>
  %387 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf6E3M2FN>
  %388 = stablehlo.convert %387 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %389 = stablehlo.compare NE, %388, %388 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %390 = stablehlo.bitcast_convert %388 : (tensor<256xf32>) -> tensor<256xui32>
  %391 = stablehlo.select %389, %90, %390 : tensor<256xi1>, tensor<256xui32>
  %392 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E3M4>
  %393 = stablehlo.compare NE, %392, %392 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %394 = stablehlo.bitcast_convert %392 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %395 = stablehlo.select %393, %100, %394 : tensor<256xi1>, tensor<256xui8>
  %396 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E4M3>
  %397 = stablehlo.compare NE, %396, %396 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %398 = stablehlo.bitcast_convert %396 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %399 = stablehlo.select %397, %100, %398 : tensor<256xi1>, tensor<256xui8>
  %400 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E4M3FN>
  %401 = stablehlo.compare NE, %400, %400 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %402 = stablehlo.bitcast_convert %400 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %403 = stablehlo.select %401, %100, %402 : tensor<256xi1>, tensor<256xui8>
  %404 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E4M3FNUZ>
  %405 = stablehlo.compare NE, %404, %404 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %406 = stablehlo.bitcast_convert %404 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %407 = stablehlo.select %405, %100, %406 : tensor<256xi1>, tensor<256xui8>
  %408 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E5M2>
  %409 = stablehlo.compare NE, %408, %408 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %410 = stablehlo.bitcast_convert %408 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %411 = stablehlo.select %409, %100, %410 : tensor<256xi1>, tensor<256xui8>
  %412 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E5M2FNUZ>
  %413 = stablehlo.compare NE, %412, %412 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %414 = stablehlo.bitcast_convert %412 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %415 = stablehlo.select %413, %100, %414 : tensor<256xi1>, tensor<256xui8>
  %416 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf8E8M0FNU>
  %417 = stablehlo.compare NE, %416, %416 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %418 = stablehlo.bitcast_convert %416 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %419 = stablehlo.select %417, %100, %418 : tensor<256xi1>, tensor<256xui8>
  %420 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xbf16>
  %421 = stablehlo.compare NE, %420, %420 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %422 = stablehlo.bitcast_convert %420 : (tensor<256xbf16>) -> tensor<256xui16>
  %423 = stablehlo.select %421, %129, %422 : tensor<256xi1>, tensor<256xui16>
  %424 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf16>
  %425 = stablehlo.compare NE, %424, %424 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %426 = stablehlo.bitcast_convert %424 : (tensor<256xf16>) -> tensor<256xui16>
  %427 = stablehlo.select %425, %129, %426 : tensor<256xi1>, tensor<256xui16>
  %428 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf32>
  %429 = stablehlo.compare NE, %428, %428 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %430 = stablehlo.bitcast_convert %428 : (tensor<256xf32>) -> tensor<256xui32>
  %431 = stablehlo.select %429, %90, %430 : tensor<256xi1>, tensor<256xui32>
  %432 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xf64>
  %433 = stablehlo.compare NE, %432, %432 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %434 = stablehlo.bitcast_convert %432 : (tensor<256xf64>) -> tensor<256xui64>
  %435 = stablehlo.select %433, %142, %434 : tensor<256xi1>, tensor<256xui64>
  %436 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %437 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi2>
  %438 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi4>
  %439 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi8>
  %440 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi16>
  %441 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi32>
  %442 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi64>
  %443 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui2>
  %444 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui4>
  %445 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %446 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui16>
  %447 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui32>
  %448 = stablehlo.convert %377 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui64>
  %449 = stablehlo.iota dim = 0 : tensor<256xui8>
  %450 = stablehlo.bitcast_convert %449 : (tensor<256xui8>) -> tensor<256xf8E5M2>
  %451 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf4E2M1FN>
  %452 = stablehlo.compare NE, %451, %451 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %453 = stablehlo.bitcast_convert %451 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %454 = stablehlo.select %452, %84, %453 : tensor<256xi1>, tensor<256xui4>
  %455 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf6E2M3FN>
  %456 = stablehlo.convert %455 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %457 = stablehlo.compare NE, %456, %456 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %458 = stablehlo.bitcast_convert %456 : (tensor<256xf32>) -> tensor<256xui32>
  %459 = stablehlo.select %457, %90, %458 : tensor<256xi1>, tensor<256xui32>
  %460 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf6E3M2FN>
  %461 = stablehlo.convert %460 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %462 = stablehlo.compare NE, %461, %461 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %463 = stablehlo.bitcast_convert %461 : (tensor<256xf32>) -> tensor<256xui32>
  %464 = stablehlo.select %462, %90, %463 : tensor<256xi1>, tensor<256xui32>
  %465 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E3M4>
  %466 = stablehlo.compare NE, %465, %465 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %467 = stablehlo.bitcast_convert %465 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %468 = stablehlo.select %466, %100, %467 : tensor<256xi1>, tensor<256xui8>
  %469 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E4M3>
  %470 = stablehlo.compare NE, %469, %469 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %471 = stablehlo.bitcast_convert %469 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %472 = stablehlo.select %470, %100, %471 : tensor<256xi1>, tensor<256xui8>
  %473 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E4M3FN>
  %474 = stablehlo.compare NE, %473, %473 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %475 = stablehlo.bitcast_convert %473 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %476 = stablehlo.select %474, %100, %475 : tensor<256xi1>, tensor<256xui8>
  %477 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E4M3FNUZ>
  %478 = stablehlo.compare NE, %477, %477 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %479 = stablehlo.bitcast_convert %477 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %480 = stablehlo.select %478, %100, %479 : tensor<256xi1>, tensor<256xui8>
  %481 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E4M3B11FNUZ>
  %482 = stablehlo.compare NE, %481, %481 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %483 = stablehlo.bitcast_convert %481 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %484 = stablehlo.select %482, %100, %483 : tensor<256xi1>, tensor<256xui8>
  %485 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E5M2FNUZ>
  %486 = stablehlo.compare NE, %485, %485 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %487 = stablehlo.bitcast_convert %485 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %488 = stablehlo.select %486, %100, %487 : tensor<256xi1>, tensor<256xui8>
  %489 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf8E8M0FNU>
  %490 = stablehlo.compare NE, %489, %489 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %491 = stablehlo.bitcast_convert %489 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %492 = stablehlo.select %490, %100, %491 : tensor<256xi1>, tensor<256xui8>
  %493 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xbf16>
  %494 = stablehlo.compare NE, %493, %493 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %495 = stablehlo.bitcast_convert %493 : (tensor<256xbf16>) -> tensor<256xui16>
  %496 = stablehlo.select %494, %129, %495 : tensor<256xi1>, tensor<256xui16>
  %497 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf16>
  %498 = stablehlo.compare NE, %497, %497 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %499 = stablehlo.bitcast_convert %497 : (tensor<256xf16>) -> tensor<256xui16>
  %500 = stablehlo.select %498, %129, %499 : tensor<256xi1>, tensor<256xui16>
  %501 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf32>
  %502 = stablehlo.compare NE, %501, %501 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %503 = stablehlo.bitcast_convert %501 : (tensor<256xf32>) -> tensor<256xui32>
  %504 = stablehlo.select %502, %90, %503 : tensor<256xi1>, tensor<256xui32>
  %505 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xf64>
  %506 = stablehlo.compare NE, %505, %505 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %507 = stablehlo.bitcast_convert %505 : (tensor<256xf64>) -> tensor<256xui64>
  %508 = stablehlo.select %506, %142, %507 : tensor<256xi1>, tensor<256xui64>
  %509 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi1>
  %510 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi2>
  %511 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi4>
  %512 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi8>
  %513 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi16>
  %514 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi32>
  %515 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xi64>
  %516 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui2>
  %517 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui4>
  %518 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %519 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui16>
  %520 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui32>
  %521 = stablehlo.convert %450 : (tensor<256xf8E5M2>) -> tensor<256xui64>
  %522 = stablehlo.iota dim = 0 : tensor<256xui8>
  %523 = stablehlo.bitcast_convert %522 : (tensor<256xui8>) -> tensor<256xf8E5M2FNUZ>
  %524 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf4E2M1FN>
  %525 = stablehlo.compare NE, %524, %524 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %526 = stablehlo.bitcast_convert %524 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %527 = stablehlo.select %525, %84, %526 : tensor<256xi1>, tensor<256xui4>
  %528 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf6E2M3FN>
  %529 = stablehlo.convert %528 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %530 = stablehlo.compare NE, %529, %529 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %531 = stablehlo.bitcast_convert %529 : (tensor<256xf32>) -> tensor<256xui32>
  %532 = stablehlo.select %530, %90, %531 : tensor<256xi1>, tensor<256xui32>
  %533 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf6E3M2FN>
  %534 = stablehlo.convert %533 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %535 = stablehlo.compare NE, %534, %534 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %536 = stablehlo.bitcast_convert %534 : (tensor<256xf32>) -> tensor<256xui32>
  %537 = stablehlo.select %535, %90, %536 : tensor<256xi1>, tensor<256xui32>
  %538 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E3M4>
  %539 = stablehlo.compare NE, %538, %538 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %540 = stablehlo.bitcast_convert %538 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %541 = stablehlo.select %539, %100, %540 : tensor<256xi1>, tensor<256xui8>
  %542 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E4M3>
  %543 = stablehlo.compare NE, %542, %542 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %544 = stablehlo.bitcast_convert %542 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %545 = stablehlo.select %543, %100, %544 : tensor<256xi1>, tensor<256xui8>
  %546 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E4M3FN>
  %547 = stablehlo.compare NE, %546, %546 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %548 = stablehlo.bitcast_convert %546 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %549 = stablehlo.select %547, %100, %548 : tensor<256xi1>, tensor<256xui8>
  %550 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E4M3FNUZ>
  %551 = stablehlo.compare NE, %550, %550 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %552 = stablehlo.bitcast_convert %550 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %553 = stablehlo.select %551, %100, %552 : tensor<256xi1>, tensor<256xui8>
  %554 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E4M3B11FNUZ>
  %555 = stablehlo.compare NE, %554, %554 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %556 = stablehlo.bitcast_convert %554 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %557 = stablehlo.select %555, %100, %556 : tensor<256xi1>, tensor<256xui8>
  %558 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E5M2>
  %559 = stablehlo.compare NE, %558, %558 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %560 = stablehlo.bitcast_convert %558 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %561 = stablehlo.select %559, %100, %560 : tensor<256xi1>, tensor<256xui8>
  %562 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf8E8M0FNU>
  %563 = stablehlo.compare NE, %562, %562 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %564 = stablehlo.bitcast_convert %562 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %565 = stablehlo.select %563, %100, %564 : tensor<256xi1>, tensor<256xui8>
  %566 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xbf16>
  %567 = stablehlo.compare NE, %566, %566 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %568 = stablehlo.bitcast_convert %566 : (tensor<256xbf16>) -> tensor<256xui16>
  %569 = stablehlo.select %567, %129, %568 : tensor<256xi1>, tensor<256xui16>
  %570 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf16>
  %571 = stablehlo.compare NE, %570, %570 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %572 = stablehlo.bitcast_convert %570 : (tensor<256xf16>) -> tensor<256xui16>
  %573 = stablehlo.select %571, %129, %572 : tensor<256xi1>, tensor<256xui16>
  %574 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf32>
  %575 = stablehlo.compare NE, %574, %574 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %576 = stablehlo.bitcast_convert %574 : (tensor<256xf32>) -> tensor<256xui32>
  %577 = stablehlo.select %575, %90, %576 : tensor<256xi1>, tensor<256xui32>
  %578 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xf64>
  %579 = stablehlo.compare NE, %578, %578 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %580 = stablehlo.bitcast_convert %578 : (tensor<256xf64>) -> tensor<256xui64>
  %581 = stablehlo.select %579, %142, %580 : tensor<256xi1>, tensor<256xui64>
  %582 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %583 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi2>
  %584 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi4>
  %585 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi8>
  %586 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi16>
  %587 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi32>
  %588 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xi64>
  %589 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui2>
  %590 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui4>
  %591 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %592 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui16>
  %593 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui32>
  %594 = stablehlo.convert %523 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui64>
  %595 = stablehlo.iota dim = 0 : tensor<256xui8>
  %596 = stablehlo.bitcast_convert %595 : (tensor<256xui8>) -> tensor<256xf8E8M0FNU>
  %597 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf4E2M1FN>
  %598 = stablehlo.compare NE, %597, %597 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %599 = stablehlo.bitcast_convert %597 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %600 = stablehlo.select %598, %84, %599 : tensor<256xi1>, tensor<256xui4>
  %601 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf6E2M3FN>
  %602 = stablehlo.convert %601 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %603 = stablehlo.compare NE, %602, %602 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %604 = stablehlo.bitcast_convert %602 : (tensor<256xf32>) -> tensor<256xui32>
  %605 = stablehlo.select %603, %90, %604 : tensor<256xi1>, tensor<256xui32>
  %606 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf6E3M2FN>
  %607 = stablehlo.convert %606 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %608 = stablehlo.compare NE, %607, %607 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %609 = stablehlo.bitcast_convert %607 : (tensor<256xf32>) -> tensor<256xui32>
  %610 = stablehlo.select %608, %90, %609 : tensor<256xi1>, tensor<256xui32>
  %611 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E3M4>
  %612 = stablehlo.compare NE, %611, %611 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %613 = stablehlo.bitcast_convert %611 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %614 = stablehlo.select %612, %100, %613 : tensor<256xi1>, tensor<256xui8>
  %615 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E4M3>
  %616 = stablehlo.compare NE, %615, %615 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %617 = stablehlo.bitcast_convert %615 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %618 = stablehlo.select %616, %100, %617 : tensor<256xi1>, tensor<256xui8>
  %619 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E4M3FN>
  %620 = stablehlo.compare NE, %619, %619 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %621 = stablehlo.bitcast_convert %619 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %622 = stablehlo.select %620, %100, %621 : tensor<256xi1>, tensor<256xui8>
  %623 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E4M3FNUZ>
  %624 = stablehlo.compare NE, %623, %623 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %625 = stablehlo.bitcast_convert %623 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %626 = stablehlo.select %624, %100, %625 : tensor<256xi1>, tensor<256xui8>
  %627 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E4M3B11FNUZ>
  %628 = stablehlo.compare NE, %627, %627 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %629 = stablehlo.bitcast_convert %627 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %630 = stablehlo.select %628, %100, %629 : tensor<256xi1>, tensor<256xui8>
  %631 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E5M2>
  %632 = stablehlo.compare NE, %631, %631 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %633 = stablehlo.bitcast_convert %631 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %634 = stablehlo.select %632, %100, %633 : tensor<256xi1>, tensor<256xui8>
  %635 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf8E5M2FNUZ>
  %636 = stablehlo.compare NE, %635, %635 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %637 = stablehlo.bitcast_convert %635 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %638 = stablehlo.select %636, %100, %637 : tensor<256xi1>, tensor<256xui8>
  %639 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xbf16>
  %640 = stablehlo.compare NE, %639, %639 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %641 = stablehlo.bitcast_convert %639 : (tensor<256xbf16>) -> tensor<256xui16>
  %642 = stablehlo.select %640, %129, %641 : tensor<256xi1>, tensor<256xui16>
  %643 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf16>
  %644 = stablehlo.compare NE, %643, %643 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %645 = stablehlo.bitcast_convert %643 : (tensor<256xf16>) -> tensor<256xui16>
  %646 = stablehlo.select %644, %129, %645 : tensor<256xi1>, tensor<256xui16>
  %647 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf32>
  %648 = stablehlo.compare NE, %647, %647 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %649 = stablehlo.bitcast_convert %647 : (tensor<256xf32>) -> tensor<256xui32>
  %650 = stablehlo.select %648, %90, %649 : tensor<256xi1>, tensor<256xui32>
  %651 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xf64>
  %652 = stablehlo.compare NE, %651, %651 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %653 = stablehlo.bitcast_convert %651 : (tensor<256xf64>) -> tensor<256xui64>
  %654 = stablehlo.select %652, %142, %653 : tensor<256xi1>, tensor<256xui64>
  %655 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %656 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi2>
  %657 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi4>
  %658 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi8>
  %659 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi16>
  %660 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi32>
  %661 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xi64>
  %662 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui2>
  %663 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui4>
  %664 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %665 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui16>
  %666 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui32>
  %667 = stablehlo.convert %596 : (tensor<256xf8E8M0FNU>) -> tensor<256xui64>
  %668 = stablehlo.iota dim = 0 : tensor<1021xui16>
  %669 = stablehlo.constant dense<65> : tensor<1021xui16>
  %670 = stablehlo.multiply %668, %669 : tensor<1021xui16>
  %671 = stablehlo.bitcast_convert %670 : (tensor<1021xui16>) -> tensor<1021xbf16>
  %672 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf4E2M1FN>
  %673 = stablehlo.compare NE, %672, %672 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %674 = stablehlo.bitcast_convert %672 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %675 = stablehlo.constant dense<1> : tensor<1021xui4>
  %676 = stablehlo.select %673, %675, %674 : tensor<1021xi1>, tensor<1021xui4>
  %677 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf6E2M3FN>
  %678 = stablehlo.convert %677 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %679 = stablehlo.compare NE, %678, %678 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %680 = stablehlo.bitcast_convert %678 : (tensor<1021xf32>) -> tensor<1021xui32>
  %681 = stablehlo.constant dense<1> : tensor<1021xui32>
  %682 = stablehlo.select %679, %681, %680 : tensor<1021xi1>, tensor<1021xui32>
  %683 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf6E3M2FN>
  %684 = stablehlo.convert %683 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %685 = stablehlo.compare NE, %684, %684 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %686 = stablehlo.bitcast_convert %684 : (tensor<1021xf32>) -> tensor<1021xui32>
  %687 = stablehlo.select %685, %681, %686 : tensor<1021xi1>, tensor<1021xui32>
  %688 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E3M4>
  %689 = stablehlo.compare NE, %688, %688 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %690 = stablehlo.bitcast_convert %688 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %691 = stablehlo.constant dense<1> : tensor<1021xui8>
  %692 = stablehlo.select %689, %691, %690 : tensor<1021xi1>, tensor<1021xui8>
  %693 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E4M3>
  %694 = stablehlo.compare NE, %693, %693 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %695 = stablehlo.bitcast_convert %693 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %696 = stablehlo.select %694, %691, %695 : tensor<1021xi1>, tensor<1021xui8>
  %697 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E4M3FN>
  %698 = stablehlo.compare NE, %697, %697 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %699 = stablehlo.bitcast_convert %697 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %700 = stablehlo.select %698, %691, %699 : tensor<1021xi1>, tensor<1021xui8>
  %701 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E4M3FNUZ>
  %702 = stablehlo.compare NE, %701, %701 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %703 = stablehlo.bitcast_convert %701 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %704 = stablehlo.select %702, %691, %703 : tensor<1021xi1>, tensor<1021xui8>
  %705 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E4M3B11FNUZ>
  %706 = stablehlo.compare NE, %705, %705 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %707 = stablehlo.bitcast_convert %705 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %708 = stablehlo.select %706, %691, %707 : tensor<1021xi1>, tensor<1021xui8>
  %709 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E5M2>
  %710 = stablehlo.compare NE, %709, %709 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %711 = stablehlo.bitcast_convert %709 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %712 = stablehlo.select %710, %691, %711 : tensor<1021xi1>, tensor<1021xui8>
  %713 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E5M2FNUZ>
  %714 = stablehlo.compare NE, %713, %713 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %715 = stablehlo.bitcast_convert %713 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %716 = stablehlo.select %714, %691, %715 : tensor<1021xi1>, tensor<1021xui8>
  %717 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf8E8M0FNU>
  %718 = stablehlo.compare NE, %717, %717 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %719 = stablehlo.bitcast_convert %717 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %720 = stablehlo.select %718, %691, %719 : tensor<1021xi1>, tensor<1021xui8>
  %721 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf16>
  %722 = stablehlo.compare NE, %721, %721 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %723 = stablehlo.bitcast_convert %721 : (tensor<1021xf16>) -> tensor<1021xui16>
  %724 = stablehlo.constant dense<1> : tensor<1021xui16>
  %725 = stablehlo.select %722, %724, %723 : tensor<1021xi1>, tensor<1021xui16>
  %726 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf32>
  %727 = stablehlo.compare NE, %726, %726 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %728 = stablehlo.bitcast_convert %726 : (tensor<1021xf32>) -> tensor<1021xui32>
  %729 = stablehlo.select %727, %681, %728 : tensor<1021xi1>, tensor<1021xui32>
  %730 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xf64>
  %731 = stablehlo.compare NE, %730, %730 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %732 = stablehlo.bitcast_convert %730 : (tensor<1021xf64>) -> tensor<1021xui64>
  %733 = stablehlo.constant dense<1> : tensor<1021xui64>
  %734 = stablehlo.select %731, %733, %732 : tensor<1021xi1>, tensor<1021xui64>
  %735 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi1>
  %736 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi2>
  %737 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi4>
  %738 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi8>
  %739 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi16>
  %740 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi32>
  %741 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xi64>
  %742 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui2>
  %743 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui4>
  %744 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui8>
  %745 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %746 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui32>
  %747 = stablehlo.convert %671 : (tensor<1021xbf16>) -> tensor<1021xui64>
  %748 = stablehlo.iota dim = 0 : tensor<1021xui16>
  %749 = stablehlo.constant dense<65> : tensor<1021xui16>
  %750 = stablehlo.multiply %748, %749 : tensor<1021xui16>
  %751 = stablehlo.bitcast_convert %750 : (tensor<1021xui16>) -> tensor<1021xf16>
  %752 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf4E2M1FN>
  %753 = stablehlo.compare NE, %752, %752 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %754 = stablehlo.bitcast_convert %752 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %755 = stablehlo.select %753, %675, %754 : tensor<1021xi1>, tensor<1021xui4>
  %756 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf6E2M3FN>
  %757 = stablehlo.convert %756 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %758 = stablehlo.compare NE, %757, %757 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %759 = stablehlo.bitcast_convert %757 : (tensor<1021xf32>) -> tensor<1021xui32>
  %760 = stablehlo.select %758, %681, %759 : tensor<1021xi1>, tensor<1021xui32>
  %761 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf6E3M2FN>
  %762 = stablehlo.convert %761 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %763 = stablehlo.compare NE, %762, %762 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %764 = stablehlo.bitcast_convert %762 : (tensor<1021xf32>) -> tensor<1021xui32>
  %765 = stablehlo.select %763, %681, %764 : tensor<1021xi1>, tensor<1021xui32>
  %766 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E3M4>
  %767 = stablehlo.compare NE, %766, %766 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %768 = stablehlo.bitcast_convert %766 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %769 = stablehlo.select %767, %691, %768 : tensor<1021xi1>, tensor<1021xui8>
  %770 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E4M3>
  %771 = stablehlo.compare NE, %770, %770 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %772 = stablehlo.bitcast_convert %770 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %773 = stablehlo.select %771, %691, %772 : tensor<1021xi1>, tensor<1021xui8>
  %774 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E4M3FN>
  %775 = stablehlo.compare NE, %774, %774 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %776 = stablehlo.bitcast_convert %774 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %777 = stablehlo.select %775, %691, %776 : tensor<1021xi1>, tensor<1021xui8>
  %778 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E4M3FNUZ>
  %779 = stablehlo.compare NE, %778, %778 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %780 = stablehlo.bitcast_convert %778 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %781 = stablehlo.select %779, %691, %780 : tensor<1021xi1>, tensor<1021xui8>
  %782 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E4M3B11FNUZ>
  %783 = stablehlo.compare NE, %782, %782 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %784 = stablehlo.bitcast_convert %782 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %785 = stablehlo.select %783, %691, %784 : tensor<1021xi1>, tensor<1021xui8>
  %786 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E5M2>
  %787 = stablehlo.compare NE, %786, %786 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %788 = stablehlo.bitcast_convert %786 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %789 = stablehlo.select %787, %691, %788 : tensor<1021xi1>, tensor<1021xui8>
  %790 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E5M2FNUZ>
  %791 = stablehlo.compare NE, %790, %790 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %792 = stablehlo.bitcast_convert %790 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %793 = stablehlo.select %791, %691, %792 : tensor<1021xi1>, tensor<1021xui8>
  %794 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf8E8M0FNU>
  %795 = stablehlo.compare NE, %794, %794 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %796 = stablehlo.bitcast_convert %794 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %797 = stablehlo.select %795, %691, %796 : tensor<1021xi1>, tensor<1021xui8>
  %798 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xbf16>
  %799 = stablehlo.compare NE, %798, %798 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %800 = stablehlo.bitcast_convert %798 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %801 = stablehlo.select %799, %724, %800 : tensor<1021xi1>, tensor<1021xui16>
  %802 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf32>
  %803 = stablehlo.compare NE, %802, %802 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %804 = stablehlo.bitcast_convert %802 : (tensor<1021xf32>) -> tensor<1021xui32>
  %805 = stablehlo.select %803, %681, %804 : tensor<1021xi1>, tensor<1021xui32>
  %806 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xf64>
  %807 = stablehlo.compare NE, %806, %806 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %808 = stablehlo.bitcast_convert %806 : (tensor<1021xf64>) -> tensor<1021xui64>
  %809 = stablehlo.select %807, %733, %808 : tensor<1021xi1>, tensor<1021xui64>
  %810 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi1>
  %811 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi2>
  %812 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi4>
  %813 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi8>
  %814 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi16>
  %815 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi32>
  %816 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xi64>
  %817 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui2>
  %818 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui4>
  %819 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui8>
  %820 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui16>
  %821 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui32>
  %822 = stablehlo.convert %751 : (tensor<1021xf16>) -> tensor<1021xui64>
  %823 = stablehlo.iota dim = 0 : tensor<1021xui32>
  %824 = stablehlo.constant dense<4206629> : tensor<1021xui32>
  %825 = stablehlo.multiply %823, %824 : tensor<1021xui32>
  %826 = stablehlo.bitcast_convert %825 : (tensor<1021xui32>) -> tensor<1021xf32>
  %827 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf4E2M1FN>
  %828 = stablehlo.compare NE, %827, %827 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %829 = stablehlo.bitcast_convert %827 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %830 = stablehlo.select %828, %675, %829 : tensor<1021xi1>, tensor<1021xui4>
  %831 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf6E2M3FN>
  %832 = stablehlo.convert %831 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %833 = stablehlo.compare NE, %832, %832 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %834 = stablehlo.bitcast_convert %832 : (tensor<1021xf32>) -> tensor<1021xui32>
  %835 = stablehlo.select %833, %681, %834 : tensor<1021xi1>, tensor<1021xui32>
  %836 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf6E3M2FN>
  %837 = stablehlo.convert %836 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %838 = stablehlo.compare NE, %837, %837 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %839 = stablehlo.bitcast_convert %837 : (tensor<1021xf32>) -> tensor<1021xui32>
  %840 = stablehlo.select %838, %681, %839 : tensor<1021xi1>, tensor<1021xui32>
  %841 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E3M4>
  %842 = stablehlo.compare NE, %841, %841 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %843 = stablehlo.bitcast_convert %841 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %844 = stablehlo.select %842, %691, %843 : tensor<1021xi1>, tensor<1021xui8>
  %845 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E4M3>
  %846 = stablehlo.compare NE, %845, %845 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %847 = stablehlo.bitcast_convert %845 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %848 = stablehlo.select %846, %691, %847 : tensor<1021xi1>, tensor<1021xui8>
  %849 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E4M3FN>
  %850 = stablehlo.compare NE, %849, %849 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %851 = stablehlo.bitcast_convert %849 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %852 = stablehlo.select %850, %691, %851 : tensor<1021xi1>, tensor<1021xui8>
  %853 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E4M3FNUZ>
  %854 = stablehlo.compare NE, %853, %853 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %855 = stablehlo.bitcast_convert %853 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %856 = stablehlo.select %854, %691, %855 : tensor<1021xi1>, tensor<1021xui8>
  %857 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E4M3B11FNUZ>
  %858 = stablehlo.compare NE, %857, %857 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %859 = stablehlo.bitcast_convert %857 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %860 = stablehlo.select %858, %691, %859 : tensor<1021xi1>, tensor<1021xui8>
  %861 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E5M2>
  %862 = stablehlo.compare NE, %861, %861 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %863 = stablehlo.bitcast_convert %861 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %864 = stablehlo.select %862, %691, %863 : tensor<1021xi1>, tensor<1021xui8>
  %865 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E5M2FNUZ>
  %866 = stablehlo.compare NE, %865, %865 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %867 = stablehlo.bitcast_convert %865 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %868 = stablehlo.select %866, %691, %867 : tensor<1021xi1>, tensor<1021xui8>
  %869 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf8E8M0FNU>
  %870 = stablehlo.compare NE, %869, %869 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %871 = stablehlo.bitcast_convert %869 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %872 = stablehlo.select %870, %691, %871 : tensor<1021xi1>, tensor<1021xui8>
  %873 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xbf16>
  %874 = stablehlo.compare NE, %873, %873 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %875 = stablehlo.bitcast_convert %873 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %876 = stablehlo.select %874, %724, %875 : tensor<1021xi1>, tensor<1021xui16>
  %877 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf16>
  %878 = stablehlo.compare NE, %877, %877 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %879 = stablehlo.bitcast_convert %877 : (tensor<1021xf16>) -> tensor<1021xui16>
  %880 = stablehlo.select %878, %724, %879 : tensor<1021xi1>, tensor<1021xui16>
  %881 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xf64>
  %882 = stablehlo.compare NE, %881, %881 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %883 = stablehlo.bitcast_convert %881 : (tensor<1021xf64>) -> tensor<1021xui64>
  %884 = stablehlo.select %882, %733, %883 : tensor<1021xi1>, tensor<1021xui64>
  %885 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi1>
  %886 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi2>
  %887 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi4>
  %888 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi8>
  %889 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi16>
  %890 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi32>
  %891 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xi64>
  %892 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui2>
  %893 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui4>
  %894 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui8>
  %895 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui16>
  %896 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui32>
  %897 = stablehlo.convert %826 : (tensor<1021xf32>) -> tensor<1021xui64>
  %898 = stablehlo.iota dim = 0 : tensor<1021xui64>
  %899 = stablehlo.constant dense<18067330140753723> : tensor<1021xui64>
  %900 = stablehlo.multiply %898, %899 : tensor<1021xui64>
  %901 = stablehlo.bitcast_convert %900 : (tensor<1021xui64>) -> tensor<1021xf64>
  %902 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf4E2M1FN>
  %903 = stablehlo.compare NE, %902, %902 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %904 = stablehlo.bitcast_convert %902 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %905 = stablehlo.select %903, %675, %904 : tensor<1021xi1>, tensor<1021xui4>
  %906 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf6E2M3FN>
  %907 = stablehlo.convert %906 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %908 = stablehlo.compare NE, %907, %907 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %909 = stablehlo.bitcast_convert %907 : (tensor<1021xf32>) -> tensor<1021xui32>
  %910 = stablehlo.select %908, %681, %909 : tensor<1021xi1>, tensor<1021xui32>
  %911 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf6E3M2FN>
  %912 = stablehlo.convert %911 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %913 = stablehlo.compare NE, %912, %912 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %914 = stablehlo.bitcast_convert %912 : (tensor<1021xf32>) -> tensor<1021xui32>
  %915 = stablehlo.select %913, %681, %914 : tensor<1021xi1>, tensor<1021xui32>
  %916 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E3M4>
  %917 = stablehlo.compare NE, %916, %916 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %918 = stablehlo.bitcast_convert %916 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %919 = stablehlo.select %917, %691, %918 : tensor<1021xi1>, tensor<1021xui8>
  %920 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E4M3>
  %921 = stablehlo.compare NE, %920, %920 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %922 = stablehlo.bitcast_convert %920 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %923 = stablehlo.select %921, %691, %922 : tensor<1021xi1>, tensor<1021xui8>
  %924 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E4M3FN>
  %925 = stablehlo.compare NE, %924, %924 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %926 = stablehlo.bitcast_convert %924 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %927 = stablehlo.select %925, %691, %926 : tensor<1021xi1>, tensor<1021xui8>
  %928 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E4M3FNUZ>
  %929 = stablehlo.compare NE, %928, %928 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %930 = stablehlo.bitcast_convert %928 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %931 = stablehlo.select %929, %691, %930 : tensor<1021xi1>, tensor<1021xui8>
  %932 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E4M3B11FNUZ>
  %933 = stablehlo.compare NE, %932, %932 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %934 = stablehlo.bitcast_convert %932 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %935 = stablehlo.select %933, %691, %934 : tensor<1021xi1>, tensor<1021xui8>
  %936 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E5M2>
  %937 = stablehlo.compare NE, %936, %936 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %938 = stablehlo.bitcast_convert %936 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %939 = stablehlo.select %937, %691, %938 : tensor<1021xi1>, tensor<1021xui8>
  %940 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E5M2FNUZ>
  %941 = stablehlo.compare NE, %940, %940 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %942 = stablehlo.bitcast_convert %940 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %943 = stablehlo.select %941, %691, %942 : tensor<1021xi1>, tensor<1021xui8>
  %944 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf8E8M0FNU>
  %945 = stablehlo.compare NE, %944, %944 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %946 = stablehlo.bitcast_convert %944 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %947 = stablehlo.select %945, %691, %946 : tensor<1021xi1>, tensor<1021xui8>
  %948 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xbf16>
  %949 = stablehlo.compare NE, %948, %948 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %950 = stablehlo.bitcast_convert %948 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %951 = stablehlo.select %949, %724, %950 : tensor<1021xi1>, tensor<1021xui16>
  %952 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf16>
  %953 = stablehlo.compare NE, %952, %952 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %954 = stablehlo.bitcast_convert %952 : (tensor<1021xf16>) -> tensor<1021xui16>
  %955 = stablehlo.select %953, %724, %954 : tensor<1021xi1>, tensor<1021xui16>
  %956 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xf32>
  %957 = stablehlo.compare NE, %956, %956 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %958 = stablehlo.bitcast_convert %956 : (tensor<1021xf32>) -> tensor<1021xui32>
  %959 = stablehlo.select %957, %681, %958 : tensor<1021xi1>, tensor<1021xui32>
  %960 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi1>
  %961 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi2>
  %962 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi4>
  %963 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi8>
  %964 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi16>
  %965 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi32>
  %966 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xi64>
  %967 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui2>
  %968 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui4>
  %969 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui8>
  %970 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui16>
  %971 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui32>
  %972 = stablehlo.convert %901 : (tensor<1021xf64>) -> tensor<1021xui64>
  %973 = stablehlo.iota dim = 0 : tensor<1021xi64>
  %974 = stablehlo.constant dense<18067330140753723> : tensor<1021xi64>
  %975 = stablehlo.multiply %973, %974 : tensor<1021xi64>
  %976 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf4E2M1FN>
  %977 = stablehlo.compare NE, %976, %976 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %978 = stablehlo.bitcast_convert %976 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %979 = stablehlo.select %977, %675, %978 : tensor<1021xi1>, tensor<1021xui4>
  %980 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf6E2M3FN>
  %981 = stablehlo.convert %980 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %982 = stablehlo.compare NE, %981, %981 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %983 = stablehlo.bitcast_convert %981 : (tensor<1021xf32>) -> tensor<1021xui32>
  %984 = stablehlo.select %982, %681, %983 : tensor<1021xi1>, tensor<1021xui32>
  %985 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf6E3M2FN>
  %986 = stablehlo.convert %985 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %987 = stablehlo.compare NE, %986, %986 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %988 = stablehlo.bitcast_convert %986 : (tensor<1021xf32>) -> tensor<1021xui32>
  %989 = stablehlo.select %987, %681, %988 : tensor<1021xi1>, tensor<1021xui32>
  %990 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E3M4>
  %991 = stablehlo.compare NE, %990, %990 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %992 = stablehlo.bitcast_convert %990 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %993 = stablehlo.select %991, %691, %992 : tensor<1021xi1>, tensor<1021xui8>
  %994 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E4M3>
  %995 = stablehlo.compare NE, %994, %994 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %996 = stablehlo.bitcast_convert %994 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %997 = stablehlo.select %995, %691, %996 : tensor<1021xi1>, tensor<1021xui8>
  %998 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E4M3FN>
  %999 = stablehlo.compare NE, %998, %998 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %1000 = stablehlo.bitcast_convert %998 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %1001 = stablehlo.select %999, %691, %1000 : tensor<1021xi1>, tensor<1021xui8>
  %1002 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E4M3FNUZ>
  %1003 = stablehlo.compare NE, %1002, %1002 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %1004 = stablehlo.bitcast_convert %1002 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %1005 = stablehlo.select %1003, %691, %1004 : tensor<1021xi1>, tensor<1021xui8>
  %1006 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E4M3B11FNUZ>
  %1007 = stablehlo.compare NE, %1006, %1006 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %1008 = stablehlo.bitcast_convert %1006 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %1009 = stablehlo.select %1007, %691, %1008 : tensor<1021xi1>, tensor<1021xui8>
  %1010 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E5M2>
  %1011 = stablehlo.compare NE, %1010, %1010 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %1012 = stablehlo.bitcast_convert %1010 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %1013 = stablehlo.select %1011, %691, %1012 : tensor<1021xi1>, tensor<1021xui8>
  %1014 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E5M2FNUZ>
  %1015 = stablehlo.compare NE, %1014, %1014 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %1016 = stablehlo.bitcast_convert %1014 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %1017 = stablehlo.select %1015, %691, %1016 : tensor<1021xi1>, tensor<1021xui8>
  %1018 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf8E8M0FNU>
  %1019 = stablehlo.compare NE, %1018, %1018 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %1020 = stablehlo.bitcast_convert %1018 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %1021 = stablehlo.select %1019, %691, %1020 : tensor<1021xi1>, tensor<1021xui8>
  %1022 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xbf16>
  %1023 = stablehlo.compare NE, %1022, %1022 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %1024 = stablehlo.bitcast_convert %1022 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %1025 = stablehlo.select %1023, %724, %1024 : tensor<1021xi1>, tensor<1021xui16>
  %1026 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf16>
  %1027 = stablehlo.compare NE, %1026, %1026 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %1028 = stablehlo.bitcast_convert %1026 : (tensor<1021xf16>) -> tensor<1021xui16>
  %1029 = stablehlo.select %1027, %724, %1028 : tensor<1021xi1>, tensor<1021xui16>
  %1030 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf32>
  %1031 = stablehlo.compare NE, %1030, %1030 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1032 = stablehlo.bitcast_convert %1030 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1033 = stablehlo.select %1031, %681, %1032 : tensor<1021xi1>, tensor<1021xui32>
  %1034 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xf64>
  %1035 = stablehlo.compare NE, %1034, %1034 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %1036 = stablehlo.bitcast_convert %1034 : (tensor<1021xf64>) -> tensor<1021xui64>
  %1037 = stablehlo.select %1035, %733, %1036 : tensor<1021xi1>, tensor<1021xui64>
  %1038 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi1>
  %1039 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi2>
  %1040 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi4>
  %1041 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi8>
  %1042 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi16>
  %1043 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xi32>
  %1044 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui2>
  %1045 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui4>
  %1046 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui8>
  %1047 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui16>
  %1048 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui32>
  %1049 = stablehlo.convert %975 : (tensor<1021xi64>) -> tensor<1021xui64>
  %1050 = stablehlo.iota dim = 0 : tensor<1021xui64>
  %1051 = stablehlo.constant dense<18067330140753723> : tensor<1021xui64>
  %1052 = stablehlo.multiply %1050, %1051 : tensor<1021xui64>
  %1053 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf4E2M1FN>
  %1054 = stablehlo.compare NE, %1053, %1053 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %1055 = stablehlo.bitcast_convert %1053 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %1056 = stablehlo.select %1054, %675, %1055 : tensor<1021xi1>, tensor<1021xui4>
  %1057 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf6E2M3FN>
  %1058 = stablehlo.convert %1057 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %1059 = stablehlo.compare NE, %1058, %1058 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1060 = stablehlo.bitcast_convert %1058 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1061 = stablehlo.select %1059, %681, %1060 : tensor<1021xi1>, tensor<1021xui32>
  %1062 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf6E3M2FN>
  %1063 = stablehlo.convert %1062 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %1064 = stablehlo.compare NE, %1063, %1063 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1065 = stablehlo.bitcast_convert %1063 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1066 = stablehlo.select %1064, %681, %1065 : tensor<1021xi1>, tensor<1021xui32>
  %1067 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E3M4>
  %1068 = stablehlo.compare NE, %1067, %1067 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %1069 = stablehlo.bitcast_convert %1067 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %1070 = stablehlo.select %1068, %691, %1069 : tensor<1021xi1>, tensor<1021xui8>
  %1071 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E4M3>
  %1072 = stablehlo.compare NE, %1071, %1071 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %1073 = stablehlo.bitcast_convert %1071 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %1074 = stablehlo.select %1072, %691, %1073 : tensor<1021xi1>, tensor<1021xui8>
  %1075 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E4M3FN>
  %1076 = stablehlo.compare NE, %1075, %1075 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %1077 = stablehlo.bitcast_convert %1075 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %1078 = stablehlo.select %1076, %691, %1077 : tensor<1021xi1>, tensor<1021xui8>
  %1079 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E4M3FNUZ>
  %1080 = stablehlo.compare NE, %1079, %1079 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %1081 = stablehlo.bitcast_convert %1079 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %1082 = stablehlo.select %1080, %691, %1081 : tensor<1021xi1>, tensor<1021xui8>
  %1083 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E4M3B11FNUZ>
  %1084 = stablehlo.compare NE, %1083, %1083 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %1085 = stablehlo.bitcast_convert %1083 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %1086 = stablehlo.select %1084, %691, %1085 : tensor<1021xi1>, tensor<1021xui8>
  %1087 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E5M2>
  %1088 = stablehlo.compare NE, %1087, %1087 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %1089 = stablehlo.bitcast_convert %1087 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %1090 = stablehlo.select %1088, %691, %1089 : tensor<1021xi1>, tensor<1021xui8>
  %1091 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E5M2FNUZ>
  %1092 = stablehlo.compare NE, %1091, %1091 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %1093 = stablehlo.bitcast_convert %1091 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %1094 = stablehlo.select %1092, %691, %1093 : tensor<1021xi1>, tensor<1021xui8>
  %1095 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf8E8M0FNU>
  %1096 = stablehlo.compare NE, %1095, %1095 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %1097 = stablehlo.bitcast_convert %1095 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %1098 = stablehlo.select %1096, %691, %1097 : tensor<1021xi1>, tensor<1021xui8>
  %1099 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xbf16>
  %1100 = stablehlo.compare NE, %1099, %1099 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %1101 = stablehlo.bitcast_convert %1099 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %1102 = stablehlo.select %1100, %724, %1101 : tensor<1021xi1>, tensor<1021xui16>
  %1103 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf16>
  %1104 = stablehlo.compare NE, %1103, %1103 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %1105 = stablehlo.bitcast_convert %1103 : (tensor<1021xf16>) -> tensor<1021xui16>
  %1106 = stablehlo.select %1104, %724, %1105 : tensor<1021xi1>, tensor<1021xui16>
  %1107 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf32>
  %1108 = stablehlo.compare NE, %1107, %1107 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1109 = stablehlo.bitcast_convert %1107 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1110 = stablehlo.select %1108, %681, %1109 : tensor<1021xi1>, tensor<1021xui32>
  %1111 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xf64>
  %1112 = stablehlo.compare NE, %1111, %1111 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %1113 = stablehlo.bitcast_convert %1111 : (tensor<1021xf64>) -> tensor<1021xui64>
  %1114 = stablehlo.select %1112, %733, %1113 : tensor<1021xi1>, tensor<1021xui64>
  %1115 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi1>
  %1116 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi2>
  %1117 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi4>
  %1118 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi8>
  %1119 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi16>
  %1120 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi32>
  %1121 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xi64>
  %1122 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xui2>
  %1123 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xui4>
  %1124 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xui8>
  %1125 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xui16>
  %1126 = stablehlo.convert %1052 : (tensor<1021xui64>) -> tensor<1021xui32>
  %1127 = stablehlo.iota dim = 0 : tensor<1021xi32>
  %1128 = stablehlo.constant dense<4206629> : tensor<1021xi32>
  %1129 = stablehlo.multiply %1127, %1128 : tensor<1021xi32>
  %1130 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf4E2M1FN>
  %1131 = stablehlo.compare NE, %1130, %1130 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %1132 = stablehlo.bitcast_convert %1130 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %1133 = stablehlo.select %1131, %675, %1132 : tensor<1021xi1>, tensor<1021xui4>
  %1134 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf6E2M3FN>
  %1135 = stablehlo.convert %1134 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %1136 = stablehlo.compare NE, %1135, %1135 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1137 = stablehlo.bitcast_convert %1135 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1138 = stablehlo.select %1136, %681, %1137 : tensor<1021xi1>, tensor<1021xui32>
  %1139 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf6E3M2FN>
  %1140 = stablehlo.convert %1139 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %1141 = stablehlo.compare NE, %1140, %1140 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1142 = stablehlo.bitcast_convert %1140 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1143 = stablehlo.select %1141, %681, %1142 : tensor<1021xi1>, tensor<1021xui32>
  %1144 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E3M4>
  %1145 = stablehlo.compare NE, %1144, %1144 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %1146 = stablehlo.bitcast_convert %1144 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %1147 = stablehlo.select %1145, %691, %1146 : tensor<1021xi1>, tensor<1021xui8>
  %1148 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E4M3>
  %1149 = stablehlo.compare NE, %1148, %1148 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %1150 = stablehlo.bitcast_convert %1148 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %1151 = stablehlo.select %1149, %691, %1150 : tensor<1021xi1>, tensor<1021xui8>
  %1152 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E4M3FN>
  %1153 = stablehlo.compare NE, %1152, %1152 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %1154 = stablehlo.bitcast_convert %1152 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %1155 = stablehlo.select %1153, %691, %1154 : tensor<1021xi1>, tensor<1021xui8>
  %1156 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E4M3FNUZ>
  %1157 = stablehlo.compare NE, %1156, %1156 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %1158 = stablehlo.bitcast_convert %1156 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %1159 = stablehlo.select %1157, %691, %1158 : tensor<1021xi1>, tensor<1021xui8>
  %1160 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E4M3B11FNUZ>
  %1161 = stablehlo.compare NE, %1160, %1160 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %1162 = stablehlo.bitcast_convert %1160 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %1163 = stablehlo.select %1161, %691, %1162 : tensor<1021xi1>, tensor<1021xui8>
  %1164 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E5M2>
  %1165 = stablehlo.compare NE, %1164, %1164 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %1166 = stablehlo.bitcast_convert %1164 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %1167 = stablehlo.select %1165, %691, %1166 : tensor<1021xi1>, tensor<1021xui8>
  %1168 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E5M2FNUZ>
  %1169 = stablehlo.compare NE, %1168, %1168 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %1170 = stablehlo.bitcast_convert %1168 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %1171 = stablehlo.select %1169, %691, %1170 : tensor<1021xi1>, tensor<1021xui8>
  %1172 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf8E8M0FNU>
  %1173 = stablehlo.compare NE, %1172, %1172 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %1174 = stablehlo.bitcast_convert %1172 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %1175 = stablehlo.select %1173, %691, %1174 : tensor<1021xi1>, tensor<1021xui8>
  %1176 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xbf16>
  %1177 = stablehlo.compare NE, %1176, %1176 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %1178 = stablehlo.bitcast_convert %1176 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %1179 = stablehlo.select %1177, %724, %1178 : tensor<1021xi1>, tensor<1021xui16>
  %1180 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf16>
  %1181 = stablehlo.compare NE, %1180, %1180 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %1182 = stablehlo.bitcast_convert %1180 : (tensor<1021xf16>) -> tensor<1021xui16>
  %1183 = stablehlo.select %1181, %724, %1182 : tensor<1021xi1>, tensor<1021xui16>
  %1184 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf32>
  %1185 = stablehlo.compare NE, %1184, %1184 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1186 = stablehlo.bitcast_convert %1184 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1187 = stablehlo.select %1185, %681, %1186 : tensor<1021xi1>, tensor<1021xui32>
  %1188 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xf64>
  %1189 = stablehlo.compare NE, %1188, %1188 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %1190 = stablehlo.bitcast_convert %1188 : (tensor<1021xf64>) -> tensor<1021xui64>
  %1191 = stablehlo.select %1189, %733, %1190 : tensor<1021xi1>, tensor<1021xui64>
  %1192 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi1>
  %1193 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi2>
  %1194 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi4>
  %1195 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi8>
  %1196 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi16>
  %1197 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xi64>
  %1198 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui2>
  %1199 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui4>
  %1200 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui8>
  %1201 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui16>
  %1202 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui32>
  %1203 = stablehlo.convert %1129 : (tensor<1021xi32>) -> tensor<1021xui64>
  %1204 = stablehlo.iota dim = 0 : tensor<1021xui32>
  %1205 = stablehlo.constant dense<4206629> : tensor<1021xui32>
  %1206 = stablehlo.multiply %1204, %1205 : tensor<1021xui32>
  %1207 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf4E2M1FN>
  %1208 = stablehlo.compare NE, %1207, %1207 : (tensor<1021xf4E2M1FN>, tensor<1021xf4E2M1FN>) -> tensor<1021xi1>
  %1209 = stablehlo.bitcast_convert %1207 : (tensor<1021xf4E2M1FN>) -> tensor<1021xui4>
  %1210 = stablehlo.select %1208, %675, %1209 : tensor<1021xi1>, tensor<1021xui4>
  %1211 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf6E2M3FN>
  %1212 = stablehlo.convert %1211 : (tensor<1021xf6E2M3FN>) -> tensor<1021xf32>
  %1213 = stablehlo.compare NE, %1212, %1212 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1214 = stablehlo.bitcast_convert %1212 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1215 = stablehlo.select %1213, %681, %1214 : tensor<1021xi1>, tensor<1021xui32>
  %1216 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf6E3M2FN>
  %1217 = stablehlo.convert %1216 : (tensor<1021xf6E3M2FN>) -> tensor<1021xf32>
  %1218 = stablehlo.compare NE, %1217, %1217 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1219 = stablehlo.bitcast_convert %1217 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1220 = stablehlo.select %1218, %681, %1219 : tensor<1021xi1>, tensor<1021xui32>
  %1221 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E3M4>
  %1222 = stablehlo.compare NE, %1221, %1221 : (tensor<1021xf8E3M4>, tensor<1021xf8E3M4>) -> tensor<1021xi1>
  %1223 = stablehlo.bitcast_convert %1221 : (tensor<1021xf8E3M4>) -> tensor<1021xui8>
  %1224 = stablehlo.select %1222, %691, %1223 : tensor<1021xi1>, tensor<1021xui8>
  %1225 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E4M3>
  %1226 = stablehlo.compare NE, %1225, %1225 : (tensor<1021xf8E4M3>, tensor<1021xf8E4M3>) -> tensor<1021xi1>
  %1227 = stablehlo.bitcast_convert %1225 : (tensor<1021xf8E4M3>) -> tensor<1021xui8>
  %1228 = stablehlo.select %1226, %691, %1227 : tensor<1021xi1>, tensor<1021xui8>
  %1229 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E4M3FN>
  %1230 = stablehlo.compare NE, %1229, %1229 : (tensor<1021xf8E4M3FN>, tensor<1021xf8E4M3FN>) -> tensor<1021xi1>
  %1231 = stablehlo.bitcast_convert %1229 : (tensor<1021xf8E4M3FN>) -> tensor<1021xui8>
  %1232 = stablehlo.select %1230, %691, %1231 : tensor<1021xi1>, tensor<1021xui8>
  %1233 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E4M3FNUZ>
  %1234 = stablehlo.compare NE, %1233, %1233 : (tensor<1021xf8E4M3FNUZ>, tensor<1021xf8E4M3FNUZ>) -> tensor<1021xi1>
  %1235 = stablehlo.bitcast_convert %1233 : (tensor<1021xf8E4M3FNUZ>) -> tensor<1021xui8>
  %1236 = stablehlo.select %1234, %691, %1235 : tensor<1021xi1>, tensor<1021xui8>
  %1237 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E4M3B11FNUZ>
  %1238 = stablehlo.compare NE, %1237, %1237 : (tensor<1021xf8E4M3B11FNUZ>, tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xi1>
  %1239 = stablehlo.bitcast_convert %1237 : (tensor<1021xf8E4M3B11FNUZ>) -> tensor<1021xui8>
  %1240 = stablehlo.select %1238, %691, %1239 : tensor<1021xi1>, tensor<1021xui8>
  %1241 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E5M2>
  %1242 = stablehlo.compare NE, %1241, %1241 : (tensor<1021xf8E5M2>, tensor<1021xf8E5M2>) -> tensor<1021xi1>
  %1243 = stablehlo.bitcast_convert %1241 : (tensor<1021xf8E5M2>) -> tensor<1021xui8>
  %1244 = stablehlo.select %1242, %691, %1243 : tensor<1021xi1>, tensor<1021xui8>
  %1245 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E5M2FNUZ>
  %1246 = stablehlo.compare NE, %1245, %1245 : (tensor<1021xf8E5M2FNUZ>, tensor<1021xf8E5M2FNUZ>) -> tensor<1021xi1>
  %1247 = stablehlo.bitcast_convert %1245 : (tensor<1021xf8E5M2FNUZ>) -> tensor<1021xui8>
  %1248 = stablehlo.select %1246, %691, %1247 : tensor<1021xi1>, tensor<1021xui8>
  %1249 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf8E8M0FNU>
  %1250 = stablehlo.compare NE, %1249, %1249 : (tensor<1021xf8E8M0FNU>, tensor<1021xf8E8M0FNU>) -> tensor<1021xi1>
  %1251 = stablehlo.bitcast_convert %1249 : (tensor<1021xf8E8M0FNU>) -> tensor<1021xui8>
  %1252 = stablehlo.select %1250, %691, %1251 : tensor<1021xi1>, tensor<1021xui8>
  %1253 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xbf16>
  %1254 = stablehlo.compare NE, %1253, %1253 : (tensor<1021xbf16>, tensor<1021xbf16>) -> tensor<1021xi1>
  %1255 = stablehlo.bitcast_convert %1253 : (tensor<1021xbf16>) -> tensor<1021xui16>
  %1256 = stablehlo.select %1254, %724, %1255 : tensor<1021xi1>, tensor<1021xui16>
  %1257 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf16>
  %1258 = stablehlo.compare NE, %1257, %1257 : (tensor<1021xf16>, tensor<1021xf16>) -> tensor<1021xi1>
  %1259 = stablehlo.bitcast_convert %1257 : (tensor<1021xf16>) -> tensor<1021xui16>
  %1260 = stablehlo.select %1258, %724, %1259 : tensor<1021xi1>, tensor<1021xui16>
  %1261 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf32>
  %1262 = stablehlo.compare NE, %1261, %1261 : (tensor<1021xf32>, tensor<1021xf32>) -> tensor<1021xi1>
  %1263 = stablehlo.bitcast_convert %1261 : (tensor<1021xf32>) -> tensor<1021xui32>
  %1264 = stablehlo.select %1262, %681, %1263 : tensor<1021xi1>, tensor<1021xui32>
  %1265 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xf64>
  %1266 = stablehlo.compare NE, %1265, %1265 : (tensor<1021xf64>, tensor<1021xf64>) -> tensor<1021xi1>
  %1267 = stablehlo.bitcast_convert %1265 : (tensor<1021xf64>) -> tensor<1021xui64>
  %1268 = stablehlo.select %1266, %733, %1267 : tensor<1021xi1>, tensor<1021xui64>
  %1269 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi1>
  %1270 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi2>
  %1271 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi4>
  %1272 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi8>
  %1273 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi16>
  %1274 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi32>
  %1275 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xi64>
  %1276 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xui2>
  %1277 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xui4>
  %1278 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xui8>
  %1279 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xui16>
  %1280 = stablehlo.convert %1206 : (tensor<1021xui32>) -> tensor<1021xui64>
  %1281 = stablehlo.iota dim = 0 : tensor<256xi8>
  %1282 = stablehlo.constant dense<1> : tensor<256xi8>
  %1283 = stablehlo.multiply %1281, %1282 : tensor<256xi8>
  %1284 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf4E2M1FN>
  %1285 = stablehlo.compare NE, %1284, %1284 : (tensor<256xf4E2M1FN>, tensor<256xf4E2M1FN>) -> tensor<256xi1>
  %1286 = stablehlo.bitcast_convert %1284 : (tensor<256xf4E2M1FN>) -> tensor<256xui4>
  %1287 = stablehlo.select %1285, %84, %1286 : tensor<256xi1>, tensor<256xui4>
  %1288 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf6E2M3FN>
  %1289 = stablehlo.convert %1288 : (tensor<256xf6E2M3FN>) -> tensor<256xf32>
  %1290 = stablehlo.compare NE, %1289, %1289 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %1291 = stablehlo.bitcast_convert %1289 : (tensor<256xf32>) -> tensor<256xui32>
  %1292 = stablehlo.select %1290, %90, %1291 : tensor<256xi1>, tensor<256xui32>
  %1293 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf6E3M2FN>
  %1294 = stablehlo.convert %1293 : (tensor<256xf6E3M2FN>) -> tensor<256xf32>
  %1295 = stablehlo.compare NE, %1294, %1294 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %1296 = stablehlo.bitcast_convert %1294 : (tensor<256xf32>) -> tensor<256xui32>
  %1297 = stablehlo.select %1295, %90, %1296 : tensor<256xi1>, tensor<256xui32>
  %1298 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E3M4>
  %1299 = stablehlo.compare NE, %1298, %1298 : (tensor<256xf8E3M4>, tensor<256xf8E3M4>) -> tensor<256xi1>
  %1300 = stablehlo.bitcast_convert %1298 : (tensor<256xf8E3M4>) -> tensor<256xui8>
  %1301 = stablehlo.select %1299, %100, %1300 : tensor<256xi1>, tensor<256xui8>
  %1302 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E4M3>
  %1303 = stablehlo.compare NE, %1302, %1302 : (tensor<256xf8E4M3>, tensor<256xf8E4M3>) -> tensor<256xi1>
  %1304 = stablehlo.bitcast_convert %1302 : (tensor<256xf8E4M3>) -> tensor<256xui8>
  %1305 = stablehlo.select %1303, %100, %1304 : tensor<256xi1>, tensor<256xui8>
  %1306 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E4M3FN>
  %1307 = stablehlo.compare NE, %1306, %1306 : (tensor<256xf8E4M3FN>, tensor<256xf8E4M3FN>) -> tensor<256xi1>
  %1308 = stablehlo.bitcast_convert %1306 : (tensor<256xf8E4M3FN>) -> tensor<256xui8>
  %1309 = stablehlo.select %1307, %100, %1308 : tensor<256xi1>, tensor<256xui8>
  %1310 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E4M3FNUZ>
  %1311 = stablehlo.compare NE, %1310, %1310 : (tensor<256xf8E4M3FNUZ>, tensor<256xf8E4M3FNUZ>) -> tensor<256xi1>
  %1312 = stablehlo.bitcast_convert %1310 : (tensor<256xf8E4M3FNUZ>) -> tensor<256xui8>
  %1313 = stablehlo.select %1311, %100, %1312 : tensor<256xi1>, tensor<256xui8>
  %1314 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E4M3B11FNUZ>
  %1315 = stablehlo.compare NE, %1314, %1314 : (tensor<256xf8E4M3B11FNUZ>, tensor<256xf8E4M3B11FNUZ>) -> tensor<256xi1>
  %1316 = stablehlo.bitcast_convert %1314 : (tensor<256xf8E4M3B11FNUZ>) -> tensor<256xui8>
  %1317 = stablehlo.select %1315, %100, %1316 : tensor<256xi1>, tensor<256xui8>
  %1318 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E5M2>
  %1319 = stablehlo.compare NE, %1318, %1318 : (tensor<256xf8E5M2>, tensor<256xf8E5M2>) -> tensor<256xi1>
  %1320 = stablehlo.bitcast_convert %1318 : (tensor<256xf8E5M2>) -> tensor<256xui8>
  %1321 = stablehlo.select %1319, %100, %1320 : tensor<256xi1>, tensor<256xui8>
  %1322 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E5M2FNUZ>
  %1323 = stablehlo.compare NE, %1322, %1322 : (tensor<256xf8E5M2FNUZ>, tensor<256xf8E5M2FNUZ>) -> tensor<256xi1>
  %1324 = stablehlo.bitcast_convert %1322 : (tensor<256xf8E5M2FNUZ>) -> tensor<256xui8>
  %1325 = stablehlo.select %1323, %100, %1324 : tensor<256xi1>, tensor<256xui8>
  %1326 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf8E8M0FNU>
  %1327 = stablehlo.compare NE, %1326, %1326 : (tensor<256xf8E8M0FNU>, tensor<256xf8E8M0FNU>) -> tensor<256xi1>
  %1328 = stablehlo.bitcast_convert %1326 : (tensor<256xf8E8M0FNU>) -> tensor<256xui8>
  %1329 = stablehlo.select %1327, %100, %1328 : tensor<256xi1>, tensor<256xui8>
  %1330 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xbf16>
  %1331 = stablehlo.compare NE, %1330, %1330 : (tensor<256xbf16>, tensor<256xbf16>) -> tensor<256xi1>
  %1332 = stablehlo.bitcast_convert %1330 : (tensor<256xbf16>) -> tensor<256xui16>
  %1333 = stablehlo.select %1331, %129, %1332 : tensor<256xi1>, tensor<256xui16>
  %1334 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf16>
  %1335 = stablehlo.compare NE, %1334, %1334 : (tensor<256xf16>, tensor<256xf16>) -> tensor<256xi1>
  %1336 = stablehlo.bitcast_convert %1334 : (tensor<256xf16>) -> tensor<256xui16>
  %1337 = stablehlo.select %1335, %129, %1336 : tensor<256xi1>, tensor<256xui16>
  %1338 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf32>
  %1339 = stablehlo.compare NE, %1338, %1338 : (tensor<256xf32>, tensor<256xf32>) -> tensor<256xi1>
  %1340 = stablehlo.bitcast_convert %1338 : (tensor<256xf32>) -> tensor<256xui32>
  %1341 = stablehlo.select %1339, %90, %1340 : tensor<256xi1>, tensor<256xui32>
  %1342 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xf64>
  %1343 = stablehlo.compare NE, %1342, %1342 : (tensor<256xf64>, tensor<256xf64>) -> tensor<256xi1>
  %1344 = stablehlo.bitcast_convert %1342 : (tensor<256xf64>) -> tensor<256xui64>
  %1345 = stablehlo.select %1343, %142, %1344 : tensor<256xi1>, tensor<256xui64>
  %1346 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi1>
  %1347 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi2>
  %1348 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi4>
  %1349 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi16>
  %1350 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi32>
  %1351 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xi64>
  %1352 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui2>
  %1353 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui4>
  %1354 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui8>
  %1355 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui16>
  %1356 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui32>
  %1357 = stablehlo.convert %1283 : (tensor<256xi8>) -> tensor<256xui64>
  return
    %9, %14, %19, %23, %27, %31, %35, %39, %43, %47, %52, %56, %60, %65, %66, %67, %68, %69, %70,
    %71, %72, %73, %74, %75, %76, %77, %78, %85, %91, %96, %101, %105, %109, %113, %117, %121,
    %125, %130, %134, %138, %143, %144, %145, %146, %147, %148, %149, %150, %151, %152, %153,
    %154, %155, %156, %162, %167, %172, %176, %180, %184, %188, %192, %196, %200, %204, %208,
    %212, %216, %217, %218, %219, %220, %221, %222, %223, %224, %225, %226, %227, %228, %229,
    %235, %240, %245, %249, %253, %257, %261, %265, %269, %273, %277, %281, %285, %289, %290,
    %291, %292, %293, %294, %295, %296, %297, %298, %299, %300, %301, %302, %308, %313, %318,
    %322, %326, %330, %334, %338, %342, %346, %350, %354, %358, %362, %363, %364, %365, %366,
    %367, %368, %369, %370, %371, %372, %373, %374, %375, %381, %386, %391, %395, %399, %403,
    %407, %411, %415, %419, %423, %427, %431, %435, %436, %437, %438, %439, %440, %441, %442,
    %443, %444, %445, %446, %447, %448, %454, %459, %464, %468, %472, %476, %480, %484, %488,
    %492, %496, %500, %504, %508, %509, %510, %511, %512, %513, %514, %515, %516, %517, %518,
    %519, %520, %521, %527, %532, %537, %541, %545, %549, %553, %557, %561, %565, %569, %573,
    %577, %581, %582, %583, %584, %585, %586, %587, %588, %589, %590, %591, %592, %593, %594,
    %600, %605, %610, %614, %618, %622, %626, %630, %634, %638, %642, %646, %650, %654, %655,
    %656, %657, %658, %659, %660, %661, %662, %663, %664, %665, %666, %667, %676, %682, %687,
    %692, %696, %700, %704, %708, %712, %716, %720, %725, %729, %734, %735, %736, %737, %738,
    %739, %740, %741, %742, %743, %744, %745, %746, %747, %755, %760, %765, %769, %773, %777,
    %781, %785, %789, %793, %797, %801, %805, %809, %810, %811, %812, %813, %814, %815, %816,
    %817, %818, %819, %820, %821, %822, %830, %835, %840, %844, %848, %852, %856, %860, %864,
    %868, %872, %876, %880, %884, %885, %886, %887, %888, %889, %890, %891, %892, %893, %894,
    %895, %896, %897, %905, %910, %915, %919, %923, %927, %931, %935, %939, %943, %947, %951,
    %955, %959, %960, %961, %962, %963, %964, %965, %966, %967, %968, %969, %970, %971, %972,
    %979, %984, %989, %993, %997, %1001, %1005, %1009, %1013, %1017, %1021, %1025, %1029, %1033,
    %1037, %1038, %1039, %1040, %1041, %1042, %1043, %1044, %1045, %1046, %1047, %1048, %1049,
    %1056, %1061, %1066, %1070, %1074, %1078, %1082, %1086, %1090, %1094, %1098, %1102, %1106,
    %1110, %1114, %1115, %1116, %1117, %1118, %1119, %1120, %1121, %1122, %1123, %1124, %1125,
    %1126, %1133, %1138, %1143, %1147, %1151, %1155, %1159, %1163, %1167, %1171, %1175, %1179,
    %1183, %1187, %1191, %1192, %1193, %1194, %1195, %1196, %1197, %1198, %1199, %1200, %1201,
    %1202, %1203, %1210, %1215, %1220, %1224, %1228, %1232, %1236, %1240, %1244, %1248, %1252,
    %1256, %1260, %1264, %1268, %1269, %1270, %1271, %1272, %1273, %1274, %1275, %1276, %1277,
    %1278, %1279, %1280, %1287, %1292, %1297, %1301, %1305, %1309, %1313, %1317, %1321, %1325,
    %1329, %1333, %1337, %1341, %1345, %1346, %1347, %1348, %1349, %1350, %1351, %1352, %1353,
    %1354, %1355, %1356, %1357 :
    tensor<16xui32>, tensor<16xui32>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>,
    tensor<16xui8>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>, tensor<16xui8>,
    tensor<16xui16>, tensor<16xui16>, tensor<16xui32>, tensor<16xui64>, tensor<16xi1>,
    tensor<16xi2>, tensor<16xi4>, tensor<16xi8>, tensor<16xi16>, tensor<16xi32>, tensor<16xi64>,
    tensor<16xui2>, tensor<16xui4>, tensor<16xui8>, tensor<16xui16>, tensor<16xui32>,
    tensor<16xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>,
    tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>,
    tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>,
    tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>,
    tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>,
    tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>,
    tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>,
    tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>,
    tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>,
    tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>,
    tensor<256xui64>, tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xi1>, tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>,
    tensor<256xi32>, tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>, tensor<256xi4>,
    tensor<256xi8>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>,
    tensor<256xui4>, tensor<256xui32>, tensor<256xui32>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui16>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>,
    tensor<256xi2>, tensor<256xi4>, tensor<256xi8>, tensor<256xi16>, tensor<256xi32>,
    tensor<256xi64>, tensor<256xui2>, tensor<256xui4>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui32>, tensor<256xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>,
    tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>,
    tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>,
    tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>,
    tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui64>,
    tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>,
    tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>,
    tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>,
    tensor<1021xui16>, tensor<1021xui32>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>,
    tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>,
    tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>,
    tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>,
    tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>,
    tensor<1021xi32>, tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>,
    tensor<1021xui32>, tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>,
    tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>,
    tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>,
    tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui4>,
    tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>, tensor<1021xui64>, tensor<1021xi1>,
    tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>, tensor<1021xi16>, tensor<1021xi64>,
    tensor<1021xui2>, tensor<1021xui4>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xui4>, tensor<1021xui32>, tensor<1021xui32>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui8>,
    tensor<1021xui8>, tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui16>, tensor<1021xui32>,
    tensor<1021xui64>, tensor<1021xi1>, tensor<1021xi2>, tensor<1021xi4>, tensor<1021xi8>,
    tensor<1021xi16>, tensor<1021xi32>, tensor<1021xi64>, tensor<1021xui2>, tensor<1021xui4>,
    tensor<1021xui8>, tensor<1021xui16>, tensor<1021xui64>, tensor<256xui4>, tensor<256xui32>,
    tensor<256xui32>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>,
    tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui8>, tensor<256xui16>,
    tensor<256xui16>, tensor<256xui32>, tensor<256xui64>, tensor<256xi1>, tensor<256xi2>,
    tensor<256xi4>, tensor<256xi16>, tensor<256xi32>, tensor<256xi64>, tensor<256xui2>,
    tensor<256xui4>, tensor<256xui8>, tensor<256xui16>, tensor<256xui32>, tensor<256xui64>
}
