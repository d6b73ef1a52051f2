"""MindSpore's strategy files: how Parameters are sliced among ranks, as JSON or as protobuf messages

    ParallelStrategyMap  { uint32 current_stage = 1; repeated ParallelStrategyItem parallel_strategy_item = 2;
                           repeated ParallelLayoutItem parallel_layout_item = 3; }
    ParallelStrategyItem { string node_name = 1; ParallelStrategys parallel_strategys = 2; }
    ParallelStrategys    { uint32 stage = 1; repeated Dims parallel_strategy = 2; }
    ParallelLayoutItem   { string param_name = 1; ParallelLayouts parallel_layouts = 2; }
    ParallelLayouts      { repeated Dims dev_matrix = 1, tensor_map = 2, param_split_shape = 3, indices_offset = 4;
                           int32 field = 5, opt_weight_shard_step = 6, opt_weight_shard_size = 7; }
    Dims                 { repeated uint32 or int32 dim = 1; }

and of groups of ranks

    ParallelGroupMap     { repeated ParallelGroupItem parallel_group_item = 1; Dims ckpt_restore_rank_list = 2; }
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jax.sharding import NamedSharding

from msjax import log
from msjax.core import placement
from msjax.core.parameter import Parameter
from msjax.parallel.slicing import Slicing, uncut
from msjax.train.checkpoint.content import CorruptFile
from msjax.train.checkpoint.wire import field, fields, varint, varints

_LISTS = {"dev_matrix": 1, "tensor_map": 2, "param_split_shape": 3, "indices_offset": 4}
_NUMBERS = {"field": 5, "opt_weight_shard_step": 6, "opt_weight_shard_size": 7}
_WORD = 1 << 64  # negative numbers are written as what is left to it
_MOST_RANKS, _MOST_AXES = 1 << 20, 64


def build_searched_strategy(strategy_filename: str) -> dict[str, Slicing]:
    """How Parameters are sliced, as a file says.

    Args:
        strategy_filename (str): a file of `AutoParallel.save_param_strategy_file` or of MindSpore's; one that ends in
            ".json" is JSON, all others are protobuf.

    Returns:
        A dict, by the Parameters' names, for `merge_sliced_parameter`.

    Raises:
        TypeError: if the name is no text, or the file is no strategy file.
        ValueError: if there is no such file, or it is empty.

    Differs from MindSpore: its objects are protobuf messages.

    Example:
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> store("strategy.ckpt", {"w": Slicing((2, 4), (0, -1))})
        >>> ms.build_searched_strategy("strategy.ckpt")["w"].parts
        (4, 1)
    """
    if not isinstance(strategy_filename, str):
        raise TypeError(
            "For 'build_searched_strategy', the argument 'strategy_filename' should be string, "
            f"but got {type(strategy_filename)}."
        )
    path = Path(strategy_filename)
    if not path.is_file():
        raise ValueError(f"For 'build_searched_strategy', no such strategy file: {path}.")
    if not path.stat().st_size:
        raise ValueError(f"For 'build_searched_strategy', the strategy file {path} should not be empty.")
    return _read(path)[1]


def _read(path: Path) -> tuple[int | None, dict[str, Slicing]]:
    """The stage of what is in a file, if it says, and how Parameters are sliced."""
    try:
        read = _read_json if path.suffix == ".json" else _read_protobuf
        return read(path.read_bytes())
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise TypeError(
            f"{path} is no strategy file ({error}): one that ends in '.json' must be JSON, others protobuf."
        ) from None


def _read_json(content: bytes) -> tuple[int | None, dict[str, Slicing]]:
    whole = json.loads(content)
    stages = [item["stage"] for item in whole.get("parallel_strategy_item", {}).values()]
    items = whole.get("parallel_layout_item", {})
    return (stages[0] if stages else None), {name: _of_json(item) for name, item in items.items()}


def _of_json(item: dict) -> Slicing:
    lists = {name: tuple(tuple(d) if isinstance(d, list) else d for d in item.get(name, ())) for name in _LISTS}
    return _checked(Slicing(**lists, **{name: item[name] for name in _NUMBERS}))


def _read_protobuf(content: bytes) -> tuple[int | None, dict[str, Slicing]]:
    stages, slicings = [], {}
    for number, value in fields(memoryview(content)):
        if number == 2:
            stages.append(dict(fields(_message(dict(fields(_message(value)))[2]))).get(1, 0))
        elif number == 3:
            item = dict(fields(_message(value)))
            slicings[str(_message(item[1]), "utf-8")] = _of_protobuf(_message(item[2]))
    return (stages[0] if stages else None), slicings


def _message(value: memoryview | int) -> memoryview:
    if isinstance(value, int):
        raise CorruptFile("a number where a message should be")
    return value


def _of_protobuf(message: memoryview) -> Slicing:
    lists: dict[int, list] = {number: [] for number in _LISTS.values()}
    numbers = dict.fromkeys(_NUMBERS.values(), 0)
    for number, value in fields(message):
        if isinstance(value, int):
            numbers[number] = _signed(value)
        else:
            lists[number].append(_dims(value))
    maps = lists[_LISTS["tensor_map"]]
    flat: dict[str, Any] = {name: tuple(lists[n][0]) if lists[n] else () for name, n in _LISTS.items()}
    if len(maps) > 1:  # axes of the devices for each axis of the Parameter
        flat["tensor_map"] = tuple(d[0] if len(d) == 1 else tuple(d) for d in maps if d)
    whole: dict[str, Any] = {**flat, **{name: numbers[n] for name, n in _NUMBERS.items()}}
    return _checked(Slicing(**whole))


def _checked(slicing: Slicing) -> Slicing:
    """A slicing of a file.

    Raises:
        ValueError: if no Parameter is cut so: what is computed with it, and how long, is as the file says.
    """
    block = slicing.dev_matrix
    entries = [place for entry in slicing.tensor_map for place in (entry if isinstance(entry, tuple) else (entry,))]
    others = [*slicing.param_split_shape, *slicing.indices_offset, *(getattr(slicing, name) for name in _NUMBERS)]
    if not all(type(number) is int for number in (*block, *entries, *others)):
        raise ValueError("what should be numbers are none")
    if not all(size > 0 for size in block) or math.prod(block) > _MOST_RANKS or len(block) > _MOST_AXES:
        raise ValueError(f"no ranks stand in a block of {block!r:.80}")
    if not all(-1 <= place < len(block) for place in entries) or len(entries) > _MOST_AXES:
        raise ValueError(f"no Parameter is cut by {slicing.tensor_map!r:.80}, in a block of {len(block)} axes")
    if min(others) < -1:
        raise ValueError("a size is negative")
    return slicing


def _dims(message: memoryview) -> list[int]:
    values: list[int] = []
    for _, value in fields(message):
        values += [value] if isinstance(value, int) else list(varints(value))
    return [*map(_signed, values)]


def _signed(value: int) -> int:
    return value - _WORD if value >= _WORD >> 1 else value


# -- writing ------------------------------------------------------------------------------------------------------


def write(path: str, parameters: Sequence[Parameter]) -> None:
    """Write how Parameters lie among the devices of this process to a strategy file.

    Args:
        path: where to; one that ends in ".json" is JSON.
        parameters: which.
    """
    store(path, {p.name: slicing_of(p) for p in parameters})


def store(path: str, slicings: dict[str, Slicing], stages: dict[str, int] | None = None) -> None:
    """Write a strategy file.

    Args:
        path: where to; one that ends in ".json" is JSON.
        slicings: by the Parameters' names.
        stages: of operators, by their names; MindSpore wants at least one.
    """
    stages = stages or {"whole": 0}
    if path.endswith(".json"):
        content = json.dumps(
            {
                "current_stage": 1,
                "parallel_strategy_item": {n: {"parallel_strategy": [], "stage": s} for n, s in stages.items()},
                "parallel_layout_item": {name: slicing._asdict() for name, slicing in slicings.items()},
            }
        ).encode()
    else:
        items = [field(2, field(1, n.encode()) + field(2, _number(1, s))) for n, s in stages.items()]
        items += [field(3, field(1, n.encode()) + field(2, _as_protobuf(s))) for n, s in slicings.items()]
        content = _number(1, 1) + b"".join(items)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content)


def _number(number: int, value: int) -> bytes:
    return varint(number << 3) + varint(value % _WORD)


def _as_protobuf(slicing: Slicing) -> bytes:
    values, parts = slicing._asdict(), []
    for name, number in _LISTS.items():
        dims, each = values[name], slicing.nested and name == "tensor_map"
        rows = [d if isinstance(d, tuple) else (d,) for d in dims] if each else [dims]
        parts += [field(number, field(1, b"".join(varint(d % _WORD) for d in row))) for row in rows]
    return b"".join(parts) + b"".join(_number(n, values[name]) for name, n in _NUMBERS.items())


def slicing_of(parameter: Parameter) -> Slicing:
    """How a Parameter lies among the devices of this process, in MindSpore's words."""
    array: Any = parameter._array
    sharding = array.sharding
    if not isinstance(sharding, NamedSharding):
        return uncut(array.ndim)
    entries = [(e,) if isinstance(e, str) else tuple(e or ()) for e in sharding.spec]
    places = {name: (axis, number) for axis, names in enumerate(entries) for number, name in enumerate(names)}
    # Axes of the mesh that divide one axis one after the other are one, and so are those that divide none.
    sizes: list[int] = []
    maps: list[list[int]] = [[] for _ in range(array.ndim)]
    last: Any = ()
    for name, size in sharding.mesh.shape.items():
        axis, number = places.get(name, (None, 0))
        if last == (axis, number - (axis is not None)):
            sizes[-1] *= size
        else:
            sizes.append(size)
            if axis is not None:
                maps[axis].append(len(sizes) - 1)
        last = axis, number
    counted = [tuple(len(sizes) - 1 - i for i in order) for order in maps]
    return Slicing(tuple(sizes), tuple(-1 if not c else c[0] if len(c) == 1 else c for c in counted))


def apply(path: str, parameters: Sequence[Parameter], slicings: dict[str, Slicing]) -> None:
    """Divide Parameters among the devices of this process, if there are several, as a strategy file says.

    Raises:
        ValueError: if a slicing does not fit its Parameter, or the devices.
    """
    devices = placement.mesh()
    if devices is None:
        return
    for parameter in parameters:
        slicing = slicings.get(parameter.name)
        if slicing is None:
            log.info("%s: nothing is said of %s.", path, parameter.name)
            continue
        parts = slicing.parts
        if len(parts) != parameter.ndim or any(s % k for s, k in zip(parameter.shape, parts, strict=True)):
            raise ValueError(f"{path} divides {parameter.name} in {parts} parts, but its shape is {parameter.shape}.")
        count = math.prod(slicing.dev_matrix)
        if devices.size % count:
            raise ValueError(f"{path} is for {count} devices, which must divide the {devices.size} that there are.")
        axes = tuple(tuple(len(slicing.dev_matrix) - 1 - place for place in places) for places in slicing.axes)
        placement.assign(parameter, placement.blocked(devices, slicing.dev_matrix, axes))


# -- several files ------------------------------------------------------------------------------------------------


def merge_pipeline_strategys(src_strategy_dirs: str, dst_strategy_file: str) -> None:
    """Write the strategy files of a pipeline's stages to one, whose names begin with the number of the stage and "-".

    Args:
        src_strategy_dirs (str): the folder of the files, all of them ".ckpt" or all ".json".
        dst_strategy_file (str): where to.

    Raises:
        NotADirectoryError: if there is no such folder.
        ValueError: if there are files of both kinds, or one is empty.

    Example:
        >>> from msjax.parallel.slicing import Slicing
        >>> from msjax.parallel.strategy_files import store
        >>> for stage, name in enumerate("wv"):
        ...     store(f"stages/{stage}.json", {name: Slicing((2,), (0,))}, {"MatMul": stage})
        >>> ms.merge_pipeline_strategys("stages", "merged.json")
        >>> list(ms.build_searched_strategy("merged.json"))
        ['0-w', '1-v']
    """
    if not os.path.isdir(src_strategy_dirs):
        raise NotADirectoryError(f"src_strategy_dirs {src_strategy_dirs} is not a directory.")
    of_kind = {kind: sorted(Path(src_strategy_dirs).glob(f"*.{kind}")) for kind in ("ckpt", "json")}
    if all(of_kind.values()):
        raise ValueError("The strategys format should be all '.ckpt' or all '.json'")
    merged: dict[str, Slicing] = {}
    stages: dict[str, int] = {}
    for path in of_kind["ckpt"] or of_kind["json"]:
        stage, slicings = _read(path)
        if stage is None or not slicings:
            raise ValueError(f"The strategy file {path} is empty")
        if stage not in stages.values():
            stages[f"stage{stage}"] = stage
            merged.update({f"{stage}-{name}": slicing for name, slicing in slicings.items()})
    # As MindSpore does, by the kind of the sources.
    target = os.path.abspath(dst_strategy_file)
    if bool(of_kind["json"]) != target.endswith(".json"):
        log.warning("%s gets the format of its sources, which its ending does not tell.", target)
    store(target, merged, stages)


def restore_group_info_list(group_info_file_name: str) -> list[int]:
    """The ranks from whose checkpoints a group can be restored, as a file of groups says.

    Args:
        group_info_file_name (str): a file that MindSpore wrote for `group_ckpt_save_file`.

    Returns:
        A list of ints.

    Raises:
        ValueError: if the file says nothing of that.

    Example:
        >>> from pathlib import Path
        >>> Path("group.pb").write_bytes(bytes([0x12, 4, 0x0A, 2, 0, 5]))
        6
        >>> ms.restore_group_info_list("group.pb")
        [0, 5]
    """
    content = Path(group_info_file_name).read_bytes()
    try:
        ranks = [_dims(_message(value)) for number, value in fields(memoryview(content)) if number == 2]
    except CorruptFile as error:
        raise ValueError(
            f"For 'restore_group_info_list', {group_info_file_name} is no group information file: {error}."
        ) from None
    if not ranks:
        raise ValueError(
            f"For 'restore_group_info_list', the group information file {group_info_file_name} has no restore rank "
            "list."
        )
    return ranks[0]
