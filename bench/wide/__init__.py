# SPDX-License-Identifier: Apache-2.0
"""A wide set of programs as JAX users write them: what `run.py --set wide` measures.

Each module holds functions of one field and a tuple PROGRAMS of table entries. As in
examples/programs, every entry takes only numbers in [0.05, 0.95), integers in 0 .. 3 and flags,
and computes from these what it needs, so that one seed describes a run. Nothing is stored: the
programs are exported from here when they are measured.

A tolerance is a share of the largest magnitude of a result. Integer results must be equal.

    build/venv/bin/python bench/wide/export.py DIRECTORY [NAME...]     writes them as text
"""

from wide import fields, graphs, images, linear, loops, narrow, networks, physics, random_numbers
from wide import unrolled

PROGRAMS = tuple(
    entry
    for module in (networks, physics, fields, images, random_numbers, graphs, loops, unrolled,
                   narrow, linear)
    for entry in module.PROGRAMS
)
BY_NAME = {entry.name: entry for entry in PROGRAMS}
