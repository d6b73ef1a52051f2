"""Checkpoints in slices, one for each rank, put together: Parameters, and whole networks."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from msjax import log
from msjax.core import context
from msjax.core.kinds import check
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.nn.cell import Cell
from msjax.parallel import strategy_files
from msjax.parallel.auto_parallel import AutoParallel
from msjax.parallel.slicing import Slicing, joined
from msjax.train.checkpoint import load_checkpoint, load_param_into_net


def merge_sliced_parameter(sliced_parameters: list[Parameter], strategy: dict[str, Slicing] | None = None) -> Parameter:
    """Put a Parameter together from the slices of all ranks.

    Args:
        sliced_parameters (list): Parameters of one name, in the order of ranks.
        strategy (dict): how it is sliced, as `build_searched_strategy` gives it; None for along the first axis.

    Returns:
        A Parameter.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if the slices differ in name or shape, or are not as many as there are ranks.
        KeyError: if `strategy` does not have the Parameter's name.

    Example:
        >>> slices = [Parameter(Tensor([1.0, 2.0]), name="w"), Parameter(Tensor([3.0, 4.0]), name="w")]
        >>> print(ms.merge_sliced_parameter(slices).asnumpy())
        [1. 2. 3. 4.]
    """
    if not isinstance(sliced_parameters, list):
        raise TypeError(
            "For 'merge_sliced_parameter', the argument 'sliced_parameters' should be list, "
            f"but got {type(sliced_parameters)}."
        )
    if not sliced_parameters:
        raise ValueError("For 'merge_sliced_parameter', the argument 'sliced_parameters' should not be empty.")
    if strategy and not isinstance(strategy, dict):
        raise TypeError(
            f"For 'merge_sliced_parameter', the argument 'strategy' should be dict, but got {type(strategy)}."
        )
    first = sliced_parameters[0]
    for index, parameter in enumerate(sliced_parameters):
        if not isinstance(parameter, Parameter):
            raise TypeError(
                "For 'merge_sliced_parameter', the element in 'sliced_parameters' should be 'Parameter', "
                f"but got {type(parameter)} at index {index}."
            )
        if parameter.name != first.name or parameter.ndim != first.ndim or parameter.shape[1:] != first.shape[1:]:
            raise ValueError(
                "For 'merge_sliced_parameter', all elements of 'sliced_parameters' must have one name, and one shape "
                f"but for the first axis: {first.name}, {first.shape}, but got {parameter.name}, {parameter.shape} at "
                f"index {index}."
            )
    arrays = [np.asarray(p._array) for p in sliced_parameters]
    merged = np.concatenate(arrays) if not strategy else _merged(first.name, arrays, strategy)
    return Parameter(Tensor(merged), first.name, first.requires_grad, first.layerwise_parallel)


def _merged(name: str, arrays: list[np.ndarray], strategy: dict[str, Slicing]) -> np.ndarray:
    if name not in strategy:
        raise KeyError(
            f"For 'merge_sliced_parameter', the parameter name {name} should be a key in the 'strategy', "
            f"which has {', '.join(strategy)}."
        )
    slicing = strategy[name]
    if len(arrays) != slicing.ranks:
        raise ValueError(
            "For 'merge_sliced_parameter', the length of 'sliced_parameters' should be equal to device_count. "
            f"The length of 'sliced_parameters' is {len(arrays)}, but device_count is {slicing.ranks}."
        )
    if slicing.param_split_shape:
        return _merged_unevenly(slicing, arrays)
    if len({a.shape for a in arrays}) > 1:
        raise ValueError(
            "For 'merge_sliced_parameter', the shape of every parameter in 'sliced_parameters' should be the same "
            "when slice manner is even."
        )
    return joined(slicing._replace(opt_weight_shard_size=0), dict(enumerate(arrays)))


def _merged_unevenly(slicing: Slicing, arrays: list[np.ndarray]) -> np.ndarray:
    """Slices of different sizes along the first axis, which alone is cut."""
    by_number: dict[int, np.ndarray] = {}
    for rank, array in enumerate(arrays):
        number = slicing.region(rank, slicing.parts)[0].start
        if number >= len(slicing.param_split_shape):
            raise ValueError(
                f"For 'merge_sliced_parameter', there is a slice {number}, but 'strategy' has the sizes "
                f"{slicing.param_split_shape}."
            )
        wanted = slicing.param_split_shape[number]
        if array.shape[0] != wanted:
            raise ValueError(
                f"For 'merge_sliced_parameter', the slice {number} should be {wanted} in 0 axis, "
                f"but got {array.shape[0]}."
            )
        by_number[number] = array
    return np.concatenate([by_number[i] for i in sorted(by_number)])


def load_distributed_checkpoint(
    network: Cell,
    checkpoint_filenames: Sequence[str] | None = None,
    predict_strategy: dict | str | None = None,
    train_strategy_filename: str | None = None,
    strict_load: bool = False,
    dec_key: bytes | None = None,
    dec_mode: str = "AES-GCM",
    format: str = "ckpt",
    unified_safetensors_dir: str | None = None,
    dst_safetensors_dir: str | None = None,
    rank_id: int | None = None,
    output_format: str = "safetensors",
    name_map: dict[str, str] | None = None,
    max_process_num: int = 64,
    return_param_dict: bool = False,
) -> Any:
    """Load the checkpoints of all ranks into a network, whose Parameters are whole here.

    Args:
        network (Cell): the network.
        checkpoint_filenames (list): the files of the ranks, in their order.
        predict_strategy (str or dict): a strategy file, or what `build_searched_strategy` gives: how the Parameters
            are to lie among the devices of this process; None for all of each on every device.
        train_strategy_filename (str): the strategy file of the training; without one, that of the parallel context,
            or the one that the network (an AutoParallel) was told to write.
        strict_load (bool): as for `load_param_into_net`.
        format (str): "ckpt", or "safetensors" for files that `unified_safetensors` has written.
        unified_safetensors_dir (str): the folder of those.
        name_map (dict): names of Parameters in these files, by their names in the network.
        return_param_dict (bool): whether to return the Parameters.
        dec_key: None: files are not encrypted here.
        dec_mode, dst_safetensors_dir, rank_id, output_format, max_process_num: accepted.

    Returns:
        True, or the Parameters by name.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if files and strategy do not fit each other.

    Differs from MindSpore: Parameters are whole in each process, and divided among its devices by `predict_strategy`.

    Example:
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> for rank, part in enumerate(([[1.0, 2.0]], [[3.0, 4.0]])):
        ...     ms.save_checkpoint([{"name": "weight", "data": Tensor(part)}], f"{rank}.ckpt")
        >>> store("rows.json", {"weight": Slicing((2,), (0, -1))})
        >>> net = nn.Dense(2, 2, has_bias=False)
        >>> ms.load_distributed_checkpoint(net, ["0.ckpt", "1.ckpt"], train_strategy_filename="rows.json")
        True
        >>> print(net.weight.asnumpy())
        [[1. 2.]
         [3. 4.]]
    """
    if format not in ("ckpt", "safetensors"):
        raise ValueError(
            "For 'load_distributed_checkpoint', the argument 'format' must be 'ckpt' or 'safetensors', "
            f"but got {format}."
        )
    check("load_distributed_checkpoint", "network", network, "Cell")
    values = (
        _unified(unified_safetensors_dir, name_map or {})
        if format == "safetensors"
        else _of_ranks(network, checkpoint_filenames, train_strategy_filename, dec_key, dec_mode)
    )
    if values is None:
        return True
    load_param_into_net(network, values, strict_load=strict_load)
    if predict_strategy is not None:
        slicings = _strategy_of(predict_strategy)
        strategy_files.apply("predict_strategy", [*network.get_parameters()], slicings)
    return values if return_param_dict else True


def _strategy_of(given: Any) -> dict[str, Slicing]:
    if isinstance(given, str):
        return strategy_files.build_searched_strategy(given)
    if not isinstance(given, dict):
        raise TypeError(f"The 'predict_strategy' must be a str or a dict, but got {type(given)}.")
    return {name: s if isinstance(s, Slicing) else _of_list(s) for name, s in given.items()}


def _of_list(entry: Sequence) -> Slicing:
    """MindSpore's list: device matrix, tensor map, and more."""
    return Slicing(tuple(entry[0]), tuple(tuple(e) if isinstance(e, list) else e for e in entry[1]))


def _of_ranks(network: Cell, names: Any, strategy_file: str | None, dec_key, dec_mode) -> dict[str, Parameter] | None:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"For 'load_distributed_checkpoint', 'checkpoint_filenames' must be a list of str: {names}.")
    if strategy_file is None and isinstance(network, AutoParallel):
        strategy_file = network.strategy_file
    strategy = strategy_files.build_searched_strategy(
        strategy_file or context.get_auto_parallel_context("strategy_ckpt_load_file")
    )
    if not strategy:
        return None
    ranks = next(iter(strategy.values())).ranks
    if ranks != len(names):
        raise ValueError(
            "For 'Load_distributed_checkpoint', the length of 'checkpoint_filenames' should be equal to the device "
            f"count of training process. But got the length of 'checkpoint_filenames' is {len(names)} and the device "
            f"count is {ranks}."
        )
    files = [load_checkpoint(os.path.abspath(name), dec_key=dec_key, dec_mode=dec_mode) for name in names]
    values = {}
    for parameter in network.get_parameters():
        name = parameter.name
        if name not in strategy or name not in files[0]:
            log.warning("load_distributed_checkpoint: there is no %s in the strategy or in the files.", name)
            continue
        if without := [path for path, file in zip(names, files, strict=True) if name not in file]:
            raise ValueError(f"For 'load_distributed_checkpoint', there is no {name} in {', '.join(without):.200}.")
        slices = {rank: np.asarray(file[name]._array) for rank, file in enumerate(files)}
        values[name] = Parameter(Tensor(joined(strategy[name], slices)), name=name)
    return values


def _unified(folder: str | None, name_map: dict[str, str]) -> dict[str, Parameter]:
    if folder is None:
        raise ValueError(
            "For 'load_distributed_checkpoint', 'unified_safetensors_dir' can not be None when format is 'safetensors'."
        )
    values: dict[str, Parameter] = {}
    for path in sorted(Path(folder).glob("*.safetensors")):
        values.update(load_checkpoint(str(path), format="safetensors"))
    back = {theirs: ours for ours, theirs in name_map.items()}
    return {back.get(name, name): value for name, value in values.items()}


def load_segmented_checkpoints(
    ckpt_file_dir: str,
    net: Cell | None = None,
    strict_load: bool = False,
    filter_prefix: Any = None,
    dec_key: bytes | None = None,
    dec_mode: str = "AES-GCM",
    specify_prefix: Any = None,
    choice_func: Callable[[str], bool] | None = None,
) -> dict[str, Any]:
    """What all the ".ckpt" files of a folder hold.

    Args:
        ckpt_file_dir (str): the folder.
        net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix, choice_func: as for `load_checkpoint`.

    Returns:
        A dict, by name.

    Raises:
        TypeError: if `ckpt_file_dir` is no text.
        ValueError: if there is no such folder.

    Example:
        >>> import os
        >>> os.makedirs("parts", exist_ok=True)
        >>> ms.save_checkpoint(nn.Dense(2, 1), "parts/dense.ckpt")
        >>> list(ms.load_segmented_checkpoints("parts"))
        ['weight', 'bias']
    """
    if not isinstance(ckpt_file_dir, str):
        raise TypeError("The ckpt_file_dir should be a str.")
    if not os.path.isdir(ckpt_file_dir):
        raise ValueError(f"The ckpt_file_dir {ckpt_file_dir} doesn't exist, or is not a directory.")
    values: dict[str, Any] = {}
    for path in sorted(Path(ckpt_file_dir).glob("*.ckpt")):
        values.update(
            load_checkpoint(str(path), net, strict_load, filter_prefix, dec_key, dec_mode, specify_prefix, choice_func)
        )
    return values
