"""Sparse arrays as tuples of Tensors: COOTensor, CSRTensor, RowTensor. Gradients reach their values."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax import log
from msjax.core import dtype as mstype
from msjax.core.tensor import Tensor, raw, to_array, wrap
from msjax.ops.table import publish


class _Sparse:
    """What the kinds share: some Tensors, the last of which holds the values, and the dense shape."""

    __slots__ = ("_parts", "_shape")
    _names: tuple[str, ...]

    def __init_subclass__(cls):
        jax.tree_util.register_pytree_node(cls, lambda s: (s._parts, s._shape), cls._make_of)

    @classmethod
    def _make_of(cls, shape, parts):
        made = object.__new__(cls)
        made._parts, made._shape = tuple(parts), shape
        return made

    def _set(self, shape, *parts) -> None:
        kind = type(self).__name__
        for name, part in zip(self._names, parts, strict=True):
            if not isinstance(part, Tensor):
                raise TypeError(f"For {kind}, '{name}' must be Tensor, but got {type(part)}.")
        if not isinstance(shape, tuple):
            raise TypeError(f"For {kind}, 'shape' must be tuple, but got {type(shape)}.")
        for size in shape:
            if not isinstance(size, int):
                raise TypeError(f"For {kind}, the element type of 'shape' must be int, but got {type(size)}")
            if size <= 0:
                raise ValueError(f"For {kind}, the element of 'shape' must be positive, but got {size} in {shape}.")
        self._parts, self._shape = parts, shape

    def _copy_of(self, other, name: str, given) -> None:
        if any(part is not None for part in given):
            raise TypeError(f"If input `{name}` is provided, {', '.join(self._names)} and shape should all be `None`")
        if not isinstance(other, type(self)):
            raise TypeError(f"'{name}' must be a {type(self).__name__}, but got {type(other)}.")
        self._parts, self._shape = other._parts, other._shape

    def _with(self, values: Tensor):
        """The same places with other values."""
        return self._make_of(self._shape, (*self._parts[:-1], values))

    @property
    def values(self) -> Tensor:
        return self._parts[-1]

    @property
    def shape(self) -> tuple[int, ...]:
        return self._shape

    @property
    def dtype(self) -> mstype.DType:
        return self.values.dtype

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.values.size

    @property
    def itemsize(self) -> int:
        return self.values.itemsize

    @property
    def ndim(self) -> int:
        return len(self._shape)

    def to_tuple(self) -> tuple:
        """(the Tensors, and at last the shape)."""
        return (*self._parts, self._shape)

    def abs(self):
        """The same with absolute values."""
        return self._with(wrap(jnp.abs(raw(self.values))))

    def astype(self, dtype):
        """The same with values of another dtype."""
        return self._with(wrap(raw(self.values).astype(mstype.element_type(dtype))))

    def to_dense(self) -> Tensor:
        """The Tensor; values at the same place are added."""
        return wrap(jnp.zeros(self._shape, raw(self.values).dtype).at[self._places()].add(raw(self.values)))

    def _places(self) -> tuple:
        """An index of the dense array for each value."""
        raise NotImplementedError

    def _at(self, dense):
        """The elements of a dense array, or of what broadcasts to the shape, at the places of the values."""
        return jnp.broadcast_to(to_array(dense), self._shape)[self._places()]

    def __neg__(self):
        return self._with(wrap(-raw(self.values)))

    def __jax_array__(self):
        return raw(self.to_dense())

    def __mul__(self, other):
        return self._changed(jnp.multiply, other)

    def __truediv__(self, other):
        return self._changed(jnp.true_divide, other)

    def _changed(self, operation, other):
        """The same with each value combined with the element of a dense `other` at its place."""
        if isinstance(other, _Sparse):
            raise TypeError(f"{type(self).__name__} times or divided by {type(other).__name__} is not supported.")
        values = raw(self.values)
        return self._with(wrap(operation(values, self._at(other).astype(values.dtype))))

    def __repr__(self) -> str:
        parts = ", ".join(f"{n}={_plain(p)}" for n, p in zip(self._names, self._parts, strict=True))
        return f"{type(self).__name__}(shape={list(self._shape)}, dtype={self.dtype}, {parts})"


def _plain(tensor: Tensor) -> str:
    """As `repr`, without commas among the elements."""
    head, _, values = repr(tensor).partition("value=")
    return f"{head}value={values.lstrip(' ').replace(',', '')}"


class COOTensor(_Sparse):
    """A sparse array by coordinates.

    Args:
        indices: an integer Tensor (n, axes), the place of each value.
        values: a Tensor (n,).
        shape: the dense shape, a tuple of two or more.
        coo_tensor: a COOTensor to share the Tensors of, instead.

    Raises:
        TypeError, ValueError: if types or shapes do not fit.

    Example:
        >>> x = ms.COOTensor(Tensor([[0, 1], [1, 0]]), Tensor([1.0, 2.0]), (2, 2))
        >>> print(x.to_dense())
        [[0. 1.]
         [2. 0.]]
    """

    __slots__ = ()
    _names = ("indices", "values")

    def __init__(self, indices: Any = None, values: Any = None, shape: Any = None, coo_tensor=None):
        if coo_tensor is not None:
            self._copy_of(coo_tensor, "coo_tensor", (indices, values, shape))
            return
        self._set(shape, indices, values)
        if indices.ndim != 2:
            raise ValueError(
                f"For COOTensor, 'indices' must be a 2-dimensional tensor, but got a {indices.ndim}-dimensional tensor."
            )
        if values.ndim != 1:
            raise ValueError(
                f"For COOTensor, 'values' must be a 1-dimensional tensor, but got a {values.ndim}-dimensional tensor."
            )
        if indices.shape[0] != values.shape[0]:
            raise ValueError(
                "For COOTensor, 'indices.shape[0]' must be equal to 'values.shape[0]', but got 'indices.shape[0]' = "
                f"{indices.shape[0]} and 'values.shape[0]' = {values.shape[0]}."
            )
        if len(shape) != indices.shape[1]:
            raise ValueError(f"For COOTensor, the length of 'shape' must be {indices.shape[1]}, but got {shape}.")
        if indices.dtype not in (mstype.int16, mstype.int32, mstype.int64):
            raise TypeError(f"For COOTensor, 'indices' must be int16, int32 or int64, but got {indices.dtype}.")

    @property
    def indices(self) -> Tensor:
        return self._parts[0]

    def _places(self) -> tuple:
        return tuple(raw(self.indices).T)

    def coalesce(self) -> COOTensor:
        """The same in order of places, each place once; values at the same place are added."""
        unique, group = np.unique(self._flat_places(), return_inverse=True)
        values = jax.ops.segment_sum(raw(self.values), group, len(unique))
        indices = np.stack(np.unravel_index(unique, self._shape), axis=1)
        return COOTensor(wrap(jnp.asarray(indices, raw(self.indices).dtype)), wrap(values), self._shape)

    def to_csr(self) -> CSRTensor:
        """By compressed rows; of two axes only.

        Raises:
            ValueError: if there are not two axes.
        """
        if self.ndim != 2:
            raise ValueError(f"Currently only support 2-D tensor when converting to CSRTensor, but got {self.ndim}-D.")
        rows, columns = raw(self.indices).T
        order = jnp.lexsort((columns, rows))
        counts = jnp.bincount(rows, length=self._shape[0])
        indptr = jnp.concatenate([jnp.zeros(1, rows.dtype), jnp.cumsum(counts).astype(rows.dtype)])
        return CSRTensor(wrap(indptr), wrap(columns[order]), wrap(raw(self.values)[order]), self._shape)

    def add(self, other: COOTensor, thresh: Tensor) -> COOTensor:
        """The sum, in order of places. At places that both have, sums that are smaller than `thresh` in magnitude are
        left out."""
        total = COOTensor(
            wrap(jnp.concatenate([raw(self.indices), raw(other.indices)])),
            wrap(jnp.concatenate([raw(self.values), raw(other.values)])),
            self._shape,
        ).coalesce()
        mine, theirs, places = (x._flat_places() for x in (self, other, total))
        small = np.abs(total.values.asnumpy()) < thresh.asnumpy()
        keep = ~(small & np.isin(places, mine) & np.isin(places, theirs))
        return COOTensor(wrap(raw(total.indices)[keep]), wrap(raw(total.values)[keep]), self._shape)

    def _flat_places(self) -> np.ndarray:
        return np.asarray(np.ravel_multi_index(tuple(self.indices.asnumpy().T), self._shape))

    def __add__(self, other):
        if isinstance(other, COOTensor):
            return self.add(other, Tensor(0, self.dtype))
        return wrap(raw(self.to_dense()) + to_array(other))

    def __sub__(self, other):
        if isinstance(other, COOTensor):
            return self + -other
        return wrap(raw(self.to_dense()) - to_array(other))


class CSRTensor(_Sparse):
    """A sparse array by compressed rows.

    Args:
        indptr: an integer Tensor (rows + 1,): where the values of each row begin.
        indices: an integer Tensor (n,): the column of each value.
        values: a Tensor (n, ...).
        shape: the dense shape, a tuple.
        csr_tensor: a CSRTensor to share the Tensors of, instead.

    Raises:
        TypeError, ValueError: if types or shapes do not fit.

    Example:
        >>> x = ms.CSRTensor(Tensor([0, 1, 2]), Tensor([1, 0]), Tensor([1.0, 2.0]), (2, 2))
        >>> x.mv(Tensor([[1.0], [10.0]]))
        Tensor(shape=[2, 1], dtype=Float32, value=
        [[ 1.00000000e+01],
         [ 2.00000000e+00]])
    """

    __slots__ = ()
    _names = ("indptr", "indices", "values")

    def __init__(self, indptr: Any = None, indices: Any = None, values: Any = None, shape: Any = None, csr_tensor=None):
        if csr_tensor is not None:
            self._copy_of(csr_tensor, "csr_tensor", (indptr, indices, values, shape))
            return
        self._set(shape, indptr, indices, values)
        for name, part in (("indptr", indptr), ("indices", indices)):
            if part.dtype not in (mstype.int16, mstype.int32, mstype.int64):
                raise TypeError(
                    f"For CSRTensor, {name} must have int16 or int32 or int64 data type, but got {part.dtype}."
                )
        if indptr.shape != (shape[0] + 1,):
            raise ValueError(f"For CSRTensor, indptr must have length (1 + shape[0]), but got: {indptr.shape[0]}")
        if indices.shape[0] != values.shape[0]:
            raise ValueError(
                "For CSRTensor, indices and values must equal in their shape, but got indices shape: "
                f"{indices.shape[0]}, values shape: {values.shape[0]}."
            )
        if values.ndim != len(shape) - 1:
            raise ValueError(
                "Values' dimension should equal to CSRTensor's dimension - 1, but got "
                f"Values' dimension: {values.ndim}, CSRTensor's dimension: {len(shape)}"
            )

    @property
    def indptr(self) -> Tensor:
        return self._parts[0]

    @property
    def indices(self) -> Tensor:
        return self._parts[1]

    def _places(self) -> tuple:
        return self._rows(), raw(self.indices)

    def _rows(self):
        starts = raw(self.indptr)
        return jnp.searchsorted(starts, jnp.arange(self.indices.shape[0]), side="right").astype(starts.dtype) - 1

    def to_coo(self) -> COOTensor:
        """By coordinates; of two axes only.

        Raises:
            ValueError: if there are not two axes.
        """
        if self.ndim != 2:
            raise ValueError(
                f"Currently only support 2-D CSRTensor when converting to COOTensor, but got {self.ndim}-D."
            )
        return COOTensor(wrap(jnp.stack(self._places(), axis=1)), self.values, self._shape)

    def mm(self, matrix) -> Any:
        """The product with a dense matrix, a Tensor, or with another CSRTensor, which gives a CSRTensor."""
        if isinstance(matrix, CSRTensor):
            return to_csr(wrap(raw(self.to_dense()) @ raw(matrix.to_dense())))
        products = raw(self.values)[:, None] * raw(matrix)[raw(self.indices)]
        return wrap(jax.ops.segment_sum(products, self._rows(), self._shape[0], indices_are_sorted=True))

    def mv(self, dense_vector: Tensor) -> Tensor:
        """The product with a dense column, a Tensor (columns, 1)."""
        return self.mm(dense_vector)

    def sum(self, axis: int) -> Tensor:
        """The sums of the rows, a Tensor (rows, 1).

        Raises:
            ValueError: if `axis` is not 1 or -1.
        """
        if axis not in (1, 1 - self.ndim):
            raise ValueError(f"For CSRTensor.sum, `axis` should be 1 or {1 - self.ndim}, but got {axis}.")
        totals = jax.ops.segment_sum(raw(self.values), self._rows(), self._shape[0], indices_are_sorted=True)
        return wrap(totals[:, None])

    def add(self, b: CSRTensor, alpha: Tensor, beta: Tensor) -> CSRTensor:
        """`alpha * self + beta * b`."""
        mine, theirs = self.to_coo(), b.to_coo()
        total = COOTensor(
            wrap(jnp.concatenate([raw(mine.indices), raw(theirs.indices)])),
            wrap(jnp.concatenate([raw(alpha) * raw(mine.values), raw(beta) * raw(theirs.values)])),
            self._shape,
        )
        return total.coalesce().to_csr()

    def __add__(self, other):
        one = Tensor(1, self.dtype)
        return self.add(other, one, one)

    def __sub__(self, other):
        return self.add(other, Tensor(1, self.dtype), Tensor(-1, self.dtype))

    def _changed(self, operation, other):
        changed = super()._changed(operation, other)
        return changed if isinstance(other, Tensor) else changed.values  # of a number, MindSpore gives the values alone


def to_csr(dense: Tensor) -> CSRTensor:
    """The elements of a matrix that are not 0, row by row.

    Returns:
        A CSRTensor.
    """
    places = np.argwhere(dense.asnumpy() != 0)
    return COOTensor(wrap(jnp.asarray(places, jnp.int32)), wrap(raw(dense)[tuple(places.T)]), dense.shape).to_csr()


class RowTensor(_Sparse):
    """Some rows of an array.

    Args:
        indices: an integer Tensor (n,): which rows.
        values: a Tensor (n, ...): the rows.
        shape: the dense shape, a tuple.
        row_tensor: a RowTensor to share the Tensors of, instead.

    Raises:
        TypeError, ValueError: if types or shapes do not fit.

    Example:
        >>> ms.RowTensor(Tensor([1]), Tensor([[1.0, 2.0]]), (3, 2)).dense_shape
        (3, 2)
    """

    __slots__ = ()
    _names = ("indices", "values")

    def __init__(self, indices: Any = None, values: Any = None, shape: Any = None, row_tensor=None):
        if row_tensor is not None:
            self._copy_of(row_tensor, "row_tensor", (indices, values, shape))
            return
        self._set(shape, indices, values)
        if values.shape[1:] != shape[1:] or indices.shape != values.shape[:1]:
            raise ValueError(
                f"For RowTensor, {indices.shape} indices and {values.shape} values do not fit the shape {shape}."
            )

    @property
    def indices(self) -> Tensor:
        return self._parts[0]

    @property
    def dense_shape(self) -> tuple[int, ...]:
        return self._shape

    def _places(self) -> tuple:
        return (raw(self.indices),)


class SparseTensor(COOTensor):
    """The former name of COOTensor.

    Args:
        indices: of shape (n, axes), one row for each element that is there.
        values: of shape (n,).
        shape: a tuple of ints.
    """

    __slots__ = ()

    def __init__(self, indices, values, shape):
        log.warning("'SparseTensor' is deprecated; use 'COOTensor' instead.")
        super().__init__(indices, values, shape)


__all__ = ["COOTensor", "CSRTensor", "RowTensor", "SparseTensor"]


def to_coo(dense: Tensor) -> COOTensor:
    """The elements of a matrix that are not 0, by row and column.

    Returns:
        A COOTensor.
    """
    return to_csr(dense).to_coo()


publish("Tensor", to_csr=to_csr, to_coo=to_coo)
