"builtin.module"() <{sym_name = "m"}> ({
  "func.func"() <{function_type = (tensor<10x4xf32>, tensor<2x1xi64>, tensor<2x4xf32>) -> tensor<10x4xf32>, sym_name = "main"}> ({
  ^bb0(%arg0: tensor<10x4xf32>, %arg1: tensor<2x1xi64>, %arg2: tensor<2x4xf32>):
    %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{indices_are_sorted = false, scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, unique_indices = false}> ({
    ^bb0(%arg3: tensor<f32> loc("a"), %arg4: tensor<f32>):
      %1 = "stablehlo.add"(%arg3, %arg4) : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("b"("f.py":1:2))
      "stablehlo.return"(%1) : (tensor<f32>) -> ()
    }) {mhlo.frontend_attributes = {}} : (tensor<10x4xf32>, tensor<2x1xi64>, tensor<2x4xf32>) -> tensor<10x4xf32>
    %2 = "stablehlo.gather"(%0, %arg1) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = true, slice_sizes = dense<[1, 4]> : tensor<2xi64>} : (tensor<10x4xf32>, tensor<2x1xi64>) -> tensor<2x4xf32>
    %3 = "stablehlo.all_reduce"(%2) <{channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %4 = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %4 : tensor<f32>
    }) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    "func.return"(%0) : (tensor<10x4xf32>) -> ()
  }) : () -> ()
}) {mhlo.num_replicas = 1 : i32} : () -> ()
