"""Primitives that are derivatives of others: those that MindSpore 2.10 can not run on CPU, and what all have in common.

What it answers otherwise is in tests/golden/cases/grad_ops.py.
"""

import importlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, ops
from msjax.alias import advice
from msjax.core.tensor import raw, wrap
from msjax.ops import table

G = importlib.import_module("msjax.ops.operations._grad_ops")
I = importlib.import_module("msjax.ops.operations._inner_ops")  # noqa: E741


def f(*shape, seed=0, low=-1.0, high=1.0):
    return Tensor(np.random.default_rng([seed, *shape]).uniform(low, high, shape).astype(np.float32))


def pulled(function, dy, *inputs):
    """The gradients of `function`, the operator that is differentiated, by `ms.vjp`."""
    gradients = ms.vjp(function, *inputs)[1](dy)
    return gradients if isinstance(gradients, tuple) else (gradients,)


def agree(found, expected):
    found = found if isinstance(found, tuple) else (found,)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-4, atol=1e-6)


DY, X = f(2, 3, seed=1), f(2, 3, seed=2) * 3
LABELS = Tensor(np.sign(f(2, 3, seed=5).asnumpy()))
SQUARE = Tensor(np.float32([[4, 1, 0.5], [1, 3, 0.2], [0.5, 0.2, 2]]))
GAMMA, PICTURES = f(3, seed=4), f(1, 1, 4, 4)
PLACES = Tensor(np.int32([0, 2, 1])), Tensor(np.int32([0, 0, 1]))
REGION = Tensor(np.float32([[[0], [0], [0], [3], [3]]]))
LARGEST = ops.MaxPoolWithArgmax(2, 2)(PICTURES)[1]
CUTS = (9, 0, 0, 0, 2), (2, 9, 0, 0, 3), (1,) * 5
HEADS = f(1, 2, 4), f(1, 3, 4, seed=1), f(1, 3, 4, seed=2)

SAME = {
    "SeluGrad": (lambda: G.SeluGrad()(DY, ops.selu(X)), ops.selu, DY, X),
    "SoftmaxGrad": (lambda: G.SoftmaxGrad()(ops.softmax(X), DY), ops.softmax, DY, X),
    "SoftMarginLossGrad": (
        lambda: G.SoftMarginLossGrad("none")(X, LABELS, DY),
        lambda x: ops.soft_margin_loss(x, LABELS, "none"), DY, X,
    ),
    "MultilabelMarginLossGrad": (
        lambda: G.MultilabelMarginLossGrad()(Tensor(2.0), X, Tensor(np.int32([[0, 2, -1], [1, -1, 0]])), None),
        lambda x: ops.multilabel_margin_loss(x, Tensor(np.int32([[0, 2, -1], [1, -1, 0]]))), Tensor(2.0), X,
    ),
    "RmsNormGrad": (
        lambda: G.RmsNormGrad()(DY, X, ops.rms_norm(X, GAMMA)[1], GAMMA),
        lambda x, gamma: ops.rms_norm(x, gamma)[0], DY, X, GAMMA,
    ),
    "UniqueGrad": (
        lambda: G.UniqueGrad()((f(2), Tensor([9, 9])), Tensor([0, 1, 0])),
        lambda x: Tensor(np.float32([[1, 0, 1], [0, 1, 0]])) @ x, f(2), f(3),
    ),
    "SparseSegmentSumGrad": (
        lambda: G.SparseSegmentSumGrad()(DY, *PLACES, 4),
        lambda x: ops.unsorted_segment_sum(x[PLACES[0]], PLACES[1], 2), DY, f(4, 3),
    ),
    "EinsumGrad": (
        lambda: G.EinsumGrad("ij,jk->ik")((X, f(3, 2)), f(2, 2)),
        lambda x, y: ops.einsum("ij,jk->ik", x, y), f(2, 2), X, f(3, 2),
    ),
    "DropoutGrad": (lambda: G.DropoutGrad(0.5)(DY, X > 0), lambda x: x * (X > 0) / 0.5, DY, X),
    "CholeskyGrad": (lambda: G.CholeskyGrad()(ops.cholesky(SQUARE), f(3, 3)), ops.cholesky, f(3, 3), SQUARE),
    "StridedSliceGrad, all masks": (
        lambda: G.StridedSliceGrad(1, 2, 4, 8, 16)(f(2, 3, 4, 1), (3, 3, 4, 5), *CUTS),
        lambda x: ops.StridedSlice(1, 2, 4, 8, 16)(x, *CUTS),
        f(2, 3, 4, 1), f(3, 3, 4, 5),
    ),
    "StridedSliceGrad, ellipsis": (
        lambda: G.StridedSliceGrad(ellipsis_mask=1)(f(2, 3, 1), (2, 3, 4), (0, 1), (0, 2), (1, 1)),
        lambda x: x[..., 1:2], f(2, 3, 1), f(2, 3, 4),
    ),
    "FlashAttentionScoreGrad": (
        lambda: G.FlashAttentionScoreGrad(2)(*HEADS, f(1, 2, 4), f(1, 2, 2, 3)),
        lambda q, k, v, shift: ops.flash_attention_score(q, k, v, 2, shift), f(1, 2, 4), *HEADS, f(1, 2, 2, 3),
    ),
    "PSROIPoolingGrad": (
        lambda: G.PSROIPoolingGrad((4, 4), 1.0, 2, 1)(f(1, 1, 2, 2), REGION),
        lambda x: ops.PSROIPooling(1.0, 2, 1)(x, REGION), f(1, 1, 2, 2), f(1, 4, 4, 4),
    ),
    "FractionalMaxPoolGradWithFixedKsize": (
        lambda: G.FractionalMaxPoolGradWithFixedKsize()(PICTURES, f(1, 1, 2, 2), LARGEST),
        lambda x: ops.max_pool2d(x, 2, 2), f(1, 1, 2, 2), PICTURES,
    ),
    "MaxPoolGradWithArgmaxV2": (
        lambda: G.MaxPoolGradWithArgmaxV2(2, 2)(PICTURES, f(1, 1, 2, 2), None),
        lambda x: ops.max_pool2d(x, 2, 2), f(1, 1, 2, 2), PICTURES,
    ),
    "MaxPool3DGradWithArgmax": (
        lambda: G.MaxPool3DGradWithArgmax(2, 2, 0)(f(1, 1, 4, 4, 2), f(1, 1, 2, 2, 1), None),
        lambda x: ops.MaxPool3D(2, 2)(x), f(1, 1, 2, 2, 1), f(1, 1, 4, 4, 2),
    ),
    "AdaptiveMaxPool3DGrad": (
        lambda: G.AdaptiveMaxPool3DGrad()(f(1, 1, 2, 2, 1), f(1, 1, 4, 4, 2), None),
        lambda x: ops.MaxPool3D(2, 2)(x), f(1, 1, 2, 2, 1), f(1, 1, 4, 4, 2),
    ),
    "ResizeNearestNeighborV2Grad": (
        lambda: G.ResizeNearestNeighborV2Grad(half_pixel_centers=True)(f(1, 1, 3, 5), (4, 4)),
        lambda x: ops.ResizeNearestNeighbor((3, 5), half_pixel_centers=True)(x), f(1, 1, 3, 5), PICTURES,
    ),
    "PadV3Grad, axes apart": (
        lambda: G.PadV3Grad("edge", False)(f(1, 4, 7), (2, 1, 1, 1)),
        lambda x: ops.PadV3("edge", False)(x, (2, 1, 1, 1)), f(1, 4, 7), f(1, 2, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_is_the_derivative(name):
    call, function, *given = SAME[name]
    agree(call(), pulled(function, *given))


def test_random_gamma_moves_with_its_parameter():
    alpha, sample = f(4, low=0.5, high=3.0), f(4, low=0.2, high=2.0)
    found = G.RandomGammaGrad()(alpha, sample).asnumpy()
    by_alpha, by_sample = (
        np.asarray(jax.vmap(jax.grad(jax.scipy.special.gammainc, k))(raw(alpha), raw(sample))) for k in (0, 1)
    )
    np.testing.assert_allclose(found, -by_alpha / by_sample, rtol=1e-3)


def test_they_have_derivatives_themselves():
    def first(dy, x, scale):
        moments = x.mean((0, 2, 3)), x.var((0, 2, 3), 0)
        return ops.stack([G.BatchNormGrad(True)(dy, x, scale, *moments, None)[0]]).square().sum()

    def through_jax(dy, x, scale):
        def normal(x):
            variance = x.var((0, 2, 3), keepdims=True)
            return (x - x.mean((0, 2, 3), keepdims=True)) / jnp.sqrt(variance + 1e-5) * scale[None, :, None, None]

        return (jax.vjp(normal, x)[1](dy)[0] ** 2).sum()

    given = f(2, 3, 2, 2), f(2, 3, 2, 2, seed=1), GAMMA
    expected = jax.grad(through_jax, (0, 1, 2))(*map(raw, given))
    agree(ms.grad(first, (0, 1, 2))(*given), tuple(map(wrap, expected)))
    relu = ms.jit(lambda dy, x: ms.grad(lambda d: (G.ReluGrad()(d, x) ** 2).sum())(dy))
    agree(relu(DY, X), (2 * DY * (X > 0),))


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="shape"):
        G.ReluGrad()(DY, X[:1])


def test_rows_of_one_array():
    indices = [Tensor(np.int32([0, 2])), Tensor(np.int32([[1], [3]]))]
    data = [Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([[[5.0, 6.0]], [[7.0, 8.0]]])]
    assert I.DynamicStitch()(indices, data).asnumpy().tolist() == [[1, 2], [5, 6], [3, 4], [7, 8]]


def test_places_before_the_end():
    assert I.SequenceMask()(Tensor([1, 3]), 4).asnumpy().tolist() == [[True, False, False, False], [True] * 3 + [False]]
    rows = I.ClipByNorm(1)(X, Tensor(2.0)).norm(2, 1).asnumpy()  # of which MindSpore gives other numbers than it says
    np.testing.assert_allclose(rows, np.minimum(X.norm(2, 1).asnumpy(), 2), rtol=1e-6)
    agree(I.Centralization()(X, (1,)), (X - X.mean(1, keep_dims=True),))


def test_what_is_absent_says_why():
    for path in advice.NOT_SERVED:
        module, _, name = path.rpartition(".")
        if module in ("", "Tensor") or module.startswith("mint"):
            continue
        with pytest.raises(ImportError, match=r"is in MindSpore 2\.10, but not in msjax: "):
            exec(f"from msjax.{module} import {name}")


def test_each_row_can_be_made_and_says_what_it_is():
    for room in ("ops.grad_ops", "ops.inner_ops"):
        for name in table.names(room):
            made = table.lookup(room, name)
            assert "see above." not in made.__doc__ and made.__module__ == f"msjax.{room}", name
