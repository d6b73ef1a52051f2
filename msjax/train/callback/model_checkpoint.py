"""Saving the Parameters during training."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msjax.core.kinds import check, takes
from msjax.core.random import Generator
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.checkpoint import save_checkpoint
from msjax.train.checkpoint.files import refuse_key


@takes(
    keep_checkpoint_per_n_minutes="None or int >= 0", saved_network="None or Cell", append_info="None or list",
    enc_key="None or bytes", enc_mode="str", format="'ckpt' or 'safetensors'",
    **dict.fromkeys(
        ("save_checkpoint_steps", "save_checkpoint_seconds", "keep_checkpoint_max"), "None or int >= 0 or bool"
    ),
    async_save="bool or 'process' or 'thread'",
    **dict.fromkeys(("integrated_save", "exception_save", "crc_check", "remove_redundancy"), "bool"),
)  # fmt: skip
class CheckpointConfig:
    """When to save, and how many files to keep.

    Args:
        save_checkpoint_steps: steps from one file to the next; 0 for none but by time.
        save_checkpoint_seconds: seconds from one file to the next; used if there are no steps. With 0 for both nothing
            is saved, but for `exception_save`.
        keep_checkpoint_max: how many files to keep at most.
        keep_checkpoint_per_n_minutes: keep one file for so many minutes; used if `keep_checkpoint_max` is 0. If both
            are 0, one file is kept.
        async_save, saved_network, crc_check, format: as for `save_checkpoint`.
        append_info: a list of what is saved, too: "epoch_num", "step_num", and at most one dict of values by name;
            where that has one of these numbers, counting goes on from it.
        exception_save: whether a file is saved, too, when training ends with an exception.
        enc_key: None: files are not encrypted here.
        integrated_save, enc_mode, remove_redundancy, kwargs: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type, or all four numbers are None or 0.
        NotImplementedError: with `enc_key`: files are not encrypted here.

    Example:
        >>> ms.train.CheckpointConfig(save_checkpoint_steps=100).keep_checkpoint_max
        5
    """

    __slots__ = (
        "append_dict", "async_save", "crc_check", "enc_key", "enc_mode", "exception_save", "format", "integrated_save",
        "keep_checkpoint_max", "keep_checkpoint_per_n_minutes", "map_param_inc", "remove_redundancy",
        "save_checkpoint_seconds", "save_checkpoint_steps", "saved_network",
    )  # fmt: skip

    def __init__(
        self,
        save_checkpoint_steps: int | None = 1,
        save_checkpoint_seconds: int | None = 0,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_per_n_minutes: int | None = 0,
        integrated_save: bool = True,
        async_save: bool = False,
        saved_network: Cell | None = None,
        append_info: list | None = None,
        enc_key: bytes | None = None,
        enc_mode: str = "AES-GCM",
        exception_save: bool = False,
        crc_check: bool = False,
        remove_redundancy: bool = False,
        format: str = "ckpt",
        **kwargs: Any,
    ):
        numbers = save_checkpoint_steps, save_checkpoint_seconds, keep_checkpoint_max, keep_checkpoint_per_n_minutes
        if not any(numbers):
            raise ValueError(
                "For 'CheckpointConfig', the input arguments 'save_checkpoint_steps', 'save_checkpoint_seconds', "
                "'keep_checkpoint_max' and 'keep_checkpoint_per_n_minutes' can't be all None or 0."
            )
        _check_format(format, enc_key, crc_check)
        refuse_key("CheckpointConfig", enc_key)
        # Of two ways to say the same, the first that is given counts, as in MindSpore.
        self.save_checkpoint_steps = save_checkpoint_steps
        self.save_checkpoint_seconds = None if save_checkpoint_steps else save_checkpoint_seconds
        self.keep_checkpoint_max = keep_checkpoint_max if keep_checkpoint_max or keep_checkpoint_per_n_minutes else 1
        self.keep_checkpoint_per_n_minutes = None if keep_checkpoint_max else keep_checkpoint_per_n_minutes
        self.integrated_save, self.async_save, self.saved_network = integrated_save, async_save, saved_network
        self.append_dict = _append_dict(append_info)
        self.enc_key, self.enc_mode, self.crc_check, self.format = enc_key, enc_mode, crc_check, format
        self.exception_save, self.remove_redundancy = exception_save, remove_redundancy
        self.map_param_inc = kwargs.get("incremental", False)

    def get_checkpoint_policy(self) -> dict[str, Any]:
        """When to save, how much to keep, and what.

        Returns:
            A dict of these arguments, as they are understood.

        Example:
            >>> ms.train.CheckpointConfig(save_checkpoint_steps=100).get_checkpoint_policy()["keep_checkpoint_max"]
            5
        """
        return {name: getattr(self, name) for name in _POLICY}


_POLICY = (
    "save_checkpoint_steps", "save_checkpoint_seconds", "keep_checkpoint_max", "keep_checkpoint_per_n_minutes",
    "saved_network",
)  # fmt: skip
_NUMBERS = ("epoch_num", "step_num")  # what can be saved besides by its name


def _check_format(format: str, key: bytes | None, checksum: bool) -> None:
    if format == "safetensors" and (key is not None or checksum):
        raise ValueError("For 'CheckpointConfig', files of safetensors have no key and no checksum.")


def _append_dict(append_info: list | None) -> dict[str, Any] | None:
    """What is saved besides, by name, with 0 for the numbers that are known later."""
    found: dict[str, Any] = {}
    for info in append_info or []:
        if isinstance(info, dict):
            found |= info
        elif info in _NUMBERS:
            found.setdefault(info, 0)
        elif isinstance(info, str):
            raise ValueError(f"For 'CheckpointConfig', 'append_info' may have {_NUMBERS} and a dict, but got {info!r}.")
        else:
            raise TypeError(f"For 'CheckpointConfig', 'append_info' must have str or one dict, but got {info!r}.")
    if sum(isinstance(info, dict) for info in append_info or []) > 1:
        raise TypeError("For 'CheckpointConfig', 'append_info' may have one dict only.")
    for name, value in found.items():
        if not isinstance(name, str) or not isinstance(value, int | float | bool | str | Tensor | Generator):
            raise TypeError(
                "For 'CheckpointConfig', the dict in 'append_info' must be of numbers, texts, Tensors or Generators by "
                f"name, but got {name!r}: {value!r}."
            )
    return found or None


def _check_prefix(prefix: Any) -> str:
    if not isinstance(prefix, str) or "/" in prefix:
        raise ValueError(f"The argument 'prefix' must be a name without '/', but got {prefix!r}.")
    return prefix


class ModelCheckpoint(Callback):
    """Save the training network, with its optimizer, as `directory/prefix-epoch_step.ckpt`.

    Args:
        prefix: what names begin with; if the directory has such files already, a number is added. Or a function of what
            callbacks know, which gives the whole name, without the suffix.
        directory: where to; made if it is not there. Or a function of what callbacks know, which gives that.
        config: a CheckpointConfig; None for one file a step.

    Raises:
        ValueError: if `prefix` is no name.
        TypeError: if `config` is no CheckpointConfig.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> saving = ms.train.ModelCheckpoint("net", directory="files", config=ms.train.CheckpointConfig(2))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))] * 2, callbacks=saving)
        >>> saving.latest_ckpt_file_name
        'files/net-1_2.ckpt'
    """

    _sees_evaluations = False

    def __init__(
        self,
        prefix: str | Callable[[Any], str] = "CKP",
        directory: str | Callable[[Any], str] | None = None,
        config: CheckpointConfig | None = None,
    ):
        if not callable(prefix):
            _check_prefix(prefix)
        check("ModelCheckpoint", "directory", directory, "None or str or function")
        if config is not None and not isinstance(config, CheckpointConfig):
            raise TypeError(f"The argument 'config' must be a CheckpointConfig, but got {type(config)}.")
        self._prefix: Any = prefix
        self._directory: Any = directory or os.getcwd()
        self._config = config or CheckpointConfig()
        self._files: list[Path] = []
        self._step, self._time = 0, time.time()
        self._now: Any = None  # of the running training

    @property
    def latest_ckpt_file_name(self) -> str:
        """The path of the file saved last; "" before the first."""
        return str(self._files[-1]) if self._files else ""

    _latest_ckpt_file_name = latest_ckpt_file_name  # for classes that derive from MindSpore's

    def begin(self, run_context: RunContext) -> None:
        self._now = run_context.original_args()
        self._files, self._step, self._time = [], 0, time.time()
        self._kept, self._kept_at = 0, 0.0  # of files that stay: how many, and since when
        if not callable(self._prefix) and not callable(self._directory):
            self._prefix = self._free_prefix(self._folder())

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        steps, seconds = self._config.save_checkpoint_steps, self._config.save_checkpoint_seconds
        if steps:
            due = now.cur_step_num - self._step >= steps
        else:
            due = bool(seconds) and time.time() - self._time >= seconds
        if due:
            self._save(now)

    def end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        saves = self._config.save_checkpoint_steps or self._config.save_checkpoint_seconds
        if saves and now.cur_step_num > self._step:
            self._save(now)

    def _save(self, now) -> None:
        self._step, self._time = now.cur_step_num, time.time()
        file = self._folder() / f"{self._name(now)}.{self._config.format}"
        self._write(file, now)
        self._keep(file)

    def _folder(self) -> Path:
        """The folder for files, which is there then."""
        given = self._directory
        folder = Path(given if isinstance(given, str) else given(self._now))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _name(self, now) -> str:
        if callable(self._prefix):
            return _check_prefix(self._prefix(now))
        return f"{self._prefix}-{now.cur_epoch_num}_{(now.cur_step_num - 1) % now.batch_num + 1}"

    def _write(self, file: Path, now) -> None:
        config = self._config
        if config.remove_redundancy:
            raise TypeError("remove_redundancy needs several devices in parallel, but this program runs on one alone.")
        save_checkpoint(
            config.saved_network or now.train_network, str(file), async_save=config.async_save, enc_key=config.enc_key,
            append_dict=self._further(now), crc_check=config.crc_check, format=config.format,
        )  # fmt: skip

    def _further(self, now) -> dict[str, Any]:
        """What is saved beside the Parameters: first the numbers of epoch and step, which go on from those given."""
        given = self._config.append_dict or {}
        numbers = {"epoch_num": now.cur_epoch_num, "step_num": now.cur_step_num}
        counted = {name: given[name] + number for name, number in numbers.items() if name in given}
        return counted | {name: value for name, value in given.items() if name not in counted}

    def _keep(self, file: Path) -> None:
        """Take note of a new file, and delete those that are not to be kept beside it."""
        config, now = self._config, time.time()
        if config.keep_checkpoint_max:
            first = max(0, len(self._files) + 1 - config.keep_checkpoint_max)
            old, self._files = self._files[:first], self._files[first:]
        elif now - self._kept_at < 60 * (config.keep_checkpoint_per_n_minutes or 0):
            old, self._files = self._files[self._kept :], self._files[: self._kept]
        else:
            old, self._kept, self._kept_at = [], len(self._files) + 1, now
        for path in old:
            path.unlink(missing_ok=True)
        self._files.append(file)

    def __exit__(self, *error) -> None:
        if self._config.exception_save and any(error) and self._now is not None:
            self._write(self._folder() / f"{self._name(self._now)}_breakpoint.{self._config.format}", self._now)

    def _free_prefix(self, folder: Path) -> str:
        taken = {m[1] for p in folder.iterdir() if (m := re.match(r"(.*)-\d+_\d+\.\w+$", p.name))}
        prefix, number = self._prefix, 0
        while prefix in taken:
            number += 1
            prefix = f"{self._prefix}_{number}"
        return prefix
