"""Signatures as text that both MindSpore and msjax give alike: names, order and defaults of parameters."""

import enum
import importlib
import inspect


def resolve(root: str, path: str):
    """What a path below the root leads to; None if that is nothing."""
    parts = [root, *path.split(".")[1:]]
    for cut in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:cut]))
            for part in parts[cut:]:
                value = getattr(value, part)
        except (ImportError, AttributeError):
            continue
        return value
    return None


def default(value) -> str:
    if isinstance(value, bool | str | type(None)):
        return repr(value)
    if isinstance(value, int | float):
        return repr(float(value))
    if isinstance(value, list | tuple):
        return "(" + ", ".join(map(default, value)) + ")"
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, type) or inspect.isfunction(value):
        return value.__name__.strip("<>")
    return str(value).removeprefix("mindspore.").partition(" at 0x")[0]


def text(function) -> str | None:
    """A signature without `self` and annotations; None if it is unknown or takes anything."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    words, starred = [], False
    for p in parameters:
        if p.name in ("self", "cls"):
            continue
        if p.kind is p.KEYWORD_ONLY and not starred:
            words.append("*")
        starred = starred or p.kind in (p.VAR_POSITIONAL, p.KEYWORD_ONLY)
        mark = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        words.append(mark + p.name + ("" if p.default is p.empty else f"={default(p.default)}"))
    return None if words == ["*args", "**kwargs"] else ", ".join(words)


def told(root: str, path: str) -> dict[str, str]:
    """The signatures of a name, and of the methods of its own if it is a class."""
    value = resolve(root, path)
    found = {path: text(value)} if callable(value) else {}
    if inspect.isclass(value):
        for name, member in vars(value).items():
            if not name.startswith("_") and inspect.isfunction(member):
                found[f"{path}.{name}"] = text(member)
    return {name: signature for name, signature in found.items() if signature is not None}
