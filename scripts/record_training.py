"""Record what MindSpore prints for the programs of tests/training in mindspore.json there.

Run it with a Python that has MindSpore:

    python scripts/record_training.py [NAME...]

With names, only those programs are run, and the others keep what was recorded.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from asking import lines_of_child, mindspore_of

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import training  # noqa: E402


def printed(name: str, folder: Path) -> list[str]:
    """The lines that a program prints, from a process of its own, in a folder of its own."""

    def write(file):
        import mindspore as ms

        ms.runtime.launch_blocking()
        os.chdir(folder)
        training.run(name, out=file)
        file.write("end\n")

    folder.mkdir()
    lines = lines_of_child(write, folder.with_suffix(".txt"))
    if lines[-1:] != ["end"]:
        sys.exit(f"{name} fails after {lines}")
    return lines[:-1]


def main() -> None:
    version = mindspore_of("2.10.0").__version__
    found = json.loads(training.RECORD.read_text())["printed"] if training.RECORD.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or training.PROGRAMS:
            found[name] = printed(name, Path(folder) / name)
            print(f"{name}: {len(found[name])} lines", file=sys.stderr)
    kept = {name: found[name] for name in training.PROGRAMS if name in found}
    training.RECORD.write_text(json.dumps({"mindspore": version, "printed": kept}, indent=1) + "\n")


if __name__ == "__main__":
    main()
