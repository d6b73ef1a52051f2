#!/usr/bin/env python
"""Record what MindSpore answers at special values: tests/golden/sweep.py -> tests/golden/special_values.json.

    scripts/record_sweep.py --python path/to/python-with-mindspore
    scripts/record_sweep.py --own       keep MindSpore's answers; write ours where they differ, and print both

Run it with the Python that has msjax: the calls come from its operator table. Each call runs in a process of its own,
forked from one that has imported MindSpore and done nothing else. Errors and crashes of MindSpore are not recorded.
Answers of our own are to be read before they are committed; tests/ops/test_special_values.py wants a reason for each.
"""

from __future__ import annotations

import argparse
import functools
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from asking import lines_of_child, mindspore_of  # noqa: E402

from golden import sweep  # noqa: E402

FILE = ROOT / "tests" / "golden" / "special_values.json"
VERSION = "2.10.0"
TIME_LIMIT = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="interpreter with MindSpore")
    parser.add_argument("--own", action="store_true", help="write our own answers where they differ")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer_all()
    elif options.python:
        command = [options.python, __file__, "--answer"]
        ran = subprocess.run(command, input=json.dumps(sweep.calls()), stdout=subprocess.PIPE, text=True, check=True)
        write(json.loads(ran.stdout))
    if options.own:
        write_own()


# -- with MindSpore --------------------------------------------------------------------------------------------------


def answer_all() -> None:
    mindspore, found = mindspore_of(VERSION), {}
    with tempfile.TemporaryDirectory() as folder:
        for call in json.load(sys.stdin):
            found[call] = answers(mindspore, call, Path(folder, "answers"))
            print(f"{len(found)} {call}", file=sys.stderr)
    json.dump(found, sys.stdout)


def answers(mindspore, call: str, path: Path) -> dict[str, str]:
    """The answers by dtype; after a crash it goes on with the next one."""
    waiting, told = list(sweep.DTYPES), {}
    while waiting:
        rows = [*map(json.loads, lines_of_child(functools.partial(answer_each, mindspore, call, waiting), path))]
        told |= dict(rows)
        waiting = waiting[len(rows) + 1 :]
    return {dtype: text for dtype, text in told.items() if "!" not in text}


def answer_each(mindspore, call: str, dtypes: list[str], file: TextIO) -> None:
    signal.alarm(TIME_LIMIT)
    mindspore.runtime.launch_blocking()
    for dtype in dtypes:
        answer = sweep.answer(mindspore, call, sweep.names(mindspore, dtype))
        print(json.dumps([dtype, answer]), file=file, flush=True)


# -- with msjax ------------------------------------------------------------------------------------------------------


def write(mindspore: dict, own: dict | None = None) -> None:
    def rows(answers: dict) -> str:
        return ",\n".join(f"{json.dumps(call)}: {json.dumps(told)}" for call, told in answers.items())

    FILE.write_text(
        f'{{"version": "{VERSION}",\n"mindspore": {{\n{rows(mindspore)}\n}},\n"own": {{\n{rows(own or {})}\n}}}}\n'
    )


def write_own() -> None:
    recorded, own = json.loads(FILE.read_text())["mindspore"], {}
    for dtype in sweep.DTYPES:
        wanted = {call: told[dtype] for call, told in recorded.items() if dtype in told}
        for call, text in sweep.own_answers(list(wanted), dtype).items():
            if not sweep.alike(text, wanted[call]):
                own.setdefault(call, {})[dtype] = text
                print(f"{call} {dtype}\n    MindSpore {wanted[call]}\n    msjax     {text}")
    write(recorded, own)


if __name__ == "__main__":
    main()
