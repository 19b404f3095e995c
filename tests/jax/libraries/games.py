# SPDX-License-Identifier: Apache-2.0
"""Games, environments and search."""
import jax
import jax.numpy as jnp

from catalog import program, warm


@program("mctx")
def mctx_search():
    """Tree search with MuZero's policy."""
    import mctx

    def recurrent(parameters, key, action, embedding):
        logits = jnp.stack([jnp.sin(embedding * i) for i in range(1, 5)], -1)
        return mctx.RecurrentFnOutput(reward=jnp.cos(embedding + action), discount=jnp.full_like(embedding, 0.9),
                                      prior_logits=logits, value=jnp.tanh(embedding)), embedding * 0.7 + action

    root = mctx.RootFnOutput(prior_logits=jnp.zeros((3, 4)), value=jnp.zeros(3), embedding=jnp.arange(3.0))
    search = jax.jit(lambda key: mctx.muzero_policy((), key, root, recurrent, num_simulations=20).action_weights)
    warm("search", lambda: search(jax.random.key(0)))
    return search(jax.random.key(0))
