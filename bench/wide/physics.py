# SPDX-License-Identifier: Apache-2.0
"""Differential equations, rigid bodies and filters: small states, many steps."""

import functools

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, between, centred, f32


def _runge_kutta(field, y, dt):
    k1 = field(y)
    k2 = field(jax.tree.map(lambda a, k: a + 0.5 * dt * k, y, k1))
    k3 = field(jax.tree.map(lambda a, k: a + 0.5 * dt * k, y, k2))
    k4 = field(jax.tree.map(lambda a, k: a + dt * k, y, k3))
    return jax.tree.map(lambda a, p, q, r, s: a + dt / 6.0 * (p + 2.0 * q + 2.0 * r + s),
                        y, k1, k2, k3, k4)


def _lorenz(state):
    x, y, z = state
    return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z


def lorenz_scalars(x, y, z):
    """The Lorenz system, three scalars, 500 Runge-Kutta steps, every state kept."""

    def step(state, _):
        state = _runge_kutta(_lorenz, state, 0.002)
        return state, state

    return lax.scan(step, (x, y, z), None, length=500)


def lorenz_ensemble(x, y, z):
    """The same for 4096 starts at once, only the last state."""
    step = lambda _, s: _runge_kutta(_lorenz, s, 0.002)  # noqa: E731
    return lax.fori_loop(0, 200, step, (x, y, z))


def adaptive_van_der_pol(x, v):
    """Adaptive Heun-Euler steps until time 5: a loop whose length the data decide."""
    field = lambda x, v: (v, 2.0 * (1.0 - x * x) * v - x)  # noqa: E731

    def step(state):
        t, h, x, v, count = state
        a1, b1 = field(x, v)
        a2, b2 = field(x + h * a1, v + h * b1)
        error = 0.5 * h * jnp.maximum(jnp.abs(a2 - a1), jnp.abs(b2 - b1))
        good = error < 1e-4
        nx, nv = x + 0.5 * h * (a1 + a2), v + 0.5 * h * (b1 + b2)
        factor = jnp.clip(0.9 * jnp.sqrt(1e-4 / (error + 1e-12)), 0.3, 2.0)
        return (jnp.where(good, t + h, t), h * factor, jnp.where(good, nx, x),
                jnp.where(good, nv, v), count + 1)

    state = (jnp.float32(0), jnp.float32(0.01), x, v, jnp.int32(0))
    t, _, x, v, count = lax.while_loop(lambda s: (s[0] < 5.0) & (s[4] < 20000), step, state)
    return x, v


def n_body(position, velocity):
    """128 bodies, ten leapfrog steps."""
    velocity = centred(velocity, 0.1)

    def acceleration(p):
        d = p[None] - p[:, None]
        return jnp.sum(d * (jnp.sum(d * d, axis=-1, keepdims=True) + 0.01) ** -1.5, axis=1) / 128

    def step(_, state):
        p, v = state
        v = v + 0.005 * acceleration(p)
        p = p + 0.01 * v
        return p, v + 0.005 * acceleration(p)

    return lax.fori_loop(0, 10, step, (position, velocity))


def _rotation(axis, angle):
    c, s, o, z = jnp.cos(angle), jnp.sin(angle), jnp.float32(1), jnp.float32(0)
    rows = ([[o, z, z], [z, c, -s], [z, s, c]], [[c, z, s], [z, o, z], [-s, z, c]],
            [[c, -s, z], [s, c, z], [z, z, o]])[axis]
    return jnp.stack([jnp.stack(row) for row in rows])


def _chain(angles, lengths):
    """Position of every joint of an arm, link by link."""
    turn, point, points = jnp.eye(3), jnp.zeros(3), []
    for i in range(angles.shape[0]):
        turn = turn @ _rotation(i % 3, angles[i])
        point = point + turn @ (jnp.array([1.0, 0.0, 0.0]) * lengths[i])
        points.append(point)
    return jnp.stack(points)


def arm_jacobian(angles, lengths):
    """Kinematics of a seven-joint arm and its Jacobian, unrolled."""
    angles = centred(angles, 2.0)
    return _chain(angles, lengths), jax.jacfwd(_chain)(angles, lengths)


def arm_inverse(angles, lengths, target):
    """Twenty gradient steps of inverse kinematics."""
    loss = lambda a: jnp.sum((_chain(a, lengths)[-1] - target) ** 2)  # noqa: E731
    return lax.fori_loop(0, 20, lambda _, a: a - 0.05 * jax.grad(loss)(a), centred(angles, 1.0))


def double_pendulum(q, p):
    """A pendulum of two links by Hamilton's equations, derivatives by autodiff, 200 steps."""

    def energy(q, p):
        delta = q[0] - q[1]
        kinetic = (p[0] ** 2 + 2 * p[1] ** 2 - 2 * p[0] * p[1] * jnp.cos(delta)) / (
            2.0 * (1.0 + jnp.sin(delta) ** 2))
        return kinetic - 2 * jnp.cos(q[0]) - jnp.cos(q[1])

    def field(state):
        dq, dp = jax.grad(energy, argnums=(0, 1))(*state)
        return dp, -dq

    step = lambda _, s: _runge_kutta(field, s, 0.01)  # noqa: E731
    return lax.fori_loop(0, 200, step, (q, p))


def cartpole_grad(gain, state):
    """A linear controller of a cart and pole over 200 steps, and the gradient by its gains."""

    def loss(gain):
        def step(s, _):
            x, v, a, w = s
            force = jnp.dot(gain, jnp.stack(s))
            sine, cosine = jnp.sin(a), jnp.cos(a)
            inner = (force + 0.05 * w * w * sine) / 1.1
            turn = (9.8 * sine - cosine * inner) / (0.5 * (4 / 3 - 0.1 * cosine**2 / 1.1))
            push = inner - 0.05 * turn * cosine / 1.1
            s = (x + 0.01 * v, v + 0.01 * push, a + 0.01 * w, w + 0.01 * turn)
            return s, x * x + a * a

        _, costs = lax.scan(step, tuple(centred(state, 0.05)), None, length=200)
        return jnp.sum(costs)

    return jax.value_and_grad(loss)(gain * jnp.array([2.0, 4.0, 40.0, 10.0]))


def kalman(measurements):
    """A Kalman filter with four states over 300 measurements of two coordinates."""
    f = jnp.eye(4) + 0.1 * jnp.eye(4, k=2)
    h = jnp.eye(2, 4)

    def step(carry, z):
        x, cov = carry
        x, cov = f @ x, f @ cov @ f.T + 0.01 * jnp.eye(4)
        s = h @ cov @ h.T + 0.1 * jnp.eye(2)
        det = s[0, 0] * s[1, 1] - s[0, 1] * s[1, 0]
        inverse = jnp.array([[1.0, -1.0], [-1.0, 1.0]]) * s[::-1, ::-1].T / det
        gain = cov @ h.T @ inverse
        x = x + gain @ (z - h @ x)
        return (x, (jnp.eye(4) - gain @ h) @ cov), x

    return lax.scan(step, (jnp.zeros(4), jnp.eye(4)), measurements)


def biquad(signal, coefficients):
    """A second-order filter over 8192 samples: five products in a chain per sample."""
    b0, b1, b2, a1, a2 = coefficients * jnp.array([0.3, 0.3, 0.3, -0.5, 0.3])

    def step(s, x):
        y = b0 * x + s[0]
        return (b1 * x - a1 * y + s[1], b2 * x - a2 * y), y

    return lax.scan(step, (jnp.float32(0), jnp.float32(0)), signal)[1]


@functools.partial(jax.vmap, in_axes=(0, 0, None))
def _spring_energy(a, b, stiffness):
    return stiffness * (jnp.sqrt(jnp.sum((a - b) ** 2) + 1e-6) - 0.01) ** 2


def cloth(position):
    """A 32 x 32 net of springs, energy by autodiff, twenty steps."""

    def energy(p):
        flat = lambda a: a.reshape(-1, 3)  # noqa: E731
        return (jnp.sum(_spring_energy(flat(p[1:]), flat(p[:-1]), 4.0))
                + jnp.sum(_spring_energy(flat(p[:, 1:]), flat(p[:, :-1]), 4.0))
                + 0.1 * jnp.sum(p[..., 2]))

    def step(_, state):
        p, v = state
        v = 0.99 * v - 0.01 * jax.grad(energy)(p)
        return p + 0.01 * v, v

    return lax.fori_loop(0, 20, step, (position, jnp.zeros_like(position)))


def pid_bank(target, gains):
    """1024 controllers of second-order plants, 100 steps."""
    kp, ki, kd = (between(gains[i], 0.5, 2.0) for i in range(3))

    def step(_, state):
        x, v, total, last = state
        error = target - x
        force = kp * error + ki * total + kd * (error - last) * 0.1
        v = v + 0.01 * (force - 0.5 * v - x)
        return x + 0.01 * v, v, total + 0.01 * error, error

    zero = jnp.zeros_like(target)
    return lax.fori_loop(0, 100, step, (zero, zero, zero, target))


PROGRAMS = (
    Entry("lorenz_scalars", lorenz_scalars, (f32(), f32(), f32()), tolerance=1e-3),
    Entry("lorenz_ensemble", lorenz_ensemble, (f32(4096),) * 3, tolerance=1e-3),
    Entry("adaptive_van_der_pol", adaptive_van_der_pol, (f32(), f32()), tolerance=1e-2),
    Entry("n_body", n_body, (f32(128, 3), f32(128, 3)), tolerance=1e-4),
    Entry("arm_jacobian", arm_jacobian, (f32(7), f32(7))),
    Entry("arm_inverse", arm_inverse, (f32(7), f32(7), f32(3)), tolerance=1e-4),
    Entry("double_pendulum", double_pendulum, (f32(2), f32(2)), tolerance=1e-4),
    Entry("cartpole_grad", cartpole_grad, (f32(4), f32(4)), tolerance=1e-3),
    Entry("kalman", kalman, (f32(300, 2),), tolerance=1e-4),
    Entry("biquad", biquad, (f32(8192), f32(5))),
    Entry("cloth", cloth, (f32(32, 32, 3),), tolerance=1e-4),
    Entry("pid_bank", pid_bank, (f32(1024), f32(3, 1024))),
)
