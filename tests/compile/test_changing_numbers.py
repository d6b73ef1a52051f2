"""A number that changes from call to call, read within each transform: what stands for it in a program is an input."""

import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, nn, ops
from sampling import sampled

X = Tensor([1.0, 2.0])


class Box:
    number = 0.5


class Scaled(nn.Cell):
    def construct(self, x):
        return x * Box.number * box.number


class Ruled(Scaled):
    def bprop(self, x, out, dout):
        return (dout * box.number * 2,)


box, scaled, ruled, again = Box(), Scaled(), Ruled(), Scaled()
again.recompute()


def f(x):
    return x * x * box.number


def total(x):
    return f(x).sum()


def rows(x):
    return ops.stack((x, x + 1))


WITHIN = {
    "vmap": lambda x: ms.vmap(f)(x),
    "vmap of vmap": lambda x: ms.vmap(ms.vmap(f))(rows(x)),
    "vmap of grad": lambda x: ms.vmap(ms.grad(total))(rows(x)),
    "vmap of value_and_grad": lambda x: ms.vmap(ms.value_and_grad(total))(rows(x))[1],
    "vmap of jacfwd": lambda x: ms.vmap(ms.jacfwd(f))(rows(x)),
    "vmap of jacrev": lambda x: ms.vmap(ms.jacrev(f))(rows(x)),
    "vmap of jvp": lambda x: ms.vmap(lambda v: ms.jvp(f, (v,), (v,))[1])(rows(x)),
    "vmap of a Cell": lambda x: ms.vmap(scaled)(rows(x)),
    "vmap of a Cell with bprop": lambda x: ms.vmap(ruled)(rows(x)),
    "vmap of recompute": lambda x: ms.vmap(again)(rows(x)),
    "vmap, static": lambda x: ms.vmap(lambda v: ops.leaky_relu(-v, box.number))(x),
    "vmap, of a Tensor": lambda x: ms.vmap(lambda v: Tensor([1.0, 2.0]) * v * box.number)(x),
    "vmap, filled": lambda x: ms.vmap(lambda v: ops.full_like(v, box.number) * v)(x),
    "vmap, made a Tensor": lambda x: ms.vmap(lambda v: v * Tensor(box.number, ms.float32))(x),
    "vmap, computed with": lambda x: ms.vmap(lambda v: v * (box.number * 2 + 1) ** 2)(x),
    "grad": lambda x: ms.grad(total)(x),
    "grad of grad": lambda x: ms.grad(lambda v: ms.grad(total)(v).sum())(x),
    "grad of vmap": lambda x: ms.grad(lambda v: ms.vmap(f)(v).sum())(x),
    "grad of a Cell with bprop": lambda x: ms.grad(lambda v: ruled(v).sum())(x * x),
    "grad of recompute": lambda x: ms.grad(lambda v: again(v * v).sum())(x),
    "jvp": lambda x: ms.jvp(f, (x,), (x,))[1],
    "jvp of vmap": lambda x: ms.jvp(ms.vmap(f), (x,), (x,))[1],
    "vjp": lambda x: ms.vjp(f, x)[1](x)[0],
    "jacrev": lambda x: ms.jacrev(f)(x),
    "jacfwd": lambda x: ms.jacfwd(f)(x),
    "recompute": lambda x: again(x),
}


@pytest.mark.parametrize("name", sampled(5, WITHIN))
def test_it_is_read_at_each_call(name):
    within = WITHIN[name]

    def loss(x):
        y = within(x * x)
        return (y * y).sum()

    step = ms.value_and_grad(loss)
    values = []
    for k in range(6):
        box.number = k + 0.5
        value, gradient = step(X)
        ms.set_compile("off")
        expected, slope = ms.value_and_grad(loss)(X)
        ms.set_compile("auto")
        np.testing.assert_allclose(value.asnumpy(), expected.asnumpy(), rtol=1e-5)
        np.testing.assert_allclose(gradient.asnumpy(), slope.asnumpy(), rtol=1e-5)
        values.append(float(value))
    assert len(set(values)) == 6
    assert ms.explain(loss).data[0]["traces"] == 2, ms.explain(loss)
