# SPDX-License-Identifier: Apache-2.0
"""Prints a program with a constant of so many f32 elements, not all the same."""
import sys

n = int(sys.argv[1])
print(f"func.func @main(%0: tensor<{n}xf32>) -> tensor<{n}xf32> {{")
print(f"  %1 = stablehlo.constant dense<\"0x{'0000803F' * (n - 1)}00000040\"> : tensor<{n}xf32>")
print(f"  %2 = stablehlo.add %0, %1 : tensor<{n}xf32>\n  return %2 : tensor<{n}xf32>\n}}")
