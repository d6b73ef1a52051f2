"""Checks of shapes and axes, as `mindspore._checkparam` has them: each returns what it was given in its usual form."""

from __future__ import annotations

from msjax.core.tensor import Tensor

max_, min_ = max, min


def check_axis_in_range(axis: int, ndim: int) -> int:
    """The axis counted from 0."""
    if not isinstance(axis, int):
        raise TypeError(f"An axis must be an int, but got {type(axis)}.")
    if not -ndim <= axis < ndim:
        raise ValueError(f"The 'axis' must be in the range of [{-ndim}, {ndim}), but got {axis}.")
    return axis % ndim


def check_axis_valid(axes, ndim: int) -> tuple[int, ...]:
    """The axes counted from 0, each once; None means all."""
    if axes is None:
        return tuple(range(ndim))
    found = tuple(check_axis_in_range(axis, ndim) for axis in (axes if isinstance(axes, (tuple, list)) else (axes,)))
    _check_dup(found)
    return found


check_and_canonicalize_axes = check_axis_valid


def _check_dup(axes) -> None:
    if len(set(axes)) < len(axes):
        raise ValueError(f"An axis appears twice in the 'axis' {axes}.")


def check_axis_type(axis, type_int=True, type_tuple=True, type_list=True) -> bool:
    """An int, or a tuple or list of them, as far as these are allowed."""
    types = [kind for kind, allowed in ((int, type_int), (tuple, type_tuple), (list, type_list)) if allowed]
    if not isinstance(axis, tuple(types)):
        raise TypeError(f"The axis must be of {[kind.__name__ for kind in types]}, but got {type(axis)}.")
    for each in axis if isinstance(axis, (tuple, list)) else ():
        if not isinstance(each, int):
            raise TypeError(f"Each axis must be an int, but got {type(each)} in {axis}.")
    return True


def check_swapaxes_axis(axes, ndim: int):
    """The axes counted from 0."""
    return (
        check_axis_in_range(axes, ndim) if isinstance(axes, int) else tuple(check_axis_in_range(a, ndim) for a in axes)
    )


def _together(values: tuple):
    """What was given as one list or tuple, or as several arguments."""
    return tuple(values[0]) if len(values) == 1 and isinstance(values[0], (tuple, list)) else tuple(values)


def check_transpose_axis(axes: tuple, ndim: int) -> tuple[int, ...]:
    """The new order of axes from the arguments of `transpose`; none at all turns the order round."""
    order = () if axes == (None,) else _together(axes)
    if order and len(order) != ndim:
        raise ValueError(f"As many axes as the {ndim} of the Tensor are needed, but got {len(order)}.")
    return order or tuple(range(ndim))[::-1]


def check_reshape_shp(shp: tuple) -> tuple[int, ...]:
    """The new shape from the arguments of `reshape`."""
    shape = _together(shp)
    for size in shape:
        if not isinstance(size, int):
            raise TypeError(f"A shape must be of ints, but got {type(size)}.")
    return shape


def prepare_shape_for_squeeze(shape: tuple, axes) -> tuple[int, ...]:
    """A shape without the axes of length 1 that are named."""
    if not isinstance(axes, (int, tuple, list)):
        raise TypeError(f"The axes must be an int, a tuple or a list, but got {type(axes)}.")
    gone = check_axis_valid(axes, len(shape))
    for axis in gone:
        if shape[axis] != 1:
            raise ValueError(f"Only axes of length 1 can be squeezed, but axis {axis} is of length {shape[axis]}.")
    return tuple(size for axis, size in enumerate(shape) if axis not in gone)


def check_reduce_shape(ori_shape, shape, axis, prim_name, arg_name1, arg_name2) -> None:
    """A shape that is another one without some axes."""
    left = tuple(size for i, size in enumerate(ori_shape) if i not in axis)
    if left != tuple(shape):
        raise ValueError(
            f"For '{prim_name}', '{arg_name1}' of shape {ori_shape} without the axes {axis} must be of the shape of "
            f"'{arg_name2}', {shape}."
        )


def expanded_shape(ndim: int, axis_size: int, axis: int) -> tuple[int, ...]:
    """The shape of so many axes, of length 1 but for one."""
    return tuple(axis_size if i == axis else 1 for i in range(ndim))


def infer_out_shape(*shapes) -> tuple[int, ...]:
    """The shape to which these are broadcast."""
    from numpy import broadcast_shapes

    return broadcast_shapes(*shapes)


def tuple_slice(tup: tuple, start: int, end: int) -> tuple:
    """A part of a tuple."""
    return tup[start:end]


def is_stub_tensor(tensor) -> bool:
    """Whether a Tensor is only promised: ours never are."""
    return False


def _expand(times: int):
    def expand(value) -> tuple:
        if isinstance(value, int):
            return (value,) * times
        if not isinstance(value, (tuple, list)) or len(value) != times:
            raise TypeError(f"An int or {times} of them are needed, but got {value}.")
        return tuple(value)

    expand.__doc__ = f"{times} ints, or one for all."
    return expand


once, twice, triple = _expand(1), _expand(2), _expand(3)
once_sequence, twice_sequence, triple_sequence = once, twice, triple


def _check_3d_int_or_tuple(
    arg_name, arg_value, prim_name, allow_five=False, ret_five=False, greater_zero=True, third_one=False,
    three_input=False, pad_value=1,
) -> tuple[int, ...]:  # fmt: skip
    """Three ints, or one for all; with `allow_five` five, of which the last three; with `ret_five` five are given."""
    full = (arg_value,) * 3 if isinstance(arg_value, int) and not three_input else arg_value
    if not isinstance(full, tuple) or len(full) not in ((3, 5) if allow_five else (3,)):
        raise ValueError(f"For '{prim_name}', '{arg_name}' must be an int or three of them, but got {arg_value}.")
    sizes = full[-3:]
    if not all(isinstance(size, int) and size > (0 if greater_zero else -1) for size in sizes):
        raise ValueError(f"For '{prim_name}', '{arg_name}' must be of positive ints, but got {arg_value}.")
    if third_one and sizes[0] != 1:
        raise ValueError(f"For '{prim_name}', the depth of '{arg_name}' must be 1, but got {sizes[0]}.")
    return (pad_value, pad_value, *sizes) if ret_five else sizes


# -- sparse Tensors ----------------------------------------------------------------------------------------------------


def _check_parts(shape, **parts) -> None:
    for name, value in parts.items():
        if not isinstance(value, Tensor):
            raise TypeError(f"For SparseTensors, '{name}' must be Tensor, but got {type(value)}.")
    if not isinstance(shape, tuple):
        raise TypeError(f"For SparseTensors, 'shape' must be tuple, but got {type(shape)}.")


def check_coo_tensor_input(indices, values, shape) -> None:
    """Two Tensors and a tuple."""
    _check_parts(shape, indices=indices, values=values)


check_sparse_tensor_input = check_coo_tensor_input


def check_csr_tensor_input(indptr, indices, values, shape) -> None:
    """Three Tensors and a tuple."""
    _check_parts(shape, indptr=indptr, indices=indices, values=values)


def check_coo_tensor_shape(indices_shp, values_shp, coo_shp) -> None:
    """As many rows of indices as values, each of as many numbers as the whole has axes."""
    if len(indices_shp) != 2 or indices_shp[1] != len(coo_shp) or indices_shp[0] != values_shp[0]:
        raise ValueError(
            f"For COOTensor of shape {coo_shp}, indices and values must be of shapes (n, {len(coo_shp)}) and (n,), but "
            f"got {indices_shp} and {values_shp}."
        )


def check_csr_tensor_shape(indptr_shp, indices_shp, values_shp, csr_shp) -> None:
    """One number more than rows where these begin, and as many indices as values."""
    if indptr_shp != (csr_shp[0] + 1,) or indices_shp[0] != values_shp[0]:
        raise ValueError(
            f"For CSRTensor of shape {csr_shp}, indptr must be of length {csr_shp[0] + 1}, indices and values of one "
            f"length, but got {indptr_shp}, {indices_shp} and {values_shp}."
        )


def check_coo_tensor_dtype(indices_dtype) -> None:
    """int16, int32 or int64."""
    _check_index("COOTensor", "indices", indices_dtype)


def check_csr_tensor_dtype(indptr_dtype, indices_dtype) -> None:
    """int16, int32 or int64, both."""
    _check_index("CSRTensor", "indptr", indptr_dtype)
    _check_index("CSRTensor", "indices", indices_dtype)


def _check_index(owner: str, name: str, dtype) -> None:
    if str(dtype) not in ("Int16", "Int32", "Int64"):
        raise TypeError(f"For {owner}, '{name}' must be int16, int32 or int64, but got {dtype}.")
