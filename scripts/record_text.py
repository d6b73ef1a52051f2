"""Record what MindSpore's transforms of texts give: tests/dataset/text_calls.py -> tests/dataset/text_answers.json.

Run it with a Python that has MindSpore:

    python scripts/record_text.py
"""

import json
import os
import sys
import tempfile
from pathlib import Path

WHERE = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(WHERE))


def main() -> None:
    import mindspore as ms
    import mindspore.dataset
    import text_calls

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        text_calls.write_files(folder)
        scope = text_calls.names(ms)
        lines = [f"{json.dumps(call)}: {json.dumps(text_calls.answer(scope, call))}" for call in text_calls.CALLS]
    text = ",\n".join([f'"version": "{ms.__version__}"', *lines])
    (WHERE / "text_answers.json").write_text("{\n" + text + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
