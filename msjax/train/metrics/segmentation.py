"""Metrics of regions in images: how far they overlap, and how far their borders are from each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from msjax.core.kinds import check, takes
from msjax.train.metrics.metric import Mean, Metric, rearrange_inputs


@takes(smooth="number > 0")
class Dice(Mean):
    """The Dice coefficients of batches, added up and divided by the number of samples.

    `update(predicted, true)`: arrays of one shape. The coefficient of a batch is 2 p t / (p p + t t).

    Args:
        smooth: added below the line.

    Raises:
        TypeError, ValueError: if that is no positive number.

    Example:
        >>> metric = ms.train.Dice()
        >>> metric.update(Tensor([[0.0, 1.0]]), Tensor([[1.0, 1.0]]))
        >>> round(metric.eval(), 4)
        0.6667
    """

    _names = ("_dice_coeff_sum", "_samples_num")

    def __init__(self, smooth: float = 1e-5):
        super().__init__()
        self.smooth = smooth

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        predicted, true = self._arrays(inputs, 2)
        if predicted.shape != true.shape:
            raise ValueError(
                "For 'Dice.update', the predicted and the true value must be of one shape, but got "
                f"{predicted.shape} and {true.shape}."
            )
        p, t = predicted.ravel(), true.ravel()
        self._count(2 * float(p @ t) / (float(p @ p + t @ t) + self.smooth), len(true))


class _Surfaces(Metric):
    """A metric of the borders of two regions: `update(predicted, true, label)`, of the batch given last.

    The regions are where the two arrays, of one shape, are `label`.
    """

    def __init__(self, distance_metric: str):
        super().__init__()
        check(type(self).__name__, "distance_metric", distance_metric, "'euclidean' or 'chessboard' or 'taxicab'")
        self.distance_metric = distance_metric
        self.clear()

    def clear(self) -> None:
        self._borders: tuple[np.ndarray, np.ndarray] | None = None

    @rearrange_inputs
    def update(self, *inputs: Any) -> None:
        name = type(self).__name__
        if len(inputs) != 3:
            raise ValueError(
                f"For '{name}.update', it needs 3 inputs (predicted value, true value, label index), but got "
                f"{len(inputs)}."
            )
        *arrays, label = inputs
        predicted, true = map(self._convert_data, arrays)
        if not isinstance(label, int | float):
            raise self._label_error(
                f"For '{name}.update', the label index must be int or float, but got {type(label).__name__}."
            )
        if not predicted.size or predicted.shape != true.shape:
            raise ValueError(
                f"For '{name}.update', the predicted and the true value must be of one shape and not empty, but got "
                f"{predicted.shape} and {true.shape}."
            )
        if label not in predicted and label not in true:
            raise ValueError(f"For '{name}.update', the label index {label} is in neither value.")
        regions = [array if array.dtype == bool else array == label for array in (predicted, true)]
        predicted, true = self._trimmed(*regions)
        self._borders = _border(predicted), _border(true)

    _label_error: type[Exception] = ValueError

    def _trimmed(self, predicted: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return predicted, true

    def _distances(self, back: bool = False) -> np.ndarray:
        """From each point of the predicted border to the true one, or back."""
        if self._borders is None:
            raise RuntimeError("Please call the 'update' method before calling 'eval' method.")
        here, there = reversed(self._borders) if back else self._borders
        if not there.any():
            return np.full(here.sum(), np.inf)
        from scipy import ndimage

        if self.distance_metric == "euclidean":
            distances = ndimage.distance_transform_edt(~there)
        else:
            distances = ndimage.distance_transform_cdt(~there, metric=self.distance_metric)
        return np.asarray(distances)[here]


def _border(region: np.ndarray) -> np.ndarray:
    from scipy import ndimage

    return ndimage.binary_erosion(region) ^ region


def _box(region: np.ndarray) -> tuple[slice, ...]:
    return tuple(slice(where.min(), where.max() + 1) for where in np.nonzero(region))


@takes(percentile="None or float", directed="None or bool", crop="None or bool")
class HausdorffDistance(_Surfaces):
    """The largest distance from a point of one region's border to the border of the other, of the batch given last.

    `update(predicted, true, label)`: two arrays of one shape; the regions are where they are `label`.

    Args:
        distance_metric: "euclidean", "chessboard" or "taxicab".
        percentile: a percentile of the distances, from 0 to 100, instead of the largest.
        directed: whether only distances from the predicted region count.
        crop: whether what is outside of both regions is cut off first.

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.

    Example:
        >>> metric = ms.train.HausdorffDistance()
        >>> metric.update(Tensor([[1, 0, 0], [0, 0, 0]]), Tensor([[0, 0, 1], [0, 0, 0]]), 1)
        >>> float(metric.eval())
        2.0
    """

    def __init__(
        self,
        distance_metric: str = "euclidean",
        percentile: float | None = None,
        directed: bool = False,
        crop: bool = True,
    ):
        self.percentile, self.directed, self.crop = percentile, directed, crop
        super().__init__(distance_metric)

    def _trimmed(self, predicted: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not self.crop:
            return predicted, true
        box = _box(predicted | true)
        # Axes of length 1 are dropped, as in MindSpore: along them no point is a border then.
        return predicted[box].squeeze(), true[box].squeeze()

    def eval(self) -> float:
        """The distance.

        Returns:
            A number; infinity if one of the regions is empty.

        Raises:
            RuntimeError: if there was no batch.
            ValueError: if `percentile` is not between 0 and 100.
        """
        there = self._largest(self._distances())
        return there if self.directed else max(there, self._largest(self._distances(back=True)))

    def _largest(self, distances: np.ndarray) -> float:
        if not distances.size or np.isinf(distances).any():
            return np.inf
        if not self.percentile:
            return distances.max()
        if 0 <= self.percentile <= 100:
            return np.percentile(distances, self.percentile)
        raise ValueError(f"For 'HausdorffDistance', 'percentile' must be in [0, 100], but got {self.percentile}.")


@takes(symmetric="bool")
class MeanSurfaceDistance(_Surfaces):
    """The mean distance from points of the predicted region's border to the true one's, of the batch given last.

    `update(predicted, true, label)`: two arrays of one shape; the regions are where they are `label`.

    Args:
        symmetric: whether the mean of that and of the distance back is given.
        distance_metric: "euclidean", "chessboard" or "taxicab".

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.

    Example:
        >>> metric = ms.train.MeanSurfaceDistance()
        >>> metric.update(Tensor([[1, 0, 0], [0, 0, 0]]), Tensor([[0, 0, 1], [0, 0, 0]]), 1)
        >>> float(metric.eval())
        2.0
    """

    def __init__(self, symmetric: bool = False, distance_metric: str = "euclidean"):
        self.symmetric = symmetric
        super().__init__(distance_metric)

    def eval(self) -> Any:
        """The distance.

        Returns:
            A number; infinity if one of the regions is empty.

        Raises:
            RuntimeError: if there was no batch.
        """
        distances = [self._distances(back) for back in ((False, True) if self.symmetric else (False,))]
        if not all(d.size for d in distances):
            return np.inf
        return self._mean(distances)

    def _mean(self, distances: list[np.ndarray]) -> Any:
        return np.mean([d.mean() for d in distances])


class RootMeanSquareDistance(MeanSurfaceDistance):
    """As `MeanSurfaceDistance`, of squared distances: their mean, or, if it is symmetric, the root of it.

    `update(predicted, true, label)`: two arrays of one shape; the regions are where they are `label`.

    Args:
        symmetric: whether distances back count, too, and the root is taken.
        distance_metric: "euclidean", "chessboard" or "taxicab".

    Raises:
        TypeError, ValueError: if an argument is of another type, or another word.

    Example:
        >>> metric = ms.train.RootMeanSquareDistance(symmetric=True)
        >>> metric.update(Tensor([[1, 0, 0], [0, 0, 0]]), Tensor([[0, 0, 1], [0, 0, 0]]), 1)
        >>> float(metric.eval())
        2.0
    """

    _label_error = TypeError

    def _mean(self, distances: list[np.ndarray]) -> Any:
        mean = np.mean([(d**2).mean() for d in distances])
        return np.sqrt(mean) if self.symmetric else mean
