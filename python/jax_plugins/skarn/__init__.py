# SPDX-License-Identifier: Apache-2.0
"""Where JAX finds Skarn: it imports this module and calls initialize() before its first computation."""


def initialize():
    from skarn import jax_backend

    jax_backend.register()
