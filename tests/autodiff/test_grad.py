"""The gradient family beyond what the golden data shows: exceptions, leaks, nesting, JAX's agreement."""

import gc

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops


def close(tensor, expected):
    np.testing.assert_allclose(tensor.asnumpy(), expected, rtol=1e-5, atol=1e-6)


class Scale(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0]), name="w")

    def construct(self, x):
        return x * x * self.w


def handles():
    gc.collect()
    return [t for t in gc.get_objects() if isinstance(t, Tensor)]


def has_tracer(tensor):
    return isinstance(getattr(tensor, "_array", None), jax.core.Tracer)


def test_no_tracer_survives_an_exception():
    net, x, kept = Scale(), Tensor([1.0, 2.0]), []

    def fails(a):
        kept.append(net(a))
        net.cache = a * 3
        raise KeyError("stop")

    for transform in (
        ms.grad(fails),
        ms.grad(fails, None, net.trainable_params()),
        ms.grad(ms.grad(fails)),
        ms.jit(fails),
    ):
        with pytest.raises(KeyError):
            transform(x)
        assert not [t for t in handles() if has_tracer(t)]
    close(ms.grad(net)(x), [4.0, 12.0])
    close(x, [1.0, 2.0])


def test_leaked_values_become_constants():
    x, kept = Tensor([3.0]), []

    def f(a):
        kept.append(a * a)
        return a * a

    ms.grad(ms.grad(f))(x)
    close(kept[0], [9.0])
    close(ms.grad(lambda a: a * kept[0])(x), [9.0])


def test_concrete_values_inside():
    seen = []

    def f(a):
        seen.append((float(a[0]), a.asnumpy().tolist(), str(a)))
        return a * a if a.sum() > 0 else -a

    close(ms.grad(ms.grad(f))(Tensor([3.0])), [2.0])
    assert seen == [(3.0, [3.0], "[3.]")]


def test_writing_to_a_differentiated_tensor_is_refused_and_undone():
    x = Tensor([1.0, 2.0])

    def f(a):
        a[0] = 5.0
        return a

    with pytest.raises(RuntimeError, match="copy"):
        ms.grad(f)(x)
    close(x, [1.0, 2.0])


def test_writes_to_intermediates_are_differentiated():
    def f(a):
        z = a * 2
        z[0] = a[1] * a[1]
        view = z[1:]
        view[0] = a[0] * 3
        return z

    close(ms.grad(f)(Tensor([1.0, 2.0])), [3.0, 4.0])


def test_parameter_written_while_it_is_differentiated():
    p = Parameter(Tensor([1.0]), name="p")

    def f(x):
        y = p * x
        p.set_data(p + 1)
        return y

    close(ms.grad(f, None, p)(Tensor([3.0])), [3.0])
    close(p, [2.0])


def test_weights_list_is_read_at_the_call():
    net = Scale()
    weights = []
    gradient = ms.grad(net, None, weights)
    weights.append(net.w)
    (g,) = gradient(Tensor([1.0, 2.0]))
    close(g, [1.0, 4.0])


def test_requires_grad_is_read_at_the_call():
    net = Scale()
    gradient = ms.grad(net, None, [net.w])
    net.w.requires_grad = False
    close(gradient(Tensor([1.0, 2.0]))[0], [0.0, 0.0])
    close(ms.jit(gradient)(Tensor([1.0, 2.0]))[0], [1.0, 4.0])  # graph mode gives the true gradient
    net.w.requires_grad = True
    close(gradient(Tensor([1.0, 2.0]))[0], [1.0, 4.0])


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_orders_agree_with_jax(order):
    ours, theirs = (lambda x: ops.tanh(x * x)), (lambda x: jnp.tanh(x * x))
    for _ in range(order):
        ours, theirs = ms.grad(ours), jax.grad(theirs)
    x = np.array([0.3, -0.7], np.float32)
    np.testing.assert_allclose(ours(Tensor(x)).asnumpy(), jax.vmap(theirs)(x), rtol=2e-4, atol=1e-5)
    np.testing.assert_allclose(ms.jit(ours)(Tensor(x)).asnumpy(), jax.vmap(theirs)(x), rtol=2e-4, atol=1e-5)


def test_the_logarithm_of_a_sum_has_a_second_derivative():
    """MindSpore gives 0 for the second derivative of log(sum x)."""
    close(ms.grad(ms.grad(lambda x: ops.log(x.sum())))(Tensor([1.0, 3.0])), [-2 / 16.0] * 2)


def test_partials_and_callable_objects_are_accepted():
    from functools import partial

    class Square:
        def __call__(self, x):
            return x * x

    close(ms.grad(partial(lambda k, x: k * x, 3.0))(Tensor([1.0])), [3.0])
    close(ms.grad(Square())(Tensor([3.0])), [6.0])


def test_no_float64_in_a_float32_gradient():
    net = Scale()
    jaxpr = jax.make_jaxpr(lambda a: jnp.asarray(ms.grad(lambda t: (net(t) / 3).mean() + t.std())(Tensor(a))))(
        np.ones(2, np.float32)
    )
    assert "f64[2" not in str(jaxpr)


def test_ids_with_dropped_slots_are_paired_rightly():
    x, y = Tensor([1.0]), Tensor([2.0])
    ids = ms.grad(lambda k, a, b: k * a * b, (0, 1, 2), return_ids=True)(3.0, x, y)
    assert [i for i, _ in ids] == [1, 2]
    close(ms.get_grad(ids, 2), [3.0])
    assert ms.grad(lambda a, b: a * b, 1, return_ids=True)(x, y)[0] == 1


class Two(nn.Cell):
    def __init__(self):
        super().__init__()
        self.a, self.idle = Parameter(Tensor(2.0), name="a"), Parameter(Tensor(3.0), name="idle")
        self.c, self.frozen = Parameter(Tensor(5.0), name="c"), Parameter(Tensor(1.0), name="f", requires_grad=False)

    def construct(self, x):
        return x * self.c + self.a * self.a + self.frozen


def test_gradients_of_all_weights_that_are_used():
    net, other = Two(), Parameter(Tensor(11.0), name="p")
    x, by_list = Tensor(7.0), ops.GradOperation(get_by_list=True)

    def numbers(fn):
        return [float(g) for g in by_list(fn)(x)]

    assert numbers(net) == numbers(net.construct) == [7, 4]
    assert numbers(ms.jit(net)) == [4, 7]
    assert numbers(lambda x: net(x) * other) == [77, 44, 40]
    assert numbers(ms.jit(lambda x: net(x) * other)) == [44, 77, 40]
    with pytest.raises(TypeError, match="should be callable"):
        by_list(None)(x)


def test_forward_value_and_grad_of_a_network_without_arguments():
    class Energy(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([2.0, 3.0]), name="w")

        def construct(self):
            return self.w * self.w

    net = Energy()
    step = nn.ForwardValueAndGrad(net, ms.ParameterTuple(net.trainable_params()), get_all=True, get_by_list=True)
    value, (of_inputs, (of_w,)) = step()
    assert of_inputs == ()
    close(value, [4, 9])
    close(of_w, [4, 6])


def test_gradients_of_weights_that_a_cell_keeps_in_a_list_are_a_tuple_in_graph_mode_too():
    class Step(nn.Cell):
        def __init__(self, makes):
            super().__init__()
            self.net, self.makes = Scale(), makes
            self.weights = self.net.trainable_params()

        def construct(self, x):
            return ms.grad(self.net, None, [self.net.w] if self.makes else self.weights)(x)

    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        for makes, kind in ((False, tuple), (True, list)):
            for step in (Step(makes), Step(makes)):
                assert [type(step(Tensor([1.0, 2.0]))) for _ in range(3)] == [kind] * 3
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)


@pytest.mark.parametrize("when", [0, 1, 2])
def test_a_weight_that_is_frozen_during_the_call_has_no_gradient(when):
    net = Two()

    def f(x):
        for k, factor in enumerate((net.c, x, net.a)):
            if k == when:
                net.c.requires_grad = False
            x = x * factor
        return x

    weights = [net.a, net.c]
    for gradient in (ms.grad(f, None, weights), lambda x: ms.vjp(f, x, weights=weights)[1](Tensor(1.0))[1]):
        net.c.requires_grad = True
        for _ in range(2):
            assert [float(g) for g in gradient(Tensor(7.0))] == [245, 0]
            assert not has_tracer(net.c)
        assert not net.c.requires_grad
    net.c.requires_grad = True
    assert [float(g) for g in ms.grad(lambda x: x * net.c, None, weights)(Tensor(7.0))] == [0, 7]


def test_a_tensor_that_is_told_not_to_require_a_gradient():
    def f(x):
        y = x * x
        x.requires_grad_(False)
        return y * x

    assert float(ms.grad(f)(Tensor(3.0))) == 0

    def thaws(x):
        x.requires_grad_(False)
        y = x * x
        x.requires_grad_(True)
        return y * x

    assert float(ms.grad(thaws)(Tensor(3.0))) == 9


def test_constant_arguments_have_no_gradient_in_graph_mode():
    def product(x, y):
        return x * y

    x, y = Tensor([1.0], const_arg=True), Tensor([3.0])
    every = ops.GradOperation(get_all=True)
    assert [g.asnumpy().item() for g in every(product)(x, y)] == [3, 1]
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        assert ops.GradOperation()(product)(x, y) == ()
        assert [g.asnumpy().item() for g in every(product)(x, y)] == [1]
        assert len(every(product)(x.set_const_arg(False), y)) == 2
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)


class Adapted(nn.Cell):
    """Weights after a step of descent in a function of theirs: the containers are made while it runs."""

    def __init__(self):
        super().__init__()
        self.a, self.b = Parameter(Tensor([1.0, 2.0]), name="a"), Parameter(Tensor([3.0, 4.0]), name="b")

    def construct(self, x):
        weights = (self.a, {"b": [self.b * 1, 2.0]})
        of_a, of_rest = ops.grad(self.inner)(weights, x)
        of_b, of_number = of_rest["b"]
        assert type(of_rest["b"]) is list and of_number == 0.0
        return ((self.a - of_a) * (self.b - of_b)).sum()

    def inner(self, weights, x):
        return (weights[0] * x * weights[1]["b"][0]).sum()


def test_containers_that_a_compiled_function_makes_have_gradients():
    net, x = Adapted(), Tensor([5.0, 6.0])
    pair = lambda p, x: (p[0] * p[1] * x).sum()  # noqa: E731
    jitted = ms.jit(net.construct)
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        for step in (net, jitted):
            for _ in range(2):
                close(step(x), (1 - 15) * (3 - 5) + (2 - 24) * (4 - 12))
        a, b, c = (jnp.asarray(t.asnumpy()) for t in (net.a, net.b, x))
        expected = jax.grad(lambda a, b: ((a - b * c) * (b - a * c)).sum(), (0, 1))(a, b)
        for _ in range(3):
            for mine, theirs in zip(ms.grad(net, None, [net.a, net.b])(x), expected, strict=True):
                close(mine, theirs)
        # What such a function is called with is a constant.
        assert ms.grad(pair)((x, x), x) == ms.jit(ms.grad(pair))((x, x), x) == ()
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)
    assert ms.grad(pair)((x, x), x) == ()


def test_signatures_of_compiled_functions_hold_inside_of_them():
    x, largest = Tensor([[1.0, 3.0], [4.0, 2.0]]), lambda x: x.max(1).sum()
    ms.set_context(mode=ms.GRAPH_MODE)
    try:
        values, places = x.max(1)  # a line of the program, which is Python
        assert (values.tolist(), places.tolist()) == ([3.0, 4.0], [1, 0])
        for _ in range(3):
            close(ms.grad(largest)(x), [[0, 1], [1, 0]])
            close(ms.jit(largest)(x), 7)
    finally:
        ms.set_context(mode=ms.PYNATIVE_MODE)
