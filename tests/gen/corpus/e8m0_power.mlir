// (2^-75)^2 = 2^-150 lies between f32's smallest number and 0, which f8E8M0FNU lacks: the smallest number or none.
func.func @main(%x: tensor<4xf8E8M0FNU> {skarn.value = dense<"0x34348082"> : tensor<4xf8E8M0FNU>}, %y: tensor<1xf8E8M0FNU> {skarn.value = dense<"0x80"> : tensor<1xf8E8M0FNU>}) -> tensor<4xf8E8M0FNU> {
  %0 = chlo.broadcast_power %x, %y : (tensor<4xf8E8M0FNU>, tensor<1xf8E8M0FNU>) -> tensor<4xf8E8M0FNU>
  return %0 : tensor<4xf8E8M0FNU>
}
