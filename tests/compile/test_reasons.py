"""The reason why something runs eagerly names what is in the way, and where."""

import itertools
import os
import threading

import pytest

import msjax as ms
from msjax import Tensor, nn

X = Tensor([1.0, 2.0])


def captured_iterator():
    numbers = itertools.count()
    return lambda x: (x * next(numbers)).sum()


def captured_lock():
    lock = threading.Lock()

    def forward(x):
        with lock:
            return x.sum()

    return forward


def global_function():
    return lambda x: x.sum() * float(os.getenv("NOT_THERE", "1"))


def class_inside():
    def forward(x):
        class Settings:
            scale = 2.0

        return x.sum() * Settings.scale

    return forward


def counting_hook():
    net, seen = nn.ReLU(), []
    net.register_forward_hook(lambda cell, args, out: seen.append(1))
    return lambda x: net(x).sum()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (captured_iterator, "it uses a count from outside, which may change unnoticed: numbers in captured_iterator"),
        (captured_lock, "it uses a lock from outside, which may change unnoticed: lock in captured_lock"),
        (global_function, "it calls os.getenv; os.environ.get is followed"),
        (class_inside, "it defines a class"),
        (counting_hook, "it calls list.append, which may change what is outside"),
    ],
)
@pytest.mark.parametrize("asked", [False, True])
def test_the_reason_says_what_and_where(make, reason, asked):
    forward = make()
    f = ms.jit(forward) if asked else ms.grad(forward)
    for _ in range(3):
        f(X)
    told = ms.explain(f).data[-1]
    assert told["status"] == "eager"
    assert told["reason"].startswith(reason)
    assert "test_reasons.py:" in told["reason"]
