"""DatasetHelper: a dataset on its way into a network, row by row or in sinks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from msjax.core.kinds import takes
from msjax.nn.cell import Cell
from msjax.train.sink import Steps, check_sink_size, endless, steps_of


class DatasetHelper:
    """Loop over a dataset in epochs; in sink mode a turn of the loop stands for `sink_size` rows.

    Args:
        dataset (Dataset): where rows come from.
        dataset_sink_mode (bool): whether a network that `connect_network_with_dataset` gives takes the rows by itself.
            Then the loop gives an empty tuple, for a call of that network.
        sink_size (int): how many rows a call takes; -1 for all of an epoch.
        epoch_num (int): how many loops there are.

    Raises:
        TypeError, ValueError: if an argument has another type, or a number is not as said.

    Example:
        >>> rows = ds.NumpySlicesDataset([1.0, 2.0], ["x"], shuffle=False)
        >>> for x, in ms.DatasetHelper(rows, dataset_sink_mode=False):
        ...     print(float(x))
        1.0
        2.0
    """

    @takes(dataset_sink_mode="bool", sink_size="int", epoch_num="int")
    def __init__(self, dataset, dataset_sink_mode: bool = True, sink_size: int = -1, epoch_num: int = 1):
        check_sink_size(sink_size)
        self._dataset, self._sink, self._size = dataset, dataset_sink_mode, sink_size
        self._rows: Any = None
        self._epochs = None if dataset_sink_mode else dataset.create_tuple_iterator(num_epochs=epoch_num)

    def __iter__(self) -> Iterator:
        if self._epochs is not None:
            return iter(self._epochs)
        return iter([()] * max(1, self._dataset.get_dataset_size() // self.sink_size()))

    def rows(self) -> Iterator:
        """The next rows of a sink, as numpy arrays."""
        if self._rows is None:
            self._rows = endless(self._dataset)
        return islice(self._rows, self.sink_size())

    def sink_size(self) -> int:
        """How many rows a turn of the loop stands for.

        Raises:
            AttributeError: if it does not sink data.
        """
        self._check_sinks("sink_size")
        return self._dataset.get_dataset_size() if self._size == -1 else self._size

    def types_shapes(self) -> tuple[list, list]:
        """The dtypes and the shapes of the columns.

        Raises:
            AttributeError: if it does not sink data.
        """
        self._check_sinks("types_shapes")
        return self._dataset.output_types(), self._dataset.output_shapes()

    def stop_send(self) -> None:
        """Take no more rows."""
        self._check_sinks("stop_send")
        self._rows = None

    def release(self) -> None:
        """Take no more rows."""
        self.stop_send()

    def continue_send(self) -> None:
        """Nothing to do: rows are made when they are taken."""
        self._check_sinks("continue_send")

    def _check_sinks(self, name: str) -> None:
        if not self._sink:
            raise AttributeError(f"A DatasetHelper without dataset_sink_mode has no {name!r}.")


class _Connected(Cell):
    """A network whose calls take rows by themselves."""

    def __init__(self, network: Cell, helper: DatasetHelper):
        super().__init__(auto_prefix=False)
        self.network, self._helper = network, helper
        self._steps: Steps = steps_of(network, helper.sink_size())

    def __call__(self) -> Any:
        return self._steps.last(self._helper.rows())


@takes(network="Cell")
def connect_network_with_dataset(network: Cell, dataset_helper: DatasetHelper) -> Cell:
    """A network that takes its inputs from a dataset: a call without arguments is one for each row of a sink.

    Args:
        network (Cell): of the columns of a row.
        dataset_helper (DatasetHelper): of a dataset, in sink mode.

    Returns:
        A Cell; it gives what `network` gives for the last row of the sink.

    Raises:
        TypeError: if `network` is no Cell.
        RuntimeError: if the helper is not in sink mode.

    Differs from MindSpore: it works on a CPU, too.

    Example:
        >>> helper = ms.DatasetHelper(ds.NumpySlicesDataset([1.0, 2.0], ["x"], shuffle=False), sink_size=1)
        >>> network = ms.connect_network_with_dataset(nn.ReLU(), helper)
        >>> for inputs in helper:
        ...     print(float(network(*inputs)))
        1.0
        2.0
    """
    if not dataset_helper._sink:
        raise RuntimeError("The API 'connect_network_with_dataset' should be called in dataset sink mode.")
    return _Connected(network, dataset_helper)
