"""Layers that note second moments for `nn.thor`: of what goes into them, and of the gradients of what comes out.

Such a layer has two more Parameters, `matrix_a` and `matrix_g`, that its output does not depend on. What a gradient
function gives for them is no derivative: the moments of this batch. So they reach the optimizer as gradients do, in
compiled steps and with several devices, and the optimizer keeps them there.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from msjax import ops
from msjax.core import dtype as mstype
from msjax.core.parameter import Parameter
from msjax.core.tensor import wrap
from msjax.nn.cell import Cell
from msjax.nn.documented import documented
from msjax.nn.layer.convolution import Conv2d
from msjax.nn.layer.dense import Dense, Embedding, EmbeddingLookup
from msjax.ops.call.operator import Operator


def _rows(kind: str, x, window: tuple):
    """What the layer multiplies its weight with, a row for each place of each sample."""
    if kind == "dense":
        return x.reshape(-1, x.shape[-1]).astype(np.float32)
    size, strides, pads, dilation = window
    patches = jax.lax.conv_general_dilated_patches(x.astype(np.float32), size, strides, pads, rhs_dilation=dilation)
    return jnp.moveaxis(patches, 1, -1).reshape(-1, patches.shape[1])


def _moments(kind: str, window: tuple, samples: int, x, gradient, size: int):
    """E[a a'] and E[g g'] of inputs a and gradients g of each sample's loss, of which the loss is the mean.

    At several places of a sample both are sums over these, and the second is divided by their number (Grosse and
    Martens 2016, A Kronecker-factored approximate Fisher matrix for convolution layers).
    """
    g = jnp.moveaxis(gradient, 1, -1) if kind == "convolution" else gradient
    g = g.reshape(-1, g.shape[-1]).astype(np.float32)
    places = len(g) // samples
    if kind == "embedding":
        a = jnp.zeros(size, np.float32).at[x.ravel()].add(1 / samples)  # the rest of the matrix is 0
    else:
        rows = _rows(kind, x, window)
        a = rows.T @ rows / samples
    return a, g.T @ g * (samples / places)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _noted(kind, window, y, x, matrix_a, matrix_g, due):
    return y


def _forward(kind, window, y, x, matrix_a, matrix_g, due):
    return y, (x, matrix_a, matrix_g, due)


def _backward(kind, window, kept, gradient):
    x, matrix_a, matrix_g, due = kept
    samples = len(x) if kind == "convolution" else x.size // (1 if kind == "embedding" else x.shape[-1])
    found = jax.lax.cond(
        due, lambda: _moments(kind, window, samples, x, gradient, len(matrix_a)), lambda: (matrix_a, matrix_g)
    )
    return gradient, None, *found, None


_noted.defvjp(_forward, _backward)


def _note(y, x, matrix_a, matrix_g, due, *, kind, window=()):
    return _noted(kind, window, y, x, matrix_a, matrix_g, due)


_NOTE = Operator(_note)


class _Noting(Cell):
    """It computes what the layer that notes nothing does.

    Returns:
        A Tensor, that of the layer that notes nothing.
    """

    kind: str
    due: Parameter
    matrix_a: Parameter
    matrix_g: Parameter

    def begin(self, due: Parameter | None = None) -> None:
        """Add what is noted, at `due`, a Parameter that is 1 when it shall be; always by default."""
        weight = self.turned()
        size = weight.shape[0] if self.kind == "embedding" else weight.size // weight.shape[0]
        outputs = weight.shape[-1] if self.kind == "embedding" else weight.shape[0]
        first = np.zeros(size if self.kind == "embedding" else (size, size), np.float32)
        self.matrix_a = Parameter(wrap(jnp.asarray(first)), name=f"{weight.name}.matrix_a")
        self.matrix_g = Parameter(wrap(jnp.zeros((outputs, outputs), np.float32)), name=f"{weight.name}.matrix_g")
        self.due = due or Parameter(wrap(jnp.ones((), np.int32)), name="due", requires_grad=False)

    def turned(self) -> Parameter:
        """The Parameter whose gradient the moments are for."""
        return self.embedding_table if self.kind == "embedding" else self.weight

    def note(self, y, x, window: tuple = ()) -> Any:
        """The output, which is noted of the input and of its gradient when that comes."""
        return _NOTE.call((y, x, self.matrix_a, self.matrix_g, self.due), (self.kind, window))


@documented
class DenseThor(Dense, _Noting):
    """A `Dense` layer that notes second moments for `nn.thor`.

    Example:
        >>> nn.DenseThor(3, 4)(ops.ones((2, 3))).shape
        (2, 4)
    """

    kind = "dense"

    def __init__(
        self, in_channels, out_channels, weight_init: Any = "normal", bias_init: Any = "zeros", has_bias=True,
        activation=None,
    ):  # fmt: skip
        super().__init__(in_channels, out_channels, weight_init, bias_init, has_bias, activation)
        self.begin()

    def construct(self, x):
        y = self.note(ops.dense(x, self.weight, self.bias), x)
        return y if self.activation is None else self.activation(y)


@documented
class Conv2dThor(Conv2d, _Noting):
    """A `Conv2d` layer that notes second moments for `nn.thor`.

    Example:
        >>> nn.Conv2dThor(3, 4, 2)(ops.ones((2, 3, 5, 5))).shape
        (2, 4, 5, 5)
    """

    kind = "convolution"

    def __init__(
        self, in_channels, out_channels, kernel_size, stride: Any = 1, pad_mode: Any = "same", padding: Any = 0,
        dilation: Any = 1, group: Any = 1, has_bias=False, weight_init: Any = "normal", bias_init: Any = "zeros",
    ):  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, pad_mode, padding, dilation, group, has_bias, weight_init,
            bias_init,
        )  # fmt: skip
        self.begin()

    def construct(self, x):
        pads = self._pads if isinstance(self._pads, str) else tuple(map(tuple, self._pads))
        return self.note(super().construct(x), x, (self.kernel_size, self.stride, pads, self.dilation))


@documented
class EmbeddingThor(Embedding, _Noting):
    """An `Embedding` layer that notes second moments for `nn.thor`.

    Args:
        use_one_hot: accepted for compatibility; the result is the same.
        padding_idx: the number of a row that starts as zeros, or None.

    Example:
        >>> nn.EmbeddingThor(10, 4)(Tensor([1, 2])).shape
        (2, 4)
    """

    kind = "embedding"

    def __init__(
        self, vocab_size, embedding_size, use_one_hot=False, embedding_table: Any = "normal",
        dtype: Any = mstype.float32, padding_idx=None,
    ):  # fmt: skip
        super().__init__(vocab_size, embedding_size, use_one_hot, embedding_table, dtype, padding_idx)
        self.begin()

    def construct(self, ids):
        return self.note(super().construct(ids), ids)


@documented
class EmbeddingLookupThor(EmbeddingLookup, _Noting):
    """An `EmbeddingLookup` layer that notes second moments for `nn.thor`.

    Args:
        target: "CPU" or "DEVICE", accepted for compatibility: where the table lives is JAX's choice.
        slice_mode, manual_shapes, sparse: accepted for compatibility.
        max_norm: the largest norm of a row that is given, larger ones are scaled down to it; None for any.

    Example:
        >>> nn.EmbeddingLookupThor(10, 4)(Tensor([1, 2])).shape
        (2, 4)
    """

    kind = "embedding"

    def __init__(
        self, vocab_size, embedding_size, param_init: Any = "normal", target: Any = "CPU",
        slice_mode: Any = "batch_slice", manual_shapes=None, max_norm=None, sparse=True,
    ):  # fmt: skip
        super().__init__(vocab_size, embedding_size, param_init, target, slice_mode, manual_shapes, max_norm, sparse)
        self.begin()

    def construct(self, indices):
        return self.note(super().construct(indices), indices)


_FORMS = {Dense: DenseThor, Conv2d: Conv2dThor, Embedding: EmbeddingThor, EmbeddingLookup: EmbeddingLookupThor}


def convert(net: Cell, due: Parameter | None = None) -> list[_Noting]:
    """Give the layers of a network the forms that note, where there is one, in place; gives all that have it."""
    noting = []
    for _, cell in net.cells_and_names():
        form = _FORMS.get(type(cell))
        if form is not None and getattr(cell, "group", 1) == 1 and getattr(cell, "data_format", "NCHW") == "NCHW":
            cell.__class__ = form
            cell.begin()
        if isinstance(cell, _Noting):
            cell.due = due or cell.due
            noting.append(cell)
    return noting
