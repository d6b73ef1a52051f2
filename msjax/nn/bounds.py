"""Checks of numeric arguments: of exactly one type, and within bounds."""

from __future__ import annotations


def check(owner: str, name: str, value, kind: type, above=None, least=None, most=None, below=None):
    """`value`, if it is of type `kind` and within the bounds that are given.

    Raises:
        TypeError: if it is of another type; an int is no float, and a bool is no int.
        ValueError: if it is out of bounds: not greater than `above`, less than `least`, and so on.
    """
    if type(value) is not kind:
        raise TypeError(
            f"For '{owner}', the type of '{name}' should be '{kind.__name__}', but got type '{type(value).__name__}'."
        )
    wrong = (
        (f"> {above}", above is not None and not value > above),
        (f">= {least}", least is not None and not value >= least),
        (f"<= {most}", most is not None and not value <= most),
        (f"< {below}", below is not None and not value < below),
    )
    broken = [text for text, is_broken in wrong if is_broken]
    if broken:
        raise ValueError(f"For '{owner}', the '{name}' must be {kind.__name__} and must {broken[0]}, but got {value}.")
    return value
