module @forms attributes {mhlo.num_partitions = 1 : i32, jax.uses_shape_polymorphism = false} {
  func.func public @main(%arg0: tensor<2x3xf32> {mhlo.sharding = "{replicated}", tf.aliasing_output = 0 : i32} loc("x"), %arg1: tensor<2x3xf32>) -> (tensor<2x3xf32> {jax.result_info = "result"}, tensor<3x2xf32>) {
    %0 = stablehlo.add %arg0, %arg1 : tensor<2x3xf32>
    %1 = stablehlo.add %arg0, %arg1 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %2 = stablehlo.transpose %1, dims = [1, 0] {note = "t"} : (tensor<2x3xf32>) -> tensor<3x2xf32>
    %3 = stablehlo.compare  LT, %arg0, %arg1, FLOAT : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
    %4 = stablehlo.select %3, %0, %1 : tensor<2x3xi1>, tensor<2x3xf32>
    %5 = stablehlo.slice %4 [0:1, 0:3:2] : (tensor<2x3xf32>) -> tensor<1x2xf32>
    %6 = stablehlo.reshape %5 : (tensor<1x2xf32>) -> tensor<2xf32>
    %7 = stablehlo.iota dim = 0 : tensor<2xf32>
    %8 = stablehlo.concatenate %6, %7, dim = 0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
    %9 = stablehlo.complex %6, %7 : tensor<2xcomplex<f32>>
    %10 = stablehlo.reduce_precision %8, format = e5m10 : tensor<4xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %11 = stablehlo.pad %8, %cst, low = [1], high = [-1], interior = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    %12:2 = call @other(%8, %10) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
    %13 = stablehlo.exponential %12#1 {result_accuracy = #stablehlo.result_accuracy<atol = 1.0e-5, rtol = 0.0, ulps = 2, mode = #stablehlo.result_accuracy_mode<TOLERANCE>>} : tensor<4xf32>
    return %4, %2 : tensor<2x3xf32>, tensor<3x2xf32>
  }
  func.func private @other(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
    %0, %1 = stablehlo.optimization_barrier %arg1, %arg0 : tensor<4xf32>, tensor<4xf32>
    return %0, %1 : tensor<4xf32>, tensor<4xf32>
  }
  func.func private @declared(tensor<4xf32> {a}, tensor<i1>) -> tensor<4xf32>
}
