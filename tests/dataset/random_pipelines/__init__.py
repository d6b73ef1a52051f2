"""Random pipelines, each drawn from a seed: MindSpore and msjax are asked for the same ones.

`outcome(ds, folder, seed)` builds one with the module `dataset` of either, runs it, and gives what can be asked of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .building import Pipeline
from .operations import grow

MOST_ROWS = 40  # of an epoch that are looked at


def outcome(ds, folder: str, seed: int) -> dict[str, Any]:
    """What can be asked of the pipeline of a seed, in JSON."""
    draw = random.Random(-1 - seed)
    ds.config.set_seed(draw.choice((5, 5, 1234, 2147483647)))
    made = Pipeline(ds, folder, seed)
    try:
        grow(made)
    except Exception as error:
        return {"pipeline": " ".join(made.text), "error": type(error).__name__, "text": str(error)}
    dataset, answers = made.dataset, {"pipeline": " ".join(made.text)}
    questions: dict[str, Callable[[], Any]] = {
        "columns": dataset.get_col_names,
        "size": dataset.get_dataset_size,
        "batch": dataset.get_batch_size,
        "repeat": dataset.get_repeat_count,
        "shapes": dataset.output_shapes,
        "types": lambda: [str(one) for one in dataset.output_types()],
        "rows": partial(rows, dataset, draw),
    }
    asked = list(questions)
    draw.shuffle(asked)
    for question in asked:
        answers[question] = answer(questions[question])
    return answers


def answer(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except Exception as error:
        return {"error": type(error).__name__, "text": str(error)}


def rows(dataset, draw: random.Random) -> list:
    """The rows of some epochs, of one iterator or another."""
    epochs, as_numpy, copied = draw.choice((1, 1, 2, 3)), draw.random() < 0.6, draw.random() < 0.3
    if draw.random() < 0.5:
        iterator = dataset.create_dict_iterator(num_epochs=epochs, output_numpy=as_numpy, do_copy=copied)
    else:
        iterator = dataset.create_tuple_iterator(num_epochs=epochs, output_numpy=as_numpy, do_copy=copied)
    return [[cells(row) for row, _ in zip(iterator, range(MOST_ROWS), strict=False)] for _ in range(epochs)]


def cells(row) -> list:
    if isinstance(row, dict):
        return [[key, *cell(part)] for key, part in row.items()]
    return [cell(part) for part in row]


def cell(part) -> list:
    kind = type(part).__name__
    array = part if isinstance(part, np.ndarray) else part.asnumpy()
    return [kind, array.dtype.str, array.tolist()]


def known(answers: dict[str, Any]) -> dict[str, Any]:
    """What of the answers is compared: of errors only their types.

    Where rows end with an error, sizes are not: MindSpore works them out without running functions.
    """
    kept = {key: _known(answer) for key, answer in answers.items() if key not in ("pipeline", "text")}
    if isinstance(kept.get("rows"), dict):
        kept.pop("size")
    return kept


def _known(answer: Any) -> Any:
    return {"error": answer["error"]} if isinstance(answer, dict) else answer
