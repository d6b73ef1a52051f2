"""Event files of TensorBoard, written by tensorboardX."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from msjax import log

# For each plugin of MindSpore's that is a kind of value, how it is written. Of the others texts are written.
_WRITERS = {"scalar": "_scalar", "histogram": "_histogram", "image": "_image", "tensor": "_tensor"}
_numbers = itertools.count()
_SECONDS = 5  # after which what was written is to be seen by who watches the run
_FLOAT, _DOUBLE = 1, 2  # types of elements, as TensorBoard numbers them
TEXTS = ("train_lineage", "eval_lineage", "dataset_graph", "custom_lineage_data", "graph", "landscape")
PLUGINS = ("tensor", "scalar", "image", "histogram", *TEXTS)


class Events:
    """A file of events.

    Args:
        folder: where; made if it is not there.
        suffix: what the file's name ends in.
        tensors: the folder for files of Tensors, which are written beside the events; None for none.

    Raises:
        ImportError: without tensorboardX, which `pip install msjax[summary]` brings.
    """

    def __init__(self, folder: Path, suffix: str, tensors: Path | None = None):
        try:
            from tensorboardX import summary
            from tensorboardX.event_file_writer import EventsWriter
        except ImportError:
            raise ImportError("Summaries need the package tensorboardX: pip install 'msjax[summary]'.") from None
        folder.mkdir(parents=True, exist_ok=True)
        # The name has the second in it, which is not enough for it to be a new one.
        suffix = f".{os.getpid()}.{next(_numbers)}{suffix}"
        # The writer of events, not SummaryWriter: that one hands them to a thread, for which its flush does not wait.
        self._writer: Any = EventsWriter(str(folder / "events"), suffix)
        self._summary: Any = summary
        self.path = next(path for path in folder.iterdir() if path.name.endswith(suffix))
        self._tensors = tensors
        self.flush()

    def write(self, plugin: str, name: str, value: Any, step: int) -> None:
        """Write a value: an array, of lineages and graphs anything that has a text."""
        if plugin in _WRITERS:
            getattr(self, _WRITERS[plugin])(name, np.asarray(value), step)
        else:
            self._add(self._summary.text(name, str(value)), step)

    def flush(self) -> None:
        """Have all that was written in the file."""
        self._writer.flush()
        self._flushed = time.monotonic()

    def close(self) -> None:
        self._writer.close()

    def _add(self, summary: Any, step: int) -> None:
        from tensorboardX.proto.event_pb2 import Event  # pyright: ignore[reportAttributeAccessIssue]

        self._writer.write_event(Event(wall_time=time.time(), step=step, summary=summary))
        if time.monotonic() - self._flushed > _SECONDS:
            self.flush()

    def _scalar(self, name: str, value: np.ndarray, step: int) -> None:
        if value.size != 1:
            log.warning("The value of the scalar %s is of shape %s; its first element is recorded.", name, value.shape)
        self._add(self._summary.scalar(name, float(value.flat[0])), step)

    def _histogram(self, name: str, value: np.ndarray, step: int) -> None:
        finite = value[np.isfinite(value)].astype(np.float64)
        if finite.size < value.size:
            log.warning("%s elements of %s are not finite, and left out.", value.size - finite.size, name)
        if finite.size:
            # TensorBoard's own bins: they grow by a tenth from one to the next.
            edges = np.geomspace(1e-12, max(1e20, 1.1 * np.abs(finite).max()), 775)
            bins = np.concatenate([-edges[::-1], [0], edges])
            self._add(self._summary.histogram(name, finite, bins), step)

    def _image(self, name: str, value: np.ndarray, step: int) -> None:
        scale = 255 if np.issubdtype(value.dtype, np.floating) and value.max(initial=0) <= 1 else 1
        pixels = (np.nan_to_num(value) * scale).clip(0, 255).astype(np.uint8)
        self._add(self._summary.image(name, pixels, dataformats="NCHW"), step)

    def _tensor(self, name: str, value: np.ndarray, step: int) -> None:
        from tensorboardX.proto.summary_pb2 import Summary  # pyright: ignore[reportAttributeAccessIssue]

        value = value.astype(np.float64 if value.dtype == np.float64 else np.float32)
        summary = Summary()
        tensor = summary.value.add(tag=name).tensor
        tensor.dtype = _DOUBLE if value.dtype == np.float64 else _FLOAT
        tensor.tensor_content = value.tobytes()
        for size in value.shape:
            tensor.tensor_shape.dim.add(size=size)
        self._add(summary, step)
        if self._tensors is not None:
            self._tensors.mkdir(parents=True, exist_ok=True)
            np.save(self._tensors / f"{name.replace('/', '_')}_{step}.npy", value)
