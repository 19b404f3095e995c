// SPDX-License-Identifier: Apache-2.0
// Constraints of control flow, calls, tuples and tokens.
// RUN: skarn test %s --messages

func.func @f(%p: tensor<2xi1>) {
  // expected-error@+1 {{the predicate is not of type tensor<i1> (I1)}}
  "stablehlo.if"(%p) ({ "stablehlo.return"() : () -> () }, { "stablehlo.return"() : () -> () }) : (tensor<2xi1>) -> ()
  return
}

// -----

func.func @f(%p: tensor<i1>, %a: tensor<2xf32>) {
  // expected-error@+1 {{branch 1 returns 0 values, branch 0 1 (C2)}}
  %0 = "stablehlo.if"(%p) ({ "stablehlo.return"(%a) : (tensor<2xf32>) -> () }, { "stablehlo.return"() : () -> () }) : (tensor<i1>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%p: tensor<i1>, %a: tensor<2xf32>) {
  // expected-error@+1 {{must be compatible with tensor<2xf32> (C3)}}
  %0 = "stablehlo.if"(%p) ({ "stablehlo.return"(%a) : (tensor<2xf32>) -> () }, { "stablehlo.return"(%a) : (tensor<2xf32>) -> () }) : (tensor<i1>) -> tensor<3xf32>
  return
}

// -----

func.func @f(%p: tensor<i1>) {
  // expected-error@+1 {{branch 0 takes arguments (C1)}}
  "stablehlo.if"(%p) ({ ^bb0(%x: tensor<f32>): "stablehlo.return"() : () -> () }, { "stablehlo.return"() : () -> () }) : (tensor<i1>) -> ()
  return
}

// -----

func.func @f(%i: tensor<i64>) {
  // expected-error@+1 {{the index is not of type tensor<i32> (I1)}}
  "stablehlo.case"(%i) ({ "stablehlo.return"() : () -> () }) : (tensor<i64>) -> ()
  return
}

// -----

func.func @f(%i: tensor<i32>) {
  // expected-error@+1 {{(C1)}}
  "stablehlo.case"(%i) : (tensor<i32>) -> ()
  return
}

// -----

func.func @f(%i: tensor<i32>, %a: tensor<2xf32>, %b: tensor<3xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.case"(%i) ({ "stablehlo.return"(%a) : (tensor<2xf32>) -> () }, { "stablehlo.return"(%b) : (tensor<3xf32>) -> () }) : (tensor<i32>) -> tensor<2xf32>
  return
}

// -----

func.func @f(%a: tensor<f32>) {
  // expected-error@+1 {{the condition does not return tensor<i1> (C1)}}
  %0 = "stablehlo.while"(%a) ({ ^bb0(%x: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }, { ^bb0(%x: tensor<f32>): "stablehlo.return"(%x) : (tensor<f32>) -> () }) : (tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @f(%a: tensor<i1>) {
  // expected-error@+1 {{the body returns 0 values, not 1 (C2)}}
  %0 = "stablehlo.while"(%a) ({ ^bb0(%x: tensor<i1>): "stablehlo.return"(%x) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<i1>): "stablehlo.return"() : () -> () }) : (tensor<i1>) -> tensor<i1>
  return
}

// -----

func.func @f(%a: tensor<i1>) {
  // expected-error@+1 {{(C3)}}
  %0 = "stablehlo.while"(%a) ({ ^bb0(%x: tensor<i1>): "stablehlo.return"(%x) : (tensor<i1>) -> () }, { ^bb0(%x: tensor<i1>): "stablehlo.return"(%x) : (tensor<i1>) -> () }) : (tensor<i1>) -> tensor<2xi1>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<3xf32>) {
  // expected-error@+1 {{operand 0 differs in type from the function}}
  %0 = func.call @g(%a) : (tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<2xf32>) {
  // expected-error@+1 {{there is no function @h}}
  %0 = func.call @h(%a) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<2xf32>) {
  // expected-error@+1 {{(C1)}}
  %0 = stablehlo.composite "nodot" %a {decomposition = @g} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<2xf32>) {
  // expected-error@+1 {{(C2)}}
  %0 = stablehlo.composite "a.b" %a {decomposition = @h} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<3xf32>) {
  // expected-error@+1 {{(C3)}}
  %0 = stablehlo.composite "a.b" %a {decomposition = @g} : (tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func private @g(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
func.func @f(%a: tensor<2xf32>) {
  // expected-error@+1 {{(C4)}}
  %0 = stablehlo.composite "a.b" %a {decomposition = @g} : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @f(%a: tuple<tensor<f32>>) {
  // expected-error@+1 {{index 1 is not in [0, 1) (C1)}}
  %0 = "stablehlo.get_tuple_element"(%a) {index = 1 : i32} : (tuple<tensor<f32>>) -> tensor<f32>
  return
}

// -----

func.func @f(%a: tuple<tensor<f32>>) {
  // expected-error@+1 {{(C2)}}
  %0 = "stablehlo.get_tuple_element"(%a) {index = 0 : i32} : (tuple<tensor<f32>>) -> tensor<f64>
  return
}

// -----

func.func @f(%a: tensor<f32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.tuple"(%a) : (tensor<f32>) -> tuple<tensor<f64>>
  return
}

// -----

func.func @f(%a: tensor<f32>) {
  // expected-error@+1 {{operand 0 is not a token (I1)}}
  %0 = "stablehlo.after_all"(%a) : (tensor<f32>) -> !stablehlo.token
  return
}

// -----

func.func @f(%a: tensor<f32>) {
  // expected-error@+1 {{(C1)}}
  %0 = "stablehlo.optimization_barrier"(%a) : (tensor<f32>) -> tensor<f64>
  return
}
