"""Functions of sparse arrays. Each is that of a dense array, done to the values alone: what is not there stays 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core.tensor import Tensor, raw, wrap
from msjax.core.trace import concrete
from msjax.ops.call.checks import check_range, one_dtype
from msjax.ops.sparse.tensors import COOTensor, CSRTensor, to_coo, to_csr
from msjax.ops.table import lookup, op, publish, publish_later

# -- of each value ---------------------------------------------------------------------------------------------------

OF_VALUES = (
    "abs acos acosh asin asinh atan atanh ceil cos cosh exp expm1 floor inv isfinite isinf isnan log log1p neg relu "
    "relu6 round sigmoid sin sinh softsign sqrt square tan tanh"
)
_DOC = """`ops.{name}` of each value; the places stay.

Args:
    x: a {kind}.

Returns:
    A {kind}.

Raises:
    TypeError: if x is not a {kind}.
"""


def _is(kind: type, what: str, **given) -> None:
    """Raise TypeError unless the values are of a kind."""
    for name, value in given.items():
        if not isinstance(value, kind):
            raise TypeError(f"For '{what}', '{name}' must be a {kind.__name__}, but got {type(value).__name__}.")


def _of_values(name: str, kind: type, face: str) -> Callable:
    dense = lookup("ops", name)

    def function(x):
        _is(kind, face, x=x)
        return x._with(dense(x.values))

    function.__name__ = function.__qualname__ = face
    function.__doc__, function.__module__ = _DOC.format(name=name, kind=kind.__name__), "msjax.ops"
    function.__annotations__ = {"x": kind, "return": kind}
    return function


for _name in OF_VALUES.split():
    for _prefix, _kind in (("coo", COOTensor), ("csr", CSRTensor)):
        _face = f"{_prefix}_{_name}"
        publish_later("ops", _face, partial(_of_values, _name, _kind, _face))


# -- of several ------------------------------------------------------------------------------------------------------


def coo_add(x1: COOTensor, x2: COOTensor, thresh: Tensor) -> COOTensor:
    """x1 + x2, without the values that are smaller than `thresh` in magnitude.

    Args:
        x1: a COOTensor.
        x2: another, of the same shape.
        thresh: a Tensor of shape ().

    Returns:
        A COOTensor, in the order of rows and columns.

    Raises:
        TypeError: for something else than COOTensors and a Tensor.
        ValueError: if the shapes differ, or `thresh` has axes.
    """
    _is(COOTensor, "coo_add", x1=x1, x2=x2)
    _is(Tensor, "coo_add", thresh=thresh)
    if x1.shape != x2.shape or thresh.ndim:
        raise ValueError(
            f"For 'coo_add', both must have one shape, and 'thresh' (), but got {x1.shape}, {x2.shape}, {thresh.shape}."
        )
    return x1.add(x2, thresh)


def coo_concat(sp_input: list[COOTensor] | tuple[COOTensor, ...], concat_dim: int = 0) -> COOTensor:
    """COOTensors one behind the other.

    Args:
        sp_input: two or more of them.
        concat_dim: along which axis; negative ones count from the end.

    Returns:
        A COOTensor, in the order of rows and columns.

    Raises:
        TypeError: for something else than COOTensors.
        ValueError: for less than two of them.
        RuntimeError: if there is no such axis, or if other axes differ.
    """
    if not isinstance(sp_input, (list, tuple)):
        raise TypeError(f"For 'coo_concat', 'sp_input' must be a tuple or list, but got {type(sp_input).__name__}.")
    for x in sp_input:
        _is(COOTensor, "coo_concat", sp_input=x)
    if len(sp_input) < 2:
        raise ValueError(f"For 'coo_concat', there must be two COOTensors or more, but got {len(sp_input)}.")
    first = sp_input[0]
    if not -first.ndim <= concat_dim < first.ndim:
        raise RuntimeError(f"For 'coo_concat', there is no axis {concat_dim} in the shape {first.shape}.")
    axis = concat_dim % first.ndim
    others = {x.shape[:axis] + x.shape[axis + 1 :] for x in sp_input}
    if len(others) > 1:
        raise RuntimeError(
            f"For 'coo_concat', shapes may differ along axis {axis} only: {[x.shape for x in sp_input]}."
        )
    starts = np.cumsum([0, *(x.shape[axis] for x in sp_input)])
    places = jnp.concatenate(
        [
            raw(x.indices).at[:, axis].add(raw(x.indices).dtype.type(start))
            for x, start in zip(sp_input, starts[:-1], strict=True)
        ]
    )
    order = jnp.lexsort(tuple(places.T)[::-1])
    values = jnp.concatenate([raw(x.values) for x in sp_input])
    shape = (*first.shape[:axis], int(starts[-1]), *first.shape[axis + 1 :])
    return COOTensor(wrap(places[order]), wrap(values[order]), shape)


def csr_add(a: CSRTensor, b: CSRTensor, alpha: Tensor, beta: Tensor) -> CSRTensor:
    """alpha * a + beta * b.

    Args:
        a: a CSRTensor.
        b: another, of the same shape.
        alpha: a Tensor, the factor of `a`.
        beta: a Tensor, the factor of `b`.

    Returns:
        A CSRTensor.

    Raises:
        TypeError: for something else than CSRTensors and Tensors.
    """
    _is(CSRTensor, "csr_add", a=a, b=b)
    _is(Tensor, "csr_add", alpha=alpha, beta=beta)
    return a.add(b, alpha, beta)


def csr_mm(
    a: CSRTensor,
    b: CSRTensor,
    trans_a: bool = False,
    trans_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
) -> CSRTensor:
    """The product of two sparse matrices.

    Args:
        a: a CSRTensor.
        b: another one.
        trans_a: whether `a` is transposed first.
        trans_b: whether `b` is.
        adjoint_a: whether `a` is transposed and conjugated first.
        adjoint_b: whether `b` is.

    Returns:
        A CSRTensor.

    Raises:
        TypeError: for something else than CSRTensors.
    """
    _is(CSRTensor, "csr_mm", a=a, b=b)
    left, right = (
        _turned(raw(x.to_dense()), transposed, adjoint)
        for x, transposed, adjoint in ((a, trans_a, adjoint_a), (b, trans_b, adjoint_b))
    )
    return to_csr(wrap(left @ right))


def _turned(matrix, transposed: bool, adjoint: bool):
    return matrix.conj().T if adjoint else matrix.T if transposed else matrix


def csr_softmax(logits: CSRTensor, dtype: Any = None) -> CSRTensor:
    """The softmax of the values of each row.

    Args:
        logits: a CSRTensor.
        dtype: accepted for compatibility, without effect.

    Returns:
        A CSRTensor.

    Raises:
        TypeError: if `logits` is not a CSRTensor.
    """
    _is(CSRTensor, "csr_softmax", logits=logits)
    values, rows, count = raw(logits.values), logits._rows(), logits.shape[0]
    exponentials = jnp.exp(values - jax.lax.stop_gradient(jax.ops.segment_max(values, rows, count))[rows])
    return logits._with(wrap(exponentials / jax.ops.segment_sum(exponentials, rows, count)[rows]))


# -- from one kind to another ----------------------------------------------------------------------------------------


def csr_to_coo(tensor: CSRTensor) -> COOTensor:
    """The same by coordinates.

    Args:
        tensor: a CSRTensor of two axes.

    Returns:
        A COOTensor.

    Raises:
        TypeError: if it is not a CSRTensor.
        ValueError: if there are not two axes.
    """
    _is(CSRTensor, "csr_to_coo", tensor=tensor)
    return tensor.to_coo()


def dense_to_sparse_coo(tensor: Tensor) -> COOTensor:
    """The elements of a matrix that are not 0, by row and column.

    Args:
        tensor: a Tensor of two axes.

    Returns:
        A COOTensor.

    Raises:
        TypeError: if it is not a Tensor.
        ValueError: if there are not two axes.
    """
    _check_matrix("dense_to_sparse_coo", tensor)
    return to_coo(tensor)


def dense_to_sparse_csr(tensor: Tensor) -> CSRTensor:
    """The elements of a matrix that are not 0, row by row.

    Args:
        tensor: a Tensor of two axes.

    Returns:
        A CSRTensor.

    Raises:
        TypeError: if it is not a Tensor.
        ValueError: if there are not two axes.
    """
    _check_matrix("dense_to_sparse_csr", tensor)
    return to_csr(tensor)


def _check_matrix(what: str, tensor) -> None:
    _is(Tensor, what, tensor=tensor)
    if tensor.ndim != 2:
        raise ValueError(f"For '{what}', 'tensor' must have 2 axes, but got the shape {tensor.shape}.")


publish("ops", **{f.__name__: f for f in (
    coo_add, coo_concat, csr_add, csr_mm, csr_softmax, csr_to_coo, dense_to_sparse_coo, dense_to_sparse_csr
)})  # fmt: skip

# -- what MindSpore has, but does not document: methods of the classes as functions --------------------------------

_METHODS = {
    CSRTensor: {
        "csr_to_dense": "to_dense", "csr_mv": "mv", "csr_reduce_sum": "sum", "csr_mul": "__mul__",
        "csr_div": "__truediv__", "csr_tensor_get_indptr": "indptr", "csr_tensor_get_indices": "indices",
        "csr_tensor_get_values": "values", "csr_tensor_get_dense_shape": "shape",
    },
    COOTensor: {
        "coo_tensor_get_indices": "indices", "coo_tensor_get_values": "values", "coo_tensor_get_dense_shape": "shape",
    },
}  # fmt: skip


def _as_function(kind: type, face: str, method: str) -> Callable:
    def function(x, *args):
        _is(kind, face, x=x)
        member = getattr(x, method)
        return member(*args) if callable(member) else member

    function.__name__ = function.__qualname__ = face
    function.__doc__, function.__module__ = f"`{kind.__name__}.{method}` as a function.", "msjax.ops"
    return function


for _kind, _faces in _METHODS.items():
    for _face, _method in _faces.items():
        publish_later("ops", _face, partial(_as_function, _kind, _face, _method))


# -- given by places and values --------------------------------------------------------------------------------------


def _check_placed(what: str, indices, values, shape) -> None:
    """Raise TypeError unless the places are integers, ValueError if shapes do not fit."""
    if indices.dtype not in (np.int32, np.int64):
        raise TypeError(f"For '{what}', 'indices' must be int32 or int64, but got {indices.dtype}.")
    if indices.ndim != 2 or len(shape) != indices.shape[1] or values.shape != indices.shape[:1]:
        raise ValueError(
            f"For '{what}', the shapes of indices {indices.shape} and values {values.shape} do not fit each other, "
            f"or a matrix of shape {shape}."
        )


def _check_within(_, indices, *values, sparse_shape, **__) -> None:
    """Raise ValueError unless all places are within the shape."""
    for axis, size in enumerate(sparse_shape):
        check_range(indices[:, axis], size, "SparseToDense", False, ValueError)


@op("ops.SparseToDense()(indices, values, sparse_shape)", kinds={"sparse_shape": "tuple"}, check=_check_within)
def sparse_to_dense(indices, values, *, sparse_shape) -> jax.Array:
    """The dense array of a sparse one; of several values at one place the last counts.

    Returns:
        A Tensor of the shape `sparse_shape`.

    Raises:
        TypeError: if the places are not integers.
        ValueError: if shapes do not fit, or a place is beyond the shape.
    """
    _check_placed("SparseToDense", indices, values, sparse_shape)
    return jnp.zeros(sparse_shape, values.dtype).at[tuple(indices.T)].set(values)


@op(
    "ops.SparseTensorDenseMatmul(adjoint_st=False, adjoint_dt=False)(indices, values, sparse_shape, dense)",
    kinds={"sparse_shape": "tuple"},
    check=_check_within,
)
def sparse_tensor_dense_matmul(
    indices, values, dense, *, sparse_shape, adjoint_st=False, adjoint_dt=False
) -> jax.Array:
    """The product of a sparse matrix and a dense one, both of which may be transposed first.

    Returns:
        A Tensor.

    Raises:
        TypeError: if the places are not integers, or if the dtypes differ.
        ValueError: if shapes do not fit.
    """
    _check_placed("SparseTensorDenseMatmul", indices, values, sparse_shape)
    if values.dtype != dense.dtype:
        raise TypeError(
            f"For 'SparseTensorDenseMatmul', both must have one dtype, but got {values.dtype} and {dense.dtype}."
        )
    rows, columns = (indices.T)[::-1] if adjoint_st else indices.T
    size, inner = sparse_shape[::-1] if adjoint_st else sparse_shape
    values, dense = values.conj() if adjoint_st else values, dense.conj().T if adjoint_dt else dense
    if dense.ndim != 2 or dense.shape[0] != inner:
        raise ValueError(
            f"For 'SparseTensorDenseMatmul', a matrix of shape {(size, inner)} can not be multiplied with one of shape "
            f"{dense.shape}."
        )
    return jax.ops.segment_sum(values[:, None] * dense[columns], rows, size)


@op(
    "ops.SparseTensorDenseAdd()(x1_indices: indices, x1_values: values, x1_shape: sparse_shape, x2: dense)",
    kinds={"sparse_shape": "tuple"},
    check=_check_within,
)
def sparse_tensor_dense_add(indices, values, dense, *, sparse_shape) -> jax.Array:
    """The sum of a sparse matrix and a dense one; several values at one place are added.

    Args:
        sparse_shape: the shape of both.

    Returns:
        A Tensor.

    Raises:
        TypeError: if the places are not integers, or if the dtypes differ.
        ValueError: if shapes do not fit, or a place is beyond the shape.
    """
    _check_placed("SparseTensorDenseAdd", indices, values, sparse_shape)
    one_dtype("SparseTensorDenseAdd", values, dense)
    if dense.shape != tuple(sparse_shape):
        raise ValueError(f"For 'SparseTensorDenseAdd', the shapes {sparse_shape} and {dense.shape} differ.")
    return dense.at[tuple(indices.T)].add(values)


@op(
    "ops.coalesce(x_indices: indices, x_values: values, x_shape: sparse_shape)",
    "ops.Coalesce()(x_indices: indices, x_values: values, x_shape: sparse_shape)",
    jit=False,
)
def coalesce(indices, values, sparse_shape) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The places of a sparse array in order, each once, with the sums of their values.

    Args:
        indices: the places, integers (axes, n).
        values: their values, (n,).
        sparse_shape: the array's shape, (axes,).

    Returns:
        A tuple of three Tensors: places, an axis of coordinates first; values; the shape.

    Raises:
        ValueError: if a place is beyond the shape.
    """
    shape = tuple(int(size) for size in concrete(sparse_shape))
    for coordinates, size in zip(indices, shape, strict=True):
        check_range(coordinates, size, "Coalesce", False, ValueError)
    flat = np.ravel_multi_index(tuple(np.asarray(concrete(indices))), shape)
    places, group = np.unique(flat, return_inverse=True)
    found = np.stack(np.unravel_index(places, shape))
    return jnp.asarray(found, indices.dtype), jax.ops.segment_sum(values, group, len(places)), sparse_shape
