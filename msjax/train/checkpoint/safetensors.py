"""Files of the safetensors format: eight bytes of length, that much JSON, then the arrays' bytes.

The JSON gives each name its dtype, shape and place; `__metadata__` holds strings.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, BinaryIO

import jax.numpy as jnp
import numpy as np

from msjax.train.checkpoint.content import CorruptFile, Part, elements, size_of

# The wider first: files are laid out in this order, then by name.
_DTYPES = {
    "U64": np.uint64, "I64": np.int64, "F64": np.float64, "C64": np.complex64, "F32": np.float32, "U32": np.uint32,
    "I32": np.int32, "BF16": jnp.bfloat16, "F16": np.float16, "U16": np.uint16, "I16": np.int16,
    "F8_E4M3": jnp.float8_e4m3fn, "F8_E5M2": jnp.float8_e5m2, "I8": np.int8, "U8": np.uint8, "BOOL": np.bool_,
}  # fmt: skip
_CODES = {np.dtype(numpy): code for code, numpy in _DTYPES.items()}
_RANK = {code: rank for rank, code in enumerate(_DTYPES)}
_METADATA = "__metadata__"
_LONGEST_HEADER = 100 << 20
_MOST_ZEROS = 1 << 30


def write(file: BinaryIO, values: Mapping[str, np.ndarray], checksum: bool = False) -> None:
    """Write arrays, and with `checksum` the CRC32 of names and elements among the metadata.

    Raises:
        TypeError: if a value is no array, or of a dtype that the format does not have.
        ValueError: if a name is one that the format keeps for itself.
    """
    if _METADATA in values:
        raise ValueError(f"safetensors files hold no array of the name {_METADATA!r}; use format='ckpt'.")
    for name, value in values.items():
        if getattr(value, "dtype", None) not in _CODES:
            kind = getattr(value, "dtype", type(value).__name__)
            raise TypeError(f"safetensors files hold no {kind}, which {name!r} is; use format='ckpt'.")
    names = sorted(values, key=lambda name: (_RANK[_CODES[values[name].dtype]], name))
    header: dict = {_METADATA: {"format": "ms"}}
    if checksum:
        header[_METADATA]["crc_num"] = str(_checksum((name, values[name]) for name in sorted(values)))
    end = 0
    for name in names:
        start, end = end, end + values[name].nbytes
        code = _CODES[values[name].dtype]
        header[name] = {"dtype": code, "shape": list(values[name].shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    file.write(len(text).to_bytes(8, "little") + text)
    for name in names:
        file.write(_bytes(values[name]))


def read(content: Part, checksum: bool = False) -> tuple[dict[str, Callable[[], np.ndarray]], bool]:
    """What reads each of the arrays of a file, by sorted name, and whether it has a checksum.

    Args:
        checksum: whether to compare it, if it is there.

    Raises:
        CorruptFile: if the bytes are no such file, or do not have the checksum.
    """
    metadata, entries, data = _split(content)
    values = {name: partial(_array, data, *entry) for name, entry in sorted(entries.items())}
    expected = metadata.get("crc_num")
    if checksum and expected is not None and not _agrees(values, expected):
        raise CorruptFile("the checksum is another one")
    return values, expected is not None


def _array(data: Part, shape: tuple[int, ...], dtype: np.dtype, start: int, stop: int) -> np.ndarray:
    return elements(data[start:stop].array(), dtype).reshape(shape)


def _agrees(values: Mapping[str, Callable[[], np.ndarray]], expected: str) -> bool:
    every = [((name, array()) for name, array in values.items()) for _ in range(2)]  # sorted
    return str(_checksum(every[0])) == expected or str(_checksum(every[1], False)) == expected


def _split(content: Part) -> tuple[dict[str, str], dict[str, tuple], Part]:
    """The metadata; shape, dtype, start and end of each array; the arrays' bytes, each of which belongs to one."""
    end = 8 + int.from_bytes(bytes(content[:8]), "little")
    if not 8 < end <= min(len(content), _LONGEST_HEADER):
        raise CorruptFile("it does not begin with the length of a header")
    try:
        header = json.loads(bytes(content[8:end]).decode(), object_pairs_hook=_once)
        metadata = header.pop(_METADATA, {})
        entries = {name: _entry(**header[name]) for name in header}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CorruptFile(f"the header is not understood ({type(error).__name__}: {error})") from None
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise CorruptFile("the metadata are no texts by name")
    data, at = content[end:], 0
    for name, (shape, dtype, start, stop) in sorted(entries.items(), key=lambda item: item[1][2:]):
        if start != at or stop - start != size_of(shape) * dtype.itemsize or not -1 < stop <= len(data):
            raise CorruptFile(f"what the header says of {name!r} does not fit")
        at = stop
    if at != len(data):
        raise CorruptFile(f"{len(data) - at} bytes belong to no array")
    return metadata, entries, data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are said once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _entry(dtype: str, shape: list[int], data_offsets: list[int], **_) -> tuple:
    start, stop = data_offsets
    if not isinstance(shape, list) or not all(type(number) is int and number >= 0 for number in (*shape, start, stop)):
        raise ValueError("sizes and places are lists of whole numbers")
    return tuple(shape), np.dtype(_DTYPES[dtype]), start, stop


def _checksum(values: Iterable[tuple[str, np.ndarray]], as_mindspore: bool = True) -> int:
    """The CRC32 of sorted names and elements.

    MindSpore takes a whole number without axes, 3 say, for `bytes(3)`, which are three zeros. Where that can not be,
    since the number is negative or huge, and in files of earlier versions, it is the number's own bytes.
    """
    crc = 0
    for name, value in values:
        zeros = as_mindspore and value.ndim == 0 and value.dtype.kind in "iu" and 0 <= value < _MOST_ZEROS
        crc = zlib.crc32(bytes(int(value)) if zeros else _bytes(value), zlib.crc32(name.encode(), crc))
    return crc


def _bytes(value: np.ndarray) -> memoryview:
    return np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
