# SPDX-License-Identifier: Apache-2.0
"""Stencils: values of a grid from their neighbours, step after step."""

import jax.numpy as jnp
from jax import lax

from wide.common import Entry, between, f32, flag, i32


def heat(u):
    """Diffusion on a torus, 100 steps of the five-point stencil by rolls."""

    def step(_, u):
        around = jnp.roll(u, 1, 0) + jnp.roll(u, -1, 0) + jnp.roll(u, 1, 1) + jnp.roll(u, -1, 1)
        return u + 0.2 * (around - 4.0 * u)

    return lax.fori_loop(0, 100, step, u)


def heat_padded(u):
    """The same with a cold border, by slices and padding."""

    def step(_, u):
        inner = (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4.0 * u[1:-1, 1:-1])
        return u + jnp.pad(0.2 * inner, 1)

    return lax.fori_loop(0, 100, step, u)


def wave(u):
    """A string of 1000 points, 500 steps, every fifth point kept each step."""

    def step(state, _):
        now, last = state
        bend = jnp.pad(now[2:] - 2.0 * now[1:-1] + now[:-2], 1)
        new = 2.0 * now - last + 0.25 * bend
        return (new, now), new[::5]

    return lax.scan(step, (u, u), None, length=500)


def life(cells):
    """Conway's game on a torus, 50 generations."""

    def step(_, cells):
        n = sum(jnp.roll(cells, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)
                if (i, j) != (0, 0))
        return ((n == 3) | ((cells == 1) & (n == 2))).astype(jnp.int32)

    return lax.fori_loop(0, 50, step, cells & 1)


def poisson(source):
    """Jacobi's iteration until the change is small."""

    def step(state):
        u, _, count = state
        p = jnp.pad(u, 1)
        new = 0.25 * (p[2:, 1:-1] + p[:-2, 1:-1] + p[1:-1, 2:] + p[1:-1, :-2] + source)
        return new, jnp.max(jnp.abs(new - u)), count + 1

    state = (jnp.zeros_like(source), jnp.float32(1), jnp.int32(0))
    return lax.while_loop(lambda s: (s[1] > 2e-3) & (s[2] < 300), step, state)[0]


def shallow_water(h, u, v):
    """Height and velocities on a torus, 50 steps."""
    h = 1.0 + 0.1 * h

    def dx(a):
        return 0.5 * (jnp.roll(a, -1, 0) - jnp.roll(a, 1, 0))

    def dy(a):
        return 0.5 * (jnp.roll(a, -1, 1) - jnp.roll(a, 1, 1))

    def step(_, state):
        h, u, v = state
        nu = u - 0.01 * (u * dx(u) + v * dy(u) + 9.8 * dx(h))
        nv = v - 0.01 * (u * dx(v) + v * dy(v) + 9.8 * dy(h))
        return h - 0.01 * (dx(h * nu) + dy(h * nv)), nu, nv

    return lax.fori_loop(0, 50, step, (h, 0.1 * u, 0.1 * v))


def lattice_boltzmann(f):
    """Nine velocities on a 64 x 64 torus: collide, stream, 50 steps."""
    cx = jnp.array([0, 1, 0, -1, 0, 1, -1, -1, 1], jnp.float32)
    cy = jnp.array([0, 0, 1, 0, -1, 1, 1, -1, -1], jnp.float32)
    w = jnp.array([4 / 9] + [1 / 9] * 4 + [1 / 36] * 4)
    moves = ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))

    def step(_, f):
        rho = jnp.sum(f, axis=0)
        ux = jnp.tensordot(cx, f, 1) / rho
        uy = jnp.tensordot(cy, f, 1) / rho
        cu = cx[:, None, None] * ux + cy[:, None, None] * uy
        even = w[:, None, None] * rho * (
            1.0 + 3.0 * cu + 4.5 * cu * cu - 1.5 * (ux * ux + uy * uy))
        f = f + 0.6 * (even - f)
        return jnp.stack([jnp.roll(f[i], moves[i], (0, 1)) for i in range(9)])

    return lax.fori_loop(0, 50, step, w[:, None, None] * between(f, 0.9, 1.1))


def reaction_diffusion(a, b):
    """Gray and Scott's model, 50 steps."""

    def laplacian(x):
        return (jnp.roll(x, 1, 0) + jnp.roll(x, -1, 0) + jnp.roll(x, 1, 1) + jnp.roll(x, -1, 1)
                - 4.0 * x)

    def step(_, state):
        a, b = state
        r = a * b * b
        return (a + 0.16 * laplacian(a) - r + 0.035 * (1.0 - a),
                b + 0.08 * laplacian(b) + r - 0.1 * b)

    return lax.fori_loop(0, 50, step, (a, b))


def flood_fill(open_cells):
    """Distance of every reachable cell from the corner: a loop until nothing changes."""
    far = jnp.int32(1 << 20)
    passable = open_cells | (jnp.arange(128)[:, None] % 4 == 0)

    def step(state):
        d, _ = state
        p = jnp.pad(d, 1, constant_values=1 << 20)
        near = jnp.minimum(jnp.minimum(p[2:, 1:-1], p[:-2, 1:-1]),
                           jnp.minimum(p[1:-1, 2:], p[1:-1, :-2]))
        new = jnp.where(passable, jnp.minimum(d, near + 1), far)
        return new, jnp.any(new != d)

    start = jnp.full((128, 128), far).at[0, 0].set(0)
    return lax.while_loop(lambda s: s[1], step, (start, jnp.bool_(True)))[0]


PROGRAMS = (
    Entry("heat", heat, (f32(256, 256),)),
    Entry("heat_padded", heat_padded, (f32(256, 256),)),
    Entry("wave", wave, (f32(1000),), tolerance=1e-4),
    Entry("life", life, (i32(256, 256),)),
    Entry("poisson", poisson, (f32(128, 128),), tolerance=1e-3),
    Entry("shallow_water", shallow_water, (f32(128, 128),) * 3, tolerance=1e-4),
    Entry("lattice_boltzmann", lattice_boltzmann, (f32(9, 64, 64),), tolerance=1e-4),
    Entry("reaction_diffusion", reaction_diffusion, (f32(128, 128),) * 2, tolerance=1e-4),
    Entry("flood_fill", flood_fill, (flag(128, 128),)),
)
