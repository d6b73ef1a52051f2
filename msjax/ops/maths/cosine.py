"""Cosine transforms."""

from __future__ import annotations

import jax.scipy.fft as scipy_fft
import numpy as np

from msjax.ops.call.checks import only_tensors
from msjax.ops.table import family, op

_KINDS = {"type": "int", "n": "None or int > 0", "norm": "None or 'ortho'", "axis": "int",
          "s": "None or tuple", "axes": "None or tuple"}  # fmt: skip


def _transformed(function, x, type_):
    """A transform of real numbers, in float32 or float64; of complex ones each part."""
    if type_ != 2:
        raise ValueError(f"Only the cosine transform of type 2 is known, but got type {type_}.")
    only_tensors("dct", x)
    if x.dtype.kind == "c":
        return function(x.real) + 1j * function(x.imag)
    return function(x if x.dtype == np.float64 else x.astype(np.float32))


@op(
    *family("name", ("dct", "idct"), "scipy.fft.{name}(x, type=2, n=None, axis=-1, norm=None)"),
    name="{name}", kinds=_KINDS,
)  # fmt: skip
def cosine_transform(x, *, type=2, n=None, axis=-1, norm=None, name="dct"):
    return _transformed(lambda part: getattr(scipy_fft, name)(part, 2, n, axis, "ortho"), x, type)


@op(
    *family("name", ("dctn", "idctn"), "scipy.fft.{name}(x, type=2, s=None, axes: axes=None, norm=None)"),
    name="{name}", kinds=_KINDS,
)  # fmt: skip
def cosine_transform_of_axes(x, *, type=2, s=None, axes=None, norm=None, name="dctn"):
    if s is not None and axes is not None and len(s) != len(axes):
        raise ValueError(f"For '{name}', the 's' and 'axes' must be of the same length, but got {s} and {axes}.")
    axes = tuple(range(x.ndim))[-len(s) :] if axes is None and s is not None else axes
    return _transformed(lambda part: getattr(scipy_fft, name)(part, 2, s, axes, "ortho"), x, type)
