module @sharded attributes {mhlo.num_partitions = 8 : i32, mhlo.num_replicas = 1 : i32, jax.uses_shape_polymorphism = false, mhlo.cross_program_prefetches = [], sdy.meta = {a = #sdy.sharding<@mesh, [{"a"}]>}} {
  sdy.mesh @mesh = <["a"=2, "b"=4], device_ids=[7, 6, 5, 4, 3, 2, 1, 0]>
  sdy.mesh @empty = <[]>
  sdy.mesh @one = <[], device_ids=[3]>
  func.func public @main(%arg0: tensor<8x16xf32> {mhlo.sharding = "{devices=[2,4]<=[8]}", sdy.sharding = #sdy.sharding<@mesh, [{"a"}, {"b", ?}p1], replicated={}>, tf.aliasing_output = 0 : i32, jax.buffer_donor = true, mhlo.memory_kind = "device", mhlo.layout_mode = "default"}, %arg1: tensor<8x16xf32> {mhlo.is_same_data_across_replicas = true, jax.global_constant = "_platform_index"}) -> (tensor<8x16xf32> {jax.result_info = "[0]", sdy.sharding = #sdy.sharding<@mesh, [{"a":(1)2}, {?}], unreduced={"b"}>}) {
    %0 = sdy.sharding_constraint %arg0 <@mesh, [{"a"}p0, {"b", ?}]> : tensor<8x16xf32>
    %1 = sdy.reshard %0 <mesh<["x"=8]>, [{"x"}, {}]> : tensor<8x16xf32>
    "sdy.sharding_group"(%1) <{group_id = 21 : i64}> : (tensor<8x16xf32>) -> ()
    %2 = "sdy.propagation_barrier"(%1) <{allowed_direction = 2 : i32}> : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %3 = sdy.manual_computation(%2, %arg1) in_shardings=[<@mesh, [{"a"}, {}]>, <@mesh, [{}, {"b"}]>] out_shardings=[<@mesh, [{"a"}, {}]>] manual_axes={"a", "b"} (%arg2: tensor<4x16xf32>, %arg3: tensor<8x4xf32>) {
      %9 = stablehlo.add %arg2, %arg2 {sdy.sharding = #sdy.sharding_per_value<[<@mesh, [{}, {}]>]>} : tensor<4x16xf32>
      sdy.return %9 : tensor<4x16xf32>
    } : (tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<8x16xf32>
    %4 = stablehlo.custom_call @f(%3) {sdy.sharding_rule = #sdy.op_sharding_rule<([i, j])->([i, j]) {i=8, j=16}, custom>, mhlo.frontend_attributes = {_xla_compute_type = "host", xla.sdy.sharding = "#sdy.sharding<@mesh, [{}]>"}} : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %5 = "sdy.named_computation"(%4) <{name = "inner", in_shardings = #sdy.sharding_per_value<[<@mesh, [{}, {}]>]>}> ({
    ^bb0(%arg4: tensor<8x16xf32>):
      "sdy.return"(%arg4) : (tensor<8x16xf32>) -> ()
    }) : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %6 = "sdy.all_gather"(%5) <{gathering_axes = #sdy<list_of_axis_ref_lists[{"a"}, {}]>, out_sharding = #sdy.sharding<@mesh, [{}, {}]>}> : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %7 = "sdy.all_reduce"(%6) <{reduction_axes = #sdy<axis_ref_list{"a", "b":(2)2}>, out_sharding = #sdy.sharding<@mesh, [{}, {}]>}> : (tensor<8x16xf32>) -> tensor<8x16xf32>
    %8 = "sdy.data_flow_edge"(%7) <{sharding = #sdy.sharding<@mesh, [{}, {}]>}> : (tensor<8x16xf32>) -> tensor<8x16xf32>
    return %8 : tensor<8x16xf32>
  }
}
