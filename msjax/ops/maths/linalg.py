"""Products of vectors and matrices, and their norms."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.arguments import dtype_of
from msjax.ops.call.checks import one_dtype
from msjax.ops.call.promotion import array, axes_in, axis_in, cast, check_broadcast, inexact, inexact_pair, pair, single
from msjax.ops.maths.decomposition import singular_values
from msjax.ops.maths.division import divide, truncate_divide, whole
from msjax.ops.maths.rules import largest, p_norm, smallest
from msjax.ops.table import op

# -- products --------------------------------------------------------------------------------------------------------


def factors(x, y, what: str) -> tuple[jax.Array, jax.Array]:
    """Both factors, which must be of one dtype.

    Raises:
        TypeError: if one is a number, or the dtypes differ.
    """
    x, y = array(x), array(y)
    if getattr(x, "weak_type", False) or getattr(y, "weak_type", False):
        raise TypeError(f"For '{what}', both inputs must be Tensors; multiply by a number with *.")
    one_dtype(what, x, y)
    return x, y


def of_rank(x, rank: int, what: str):
    """`x`, if it has `rank` axes; else a ValueError."""
    x = array(x)
    if x.ndim != rank:
        raise ValueError(f"For '{what}', the input must have {rank} axes, but got shape {x.shape}.")
    return x


@op(
    "ops.matmul(input, other)",
    "Tensor.matmul(tensor2)",
    "Tensor.__matmul__(other)",
    "Tensor.__rmatmul__(other: x)",
    "mint.matmul(input, other)",
    "numpy.matmul(x1, x2, dtype=None)",
)
def matmul(x, y):
    """The matrix product, of batches of matrices if there are more than two axes; a vector is a row or column.

    Raises:
        TypeError: if the dtypes differ.
        ValueError: if an input has no axes, or the length of a vector does not fit.
        RuntimeError: if the sizes of the matrices do not fit.
    """
    x, y = factors(x, y, "matmul")
    if not x.ndim or not y.ndim:
        raise ValueError(f"For 'matmul', both inputs need at least one axis, but got shapes {x.shape} and {y.shape}.")
    if x.shape[-1] != y.shape[max(y.ndim - 2, 0)]:
        kind = RuntimeError if min(x.ndim, y.ndim) > 1 else ValueError
        raise kind(f"For 'matmul', columns and rows must be equally many, but the shapes are {x.shape} and {y.shape}.")
    return jnp.matmul(x, y)


def _product(x, y, transpose_a, transpose_b, what: str):
    x, y = factors(x, y, what)
    x = jnp.swapaxes(x, -1, -2) if transpose_a else x
    y = jnp.swapaxes(y, -1, -2) if transpose_b else y
    if x.shape[-1] != y.shape[-2]:
        raise ValueError(f"For '{what}', columns and rows must be equally many, but got {x.shape} and {y.shape}.")
    return jnp.matmul(x, y)


@op("ops.MatMul(transpose_a=False, transpose_b=False)(input, mat2)", "ops.mm(input, mat2)", "Tensor.mm(mat2)",
    "mint.mm(input, mat2)")  # fmt: skip
def mm(x, y, *, transpose_a=False, transpose_b=False):
    """The product of two matrices.

    Raises:
        ValueError: if one is no matrix, or the sizes do not fit.
    """
    return _product(of_rank(x, 2, "mm"), of_rank(y, 2, "mm"), transpose_a, transpose_b, "mm")


@op("ops.BatchMatMul(transpose_a=False, transpose_b=False)(x, y)", "ops.bmm(input_x, mat2)", "Tensor.bmm(mat2)",
    "mint.bmm(input, mat2)")  # fmt: skip
def bmm(x, y, *, transpose_a=False, transpose_b=False):
    """The products of two batches of matrices."""
    return _product(x, y, transpose_a, transpose_b, "bmm")


@op("ops.mv(mat, vec)", "mint.mv(input, vec)")
def mv(x, y):
    """The product of a matrix and a vector."""
    return matmul(of_rank(x, 2, "mv"), of_rank(y, 1, "mv"))


@op("ops.dot(input, other)")
def dot_of_matrices(x, y):
    """The sum of products over the last axis of `input` and the last but one of `other`; both need two axes or more."""
    x, y = factors(x, y, "dot")
    if min(x.ndim, y.ndim) < 2:
        raise ValueError(f"For 'dot', both inputs need at least 2 axes, but got shapes {x.shape} and {y.shape}.")
    return dot(x, y)


@op("Tensor.dot(other)", "mint.dot(input, other)", "numpy.dot(a, b)")
def dot(x, y):
    """The sum of products over the last axis of the first and the last but one (or only) axis of the second."""
    x, y = factors(x, y, "dot")
    if x.ndim and y.ndim and x.shape[-1] != y.shape[max(y.ndim - 2, 0)]:
        raise ValueError(f"For 'dot', the axes to be summed over differ in length: {x.shape} and {y.shape}.")
    return jnp.dot(x, y)


@op("ops.inner(input, other)", "Tensor.inner(other)", "numpy.inner(a, b)")
def inner(x, y):
    """The sum of products over the last axes."""
    x, y = array(x), array(y)
    one_dtype("inner", x, y)
    if x.ndim and y.ndim and x.shape[-1] != y.shape[-1]:
        raise ValueError(f"For 'inner', the last axes must be equally long, but got shapes {x.shape} and {y.shape}.")
    return jnp.inner(x, y)


def pair_of_arrays(x, y):
    """Both in their common dtype, whatever their shapes."""
    x, y = array(x), array(y)
    dtype = jnp.result_type(x, y)
    return x.astype(dtype), y.astype(dtype)


@op("ops.outer(input, vec2)", "Tensor.outer(vec2)", "mint.outer(input, vec2)")
def outer(x, y):
    """All products of an element of the flattened first and one of the second."""
    x, y = pair_of_arrays(x, y)
    check_broadcast((x.size, 1), y.shape)
    return x.reshape(-1, 1) * y


@op("numpy.outer(a, b)", name="outer")
def outer_of_flat(x, y):
    """All products of an element of the flattened first and one of the flattened second."""
    return jnp.outer(*pair_of_arrays(x, y))


@op("ops.ger(input, vec2)", "ops.Ger()(x1, x2)", "Tensor.ger(vec2)")
def ger(x, y):
    """The outer product of two vectors of one dtype."""
    x, y = of_rank(x, 1, "ger"), of_rank(y, 1, "ger")
    one_dtype("ger", x, y)
    return outer(x, y)


@op("ops.tensor_dot(x1, x2, axes)", "numpy.tensordot(a, b, axes=2)")
def tensor_dot(x, y, *, axes=2):
    """The sum of products over `axes`: the last n and first n for an int, or a pair of lists of axes."""
    x, y = factors(x, y, "tensor_dot")
    if isinstance(axes, int):
        axes = (tuple(range(x.ndim - axes, x.ndim)), tuple(range(axes)))
    first, second = ((a,) if isinstance(a, int) else tuple(a) for a in axes)
    if [x.shape[a] for a in first] != [y.shape[a] for a in second]:
        raise ValueError(f"For 'tensor_dot', axes {first} of {x.shape} and {second} of {y.shape} differ in length.")
    return jnp.tensordot(x, y, (first, second))


@op("ops.batch_dot(x1, x2, axes=None)")
def batch_dot(x, y, *, axes=None):
    """For each element of the first axis, the sum of products over one axis of each input."""
    x, y = factors(x, y, "batch_dot")
    if axes is None:
        axes = (x.ndim - 1, max(y.ndim - 2, 1))
    first, second = (axes, axes) if isinstance(axes, int) else axes
    first, second = axis_in(first, x.ndim), axis_in(second, y.ndim)
    if x.shape[0] != y.shape[0] or x.shape[first] != y.shape[second]:
        raise ValueError(f"For 'batch_dot', axes 0 and {first} of {x.shape} do not fit 0 and {second} of {y.shape}.")
    result = jax.lax.dot_general(x, y, (((first,), (second,)), ((0,), (0,))))
    return result[:, None] if result.ndim == 1 else result


@op("ops.kron(input, other)", "numpy.kron(a, b)")
def kron(x, y):
    """The Kronecker product."""
    return jnp.kron(*pair_of_arrays(x, y))


@op("ops.vecdot(x, y, *, axis=-1)", "mint.linalg.vecdot(x, y, *, dim=-1)")
def vecdot(x, y, *, axis=-1):
    """The sum over `axis` of conj(x) * y."""
    x, y = pair(x, y)
    product = jnp.conj(x) * y
    return jnp.sum(product, axis_in(axis, product.ndim), dtype=x.dtype)


def _cross(x, y, dim):
    first = array(x).dtype
    x, y = pair(x, y)
    if dim is None:
        shape = np.broadcast_shapes(x.shape, y.shape)
        dim = next((a for a, size in enumerate(shape) if size == 3), -1)
    x, y = jnp.broadcast_arrays(x, y)
    dim = axis_in(dim, x.ndim, "dim")
    if x.shape[dim] != 3:
        raise ValueError(f"For 'cross', axis {dim} must be of length 3, but the shape is {x.shape}.")
    product = jnp.cross(x, y, axis=dim)
    return product.astype(first) if jnp.issubdtype(first, jnp.inexact) else product


@op("ops.cross(input, other, dim=None)", "mint.cross(input, other, dim=None)", "Tensor.cross(other, dim=None)")
def cross(x, y, *, dim=None):
    """The vector product along `dim`, by default the first axis of length 3."""
    return _cross(x, y, dim)


@op("ops.Cross(dim=-65530)(input, other)")
def cross_primitive(x, y, *, dim=-65530):
    """The vector product along `dim`, by default the first axis of length 3."""
    return _cross(x, y, None if dim == -65530 else dim)


@op("numpy.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)")
def cross_of_vectors(x, y, *, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """The vector product of vectors of 2 or 3 components."""
    return jnp.cross(*pair_of_arrays(x, y), axisa, axisb, axisc, axis)


@op("numpy.multi_dot(arrays)")
def multi_dot(arrays):
    """The product of several matrices, in the cheapest order."""
    return jnp.linalg.multi_dot(arrays)


@op("ops.cov(input, *, correction=1, fweights=None, aweights=None)",
    "Tensor.cov(*, correction=1, fweights=None, aweights=None)")  # fmt: skip
def cov(x, fweights=None, aweights=None, *, correction=1):
    """The covariances of variables in rows, observed in columns."""
    return jnp.cov(single(x), ddof=correction, fweights=fweights, aweights=aweights)


@op("numpy.cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, dtype=None)")
def cov_of_variables(x, y=None, fweights=None, aweights=None, *, rowvar=True, bias=False, ddof=None, dtype=None):
    """The covariances of variables in rows (columns if not `rowvar`)."""
    x, y = single(_float(x, dtype)), None if y is None else single(_float(y, dtype))
    found = jnp.cov(x, y, rowvar, bool(bias), ddof, fweights, aweights)
    return found if dtype is None else found.astype(dtype_of(dtype))


@op("numpy.corrcoef(x, y=None, rowvar=True, dtype=None)")
def corrcoef(x, y=None, *, rowvar=True, dtype=None):
    """Pearson's correlation coefficients of variables in rows (columns if not `rowvar`)."""
    x, y = single(_float(x, dtype)), None if y is None else single(_float(y, dtype))
    found = jnp.corrcoef(x, y, rowvar)
    return found if dtype is None else found.astype(dtype_of(dtype))


@op("numpy.convolve(a, v, mode='full')")
def convolve(x, y, *, mode="full"):
    """The discrete convolution of two vectors; `mode` is "full", "same" or "valid"."""
    x, y = pair_of_arrays(x, y)
    return jnp.convolve(jnp.atleast_1d(x), jnp.atleast_1d(y), mode)


@op("numpy.correlate(a, v, mode='valid')")
def correlate(x, y, *, mode="valid"):
    """The cross-correlation of two vectors; `mode` is "full", "same" or "valid"."""
    return jnp.correlate(*pair_of_arrays(x, y), mode)


@op("ops.adjoint(x)", "Tensor.adjoint()")
def adjoint(x):
    """The conjugate transposes of matrices."""
    return jnp.conj(jnp.swapaxes(array(x), -1, -2))


# -- products with a sum ---------------------------------------------------------------------------------------------


def _added(x, product, beta, alpha):
    dtype = jnp.result_type(array(x), product)
    return (x * beta + product * alpha).astype(dtype)


def _added_product(product: Callable, *faces: str) -> None:
    def definition(x, y, z, beta=1, alpha=1):
        """beta * input + alpha * the product of the two others."""
        if name == "baddbmm":
            one_dtype(name, array(x), array(y), array(z))
        return _added(x, product(y, z), beta, alpha)

    name = definition.__name__ = faces[0].partition("(")[0].removeprefix("ops.")
    op(*faces)(definition)


_added_product(
    mm,
    "ops.addmm(input, mat1, mat2, *, beta=1, alpha=1)",
    "mint.addmm(input, mat1, mat2, *, beta=1, alpha=1)",
    "Tensor.addmm(mat1, mat2, *, beta=1, alpha=1)",
    "Tensor.addmm_(mat1, mat2, *, beta=1, alpha=1)",
)
_added_product(
    mv,
    "ops.addmv(input, mat, vec, *, beta=1, alpha=1)",
    "mint.addmv(input, mat, vec, *, beta=1, alpha=1)",
    "Tensor.addmv(mat, vec, *, beta=1, alpha=1)",
)
_added_product(
    lambda x, y: outer(*factors(x, y, "addr")),
    "ops.addr(x, vec1, vec2, *, beta=1, alpha=1)",
    "Tensor.addr(vec1, vec2, beta=1, alpha=1)",
    "mint.addr_(input, vec1, vec2, beta=1, alpha=1)",
)
_added_product(
    bmm,
    "ops.baddbmm(input, batch1, batch2, beta=1, alpha=1)",
    "mint.baddbmm(input, batch1, batch2, *, beta=1, alpha=1)",
    "Tensor.baddbmm(batch1, batch2, *, beta=1, alpha=1)",
)
_added_product(
    lambda x, y: bmm(x, y).sum(0),
    "ops.addbmm(input, batch1, batch2, *, beta=1, alpha=1)",
    "mint.addbmm(input, batch1, batch2, *, beta=1, alpha=1)",
    "Tensor.addbmm(batch1, batch2, *, beta=1, alpha=1)",
)


@op(
    "ops.addcmul(input, tensor1, tensor2, value=1)",
    "ops.Addcmul()(input, tensor1, tensor2, value)",
    "Tensor.addcmul(tensor1, tensor2, value=1)",
)
def addcmul(x, tensor1, tensor2, value=1):
    """input + value * tensor1 * tensor2, broadcast, in the dtype of these, in which `value` is taken."""
    x, product = pair(x, jnp.multiply(*pair(tensor1, tensor2)))
    return x + cast(array(value), x.dtype) * product


@op(
    "ops.addcdiv(input, tensor1, tensor2, value=1)",
    "ops.Addcdiv()(input, tensor1, tensor2, value)",
    "Tensor.addcdiv(tensor1, tensor2, *, value=1)",
)
def addcdiv(x, tensor1, tensor2, value=1):
    """input + value * tensor1 / tensor2, broadcast; of integers an integer, `value` and quotients cut off."""
    wide = jnp.result_type(array(x), array(tensor1), array(tensor2))
    if wide.kind in "iu":
        return array(x) + whole(truncate_divide)(cast(array(value), wide) * array(tensor1), tensor2)
    return array(x) + value * divide(*inexact_pair(tensor1, tensor2))


# -- norms -----------------------------------------------------------------------------------------------------------


def _float(x, dtype=None):
    return inexact(x) if dtype is None else cast(inexact(x), dtype_of(dtype))


@op(
    "ops.norm(A, ord=None, dim=None, keepdim=False, *, dtype=None)",
    "Tensor.norm(ord=None, dim=None, keepdim=False, *, dtype=None)",
    "mint.linalg.norm(A, ord=None, dim=None, keepdim=False, *, dtype=None)",
)
def norm(x, *, ord=None, axis=None, keepdims=False, dtype=None):
    """The norm of vectors or matrices along `axis`: of all elements for None; `ord` as in numpy.linalg.norm.

    Where there is no derivative it counts as 0, but as nan of the 2-norm of all elements.
    """
    x = _float(x, dtype)
    axes = axes_in(axis, x.ndim)
    if axis is None and (ord is None or (x.ndim == 1 and ord == 2)):
        return jnp.linalg.norm(x, keepdims=bool(keepdims))
    if len(axes) == 1 and not isinstance(ord, str):
        return p_norm(x, 2 if ord is None else ord, axes, bool(keepdims))
    if len(axes) == 2 and ord in _OF_MATRICES:
        found = _OF_MATRICES[ord](jnp.moveaxis(x, axes, (-2, -1)))
        return jnp.expand_dims(found, axes) if keepdims else found
    return jnp.linalg.norm(x, ord, axis, bool(keepdims))  # which says what is wrong


@op("numpy.norm(x, ord=None, axis=None, keepdims=False)")
def norm_in_single(x, *, ord=None, axis=None, keepdims=False):
    """The norm of vectors or matrices along `axis`: of all elements for None; `ord` as in numpy.linalg.norm."""
    return norm(single(x), ord=ord, axis=axis, keepdims=keepdims)


# By `ord`, of the matrices in the last two axes.
_OF_MATRICES = {
    None: lambda x: p_norm(x, 2, (-2, -1)),
    "fro": lambda x: p_norm(x, 2, (-2, -1)),
    "nuc": lambda x: singular_values(x).sum(-1),
    2: lambda x: singular_values(x).max(-1),
    -2: lambda x: singular_values(x).min(-1),
    1: lambda x: largest(p_norm(x, 1, (-2,)), (-1,)),
    -1: lambda x: smallest(p_norm(x, 1, (-2,)), (-1,)),
    np.inf: lambda x: largest(p_norm(x, 1), (-1,)),
    -np.inf: lambda x: smallest(p_norm(x, 1), (-1,)),
}


@op(
    "ops.vector_norm(x, ord=2, axis=None, keepdims=False, *, dtype=None)",
    "mint.linalg.vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None)",
)
def vector_norm(x, *, ord=2, axis=None, keepdims=False, dtype=None):
    """The `ord`-norm of vectors along `axis`, of all elements for None."""
    x = _float(x, dtype)
    if axis is None and ord == 2:
        return jnp.linalg.vector_norm(x, keepdims=bool(keepdims))
    return p_norm(x, ord, axes_in(axis, x.ndim), bool(keepdims))


@op(
    "ops.matrix_norm(A, ord='fro', axis=(-2, -1), keepdims=False, *, dtype=None)",
    "mint.linalg.matrix_norm(A, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None)",
)
def matrix_norm(x, *, ord="fro", axis=(-2, -1), keepdims=False, dtype=None):
    """The norm of the matrices in the two axes `axis`."""
    return norm(x, ord=ord, axis=axis, keepdims=keepdims, dtype=dtype)


@op("mint.norm(input, p='fro', dim=None, keepdim=False, *, dtype=None)")
def vector_norm_by_p(x, *, p="fro", axis=None, keepdims=False, dtype=None):
    """The p-norm of vectors along `axis`, of all elements for None; "fro" is 2, "nuc" the nuclear norm of a matrix."""
    if p == "nuc":
        return norm(x, ord=p, axis=axis or (-2, -1), keepdims=keepdims, dtype=dtype)
    return vector_norm(x, ord=2 if p in ("fro", None) else p, axis=axis, keepdims=keepdims, dtype=dtype)


@op("ops.cond(A, p=None)")
def cond(x, *, p=None):
    """The condition number of a matrix with respect to the norm `p`."""
    x = inexact(x)
    if p not in (None, 2):
        return jnp.linalg.cond(x, p)
    s = singular_values(x)
    return s[..., 0] / s[..., -1]
