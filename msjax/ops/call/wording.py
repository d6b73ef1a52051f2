"""What JAX says of arguments that do not fit, in words that make sense to who called an operator of MindSpore's."""

from __future__ import annotations

import re

from msjax.core.tracebacks import shorten

# What to look for, what to say instead, and the type that the error has then, where it is another one.
_WORDS: tuple[tuple[str, str, type | None], ...] = (
    (r"^.*got incompatible shapes for broadcasting: (.+?)\.?$", r"shapes \1 need to broadcast", ValueError),
    (r"^Incompatible shapes for broadcasting: shapes=\[(.+)\]$", r"shapes \1 need to broadcast", ValueError),
    (
        r"^Incompatible types for broadcasting: input type=\w+\[(.*)\] and requested type=\w+\[(.*)\]$",
        r"the shape (\1) does not broadcast to (\2)", ValueError,
    ),
    (
        r"^dot_general requires contracting dimensions to have the same shape, got (.+) and (.+?)\.?$",
        r"axes that are summed over must be equal, but got \1 and \2", ValueError,
    ),
    (r"^All input arrays must have the same shape. Got", "Tensors in a list must have the same shape, but got", None),
    (r"ndarray or scalar arguments", "Tensors or numbers", None),
    (r"\w+Tracer\b", "Tensor", None),
    (r"<class '(?:numpy\.|builtins\.)?(?:dtypes\.)?(\w+)'>", r"\1", None),
    (r"\b(?:jax\.numpy|jax\.lax|jnp|lax)\.", "", None),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), said, kind) for pattern, said, kind in _WORDS)


def reworded(error: Exception, name: str) -> Exception | None:
    """The error to raise instead of one that the operator `name` has met, or None for itself."""
    shorten(error)
    if type(error) not in (TypeError, ValueError):
        return None
    text, kind = str(error), type(error)
    for pattern, said, other in _PATTERNS:
        text, count = pattern.subn(said, text)
        kind = other or kind if count else kind
    if text == str(error):
        return None
    made = kind(text if text.startswith("For '") else f"For '{name}', {text.rstrip('.')}.")
    return made.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
