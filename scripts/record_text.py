"""Record what MindSpore's transforms of texts give: tests/dataset/text_calls.py -> tests/dataset/text_answers.json.

Run it with a Python that has MindSpore:

    python scripts/record_text.py
"""

import base64
import json
import os
import sys
import tempfile
from pathlib import Path

WHERE = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(WHERE))


def model(text, name: str) -> str:
    """A small model of SentencePiece, in base64; it is in the folder, too."""
    kind = text.SentencePieceModel[name]
    vocab = text.SentencePieceVocab.from_file(["corpus"], 40, 0.9995, kind, {"normalization_rule_name": "identity"})
    text.SentencePieceVocab.save_model(vocab, ".", name)
    return base64.b64encode(Path(name).read_bytes()).decode()


def main() -> None:
    import mindspore as ms
    import mindspore.dataset
    import text_calls

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        text_calls.write_files(folder)
        scope = text_calls.names(ms)
        models = {name: model(ms.dataset.text, name) for name in text_calls.MODELS}
        calls = [*text_calls.CALLS, *text_calls.PIECES]
        lines = [f"{json.dumps(call)}: {json.dumps(text_calls.answer(scope, call))}" for call in calls]
    text = ",\n".join([f'"version": "{ms.__version__}"', f'"models": {json.dumps(models)}', *lines])
    (WHERE / "text_answers.json").write_text("{\n" + text + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
