# SPDX-License-Identifier: Apache-2.0
"""Optimisation and equations."""
import jax
import jax.numpy as jnp
import numpy as np

from catalog import program, warm
from networks import normal


@program("optax", quick=True)
def optax_optimizers():
    """Five steps of fifteen optimisers, and of L-BFGS with its line search."""
    import optax

    names = ("adam", "adamw", "sgd", "rmsprop", "lion", "lamb", "adafactor", "adagrad", "novograd", "yogi", "radam",
             "adabelief", "nadam", "sm3", "rprop")
    results = []
    for name in names:
        optimizer = getattr(optax, name)(1e-2)

        @jax.jit
        def step(p, state, optimizer=optimizer):
            def loss(p):
                return jnp.sum(jnp.tanh(jnp.arange(6.0).reshape(2, 3) / 5 @ p["w"] - p["b"]) ** 2)

            updates, state = optimizer.update(jax.grad(loss)(p), state, p)
            return optax.apply_updates(p, updates), state

        p = {"w": jnp.arange(12.0).reshape(3, 4) / 10, "b": jnp.ones(4)}
        state = optimizer.init(p)
        for _ in range(5):
            p, state = step(p, state)
        results.append(p["w"])
    return [results, lbfgs_steps(optax)]


def lbfgs_steps(optax):
    solver = optax.lbfgs()

    def f(w):
        return jnp.sum((w - jnp.arange(5.0)) ** 4) + jnp.sum(w ** 2)

    value_and_gradient = optax.value_and_grad_from_state(f)

    @jax.jit
    def step(p, state):
        value, gradient = value_and_gradient(p, state=state)
        updates, state = solver.update(gradient, state, p, value=value, grad=gradient, value_fn=f)
        return optax.apply_updates(p, updates), state

    p = jnp.ones(5)
    state = solver.init(p)
    for _ in range(6):
        p, state = step(p, state)
    return p


@program("jaxopt")
def jaxopt_lbfgs():
    """Least squares by L-BFGS with its line search."""
    import jaxopt

    a = normal(0, 20, 5)
    b = a @ np.arange(5).astype("f4")
    return jaxopt.LBFGS(lambda w: jnp.sum((a @ w - b) ** 2), maxiter=30).run(jnp.zeros(5)).params


@program("optimistix", "lineax", "equinox", quick=True)
def optimistix_and_lineax():
    """Roots, least squares, minimisation, fixed points; six ways to solve a linear system."""
    import lineax as lx
    import optimistix as optx

    root = optx.root_find(lambda y, _: jnp.array([y[0] ** 2 + y[1] - 11, y[0] + y[1] ** 2 - 7]),
                          optx.Newton(1e-6, 1e-6), jnp.array([3.5, 2.5])).value
    times = jnp.arange(10.0)
    fit = optx.least_squares(lambda p, _: p[0] * jnp.exp(-p[1] * times) - 2 * jnp.exp(-0.3 * times),
                             optx.LevenbergMarquardt(1e-6, 1e-6), jnp.ones(2)).value
    fixed = jax.jit(jax.grad(lambda a: optx.fixed_point(lambda y, a: jnp.cos(a * y), optx.FixedPointIteration(1e-6, 1e-6),
                                                        jnp.float32(0.5), a).value))(0.9)
    matrix = normal(0, 6, 6)
    matrix = jnp.asarray(matrix @ matrix.T + np.eye(6, dtype="f4"))
    operator = lx.MatrixLinearOperator(matrix, lx.positive_semidefinite_tag)
    solvers = (lx.Cholesky(), lx.CG(1e-6, 1e-6), lx.LU(), lx.QR(), lx.SVD(), lx.GMRES(1e-5, 1e-5))
    return [root, fit, fixed, [lx.linear_solve(operator, jnp.arange(6.0), s).value for s in solvers]]


@program("evosax")
def evosax_cma_es():
    """Thirty generations of CMA-ES under scan."""
    from evosax.algorithms import CMA_ES

    strategy = CMA_ES(population_size=16, solution=jnp.zeros(4))
    parameters = strategy.default_params

    def generation(state, key):
        ask, tell = jax.random.split(key)
        x, state = strategy.ask(ask, state, parameters)
        fitness = jnp.sum((x - 1) ** 2, 1)
        state, _ = strategy.tell(tell, x, fitness, state, parameters)
        return state, fitness.min()

    state = strategy.init(jax.random.key(0), jnp.zeros(4), parameters)
    return jax.lax.scan(generation, state, jax.random.split(jax.random.key(1), 30))[1]


@program("ott")
def ott_sinkhorn():
    """Optimal transport between point clouds: the plan and its cost."""
    from ott.geometry import pointcloud
    from ott.problems.linear import linear_problem
    from ott.solvers.linear import sinkhorn

    random = np.random.RandomState(0)
    x, y = (jnp.asarray(random.rand(n, 2), jnp.float32) for n in (30, 25))
    problem = linear_problem.LinearProblem(pointcloud.PointCloud(x, y, epsilon=0.05))
    solve = jax.jit(sinkhorn.Sinkhorn())
    out = solve(problem)
    warm("solve", lambda: solve(problem).matrix)
    return [out.reg_ot_cost, out.matrix]
