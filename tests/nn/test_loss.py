"""What losses give for the kinds of labels that they take, as in MindSpore 2.10."""

import numpy as np
import pytest

from msjax import Tensor, nn

RANDOM = np.random.RandomState(0)
LOGITS = Tensor(RANDOM.normal(size=(2, 3, 4)).astype(np.float32))
CLASSES = RANDOM.randint(0, 3, (2, 1, 4))
SHARES = np.moveaxis(np.eye(3)[CLASSES[:, 0]], -1, 1).astype(np.float32)


@pytest.mark.parametrize(
    ("labels", "shape", "total", "mean"),
    [(CLASSES.astype(np.int32), (2,), 1.0214787, 0.5107393), (SHARES, (2, 3), 1.0214785, 0.1702464)],
    ids=["classes", "shares"],
)
def test_focal_loss(labels, shape, total, mean):
    """The mean over places comes first, whatever the reduction."""
    found = {kind: nn.FocalLoss(reduction=kind)(LOGITS, Tensor(labels)) for kind in ("none", "sum", "mean")}
    assert found["none"].shape == shape
    assert found["none"].asnumpy().sum() == pytest.approx(total, rel=1e-4)
    assert found["sum"].item() == pytest.approx(total, rel=1e-4)
    assert found["mean"].item() == pytest.approx(mean, rel=1e-4)


def test_focal_loss_refuses_labels_without_an_axis_for_classes():
    with pytest.raises(ValueError, match="same number of axes"):
        nn.FocalLoss()(LOGITS, Tensor(CLASSES[:, 0].astype(np.int32)))
