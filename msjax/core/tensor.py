"""Tensor: a mutable handle on one jax.Array.

The operators (`x + y`, `x.sum()`, `x[0]`) are faces of the operator table and are attached by `msjax.ops`.
"""

from __future__ import annotations

import copy as copies
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax.core import dtype as mstype
from msjax.core import printing, trace, watching
from msjax.core.data import cast, to_numpy
from msjax.core.effects import has_effects
from msjax.core.opaque import Number, gathered
from msjax.core.view import Origin, View, current, owner, replaced, same, undisturbed

if TYPE_CHECKING:  # a stub alone; there is no such module when Python runs
    from msjax.core.frames import Frame, Stored
    from msjax.core.methods import Methods  # pyright: ignore[reportMissingModuleSource]
else:
    Methods = object

_new = object.__new__
Tracer = trace.Tracer
# Descriptors that give what a handle has besides its elements; `name` tells by itself that it is read.
SETTINGS = frozenset(
    "__dict__ __weakref__ _array _variable has_init requires_grad layerwise_parallel parallel_optimizer".split()
)


class Tensor(Methods):
    """An n-dimensional array that can be changed in place.

    Args:
        input_data: Tensor, number, bool, numpy array, jax array, or nested list or tuple of these. Python floats give
            float32, integers int64; numpy arrays keep their dtype. A Tensor is shared, not copied.
        dtype: a MindSpore dtype; None takes that of the data.
        shape: with `init`, the shape to fill; alone with `dtype`, the shape of a Tensor of zeros. With an axis of None,
            of any length, it only describes an input, for `ms.export` and `Cell.set_inputs`; so does no shape at all,
            for any number of axes, as (-2,).
        init: an initializer of `msjax.common.initializer`.
        const_arg: whether it is a constant as an argument in graph mode, which has no gradient.
        device: accepted for compatibility.

    Raises:
        TypeError: if the data is of no numeric kind, or `dtype` is not a MindSpore dtype.
        ValueError: if `input_data` and `init` are both given, or the list is ragged.

    Differs from MindSpore: `asnumpy()` copies, so writing to its result does not change the Tensor.

    Example:
        >>> Tensor([1.0, 2.0])
        Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])
    """

    # `_variable`: what stands for the handle in the graphs of Flax.
    __slots__ = ("__dict__", "__weakref__", "_array", "_variable")

    _SETTINGS = frozenset()  # the attributes of msjax's own that copies have, too

    _view: View | None = None  # set on Tensors that share the elements of another
    _origin: Origin | None = None  # where it was copied from by an index, which items that are set in it go back to
    _items_set = False  # whether items were set under `ms.jit`, which there makes a new value
    _version = 0  # counts rebindings, so that views notice them
    _frame: Frame | None = None  # the running transform that created this handle
    _stored: Stored | None = None  # what it held before the running transform that differentiates it
    _hooks: OrderedDict | None = None
    _used = False  # whether it was read while a gradient was computed, so that a hook on it comes late
    _init = None  # the initializer that drew the elements
    _shadow: Any = None  # of integers that are differentiated: floats of the same values, which carry the derivative
    _replaced = False  # whether a compiled function writes this handle where it would make a new one if run eagerly
    _rewritable = False  # whether it may take on a new value while it is differentiated
    _const_arg = False
    _is_leaf = True
    _grad = None
    _requires_grad = False

    def __init__(self, input_data=None, dtype=None, shape=None, init=None, const_arg=False, device=None):
        if const_arg:
            self._const_arg = True
        if dtype is not None and not (isinstance(dtype, mstype.DType) and dtype.numpy is not None):
            raise TypeError(
                f"For 'Tensor', 'dtype' must be a mindspore dtype such as mindspore.float32, but got {dtype!r}."
            )
        if isinstance(input_data, Tensor):
            self._share(input_data, dtype)
        elif input_data is None and not (init is None and shape is None and dtype is None):
            self._fill(shape, dtype, init)
        elif init is not None or shape is not None:
            raise ValueError("For 'Tensor', 'input_data' can not be set at the same time as 'init' or 'shape'.")
        else:
            self._bind(to_array(input_data, None if dtype is None else dtype.numpy))

    def _bind(self, array) -> None:
        self._array = array
        if (frame := trace.top()) is not None and (frame.batched or isinstance(array, Tracer)):
            frame.created(self)

    def _share(self, other: Tensor, dtype) -> None:
        array = raw(other)
        if dtype is None or dtype.numpy == array.dtype:
            self._bind(array)
            self._view = View(other, same, replaced)
            if other._shadow is not None:
                trace.shadow(self, other._shadow)
        else:
            self._bind(raw(other.astype(dtype)))

    def _fill(self, shape, dtype, init) -> None:
        if dtype is None:
            raise TypeError("For 'Tensor', 'dtype' must be given together with 'shape'.")
        if shape is None and init is not None:
            raise ValueError("For 'Tensor', 'shape' must be given together with 'init'.")
        if init is not None and not hasattr(init, "draw"):
            raise TypeError(f"For 'Tensor', 'init' must be an Initializer, but got {init!r}.")
        if isinstance(shape, str) or not isinstance(shape, (int, Sequence, type(None))):
            raise TypeError(f"For 'Tensor', the 'shape' must be an int, a list or a tuple, but got {shape!r}.")
        shape = (-2,) if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        if init is None and any(size is None or size < 0 for size in shape):
            # Axes of any length: a description without elements, for `ms.export` and `Cell.set_inputs`.
            sizes = [-1 if size is None else size for size in shape]
            described: Any = jax.ShapeDtypeStruct(sizes, dtype.numpy)
            self._array = described
            return
        values = np.zeros(shape, dtype.numpy) if init is None else init.draw(shape, dtype.numpy)
        self._bind(jnp.asarray(values))
        self._init = init

    # -- shape and dtype ------------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        return raw(self).shape

    @property
    def dtype(self) -> mstype.DType:
        return mstype.of(raw(self))

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return raw(self).size

    @property
    def itemsize(self) -> int:
        return raw(self).dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.size * self.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes from one element to the next along each axis, of the elements in row-major order."""
        steps = np.cumprod([self.itemsize, *self.shape[:0:-1]])[::-1]
        return tuple(int(s) for s in steps) if self.shape else ()

    @property
    def has_init(self) -> bool:
        """Whether the Tensor was made by an initializer and `init_data` has not been called."""
        return self._init is not None

    # -- values ---------------------------------------------------------------------------------------------------

    def asnumpy(self) -> np.ndarray:
        """A numpy copy of the values; bfloat16 comes as float32, which numpy can print and compute with.

        Returns:
            An array of the Tensor's shape.

        Example:
            >>> Tensor([1, 2]).asnumpy()
            array([1, 2])
        """
        return np.array(trace.concrete(raw(self)))

    numpy = asnumpy

    def item(self) -> Any:
        """The value of a Tensor of one element as a Python number.

        Returns:
            A bool, int, float or complex number.

        Raises:
            ValueError: if there is not exactly one element.

        Example:
            >>> Tensor([1.5]).item()
            1.5
        """
        answers = trace.stack().answers
        return self._number() if answers is None else answers.given(self, self._number)

    def _number(self) -> Any:
        values = trace.concrete(raw(self))
        if values.size != 1:
            raise ValueError(
                f"The tensor should have only one element, but got {values.size}, more than one element is ambiguous."
            )
        return values.reshape(()).tolist() if values.dtype.name != "bfloat16" else float(values.reshape(()))

    def tolist(self) -> Any:
        """The values as nested Python lists, or a number for a Tensor without axes.

        Returns:
            Lists as deep as the Tensor has axes.

        Example:
            >>> Tensor([[1, 2], [3, 4]]).tolist()
            [[1, 2], [3, 4]]
        """
        return trace.concrete(raw(self)).tolist()

    def __bool__(self) -> bool:
        return bool(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        value = self.item()
        if not isinstance(value, int):
            raise ValueError(
                f"Only integer tensors of a single element can be converted to an index, but got {self.dtype}."
            )
        return int(value)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("Not support len of a 0-D tensor")
        if not isinstance(self.shape[0], int):
            watching.refuse("the length of a Tensor depends on values")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d tensor")
        for i in range(len(self)):
            yield self[i]

    def __contains__(self, element) -> bool:
        return bool(np.any(trace.concrete(raw(self)) == trace.concrete(raw(element))))

    __hash__ = object.__hash__

    def __str__(self) -> str:
        trace.settle()
        array = trace.detach(raw(self))
        if isinstance(array, Tracer):
            watching.refuse("it shows a Tensor")
            return f"<traced {array.dtype}{list(array.shape)}>"
        return printing.to_str(trace.concrete(array))

    def __repr__(self) -> str:
        trace.settle()
        array = trace.detach(raw(self))
        if isinstance(array, Tracer):
            watching.refuse("it shows a Tensor")
            return f"Tensor(shape={list(array.shape)}, dtype={self.dtype}, value=<traced>)"
        if isinstance(array, jax.ShapeDtypeStruct):
            return printing.to_repr(np.zeros([max(n, 0) for n in array.shape], array.dtype), self.dtype, array.shape)
        return printing.to_repr(np.asarray(array), self.dtype)

    def __format__(self, spec: str) -> str:
        if spec:
            raise TypeError("unsupported format string passed to Tensor.__format__: use tensor.item() for one element")
        return str(self)

    # -- other libraries ------------------------------------------------------------------------------------------

    def __jax_array__(self):
        return raw(self)

    def __array__(self, dtype=None, copy=None):
        values = trace.concrete(raw(self))
        return np.array(values, dtype=dtype) if copy or dtype is not None else values

    @property
    def __numpy_dtype__(self) -> np.dtype:
        return raw(self).dtype

    @has_effects
    def __dlpack__(self, **kwargs):
        trace.settle()
        return raw(self).__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return raw(self).__dlpack_device__()

    @staticmethod
    def from_numpy(array: np.ndarray) -> Tensor:
        """A Tensor of the array's values (copied) and dtype.

        Args:
            array: an array of numpy.

        Returns:
            A Tensor of the same shape.

        Raises:
            TypeError: if `array` is not a numpy array.
        """
        if not isinstance(array, np.ndarray):
            raise TypeError(f"The input must be a numpy array, but got {type(array).__name__}.")
        return Tensor(array)

    # -- copies and state -----------------------------------------------------------------------------------------

    def __copy__(self):
        clone = wrap(raw(self))
        clone.__dict__.update(lasting(self))
        return clone

    def __deepcopy__(self, memo):
        clone = wrap(raw(self))
        memo[id(self)] = clone
        clone.__dict__.update(copies.deepcopy(lasting(self), memo))
        return clone

    @has_effects
    def __reduce__(self):
        return _unpickle, (trace.concrete(raw(self)),), lasting(self) or None

    def assign_value(self, value: Any) -> Tensor:
        """Replace the elements by those of `value`, of any shape and dtype.

        Args:
            value: a Tensor.

        Returns:
            This Tensor.
        """
        rebind(self, trace.written_into(self, raw(value)))
        return self

    @has_effects
    def init_data(self, slice_index: Any = None, shape: Any = None, opt_shard_group: Any = None) -> Tensor:
        """This Tensor: initializers are drawn when a Tensor is made.

        Args:
            slice_index, shape, opt_shard_group: accepted.

        Returns:
            This Tensor.

        Raises:
            TypeError: if it was not made by an initializer.
        """
        if self._init is None:
            raise TypeError("init_data must be set Tensor.init, init can't be None")
        self._init = None
        return self

    @has_effects
    def set_const_arg(self, const_arg: bool = True) -> Tensor:
        """Let this Tensor be a constant as an argument in graph mode, or not; gives it.

        Args:
            const_arg: whether it is a constant.

        Returns:
            This Tensor.
        """
        self._const_arg = bool(const_arg)
        return self

    @has_effects
    def flush_from_cache(self) -> None:
        """Nothing: no Tensor lives in a cache outside of the device."""

    @has_effects
    def data_sync(self, need_sync: bool = True) -> None:
        """Wait until the values are computed.

        Args:
            need_sync: accepted.
        """
        trace.settle()
        jax.block_until_ready(self._array)

    @has_effects
    def requires_grad_(self, requires_grad: bool = True) -> None:
        """Record that gradients are wanted, or not; `grad` decides by its own arguments, and heeds this as it runs.

        Args:
            requires_grad: whether they are.
        """
        self._requires_grad = bool(requires_grad)
        trace.differentiate_further(owner(self), self._requires_grad)


def raw(value: Any) -> Any:
    """The jax.Array behind a Tensor, as it is now; anything else unchanged."""
    if isinstance(value, Tensor):
        array = value._array if value._view is None else current(value)
        frame = trace.top()
        if frame is None:
            # The tracer of another thread is nothing to this one.
            return undisturbed(value) if trace.busy else array
        if frame.recorder is not None:
            frame.recorder.read(value if value._view is None else owner(value))
        return array
    return value


def wrap(array: Any) -> Tensor:
    """A new Tensor on a jax.Array."""
    tensor = _new(Tensor)
    tensor._array = array
    if (frame := trace.top()) is not None and (frame.batched or isinstance(array, Tracer)):
        frame.created(tensor)
    return tensor


def share(tensor: Tensor) -> Tensor:
    """A new handle on the same elements, as `Tensor(t)` gives."""
    other = wrap(raw(tensor))
    other._view = View(tensor, same, replaced)
    if tensor._shadow is not None:
        trace.shadow(other, tensor._shadow)
    return other


def rebind(tensor: Tensor, array: Any, shadow: Any = None) -> None:
    """Let the handle hold another value, now and in what it is a view of.

    Args:
        shadow: of integers, floats that carry their derivative.

    Raises:
        RuntimeError: if the running transform differentiates this very handle, unless it is a Parameter.
    """
    frame = trace.top()
    if frame is not None:
        if frame.is_leaf(tensor) and not tensor._rewritable:
            raise RuntimeError(
                "Can not modify tensor id of input tensor from network by assign value: it is being differentiated. "
                "Copy it first, x = x.copy()."
            )
        frame.writes(tensor)
    view = tensor._view
    if view is not None:
        # First the base, so that the version which the view has seen is that of its own writing.
        rebind(view.base, view.write(raw(view.base), array), _shadow_written(view, array, shadow))
        view.seen = view.base._version
    tensor._array = array
    tensor._version += 1
    if shadow is not None or tensor._shadow is not None:
        tensor._shadow = shadow


def overwrite(tensor: Tensor, array: Any) -> None:
    """`rebind` of a handle that is no view, outside of all transforms: the short way of writing in place."""
    tensor._array = array
    tensor._version += 1
    tensor._shadow = None


def hold(tensor: Tensor, array: Any) -> None:
    """Let the handle hold an array that stands for the same value: one that carries a derivative, or a tracer for a
    while. That changes nothing for the program, so no version is counted and nobody is told; undoing it is up to who
    does it."""
    tensor._array = array


def _shadow_written(view: View, array, shadow):
    """The shadow of a view's base when the view is written, or None if neither has one."""
    before = view.base._shadow
    if before is None and shadow is None:
        return None
    floats = np.float64
    return view.write(
        raw(view.base).astype(floats) if before is None else before, array.astype(floats) if shadow is None else shadow
    )


def to_array(data: Any, dtype: Any = None) -> jax.Array:
    """A jax.Array of the data, with MindSpore's default dtypes.

    Raises:
        TypeError: if the data is not numeric.
    """
    if isinstance(data, Tensor):
        data = raw(data)
    if type(data) in (list, tuple) and watching.current() is not None:
        numbers = gathered(data)
        data = data if numbers is None else numbers
    if isinstance(data, Number):
        data = data.array(dtype or to_numpy(data.value).dtype)
    if isinstance(data, jax.Array):
        return data if dtype is None else data.astype(dtype)
    values = to_numpy(data, np.float32 if dtype is None else np.float64)
    return jnp.asarray(values if dtype is None else cast(values, dtype))


def lasting(tensor: Tensor) -> dict[str, Any]:
    """What of a handle its copies have besides its elements: what a program has set, and the settings of its kind."""
    return {k: v for k, v in tensor.__dict__.items() if k[0] != "_" or k in tensor._SETTINGS}


def _unpickle(values: np.ndarray) -> Tensor:
    return wrap(jnp.asarray(values))


def tensor(
    input_data: Any = None,
    dtype: Any = None,
    shape: Any = None,
    init: Any = None,
    const_arg: bool = False,
    device: Any = None,
) -> Tensor:
    """Create a Tensor; the same as `Tensor(...)`.

    Args:
        input_data: a number, nested lists or tuples of numbers, an array of numpy or JAX, or a Tensor.
        dtype: the dtype; that of the data by default, float32 for Python's floats.
        shape, init: the shape and an initializer, if there is no data.
        const_arg: whether the Tensor is a constant as an argument in graph mode.
        device: accepted; `ms.set_device` chooses the device.

    Returns:
        A Tensor.

    Example:
        >>> ms.tensor([1.0, 2.0])
        Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  2.00000000e+00])
    """
    return Tensor(input_data, dtype, shape, init, const_arg, device)


def is_tensor(obj: Any) -> bool:
    """Whether `obj` is a Tensor.

    Args:
        obj: anything.

    Returns:
        A bool; True for a Parameter, too.

    Example:
        >>> ms.is_tensor(Tensor([1.0])), ms.is_tensor([1.0])
        (True, False)
    """
    return isinstance(obj, Tensor)


def from_numpy(array: np.ndarray) -> Tensor:
    """A Tensor of the array's values (copied) and dtype.

    Args:
        array: an array of numpy.

    Returns:
        A Tensor of the same shape.

    Raises:
        TypeError: if it is no such array.

    Example:
        >>> ms.from_numpy(np.zeros(2, np.float32)).dtype
        mindspore.float32
    """
    return Tensor.from_numpy(array)


def _flatten(tensor: Tensor):
    return (raw(tensor),), None


def _unflatten(_, children) -> Tensor:
    tensor, (child,) = _new(Tensor), children
    # JAX nests what it derives of a Tensor by a Tensor: a Tensor in a Tensor is one.
    tensor._array = child._array if type(child) is Tensor else child
    trace.adopt(tensor)
    return tensor


jax.tree_util.register_pytree_node(Tensor, _flatten, _unflatten)
