// SPDX-License-Identifier: Apache-2.0
// scatter in every form of its dimension numbers. Random indices are 0..3; they are spread so that some
// lie before and some behind the operand, and repeat. Generated code, loop runner and interpreter agree,
// at any number of threads, and on either rule for windows that lie partly outside.
// RUN: skarn run %s --random 1 --numerics strict --compare interp
// RUN: skarn run %s --random 2 --numerics strict --compare loop
// RUN: skarn run %s --random 3 --numerics strict --compare native::3
// RUN: skarn run %s --random 4 --compare loop
// RUN: skarn run %s --random 5 --scatter window --numerics strict --compare interp
// RUN: skarn run %s --random 6 --scatter window --compare loop
func.func @main(%x: tensor<7x5xf32>, %xb: tensor<7x5xbf16>, %xi: tensor<7xi8>, %xc: tensor<6xcomplex<f32>>, %xu: tensor<3x7xui32>,
                %i: tensor<40x1xi32>, %j: tensor<9x2xi64>, %q: tensor<3x4xui8>, %xk: tensor<600xf16>, %p: tensor<6x100x2xi32>,
                %u0: tensor<40x5xf32>, %u1: tensor<40x5xbf16>, %u2: tensor<40xi8>, %u3: tensor<40xcomplex<f32>>, %u4: tensor<3x4xui32>,
                %u5: tensor<9x3x2xf32>, %u6: tensor<3x9x2xf32>, %u7: tensor<5x40xf32>, %u8: tensor<6x100xf16>, %one: tensor<1xi32>, %u9: tensor<3x4xf32>,
                %none: tensor<0x1xi32>, %u10: tensor<0x5xf32>)
    -> (tensor<7x5xf32>, tensor<7x5xbf16>, tensor<7xi8>, tensor<6xcomplex<f32>>, tensor<3x7xui32>, tensor<7x5xf32>, tensor<7x5xf32>,
        tensor<5x7xf32>, tensor<6x100xf16>, tensor<7x5xf32>, tensor<7x5xf32>, tensor<40xi8>, tensor<7xi8>, tensor<7xi8>) {
  %three = stablehlo.constant dense<3> : tensor<40x1xi32>
  %minus = stablehlo.constant dense<-2> : tensor<40x1xi32>
  %i3 = stablehlo.multiply %i, %three : tensor<40x1xi32>
  %at = stablehlo.add %i3, %minus : tensor<40x1xi32>          // -2, 1, 4, 7
  %two = stablehlo.constant dense<2> : tensor<9x2xi64>
  %j2 = stablehlo.multiply %j, %two : tensor<9x2xi64>
  %one64 = stablehlo.constant dense<1> : tensor<9x2xi64>
  %at2 = stablehlo.subtract %j2, %one64 : tensor<9x2xi64>     // -1, 1, 3, 5

  // rows, repeated and outside; sums round per update in a narrow type
  %r0 = "stablehlo.scatter"(%x, %at, %u0) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<7x5xf32>, tensor<40x1xi32>, tensor<40x5xf32>) -> tensor<7x5xf32>
  %r1 = "stablehlo.scatter"(%xb, %at, %u1) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<bf16>, %b: tensor<bf16>):
    %s = stablehlo.multiply %a, %b : tensor<bf16>
    %t = stablehlo.subtract %s, %a : tensor<bf16>
    stablehlo.return %t : tensor<bf16>
  }) : (tensor<7x5xbf16>, tensor<40x1xi32>, tensor<40x5xbf16>) -> tensor<7x5xbf16>
  // elements; the last of equal indices wins
  %u2x = stablehlo.iota dim = 0 : tensor<40xi8>
  %u2y = stablehlo.add %u2, %u2x : tensor<40xi8>
  %r2 = "stablehlo.scatter"(%xi, %at, %u2y) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    stablehlo.return %b : tensor<i8>
  }) : (tensor<7xi8>, tensor<40x1xi32>, tensor<40xi8>) -> tensor<7xi8>
  %r3 = "stablehlo.scatter"(%xc, %at, %u3) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<complex<f32>>, %b: tensor<complex<f32>>):
    %s = stablehlo.subtract %b, %a : tensor<complex<f32>>
    stablehlo.return %s : tensor<complex<f32>>
  }) : (tensor<6xcomplex<f32>>, tensor<40x1xi32>, tensor<40xcomplex<f32>>) -> tensor<6xcomplex<f32>>
  // batching dimensions
  %five = stablehlo.constant dense<5> : tensor<3x4xui8>
  %q5 = stablehlo.multiply %q, %five : tensor<3x4xui8>         // 0, 5, 10, 15
  %r4 = "stablehlo.scatter"(%xu, %q5, %u4) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [1], input_batching_dims = [0], scatter_indices_batching_dims = [0], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>}> ({
  ^bb0(%a: tensor<ui32>, %b: tensor<ui32>):
    %s = stablehlo.maximum %a, %b : tensor<ui32>
    stablehlo.return %s : tensor<ui32>
  }) : (tensor<3x7xui32>, tensor<3x4xui8>, tensor<3x4xui32>) -> tensor<3x7xui32>
  // windows that stick out on every side, after and before the batch
  %r5 = "stablehlo.scatter"(%x, %at2, %u5) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1, 2], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.subtract %b, %a : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<7x5xf32>, tensor<9x2xi64>, tensor<9x3x2xf32>) -> tensor<7x5xf32>
  %r6 = "stablehlo.scatter"(%x, %at2, %u6) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0, 2], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.subtract %b, %a : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<7x5xf32>, tensor<9x2xi64>, tensor<3x9x2xf32>) -> tensor<7x5xf32>
  // columns of a transposed operand
  %xt = stablehlo.transpose %x, dims = [1, 0] : (tensor<7x5xf32>) -> tensor<5x7xf32>
  %r7 = "stablehlo.scatter"(%xt, %at, %u7) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.subtract %b, %a : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<5x7xf32>, tensor<40x1xi32>, tensor<5x40xf32>) -> tensor<5x7xf32>
  // many, with several components
  %xk2 = stablehlo.reshape %xk : (tensor<600xf16>) -> tensor<6x100xf16>
  %iota = stablehlo.iota dim = 1 : tensor<6x100x2xi32>
  %pp = stablehlo.add %p, %iota : tensor<6x100x2xi32>
  %r8 = "stablehlo.scatter"(%xk2, %pp, %u8) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0, 1], scatter_dims_to_operand_dims = [0, 1], index_vector_dim = 2>}> ({
  ^bb0(%a: tensor<f16>, %b: tensor<f16>):
    %s = stablehlo.add %a, %b : tensor<f16>
    stablehlo.return %s : tensor<f16>
  }) : (tensor<6x100xf16>, tensor<6x100x2xi32>, tensor<6x100xf16>) -> tensor<6x100xf16>
  // one window; no updates
  %r9 = "stablehlo.scatter"(%x, %one, %u9) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0, 1], scatter_dims_to_operand_dims = [1]>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %s = stablehlo.divide %b, %a : tensor<f32>
    stablehlo.return %s : tensor<f32>
  }) : (tensor<7x5xf32>, tensor<1xi32>, tensor<3x4xf32>) -> tensor<7x5xf32>
  %r10 = "stablehlo.scatter"(%x, %none, %u10) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    stablehlo.return %b : tensor<f32>
  }) : (tensor<7x5xf32>, tensor<0x1xi32>, tensor<0x5xf32>) -> tensor<7x5xf32>
  // an operand that is all updates; several operands of different types, exchanged by the body
  %at40 = stablehlo.multiply %i, %three : tensor<40x1xi32>
  %zero8 = stablehlo.constant dense<0> : tensor<40xi8>
  %r11 = "stablehlo.scatter"(%zero8, %at40, %u2) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>):
    %s = stablehlo.add %a, %b : tensor<i8>
    stablehlo.return %s : tensor<i8>
  }) : (tensor<40xi8>, tensor<40x1xi32>, tensor<40xi8>) -> tensor<40xi8>
  %r12:2 = "stablehlo.scatter"(%xi, %r2, %at, %u2, %u2y) <{scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>}> ({
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i8>, %d: tensor<i8>):
    %s = stablehlo.add %b, %c : tensor<i8>
    %t = stablehlo.subtract %d, %a : tensor<i8>
    stablehlo.return %s, %t : tensor<i8>, tensor<i8>
  }) : (tensor<7xi8>, tensor<7xi8>, tensor<40x1xi32>, tensor<40xi8>, tensor<40xi8>) -> (tensor<7xi8>, tensor<7xi8>)
  return %r0, %r1, %r2, %r3, %r4, %r5, %r6, %r7, %r8, %r9, %r10, %r11, %r12#0, %r12#1 : tensor<7x5xf32>, tensor<7x5xbf16>, tensor<7xi8>, tensor<6xcomplex<f32>>, tensor<3x7xui32>, tensor<7x5xf32>, tensor<7x5xf32>, tensor<5x7xf32>, tensor<6x100xf16>, tensor<7x5xf32>, tensor<7x5xf32>, tensor<40xi8>, tensor<7xi8>, tensor<7xi8>
}
