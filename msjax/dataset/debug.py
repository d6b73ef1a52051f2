"""Looking into a pipeline: hooks that see what each function of a `map` gives, in debug mode."""

from __future__ import annotations

from abc import ABC, abstractmethod


class DebugHook(ABC):
    """Base of hooks: `compute` is called with what each function of a `map` gives, if debug mode is on.

    Args:
        prev_op_name (str): the name of the function before; set by the pipeline.

    Example:
        >>> class Show(ds.debug.DebugHook):
        ...     def compute(self, *args):
        ...         print(self.prev_op_name, *args)
        >>> def double(x):
        ...     return x * 2
        >>> ds.config.set_debug_mode(True, [Show()])
        >>> rows = ds.NumpySlicesDataset(np.arange(2), ["x"], shuffle=False).map(double)
        >>> for _ in rows.create_tuple_iterator(num_epochs=1):
        ...     pass
        double 0
        double 2
        >>> ds.config.set_debug_mode(False)
    """

    def __init__(self, prev_op_name: str | None = None):
        self.prev_op_name = prev_op_name

    @abstractmethod
    def compute(self, *args) -> None:
        """Called with the columns."""
