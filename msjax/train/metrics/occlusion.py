"""OcclusionSensitivity: what in an image matters to a network."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.cells import is_cell
from msjax.core.kinds import takes
from msjax.core.tensor import Tensor
from msjax.train.metrics.metric import Metric, rearrange_inputs


@takes(pad_val="float", margin="int or list", n_batch="int > 0", b_box="None or list")
class OcclusionSensitivity(Metric):
    """How much the probability of a class falls when a part of the image, around each point in turn, is covered.

    `update(network, image, label)`: a Cell from images to scores of shape (n, classes), one image of shape (1, ...),
    and its class; the last image counts.

    Args:
        pad_val: what the image is covered with.
        margin: how far the cover reaches from its middle, in points; a list for each axis.
        n_batch: how many covered images the network gets at a time.
        b_box: the first and the last index of the middle along each axis, in one list; -1 for all.

    Raises:
        TypeError, ValueError: if an argument is of another type.

    Example:
        >>> metric = ms.train.OcclusionSensitivity(margin=1)
        >>> metric.update(nn.Flatten(), Tensor([[0.25, 0.5, 0.75, 1.0]]), 1)
        >>> metric.eval()
        array([0. , 0.5, 0.5, 0. ], dtype=float32)

    Source: M. Zeiler, R. Fergus, Visualizing and understanding convolutional networks, 2014, section 4.2.
    """

    def __init__(
        self, pad_val: float = 0.0, margin: int | list[int] = 2, n_batch: int = 128, b_box: list[int] | None = None
    ):
        super().__init__()
        self.pad_val, self.margin, self.n_batch, self.b_box = pad_val, margin, n_batch, b_box
        self.clear()

    def clear(self) -> None:
        self._sensitivity: np.ndarray | None = None

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        if len(inputs) != 3:
            raise ValueError(
                "For 'OcclusionSensitivity.update', it needs 3 inputs (classification model, predicted value, label), "
                f"but got {len(inputs)}."
            )
        network, image, label = inputs[0], *map(self._convert_data, inputs[1:])
        if not is_cell(network):
            raise TypeError(
                f"For 'OcclusionSensitivity.update', the model must be a Cell, but got {type(network).__name__}."
            )
        if len(image) != 1 or label.size != 1:
            raise RuntimeError(
                "For 'OcclusionSensitivity.update', there must be one image of shape (1, ...) and one label, but got "
                f"the shapes {image.shape} and {label.shape}."
            )
        first, last = self._bounds(np.array(image.shape[1:]))
        scores = self._scores(network, image, int(label.item()), first, last)
        self._sensitivity = network(Tensor(image)).asnumpy()[0, label.item()] - scores.squeeze()

    def _scores(self, network, image, label: int, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        middles = first + np.stack(np.unravel_index(np.arange(np.prod(last - first + 1)), last - first + 1), axis=-1)
        scores = []
        for start in range(0, len(middles), self.n_batch):
            some = middles[start : start + self.n_batch]
            images = image.repeat(len(some), axis=0)
            for covered, low, high in zip(images, np.maximum(some - self.margin, 0), some + self.margin, strict=True):
                covered[tuple(map(slice, low, high))] = self.pad_val
            scores.append(network(Tensor(images)).asnumpy()[:, label])
        return np.concatenate(scores).reshape(last - first + 1)

    def _bounds(self, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last index of the middles, along each axis."""
        if self.b_box is None:
            return np.zeros_like(shape), shape - 1
        if len(self.b_box) != 2 * len(shape):
            raise ValueError(
                "For 'OcclusionSensitivity', 'b_box' must have two numbers for each axis but the first, "
                f"{2 * len(shape)}, but got {len(self.b_box)}."
            )
        first, last = np.array(self.b_box[::2]), np.array(self.b_box[1::2])
        first, last = np.maximum(first, 0), np.where(last < 0, shape - 1, last)
        if (last >= shape).any() or (first > last).any():
            raise ValueError(
                f"For 'OcclusionSensitivity', 'b_box' must be within the image, but got {self.b_box} for {tuple(shape)}"
            )
        return first, last

    def eval(self) -> np.ndarray:
        """The fall of the score by the middle of what is covered.

        Returns:
            An array of the image's shape, or the box's, without axes of length 1.

        Raises:
            RuntimeError: if there was no image.
        """
        if self._sensitivity is None:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        return self._sensitivity
