"""vmap: axes, ensembles, randomness, state, errors."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops

SEVEN = Tensor(7.0)


def x():
    return Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def product(a, b):
    return a * b


def two(a):
    return a * 2, a.sum()


def values(tree):
    return tuple(map(values, tree)) if isinstance(tree, tuple) else tree.asnumpy().tolist()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: ms.vmap(ops.sum)(x()), [3, 7, 11]),
        (lambda: ms.vmap(ops.sum, 1)(x()), [9, 12]),
        (lambda: ms.vmap(ops.sum, -1)(x()), [9, 12]),
        (lambda: ms.vmap(lambda a: a, 0, 1)(x()), [[1, 3, 5], [2, 4, 6]]),
        (lambda: ms.vmap(lambda a: a, 0, -1)(x()), [[1, 3, 5], [2, 4, 6]]),
        (lambda: ms.vmap(product, (0, None))(Tensor([1.0, 2.0]), 3.0), [3, 6]),
        (lambda: ms.vmap(product, [0, None])(Tensor([1.0, 2.0]), Tensor([1.0, 2.0])), [[1, 2], [2, 4]]),
        (lambda: ms.vmap(lambda p: p[0] * p[1], ((0, None),))((Tensor([1.0, 2.0]), Tensor(3.0))), [3, 6]),
        (lambda: ms.vmap(lambda p: p[0] * p[1])((Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))), [3, 8]),
        (lambda: ms.vmap(two, 0, (1, 0))(x()), ([[2, 6, 10], [4, 8, 12]], [3, 7, 11])),
        (lambda: ms.vmap(lambda a: [a, a.sum()])(x()), ([[1, 2], [3, 4], [5, 6]], [3, 7, 11])),
        (lambda: ms.vmap(lambda a, c=SEVEN: (a, c))(Tensor([1.0, 2.0])), ([1, 2], [7, 7])),
        (lambda: ms.vmap(lambda a, c=SEVEN: (a, c), 0, (0, None))(Tensor([1.0, 2.0])), ([1, 2], 7)),
        (
            lambda: ms.vmap(ms.vmap(product, (0, None)), (None, 0))(Tensor([1.0, 2.0]), Tensor([3.0, 4.0])),
            [[3, 6], [4, 8]],
        ),
        (lambda: ms.vmap(ms.grad(lambda a: a**3))(Tensor([1.0, 2.0])), [3, 12]),
        (lambda: ms.grad(lambda a: ms.vmap(ops.sin)(a).sum() + a.sum())(Tensor([0.0])), [2]),
    ],
)
def test_axes(call, expected):
    assert values(call()) == expected


@pytest.mark.parametrize(
    ("call", "error", "fragment"),
    [
        (
            lambda: ms.vmap(ops.sin, None)(x()),
            RuntimeError,
            "The 'in_axes' of 'vmap' cannot be a single None while 'fn'",
        ),
        (
            lambda: ms.vmap(ops.sin, 0, None)(x()),
            RuntimeError,
            "The 'out_axes' of 'vmap' cannot be a single None while 'fn'",
        ),
        (lambda: ms.vmap(ops.sin, (None,))(x()), RuntimeError, "cannot be all None"),
        (
            lambda: ms.vmap(product)(x(), x()[:2]),
            RuntimeError,
            "'axis_size' of each argument in the scope of 'vmap' should be equal",
        ),
        (lambda: ms.vmap(product, (0,))(x(), x()), RuntimeError, "number of arguments of 'fn': 2, but got size: 1"),
        (
            lambda: ms.vmap(two, 0, (0, 0, 0))(x()),
            RuntimeError,
            "The size of vmap's 'out_axes' should be equal to the number of",
        ),
        (
            lambda: ms.vmap(ops.sin, 3)(x()),
            RuntimeError,
            "The axis: 3 in 'in_axes' is out of bounds for array of dimension [-2,2).",
        ),
        (
            lambda: ms.vmap(ops.sum, 0, 3)(x()),
            RuntimeError,
            "The axis: 3 in 'out_axes' is out of bounds for array of dimension [-1,1)",
        ),
        (lambda: ms.vmap(ops.sin, 1.0)(x()), RuntimeError, "can only be of type Int or None"),
        (lambda: ms.vmap(ops.sin, (True,))(x()), RuntimeError, "can only be of type Int or None"),
        (
            lambda: ms.vmap(product)(x(), 2.0),
            RuntimeError,
            "The orig_abs should be AbstractTensor when corresponding axis is 0",
        ),
        (lambda: ms.vmap(product)(x(), b=x()), RuntimeError, "Got an unexpected keyword argument 'b'"),
        (lambda: ms.vmap(two, 0, (0, None))(x()), RuntimeError, "source is not None and dst is None"),
        (lambda: ms.vmap([nn.ReLU()])(x()), RuntimeError, "must be a 'Function'"),
        (lambda: ms.vmap(lambda a: a if a.sum() > 3 else -a)(x()), ValueError, "vmap contains control flow"),
        (
            lambda: ms.vmap(nn.CellList([nn.Dense(2, 1), nn.Dense(2, 1)]))(x()),
            ValueError,
            "model ensembling parallel training",
        ),
        (lambda: ms.vmap(nn.CellList([nn.Dense(2, 1)]), None)(x()), RuntimeError, "must be greater than 1"),
    ],
)
def test_errors(call, error, fragment):
    with pytest.raises(error) as caught:
        call()
    assert fragment in str(caught.value)


def networks(count=3):
    return nn.CellList([nn.SequentialCell(nn.Dense(2, 4), nn.Tanh(), nn.Dense(4, 1)) for _ in range(count)])


def test_ensembles():
    cells, a = networks(), x()
    close = {"rtol": 1e-5, "atol": 1e-6}  # sums of random weights may be near zero
    before = [p.asnumpy() for p in cells.get_parameters()]
    for axes, each in ((None, [a, a, a]), (0, list(a))):
        expected = np.stack([cell(s).asnumpy() for cell, s in zip(cells, each, strict=True)])
        np.testing.assert_allclose(ms.vmap(cells, axes)(a).asnumpy(), expected, **close)
        compiled = ms.jit(lambda b, axes=axes: ms.vmap(cells, axes)(b))
        np.testing.assert_allclose(compiled(a).asnumpy(), expected, **close)
    for parameter, array in zip(cells.get_parameters(), before, strict=True):
        assert (parameter.asnumpy() == array).all()


def test_gradients_reach_every_network_of_an_ensemble():
    cells, a = networks(), x()
    weights = cells.trainable_params()
    together = ms.grad(lambda b: ms.vmap(cells)(b), None, weights)(a)
    apart = ms.grad(lambda b: tuple(cell(s) for cell, s in zip(cells, b, strict=True)), None, weights)(a)
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-5, atol=1e-6)


class Counter(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1.0]), name="w")

    def construct(self, a):
        self.w += a
        return a


def test_the_state_of_an_ensemble_is_written_to_each_cell():
    cells = nn.CellList([Counter(), Counter()])
    ms.vmap(cells)(Tensor([1.0, 2.0]))
    assert [cell.w.asnumpy().tolist() for cell in cells] == [[2], [3]]


def test_state_that_would_depend_on_the_slice_is_an_error():
    counter = Counter()
    with pytest.raises(ValueError, match="depends on the slice"):
        ms.vmap(counter)(Tensor([1.0, 2.0]))
    assert counter.w.asnumpy().tolist() == [1]


@pytest.mark.parametrize(
    "draw",
    [
        lambda a: ops.dropout(a, 0.5),
        lambda a: ops.uniform((16,), a, Tensor(2.0)),
        lambda a: ops.rrelu(-a),
        lambda a: ops.gumbel_softmax(a),
    ],
)
def test_each_slice_that_a_draw_depends_on_has_numbers_of_its_own(draw):
    rows = ms.vmap(draw)(ops.ones((3, 16))).asnumpy()
    assert len(np.unique(rows, axis=0)) == 3


def test_slices_that_a_draw_does_not_depend_on_have_the_same_numbers():
    def inner(b):
        return ms.vmap(lambda _: ops.dropout(b, 0.5))(Tensor([1.0, 2.0]))

    rows = ms.vmap(inner)(ops.ones((3, 16))).asnumpy()
    assert (rows[:, 0] == rows[:, 1]).all()
    assert len(np.unique(rows[:, 0], axis=0)) == 3


def test_random_numbers_of_a_sliced_draw_are_the_same_compiled_and_not():
    a, found = ops.ones((3, 16)), []
    step = ms.vmap(ms.grad(lambda b: (b * ops.dropout(b, 0.5)).sum()))
    for mode in ("off", "auto"):
        ms.set_compile(mode)
        ms.set_seed(3)
        found.append([step(a).asnumpy() for _ in range(3)])
    np.testing.assert_array_equal(*found)


def test_random_numbers_are_the_same_for_all_slices_and_move_on():
    def noisy(a):
        return a + ops.randn(2)

    first, second = (ms.vmap(noisy)(ops.zeros((3, 2))).asnumpy() for _ in range(2))
    assert (first == first[0]).all()
    assert (first != second).any()


def test_values_left_behind_are_stacked_and_arguments_are_not_written():
    seen, a = [], x()

    def f(b):
        seen.append(b * 2)
        b[0] = 0.0
        return b

    assert values(ms.vmap(f)(a)) == [[0, 2], [0, 4], [0, 6]]
    assert values(seen[0]) == [[2, 4], [6, 8], [10, 12]]
    assert values(a) == values(x())


def test_gradients_of_each_sample():
    net, a = nn.Dense(2, 1), x()
    per_sample = ms.vmap(ms.grad(lambda b: net(b).sum(), None, net.trainable_params()))(a)
    assert [g.shape for g in per_sample] == [(3, 1, 2), (3, 1)]
    np.testing.assert_allclose(per_sample[0].asnumpy()[:, 0], a.asnumpy(), rtol=1e-6)


@pytest.mark.parametrize("how", ["operators", "recomputed", "compiled"])
@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: nn.SequentialCell(nn.Dense(3, 3), nn.Tanh(), nn.Dense(3, 2)), (4, 5, 3)),
        (lambda: nn.SequentialCell(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Conv2d(3, 2, 3)), (4, 5, 2, 6, 6)),
        (lambda: nn.Conv2dTranspose(2, 3, 3), (4, 5, 2, 6, 6)),
        (lambda: nn.Conv1d(2, 3, 2), (4, 5, 2, 6)),
        (lambda: nn.BiDense(3, 3, 2), (4, 5, 3)),
    ],
    ids=["dense", "conv2d", "conv2d_transpose", "conv1d", "bidense"],
)
def test_gradients_of_each_batch(make, shape, how):
    net, a = make(), Tensor(np.random.default_rng(0).normal(size=shape), ms.float32)
    gradient = ms.grad(
        lambda b: ops.sin(net(b, b) if isinstance(net, nn.BiDense) else net(b)).sum(), None, net.trainable_params()
    )
    each = [gradient(b) for b in a]
    if how == "recomputed":
        net.recompute()
    batched = ms.vmap(gradient)
    batched = ms.jit(batched) if how == "compiled" else batched
    for found, wanted in zip(batched(a), zip(*each, strict=True), strict=True):
        np.testing.assert_allclose(found.asnumpy(), [g.asnumpy() for g in wanted], rtol=1e-4, atol=1e-5)


def test_compiled_control_flow_on_a_slice_is_the_same_error():
    with pytest.raises(ValueError, match="vmap contains control flow"):
        ms.jit(ms.vmap(lambda a: a if a.sum() > 3 else -a))(x())


def written_by(make):
    """A function that writes a value of each slice into what is made of values that all slices share."""

    def run(x):
        made = make(x)
        made[0] = x[1] * 2
        return made * x

    return run


SHARED = Tensor([1.0, 2.0, 3.0])
MADE = {
    "ones": lambda x: ops.ones(3),
    "zeros": lambda x: ops.zeros((3,), ms.float32),
    "full": lambda x: ops.full((3,), 2.0),
    "Tensor": lambda x: Tensor([1.0, 2.0, 3.0]),
    "copy": lambda x: SHARED.copy(),
    "operator": lambda x: SHARED * 2,
    "arange": lambda x: ops.arange(3).astype(ms.float32),
    "view of one": lambda x: ops.ones((2, 3))[1],
    "in a gradient": lambda x: ms.grad(lambda t: ops.tanh(t) * SHARED)(SHARED * 0.5),
    "list": lambda x: [ops.zeros(3)][0],
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
@pytest.mark.parametrize("mode", ["off", "auto"])
def test_what_is_made_inside_of_shared_values_may_be_written_with_a_slice(make, mode):
    batch = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    run = written_by(make)
    ms.set_compile(mode)
    try:
        for _ in range(3):
            np.testing.assert_allclose(ms.vmap(run)(batch), np.stack([run(x.copy()) for x in batch]), rtol=1e-6)
            expected = np.stack([ms.grad(run)(x.copy()) for x in batch])
            np.testing.assert_allclose(ms.vmap(ms.grad(run))(batch), expected, rtol=1e-6)
            np.testing.assert_allclose(ms.grad(ms.vmap(run))(batch), expected, rtol=1e-6)
    finally:
        ms.set_compile("auto")


def test_what_is_from_outside_may_not_be_written_with_a_slice():
    outside = ops.ones(3)

    def run(x):
        inside = ops.ones(3)
        inside[0] = x[0]
        Tensor(outside)[0] = inside[0]
        return inside

    with pytest.raises(ValueError, match="from outside of the function"):
        ms.vmap(run)(Tensor([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_array_equal(outside, [1, 1, 1])


def test_what_is_made_inside_keeps_its_value_for_all_slices():
    kept = []

    def run(x):
        made = ops.zeros(2)
        kept.append(made)
        made[0] = x[0]
        return ms.grad(lambda t: (t * made).sum())(x)

    ms.vmap(run)(Tensor([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_array_equal(kept[0], [[1, 0], [3, 0]])
