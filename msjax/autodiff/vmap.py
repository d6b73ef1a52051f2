"""vmap: a function of one sample as a function of a batch."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.custom_batching import custom_vmap

from msjax.autodiff.engine import Evaluation
from msjax.autodiff.ensemble import Ensemble
from msjax.autodiff.grad import compiling
from msjax.autodiff.tree import leaves_in, refilled
from msjax.core import trace
from msjax.core.kinds import is_a
from msjax.core.opaque import Number
from msjax.core.parameter import Parameter
from msjax.core.tensor import Tensor, raw, to_array, wrap
from msjax.core.trace import Kind
from msjax.core.tracebacks import shorten


def vmap(fn: Any, in_axes: Any = 0, out_axes: Any = 0) -> Callable:
    """`fn` for a whole batch at once, as if called for each slice along an axis and the results stacked.

    Args:
        fn: a function or Cell, or a CellList of several Cells of one structure: Cell i then sees slice i.
        in_axes: the axis of every argument along which to slice, or a tuple with an entry for each argument: an axis,
            None for an argument that is the same for all slices, or a tuple for an argument that is a tuple.
        out_axes: where the new axis goes, in all outputs or for each output; None for an output that is the same for
            all slices.

    Returns:
        A function of the same positional arguments. Every slice of what a random operator is given has numbers of its
        own (`dropout(x)`); where nothing that it is given is sliced (`randn(2)`), all slices have the same. So have
        they the same Parameters and Tensors from closures. Lists of outputs become tuples, numbers Tensors.

    Raises:
        RuntimeError: when called, if axes are not possible, the arguments have different numbers of slices or none, or
            an output is None.
        TypeError: when called with too few or too many arguments, or an output is no number either.
        ValueError: if `fn` decides by the value of a slice, or sets a Parameter to a value that depends on the slice.

    Differs from MindSpore: see "Slices that differ" in docs/differences.md.

    Example:
        >>> ms.vmap(lambda x, y: (x * y).sum(), (0, None))(ops.ones((3, 2)), Tensor([1.0, 2.0]))
        Tensor(shape=[3], dtype=Float32, value= [ 3.00000000e+00,  3.00000000e+00,  3.00000000e+00])
    """

    def mapped(*args, **kwargs):
        if kwargs:
            raise RuntimeError(
                f"Got an unexpected keyword argument {next(iter(kwargs))!r}: vmap takes positional arguments."
            )
        ensemble = Ensemble(fn) if getattr(fn, "_is_ensemble", False) else None
        if ensemble is None and not callable(fn):
            raise RuntimeError(
                f"'VmapOperation' arg0 must be a 'Function', a 'Cell' or a 'CellList', but got {type(fn).__name__}."
            )
        for name, axes in (("in_axes", in_axes), ("out_axes", out_axes)):
            _check_axes(name, axes, ensemble)
        _check_arguments(ensemble.first if ensemble else fn, args, in_axes)
        slots = _Slots(args, in_axes, ensemble)
        return _spread(_Batched(ensemble or fn, slots), out_axes)

    return compiling(fn, mapped)


def _check_axes(name: str, axes, ensemble) -> None:
    if axes is None and ensemble is None:
        raise RuntimeError(f"The '{name}' of 'vmap' cannot be a single None while 'fn' is not a 'CellList'.")
    if isinstance(axes, (tuple, list)):
        if axes and ensemble is None and all(axis is None for axis in axes):
            raise RuntimeError(f"The '{name}' of 'vmap' cannot be all None while 'fn' is not a 'CellList': {axes}.")
        for axis in axes:
            _check_axes(name, 0 if axis is None else axis, ensemble)
    elif not is_a(axes, "None or int"):
        raise RuntimeError(
            f"The axis in vmap's '{name}' should be a None or a scalar of type Int64Imm, but got a {axes!r}: "
            "it can only be of type Int or None."
        )


def _check_arguments(fn, args: tuple, axes) -> None:
    """Check their number against the function's parameters and the axes.

    Raises:
        RuntimeError: if the axes do not fit, or there are no arguments.
        TypeError: if the function can not be called with so many.
    """
    function = getattr(fn, "construct", fn)
    try:
        parameters = inspect.signature(function).parameters.values()
        inspect.signature(function).bind(*args)
    except ValueError:  # a builtin function without a signature
        fits, wanted = True, len(args)
    except TypeError:
        fits, wanted = False, sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
    else:
        fits, wanted = True, len(args)
    if isinstance(axes, (tuple, list)) and len(axes) != wanted:
        raise _axes_error(wanted, axes)
    if not fits:
        raise TypeError(f"The function under vmap takes {wanted} arguments, but {len(args)} were given.")
    if not args:
        raise RuntimeError("A function under vmap needs an argument to slice, but was called without any.")


def _axes_error(count: int, axes) -> RuntimeError:
    return RuntimeError(
        "When vmap`s 'in_axes' is a tuple or list, and its size must be equal to the number of arguments of 'fn': "
        f"{count}, but got size: {len(axes)}."
    )


class _Slots:
    """Arguments taken apart: the Tensors that are sliced, and the way back.

    Attributes:
        arrays: the raw arrays of the Tensors to slice.
        axes: for each its axis.
        size: the number of slices.
    """

    def __init__(self, args: tuple, in_axes, ensemble: Ensemble | None):
        self.arrays: list = []
        self.axes: list[int] = []
        self._template = tuple(self._take(a, axis) for a, axis in zip(args, _per_argument(args, in_axes), strict=True))
        sizes = {a.shape[axis]: None for a, axis in zip(self.arrays, self.axes, strict=True)}
        if ensemble is not None:
            if sizes and list(sizes) != [ensemble.size]:
                raise ValueError(
                    "If you want to execute the model ensembling parallel training, please make sure the size of "
                    "'CellList' equals the axis size of the arguments: "
                    f"{ensemble.size} Cells, but {next(iter(sizes))} slices."
                )
            sizes = {ensemble.size: None}
        if not sizes:
            raise RuntimeError("The 'in_axes' of 'vmap' cannot be all None while 'fn' is not a 'CellList'.")
        if len(sizes) > 1:
            shown = " and ".join(map(str, sizes))
            raise RuntimeError(
                f"The 'axis_size' of each argument in the scope of 'vmap' should be equal, but got {shown}."
            )
        (self.size,) = sizes

    def _take(self, value, axis):
        if isinstance(value, (tuple, list)):
            parts = [self._take(v, a) for v, a in zip(value, _per_argument(value, axis), strict=True)]
            return tuple(parts) if isinstance(value, tuple) else parts
        if isinstance(value, dict):
            return {k: self._take(v, axis) for k, v in value.items()}
        if axis is None:
            return value if isinstance(value, Parameter) or not isinstance(value, Tensor) else wrap(raw(value))
        if not isinstance(value, Tensor):
            raise RuntimeError(
                f"The orig_abs should be AbstractTensor when corresponding axis is {axis}, but got "
                f"{type(value).__name__}: an argument that is no Tensor needs the axis None in vmap's 'in_axes'."
            )
        array = raw(value)
        self.arrays.append(array)
        self.axes.append(_within("in_axes", axis, array.ndim))
        return _Place(len(self.arrays) - 1)

    def rebuilt(self, slices: list) -> tuple:
        """The arguments of one call, with new handles on the slices."""
        return tuple(_fill(t, slices) for t in self._template)


class _Place:
    """Stands for a slice in a template of arguments."""

    def __init__(self, index: int):
        self.index = index


def _fill(value, slices: list):
    if isinstance(value, _Place):
        return wrap(slices[value.index])
    if isinstance(value, (tuple, list)):
        return type(value)(_fill(v, slices) for v in value) if type(value) in (tuple, list) else value
    if isinstance(value, dict):
        return {k: _fill(v, slices) for k, v in value.items()}
    return value


def _per_argument(args, axes) -> list:
    if not isinstance(axes, (tuple, list)):
        return [axes] * len(args)
    if len(axes) != len(args):
        raise _axes_error(len(args), axes)
    return list(axes)


def _within(name: str, axis: int, ndim: int) -> int:
    if not -ndim <= axis < ndim:
        raise RuntimeError(f"The axis: {axis} in '{name}' is out of bounds for array of dimension [{-ndim},{ndim}).")
    return axis % ndim


class _Batched:
    """One run of a function under `jax.vmap`.

    Attributes:
        value: what the function returned; its Tensors are placeholders.
        size: the number of slices.
        results: for each Tensor in it, the array and whether it has the new axis, in front.
    """

    def __init__(self, fn, slots: _Slots):
        ensemble = fn if isinstance(fn, Ensemble) else None
        evaluation = Evaluation(
            lambda arrays, states: _run(fn, ensemble, slots.rebuilt(arrays), states), kind=Kind.BATCH
        )
        noted: list = []

        def pure(arrays, states, lane):
            results, values = evaluation([], arrays, states)
            return _noting(noted)([results, values], lane)

        states = [] if ensemble is None else ensemble.arrays()
        # The lane's number is mapped for sure, also where no argument is; see `_noting`.
        axes = list(slots.axes), [0] * len(states), 0
        try:
            (results, values) = jax.vmap(pure, axes)(slots.arrays, states, jnp.arange(slots.size))
        except trace.NEEDS_VALUE as error:
            if trace.staged():
                raise  # a compiled function runs eagerly then, where the error is this:
            raise ValueError(
                "In the scenario where vmap contains control flow, currently only the case of each batch branch with "
                "the same processing operations is supported: choose with ops.where, not by the value of a slice."
            ) from error
        except BaseException as error:
            evaluation.frame.lose()
            shorten(error)
            raise
        finally:
            if ensemble is not None:
                # The first Cell had slices of all Cells' states in its handles.
                ensemble.restore()
        mapped, varying = noted
        escaping = list(zip(evaluation.escaping, values, varying, strict=True))
        if ensemble is not None:
            escaping = ensemble.distribute(escaping)
        # One handle can not hold a value for each slice. A handle that a compiled function replaces by a new value can.
        if any(m and evaluation.frame.is_outer(h) and not h._replaced for h, _, m in escaping):
            evaluation.frame.undo()
            evaluation.frame.lose()
            raise ValueError(
                "In vmap, a Parameter or Tensor from outside of the function can not be set to a value that depends on "
                "the slice: return the value instead."
            )
        # What does not depend on the slice is the same in all of them: the first one's will do.
        arrays = [v if m else v[0] for _, v, m in escaping]
        evaluation.frame.settle([h for h, _, _ in escaping], arrays)
        self.value, self.size = evaluation.value, slots.size
        self.results = list(zip(results, mapped, strict=True))


def _run(fn, ensemble, args: tuple, states):
    return fn(*args) if ensemble is None else ensemble(states, args)


def _noting(noted: list):
    """The identity on [results, values], which appends for both which of the arrays have the batch's axis.

    The lane always has it, so it is this batch and none around it that the rule is asked about.
    """

    @custom_vmap
    def identity(arrays, lane):
        return arrays

    @identity.def_vmap
    def rule(size, batched, arrays, lane):
        noted[:] = batched[0]
        return arrays, batched[0]

    return identity


def _spread(batched: _Batched, out_axes):
    value, axes = batched.value, out_axes
    if isinstance(axes, (tuple, list)):
        count = len(value) if isinstance(value, (tuple, list)) else 1
        if len(axes) != count:
            raise RuntimeError(
                "The size of vmap's 'out_axes' should be equal to the number of results of 'fn': "
                f"{count}, but got size: {len(axes)}."
            )
        axes = axes if isinstance(value, (tuple, list)) else axes[0]
    return _place(value, axes, iter(batched.results), batched.size)


def _place(value, axes, results, size: int):
    """The outputs with their new axis, of `size` slices, at `axes`."""
    if isinstance(value, dict):
        return {k: _place(v, axes, results, size) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        each = axes if isinstance(axes, (tuple, list)) else [axes] * len(value)
        return tuple(_place(v, a, results, size) for v, a in zip(value, each, strict=True))
    if leaves_in(value):  # a Tensor, an array, or a container of another kind
        return refilled(value, (wrap(_moved(array, mapped, axes)) for array, mapped in results))
    if axes is None:
        return value
    if isinstance(value, (int, float, Number)):
        return wrap(_moved(jnp.broadcast_to(to_array(value), (size,)), True, axes))
    raise (RuntimeError if value is None else TypeError)(
        f"The outputs of vmap's 'fn' should be consisting of tensors or constants, but got {value!r}."
    )


def _moved(array, mapped: bool, axis):
    if axis is None:
        if mapped:
            raise RuntimeError(
                "It is invalid that source is not None and dst is None: "
                "an output that depends on the slice needs an axis "
                "in vmap's 'out_axes'."
            )
        return array[0]
    return jnp.moveaxis(array, 0, _within("out_axes", axis, array.ndim))
