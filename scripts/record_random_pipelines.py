"""Ask MindSpore about the pipelines of tests/dataset/random_pipelines, and store what it answers beside the others.

    python scripts/record_random_pipelines.py [COUNT]

Needs an interpreter with MindSpore 2.10.0. Pipelines at which it hangs or dies are left out.
"""

import json
import lzma
import sys
import tempfile
from pathlib import Path

from asking import answers

TESTS = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(TESTS))

SECONDS = 20


def work(first: int, last: int, folder: str, pipe) -> None:
    import mindspore.dataset as ds
    from random_pipelines import outcome

    for seed in range(first, last):
        pipe.send((seed, outcome(ds, folder, seed)))


def main() -> None:
    from importlib.metadata import version

    from pipelines import files
    from random_pipelines import known

    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder))
        found = answers(work, int(sys.argv[1]) if len(sys.argv) > 1 else 1500, folder, seconds=SECONDS)
    record = {"version": version("mindspore"), "answers": {seed: known(answer) for seed, answer in found.items()}}
    text = json.dumps(record, separators=(",", ":"))
    (TESTS / "recorded" / "random_pipelines.json.xz").write_bytes(lzma.compress(text.encode(), preset=9))


if __name__ == "__main__":
    main()
