"""Metric: the base class of metrics, and of those that are a mean over samples."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from msjax.core.tensor import Tensor


class Metric(ABC):
    """Base class: `clear()`, then `update(...)` for each batch, then `eval()`. A call does that with one batch.

    Args:
        inputs: in a call, those of `update`.

    Example:
        >>> metric = ms.train.MAE()
        >>> metric.update(Tensor([1.0, 2.0]), Tensor([0.0, 0.0]))
        >>> metric.eval()
        1.5
    """

    def __init__(self):
        self._indexes: list[int] | None = None

    @property
    def indexes(self) -> list[int] | None:
        """Which of the values given to `update` are used, and in which order; None for as they come."""
        return getattr(self, "_indexes", None)

    def set_indexes(self, indexes: list[int]) -> Metric:
        """Choose which of the values given to `update` are used, and in which order.

        Args:
            indexes: their positions.

        Returns:
            This metric.

        Raises:
            ValueError: if `indexes` is no list of ints.
        """
        if not isinstance(indexes, list) or not all(isinstance(i, int) for i in indexes):
            raise ValueError(
                f"For 'set_indexes', the argument 'indexes' should be a list of ints, but got {indexes!r}."
            )
        self._indexes = indexes
        return self

    def __call__(self, *inputs: Any) -> Any:
        """The metric of one batch alone."""
        self.clear()
        self.update(*inputs)
        return self.eval()

    @abstractmethod
    def clear(self) -> None:
        """Begin anew."""

    @abstractmethod
    def eval(self) -> Any:
        """The metric of all batches since `clear`.

        Raises:
            RuntimeError: if there were none.
        """

    @abstractmethod
    def update(self, *inputs: Any) -> None:
        """Take notice of a batch.

        Args:
            inputs: what the network gave and what it should have given, Tensors, numpy arrays or lists.

        Raises:
            ValueError: if number or shapes of the values do not fit.
        """

    def _convert_data(self, data) -> np.ndarray:
        if isinstance(data, Tensor):
            return data.asnumpy()
        if isinstance(data, list | tuple | np.ndarray | int | float | np.generic):
            return np.asarray(data)
        raise TypeError(f"For a metric, data must be a Tensor, list or numpy array, but got {type(data)}.")

    def _arrays(self, inputs, wanted: int) -> list[np.ndarray]:
        if len(inputs) != wanted:
            what = "1 input (loss)" if wanted == 1 else f"{wanted} inputs (predicted value, true value)"
            raise ValueError(f"For '{type(self).__name__}.update', it needs {what}, but got {len(inputs)}")
        return [self._convert_data(i) for i in inputs]

    def _check_samples(self, count) -> None:
        if not count:
            raise RuntimeError(
                f"The '{type(self).__name__}' can not be calculated, because the number of samples is 0, please check "
                "whether your inputs are empty, or has called update method before calling eval method."
            )


def rearrange_inputs(func: Callable[..., Any]) -> Any:
    """Decorate an `update`, so that `set_indexes` chooses among the values it is given.

    Args:
        func: the method.

    Returns:
        The decorated method.

    Example:
        >>> class Count(ms.train.Metric):
        ...     def clear(self):
        ...         self.total = 0
        ...     @ms.train.rearrange_inputs
        ...     def update(self, *inputs):
        ...         self.total += len(inputs[0])
        ...     def eval(self):
        ...         return self.total
        >>> Count().set_indexes([1])([1, 2], [3, 4, 5])
        3
    """

    @functools.wraps(func)
    def update(self, *inputs):
        inputs = inputs if self.indexes is None else [inputs[i] for i in self.indexes]
        try:
            return func(self, *inputs)
        except (IndexError, ZeroDivisionError) as error:
            if not type(self).__module__.startswith("msjax."):  # a metric of the user's may mean it
                raise
            raise ValueError(
                f"For '{type(self).__name__}', an input has another number of axes, or of elements, than it must have."
            ) from error

    return update


class Mean(Metric):
    """The mean of a number for each sample.

    The sum and the number of samples have the names that MindSpore gives them: classes that derive from its metrics
    count in them, too.
    """

    _names = ("_sum_loss", "_total_num")

    def __init__(self):
        super().__init__()
        self.clear()

    def clear(self) -> None:
        for name in self._names:
            setattr(self, name, 0)

    def _count(self, *more: Any) -> None:
        for name, value in zip(self._names, more, strict=True):
            setattr(self, name, getattr(self, name) + value)

    def eval(self) -> float:
        total, samples = (getattr(self, name) for name in self._names)
        self._check_samples(samples)
        return float(total / samples)
