# SPDX-License-Identifier: Apache-2.0
"""Programs of a given number of operations, for compile time against program size.

    elementwise   one straight line of arithmetic on f32[1024], operands among the last eight
                  values: what an unrolled loop or a long formula looks like
    small         steps of slices, products, reductions and concatenations on f32[4,4]: what
                  robotics and physics codes unroll into

Every value is used, so that nothing can be dropped, and stays within [-2, 2]. The text is a
function of (family, count) alone.

    python3 bench/scaling.py FAMILY COUNT      prints one
"""

import sys


class _Lines:
    """Numbers the values of a function and counts its operations."""

    def __init__(self):
        self.lines = []
        self.count = 0

    def op(self, text):
        name = f"%{self.count}"
        self.lines.append(f"    {name} = stablehlo.{text}")
        self.count += 1
        return name


def elementwise(count):
    t = "tensor<1024xf32>"
    out = _Lines()
    half = out.op(f"constant dense<5.000000e-01> : {t}")
    recent = ["%x", "%y"]
    state = 1
    while out.count < count - 1:
        state = (state * 1103515245 + 12345) % (1 << 31)
        a = recent[-1]
        b = recent[-2 - (state >> 8) % (len(recent) - 1)] if len(recent) > 2 else recent[0]
        pick = (state >> 16) % 20
        if pick < 8:
            total = out.op(f"add {a}, {b} : {t}")
            value = out.op(f"multiply {total}, {half} : {t}")
        elif pick < 11:
            total = out.op(f"subtract {a}, {b} : {t}")
            value = out.op(f"multiply {total}, {half} : {t}")
        elif pick < 13:
            value = out.op(f"multiply {a}, {b} : {t}")
        elif pick < 15:
            value = out.op(f"maximum {a}, {b} : {t}")
        elif pick < 17:
            value = out.op(f"minimum {a}, {b} : {t}")
        elif pick < 19:
            value = out.op(f"negate {a} : {t}")
        else:
            value = out.op(f"sine {a} : {t}")
        recent = (recent + [value])[-8:]
    last = out.op(f"add {recent[-1]}, %y : {t}")
    return _module(f"%x: {t}, %y: {t}", t, out.lines, last)


def small(count):
    t, row, scalar = "tensor<4x4xf32>", "tensor<4xf32>", "tensor<f32>"
    out = _Lines()
    half = out.op(f"constant dense<5.000000e-01> : {t}")
    zero = out.op(f"constant dense<0.000000e+00> : {scalar}")
    a = "%x"
    step = 0
    while out.count < count:
        i, j = step % 4, (step // 4) % 4
        top = out.op(f"slice {a} [{i}:{i + 1}, 0:4] : ({t}) -> tensor<1x4xf32>")
        top = out.op(f"reshape {top} : (tensor<1x4xf32>) -> {row}")
        side = out.op(f"slice %y [0:4, {j}:{j + 1}] : ({t}) -> tensor<4x1xf32>")
        side = out.op(f"reshape {side} : (tensor<4x1xf32>) -> {row}")
        products = out.op(f"multiply {top}, {side} : {row}")
        total = out.op(
            f"reduce({products} init: {zero}) applies stablehlo.add across dimensions = [0] : "
            f"({row}, {scalar}) -> {scalar}")
        total = out.op(f"tanh {total} : {scalar}")
        wide = out.op(f"broadcast_in_dim {total}, dims = [] : ({scalar}) -> tensor<1x4xf32>")
        rest = out.op(f"slice {a} [0:3, 0:4] : ({t}) -> tensor<3x4xf32>")
        joined = out.op(f"concatenate {wide}, {rest}, dim = 0 : "
                        f"(tensor<1x4xf32>, tensor<3x4xf32>) -> {t}")
        turned = out.op(f"transpose {joined}, dims = [1, 0] : ({t}) -> {t}")
        turned = out.op(f"dot_general {turned}, %y, contracting_dims = [1] x [0] : "
                        f"({t}, {t}) -> {t}")
        turned = out.op(f"tanh {turned} : {t}")
        total = out.op(f"add {turned}, {joined} : {t}")
        a = out.op(f"multiply {total}, {half} : {t}")
        step += 1
    return _module(f"%x: {t}, %y: {t}", t, out.lines, a)


def _module(arguments, result, lines, value):
    body = "\n".join(lines)
    return (f"module @scaling {{\n  func.func public @main({arguments}) -> {result} {{\n{body}\n"
            f"    return {value} : {result}\n  }}\n}}\n")


FAMILIES = {"elementwise": elementwise, "small": small}


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in FAMILIES or not sys.argv[2].isdigit():
        sys.exit("usage: scaling.py elementwise|small COUNT")
    print(FAMILIES[sys.argv[1]](int(sys.argv[2])), end="")
