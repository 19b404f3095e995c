module @jit_layer_norm_grad attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<1024x768xf32>, %arg1: tensor<768xf32>, %arg2: tensor<768xf32>, %arg3: tensor<1024x768xf32>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<1024x768xf32> {jax.result_info = "result[1][0]"}, tensor<768xf32> {jax.result_info = "result[1][1]"}, tensor<768xf32> {jax.result_info = "result[1][2]"}) {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.add across dimensions = [1] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<1024xf32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [0] : (tensor<1024xf32>) -> tensor<1024x1xf32>
    %cst_0 = stablehlo.constant dense<7.680000e+02> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %3 = stablehlo.divide %1, %2 : tensor<1024x1xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<1024x1xf32>) -> tensor<1024x768xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<1024x768xf32>
    %6 = stablehlo.multiply %5, %5 : tensor<1024x768xf32>
    %cst_1 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %7 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<1024x768xf32>
    %8 = stablehlo.multiply %7, %5 : tensor<1024x768xf32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %9 = stablehlo.reduce(%6 init: %cst_2) applies stablehlo.add across dimensions = [1] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<1024xf32>
    %10 = stablehlo.broadcast_in_dim %9, dims = [0] : (tensor<1024xf32>) -> tensor<1024x1xf32>
    %cst_3 = stablehlo.constant dense<7.680000e+02> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %12 = stablehlo.divide %10, %11 : tensor<1024x1xf32>
    %cst_4 = stablehlo.constant dense<9.99999974E-6> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %14 = stablehlo.add %12, %13 : tensor<1024x1xf32>
    %15 = stablehlo.rsqrt %14 : tensor<1024x1xf32>
    %16 = stablehlo.divide %15, %14 : tensor<1024x1xf32>
    %cst_5 = stablehlo.constant dense<-5.000000e-01> : tensor<f32>
    %17 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %18 = stablehlo.multiply %17, %16 : tensor<1024x1xf32>
    %19 = stablehlo.broadcast_in_dim %15, dims = [0, 1] : (tensor<1024x1xf32>) -> tensor<1024x768xf32>
    %20 = stablehlo.multiply %5, %19 : tensor<1024x768xf32>
    %21 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<768xf32>) -> tensor<1x768xf32>
    %22 = stablehlo.broadcast_in_dim %21, dims = [0, 1] : (tensor<1x768xf32>) -> tensor<1024x768xf32>
    %23 = stablehlo.multiply %22, %20 : tensor<1024x768xf32>
    %24 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<768xf32>) -> tensor<1x768xf32>
    %25 = stablehlo.broadcast_in_dim %24, dims = [0, 1] : (tensor<1x768xf32>) -> tensor<1024x768xf32>
    %26 = stablehlo.add %23, %25 : tensor<1024x768xf32>
    %27 = stablehlo.subtract %26, %arg3 : tensor<1024x768xf32>
    %28 = stablehlo.multiply %27, %27 : tensor<1024x768xf32>
    %cst_6 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<1024x768xf32>
    %30 = stablehlo.multiply %29, %27 : tensor<1024x768xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.reduce(%28 init: %cst_7) applies stablehlo.add across dimensions = [0, 1] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<f32>
    %cst_8 = stablehlo.constant dense<7.864320e+05> : tensor<f32>
    %32 = stablehlo.divide %31, %cst_8 : tensor<f32>
    %cst_9 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_10 = stablehlo.constant dense<7.864320e+05> : tensor<f32>
    %33 = stablehlo.divide %cst_9, %cst_10 : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %33, dims = [] : (tensor<f32>) -> tensor<1024x768xf32>
    %35 = stablehlo.multiply %34, %30 : tensor<1024x768xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %36 = stablehlo.reduce(%35 init: %cst_11) applies stablehlo.add across dimensions = [0] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<768xf32>
    %37 = stablehlo.reshape %36 : (tensor<768xf32>) -> tensor<1x768xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %38 = stablehlo.reduce(%37 init: %cst_12) applies stablehlo.add across dimensions = [0] : (tensor<1x768xf32>, tensor<f32>) -> tensor<768xf32>
    %39 = stablehlo.broadcast_in_dim %21, dims = [0, 1] : (tensor<1x768xf32>) -> tensor<1024x768xf32>
    %40 = stablehlo.multiply %39, %35 : tensor<1024x768xf32>
    %41 = stablehlo.multiply %35, %20 : tensor<1024x768xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %42 = stablehlo.reduce(%41 init: %cst_13) applies stablehlo.add across dimensions = [0] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<768xf32>
    %43 = stablehlo.reshape %42 : (tensor<768xf32>) -> tensor<1x768xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %44 = stablehlo.reduce(%43 init: %cst_14) applies stablehlo.add across dimensions = [0] : (tensor<1x768xf32>, tensor<f32>) -> tensor<768xf32>
    %45 = stablehlo.multiply %5, %40 : tensor<1024x768xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %46 = stablehlo.reduce(%45 init: %cst_15) applies stablehlo.add across dimensions = [1] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<1024xf32>
    %47 = stablehlo.reshape %46 : (tensor<1024xf32>) -> tensor<1024x1xf32>
    %48 = stablehlo.broadcast_in_dim %15, dims = [0, 1] : (tensor<1024x1xf32>) -> tensor<1024x768xf32>
    %49 = stablehlo.multiply %40, %48 : tensor<1024x768xf32>
    %50 = stablehlo.multiply %47, %18 : tensor<1024x1xf32>
    %cst_16 = stablehlo.constant dense<7.680000e+02> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %52 = stablehlo.divide %50, %51 : tensor<1024x1xf32>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %53 = stablehlo.reduce(%52 init: %cst_17) applies stablehlo.add across dimensions = [1] : (tensor<1024x1xf32>, tensor<f32>) -> tensor<1024xf32>
    %54 = stablehlo.broadcast_in_dim %53, dims = [0] : (tensor<1024xf32>) -> tensor<1024x768xf32>
    %55 = stablehlo.multiply %54, %8 : tensor<1024x768xf32>
    %56 = stablehlo.add %49, %55 : tensor<1024x768xf32>
    %57 = stablehlo.negate %56 : tensor<1024x768xf32>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %58 = stablehlo.reduce(%57 init: %cst_18) applies stablehlo.add across dimensions = [1] : (tensor<1024x768xf32>, tensor<f32>) -> tensor<1024xf32>
    %59 = stablehlo.reshape %58 : (tensor<1024xf32>) -> tensor<1024x1xf32>
    %cst_19 = stablehlo.constant dense<7.680000e+02> : tensor<f32>
    %60 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<1024x1xf32>
    %61 = stablehlo.divide %59, %60 : tensor<1024x1xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %62 = stablehlo.reduce(%61 init: %cst_20) applies stablehlo.add across dimensions = [1] : (tensor<1024x1xf32>, tensor<f32>) -> tensor<1024xf32>
    %63 = stablehlo.broadcast_in_dim %62, dims = [0] : (tensor<1024xf32>) -> tensor<1024x768xf32>
    %64 = stablehlo.add %56, %63 : tensor<1024x768xf32>
    return %32, %64, %44, %38 : tensor<f32>, tensor<1024x768xf32>, tensor<768xf32>, tensor<768xf32>
  }
}
