"""Calling an operator: from handles to arrays, through one cached jitted function, and back."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import narrow, trace
from msjax.core.kinds import check
from msjax.core.mutable import unmarked
from msjax.core.opaque import Number, value_of
from msjax.core.recent import Recent
from msjax.core.tensor import Tensor, _new, raw, wrap
from msjax.core.view import View, current, undisturbed
from msjax.ops import shadows
from msjax.ops.narrowing import narrowed
from msjax.ops.numbers import Bound, Family, Operand

Tracer = trace.Tracer
_frames = trace._stack
_SCALARS = (bool, int, float, complex)
_MOST_NUMBERS = 4096
# What static arguments of these names are in every operator that does not say otherwise.
KINDS = dict.fromkeys(
    ("assume_unique", "ceil_mode", "compute_uv", "count_include_pad", "descending", "endpoint", "equal_nan", "full",
     "full_matrices", "hard", "keepdims", "largest", "return_counts", "return_indices", "return_inverse", "retstep",
     "rowvar", "some", "sparse", "training", "wrap"),
    "bool",
) | {"ignore_index": "int"}  # fmt: skip
_MOST_BYTES = 2**44  # more than any machine has; beyond 64 bits XLA ends the process
_MOST_PROGRAMS = 256  # of one operator
_LITERALS = range(-8, 17)  # the ints that are compiled in for the array named `literal`


class Operator:
    """A definition on raw arrays, and the jitted functions made of it, one for each combination of static arguments.

    Numbers among these, such as slopes, share a function from the second value on, see `msjax.ops.numbers`.

    Args:
        definition: arrays before the star, static arguments after it.
        view, write, jit, literal, check, kinds, floats, positional, numbers, casts: see `msjax.ops.table.op`.

    Attributes:
        known: the functions that the faces look up themselves, by static arguments and their types.
        families: the `Family` for static arguments that differ in numbers; True where one value is all that came yet.
    """

    def __init__(
        self, definition: Callable, *, view=False, write=None, jit=True, literal=None, check=None, kinds=None,
        floats=(), positional=True, numbers="", casts=False,
    ):  # fmt: skip
        self.casts = casts
        self.definition, self.view, self.write, self.jit, self.check = definition, view, write, jit, check
        self.own_kinds, self._floats, self.positional = kinds or {}, floats, positional
        self._literal, self.numbers = literal, numbers.split()
        self.special = not jit or literal is not None or check is not None
        self._functions, self.families = Recent(_MOST_PROGRAMS), Recent(_MOST_PROGRAMS)
        self.known: dict = self._functions.young

    # Worked out at the first use: a thousand operators are declared when the package is imported.

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
    def kinds(self) -> dict[str, str]:
        """What static arguments must be, of those for which something is said."""
        said = {**KINDS, **self.own_kinds}
        return {name: said[name] for name in self.statics if said.get(name)}

    def checked(self, statics) -> tuple:
        """The static arguments; TypeError or ValueError unless they are of their kinds, or the defaults."""
        for name, value in zip(self.statics, statics, strict=True):
            if name in self.kinds and value is not self.defaults[name]:
                check(self.name, name, value, self.kinds[name])
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

    @property
    def name(self) -> str:
        return self.definition.__name__.strip("_")

    def call(self, arrays, statics=()):
        """Apply to handles, numbers or raw arrays. `statics` are values in the order of the definition."""
        if narrow.state.dtype is not None:
            arrays = narrowed(self.name, arrays, narrow.state.dtype)
        result = self._call(arrays, statics)
        if _frames.shadows and shadows.has_shadow(arrays):
            shadows.carry_over(lambda given: self._call(given, statics), result, arrays)
        if self.casts and _frames.frames:
            shadows.cast_shadow(result, arrays[0])
        return result

    def _call(self, arrays, statics):
        if not self.jit:
            statics = self.checked(statics) if self.kinds else statics
            return rewrap(self.run(*map(argument, arrays), **dict(zip(self.statics, statics, strict=True))))
        given, literal = list(arrays), None
        if self.literal is not None and type(given[self.literal]) is int and given[self.literal] in _LITERALS:
            literal = given.pop(self.literal)
        given = [jitted_argument(a) for a in given]
        if _frames.frames and _frames.frames[-1].abstract:
            # Already being compiled: the operator becomes part of that program, and its numbers constants in it.
            run, given = partial(self._recorded, statics, literal), constants(given)
        else:
            run = self.bound(statics, literal)
        result = wrap_result(run(*given) if _frames.saver is None else _frames.saver(run, given))
        if self.check is not None:  # last, so that what is wrong with dtypes and shapes is said first
            self.check(*map(argument, arrays), **dict(zip(self.statics, statics, strict=True)))
        if self.view and isinstance(arrays[0], Tensor):
            function = self.bound(statics, literal)
            attach_view(result, arrays[0], function, function.write)
        return result

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
            found = self._of_family(statics) or jax.jit(self._traced(statics, literal))
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
    if math.prod(shape) * dtype.itemsize > _MOST_BYTES or min(shape, default=0) < 0:  # JAX wraps round
        raise ValueError(f"For '{name}', a result of shape {shape} is larger than any memory.")


def check_int(value: int) -> None:
    """Raise RuntimeError for an int of more than 64 bits."""
    if not -(2**63) <= value < 2**63:
        raise RuntimeError(f"Unable to cast Python instance of type <class 'int'> to C++ type 'long': {value}.")


def argument(value):
    """What an operator's function receives for a handle, a number or a list of them."""
    if isinstance(value, Tensor):
        if _frames.frames:
            return raw(value)
        return undisturbed(value) if trace.busy else value._array if value._view is None else current(value)
    kind = type(value)
    if kind in _SCALARS:
        if kind is int:
            check_int(value)
        return value
    if value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [argument(v) for v in value]
    return _foreign(value)


def jitted_argument(value):
    """The same for a function that is jitted."""
    result = argument(value)
    return number(result) if result.__class__ in _SCALARS and not _frames.frames else result


_numbers: dict = {}


def number(value):
    """A Python number, from its second use on as the weakly typed array that it becomes anyway: a jitted function takes
    that several times faster. A number that is used once, such as a step's learning rate, is not worth an array."""
    key = type(value), value
    found = _numbers.get(key)
    if found is not None:
        return found
    if type(value) is bool or (not value and type(value) is not int):  # 0.0 and -0.0 are one key
        return value
    if type(value) is int:
        check_int(value)
    if key not in _numbers:
        if len(_numbers) >= _MOST_NUMBERS:
            _numbers.clear()
        _numbers[key] = None
        return value
    made = jnp.asarray(value)
    if isinstance(made, Tracer):  # inside a jax.jit of the user's
        return value
    _numbers[key] = made
    return made


def _foreign(value):
    if isinstance(value, (jax.Array, Number)):
        return value
    if isinstance(value, np.generic):
        return value.item()  # weak, as a Python number is
    if isinstance(value, _SCALARS):
        return unmarked(value)
    if hasattr(value, "__jax_array__"):
        return value.__jax_array__()
    raise TypeError(
        "Operators take a Tensor, a number, or a list or tuple of these, "
        f"but got {type(value).__name__}: {value!r:.60}."
    )


def constants(arrays: list) -> list:
    """Python floats as constants in the dtype of the arrays beside them, so that a float32 program has no float64."""
    strong = [a.dtype for a in jax.tree.leaves(arrays) if hasattr(a, "dtype") and not getattr(a, "weak_type", False)]
    inexact = [d for d in strong if jnp.issubdtype(d, jnp.inexact)]
    dtype = jnp.result_type(*inexact) if inexact else np.dtype(np.float32)

    def constant(value):
        if isinstance(value, float):
            return jnp.asarray(np.asarray(value, dtype))
        if isinstance(value, Number):
            return value.array(dtype if type(value.value) is float else None)
        return jnp.asarray(value) if isinstance(value, _SCALARS) else value

    return jax.tree.map(constant, arrays, is_leaf=lambda a: a is None)


def settle_scalars(arrays):
    """Give Python numbers MindSpore's dtypes where JAX, with 64-bit types on, would widen: floats count as float32."""
    leaves = [a for a in jax.tree.leaves(list(arrays)) if hasattr(a, "weak_type")]
    if not any(a.weak_type for a in leaves):
        return arrays
    strong = [a.dtype for a in leaves if not a.weak_type]
    if strong and any(a.weak_type and a.dtype.kind == "c" for a in leaves) and not any(d.kind == "c" for d in strong):
        raise TypeError(
            "A Python complex number can not be combined with a real Tensor; cast the Tensor to complex64 first."
        )
    inexact = any(jnp.issubdtype(d, jnp.inexact) for d in strong)

    def settle(a):
        if not getattr(a, "weak_type", False):
            return a
        if a.dtype == np.float64 and not inexact:
            return a.astype(np.float32)
        if not strong:
            return a.astype(np.complex64 if a.dtype == np.complex128 else a.dtype)
        return a

    return jax.tree.map(settle, tuple(arrays), is_leaf=lambda a: a is None)


def wrap_result(result):
    """Handles on an operator's outputs; tuples stay tuples."""
    if type(result) is tuple or type(result) is list:
        return tuple(map(wrap_result, result))
    tensor = _new(Tensor)
    tensor._array = result
    if _frames.frames and isinstance(result, Tracer):
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


def hashable(value) -> Any:
    """A static argument as part of a cache key."""
    if isinstance(value, (list, tuple)):
        return tuple(hashable(v) for v in value)
    if isinstance(value, Tensor):
        return hashable(value.tolist())
    if isinstance(value, np.ndarray):
        return hashable(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Number):
        return value.fixed() if type(value) is Number else value
    hash(value)
    return unmarked(value)


def kind(value):
    """The type of a static argument as part of a key, in which 1, 1.0 and True would be one."""
    return value.__class__ if value.__class__ is not tuple else tuple(map(type, value))


def dtype_of(dtype):
    """A static `dtype` argument as a numpy dtype, or None."""
    return None if dtype is None else mstype.element_type(dtype)
