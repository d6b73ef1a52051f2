"""What is marked to compute, and what is not: the nearest mark counts."""

import pytest

import msjax as ms
from msjax import Tensor, amp, nn, ops
from msjax.compile.origin import is_library
from msjax.core import context, effects


@pytest.mark.parametrize(
    "definition",
    [ops.exp, ops.Exp, nn.Dense, nn.MSELoss, ms.grad, ms.mint.exp, ms.numpy.exp, ms.diffops.laplacian, amp.all_finite,
     amp.auto_mixed_precision, nn.Optimizer.get_lr, Tensor.sum],
    ids=lambda definition: definition.__name__,
)  # fmt: skip
def test_it_computes(definition):
    assert effects.computes(definition)


@pytest.mark.parametrize(
    "definition",
    [ops.print_, ops.Print, context.set_context, ms.set_seed, ms.save_checkpoint, ms.common.initializer.Normal,
     ms.saved_tensors_hooks, ms.FixedLossScaleManager, ms.Model, Tensor.requires_grad_, Tensor.__reduce__, print],
    ids=lambda definition: definition.__name__,
)  # fmt: skip
def test_it_is_not_known_to_only_compute(definition):
    assert not effects.computes(definition)


def test_what_users_derive_from_says_nothing_about_what_they_do():
    class Net(nn.Cell):
        pass

    class Wide(nn.Dense):
        pass

    assert [is_library(cls.__new__(cls)) for cls in (Net, Wide)] == [False, True]
