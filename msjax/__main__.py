"""The launcher's door: `python -m msjax script.py`."""

import sys

from msjax.alias.launcher import main

if __name__ == "__main__":
    sys.exit(main())
