// SPDX-License-Identifier: Apache-2.0
// Custom calls: layouts, aliases, and those that make buffers of tensors.
// RUN: skarn test %s --messages

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{backend_config must be a dictionary}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", api_version = 4 : i32, backend_config = "x"} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{come together}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", operand_layouts = [dense<[0]> : tensor<1xindex>]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// Nothing to lay out on one side: its list may be missing.
func.func @f(%a0: tensor<2xf32>) {
  "stablehlo.custom_call"(%a0) {call_target_name = "f", has_side_effect = true, operand_layouts = [dense<[0]> : tensor<1xindex>]} : (tensor<2xf32>) -> ()
  %0 = "stablehlo.custom_call"() {call_target_name = "f", result_layouts = [dense<[0]> : tensor<1xindex>]} : () -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{the layout of operand 0 is not a permutation}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", operand_layouts = [dense<[1]> : tensor<1xindex>], result_layouts = [dense<[0]> : tensor<1xindex>]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{alias 0 names operand 1 of 1}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, operand_tuple_indices = []>]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{output_tuple_indices of alias 0 lead nowhere}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [0], operand_index = 0, operand_tuple_indices = []>]} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{alias 0 joins an operand and an output of different types}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>]} : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{CreateBuffer has 0 operands and 1 result}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "CreateBuffer", api_version = 4 : i32} : (tensor<2xf32>) -> memref<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{the result of Pin is not a buffer}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "Pin", api_version = 4 : i32} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: tensor<2xf32>) {
  // expected-error@+1 {{the operand of Unpin is not a buffer}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "Unpin", api_version = 4 : i32} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a0: memref<2xf32>) {
  // expected-error@+1 {{operand and result of Unpin differ}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "Unpin", api_version = 4 : i32} : (memref<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @f(%a0: memref<2xf32>) {
  // expected-error@+1 {{1 buffer outputs are in no alias}}
  %0 = "stablehlo.custom_call"(%a0) {call_target_name = "f"} : (memref<2xf32>) -> memref<2xf32>
  return
}

// -----

func.func @f(%a0: memref<2xf32>, %a1: memref<2xf32>) {
  // expected-error@+1 {{aliases 0 and 1 name the same buffer output}}
  %0 = "stablehlo.custom_call"(%a0, %a1) {call_target_name = "f", output_operand_aliases = [#stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 0, operand_tuple_indices = []>, #stablehlo.output_operand_alias<output_tuple_indices = [], operand_index = 1, operand_tuple_indices = []>]} : (memref<2xf32>, memref<2xf32>) -> memref<2xf32>
  return
}

// -----

func.func @f(%a: memref<2xf32>, %p: tensor<i1>) {
  // expected-error@+1 {{result 0 is a buffer}}
  %0 = "stablehlo.if"(%p) ({ "stablehlo.return"(%a) : (memref<2xf32>) -> () }, { "stablehlo.return"(%a) : (memref<2xf32>) -> () }) : (tensor<i1>) -> memref<2xf32>
  return
}
