module @jit_newton attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<20000xf32>, %arg1: tensor<20000xf32>, %arg2: tensor<20000xf32>) -> (tensor<20000xf32> {jax.result_info = "result[0]"}, tensor<20000xi1> {jax.result_info = "result[1]"}, tensor<i32> {jax.result_info = "result[2]"}) {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %1 = stablehlo.multiply %arg1, %0 : tensor<20000xf32>
    %cst_0 = stablehlo.constant dense<6.000000e-01> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %3 = stablehlo.add %2, %1 : tensor<20000xf32>
    %cst_1 = stablehlo.constant dense<1.900000e+00> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %5 = stablehlo.multiply %arg2, %4 : tensor<20000xf32>
    %cst_2 = stablehlo.constant dense<1.000000e-01> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %7 = stablehlo.add %6, %5 : tensor<20000xf32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %9 = stablehlo.subtract %8, %3 : tensor<20000xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %11 = stablehlo.maximum %9, %10 : tensor<20000xf32>
    %cst_5 = stablehlo.constant dense<7.500000e-01> : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %13 = stablehlo.multiply %arg0, %12 : tensor<20000xf32>
    %cst_6 = stablehlo.constant dense<5.000000e-02> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %15 = stablehlo.add %14, %13 : tensor<20000xf32>
    %cst_7 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %17 = stablehlo.subtract %16, %11 : tensor<20000xf32>
    %18 = stablehlo.multiply %15, %17 : tensor<20000xf32>
    %19 = stablehlo.add %11, %18 : tensor<20000xf32>
    %20 = stablehlo.sqrt %7 : tensor<20000xf32>
    %21 = stablehlo.log %3 : tensor<20000xf32>
    %22 = stablehlo.negate %21 : tensor<20000xf32>
    %23 = stablehlo.abs %22 : tensor<20000xf32>
    %cst_8 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %25 = stablehlo.multiply %24, %23 : tensor<20000xf32>
    %26 = stablehlo.divide %25, %7 : tensor<20000xf32>
    %27 = stablehlo.sqrt %26 : tensor<20000xf32>
    %cst_9 = stablehlo.constant dense<5.000000e-02> : tensor<f32>
    %28 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %29 = stablehlo.add %27, %28 : tensor<20000xf32>
    %c = stablehlo.constant dense<true> : tensor<i1>
    %30 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i1>) -> tensor<20000xi1>
    %c_10 = stablehlo.constant dense<0> : tensor<i32>
    %31:7 = stablehlo.while(%iterArg = %20, %iterArg_11 = %22, %iterArg_12 = %3, %iterArg_13 = %19, %iterArg_14 = %c_10, %iterArg_15 = %29, %iterArg_16 = %30) : tensor<20000xf32>, tensor<20000xf32>, tensor<20000xf32>, tensor<20000xf32>, tensor<i32>, tensor<20000xf32>, tensor<20000xi1>
    cond {
      %c_17 = stablehlo.constant dense<50> : tensor<i32>
      %32 = stablehlo.compare LT, %iterArg_14, %c_17, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      %c_18 = stablehlo.constant dense<false> : tensor<i1>
      %33 = stablehlo.reduce(%iterArg_16 init: %c_18) applies stablehlo.or across dimensions = [0] : (tensor<20000xi1>, tensor<i1>) -> tensor<i1>
      %34 = stablehlo.and %32, %33 : tensor<i1>
      stablehlo.return %34 : tensor<i1>
    } do {
      %32 = stablehlo.multiply %iterArg_15, %iterArg : tensor<20000xf32>
      %33 = stablehlo.divide %iterArg_11, %32 : tensor<20000xf32>
      %cst_17 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
      %34 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %35 = stablehlo.multiply %34, %32 : tensor<20000xf32>
      %36 = stablehlo.add %33, %35 : tensor<20000xf32>
      %37 = stablehlo.subtract %36, %32 : tensor<20000xf32>
      %cst_18 = stablehlo.constant dense<-5.000000e-01> : tensor<f32>
      %38 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %39 = stablehlo.multiply %38, %36 : tensor<20000xf32>
      %40 = stablehlo.multiply %39, %36 : tensor<20000xf32>
      %41 = stablehlo.exponential %40 : tensor<20000xf32>
      %42 = stablehlo.multiply %iterArg, %41 : tensor<20000xf32>
      %cst_19 = stablehlo.constant dense<2.50662827> : tensor<f32>
      %43 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %44 = stablehlo.divide %42, %43 : tensor<20000xf32>
      %cst_20 = stablehlo.constant dense<0.707106769> : tensor<f32>
      %45 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %46 = stablehlo.multiply %36, %45 : tensor<20000xf32>
      %47 = chlo.erf %46 : tensor<20000xf32> -> tensor<20000xf32>
      %cst_21 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
      %48 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %49 = stablehlo.add %48, %47 : tensor<20000xf32>
      %cst_22 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
      %50 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %51 = stablehlo.multiply %50, %49 : tensor<20000xf32>
      %cst_23 = stablehlo.constant dense<0.707106769> : tensor<f32>
      %52 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %53 = stablehlo.multiply %37, %52 : tensor<20000xf32>
      %54 = chlo.erf %53 : tensor<20000xf32> -> tensor<20000xf32>
      %cst_24 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
      %55 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %56 = stablehlo.add %55, %54 : tensor<20000xf32>
      %cst_25 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
      %57 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %58 = stablehlo.multiply %57, %56 : tensor<20000xf32>
      %59 = stablehlo.multiply %iterArg_12, %58 : tensor<20000xf32>
      %60 = stablehlo.subtract %51, %59 : tensor<20000xf32>
      %61 = stablehlo.subtract %60, %iterArg_13 : tensor<20000xf32>
      %62 = stablehlo.abs %61 : tensor<20000xf32>
      %cst_26 = stablehlo.constant dense<9.99999974E-6> : tensor<f32>
      %63 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<20000xf32>
      %64 = stablehlo.compare GT, %62, %63, FLOAT : (tensor<20000xf32>, tensor<20000xf32>) -> tensor<20000xi1>
      %65 = stablehlo.and %iterArg_16, %64 : tensor<20000xi1>
      %66 = stablehlo.divide %61, %44 : tensor<20000xf32>
      %67 = stablehlo.subtract %iterArg_15, %66 : tensor<20000xf32>
      %cst_27 = stablehlo.constant dense<0.00999999977> : tensor<f32>
      %cst_28 = stablehlo.constant dense<1.000000e+01> : tensor<f32>
      %68 = func.call @clip(%67, %cst_27, %cst_28) : (tensor<20000xf32>, tensor<f32>, tensor<f32>) -> tensor<20000xf32>
      %c_29 = stablehlo.constant dense<1> : tensor<i32>
      %69 = stablehlo.add %iterArg_14, %c_29 : tensor<i32>
      %70 = func.call @_where(%65, %68, %iterArg_15) : (tensor<20000xi1>, tensor<20000xf32>, tensor<20000xf32>) -> tensor<20000xf32>
      stablehlo.return %iterArg, %iterArg_11, %iterArg_12, %iterArg_13, %69, %70, %65 : tensor<20000xf32>, tensor<20000xf32>, tensor<20000xf32>, tensor<20000xf32>, tensor<i32>, tensor<20000xf32>, tensor<20000xi1>
    }
    return %31#5, %31#6, %31#4 : tensor<20000xf32>, tensor<20000xi1>, tensor<i32>
  }
  func.func private @clip(%arg0: tensor<20000xf32>, %arg1: tensor<f32>, %arg2: tensor<f32>) -> tensor<20000xf32> {
    %0 = stablehlo.convert %arg1 : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %2 = stablehlo.maximum %1, %arg0 : tensor<20000xf32>
    %3 = stablehlo.convert %arg2 : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [] : (tensor<f32>) -> tensor<20000xf32>
    %5 = stablehlo.minimum %4, %2 : tensor<20000xf32>
    return %5 : tensor<20000xf32>
  }
  func.func private @_where(%arg0: tensor<20000xi1>, %arg1: tensor<20000xf32>, %arg2: tensor<20000xf32>) -> tensor<20000xf32> {
    %0 = stablehlo.select %arg0, %arg1, %arg2 : tensor<20000xi1>, tensor<20000xf32>
    return %0 : tensor<20000xf32>
  }
}
