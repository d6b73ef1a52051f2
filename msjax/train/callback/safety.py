"""Callbacks for trainings that may be interrupted: backups, and an end when the system asks for one."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msjax.core.kinds import check, takes
from msjax.train.callback.callback import Callback, RunContext
from msjax.train.checkpoint import load_checkpoint, save_checkpoint
from msjax.train.edited import settings


@takes(backup_dir="str", save_freq="'epoch' or int > 0", delete_checkpoint="bool")
class BackupAndRestore(Callback):
    """Save the training network after epochs, as `backup.ckpt`, and begin with that file if it is there.

    Args:
        backup_dir: the folder; made if it is not there.
        save_freq: epochs from one backup to the next; "epoch" for each.
        delete_checkpoint: whether the file is deleted when training ends.

    Raises:
        TypeError, ValueError: if an argument is of another type, or no positive number.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> data = [(ops.zeros((4, 2)), ops.zeros((4, 1)))]
        >>> model.train(2, data, callbacks=ms.train.BackupAndRestore("backups", delete_checkpoint=False))
        >>> list(ms.load_checkpoint("backups/backup.ckpt"))[:2]
        ['weight', 'bias']

    Differs from MindSpore: training may end before the first backup.
    """

    def __init__(self, backup_dir: str, save_freq: str | int = "epoch", delete_checkpoint: bool = True):
        self.backup_file = str(Path(backup_dir) / "backup.ckpt")
        self.save_freq = 1 if save_freq == "epoch" else int(save_freq)
        self.delete_checkpoint = delete_checkpoint
        Path(backup_dir).mkdir(parents=True, exist_ok=True)

    def on_train_begin(self, run_context: RunContext) -> None:
        if os.path.exists(self.backup_file):
            load_checkpoint(self.backup_file, net=run_context.original_args().train_network)

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        now = run_context.original_args()
        if now.cur_epoch_num % self.save_freq == 0:
            save_checkpoint(now.train_network, self.backup_file)

    def on_train_end(self, run_context: RunContext) -> None:
        if self.delete_checkpoint:
            Path(self.backup_file).unlink(missing_ok=True)


class OnRequestExit(Callback):
    """End after the running step when a signal comes, and save the network; begin with that file if it is there.

    The files are `directory/rank_0/NAME_train.ckpt` and `NAME_eval.ckpt`.

    Args:
        save_ckpt: whether to save.
        save_mindir: accepted for compatibility: no MINDIR is written.
        file_name: what the file's name begins with.
        directory: where to; None for the current folder.
        config_file: a JSON file that asks for an end with {"GracefulExit": 1}, as a signal does.
        sig: the signal.

    Raises:
        ValueError: if an argument is of another type, or the signal is SIGKILL, which nobody can catch.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=ms.train.OnRequestExit())

    Differs from MindSpore: training ends after the running step without MS_ENABLE_GRACEFUL_EXIT, too; what the signal
    did before, it does again when training is over.
    """

    _sees_evaluations = False

    def __init__(
        self,
        save_ckpt: bool = True,
        save_mindir: bool = True,
        file_name: str = "Net",
        directory: str | None = "./",
        config_file: str | None = None,
        sig: int = signal.SIGTERM,
    ):
        for name, value, kind in (
            ("save_ckpt", save_ckpt, bool),
            ("save_mindir", save_mindir, bool),
            ("sig", sig, int),
        ):
            if not isinstance(value, kind):
                raise ValueError(f"For 'OnRequestExit', '{name}' must be {kind.__name__}, but got {value!r}.")
        if sig == getattr(signal, "SIGKILL", None):
            raise ValueError("For 'OnRequestExit', 'sig' can not be SIGKILL, which no program can catch.")
        self.save_ckpt, self.sig, self.exit = save_ckpt, sig, False
        self._folder, self._name = Path(directory or ".") / "rank_0", file_name
        self._config = None if config_file is None else Path(config_file)
        self._before: Any = None

    def on_train_begin(self, run_context: RunContext) -> None:
        self._begin()
        self._load(run_context.original_args().train_network, "train")

    def on_train_step_begin(self, run_context: RunContext) -> None:
        self.exit = self.exit or self._is_asked()

    def on_train_step_end(self, run_context: RunContext) -> None:
        if self.exit:
            run_context.request_stop()

    def on_train_epoch_end(self, run_context: RunContext) -> None:
        self.on_train_step_end(run_context)

    def on_train_end(self, run_context: RunContext) -> None:
        self._end(run_context.original_args().train_network, "train")

    def on_eval_begin(self, run_context: RunContext) -> None:
        self._begin()
        network = run_context.original_args().eval_network
        if not self._load(network, "eval"):
            self._load(network, "train")

    def on_eval_step_end(self, run_context: RunContext) -> None:
        if self.exit:
            run_context.request_stop()

    def on_eval_end(self, run_context: RunContext) -> None:
        self._end(run_context.original_args().eval_network, "eval")

    def _begin(self) -> None:
        self.exit = False
        self._before = signal.signal(self.sig, self._asked)

    def _asked(self, number: int, frame: Any) -> None:
        self.exit = True

    def _is_asked(self) -> bool:
        """Whether the file asks for an end."""
        if self._config is None or not self._config.exists():
            return False
        return (settings(self._config) or {}).get("GracefulExit") == 1

    def _path(self, mode: str) -> str:
        return str(self._folder / f"{self._name}_{mode}.ckpt")

    def _load(self, network, mode: str) -> bool:
        found = self.save_ckpt and os.path.exists(self._path(mode))
        if found:
            load_checkpoint(self._path(mode), net=network)
        return found

    def _end(self, network, mode: str) -> None:
        signal.signal(self.sig, self._before)
        if self.exit and self.save_ckpt:
            self._folder.mkdir(parents=True, exist_ok=True)
            save_checkpoint(network, self._path(mode))


class TrainFaultTolerance(Callback):
    """Accepted, and without effect: it saves when one of many devices fails, and there is one process here.

    Use `ModelCheckpoint` or `BackupAndRestore` to be safe from interruptions.

    Args:
        ckpt_save_path: a folder.
        kwargs: `ckpt_save_fn`, `initial_step`, `ckpt_load_fn`.

    Raises:
        ValueError: if there is neither `ckpt_save_path` nor `ckpt_save_fn`.

    Example:
        >>> net = nn.Dense(2, 1)
        >>> model = ms.train.Model(net, nn.MSELoss(), nn.SGD(net.trainable_params()))
        >>> model.train(1, [(ops.zeros((4, 2)), ops.zeros((4, 1)))], callbacks=ms.train.TrainFaultTolerance("files"))
    """

    def __init__(self, ckpt_save_path: str | None = None, **kwargs: Any):
        if ckpt_save_path is None and kwargs.get("ckpt_save_fn") is None:
            raise ValueError("For 'TrainFaultTolerance', 'ckpt_save_path' or 'ckpt_save_fn' must be given.")
        check("TrainFaultTolerance", "ckpt_save_path", ckpt_save_path, "None or str")

    @classmethod
    def get_optimizer_wrapper(cls, origin_opt_cls: Callable) -> Callable:
        """The class of optimizers itself: there is nothing to add to it.

        Args:
            origin_opt_cls: a class of optimizers.

        Returns:
            That class.
        """
        return origin_opt_cls
