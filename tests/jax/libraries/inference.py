# SPDX-License-Identifier: Apache-2.0
"""Probability: sampling, variational inference, densities."""
import jax
import jax.numpy as jnp
import numpy as np

from catalog import program, warm
from networks import normal

CHAOS = "trajectories of Hamiltonian dynamics magnify the last bits; what is kept are means over samples"


@program("numpyro", tolerance=0.05, why=CHAOS, quick=True)
def numpyro_nuts():
    """Regression sampled by NUTS, with adaptation."""
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    x = normal(0, 50, 3)
    y = x @ np.array([1.0, -2, 0.5], "f4") + 0.1 + 0.3 * normal(2, 50)

    def model(x, y):
        w = numpyro.sample("w", dist.Normal(0, 1).expand([3]))
        b = numpyro.sample("b", dist.Normal(0, 1))
        s = numpyro.sample("s", dist.HalfNormal(1.0))
        numpyro.sample("y", dist.Normal(x @ w + b, s), obs=y)

    sampler = MCMC(NUTS(model), num_warmup=60, num_samples=60, progress_bar=False)
    sampler.run(jax.random.key(0), x, y)
    return [v.mean(0) for v in sampler.get_samples().values()]


@program("numpyro", quick=True)
def numpyro_svi():
    """Variational inference with an automatic guide."""
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import SVI, Trace_ELBO
    from numpyro.infer.autoguide import AutoNormal

    data = np.random.RandomState(0).gamma(2.0, 2.0, 40).astype("f4")

    def model():
        shape, rate = (numpyro.sample(name, dist.LogNormal(0, 1)) for name in "ab")
        numpyro.sample("x", dist.Gamma(shape, rate), obs=data)

    svi = SVI(model, AutoNormal(model), numpyro.optim.Adam(0.05), Trace_ELBO())
    return svi.run(jax.random.key(3), 100, progress_bar=False).losses


@program("blackjax", tolerance=1e-3, why="Hamiltonian dynamics, 20 steps kept")
def blackjax_hmc():
    """Two hundred steps of HMC under scan."""
    import blackjax

    kernel = blackjax.hmc(lambda x: -0.5 * jnp.sum((x - 1.0) ** 2 / jnp.array([1.0, 4.0])), 0.3, jnp.ones(2), 10)

    @jax.jit
    def run(state):
        def one(state, key):
            state, _ = kernel.step(key, state)
            return state, state.position

        return jax.lax.scan(one, state, jax.random.split(jax.random.key(0), 200))[1]

    state = kernel.init(jnp.zeros(2))
    warm("200 steps", lambda: run(state))
    return run(state)[:20]


@program("flowjax", "equinox")
def flowjax_flow():
    """A masked autoregressive flow: density and samples."""
    import equinox as eqx
    from flowjax.distributions import Normal
    from flowjax.flows import masked_autoregressive_flow

    flow = masked_autoregressive_flow(jax.random.key(0), base_dist=Normal(jnp.zeros(3)), flow_layers=3)
    return [eqx.filter_jit(flow.log_prob)(jnp.asarray(normal(0, 20, 3))), flow.sample(jax.random.key(2), (5,))]
