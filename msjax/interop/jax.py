"""msjax for programs of JAX: functions of arrays made of functions of Tensors and of Cells."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np

from msjax.core.kinds import check
from msjax.core.tensor import Tensor, is_tensor, raw
from msjax.interop.keys import words_given
from msjax.nn.cell import Cell
from msjax.nn.pure import lend


def _is_array(value) -> bool:
    return isinstance(value, (jax.Array, np.ndarray))


def _is_ours(value) -> bool:
    return isinstance(value, (Tensor, Cell))


def to_arrays(tree: Any) -> Any:
    """A tree with the Tensors in it replaced by their arrays; Cells stay.

    Args:
        tree: a tree of JAX: nested tuples, lists, dicts and the like.

    Returns:
        The like, with arrays.

    Example:
        >>> ms.interop.jax.to_arrays({"x": Tensor([1.0])})
        {'x': Array([1.], dtype=float32)}
    """
    return jax.tree.map(raw, tree, is_leaf=_is_ours)


def array_function(function: Callable) -> Callable:
    """`function` of Tensors as a function of arrays.

    Arrays among the arguments, at any depth, reach `function` as Tensors, and Tensors in its result come out as arrays.
    That is what `jax.grad` and `jax.hessian` need, which differentiate functions whose result is an array. Called with
    Tensors, it is `function` itself.

    Args:
        function: a function of Tensors, or a Cell.

    Returns:
        The function of arrays.

    Example:
        >>> import jax
        >>> square = ms.interop.jax.array_function(lambda x: ops.square(x).sum())
        >>> jax.grad(square)(np.array([1.0, 2.0], np.float32))
        Array([2., 4.], dtype=float32)
    """

    @functools.wraps(function)
    def on_arrays(*args, **kwargs):
        leaves, tree = jax.tree.flatten((args, kwargs), is_leaf=_is_ours)
        if any(map(is_tensor, leaves)) or not any(map(_is_array, leaves)):
            return function(*args, **kwargs)
        args, kwargs = jax.tree.unflatten(tree, [Tensor(v) if _is_array(v) else v for v in leaves])
        return to_arrays(function(*args, **kwargs))

    return on_arrays


def to_function(cell: Cell) -> tuple[dict, Callable]:
    """A Cell as parameters and a pure function of them, for JAX's own transforms.

    Args:
        cell: the Cell.

    Returns:
        (params, apply): `params` are the arrays of the Parameters that are trained, by path. `apply(params, *inputs)`
        is what the Cell answers to `inputs`, with arrays in place of Tensors, and changes nothing. It also takes

        - `train`: True or False to override the Cell's own mode;
        - `rng`: a key of `jax.random`, from which dropout and its kin draw;
        - `state`: arrays of the other Parameters and the buffers, by path, as in `apply.state`. With it, the answer is
          (outputs, new state), which holds the moving statistics. Without it they are those of the Cell.

    Raises:
        TypeError: if `cell` is no Cell; from `apply`, if `params` or `state` is no dictionary, or `rng` no key.
        ValueError: from `apply`, if an array is missing, unknown, or of another shape.

    Example:
        >>> import jax
        >>> params, apply = ms.interop.jax.to_function(nn.Dense(2, 3))
        >>> jax.jit(apply)(params, np.ones((4, 2), np.float32)).shape
        (4, 3)
    """
    check("to_function", "cell", cell, "Cell")
    trained = {path: p for path, p in cell.parameters_and_names() if p.requires_grad}
    rest = {path: p for path, p in cell.parameters_and_names() if not p.requires_grad} | dict(cell.named_buffers())

    def apply(params, *inputs, state=None, rng=None, train=None, **kwargs):
        arrays = [*_taken("params", trained, params), *_taken("state", rest, apply.state if state is None else state)]
        run = functools.partial(in_mode, cell, train, inputs, kwargs)
        outputs, after = lend([*trained.values(), *rest.values()], arrays, run, words_given(rng))
        return outputs if state is None else (outputs, dict(zip(rest, after[len(trained) :], strict=True)))

    apply.state = {path: raw(h) for path, h in rest.items()}  # type: ignore[attr-defined]
    return {path: raw(p) for path, p in trained.items()}, apply


def _taken(what: str, wanted: dict, arrays) -> list:
    """The arrays of a dictionary in the order of `wanted`."""
    if not isinstance(arrays, Mapping):
        raise TypeError(f"'{what}' must be a dictionary of arrays, but got {type(arrays).__name__}.")
    missing, unknown = [n for n in wanted if n not in arrays], [n for n in arrays if n not in wanted]
    if missing or unknown:
        raise ValueError(f"'{what}' must hold an array for each of {list(wanted)}: {missing=}, {unknown=}.")
    for name, handle in wanted.items():
        if tuple(np.shape(arrays[name])) != tuple(handle.shape):
            raise ValueError(
                f"'{what}' must hold an array of shape {tuple(handle.shape)} for {name!r}, "
                f"but got shape {np.shape(arrays[name])}."
            )
    return [arrays[name] for name in wanted]


def in_mode(cell: Cell, train: bool | None, inputs: tuple, kwargs: dict) -> Any:
    """Call a Cell in a mode for training or not.

    Args:
        cell: the Cell.
        train: whether in that for training; None for the Cell's own.
        inputs, kwargs: its arguments, with arrays or Tensors.

    Returns:
        What the Cell gives, with arrays if there were arrays.
    """
    modes = [(c, c.training) for _, c in cell.cells_and_names()]
    try:
        for c, _ in modes if train is not None else ():
            c.__dict__["training"] = train
        return array_function(cell)(*inputs, **kwargs)
    finally:
        for c, mode in modes:
            c.__dict__["training"] = mode
