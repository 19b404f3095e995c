module @jit_heston attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xui32>, %arg1: tensor<f32>, %arg2: tensor<8xf32>, %arg3: tensor<f32>, %arg4: tensor<f32>, %arg5: tensor<f32>, %arg6: tensor<f32>, %arg7: tensor<f32>) -> (tensor<8xf32> {jax.result_info = "result[0]"}, tensor<8xf32> {jax.result_info = "result[1]"}, tensor<16384xf32> {jax.result_info = "result[2]"}) {
    %cst = stablehlo.constant dense<2.000000e+01> : tensor<f32>
    %0 = stablehlo.multiply %arg1, %cst : tensor<f32>
    %cst_0 = stablehlo.constant dense<9.000000e+01> : tensor<f32>
    %1 = stablehlo.add %cst_0, %0 : tensor<f32>
    %cst_1 = stablehlo.constant dense<4.000000e+01> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %3 = stablehlo.multiply %arg2, %2 : tensor<8xf32>
    %cst_2 = stablehlo.constant dense<8.000000e+01> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %5 = stablehlo.add %4, %3 : tensor<8xf32>
    %cst_3 = stablehlo.constant dense<6.000000e-02> : tensor<f32>
    %6 = stablehlo.multiply %arg3, %cst_3 : tensor<f32>
    %cst_4 = stablehlo.constant dense<2.000000e-02> : tensor<f32>
    %7 = stablehlo.add %cst_4, %6 : tensor<f32>
    %cst_5 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %8 = stablehlo.multiply %arg4, %cst_5 : tensor<f32>
    %cst_6 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %9 = stablehlo.add %cst_6, %8 : tensor<f32>
    %cst_7 = stablehlo.constant dense<4.000000e-02> : tensor<f32>
    %10 = stablehlo.multiply %arg5, %cst_7 : tensor<f32>
    %cst_8 = stablehlo.constant dense<3.000000e-02> : tensor<f32>
    %11 = stablehlo.add %cst_8, %10 : tensor<f32>
    %cst_9 = stablehlo.constant dense<3.000000e-01> : tensor<f32>
    %12 = stablehlo.multiply %arg6, %cst_9 : tensor<f32>
    %cst_10 = stablehlo.constant dense<2.000000e-01> : tensor<f32>
    %13 = stablehlo.add %cst_10, %12 : tensor<f32>
    %cst_11 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %14 = stablehlo.multiply %arg7, %cst_11 : tensor<f32>
    %cst_12 = stablehlo.constant dense<-0.899999976> : tensor<f32>
    %15 = stablehlo.add %cst_12, %14 : tensor<f32>
    %16 = call @_threefry_split(%arg0) : (tensor<2xui32>) -> tensor<100x2xui32>
    %17 = stablehlo.log %1 : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %17, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %19 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %20:8 = stablehlo.while(%iterArg = %16, %iterArg_19 = %15, %iterArg_20 = %11, %iterArg_21 = %9, %iterArg_22 = %13, %iterArg_23 = %c, %iterArg_24 = %18, %iterArg_25 = %19) : tensor<100x2xui32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<i32>, tensor<16384xf32>, tensor<16384xf32>
    cond {
      %c_26 = stablehlo.constant dense<100> : tensor<i32>
      %39 = stablehlo.compare LT, %iterArg_23, %c_26, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %39 : tensor<i1>
    } do {
      %39 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_23) : (tensor<100x2xui32>, tensor<i32>) -> tensor<2xui32>
      %40:2 = func.call @closed_call_0(%iterArg_19, %iterArg_20, %iterArg_21, %iterArg_22, %iterArg_24, %iterArg_25, %39) : (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<16384xf32>, tensor<16384xf32>, tensor<2xui32>) -> (tensor<16384xf32>, tensor<16384xf32>)
      %c_26 = stablehlo.constant dense<1> : tensor<i32>
      %41 = stablehlo.add %iterArg_23, %c_26 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_19, %iterArg_20, %iterArg_21, %iterArg_22, %41, %40#0, %40#1 : tensor<100x2xui32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>, tensor<i32>, tensor<16384xf32>, tensor<16384xf32>
    }
    %21 = stablehlo.exponential %20#6 : tensor<16384xf32>
    %cst_13 = stablehlo.constant dense<-3.000000e-02> : tensor<f32>
    %22 = stablehlo.exponential %cst_13 : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %21, dims = [0] : (tensor<16384xf32>) -> tensor<16384x1xf32>
    %24 = stablehlo.broadcast_in_dim %5, dims = [1] : (tensor<8xf32>) -> tensor<1x8xf32>
    %25 = stablehlo.broadcast_in_dim %23, dims = [0, 1] : (tensor<16384x1xf32>) -> tensor<16384x8xf32>
    %26 = stablehlo.broadcast_in_dim %24, dims = [0, 1] : (tensor<1x8xf32>) -> tensor<16384x8xf32>
    %27 = stablehlo.subtract %25, %26 : tensor<16384x8xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %28 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<16384x8xf32>
    %29 = stablehlo.maximum %27, %28 : tensor<16384x8xf32>
    %30 = stablehlo.convert %22 : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %30, dims = [] : (tensor<f32>) -> tensor<16384x8xf32>
    %32 = stablehlo.multiply %31, %29 : tensor<16384x8xf32>
    %c_15 = stablehlo.constant dense<0> : tensor<i32>
    %33 = call @_std(%32, %c_15) : (tensor<16384x8xf32>, tensor<i32>) -> tensor<8xf32>
    %cst_16 = stablehlo.constant dense<1.280000e+02> : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %35 = stablehlo.divide %33, %34 : tensor<8xf32>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %36 = stablehlo.reduce(%32 init: %cst_17) applies stablehlo.add across dimensions = [0] : (tensor<16384x8xf32>, tensor<f32>) -> tensor<8xf32>
    %cst_18 = stablehlo.constant dense<1.638400e+04> : tensor<f32>
    %37 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %38 = stablehlo.divide %36, %37 : tensor<8xf32>
    return %38, %35, %21 : tensor<8xf32>, tensor<8xf32>, tensor<16384xf32>
  }
  func.func private @_threefry_split(%arg0: tensor<2xui32>) -> tensor<100x2xui32> {
    %0 = stablehlo.slice %arg0 [0:1] : (tensor<2xui32>) -> tensor<1xui32>
    %1 = stablehlo.reshape %0 : (tensor<1xui32>) -> tensor<ui32>
    %2 = stablehlo.slice %arg0 [1:2] : (tensor<2xui32>) -> tensor<1xui32>
    %3 = stablehlo.reshape %2 : (tensor<1xui32>) -> tensor<ui32>
    %4 = stablehlo.iota dim = 0 : tensor<100xui64>
    %c = stablehlo.constant dense<1> : tensor<ui64>
    %5 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<ui64>) -> tensor<100xui64>
    %6 = stablehlo.multiply %5, %4 : tensor<100xui64>
    %c_0 = stablehlo.constant dense<32> : tensor<ui64>
    %7 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<ui64>) -> tensor<100xui64>
    %8 = stablehlo.shift_right_logical %6, %7 : tensor<100xui64>
    %9 = stablehlo.convert %6 : (tensor<100xui64>) -> tensor<100xui32>
    %10 = stablehlo.convert %8 : (tensor<100xui64>) -> tensor<100xui32>
    %11:2 = call @threefry2x32(%1, %3, %10, %9) : (tensor<ui32>, tensor<ui32>, tensor<100xui32>, tensor<100xui32>) -> (tensor<100xui32>, tensor<100xui32>)
    %12 = stablehlo.broadcast_in_dim %11#0, dims = [0] : (tensor<100xui32>) -> tensor<100x1xui32>
    %13 = stablehlo.broadcast_in_dim %11#1, dims = [0] : (tensor<100xui32>) -> tensor<100x1xui32>
    %14 = stablehlo.concatenate %12, %13, dim = 1 : (tensor<100x1xui32>, tensor<100x1xui32>) -> tensor<100x2xui32>
    return %14 : tensor<100x2xui32>
  }
  func.func private @threefry2x32(%arg0: tensor<ui32>, %arg1: tensor<ui32>, %arg2: tensor<100xui32>, %arg3: tensor<100xui32>) -> (tensor<100xui32>, tensor<100xui32>) {
    %c = stablehlo.constant dense<[13, 15, 26, 6]> : tensor<4xui32>
    %c_0 = stablehlo.constant dense<[17, 29, 16, 24]> : tensor<4xui32>
    %0 = stablehlo.xor %arg0, %arg1 : tensor<ui32>
    %c_1 = stablehlo.constant dense<466688986> : tensor<ui32>
    %1 = stablehlo.xor %0, %c_1 : tensor<ui32>
    %2 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %3 = stablehlo.add %arg2, %2 : tensor<100xui32>
    %4 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %5 = stablehlo.add %arg3, %4 : tensor<100xui32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %c_3 = stablehlo.constant dense<0> : tensor<i32>
    %6:9 = stablehlo.while(%iterArg = %c_3, %iterArg_4 = %c_2, %iterArg_5 = %3, %iterArg_6 = %5, %iterArg_7 = %arg1, %iterArg_8 = %1, %iterArg_9 = %arg0, %iterArg_10 = %c, %iterArg_11 = %c_0) : tensor<i32>, tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
    cond {
      %c_12 = stablehlo.constant dense<5> : tensor<i32>
      %7 = stablehlo.compare LT, %iterArg, %c_12, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    } do {
      %7:8 = func.call @closed_call(%iterArg_4, %iterArg_5, %iterArg_6, %iterArg_7, %iterArg_8, %iterArg_9, %iterArg_10, %iterArg_11) : (tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>) -> (tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>)
      %c_12 = stablehlo.constant dense<1> : tensor<i32>
      %8 = stablehlo.add %iterArg, %c_12 : tensor<i32>
      stablehlo.return %8, %7#0, %7#1, %7#2, %7#3, %7#4, %7#5, %7#6, %7#7 : tensor<i32>, tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
    }
    return %6#2, %6#3 : tensor<100xui32>, tensor<100xui32>
  }
  func.func private @closed_call(%arg0: tensor<i32>, %arg1: tensor<100xui32>, %arg2: tensor<100xui32>, %arg3: tensor<ui32>, %arg4: tensor<ui32>, %arg5: tensor<ui32>, %arg6: tensor<4xui32>, %arg7: tensor<4xui32>) -> (tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>) {
    %c = stablehlo.constant dense<1> : tensor<i32>
    %0 = stablehlo.add %arg0, %c : tensor<i32>
    %1 = stablehlo.slice %arg6 [0:1] : (tensor<4xui32>) -> tensor<1xui32>
    %2 = stablehlo.reshape %1 : (tensor<1xui32>) -> tensor<ui32>
    %3 = stablehlo.add %arg1, %arg2 : tensor<100xui32>
    %4 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %5 = stablehlo.shift_left %arg2, %4 : tensor<100xui32>
    %c_0 = stablehlo.constant dense<32> : tensor<ui32>
    %6 = stablehlo.subtract %c_0, %2 : tensor<ui32>
    %7 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %8 = stablehlo.shift_right_logical %arg2, %7 : tensor<100xui32>
    %9 = stablehlo.or %5, %8 : tensor<100xui32>
    %10 = stablehlo.xor %3, %9 : tensor<100xui32>
    %11 = stablehlo.slice %arg6 [1:2] : (tensor<4xui32>) -> tensor<1xui32>
    %12 = stablehlo.reshape %11 : (tensor<1xui32>) -> tensor<ui32>
    %13 = stablehlo.add %3, %10 : tensor<100xui32>
    %14 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %15 = stablehlo.shift_left %10, %14 : tensor<100xui32>
    %c_1 = stablehlo.constant dense<32> : tensor<ui32>
    %16 = stablehlo.subtract %c_1, %12 : tensor<ui32>
    %17 = stablehlo.broadcast_in_dim %16, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %18 = stablehlo.shift_right_logical %10, %17 : tensor<100xui32>
    %19 = stablehlo.or %15, %18 : tensor<100xui32>
    %20 = stablehlo.xor %13, %19 : tensor<100xui32>
    %21 = stablehlo.slice %arg6 [2:3] : (tensor<4xui32>) -> tensor<1xui32>
    %22 = stablehlo.reshape %21 : (tensor<1xui32>) -> tensor<ui32>
    %23 = stablehlo.add %13, %20 : tensor<100xui32>
    %24 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %25 = stablehlo.shift_left %20, %24 : tensor<100xui32>
    %c_2 = stablehlo.constant dense<32> : tensor<ui32>
    %26 = stablehlo.subtract %c_2, %22 : tensor<ui32>
    %27 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %28 = stablehlo.shift_right_logical %20, %27 : tensor<100xui32>
    %29 = stablehlo.or %25, %28 : tensor<100xui32>
    %30 = stablehlo.xor %23, %29 : tensor<100xui32>
    %31 = stablehlo.slice %arg6 [3:4] : (tensor<4xui32>) -> tensor<1xui32>
    %32 = stablehlo.reshape %31 : (tensor<1xui32>) -> tensor<ui32>
    %33 = stablehlo.add %23, %30 : tensor<100xui32>
    %34 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %35 = stablehlo.shift_left %30, %34 : tensor<100xui32>
    %c_3 = stablehlo.constant dense<32> : tensor<ui32>
    %36 = stablehlo.subtract %c_3, %32 : tensor<ui32>
    %37 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %38 = stablehlo.shift_right_logical %30, %37 : tensor<100xui32>
    %39 = stablehlo.or %35, %38 : tensor<100xui32>
    %40 = stablehlo.xor %33, %39 : tensor<100xui32>
    %41 = stablehlo.broadcast_in_dim %arg3, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %42 = stablehlo.add %33, %41 : tensor<100xui32>
    %43 = stablehlo.broadcast_in_dim %arg4, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %44 = stablehlo.add %40, %43 : tensor<100xui32>
    %c_4 = stablehlo.constant dense<1> : tensor<i32>
    %45 = stablehlo.add %arg0, %c_4 : tensor<i32>
    %46 = stablehlo.convert %45 : (tensor<i32>) -> tensor<ui32>
    %47 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<ui32>) -> tensor<100xui32>
    %48 = stablehlo.add %44, %47 : tensor<100xui32>
    return %0, %42, %48, %arg4, %arg5, %arg3, %arg7, %arg6 : tensor<i32>, tensor<100xui32>, tensor<100xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<100x2xui32>, %arg1: tensor<i32>) -> tensor<2xui32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, sizes = [1, 2] : (tensor<100x2xui32>, tensor<i32>, tensor<i32>) -> tensor<1x2xui32>
    %1 = stablehlo.reshape %0 : (tensor<1x2xui32>) -> tensor<2xui32>
    return %1 : tensor<2xui32>
  }
  func.func private @closed_call_0(%arg0: tensor<f32>, %arg1: tensor<f32>, %arg2: tensor<f32>, %arg3: tensor<f32>, %arg4: tensor<16384xf32>, %arg5: tensor<16384xf32>, %arg6: tensor<2xui32>) -> (tensor<16384xf32>, tensor<16384xf32>) {
    %0 = call @_normal(%arg6) : (tensor<2xui32>) -> tensor<2x16384xf32>
    %1 = stablehlo.slice %0 [0:1, 0:16384] : (tensor<2x16384xf32>) -> tensor<1x16384xf32>
    %2 = stablehlo.reshape %1 : (tensor<1x16384xf32>) -> tensor<16384xf32>
    %3 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %4 = stablehlo.multiply %3, %2 : tensor<16384xf32>
    %5 = stablehlo.multiply %arg0, %arg0 : tensor<f32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %6 = stablehlo.subtract %cst, %5 : tensor<f32>
    %7 = stablehlo.sqrt %6 : tensor<f32>
    %8 = stablehlo.slice %0 [1:2, 0:16384] : (tensor<2x16384xf32>) -> tensor<1x16384xf32>
    %9 = stablehlo.reshape %8 : (tensor<1x16384xf32>) -> tensor<16384xf32>
    %10 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %11 = stablehlo.multiply %10, %9 : tensor<16384xf32>
    %12 = stablehlo.add %4, %11 : tensor<16384xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %14 = stablehlo.maximum %arg5, %13 : tensor<16384xf32>
    %cst_1 = stablehlo.constant dense<0.00999999977> : tensor<f32>
    %15 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %16 = stablehlo.multiply %14, %15 : tensor<16384xf32>
    %17 = stablehlo.sqrt %16 : tensor<16384xf32>
    %cst_2 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %19 = stablehlo.multiply %18, %14 : tensor<16384xf32>
    %cst_3 = stablehlo.constant dense<3.000000e-02> : tensor<f32>
    %20 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %21 = stablehlo.subtract %20, %19 : tensor<16384xf32>
    %cst_4 = stablehlo.constant dense<0.00999999977> : tensor<f32>
    %22 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %23 = stablehlo.multiply %21, %22 : tensor<16384xf32>
    %24 = stablehlo.add %arg4, %23 : tensor<16384xf32>
    %25 = stablehlo.multiply %17, %12 : tensor<16384xf32>
    %26 = stablehlo.add %24, %25 : tensor<16384xf32>
    %27 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %28 = stablehlo.subtract %27, %14 : tensor<16384xf32>
    %29 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %30 = stablehlo.multiply %29, %28 : tensor<16384xf32>
    %cst_5 = stablehlo.constant dense<0.00999999977> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %32 = stablehlo.multiply %30, %31 : tensor<16384xf32>
    %33 = stablehlo.add %arg5, %32 : tensor<16384xf32>
    %34 = stablehlo.broadcast_in_dim %arg3, dims = [] : (tensor<f32>) -> tensor<16384xf32>
    %35 = stablehlo.multiply %34, %17 : tensor<16384xf32>
    %36 = stablehlo.multiply %35, %2 : tensor<16384xf32>
    %37 = stablehlo.add %33, %36 : tensor<16384xf32>
    return %26, %37 : tensor<16384xf32>, tensor<16384xf32>
  }
  func.func private @_normal(%arg0: tensor<2xui32>) -> tensor<2x16384xf32> {
    %0 = call @_normal_real(%arg0) : (tensor<2xui32>) -> tensor<2x16384xf32>
    return %0 : tensor<2x16384xf32>
  }
  func.func private @_normal_real(%arg0: tensor<2xui32>) -> tensor<2x16384xf32> {
    %cst = stablehlo.constant dense<-0.99999994> : tensor<f32>
    %cst_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = call @_uniform(%arg0, %cst, %cst_0) : (tensor<2xui32>, tensor<f32>, tensor<f32>) -> tensor<2x16384xf32>
    %1 = chlo.erf_inv %0 : tensor<2x16384xf32> -> tensor<2x16384xf32>
    %cst_1 = stablehlo.constant dense<1.41421354> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<2x16384xf32>
    %3 = stablehlo.multiply %2, %1 : tensor<2x16384xf32>
    return %3 : tensor<2x16384xf32>
  }
  func.func private @_uniform(%arg0: tensor<2xui32>, %arg1: tensor<f32>, %arg2: tensor<f32>) -> tensor<2x16384xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %1 = stablehlo.broadcast_in_dim %arg2, dims = [] : (tensor<f32>) -> tensor<1x1xf32>
    %2 = stablehlo.slice %arg0 [0:1] : (tensor<2xui32>) -> tensor<1xui32>
    %3 = stablehlo.reshape %2 : (tensor<1xui32>) -> tensor<ui32>
    %4 = stablehlo.slice %arg0 [1:2] : (tensor<2xui32>) -> tensor<1xui32>
    %5 = stablehlo.reshape %4 : (tensor<1xui32>) -> tensor<ui32>
    %6 = stablehlo.iota dim = 0 : tensor<2x16384xui64>
    %7 = stablehlo.iota dim = 1 : tensor<2x16384xui64>
    %c = stablehlo.constant dense<16384> : tensor<ui64>
    %8 = stablehlo.broadcast_in_dim %c, dims = [] : (tensor<ui64>) -> tensor<2x16384xui64>
    %9 = stablehlo.multiply %8, %6 : tensor<2x16384xui64>
    %c_0 = stablehlo.constant dense<1> : tensor<ui64>
    %10 = stablehlo.broadcast_in_dim %c_0, dims = [] : (tensor<ui64>) -> tensor<2x16384xui64>
    %11 = stablehlo.multiply %10, %7 : tensor<2x16384xui64>
    %12 = stablehlo.add %9, %11 : tensor<2x16384xui64>
    %c_1 = stablehlo.constant dense<32> : tensor<ui64>
    %13 = stablehlo.broadcast_in_dim %c_1, dims = [] : (tensor<ui64>) -> tensor<2x16384xui64>
    %14 = stablehlo.shift_right_logical %12, %13 : tensor<2x16384xui64>
    %15 = stablehlo.convert %12 : (tensor<2x16384xui64>) -> tensor<2x16384xui32>
    %16 = stablehlo.convert %14 : (tensor<2x16384xui64>) -> tensor<2x16384xui32>
    %17:2 = call @threefry2x32_1(%3, %5, %16, %15) : (tensor<ui32>, tensor<ui32>, tensor<2x16384xui32>, tensor<2x16384xui32>) -> (tensor<2x16384xui32>, tensor<2x16384xui32>)
    %18 = stablehlo.xor %17#0, %17#1 : tensor<2x16384xui32>
    %c_2 = stablehlo.constant dense<9> : tensor<ui32>
    %19 = stablehlo.broadcast_in_dim %c_2, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %20 = stablehlo.shift_right_logical %18, %19 : tensor<2x16384xui32>
    %c_3 = stablehlo.constant dense<1065353216> : tensor<ui32>
    %21 = stablehlo.broadcast_in_dim %c_3, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %22 = stablehlo.or %20, %21 : tensor<2x16384xui32>
    %23 = stablehlo.bitcast_convert %22 : (tensor<2x16384xui32>) -> tensor<2x16384xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<2x16384xf32>
    %25 = stablehlo.subtract %23, %24 : tensor<2x16384xf32>
    %26 = stablehlo.subtract %1, %0 : tensor<1x1xf32>
    %27 = stablehlo.broadcast_in_dim %26, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<2x16384xf32>
    %28 = stablehlo.multiply %25, %27 : tensor<2x16384xf32>
    %29 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<2x16384xf32>
    %30 = stablehlo.add %28, %29 : tensor<2x16384xf32>
    %31 = stablehlo.broadcast_in_dim %0, dims = [0, 1] : (tensor<1x1xf32>) -> tensor<2x16384xf32>
    %32 = stablehlo.maximum %31, %30 : tensor<2x16384xf32>
    return %32 : tensor<2x16384xf32>
  }
  func.func private @threefry2x32_1(%arg0: tensor<ui32>, %arg1: tensor<ui32>, %arg2: tensor<2x16384xui32>, %arg3: tensor<2x16384xui32>) -> (tensor<2x16384xui32>, tensor<2x16384xui32>) {
    %c = stablehlo.constant dense<[13, 15, 26, 6]> : tensor<4xui32>
    %c_0 = stablehlo.constant dense<[17, 29, 16, 24]> : tensor<4xui32>
    %0 = stablehlo.xor %arg0, %arg1 : tensor<ui32>
    %c_1 = stablehlo.constant dense<466688986> : tensor<ui32>
    %1 = stablehlo.xor %0, %c_1 : tensor<ui32>
    %2 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %3 = stablehlo.add %arg2, %2 : tensor<2x16384xui32>
    %4 = stablehlo.broadcast_in_dim %arg1, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %5 = stablehlo.add %arg3, %4 : tensor<2x16384xui32>
    %c_2 = stablehlo.constant dense<0> : tensor<i32>
    %c_3 = stablehlo.constant dense<0> : tensor<i32>
    %6:9 = stablehlo.while(%iterArg = %c_3, %iterArg_4 = %c_2, %iterArg_5 = %3, %iterArg_6 = %5, %iterArg_7 = %arg1, %iterArg_8 = %1, %iterArg_9 = %arg0, %iterArg_10 = %c, %iterArg_11 = %c_0) : tensor<i32>, tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
    cond {
      %c_12 = stablehlo.constant dense<5> : tensor<i32>
      %7 = stablehlo.compare LT, %iterArg, %c_12, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %7 : tensor<i1>
    } do {
      %7:8 = func.call @closed_call_2(%iterArg_4, %iterArg_5, %iterArg_6, %iterArg_7, %iterArg_8, %iterArg_9, %iterArg_10, %iterArg_11) : (tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>) -> (tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>)
      %c_12 = stablehlo.constant dense<1> : tensor<i32>
      %8 = stablehlo.add %iterArg, %c_12 : tensor<i32>
      stablehlo.return %8, %7#0, %7#1, %7#2, %7#3, %7#4, %7#5, %7#6, %7#7 : tensor<i32>, tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
    }
    return %6#2, %6#3 : tensor<2x16384xui32>, tensor<2x16384xui32>
  }
  func.func private @closed_call_2(%arg0: tensor<i32>, %arg1: tensor<2x16384xui32>, %arg2: tensor<2x16384xui32>, %arg3: tensor<ui32>, %arg4: tensor<ui32>, %arg5: tensor<ui32>, %arg6: tensor<4xui32>, %arg7: tensor<4xui32>) -> (tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>) {
    %c = stablehlo.constant dense<1> : tensor<i32>
    %0 = stablehlo.add %arg0, %c : tensor<i32>
    %1 = stablehlo.slice %arg6 [0:1] : (tensor<4xui32>) -> tensor<1xui32>
    %2 = stablehlo.reshape %1 : (tensor<1xui32>) -> tensor<ui32>
    %3 = stablehlo.add %arg1, %arg2 : tensor<2x16384xui32>
    %4 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %5 = stablehlo.shift_left %arg2, %4 : tensor<2x16384xui32>
    %c_0 = stablehlo.constant dense<32> : tensor<ui32>
    %6 = stablehlo.subtract %c_0, %2 : tensor<ui32>
    %7 = stablehlo.broadcast_in_dim %6, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %8 = stablehlo.shift_right_logical %arg2, %7 : tensor<2x16384xui32>
    %9 = stablehlo.or %5, %8 : tensor<2x16384xui32>
    %10 = stablehlo.xor %3, %9 : tensor<2x16384xui32>
    %11 = stablehlo.slice %arg6 [1:2] : (tensor<4xui32>) -> tensor<1xui32>
    %12 = stablehlo.reshape %11 : (tensor<1xui32>) -> tensor<ui32>
    %13 = stablehlo.add %3, %10 : tensor<2x16384xui32>
    %14 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %15 = stablehlo.shift_left %10, %14 : tensor<2x16384xui32>
    %c_1 = stablehlo.constant dense<32> : tensor<ui32>
    %16 = stablehlo.subtract %c_1, %12 : tensor<ui32>
    %17 = stablehlo.broadcast_in_dim %16, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %18 = stablehlo.shift_right_logical %10, %17 : tensor<2x16384xui32>
    %19 = stablehlo.or %15, %18 : tensor<2x16384xui32>
    %20 = stablehlo.xor %13, %19 : tensor<2x16384xui32>
    %21 = stablehlo.slice %arg6 [2:3] : (tensor<4xui32>) -> tensor<1xui32>
    %22 = stablehlo.reshape %21 : (tensor<1xui32>) -> tensor<ui32>
    %23 = stablehlo.add %13, %20 : tensor<2x16384xui32>
    %24 = stablehlo.broadcast_in_dim %22, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %25 = stablehlo.shift_left %20, %24 : tensor<2x16384xui32>
    %c_2 = stablehlo.constant dense<32> : tensor<ui32>
    %26 = stablehlo.subtract %c_2, %22 : tensor<ui32>
    %27 = stablehlo.broadcast_in_dim %26, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %28 = stablehlo.shift_right_logical %20, %27 : tensor<2x16384xui32>
    %29 = stablehlo.or %25, %28 : tensor<2x16384xui32>
    %30 = stablehlo.xor %23, %29 : tensor<2x16384xui32>
    %31 = stablehlo.slice %arg6 [3:4] : (tensor<4xui32>) -> tensor<1xui32>
    %32 = stablehlo.reshape %31 : (tensor<1xui32>) -> tensor<ui32>
    %33 = stablehlo.add %23, %30 : tensor<2x16384xui32>
    %34 = stablehlo.broadcast_in_dim %32, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %35 = stablehlo.shift_left %30, %34 : tensor<2x16384xui32>
    %c_3 = stablehlo.constant dense<32> : tensor<ui32>
    %36 = stablehlo.subtract %c_3, %32 : tensor<ui32>
    %37 = stablehlo.broadcast_in_dim %36, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %38 = stablehlo.shift_right_logical %30, %37 : tensor<2x16384xui32>
    %39 = stablehlo.or %35, %38 : tensor<2x16384xui32>
    %40 = stablehlo.xor %33, %39 : tensor<2x16384xui32>
    %41 = stablehlo.broadcast_in_dim %arg3, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %42 = stablehlo.add %33, %41 : tensor<2x16384xui32>
    %43 = stablehlo.broadcast_in_dim %arg4, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %44 = stablehlo.add %40, %43 : tensor<2x16384xui32>
    %c_4 = stablehlo.constant dense<1> : tensor<i32>
    %45 = stablehlo.add %arg0, %c_4 : tensor<i32>
    %46 = stablehlo.convert %45 : (tensor<i32>) -> tensor<ui32>
    %47 = stablehlo.broadcast_in_dim %46, dims = [] : (tensor<ui32>) -> tensor<2x16384xui32>
    %48 = stablehlo.add %44, %47 : tensor<2x16384xui32>
    return %0, %42, %48, %arg4, %arg5, %arg3, %arg7, %arg6 : tensor<i32>, tensor<2x16384xui32>, tensor<2x16384xui32>, tensor<ui32>, tensor<ui32>, tensor<ui32>, tensor<4xui32>, tensor<4xui32>
  }
  func.func private @_std(%arg0: tensor<16384x8xf32>, %arg1: tensor<i32>) -> tensor<8xf32> {
    %0 = call @_var(%arg0, %arg1) : (tensor<16384x8xf32>, tensor<i32>) -> tensor<8xf32>
    %1 = stablehlo.sqrt %0 : tensor<8xf32>
    return %1 : tensor<8xf32>
  }
  func.func private @_var(%arg0: tensor<16384x8xf32>, %arg1: tensor<i32>) -> tensor<8xf32> {
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %0 = stablehlo.reduce(%arg0 init: %cst) applies stablehlo.add across dimensions = [0] : (tensor<16384x8xf32>, tensor<f32>) -> tensor<8xf32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [1] : (tensor<8xf32>) -> tensor<1x8xf32>
    %cst_0 = stablehlo.constant dense<1.638400e+04> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<1x8xf32>
    %3 = stablehlo.divide %1, %2 : tensor<1x8xf32>
    %4 = stablehlo.broadcast_in_dim %3, dims = [0, 1] : (tensor<1x8xf32>) -> tensor<16384x8xf32>
    %5 = stablehlo.subtract %arg0, %4 : tensor<16384x8xf32>
    %6 = chlo.square %5 : tensor<16384x8xf32> -> tensor<16384x8xf32>
    %7 = stablehlo.convert %arg1 : (tensor<i32>) -> tensor<f32>
    %cst_1 = stablehlo.constant dense<1.638400e+04> : tensor<f32>
    %8 = stablehlo.subtract %cst_1, %7 : tensor<f32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %9 = stablehlo.reduce(%6 init: %cst_2) applies stablehlo.add across dimensions = [0] : (tensor<16384x8xf32>, tensor<f32>) -> tensor<8xf32>
    %10 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %11 = stablehlo.divide %9, %10 : tensor<8xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %12 = stablehlo.compare GT, %8, %cst_3, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %cst_4 = stablehlo.constant dense<0x7FC00000> : tensor<f32>
    %13 = call @_where(%12, %11, %cst_4) : (tensor<i1>, tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
    return %13 : tensor<8xf32>
  }
  func.func private @_where(%arg0: tensor<i1>, %arg1: tensor<8xf32>, %arg2: tensor<f32>) -> tensor<8xf32> {
    %0 = stablehlo.convert %arg2 : tensor<f32>
    %1 = stablehlo.broadcast_in_dim %0, dims = [] : (tensor<f32>) -> tensor<8xf32>
    %2 = stablehlo.select %arg0, %arg1, %1 : tensor<i1>, tensor<8xf32>
    return %2 : tensor<8xf32>
  }
}
