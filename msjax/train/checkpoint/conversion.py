"""From `.ckpt` to safetensors files and back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from msjax.train.checkpoint.files import read, write


def ckpt_to_safetensors(
    file_path: str,
    save_path: str | None = None,
    name_map: Mapping[str, str] | None = None,
    file_name_regex: str | None = None,
    processes_num: int = 1,
) -> None:
    """Write each `.ckpt` file as a safetensors file of the same name.

    Args:
        file_path: a file, or a folder with folders "rank_0", "rank_1", ... of files.
        save_path: the folder to write to; None for beside the original.
        name_map: old name -> new name of Parameters.
        file_name_regex: what the names of a folder's files must contain.
        processes_num: accepted for compatibility; files are converted one after the other.

    Raises:
        ValueError: if there is no such file or folder, or an argument is not possible.

    Example:
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "w.ckpt")
        >>> ms.ckpt_to_safetensors("w.ckpt", name_map={"w": "weight"})
        >>> list(ms.load_checkpoint("w.safetensors", format="safetensors"))
        ['weight']
    """
    _convert("ckpt", "safetensors", file_path, save_path, name_map, file_name_regex, processes_num)


def safetensors_to_ckpt(
    file_path: str,
    save_path: str | None = None,
    name_map: Mapping[str, str] | None = None,
    file_name_regex: str | None = None,
    processes_num: int = 1,
) -> None:
    """Write each safetensors file as a `.ckpt` file of the same name.

    Args:
        file_path, save_path, name_map, file_name_regex, processes_num: as for `ckpt_to_safetensors`.

    Raises:
        ValueError: if there is no such file or folder, or an argument is not possible.

    Example:
        >>> ms.save_checkpoint([{"name": "w", "data": Tensor([1.0])}], "w", format="safetensors")
        >>> ms.safetensors_to_ckpt("w.safetensors")
        >>> list(ms.load_checkpoint("w.ckpt"))
        ['w']
    """
    _convert("safetensors", "ckpt", file_path, save_path, name_map, file_name_regex, processes_num)


def _convert(source: str, target: str, file_path, save_path, name_map, pattern, processes) -> None:
    function = f"{source}_to_{target}"
    if not isinstance(file_path, str) or not os.path.exists(file_path):
        raise ValueError(f"For {function}, the input path must be a valid path or file, but got {file_path}")
    if name_map is not None and not isinstance(name_map, dict):
        raise ValueError(f"For {function}, the type of 'name_map' must be a dict, but got '{type(name_map)}'")
    if save_path is not None and os.path.splitext(save_path)[1]:
        raise ValueError(f"For {function}, the save_path must be a directory, but got '{save_path}'")
    if processes < 1:
        raise ValueError("Number of processes must be at least 1")
    for path, folder in _files_to_convert(function, Path(file_path), source, pattern):
        goal = path.parent if save_path is None else Path(save_path) / folder
        goal.mkdir(parents=True, exist_ok=True)
        values = read(str(path), source, checksum=False, wanted=lambda _: True)
        values = {(name_map or {}).get(name, name): value for name, value in values}
        write(str(goal / f"{path.stem}.{target}"), target, values, checksum=False)


def _files_to_convert(function: str, start: Path, suffix: str, pattern) -> list[tuple[Path, str]]:
    """(file, its folder below `start`) of each file to convert."""
    if start.is_file():
        if start.suffix != f".{suffix}":
            raise ValueError(f"For {function}, the input file must be a .{suffix} file, but got {start}")
        return [(start, "")]
    folders = sorted(p for p in start.iterdir() if p.is_dir() and p.name.startswith("rank"))
    if not folders:
        raise ValueError(f"For '{function}', no directories starting with 'rank' found in {start}.")
    files = [p for folder in folders for p in sorted(folder.glob(f"*.{suffix}"))]
    return [(p, p.parent.name) for p in files if pattern is None or re.search(pattern, p.name)]
