#before = [1 : i32, dense<[1, 0]> : tensor<2xi64>]
!t = tensor<2x!e>
func.func @f(%a: !t, %b: tensor<2x?xf32, #enc>) -> !later attributes {x = #before, y = #after} {
  %0 = stablehlo.add %a, %a : !t
  return %0 : !later
}
#after = {k = #before, l = @sym::@nested, m = affine_map<(d0) -> (d0)>, n = #sdy.sharding<@mesh, [{"a"}, {?}]>}
!later = !t
!e = f32
#enc = #stablehlo.bounds<?, 5>
