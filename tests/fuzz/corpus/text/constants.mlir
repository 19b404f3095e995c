func.func @c() {
  %0 = stablehlo.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>
  %1 = stablehlo.constant dense<[0x7FC00000, 1.5, -0.0]> : tensor<3xf32>
  %2 = stablehlo.constant dense<"0x0000803F000000400000404000008040"> : tensor<4xf32>
  %3 = stablehlo.constant dense<"0x05"> : tensor<4xi1>
  %4 = stablehlo.constant dense<"0x01000100"> : tensor<4xi1>
  %5 = stablehlo.constant dense<[true, false]> : tensor<2xi1>
  %6 = stablehlo.constant dense<(1.0, -2.5)> : tensor<2xcomplex<f32>>
  %7 = stablehlo.constant dense<[(0x7FF0000000000000, 0.0), (1.0e-300, 2.0)]> : tensor<2xcomplex<f64>>
  %8 = stablehlo.constant dense<> : tensor<0x3xf32>
  %9 = stablehlo.constant dense_resource<blob_1> : tensor<2xf32>
  %10 = stablehlo.constant dense<[-8, 7]> : tensor<2xi4>
  %11 = stablehlo.constant dense<[1.0, 0.5, 448.0]> : tensor<3xf8E4M3FN>
  %12 = stablehlo.constant {a = 1 : i32} dense<18446744073709551615> : tensor<ui64>
  %13 = stablehlo.constant() {value = dense<[1, 2]> : tensor<2xi8>} : () -> tensor<2x!quant.uniform<i8:f32, 2.0:15>>
  %14 = stablehlo.constant dense<[1.0, 3.0, -6.0]> : tensor<3xf4E2M1FN>
  %15 = stablehlo.constant dense<"0x0102FF"> : tensor<3xi2>
  return
}
{-#
  dialect_resources: {
    builtin: {
      blob_1: "0x040000000000803F00000040",
      "other one": "0x04000000"
    }
  },
  external_resources: { mlir_reproducer: { verify: true, pipeline: "x" } }
#-}
