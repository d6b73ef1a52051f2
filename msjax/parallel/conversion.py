"""Checkpoints in slices converted to other slices, without any network: for another number of ranks, or for one.

The folder of such a checkpoint has a folder for each rank: `rank_0/some.ckpt`, `rank_1/some.ckpt`; of several files in
one of them the last by name counts. Ranks of a pipeline's stage follow those of the stage before it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from msjax.core.kinds import is_a
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor
from msjax.parallel.slicing import Slicing, overlap, recut, uncut
from msjax.parallel.strategy_files import build_searched_strategy
from msjax.train.checkpoint import load_checkpoint, save_checkpoint

_FORMATS = ("ckpt", "safetensors")


class _Plan:
    """How Parameters are sliced on one side of a conversion.

    Args:
        path: a strategy file; None if every rank has all of each.

    Attributes:
        slicings: by name.
        stages: for each name, the stages that have it.
        ranks: of one stage.
    """

    def __init__(self, path: str | None):
        self.slicings: dict[str, Slicing] = {}
        self.stages: dict[str, list[int]] = {}
        self.known = path is not None
        for name, slicing in (build_searched_strategy(path) if path is not None else {}).items():
            stage, dash, own = name.partition("-")
            own, number = (own, int(stage)) if dash and stage.isdecimal() else (name, 0)
            self.slicings.setdefault(own, slicing)
            self.stages.setdefault(own, []).append(number)
        self.ranks = next(iter(self.slicings.values())).ranks if self.slicings else 1
        self.count = 1 + max((max(stages) for stages in self.stages.values()), default=0)
        numbers = {n for stages in self.stages.values() for n in stages}
        if numbers and len(numbers) != self.count:
            raise ValueError("The strategy file for pipeline parallel does not contains all stages.")

    def has(self, name: str, rank: int) -> bool:
        """Whether a rank has a Parameter of the strategy."""
        return rank // self.ranks in self.stages[name]

    def of(self, name: str, ndim: int) -> Slicing:
        """How a Parameter is sliced."""
        return self.slicings.get(name) or uncut(ndim)


def _needed(rank: int, source: _Plan, target: _Plan) -> list[int]:
    """The ranks of the source whose slices those of a rank of the target overlap, the last first."""
    names = [n for n in source.slicings if not target.known or (n in target.slicings and target.has(n, rank))]
    local: set[int] = set()
    for name in names:
        old, ndim = source.slicings[name], len(source.slicings[name].tensor_map)
        new = target.of(name, ndim)
        size = old.ranks * new.ranks
        shape = old.whole((size,) * ndim)
        wanted, seen = new.region(rank % target.ranks, shape), set()
        for other in _in_order(rank % old.ranks, old.ranks):
            region = old.region(other, shape)
            key = tuple((s.start, s.stop) for s in region)
            if key not in seen and overlap(region, wanted):
                seen.add(key)
                local.add(other)
    stages = {stage for name in names for stage in source.stages[name]}
    return sorted((stage * source.ranks + r for stage in stages for r in local), reverse=True)


def _in_order(first: int, count: int) -> Iterable[int]:
    """A rank itself before the others that have the same."""
    return (first, *(r for r in range(count) if r != first))


def rank_list_for_transform(
    rank_id: int, src_strategy_file: str | None = None, dst_strategy_file: str | None = None
) -> list[int]:
    """The ranks whose checkpoints are needed for that of a rank after conversion.

    Args:
        rank_id (int): the rank.
        src_strategy_file (str): the strategy file of the checkpoints; None if every rank has all.
        dst_strategy_file (str): that of those to make; None if every rank gets all.

    Returns:
        A list of ints, the last rank first.

    Raises:
        TypeError: if `rank_id` is no int, or a name no text.
        ValueError: if there is no such file, or it is empty.

    Example:
        >>> ms.rank_list_for_transform(0)
        [0]
    """
    if not is_a(rank_id, "int"):
        raise TypeError(f"The rank_id should be a int, but got {type(rank_id).__name__}.")
    if src_strategy_file is None:
        return [0]
    source = _Plan(src_strategy_file)
    if not source.slicings:
        raise ValueError("The src_strategy_file is empty.")
    return _needed(rank_id, source, _Plan(dst_strategy_file))


def transform_checkpoint_by_rank(
    rank_id: int,
    checkpoint_files_map: Mapping[int, str],
    save_checkpoint_file_name: str,
    src_strategy_file: str | None = None,
    dst_strategy_file: str | None = None,
) -> None:
    """Make the checkpoint of one rank from those of others.

    Args:
        rank_id (int): the rank.
        checkpoint_files_map (dict): the files of the ranks that `rank_list_for_transform` lists, by rank.
        save_checkpoint_file_name (str): where to, ending in ".ckpt".
        src_strategy_file (str): the strategy file of the checkpoints; None if every rank has all.
        dst_strategy_file (str): that of those to make; None if every rank gets all.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if a file is not there, or slices are missing.

    Example:
        >>> import os
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> for rank, part in enumerate(([1.0, 2.0], [3.0, 4.0])):
        ...     os.makedirs(f"in/rank_{rank}", exist_ok=True)
        ...     ms.save_checkpoint([{"name": "w", "data": Tensor(part)}], f"in/rank_{rank}/a.ckpt")
        >>> store("in.json", {"w": Slicing((2,), (0,))})
        >>> ms.transform_checkpoint_by_rank(0, {r: f"in/rank_{r}/a.ckpt" for r in (0, 1)}, "whole.ckpt", "in.json")
        >>> print(ms.load_checkpoint("whole.ckpt")["w"].asnumpy())
        [1. 2. 3. 4.]
    """
    if not isinstance(checkpoint_files_map, dict):
        raise TypeError("The checkpoint_files_map should be a dict.")
    if not is_a(rank_id, "int"):
        raise TypeError("The rank_id should be a int.")
    if not isinstance(save_checkpoint_file_name, str):
        raise TypeError("The save_checkpoint_file_name should be a str.")
    if not save_checkpoint_file_name.endswith(".ckpt"):
        raise ValueError(f"The save_checkpoint_file_name {save_checkpoint_file_name} should end with .ckpt")
    for rank, path in checkpoint_files_map.items():
        if not os.path.exists(path):
            raise ValueError(f"Checkpoint file {path} in rank {rank} not exits: ")
    files = {rank: load_checkpoint(path) for rank, path in checkpoint_files_map.items()}
    values = _converted(rank_id, files, _Plan(src_strategy_file), _Plan(dst_strategy_file))
    save_checkpoint(values, save_checkpoint_file_name)


def transform_checkpoints(
    src_checkpoints_dir: str,
    dst_checkpoints_dir: str,
    ckpt_prefix: str,
    src_strategy_file: str | None = None,
    dst_strategy_file: str | None = None,
    process_num: int = 1,
    output_format: str = "ckpt",
) -> None:
    """Make the checkpoints of all ranks, sliced in one way, from those of ranks that were sliced in another.

    Args:
        src_checkpoints_dir (str): the folder of the checkpoints, with a folder `rank_0`, `rank_1`, ... for each rank.
        dst_checkpoints_dir (str): where to: `rank_0/{ckpt_prefix}0.ckpt` and so on.
        ckpt_prefix (str): what the names of files begin with.
        src_strategy_file (str): the strategy file of the checkpoints; None if every rank has all.
        dst_strategy_file (str): that of those to make; None for one rank that gets all.
        process_num (int): accepted.
        output_format (str): "ckpt" or "safetensors"; files in ".safetensors" stay that.

    Raises:
        NotADirectoryError: if there is no folder of checkpoints.
        TypeError: if an argument is of another type.
        ValueError: if a checkpoint is missing, or files are of both formats.

    Example:
        >>> import os
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> for rank, part in enumerate(([1.0, 2.0], [3.0, 4.0])):
        ...     os.makedirs(f"in/rank_{rank}", exist_ok=True)
        ...     ms.save_checkpoint([{"name": "w", "data": Tensor(part)}], f"in/rank_{rank}/a.ckpt")
        >>> store("in.json", {"w": Slicing((2,), (0,))})
        >>> ms.transform_checkpoints("in", "out", "p", "in.json")
        >>> print(ms.load_checkpoint("out/rank_0/p0.ckpt")["w"].asnumpy())
        [1. 2. 3. 4.]
    """
    if not os.path.isdir(src_checkpoints_dir):
        raise NotADirectoryError(f"src_checkpoints_dir {src_checkpoints_dir} is not a directory.")
    if not isinstance(ckpt_prefix, str):
        raise TypeError("The ckpt_prefix should be a str.")
    found, suffix = _files_of("transform_checkpoints", src_checkpoints_dir)
    if suffix == "ckpt" and output_format == "safetensors":
        raise ValueError(
            "For 'transform_checkpoints', 'output_format' can not be 'safetensors' when 'src_checkpoints_dir' only "
            "contains ckpt file: see ms.ckpt_to_safetensors."
        )
    source, target = _Plan(src_strategy_file), _Plan(dst_strategy_file)
    files = {rank: load_checkpoint(path, format=suffix) for rank, path in found.items()}
    for rank in range(target.ranks * target.count):
        for other in _needed(rank, source, target) if source.known else [0]:
            if other not in files:
                raise ValueError(
                    f"The checkpoint file of rank{other} is needed for converting rank{rank}'s checkpoint, "
                    "but it is missing."
                )
        folder = os.path.join(dst_checkpoints_dir, f"rank_{rank}")
        os.makedirs(folder, exist_ok=True)
        values = _converted(rank, files, source, target)
        save_checkpoint(values, os.path.join(folder, f"{ckpt_prefix}{rank}.{suffix}"), format=suffix)


def _files_of(owner: str, folder: str) -> tuple[dict[int, str], str]:
    """The file of each rank, and what their names end with."""
    found: dict[str, dict[int, str]] = {suffix: {} for suffix in _FORMATS}
    for place in Path(folder).glob("rank_[0-9]*"):
        number = place.name.removeprefix("rank_")
        for suffix in _FORMATS if number.isdecimal() else ():
            if files := sorted(place.glob(f"*.{suffix}")):
                found[suffix][int(number)] = str(files[-1])
    if all(found.values()):
        raise ValueError(f"For '{owner}', {folder} cannot contain both ckpt file and safetensors file simultaneously")
    if not any(found.values()):
        raise ValueError(f"For '{owner}', {folder} can not be empty: it must have rank_0/*.ckpt and so on.")
    suffix = "ckpt" if found["ckpt"] else "safetensors"
    return found[suffix], suffix


def _converted(rank: int, files: Mapping[int, dict], source: _Plan, target: _Plan) -> list[dict[str, Any]]:
    """What a rank of the target has: its slices, and what no strategy tells of, such as a learning rate."""
    values: dict[str, Any] = {}
    for name in dict.fromkeys(name for file in files.values() for name in file):
        if name in target.slicings and not target.has(name, rank):
            continue
        slices = {other: file[name] for other, file in files.items() if name in file}
        told = (not source.known or name in source.slicings) and (not target.known or name in target.slicings)
        some = slices.get(rank, next(iter(slices.values())))
        values[name] = _sliced(name, rank, slices, source, target) if told else some
    return [{"name": name, "data": value} for name, value in values.items()]


def _sliced(name: str, rank: int, slices: Mapping[int, Any], source: _Plan, target: _Plan) -> Parameter:
    first = next(iter(slices.values()))
    stage = next(iter(slices)) // source.ranks
    members = {other: p for other, p in slices.items() if other // source.ranks == stage}
    arrays = {other % source.ranks: np.asarray(p._array) for other, p in members.items()}
    slicing, new = source.of(name, first.ndim), target.of(name, first.ndim)
    try:
        return Parameter(Tensor(recut(slicing, new, rank % target.ranks, arrays)), name, first.requires_grad)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


rank_list_for_convert = rank_list_for_transform
convert_checkpoint_by_rank = transform_checkpoint_by_rank
convert_checkpoints = transform_checkpoints


def unified_safetensors(
    src_dir: str,
    src_strategy_file: str | None,
    dst_dir: str,
    merge_with_redundancy: bool = True,
    file_suffix: str | None = None,
    max_process_num: int = 64,
    choice_func: Callable[[str], Any] | None = None,
    split_dst_file: tuple = (),
) -> None:
    """Put the checkpoints of all ranks together, as whole Parameters in safetensors files.

    Args:
        src_dir (str): the folder of the checkpoints, with a folder `rank_0`, `rank_1`, ... for each rank.
        src_strategy_file (str): their strategy file; None if every rank has all.
        dst_dir (str): where to: `part0.safetensors`, and `param_name_map.json`, which says where each Parameter is.
        merge_with_redundancy (bool): accepted.
        file_suffix (str): only files whose names end so, before the dot.
        max_process_num (int): accepted.
        choice_func (function): says for each Parameter's name whether to keep it; or what it is called then.
        split_dst_file (tuple): accepted: there is one file.

    Raises:
        ValueError: if a checkpoint is missing.

    Example:
        >>> import os
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> for rank, part in enumerate(([1.0, 2.0], [3.0, 4.0])):
        ...     os.makedirs(f"in/rank_{rank}", exist_ok=True)
        ...     ms.save_checkpoint([{"name": "w", "data": Tensor(part)}], f"in/rank_{rank}/a.ckpt")
        >>> store("in.json", {"w": Slicing((2,), (0,))})
        >>> ms.unified_safetensors("in", "in.json", "unified")
        >>> print(ms.load_checkpoint("unified/part0.safetensors", format="safetensors")["w"].asnumpy())
        [1. 2. 3. 4.]
    """
    found, suffix = _files_of("unified_safetensors", src_dir)
    if file_suffix is not None:
        found = {r: p for r, p in found.items() if os.path.splitext(p)[0].endswith(file_suffix)}
    files = {rank: load_checkpoint(path, format=suffix) for rank, path in found.items()}
    whole = {}
    for item in _converted(0, files, _Plan(src_strategy_file), _Plan(None)):
        chosen = True if choice_func is None else choice_func(item["name"])
        if chosen:
            whole[chosen if isinstance(chosen, str) else item["name"]] = item["data"]
    os.makedirs(dst_dir, exist_ok=True)
    name = "part0.safetensors"
    items = [{"name": n, "data": v} for n, v in whole.items()]
    save_checkpoint(items, os.path.join(dst_dir, name), format="safetensors")
    with open(os.path.join(dst_dir, "param_name_map.json"), "w", encoding="utf-8") as file:
        json.dump(dict.fromkeys(whole, name), file, indent=4)


def get_ckpt_path_with_strategy(cur_ckpt_path: str, cur_strategy_path: str) -> str | None:
    """The checkpoint of this rank, or of another that has the same slices, if it is there.

    Args:
        cur_ckpt_path (str): of this rank, with "rank_" and its number in it.
        cur_strategy_path (str): the strategy file.

    Returns:
        A path, or None.

    Raises:
        ValueError: if there is no strategy file.

    Example:
        >>> import os
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> store("alike.json", {"w": Slicing((2,), (-1,))})
        >>> os.makedirs("rank_1", exist_ok=True)
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "rank_1/a.ckpt")
        >>> ms.get_ckpt_path_with_strategy("rank_0/a.ckpt", "alike.json")
        'rank_1/a.ckpt'
    """
    rank = jax.process_index()
    if f"rank_{rank}" in cur_ckpt_path and os.path.isfile(cur_ckpt_path):
        return cur_ckpt_path
    plan = _Plan(cur_strategy_path)
    for other in range(plan.ranks):
        path = re.sub(r"rank_\d+", f"rank_{other}", cur_ckpt_path)
        if _alike(plan, rank, other) and os.path.isfile(path):
            return path
    return None


def _alike(plan: _Plan, one: int, other: int) -> bool:
    return all(
        s.region(one, s.whole((1,) * len(s.tensor_map))) == s.region(other, s.whole((1,) * len(s.tensor_map)))
        for s in plan.slicings.values()
    )
