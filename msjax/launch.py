"""The door of `python -m msjax.launch`, which runs a program in several processes."""

import sys

from msjax.alias.launch import main

if __name__ == "__main__":
    sys.exit(main())
