# SPDX-License-Identifier: Apache-2.0
"""Loops of scalars: the cost of a trip decides, not that of arithmetic."""

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, centred, f32, i32


def ten_scalar_ops(x, y):
    """100 000 trips of ten dependent operations."""

    def step(_, state):
        a, b = state
        c = a * 0.999 + b * 0.001
        d = jnp.maximum(b - c * 0.01, 0.0)
        return c, jnp.minimum(d + 0.002, 1.0)

    return lax.fori_loop(0, 100_000, step, (x, y))


def collatz(salt):
    """Steps of 3n + 1 from a large start: a loop of integers and a condition."""
    start = 837799 + salt

    def step(state):
        n, count = state
        return jnp.where(n % 2 == 0, n // 2, 3 * (n % 1_000_003) + 1), count + 1

    return lax.while_loop(lambda s: (s[0] != 1) & (s[1] < 20_000), step, (start, jnp.int32(0)))


def linear_congruence(seed):
    """50 000 steps of a generator and a count of its small values."""

    def step(_, state):
        s, count = state
        s = s * jnp.uint32(1664525) + jnp.uint32(1013904223)
        return s, count + (s < jnp.uint32(1 << 28)).astype(jnp.int32)

    return lax.fori_loop(0, 50_000, step, (seed.astype(jnp.uint32), jnp.int32(0)))


def bisection(target):
    """2000 roots one after another, 30 halvings each: loops in a loop."""

    def root(t):
        def halve(_, span):
            low, high = span
            middle = 0.5 * (low + high)
            above = middle * middle * middle + middle > t
            return jnp.where(above, low, middle), jnp.where(above, middle, high)

        return lax.fori_loop(0, 30, halve, (jnp.float32(0), jnp.float32(1)))[0]

    return lax.map(root, target)


def running_statistics(x):
    """Welford's algorithm over 20 000 numbers, with the extremes."""

    def step(state, v):
        count, mean, square, low, high = state
        count = count + 1.0
        delta = v - mean
        mean = mean + delta / count
        return (count, mean, square + delta * (v - mean), jnp.minimum(low, v),
                jnp.maximum(high, v)), None

    zero = jnp.float32(0)
    return lax.scan(step, (zero, zero, zero, zero + 9.0, zero - 9.0), x)[0]


def sixty_scalars_grad(x, w):
    """A scan over 60 scalars, 614 steps, value and gradient."""

    def loss(w):
        def step(state, v):
            new = tuple(0.9 * s + 0.1 * jnp.tanh(w[i % 8] * v + state[(i + 1) % 60])
                        for i, s in enumerate(state))
            return new, None

        state, _ = lax.scan(step, tuple(x[i] for i in range(60)), x)
        return sum(s * s for s in state)

    return jax.value_and_grad(loss)(centred(w))


def small_vectors(x, v):
    """20 000 trips on vectors of eight."""
    step = lambda _, s: (s[0] + 0.01 * s[1], 0.999 * s[1] - 0.01 * s[0])  # noqa: E731
    return lax.fori_loop(0, 20_000, step, (x, v))


def small_matrix_powers(a):
    """5000 products of 4 x 4 matrices, each scaled back."""

    def step(_, m):
        m = m @ a
        return m / jnp.max(jnp.abs(m))

    return lax.fori_loop(0, 5000, step, jnp.eye(4))


def ring_buffer(x):
    """A delay line of 64 samples, one read and one written per step."""

    def step(carry, v):
        line, position = carry
        old = lax.dynamic_index_in_dim(line, position, keepdims=False)
        new = 0.5 * old + v
        line = lax.dynamic_update_index_in_dim(line, new, position, 0)
        return (line, (position + 1) % 64), new

    return lax.scan(step, (jnp.zeros(64), jnp.int32(0)), x)[1]


def sieve(salt):
    """Primes below 4096, one mask per candidate."""
    n = jnp.arange(4096, dtype=jnp.int32)

    def step(i, prime):
        p = i + 2
        return prime & ((n % p != 0) | (n <= p))

    return lax.fori_loop(0, 62, step, n + salt * 0 > 1)


def quicksort_like_scan(x):
    """Insertion of 256 numbers into a sorted list, by comparison and shift."""

    def insert(kept, v):
        place = jnp.sum(kept < v)
        index = jnp.arange(256)
        shifted = jnp.roll(kept, 1)
        return jnp.where(index < place, kept, jnp.where(index == place, v, shifted)), None

    return lax.scan(insert, jnp.full(256, jnp.inf), x)[0]


def branches(x, kind):
    """5000 steps of one of four branches, chosen by data."""

    def step(carry, k):
        return lax.switch(k, [lambda c: c + 0.1, lambda c: c * 0.9, lambda c: jnp.sin(c),
                              lambda c: 1.0 / (1.0 + c * c)], carry), None

    return lax.scan(step, x, kind)[0]


PROGRAMS = (
    Entry("ten_scalar_ops", ten_scalar_ops, (f32(), f32()), tolerance=1e-3),
    Entry("collatz", collatz, (i32(),)),
    Entry("linear_congruence", linear_congruence, (i32(),)),
    Entry("bisection", bisection, (f32(2000),)),
    Entry("running_statistics", running_statistics, (f32(20_000),), tolerance=1e-4),
    Entry("sixty_scalars_grad", sixty_scalars_grad, (f32(614), f32(8)), tolerance=1e-4),
    Entry("small_vectors", small_vectors, (f32(8), f32(8)), tolerance=1e-3),
    Entry("small_matrix_powers", small_matrix_powers, (f32(4, 4),), tolerance=1e-3),
    Entry("ring_buffer", ring_buffer, (f32(10_000),)),
    Entry("sieve", sieve, (i32(),)),
    Entry("insertion_sort", quicksort_like_scan, (f32(256),)),
    Entry("branches", branches, (f32(), i32(5000)), tolerance=1e-4),
)
