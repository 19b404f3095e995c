# SPDX-License-Identifier: Apache-2.0
"""python -m skarn doctor | version | library"""
import sys

import skarn


def main(argv):
    command = argv[0] if len(argv) == 1 else ""
    if command == "doctor":
        from skarn import doctor

        return doctor.main()
    if command == "version":
        print(skarn.__version__)
    elif command == "library":
        print(skarn.library_path())
    else:
        print(f"usage: {__doc__}", file=sys.stderr)
        return 0 if command in ("-h", "--help") else 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
