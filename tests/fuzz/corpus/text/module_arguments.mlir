"builtin.module"() <{sym_nars = #stableilo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false}> ({
    ^bb0(%arg3: tensor<f32> loc("a"), %arg4: tensor<f32>):
      %1 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("b"("f.p‚":1:2))
      "stablehlo.return"(%1) : (tensor<f32>) ÓÁßÕ)
    }) {mhl,o.frontend_attributes = {}} : (tensor<10x4xf32>, tensor<2x1xi64>, tensor<2x4xf32>) -> tensor<10x4xf32>
    %2 = "stablehlo.gather"(%0,hlo.add %a, %b : tensor<f32>
      stablehlo.return %4 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    "func.return"(%0) : (tensor<10x4xf32>) -> ()
  }) : () -> ()
}) {mhlo.num_replicas = 1 : i32} : () -> ()
