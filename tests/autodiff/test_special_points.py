"""Derivatives of order 1 to 4 at 0, at kinks, ties and borders, where they are often nan: of every differentiable row.

What is right is told by the derivatives of the same order on both sides of the point, in float64.
"""

import itertools
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.core.tensor import raw, wrap

sys.path.insert(0, str(Path(__file__).parent))

from samples import LEFT_OUT, as_function, elementwise, floats, is_tensor, operators, sample

from sampling import sampled

INF, NAN = np.inf, np.nan
OPERATORS = operators()
ELEMENTWISE = elementwise(OPERATORS)
NEAR, NEARER = 1e-3, 1e-4


def derivatives(function, order: int, forward: bool):
    """A function of t, elementwise, and its first `order` derivatives, as a function of t."""

    def all_of(t):
        derived = [function, jax.grad(lambda t: function(t).sum())]
        for _ in range(order - 1):
            derived.append(pushed(derived[-1]) if forward else jax.grad(lambda t, f=derived[-1]: f(t).sum()))
        return jnp.stack([f(t) for f in derived])

    return jax.jit(all_of)


def pushed(function):
    return lambda t: jax.jvp(function, (t,), (jnp.ones_like(t),))[1]


def limit(near, nearer):
    """The limit of what has these values near the point, or nan."""
    known = np.isfinite(near) & np.isfinite(nearer)
    near, nearer = np.where(known, near, 0), np.where(known, nearer, 0)
    return np.where(known & (np.abs(near - nearer) <= 0.05 * np.maximum(0.1, np.abs(nearer))), nearer, NAN)


def continuous(at: dict) -> np.ndarray:
    """Where the values, which come first, are finite and do not jump."""
    values = np.stack([at[t][0] for t in (-NEARER, 0.0, NEARER)])
    finite, values = np.isfinite(values).all(0), np.where(np.isfinite(values), values, 0)
    return finite & (np.ptp(values, 0) < 0.02 * np.maximum(1, np.abs(values[1])))


def wrong(at: dict, single=None) -> np.ndarray:
    """Where derivatives, by the distance from the point, are not between their limits from both sides."""
    sides = np.stack([limit(at[sign * NEAR], at[sign * NEARER]) for sign in (-1, 1)])
    known = np.isfinite(sides).all(0)
    low, high = np.nan_to_num(sides).min(0), np.nan_to_num(sides).max(0)
    slack = 0.01 * np.maximum(1, np.maximum(np.abs(low), np.abs(high)))
    found = at[0.0] if single is None else single
    return continuous(at) & known & ~((found >= low - slack) & (found <= high + slack))


def near(function) -> dict:
    return {t: np.asarray(function(t)) for t in (0.0, -NEAR, NEAR, -NEARER, NEARER)}


# -- elementwise operators -------------------------------------------------------------------------------------------

POINTS = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 6.0, 20.0)
PAIRS = [
    (p, d) for p in itertools.product((0.0, 1.0, -1.0, 2.0), repeat=2) for d in ((1, 0), (0, 1), (1, 1), (1, -0.5))
]
# Kinks where a derivative is a convention, and so is the next one.
CONVENTIONS = {"ops.bessel_i0e", "ops.bessel_i1e", "ops.copysign"}


def along_lines(name: str):
    """An operator at many points, each moving in a direction, as a function of how far; None for three arguments."""
    operator = OPERATORS[name]
    arrays, statics = sample(name, operator)
    places = [k for k, a in enumerate(arrays) if is_tensor(a)]
    if len(places) > 2:
        return None
    if len(places) == 1:
        points, directions = [np.array(POINTS)], [np.ones(len(POINTS))]
    else:
        points, directions = (np.array([pair[k] for pair in PAIRS], float).T for k in (0, 1))

    def function(t):
        given = list(arrays)
        for place, point, direction in zip(places, points, directions, strict=True):
            moving = direction != 0  # what does not move has no derivative, instead of one times 0
            given[place] = wrap(jnp.where(moving, point + t * direction, point).astype(t.dtype))
        return sum(a.real for a in floats(operator._call(given, statics)))

    return function, np.zeros(len(points[0]))


def check_elementwise(name: str, order: int) -> None:
    function, zero = along_lines(name) or (None, None)
    if function is None:
        return
    for forward in (False, True):
        derived = derivatives(function, order, forward)
        at = near(lambda t, f=derived: f(zero + t))
        for found in (None, np.asarray(derived(zero.astype(np.float32)))):
            bad = np.argwhere(wrong(at, found))
            assert not bad.size, [(name, "forward" if forward else "reverse", *place) for place in bad.tolist()]


SWEPT = [name for name in ELEMENTWISE if name not in CONVENTIONS]


@pytest.mark.parametrize("name", sampled(12, SWEPT))
def test_elementwise_rows(name):
    check_elementwise(name, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", SWEPT)
def test_elementwise_rows_to_order_4(name):
    check_elementwise(name, 4)


# -- all rows --------------------------------------------------------------------------------------------------------

# Of these, one derivative is as good as another where elements are equal; it is to be finite.
OF_ORDER = ("sort", "extremes", "quantile", "search", "pooling", "segments", "scatter")
NO_DERIVATIVE = {
    "the 2-norm of all elements, and the standard deviation, at 0: nan as in MindSpore": """
        ops.norm ops.vector_norm mint.norm ops.std ops.std_mean ops.ReduceStd numpy.nanstd""",
    "not continuous, or not defined": """
        ops.qr ops.Qr Tensor.qr ops.lu_solve ops.matrix_solve ops.inverse ops.TensorScatterDiv ops.scatter_div
        ops.scatter_nd_div ops.lstsq ops.pinv ops.iou ops.Betainc ops.igamma ops.igammac ops.eigvals ops.svd
        ops.rrelu ops.prelu ops.NMSWithMask ops.matrix_band_part numpy.interp ops.cond ops.kl_div
        ops.binary_cross_entropy""",
    "it changes within 1e-6": "ops.triplet_margin_loss ops.clip_by_norm",
    "elements meet their kinks from both sides": """
        ops.smooth_l1_loss ops.huber_loss ops.margin_ranking_loss ops.ApplyProximalGradientDescent""",
}
REST = [
    name
    for name in OPERATORS
    if name not in {*LEFT_OUT, *ELEMENTWISE, *" ".join(NO_DERIVATIVE.values()).split()}
    and OPERATORS[name].definition.__module__ != "msjax.ops.maths.random"
]


def bases(shapes: list):
    """Arrays of these shapes with zeros, ties and equal eigenvalues; None keeps the sample."""
    rng = np.random.default_rng(1)
    yield [np.zeros(s) for s in shapes]
    yield [-np.zeros(s) for s in shapes]
    yield [np.full(s, 0.5) for s in shapes]
    yield [np.eye(*s[-2:]) * np.ones(s) if len(s) > 1 else None for s in shapes]
    yield [np.round(rng.uniform(-1.4, 1.4, s)) for s in shapes]
    yield [np.zeros(shapes[0]), *[None] * (len(shapes) - 1)]


def check_row(name: str, order: int) -> None:
    function, sampled = as_function(name, OPERATORS[name])
    rng = np.random.default_rng(0)
    directions = [rng.normal(size=a.shape) for a in sampled]
    weights = [rng.uniform(0.2, 1, a.shape) for a in function(sampled)]
    tie = OPERATORS[name].definition.__module__.endswith(OF_ORDER)

    def moved(t, base):
        results = function([b + (t * v).astype(b.dtype) for b, v in zip(base, directions, strict=True)])
        return sum((w * a.real).sum() for w, a in zip(weights, results, strict=True))

    def all_orders(t, base):
        reverse = forward = jax.grad(moved)
        derived = [reverse(t, base)]
        for _ in range(order - 1):
            reverse, forward = jax.grad(reverse), pushed_first(forward)
            derived += [reverse(t, base), forward(t, base)]
        return jnp.stack([moved(t, base), *derived])

    compiled = jax.jit(all_orders)
    for base in bases([a.shape for a in sampled]):
        base = [a if b is None else jnp.asarray(b, a.dtype) for a, b in zip(sampled, base, strict=True)]
        at = near(lambda t, base=base: compiled(t, base))
        bad = continuous(at) & ~np.isfinite(at[0.0]) & np.isfinite(at[NEARER]) if tie else wrong(at)
        assert not bad.any(), (name, base, {t: a.tolist() for t, a in at.items()})


def pushed_first(function):
    return lambda t, base: jax.jvp(lambda t: function(t, base), (t,), (1.0,))[1]


@pytest.mark.parametrize("name", sampled(40, REST))
def test_other_rows(name):
    check_row(name, 2)


# -- exact values ----------------------------------------------------------------------------------------------------

# (function, argument, its derivative)
FIRST = {
    "norm, ord 1": (lambda a: ops.norm(a, 1), [1.0, -2.0, 0.0], [1, -1, 0]),
    "norm, ord 3": (lambda a: ops.norm(a, 3), [0.0, 0.0], [0, 0]),
    "norm, ord 4": (lambda a: ops.norm(a, 4), [0.0, 0.0], [0, 0]),
    "norm, ord -1": (lambda a: ops.norm(a, -1), [0.0, 0.0], [0, 0]),
    "norm, ord inf": (lambda a: ops.norm(a, INF), [1.0, -1.0, 0.0], [1, 0, 0]),
    "norm, ord inf at 0": (lambda a: ops.norm(a, INF), [0.0, 0.0], [0, 0]),
    "norm along an axis": (lambda a: ops.norm(a, 2, 1), [[0.0, 0.0], [3.0, 4.0]], [[0, 0], [0.6, 0.8]]),
    "norm of a matrix, ord 1": (lambda a: ops.norm(a, 1, (0, 1)), np.eye(2), [[1, 0], [0, 0]]),
    "norm of a matrix, ord 2": (lambda a: ops.norm(a, 2, (0, 1)), np.eye(2), [[0.5, 0], [0, 0.5]]),
    "nuclear norm": (lambda a: ops.norm(a, "nuc", (0, 1)), np.eye(2), np.eye(2)),
    "vector_norm, ord 3": (lambda a: ops.vector_norm(a, 3), [0.0, 0.0], [0, 0]),
    "LpNorm, p 1": (ops.LpNorm(0, 1), [0.0, 2.0], [0, 1]),
    "LpNorm, p 2": (ops.LpNorm(0, 2), [0.0, 0.0], [0, 0]),
    "LpNorm, p 3": (ops.LpNorm(0, 3), [0.0, 1.0], [0, 1]),
    "cdist, p 1": (lambda a: ops.cdist(a, a[:1] * 0.0, 1.0), [[0.0, 1.0]], [[0, 1]]),
    "cdist, p inf": (lambda a: ops.cdist(a, a[:1] * 0.0, INF), [[0.0, 0.0]], [[0, 0]]),
    "copysign": (lambda a: ops.copysign(a, Tensor([1.0, -1.0, -1.0])), [0.0, 2.0, -2.0], [0, -1, 1]),
    "fmax": (lambda a: ops.fmax(a, Tensor([0.0, 1.0, NAN])), [0.0, 1.0, 2.0], [1, 1, 1]),
    "fmin": (lambda a: ops.fmin(a, Tensor([0.0, 1.0, NAN])), [0.0, 1.0, 2.0], [1, 1, 1]),
    "clip_by_norm": (lambda a: ops.clip_by_norm(a, 1.0), [0.0, 0.0], [1, 1]),
    "clip_by_norm, inf": (lambda a: ops.clip_by_norm(a, 1.0, INF), [0.0, 0.0], [1, 1]),
    "clip_by_global_norm": (lambda a: ops.clip_by_global_norm((a,), 1.0)[0], [0.0, 0.0], [1, 1]),
    "renorm": (lambda a: ops.renorm(a, 1, 0, 1.0), [[0.0, 0.0]], [[1, 1]]),
    "svd with U and V": (lambda a: ops.svd(a)[0].sum(), np.eye(3), np.eye(3)),
    "nextafter": (lambda a: ops.nextafter(a, Tensor([1.0])), [0.0], [1]),
    "mul_no_nan": (lambda a: ops.MulNoNan()(Tensor([2.0, INF]), a), [0.0, 0.0], [2, 0]),
    "xlogy": (lambda a: ops.xlogy(Tensor([0.0, 2.0]), a), [0.0, 1.0], [0, 2]),
    "xdivy": (lambda a: ops.xdivy(a, Tensor([2.0, 0.0])), [0.0, 0.0], [0.5, 0]),
    "acosh": (ops.acosh, [0.5, -2.0, 1.0], [NAN, NAN, INF]),
    "logit": (ops.logit, [-1.0, 2.0, 0.5], [NAN, NAN, 4]),
    "angle": (ops.angle, [0.0, -1.0], [0, 0]),
    "x ** Tensor": (lambda a: a ** Tensor([0.0, 1.0, 2.0]), [0.0, 0.0, 0.0], [0, 1, 0]),
    "Tensor ** x": (lambda a: Tensor([0.0, 0.0]) ** a, [0.0, 2.0], [0, 0]),
    "softmax, masked": (lambda a: ops.softmax(a) * Tensor([1.0, 2.0]), [[-INF, -INF], [0.0, -INF]], np.zeros((2, 2))),
    "logsumexp, masked": (lambda a: ops.logsumexp(a, 0), [-INF, -INF], [0, 0]),
    "logcumsumexp, masked": (lambda a: ops.logcumsumexp(a, 0), [-INF, -INF, 1.0], [0, 0, 1]),
    "logaddexp": (lambda a: ops.logaddexp(a, a), [-INF, 1.0], [0, 1]),
    "cosine_similarity of zeros": (lambda a: ops.cosine_similarity(a, 2 * a), [[0.0, 0.0]], [[0, 0]]),
    "cosine_embedding_loss of zeros": (
        lambda a: ops.cosine_embedding_loss(a, Tensor([[1.0, 0.0]]), Tensor([1])), [[0.0, 0.0]], [[0, 0]],
    ),
    "cosine_embedding_loss of tiny vectors": (
        lambda a: ops.cosine_embedding_loss(a, Tensor([[1.0, 0.0]]), Tensor([1])), [[1e-30, 1e-30]],
        [[-(0.5**1.5) * 1e30, 0.5**1.5 * 1e30]],
    ),
    "L2Normalize": (ops.L2Normalize(), [0.0, 0.0], [100, 100]),
    "layer_norm of 1e30": (lambda a: ops.layer_norm(a, (3,)), [[1e30, 2e30, -1e30]], np.zeros((1, 3))),
    "group_norm of 1e30": (lambda a: ops.group_norm(a, 1), [[[1e30, 2e30, -1e30]]], np.zeros((1, 1, 3))),
    "rms_norm of 1e30": (lambda a: ops.rms_norm(a, ops.ones(2))[0], [[1e30, 1e30]], np.zeros((1, 2))),
    "batch_norm of 1e30": (nn.BatchNorm1d(1).set_train(), [[1e30], [-1e30]], np.zeros((2, 1))),
    "lp_pool1d": (lambda a: ops.lp_pool1d(a, 2.0, 2), [[[0.0, 0.0]]], np.zeros((1, 1, 2))),
    "gaussian_nll_loss": (lambda a: ops.gaussian_nll_loss(a * 0, a * 0, a), [0.0, 2.0], [0, 0.125]),
    "binary_cross_entropy": (lambda a: ops.binary_cross_entropy(a, a * 0 + 1.0), [0.0, 0.5], [-5e11, -1]),
    "margin_ranking_loss": (lambda a: ops.margin_ranking_loss(a, a * 0.0, a * 0.0 + 1.0), [0.0], [-1]),
    "hinge_embedding_loss": (lambda a: ops.hinge_embedding_loss(a, Tensor([-1.0])), [1.0], [-0.5]),
    "normalize": (lambda a: ms.mint.nn.functional.normalize(a, 3.0, 0), [0.0, 2.0], [0.5, 0]),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST)
def test_first_derivative(name):
    function, x, wanted = FIRST[name]
    x = Tensor(np.asarray(x, np.float32))
    np.testing.assert_allclose(ms.grad(function)(x).asnumpy(), wanted, rtol=1e-5, atol=1e-6)
    again = ms.grad(lambda a: ms.grad(function)(a) * Tensor(np.arange(x.size, dtype=np.float32).reshape(x.shape)))(x)
    hidden = np.isnan(wanted).any() or np.isinf(wanted).any() or np.abs(wanted).max() > 1e20
    assert hidden or np.isfinite(again.asnumpy()).all()


# (function, point, its first four derivatives)
POWERS = {
    "x ** 2.0": (lambda a: a**2.0, 0.0, [0, 2, 0, 0]),
    "x ** 1.0": (lambda a: a**1.0, 0.0, [1, 0, 0, 0]),
    "x ** Tensor(2.0)": (lambda a: a ** Tensor(2.0, a.dtype), 0.0, [0, 2, 0, 0]),
    "x ** Tensor(3.0)": (lambda a: a ** Tensor(3.0, a.dtype), -1.0, [3, -6, 6, 0]),
    "x ** 0.0": (lambda a: a**0.0, 0.0, [0, 0, 0, 0]),
    "pow(x, 4.0)": (lambda a: ops.pow(a, 4.0), 0.0, [0, 0, 0, 24]),
    "i0": (ops.bessel_i0, 0.0, [0, 0.5, 0, 0.375]),
    "i1": (ops.bessel_i1, 0.0, [0.5, 0, 0.375, 0]),
    "i1 at 3": (ops.bessel_i1, 3.0, [3.5630025, 3.2049661, 2.9936166, 2.7764798]),
    "huber_loss": (lambda a: ops.huber_loss(a, a * 0.0), 0.0, [0, 1, 0, 0]),
    "smooth_l1_loss": (lambda a: ops.smooth_l1_loss(a, a * 0.0, 0.5), 0.0, [0, 2, 0, 0]),
    "hypot": (lambda a: ops.hypot(a, a * 0.0 + 1.0), 1.0, [0.5**0.5, 0.5**1.5, -3 * 0.5**2.5, 9 * 0.5**3.5]),
    "mul_no_nan": (lambda a: ops.MulNoNan()(a, a), 0.0, [0, 2, 0, 0]),
}


@pytest.mark.parametrize("dtype", [ms.float32, pytest.param(ms.float64, marks=pytest.mark.slow)], ids=str)
@pytest.mark.parametrize("name", POWERS)
def test_four_derivatives(name, dtype):
    function, point, wanted = POWERS[name]
    for forward in (False, True):
        derived = derivatives(lambda t: raw(function(wrap(t))), 4, forward)
        np.testing.assert_allclose(derived(jnp.asarray(point, dtype.numpy))[1:], wanted, rtol=1e-4, atol=1e-5)


def test_second_derivative_of_what_turns_with_equal_singular_values():
    """U @ V.T does not depend on which vectors are chosen, and is smooth at the identity."""
    weights = Tensor(np.random.default_rng(0).normal(size=(3, 3)))

    def polar(a):
        _, u, v = ops.svd(a)
        return (ops.matmul(u, v.T) * weights).sum()

    found = ms.grad(polar)(Tensor(np.eye(3))).asnumpy()
    np.testing.assert_allclose(found, (weights - weights.T).asnumpy() / 2, atol=1e-12)


def test_attention_with_all_keys_masked():
    attention, x = nn.MultiheadAttention(4, 2), Tensor(np.random.default_rng(0).normal(size=(3, 2, 4)), ms.float32)
    hidden = Tensor(np.array([[True] * 3, [False] * 3]))
    value, slope = ms.value_and_grad(lambda a: attention(a, a, a, key_padding_mask=hidden)[0])(x)
    np.testing.assert_array_equal(value.asnumpy()[:, 0], np.broadcast_to(attention.out_proj.bias.asnumpy(), (3, 4)))
    np.testing.assert_array_equal(slope.asnumpy()[:, 0], 0)
    assert np.isfinite(slope.asnumpy()).all() and slope.asnumpy()[:, 1].any()


def test_normalization_of_large_numbers_in_float32():
    x = np.array([[[1e30, 2e30, -1e30]]], np.float32)
    np.testing.assert_allclose(ops.group_norm(Tensor(x), 1).asnumpy().ravel(), [0.2672612, 1.0690449, -1.3363062], 1e-5)
    half = Tensor(np.array([300.0, 400.0], np.float16))
    np.testing.assert_allclose(ops.L2Normalize()(half).asnumpy(), [0.6, 0.8], 1e-3)


# -- empty -----------------------------------------------------------------------------------------------------------

EMPTY = [name for name in REST + ELEMENTWISE if "fft" not in name]


def check_empty(name: str) -> None:
    """What has a value for arrays without elements has a gradient, of their shape."""
    operator = OPERATORS[name]
    arrays, statics = sample(name, operator)
    leaves, tree = jax.tree.flatten(arrays, is_leaf=is_tensor)
    leaves = [Tensor(a.asnumpy()[:0]) if is_tensor(a) and a.ndim else a for a in leaves]
    places = [k for k, leaf in enumerate(leaves) if is_tensor(leaf) and floats(leaf)]

    def total(*given):
        filled = list(leaves)
        for place, one in zip(places, given, strict=True):
            filled[place] = one * 1
        results = operator.call(jax.tree.unflatten(tree, filled), statics)
        kept = [r for r in jax.tree.leaves(results, is_leaf=is_tensor) if is_tensor(r) and floats(r)]
        return sum((r.sum() for r in kept[1:]), kept[0].sum())

    try:
        total(*(leaves[k] for k in places))
    except Exception:  # there is no value
        return
    found = ms.grad(total, tuple(range(len(places))))(*(leaves[k] for k in places))
    found = found if isinstance(found, tuple) else (found,)
    assert [f.shape for f in found] == [leaves[k].shape for k in places]
    assert all(np.isfinite(f.asnumpy()).all() for f in found)


@pytest.mark.parametrize("name", sampled(60, EMPTY))
def test_empty(name):
    check_empty(name)
