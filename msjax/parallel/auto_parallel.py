"""AutoParallel: a network together with the settings of its parallel context."""

from __future__ import annotations

import os
from typing import Any

from msjax import log
from msjax.core import context, placement, trace
from msjax.core.layout import Layout
from msjax.core.watching import seen
from msjax.nn.cell import Cell
from msjax.parallel import strategy_files

_MODES = {
    "semi_auto": context.ParallelMode.SEMI_AUTO_PARALLEL,
    "sharding_propagation": context.ParallelMode.AUTO_PARALLEL,
    "recursive_programming": context.ParallelMode.AUTO_PARALLEL,
}
_SCHEDULERS = ("1f1b", "gpipe", "seqpipe", "seqvpp", "seqsmartvpp", "zero_bubble_v")
_LEVELS = ["level1", "level2", "level3"]


class AutoParallel(Cell):
    """A network that runs with a parallel context of its own: its strategies count, its inputs are divided by rows.

    Of the settings, those on the data set, on the optimizer's state and on files of parameters' layouts act; XLA does
    by itself what the others ask for, so these are noted, with a message in the log.

    Args:
        network (Cell): a network, or a step of training.
        parallel_mode (str): "semi_auto", in which strategies are the user's; "sharding_propagation" or
            "recursive_programming", which are the same here: XLA derives what is not said.

    Inputs:
        inputs: as the network takes them.

    Returns:
        What the network gives.

    Raises:
        ValueError: if `parallel_mode` is another text.

    Example:
        >>> from msjax.parallel.auto_parallel import AutoParallel
        >>> net = AutoParallel(nn.Dense(2, 1), parallel_mode="semi_auto")
        >>> net(ops.ones((4, 2))).shape
        (4, 1)
    """

    _is_step = True

    def __init__(self, network: Cell, parallel_mode: str = "semi_auto"):
        super().__init__(auto_prefix=False)
        if parallel_mode not in _MODES:
            raise ValueError(
                f"the argument 'parallel_mode' must be one of {[*_MODES]}, but got the value : {parallel_mode} ."
            )
        self.network = network
        self.__dict__["_settings"] = {"parallel_mode": _MODES[parallel_mode]}
        self.__dict__["_stages"] = 1
        self.__dict__["_file"] = self.__dict__["_saves"] = self.__dict__["_loads"] = ""
        self.__dict__["_all_parameters"] = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with context.parallel_settings(self._settings):
            self._begin()
            result = super().__call__(*args, **kwargs)
            if self._saves and placement.mesh() is not None and trace.top() is None:
                path, self.__dict__["_saves"] = self._saves, ""
                parameters = self.get_parameters() if self._all_parameters else self.trainable_params()
                strategy_files.write(path, list(parameters))
        return result

    def _begin(self) -> None:
        if self._loads:
            path, self.__dict__["_loads"] = self._loads, ""
            slicings = strategy_files.build_searched_strategy(path)
            strategy_files.apply(path, list(self.get_parameters()), slicings)
        if self.__dict__.pop("_divides", False):
            for parameter in self.get_parameters():
                placement.settle_all(parameter)

    @property
    def strategy_file(self) -> str:
        """Where `save_param_strategy_file` writes to, or ""."""
        return self._file

    def construct(self, *args: Any, **kwargs: Any) -> Any:
        return seen(self.network)(*args, **kwargs)

    def _note(self, name: str, value: Any) -> None:
        """Keep a setting of the context that XLA does not need."""
        self._settings[name] = value
        log.info("AutoParallel: %s=%r is noted, XLA decides that by itself.", name, value)

    # -- what acts ------------------------------------------------------------------------------------------------

    def dataset_strategy(self, config: Any) -> None:
        """Say how inputs are divided.

        Args:
            config (str or tuple): "data_parallel", by rows; "full_batch", not at all; or for each input a tuple of
                ints, in how many parts its axes are divided, or a Layout.

        Raises:
            TypeError, ValueError: for anything else.
        """
        if isinstance(config, str) and config not in ("full_batch", "data_parallel"):
            raise ValueError(
                "For 'AutoParallel.dataset_strategy', the argument 'config' must be 'full_batch' or 'data_parallel', "
                f"but got the value : {config}."
            )
        if not isinstance(config, str | tuple):
            raise TypeError(
                "For 'AutoParallel.dataset_strategy', the argument 'config' must be str or tuple type, "
                f"but got the type : {type(config)}."
            )
        for entry in config if isinstance(config, tuple) else ():
            for parts in () if isinstance(entry, Layout) else entry:
                if type(parts) is not int:
                    raise TypeError(
                        "For 'AutoParallel.dataset_strategy', the element of argument 'config' must be int type, "
                        f"but got the type : {type(parts)} ."
                    )
        self._settings.update(dataset_strategy=config, full_batch=config == "full_batch")

    def hsdp(self, shard_size: int = -1, threshold: int = 64, optimizer_level: str = "level1") -> None:
        """Divide what the optimizer keeps among the devices that have copies of a Parameter.

        Args:
            shard_size (int): among how many of them; all, whatever is said.
            threshold (int): accepted: the bytes of what is small count little.
            optimizer_level (str): "level1", "level2" or "level3"; all are the first here.

        Raises:
            ValueError: if an argument is another one.
        """
        if type(shard_size) is not int or (shard_size < 1 and shard_size != -1):
            raise ValueError(f"shard_size must be a positive integer or -1, but got {shard_size}.")
        if type(threshold) is not int or threshold < 0:
            raise ValueError(f"threshold must be a positive integer or 0, but got {threshold}.")
        if optimizer_level not in _LEVELS:
            raise ValueError(f"Optimizer level should in {_LEVELS}, but got {optimizer_level}")
        self._settings["enable_parallel_optimizer"] = True
        self.__dict__["_divides"] = True

    def save_param_strategy_file(self, file_path: str) -> None:
        """Write how the Parameters lie to a file, after the first call.

        Args:
            file_path (str): where to; with the ending ".json" as JSON, else as protobuf.

        Raises:
            TypeError: if it is no text.
        """
        self.__dict__["_saves"] = self.__dict__["_file"] = _path(file_path)

    def load_param_strategy_file(self, file_path: str) -> None:
        """Divide the Parameters as a file says, before the first call.

        Args:
            file_path (str): a file that `save_param_strategy_file` or MindSpore has written.

        Raises:
            TypeError: if it is no text.
        """
        self.__dict__["_loads"] = _path(file_path)

    def disable_strategy_file_only_for_trainable_params(self) -> None:
        """Write all Parameters to the file of `save_param_strategy_file`, not only those that are trained."""
        self.__dict__["_all_parameters"] = True

    # -- what is noted --------------------------------------------------------------------------------------------

    def enable_gradients_mean(self) -> None:
        """Note it: gradients are those of the whole batch's loss in any case."""
        self._note("gradients_mean", True)

    def disable_gradient_fp32_sync(self) -> None:
        """Note it: gradients keep their dtype."""
        self._note("gradient_fp32_sync", False)

    def disable_loss_repeated_mean(self) -> None:
        """Note it: the loss is that of the whole batch."""
        self._note("loss_repeated_mean", False)

    def enable_fp32_communication(self) -> None:
        """Note it: what is exchanged keeps its dtype."""
        self._note("force_fp32_communication", True)

    def comm_fusion(self, config: dict) -> None:
        """Note how to fuse communication, which XLA does.

        Args:
            config (dict): by kind of communication.

        Raises:
            TypeError: if it is no dict.
        """
        if not isinstance(config, dict):
            raise TypeError(f"The parameter '{config}' must be {dict}, but got {type(config)}.")
        self._note("comm_fusion", config)

    def pipeline(
        self, stages: int = 1, output_broadcast: bool = False, interleave: bool = False, scheduler: str = "1f1b"
    ) -> None:
        """Note stages of a pipeline; all of them run where the program runs.

        Args:
            stages (int): how many.
            output_broadcast, interleave (bool): accepted.
            scheduler (str): accepted, if MindSpore has it.

        Raises:
            TypeError, ValueError: if an argument is another one.
        """
        flags = (("output_broadcast", output_broadcast, bool), ("interleave", interleave, bool))
        for name, value, kind in (("stages", stages, int), *flags):
            if type(value) is not kind:
                raise TypeError(
                    f"For 'AutoParallel.pipeline', the argument '{name}' must be {kind.__name__} type, "
                    f"but got the type : {type(value)}."
                )
        if stages < 1:
            raise ValueError(
                f"For 'AutoParallel.pipeline', the argument 'stages' must be larger than zero, but got value: {stages}."
            )
        if scheduler not in _SCHEDULERS:
            shown = "/".join(map(repr, _SCHEDULERS))
            raise ValueError(
                f"For 'AutoParallel.pipeline', the argument 'scheduler' must be {shown} , "
                f"but got the value : {scheduler}."
            )
        self.__dict__["_stages"] = stages
        if stages > 1:
            log.info("AutoParallel: %d stages are noted, XLA divides programs by Tensors.", stages)

    def get_pipeline_stages(self) -> int:
        """How many stages `pipeline` was told.

        Returns:
            An int.
        """
        return self._stages

    def load_operator_strategy_file(self, file_path: str) -> None:
        """Note a file of operators' strategies; those that primitives were given count.

        Args:
            file_path (str): an absolute path of a ".json" file.

        Raises:
            TypeError, KeyError: if it is none.
        """
        _operators_file(file_path)

    def save_operator_strategy_file(self, file_path: str) -> None:
        """Note a file for operators' strategies; none is written, XLA's choices have no such names.

        Args:
            file_path (str): an absolute path of a ".json" file.

        Raises:
            TypeError, KeyError: if it is none.
        """
        _operators_file(file_path)

    def set_group_ckpt_save_file(self, file_path: str) -> None:
        """Note a file for groups of devices.

        Args:
            file_path (str): a path.

        Raises:
            TypeError: if it is no text.
        """
        _path(file_path)

    def transformer_opt(self, file_path: str | None) -> None:
        """Note a file of options for other hardware.

        Args:
            file_path (str): a path; None for none.

        Raises:
            ValueError: if there is no such file.
        """
        if file_path is not None and not os.path.exists(file_path):
            raise ValueError(f"For 'transformer_opt', there is no file {file_path}.")

    def dump_local_norm(self, file_path: str) -> None:
        """Note a file for norms of gradients.

        Args:
            file_path (str): a path.

        Raises:
            TypeError: if it is no text.
        """
        _path(file_path)

    def print_local_norm(self) -> None:
        """Note that norms of gradients were to be printed: there are no local ones, use a callback."""

    def enable_device_local_norm(self) -> None:
        """Note that norms of gradients were wanted by device: there are no local ones."""

    def no_init_parameters_in_compile(self) -> None:
        """Nothing: Parameters are drawn when they are made."""


def _path(file_path: Any) -> str:
    if not isinstance(file_path, str):
        raise TypeError(f"the argument 'file_path' must be str, but got the type : {type(file_path)} .")
    return file_path


def _operators_file(file_path: Any) -> None:
    if not os.path.isabs(_path(file_path)):
        raise KeyError("the argument 'file_path' must be an absolute path.")
    if not file_path.endswith(".json"):
        raise KeyError("File type must be .json")
