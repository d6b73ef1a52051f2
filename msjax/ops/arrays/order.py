"""Order: sorting, largest and smallest elements, medians and quantiles."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from msjax.ops.call.promotion import array, axis_in, inexact, is_float, is_inexact, pair
from msjax.ops.maths.reduction import as_dtype, operand
from msjax.ops.table import op

# -- sorting ---------------------------------------------------------------------------------------------------------


def order(x, axis, descending=False, index_dtype=np.int32):
    """The indices that sort `x`, equal elements in their order, NaN last (first if descending)."""
    return jnp.argsort(x, axis, stable=True, descending=bool(descending)).astype(index_dtype)


def _sorted(x, axis, descending, index_dtype):
    x = array(x)
    if not x.ndim:
        return x, jnp.zeros((), index_dtype)
    axis = axis_in(axis, x.ndim)
    places = order(x, axis, descending, index_dtype)
    return jnp.take_along_axis(x, places, axis), places


@op(
    "ops.sort(input_x, axis=-1, descending=False)",
    "ops.Sort(axis=-1, descending=False)(x)",
    "Tensor.sort(dim=-1, descending=False, stable: _=False)",
    "Tensor.sort(axis=-1, descending=False)",
)
def sort(x, *, axis=-1, descending=False) -> tuple[jax.Array, jax.Array]:
    """The sorted elements along `axis`, and their places in the input as int32."""
    return _sorted(x, axis, descending, np.int32)


@op("mint.sort(input, *, dim=-1, descending=False, stable: _=False)")
def sort_wide(x, *, axis=-1, descending=False) -> tuple[jax.Array, jax.Array]:
    """The sorted elements along `axis`, and their places in the input as int64."""
    return _sorted(x, axis, descending, np.int64)


@op(
    "ops.argsort(input, axis=-1, descending=False)",
    "Tensor.argsort(axis=-1, descending=False)",
    "Tensor.argsort(dim=-1, descending=False, stable: _=False)",
)
def argsort(x, *, axis=-1, descending=False):
    """The places of the sorted elements along `axis`, as int32."""
    return _sorted(x, axis, descending, np.int32)[1]


@op("mint.argsort(input, dim=-1, descending=False, stable: _=False)")
def argsort_wide(x, *, axis=-1, descending=False):
    """The places of the sorted elements along `axis`, as int64."""
    return _sorted(x, axis, descending, np.int64)[1]


@op("ops.msort(input)", "Tensor.msort()")
def msort(x):
    """The elements sorted along the first axis."""
    return _sorted(x, 0, False, np.int32)[0]


def _top(x, k, axis, largest, index_dtype):
    x = array(x)
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)):
        raise TypeError(f"'k' must be an int, but got {type(k).__name__}: {k!r}.")
    k, axis = int(k), axis_in(-1 if axis is None else axis, x.ndim)
    length = x.shape[axis] if x.ndim else 1
    if not 0 < k <= length:
        raise ValueError(f"'k' must be in (0, {length}], the length of axis {axis}, but got {k}.")
    if not x.ndim:
        return x, jnp.zeros((), index_dtype)
    places = jnp.moveaxis(_places_of_top(jnp.moveaxis(x, axis, -1), k, largest), -1, axis)
    return jnp.take_along_axis(x, places, axis), places.astype(index_dtype)


def _places_of_top(x, k: int, largest: bool):
    """Where the `k` largest or smallest elements along the last axis are: of equals the first first."""
    x = jax.lax.stop_gradient(x)
    if not is_float(x):
        return order(x, -1, largest)[..., :k]
    return jax.lax.top_k(x if largest else -jnp.where(jnp.isnan(x), jnp.inf, x), k)[1]


@op(
    "ops.topk(input, k, dim=None, largest=True, sorted: _=True)",
    "Tensor.topk(k, dim=None, largest=True, sorted: _=True)",
    "ops.TopK(sorted: _=True)(input_x, k)",
    "ops.top_k(input_x, k, sorted: _=True)",
    "Tensor.top_k(k, sorted: _=True)",
)
def topk(x, *, k, axis=None, largest=True) -> tuple[jax.Array, jax.Array]:
    """The `k` largest (or smallest) elements along an axis, sorted, and their places as int32.

    Raises:
        ValueError: if `k` is not between 1 and the axis' length.
    """
    return _top(x, k, axis, largest, np.int32)


@op("mint.topk(input, k, dim=-1, largest=True, sorted: _=True)")
def topk_wide(x, *, k, axis=-1, largest=True) -> tuple[jax.Array, jax.Array]:
    """The `k` largest (or smallest) elements along an axis, sorted, and their places as int64."""
    return _top(x, k, axis, largest, np.int64)


@op("Tensor.kthvalue(k, dim=-1, keepdim=False)", "mint.kthvalue(input, k, dim=-1, keepdim=False)")
def kthvalue(x, *, k, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The `k`-th smallest element along an axis, and its place as int64."""
    x = jnp.atleast_1d(array(x))
    axis = axis_in(axis, x.ndim)
    return _pick(x, jax.lax.index_in_dim(order(x, axis), k - 1, axis), axis, keepdims)


# -- largest and smallest --------------------------------------------------------------------------------------------


def _place_of(extreme: Callable) -> Callable:
    """argmax or argmin: of equals and of NaN the first. XLA's own reduce pairs, which takes a CPU twice as long."""

    def place(x, axis, keepdims=False):
        x, axis = (x.ravel(), 0) if axis is None else (x, axis)
        if x.size == 0:
            raise ValueError(f"There is no largest or smallest element of a Tensor of shape {x.shape}.")
        x = jax.lax.stop_gradient(x)
        found = (x == extreme(x, axis, keepdims=True)) | (x != x)
        places = jax.lax.broadcasted_iota(np.int32, x.shape, axis % x.ndim)
        return jnp.where(found, places, x.shape[axis]).min(axis, keepdims=keepdims)

    return place


_argmax, _argmin = _place_of(jnp.max), _place_of(jnp.min)


def _pick(x, places, axis, keepdims, index_dtype=np.int64):
    """The elements at `places` (of length 1 along `axis`), and the places."""
    values, places = jnp.take_along_axis(x, places, axis), places.astype(index_dtype)
    return (values, places) if keepdims else (jnp.squeeze(values, axis), jnp.squeeze(places, axis))


def first(x, axis, keepdims, arg: Callable, index_dtype=np.int64):
    """The extreme element along one axis and its place: of equals the first, which alone gets the gradient.

    Raises:
        TypeError: if `axis` is not an int or `keepdims` not a bool.
        ValueError: if the axis is empty.
    """
    if axis is None:
        raise TypeError("'axis' must be an int, but got None.")
    x, axes = operand(x, axis_in(axis, array(x).ndim), keepdims)
    if not x.ndim:
        return x, jnp.zeros((), index_dtype)
    places = arg(x, axes[0], keepdims=True)
    return _pick(x, places, axes[0], keepdims, index_dtype)


def _masked(x, where, initial, lowest: Callable):
    """`x` with what `where` hides replaced by `initial`, or by what no element is beyond."""
    if where is None:
        return x
    if initial is None:
        initial = lowest(x.dtype)
    return jnp.where(where.astype(bool), x, jnp.asarray(initial, x.dtype))


def _limit(sign: int) -> Callable:
    """The lowest (-1) or highest (1) value of a dtype."""

    def limit(dtype):
        if jnp.issubdtype(dtype, jnp.floating):
            return sign * np.inf
        info = None if dtype == np.bool_ else jnp.iinfo(dtype)
        return sign > 0 if info is None else info.max if sign > 0 else info.min

    return limit


def _extremes(name: str, reduce: Callable, arg: Callable, of_two: Callable, lowest: Callable) -> None:
    """Declare the family of `max` or `min`. Over all or several axes, equal elements share the gradient."""

    def masked(x, where, initial):
        if initial is not None and (isinstance(initial, list) or jnp.ndim(initial)):
            raise TypeError(f"For '{name}', 'initial' must be a number, but got {initial}.")
        x = _masked(x, where, initial, lowest)
        return x if initial is None else of_two(x, jnp.asarray(initial, x.dtype))

    @op(f"Tensor.{name}()", f"mint.{name}(input)")
    def over_all(x):
        x = array(x)
        if x.size == 0:
            raise ValueError(f"There is no {name}imum of a Tensor of shape {x.shape}.")
        return reduce(x)

    @op(f"Tensor.{name}(dim, keepdim=False)", f"mint.{name}(input, dim, keepdim=False)", positional=False)
    def along(x, *, axis, keepdims=False) -> tuple[jax.Array, jax.Array]:
        return first(x, axis, keepdims, arg)

    @op(f"Tensor.{name}(axis=None, keepdims=False, *, initial=None, where=True, return_indices=False)")
    def over_some(
        x, initial=None, where=None, *, axis=None, keepdims=False, return_indices=False
    ) -> jax.Array | tuple[jax.Array, ...]:
        x, axes = operand(x, axis, keepdims)
        if axis is None or isinstance(axis, (tuple, list)):
            found = reduce(masked(x, where, initial), axes, keepdims=keepdims)
            return (found, jnp.zeros_like(found, np.int64)) if return_indices and axis is None else found
        values, places = first(masked(x, where, initial), axis, keepdims, arg)
        return (values, places) if return_indices else values

    @op(f"ops.{name}(input, axis=None, keepdims=False, *, initial=None, where=None)", kinds={"keepdims": None})
    def with_place(x, initial=None, where=None, *, axis=None, keepdims=False) -> tuple[jax.Array, jax.Array]:
        if axis is None:
            return over_all(x), jnp.zeros((), np.int64)
        return first(masked(array(x), where, initial), axis, keepdims, arg)

    @op(
        f"ops.a{name}(input, axis=None, keepdims=False, *, initial=None, where=None)",
        f"ops.Reduce{name.title()}(keep_dims=False)(x, axis=())",
        f"ops.reduce_{name}(x, axis=())",
        f"Tensor.a{name}(axis=None, keepdims=False, *, initial=None, where=None)",
        f"mint.a{name}(input, dim=(), keepdim=False)",
        f"numpy.a{name}(a, axis=None, keepdims=False, initial=None, where=True)",
        f"numpy.{name}(a, axis=None, keepdims=False, initial=None, where=True)",
    )
    def over_axes(x, initial=None, where=None, *, axis=None, keepdims=False):
        x, axes = operand(x, axis, keepdims)
        return reduce(masked(x, where, initial), axes, keepdims=keepdims)

    @op(f"mint.{name}(input, other)")
    def of_pair(x, y):
        return of_two(*pair(x, y))

    @op(f"numpy.nan{name}(a, axis=None, dtype=None, keepdims=False)")
    def of_numbers(x, *, axis=None, dtype=None, keepdims=False):
        x, axes = operand(x, axis, keepdims)
        x = as_dtype(x, dtype)
        hidden = jnp.where(jnp.isnan(x), lowest(x.dtype), x) if is_inexact(x) else x
        found = reduce(hidden, axes, keepdims=keepdims)
        return jnp.where(jnp.all(jnp.isnan(x), axes, keepdims=keepdims), np.nan, found) if is_inexact(x) else found

    for definition in (over_all, along, over_some, with_place, over_axes, of_pair, of_numbers):
        definition.__name__ = name
    over_all.__doc__ = f"The {name}imum of all elements.\n\nReturns:\n    A Tensor without axes, of the input's dtype."
    over_axes.__doc__ = f"The {name}imum over `axis`, over all axes by default."
    of_numbers.__doc__ = f"{over_axes.__doc__} NaN is left out."
    of_pair.__doc__ = f"""The {name}imum of both, element by element.

        Returns:
            A Tensor of the shape to which both broadcast, in their common dtype.
        """
    over_some.__doc__ = f"""{over_axes.__doc__}

        Returns:
            A Tensor of the reduced shape; with `return_indices` a tuple of it and the places as int64.
        """
    along.__doc__ = with_place.__doc__ = f"""The {name}imum along `axis`, and its place as int64.

        Of equal elements along one axis the first is taken, and alone receives the gradient.

        Returns:
            A tuple of two Tensors: the values, and their places.
        """


_extremes("max", jnp.max, _argmax, jnp.maximum, _limit(-1))
_extremes("min", jnp.min, _argmin, jnp.minimum, _limit(1))


@op("ops.aminmax(input, *, axis=0, keepdims=False)", "Tensor.aminmax(*, axis=0, keepdims=False)")
def aminmax(x, *, axis=0, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The minimum and the maximum along `axis`, over all axes for None."""
    x, axes = operand(x, axis, keepdims)
    return jnp.min(x, axes, keepdims=keepdims), jnp.max(x, axes, keepdims=keepdims)


@op("Tensor.ptp(axis=None, keepdims=False)", "numpy.ptp(x, axis=None, keepdims=False)")
def ptp(x, *, axis=None, keepdims=False):
    """The maximum less the minimum over `axis`."""
    x, axes = operand(x, axis, keepdims)
    return jnp.max(x, axes, keepdims=keepdims) - jnp.min(x, axes, keepdims=keepdims)


# -- places of the largest and smallest ------------------------------------------------------------------------------


def _places(name: str, arg: Callable, index_dtype) -> None:
    """Declare argmax or argmin. MindSpore's indices are int64 for argmax, int32 for argmin."""

    def of(x, axis, keepdims, dtype):
        x, _ = operand(x, None, keepdims)
        axis = None if axis is None else axis_in(axis, x.ndim)
        return arg(x, axis, keepdims=bool(keepdims and axis is not None)).astype(dtype)

    @op(
        f"ops.{name}(input, dim=None, keepdim=False)" if name == "argmax"
        else f"ops.{name}(input, axis=None, keepdims=False)",
        f"Tensor.{name}(axis=None, keepdims=False)",
        f"Tensor.{name}(dim=None, keepdim=False)",
        f"numpy.{name}(a, axis=None)",
    )  # fmt: skip
    def place(x, *, axis=None, keepdims=False):
        return of(x, axis, keepdims, index_dtype)

    @op(f"mint.{name}(input, dim=None, keepdim=False)")
    def place_wide(x, *, axis=None, keepdims=False):
        return of(x, axis, keepdims, np.int64)

    @op(f"ops.{name.title()}(axis=-1, output_type=mstype.int32)({'input_x' if name == 'argmax' else 'x'})")
    def primitive(x, *, axis=-1, output_type):
        return of(x, axis, False, output_type.numpy)

    @op(f"ops.Arg{name[3:].title()}WithValue(axis=0, keep_dims=False)(input)")
    def place_and_value(x, *, axis=0, keepdims=False) -> tuple[jax.Array, jax.Array]:
        value, found = first(x, axis, keepdims, arg)
        return found, value

    @op(f"Tensor.{name}_with_value(axis=0, keep_dims=False)")
    def value_and_place(x, *, axis=0, keepdims=False) -> tuple[jax.Array, jax.Array]:
        return first(x, axis, keepdims, arg)

    for definition in (place, place_wide, primitive, place_and_value, value_and_place):
        definition.__name__ = name
        definition.__doc__ = f"Where the {name[3:]}imum along `axis` is (of all for None), of equals the first."
    where = place.__doc__
    place_and_value.__doc__ = f"{where}\n\nReturns:\n    A tuple of two Tensors: the places, and the values."
    value_and_place.__doc__ = f"{where}\n\nReturns:\n    A tuple of two Tensors: the values, and their places."


_places("argmax", _argmax, np.int64)
_places("argmin", _argmin, np.int32)


# -- running largest and smallest ------------------------------------------------------------------------------------


def _running(name: str, better: Callable, index_dtype) -> None:
    """Declare cummax or cummin."""

    def choose(a, b):
        later = (b[0] != b[0]) | ((a[0] == a[0]) & better(b[0], a[0]))  # NaN is the extreme
        return jnp.where(later, b[0], a[0]), jnp.where(later, b[1], a[1])

    def of(x, axis, dtype):
        x = array(x)
        axis = axis_in(axis, x.ndim)
        places = jax.lax.broadcasted_iota(dtype, x.shape, axis)
        _, places = jax.lax.associative_scan(choose, (jax.lax.stop_gradient(x), places), axis=axis)
        return jnp.take_along_axis(x, places, axis), places

    @op(f"ops.{name}(input, axis)", f"ops.{name.title()}(axis)(input)", f"Tensor.{name}(axis)")
    def running(x, *, axis) -> tuple[jax.Array, jax.Array]:
        return of(x, axis, index_dtype)

    @op(f"mint.{name}(input, dim)")
    def running_wide(x, *, axis) -> tuple[jax.Array, jax.Array]:
        return of(x, axis, np.int64)

    running.__name__ = running_wide.__name__ = name
    running.__doc__ = running_wide.__doc__ = (
        f"The {name[3:]}imum of all elements up to each along `axis`, and its place, of equals the last."
    )


_running("cummax", jnp.greater_equal, np.int64)
_running("cummin", jnp.less_equal, np.int32)


# -- medians and quantiles -------------------------------------------------------------------------------------------


def _median(x, axis, keepdims, ignore_nan):
    """The lower median along an axis and its place; a NaN wins unless ignored."""
    x, _ = operand(x, None, keepdims)
    if not x.ndim:
        return x, jnp.zeros((), np.int64)
    axis = axis_in(axis, x.ndim)
    lost = jnp.isnan(x) if is_float(x) else jnp.zeros(x.shape, bool)
    lost = jnp.sum(lost, axis, keepdims=True, dtype=np.int32)
    length = x.shape[axis]
    middle = (length - lost - 1) // 2 if ignore_nan else jnp.where(lost > 0, length - lost, (length - 1) // 2)
    middle = jnp.maximum(middle, 0)
    places = jnp.take_along_axis(order(jax.lax.stop_gradient(x), axis), middle, axis)
    return _pick(x, places, axis, keepdims)


@op(
    "ops.median(input, axis=-1, keepdims=False)",
    "Tensor.median(axis=-1, keepdims=False)",
    "Tensor.median(dim=-1, keepdim=False)",
    "mint.median(input, dim, keepdim=False)",
)
def median(x, *, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The median along `axis`, the lower one of two, and its place as int64."""
    return _median(x, axis, keepdims, False)


@op("ops.nanmedian(input, axis=-1, keepdims=False)", "Tensor.nanmedian(axis=-1, keepdims=False)")
def nanmedian(x, *, axis=-1, keepdims=False) -> tuple[jax.Array, jax.Array]:
    """The median along `axis` of what is not NaN, and its place as int64."""
    return _median(x, axis, keepdims, True)


@op("mint.median(input)")
def median_of_all(x):
    """The median of all elements, the lower one of two."""
    return _median(array(x).ravel(), 0, False, False)[0]


@op("ops.Median(global_median=False, axis=0, keep_dims=False, ignore_nan=False)(x)")
def median_primitive(
    x, *, global_median=False, axis=0, keepdims=False, ignore_nan=False
) -> tuple[jax.Array, jax.Array]:
    """The median along `axis`, or of all elements, and its place."""
    return _median(array(x).ravel() if global_median else x, 0 if global_median else axis, keepdims, ignore_nan)


def _quantile(name: str, function: Callable) -> None:
    @op(
        f"ops.{name}(input, q, axis=None, keepdims=False)",
        f"Tensor.{name}(q, axis=None, keepdims=False)",
    )
    def definition(x, q, *, axis=None, keepdims=False):
        x = inexact(x)
        axis = None if axis is None else axis_in(axis, x.ndim)
        return function(x, jnp.asarray(q, x.dtype), axis, keepdims=bool(keepdims))

    definition.__name__ = name
    definition.__doc__ = "The `q`-quantiles along `axis` (of all elements for None), linear between elements."


_quantile("quantile", jnp.quantile)
_quantile("nanquantile", jnp.nanquantile)
