// SPDX-License-Identifier: Apache-2.0
// gather in every form of its dimension numbers, inside kernels with what makes its operands and what
// reads its result. Random indices are 0..3, spread so that some lie before and some behind what a slice
// allows: they are clamped. Generated code, loop runner and interpreter agree, at any number of threads.
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --numerics strict --compare loop
// RUN: skarn run %s --random 3 --numerics strict --compare native::3
// RUN: skarn run %s --random 4 --compare loop
// RUN: skarn opt %s --to lower | filecheck %s

// What makes the indices and what reads the rows share the gather's kernel; rows are read along lanes.
// CHECK: kernel {{[0-9]+}} multiply
// CHECK: [[AT:%[0-9]+]] i32 smin
// CHECK: f32 load {{a[0-9]+}}
// CHECK: fmul
func.func @main(%x: tensor<9x50xf32>, %i: tensor<40x1xi32>, %x1: tensor<300xbf16>, %j: tensor<400x1xui8>, %xc: tensor<6x4xcomplex<f64>>,
                %k: tensor<5x2xi64>, %x3: tensor<3x7x4xi16>, %q: tensor<4x3xi32>, %w: tensor<2x6xui64>, %s: tensor<1xi32>, %one: tensor<i32>)
    -> (tensor<40x50xf32>, tensor<20x20xbf16>, tensor<5x2x2xcomplex<f64>>, tensor<3x4x2xi16>, tensor<2x3x9xf32>, tensor<9xf32>,
        tensor<40xf32>, tensor<44x50xf32>, tensor<40x50xf32>, tensor<40xf32>, tensor<9x50xf32>, tensor<40x0xf32>) {
  %c5 = stablehlo.constant dense<5> : tensor<40x1xi32>
  %c3 = stablehlo.constant dense<3> : tensor<40x1xi32>
  %i5 = stablehlo.multiply %i, %c5 : tensor<40x1xi32>
  %at = stablehlo.subtract %i5, %c3 : tensor<40x1xi32>        // -3, 2, 7, 12
  %g0 = "stablehlo.gather"(%x, %at) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 50>}> : (tensor<9x50xf32>, tensor<40x1xi32>) -> tensor<40x50xf32>
  %r0 = stablehlo.multiply %g0, %g0 : tensor<40x50xf32>
  // elements, their indices a function of the place; a narrow type
  %jl = stablehlo.convert %j : (tensor<400x1xui8>) -> tensor<400x1xi32>
  %ji = stablehlo.iota dim = 0 : tensor<400x1xi32>
  %jj = stablehlo.add %jl, %ji : tensor<400x1xi32>
  %neg = stablehlo.negate %x1 : tensor<300xbf16>
  %g1 = "stablehlo.gather"(%neg, %jj) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<300xbf16>, tensor<400x1xi32>) -> tensor<400xbf16>
  %g1r = stablehlo.reshape %g1 : (tensor<400xbf16>) -> tensor<20x20xbf16>
  %r1 = stablehlo.transpose %g1r, dims = [1, 0] : (tensor<20x20xbf16>) -> tensor<20x20xbf16>
  // components in another order, small windows, complex
  %k3 = stablehlo.constant dense<2> : tensor<5x2xi64>
  %kk = stablehlo.multiply %k, %k3 : tensor<5x2xi64>
  %r2 = "stablehlo.gather"(%xc, %kk) <{dimension_numbers = #stablehlo.gather<offset_dims = [1, 2], start_index_map = [1, 0], index_vector_dim = 1>, slice_sizes = array<i64: 2, 2>}> : (tensor<6x4xcomplex<f64>>, tensor<5x2xi64>) -> tensor<5x2x2xcomplex<f64>>
  // batching dimensions, transposed in the indices; no index vector dimension
  %q3 = stablehlo.constant dense<3> : tensor<4x3xi32>
  %qq = stablehlo.multiply %q, %q3 : tensor<4x3xi32>
  %qt = stablehlo.transpose %qq, dims = [1, 0] : (tensor<4x3xi32>) -> tensor<3x4xi32>
  %r3 = "stablehlo.gather"(%x3, %qt) <{dimension_numbers = #stablehlo.gather<offset_dims = [2], collapsed_slice_dims = [1], operand_batching_dims = [0], start_indices_batching_dims = [0], start_index_map = [1], index_vector_dim = 2>, slice_sizes = array<i64: 1, 1, 2>}> : (tensor<3x7x4xi16>, tensor<3x4xi32>) -> tensor<3x4x2xi16>
  // window before the batch, unsigned 64-bit components along the first dimension, huge ones among them
  %big = stablehlo.constant dense<[[9223372036854775807, 0, 0, 1, 0, 0], [0, 18446744073709551615, 5, 0, 9223372036854775808, 0]]> : tensor<2x6xui64>
  %ww = stablehlo.or %w, %big : tensor<2x6xui64>
  %ws = stablehlo.slice %ww [0:2, 0:6] : (tensor<2x6xui64>) -> tensor<2x6xui64>
  %wr = stablehlo.reshape %ws : (tensor<2x6xui64>) -> tensor<2x6xui64>
  %g4 = "stablehlo.gather"(%x, %wr) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [0], start_index_map = [0, 1], index_vector_dim = 0>, slice_sizes = array<i64: 1, 9>}> : (tensor<9x50xf32>, tensor<2x6xui64>) -> tensor<9x6xf32>
  %g4t = stablehlo.transpose %g4, dims = [1, 0] : (tensor<9x6xf32>) -> tensor<6x9xf32>
  %r4 = stablehlo.reshape %g4t : (tensor<6x9xf32>) -> tensor<2x3x9xf32>
  // one slice
  %r5 = "stablehlo.gather"(%x, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1], start_index_map = [1]>, slice_sizes = array<i64: 9, 1>}> : (tensor<9x50xf32>, tensor<1xi32>) -> tensor<9xf32>
  // sums of gathered rows; padded ones; some at the end of a chain
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %r6 = stablehlo.reduce(%g0 init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<40x50xf32>, tensor<f32>) -> tensor<40xf32>
  %pad = stablehlo.pad %g0, %zero, low = [3, 0], high = [1, 0], interior = [0, 0] : (tensor<40x50xf32>, tensor<f32>) -> tensor<44x50xf32>
  %r7 = stablehlo.exponential %pad : tensor<44x50xf32>
  %m = stablehlo.tanh %x : tensor<9x50xf32>
  %sum = stablehlo.reduce(%m init: %zero) applies stablehlo.maximum across dimensions = [1] : (tensor<9x50xf32>, tensor<f32>) -> tensor<9xf32>
  %sb = stablehlo.broadcast_in_dim %sum, dims = [0] : (tensor<9xf32>) -> tensor<9x50xf32>
  %d = stablehlo.subtract %m, %sb : tensor<9x50xf32>
  %g8 = "stablehlo.gather"(%d, %at) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 50>}> : (tensor<9x50xf32>, tensor<40x1xi32>) -> tensor<40x50xf32>
  %r8 = stablehlo.add %g8, %g0 : tensor<40x50xf32>
  %col = "stablehlo.gather"(%r8, %s) <{dimension_numbers = #stablehlo.gather<offset_dims = [0], collapsed_slice_dims = [1], start_index_map = [1]>, slice_sizes = array<i64: 40, 1>}> : (tensor<40x50xf32>, tensor<1xi32>) -> tensor<40xf32>
  %ci = stablehlo.convert %col : (tensor<40xf32>) -> tensor<40xi32>
  %r9 = "stablehlo.gather"(%col, %ci) <{dimension_numbers = #stablehlo.gather<collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1>}> : (tensor<40xf32>, tensor<40xi32>) -> tensor<40xf32>
  // a permutation in a loop
  %n0 = stablehlo.constant dense<0> : tensor<i32>
  %n1 = stablehlo.constant dense<1> : tensor<i32>
  %limit = stablehlo.constant dense<40> : tensor<i32>
  %p = stablehlo.iota dim = 0 : tensor<9xi32>
  %pr = stablehlo.reverse %p, dims = [0] : tensor<9xi32>
  %loop:2 = stablehlo.while(%n = %n0, %c = %x) : tensor<i32>, tensor<9x50xf32>
  cond {
    %t = stablehlo.compare LT, %n, %limit, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %t : tensor<i1>
  } do {
    %n2 = stablehlo.add %n, %n1 : tensor<i32>
    %nb = stablehlo.broadcast_in_dim %n, dims = [] : (tensor<i32>) -> tensor<9xi32>
    %pn = stablehlo.subtract %pr, %nb : tensor<9xi32>
    %gn = "stablehlo.gather"(%c, %pn) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 50>}> : (tensor<9x50xf32>, tensor<9xi32>) -> tensor<9x50xf32>
    %cn = stablehlo.subtract %gn, %c : tensor<9x50xf32>
    %cl = stablehlo.tanh %cn : tensor<9x50xf32>
    stablehlo.return %n2, %cl : tensor<i32>, tensor<9x50xf32>
  }
  %r11 = "stablehlo.gather"(%x, %at) <{dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, slice_sizes = array<i64: 1, 0>}> : (tensor<9x50xf32>, tensor<40x1xi32>) -> tensor<40x0xf32>
  return %r0, %r1, %r2, %r3, %r4, %r5, %r6, %r7, %r8, %r9, %loop#1, %r11 : tensor<40x50xf32>, tensor<20x20xbf16>, tensor<5x2x2xcomplex<f64>>, tensor<3x4x2xi16>, tensor<2x3x9xf32>, tensor<9xf32>, tensor<40xf32>, tensor<44x50xf32>, tensor<40x50xf32>, tensor<40xf32>, tensor<9x50xf32>, tensor<40x0xf32>
}
