"""Windows, by which signals are multiplied before a Fourier transform."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core.kinds import check
from msjax.core.tensor import Tensor
from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.table import family, op

_FUNCTIONS = {"bartlett": np.bartlett, "blackman": np.blackman, "hann": np.hanning, "hamming": np.hamming}


@op(
    "numpy.hanning(M: length; name='hann')",
    "ops.hann_window(window_length: length, periodic=True, *, dtype=None; name='hann', usual=mstype.float64)",
    "numpy.hamming(M: length; name='hamming')",
    *family(
        "name",
        ("bartlett", "blackman"),
        "numpy.{name}(M: length)",
        "ops.{name}_window(window_length: length, periodic=True, *, dtype=None)",
        "ops.{Name}Window(periodic=True, dtype=mstype.float32)(window_length: length)",
    ),
    name="{name}",
)
def window(*, length, periodic=False, dtype=None, name="hann", usual=mstype.float32):
    """The {name} window; `periodic` leaves out the last point of a longer one."""
    function = _FUNCTIONS[name]
    whole = function(length + 1)[:length] if periodic and length > 1 else function(length)
    return jnp.asarray(whole, dtype_of(dtype or usual))


@op(
    "ops.hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, *, dtype=None)",
)
def hamming_window(*, window_length, periodic=True, alpha=0.54, beta=0.46, dtype=None):
    """alpha - beta * cos(2 pi n / N), with N one less than the length if not `periodic`."""
    length = hashable(window_length)
    angle = 2 * np.pi * np.arange(length) / max(length - (not periodic), 1)
    return jnp.asarray(alpha - beta * np.cos(angle) if length > 1 else np.ones(length), dtype_of(dtype) or np.float32)


@op(
    "ops.HammingWindow(periodic=True, alpha=0.54, beta=0.46, dtype=mstype.float32)(window_length)",
    jit=False,
    kinds={"alpha": "float", "beta": "float"},
)
def hamming_window_of_tensor(*, window_length, periodic=True, alpha=0.54, beta=0.46, dtype=None):
    """alpha - beta * cos(2 pi n / N), with N one less than the length if not `periodic`.

    Args:
        window_length: the number of points, a Tensor of one int.
    """
    length = window_length.reshape(-1)[0].item() if isinstance(window_length, Tensor) else window_length
    check("HammingWindow", "window_length", length, "int >= 0")
    return hamming_window(window_length=length, periodic=periodic, alpha=alpha, beta=beta, dtype=dtype)


@op("ops.kaiser_window(window_length, periodic=True, beta=12.0, *, dtype=None)")
def kaiser_window(*, window_length, periodic=True, beta=12.0, dtype=None):
    """The Kaiser window of shape `beta`."""
    whole = np.kaiser(window_length + (bool(periodic) and window_length > 1), beta)[:window_length]
    return jnp.asarray(whole, dtype_of(dtype) or np.float64)
