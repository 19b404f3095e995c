// SPDX-License-Identifier: Apache-2.0
// bf16 elements are loaded and stored two by two, the even ones and the odd ones in registers of their own (gen/gen_words.c). Rows of
// which all, some or none are such pairs; rows kept in scratch that every pass takes in pairs, and one that is also read in the order of
// memory, beside f32; and, in `chain`, products that leave the type at either end. The same in f16, which is rounded where it is.
// RUN: skarn run %s --entry norm_768 --random 3 --compare loop && skarn run %s --entry norm_768 --random 3 --compare interp
// RUN: skarn run %s --entry norm_784 --random 3 --compare loop && skarn run %s --entry norm_784 --random 3 --compare interp
// RUN: skarn run %s --entry norm_800 --random 3 --compare loop && skarn run %s --entry norm_800 --random 3 --compare interp
// RUN: skarn run %s --entry norm_100 --random 3 --compare loop && skarn run %s --entry norm_100 --random 3 --compare interp
// RUN: skarn run %s --entry norm_8 --random 3 --compare loop && skarn run %s --entry norm_8 --random 3 --compare interp
// RUN: skarn run %s --entry norm_5008 --random 3 --compare loop && skarn run %s --entry norm_5008 --random 3 --compare interp
// RUN: skarn run %s --entry weighted --random 3 --compare loop && skarn run %s --entry weighted --random 3 --compare interp
// RUN: skarn run %s --entry chain_4096 --random 3 --compare loop && skarn run %s --entry chain_4096 --random 3 --compare interp
// RUN: skarn run %s --entry chain_1003 --random 3 --compare loop && skarn run %s --entry chain_1003 --random 3 --compare interp
// RUN: skarn run %s --entry norm_800_f16 --random 3 --compare loop && skarn run %s --entry norm_800_f16 --random 3 --compare interp
// RUN: skarn run %s --entry chain_1003_f16 --random 3 --compare loop && skarn run %s --entry chain_1003_f16 --random 3 --compare interp
// RUN: skarn run %s --entry norm_784 --random 3 --compare loop --guard end && skarn run %s --entry chain_1003 --random 3 --compare loop --guard end

func.func @norm_768(%x: tensor<24x768xbf16>) -> tensor<24x768xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<768.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x768xbf16>) -> tensor<24x768xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x768xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x768xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x768xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x768xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x768xbf16>) -> tensor<24x768xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x768xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x768xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x768xbf16>
  return %r : tensor<24x768xbf16>
}

func.func @norm_784(%x: tensor<24x784xbf16>) -> tensor<24x784xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<784.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x784xbf16>) -> tensor<24x784xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x784xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x784xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x784xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x784xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x784xbf16>) -> tensor<24x784xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x784xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x784xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x784xbf16>
  return %r : tensor<24x784xbf16>
}

func.func @norm_800(%x: tensor<24x800xbf16>) -> tensor<24x800xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<800.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x800xbf16>) -> tensor<24x800xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x800xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x800xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x800xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x800xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x800xbf16>) -> tensor<24x800xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x800xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x800xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x800xbf16>
  return %r : tensor<24x800xbf16>
}

func.func @norm_100(%x: tensor<24x100xbf16>) -> tensor<24x100xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<100.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x100xbf16>) -> tensor<24x100xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x100xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x100xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x100xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x100xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x100xbf16>) -> tensor<24x100xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x100xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x100xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x100xbf16>
  return %r : tensor<24x100xbf16>
}

func.func @norm_8(%x: tensor<24x8xbf16>) -> tensor<24x8xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<8.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x8xbf16>) -> tensor<24x8xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x8xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x8xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x8xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x8xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x8xbf16>) -> tensor<24x8xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x8xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x8xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x8xbf16>
  return %r : tensor<24x8xbf16>
}

func.func @norm_5008(%x: tensor<24x5008xbf16>) -> tensor<24x5008xbf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<5008.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x5008xbf16>) -> tensor<24x5008xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x5008xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xbf16>) -> tensor<24x5008xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x5008xbf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x5008xbf16>
  %squares = stablehlo.convert %dd : (tensor<24x5008xbf16>) -> tensor<24x5008xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x5008xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xbf16>
  %s = stablehlo.sqrt %v : tensor<24xbf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xbf16>) -> tensor<24x5008xbf16>
  %r = stablehlo.divide %d, %ss : tensor<24x5008xbf16>
  return %r : tensor<24x5008xbf16>
}

func.func @weighted(%x: tensor<24x768xbf16>, %w: tensor<768xf32>) -> tensor<24x768xf32> {
  %least = stablehlo.constant dense<0xFF80> : tensor<bf16>
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %most = stablehlo.reduce(%x init: %least) applies stablehlo.maximum across dimensions = [1] : (tensor<24x768xbf16>, tensor<bf16>) -> tensor<24xbf16>
  %ms = stablehlo.broadcast_in_dim %most, dims = [0] : (tensor<24xbf16>) -> tensor<24x768xbf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x768xbf16>
  %e = stablehlo.exponential %d : tensor<24x768xbf16>
  %f = stablehlo.convert %e : (tensor<24x768xbf16>) -> tensor<24x768xf32>
  %sum = stablehlo.reduce(%f init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x768xf32>, tensor<f32>) -> tensor<24xf32>
  %ss = stablehlo.broadcast_in_dim %sum, dims = [0] : (tensor<24xf32>) -> tensor<24x768xf32>
  %p = stablehlo.divide %f, %ss : tensor<24x768xf32>
  %ws = stablehlo.broadcast_in_dim %w, dims = [1] : (tensor<768xf32>) -> tensor<24x768xf32>
  %r = stablehlo.multiply %p, %ws : tensor<24x768xf32>
  return %r : tensor<24x768xf32>
}

func.func @chain_4096(%x: tensor<4096xbf16>, %y: tensor<4096xbf16>) -> (tensor<4096xbf16>, tensor<4096xbf16>) {
  %big = stablehlo.constant dense<3.0e38> : tensor<4096xbf16>
  %small = stablehlo.constant dense<1.0e-38> : tensor<4096xbf16>
  %a = stablehlo.multiply %x, %y : tensor<4096xbf16>
  %b = stablehlo.add %a, %x : tensor<4096xbf16>
  %c = stablehlo.multiply %b, %small : tensor<4096xbf16>
  %d = stablehlo.multiply %c, %y : tensor<4096xbf16>
  %e = stablehlo.multiply %b, %big : tensor<4096xbf16>
  %f = stablehlo.subtract %e, %e : tensor<4096xbf16>
  %g = stablehlo.add %f, %d : tensor<4096xbf16>
  return %d, %g : tensor<4096xbf16>, tensor<4096xbf16>
}

func.func @chain_1003(%x: tensor<1003xbf16>, %y: tensor<1003xbf16>) -> (tensor<1003xbf16>, tensor<1003xbf16>) {
  %big = stablehlo.constant dense<3.0e38> : tensor<1003xbf16>
  %small = stablehlo.constant dense<1.0e-38> : tensor<1003xbf16>
  %a = stablehlo.multiply %x, %y : tensor<1003xbf16>
  %b = stablehlo.add %a, %x : tensor<1003xbf16>
  %c = stablehlo.multiply %b, %small : tensor<1003xbf16>
  %d = stablehlo.multiply %c, %y : tensor<1003xbf16>
  %e = stablehlo.multiply %b, %big : tensor<1003xbf16>
  %f = stablehlo.subtract %e, %e : tensor<1003xbf16>
  %g = stablehlo.add %f, %d : tensor<1003xbf16>
  return %d, %g : tensor<1003xbf16>, tensor<1003xbf16>
}

func.func @norm_800_f16(%x: tensor<24x800xf16>) -> tensor<24x800xf16> {
  %zero = stablehlo.constant dense<0.0> : tensor<f32>
  %count = stablehlo.constant dense<800.0> : tensor<24xf32>
  %wide = stablehlo.convert %x : (tensor<24x800xf16>) -> tensor<24x800xf32>
  %sum = stablehlo.reduce(%wide init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x800xf32>, tensor<f32>) -> tensor<24xf32>
  %mean = stablehlo.divide %sum, %count : tensor<24xf32>
  %m = stablehlo.convert %mean : (tensor<24xf32>) -> tensor<24xf16>
  %ms = stablehlo.broadcast_in_dim %m, dims = [0] : (tensor<24xf16>) -> tensor<24x800xf16>
  %d = stablehlo.subtract %x, %ms : tensor<24x800xf16>
  %dd = stablehlo.multiply %d, %d : tensor<24x800xf16>
  %squares = stablehlo.convert %dd : (tensor<24x800xf16>) -> tensor<24x800xf32>
  %var = stablehlo.reduce(%squares init: %zero) applies stablehlo.add across dimensions = [1] : (tensor<24x800xf32>, tensor<f32>) -> tensor<24xf32>
  %v = stablehlo.convert %var : (tensor<24xf32>) -> tensor<24xf16>
  %s = stablehlo.sqrt %v : tensor<24xf16>
  %ss = stablehlo.broadcast_in_dim %s, dims = [0] : (tensor<24xf16>) -> tensor<24x800xf16>
  %r = stablehlo.divide %d, %ss : tensor<24x800xf16>
  return %r : tensor<24x800xf16>
}

func.func @chain_1003_f16(%x: tensor<1003xf16>, %y: tensor<1003xf16>) -> (tensor<1003xf16>, tensor<1003xf16>) {
  %big = stablehlo.constant dense<6.0e4> : tensor<1003xf16>
  %small = stablehlo.constant dense<1.0e-5> : tensor<1003xf16>
  %a = stablehlo.multiply %x, %y : tensor<1003xf16>
  %b = stablehlo.add %a, %x : tensor<1003xf16>
  %c = stablehlo.multiply %b, %small : tensor<1003xf16>
  %d = stablehlo.multiply %c, %y : tensor<1003xf16>
  %e = stablehlo.multiply %b, %big : tensor<1003xf16>
  %f = stablehlo.subtract %e, %e : tensor<1003xf16>
  %g = stablehlo.add %f, %d : tensor<1003xf16>
  return %d, %g : tensor<1003xf16>, tensor<1003xf16>
}
