# SPDX-License-Identifier: Apache-2.0
"""Started by run_libraries.py: runs one program of this directory and writes what it gave, as JSON, to a file.

    run_one.py NAME OUT [--warm]      {"platform", "seconds", "results", "warm"}

Seconds are processor time of the whole process, from its start: they mean the same on a busy machine.
"""
import json
import sys
import time

import catalog


def main(name, out, *options):
    import jax
    import library_programs  # noqa: F401  fills the catalogue

    if options:
        catalog.enable_warm()
    results = catalog.summaries(catalog.PROGRAMS[name].function())
    device = jax.devices()[0]
    answer = {"platform": f"{device.platform} {device.client.platform_version.splitlines()[-1]}",
              "seconds": time.process_time(), "results": results, "warm": catalog.warm_times}
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
