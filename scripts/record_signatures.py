#!/usr/bin/env python
"""Record the parameters of MindSpore's public functions, classes and methods: tests/golden/signatures.txt.

    scripts/record_signatures.py --python path/to/python-with-mindspore

Names are those of msjax/core/names.txt. Functions whose signature Python does not know are left out.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

OUTPUT = ROOT / "tests" / "golden" / "signatures.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="interpreter with MindSpore (default: this one)")
    python = parser.parse_args().python
    if python and not os.environ.get("RECORDING_GOLDEN"):
        os.environ["RECORDING_GOLDEN"] = "1"
        os.execv(python, [python, *sys.argv])
    import mindspore
    from signatures import told

    found: dict[str, str] = {}
    module = ""
    for line in (ROOT / "msjax" / "core" / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("mindspore"):
            module = line
        elif line.startswith(" "):
            for name in line.split():
                found |= told("mindspore", f"{module}.{name}")
    lines = [f"{path}({signature})" for path, signature in sorted(found.items())]
    OUTPUT.write_text("\n".join([f"# MindSpore {mindspore.__version__}", *lines, ""]), encoding="utf-8")
    print(f"{OUTPUT}: {len(lines)} signatures")


if __name__ == "__main__":
    main()
