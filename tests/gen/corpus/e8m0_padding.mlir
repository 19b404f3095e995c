// Padding and holes of a convolution are zeros of f32, in which it is summed: f8E8M0FNU has no zero, and its bits 0 are 2^-127.
// A window of padding alone is NaN.
func.func @main(%x: tensor<1x3x1xf8E8M0FNU> {skarn.value = dense<"0x7F8000"> : tensor<1x3x1xf8E8M0FNU>},
                %w: tensor<2x1x1xf8E8M0FNU> {skarn.value = dense<"0x8A8B"> : tensor<2x1x1xf8E8M0FNU>},
                %y: tensor<1x3x2xf8E8M0FNU> {skarn.value = dense<"0x7F80007F7E7D"> : tensor<1x3x2xf8E8M0FNU>},
                %v: tensor<2x1x2xf8E8M0FNU> {skarn.value = dense<"0x8A8B8C8D"> : tensor<2x1x2xf8E8M0FNU>})
    -> (tensor<1x8x1xi1>, tensor<1x6x2xi1>, tensor<1x8x1xf8E8M0FNU>, tensor<1x6x2xf8E8M0FNU>) {
  %0 = stablehlo.convolution(%x, %w) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {pad = [[2, 2]], lhs_dilate = [2]} {batch_group_count = 1 : i64, feature_group_count = 1 : i64}
      : (tensor<1x3x1xf8E8M0FNU>, tensor<2x1x1xf8E8M0FNU>) -> tensor<1x8x1xf8E8M0FNU>
  %1 = stablehlo.convolution(%y, %v) dim_numbers = [b, 0, f]x[0, i, o]->[b, 0, f],
      window = {pad = [[2, 2]]} {batch_group_count = 1 : i64, feature_group_count = 2 : i64}
      : (tensor<1x3x2xf8E8M0FNU>, tensor<2x1x2xf8E8M0FNU>) -> tensor<1x6x2xf8E8M0FNU>
  %2 = stablehlo.compare NE, %0, %0, FLOAT : (tensor<1x8x1xf8E8M0FNU>, tensor<1x8x1xf8E8M0FNU>) -> tensor<1x8x1xi1>
  %3 = stablehlo.compare NE, %1, %1, FLOAT : (tensor<1x6x2xf8E8M0FNU>, tensor<1x6x2xf8E8M0FNU>) -> tensor<1x6x2xi1>
  return %2, %3, %0, %1 : tensor<1x8x1xi1>, tensor<1x6x2xi1>, tensor<1x8x1xf8E8M0FNU>, tensor<1x6x2xf8E8M0FNU>
}
