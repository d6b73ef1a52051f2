"""recompute, Cell.recompute and _no_grad."""

import gc

import jax
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.autodiff.engine import Leaves, Linearized
from msjax.core.tensor import raw, wrap


def close(tensor, expected):
    np.testing.assert_allclose(tensor.asnumpy(), expected.asnumpy(), rtol=1e-5, atol=1e-6)


class Deep(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([0.5, 0.7]), name="w")
        self.calls = 0

    def construct(self, a):
        self.calls += 1
        for _ in range(10):
            a = ops.tanh(a * self.w)
        return a


def x():
    return Tensor([1.0, 2.0])


TRANSFORMS = {
    "grad": lambda f, w: ms.grad(f, 0, w)(x()),
    "jit of grad": lambda f, w: ms.jit(ms.grad(f, 0, w))(x()),
    "grad of jit": lambda f, w: ms.grad(ms.jit(f), 0, w)(x()),
    "second order": lambda f, w: ms.grad(ms.grad(f), 0, w)(x()),
    "third order": lambda f, w: ms.grad(ms.grad(ms.grad(f)), 0, w)(x()),
    "hessian": lambda f, w: (ms.jacfwd(ms.jacrev(f))(x()), ms.jacrev(ms.jacfwd(f))(x())),
    "jvp": lambda f, w: ms.jvp(f, x(), x()),
    "vmap": lambda f, w: ms.vmap(ms.grad(f), (0,))(ops.stack([x(), x()])).sum(0).split(1),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_same_derivatives_at_every_order(name):
    net, marked = Deep(), Deep()
    marked.recompute()
    expected = TRANSFORMS[name](net, net.w)
    for f, w in ((lambda a: ms.recompute(net, a), net.w), (marked, marked.w)):
        for found, wanted in zip(TRANSFORMS[name](f, w), expected, strict=True):
            close(found, wanted)


def kept(f):
    """How many elements the pullback of f keeps."""
    a = x()
    return sum(array.size for array in jax.tree.leaves(Linearized(f, (a,), {}, Leaves([a])).pullback))


def test_less_is_kept():
    net = Deep()
    assert kept(lambda a: ms.recompute(net, a)) < kept(net) / 3


def live_bytes() -> int:
    gc.collect()
    return sum(array.nbytes for array in jax.live_arrays())


def held(net) -> int:
    """How many bytes are held between the function and its pullback."""
    a = ops.ones((64, 64))
    before = live_bytes()
    _, pull = ms.vjp(net, a)
    after = live_bytes()
    pull(a)
    return after - before


def test_less_memory_is_held_and_compiled_programs_are_told_so():
    class Wide(nn.Cell):
        def construct(self, a):
            for _ in range(10):
                a = ops.tanh(ops.matmul(a, a))
            return a

    plain, marked = Wide(), Wide()
    marked.recompute()
    held(plain), held(marked)  # what the operators themselves keep for good
    assert held(marked) < held(plain) / 5

    def lowered(net) -> str:
        gradient = jax.jit(lambda a: raw(ms.grad(net)(wrap(a))))
        return gradient.lower(raw(ops.ones((4, 4)))).as_text()

    # XLA keeps what is behind a barrier apart from the first computation of the same (on CPU it removes them).
    assert "optimization_barrier" in lowered(marked)
    assert "optimization_barrier" not in lowered(plain)


def test_state_and_random_numbers():
    class Noisy(nn.Cell):
        def __init__(self):
            super().__init__()
            self.count = Parameter(Tensor(0.0), name="count")
            self.dropout = nn.Dropout(p=0.5)

        def construct(self, a):
            self.count += 1.0
            self.kept = self.dropout(a)
            return self.kept * self.kept

    net = Noisy().set_train()
    net.recompute()
    for gradient in (ms.grad(net), ms.jit(ms.grad(net))):
        derivative = gradient(ops.ones(64)).asnumpy()
        np.testing.assert_array_equal(derivative, net.kept.asnumpy() * 4)
    assert float(net.count) == 2
    assert float(net.kept.sum()) > 0


def test_a_block_that_needs_values_is_run_as_it_is():
    def f(a):
        return a * a if float(a.sum()) > 0 else a

    close(ms.grad(lambda a: ms.recompute(f, a, use_reentrant=False))(x()), Tensor([2.0, 4.0]))
    close(ms.jit(ms.grad(lambda a: ms.recompute(f, a, use_reentrant=False)))(x()), Tensor([2.0, 4.0]))


@pytest.mark.parametrize(
    ("call", "error", "fragment"),
    [
        (lambda: ms.recompute(ops.sin, x()), TypeError, "only support block which inherited from Cell"),
        (
            lambda: ms.recompute(Deep(), x(), context_fn=dict),
            ValueError,
            "context_fn is only supported when use_reentrant=False",
        ),
        (lambda: Deep().recompute(foo=1), ValueError, "keyword 'foo' is not recognized!"),
        (lambda: Deep().recompute(mp_comm_recompute=1), TypeError, "'mp_comm_recompute' must be bool"),
        (lambda: Deep().recompute(True), TypeError, ""),
    ],
)
def test_errors(call, error, fragment):
    with pytest.raises(error) as caught:
        call()
    assert fragment in str(caught.value)


def test_no_grad():
    def f(a):
        with ms._no_grad():
            b = a * a
        return a * b

    for gradient in (ms.grad(f), ms.jit(ms.grad(f)), ms.grad(ms.jit(f))):
        close(gradient(x()), Tensor([1.0, 4.0]))
    close(ms.grad(ms.grad(f))(x()), Tensor([0.0, 0.0]))
    close(ms.grad(lambda a: ms._no_grad()(ops.sin)(a) + a)(x()), Tensor([1.0, 1.0]))
    with pytest.raises(RuntimeError, match="In no_grad context, you can not calculate gradient"), ms._no_grad():
        ms.grad(ops.sin)(x())
    close(ms.grad(ops.square)(x()), Tensor([2.0, 4.0]))
