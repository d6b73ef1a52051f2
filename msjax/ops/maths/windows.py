"""Windows, by which signals are multiplied before a Fourier transform."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from msjax.ops.call.arguments import dtype_of, hashable
from msjax.ops.table import op

# -- windows ---------------------------------------------------------------------------------------------------------


def _window(name: str, function, *faces: str) -> None:
    def window(*, length, periodic=False, dtype=None):
        whole = function(length + 1)[:length] if periodic and length > 1 else function(length)
        return jnp.asarray(whole, dtype_of(dtype) or np.float32)

    window.__name__, window.__doc__ = name, f"The {name} window; `periodic` leaves out the last point of a longer one."
    op(*faces)(window)


for name, old in (("bartlett", "bartlett"), ("blackman", "blackman"), ("hann", "hanning"), ("hamming", "hamming")):
    _window(
        name,
        getattr(np, old),
        f"numpy.{old}(M: length)",
        *([] if name == "hamming" else [f"ops.{name}_window(window_length: length, periodic=True, *, dtype=None)"]),
    )
for name in ("Bartlett", "Blackman"):
    _window(
        name.lower(),
        getattr(np, name.lower()),
        f"ops.{name}Window(periodic=True, dtype=mstype.float32)(window_length: length)",
    )


@op(
    "ops.hamming_window(window_length, periodic=True, alpha=0.54, beta=0.46, *, dtype=None)",
    "ops.HammingWindow(periodic=True, alpha=0.54, beta=0.46, dtype=mstype.float32)(window_length)",
)
def hamming_window(*, window_length, periodic=True, alpha=0.54, beta=0.46, dtype=None):
    """alpha - beta * cos(2 pi n / N), with N one less than the length if not `periodic`."""
    length = hashable(window_length)
    angle = 2 * np.pi * np.arange(length) / max(length - (not periodic), 1)
    return jnp.asarray(alpha - beta * np.cos(angle) if length > 1 else np.ones(length), dtype_of(dtype) or np.float32)


@op("ops.kaiser_window(window_length, periodic=True, beta=12.0, *, dtype=None)")
def kaiser_window(*, window_length, periodic=True, beta=12.0, dtype=None):
    """The Kaiser window of shape `beta`."""
    whole = np.kaiser(window_length + (bool(periodic) and window_length > 1), beta)[:window_length]
    return jnp.asarray(whole, dtype_of(dtype) or np.float32)
