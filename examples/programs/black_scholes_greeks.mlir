module @jit_black_scholes_greeks attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<100000xi1>, %arg1: tensor<100000xf32>, %arg2: tensor<100000xf32>, %arg3: tensor<100000xf32>, %arg4: tensor<100000xf32>, %arg5: tensor<100000xf32>) -> (tensor<100000xf32> {jax.result_info = "result['delta']"}, tensor<100000xf32> {jax.result_info = "result['gamma']"}, tensor<100000xf32> {jax.result_info = "result['price']"}, tensor<100000xf32> {jax.result_info = "result['rho']"}, tensor<100000xf32> {jax.result_info = "result['theta']"}, tensor<100000xf32> {jax.result_info = "result['vega']"}) {
    %cst = stablehlo.constant dense<1.000000e+02> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %1 = stablehlo.multiply %arg1, %0 : tensor<100000xf32>
    %cst_0 = stablehlo.constant dense<5.000000e+01> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %3 = stablehlo.add %2, %1 : tensor<100000xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+02> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %5 = stablehlo.multiply %arg2, %4 : tensor<100000xf32>
    %cst_2 = stablehlo.constant dense<5.000000e+01> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %7 = stablehlo.add %6, %5 : tensor<100000xf32>
    %cst_3 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %9 = stablehlo.multiply %arg3, %8 : tensor<100000xf32>
    %cst_4 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %11 = stablehlo.add %10, %9 : tensor<100000xf32>
    %cst_5 = stablehlo.constant dense<8.000000e-02> : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %13 = stablehlo.multiply %arg4, %12 : tensor<100000xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %15 = stablehlo.add %14, %13 : tensor<100000xf32>
    %cst_7 = stablehlo.constant dense<1.900000e+00> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %17 = stablehlo.multiply %arg5, %16 : tensor<100000xf32>
    %cst_8 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %19 = stablehlo.add %18, %17 : tensor<100000xf32>
    %20 = stablehlo.sqrt %19 : tensor<100000xf32>
    %21 = stablehlo.multiply %11, %20 : tensor<100000xf32>
    %22 = stablehlo.divide %3, %7 : tensor<100000xf32>
    %23 = stablehlo.log %22 : tensor<100000xf32>
    %cst_9 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %25 = stablehlo.multiply %24, %11 : tensor<100000xf32>
    %26 = stablehlo.multiply %25, %11 : tensor<100000xf32>
    %27 = stablehlo.add %15, %26 : tensor<100000xf32>
    %28 = stablehlo.multiply %27, %19 : tensor<100000xf32>
    %29 = stablehlo.add %23, %28 : tensor<100000xf32>
    %30 = stablehlo.divide %29, %21 : tensor<100000xf32>
    %31 = stablehlo.subtract %30, %21 : tensor<100000xf32>
    %cst_10 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_11 = stablehlo.constant dense<-1.000000e+00> : tensor<f32>
    %32 = call @_where(%arg0, %cst_10, %cst_11) : (tensor<100000xi1>, tensor<f32>, tensor<f32>) -> tensor<100000xf32>
    %33 = stablehlo.negate %15 : tensor<100000xf32>
    %34 = stablehlo.multiply %33, %19 : tensor<100000xf32>
    %35 = stablehlo.exponential %34 : tensor<100000xf32>
    %36 = stablehlo.multiply %7, %35 : tensor<100000xf32>
    %37 = stablehlo.convert %32 : tensor<100000xf32>
    %38 = stablehlo.multiply %37, %30 : tensor<100000xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %39 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %40 = stablehlo.subtract %38, %39 : tensor<100000xf32>
    %cst_13 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %42 = stablehlo.divide %40, %41 : tensor<100000xf32>
    %cst_14 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %43 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %44 = stablehlo.multiply %42, %43 : tensor<100000xf32>
    %45 = stablehlo.abs %44 : tensor<100000xf32>
    %cst_15 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %46 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %47 = stablehlo.compare LT, %45, %46, FLOAT : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xi1>
    %48 = chlo.erf %44 : tensor<100000xf32> -> tensor<100000xf32>
    %cst_16 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %49 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %50 = stablehlo.add %49, %48 : tensor<100000xf32>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %52 = stablehlo.compare GT, %44, %51, FLOAT : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xi1>
    %53 = chlo.erfc %45 : tensor<100000xf32> -> tensor<100000xf32>
    %cst_18 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %54 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %55 = stablehlo.subtract %54, %53 : tensor<100000xf32>
    %56 = chlo.erfc %45 : tensor<100000xf32> -> tensor<100000xf32>
    %57 = stablehlo.select %52, %55, %56 : tensor<100000xi1>, tensor<100000xf32>
    %58 = stablehlo.select %47, %50, %57 : tensor<100000xi1>, tensor<100000xf32>
    %cst_19 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %59 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %60 = stablehlo.multiply %59, %58 : tensor<100000xf32>
    %61 = stablehlo.convert %32 : tensor<100000xf32>
    %62 = stablehlo.multiply %61, %60 : tensor<100000xf32>
    %63 = stablehlo.convert %32 : tensor<100000xf32>
    %64 = stablehlo.multiply %63, %31 : tensor<100000xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %65 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %66 = stablehlo.subtract %64, %65 : tensor<100000xf32>
    %cst_21 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %67 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %68 = stablehlo.divide %66, %67 : tensor<100000xf32>
    %cst_22 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %69 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %70 = stablehlo.multiply %68, %69 : tensor<100000xf32>
    %71 = stablehlo.abs %70 : tensor<100000xf32>
    %cst_23 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %72 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %73 = stablehlo.compare LT, %71, %72, FLOAT : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xi1>
    %74 = chlo.erf %70 : tensor<100000xf32> -> tensor<100000xf32>
    %cst_24 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %75 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %76 = stablehlo.add %75, %74 : tensor<100000xf32>
    %cst_25 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %77 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %78 = stablehlo.compare GT, %70, %77, FLOAT : (tensor<100000xf32>, tensor<100000xf32>) -> tensor<100000xi1>
    %79 = chlo.erfc %71 : tensor<100000xf32> -> tensor<100000xf32>
    %cst_26 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %80 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %81 = stablehlo.subtract %80, %79 : tensor<100000xf32>
    %82 = chlo.erfc %71 : tensor<100000xf32> -> tensor<100000xf32>
    %83 = stablehlo.select %78, %81, %82 : tensor<100000xi1>, tensor<100000xf32>
    %84 = stablehlo.select %73, %76, %83 : tensor<100000xi1>, tensor<100000xf32>
    %cst_27 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %85 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %86 = stablehlo.multiply %85, %84 : tensor<100000xf32>
    %87 = stablehlo.convert %32 : tensor<100000xf32>
    %88 = stablehlo.multiply %87, %86 : tensor<100000xf32>
    %cst_28 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %89 = chlo.square %cst_28 : tensor<f32> -> tensor<f32>
    %cst_29 = stablehlo.constant dense<6.28318548> : tensor<f32>
    %90 = stablehlo.multiply %cst_29, %89 : tensor<f32>
    %91 = stablehlo.log %90 : tensor<f32>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %92 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %93 = stablehlo.subtract %30, %92 : tensor<100000xf32>
    %94 = chlo.square %93 : tensor<100000xf32> -> tensor<100000xf32>
    %95 = stablehlo.broadcast_in_dim %89, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %96 = stablehlo.divide %94, %95 : tensor<100000xf32>
    %97 = stablehlo.broadcast_in_dim %91, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %98 = stablehlo.add %97, %96 : tensor<100000xf32>
    %cst_31 = stablehlo.constant dense<-2.000000e+00> : tensor<f32>
    %99 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %100 = stablehlo.divide %98, %99 : tensor<100000xf32>
    %101 = stablehlo.exponential %100 : tensor<100000xf32>
    %102 = stablehlo.multiply %3, %62 : tensor<100000xf32>
    %103 = stablehlo.multiply %36, %88 : tensor<100000xf32>
    %104 = stablehlo.subtract %102, %103 : tensor<100000xf32>
    %105 = stablehlo.multiply %3, %21 : tensor<100000xf32>
    %106 = stablehlo.divide %101, %105 : tensor<100000xf32>
    %107 = stablehlo.multiply %3, %101 : tensor<100000xf32>
    %108 = stablehlo.multiply %107, %20 : tensor<100000xf32>
    %109 = stablehlo.negate %3 : tensor<100000xf32>
    %110 = stablehlo.multiply %109, %101 : tensor<100000xf32>
    %111 = stablehlo.multiply %110, %11 : tensor<100000xf32>
    %cst_32 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %112 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %113 = stablehlo.multiply %112, %20 : tensor<100000xf32>
    %114 = stablehlo.divide %111, %113 : tensor<100000xf32>
    %115 = stablehlo.multiply %15, %36 : tensor<100000xf32>
    %116 = stablehlo.multiply %115, %88 : tensor<100000xf32>
    %117 = stablehlo.subtract %114, %116 : tensor<100000xf32>
    %118 = stablehlo.multiply %19, %36 : tensor<100000xf32>
    %119 = stablehlo.multiply %118, %88 : tensor<100000xf32>
    return %62, %106, %104, %119, %117, %108 : tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>
  }
  func.func private @_where(%arg0: tensor<100000xi1>, %arg1: tensor<f32>, %arg2: tensor<f32>) -> tensor<100000xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %2 = stablehlo.select %arg0, %0, %1 : tensor<100000xi1>, tensor<100000xf32>
    return %2 : tensor<100000xf32>
  }
}
