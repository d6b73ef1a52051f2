"""Arrays of JAX among a function's results are results, however they are nested, in every transform."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Tensor, diffops, nn, ops
from msjax.autodiff.custom import custom_vjp


class Pair(NamedTuple):
    first: Any
    second: Any


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Node:
    value: Any
    more: Any


NESTED = {
    "array": lambda a: a,
    "tuple": lambda a: (a, a),
    "dict": lambda a: {"a": a, "one": 1.0},
    "dataclass": lambda a: Node(a, {"deep": [Pair(a, 2.0), None]}),
    "both": lambda a: (a, Tensor(a)),
}
X = np.array([[0.5, -1.0], [2.0, 0.25], [1.0, 1.5]])


def leaves(value):
    """The numbers in `value`; there must be no tracer among them."""
    found = jax.tree.leaves(value, is_leaf=lambda v: isinstance(v, Tensor))
    return [np.asarray(leaf) for leaf in found]


def total(value):
    return sum(v.sum() for v in leaves(value))


def sines(nest, weights=1.0):
    return lambda x: nest(jnp.sum(jnp.sin(x) * weights, -1))


def count(nest):
    return len([v for v in leaves(nest(jnp.ones(3))) if v.shape])


def like(nest, array):
    """What a transform should give whose answer for each array is `array`, apart from numbers."""
    return [v for v in leaves(nest(jnp.asarray(array))) if v.shape]


def close(found, wanted):
    found = [v for v in leaves(found) if v.shape]
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def grad(nest, x):
    close(ms.grad(sines(nest))(x), [count(nest) * np.cos(X)])


def value_and_grad(nest, x):
    value, gradient = ms.value_and_grad(sines(nest))(x)
    assert jax.tree.structure(value) == jax.tree.structure(nest(jnp.zeros(())))
    close(value, like(nest, np.sin(X).sum(-1)))
    close(gradient, [count(nest) * np.cos(X)])


def aux(nest, x):
    def f(x):
        return jnp.sin(x).sum(), sines(nest)(x)

    (_, found), gradient = ms.value_and_grad(f, has_aux=True)(x)
    close(found, like(nest, np.sin(X).sum(-1)))
    close(gradient, [np.cos(X)])
    close(ms.grad(f, has_aux=True)(x)[1], like(nest, np.sin(X).sum(-1)))
    close(ms.jvp(f, x, x, has_aux=True)[2], like(nest, np.sin(X).sum(-1)))
    close(ms.vjp(f, x, has_aux=True)[2], like(nest, np.sin(X).sum(-1)))
    close(ms.jacfwd(f, has_aux=True)(x)[1], like(nest, np.sin(X).sum(-1)))


def grad_operation(nest, x):
    net = nn.Dense(2, 1, dtype=ms.float64)
    weights = ops.GradOperation(get_by_list=True)(lambda x: nest(jnp.mean(net(x))), net.trainable_params())(x)
    np.testing.assert_allclose(weights[1].asnumpy(), [count(nest)], rtol=1e-6)
    close(ops.GradOperation()(sines(nest))(x), [count(nest) * np.cos(X)])


def vjp(nest, x):
    value, pull = ms.vjp(sines(nest), x)
    close(value, like(nest, np.sin(X).sum(-1)))
    ones = [jnp.ones(3), Tensor(np.ones(3)), jnp.ones(3)][: count(nest)]
    close(pull(*ones), [count(nest) * np.cos(X)])


def jvp(nest, x):
    value, tangent = ms.jvp(sines(nest), x, Tensor(np.ones((3, 2))))
    close(value, like(nest, np.sin(X).sum(-1)))
    close(tangent, like(nest, np.cos(X).sum(-1)))


def linearize(nest, x):
    value, push = ops.linearize(sines(nest), x)
    close(value, like(nest, np.sin(X).sum(-1)))
    close(push(Tensor(np.ones((3, 2)))), like(nest, np.cos(X).sum(-1)))


def jacobians(nest, x):
    if isinstance(nest(jnp.zeros(())), (dict, Node)):
        with pytest.raises(TypeError, match="needs Tensors"):
            ms.jacfwd(sines(nest))(x)
        return
    wanted = np.eye(3)[:, :, None] * np.cos(X)
    for jacobian in (ms.jacfwd, ms.jacrev):
        close(jacobian(sines(nest))(x), [wanted] * count(nest))


def vmap(nest, x):
    found = ms.vmap(sines(nest))(x)
    numbers = [np.ones(3)] if nest is NESTED["dict"] else []  # of which each slice has one
    close(found, like(nest, np.sin(X).sum(-1)) + numbers)


def jet(nest, x):
    for order in (2, 3):
        value, found = ops.derivative(sines(nest), x, order)
        close(value, like(nest, np.sin(X).sum(-1)))
        close(found, like(nest, (-np.sin(X) if order == 2 else -np.cos(X)).sum(-1)))
        close(ops.jet(sines(nest), x, Tensor(np.ones((order, 3, 2))))[0], like(nest, np.sin(X).sum(-1)))


def operators(nest, x):
    close(diffops.laplacian(sines(nest))(x), like(nest, -np.sin(X).sum(-1)))
    close(diffops.laplacian(sines(nest), chunk=2)(x), like(nest, -np.sin(X).sum(-1)))
    close(diffops.hessian_diag(sines(nest), lower=True)(x)[0], like(nest, np.sin(X).sum(-1)))
    close(diffops.jacobian(sines(nest))(x), like(nest, np.cos(X)))
    close(diffops.directional(sines(nest), 3, [1.0, 0.0])(x), like(nest, -np.cos(X)[:, 0]))
    close(diffops.partial(sines(nest), "xx", "xy")(x), like(nest, -np.sin(X)[:, 0]))
    close(diffops.hvp(sines(nest))(x, Tensor(np.ones((3, 2)))), [-count(nest) * np.sin(X)])


def jit(nest, x):
    value = ms.jit(sines(nest))(x)
    assert jax.tree.structure(value) == jax.tree.structure(nest(jnp.zeros(())))
    close(value, like(nest, np.sin(X).sum(-1)))


def recompute(nest, x):
    f = ops.recompute_block(sines(nest))
    close(f(x), like(nest, np.sin(X).sum(-1)))
    close(ms.grad(f)(x), [count(nest) * np.cos(X)])


def rule(nest, x):
    f = custom_vjp(sines(nest))
    f.defbwd(lambda x, out, dout: (Tensor(jnp.cos(x) * 10 * total(nest(jnp.ones(())))),))
    value, gradient = ms.value_and_grad(f)(x)
    close(value, like(nest, np.sin(X).sum(-1)))
    close(gradient, [10 * np.cos(X) * total(nest(jnp.ones(())))])


def bprop(nest, x):
    class Net(nn.Cell):
        def construct(self, x):
            return sines(nest)(x)

        def bprop(self, x, out, dout):
            (seed, *_) = jax.tree.leaves(dout)
            return (jnp.cos(x) * 10 * seed[:, None],)

    close(ms.grad(Net())(x), [10 * np.cos(X)])
    close(ms.grad(lambda x: Net()(jnp.sin(x)))(x), [10 * np.cos(X) * np.cos(np.sin(X))])


def function(nest, x):
    class Sines(ms._Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return sines(nest)(x)

        @staticmethod
        def backward(ctx, *seeds):
            (seed, *_) = jax.tree.leaves(seeds)
            return jnp.cos(ctx.saved_tensors[0]) * 10 * seed[:, None]

    close(ms.grad(Sines.apply)(x), [10 * np.cos(X)])
    close(ms.grad(lambda x: Sines.apply(jnp.sin(x)))(x), [10 * np.cos(X) * np.cos(np.sin(X))])


def nested_transforms(nest, x):
    second = ms.grad(lambda x: ms.grad(sines(nest))(x))
    close(second(x), [-count(nest) * np.sin(X)])
    close(ms.jit(second)(x), [-count(nest) * np.sin(X)])
    close(ms.grad(lambda x: ms.vmap(sines(nest))(x))(x), [count(nest) * np.cos(X)])
    close(ms.vmap(ms.grad(sines(nest)))(x), [count(nest) * np.cos(X)])


TRANSFORMS = (grad, value_and_grad, aux, grad_operation, vjp, jvp, linearize, jacobians, vmap, jet, operators, jit)
TRANSFORMS += (recompute, rule, bprop, function, nested_transforms)


@pytest.mark.parametrize(
    ("kind", "mode"), [*((kind, "off") for kind in NESTED), ("array", "auto"), ("dataclass", "auto")]
)
@pytest.mark.parametrize("transform", TRANSFORMS, ids=lambda t: t.__name__)
def test_arrays_among_results_are_results(transform, kind, mode):
    ms.set_compile(mode)
    try:
        for _ in range(1 if mode == "off" else 2):
            transform(NESTED[kind], Tensor(X))
    finally:
        ms.set_compile("auto")


def test_a_result_without_arrays_is_the_very_object():
    made = []

    def f(x):
        made.append((x * x, {"one": 1.0}))
        return made[-1]

    value, _ = ms.value_and_grad(f)(Tensor(X))
    assert value is made[-1]


def test_stop_gradient_of_an_array():
    found = ms.grad(lambda x: x * ops.stop_gradient(jnp.sin(x)))(Tensor(X))
    np.testing.assert_allclose(found.asnumpy(), np.sin(X))
