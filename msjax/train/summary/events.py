"""Event files of TensorBoard, written by tensorboardX."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np

from msjax import log

# For each plugin of MindSpore's that is a kind of value, how it is written. Of the others texts are written.
_WRITERS = {"scalar": "_scalar", "histogram": "_histogram", "image": "_image", "tensor": "_tensor"}
_numbers = itertools.count()
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
            from tensorboardX import SummaryWriter
        except ImportError:
            raise ImportError("Summaries need the package tensorboardX: pip install 'msjax[summary]'.") from None
        # The name has the second in it, which is not enough for it to be a new one.
        suffix = f".{os.getpid()}.{next(_numbers)}{suffix}"
        self._writer: Any = SummaryWriter(str(folder), filename_suffix=suffix)
        self._writer.flush()
        self.path = next(path for path in folder.iterdir() if path.name.endswith(suffix))
        self._tensors = tensors

    def write(self, plugin: str, name: str, value: Any, step: int) -> None:
        """Write a value: an array, of lineages and graphs anything that has a text."""
        if plugin in _WRITERS:
            getattr(self, _WRITERS[plugin])(name, np.asarray(value), step)
        else:
            self._writer.add_text(name, str(value), step)

    def flush(self) -> None:
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()

    def _scalar(self, name: str, value: np.ndarray, step: int) -> None:
        if value.size != 1:
            log.warning("The value of the scalar %s is of shape %s; its first element is recorded.", name, value.shape)
        self._writer.add_scalar(name, float(value.flat[0]), step)

    def _histogram(self, name: str, value: np.ndarray, step: int) -> None:
        finite = value[np.isfinite(value)].astype(np.float64)
        if finite.size < value.size:
            log.warning("%s elements of %s are not finite, and left out.", value.size - finite.size, name)
        if finite.size:
            self._writer.add_histogram(name, finite, step)

    def _image(self, name: str, value: np.ndarray, step: int) -> None:
        scale = 255 if np.issubdtype(value.dtype, np.floating) and value.max(initial=0) <= 1 else 1
        self._writer.add_images(name, (np.nan_to_num(value) * scale).clip(0, 255).astype(np.uint8), step)

    def _tensor(self, name: str, value: np.ndarray, step: int) -> None:
        from tensorboardX.proto.summary_pb2 import Summary  # pyright: ignore[reportAttributeAccessIssue]

        value = value.astype(np.float64 if value.dtype == np.float64 else np.float32)
        summary = Summary()
        tensor = summary.value.add(tag=name).tensor
        tensor.dtype = _DOUBLE if value.dtype == np.float64 else _FLOAT
        tensor.tensor_content = value.tobytes()
        for size in value.shape:
            tensor.tensor_shape.dim.add(size=size)
        self._writer.file_writer.add_summary(summary, step)
        if self._tensors is not None:
            self._tensors.mkdir(parents=True, exist_ok=True)
            np.save(self._tensors / f"{name.replace('/', '_')}_{step}.npy", value)
