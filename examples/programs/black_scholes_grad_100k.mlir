module @jit_black_scholes_grad attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<100000xf32>, %arg1: tensor<100000xf32>, %arg2: tensor<100000xf32>, %arg3: tensor<100000xf32>, %arg4: tensor<100000xf32>) -> (tensor<100000xf32> {jax.result_info = "result[0]"}, tensor<100000xf32> {jax.result_info = "result[1][0]"}, tensor<100000xf32> {jax.result_info = "result[1][1]"}, tensor<100000xf32> {jax.result_info = "result[1][2]"}, tensor<100000xf32> {jax.result_info = "result[1][3]"}) {
    %cst = stablehlo.constant dense<1.000000e+02> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %1 = stablehlo.multiply %arg0, %0 : tensor<100000xf32>
    %cst_0 = stablehlo.constant dense<5.000000e+01> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %3 = stablehlo.add %2, %1 : tensor<100000xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+02> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %5 = stablehlo.multiply %arg1, %4 : tensor<100000xf32>
    %cst_2 = stablehlo.constant dense<5.000000e+01> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %7 = stablehlo.add %6, %5 : tensor<100000xf32>
    %cst_3 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %9 = stablehlo.multiply %arg2, %8 : tensor<100000xf32>
    %cst_4 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %11 = stablehlo.add %10, %9 : tensor<100000xf32>
    %cst_5 = stablehlo.constant dense<8.000000e-02> : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %13 = stablehlo.multiply %arg3, %12 : tensor<100000xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %15 = stablehlo.add %14, %13 : tensor<100000xf32>
    %cst_7 = stablehlo.constant dense<1.900000e+00> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %17 = stablehlo.multiply %arg4, %16 : tensor<100000xf32>
    %cst_8 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %19 = stablehlo.add %18, %17 : tensor<100000xf32>
    %20 = stablehlo.sqrt %19 : tensor<100000xf32>
    %cst_9 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %21 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %22 = stablehlo.divide %21, %20 : tensor<100000xf32>
    %23 = stablehlo.multiply %11, %20 : tensor<100000xf32>
    %24 = stablehlo.divide %3, %7 : tensor<100000xf32>
    %25 = stablehlo.log %24 : tensor<100000xf32>
    %26 = stablehlo.multiply %11, %11 : tensor<100000xf32>
    %cst_10 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %27 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %28 = stablehlo.multiply %27, %11 : tensor<100000xf32>
    %cst_11 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %30 = stablehlo.multiply %29, %26 : tensor<100000xf32>
    %31 = stablehlo.add %15, %30 : tensor<100000xf32>
    %32 = stablehlo.multiply %31, %19 : tensor<100000xf32>
    %33 = stablehlo.add %25, %32 : tensor<100000xf32>
    %34 = stablehlo.divide %33, %23 : tensor<100000xf32>
    %35 = stablehlo.multiply %23, %23 : tensor<100000xf32>
    %cst_12 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %36 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %37 = stablehlo.divide %36, %35 : tensor<100000xf32>
    %38 = stablehlo.subtract %34, %23 : tensor<100000xf32>
    %cst_13 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %39 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %40 = stablehlo.multiply %34, %39 : tensor<100000xf32>
    %41 = chlo.erf %40 : tensor<100000xf32> -> tensor<100000xf32>
    %42 = chlo.square %40 : tensor<100000xf32> -> tensor<100000xf32>
    %43 = stablehlo.negate %42 : tensor<100000xf32>
    %44 = stablehlo.exponential %43 : tensor<100000xf32>
    %cst_14 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %45 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %46 = stablehlo.add %45, %41 : tensor<100000xf32>
    %cst_15 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %47 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %48 = stablehlo.multiply %47, %46 : tensor<100000xf32>
    %49 = stablehlo.multiply %3, %48 : tensor<100000xf32>
    %50 = stablehlo.negate %15 : tensor<100000xf32>
    %51 = stablehlo.multiply %50, %19 : tensor<100000xf32>
    %52 = stablehlo.exponential %51 : tensor<100000xf32>
    %53 = stablehlo.multiply %7, %52 : tensor<100000xf32>
    %cst_16 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %54 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %55 = stablehlo.multiply %38, %54 : tensor<100000xf32>
    %56 = chlo.erf %55 : tensor<100000xf32> -> tensor<100000xf32>
    %57 = chlo.square %55 : tensor<100000xf32> -> tensor<100000xf32>
    %58 = stablehlo.negate %57 : tensor<100000xf32>
    %59 = stablehlo.exponential %58 : tensor<100000xf32>
    %cst_17 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %60 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %61 = stablehlo.add %60, %56 : tensor<100000xf32>
    %cst_18 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %62 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %63 = stablehlo.multiply %62, %61 : tensor<100000xf32>
    %64 = stablehlo.multiply %53, %63 : tensor<100000xf32>
    %65 = stablehlo.subtract %49, %64 : tensor<100000xf32>
    %cst_19 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %66 = stablehlo.negate %cst_19 : tensor<f32>
    %67 = stablehlo.broadcast_in_dim %66, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %68 = stablehlo.multiply %53, %67 : tensor<100000xf32>
    %69 = stablehlo.broadcast_in_dim %66, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %70 = stablehlo.multiply %69, %63 : tensor<100000xf32>
    %cst_20 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %71 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %72 = stablehlo.multiply %71, %68 : tensor<100000xf32>
    %cst_21 = stablehlo.constant dense<1.12837923> : tensor<f32>
    %73 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %74 = stablehlo.multiply %73, %72 : tensor<100000xf32>
    %75 = stablehlo.multiply %74, %59 : tensor<100000xf32>
    %cst_22 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %76 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %77 = stablehlo.multiply %75, %76 : tensor<100000xf32>
    %78 = stablehlo.multiply %7, %70 : tensor<100000xf32>
    %79 = stablehlo.multiply %78, %52 : tensor<100000xf32>
    %80 = stablehlo.multiply %50, %79 : tensor<100000xf32>
    %81 = stablehlo.multiply %79, %19 : tensor<100000xf32>
    %82 = stablehlo.negate %81 : tensor<100000xf32>
    %cst_23 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %83 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %84 = stablehlo.multiply %3, %83 : tensor<100000xf32>
    %cst_24 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %85 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %86 = stablehlo.multiply %85, %48 : tensor<100000xf32>
    %cst_25 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %87 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %88 = stablehlo.multiply %87, %84 : tensor<100000xf32>
    %cst_26 = stablehlo.constant dense<1.12837923> : tensor<f32>
    %89 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %90 = stablehlo.multiply %89, %88 : tensor<100000xf32>
    %91 = stablehlo.multiply %90, %44 : tensor<100000xf32>
    %cst_27 = stablehlo.constant dense<0.707106769> : tensor<f32>
    %92 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %93 = stablehlo.multiply %91, %92 : tensor<100000xf32>
    %94 = stablehlo.negate %77 : tensor<100000xf32>
    %95 = stablehlo.add %93, %77 : tensor<100000xf32>
    %96 = stablehlo.multiply %95, %37 : tensor<100000xf32>
    %97 = stablehlo.multiply %96, %33 : tensor<100000xf32>
    %98 = stablehlo.negate %97 : tensor<100000xf32>
    %99 = stablehlo.add %94, %98 : tensor<100000xf32>
    %100 = stablehlo.divide %95, %23 : tensor<100000xf32>
    %101 = stablehlo.multiply %31, %100 : tensor<100000xf32>
    %102 = stablehlo.add %80, %101 : tensor<100000xf32>
    %103 = stablehlo.multiply %100, %19 : tensor<100000xf32>
    %104 = stablehlo.add %82, %103 : tensor<100000xf32>
    %cst_28 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %105 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<100000xf32>
    %106 = stablehlo.multiply %105, %103 : tensor<100000xf32>
    %107 = stablehlo.multiply %106, %28 : tensor<100000xf32>
    %108 = stablehlo.divide %100, %24 : tensor<100000xf32>
    %109 = stablehlo.divide %108, %7 : tensor<100000xf32>
    %110 = stablehlo.add %86, %109 : tensor<100000xf32>
    %111 = stablehlo.multiply %11, %99 : tensor<100000xf32>
    %112 = stablehlo.multiply %99, %20 : tensor<100000xf32>
    %113 = stablehlo.add %107, %112 : tensor<100000xf32>
    %114 = stablehlo.multiply %111, %22 : tensor<100000xf32>
    %115 = stablehlo.add %102, %114 : tensor<100000xf32>
    return %65, %110, %113, %104, %115 : tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>, tensor<100000xf32>
  }
}
