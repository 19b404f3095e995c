# SPDX-License-Identifier: Apache-2.0
"""Linear algebra that pivots: solving, determinants, inverses."""

import jax
import jax.numpy as jnp

from wide.common import Entry, centred, f32


def _regular(a):
    return centred(a) + 4 * jnp.eye(a.shape[-1])


def linear_solve(a, b):
    return jnp.linalg.solve(_regular(a), b)


def lu_factors(a):
    return jax.scipy.linalg.lu_factor(_regular(a))[0]


def batched_solves(a, b):
    """Many small systems, as a simulation has them at every node."""
    return jnp.linalg.solve(_regular(a), b)


def log_determinant_grad(a):
    return jax.grad(lambda a: jnp.linalg.slogdet(_regular(a))[1])(a)


PROGRAMS = (
    Entry("linear_solve", linear_solve, (f32(64, 64), f32(64, 4)), tolerance=1e-4),
    Entry("lu_factors", lu_factors, (f32(256, 256),), tolerance=1e-3),
    Entry("batched_solves", batched_solves, (f32(128, 12, 12), f32(128, 12, 1)), tolerance=1e-4),
    Entry("log_determinant_grad", log_determinant_grad, (f32(100, 100),), tolerance=1e-3),
)
