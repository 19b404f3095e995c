# SPDX-License-Identifier: Apache-2.0
"""The example programs, as a JAX user would write them, and the table of them.

Every entry takes only arrays of numbers in [0.05, 0.95) (inputs.py), class labels and key words
in 0 .. 3, and flags. What a program needs beyond that (a spot price of 100, a weight of the right
scale) it computes from these in its first lines with `between` and `weights`, so that one seed
describes a run completely and no array has to be stored.

Nothing here depends on Skarn. export.py writes the programs out; the tests run them with JAX
and compare; bench/ compiles and times them with XLA.
"""

import dataclasses
import math

import jax
import jax.numpy as jnp
from jax import lax
from jax.scipy.stats import norm


def between(u, low, high):
    """Maps uniform numbers of [0, 1) to [low, high)."""
    return low + u * (high - low)


# ---- Option prices -------------------------------------------------------------------------


def normal_cdf(x):
    return 0.5 * (1.0 + lax.erf(x * math.sqrt(0.5)))


def call_price(spot, strike, vol, rate, time):
    """Black and Scholes: the value of a European call."""
    total_vol = vol * jnp.sqrt(time)
    d1 = (jnp.log(spot / strike) + (rate + 0.5 * vol**2) * time) / total_vol
    d2 = d1 - total_vol
    return spot * normal_cdf(d1) - strike * jnp.exp(-rate * time) * normal_cdf(d2)


def market(u_spot, u_strike, u_vol, u_rate, u_time):
    return (
        between(u_spot, 50.0, 150.0),
        between(u_strike, 50.0, 150.0),
        between(u_vol, 0.1, 0.6),
        between(u_rate, 0.0, 0.08),
        between(u_time, 0.1, 2.0),
    )


def black_scholes_grad(u_spot, u_strike, u_vol, u_rate, u_time):
    """Price of every option and its derivatives by spot, volatility, rate and time."""
    price_and_grad = jax.value_and_grad(call_price, argnums=(0, 2, 3, 4))
    return jax.vmap(price_and_grad)(*market(u_spot, u_strike, u_vol, u_rate, u_time))


def black_scholes_greeks(is_call, u_spot, u_strike, u_vol, u_rate, u_time):
    """Price and the five Greeks of calls and puts in closed form.

    SciPy's normal distribution: erf near the centre, erfc in the tails.
    """
    spot, strike, vol, rate, time = market(u_spot, u_strike, u_vol, u_rate, u_time)
    root_time = jnp.sqrt(time)
    total_vol = vol * root_time
    d1 = (jnp.log(spot / strike) + (rate + 0.5 * vol * vol) * time) / total_vol
    d2 = d1 - total_vol
    sign = jnp.where(is_call, 1.0, -1.0)
    discounted = strike * jnp.exp(-rate * time)
    delta = sign * norm.cdf(sign * d1)
    exercised = sign * norm.cdf(sign * d2)
    density = norm.pdf(d1)
    return {
        "price": spot * delta - discounted * exercised,
        "delta": delta,
        "gamma": density / (spot * total_vol),
        "vega": spot * density * root_time,
        "theta": -spot * density * vol / (2.0 * root_time) - rate * discounted * exercised,
        "rho": time * discounted * exercised,
    }


def newton(u_price, u_strike, u_time):
    """Implied volatility of calls on a forward of 1, by Newton's method.

    Starts at the inflection point of the price as a function of the volatility, from where the
    iteration is monotonic (Manaster and Koehler 1982). A lane rests once it has converged.
    """
    strike = between(u_strike, 0.6, 1.6)
    time = between(u_time, 0.1, 2.0)
    intrinsic = jnp.maximum(1.0 - strike, 0.0)
    target = intrinsic + between(u_price, 0.05, 0.8) * (1.0 - intrinsic)
    root_time = jnp.sqrt(time)
    moneyness = -jnp.log(strike)
    start = jnp.sqrt(2.0 * jnp.abs(moneyness) / time) + 0.05

    def price_and_vega(vol):
        total_vol = vol * root_time
        d1 = moneyness / total_vol + 0.5 * total_vol
        d2 = d1 - total_vol
        vega = root_time * jnp.exp(-0.5 * d1 * d1) / math.sqrt(2.0 * math.pi)
        return normal_cdf(d1) - strike * normal_cdf(d2), vega

    def unfinished(state):
        iteration, _, active = state
        return (iteration < 50) & jnp.any(active)

    def step(state):
        iteration, vol, active = state
        price, vega = price_and_vega(vol)
        error = price - target
        active = active & (jnp.abs(error) > 1e-5)
        moved = jnp.clip(vol - error / vega, 0.01, 10.0)
        return iteration + 1, jnp.where(active, moved, vol), active

    state = (jnp.int32(0), start, jnp.ones_like(start, dtype=bool))
    iterations, vol, active = lax.while_loop(unfinished, step, state)
    return vol, active, iterations


HESTON_STEPS = 100
HESTON_PATHS = 16384


def heston(key_data, u_spot, u_strikes, u_var, u_kappa, u_theta, u_xi, u_rho):
    """Monte Carlo prices in Heston's stochastic volatility model, full-truncation Euler scheme.

    The paths advance together; each step draws two normals per path from its own threefry key.
    """
    spot = between(u_spot, 90.0, 110.0)
    strikes = between(u_strikes, 80.0, 120.0)
    variance = between(u_var, 0.02, 0.08)
    kappa = between(u_kappa, 1.0, 3.0)
    theta = between(u_theta, 0.03, 0.07)
    xi = between(u_xi, 0.2, 0.5)
    rho = between(u_rho, -0.9, -0.4)
    rate, maturity = 0.03, 1.0
    dt = maturity / HESTON_STEPS

    def step(carry, key):
        log_spot, var = carry
        normals = jax.random.normal(key, (2, HESTON_PATHS))
        noise_var = normals[0]
        noise_spot = rho * noise_var + jnp.sqrt(1.0 - rho**2) * normals[1]
        positive = jnp.maximum(var, 0.0)
        root = jnp.sqrt(positive * dt)
        log_spot = log_spot + (rate - 0.5 * positive) * dt + root * noise_spot
        var = var + kappa * (theta - positive) * dt + xi * root * noise_var
        return (log_spot, var), None

    keys = jax.random.split(jax.random.wrap_key_data(key_data), HESTON_STEPS)
    start = (
        jnp.full(HESTON_PATHS, jnp.log(spot)),
        jnp.full(HESTON_PATHS, variance),
    )
    (log_spot, _), _ = lax.scan(step, start, keys)
    final = jnp.exp(log_spot)
    payoff = jnp.exp(-rate * maturity) * jnp.maximum(final[:, None] - strikes[None, :], 0.0)
    error = jnp.std(payoff, axis=0) / math.sqrt(HESTON_PATHS)
    return payoff.mean(axis=0), error, final


# ---- Neural networks -----------------------------------------------------------------------


def weights(u, fan_in):
    """Maps uniform numbers of [0.05, 0.95) to the zero-centred range of variance 1 / fan_in."""
    return (u - 0.5) * (math.sqrt(12.0 / fan_in) / 0.9)


def softmax(x):
    return jax.nn.softmax(x, axis=-1)


def layer_norm(x, gamma, beta):
    mean = x.mean(axis=-1, keepdims=True)
    centred = x - mean
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return gamma * (centred * lax.rsqrt(variance + 1e-5)) + beta


def layer_norm_grad(x, gamma, beta, target):
    """A regression loss on top of layer norm, with its gradients by x, gamma and beta."""

    def loss(x, gamma, beta):
        return jnp.mean((layer_norm(x, gamma, beta) - target) ** 2)

    return jax.value_and_grad(loss, argnums=(0, 1, 2))(x, gamma, beta)


def mlp_train_step(params, images, labels):
    """One step of gradient descent on the cross entropy of a three-layer perceptron."""
    params = [{"w": weights(p["w"], p["w"].shape[0]), "b": p["b"]} for p in params]

    def loss(params):
        h = images
        for layer in params[:-1]:
            h = jax.nn.relu(h @ layer["w"] + layer["b"])
        logits = h @ params[-1]["w"] + params[-1]["b"]
        log_probs = jax.nn.log_softmax(logits)
        chosen = jax.nn.one_hot(labels, logits.shape[-1])
        return -jnp.mean(jnp.sum(chosen * log_probs, axis=-1))

    value, grads = jax.value_and_grad(loss)(params)
    return value, jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)


def gru_cell(params, h, x):
    gates = x @ params["wx"] + params["b"]
    recurrent = h @ params["wh"]
    size = h.shape[-1]
    reset = jax.nn.sigmoid(gates[:, :size] + recurrent[:, :size])
    update = jax.nn.sigmoid(gates[:, size : 2 * size] + recurrent[:, size : 2 * size])
    candidate = jnp.tanh(gates[:, 2 * size :] + reset * recurrent[:, 2 * size :])
    return (1.0 - update) * candidate + update * h


def gru_grad(params, inputs, targets):
    """A two-layer GRU over a sequence: mean squared error and its gradients by all weights."""
    params = jax.tree.map(lambda u: weights(u, u.shape[0]) if u.ndim == 2 else u - 0.5, params)

    def loss(params):
        first, second, head = params

        def step(carry, x):
            h1, h2 = carry
            h1 = gru_cell(first, h1, x)
            h2 = gru_cell(second, h2, h1)
            return (h1, h2), h2 @ head

        zeros = jnp.zeros((inputs.shape[1], head.shape[0]))
        _, outputs = lax.scan(step, (zeros, zeros), inputs)
        return jnp.mean((outputs - targets) ** 2)

    return jax.value_and_grad(loss)(params)


# ---- Loops ---------------------------------------------------------------------------------


def mandelbrot(u_x, u_y, u_zoom):
    """Escape counts of a 512 x 512 window of the Mandelbrot set, at most 100 iterations."""
    size = 512
    half = between(u_zoom, 0.5, 1.5)
    offsets = jnp.linspace(-1.0, 1.0, size)
    cx = between(u_x, -1.0, 0.0) + half * offsets[None, :]
    cy = between(u_y, -0.5, 0.5) + half * offsets[:, None]
    cx, cy = jnp.broadcast_arrays(cx, cy)

    def step(_, state):
        x, y, count = state
        inside = x * x + y * y <= 4.0
        moved_x = x * x - y * y + cx
        moved_y = 2.0 * x * y + cy
        x = jnp.where(inside, moved_x, x)
        y = jnp.where(inside, moved_y, y)
        return x, y, count + inside.astype(jnp.int32)

    state = (jnp.zeros_like(cx), jnp.zeros_like(cy), jnp.zeros((size, size), jnp.int32))
    return lax.fori_loop(0, 100, step, state)[2]


# ---- The table -----------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    function: object
    avals: tuple  # argument tree of jax.ShapeDtypeStruct
    trips_output: int = None  # which result counts the trips of a data-dependent loop

    def flat_avals(self):
        """The arguments in the order of the exported entry."""
        return jax.tree.leaves(self.avals)

    def lower(self):
        """A fresh lowering: nothing is reused from an earlier one."""
        return jax.jit(self.function).lower(*self.avals)

    def pack(self, flat):
        """The argument tree, from arrays in the order of the exported entry."""
        return jax.tree.unflatten(jax.tree.structure(self.avals), flat)


def f32(*shape):
    return jax.ShapeDtypeStruct(shape, jnp.float32)


def _options(count):
    return (f32(count),) * 5


def _dense(inputs, outputs):
    return {"w": f32(inputs, outputs), "b": f32(outputs)}


def _gru(inputs, size):
    return {"wx": f32(inputs, 3 * size), "wh": f32(size, 3 * size), "b": f32(3 * size)}


PROGRAMS = (
    Program("black_scholes_grad_100k", black_scholes_grad, _options(100_000)),
    Program("black_scholes_grad_1m", black_scholes_grad, _options(1_000_000)),
    Program(
        "black_scholes_greeks",
        black_scholes_greeks,
        (jax.ShapeDtypeStruct((100_000,), jnp.bool_),) + _options(100_000),
    ),
    Program("softmax", softmax, (f32(2048, 1000),)),
    Program(
        "layer_norm_grad",
        layer_norm_grad,
        (f32(1024, 768), f32(768), f32(768), f32(1024, 768)),
    ),
    Program(
        "mlp_train_step",
        mlp_train_step,
        (
            [_dense(784, 256), _dense(256, 128), _dense(128, 10)],
            f32(128, 784),
            jax.ShapeDtypeStruct((128,), jnp.int32),
        ),
    ),
    Program(
        "heston",
        heston,
        (jax.ShapeDtypeStruct((2,), jnp.uint32), f32(), f32(8), f32(), f32(), f32(), f32(), f32()),
    ),
    Program("newton", newton, (f32(20_000),) * 3, trips_output=2),
    Program("mandelbrot", mandelbrot, (f32(), f32(), f32())),
    Program(
        "gru_grad",
        gru_grad,
        ([_gru(32, 64), _gru(64, 64), f32(64, 8)], f32(50, 32, 32), f32(50, 32, 8)),
    ),
)

BY_NAME = {program.name: program for program in PROGRAMS}
