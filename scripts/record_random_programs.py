"""Ask MindSpore about the programs of tests/core/random_programs, and store what it answers beside them.

    python scripts/record_random_programs.py [COUNT]

Needs an interpreter with MindSpore 2.10.0. Programs at which it hangs or dies are left out.
"""

import json
import lzma
import os
import sys
from pathlib import Path

from asking import answers

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))


def work(first: int, last: int, pipe) -> None:
    os.environ["GLOG_v"] = "4"
    import mindspore as ms

    from core.random_programs import outcome

    ms.runtime.launch_blocking()
    for seed in range(first, last):
        pipe.send((seed, outcome(ms, seed)))


def main() -> None:
    from importlib.metadata import version

    found = answers(work, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, seconds=60)
    text = json.dumps({"version": version("mindspore"), "answers": found}, separators=(",", ":"))
    (TESTS / "core" / "recorded").mkdir(exist_ok=True)
    (TESTS / "core" / "recorded" / "random_programs.json.xz").write_bytes(lzma.compress(text.encode(), preset=9))


if __name__ == "__main__":
    main()
