"""Record what MindSpore's transforms of sounds give: tests/dataset/audio_calls.py -> tests/dataset/audio_answers.npz.

    python scripts/record_audio.py

Needs an interpreter with MindSpore 2.10.0.
"""

import sys
from pathlib import Path

import numpy as np

WHERE = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(WHERE))


def main() -> None:
    import audio_calls
    import mindspore as ms
    from mindspore.dataset import audio

    ms.dataset.config.set_seed(5)
    values, arrays = audio_calls.inputs(), {}
    for call, name in audio_calls.calls():
        answer = audio_calls.answer(audio, call, values.get(name))
        parts = [np.array(answer)] if isinstance(answer, str) else answer
        arrays.update({f"{call}|{name}|{index}": part for index, part in enumerate(parts)})
    np.savez_compressed(WHERE / "audio_answers.npz", version=ms.__version__, **arrays)


if __name__ == "__main__":
    main()
