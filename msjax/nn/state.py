"""A Cell's state as a dictionary, and back."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msjax.core.effects import is_base, reads_parts
from msjax.core.tensor import Tensor, raw, rebind

Keys = namedtuple("Keys", ["missing_keys", "unexpected_keys"])


@is_base
class State:
    """The part of `Cell` that saves and loads."""

    cells_and_names: Callable[..., Iterator[tuple[str, Any]]]

    @reads_parts
    def state_dict(self, *args, destination=None, prefix: str = "", keep_vars: bool = False) -> OrderedDict:
        """All Parameters and persistent buffers, by path.

        Args:
            args: accepted for compatibility.
            destination: a dictionary to add to; None for a new one.
            prefix: put before each path.
            keep_vars: accepted; the values are the Parameters themselves.

        Returns:
            An OrderedDict of path -> Parameter or buffer.
        """
        state = OrderedDict() if destination is None else destination
        for path, cell in self.cells_and_names():
            start = prefix + (f"{path}." if path else "")
            state.update({start + n: p for n, p in cell._params.items() if p is not None})
            state.update({start + n: b for n, b in cell._buffers.items() if b is not None and n not in cell._transient})
        return state

    def load_state_dict(self, state_dict: Mapping[str, Tensor], strict: bool = True) -> Keys:
        """Copy values by path into Parameters and buffers; nothing is changed if anything is wrong.

        Args:
            state_dict: a mapping of path -> Tensor.
            strict: whether both must have the same paths.

        Returns:
            A named tuple of the paths that are missing in `state_dict` and of those that this Cell has not:
            `missing_keys`, `unexpected_keys`.

        Raises:
            TypeError: if `state_dict` is not a mapping.
            RuntimeError: if paths (with `strict`) or shapes do not agree.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"Expected state_dict to be dict-like, but got {type(state_dict).__name__}.")
        own = self.state_dict()
        keys = Keys([k for k in own if k not in state_dict], [k for k in state_dict if k not in own])
        problems = [f"missing: {keys.missing_keys}"] if strict and keys.missing_keys else []
        problems += [f"unexpected: {keys.unexpected_keys}"] if strict and keys.unexpected_keys else []
        problems += [
            f"{k} has shape {tuple(own[k].shape)}, but {tuple(state_dict[k].shape)} was given"
            for k in own
            if k in state_dict and tuple(own[k].shape) != tuple(state_dict[k].shape)
        ]
        if problems:
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}: {'; '.join(problems)}.")
        for key, value in state_dict.items():
            if key in own:
                rebind(own[key], raw(Tensor(value)).astype(raw(own[key]).dtype))
        return keys
