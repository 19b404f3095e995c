module @jit_mandelbrot attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<f32>) -> (tensor<512x512xi32> {jax.result_info = "result"}) {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.multiply %arg2, %cst : tensor<f32>
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %1 = stablehlo.add %cst_0, %0 : tensor<f32>
    %cst_1 = stablehlo.constant dense<-1.000000e+00> : tensor<f32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %2 = call @_linspace(%cst_1, %cst_2) : (tensor<f32>, tensor<f32>) -> tensor<512xf32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %3 = stablehlo.multiply %arg0, %cst_3 : tensor<f32>
    %cst_4 = stablehlo.constant dense<-1.000000e+00> : tensor<f32>
    %4 = stablehlo.add %cst_4, %3 : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %2, dims = [1] : (tensor<512xf32>) -> tensor<1x512xf32>
    %6 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<1x512xf32>
    %7 = stablehlo.multiply %6, %5 : tensor<1x512xf32>
    %8 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<1x512xf32>
    %9 = stablehlo.add %8, %7 : tensor<1x512xf32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %10 = stablehlo.multiply %arg1, %cst_5 : tensor<f32>
    %cst_6 = stablehlo.constant dense<-5.000000e-01> : tensor<f32>
    %11 = stablehlo.add %cst_6, %10 : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %2, dims = [0] : (tensor<512xf32>) -> tensor<512x1xf32>
    %13 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<512x1xf32>
    %14 = stablehlo.multiply %13, %12 : tensor<512x1xf32>
    %15 = stablehlo.broadcast_in_dim %11, dims = [] : (tensor<f32>) -> tensor<512x1xf32>
    %16 = stablehlo.add %15, %14 : tensor<512x1xf32>
    %17 = stablehlo.broadcast_in_dim %9, dims = [0, 1] : (tensor<1x512xf32>) -> tensor<512x512xf32>
    %18 = stablehlo.broadcast_in_dim %16, dims = [0, 1] : (tensor<512x1xf32>) -> tensor<512x512xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %19 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<512x512xf32>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %20 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<512x512xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %21 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<i32>) -> tensor<512x512xi32>
    %c_9 = stablehlo.constant dense<0> : tensor<i32>
    %22:6 = stablehlo.while(%iterArg = %17, %iterArg_10 = %18, %iterArg_11 = %c_9, %iterArg_12 = %19, %iterArg_13 = %20, %iterArg_14 = %21) : tensor<512x512xf32>, tensor<512x512xf32>, tensor<i32>, tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>
    cond {
      %c_15 = stablehlo.constant dense<100> : tensor<i32>
      %23 = stablehlo.compare LT, %iterArg_11, %c_15, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %23 : tensor<i1>
    } do {
      %23:3 = func.call @closed_call(%iterArg, %iterArg_10, %iterArg_12, %iterArg_13, %iterArg_14) : (tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>) -> (tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>)
      %c_15 = stablehlo.constant dense<1> : tensor<i32>
      %24 = stablehlo.add %iterArg_11, %c_15 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_10, %24, %23#0, %23#1, %23#2 : tensor<512x512xf32>, tensor<512x512xf32>, tensor<i32>, tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>
    }
    return %22#5 : tensor<512x512xi32>
  }
  func.func private @_linspace(%arg0: tensor<f32>, %arg1: tensor<f32>) -> tensor<512xf32> {
    %0 = stablehlo.convert %arg0 : tensor<f32>
    %1 = stablehlo.convert %arg1 : tensor<f32>
    %2 = stablehlo.iota dim = 0 : tensor<511xf32>
    %cst = stablehlo.constant dense<5.110000e+02> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<511xf32>
    %4 = stablehlo.divide %2, %3 : tensor<511xf32>
    %5 = stablehlo.reshape %0 : (tensor<f32>) -> tensor<1xf32>
    %cst_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<511xf32>
    %7 = stablehlo.subtract %6, %4 : tensor<511xf32>
    %8 = stablehlo.broadcast_in_dim %5, dims = [0] : (tensor<1xf32>) -> tensor<511xf32>
    %9 = stablehlo.multiply %8, %7 : tensor<511xf32>
    %10 = stablehlo.reshape %1 : (tensor<f32>) -> tensor<1xf32>
    %11 = stablehlo.broadcast_in_dim %10, dims = [0] : (tensor<1xf32>) -> tensor<511xf32>
    %12 = stablehlo.multiply %11, %4 : tensor<511xf32>
    %13 = stablehlo.add %9, %12 : tensor<511xf32>
    %14 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<1xf32>
    %15 = stablehlo.concatenate %13, %14, dim = 0 : (tensor<511xf32>, tensor<1xf32>) -> tensor<512xf32>
    return %15 : tensor<512xf32>
  }
  func.func private @closed_call(%arg0: tensor<512x512xf32>, %arg1: tensor<512x512xf32>, %arg2: tensor<512x512xf32>, %arg3: tensor<512x512xf32>, %arg4: tensor<512x512xi32>) -> (tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>) {
    %0 = stablehlo.multiply %arg2, %arg2 : tensor<512x512xf32>
    %1 = stablehlo.multiply %arg3, %arg3 : tensor<512x512xf32>
    %2 = stablehlo.add %0, %1 : tensor<512x512xf32>
    %cst = stablehlo.constant dense<4.000000e+00> : tensor<f32>
    %3 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<512x512xf32>
    %4 = stablehlo.compare LE, %2, %3, FLOAT : (tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<512x512xi1>
    %5 = stablehlo.multiply %arg2, %arg2 : tensor<512x512xf32>
    %6 = stablehlo.multiply %arg3, %arg3 : tensor<512x512xf32>
    %7 = stablehlo.subtract %5, %6 : tensor<512x512xf32>
    %8 = stablehlo.add %7, %arg0 : tensor<512x512xf32>
    %cst_0 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<512x512xf32>
    %10 = stablehlo.multiply %9, %arg2 : tensor<512x512xf32>
    %11 = stablehlo.multiply %10, %arg3 : tensor<512x512xf32>
    %12 = stablehlo.add %11, %arg1 : tensor<512x512xf32>
    %13 = call @_where(%4, %8, %arg2) : (tensor<512x512xi1>, tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<512x512xf32>
    %14 = call @_where(%4, %12, %arg3) : (tensor<512x512xi1>, tensor<512x512xf32>, tensor<512x512xf32>) -> tensor<512x512xf32>
    %15 = stablehlo.convert %4 : (tensor<512x512xi1>) -> tensor<512x512xi32>
    %16 = stablehlo.add %arg4, %15 : tensor<512x512xi32>
    return %13, %14, %16 : tensor<512x512xf32>, tensor<512x512xf32>, tensor<512x512xi32>
  }
  func.func private @_where(%arg0: tensor<512x512xi1>, %arg1: tensor<512x512xf32>, %arg2: tensor<512x512xf32>) -> tensor<512x512xf32> {
    %0 = stablehlo.select %arg0, %arg1, %arg2 : tensor<512x512xi1>, tensor<512x512xf32>
    return %0 : tensor<512x512xf32>
  }
}
