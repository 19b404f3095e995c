# SPDX-License-Identifier: Apache-2.0
"""Long straight lines: what Python loops unroll into."""

import jax
import jax.numpy as jnp

from wide.common import Entry, centred, f32, i32


def sha256_rounds(block):
    """The first 16 rounds of SHA-256 over 1024 lanes, unrolled: more take XLA minutes."""
    def turn(x, n):
        return (x >> n) | (x << (32 - n))

    w = [block[i].astype(jnp.uint32) * jnp.uint32(2654435761) for i in range(16)]
    a, b, c, d, e, f, g, h = (jnp.uint32(0x6A09E667 * (k + 1) & 0xFFFFFFFF) for k in range(8))
    for i in range(16):
        s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
        t1 = h + s1 + ((e & f) ^ (~e & g)) + jnp.uint32((i * 0x9E3779B1) & 0xFFFFFFFF) + w[i]
        s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
        t2 = s0 + ((a & b) ^ (a & c) ^ (b & c))
        a, b, c, d, e, f, g, h = t1 + t2, a, b, c, d + t1, e, f, g
    return jnp.stack([x + jnp.zeros(1024, jnp.uint32) for x in (a, b, c, d, e, f, g, h)])


def long_formula(x, y):
    """About 2000 arithmetic operations on one vector."""
    a, b, c = x, y, x * y
    for i in range(400):
        a, b, c = b * 0.5 + c * 0.3, jnp.maximum(c, a * 0.7), a * 0.25 + b * 0.5
    return a + b + c


def ten_thousand_operations(x, y):
    """About 10 000 arithmetic operations on scalars."""
    a, b = x, y
    for i in range(2500):
        a, b = a * 0.5 + b * 0.49, jnp.minimum(b * 0.9 + 0.01 * (i % 7), a)
    return a, b


def small_matrix_products(m):
    """Two hundred products of 4 x 4 matrices with scaling, unrolled."""
    a, b = m[0], m[1]
    for i in range(200):
        a, b = a @ b * 0.4, a * 0.5 + b.T * 0.5
    return a, b


def gauss_elimination(a, b):
    """A linear system of 16 unknowns, unrolled row by row."""
    a = a + 8.0 * jnp.eye(16)
    rows = [jnp.concatenate([a[i], b[i:i + 1]]) for i in range(16)]
    for i in range(16):
        rows[i] = rows[i] / rows[i][i]
        for j in range(16):
            if j != i:
                rows[j] = rows[j] - rows[j][i] * rows[i]
    return jnp.stack([row[16] for row in rows])


def cholesky_scalars(a):
    """Cholesky's factor of 10 x 10, by scalars."""
    n = 10
    s = a @ a.T + jnp.eye(n)
    low = [[None] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = s[i, j] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = jnp.sqrt(rest) if i == j else rest / low[j][j]
    zero = jnp.float32(0)
    return jnp.stack([jnp.stack([low[i][j] if j <= i else zero for j in range(n)])
                      for i in range(n)])


def deep_mlp_unrolled(x, w):
    """Forty small dense layers, their loss and gradients."""

    def loss(w):
        h = x
        for i in range(40):
            h = h + 0.1 * jnp.tanh(h @ centred(w[i], 0.3))
        return jnp.mean(h * h)

    return jax.value_and_grad(loss)(w)


def decision_forest(x, thresholds):
    """Thirty trees of depth four as nested selections."""
    total = jnp.zeros(x.shape[0])
    for tree in range(30):
        def node(level, index, tree=tree):
            if level == 4:
                return thresholds[tree, index % 16] - 0.5
            split = x[:, (tree + index) % 8] < thresholds[tree, (index * 3 + level) % 16]
            return jnp.where(split, node(level + 1, 2 * index), node(level + 1, 2 * index + 1))

        total = total + node(0, 1)
    return total


PROGRAMS = (
    Entry("sha256_rounds", sha256_rounds, (i32(16, 1024),)),
    Entry("long_formula", long_formula, (f32(4096), f32(4096))),
    Entry("ten_thousand_operations", ten_thousand_operations, (f32(), f32())),
    Entry("small_matrix_products", small_matrix_products, (f32(2, 4, 4),), tolerance=1e-4),
    Entry("gauss_elimination", gauss_elimination, (f32(16, 16), f32(16)), tolerance=1e-4),
    Entry("cholesky_scalars", cholesky_scalars, (f32(10, 10),), tolerance=1e-4),
    Entry("deep_mlp_unrolled", deep_mlp_unrolled, (f32(16, 32), f32(40, 32, 32)), tolerance=1e-4),
    Entry("decision_forest", decision_forest, (f32(4096, 8), f32(30, 16))),
)
