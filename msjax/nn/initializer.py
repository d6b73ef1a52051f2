"""Initializers: how the elements of a new Parameter are filled.

They draw with numpy, because a compiled draw would be compiled anew for every shape of a network. One number of numpy's
global generator seeds each draw, as in MindSpore: both `ms.set_seed` and `np.random.seed` make a network repeatable.
Some underscored names are imported from here by programs, and stay.
"""

from __future__ import annotations

__only_computes__ = False  # see core.effects
__serves_once__ = True  # when a layer is made

import math
import numbers
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from msjax.core import dtype as mstype
from msjax.core import watching
from msjax.core.random import get_seed
from msjax.core.tensor import Tensor
from msjax.nn.documented import documented
from msjax.nn.draws import (
    _assignment,  # noqa: F401
    _calculate_correct_fan,
    _calculate_fan_in_and_fan_out,
    _calculate_gain,
    _calculate_in_and_out,  # noqa: F401
    _init_random_normal,
    _init_random_uniform,
    _init_truncated_normal,
    _numpy_seed,  # noqa: F401
)

_ALIASES: dict[str, type[Initializer]] = {}


def _register(*aliases: str):
    """Decorate an Initializer so that `initializer` finds it by its name, in any case, and by these."""

    def register(cls):
        for name in (cls.__name__, *aliases):
            _ALIASES[name.lower()] = cls
        return cls

    return register


class Initializer:
    """Base class. A subclass fills a numpy array in place in `_initialize(self, arr)`.

    Args:
        kwargs: kept for subclasses that pass their arguments on.

    Example:
        >>> class Seven(Initializer):
        ...     def _initialize(self, arr):
        ...         arr[...] = 7
        >>> initializer(Seven(), (2,))
        Tensor(shape=[2], dtype=Float32, value= [ 7.00000000e+00,  7.00000000e+00])
    """

    def __init__(self, **kwargs):
        self._kwargs = kwargs
        self._seed = None

    @property
    def seed(self) -> tuple[int, int]:
        """(global seed, seed of this initializer), 0 where none is set."""
        return (get_seed() or 0), (self._seed or 0)

    @seed.setter
    def seed(self, value: int) -> None:
        self._seed = value

    def _initialize(self, arr: np.ndarray) -> None:
        raise NotImplementedError(
            f"{type(self).__name__} must define _initialize(self, arr), which fills arr in place."
        )

    def __call__(self, arr: np.ndarray) -> None:
        self._initialize(arr)

    def draw(self, shape, dtype) -> np.ndarray:
        """A new array of this shape and numpy dtype."""
        if type(self).__module__ != __name__:
            watching.refuse("it fills a Tensor by an initializer that is not the library's")
        arr = np.zeros(tuple(shape), dtype)
        self._initialize(arr)
        return arr


def _check_axes(name: str, arr: np.ndarray, possible: tuple[int, ...]) -> None:
    if arr.ndim not in possible:
        wanted = " or ".join(map(str, possible))
        raise ValueError(
            f"For {name} initializer, the dimension of the initialized tensor should be {wanted}, but got {arr.ndim}."
        )


# -- constants -------------------------------------------------------------------------------------------------------


@_register("zeros")
class Zero(Initializer):
    """Zeros.

    Args:
        kwargs: kept for subclasses.

    Example:
        >>> initializer(Zero(), (2,)).asnumpy().tolist()
        [0.0, 0.0]
    """

    def _initialize(self, arr):
        arr[...] = 0


@_register("ones")
class One(Initializer):
    """Ones.

    Args:
        kwargs: kept for subclasses.

    Example:
        >>> initializer(One(), (2,)).asnumpy().tolist()
        [1.0, 1.0]
    """

    def _initialize(self, arr):
        arr[...] = 1


class Constant(Initializer):
    """One number everywhere.

    Args:
        value: the number.

    Raises:
        ValueError: when it is used, if `value` is an array.

    Example:
        >>> initializer(Constant(3), (2,)).asnumpy().tolist()
        [3.0, 3.0]
    """

    def __init__(self, value):
        super().__init__(value=value)
        self.value = value

    def _initialize(self, arr):
        if np.ndim(self.value):
            raise ValueError(
                f"For Constant, 'value' must be a number, but got an array of shape {np.shape(self.value)}."
            )
        arr[...] = self.value


@_register()
class Identity(Initializer):
    """Ones on the diagonal of a matrix, zeros elsewhere.

    Args:
        kwargs: kept for subclasses.

    Raises:
        ValueError: when it is used, for another shape than that of a matrix.

    Example:
        >>> initializer("identity", (2, 2)).asnumpy().tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """

    def _initialize(self, arr):
        _check_axes("Identity", arr, (2,))
        arr[...] = np.eye(*arr.shape)


@_register()
class Dirac(Initializer):
    """A convolution's weight that passes its input on: within each group, output i is input i.

    Args:
        groups: the number of groups, which must divide that of the outputs.

    Raises:
        ValueError: when it is used, for a shape of other than 3 to 5 axes, or outputs that do not divide into groups.

    Example:
        >>> initializer(Dirac(), (2, 2, 1)).asnumpy()[:, :, 0].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(self, groups: int = 1):
        super().__init__(groups=groups)
        self.groups = groups

    def _initialize(self, arr):
        _check_axes("Dirac", arr, (3, 4, 5))
        outputs, inputs = arr.shape[:2]
        if outputs % self.groups:
            raise ValueError(
                "For Dirac initializer, the first dimension of the initialized tensor must be divisible by groups, "
                f"but got first dimension {outputs}, groups {self.groups}."
            )
        arr[...] = 0
        middle = tuple(size // 2 for size in arr.shape[2:])
        each = outputs // self.groups
        for i in range(outputs):
            if i % each < inputs:
                arr[(i, i % each, *middle)] = 1


# -- random numbers --------------------------------------------------------------------------------------------------


@_register()
class Normal(Initializer):
    """Numbers of a normal distribution.

    Args:
        sigma: its standard deviation.
        mean: its mean.

    Example:
        >>> initializer(Normal(sigma=0.0, mean=2.0), (2,)).asnumpy().tolist()
        [2.0, 2.0]
    """

    def __init__(self, sigma: float = 0.01, mean: float = 0.0):
        super().__init__(sigma=sigma, mean=mean)
        self.sigma, self.mean = sigma, mean

    def _initialize(self, arr):
        arr[...] = _init_random_normal(self.mean, self.sigma, arr.shape)


@_register()
class TruncatedNormal(Initializer):
    """Numbers of a normal distribution that is cut off on both sides.

    Args:
        sigma: the standard deviation of the whole.
        mean: the mean of the whole.
        a: the smallest number, as a value, not as a multiple of `sigma`.
        b: the largest number, as a value.

    Example:
        >>> bool(initializer(TruncatedNormal(sigma=1.0), (100,)).asnumpy().max() <= 2.0)
        True
    """

    def __init__(self, sigma: float = 0.01, mean: float = 0.0, a: float = -2.0, b: float = 2.0):
        super().__init__(sigma=sigma, mean=mean, a=a, b=b)
        self.sigma, self.mean, self.a, self.b = sigma, mean, a, b

    def _initialize(self, arr):
        arr[...] = _init_truncated_normal(self.a, self.b, self.mean, self.sigma, arr.shape)


@_register()
class Uniform(Initializer):
    """Numbers of the uniform distribution on [-scale, scale].

    Args:
        scale: the largest number.

    Example:
        >>> bool(abs(initializer(Uniform(0.5), (100,)).asnumpy()).max() <= 0.5)
        True
    """

    def __init__(self, scale: float = 0.07):
        super().__init__(scale=scale)
        self.scale = scale

    def _initialize(self, arr):
        arr[...] = _init_random_uniform(-self.scale, self.scale, arr.shape)


class _Xavier(Initializer):
    def __init__(self, gain: float = 1):
        super().__init__(gain=gain)
        self.gain = gain

    def _sigma(self, shape) -> float:
        return self.gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(shape)))


@_register("xavier_uniform")
class XavierUniform(_Xavier):
    """Uniform on [-b, b], b = gain * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010).

    Args:
        gain: a factor.

    Example:
        >>> bool(abs(initializer("xavier_uniform", (3, 3)).asnumpy()).max() <= 1.0)
        True
    """

    def _initialize(self, arr):
        bound = math.sqrt(3.0) * self._sigma(arr.shape)
        arr[...] = _init_random_uniform(-bound, bound, arr.shape)


@_register("xavier_normal")
class XavierNormal(_Xavier):
    """Normal with sigma = gain * sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio, 2010).

    Args:
        gain: a factor.

    Example:
        >>> initializer("xavier_normal", (3, 3)).shape
        (3, 3)
    """

    def _initialize(self, arr):
        arr[...] = _init_random_normal(0.0, self._sigma(arr.shape), arr.shape)


class _He(Initializer):
    """Args:
    negative_slope: of "leaky_relu", from which the gain follows.
    mode: the fan: "fan_in" or "fan_out".
    nonlinearity: "leaky_relu", "relu", "tanh", "sigmoid" or "linear", from which the gain follows.
    """

    def __init__(self, negative_slope: float = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu"):
        super().__init__(negative_slope=negative_slope, mode=mode, nonlinearity=nonlinearity)
        self.negative_slope, self.mode, self.nonlinearity = negative_slope, mode, nonlinearity

    def _sigma(self, shape) -> float:
        fan = _calculate_correct_fan(shape, self.mode)
        return _calculate_gain(self.nonlinearity, self.negative_slope) / math.sqrt(fan)


@documented
@_register("he_uniform")
class HeUniform(_He):
    """Uniform on [-b, b], b = gain * sqrt(3 / fan) (He et al., 2015).

    Example:
        >>> initializer("he_uniform", (3, 3)).shape
        (3, 3)
    """

    def _initialize(self, arr):
        bound = math.sqrt(3.0) * self._sigma(arr.shape)
        arr[...] = _init_random_uniform(-bound, bound, arr.shape)


@documented
@_register("he_normal")
class HeNormal(_He):
    """Normal with sigma = gain / sqrt(fan) (He et al., 2015).

    Example:
        >>> initializer("he_normal", (3, 3)).shape
        (3, 3)
    """

    def _initialize(self, arr):
        arr[...] = _init_random_normal(0.0, self._sigma(arr.shape), arr.shape)


@_register()
class VarianceScaling(Initializer):
    """Numbers of standard deviation sqrt(scale / fan).

    Args:
        scale: a number greater than 0.
        mode: the fan: "fan_in", "fan_out" or "fan_avg".
        distribution: "truncated_normal" (cut off at two sigma), "untruncated_normal" or "uniform".

    Raises:
        ValueError: if an argument is none of these.

    Differs from MindSpore: "truncated_normal" is one, as documented; MindSpore 2.10 draws uniform numbers.

    Example:
        >>> initializer(VarianceScaling(mode="fan_avg"), (3, 3)).shape
        (3, 3)
    """

    def __init__(self, scale: float = 1.0, mode: str = "fan_in", distribution: str = "truncated_normal"):
        super().__init__(scale=scale, mode=mode, distribution=distribution)
        for what, value, possible in (
            ("mode", mode, ("fan_in", "fan_out", "fan_avg")),
            ("distribution", distribution, ("uniform", "truncated_normal", "untruncated_normal")),
        ):
            if value not in possible:
                raise ValueError(
                    f"For VarianceScaling initializer, '{what}' must be one of {possible}, but got {value}."
                )
        if scale <= 0:
            raise ValueError(
                f"For VarianceScaling initializer, the argument 'scale' must be greater than 0, but got {scale}."
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def _initialize(self, arr):
        fan_in, fan_out = _calculate_fan_in_and_fan_out(arr.shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        sigma = math.sqrt(self.scale / fan)
        if self.distribution == "uniform":
            bound = math.sqrt(3.0) * sigma
            arr[...] = _init_random_uniform(-bound, bound, arr.shape)
        elif self.distribution == "untruncated_normal":
            arr[...] = _init_random_normal(0.0, sigma, arr.shape)
        else:
            sigma /= 0.87962566103423978  # what cutting at two sigma leaves of the standard deviation
            arr[...] = _init_truncated_normal(-2 * sigma, 2 * sigma, 0.0, sigma, arr.shape)


@_register()
class Orthogonal(Initializer):
    """A matrix, of all axes but the first flattened, whose rows or columns are orthogonal and `gain` long.

    Reference: Saxe et al., Exact solutions to the nonlinear dynamics of learning in deep linear networks, 2013.

    Args:
        gain: the length.

    Raises:
        ValueError: when it is used, for a shape of fewer than 2 axes.

    Example:
        >>> initializer(Orthogonal(), (2, 3)).shape
        (2, 3)
    """

    def __init__(self, gain: float = 1.0):
        super().__init__(gain=gain)
        self.gain = gain

    def _initialize(self, arr):
        if arr.ndim < 2:
            raise ValueError(
                "For Orthogonal initializer, the dimension of the initialized tensor should be no less than 2, "
                f"but got {arr.ndim}."
            )
        rows, columns = arr.shape[0], math.prod(arr.shape[1:])
        q, r = np.linalg.qr(_init_random_normal(0.0, 1.0, (max(rows, columns), min(rows, columns))))
        q *= np.where(np.diag(r) < 0, -1, 1)  # makes the distribution uniform
        arr[...] = self.gain * (q if rows >= columns else q.T).reshape(arr.shape)


@_register()
class Sparse(Initializer):
    """A matrix of which a part of each column is zero and the rest normal.

    Args:
        sparsity: the part of zeros, rounded up to whole rows.
        sigma: the standard deviation of the others.

    Raises:
        ValueError: when it is used, for another shape than that of a matrix.

    Example:
        >>> int((initializer(Sparse(0.5), (4, 3)).asnumpy() == 0).sum())
        6
    """

    def __init__(self, sparsity: float, sigma: float = 0.01):
        super().__init__(sparsity=sparsity, sigma=sigma)
        self.sparsity, self.sigma = sparsity, sigma

    def _initialize(self, arr):
        _check_axes("Sparse", arr, (2,))
        arr[...] = _init_random_normal(0.0, self.sigma, arr.shape)
        zeros = math.ceil(self.sparsity * arr.shape[0])
        order = _init_random_uniform(0, 1, arr.shape).argsort(axis=0)
        np.put_along_axis(arr, order[:zeros], 0, axis=0)


# -- the function ----------------------------------------------------------------------------------------------------


def initializer(init, shape=None, dtype: Any = mstype.float32) -> Tensor:
    """A Tensor filled by an initializer.

    Args:
        init: an Initializer, its name in any case ("normal", "ones", "XavierUniform", "he_uniform", ...), a number, or
            a Tensor of this shape, which is returned as it is.
        shape: an int, or a tuple or list of ints.
        dtype: a MindSpore dtype.

    Returns:
        A Tensor of this shape and dtype.

    Raises:
        TypeError: if `init` or `dtype` are something else.
        ValueError: if the name is unknown or the shape is not of positive ints.

    Differs from MindSpore: the elements are drawn at once, not when the Parameter is first used.

    Example:
        >>> initializer("ones", (2,))
        Tensor(shape=[2], dtype=Float32, value= [ 1.00000000e+00,  1.00000000e+00])
    """
    if isinstance(init, Tensor):
        if shape is None or tuple(init.shape) != _shape(shape):
            raise ValueError(
                "For 'initializer', the shape of the 'init' argument should be same as the argument 'shape', "
                f"but got the 'init' shape {list(init.shape)} and the 'shape' {shape}."
            )
        return init
    init = _find(init)
    if shape is None or dtype is None:
        raise ValueError(f"For 'initializer', 'shape' and 'dtype' must be given with {type(init).__name__}.")
    if not (isinstance(dtype, mstype.DType) and dtype.numpy is not None):
        raise TypeError(
            f"For 'initializer', 'dtype' must be a mindspore dtype such as mindspore.float32, but got {dtype!r}."
        )
    return Tensor(shape=_shape(shape), dtype=dtype, init=init)


@contextmanager
def no_init_parameters() -> Iterator[None]:
    """A `with` block in which networks may be made whose values will be loaded.

    Differs from MindSpore: initializers draw when Parameters are made, in the block as outside of it.

    Returns:
        A context manager.

    Example:
        >>> from msjax.nn.utils import no_init_parameters
        >>> with no_init_parameters():
        ...     net = nn.Dense(2, 1)
        >>> net.weight.shape
        (1, 2)
    """
    yield


def _find(init) -> Initializer:
    if isinstance(init, Initializer):
        return init
    if isinstance(init, str):
        if init.lower() not in _ALIASES:
            raise ValueError(
                f"For 'initializer', the class corresponding to '{init}' was not found. Known are: {sorted(_ALIASES)}."
            )
        return _ALIASES[init.lower()]()
    if isinstance(init, numbers.Number):
        return Constant(init)
    raise TypeError(
        "For 'initializer', the type of the 'init' argument should be 'Tensor', 'number', 'string' or 'initializer', "
        f"but got {type(init)}."
    )


def _shape(shape) -> tuple[int, ...]:
    sizes = (shape,) if isinstance(shape, numbers.Integral) else shape
    if not isinstance(sizes, (tuple, list)) or not all(isinstance(s, numbers.Integral) and int(s) > 0 for s in sizes):
        raise ValueError(f"For 'initializer', the argument 'shape' must be of positive ints, but got {shape}.")
    return tuple(int(s) for s in sizes)


__all__ = [
    "Initializer", "initializer", "TruncatedNormal", "Normal", "Uniform", "HeUniform", "HeNormal", "XavierUniform",
    "XavierNormal", "One", "Zero", "Constant", "Identity", "Sparse", "Dirac", "Orthogonal", "VarianceScaling",
]  # fmt: skip
