"""Errors in words that make sense to who called an operator: they name it and do not speak of JAX."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from msjax.core.tracebacks import shorten


def _of_another_type(match: re.Match) -> str:
    return f"an argument is of another type than it must be: {next(filter(None, match.groups()))}"


# What to look for, what to say instead, and the type that the error has then, where it is another one.
_WORDS: tuple[tuple[str, str | Callable[[re.Match], str], type | None], ...] = (
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
        r"^(?:tuple|list) index out of range$|^(?:not enough|too many) values to unpack.*"
        r"|^zip\(\) argument \d is \w+ than .*",
        "an input has another number of axes, or an argument of parts, than it must have", ValueError,
    ),
    (
        # What JAX and Python say of arguments of a wrong type.
        r"^(?:Found an )?unbound axis name: (.+?)(?:\. .*)?$"
        r"|^'(\w+)' object (?:cannot be interpreted as an integer|is not iterable)$"
        r"|^int\(\) argument must be .*, not '(\w+)'$|^(?:float\(\) argument )?must be .*real number, not '?(\w+)'?$"
        r"|^'(\w+)' object has no attribute .*$"
        r"|^[Ee]rror interpreting argument to .* problematic value is of type <class '(\w+)'>.*$",
        _of_another_type, TypeError,
    ),
    (r"^unsupported operand type\(s\) for (.+?): '(.+)' and '(.+)'$", r"\1 of \2 and \3 is not possible", None),
    (
        r"^[Ss]hapes must be 1D sequences of concrete values of integer type, got (.+?)\.?$",
        r"a shape must be an int or a tuple of ints, but got \1", TypeError,
    ),
    (r"^invalid literal for int\(\) with base 10: (.+)$", r"an argument must be an int, but got \1", TypeError),
    (r"^.*non-empty \S*take\(\) from an empty.*$", "there is nothing to take from an empty axis", RuntimeError),
    (r"^ufunc '\w+' (?:not|did not) [\s\S]*$", "an argument is of another type than it must be", TypeError),
    (r"\b[Aa]rguments to jax\.scipy\.linalg\.\w+", "arguments", None),
    (r"^All input arrays must have the same shape. Got", "Tensors in a list must have the same shape, but got", None),
    (r"ndarray or scalar arguments", "Tensors or numbers", None),
    (r"\w+Tracer\b", "Tensor", None),
    (r"<class '(?:numpy\.|builtins\.)?(?:dtypes\.)?(\w+)'>", r"\1", None),
    (r"\b(?:jax\.numpy|jax\.lax|jnp|lax)\.", "", None),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), said, kind) for pattern, said, kind in _WORDS)


_KINDS = (TypeError, ValueError, RuntimeError, IndexError)
_INTERNAL = (NameError, AttributeError)  # of a definition that was given something else than it expects
_NAMED = ("For ", "The arguments of ")  # how a text begins that says already whose arguments are wrong
_NAMES = ("Tensor", "Python", "MindSpore")


def reworded(error: Exception, name: str) -> Exception | None:
    """The error to raise instead of one that the operator `name` has met, or None for itself.

    Errors of other classes than Python's own are left alone: something waits for them.
    """
    shorten(error)
    text, kind = str(error), type(error)
    if kind.__module__.startswith("numpy") and kind is not np.exceptions.AxisError:
        kind = next((python for python in _KINDS if issubclass(kind, python)), kind)
    if kind in _INTERNAL and any(pattern.search(text) for pattern, _, other in _PATTERNS if other):
        kind = TypeError
    elif kind not in _KINDS:
        return None
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
