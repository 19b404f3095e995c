// SPDX-License-Identifier: Apache-2.0
// Types of quantized tensors, and operations on them. A type that fits no tensor is refused where it is used.
// RUN: skarn test %s --messages

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 1.0:300>>) {
  // expected-error@+1 {{a zero point is outside the storage range (C7)}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<2x!quant.uniform<i8:f32, 1.0:300>>, tensor<2x!quant.uniform<i8:f32, 1.0:300>>) -> tensor<2x!quant.uniform<i8:f32, 1.0:300>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>) {
  // expected-error@+1 {{the quantization dimension is not below the rank (C12)}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>, tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>) -> tensor<2x!quant.uniform<i8:f32:1, {1.0, 2.0}>>
  return
}

// -----

func.func @f(%a: tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) {
  // expected-error@+1 {{(C13)}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>, tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) -> tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>
  return
}

// -----

// expected-error@+1 {{argument 0: there are not as many scales as the quantization dimension is long (C13)}}
func.func @f(%a: tensor<3x!quant.uniform<i8:f32:0, {1.0, 2.0}>>) {
  return
}

// -----

// expected-error@+1 {{quantization scale must be positive (C5)}}
func.func @f(%a: tensor<3x!quant.uniform<i8:f32, -1.0>>) {
  return
}

// -----

// expected-error@+1 {{not within i8 (C3)}}
func.func @f(%a: tensor<3x!quant.uniform<i8<-200:100>:f32, 1.0>>) {
  return
}

// -----

func.func @f(%a: tensor<2x2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>) {
  // expected-error@+1 {{quantized per axis, which this operation does not take (I1)}}
  %0 = "stablehlo.reverse"(%a) {dimensions = array<i64: 0>} : (tensor<2x2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>) -> tensor<2x2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<2xf32>) {
  // expected-error@+1 {{only one operand is quantized (C2)}}
  %0 = "stablehlo.add"(%a, %b) : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2xf32>) -> tensor<2x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<2x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{operands differ in storage type (C3)}}
  %0 = "stablehlo.add"(%a, %b) : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<2x!quant.uniform<i8:f16, 0.5:3>>) {
  // expected-error@+1 {{operands differ in expressed type (C4)}}
  %0 = "stablehlo.add"(%a, %b) : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x!quant.uniform<i8:f16, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{(C5)}}
  %0 = "stablehlo.add"(%a, %a) : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32:0, {0.5, 0.5}>>
  return
}

// -----

func.func @f(%a: tensor<2xf32>) {
  // expected-error@+1 {{operand and result differ in shape (C1)}}
  %0 = "stablehlo.uniform_quantize"(%a) : (tensor<2xf32>) -> tensor<3x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%a: tensor<2xf16>) {
  // expected-error@+1 {{the result expresses f32, the operand f16 (C2)}}
  %0 = "stablehlo.uniform_quantize"(%a) : (tensor<2xf16>) -> tensor<2x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @f(%a: tensor<2x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{must be compatible with tensor<2xf32> (C2)}}
  %0 = "stablehlo.uniform_dequantize"(%a) : (tensor<2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2xf16>
  return
}

// -----

func.func @f(%a: tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{rhs has a zero point other than 0 (C15)}}
  %0 = "stablehlo.dot_general"(%a, %b) {dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>} : (tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<2x2x!quant.uniform<i32:f32, 1.0>>
  return
}

// -----

func.func @f(%a: tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) {
  // expected-error@+1 {{rhs is quantized along a contracting dimension (C16)}}
  %0 = "stablehlo.dot_general"(%a, %b) {dot_dimension_numbers = #stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>} : (tensor<2x2x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x2x!quant.uniform<i32:f32, 1.0>>
  return
}
