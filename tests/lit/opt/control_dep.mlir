// SPDX-License-Identifier: Apache-2.0
// What other compilers are to compute after what is nothing here, also where it names an operation under way.
// RUN: skarn run %s --devices 2 --random 1 --via native
// RUN: skarn opt %s --devices 2 --to inline | filecheck %s
// CHECK-NOT: control_dep
module @jit_f attributes {mhlo.num_partitions = 2 : i32, mhlo.num_replicas = 1 : i32} {
  sdy.mesh @mesh = <["i"=2]>
  func.func public @main(%x: tensor<4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"i"}]>}) -> (tensor<8xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"i"}]>}) {
    %0 = sdy.manual_computation(%x) in_shardings=[<@mesh, [{"i"}]>] out_shardings=[<@mesh, [{"i"}]>] manual_axes={"i"} (%part: tensor<2xf32>) {
      %1 = "stablehlo.async_start"(%part) ({
      ^bb0(%p: tensor<2xf32>):
        %4 = "stablehlo.all_gather"(%p) <{all_gather_dim = 0 : i64, channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, use_global_device_ids}> : (tensor<2xf32>) -> tensor<4xf32>
        stablehlo.return %4 : tensor<4xf32>
      }) : (tensor<2xf32>) -> !stablehlo.future<tensor<4xf32>>
      %2 = "stablehlo.async_done"(%1) : (!stablehlo.future<tensor<4xf32>>) -> tensor<4xf32>
      %3 = stablehlo.add %2, %2 : tensor<4xf32>
      stablehlo.custom_call @control_dep(%1, %3) {backend_config = "", has_side_effect = true, mhlo.backend_config = {}, operand_layouts = [dense<> : tensor<0xindex>, dense<[0]> : tensor<1xindex>], result_layouts = []} : (!stablehlo.future<tensor<4xf32>>, tensor<4xf32>) -> ()
      sdy.return %3 : tensor<4xf32>
    } : (tensor<4xf32>) -> tensor<8xf32>
    return %0 : tensor<8xf32>
  }
}
