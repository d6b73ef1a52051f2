"""A gradient after a call of the same Cell: what the call did to running statistics and random numbers is done once.

Expected statistics are those of MindSpore 2.10, in PYNATIVE_MODE and in graph mode.
"""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops

X = Tensor(np.ones((2, 1, 3, 3), np.float32))
ONCE, TWICE = 0.1, 0.19  # the moving mean of ones


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.norm, self.dense = nn.BatchNorm2d(1), nn.Dense(1, 1)

    def construct(self, x):
        return self.dense(self.norm(x).mean((2, 3))).sum()


class Step(nn.Cell):
    def __init__(self, net):
        super().__init__(auto_prefix=False)
        self.net, self.optimizer = net, nn.SGD(net.trainable_params(), 0.0)
        self.grad = ops.GradOperation(get_by_list=True, sens_param=True)

    def construct(self, x):
        loss = self.net(x)
        gradients = self.grad(self.net, self.optimizer.parameters)(x, ops.ones_like(loss))
        return ops.depend(loss, self.optimizer(gradients))


def network(noted=True):
    return Net().set_train().set_grad(noted)


def mean(net):
    return net.norm.moving_mean.item()


def gradient(net, *args):
    return ms.grad(net, None, net.trainable_params())(*args)


@pytest.fixture(params=["auto", "off"])
def compiling(request):
    ms.set_compile(request.param)
    yield
    ms.set_compile("auto")


def test_in_a_step(compiling):
    for noted, moved in ((True, [0.1, 0.19, 0.271]), (False, [0.19, 0.3439, 0.468559])):
        net = network(noted)
        step, seen = Step(net).set_train(), []
        for _ in range(3):
            step(X)
            seen.append(mean(net))
        np.testing.assert_allclose(seen, moved, rtol=1e-5)


@pytest.mark.parametrize("noted", [True, False])
def test_in_graph_mode_whatever_is_noted(noted):
    net = network(noted)
    step = Step(net).set_train()
    ms.set_context(mode=ms.GRAPH_MODE)
    for moved in (0.1, 0.19, 0.271):
        step(X)
        assert mean(net) == pytest.approx(moved)
    net = network(noted)
    net(X), gradient(net, X)  # two graphs
    assert mean(net) == pytest.approx(TWICE)


def test_under_jit_whatever_is_noted():
    net = network(noted=False)
    jitted = ms.jit(lambda x: (net(x), gradient(net, x)))
    for moved in (0.1, 0.19, 0.271):
        jitted(X)
        assert mean(net) == pytest.approx(moved)


def other_input(net):
    net(X), gradient(net, X * 1)


def first_the_gradient(net):
    gradient(net, X), net(X)


def a_function_that_calls_it(net):
    net(X), ms.grad(lambda x: net(x), None, net.trainable_params())(X)


def two_gradients(net):
    net(X), gradient(net, X), gradient(net, X)


@pytest.mark.parametrize(
    "calls",
    [
        other_input,
        first_the_gradient,
        a_function_that_calls_it,
        two_gradients,
    ],
)
def test_what_counts_twice(calls, compiling):
    net = network()
    calls(net)
    assert mean(net) == pytest.approx(TWICE)


def test_once(compiling):
    net = network()
    net(X), gradient(net, X)
    assert mean(net) == pytest.approx(ONCE)
    net(X), ms.value_and_grad(net, None, net.trainable_params())(X)
    assert mean(net) == pytest.approx(TWICE)


def test_the_input_may_be_written_meanwhile(compiling):
    net, x = network(), X.copy()
    net(x), x.mul_(1.0), gradient(net, x)
    assert mean(net) == pytest.approx(ONCE)


def test_of_two_calls_the_first_may_be_differentiated(compiling):
    net = network()
    x = X * 1
    net(X), net(x)
    gradient(net, X)
    assert mean(net) == pytest.approx(TWICE)
    gradient(net, x)
    assert mean(net) == pytest.approx(TWICE)


def test_statistics_that_are_set_meanwhile_stay(compiling):
    net = network()
    net(X)
    net.norm.moving_mean.set_data(Tensor([0.5]))
    gradient(net, X)
    assert mean(net) == 0.5


def test_dropout_is_that_of_the_loss(compiling):
    dropout = nn.Dropout(p=0.5).set_train().set_grad()
    x, together = Tensor(np.ones(64, np.float32)), ms.jit(lambda x: (dropout(x), ms.grad(dropout)(x)))
    masks = []
    for pair in (lambda x: (dropout(x), ms.grad(dropout)(x)), together):
        for _ in range(3):
            kept, slopes = pair(x)
            np.testing.assert_array_equal(kept.asnumpy(), slopes.asnumpy())
            masks.append(kept.asnumpy())
    assert len({mask.tobytes() for mask in masks}) == 6


def test_what_the_gradient_does_not_write_stays_as_the_call_left_it(compiling):
    for _ in range(3):
        net = network()
        net(X)
        net.set_train(False)
        gradient(net, X)
        assert mean(net) == pytest.approx(ONCE)


def test_a_gradient_that_fails_leaves_what_the_call_did(compiling):
    class Failing(Net):
        fails = False

        def construct(self, x):
            if self.fails:
                raise RuntimeError("stopped")
            return super().construct(x)

    net = Failing().set_train().set_grad()
    net(X)
    net.fails = True
    with pytest.raises(RuntimeError, match="stopped"):
        gradient(net, X)
    assert mean(net) == pytest.approx(ONCE)
