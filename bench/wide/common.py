# SPDX-License-Identifier: Apache-2.0
"""What the programs of the wide set share: the table entry, shapes, and maps of the inputs."""

import dataclasses

import jax
import jax.numpy as jnp
import programs
from programs import between, f32, weights

__all__ = ["Entry", "between", "f32", "i32", "weights", "centred", "flag"]


@dataclasses.dataclass(frozen=True)
class Entry(programs.Program):
    tolerance: float = 1e-5  # of a result's largest magnitude
    loop_trips: int = 1  # of loops that the data end, where it matters for what dominates


def i32(*shape):
    """Numbers 0 .. 3."""
    return jax.ShapeDtypeStruct(shape, jnp.int32)


def flag(*shape):
    return jax.ShapeDtypeStruct(shape, jnp.bool_)


def centred(u, scale=1.0):
    """Maps uniform numbers of [0.05, 0.95) to [-scale, scale)."""
    return (u - 0.5) * (scale / 0.45)
