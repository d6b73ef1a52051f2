"""SummaryRecord: writes what networks and programs give away for TensorBoard."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msjax import log
from msjax.core.kinds import check, is_a, takes
from msjax.nn.cell import Cell
from msjax.ops.control import summaries
from msjax.train.summary.events import PLUGINS, TEXTS, Events


@takes(
    log_dir="str", file_prefix="str", file_suffix="str", num_process="int", network="None or Cell",
    max_file_size="None or int", raise_exception="bool", export_options="None or dict",
)  # fmt: skip
class SummaryRecord:
    """Write values of a run into a file that TensorBoard reads: `tensorboard --logdir FOLDER`.

    What networks give away by `ops.ScalarSummary` and its kin, and what `add_value` adds, is written by `record`.

    Args:
        log_dir: the folder; made if it is not there.
        file_prefix: accepted for compatibility: TensorBoard asks for names that begin with "events.out.tfevents".
        file_suffix: what the file's name ends in.
        num_process: accepted for compatibility.
        network: a Cell, of which the structure is written, too, as a text.
        max_file_size: bytes after which nothing more is written; None for any number.
        raise_exception: accepted for compatibility; errors are raised.
        export_options: {"tensor_format": "npy"} to have Tensors also written as files of numpy, in the folder
            `export_TIME/tensor`.

    Raises:
        TypeError, ValueError: if an argument is of another type, or another option.
        RuntimeError: if there is another SummaryRecord that has not been closed.
        ImportError: without tensorboardX, which `pip install msjax[summary]` brings.

    Example:
        >>> with ms.SummaryRecord("./summary") as record:
        ...     record.add_value("scalar", "loss", Tensor(0.5))
        ...     print(record.record(step=1))
        True

    Differs from MindSpore: it writes event files of TensorBoard, not of MindInsight; what is no number or image is
    written as a text.
    """

    _open: SummaryRecord | None = None

    def __init__(
        self,
        log_dir: str,
        file_prefix: str = "events",
        file_suffix: str = "_MS",
        num_process: int = 32,
        network: Cell | None = None,
        max_file_size: int | None = None,
        raise_exception: bool = False,
        export_options: dict | None = None,
    ):
        if SummaryRecord._open is not None:
            raise RuntimeError("For 'SummaryRecord', only one may be open at a time: close the other one first.")
        if max_file_size is not None and max_file_size <= 0:
            log.warning("For 'SummaryRecord', the 'max_file_size' should be greater than 0, but got %s.", max_file_size)
            max_file_size = None
        self._limit, self._network, self._mode = max_file_size, network, "train"
        self._added: list[tuple[str, str, Any]] = []
        self._events: Events | None = Events(Path(log_dir), file_suffix, _tensors(log_dir, export_options))
        self._path = self._events.path.resolve()
        summaries.taken()  # what was given away before is not of this record
        SummaryRecord._open = self

    @property
    def log_dir(self) -> str:
        """The full path of the file."""
        return str(self._path)

    def set_mode(self, mode: str) -> None:
        """Say what the network does from now on.

        Args:
            mode: "train", or "eval", in which nothing is written that networks give away.

        Raises:
            ValueError: if it is another word.
        """
        if mode not in ("train", "eval"):
            raise ValueError(f"For 'SummaryRecord.set_mode', 'mode' must be 'train' or 'eval', but got {mode!r}.")
        self._mode = mode

    def add_value(self, plugin: str, name: str, value: Any) -> None:
        """Add a value, which the next `record` writes.

        Args:
            plugin: "scalar", "tensor", "image" or "histogram"; or "graph", "train_lineage", "eval_lineage",
                "dataset_graph", "custom_lineage_data" or "landscape" for a text.
            name: what TensorBoard shows it as.
            value: a Tensor; an image is of shape (n, channels, height, width), with 1 or 3 channels. For a text
                anything.

        Raises:
            TypeError: if it is no Tensor.
            ValueError: if there is no such plugin, the name is no str, or the shape does not fit.
        """
        if plugin not in PLUGINS:
            raise ValueError(f"For 'SummaryRecord.add_value', 'plugin' must be one of {PLUGINS}, but got {plugin!r}.")
        if not isinstance(name, str) or not name:
            raise ValueError(f"For 'SummaryRecord.add_value', 'name' must be a str, but got {name!r}.")
        if plugin not in TEXTS:
            check("SummaryRecord.add_value", "value", value, "Tensor")
            if plugin == "scalar" and value.ndim > 1:
                raise ValueError(f"For 'SummaryRecord.add_value', a scalar has no axes or one, but got {value.ndim}.")
            if plugin == "image" and (value.ndim != 4 or value.shape[1] not in (1, 3)):
                raise ValueError(
                    "For 'SummaryRecord.add_value', images must be of shape (n, 1 or 3, height, width), but got "
                    f"{value.shape}."
                )
            value = value.asnumpy().copy()
        self._added.append((plugin, name, value))

    def record(
        self, step: int, train_network: Cell | None = None, plugin_filter: Callable[[str], bool] | None = None
    ) -> bool:
        """Write what was added and given away since the last time.

        Args:
            step: the number of the step that it belongs to.
            train_network: a Cell, of which the structure is written, if that of none was.
            plugin_filter: a function of a plugin's name, which says whether its values are written.

        Returns:
            Whether it was written.

        Raises:
            TypeError: if an argument is of another type.
        """
        for name, value, kind in (("step", step, "int"), ("train_network", train_network, "None or Cell")):
            if not is_a(value, kind):
                raise TypeError(f"For 'SummaryRecord.record', '{name}' must be {kind}, but got {type(value).__name__}.")
        given = summaries.taken()
        added, self._added = self._added + (given if self._mode == "train" else []), []
        if self._events is None:
            log.error("The SummaryRecord is closed, so nothing is written.")
            return False
        if self._limit is not None and self._is_full():
            return False
        network, self._network = self._network or train_network, None
        if network is not None:
            added.append(("graph", "network", f"```\n{network}\n```"))
        for plugin, name, value in added:
            if plugin_filter is None or plugin_filter(plugin):
                self._events.write(plugin, name, value, step)
        return True

    def _is_full(self) -> bool:
        assert self._events is not None and self._limit is not None
        self._events.flush()
        full = self._path.stat().st_size >= self._limit
        if full:
            log.warning("%s has reached max_file_size, %s: nothing more is written.", self._path, self._limit)
        return full

    def flush(self) -> None:
        """Have all that was recorded in the file."""
        if self._events is None:
            log.error("The SummaryRecord is closed.")
        else:
            self._events.flush()

    def close(self) -> None:
        """End the file."""
        if self._events is not None:
            self._events.close()
            self._events, SummaryRecord._open = None, None

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self.close()


def _tensors(log_dir: str, options: dict | None) -> Path | None:
    """The folder for files of Tensors, if the options ask for them."""
    if options is None:
        return None
    if options.get("tensor_format") != "npy" or len(options) != 1:
        raise ValueError(
            f"For 'SummaryRecord', 'export_options' must be {{'tensor_format': 'npy'}}, but got {options}."
        )
    return Path(log_dir) / f"export_{time.strftime('%Y%m%d_%H%M%S')}" / "tensor"
