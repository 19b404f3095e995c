# SPDX-License-Identifier: Apache-2.0
"""Differential equations and simulation."""
import jax
import jax.numpy as jnp

from catalog import program, warm


@program("diffrax", quick=True)
def diffrax_lotka_volterra():
    """An adaptive explicit solver with dense times, and the gradient through it."""
    import diffrax as dfx

    def field(t, y, a):
        return jnp.stack([y[0] * (a[0] - a[1] * y[1]), y[1] * (-a[2] + a[3] * y[0])])

    @jax.jit
    def solve(a):
        return dfx.diffeqsolve(
            dfx.ODETerm(field), dfx.Tsit5(), 0, 10, 0.1, jnp.array([10.0, 10.0]), args=a,
            saveat=dfx.SaveAt(ts=jnp.linspace(0, 10, 20)),
            stepsize_controller=dfx.PIDController(rtol=1e-5, atol=1e-5)).ys

    a = jnp.array([0.1, 0.02, 0.4, 0.02])
    gradient = jax.jit(jax.grad(lambda a: solve(a).sum()))
    result = [solve(a), gradient(a)]
    warm("solve", lambda: solve(a))
    warm("gradient", lambda: gradient(a))
    return result


@program("diffrax", quick=True)
def diffrax_noise_and_stiffness():
    """A stochastic equation on a Brownian tree; an implicit solver on Robertson's reactions."""
    import diffrax as dfx

    noise = dfx.VirtualBrownianTree(0, 1, 1e-3, (), key=jax.random.key(0))
    terms = dfx.MultiTerm(dfx.ODETerm(lambda t, y, a: -y), dfx.ControlTerm(lambda t, y, a: 0.1 * y, noise))
    path = dfx.diffeqsolve(terms, dfx.Heun(), 0, 1, 0.01, jnp.float32(1.0), saveat=dfx.SaveAt(steps=True)).ys[:100]

    def reactions(t, y, a):
        slow, fast, third = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
        return jnp.stack([third - slow, slow - third - fast, fast])

    stiff = dfx.diffeqsolve(
        dfx.ODETerm(reactions), dfx.Kvaerno5(), 0, 100.0, 2e-4, jnp.array([1.0, 0, 0]), max_steps=4096,
        stepsize_controller=dfx.PIDController(rtol=1e-4, atol=1e-6)).ys
    return [path, stiff]


PENDULUM = """<mujoco><option timestep="0.005"/><worldbody><geom type="plane" size="5 5 .1"/>
<body pos="0 0 1"><freejoint/><geom type="capsule" size=".1 .2"/>
<body pos="0 0 -.3"><joint type="hinge" axis="0 1 0"/><geom type="capsule" size=".05 .15"/>
<body pos="0 0 -.3"><joint type="hinge" axis="0 1 0"/><geom type="sphere" size=".08"/></body></body></body>
<body pos="0.3 0 1.5"><freejoint/><geom type="sphere" size=".1"/></body></worldbody></mujoco>"""

WALKER = """<mujoco><option timestep="0.004" iterations="4" ls_iterations="8"/><worldbody>
<geom type="plane" size="5 5 .1"/><body name="torso" pos="0 0 1"><freejoint/><geom type="box" size=".2 .1 .1"/>
{legs}</body><body pos="0.1 0.1 1.6"><freejoint/><geom type="ellipsoid" size=".1 .08 .06"/></body>
<body pos="-0.2 0 1.5"><freejoint/><geom type="cylinder" size=".06 .1"/></body></worldbody>
<actuator>{motors}</actuator></mujoco>"""
LEG = """<body pos="{x} {y} -.1"><joint name="hip{i}" type="ball" damping=".2"/><geom type="capsule" size=".04 .12"/>
<body pos="0 0 -.25"><joint name="knee{i}" axis="0 1 0" range="-60 60" limited="true" damping=".1"/>
<geom type="capsule" size=".03 .12"/></body></body>"""


@program("mujoco.mjx", quick=True)
def mjx_pendulum():
    """Fifty steps of a falling double pendulum beside a ball."""
    import mujoco
    from mujoco import mjx

    model = mujoco.MjModel.from_xml_string(PENDULUM)
    system, data = mjx.put_model(model), mjx.put_data(model, mujoco.MjData(model))
    run = jax.jit(lambda d: jax.lax.scan(lambda d, _: (mjx.step(system, d), None), d, None, length=50)[0])
    data = run(data)
    warm("50 steps", lambda: run(data))
    return [data.qpos, data.qvel]
