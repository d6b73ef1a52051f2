"""Descriptions as dicts and in JSON, and back.

What a dataset is made of are the arguments of its class. Those that JSON has are written, and a pipeline is made again
from them. A function of Python's, or an array, is only named: such a pipeline can be shown and compared.
"""

from __future__ import annotations

import inspect
import json
import logging
from pathlib import Path
from typing import Any

from msjax import dataset as ds
from msjax.core.kinds import check, check_is
from msjax.dataset.options import Shuffle
from msjax.dataset.pipeline import Dataset
from msjax.dataset.samplers import BuiltinSampler

_OPERATIONS = (
    "Batch BucketBatchByLength Concat Filter Map PaddedBatch Project Rename Repeat Shuffle Skip SyncWait Take Transfer "
    "Zip"
).split()
_CHILDREN = {"input_dataset", "datasets"}


def serialize(dataset: Dataset, json_filepath: str = "") -> dict:
    """A pipeline as a dict, with what it works on under `children`.

    Args:
        dataset (Dataset): the pipeline.
        json_filepath (str): a file to write it to in JSON; empty for none.

    Example:
        >>> ds.serialize(ds.NumpySlicesDataset(np.arange(4)).batch(2))["batch_size"]
        2
    """
    check("serialize", "json_filepath", json_filepath, "str")
    check_is("serialize", "dataset", dataset, Dataset)
    described = _described(dataset)
    if json_filepath:
        Path(json_filepath).write_text(json.dumps(described, indent=2), encoding="utf-8")
    return described


def deserialize(input_dict: dict | None = None, json_filepath: str | None = None) -> Dataset | None:
    """The pipeline that `serialize` described.

    Args:
        input_dict (dict): the description.
        json_filepath (str): a file with it, in place of the dict.

    Raises:
        ValueError: if the file does not exist, or describes no pipeline.
        RuntimeError: if the pipeline has functions of Python's or arrays, which no description holds.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        ...     described = ds.serialize(ds.TextFileDataset(file.name, shuffle=False).repeat(2))
        ...     ds.deserialize(described).get_repeat_count()
        2
    """
    if input_dict is not None:
        check("deserialize", "input_dict", input_dict, "dict")
        return _made(input_dict)
    if json_filepath is None:
        return None
    check("deserialize", "json_filepath", json_filepath, "str")
    if not Path(json_filepath).is_file():
        raise ValueError(f"The file {json_filepath} does not exist or permission denied!")
    try:
        return _made(json.loads(Path(json_filepath).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"For 'deserialize', the file {json_filepath} describes no pipeline: {error!r:.300}."
        ) from error


def compare(pipeline1: Dataset, pipeline2: Dataset) -> bool:
    """Whether two pipelines have the same description.

    Example:
        >>> rows = ds.NumpySlicesDataset(np.arange(4))
        >>> ds.compare(rows.batch(2), rows.batch(2)), ds.compare(rows.batch(2), rows.batch(3))
        (True, False)
    """
    return pipeline1.to_json() == pipeline2.to_json()


def show(dataset: Dataset, indentation: int = 2) -> None:
    """Write the description of a pipeline to the log, at the level INFO.

    Args:
        dataset (Dataset): the pipeline.
        indentation (int): by how many blanks lines are indented.
    """
    check("show", "indentation", indentation, "int >= 0")
    logging.getLogger(__name__).info(json.dumps(serialize(dataset), indent=indentation))


def sync_wait_for_dataset(rank_id: int, rank_size: int, current_epoch: int, obs_runtime: Any = None) -> None:
    """Wait until all processes have read their share of OBSMindDataset, which msjax does not read.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("sync_wait_for_dataset is for OBSMindDataset, which msjax does not read.")


def _described(dataset: Any) -> dict:
    name = type(dataset).__name__
    described: dict[str, Any] = {"op_type": name.removesuffix("Dataset") if _is_operation(name) else name}
    for argument, parameter in inspect.signature(type(dataset)).parameters.items():
        if argument == "sampler":
            described["sampler"] = _sampler(dataset.sampler)  # type: ignore[attr-defined]
        elif argument == "shuffle" and hasattr(dataset, "shuffle_level"):
            described["shuffle"] = dataset.shuffle_level.value
        elif argument not in _CHILDREN and argument in vars(dataset):
            described[argument] = _plain(vars(dataset)[argument])
        elif argument not in _CHILDREN and parameter.default is inspect.Parameter.empty:
            described[argument] = {"python": argument}
    described["children"] = [_described(child) for child in dataset.children]
    return described


def _is_operation(name: str) -> bool:
    return name.removesuffix("Dataset") in _OPERATIONS


def _sampler(sampler: BuiltinSampler | None) -> dict | None:
    if sampler is None:
        return None
    names = [name for name in inspect.signature(type(sampler)).parameters if name not in ("args", "kwargs")]
    described = {name: _plain(getattr(sampler, name, None)) for name in names}
    described = {"sampler_name": type(sampler).__name__, **described}
    return {**described, "child_sampler": [_sampler(sampler.child_sampler)]} if sampler.child_sampler else described


def _plain(value: Any) -> Any:
    """A value as JSON has it; what it has not is named, in a dict."""
    if isinstance(value, Shuffle):
        return value.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return {"python": getattr(value, "__qualname__", type(value).__qualname__)}


def _made(described: dict) -> Dataset:
    rest = dict(described)
    name, children = rest.pop("op_type"), [_made(child) for child in rest.pop("children", [])]
    kind = _class(f"{name}Dataset" if name in _OPERATIONS else name, Dataset)
    _refuse_functions(name, rest)
    if "sampler" in rest:
        rest["sampler"] = _made_sampler(rest["sampler"])
        rest = {key: value for key, value in rest.items() if key not in ("num_samples", "num_shards", "shard_id")}
    if "shuffle" in rest:
        rest["shuffle"] = Shuffle(rest["shuffle"])
    if name == "Zip":
        return kind(tuple(children))
    if name == "Concat":
        return kind(children)
    return kind(*children, **rest)


def _class(name: str, base: type) -> Any:
    """A class of this room: a description, which may be anybody's, names nothing else that is to be called."""
    kind = getattr(ds, name, None)
    if not (isinstance(kind, type) and issubclass(kind, base)):
        raise ValueError(f"For 'deserialize', there is no {base.__name__} {name!r:.80}.")
    return kind


def _made_sampler(described: dict | None) -> BuiltinSampler | None:
    if described is None:
        return None
    rest = dict(described)
    kind, children = _class(rest.pop("sampler_name"), BuiltinSampler), rest.pop("child_sampler", [])
    if "shuffle" in rest and isinstance(rest["shuffle"], str):
        rest["shuffle"] = Shuffle(rest["shuffle"])
    sampler = kind(**rest)
    for child in children:
        sampler.add_child(_made_sampler(child))
    return sampler


def _refuse_functions(name: str, described: Any) -> None:
    if isinstance(described, dict) and "python" in described:
        raise RuntimeError(
            f"{name} has {described['python']}, a function or an object of Python's, which a description does not "
            "hold: the pipeline cannot be made from it."
        )
    parts = described.values() if isinstance(described, dict) else described if isinstance(described, list) else ()
    for part in parts:
        _refuse_functions(name, part)
