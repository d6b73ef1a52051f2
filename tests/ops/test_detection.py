"""What golden cases cannot say: measures that MindSpore 2.10 cannot run on CPU, refusals, and large inputs."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops


def images(seed: int, side: int = 16) -> Tensor:
    return Tensor(np.random.default_rng(seed).uniform(0, 1, (2, 3, side, side)).astype(np.float32))


def similarity(a, b, size=5, sigma=1.0):
    """Structural similarity of two planes, by loops, and its contrast."""
    offsets = np.arange(size) - (size - 1) / 2
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * sigma**2))
    window /= window.sum()
    wholes, contrasts = [], []
    for i in range(a.shape[0] - size + 1):
        for j in range(a.shape[1] - size + 1):
            p, q = (x[i : i + size, j : j + size] for x in (a, b))
            m, n = (window * p).sum(), (window * q).sum()
            covariance = (window * p * q).sum() - m * n
            variances = (window * (p**2 + q**2)).sum() - m * m - n * n
            contrasts.append((2 * covariance + 0.03**2) / (variances + 0.03**2))
            wholes.append((2 * m * n + 0.01**2) / (m * m + n * n + 0.01**2) * contrasts[-1])
    return np.mean(wholes), np.mean(contrasts)


def test_ssim():
    a, b = images(0), images(1)
    expected = [
        np.mean([similarity(p, q)[0] for p, q in zip(*pair, strict=True)])
        for pair in zip(a.asnumpy(), b.asnumpy(), strict=True)
    ]
    np.testing.assert_allclose(nn.SSIM(1.0, 5, 1.0)(a, b).asnumpy(), expected, rtol=1e-4)
    np.testing.assert_allclose(nn.SSIM()(a, a).asnumpy(), 1, rtol=1e-6)


def test_msssim():
    a = images(0)
    b = (a + 0.3 * images(1)) / 1.3

    def expected(planes):
        half = [p.reshape(8, 2, 8, 2).mean((1, 3)) for p in planes]
        return similarity(*planes)[1] ** 0.4 * similarity(*half)[0] ** 0.6

    wanted = [
        np.mean([expected(planes) for planes in zip(*pair, strict=True)])
        for pair in zip(a.asnumpy(), b.asnumpy(), strict=True)
    ]
    np.testing.assert_allclose(nn.MSSSIM(1.0, (0.4, 0.6), 5, 1.0)(a, b).asnumpy(), wanted, rtol=1e-3)


def test_measures_have_nothing_to_train_but_a_window():
    assert list(nn.SSIM().parameters_dict()) == ["conv.weight"]
    assert next(iter(nn.MSSSIM().parameters_dict())) == "multi_convs_list.0.weight"
    assert not nn.SSIM().trainable_params() and not nn.MSSSIM().trainable_params()


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        ((images(0), images(0).astype(ms.int32)), TypeError),
        ((images(0), images(0)[:1]), ValueError),
        ((images(0, 8), images(0, 8)), ValueError),
        ((images(0)[0], images(0)[0]), ValueError),
    ],
)
def test_ssim_refuses(pair, error):
    with pytest.raises(error):
        nn.SSIM()(*pair)


def test_float_status_says_overflow():
    assert ops.FloatStatus()(Tensor([1.0, 2.0])).asnumpy().tolist() == [0]
    assert ops.FloatStatus()(Tensor([1.0, np.inf])).asnumpy().tolist() == [1]
    assert ops.FloatStatus()(Tensor([np.nan])).asnumpy().tolist() == [1]


@pytest.mark.parametrize("name", ["NPUAllocFloatStatus", "NPUGetFloatStatus", "NPUClearFloatStatus"])
def test_registers_of_ascend_are_made_but_refuse_to_answer(name):
    primitive = getattr(ops, name)()
    assert repr(primitive) == f"Prim[{name}]"
    with pytest.raises(RuntimeError, match="all_finite"):
        primitive(Tensor(np.zeros(8), ms.float32))


def test_nothing_is_constant_under_jit_but_python_values():
    @ms.jit
    def known(x):
        return x + 1 if ops.isconstant(x) else x, ops.isconstant(3)

    assert known(Tensor(3))[1]
    assert ops.isconstant(Tensor(3))


def test_probabilities_of_all_labels_add_up():
    """Each path has one sequence of labels, so those of two classes in three times have probability 1 together."""
    import itertools

    logits = Tensor(np.random.default_rng(0).standard_normal((3, 1, 3)), ms.float32)
    total = 0
    for count in range(4):
        for names in itertools.product((1, 2), repeat=count):
            targets = Tensor(np.array([[*names, *[1] * (3 - count)]]), ms.int32)
            loss = ops.ctc_loss(ops.log_softmax(logits, -1), targets, Tensor([3]), Tensor([count]), reduction="none")[0]
            total += np.exp(-loss.asnumpy()[0])
    np.testing.assert_allclose(total, 1, rtol=1e-5)


def test_crops_and_regions_under_jit():
    x, boxes = images(0), Tensor([[0, 1.0, 1.0, 7.0, 9.0], [1, 0.0, 2.0, 5.0, 5.0]])
    align = ops.ROIAlign(3, 3, 1.0, 2)
    np.testing.assert_allclose(ms.jit(lambda x: align(x, boxes))(x).asnumpy(), align(x, boxes).asnumpy(), rtol=1e-5)
