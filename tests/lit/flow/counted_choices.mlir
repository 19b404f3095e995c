// SPDX-License-Identifier: Apache-2.0
// Counted loops whose bodies choose: one kernel, in which cheap branches are computed whichever is taken and the others where they are.
// Indices beyond both ends of a case; branches that are all costly; several values, a complex one, one that the body has; a choice in a
// branch; a choice for all points of a vector; one that depends on what the loop carries.
// RUN: skarn run %s --entry indices --random 1 --compare loop && skarn run %s --entry indices --random 1 --compare interp && skarn opt %s --entry indices --to lower | filecheck %s --check-prefix=KERNEL
// RUN: skarn run %s --entry costly --random 1 --compare loop && skarn run %s --entry costly --random 1 --compare interp && skarn opt %s --entry costly --to lower | filecheck %s --check-prefix=KERNEL
// RUN: skarn run %s --entry several --random 1 --compare loop && skarn run %s --entry several --random 1 --compare interp && skarn opt %s --entry several --to lower | filecheck %s --check-prefix=KERNEL
// RUN: skarn run %s --entry vector --random 1 --compare loop && skarn run %s --entry vector --random 1 --compare interp && skarn opt %s --entry vector --to lower | filecheck %s --check-prefix=KERNEL
// RUN: skarn run %s --entry carried --random 1 --compare loop && skarn run %s --entry carried --random 1 --compare interp && skarn opt %s --entry carried --to lower | filecheck %s --check-prefix=KERNEL
// KERNEL-NOT: {{^ *}}while
// KERNEL: kernel 1 while
// KERNEL: body {
// KERNEL-NEXT: kernel
// KERNEL-NOT: case

func.func @indices(%x0: tensor<f32>, %ks: tensor<40xi32>) -> (tensor<f32>) {
  %start = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %start, %x = %x0) : tensor<i32>, tensor<f32>
  cond {
    %end = stablehlo.constant dense<40> : tensor<i32>
    %p = stablehlo.compare LT, %i, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %i_next = stablehlo.add %i, %one : tensor<i32>
    %row = stablehlo.dynamic_slice %ks, %i, sizes = [1] : (tensor<40xi32>, tensor<i32>) -> tensor<1xi32>
    %k0 = stablehlo.reshape %row : (tensor<1xi32>) -> tensor<i32>
    %away = stablehlo.constant dense<1> : tensor<i32>
    %k = stablehlo.subtract %k0, %away : tensor<i32>
    %x_next = "stablehlo.case"(%k) ({
      %b = stablehlo.constant dense<0.125> : tensor<f32>
      %c = stablehlo.add %x, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }, {
      %b = stablehlo.sine %x : tensor<f32>
      stablehlo.return %b : tensor<f32>
    }, {
      %b = stablehlo.constant dense<-0.25> : tensor<f32>
      %c = stablehlo.add %x, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    stablehlo.return %i_next, %x_next : tensor<i32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}

func.func @costly(%x0: tensor<f32>, %ks: tensor<40xi32>) -> (tensor<f32>) {
  %start = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %start, %x = %x0) : tensor<i32>, tensor<f32>
  cond {
    %end = stablehlo.constant dense<40> : tensor<i32>
    %p = stablehlo.compare LT, %i, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %i_next = stablehlo.add %i, %one : tensor<i32>
    %row = stablehlo.dynamic_slice %ks, %i, sizes = [1] : (tensor<40xi32>, tensor<i32>) -> tensor<1xi32>
    %k0 = stablehlo.reshape %row : (tensor<1xi32>) -> tensor<i32>
    %away = stablehlo.constant dense<1> : tensor<i32>
    %k = stablehlo.subtract %k0, %away : tensor<i32>
    %x_next = "stablehlo.case"(%k) ({
      %b = stablehlo.constant dense<1.5> : tensor<f32>
      %c = stablehlo.add %x, %b : tensor<f32>
      %d = stablehlo.divide %b, %c : tensor<f32>
      stablehlo.return %d : tensor<f32>
    }, {
      %b = stablehlo.sine %x : tensor<f32>
      stablehlo.return %b : tensor<f32>
    }) : (tensor<i32>) -> tensor<f32>
    stablehlo.return %i_next, %x_next : tensor<i32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}

func.func @several(%z0: tensor<complex<f32>>, %m0: tensor<i64>, %v0: tensor<bf16>, %ks: tensor<40xi32>) -> (tensor<complex<f32>>, tensor<i64>, tensor<bf16>) {
  %start = stablehlo.constant dense<0> : tensor<i32>
  %r:4 = stablehlo.while(%i = %start, %z = %z0, %m = %m0, %v = %v0) : tensor<i32>, tensor<complex<f32>>, tensor<i64>, tensor<bf16>
  cond {
    %end = stablehlo.constant dense<40> : tensor<i32>
    %p = stablehlo.compare LT, %i, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %i_next = stablehlo.add %i, %one : tensor<i32>
    %row = stablehlo.dynamic_slice %ks, %i, sizes = [1] : (tensor<40xi32>, tensor<i32>) -> tensor<1xi32>
    %k0 = stablehlo.reshape %row : (tensor<1xi32>) -> tensor<i32>
    %away = stablehlo.constant dense<1> : tensor<i32>
    %k = stablehlo.subtract %k0, %away : tensor<i32>
    %two64 = stablehlo.constant dense<2> : tensor<i64>
    %oddbit = stablehlo.and %i, %one : tensor<i32>
    %odd = stablehlo.compare EQ, %oddbit, %one : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %c:3 = "stablehlo.case"(%k) ({
      %a = stablehlo.multiply %z, %z : tensor<complex<f32>>
      %n = stablehlo.add %m, %two64 : tensor<i64>
      %u = stablehlo.sine %v : tensor<bf16>
      stablehlo.return %a, %n, %u : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
    }, {
      stablehlo.return %z, %m, %v : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
    }, {
    %in:3 = "stablehlo.if"(%odd) ({
        %a = stablehlo.add %z, %z : tensor<complex<f32>>
        stablehlo.return %a, %two64, %v : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
    }, {
        %e = stablehlo.exponential %z : tensor<complex<f32>>
        %h = stablehlo.constant dense<(0.5,0.0)> : tensor<complex<f32>>
        %s = stablehlo.multiply %e, %h : tensor<complex<f32>>
        %t = stablehlo.tanh %v : tensor<bf16>
        stablehlo.return %s, %m, %t : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
    }) : (tensor<i1>) -> (tensor<complex<f32>>, tensor<i64>, tensor<bf16>)
      stablehlo.return %in#0, %in#1, %in#2 : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
    }) : (tensor<i32>) -> (tensor<complex<f32>>, tensor<i64>, tensor<bf16>)
    %half = stablehlo.constant dense<(0.5,0.25)> : tensor<complex<f32>>
    %z_next = stablehlo.multiply %c#0, %half : tensor<complex<f32>>
    %m_next = stablehlo.add %c#1, %c#1 : tensor<i64>
    %v_next = stablehlo.add %c#2, %v : tensor<bf16>
    stablehlo.return %i_next, %z_next, %m_next, %v_next : tensor<i32>, tensor<complex<f32>>, tensor<i64>, tensor<bf16>
  }
  return %r#1, %r#2, %r#3 : tensor<complex<f32>>, tensor<i64>, tensor<bf16>
}

func.func @vector(%x0: tensor<37xf32>, %ks: tensor<40xi32>) -> (tensor<37xf32>) {
  %start = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %start, %x = %x0) : tensor<i32>, tensor<37xf32>
  cond {
    %end = stablehlo.constant dense<40> : tensor<i32>
    %p = stablehlo.compare LT, %i, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %i_next = stablehlo.add %i, %one : tensor<i32>
    %row = stablehlo.dynamic_slice %ks, %i, sizes = [1] : (tensor<40xi32>, tensor<i32>) -> tensor<1xi32>
    %k0 = stablehlo.reshape %row : (tensor<1xi32>) -> tensor<i32>
    %away = stablehlo.constant dense<1> : tensor<i32>
    %k = stablehlo.subtract %k0, %away : tensor<i32>
    %x_next = "stablehlo.case"(%k) ({
      %b = stablehlo.constant dense<0.125> : tensor<37xf32>
      %c = stablehlo.add %x, %b : tensor<37xf32>
      stablehlo.return %c : tensor<37xf32>
    }, {
      %b = stablehlo.sine %x : tensor<37xf32>
      stablehlo.return %b : tensor<37xf32>
    }, {
      %b = stablehlo.constant dense<-0.25> : tensor<37xf32>
      %c = stablehlo.add %x, %b : tensor<37xf32>
      stablehlo.return %c : tensor<37xf32>
    }) : (tensor<i32>) -> tensor<37xf32>
    stablehlo.return %i_next, %x_next : tensor<i32>, tensor<37xf32>
  }
  return %r#1 : tensor<37xf32>
}

func.func @carried(%x0: tensor<f32>) -> (tensor<f32>) {
  %start = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %start, %x = %x0) : tensor<i32>, tensor<f32>
  cond {
    %end = stablehlo.constant dense<40> : tensor<i32>
    %p = stablehlo.compare LT, %i, %end : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %p : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %i_next = stablehlo.add %i, %one : tensor<i32>
    %h = stablehlo.constant dense<0.5> : tensor<f32>
    %low = stablehlo.compare LT, %x, %h : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %y = "stablehlo.if"(%low) ({
      %b = stablehlo.constant dense<0.625> : tensor<f32>
      %c = stablehlo.add %x, %b : tensor<f32>
      stablehlo.return %c : tensor<f32>
    }, {
      %b = stablehlo.constant dense<1.5> : tensor<f32>
      %c = stablehlo.add %x, %b : tensor<f32>
      %d = stablehlo.divide %b, %c : tensor<f32>
      stablehlo.return %d : tensor<f32>
    }) : (tensor<i1>) -> tensor<f32>
    %q = stablehlo.constant dense<0.1> : tensor<f32>
    %x_next = stablehlo.subtract %y, %q : tensor<f32>
    stablehlo.return %i_next, %x_next : tensor<i32>, tensor<f32>
  }
  return %r#1 : tensor<f32>
}
