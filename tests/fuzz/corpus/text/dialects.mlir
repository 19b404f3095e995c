module {
  sdy.mesh @mesh = <["a"=2, "b"=4], device_ids=[0, 1, 2, 3, 4, 5, 6, 7]>
  func.func @main(%arg0: tensor<8x16xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"a"}, {}]>}) -> tensor<8x16xf32> {
    %0 = sdy.sharding_constraint %arg0 <@mesh, [{"a"}, {"b", ?}]> : tensor<8x16xf32>
    %1 = sdy.manual_computation(%0) in_shardings=[<@mesh, [{"a"}, {}]>] out_shardings=[<@mesh, [{"a"}, {}]>] manual_axes={"a"} (%arg1: tensor<4x16xf32>) {
      %2 = chlo.erf %arg1 : tensor<4x16xf32> -> tensor<4x16xf32>
      sdy.return %2 : tensor<4x16xf32>
    } : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %values, %indices = chlo.top_k(%1, k = 5, is_stable = true) : tensor<8x16xf32> -> (tensor<8x5xf32>, tensor<8x5xi32>)
    %3 = chlo.next_after %1, %1 : tensor<8x16xf32>, tensor<8x16xf32> -> tensor<8x16xf32>
    %4 = stablehlo.custom_call @"my target"(%3) {api_version = 4 : i32, backend_config = {a = 1 : i64}, operand_layouts = [dense<[1, 0]> : tensor<2xindex>], result_layouts = [dense<[1, 0]> : tensor<2xindex>], output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>], called_computations = [@f]} : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %5 = stablehlo.composite "ns.op" %4 {composite_attributes = {x = 1 : i32}, decomposition = @f, version = 1 : i32} : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %6 = builtin.unrealized_conversion_cast %5 : tensor<8x16xf32> to tensor<8x16xf32>
    check.expect_eq_const %6, dense<1.0> : tensor<8x16xf32>
    check.expect_close %6, %5, max_ulp_difference = 3 : tensor<8x16xf32>, tensor<8x16xf32>
    check.expect_almost_eq_const %6, dense<1.0> : tensor<8x16xf32> {tolerance = 0.1 : f64}
    %7 = interpreter.probe %6, probe_id = "p" : tensor<8x16xf32>
    return %7 : tensor<8x16xf32>
  }
  func.func private @f(%arg0: tensor<8x16xf32>) -> tensor<8x16xf32> {
    return %arg0 : tensor<8x16xf32>
  }
}
