"""Arrays of texts and of bytes."""

from __future__ import annotations

import numpy as np


def to_bytes(array: np.ndarray, encoding: str = "utf8") -> np.ndarray:
    """The array of the encoded elements of one of texts.

    Args:
        array (numpy.ndarray): of texts.
        encoding (str): a name of a codec of Python's. Default: "utf8".

    Returns:
        numpy.ndarray, of bytes.

    Raises:
        ValueError: if `array` is no array.
        TypeError: if it is none of texts.

    Example:
        >>> text.to_bytes(np.array(["é"])).tolist()
        [b'\\xc3\\xa9']
    """
    if not isinstance(array, np.ndarray):
        raise ValueError(f"For 'to_bytes', the 'array' must be a numpy array, but got {type(array).__name__}.")
    return _coded(np.char.encode, "to_bytes", "texts", "U", array, encoding)


def to_str(array: np.ndarray, encoding: str = "utf8") -> np.ndarray:
    """The array of the decoded elements of one of bytes.

    Args:
        array (numpy.ndarray): of bytes.
        encoding (str): a name of a codec of Python's. Default: "utf8".

    Returns:
        numpy.ndarray, of texts.

    Raises:
        TypeError: if `array` is no array of bytes.

    Example:
        >>> text.to_str(np.array([b"a", b"bc"])).tolist()
        ['a', 'bc']
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"For 'to_str', the 'array' must be a numpy array, but got {type(array).__name__}.")
    return _coded(np.char.decode, "to_str", "bytes", "S", array, encoding)


def _coded(convert, owner: str, elements: str, kind: str, array: np.ndarray, encoding: str) -> np.ndarray:
    if array.dtype.kind != kind:
        raise TypeError(f"For '{owner}', the 'array' must hold {elements}, but got {array.dtype}.")
    return convert(array, encoding)
