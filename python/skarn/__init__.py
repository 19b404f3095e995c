# SPDX-License-Identifier: Apache-2.0
"""Skarn, a compiler for StableHLO, as a JAX backend. See docs/jax.md of the project.

There is nothing to import for use with JAX: with this package installed, `JAX_PLATFORMS=skarn,cpu`
selects platform "skarn", and `SKARN_AS_CPU=1` puts Skarn in the place of "cpu".
"""
import os

try:
    from skarn._version import __version__  # written when the wheel is built
except ImportError:
    __version__ = "0+tree"

__all__ = ["__version__", "library_path"]


def library_path():
    """Path of the PJRT plugin: $SKARN_LIBRARY, or the library that came with this package."""
    return os.environ.get("SKARN_LIBRARY") or os.path.join(os.path.dirname(__file__), "libskarn_pjrt.so")
