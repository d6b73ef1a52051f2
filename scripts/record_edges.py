#!/usr/bin/env python
"""Record what MindSpore answers to calls with unusual arguments: tests/edges/sweep.py -> tests/edges/edges.json.

    scripts/record_edges.py --python path/to/python-with-mindspore [--only ops.add mint.add]

Run it with the Python that has msjax: the calls come from its operator table and from tests/edges/layers.py. Each call
runs in a process forked from one that has imported MindSpore; where that crashes, it goes on with the next change.
"""

from __future__ import annotations

import argparse
import functools
import itertools
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
from edges import sweep  # noqa: E402

FILE = ROOT / "tests" / "edges" / "edges.json"
VERSION = "2.10.0"
TIME_LIMIT = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", help="interpreter with MindSpore")
    parser.add_argument("--only", nargs="+", help="names of calls; all others stay as they are recorded")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer_all()
        return
    from edges import calls

    asked = [call for call in calls.all_calls() if call["name"] in (options.only or [call["name"]])]
    command = [options.python, __file__, "--answer"]
    ran = subprocess.run(command, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True)
    answers = json.loads(ran.stdout)
    if options.only:
        before = json.loads(FILE.read_text())["calls"]
        others = {name: sweep.unpacked(packed) for name, packed in before.items() if name not in options.only}
        answers = others | answers
    write(answers)


def write(answers: dict[str, list[str]]) -> None:
    """Letters that follow each other are written as one text."""
    lines = []
    for name, told in answers.items():
        groups = itertools.groupby(told, lambda answer: len(answer) == 1)
        packed = [part for letters, group in groups for part in (["".join(group)] if letters else group)]
        lines.append(f"{json.dumps(name)}: {json.dumps(packed, separators=(',', ':'))}")
    FILE.write_text(f'{{"mindspore": "{VERSION}", "calls": {{\n' + ",\n".join(lines) + "\n}}\n")


# -- with MindSpore --------------------------------------------------------------------------------------------------


def answer_all() -> None:
    mindspore, found = mindspore_of(VERSION), {}
    with tempfile.TemporaryDirectory() as folder:
        for call in json.load(sys.stdin):
            answers = answers_to(mindspore, call, Path(folder, "answers"))
            if len(answers[0]) > 1:  # else nothing is to be learnt from changes
                found[call["name"]] = answers
    json.dump(found, sys.stdout)


def answers_to(mindspore, call: dict, path: Path) -> list[str]:
    """MindSpore's answers to the call and its changes; to the call alone if that is refused."""
    every = [call, *(changed for _, changed in sweep.changed(call))]
    told: list[str] = []
    while len(told) < len(every) and not (told and len(told[0]) == 1):
        told += lines_of_child(functools.partial(answer_each, mindspore, every[len(told) :]), path)
        if len(told) < len(every) and not (told and len(told[0]) == 1):
            told.append(sweep.CRASH)
    return told


def answer_each(mindspore, calls: list[dict], file: TextIO) -> None:
    mindspore.runtime.launch_blocking()
    names = sweep.namespace(mindspore)
    for call in calls:
        signal.alarm(TIME_LIMIT)
        print(sweep.answer(call, names)[0].replace("\n", " "), file=file, flush=True)


if __name__ == "__main__":
    main()
