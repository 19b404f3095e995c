// SPDX-License-Identifier: Apache-2.0
// The arrays of --random, type by type, against the rule as examples/programs/inputs.py has it.
// RUN: skarn run %s --random 12345678901 --save %t
// RUN: %python %S/inputs/check_random.py %programs %t 12345678901 f4 f8 f2 bf16 f8E5M2 c8 c16 bool s2 i1 i2 i4 i8 u1 u4
// RUN: skarn run %s --random 0 --save %t
// RUN: %python %S/inputs/check_random.py %programs %t 0 f4 f8 f2 bf16 f8E5M2 c8 c16 bool s2 i1 i2 i4 i8 u1 u4
func.func @main(
    %0: tensor<257xf32>, %1: tensor<5x7xf64>, %2: tensor<257xf16>, %3: tensor<257xbf16>,
    %4: tensor<257xf8E5M2>, %5: tensor<33xcomplex<f32>>, %6: tensor<33xcomplex<f64>>,
    %7: tensor<257xi1>, %8: tensor<257xi2>, %9: tensor<257xi8>, %10: tensor<257xi16>,
    %11: tensor<257xi32>, %12: tensor<257xi64>, %13: tensor<257xui8>, %14: tensor<0x3xui32>) -> (
    tensor<257xf32>, tensor<5x7xf64>, tensor<257xf16>, tensor<257xbf16>, tensor<257xf8E5M2>,
    tensor<33xcomplex<f32>>, tensor<33xcomplex<f64>>, tensor<257xi1>, tensor<257xi2>,
    tensor<257xi8>, tensor<257xi16>, tensor<257xi32>, tensor<257xi64>, tensor<257xui8>,
    tensor<0x3xui32>) {
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14 :
      tensor<257xf32>, tensor<5x7xf64>, tensor<257xf16>, tensor<257xbf16>, tensor<257xf8E5M2>,
      tensor<33xcomplex<f32>>, tensor<33xcomplex<f64>>, tensor<257xi1>, tensor<257xi2>,
      tensor<257xi8>, tensor<257xi16>, tensor<257xi32>, tensor<257xi64>, tensor<257xui8>,
      tensor<0x3xui32>
}
