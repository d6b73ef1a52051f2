"""Record what MindSpore's transforms give: tests/dataset/vision_calls.py and image_pipelines.py ->
tests/dataset/vision_answers.npz.

Run it with a Python that has MindSpore:

    python scripts/record_vision.py
"""

import copy
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

WHERE = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(WHERE))


def main() -> None:
    import image_pipelines
    import mindspore as ms
    import mindspore.dataset
    import vision_calls

    rows = vision_calls.inputs(ms.Tensor)
    os.chdir(tempfile.mkdtemp())  # there MindSpore puts images that it can not decode
    arrays, kinds = {}, []
    for room, call, name in vision_calls.calls():
        row = copy.deepcopy(rows[name])  # some of its transforms write to their input
        for index, (kind, array) in enumerate(vision_calls.answer(ms, room, call, row)):
            key = f"{room}|{call}|{name}|{index}"
            arrays[key] = array
            kinds.append((key, kind))
    for name in image_pipelines.NAMES:
        for index, array in enumerate(image_pipelines.outcome(ms, name)):
            arrays[f"pipeline|{name}|{index}"] = array
    for call in image_pipelines.RANDOM:
        for workers in (1, 2):
            arrays[f"random|{call}|{workers}"] = image_pipelines.random_outcome(ms, call, workers)
    np.savez_compressed(WHERE / "vision_answers.npz", version=ms.__version__, kinds=np.array(kinds), **arrays)


if __name__ == "__main__":
    main()
