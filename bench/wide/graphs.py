# SPDX-License-Identifier: Apache-2.0
"""Graphs and dynamic programming."""

import jax
import jax.numpy as jnp
from jax import lax

from wide.common import Entry, centred, f32, i32, weights

NODES, EDGES = 512, 4096


def _edges(salt):
    """Ends of pseudo-random edges: numbers 0 .. 3 spread over the nodes."""
    k = jnp.arange(EDGES, dtype=jnp.int32)
    return (k * 37 + salt * 101 + (k * k) % 91) % NODES, (k * 11 + salt * 59 + (k * k) % 83) % NODES


def graph_convolution_grad(features, w1, w2, salt, targets):
    """Two rounds of messages along edges: gather, segment sums, dense layers; gradients."""
    source, target = _edges(salt)

    def layer(x, w):
        return jax.ops.segment_sum((x @ w)[source], target, NODES) / 8.0

    def loss(w1, w2):
        h = jax.nn.relu(layer(centred(features), w1))
        return jnp.mean((layer(h, w2) - targets) ** 2)

    return jax.value_and_grad(loss, argnums=(0, 1))(weights(w1, 32), weights(w2, 32))


def page_rank(links):
    """Fifty products of a 256 x 256 matrix with a vector."""
    m = links / jnp.sum(links, axis=0)
    step = lambda _, r: 0.85 * (m @ r) + 0.15 / 256  # noqa: E731
    return lax.fori_loop(0, 50, step, jnp.full(256, 1 / 256))


def all_shortest_paths(d):
    """Floyd and Warshall on 96 nodes."""
    step = lambda k, d: jnp.minimum(d, d[:, k, None] + d[None, k])  # noqa: E731
    return lax.fori_loop(0, 96, step, d * d * d)


def bellman_ford(length, salt):
    """Shortest paths from one node by relaxing all edges, until nothing changes."""
    source, target = _edges(salt)

    def step(state):
        d, _ = state
        new = d.at[target].min(d[source] + length)
        return new, jnp.any(new < d)

    start = jnp.full(NODES, 1e9).at[0].set(0.0)
    return lax.while_loop(lambda s: s[1], step, (start, jnp.bool_(True)))[0]


def edit_distance(a, b):
    """Levenshtein's distance of two strings of 128: a scan whose body is a running minimum."""

    def row(previous, item):
        i, letter = item
        other = jnp.where(b == letter, 0, 1)
        best = jnp.minimum(previous[1:] + 1, previous[:-1] + other)

        def cell(left, x):
            left = jnp.minimum(left + 1, x)
            return left, left

        _, rest = lax.scan(cell, i + 1, best)
        return jnp.concatenate([(i + 1)[None], rest]), None

    start = jnp.arange(b.shape[0] + 1, dtype=jnp.int32)
    items = (jnp.arange(a.shape[0], dtype=jnp.int32), a)
    return lax.scan(row, start, items)[0][-1]


def viterbi(transitions, emissions, observed):
    """The most likely path through 16 states over 256 observations."""
    t, e = jnp.log(transitions), jnp.log(emissions)

    def step(score, symbol):
        options = score[:, None] + t
        return jnp.max(options, axis=0) + e[:, symbol], jnp.argmax(options, axis=0)

    score, back = lax.scan(step, jnp.zeros(16), observed)
    last = jnp.argmax(score)
    _, path = lax.scan(lambda s, b: (b[s], s), last, back, reverse=True)
    return path, jnp.max(score)


def hidden_markov_grad(transitions, emissions, observed):
    """Log likelihood by the forward algorithm and its gradients."""

    def likelihood(t, e):
        t, e = jax.nn.log_softmax(t), jax.nn.log_softmax(e)

        def step(alpha, symbol):
            return jax.nn.logsumexp(alpha[:, None] + t, axis=0) + e[:, symbol], None

        alpha, _ = lax.scan(step, e[:, 0], observed)
        return jax.nn.logsumexp(alpha)

    return jax.value_and_grad(likelihood, argnums=(0, 1))(transitions, emissions)


def connected_components(salt):
    """Labels spread along edges until they rest."""
    source, target = _edges(salt)

    def step(state):
        label, _ = state
        new = label.at[target].min(label[source]).at[source].min(label[target])
        return new, jnp.any(new != label)

    start = jnp.arange(NODES, dtype=jnp.int32)
    return lax.while_loop(lambda s: s[1], step, (start, jnp.bool_(True)))[0]


PROGRAMS = (
    Entry("graph_convolution_grad", graph_convolution_grad,
          (f32(NODES, 32), f32(32, 32), f32(32, 16), i32(), f32(NODES, 16))),
    Entry("page_rank", page_rank, (f32(256, 256),)),
    Entry("all_shortest_paths", all_shortest_paths, (f32(96, 96),)),
    Entry("bellman_ford", bellman_ford, (f32(EDGES), i32())),
    Entry("edit_distance", edit_distance, (i32(128), i32(128))),
    Entry("viterbi", viterbi, (f32(16, 16), f32(16, 4), i32(256))),
    Entry("hidden_markov_grad", hidden_markov_grad, (f32(16, 16), f32(16, 4), i32(128)),
          tolerance=1e-4),
    Entry("connected_components", connected_components, (i32(),)),
)
