"""Files of the safetensors format: eight bytes of length, that much JSON, then the arrays' bytes.

The JSON gives each name its dtype, shape and place; `__metadata__` holds strings.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from typing import BinaryIO

import jax.numpy as jnp
import numpy as np

from msjax.train.ckpt import CorruptFile

# The wider first: files are laid out in this order, then by name.
_DTYPES = {
    "U64": np.uint64, "I64": np.int64, "F64": np.float64, "C64": np.complex64, "F32": np.float32, "U32": np.uint32,
    "I32": np.int32, "BF16": jnp.bfloat16, "F16": np.float16, "U16": np.uint16, "I16": np.int16, "I8": np.int8,
    "U8": np.uint8, "BOOL": np.bool_,
}  # fmt: skip
_CODES = {np.dtype(numpy): code for code, numpy in _DTYPES.items()}
_RANK = {code: rank for rank, code in enumerate(_DTYPES)}


def write(file: BinaryIO, values: Mapping[str, np.ndarray], checksum: bool = False) -> None:
    """Write arrays, and with `checksum` the CRC32 of names and elements among the metadata.

    Raises:
        TypeError: if a value is no array, or of a dtype that the format does not have.
    """
    for name, value in values.items():
        if getattr(value, "dtype", None) not in _CODES:
            kind = getattr(value, "dtype", type(value).__name__)
            raise TypeError(f"safetensors files hold no {kind}, which {name!r} is; use format='ckpt'.")
    names = sorted(values, key=lambda name: (_RANK[_CODES[values[name].dtype]], name))
    header: dict = {"__metadata__": {"format": "ms"}}
    if checksum:
        header["__metadata__"]["crc_num"] = str(_checksum(values))
    end = 0
    for name in names:
        start, end = end, end + values[name].nbytes
        code = _CODES[values[name].dtype]
        header[name] = {"dtype": code, "shape": list(values[name].shape), "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    file.write(len(text).to_bytes(8, "little") + text)
    for name in names:
        file.write(values[name].tobytes())


def read(content: bytes, checksum: bool = False) -> tuple[dict[str, np.ndarray], bool]:
    """The arrays of a file, by sorted name, and whether it has a checksum.

    Args:
        checksum: whether to compare it, if it is there.

    Raises:
        CorruptFile: if the bytes are no such file, or do not have the checksum.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8:start])
        metadata = header.pop("__metadata__", {})
        values = {name: _array(content[start:], **header[name]) for name in sorted(header)}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CorruptFile(str(error)) from error
    expected = metadata.get("crc_num")
    if checksum and expected is not None and int(expected) != _checksum(values):
        raise CorruptFile("the checksum is another one")
    return values, expected is not None


def _array(data: bytes, dtype: str, shape: list[int], data_offsets: list[int]) -> np.ndarray:
    return np.frombuffer(data, _DTYPES[dtype], math.prod(shape), data_offsets[0]).reshape(shape)


def _checksum(values: Mapping[str, np.ndarray]) -> int:
    crc = 0
    for name in sorted(values):
        crc = zlib.crc32(values[name].tobytes(), zlib.crc32(name.encode(), crc))
    return crc
