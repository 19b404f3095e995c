module @jit_gru_grad attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<192xf32>, %arg1: tensor<64x192xf32>, %arg2: tensor<32x192xf32>, %arg3: tensor<192xf32>, %arg4: tensor<64x192xf32>, %arg5: tensor<64x192xf32>, %arg6: tensor<64x8xf32>, %arg7: tensor<50x32x32xf32>, %arg8: tensor<50x32x8xf32>) -> (tensor<f32> {jax.result_info = "result[0]"}, tensor<192xf32> {jax.result_info = "result[1][0]['b']"}, tensor<64x192xf32> {jax.result_info = "result[1][0]['wh']"}, tensor<32x192xf32> {jax.result_info = "result[1][0]['wx']"}, tensor<192xf32> {jax.result_info = "result[1][1]['b']"}, tensor<64x192xf32> {jax.result_info = "result[1][1]['wh']"}, tensor<64x192xf32> {jax.result_info = "result[1][1]['wx']"}, tensor<64x8xf32> {jax.result_info = "result[1][2]"}) {
    %cst = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<192xf32>
    %1 = stablehlo.subtract %arg0, %0 : tensor<192xf32>
    %cst_0 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %2 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %3 = stablehlo.subtract %arg1, %2 : tensor<64x192xf32>
    %cst_1 = stablehlo.constant dense<0.481125236> : tensor<f32>
    %4 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %5 = stablehlo.multiply %3, %4 : tensor<64x192xf32>
    %cst_2 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %6 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<32x192xf32>
    %7 = stablehlo.subtract %arg2, %6 : tensor<32x192xf32>
    %cst_3 = stablehlo.constant dense<0.680413842> : tensor<f32>
    %8 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<32x192xf32>
    %9 = stablehlo.multiply %7, %8 : tensor<32x192xf32>
    %cst_4 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %10 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<192xf32>
    %11 = stablehlo.subtract %arg3, %10 : tensor<192xf32>
    %cst_5 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %12 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %13 = stablehlo.subtract %arg4, %12 : tensor<64x192xf32>
    %cst_6 = stablehlo.constant dense<0.481125236> : tensor<f32>
    %14 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %15 = stablehlo.multiply %13, %14 : tensor<64x192xf32>
    %cst_7 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %16 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %17 = stablehlo.subtract %arg5, %16 : tensor<64x192xf32>
    %cst_8 = stablehlo.constant dense<0.481125236> : tensor<f32>
    %18 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %19 = stablehlo.multiply %17, %18 : tensor<64x192xf32>
    %cst_9 = stablehlo.constant dense<5.000000e-01> : tensor<f32>
    %20 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<64x8xf32>
    %21 = stablehlo.subtract %arg6, %20 : tensor<64x8xf32>
    %cst_10 = stablehlo.constant dense<0.481125236> : tensor<f32>
    %22 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<64x8xf32>
    %23 = stablehlo.multiply %21, %22 : tensor<64x8xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %24 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %25 = stablehlo.broadcast_in_dim %1, dims = [1] : (tensor<192xf32>) -> tensor<1x192xf32>
    %26 = stablehlo.broadcast_in_dim %11, dims = [1] : (tensor<192xf32>) -> tensor<1x192xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %27 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<50x32x8xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %28 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %29 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_15 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %30 = stablehlo.broadcast_in_dim %cst_15, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_16 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %31 = stablehlo.broadcast_in_dim %cst_16, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_17 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %32 = stablehlo.broadcast_in_dim %cst_17, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_18 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.broadcast_in_dim %cst_18, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_19 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %34 = stablehlo.broadcast_in_dim %cst_19, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_20 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %35 = stablehlo.broadcast_in_dim %cst_20, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_21 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %36 = stablehlo.broadcast_in_dim %cst_21, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_22 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %37 = stablehlo.broadcast_in_dim %cst_22, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_23 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %38 = stablehlo.broadcast_in_dim %cst_23, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_24 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %39 = stablehlo.broadcast_in_dim %cst_24, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_25 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %40 = stablehlo.broadcast_in_dim %cst_25, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_26 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %41 = stablehlo.broadcast_in_dim %cst_26, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_27 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %42 = stablehlo.broadcast_in_dim %cst_27, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_28 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %43 = stablehlo.broadcast_in_dim %cst_28, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_29 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %44 = stablehlo.broadcast_in_dim %cst_29, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_30 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %45 = stablehlo.broadcast_in_dim %cst_30, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_31 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %46 = stablehlo.broadcast_in_dim %cst_31, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %cst_32 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %47 = stablehlo.broadcast_in_dim %cst_32, dims = [] : (tensor<f32>) -> tensor<50x32x64xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %48:32 = stablehlo.while(%iterArg = %arg7, %iterArg_48 = %9, %iterArg_49 = %25, %iterArg_50 = %5, %iterArg_51 = %19, %iterArg_52 = %26, %iterArg_53 = %15, %iterArg_54 = %23, %iterArg_55 = %c, %iterArg_56 = %24, %iterArg_57 = %24, %iterArg_58 = %27, %iterArg_59 = %28, %iterArg_60 = %29, %iterArg_61 = %30, %iterArg_62 = %31, %iterArg_63 = %32, %iterArg_64 = %33, %iterArg_65 = %34, %iterArg_66 = %35, %iterArg_67 = %36, %iterArg_68 = %37, %iterArg_69 = %38, %iterArg_70 = %39, %iterArg_71 = %40, %iterArg_72 = %41, %iterArg_73 = %42, %iterArg_74 = %43, %iterArg_75 = %44, %iterArg_76 = %45, %iterArg_77 = %46, %iterArg_78 = %47) : tensor<50x32x32xf32>, tensor<32x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<i32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<50x32x8xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>
    cond {
      %c_79 = stablehlo.constant dense<50> : tensor<i32>
      %68 = stablehlo.compare LT, %iterArg_55, %c_79, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %68 : tensor<i1>
    } do {
      %68 = func.call @dynamic_index_in_dim(%iterArg, %iterArg_55) : (tensor<50x32x32xf32>, tensor<i32>) -> tensor<32x32xf32>
      %69:23 = func.call @closed_call(%iterArg_48, %iterArg_49, %iterArg_50, %iterArg_51, %iterArg_52, %iterArg_53, %iterArg_54, %iterArg_56, %iterArg_57, %68) : (tensor<32x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x32xf32>) -> (tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>)
      %70 = func.call @dynamic_update_index_in_dim(%iterArg_58, %69#2, %iterArg_55) : (tensor<50x32x8xf32>, tensor<32x8xf32>, tensor<i32>) -> tensor<50x32x8xf32>
      %71 = func.call @dynamic_update_index_in_dim_0(%iterArg_59, %69#3, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %72 = func.call @dynamic_update_index_in_dim_0(%iterArg_60, %69#4, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %73 = func.call @dynamic_update_index_in_dim_0(%iterArg_61, %69#5, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %74 = func.call @dynamic_update_index_in_dim_0(%iterArg_62, %69#6, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %75 = func.call @dynamic_update_index_in_dim_0(%iterArg_63, %69#7, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %76 = func.call @dynamic_update_index_in_dim_0(%iterArg_64, %69#8, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %77 = func.call @dynamic_update_index_in_dim_0(%iterArg_65, %69#9, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %78 = func.call @dynamic_update_index_in_dim_0(%iterArg_66, %69#10, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %79 = func.call @dynamic_update_index_in_dim_0(%iterArg_67, %69#11, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %80 = func.call @dynamic_update_index_in_dim_0(%iterArg_68, %69#12, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %81 = func.call @dynamic_update_index_in_dim_0(%iterArg_69, %69#13, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %82 = func.call @dynamic_update_index_in_dim_0(%iterArg_70, %69#14, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %83 = func.call @dynamic_update_index_in_dim_0(%iterArg_71, %69#15, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %84 = func.call @dynamic_update_index_in_dim_0(%iterArg_72, %69#16, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %85 = func.call @dynamic_update_index_in_dim_0(%iterArg_73, %69#17, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %86 = func.call @dynamic_update_index_in_dim_0(%iterArg_74, %69#18, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %87 = func.call @dynamic_update_index_in_dim_0(%iterArg_75, %69#19, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %88 = func.call @dynamic_update_index_in_dim_0(%iterArg_76, %69#20, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %89 = func.call @dynamic_update_index_in_dim_0(%iterArg_77, %69#21, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %90 = func.call @dynamic_update_index_in_dim_0(%iterArg_78, %69#22, %iterArg_55) : (tensor<50x32x64xf32>, tensor<32x64xf32>, tensor<i32>) -> tensor<50x32x64xf32>
      %c_79 = stablehlo.constant dense<1> : tensor<i32>
      %91 = stablehlo.add %iterArg_55, %c_79 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_48, %iterArg_49, %iterArg_50, %iterArg_51, %iterArg_52, %iterArg_53, %iterArg_54, %91, %69#0, %69#1, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90 : tensor<50x32x32xf32>, tensor<32x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<1x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<i32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<50x32x8xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>
    }
    %49 = stablehlo.subtract %48#11, %arg8 : tensor<50x32x8xf32>
    %50 = stablehlo.multiply %49, %49 : tensor<50x32x8xf32>
    %cst_33 = stablehlo.constant dense<2.000000e+00> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_33, dims = [] : (tensor<f32>) -> tensor<50x32x8xf32>
    %52 = stablehlo.multiply %51, %49 : tensor<50x32x8xf32>
    %cst_34 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %53 = stablehlo.reduce(%50 init: %cst_34) applies stablehlo.add across dimensions = [0, 1, 2] : (tensor<50x32x8xf32>, tensor<f32>) -> tensor<f32>
    %cst_35 = stablehlo.constant dense<1.280000e+04> : tensor<f32>
    %54 = stablehlo.divide %53, %cst_35 : tensor<f32>
    %cst_36 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %cst_37 = stablehlo.constant dense<1.280000e+04> : tensor<f32>
    %55 = stablehlo.divide %cst_36, %cst_37 : tensor<f32>
    %56 = stablehlo.broadcast_in_dim %55, dims = [] : (tensor<f32>) -> tensor<50x32x8xf32>
    %57 = stablehlo.multiply %56, %52 : tensor<50x32x8xf32>
    %cst_38 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %58 = stablehlo.broadcast_in_dim %cst_38, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %cst_39 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %59 = stablehlo.broadcast_in_dim %cst_39, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %cst_40 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %60 = stablehlo.broadcast_in_dim %cst_40, dims = [] : (tensor<f32>) -> tensor<32x192xf32>
    %cst_41 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %61 = stablehlo.broadcast_in_dim %cst_41, dims = [] : (tensor<f32>) -> tensor<192xf32>
    %cst_42 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %62 = stablehlo.broadcast_in_dim %cst_42, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %cst_43 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %63 = stablehlo.broadcast_in_dim %cst_43, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %cst_44 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %64 = stablehlo.broadcast_in_dim %cst_44, dims = [] : (tensor<f32>) -> tensor<192xf32>
    %cst_45 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %65 = stablehlo.broadcast_in_dim %cst_45, dims = [] : (tensor<f32>) -> tensor<64x192xf32>
    %cst_46 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %66 = stablehlo.broadcast_in_dim %cst_46, dims = [] : (tensor<f32>) -> tensor<64x8xf32>
    %c_47 = stablehlo.constant dense<0> : tensor<i32>
    %67:36 = stablehlo.while(%iterArg = %57, %iterArg_48 = %arg7, %iterArg_49 = %48#12, %iterArg_50 = %48#13, %iterArg_51 = %48#14, %iterArg_52 = %48#15, %iterArg_53 = %48#16, %iterArg_54 = %48#17, %iterArg_55 = %48#18, %iterArg_56 = %48#19, %iterArg_57 = %48#20, %iterArg_58 = %48#21, %iterArg_59 = %48#22, %iterArg_60 = %48#23, %iterArg_61 = %48#24, %iterArg_62 = %48#25, %iterArg_63 = %48#26, %iterArg_64 = %48#27, %iterArg_65 = %48#28, %iterArg_66 = %48#29, %iterArg_67 = %48#30, %iterArg_68 = %48#31, %iterArg_69 = %5, %iterArg_70 = %19, %iterArg_71 = %15, %iterArg_72 = %23, %iterArg_73 = %c_47, %iterArg_74 = %60, %iterArg_75 = %61, %iterArg_76 = %62, %iterArg_77 = %63, %iterArg_78 = %64, %iterArg_79 = %65, %iterArg_80 = %66, %iterArg_81 = %58, %iterArg_82 = %59) : tensor<50x32x8xf32>, tensor<50x32x32xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<i32>, tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>
    cond {
      %c_83 = stablehlo.constant dense<50> : tensor<i32>
      %68 = stablehlo.compare LT, %iterArg_73, %c_83, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %68 : tensor<i1>
    } do {
      %c_83 = stablehlo.constant dense<50> : tensor<i32>
      %68 = stablehlo.subtract %c_83, %iterArg_73 : tensor<i32>
      %c_84 = stablehlo.constant dense<1> : tensor<i32>
      %69 = stablehlo.subtract %68, %c_84 : tensor<i32>
      %70 = func.call @dynamic_index_in_dim_1(%iterArg, %69) : (tensor<50x32x8xf32>, tensor<i32>) -> tensor<32x8xf32>
      %71 = func.call @dynamic_index_in_dim(%iterArg_48, %69) : (tensor<50x32x32xf32>, tensor<i32>) -> tensor<32x32xf32>
      %72 = func.call @dynamic_index_in_dim_2(%iterArg_49, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %73 = func.call @dynamic_index_in_dim_2(%iterArg_50, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %74 = func.call @dynamic_index_in_dim_2(%iterArg_51, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %75 = func.call @dynamic_index_in_dim_2(%iterArg_52, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %76 = func.call @dynamic_index_in_dim_2(%iterArg_53, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %77 = func.call @dynamic_index_in_dim_2(%iterArg_54, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %78 = func.call @dynamic_index_in_dim_2(%iterArg_55, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %79 = func.call @dynamic_index_in_dim_2(%iterArg_56, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %80 = func.call @dynamic_index_in_dim_2(%iterArg_57, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %81 = func.call @dynamic_index_in_dim_2(%iterArg_58, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %82 = func.call @dynamic_index_in_dim_2(%iterArg_59, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %83 = func.call @dynamic_index_in_dim_2(%iterArg_60, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %84 = func.call @dynamic_index_in_dim_2(%iterArg_61, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %85 = func.call @dynamic_index_in_dim_2(%iterArg_62, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %86 = func.call @dynamic_index_in_dim_2(%iterArg_63, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %87 = func.call @dynamic_index_in_dim_2(%iterArg_64, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %88 = func.call @dynamic_index_in_dim_2(%iterArg_65, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %89 = func.call @dynamic_index_in_dim_2(%iterArg_66, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %90 = func.call @dynamic_index_in_dim_2(%iterArg_67, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %91 = func.call @dynamic_index_in_dim_2(%iterArg_68, %69) : (tensor<50x32x64xf32>, tensor<i32>) -> tensor<32x64xf32>
      %92:9 = func.call @closed_call_3(%iterArg_69, %iterArg_70, %iterArg_71, %iterArg_72, %iterArg_74, %iterArg_75, %iterArg_76, %iterArg_77, %iterArg_78, %iterArg_79, %iterArg_80, %iterArg_81, %iterArg_82, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91) : (tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x8xf32>, tensor<32x32xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>) -> (tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>)
      %c_85 = stablehlo.constant dense<1> : tensor<i32>
      %93 = stablehlo.add %iterArg_73, %c_85 : tensor<i32>
      stablehlo.return %iterArg, %iterArg_48, %iterArg_49, %iterArg_50, %iterArg_51, %iterArg_52, %iterArg_53, %iterArg_54, %iterArg_55, %iterArg_56, %iterArg_57, %iterArg_58, %iterArg_59, %iterArg_60, %iterArg_61, %iterArg_62, %iterArg_63, %iterArg_64, %iterArg_65, %iterArg_66, %iterArg_67, %iterArg_68, %iterArg_69, %iterArg_70, %iterArg_71, %iterArg_72, %93, %92#0, %92#1, %92#2, %92#3, %92#4, %92#5, %92#6, %92#7, %92#8 : tensor<50x32x8xf32>, tensor<50x32x32xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<50x32x64xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<i32>, tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>
    }
    return %54, %67#28, %67#29, %67#27, %67#31, %67#32, %67#30, %67#33 : tensor<f32>, tensor<192xf32>, tensor<64x192xf32>, tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<64x8xf32>
  }
  func.func private @dynamic_index_in_dim(%arg0: tensor<50x32x32xf32>, %arg1: tensor<i32>) -> tensor<32x32xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 32] : (tensor<50x32x32xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x32x32xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x32xf32>) -> tensor<32x32xf32>
    return %1 : tensor<32x32xf32>
  }
  func.func private @closed_call(%arg0: tensor<32x192xf32>, %arg1: tensor<1x192xf32>, %arg2: tensor<64x192xf32>, %arg3: tensor<64x192xf32>, %arg4: tensor<1x192xf32>, %arg5: tensor<64x192xf32>, %arg6: tensor<64x8xf32>, %arg7: tensor<32x64xf32>, %arg8: tensor<32x64xf32>, %arg9: tensor<32x32xf32>) -> (tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>) {
    %0 = stablehlo.dot_general %arg9, %arg0, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x32xf32>, tensor<32x192xf32>) -> tensor<32x192xf32>
    %1 = stablehlo.broadcast_in_dim %arg1, dims = [0, 1] : (tensor<1x192xf32>) -> tensor<32x192xf32>
    %2 = stablehlo.add %0, %1 : tensor<32x192xf32>
    %3 = stablehlo.dot_general %arg7, %arg2, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<64x192xf32>) -> tensor<32x192xf32>
    %4 = stablehlo.slice %2 [0:32, 0:64] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %5 = stablehlo.slice %3 [0:32, 0:64] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %6 = stablehlo.add %4, %5 : tensor<32x64xf32>
    %7 = stablehlo.negate %6 : tensor<32x64xf32>
    %8 = stablehlo.exponential %7 : tensor<32x64xf32>
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %9 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %10 = stablehlo.add %9, %8 : tensor<32x64xf32>
    %cst_0 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %11 = stablehlo.broadcast_in_dim %cst_0, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %12 = stablehlo.divide %11, %10 : tensor<32x64xf32>
    %cst_1 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %13 = stablehlo.broadcast_in_dim %cst_1, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %14 = stablehlo.subtract %13, %12 : tensor<32x64xf32>
    %15 = stablehlo.multiply %12, %14 : tensor<32x64xf32>
    %16 = stablehlo.slice %2 [0:32, 64:128] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %17 = stablehlo.slice %3 [0:32, 64:128] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %18 = stablehlo.add %16, %17 : tensor<32x64xf32>
    %19 = stablehlo.negate %18 : tensor<32x64xf32>
    %20 = stablehlo.exponential %19 : tensor<32x64xf32>
    %cst_2 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %21 = stablehlo.broadcast_in_dim %cst_2, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %22 = stablehlo.add %21, %20 : tensor<32x64xf32>
    %cst_3 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %23 = stablehlo.broadcast_in_dim %cst_3, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %24 = stablehlo.divide %23, %22 : tensor<32x64xf32>
    %cst_4 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %25 = stablehlo.broadcast_in_dim %cst_4, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %26 = stablehlo.subtract %25, %24 : tensor<32x64xf32>
    %27 = stablehlo.multiply %24, %26 : tensor<32x64xf32>
    %28 = stablehlo.slice %2 [0:32, 128:192] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %29 = stablehlo.slice %3 [0:32, 128:192] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %30 = stablehlo.multiply %12, %29 : tensor<32x64xf32>
    %31 = stablehlo.add %28, %30 : tensor<32x64xf32>
    %32 = stablehlo.tanh %31 : tensor<32x64xf32>
    %cst_5 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %33 = stablehlo.broadcast_in_dim %cst_5, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %34 = stablehlo.subtract %33, %32 : tensor<32x64xf32>
    %cst_6 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %35 = stablehlo.broadcast_in_dim %cst_6, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %36 = stablehlo.subtract %35, %24 : tensor<32x64xf32>
    %37 = stablehlo.multiply %36, %32 : tensor<32x64xf32>
    %38 = stablehlo.multiply %24, %arg7 : tensor<32x64xf32>
    %39 = stablehlo.add %37, %38 : tensor<32x64xf32>
    %40 = stablehlo.dot_general %39, %arg3, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<64x192xf32>) -> tensor<32x192xf32>
    %41 = stablehlo.broadcast_in_dim %arg4, dims = [0, 1] : (tensor<1x192xf32>) -> tensor<32x192xf32>
    %42 = stablehlo.add %40, %41 : tensor<32x192xf32>
    %43 = stablehlo.dot_general %arg8, %arg5, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<64x192xf32>) -> tensor<32x192xf32>
    %44 = stablehlo.slice %42 [0:32, 0:64] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %45 = stablehlo.slice %43 [0:32, 0:64] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %46 = stablehlo.add %44, %45 : tensor<32x64xf32>
    %47 = stablehlo.negate %46 : tensor<32x64xf32>
    %48 = stablehlo.exponential %47 : tensor<32x64xf32>
    %cst_7 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %49 = stablehlo.broadcast_in_dim %cst_7, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %50 = stablehlo.add %49, %48 : tensor<32x64xf32>
    %cst_8 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %51 = stablehlo.broadcast_in_dim %cst_8, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %52 = stablehlo.divide %51, %50 : tensor<32x64xf32>
    %cst_9 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %53 = stablehlo.broadcast_in_dim %cst_9, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %54 = stablehlo.subtract %53, %52 : tensor<32x64xf32>
    %55 = stablehlo.multiply %52, %54 : tensor<32x64xf32>
    %56 = stablehlo.slice %42 [0:32, 64:128] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %57 = stablehlo.slice %43 [0:32, 64:128] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %58 = stablehlo.add %56, %57 : tensor<32x64xf32>
    %59 = stablehlo.negate %58 : tensor<32x64xf32>
    %60 = stablehlo.exponential %59 : tensor<32x64xf32>
    %cst_10 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %61 = stablehlo.broadcast_in_dim %cst_10, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %62 = stablehlo.add %61, %60 : tensor<32x64xf32>
    %cst_11 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %63 = stablehlo.broadcast_in_dim %cst_11, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %64 = stablehlo.divide %63, %62 : tensor<32x64xf32>
    %cst_12 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %65 = stablehlo.broadcast_in_dim %cst_12, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %66 = stablehlo.subtract %65, %64 : tensor<32x64xf32>
    %67 = stablehlo.multiply %64, %66 : tensor<32x64xf32>
    %68 = stablehlo.slice %42 [0:32, 128:192] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %69 = stablehlo.slice %43 [0:32, 128:192] : (tensor<32x192xf32>) -> tensor<32x64xf32>
    %70 = stablehlo.multiply %52, %69 : tensor<32x64xf32>
    %71 = stablehlo.add %68, %70 : tensor<32x64xf32>
    %72 = stablehlo.tanh %71 : tensor<32x64xf32>
    %cst_13 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %73 = stablehlo.broadcast_in_dim %cst_13, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %74 = stablehlo.subtract %73, %72 : tensor<32x64xf32>
    %cst_14 = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %75 = stablehlo.broadcast_in_dim %cst_14, dims = [] : (tensor<f32>) -> tensor<32x64xf32>
    %76 = stablehlo.subtract %75, %64 : tensor<32x64xf32>
    %77 = stablehlo.multiply %76, %72 : tensor<32x64xf32>
    %78 = stablehlo.multiply %64, %arg8 : tensor<32x64xf32>
    %79 = stablehlo.add %77, %78 : tensor<32x64xf32>
    %80 = stablehlo.dot_general %79, %arg6, contracting_dims = [1] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x64xf32>, tensor<64x8xf32>) -> tensor<32x8xf32>
    return %39, %79, %80, %arg7, %15, %27, %29, %12, %32, %34, %36, %24, %39, %arg8, %55, %67, %69, %52, %72, %74, %76, %64, %79 : tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>
  }
  func.func private @dynamic_update_index_in_dim(%arg0: tensor<50x32x8xf32>, %arg1: tensor<32x8xf32>, %arg2: tensor<i32>) -> tensor<50x32x8xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<32x8xf32>) -> tensor<1x32x8xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<50x32x8xf32>, tensor<1x32x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<50x32x8xf32>
    return %1 : tensor<50x32x8xf32>
  }
  func.func private @dynamic_update_index_in_dim_0(%arg0: tensor<50x32x64xf32>, %arg1: tensor<32x64xf32>, %arg2: tensor<i32>) -> tensor<50x32x64xf32> {
    %0 = stablehlo.broadcast_in_dim %arg1, dims = [1, 2] : (tensor<32x64xf32>) -> tensor<1x32x64xf32>
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %1 = stablehlo.dynamic_update_slice %arg0, %0, %arg2, %c, %c_0 : (tensor<50x32x64xf32>, tensor<1x32x64xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<50x32x64xf32>
    return %1 : tensor<50x32x64xf32>
  }
  func.func private @dynamic_index_in_dim_1(%arg0: tensor<50x32x8xf32>, %arg1: tensor<i32>) -> tensor<32x8xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 8] : (tensor<50x32x8xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x32x8xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x8xf32>) -> tensor<32x8xf32>
    return %1 : tensor<32x8xf32>
  }
  func.func private @dynamic_index_in_dim_2(%arg0: tensor<50x32x64xf32>, %arg1: tensor<i32>) -> tensor<32x64xf32> {
    %c = stablehlo.constant dense<0> : tensor<i32>
    %c_0 = stablehlo.constant dense<0> : tensor<i32>
    %0 = stablehlo.dynamic_slice %arg0, %arg1, %c, %c_0, sizes = [1, 32, 64] : (tensor<50x32x64xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x32x64xf32>
    %1 = stablehlo.reshape %0 : (tensor<1x32x64xf32>) -> tensor<32x64xf32>
    return %1 : tensor<32x64xf32>
  }
  func.func private @closed_call_3(%arg0: tensor<64x192xf32>, %arg1: tensor<64x192xf32>, %arg2: tensor<64x192xf32>, %arg3: tensor<64x8xf32>, %arg4: tensor<32x192xf32>, %arg5: tensor<192xf32>, %arg6: tensor<64x192xf32>, %arg7: tensor<64x192xf32>, %arg8: tensor<192xf32>, %arg9: tensor<64x192xf32>, %arg10: tensor<64x8xf32>, %arg11: tensor<32x64xf32>, %arg12: tensor<32x64xf32>, %arg13: tensor<32x8xf32>, %arg14: tensor<32x32xf32>, %arg15: tensor<32x64xf32>, %arg16: tensor<32x64xf32>, %arg17: tensor<32x64xf32>, %arg18: tensor<32x64xf32>, %arg19: tensor<32x64xf32>, %arg20: tensor<32x64xf32>, %arg21: tensor<32x64xf32>, %arg22: tensor<32x64xf32>, %arg23: tensor<32x64xf32>, %arg24: tensor<32x64xf32>, %arg25: tensor<32x64xf32>, %arg26: tensor<32x64xf32>, %arg27: tensor<32x64xf32>, %arg28: tensor<32x64xf32>, %arg29: tensor<32x64xf32>, %arg30: tensor<32x64xf32>, %arg31: tensor<32x64xf32>, %arg32: tensor<32x64xf32>, %arg33: tensor<32x64xf32>, %arg34: tensor<32x64xf32>) -> (tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>) {
    %0 = stablehlo.dot_general %arg13, %arg34, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x8xf32>, tensor<32x64xf32>) -> tensor<8x64xf32>
    %1 = stablehlo.transpose %0, dims = [1, 0] : (tensor<8x64xf32>) -> tensor<64x8xf32>
    %2 = stablehlo.add %arg10, %1 : tensor<64x8xf32>
    %3 = stablehlo.dot_general %arg13, %arg3, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x8xf32>, tensor<64x8xf32>) -> tensor<32x64xf32>
    %4 = stablehlo.add %arg12, %3 : tensor<32x64xf32>
    %5 = stablehlo.multiply %arg33, %4 : tensor<32x64xf32>
    %6 = stablehlo.multiply %4, %arg25 : tensor<32x64xf32>
    %7 = stablehlo.multiply %arg32, %4 : tensor<32x64xf32>
    %8 = stablehlo.multiply %4, %arg30 : tensor<32x64xf32>
    %9 = stablehlo.negate %8 : tensor<32x64xf32>
    %10 = stablehlo.add %6, %9 : tensor<32x64xf32>
    %11 = stablehlo.multiply %7, %arg31 : tensor<32x64xf32>
    %12 = stablehlo.multiply %11, %arg30 : tensor<32x64xf32>
    %13 = stablehlo.add %11, %12 : tensor<32x64xf32>
    %14 = stablehlo.multiply %arg29, %13 : tensor<32x64xf32>
    %15 = stablehlo.multiply %13, %arg28 : tensor<32x64xf32>
    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %16 = stablehlo.pad %14, %cst, low = [0, 128], high = [0, 0], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %cst_0 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %17 = stablehlo.pad %13, %cst_0, low = [0, 128], high = [0, 0], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %18 = stablehlo.multiply %10, %arg27 : tensor<32x64xf32>
    %cst_1 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %19 = stablehlo.pad %18, %cst_1, low = [0, 64], high = [0, 64], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %20 = stablehlo.add %16, %19 : tensor<32x192xf32>
    %cst_2 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %21 = stablehlo.pad %18, %cst_2, low = [0, 64], high = [0, 64], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %22 = stablehlo.add %17, %21 : tensor<32x192xf32>
    %23 = stablehlo.multiply %15, %arg26 : tensor<32x64xf32>
    %cst_3 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %24 = stablehlo.pad %23, %cst_3, low = [0, 0], high = [0, 128], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %25 = stablehlo.add %20, %24 : tensor<32x192xf32>
    %cst_4 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %26 = stablehlo.pad %23, %cst_4, low = [0, 0], high = [0, 128], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %27 = stablehlo.add %22, %26 : tensor<32x192xf32>
    %28 = stablehlo.dot_general %25, %arg25, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<32x64xf32>) -> tensor<192x64xf32>
    %29 = stablehlo.transpose %28, dims = [1, 0] : (tensor<192x64xf32>) -> tensor<64x192xf32>
    %30 = stablehlo.add %arg9, %29 : tensor<64x192xf32>
    %31 = stablehlo.dot_general %25, %arg2, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<64x192xf32>) -> tensor<32x64xf32>
    %32 = stablehlo.add %5, %31 : tensor<32x64xf32>
    %cst_5 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %33 = stablehlo.reduce(%27 init: %cst_5) applies stablehlo.add across dimensions = [0] : (tensor<32x192xf32>, tensor<f32>) -> tensor<192xf32>
    %34 = stablehlo.reshape %33 : (tensor<192xf32>) -> tensor<1x192xf32>
    %cst_6 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %35 = stablehlo.reduce(%34 init: %cst_6) applies stablehlo.add across dimensions = [0] : (tensor<1x192xf32>, tensor<f32>) -> tensor<192xf32>
    %36 = stablehlo.add %arg8, %35 : tensor<192xf32>
    %37 = stablehlo.dot_general %27, %arg24, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<32x64xf32>) -> tensor<192x64xf32>
    %38 = stablehlo.transpose %37, dims = [1, 0] : (tensor<192x64xf32>) -> tensor<64x192xf32>
    %39 = stablehlo.add %arg7, %38 : tensor<64x192xf32>
    %40 = stablehlo.dot_general %27, %arg1, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<64x192xf32>) -> tensor<32x64xf32>
    %41 = stablehlo.add %arg11, %40 : tensor<32x64xf32>
    %42 = stablehlo.multiply %arg23, %41 : tensor<32x64xf32>
    %43 = stablehlo.multiply %41, %arg15 : tensor<32x64xf32>
    %44 = stablehlo.multiply %arg22, %41 : tensor<32x64xf32>
    %45 = stablehlo.multiply %41, %arg20 : tensor<32x64xf32>
    %46 = stablehlo.negate %45 : tensor<32x64xf32>
    %47 = stablehlo.add %43, %46 : tensor<32x64xf32>
    %48 = stablehlo.multiply %44, %arg21 : tensor<32x64xf32>
    %49 = stablehlo.multiply %48, %arg20 : tensor<32x64xf32>
    %50 = stablehlo.add %48, %49 : tensor<32x64xf32>
    %51 = stablehlo.multiply %arg19, %50 : tensor<32x64xf32>
    %52 = stablehlo.multiply %50, %arg18 : tensor<32x64xf32>
    %cst_7 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %53 = stablehlo.pad %51, %cst_7, low = [0, 128], high = [0, 0], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %cst_8 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %54 = stablehlo.pad %50, %cst_8, low = [0, 128], high = [0, 0], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %55 = stablehlo.multiply %47, %arg17 : tensor<32x64xf32>
    %cst_9 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %56 = stablehlo.pad %55, %cst_9, low = [0, 64], high = [0, 64], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %57 = stablehlo.add %53, %56 : tensor<32x192xf32>
    %cst_10 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %58 = stablehlo.pad %55, %cst_10, low = [0, 64], high = [0, 64], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %59 = stablehlo.add %54, %58 : tensor<32x192xf32>
    %60 = stablehlo.multiply %52, %arg16 : tensor<32x64xf32>
    %cst_11 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %61 = stablehlo.pad %60, %cst_11, low = [0, 0], high = [0, 128], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %62 = stablehlo.add %57, %61 : tensor<32x192xf32>
    %cst_12 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %63 = stablehlo.pad %60, %cst_12, low = [0, 0], high = [0, 128], interior = [0, 0] : (tensor<32x64xf32>, tensor<f32>) -> tensor<32x192xf32>
    %64 = stablehlo.add %59, %63 : tensor<32x192xf32>
    %65 = stablehlo.dot_general %62, %arg15, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<32x64xf32>) -> tensor<192x64xf32>
    %66 = stablehlo.transpose %65, dims = [1, 0] : (tensor<192x64xf32>) -> tensor<64x192xf32>
    %67 = stablehlo.add %arg6, %66 : tensor<64x192xf32>
    %68 = stablehlo.dot_general %62, %arg0, contracting_dims = [1] x [1], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<64x192xf32>) -> tensor<32x64xf32>
    %69 = stablehlo.add %42, %68 : tensor<32x64xf32>
    %cst_13 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %70 = stablehlo.reduce(%64 init: %cst_13) applies stablehlo.add across dimensions = [0] : (tensor<32x192xf32>, tensor<f32>) -> tensor<192xf32>
    %71 = stablehlo.reshape %70 : (tensor<192xf32>) -> tensor<1x192xf32>
    %cst_14 = stablehlo.constant dense<0.000000e+00> : tensor<f32>
    %72 = stablehlo.reduce(%71 init: %cst_14) applies stablehlo.add across dimensions = [0] : (tensor<1x192xf32>, tensor<f32>) -> tensor<192xf32>
    %73 = stablehlo.add %arg5, %72 : tensor<192xf32>
    %74 = stablehlo.dot_general %64, %arg14, contracting_dims = [0] x [0], precision = [DEFAULT, DEFAULT] : (tensor<32x192xf32>, tensor<32x32xf32>) -> tensor<192x32xf32>
    %75 = stablehlo.transpose %74, dims = [1, 0] : (tensor<192x32xf32>) -> tensor<32x192xf32>
    %76 = stablehlo.add %arg4, %75 : tensor<32x192xf32>
    return %76, %73, %67, %39, %36, %30, %2, %69, %32 : tensor<32x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x192xf32>, tensor<192xf32>, tensor<64x192xf32>, tensor<64x8xf32>, tensor<32x64xf32>, tensor<32x64xf32>
  }
}
