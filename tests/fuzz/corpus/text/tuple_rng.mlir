func.func @f(%k: tensor<2xui64>, %s: tensor<1xi64>, %a: tensor<f32>, %i: tensor<i32>, %m: tensor<2x2xf32>) -> tensor<4xui32> {
  %0, %1 = stablehlo.rng_bit_generator %k, algorithm = THREE_FRY : (tensor<2xui64>) -> (tensor<2xui64>, tensor<4xui32>)
  %2 = stablehlo.rng %a, %a, %s, distribution = UNIFORM : (tensor<f32>, tensor<f32>, tensor<1xi64>) -> tensor<?xf32>
  %3 = stablehlo.tuple %0, %1 : tuple<tensor<2xui64>, tensor<4xui32>>
  %4 = stablehlo.get_tuple_element %3[1] : (tuple<tensor<2xui64>, tensor<4xui32>>) -> tensor<4xui32>
  %5 = stablehlo.after_all : !stablehlo.token
  %6 = stablehlo.create_token : !stablehlo.token
  %7 = stablehlo.after_all %5, %6 : !stablehlo.token
  %8 = stablehlo.replica_id : tensor<ui32>
  %9:2 = "stablehlo.case"(%i) ({
    stablehlo.return %4, %8 : tensor<4xui32>, tensor<ui32>
  }, {
    %10 = stablehlo.clamp %4, %4, %4 : tensor<4xui32>
    stablehlo.return %10, %8 : tensor<4xui32>, tensor<ui32>
  }) : (tensor<i32>) -> (tensor<4xui32>, tensor<ui32>)
  stablehlo.optimization_barrier ()
  %11 = stablehlo.cholesky %m, lower = true : tensor<2x2xf32>
  %12 = stablehlo.dynamic_slice %1, %8, sizes = [2] : (tensor<4xui32>, tensor<ui32>) -> tensor<2xui32>
  return %9#0 : tensor<4xui32>
}
