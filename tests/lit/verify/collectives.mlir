// SPDX-License-Identifier: Apache-2.0
// Constraints of operations between devices and with the host, and of asynchronous ones.
// RUN: skarn test %s --messages

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{replica id 0 is there twice (C2)}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{replica id 1 is missing (C4)}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 2]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 0 : i64, use_global_device_ids, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C6)}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{name a mesh @none that is not there}}
  %0 = "stablehlo.all_gather"(%a0) {all_gather_dim = 0 : i64, replica_groups = #stablehlo.replica_group_mesh_axes<mesh = @none, axes = [#stablehlo.axis_ref<name = "x">]>} : (tensor<4xf32>) -> tensor<8xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.all_reduce"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){replica_groups = dense<[[0, 0]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.all_reduce"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){replica_groups = dense<[[1, -1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.all_reduce"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){use_global_device_ids, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf64>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.all_reduce"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf64>) -> tensor<4xf64>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C6)}}
  %0 = "stablehlo.all_reduce"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a0: tensor<4x4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 2 : i64, concat_dimension = 0 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<3x4xf32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4x4xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 0 : i64, concat_dimension = 2 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4x4xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4x4xf32>) {
  // expected-error@+1 {{groups have size 2, split_count is 4 (C8)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 4 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4x4xf32>) {
  // expected-error@+1 {{must be compatible with tensor<2x8xf32> (C9)}}
  %0 = "stablehlo.all_to_all"(%a0) {split_dimension = 0 : i64, concat_dimension = 1 : i64, split_count = 2 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%a0: tensor<3xf32>) {
  // expected-error@+1 {{size 3 is not a multiple of the group size 2 (C1)}}
  %0 = "stablehlo.reduce_scatter"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){scatter_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.reduce_scatter"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){scatter_dimension = 1 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{must be compatible with tensor<2xf32> (C8)}}
  %0 = "stablehlo.reduce_scatter"(%a0) ({ ^bb0(%x: tensor<f32>, %y: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }){scatter_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.collective_permute"(%a0) {source_target_pairs = dense<[[0, 1, 2]]> : tensor<1x3xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{id 0 is a source twice (C2)}}
  %0 = "stablehlo.collective_permute"(%a0) {source_target_pairs = dense<[[0, 1], [0, 2]]> : tensor<2x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.collective_permute"(%a0) {source_target_pairs = dense<[[0, 1], [2, 1]]> : tensor<2x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = "stablehlo.collective_permute"(%a0) {source_target_pairs = dense<[[-1, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @f(%a0: tensor<4xf32>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.collective_permute"(%a0) {source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%a: tensor<4xf32>) {
  // expected-error@+1 {{stablehlo.negate cannot be asynchronous (C2)}}
  %0 = "stablehlo.async_start"(%a) ({ ^bb0(%x: tensor<4xf32>): %1 = "stablehlo.negate"(%x) : (tensor<4xf32>) -> tensor<4xf32> "stablehlo.return"(%1) : (tensor<4xf32>) -> () }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}

// -----

func.func @f(%a: tensor<4xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.async_start"(%a) ({ ^bb0(%x: tensor<4xf32>): "stablehlo.return"(%x) : (tensor<4xf32>) -> () }) : (tensor<4xf32>) -> !stablehlo.future<tensor<4xf32>>
  return
}
