"""`ms.explain`: which function it speaks of, how its calls went, and what to change where they run eagerly."""

import contextlib
import importlib.util

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.compile import program

X = Tensor([1.0, 2.0, 3.0])


def only(explanation) -> dict:
    (report,) = explanation.data
    return report


def test_equal_functions_of_two_files(tmp_path):
    for name in ("first", "second"):
        path = tmp_path / f"{name}.py"
        path.write_text("def loss(x):\n    print('loss')\n    return (x * x).sum()\n")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for _ in range(3):
            ms.grad(module.loss)(X)
        report = only(ms.explain(module.loss))
        assert str(path) in report["function"] and f"{path}:2" in report["reason"]


@pytest.mark.parametrize("calls", [("told", "quiet"), ("quiet", "told"), ("quiet", "told", "quiet")])
def test_one_way_of_calling_that_runs_eagerly(calls):
    def loss(x, way):
        if way == "told":
            print(way)
        return x * x

    gradient = ms.grad(loss)
    for way in calls:
        for _ in range(3):
            gradient(X, way)
    report = only(ms.explain(loss))
    assert report["status"] == "compiled"
    assert "another kind" in report["reason"] and f":{loss.__code__.co_firstlineno + 2})" in report["reason"]
    assert "print" in str(ms.explain(loss))


def test_a_step_shows_what_it_calls():
    net = nn.Dense(3, 1)
    optimizer = nn.SGD(net.trainable_params(), 0.1)

    def forward(x):
        return net(x).sum()

    gradients = ms.value_and_grad(forward, None, optimizer.parameters)

    def step(x):
        value, found = gradients(x)
        optimizer(found)
        return value

    def epoch():
        return [step(Tensor(np.ones((2, 3), np.float32))) for _ in range(4)]

    epoch()
    for function in (step, epoch):
        told = ms.explain(function)
        assert told.compiled
        assert sorted(r["kind"] for r in told.data) == ["step", "value_and_grad"], told


def test_a_method_shows_what_its_object_holds():
    class Trainer:
        def __init__(self):
            self.gradient = ms.grad(lambda x: x * x)

        def step(self, x):
            return self.gradient(x)

    trainer = Trainer()
    for _ in range(3):
        trainer.step(X)
    assert only(ms.explain(trainer.step))["status"] == "compiled"


def test_what_differs_at_each_call():
    def loss(x, name):
        return x * len(name)

    for number in range(6):
        ms.grad(loss)(X, f"batch{number}")
    report = only(ms.explain(loss))
    assert report["status"] == "new" and "batch4 became batch5" in report["reason"]


def test_objects_made_anew():
    class Options:
        rate = 2.0

    def loss(x, options):
        return x * options.rate

    kept = []
    for _ in range(6):
        kept.append(Options())
        ms.grad(loss)(X, kept[-1])
    assert {(r["status"], r["reason"]) for r in ms.explain(loss).data} == {
        ("new", "the first call of each kind runs eagerly")
    }


def loss_that_prints(x):
    print("x")
    return x.sum()


def loss_that_raises(x):
    return ops.reshape(x, (2, 2)).sum()


def loss_that_decides(x):
    return x.sum() if x[0] > 0 else x.sum() * 2


def loss_that_assigns(x):
    global KEPT
    KEPT = x
    return x.sum()


KEPT = None


@pytest.mark.parametrize(
    "loss",
    [loss_that_prints, loss_that_raises, loss_that_decides, loss_that_assigns],
    ids=lambda f: f.__name__,
)
def test_the_line_to_change(loss):
    for _ in range(3):
        with contextlib.suppress(ValueError):
            ms.grad(loss)(X)
    report = only(ms.explain(loss))
    assert report["status"] == "eager" and f"({__file__}:" in report["reason"], report


def test_a_program_that_would_take_long_to_compile_waits(monkeypatch):
    monkeypatch.setattr(program, "_EQUATIONS", 0.1)
    gradient = ms.grad(lambda x: ops.sin(x * x).sum())
    assert [gradient(Tensor(1.0)).item() for _ in range(3)] == [pytest.approx(2 * np.cos(1.0))] * 3
    assert "many operators" in str(ms.explain(gradient))
