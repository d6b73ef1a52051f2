"""Calling an operator: from handles to arrays, through one cached jitted function, and back."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from copy import copy
from functools import cached_property, partial, update_wrapper
from typing import Any

import jax
import jax.numpy as jnp

from msjax.core import dtype as mstype
from msjax.core import narrow, trace
from msjax.core.kinds import check
from msjax.core.mutable import unmarked
from msjax.core.opaque import Number, value_of
from msjax.core.recent import Recent
from msjax.core.tensor import Tensor, _new, wrap
from msjax.core.view import View
from msjax.ops.call import shadows
from msjax.ops.call.arguments import argument, constants, hashable, jitted_argument, kind, number, settle_scalars
from msjax.ops.call.narrowing import narrowed
from msjax.ops.call.numbers import Bound, Family, Operand
from msjax.ops.table.statics import BY_NAME, FREE, LISTS, OF_OPERATORS, TENSORS

Tracer = trace.Tracer
_frames = trace._stack
MOST_BYTES = 2**44  # more than any machine has; beyond 64 bits XLA ends the process
_MOST_PROGRAMS = 256  # of one operator
_LITERALS = range(-8, 17)  # the ints that are compiled in for the array named `literal`


class Operator:
    """A definition on raw arrays, and the jitted functions made of it, one for each combination of static arguments.

    Numbers among these, such as slopes, share a function from the second value on, see `msjax.ops.call.numbers`.

    Args:
        definition: arrays before the star, static arguments after it.
        name, view, write, jit, literal, check, kinds, floats, positional, numbers, casts: see `msjax.ops.table.op`.

    Attributes:
        direct: whether its calls may go straight to their functions, see `msjax.ops.call.direct`.
        known: the functions that the faces look up themselves, by static arguments and their types.
        families: the `Family` for static arguments that differ in numbers; True where one value is all that came yet.
    """

    _general: Callable  # of an operator that fixes values of another's definition
    _values: str

    def __init__(
        self, definition: Callable, *, name=None, view=False, write=None, jit=True, literal=None, check=None,
        kinds=None, floats=(), positional=True, numbers="", casts=False,
    ):  # fmt: skip
        self.casts = casts
        self.definition, self.view, self.write, self.jit, self.check = definition, view, write, jit, check
        self.own_kinds, self._floats, self.positional = kinds or {}, floats, positional
        self._literal, self.numbers = literal, numbers.split()
        self._name, self._fixed = name, {}
        self.direct = jit and literal is check is None
        self._start()

    def _start(self) -> None:
        self.primitives: list[str] = []  # the names of its classes
        # Faces look into `young` themselves, so that what is called often costs one look into a dict. `Recent` clears
        # it therefore, and never takes another one.
        self._functions, self.families = Recent(_MOST_PROGRAMS), Recent(_MOST_PROGRAMS)
        self.known: dict = self._functions.young

    def fixing(self, values: str) -> Operator:
        """The operator whose definition has other defaults, "name=value, ..."."""
        if values not in self._fixed:
            # An operator of its own, not an argument of this one: values that never change would be looked at in each
            # call, and would stand in the key of each of its functions.
            self._fixed[values] = other = copy(self)
            other._start()
            del other.definition  # until it is asked for
            other._general, other._values = self.definition, values
        return self._fixed[values]

    # Worked out at the first use: a thousand operators are declared when the package is imported.

    @cached_property
    def definition(self) -> Callable:
        """The general definition with values fixed; it is called by its name with these."""
        values = eval(f"dict({self._values})", {"mstype": mstype})  # they stand in a row of ours
        definition = update_wrapper(partial(self._general, **values), self._general)
        for own in ("__wrapped__", "__signature__"):  # of which `inspect` would take the defaults
            vars(definition).pop(own, None)
        definition.__name__ = (self._name or self._general.__name__).format(**values)
        return definition

    @cached_property
    def _parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.definition).parameters.values())

    @cached_property
    def arrays(self) -> list[str]:
        return [p.name for p in self._parameters if p.kind is not p.KEYWORD_ONLY]

    @cached_property
    def statics(self) -> list[str]:
        return [p.name for p in self._parameters if p.kind is p.KEYWORD_ONLY]

    @cached_property
    def defaults(self) -> dict:
        return {p.name: p.default for p in self._parameters}

    @cached_property
    def variadic(self) -> bool:
        return any(p.kind is p.VAR_POSITIONAL for p in self._parameters)

    @cached_property
    def tensors(self) -> frozenset[str]:
        """The arrays that must be Tensors where users call it."""
        if self.variadic or self.name in FREE:
            return frozenset()
        required = inspect.Parameter.empty
        return frozenset(a for a in self.arrays if a in TENSORS and self.defaults[a] is required)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The arrays that must be lists of Tensors."""
        return frozenset() if self.name in FREE else LISTS & {*self.arrays}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What static arguments must be, of those for which something is said."""
        said = {name: OF_OPERATORS.get(f"{self.name}.{name}", BY_NAME.get(name)) for name in self.statics}
        return {name: kind for name, kind in (said | self.own_kinds).items() if kind}

    def checked(self, statics) -> tuple:
        """The static arguments; TypeError or ValueError unless they are of their kinds, or the defaults."""
        for name, value in zip(self.statics, statics, strict=True):
            if name in self.kinds and value is not self.defaults[name]:
                check(self.name, name, value if type(value) is Number else hashable(value), self.kinds[name])
        return tuple(map(unmarked, statics))

    def check_floats(self, arrays) -> None:
        """Raise TypeError unless those arrays that must are of a float dtype."""
        for name in self._floats:
            dtype = arrays[self.arrays.index(name)].dtype
            if not jnp.issubdtype(dtype, jnp.inexact):
                raise TypeError(
                    f"For '{self.name}', the '{name}' must be a Tensor of floats, but its dtype is {dtype}."
                )

    @cached_property
    def literal(self) -> int | None:
        """The place of the array for which a Python int is compiled in."""
        return None if self._literal is None else self.arrays.index(self._literal)

    def title(self, face: str) -> str:
        """What it is called in errors of a face: as its primitive class, as in MindSpore, or as the face."""
        return self.primitives[0] if len(self.primitives) == 1 else face.strip("_")

    @property
    def name(self) -> str:
        return self.definition.__name__.strip("_")

    def call(self, arrays, statics=()) -> Any:
        """Apply to handles, numbers or raw arrays. `statics` are values in the order of the definition."""
        if self.casts and has_dtype(arrays[0], statics[0]):
            return arrays[0]
        if narrow.state.dtype is not None:
            arrays = narrowed(self.name, arrays, narrow.state.dtype)
        result: Any = self._call(arrays, statics)
        if _frames.shadows and shadows.has_shadow(arrays):
            shadows.carry_over(lambda given: self._call(given, statics), result, arrays)
        if self.casts and _frames.frames:
            shadows.cast_shadow(result, arrays[0])
        return result

    def _call(self, arrays, statics) -> Any:
        if not self.jit:
            statics = self.checked(statics) if self.kinds else statics
            return rewrap(self.run(*map(argument, arrays), **dict(zip(self.statics, statics, strict=True))))
        given, literal = list(arrays), None
        if self.literal is not None and type(given[self.literal]) is int and given[self.literal] in _LITERALS:
            literal = given.pop(self.literal)
        given = [jitted_argument(a) for a in given]
        run, given = self.ready(statics, given, literal)
        result = wrap_result(run(*given) if _frames.saver is None else _frames.saver(run, given))
        if self.check is not None:  # last, so that what is wrong with dtypes and shapes is said first
            self.check(result, *map(argument, arrays), **dict(zip(self.statics, statics, strict=True)))
        if self.view and isinstance(arrays[0], Tensor):
            function = self.bound(statics, literal)
            attach_view(result, arrays[0], function, function.write)
        return result

    def ready(self, statics, arrays: list, literal: int | None = None) -> tuple[Any, list]:
        """A function with these static arguments, and what to give it for these arrays."""
        if _frames.frames and _frames.frames[-1].abstract:
            # Already being compiled: the operator becomes part of that program, and its numbers constants in it.
            return partial(self._recorded, statics, literal), constants(arrays)
        return self.bound(statics, literal), arrays

    def run(self, *arrays, **statics):
        """The definition, whose errors are MindSpore's where a number or an array is too large or an axis empty."""
        try:
            return self.definition(*arrays, **statics)
        except (OverflowError, MemoryError) as error:
            raise RuntimeError(f"For '{self.name}', a number or an array is too large: {error}") from error
        except ZeroDivisionError as error:
            raise ValueError(f"For '{self.name}', a number is 0 or an axis empty that must not be.") from error

    def handles_of_view(self, result, base, function: Callable):
        """Handles on the result of `function` outside of all transforms, as views of `base`."""
        result = handles(result)
        if isinstance(base, Tensor):
            attach_view(result, base, function, function.write)
        return result

    def bound(self, statics, literal: int | None = None) -> Any:
        """The jitted function with these static arguments, and with this Python int for the array named `literal`."""
        ending = () if literal is None else (literal,)
        try:
            found = self._functions.find((*statics, *map(kind, statics), *ending))
        except TypeError:  # a list or Tensor among them
            found = None
        if found is None:
            # Checked here, where it costs nothing in calls that have come up before.
            statics = tuple(map(hashable, self.checked(statics)))
            found = self._functions.find(key := (*statics, *map(kind, statics), *ending))
        if found is None:
            found: Any = self._of_family(statics) or jax.jit(self._traced(statics, literal))
            if self.view:
                found.write = self._writer(statics, found)
            if not (type(found) is Bound and found.fleeting):
                self._functions.keep(key, found)
        return found

    def _traced(self, statics: tuple, literal: int | None = None) -> Callable:
        """The definition with these static arguments, as a function of arrays."""
        place = self.literal
        keywords = dict(zip(self.statics, statics, strict=True))

        def traced(*arrays):
            arrays = list(settle_scalars(arrays))
            if literal is not None and place is not None:
                arrays.insert(place, literal)
            self.check_floats(arrays)
            result = self.run(*arrays, **keywords)
            for part in jax.tree.leaves(result):
                if isinstance(part, jax.Array):
                    check_size(self.name, part.shape, part.dtype)
            return result

        traced.__name__ = traced.__qualname__ = self.name
        return traced

    def _recorded(self, statics: tuple, literal: int | None, *arrays):
        """The result as part of a program, in which what differs from call to call stays open where it can."""
        if any(type(s) is Number for s in statics):
            places, given = self._places(map(value_of, statics)), list(statics)
            for i in places:
                given[i] = Operand.of(given[i]) if type(given[i]) is Number else given[i]
            try:
                return self._traced(tuple(map(hashable, given)), literal)(*arrays)
            except Exception:  # it may have no use for a Number
                pass
        return self._traced(tuple(map(hashable, self.checked(statics))), literal)(*arrays)

    def _places(self, statics) -> tuple[int, ...]:
        """Which of the static arguments are numbers that it computes with: floats, and ints in the place of floats."""
        return tuple(
            i
            for i, (name, value) in enumerate(zip(self.statics, statics, strict=True))
            if type(value) is float
            or (type(value) is int and (name in self.numbers or type(self.defaults[name]) is float))
        )

    def _of_family(self, statics: tuple) -> Bound | None:
        """The function that takes the numbers as arguments; None if there are none, or none came before these."""
        places = self._places(statics)
        if not places:
            return None
        rest = (*(type(s) if i in places else (s, kind(s)) for i, s in enumerate(statics)),)
        family = self.families.find(rest)
        if family is None:
            self.families.keep(rest, True)
            return None
        if family is True:
            self.families.keep(rest, family := Family(self._traced, places))
        return None if family.needed else Bound(family, statics, number)

    def _writer(self, statics: tuple, function: Callable) -> Callable:
        """How the view that `function` reads with these static arguments is written."""
        if self.write is None:
            return partial(_write_through, function)
        return partial(self.write, **dict(zip(self.statics, statics, strict=True)))


def check_size(name: str, shape, dtype) -> None:
    """Raise ValueError for what no memory holds, before XLA sees it."""
    if not all(type(n) is int for n in shape):  # open, for an export
        return
    if math.prod(shape) * dtype.itemsize > MOST_BYTES or min(shape, default=0) < 0:  # JAX wraps round
        raise ValueError(f"For '{name}', a result of shape {shape} is larger than any memory.")


def wrap_result(result):
    """Handles on an operator's outputs; tuples stay tuples."""
    if type(result) is tuple or type(result) is list:
        return tuple(map(wrap_result, result))
    tensor = _new(Tensor)
    tensor._array = result
    if _frames.frames and (isinstance(result, Tracer) or _frames.frames[-1].batched):
        _frames.frames[-1].created(tensor)
    return tensor


def handles(result):
    """The same outside of all transforms."""
    if result.__class__ is tuple or result.__class__ is list:
        return tuple(map(handles, result))
    tensor = _new(Tensor)
    tensor._array = result
    return tensor


def rewrap(result):
    """The same for a definition that is not jitted: handles, None and plain Python values pass."""
    if isinstance(result, jax.Array):
        return wrap(result)
    if isinstance(result, (tuple, list)) and not hasattr(result, "_fields"):
        return type(result)(map(rewrap, result))
    return result


def has_dtype(x: Any, dtype: Any) -> bool:
    """Whether `x` is a Tensor of that dtype."""
    return isinstance(x, Tensor) and x.dtype is dtype


def attach_view(result, base: Tensor, read: Callable, write: Callable) -> None:
    if isinstance(result, Tensor):
        result._view = View(base, read, write)
    else:
        for i, part in enumerate(result):
            part._view = View(base, partial(_part, read, i), partial(_write_part, write, read, i))


def _part(read, i, base):
    return read(base)[i]


def _write_part(write, read, i, base, value):
    parts = list(read(base))
    parts[i] = value
    return write(base, tuple(parts))


def _write_through(read: Callable, base, value):
    """The base with a view's new elements: wherever an element is seen in the view, it is replaced."""
    places = read(jnp.arange(base.size).reshape(base.shape))
    flat = base.ravel()
    for place, new in zip(jax.tree.leaves(places), jax.tree.leaves(value), strict=True):
        flat = flat.at[place.ravel()].set(new.ravel().astype(base.dtype))
    return flat.reshape(base.shape)
