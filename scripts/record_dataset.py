"""Ask MindSpore what the pipelines of tests/dataset/pipelines give, and store it in tests/dataset/recorded.

    python scripts/record_dataset.py [TOPIC ...]

Needs an interpreter with MindSpore 2.10.0. Each pipeline runs in a process of its own, and one that hangs is left out.
"""

import json
import multiprocessing
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(TESTS))

from pipelines import cases, topics  # noqa: E402

SECONDS = 20


def run(topic: str, name: str, folder: str, answer) -> None:
    import mindspore.dataset as ds
    from pipelines.outcome import outcome

    answer.send(outcome(ds, folder, topic, name))


def ask(topic: str, name: str, folder: str):
    answer, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=run, args=(topic, name, folder, theirs))
    process.start()
    result = answer.recv() if answer.poll(SECONDS) else None
    process.kill()
    process.join()
    return result


def main() -> None:
    import mindspore
    import mindspore.dataset
    from pipelines import files

    with tempfile.TemporaryDirectory() as folder:
        files.write(Path(folder))
        for topic in sys.argv[1:] or topics():
            answers = {name: ask(topic, name, folder) for name in cases(topic)}
            for name in [name for name, answer in answers.items() if answer is None]:
                print(f"{topic}: {name!r} hangs", file=sys.stderr)
                del answers[name]
            lines = [f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items()]
            text = "{\n" + ",\n".join([f'"version": "{mindspore.__version__}"', *lines]) + "\n}\n"
            (TESTS / "recorded" / f"{topic}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
