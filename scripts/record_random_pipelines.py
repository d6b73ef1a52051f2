"""Ask MindSpore about the pipelines of tests/dataset/random_pipelines, and store what it answers beside the others.

    python scripts/record_random_pipelines.py [COUNT]

Needs an interpreter with MindSpore 2.10.0. Pipelines at which it hangs or dies are left out.
"""

import json
import lzma
import multiprocessing
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(TESTS))

SECONDS = 20


def work(first: int, last: int, folder: str, answers) -> None:
    import mindspore.dataset as ds
    from random_pipelines import outcome

    for seed in range(first, last):
        answers.send((seed, outcome(ds, folder, seed)))


def ask(count: int, folder: str) -> dict:
    """The answers by seed, of processes that each go on behind where the one before died."""
    answers, first = {}, 0
    while first < count:
        mine, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=work, args=(first, count, folder, theirs))
        process.start()
        theirs.close()
        try:
            while first < count and mine.poll(SECONDS):
                seed, answer = mine.recv()
                answers[seed], first = answer, seed + 1
        except EOFError:
            pass
        process.kill()
        process.join()
        if first < count:
            print(f"{first} is left out", file=sys.stderr)
            first += 1
    return answers


def main() -> None:
    from importlib.metadata import version

    from pipelines import files
    from random_pipelines import known

    multiprocessing.set_start_method("spawn")
    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder))
        answers = ask(int(sys.argv[1]) if len(sys.argv) > 1 else 1500, folder)
    record = {"version": version("mindspore"), "answers": {seed: known(answer) for seed, answer in answers.items()}}
    text = json.dumps(record, separators=(",", ":"))
    (TESTS / "recorded" / "random_pipelines.json.xz").write_bytes(lzma.compress(text.encode(), preset=9))


if __name__ == "__main__":
    main()
