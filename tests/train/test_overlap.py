"""Training does not wait where it need not. Told by what happens, not by time."""

import threading

import numpy as np
import pytest

import msjax.dataset as ds
from msjax import nn, train

SECONDS = 10  # after which a step waits in vain


class Untouched:
    """Stands for the result of a step, whose computation may go on; who asks for anything of it would wait for that."""

    asked: list[str] = []  # noqa: RUF012

    def __getattribute__(self, name):
        Untouched.asked.append(name)
        raise AssertionError(f"The result of a step was asked for {name}.")

    __float__ = __array__ = __iter__ = __len__ = __bool__ = lambda self: self.value


def test_the_next_rows_are_sent_before_a_step_is_done():
    class Step(nn.Cell):
        def construct(self, x):
            steps.append(x.shape)
            return Untouched()

    steps = []
    rows = ds.NumpySlicesDataset({"x": np.ones((16, 3), np.float32)}).batch(4)
    train.Model(Step()).train(2, rows)
    assert steps == [(4, 3)] * 8 and Untouched.asked == []
    with pytest.raises(AssertionError, match="was asked for"):
        train.Model(Step()).train(1, rows, callbacks=train.LambdaCallback(on_train_step_end=lambda c: read(c)))


def read(context):
    return float(context.original_args().net_outputs)


@pytest.mark.parametrize("workers", [1, 2])
def test_rows_are_made_while_a_step_computes(workers):
    class Step(nn.Cell):
        def construct(self, x):
            waited.append(made.wait(SECONDS))
            return x

    def row(number):
        if number == 3:
            made.set()
        return np.ones(2, np.float32)

    made, waited = threading.Event(), []
    rows = ds.NumpySlicesDataset({"x": np.arange(8)}, shuffle=False).map(row, "x", num_parallel_workers=workers)
    train.Model(Step()).train(1, rows)
    assert all(waited)
