"""Curves of a training as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from msjax.core.tensor import Tensor
from msjax.train.callback import History


def draw_curves(curves: History | Mapping[str, Sequence] | Sequence, path: str, title: str = "") -> str:
    """Draw losses, or other numbers of each epoch or step, into a file.

    Args:
        curves: a `History`, a dict of lists of numbers by name, or one list of losses.
        path: the file; its ending says of what kind, such as ".png", ".pdf" or ".svg".
        title: stands above.

    Returns:
        The file's full path.

    Raises:
        ValueError: if there is nothing to draw.
        ImportError: without matplotlib, which `pip install msjax[plot]` brings.

    Example:
        >>> net, history = nn.Dense(2, 1), ms.train.History()
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(3, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=history)
        >>> ms.train.draw_curves(history, "loss.png").endswith("loss.png")
        True

    Differs from MindSpore: it is not there.
    """
    lines = {name: values for name, values in _lines(curves).items() if values.size}
    if not lines:
        raise ValueError("For 'draw_curves', there are no numbers to draw.")
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("'draw_curves' needs the package matplotlib: pip install 'msjax[plot]'.") from None
    # A Figure of its own needs no window, and leaves what the program draws with pyplot alone.
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    for name, values in lines.items():
        axes.plot(np.arange(1, values.size + 1), values, label=name)
    if all((values > 0).all() for values in lines.values()):
        axes.set_yscale("log")
    axes.set(title=title, xlabel="epoch" if isinstance(curves, History) else "step")
    axes.legend()
    figure.savefig(path, dpi=120)
    return str(Path(path).resolve())


def _lines(curves: Any) -> dict[str, np.ndarray]:
    """The numbers by name; what is no number is left out."""
    if isinstance(curves, History):
        named = {"loss" if name == "net_output" else name: values for name, values in curves.history.items()}
    else:
        named = curves if isinstance(curves, Mapping) else {"loss": curves}
    arrays = {name: [_number(value) for value in values] for name, values in named.items()}
    return {name: np.array([v for v in values if v is not None], float) for name, values in arrays.items()}


def _number(value: Any) -> float | None:
    array = value.asnumpy() if isinstance(value, Tensor) else np.asarray(value)
    return float(array.item()) if array.size == 1 and array.dtype.kind in "biuf" else None
