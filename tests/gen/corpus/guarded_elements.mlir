// SPDX-License-Identifier: Apache-2.0
// Several elements at one index that is known at run time only, each behind a guard of its own: the address
// was computed behind the first guard and used behind the others.
module {
  func.func @main(%arg0: tensor<8x1xf8E4M3B11FNUZ> {skarn.value = dense<[[-2.5], [0.75], [-1.5], [-3.5], [-2.0], [-0.375], [0.875], [0.3125]]> : tensor<8x1xf8E4M3B11FNUZ>}, %arg1: tensor<i32> {skarn.value = dense<3> : tensor<i32>}, %arg2: tensor<i1> {skarn.value = dense<false> : tensor<i1>}) -> (tensor<19x0x0xf8E4M3B11FNUZ>, tensor<37x1x27xf8E4M3B11FNUZ>, tensor<1x1x27xf8E4M3B11FNUZ>, tensor<1xi1>, tensor<ui32>, tensor<ui32>, tensor<8x1xf8E4M3B11FNUZ>, tensor<ui32>, tensor<8x1xf8E4M3B11FNUZ>, tensor<ui32>, tensor<ui32>, tensor<8xui32>, tensor<8xui32>, tensor<i1>, tensor<ui16>, tensor<ui16>, tensor<1xi32>, tensor<16xi8>, tensor<8x3x3xi32>, tensor<ui32>, tensor<2xui64>, tensor<ui32>) {
    %0 = stablehlo.replica_id : tensor<ui32>
    %1 = stablehlo.replica_id : tensor<ui32>
    %2 = stablehlo.constant dense<8> : tensor<2xui64>
    %3:2 = stablehlo.rng_bit_generator %2, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<16xi8>)
    %4 = stablehlo.replica_id : tensor<ui32>
    %5 = stablehlo.sign %3#1 : tensor<16xi8>
    %6 = stablehlo.replica_id : tensor<ui32>
    %7 = stablehlo.minimum %4, %6 : tensor<ui32>
    %8 = stablehlo.constant dense<1> : tensor<ui32>
    %9 = stablehlo.reduce(%1 init: %8) applies stablehlo.multiply across dimensions = [] : (tensor<ui32>, tensor<ui32>) -> tensor<ui32>
    %10 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<i32>) -> tensor<3x3x8xi32>
    %11 = stablehlo.constant dense<[[[4, -2, 3, 5, 2]], [[2, 4, -5, -3, 0]], [[-6, 4, 0, 1, 6]], [[0, 1, -8, -8, -8]], [[-5, 6, -2, -5, 5]], [[-1, -5, 7, 1, -5]]]> : tensor<6x1x5xi32>
    %12 = stablehlo.convolution(%10, %11) dim_numbers = [b, f, 0]x[o, i, 0]->[b, f, 0], window = {stride = [1], pad = [[0, 1]], lhs_dilate = [1], rhs_dilate = [1], reverse = [true]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64} : (tensor<3x3x8xi32>, tensor<6x1x5xi32>) -> tensor<3x6x5xi32>
    %13 = stablehlo.transpose %10, dims = [2, 0, 1] : (tensor<3x3x8xi32>) -> tensor<8x3x3xi32>
    %14 = stablehlo.replica_id : tensor<ui32>
    %15 = stablehlo.replica_id : tensor<ui32>
    %16 = stablehlo.replica_id : tensor<ui32>
    %17 = stablehlo.convert %14 : (tensor<ui32>) -> tensor<ui64>
    %18 = stablehlo.constant dense<3> : tensor<1xi32>
    %19 = stablehlo.constant dense<2> : tensor<1xi32>
    %20 = stablehlo.constant dense<0> : tensor<1xi32>
    %21 = stablehlo.dynamic_pad %2, %17, %18, %19, %20 : (tensor<2xui64>, tensor<ui64>, tensor<1xi32>, tensor<1xi32>, tensor<1xi32>) -> tensor<7xui64>
    %22 = stablehlo.constant dense<[-4, -8, -5, 5, -8, 5, -8, -3, 7, 1, -4, -6, -8, -7, 5, -7]> : tensor<16xi8>
    %23 = stablehlo.maximum %5, %22 : tensor<16xi8>
    %24 = stablehlo.replica_id : tensor<ui32>
    %25 = stablehlo.replica_id : tensor<ui32>
    %26 = stablehlo.constant dense<6> : tensor<1xi32>
    %27 = chlo.broadcast_or %20, %26 : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>
    %28 = stablehlo.convert %3#1 : (tensor<16xi8>) -> tensor<16xui16>
    %29 = stablehlo.convert %arg1 : (tensor<i32>) -> tensor<i8>
    %30 = stablehlo.convert %4 : (tensor<ui32>) -> tensor<ui16>
    %31:2 = stablehlo.reduce(%22 init: %29), (%28 init: %30) across dimensions = [0] : (tensor<16xi8>, tensor<16xui16>, tensor<i8>, tensor<ui16>) -> (tensor<i8>, tensor<ui16>)
     reducer(%arg3: tensor<i8>, %arg5: tensor<i8>) (%arg4: tensor<ui16>, %arg6: tensor<ui16>) {
      %72 = stablehlo.add %arg3, %arg5 : tensor<i8>
      %73 = stablehlo.maximum %arg4, %arg6 : tensor<ui16>
      stablehlo.return %72, %73 : tensor<i8>, tensor<ui16>
    }
    %32 = stablehlo.replica_id : tensor<ui32>
    %33 = stablehlo.replica_id : tensor<ui32>
    %34 = stablehlo.replica_id : tensor<ui32>
    %35 = stablehlo.compare LE, %arg1, %arg1, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %36 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<ui32>) -> tensor<8xui32>
    %37 = stablehlo.constant dense<[6, 14, 3, 3, 7, 15, 2, 2]> : tensor<8xui32>
    %38 = chlo.mulhi %37, %36 : tensor<8xui32>, tensor<8xui32> -> tensor<8xui32>
    %39 = stablehlo.replica_id : tensor<ui32>
    %40 = stablehlo.replica_id : tensor<ui32>
    %41 = stablehlo.replica_id : tensor<ui32>
    %42 = stablehlo.replica_id : tensor<ui32>
    %43 = stablehlo.replica_id : tensor<ui32>
    %44 = stablehlo.sqrt %arg0 : tensor<8x1xf8E4M3B11FNUZ>
    %45 = stablehlo.replica_id : tensor<ui32>
    %46 = stablehlo.replica_id : tensor<ui32>
    %47 = stablehlo.replica_id : tensor<ui32>
    %48 = stablehlo.round_nearest_even %44 : tensor<8x1xf8E4M3B11FNUZ>
    %49 = stablehlo.constant dense<2> : tensor<i32>
    %50:3 = stablehlo.while(%arg3 = %49, %arg4 = %arg1, %arg5 = %6) : tensor<i32>, tensor<i32>, tensor<ui32>
    cond {
      %72 = stablehlo.constant dense<1> : tensor<i32>
      %73 = stablehlo.compare LT, %arg3, %72 : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %73 : tensor<i1>
    } do {
      %72 = stablehlo.replica_id : tensor<ui32>
      %73 = stablehlo.replica_id : tensor<ui32>
      %74 = stablehlo.replica_id : tensor<ui32>
      %75 = stablehlo.replica_id : tensor<ui32>
      %76 = stablehlo.replica_id : tensor<ui32>
      %77 = stablehlo.constant dense<1> : tensor<i32>
      %78 = stablehlo.add %arg3, %77 : tensor<i32>
      stablehlo.return %78, %78, %76 : tensor<i32>, tensor<i32>, tensor<ui32>
    }
    %51 = stablehlo.replica_id : tensor<ui32>
    %52 = stablehlo.replica_id : tensor<ui32>
    %53 = stablehlo.broadcast %50#1, sizes = [] : (tensor<i32>) -> tensor<i32>
    %54 = chlo.erf %arg0 : tensor<8x1xf8E4M3B11FNUZ> -> tensor<8x1xf8E4M3B11FNUZ>
    %55 = stablehlo.replica_id : tensor<ui32>
    %56 = stablehlo.replica_id : tensor<ui32>
    %57 = stablehlo.replica_id : tensor<ui32>
    %58 = stablehlo.replica_id : tensor<ui32>
    %59 = stablehlo.and %51, %33 : tensor<ui32>
    %60 = stablehlo.constant dense<2.0> : tensor<37x1x6xf8E4M3B11FNUZ>
    %61 = stablehlo.constant dense<[[[-0.4375, 0.5], [2.5, -0.125], [-3.5, -0.375], [-2.75, 1.75], [-3.0, 1.125], [-3.5, 3.25], [-1.5, -3.75], [-0.9375, 2.0], [-1.75, 2.25], [1.25, 3.25], [-0.5625, 0.125], [-2.0, 3.5], [2.0, 2.5], [-1.25, 2.75], [0.5, 3.5], [0.5625, -2.25], [2.5, 1.5], [-0.6875, -4.0], [0.0, -3.25], [-2.0, -1.75], [3.0, -3.0], [-0.75, -0.1875], [1.0, 1.0], [-1.0, 0.0], [0.5625, 3.0], [1.5, 1.5], [0.6875, 3.75]]]> : tensor<1x27x2xf8E4M3B11FNUZ>
    %62 = stablehlo.convolution(%60, %61) dim_numbers = [0, b, f]x[0, o, i]->[0, b, f], window = {stride = [1], pad = [[0, 0]], lhs_dilate = [1], rhs_dilate = [1], reverse = [false]} {batch_group_count = 1 : i64, feature_group_count = 3 : i64} : (tensor<37x1x6xf8E4M3B11FNUZ>, tensor<1x27x2xf8E4M3B11FNUZ>) -> tensor<37x1x27xf8E4M3B11FNUZ>
    %63 = stablehlo.compare LE, %26, %18 : (tensor<1xi32>, tensor<1xi32>) -> tensor<1xi1>
    %64 = stablehlo.tan %44 : tensor<8x1xf8E4M3B11FNUZ>
    %65 = stablehlo.convert %60 : tensor<37x1x6xf8E4M3B11FNUZ>
    %66 = chlo.next_after %44, %44 : tensor<8x1xf8E4M3B11FNUZ>, tensor<8x1xf8E4M3B11FNUZ> -> tensor<8x1xf8E4M3B11FNUZ>
    %67 = stablehlo.is_finite %44 : (tensor<8x1xf8E4M3B11FNUZ>) -> tensor<8x1xi1>
    %68 = stablehlo.replica_id : tensor<ui32>
    %69 = stablehlo.constant dense<[[[-1.5, -2.75, 0.5625, 1.125, 1.5, 1.5, -0.1875, 0.75, 2.5, -0.8125, 0.8125, -2.75, -1.75, -1.25, 1.625, 1.25, -3.0, 1.25, 3.5, -1.875, -1.75, 1.75, 3.5, -3.5, 1.5, -0.1875, 2.0]]]> : tensor<1x1x27xf8E4M3B11FNUZ>
    %70 = chlo.broadcast_power %62, %69 : (tensor<37x1x27xf8E4M3B11FNUZ>, tensor<1x1x27xf8E4M3B11FNUZ>) -> tensor<37x1x27xf8E4M3B11FNUZ>
    %71 = stablehlo.slice %65 [0:37:2, 1:1, 3:3] : (tensor<37x1x6xf8E4M3B11FNUZ>) -> tensor<19x0x0xf8E4M3B11FNUZ>
    return %71, %70, %69, %63, %57, %55, %54, %50#2, %44, %43, %41, %38, %36, %35, %31#1, %30, %26, %23, %13, %9, %3#0, %0 : tensor<19x0x0xf8E4M3B11FNUZ>, tensor<37x1x27xf8E4M3B11FNUZ>, tensor<1x1x27xf8E4M3B11FNUZ>, tensor<1xi1>, tensor<ui32>, tensor<ui32>, tensor<8x1xf8E4M3B11FNUZ>, tensor<ui32>, tensor<8x1xf8E4M3B11FNUZ>, tensor<ui32>, tensor<ui32>, tensor<8xui32>, tensor<8xui32>, tensor<i1>, tensor<ui16>, tensor<ui16>, tensor<1xi32>, tensor<16xi8>, tensor<8x3x3xi32>, tensor<ui32>, tensor<2xui64>, tensor<ui32>
  }
}
