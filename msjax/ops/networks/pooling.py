"""Pooling over windows, adaptive pooling, and their inverse."""

from __future__ import annotations

from functools import reduce

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from msjax.ops.call.promotion import array, is_float
from msjax.ops.maths.rules import power, root_of
from msjax.ops.networks.convolution import per_axis, resolve_padding
from msjax.ops.table import family, op

FUNCTIONAL = "mint.nn.functional"


def check_axes(shape, n: int, what: str) -> None:
    """Raise ValueError unless a shape has `n` axes besides channels, and perhaps a batch."""
    if len(shape) not in (n + 1, n + 2):
        raise ValueError(
            f"For '{what}', the input must have {n + 2} axes, or {n + 1} without the batch, but got shape {shape}."
        )


class Window:
    """Windows over the last axes of an array: kernel, strides, dilation and zeros around each axis.

    With `ceil_mode` a window may begin inside the array and reach beyond its padding.
    """

    def __init__(
        self, shape, n, kernel, stride=None, padding=0, dilation=1, ceil_mode=False, pad_mode="pad", what="pooling"
    ):
        check_axes(shape, n, what)
        self.n, self.sizes, self.what = n, shape[-n:], what
        self.kernel = self._positive(kernel, "kernel_size")
        self.strides = self.kernel if stride is None else self._positive(stride, "stride")
        self.dilation = self._positive(dilation, "dilation")
        self.pads = self._pads(pad_mode, padding)
        self.extra = [
            self._extra(*each) if ceil_mode else 0
            for each in zip(self.sizes, self.extents, self.strides, self.pads, strict=True)
        ]

    def _positive(self, value, name: str) -> tuple[int, ...]:
        values = per_axis(value, self.n, name)
        if any(v <= 0 for v in values):
            raise ValueError(
                f"For '{self.what}', the '{name}' must be a positive int or a tuple of them, but got {value}."
            )
        return values

    @property
    def extents(self) -> list[int]:
        return [d * (k - 1) + 1 for d, k in zip(self.dilation, self.kernel, strict=True)]

    def _pads(self, pad_mode: str, padding) -> list[tuple[int, int]]:
        pads = resolve_padding(pad_mode, padding, self.n, self.what)
        if pads == "VALID":
            return [(0, 0)] * self.n
        if pads == "SAME":
            totals = (
                max((-(-i // s) - 1) * s + e - i, 0)
                for i, s, e in zip(self.sizes, self.strides, self.extents, strict=True)
            )
            return [(t // 2, t - t // 2) for t in totals]
        if any(max(p) > e // 2 for p, e in zip(pads, self.extents, strict=True)):
            raise ValueError(
                f"For '{self.what}', it is required that the padding is no more than half of the kernel_size, but got "
                f"padding {padding} and kernel_size {self.kernel}."
            )
        return pads

    @staticmethod
    def _extra(size, extent, stride, pads) -> int:
        room = size + sum(pads) - extent
        count = -(-room // stride) + 1
        if (count - 1) * stride >= size + pads[0]:
            count -= 1
        return max((count - 1) * stride - room, 0)

    def arguments(self, ndim: int):
        """The window's arguments for `lax.reduce_window` on an array of `ndim` axes."""
        front = (1,) * (ndim - self.n)
        pads = [(low, high + extra) for (low, high), extra in zip(self.pads, self.extra, strict=True)]
        return {
            "window_dimensions": front + self.kernel, "window_strides": front + self.strides,
            "padding": [(0, 0)] * len(front) + pads, "window_dilation": front + self.dilation,
        }  # fmt: skip

    @property
    def tiles(self) -> bool:
        """Whether the windows are small tiles side by side, which can be axes of a reshaped array: the gradient of the
        largest element of XLA's general windows takes several times longer on a CPU."""
        plain = self.strides == self.kernel and not any(map(sum, self.pads)) and not any(self.extra)
        return plain and set(self.dilation) == {1} and max(self.kernel) <= 4 and min(self.counted) > 0

    @property
    def counted(self) -> list[int]:
        """How many whole tiles there are along each axis."""
        return [size // kernel for size, kernel in zip(self.sizes, self.kernel, strict=True)]

    def _tiled(self, x):
        """`x` with each pooled axis as two, (tiles, elements), and the places of the latter."""
        front = x.ndim - self.n
        whole = [slice(count * kernel) for count, kernel in zip(self.counted, self.kernel, strict=True)]
        pairs = [length for pair in zip(self.counted, self.kernel, strict=True) for length in pair]
        return x[..., *whole].reshape(*x.shape[:front], *pairs), range(front + 1, front + 2 * self.n, 2)

    def max(self, x):
        if self.tiles:
            x, axes = self._tiled(x)
            for axis in reversed(axes):  # the last first, so that among equals the first element has the gradient
                x = reduce(_first_larger, (lax.index_in_dim(x, i, axis, False) for i in range(x.shape[axis])))
            return x
        lowest = -jnp.inf if is_float(x) else np.iinfo(x.dtype).min
        return lax.reduce_window(x, np.asarray(lowest, x.dtype), lax.max, **self.arguments(x.ndim))

    def sum(self, x):
        return lax.reduce_window(x, np.asarray(0, x.dtype), lax.add, **self.arguments(x.ndim))

    def argmax(self, x):
        """Where each window's first maximum is, counted through the pooled axes."""
        x = lax.stop_gradient(x)
        places = np.arange(np.prod(self.sizes)).reshape(self.sizes)
        places = jnp.broadcast_to(jnp.asarray(places, np.int64), x.shape)

        def later_only_if_larger(a, b):
            better = (b[0] > a[0]) | ((b[0] == a[0]) & (b[1] < a[1])) | jnp.isnan(b[0])
            return jnp.where(better, b[0], a[0]), jnp.where(better, b[1], a[1])

        start = (
            np.asarray(-jnp.inf if is_float(x) else np.iinfo(x.dtype).min, x.dtype),
            np.asarray(np.iinfo(np.int64).max),
        )
        return lax.reduce_window((x, places), start, later_only_if_larger, **self.arguments(x.ndim))[1]

    def counts(self, include_pad: bool) -> np.ndarray:
        """How many elements each window averages; zeros around the array count if `include_pad`."""
        total = np.ones(())
        for size, kernel, stride, (low, high), extra in zip(
            self.sizes, self.kernel, self.strides, self.pads, self.extra, strict=True
        ):
            inside = np.concatenate(
                [np.full(low, include_pad), np.ones(size), np.full(high, include_pad), np.zeros(extra)]
            )
            starts = np.arange(0, len(inside) - kernel + 1, stride)
            total = total[..., None] * np.array([inside[s : s + kernel].sum() for s in starts])
        return total

    def mean(self, x, include_pad: bool = True, divisor=None):
        counts = divisor or np.maximum(self.counts(include_pad), 1)
        return self.sum(x) / np.asarray(counts, x.dtype)


def _first_larger(a, b):
    """The larger of two; the first where they are equal or it is NaN. All of the gradient goes to the one chosen."""
    return jnp.where((a >= b) | (a != a), a, b)


def max_pool(x, n, *, return_indices=False, **window):
    x = array(x)
    window = Window(x.shape, n, **window)
    return (window.max(x), window.argmax(x)) if return_indices else window.max(x)


def avg_pool(x, n, *, count_include_pad=True, divisor_override=None, **window):
    x = array(x)
    return Window(x.shape, n, **window).mean(x, count_include_pad, divisor_override)


@op(
    "ops.max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
    f"{FUNCTIONAL}.max_pool2d(input, kernel_size, stride=None, padding=0, "
    "dilation=1, ceil_mode=False, return_indices=False)",
)
def max_pool2d(x, *, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The largest element of each window over the last 2 axes; with `return_indices` also where it is.

    Args:
        x: (N, C, H, W).
        stride: the kernel's size by default.

    Raises:
        ValueError: for unfit ranks, kernels or paddings.
    """
    return max_pool(x, 2, kernel=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode,
                    return_indices=return_indices, what="max_pool2d")  # fmt: skip


@op("ops.max_pool3d(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)")
def max_pool3d(x, *, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The largest element of each window over the last 3 axes; with `return_indices` also where it is."""
    return max_pool(x, 3, kernel=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode,
                    return_indices=return_indices, what="max_pool3d")  # fmt: skip


AVERAGE = "padding=0, ceil_mode=False, count_include_pad=True"


@op(
    f"ops.avg_pool1d(input_x, kernel_size=1, stride=1, {AVERAGE}; n=1)",
    f"{FUNCTIONAL}.avg_pool1d(input, kernel_size, stride=None, {AVERAGE}; n=1)",
    *family(
        "n",
        (2, 3),
        f"ops.avg_pool{{n}}d(input_x, kernel_size=1, stride=1, {AVERAGE}, divisor_override=0)",
        f"{FUNCTIONAL}.avg_pool{{n}}d(input, kernel_size, stride=None, {AVERAGE}, divisor_override=None)",
    ),
    name="avg_pool{n}d",
)
def average_pool(
    x, *, kernel_size, stride, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None, n=2
):
    """The mean of each window over the last {n} axes.

    Args:
        count_include_pad: whether zeros around the input count.
        divisor_override: divide by this instead of the number of elements.
    """
    window = {"kernel": kernel_size, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    what = f"avg_pool{n}d"
    return avg_pool(x, n, count_include_pad=count_include_pad, divisor_override=divisor_override, what=what, **window)


@op(
    *family("n", (1, 2), "ops.lp_pool{n}d(x, norm_type, kernel_size, stride=None, ceil_mode=False)"),
    numbers="norm_type",
)
def lp_pool(x, *, norm_type, kernel_size, stride=None, ceil_mode=False, n=2):
    """The p-norm of each window, without absolute values: (sum of x ** p) ** (1 / p). The sum of a window that is not
    whole, which there are with `ceil_mode`, counts as if it were."""
    x = array(x)
    powers = power(x, array(norm_type).astype(x.dtype))
    window = Window(powers.shape, n, kernel_size, stride, ceil_mode=ceil_mode, what=f"lp_pool{n}d")
    missing = np.prod(window.kernel) / window.counts(include_pad=True)
    return root_of(window.sum(powers) * np.asarray(missing, powers.dtype), norm_type)


# -- primitives ------------------------------------------------------------------------------------------------------


def channels_first(function, x, data_format: str):
    """Apply `function` to `x` with its channels as axis 1."""
    if not data_format.endswith("C"):
        return function(array(x))
    return jnp.moveaxis(function(jnp.moveaxis(array(x), -1, 1)), 1, -1)


@op("ops.MaxPool(kernel_size=1, strides=1, pad_mode='valid', data_format='NCHW')(x)")
def max_pool_primitive(x, *, kernel_size=1, strides=1, pad_mode="valid", data_format="NCHW"):
    """The largest element of each window over 2 axes."""
    window = {"kernel": kernel_size, "stride": strides, "pad_mode": pad_mode, "what": "MaxPool"}
    return channels_first(lambda x: max_pool(x, 2, **window), x, data_format)


@op("ops.AvgPool(kernel_size=1, strides=1, pad_mode='VALID', data_format='NCHW')(x)")
def avg_pool_primitive(x, *, kernel_size=1, strides=1, pad_mode="VALID", data_format="NCHW"):
    """The mean of each window over 2 axes; zeros around the input do not count."""
    window = {"kernel": kernel_size, "stride": strides, "pad_mode": pad_mode, "what": "AvgPool"}
    return channels_first(lambda x: avg_pool(x, 2, count_include_pad=False, **window), x, data_format)


@op(
    "ops.MaxPool3D(kernel_size=1, strides=1, pad_mode='VALID', pad_list=0, ceil_mode=None, data_format: _ = 'NCDHW')(x)"
)
def max_pool3d_primitive(x, *, kernel_size=1, strides=1, pad_mode="VALID", pad_list=0, ceil_mode=None):
    """The largest element of each window over 3 axes."""
    return max_pool(
        x,
        3,
        kernel=kernel_size,
        stride=strides,
        pad_mode=pad_mode,
        padding=pad_list,
        ceil_mode=bool(ceil_mode),
        what="MaxPool3D",
    )


@op(
    "ops.AvgPool3D(kernel_size=1, strides=1, pad_mode='valid', pad=0, "
    "ceil_mode=False, count_include_pad=True, divisor_override=0, "
    "data_format: _ = 'NCDHW')(x)"
)
def avg_pool3d_primitive(
    x, *, kernel_size=1, strides=1, pad_mode="valid", pad=0, ceil_mode=False, count_include_pad=True, divisor_override=0
):
    """The mean of each window over 3 axes."""
    window = {"kernel": kernel_size, "stride": strides, "pad_mode": pad_mode, "padding": pad, "ceil_mode": ceil_mode}
    divided = {"count_include_pad": count_include_pad, "divisor_override": divisor_override}
    return avg_pool(x, 3, **window, **divided, what="AvgPool3D")


@op("ops.MaxPoolWithArgmax(kernel_size=1, strides=1, pad_mode='valid', data_format: _ = 'NCHW')(x)")
def max_pool_with_argmax(x, *, kernel_size=1, strides=1, pad_mode="valid") -> tuple[jax.Array, jax.Array]:
    """The largest element of each window over 2 axes, and where it is in all channels of its image (int32)."""
    largest, places = max_pool(
        x, 2, kernel=kernel_size, stride=strides, pad_mode=pad_mode, return_indices=True, what="MaxPoolWithArgmax"
    )
    channels, size = x.shape[1], x.shape[2] * x.shape[3]
    return largest, (places + (np.arange(channels) * size)[:, None, None]).astype(np.int32)


@op(
    *family(
        "name",
        ("MaxPoolWithArgmaxV2", "MaxPoolWithIndices", "MaxPoolWithMask"),
        "ops.{name}(kernel_size, strides=None, pads=0, dilation=(1, 1), ceil_mode=False, argmax_type=mstype.int64)(x)",
    ),
    name="{name}",
    kinds={
        "kernel_size": "int > 0 or 2 int > 0",
        "strides": "None or int > 0 or 2 int > 0",
        "ceil_mode": "bool",
        "pads": "int >= 0 or 2 int >= 0",
        "dilation": "int > 0 or 2 int > 0",
        "argmax_type": "dtype",
    },
)
def max_pool_with_indices(
    x,
    *,
    kernel_size,
    strides=None,
    pads=0,
    dilation=(1, 1),
    ceil_mode=False,
    argmax_type=None,
    name="MaxPoolWithIndices",
) -> tuple[jax.Array, jax.Array]:
    """The largest element of each window over 2 axes, and where it is.

    Args:
        pads: zeros around the input; they never are the largest.
        argmax_type: the dtype of the places.
    """
    largest, places = max_pool(x, 2, kernel=kernel_size, stride=strides, padding=pads, dilation=dilation,
                               ceil_mode=ceil_mode, return_indices=True, what=name)  # fmt: skip
    return largest, places.astype(argmax_type.numpy) if argmax_type else places


@op(
    "ops.MaxPool3DWithArgmax(ksize, strides, pads, dilation=(1, 1, 1), "
    "ceil_mode=False, data_format: _ = 'NCDHW', argmax_type=mstype.int64)(x)"
)
def max_pool3d_with_argmax(
    x, *, ksize, strides, pads, dilation=(1, 1, 1), ceil_mode=False, argmax_type=None
) -> tuple[jax.Array, jax.Array]:
    """The largest element of each window over 3 axes, and where it is."""
    largest, places = max_pool(x, 3, kernel=ksize, stride=strides, padding=pads, dilation=dilation, ceil_mode=ceil_mode,
                               return_indices=True, what="MaxPool3DWithArgmax")  # fmt: skip
    return largest, places.astype(argmax_type.numpy) if argmax_type else places
