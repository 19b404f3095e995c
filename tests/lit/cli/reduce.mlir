// skarn reduce: executors that agree leave nothing to reduce; cases carry their arguments; bundles replay.
// RUN: skarn reduce %s 2>&1 | filecheck %s --check-prefix=AGREE
// RUN: skarn reduce %s --judge --random 7 2>&1 | filecheck %s --check-prefix=AGREE
// AGREE: reduce.mlir: agree
// RUN: skarn reduce %s --whole | filecheck %s --check-prefix=WHOLE
// WHOLE: func.func @main(%arg0: tensor<4xf32> {skarn.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>})
// WHOLE-SAME: -> (tensor<f32>, tensor<4xf32>, tensor<f32>)
// WHOLE: return %0, %1, %2
// RUN: rm -rf %t && mkdir %t
// RUN: skarn run %s --random 1 --dump-to %t/bundles > %t/out
// RUN: skarn reduce %t/bundles/*-* --judge 2>&1 | filecheck %s --check-prefix=BUNDLE
// BUNDLE: program.mlir: agree
// RUN: not --code 2 skarn reduce
// RUN: not --code 2 skarn reduce %s --judge-limit soon
// RUN: not --code 1 skarn reduce %t/missing.mlir
// RUN: not --code 1 skarn reduce %t/out
func.func @main(%arg0: tensor<4xf32> {skarn.value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>}) -> tensor<f32> {
  %0 = stablehlo.constant dense<0.0> : tensor<f32>
  %1 = stablehlo.exponential %arg0 : tensor<4xf32>
  %2 = stablehlo.reduce(%1 init: %0) applies stablehlo.add across dimensions = [0] : (tensor<4xf32>, tensor<f32>) -> tensor<f32>
  return %2 : tensor<f32>
}
