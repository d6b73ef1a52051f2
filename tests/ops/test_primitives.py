"""What golden cases cannot say of primitives: those that MindSpore 2.10 cannot run on CPU, and random ones."""

import itertools

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops


def normal(*shape: int, seed: int = 0) -> Tensor:
    return Tensor(np.random.default_rng([seed, *shape]).normal(size=shape).astype(np.float32))


# -- recurrent ---------------------------------------------------------------------------------------------------------


def reordered(weight: Tensor, order: list[int]) -> Tensor:
    """The parts of a weight's first axis in another order."""
    parts = ops.chunk(weight, len(order))
    return ops.concat([parts[k] for k in order])


def test_dynamic_rnn_is_the_layer():
    x, h, c = normal(4, 3, 2), normal(1, 3, 5), normal(1, 3, 5, seed=1)
    net = nn.LSTM(2, 5)
    w_ih, w_hh, b_ih, b_hh = net.get_parameters()
    order = [0, 2, 1, 3]
    w = ops.concat((reordered(w_ih, order), reordered(w_hh, order)), 1).T
    y, hs, cs, i, j, f, o, tanhc = ops.DynamicRNN()(x, w, reordered(b_ih + b_hh, order), None, h, c)
    outputs, (last_h, last_c) = net(x, (h, c))
    np.testing.assert_allclose(y.asnumpy(), outputs.asnumpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(hs[-1:].asnumpy(), last_h.asnumpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(cs[-1:].asnumpy(), last_c.asnumpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose((o * tanhc).asnumpy(), y.asnumpy(), rtol=1e-5, atol=1e-6)
    before = ops.concat((c, cs[:-1]))
    np.testing.assert_allclose((f * before + i * j).asnumpy(), cs.asnumpy(), rtol=1e-5, atol=1e-6)


def test_dynamic_rnn_clips_and_forgets_less():
    given = normal(4, 3, 2), normal(7, 20) * 3, normal(20), None, normal(1, 3, 5), normal(1, 3, 5, seed=1)
    _, _, cs, *_, tanhc = ops.DynamicRNN(cell_clip=0.5)(*given)
    assert cs.abs().max() <= 0.5
    np.testing.assert_allclose(tanhc.asnumpy(), np.tanh(cs.asnumpy()), rtol=1e-5)
    _, _, cs, *_ = ops.DynamicRNN(forget_bias=100.0)(*given)
    _, _, _, i, j, f, *_ = ops.DynamicRNN(forget_bias=100.0)(*given)
    assert (f == 1).all()
    np.testing.assert_allclose(cs[0].asnumpy(), (given[5][0] + i[0] * j[0]).asnumpy(), rtol=1e-5)


def test_dynamic_rnn_has_the_dtypes_of_its_inputs():
    given = [t if t is None else t.astype(ms.float16) for t in (normal(2, 3, 2), normal(7, 20), None, normal(1, 3, 5))]
    x, w, none, state = given
    results = ops.DynamicRNN()(x, w, normal(20), none, state, state)
    assert [r.dtype for r in results] == [ms.float32, ms.float16, *[ms.float32] * 6]
    with pytest.raises(ValueError, match="must be None"):
        ops.DynamicRNN()(x, w, normal(20), Tensor([2, 2, 2]), state, state)


@pytest.mark.parametrize("gates", ["rzh", "zrh"])
def test_dynamic_gru_is_the_layer(gates):
    x, h = normal(4, 3, 2), normal(3, 5)
    net = nn.GRU(2, 5)
    order = [0, 1, 2] if gates == "rzh" else [1, 0, 2]
    w_ih, w_hh, b_ih, b_hh = (reordered(p, order) for p in net.get_parameters())
    y, hs, z, r, n, hidden = ops.DynamicGRUV2(gate_order=gates)(x, w_ih.T, w_hh.T, b_ih, b_hh, None, h)
    np.testing.assert_allclose(y.asnumpy(), net(x, h[None])[0].asnumpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(hs.asnumpy(), y.asnumpy())
    before = ops.concat((h[None], hs[:-1]))
    np.testing.assert_allclose(((1 - z) * n + z * before).asnumpy(), y.asnumpy(), rtol=1e-5, atol=1e-6)
    part = hidden - ops.matmul(before, ops.chunk(w_hh, 3)[2].T)
    np.testing.assert_allclose(part.asnumpy(), np.broadcast_to(ops.chunk(b_hh, 3)[2].asnumpy(), part.shape), atol=1e-5)
    assert r.min() > 0 and r.max() < 1


def test_dynamic_gru_resets_before():
    x, h, w, u = normal(1, 3, 2), normal(3, 5), normal(2, 15), normal(5, 15)
    *_, r, n, hidden = ops.DynamicGRUV2(reset_after=False)(x, w, u, None, None, None, h)
    expected = ops.matmul(r[0] * h, u[:, 10:])
    np.testing.assert_allclose(hidden[0].asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(n[0].asnumpy(), ops.tanh(ops.matmul(x[0], w[:, 10:]) + expected).asnumpy(), rtol=1e-5)


# -- labels ------------------------------------------------------------------------------------------------------------


def test_transducers_add_up_all_ways():
    acts, labels = normal(2, 3, 3, 4), [[1, 2], [3, 1]]
    times, counts = [3, 2], [2, 1]
    scores = ops.log_softmax(acts, -1).asnumpy()

    def cost(k):
        total = 0.0
        # where among times and labels the way goes on to the next time
        for at in itertools.combinations(range(times[k] - 1 + counts[k]), counts[k]):
            t = u = 0
            way = 0.0
            for step in range(times[k] - 1 + counts[k]):
                named = step in at
                way += scores[k, t, u, labels[k][u] if named else 0]
                t, u = (t, u + 1) if named else (t + 1, u)
            total += np.exp(way + scores[k, t, u, 0])
        return -np.log(total)

    given = Tensor(labels, ms.int32), Tensor(times, ms.int32), Tensor(counts, ms.int32)
    found, slopes = ops.RNNTLoss()(acts, *given)
    np.testing.assert_allclose(found.asnumpy(), [cost(0), cost(1)], rtol=1e-5)
    expected = ms.grad(lambda x: ops.RNNTLoss()(x, *given)[0].sum())(acts)
    np.testing.assert_allclose(slopes.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(slopes.sum(-1).asnumpy(), 0, atol=1e-6)


def test_accidental_hits():
    rows, places, weights = ops.ComputeAccidentalHits(2)(Tensor([[1, 2], [0, 4], [3, 3]]), Tensor([0, 1, 2, 3, 4]))
    assert rows.tolist() == [0, 0, 1, 1, 2, 2] and rows.dtype == ms.int32
    assert places.tolist() == [1, 2, 0, 4, 3, 3] and places.dtype == ms.int64
    assert set(weights.tolist()) == {np.finfo(np.float32).min}


def test_candidates_are_drawn_with_their_probabilities():
    ms.set_seed(0)
    classes, draws = Tensor([[3]]), 4000
    uniform = ops.uniform_candidate_sampler(classes, 1, draws, False, 5)[0].asnumpy()
    np.testing.assert_allclose(np.bincount(uniform, minlength=5) / draws, 0.2, atol=0.03)
    drawn, _, expected = ops.log_uniform_candidate_sampler(classes, 1, draws, False, 5)
    k = np.arange(5)
    probabilities = np.log((k + 2) / (k + 1)) / np.log(6)
    np.testing.assert_allclose(np.bincount(drawn.asnumpy(), minlength=5) / draws, probabilities, atol=0.03)
    np.testing.assert_allclose(expected.asnumpy(), probabilities[drawn.asnumpy()] * draws, rtol=1e-4)


def test_candidates_are_unique_and_not_true():
    for seed in (1, 2, 3):
        drawn, *_ = ops.uniform_candidate_sampler(Tensor([[3], [5]]), 1, 6, True, 8, seed, True)
        assert sorted(drawn.tolist()) == [0, 1, 2, 4, 6, 7]
    again = [ops.LogUniformCandidateSampler(1, 4, True, 50, 7)(Tensor([[3]]))[0].tolist() for _ in range(2)]
    assert again[0] == again[1] and len(set(again[0])) == 4


def test_sampled_loss_of_all_classes_is_the_whole():
    """Each class is expected so often that the loss is that of all, if all are drawn."""
    weights, biases, labels, logits = normal(5, 3), normal(5), Tensor([[1], [4]]), normal(2, 3)
    everything = Tensor([0, 2, 3]), ops.ones((1, 1)), ops.ones(3)
    found = nn.SampledSoftmaxLoss(3, 5, sampled_values=everything, reduction="sum")(
        weights, biases, labels[:1], logits[:1]
    )
    scores = ops.matmul(logits[:1], weights.T) + biases
    expected = -ops.log_softmax(scores[:, Tensor([1, 0, 2, 3])], -1)[0, 0]
    np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-5)
    assert found.ndim == 0


# -- dropout -----------------------------------------------------------------------------------------------------------


def test_masks_of_bits():
    ms.set_seed(1)
    x, keep = ops.ones((40, 50)), Tensor(0.7, ms.float32)
    mask = ops.DropoutGenMask(3, 4)(x.shape, keep)
    assert mask.dtype == ms.uint8 and mask.shape == (256,)
    out = ops.DropoutDoMask()(x, mask, keep).asnumpy()
    np.testing.assert_allclose(np.unique(out), [0, 1 / 0.7], rtol=1e-6)
    assert abs((out > 0).mean() - 0.7) < 0.05
    kept = np.unpackbits(mask.asnumpy(), bitorder="little")[:2000].reshape(40, 50)
    assert ((out > 0) == kept).all()
    with pytest.raises(ValueError, match="2000 bits"):
        ops.DropoutDoMask()(x, mask[:16], keep)


# -- images ------------------------------------------------------------------------------------------------------------


def box(x, y, width, height, angle):
    return Tensor([[[x, y, width, height, angle]]], ms.float32)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (box(0, 0, 2, 2, 0), box(0, 0, 2, 2, 0), 1),
        (box(1, 2, 3, 4, 30), box(1, 2, 3, 4, 30), 1),
        (box(1, 2, 3, 4, 30), box(1, 2, 4, 3, 120), 1),
        (box(0, 0, 2, 2, 0), box(1, 0, 2, 2, 0), 1 / 3),
        (box(0, 0, 2, 2, 0), box(0, 0, 2, 2, 45), 1 / np.sqrt(2)),
        (box(0, 0, 4, 4, 10), box(0, 0, 1, 1, 75), 1 / 16),
        (box(0, 0, 1, 1, 10), box(3, 0, 1, 1, 75), 0),
    ],
)  # fmt: skip
def test_rotated_boxes(first, second, expected):
    np.testing.assert_allclose(ops.rotated_iou(first, second).item(), expected, rtol=1e-5, atol=1e-6)


def by_borders(boxes: Tensor) -> Tensor:
    """Left, top, right, bottom and angle."""
    centre, sides, angles = np.split(boxes.asnumpy(), [2, 4], -1)
    return Tensor(np.concatenate([centre - sides / 2, centre + sides / 2, angles], -1))


def test_rotated_boxes_each_with_each():
    rng = np.random.default_rng(0)
    a, b = (
        Tensor(np.c_[rng.uniform(0, 2, (n, 2)), rng.uniform(1, 2, (n, 2)), rng.uniform(0, 360, n)][None])
        for n in (3, 4)
    )
    found = ops.rotated_iou(a, b)
    assert found.shape == (1, 3, 4)
    points = rng.uniform(-3, 5, (20_000, 2))

    def inside(row):
        angle = np.deg2rad(row[4])
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return (np.abs((points - row[:2]) @ turn) <= row[2:4] / 2).all(1)

    first, second = ([inside(row) for row in boxes.asnumpy()[0]] for boxes in (a, b))
    expected = [[(p & q).sum() / (p | q).sum() for q in second] for p in first]
    np.testing.assert_allclose(found.asnumpy()[0], expected, atol=0.05)
    turned = ops.rotated_iou(*map(by_borders, (a, b)), trans=True)
    np.testing.assert_allclose(turned.asnumpy(), found.asnumpy(), rtol=1e-5)
    np.testing.assert_allclose(
        ops.rotated_iou(a, b[:, :3], is_cross=False).asnumpy(), np.diagonal(found.asnumpy()[0])[None]
    )
    part = ops.rotated_iou(a, b, mode=1).asnumpy()[0]
    np.testing.assert_allclose(part, [[(p & q).sum() / p.sum() for q in second] for p in first], atol=0.05)


def test_position_sensitive_regions():
    features = normal(2, 8, 6, 7)
    rois = Tensor([[[0.0, 1.0], [1.0, 0.0], [0.0, 2.0], [4.0, 5.0], [3.0, 5.0]]])
    found = ops.PSROIPooling(0.5, 2, 2)(features, rois).asnumpy()
    assert found.shape == (2, 2, 2, 2)
    for n, (image, left, top, right, bottom) in enumerate(rois.asnumpy()[0].T):
        start, end = np.array([top, left]) * 0.5, (np.array([bottom, right]) + 1) * 0.5
        size = np.maximum(end - start, 0.1) / 2
        for c, i, j in np.ndindex(2, 2, 2):
            low, high = np.floor(start + np.array([i, j]) * size), np.ceil(start + np.array([i + 1, j + 1]) * size)
            plane = features.asnumpy()[int(image), c * 4 + i * 2 + j]
            pixels = plane[int(low[0]) : int(high[0]), int(low[1]) : int(high[1])]
            np.testing.assert_allclose(found[n, c, i, j], pixels.mean() if pixels.size else 0, rtol=1e-5)


def test_fractional_pools_draw_their_places():
    ms.set_seed(0)
    x = normal(1, 8, 7, 7, 7)
    pool = nn.FractionalMaxPool3d(2, output_size=3, return_indices=True)
    (first, places), (second, _) = pool(x), pool(x)
    assert first.shape == (1, 8, 3, 3, 3) and (first != second).any()
    flat = x.asnumpy().reshape(8, -1)
    np.testing.assert_array_equal(
        np.take_along_axis(flat, places.asnumpy().reshape(8, -1), 1), first.asnumpy().reshape(8, -1)
    )


# -- rules -------------------------------------------------------------------------------------------------------------


def weights(count: int) -> list[Parameter]:
    rng = np.random.default_rng(0)
    return [Parameter(Tensor(rng.uniform(0.1, 1, (4, 2)).astype(np.float32)), name=f"w{k}") for k in range(count)]


def test_scaled_momentum():
    (w, m), slope = weights(2), normal(4, 2)
    expected_m = m.asnumpy() * 0.9 + slope.asnumpy() * 0.5 + 0.1 * w.asnumpy()
    expected = w.asnumpy() - 0.2 * expected_m
    given = ops.FusedWeightScaleApplyMomentum()(0.1, 0.5, w, m, 0.2, slope, 0.9)
    for found, value in ((w, expected), (m, expected_m), (given, expected)):
        np.testing.assert_allclose(found.asnumpy(), value, rtol=1e-6)


@pytest.mark.parametrize("ahead", [False, True])
def test_keras_momentum(ahead):
    (w, m), slope = weights(2), normal(4, 2)
    step = m.asnumpy() * 0.9 - 0.2 * slope.asnumpy()
    expected = w.asnumpy() + (step * 0.9 - 0.2 * slope.asnumpy() if ahead else step)
    ops.ApplyKerasMomentum(use_nesterov=ahead)(w, m, 0.2, slope, 0.9)
    np.testing.assert_allclose(w.asnumpy(), expected, rtol=1e-6)
    np.testing.assert_allclose(m.asnumpy(), step, rtol=1e-6)


def test_lars_is_the_optimizer():
    (w,), slope = weights(1), normal(4, 2)
    found = ops.LARSUpdate(1e-3, 0.02)(w, slope, (w * w).sum(), (slope * slope).sum(), 0.1, 0.5)
    size, steep = np.linalg.norm(w.asnumpy()), np.linalg.norm(slope.asnumpy())
    trust = 0.02 * size / (steep + 0.1 * size + 1e-3)
    np.testing.assert_allclose(found.asnumpy(), trust * (slope.asnumpy() + 0.1 * w.asnumpy()), rtol=1e-5)
    clipped = ops.LARSUpdate(1e-3, 0.02, True)(w, slope, (w * w).sum(), (slope * slope).sum(), 0.1, float(trust) / 2)
    np.testing.assert_allclose(clipped.asnumpy(), slope.asnumpy() + 0.1 * w.asnumpy(), rtol=1e-5)


# The rule for rows, what it is constructed with, the dense rule, its constructor, and what stands before the gradient.
ROWS = {
    "ProximalAdagrad": (ops.SparseApplyProximalAdagrad(), ops.ApplyProximalAdagrad(), 2, (0.1, 0.01, 0.02), ()),
    "Adadelta": (ops.SparseApplyAdadelta(1e-3), ops.ApplyAdadelta(), 3, (0.1, 0.9), (1e-3,)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_rules_for_rows_are_the_dense_ones(name):
    sparse, dense, count, scalars, more = ROWS[name]
    slope, some, whole = normal(4, 2), weights(count), weights(count)
    dense(*whole, *scalars, *more, slope)
    before = [p.asnumpy() for p in some]
    sparse(*some, *scalars, slope[Tensor([3, 1])], Tensor([3, 1]))
    for now, then, expected in zip(some, before, whole, strict=True):
        np.testing.assert_allclose(now.asnumpy()[[1, 3]], expected.asnumpy()[[1, 3]], rtol=1e-6)
        np.testing.assert_array_equal(now.asnumpy()[[0, 2]], then[[0, 2]])


def test_ftrl_shrinks():
    slope = normal(4, 2)
    (w, n, z), (v, m, y) = weights(3), weights(3)
    ops.SparseApplyFtrlV2(0.1, 0.01, 0.02, 0.3, -0.5)(w, n, z, slope, Tensor([0, 1, 2, 3]))
    y.set_data(y + 0.6 * v)
    ops.SparseApplyFtrl(0.1, 0.01, 0.02, -0.5)(v, m, y, slope, Tensor([0, 1, 2, 3]))
    for found, expected in ((w, v), (n, m), (z, y)):
        np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=1e-5)


def test_rules_of_rows_in_a_compiled_step():
    slope, rows = normal(2, 2), Tensor([2, 0])

    def step(w, a):
        ops.SparseApplyAdagradV2(0.1, 0.01)(w, a, slope, rows)
        return w * 1

    (w, a), (v, b) = weights(2), weights(2)
    np.testing.assert_allclose(ms.jit(step)(w, a).asnumpy(), step(v, b).asnumpy(), rtol=1e-6)
    np.testing.assert_allclose(a.asnumpy(), b.asnumpy(), rtol=1e-6)


# -- others ------------------------------------------------------------------------------------------------------------


def test_there_are_no_queues_on_the_device():
    queue = ops.GetNext([ms.float32], [(1,)], 1, "queue")
    with pytest.raises(RuntimeError, match="iterate over the dataset"):
        queue()
    with pytest.raises(ValueError, match="must be 2 types"):
        ops.GetNext([ms.float32], [(1,)], 2, "queue")


def test_numbers_as_tensors():
    assert ops.ScalarToArray()(3).dtype == ms.int64 and ops.scalar_to_array(3.5).dtype == ms.float32
    assert ops.move_to([1, 2], "CPU").tolist() == [1, 2]
    with pytest.raises(TypeError):
        ops.scalar_to_array("3")


def test_sparse_gather_is_gather():
    x, i = normal(3, 4), Tensor([1, 2])
    np.testing.assert_array_equal(ops.SparseGatherV2()(x, i, 1).asnumpy(), x.asnumpy()[:, [1, 2]])
