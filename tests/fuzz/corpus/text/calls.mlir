module {
  func.func @main(%arg0: tensor<4xf32>, %arg1: tensor<?x4xf32, #stablehlo.bounds<8, ?>>, %arg2: tensor<?x?xi8>, %arg3: tensor<2x!quant.uniform<i8<-127:127>:f32:0, {0.5:1, 2.5:-3}>>, %arg4: tensor<?x!quant.uniform<u8:f32, 0.25:128>, #stablehlo.bounds<5>>) -> tensor<4xf32> {
    %0 = stablehlo.custom_call @none(%arg0) : (tensor<4xf32>) -> tensor<4xf32>
    %1 = stablehlo.custom_call @text(%0) {backend_config = "a\00b\22", has_side_effect = true, api_version = 2 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %2 = stablehlo.custom_call @ffi(%1) {api_version = 4 : i32, backend_config = {array = array<i32: 1, 2>, empty = {}, f = 1.500000e+00 : f32, flag, list = [1 : i64, "x"], n = -1 : i8, nested = {t = tensor<2xf32>}, sym = @f, u = 76 : ui8}} : (tensor<4xf32>) -> tensor<4xf32>
    %3 = stablehlo.custom_call @old(%2) {mhlo.backend_config = {a = 1 : i32}, operand_layouts = [dense<0> : tensor<1xindex>], result_layouts = [dense<0> : tensor<1xindex>], called_computations = [@f, @g], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>]} : (tensor<4xf32>) -> tensor<4xf32>
    %4 = stablehlo.custom_call @"needs quotes"(%3) {result_tilings = []} : (tensor<4xf32>) -> tensor<4xf32>
    %5 = stablehlo.composite "chlo.erf" %4 {composite_attributes = {a = "b", c = [1.000000e+00 : f64]}, decomposition = @f, version = 1 : i32} : (tensor<4xf32>) -> tensor<4xf32>
    %6 = "stablehlo.composite"(%5) <{decomposition = @f, name = "ns.region"}> ({
    ^bb0(%arg5: tensor<f32>):
      stablehlo.return %arg5 : tensor<f32>
    }) : (tensor<4xf32>) -> tensor<4xf32>
    %7 = call @f(%6) {mhlo.frontend_attributes = {}, tf.device = "x"} : (tensor<4xf32>) -> tensor<4xf32>
    %8 = stablehlo.abs %7 {half = 1.500000e+00 : f16, bf = -0.000000e+00 : bf16, nan = 0x7FC00001 : f32, wide = -9223372036854775808 : i64, uwide = 18446744073709551615 : ui64, narrow = -2 : i4, unarrow = 15 : ui4, ix = 3 : index, byte = 255 : ui8, dense = dense<[[1], [2]]> : tensor<2x1xi8>, packed = dense<[true, false]> : tensor<2xi1>, array = array<f64: 1.500000e+00, 0x7FF0000000000000>, nested = @f::@g, ty = (tensor<*xf32>, !stablehlo.token) -> tuple<tensor<f32>, tuple<>>} : tensor<4xf32>
    return %8 : tensor<4xf32>
  }
  func.func private @f(%arg0: tensor<4xf32>) -> tensor<4xf32> {
    return %arg0 : tensor<4xf32>
  }
  func.func private @g(tensor<4xf32>) -> tensor<4xf32>
}
