# SPDX-License-Identifier: Apache-2.0
"""Run by test_wheel.py: trains a small network on JAX's default backend, prints what happened as JSON."""
import functools
import json

import jax
import jax.numpy as jnp


def loss(params, x, y):
    for w, b in params[:-1]:
        x = jax.nn.gelu(x @ w + b)
    w, b = params[-1]
    logits = x @ w + b
    return -jnp.mean(jnp.sum(jax.nn.log_softmax(logits) * y, axis=-1))


@functools.partial(jax.jit, donate_argnums=0)
def step(params, x, y):
    value, grads = jax.value_and_grad(loss)(params, x, y)
    return jax.tree.map(lambda p, g: p - 0.2 * g, params, grads), value


def main():
    keys = jax.random.split(jax.random.key(0), 4)
    sizes = (8, 32, 32, 4)
    params = [(jax.random.normal(k, (m, n)) / m ** 0.5, jnp.zeros(n))
              for k, m, n in zip(keys, sizes[:-1], sizes[1:])]
    x = jax.random.normal(keys[3], (256, 8))
    y = jax.nn.one_hot(jnp.argmax(x[:, :4], axis=-1), 4)
    first = params[0][0]
    losses = []
    for _ in range(60):
        params, value = step(params, x, y)
        losses.append(float(value))
    device = jax.devices()[0]
    print(json.dumps({
        "platform": device.platform,
        "runtime": device.client.platform_version,
        "donated": first.is_deleted(),
        "losses": losses,
    }))


if __name__ == "__main__":
    main()
