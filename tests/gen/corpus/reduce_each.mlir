// A reduce of several arrays that have nothing to do with each other has the precision of a reduce of each.
func.func @main(%x: tensor<40xf8E4M3> {skarn.value = dense<1.0> : tensor<40xf8E4M3>},
                %y: tensor<40xui32> {skarn.value = dense<7> : tensor<40xui32>}) -> (tensor<f8E4M3>, tensor<ui32>) {
  %zero = stablehlo.constant dense<0.0> : tensor<f8E4M3>
  %one = stablehlo.constant dense<1> : tensor<ui32>
  %r:2 = stablehlo.reduce(%x init: %zero), (%y init: %one) across dimensions = [0] : (tensor<40xf8E4M3>, tensor<40xui32>, tensor<f8E4M3>, tensor<ui32>) -> (tensor<f8E4M3>, tensor<ui32>)
   reducer(%a: tensor<f8E4M3>, %p: tensor<f8E4M3>) (%b: tensor<ui32>, %q: tensor<ui32>) {
    %s = stablehlo.add %a, %p : tensor<f8E4M3>
    %t = stablehlo.subtract %b, %q : tensor<ui32>
    stablehlo.return %s, %t : tensor<f8E4M3>, tensor<ui32>
  }
  return %r#0, %r#1 : tensor<f8E4M3>, tensor<ui32>
}
