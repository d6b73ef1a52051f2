"""Record the losses that MindSpore finds for the programs of tests/compile/programs in mindspore.json there.

Run it with a Python that has MindSpore:

    python scripts/record_programs.py [NAME...]

With names, only those programs are run, and the others keep what was recorded. A program that MindSpore fails to run,
for want of a CPU kernel, is recorded by its error.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "compile"
sys.path.insert(0, str(FOLDER))
RECORD = FOLDER / "programs" / "mindspore.json"
TIME_LIMIT = 120


def answer(body) -> list | str:
    """The losses, or the error in one line."""
    import mindspore as ms

    import programs

    ms.set_context(mode=ms.PYNATIVE_MODE, device_target="CPU")
    ms.runtime.launch_blocking()
    try:
        return [[float(f"{loss:.7g}") for loss in step] for step in programs.losses(body)]
    except Exception as error:
        words = next((line for line in str(error).splitlines() if line.startswith("Unsupported op")), str(error))
        return f"{type(error).__name__}: {' '.join(words.split())[:120]}"


def in_a_process(body) -> list | str:
    """The same, from a process of its own: what a program sets, and what fails late, ends with it."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        signal.alarm(TIME_LIMIT)
        silence = os.open(os.devnull, os.O_RDWR)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.write(writer, json.dumps(answer(body)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else "crashed"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # MindSpore leaves files where it runs
        record(sys.argv[1:])


def record(chosen: list[str]) -> None:
    os.environ.setdefault("GLOG_v", "4")
    import mindspore as ms

    import programs

    found = json.loads(RECORD.read_text())["losses"] if chosen else {}
    for field in programs.FIELDS:
        for name, one in programs.load(field).items():
            if not chosen or name in chosen:
                found[f"{field}-{name}"] = told = in_a_process(one.body)
                print(f"{field}-{name}: {told}", file=sys.stderr)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(told)}" for name, told in found.items())
    RECORD.write_text(f'{{"mindspore": "{ms.__version__}",\n"losses": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
