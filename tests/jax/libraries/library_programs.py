# SPDX-License-Identifier: Apache-2.0
"""All programs: importing this module fills catalog.PROGRAMS, in the order of the table in docs/jax.md."""
import networks  # noqa: F401
import optimizers  # noqa: F401
import dynamics  # noqa: F401
import inference  # noqa: F401
import games  # noqa: F401
import plain  # noqa: F401
