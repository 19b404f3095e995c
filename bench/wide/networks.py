# SPDX-License-Identifier: Apache-2.0
"""Neural networks: training steps, attention, recurrent cells, and classical learning."""

import math

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, centred, f32, i32, weights


def _scaled(tree):
    """Weights of the right size from uniform numbers; vectors become small offsets."""
    return jax.tree.map(
        lambda u: weights(u, math.prod(u.shape[:-1])) if u.ndim > 1 else centred(u, 0.1), tree)


def _cross_entropy(logits, labels):
    chosen = jax.nn.one_hot(labels, logits.shape[-1])
    return -jnp.mean(jnp.sum(chosen * jax.nn.log_softmax(logits), axis=-1))


def mlp_adam_step(params, first, second, x, labels):
    """A small classifier and one step of Adam over all of its parameters."""
    params = _scaled(params)

    def loss(params):
        h = x
        for w, b in params[:-1]:
            h = jax.nn.gelu(h @ w + b)
        w, b = params[-1]
        return _cross_entropy(h @ w + b, labels)

    value, grads = jax.value_and_grad(loss)(params)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, grads)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, grads)
    moved = jax.tree.map(lambda p, m, v: p - 1e-3 * m / (jnp.sqrt(v) + 1e-8), params, first, second)
    return value, moved, first, second


def logistic_regression(w, x, labels):
    """100 steps of gradient descent on a linear classifier."""
    x, y = centred(x), (labels >= 2).astype(jnp.float32)

    def loss(w):
        z = x @ w
        return jnp.mean(jnp.logaddexp(0.0, z) - y * z)

    def step(w, _):
        value, grad = jax.value_and_grad(loss)(w)
        return w - 0.5 * grad, value

    return lax.scan(step, centred(w), None, length=100)


def _norm(x, scale):
    return x * lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + 1e-6) * scale


def _attention(x, wq, wk, wv, heads):
    count, size = x.shape[-2:]
    split = lambda w: (x @ w).reshape(*x.shape[:-1], heads, size // heads)  # noqa: E731
    q, k, v = split(wq), split(wk), split(wv)
    scores = jnp.einsum("...qhd,...khd->...hqk", q, k) / math.sqrt(size // heads)
    mask = jnp.tril(jnp.ones((count, count), bool))
    scores = jnp.where(mask, scores, -1e30)
    mixed = jnp.einsum("...hqk,...khd->...qhd", jax.nn.softmax(scores, axis=-1), v)
    return mixed.reshape(x.shape)


def transformer_block(params, x):
    """RMS norm, causal attention, SwiGLU, with residuals."""
    x = x + _attention(_norm(x, params["n1"]), params["q"], params["k"], params["v"], 4) @ params["o"]
    h = _norm(x, params["n2"])
    return x + (jax.nn.silu(h @ params["gate"]) * (h @ params["up"])) @ params["down"]


def transformer_grad(params, x):
    params = _scaled(params)

    def loss(params):
        return jnp.mean(transformer_block(params, centred(x)) ** 2)

    return jax.value_and_grad(loss)(params)


def _block_shapes(size, hidden):
    square = f32(size, size)
    return {"q": square, "k": square, "v": square, "o": square, "n1": f32(size), "n2": f32(size),
            "gate": f32(size, hidden), "up": f32(size, hidden), "down": f32(hidden, size)}


def attention(x, wq, wk, wv):
    return _attention(centred(x), *_scaled((wq, wk, wv)), 8)


def rope_decode(x, wq, keys, values, position):
    """One step of decoding: rotary positions, attention over a cache, update of the cache."""
    heads, length, size = keys.shape
    q = (centred(x) @ weights(wq, wq.shape[0])).reshape(heads, size)
    angle = position.astype(jnp.float32) * 10000.0 ** (-jnp.arange(size // 2) / (size // 2))
    a, b = q[:, : size // 2], q[:, size // 2:]
    q = jnp.concatenate([a * jnp.cos(angle) - b * jnp.sin(angle),
                         a * jnp.sin(angle) + b * jnp.cos(angle)], axis=-1)
    keys = lax.dynamic_update_slice(keys, q[:, None, :], (0, position + 7, 0))
    scores = jnp.einsum("hd,hld->hl", q, keys) / math.sqrt(size)
    scores = jnp.where(jnp.arange(length) <= position + 500, scores, -1e30)
    return jnp.einsum("hl,hld->hd", jax.nn.softmax(scores), values), keys


def conv_net_grad(params, images, labels):
    """Two convolutions, pooling and a dense layer: loss and gradients."""
    params = _scaled(params)

    def convolve(x, w):
        return lax.conv_general_dilated(x, w, (1, 1), "SAME",
                                        dimension_numbers=("NHWC", "HWIO", "NHWC"))

    def pool(x):
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def loss(params):
        x = pool(jax.nn.relu(convolve(centred(images), params["c1"])))
        x = pool(jax.nn.relu(convolve(x, params["c2"])))
        return _cross_entropy(x.reshape(x.shape[0], -1) @ params["w"], labels)

    return jax.value_and_grad(loss)(params)


def batch_norm_grad(x, scale, offset):
    def loss(x, scale, offset):
        mean = jnp.mean(x, axis=(0, 1, 2))
        var = jnp.mean((x - mean) ** 2, axis=(0, 1, 2))
        y = jax.nn.relu((x - mean) * lax.rsqrt(var + 1e-5) * scale + offset)
        return jnp.mean(y**3)

    return jax.value_and_grad(loss, argnums=(0, 1, 2))(x, scale, offset)


def _lstm_loss(params, xs):
    size = params["h"].shape[0]

    def step(carry, x):
        h, c = carry
        i, f, g, o = jnp.split(x @ params["x"] + h @ params["h"] + params["b"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zeros = jnp.zeros((xs.shape[1], size))
    _, hs = lax.scan(step, (zeros, zeros), xs)
    return jnp.mean(hs**2)


def lstm_forward(params, xs):
    return _lstm_loss(_scaled(params), centred(xs))


def lstm_grad(params, xs):
    return jax.value_and_grad(_lstm_loss)(_scaled(params), centred(xs))


def _lstm_shapes(inputs, size):
    return {"x": f32(inputs, 4 * size), "h": f32(size, 4 * size), "b": f32(4 * size)}


def tiny_rnn_grad(params, xs):
    """One short sequence, sixteen units: the work of a step is a few matrix-vector products."""
    params = _scaled(params)

    def loss(params):
        def step(h, x):
            return jnp.tanh(x @ params["x"] + h @ params["h"] + params["b"]), None

        h, _ = lax.scan(step, jnp.zeros(16), centred(xs))
        return jnp.sum(h)

    return jax.value_and_grad(loss)(params)


def embedding_grad(table, tokens, w, labels):
    """Bag of words: gather of rows, mean, dense layer; the gradient scatters rows."""
    tokens = (tokens * 257 + jnp.arange(tokens.size).reshape(tokens.shape) * 31) % table.shape[0]

    def loss(table, w):
        return _cross_entropy(jnp.mean(table[tokens], axis=1) @ w, labels)

    return jax.value_and_grad(loss, argnums=(0, 1))(centred(table), weights(w, w.shape[0]))


def mixture_routing(x, gate, up, down):
    """A mixture of experts: two of eight by score, combined densely."""
    scores = jax.nn.softmax(centred(x) @ weights(gate, gate.shape[0]))
    best, index = lax.top_k(scores, 2)
    share = jnp.sum(jax.nn.one_hot(index, scores.shape[-1]) * best[..., None], axis=1)
    h = jax.nn.relu(jnp.einsum("td,edh->teh", centred(x), weights(up, up.shape[1])))
    return jnp.einsum("teh,ehd,te->td", h, weights(down, down.shape[1]), share)


def gaussian_mixture(x, means):
    """Twenty steps of expectation maximisation with diagonal covariances."""

    def step(_, state):
        means, log_var, log_weight = state
        d = x[:, None, :] - means[None]
        log_p = log_weight - 0.5 * jnp.sum(d * d / jnp.exp(log_var) + log_var, axis=-1)
        r = jax.nn.softmax(log_p, axis=-1)
        total = jnp.sum(r, axis=0) + 1e-3
        means = (r.T @ x) / total[:, None]
        d = x[:, None, :] - means[None]
        var = jnp.sum(r[..., None] * d * d, axis=0) / total[:, None]
        return means, jnp.log(var + 1e-3), jnp.log(total / x.shape[0])

    start = (means, jnp.full(means.shape, -2.0), jnp.full(means.shape[0], -2.0))
    return lax.fori_loop(0, 20, step, start)


def k_means(x, centres):
    """Ten rounds of Lloyd's algorithm."""

    def step(_, centres):
        distance = jnp.sum((x[:, None, :] - centres[None]) ** 2, axis=-1)
        label = jnp.argmin(distance, axis=-1)
        total = jax.ops.segment_sum(x, label, centres.shape[0])
        count = jax.ops.segment_sum(jnp.ones(x.shape[0]), label, centres.shape[0])
        return total / jnp.maximum(count, 1.0)[:, None]

    return lax.fori_loop(0, 10, step, centres)


def gaussian_process(x, y, queries):
    """Kernel matrix and conjugate gradients (which roundings steer) for the mean of a process."""

    def kernel(a, b):
        return jnp.exp(-8.0 * (a[:, None] - b[None]) ** 2)

    matrix = kernel(x, x) + 0.1 * jnp.eye(x.shape[0])

    def step(_, state):
        solution, residual, direction, norm = state
        image = matrix @ direction
        alpha = norm / (direction @ image)
        solution = solution + alpha * direction
        residual = residual - alpha * image
        new = residual @ residual
        return solution, residual, residual + (new / norm) * direction, new

    solution = lax.fori_loop(0, 10, step, (jnp.zeros_like(y), y, y, y @ y))[0]
    return kernel(queries, x) @ solution


def _layers(*sizes):
    return [(f32(a, b), f32(b)) for a, b in zip(sizes, sizes[1:])]


PROGRAMS = (
    Entry("mlp_adam_step", mlp_adam_step,
          (_layers(64, 128, 128, 10),) * 3 + (f32(64, 64), i32(64))),
    Entry("logistic_regression", logistic_regression, (f32(16), f32(512, 16), i32(512))),
    Entry("transformer_grad", transformer_grad, (_block_shapes(128, 256), f32(2, 64, 128))),
    Entry("attention", attention, (f32(2, 128, 256),) + (f32(256, 256),) * 3),
    Entry("rope_decode", rope_decode,
          (f32(512), f32(512, 512), f32(8, 1024, 64), f32(8, 1024, 64), i32())),
    Entry("conv_net_grad", conv_net_grad,
          ({"c1": f32(3, 3, 3, 16), "c2": f32(3, 3, 16, 32), "w": f32(8 * 8 * 32, 10)},
           f32(8, 32, 32, 3), i32(8))),
    Entry("batch_norm_grad", batch_norm_grad, (f32(8, 32, 32, 32), f32(32), f32(32))),
    Entry("lstm_forward", lstm_forward, (_lstm_shapes(32, 64), f32(60, 16, 32))),
    Entry("lstm_grad", lstm_grad, (_lstm_shapes(16, 32), f32(60, 8, 16))),
    Entry("tiny_rnn_grad", tiny_rnn_grad, (
        {"x": f32(4, 16), "h": f32(16, 16), "b": f32(16)}, f32(200, 4))),
    Entry("embedding_grad", embedding_grad, (f32(1000, 64), i32(128, 16), f32(64, 4), i32(128))),
    Entry("mixture_routing", mixture_routing,
          (f32(128, 64), f32(64, 8), f32(8, 64, 64), f32(8, 64, 64))),
    Entry("gaussian_mixture", gaussian_mixture, (f32(2000, 4), f32(8, 4)), tolerance=1e-3),
    Entry("k_means", k_means, (f32(4000, 4), f32(16, 4))),
    Entry("gaussian_process", gaussian_process, (f32(256), f32(256), f32(100)), tolerance=3e-2),
)
