# SPDX-License-Identifier: Apache-2.0
"""Elements of 16 and 8 bits: rows, activations, optimisers, and products of small integers."""

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, centred, f32

TOLERANCE = 2e-2  # XLA leaves out roundings between operations of bf16 and f16


def _narrow(dtype):
    return lambda *shape: jax.ShapeDtypeStruct(shape, dtype)


bf16, f16 = _narrow(jnp.bfloat16), _narrow(jnp.float16)


def rms_norm_bf16(x, scale):
    """The mean of squares in f32, the rest in bf16, as language models have it."""
    mean = jnp.mean(jnp.square(x.astype(jnp.float32)), axis=-1, keepdims=True)
    return x * lax.rsqrt(mean + 1e-6).astype(x.dtype) * scale


def layer_norm_f16(x, scale, offset):
    mean, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) * lax.rsqrt(var + 1e-5) * scale + offset


def softmax_bf16(x):
    return jax.nn.softmax(centred(x, 4.0), axis=-1)


def swiglu_f16(gate, up):
    return jax.nn.silu(centred(gate, 4.0)) * up


def bias_relu_f16(x, bias):
    return jax.nn.relu(x - bias)


def adam_bf16(p, g, m, v):
    """Parameters in bf16, moments in f32."""
    g = g.astype(jnp.float32)
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    moved = p.astype(jnp.float32) - 1e-3 * m / (jnp.sqrt(v) + 1e-8)
    return moved.astype(p.dtype), m, v


def int8_dense(x, w, scale):
    """A layer of a quantized network: rounds, multiplies integers, scales."""
    xq = jnp.clip(jnp.round(centred(x) * 127), -128, 127).astype(jnp.int8)
    wq = jnp.clip(jnp.round(centred(w) * 127), -128, 127).astype(jnp.int8)
    sums = lax.dot_general(xq, wq, (((1,), (0,)), ((), ())), preferred_element_type=jnp.int32)
    return sums.astype(jnp.float32) * scale


def hash_buckets(x):
    """Remainders by a prime, as hashing and data loaders take them."""
    keys = (x * 1e6).astype(jnp.int32)

    def step(h, _):
        h = (h * 31 + keys) % 1000003
        return h, None

    return lax.scan(step, keys, None, length=20)[0]


PROGRAMS = (
    Entry("rms_norm_bf16", rms_norm_bf16, (bf16(1024, 1024), bf16(1024)), tolerance=TOLERANCE),
    Entry("layer_norm_f16", layer_norm_f16, (f16(512, 1024), f16(1024), f16(1024)),
          tolerance=TOLERANCE),
    Entry("softmax_bf16", softmax_bf16, (bf16(512, 1024),), tolerance=TOLERANCE),
    Entry("swiglu_f16", swiglu_f16, (f16(512, 1024), f16(512, 1024)), tolerance=TOLERANCE),
    Entry("bias_relu_f16", bias_relu_f16, (f16(512, 1024), f16(1024)), tolerance=TOLERANCE),
    Entry("adam_bf16", adam_bf16, (bf16(512, 512), bf16(512, 512), f32(512, 512), f32(512, 512)),
          tolerance=TOLERANCE),
    # XLA multiplies the constants of two scalings first: numbers between two integers round apart.
    Entry("int8_dense", int8_dense, (f32(128, 1024), f32(1024, 256), f32(256)), tolerance=1e-3),
    Entry("hash_buckets", hash_buckets, (f32(16384),)),
)
