# SPDX-License-Identifier: Apache-2.0
"""Only what pyproject.toml cannot say: native, and the same for every version of Python."""
from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class Native(Distribution):
    def has_ext_modules(self):
        return True


class OneWheel(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=Native, cmdclass={"bdist_wheel": OneWheel})
