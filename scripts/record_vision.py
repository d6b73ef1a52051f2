"""Record what MindSpore's transforms give: tests/dataset/vision_calls.py -> tests/dataset/vision_answers.npz.

Run it with a Python that has MindSpore:

    python scripts/record_vision.py
"""

import copy
import sys
from pathlib import Path

import numpy as np

WHERE = Path(__file__).parent.parent / "tests" / "dataset"
sys.path.insert(0, str(WHERE))


def main() -> None:
    import mindspore as ms
    import mindspore.dataset
    import vision_calls

    rows = vision_calls.inputs(ms.Tensor)
    # Some of MindSpore's transforms write to their input: each call has its own.
    arrays, kinds = {}, []
    for room, call, name in vision_calls.calls():
        for index, (kind, array) in enumerate(vision_calls.answer(ms, room, call, copy.deepcopy(rows[name]))):
            key = f"{room}|{call}|{name}|{index}"
            arrays[key] = array
            kinds.append((key, kind))
    np.savez_compressed(WHERE / "vision_answers.npz", version=ms.__version__, kinds=np.array(kinds), **arrays)


if __name__ == "__main__":
    main()
