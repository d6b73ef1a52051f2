"""Errors in words that make sense to who called an operator: they name it and do not speak of JAX."""

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
    (
        # What definitions that ask for the sizes of axes run into where there are none.
        r"^(?:tuple|list) index out of range$|^not enough values to unpack.*|^zip\(\) argument \d is \w+ than .*",
        "an input has another number of axes, or an argument of parts, than it must have", ValueError,
    ),
    (r"^All input arrays must have the same shape. Got", "Tensors in a list must have the same shape, but got", None),
    (r"ndarray or scalar arguments", "Tensors or numbers", None),
    (r"\w+Tracer\b", "Tensor", None),
    (r"<class '(?:numpy\.|builtins\.)?(?:dtypes\.)?(\w+)'>", r"\1", None),
    (r"\b(?:jax\.numpy|jax\.lax|jnp|lax)\.", "", None),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), said, kind) for pattern, said, kind in _WORDS)


_KINDS = (TypeError, ValueError, RuntimeError, IndexError)
_NAMED = ("For ", "The arguments of ")  # how a text begins that says already whose arguments are wrong
_NAMES = ("Tensor", "Python", "MindSpore")


def reworded(error: Exception, name: str) -> Exception | None:
    """The error to raise instead of one that the operator `name` has met, or None for itself.

    Errors of other classes than Python's own are left alone: something waits for them.
    """
    shorten(error)
    if type(error) not in _KINDS:
        return None
    text, kind = str(error), type(error)
    if kind is not RuntimeError:
        for pattern, said, other in _PATTERNS:
            text, count = pattern.subn(said, text)
            kind = other or kind if count else kind
    if text == str(error) and text.startswith(_NAMED):
        return None
    if not text.startswith(_NAMED):
        begins = text[:1] if text.startswith(_NAMES) or text[1:2].isupper() else text[:1].lower()
        text = f"For '{name}', {begins}{text[1:]}" if text else f"For '{name}', it raises {kind.__name__}."
        text = text if text.endswith((".", "!", "?")) else f"{text}."
    return kind(text).with_traceback(error.__traceback__ and error.__traceback__.tb_next)
