"""A Cell's state as a dictionary, and back."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from msjax.autodiff.hooks import HookHandle, check_hook
from msjax.core.effects import is_base, reads_parts
from msjax.core.tensor import Tensor, raw, rebind

EXTRA = "_extra_state"  # the key, after a Cell's path, of what its `get_extra_state` gives


class _IncompatibleKeys(namedtuple("_IncompatibleKeys", ["missing_keys", "unexpected_keys"])):
    """The paths that were missing in a dictionary, and those that a Cell has not."""

    __slots__ = ()

    def __repr__(self) -> str:
        return super().__repr__() if any(self) else "<All keys matched successfully>"

    __str__ = __repr__


@dataclass
class _Loading:
    """What a dictionary is found to hold for a Cell and those below it.

    Attributes:
        values: (Parameter or buffer, Tensor): what is to be written.
        extras: (Cell, its extra state).
        errors: what is wrong besides missing and unexpected paths.
    """

    strict: bool
    metadata: Mapping
    missing: list = field(default_factory=list)
    unexpected: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    values: list = field(default_factory=list)
    extras: list = field(default_factory=list)

    def look_into(self, cell, given: Mapping, prefix: str) -> None:
        """Find the state of a Cell in what is given under its path, and that of the Cells below it."""
        for hook in cell._of_state("load_pre"):
            local = self.metadata.get(prefix.removesuffix("."), {})
            hook(cell, given, prefix, local, self.strict, self.missing, self.unexpected, self.errors)
        own = cell._own_state()
        for name, target in own.items():
            key = prefix + name
            if key not in given:
                self.missing.append(key)
            elif tuple(target.shape) != tuple(given[key].shape):
                self.errors.append(f"{key} has shape {tuple(target.shape)}, but {tuple(given[key].shape)} was given")
            else:
                self.values.append((target, given[key]))
        self._look_for_extra(cell, given, prefix + EXTRA)
        children = {name: child for name, child in cell._cells.items() if child is not None}
        known = {*own, EXTRA}
        self.unexpected += [
            key
            for key in given
            if key.startswith(prefix)
            and (rest := key[len(prefix) :]) not in known
            and rest.split(".")[0] not in children
        ]
        for name, child in children.items():
            below = f"{prefix}{name}."
            self.look_into(child, {k: v for k, v in given.items() if k.startswith(below)}, below)

    def _look_for_extra(self, cell, given: Mapping, key: str) -> None:
        if type(cell).set_extra_state is not State.set_extra_state:
            if key in given:
                self.extras.append((cell, given[key]))
            else:
                self.missing.append(key)
        elif key in given:
            self.unexpected.append(key)

    def write(self) -> None:
        for target, value in self.values:
            rebind(target, raw(Tensor(value)).astype(raw(target).dtype))
        for cell, state in self.extras:
            cell.set_extra_state(state)

    def check(self, name: str) -> None:
        """Raise RuntimeError if something is wrong."""
        problems = [f"missing: {self.missing}"] if self.strict and self.missing else []
        problems += [f"unexpected: {self.unexpected}"] if self.strict and self.unexpected else []
        if problems + self.errors:
            raise RuntimeError(f"Error(s) in loading state_dict for {name}: {'; '.join(problems + self.errors)}.")


@is_base
class State:
    """The part of `Cell` that saves and loads."""

    cells_and_names: Callable[..., Iterator[tuple[str, Any]]]
    _params: OrderedDict
    _buffers: OrderedDict
    _cells: OrderedDict
    _transient: set
    _state_hooks: Mapping[str, OrderedDict] = {}  # each Cell with hooks has its own

    @reads_parts
    def state_dict(self, *args, destination=None, prefix: str = "", keep_vars: bool = False) -> OrderedDict:
        """All Parameters and persistent buffers, by path, and what `get_extra_state` of each Cell gives.

        Args:
            args: accepted for compatibility.
            destination: a dictionary to add to; None for a new one.
            prefix: put before each path.
            keep_vars: accepted; the values are the Parameters themselves.

        Returns:
            An OrderedDict of path -> Parameter or buffer.

        Raises:
            RuntimeError: if a hook returns something.
        """
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()  # type: ignore[attr-defined]
        metadata: Any = getattr(destination, "_metadata", {})
        metadata[prefix.removesuffix(".")] = local = {}
        for hook in self._of_state("pre"):
            hook(self, prefix, keep_vars)
        destination.update({prefix + name: value for name, value in self._own_state().items()})
        if type(self).get_extra_state is not State.get_extra_state:
            destination[prefix + EXTRA] = self.get_extra_state()
        for name, child in self._cells.items():
            if child is not None:
                child.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in self._of_state("post"):
            if hook(self, destination, prefix, local) is not None:
                raise RuntimeError("A hook after state_dict must return None; it may change the dictionary itself.")
        return destination

    def _own_state(self) -> dict[str, Any]:
        """The Parameters and persistent buffers of this Cell alone, by name."""
        kept = {n: b for n, b in self._buffers.items() if n not in self._transient}
        return {n: v for n, v in {**self._params, **kept}.items() if v is not None}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> _IncompatibleKeys:
        """Copy values by path into Parameters and buffers; nothing is changed if anything is wrong.

        With hooks that run afterwards, which may take away what is missing or unexpected, that counts as wrong only
        when these have run.

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
        loading = _Loading(strict, getattr(state_dict, "_metadata", {}))
        loading.look_into(self, OrderedDict(state_dict), "")
        keys = _IncompatibleKeys(loading.missing, loading.unexpected)
        after = [(cell, hook) for _, cell in self.cells_and_names() for hook in cell._of_state("load_post")][::-1]
        if not after or loading.errors:
            loading.check(type(self).__name__)
        loading.write()
        for cell, hook in after:
            if hook(cell, keys) is not None:
                raise RuntimeError("A hook after load_state_dict must return None; it may change the keys it gets.")
        loading.check(type(self).__name__)
        return keys

    # -- what subclasses add --------------------------------------------------------------------------------------

    def get_extra_state(self) -> Any:
        """What `state_dict` keeps besides Parameters and buffers; for subclasses to define.

        Returns:
            Anything that can be pickled.

        Raises:
            RuntimeError: where it is not defined.
        """
        raise RuntimeError(f"{type(self).__name__} has no extra state: it defines no 'get_extra_state'.")

    def set_extra_state(self, state: Any) -> None:
        """Take over what `get_extra_state` gave; for subclasses to define.

        Args:
            state: what was kept.

        Raises:
            RuntimeError: where it is not defined.
        """
        raise RuntimeError(f"{type(self).__name__} has no extra state: it defines no 'set_extra_state'.")

    # -- hooks ----------------------------------------------------------------------------------------------------

    def register_state_dict_pre_hook(self, hook: Callable) -> HookHandle:
        """Call a function before this Cell adds to a `state_dict`.

        Args:
            hook: called as hook(cell, prefix, keep_vars).

        Returns:
            A handle, whose `remove()` takes the hook away.
        """
        return self._hook_into("pre", hook)

    def register_state_dict_post_hook(self, hook: Callable) -> HookHandle:
        """Call a function when this Cell and those below it have added to a `state_dict`.

        Args:
            hook: called as hook(cell, state_dict, prefix, local_metadata); it may change the dictionary.

        Returns:
            A handle, whose `remove()` takes the hook away.
        """
        return self._hook_into("post", hook)

    def register_load_state_dict_pre_hook(self, hook: Callable) -> HookHandle:
        """Call a function before this Cell takes its values from a `state_dict`.

        Args:
            hook: called as hook(cell, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys,
                error_msgs); it may change the dictionary and the lists.

        Returns:
            A handle, whose `remove()` takes the hook away.
        """
        return self._hook_into("load_pre", hook)

    def register_load_state_dict_post_hook(self, hook: Callable) -> HookHandle:
        """Call a function when values have been loaded into this Cell.

        Args:
            hook: called as hook(cell, incompatible_keys); it may change the lists `missing_keys` and `unexpected_keys`.

        Returns:
            A handle, whose `remove()` takes the hook away.
        """
        return self._hook_into("load_post", hook)

    def _hook_into(self, kind: str, hook: Callable) -> HookHandle:
        check_hook(hook)
        hooks = self.__dict__.setdefault("_state_hooks", {})
        return HookHandle(hooks.setdefault(kind, OrderedDict()), hook)

    def _of_state(self, kind: str) -> list[Callable]:
        return list(self._state_hooks.get(kind, {}).values())
