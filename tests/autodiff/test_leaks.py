"""No handle keeps a tracer, whatever transforms are nested and wherever they fail."""

import gc
import itertools
import random

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.core import trace
from msjax.core.frames import Frame

TRANSFORMS = {
    "grad": ms.grad,
    "jvp": lambda f: lambda a: ms.jvp(f, a, ops.ones_like(a))[1],
    "vjp": lambda f: lambda a: (lambda out, pull: pull(ops.ones_like(out))[0])(*ms.vjp(f, a)),
    "jacrev": lambda f: lambda a: ms.jacrev(f)(a).sum(0),
    "jacfwd": lambda f: lambda a: ms.jacfwd(f)(a).sum(0),
    "vmap": lambda f: lambda a: ms.vmap(f)(ops.stack([a, a]))[0],
    "jit": lambda f: ms.jit(lambda a: f(a)),
    "recompute": lambda f: lambda a: ms.recompute(f, a, use_reentrant=False),
}


class Stop(Exception):
    pass


class Stateful(nn.Cell):
    """Leaves handles behind, and fails when its countdown ends."""

    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 0.25]), name="w")
        self.kept, self.countdown = [], 0

    def step(self):
        self.countdown -= 1
        if self.countdown == 0:
            raise Stop

    def construct(self, a):
        self.step()
        self.cache = a * self.w
        self.cache.register_hook(lambda g: self.kept.append(g))
        b = a * 1
        b[0] = 2.0
        self.kept.append(b)
        self.step()
        return self.cache * b

    def bprop(self, a, out, dout):
        self.step()
        self.kept.append(dout * out)
        return (dout * a,)


def traced():
    gc.collect()
    handles = [t for t in gc.get_objects() if isinstance(t, Tensor)]
    return [t for t in handles if isinstance(getattr(t, "_array", None), jax.core.Tracer)]


CHAINS = list(itertools.product(TRANSFORMS, repeat=2))


@pytest.mark.parametrize("trials", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_random_transforms_with_exceptions(trials):
    rng, failures = random.Random(trials), 0
    for trial in range(trials):
        net = Stateful()
        net.countdown = rng.choice([0, 1, 2, 3, 4, 5])
        a, f = Tensor([1.0, 2.0]), net
        for name in rng.choice(CHAINS):
            f = TRANSFORMS[name](f)
        try:
            f(a)
        except Stop:
            failures += 1
        held = [a, net.w, net.__dict__.get("cache", a), *net.kept]
        assert not [t for t in held if isinstance(t._array, jax.core.Tracer)], trial
        np.testing.assert_array_equal(a.asnumpy(), [1, 2])
        np.testing.assert_array_equal(net.w.asnumpy(), [0.5, 0.25])
    assert failures > trials / 5
    assert not traced()


def test_a_frame_that_fails_as_it_begins_restores_its_leaves():
    first, second = Tensor([1.0]), Tensor([2])
    before = first._array
    with pytest.raises(AttributeError, match="dtype"), Frame([first, second]).running([object(), object()]):
        pass
    assert first._array is before and trace.top() is None
    assert ms.grad(lambda x: (x * 2).sum())(first).asnumpy().tolist() == [2.0]
