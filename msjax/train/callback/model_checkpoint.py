"""Saving the Parameters during training."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from msjax.core.kinds import takes
from msjax.nn.cell import Cell
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.checkpoint import save_checkpoint


@takes(
    keep_checkpoint_per_n_minutes="None or int >= 0", saved_network="None or Cell", append_info="None or list or dict",
    enc_key="None or bytes", enc_mode="str", format="'ckpt' or 'safetensors'",
    **dict.fromkeys(
        ("save_checkpoint_steps", "save_checkpoint_seconds", "keep_checkpoint_max"), "None or int >= 0 or bool"
    ),
    **dict.fromkeys(("integrated_save", "async_save", "exception_save", "crc_check", "remove_redundancy"), "bool"),
)  # fmt: skip
class CheckpointConfig:
    """When to save, and how many files to keep.

    Args:
        save_checkpoint_steps: steps from one file to the next; 0 for none but by time.
        save_checkpoint_seconds: seconds from one file to the next; used if there are no steps.
        keep_checkpoint_max: how many files to keep at most; 0 for all.
        async_save, saved_network, append_info, crc_check, format: as for `save_checkpoint`; "epoch_num" and "step_num"
            in `append_info` save these numbers, a dict its values.
        enc_key: None: files are not encrypted here.
        keep_checkpoint_per_n_minutes, integrated_save, enc_mode, exception_save, kwargs: accepted for compatibility.

    Raises:
        TypeError, ValueError: if an argument is of the wrong type, or there is nothing to save by.

    Example:
        >>> ms.train.CheckpointConfig(save_checkpoint_steps=100).keep_checkpoint_max
        5
    """

    def __init__(
        self,
        save_checkpoint_steps: int | None = 1,
        save_checkpoint_seconds: int | None = 0,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_per_n_minutes: int | None = 0,
        integrated_save: bool = True,
        async_save: bool = False,
        saved_network: Cell | None = None,
        append_info: list | dict | None = None,
        enc_key: bytes | None = None,
        enc_mode: str = "AES-GCM",
        exception_save: bool = False,
        crc_check: bool = False,
        format: str = "ckpt",
        **kwargs: Any,
    ):
        if not (save_checkpoint_steps or save_checkpoint_seconds):
            raise ValueError(
                "The input arguments 'save_checkpoint_steps' and 'save_checkpoint_seconds' can't be all None or 0."
            )
        self.save_checkpoint_steps = save_checkpoint_steps or 0
        self.save_checkpoint_seconds = save_checkpoint_seconds or 0
        self.keep_checkpoint_max = keep_checkpoint_max or 0
        self.keep_checkpoint_per_n_minutes, self.integrated_save = keep_checkpoint_per_n_minutes, integrated_save
        self.async_save, self.saved_network, self.append_info = async_save, saved_network, append_info or []
        self.enc_key, self.crc_check, self.format = enc_key, crc_check, format


def _further_values(config: CheckpointConfig, epoch: int, step: int) -> dict:
    """What is saved beside the Parameters."""
    numbers, values = {"epoch_num": epoch, "step_num": step}, {}
    for info in config.append_info:
        values |= info if isinstance(info, dict) else {info: numbers[info]}
    return values


class ModelCheckpoint(Callback):
    """Save the training network, with its optimizer, as `directory/prefix-epoch_step.ckpt`.

    Args:
        prefix: what names begin with; if the directory has such files already, a number is added.
        directory: where to; made if it is not there.
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

    def __init__(self, prefix: str = "CKP", directory: str | None = None, config: CheckpointConfig | None = None):
        if not isinstance(prefix, str) or "/" in prefix:
            raise ValueError(f"The argument 'prefix' must be a name without '/', but got {prefix!r}.")
        if config is not None and not isinstance(config, CheckpointConfig):
            raise TypeError(f"The argument 'config' must be a CheckpointConfig, but got {type(config)}.")
        self._prefix, self._folder = prefix, Path(directory or os.getcwd())
        self._config = config or CheckpointConfig()
        self._files: list[Path] = []
        self._step, self._time = 0, time.time()

    @property
    def latest_ckpt_file_name(self) -> str:
        """The path of the file saved last; "" before the first."""
        return str(self._files[-1]) if self._files else ""

    def begin(self, run_context: RunContext) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._files, self._step, self._time = [], 0, time.time()
        self._prefix = self._free_prefix()

    def step_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        steps, seconds = self._config.save_checkpoint_steps, self._config.save_checkpoint_seconds
        due = now.cur_step_num - self._step >= steps if steps else time.time() - self._time >= seconds
        if due:
            self._save(now)

    def end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        if now.cur_step_num > self._step:
            self._save(now)

    def _save(self, now) -> None:
        self._step, self._time = now.cur_step_num, time.time()
        config, step = self._config, (now.cur_step_num - 1) % now.batch_num + 1
        file = self._folder / f"{self._prefix}-{now.cur_epoch_num}_{step}.{config.format}"
        save_checkpoint(
            config.saved_network or now.train_network, str(file), async_save=config.async_save, enc_key=config.enc_key,
            append_dict=_further_values(config, now.cur_epoch_num, now.cur_step_num), crc_check=config.crc_check,
            format=config.format,
        )  # fmt: skip
        self._files.append(file)
        while config.keep_checkpoint_max and len(self._files) > config.keep_checkpoint_max:
            self._files.pop(0).unlink(missing_ok=True)

    def _free_prefix(self) -> str:
        taken = {m[1] for p in self._folder.iterdir() if (m := re.match(r"(.*)-\d+_\d+\.\w+$", p.name))}
        prefix, number = self._prefix, 0
        while prefix in taken:
            number += 1
            prefix = f"{self._prefix}_{number}"
        return prefix
