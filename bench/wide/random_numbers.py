# SPDX-License-Identifier: Apache-2.0
"""Monte Carlo methods with JAX's own generator, and sorting."""

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, between, f32

KEY = jax.ShapeDtypeStruct((2,), jnp.uint32)


def estimate_pi(key):
    x = jax.random.uniform(jax.random.wrap_key_data(key), (2, 500_000))
    return 4.0 * jnp.mean((jnp.sum(x * x, axis=0) < 1.0).astype(jnp.float32))


def asian_option(key, spot, vol):
    """The mean along 4096 paths of 64 steps, prices of a call on it."""
    vol = between(vol, 0.1, 0.4)

    def step(state, key):
        log_price, total = state
        z = jax.random.normal(key, (4096,))
        log_price = log_price + 0.125 * vol * z - 0.0078125 * vol * vol
        return (log_price, total + jnp.exp(log_price)), None

    keys = jax.random.split(jax.random.wrap_key_data(key), 64)
    start = (jnp.zeros(4096) + jnp.log(spot), jnp.zeros(4096))
    (_, total), _ = lax.scan(step, start, keys)
    return jnp.mean(jnp.maximum(total / 64.0 - spot, 0.0)), jnp.std(total)


def metropolis(key, start):
    """One chain of 1000 steps: a key split and two draws per step, all scalars."""

    def density(x):
        return -0.5 * x * x - 0.1 * x**4

    def step(state, key):
        x, count = state
        a, b = jax.random.split(key)
        proposal = x + 0.8 * jax.random.normal(a)
        accept = jnp.log(jax.random.uniform(b)) < density(proposal) - density(x)
        x = jnp.where(accept, proposal, x)
        return (x, count + accept.astype(jnp.int32)), x

    keys = jax.random.split(jax.random.wrap_key_data(key), 1000)
    return lax.scan(step, (start, jnp.int32(0)), keys)


def ising(key, spins):
    """Checkerboard updates of a 128 x 128 magnet, twenty sweeps."""
    spins = jnp.where(spins > 0.5, 1.0, -1.0)
    board = (jnp.arange(128)[:, None] + jnp.arange(128)[None]) % 2

    def sweep(spins, key):
        draws = jax.random.uniform(key, (2, 128, 128))
        for colour in (0, 1):
            around = (jnp.roll(spins, 1, 0) + jnp.roll(spins, -1, 0)
                      + jnp.roll(spins, 1, 1) + jnp.roll(spins, -1, 1))
            flip = (draws[colour] < jnp.exp(-0.8 * spins * around)) & (board == colour)
            spins = jnp.where(flip, -spins, spins)
        return spins, jnp.mean(spins)

    return lax.scan(sweep, spins, jax.random.split(jax.random.wrap_key_data(key), 20))


def dropout_noise(key, x):
    """Dropout, then Gaussian noise, of a 256 x 1024 activation."""
    a, b = jax.random.split(jax.random.wrap_key_data(key))
    kept = jax.random.bernoulli(a, 0.9, x.shape)
    return jnp.where(kept, x / 0.9, 0.0) + 0.01 * jax.random.normal(b, x.shape)


def categorical_sampling(key, logits):
    """One draw from each of 512 distributions of 256 values."""
    return jax.random.categorical(jax.random.wrap_key_data(key), 4.0 * logits)


def importance_resampling(key, particles, weight):
    """A particle filter's step: sums of whole weights, search, gather, move."""
    a, b = jax.random.split(jax.random.wrap_key_data(key))
    total = jnp.cumsum((weight * 1000.0).astype(jnp.int32))
    marks = (jnp.arange(4096) * total[-1] + jax.random.randint(a, (), 0, 4096)) // 4096
    chosen = particles[jnp.clip(jnp.searchsorted(total, marks), 0, 4095)]
    return chosen + 0.01 * jax.random.normal(b, chosen.shape)


def bitonic_network(x):
    """512 rows of 64 sorted by the unrolled bitonic network."""
    n = x.shape[-1]
    index = jnp.arange(n)
    block = 2
    while block <= n:
        gap = block // 2
        while gap:
            halves = x.reshape(x.shape[0], -1, 2, gap)
            low = jnp.minimum(halves[:, :, 0], halves[:, :, 1])
            high = jnp.maximum(halves[:, :, 0], halves[:, :, 1])
            rising = ((index.reshape(-1, 2, gap)[:, 0] & block) == 0)[None]
            x = jnp.stack([jnp.where(rising, low, high), jnp.where(rising, high, low)],
                          axis=2).reshape(x.shape)
            gap //= 2
        block *= 2
    return x


def sort_rows(x):
    return jnp.sort(x, axis=-1)


def rank_and_gather(x, payload):
    order = jnp.argsort(x)
    return x[order], payload[order]


def best_of_rows(x):
    return lax.top_k(x, 10)


def quantiles(x):
    return jnp.quantile(x, jnp.array([0.1, 0.25, 0.5, 0.75, 0.9]), axis=0)


PROGRAMS = (
    Entry("estimate_pi", estimate_pi, (KEY,)),
    Entry("asian_option", asian_option, (KEY, f32(), f32()), tolerance=1e-4),
    Entry("metropolis", metropolis, (KEY, f32()), tolerance=1e-4),
    Entry("ising", ising, (KEY, f32(128, 128))),
    Entry("dropout_noise", dropout_noise, (KEY, f32(256, 1024))),
    Entry("categorical_sampling", categorical_sampling, (KEY, f32(512, 256))),
    Entry("importance_resampling", importance_resampling, (KEY, f32(4096), f32(4096)),
          tolerance=1e-3),
    Entry("bitonic_network", bitonic_network, (f32(512, 64),)),
    Entry("sort_rows", sort_rows, (f32(256, 1000),)),
    Entry("rank_and_gather", rank_and_gather, (f32(20_000), f32(20_000))),
    Entry("best_of_rows", best_of_rows, (f32(128, 1000),)),
    Entry("quantiles", quantiles, (f32(1000, 32),)),
)
