"""Cell.bprop, _Function and custom_vjp: what they return, at every order, compiled, mapped and in forward mode."""

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, diffops, nn, ops
from msjax.autodiff.custom import custom_vjp


def values(tree):
    return tuple(map(values, tree)) if isinstance(tree, tuple) else tree.asnumpy().tolist()


def x():
    return Tensor([1.0, 2.0])


class Cube(nn.Cell):
    """x ** 3, with a derivative of 10 x ** 2, so that it shows which one is used."""

    def construct(self, a):
        return a * a * a

    def bprop(self, a, out, dout):
        return (10 * a * a * dout,)


class CubeFunction(ms._Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a * a * a

    @staticmethod
    def backward(ctx, dout):
        (a,) = ctx.saved_tensors
        return 10 * a * a * dout


@custom_vjp
def cube(a):
    return a * a * a


cube.defbwd(lambda a, out, dout: (10 * a * a * dout,))
CUBES = [Cube(), CubeFunction.apply, cube]


@pytest.mark.parametrize("f", CUBES, ids=["bprop", "_Function", "custom_vjp"])
@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (lambda f: f, [1, 8]),
        (ms.grad, [10, 40]),
        (lambda f: ms.grad(ms.grad(f)), [20, 40]),
        (lambda f: ms.grad(ms.grad(ms.grad(f))), [20, 20]),
        (lambda f: ms.jit(ms.grad(f)), [10, 40]),
        (lambda f: ms.grad(ms.jit(f)), [10, 40]),
        (lambda f: ms.grad(ms.jit(ms.grad(f))), [20, 40]),
        (lambda f: ms.grad(ms.grad(ms.jit(f))), [20, 40]),
        (lambda f: ms.vmap(ms.grad(f)), [10, 40]),
        (lambda f: ms.grad(ms.vmap(f)), [10, 40]),
        (lambda f: ms.grad(ms.vmap(ms.grad(f))), [20, 40]),
        (lambda f: ms.jit(ms.grad(ms.vmap(ms.grad(f)))), [20, 40]),
        (lambda f: lambda a: ms.jvp(f, a, ops.ones_like(a))[1], [10, 40]),
        (lambda f: lambda a: ms.jvp(ms.grad(f), a, ops.ones_like(a))[1], [20, 40]),
        (lambda f: ms.grad(lambda a: ms.jvp(f, a, ops.ones_like(a))[1]), [20, 40]),
        (lambda f: lambda a: ops.linearize(f, a)[1](ops.ones_like(a)), [10, 40]),
        (lambda f: ms.jacfwd(f), [[10, 0], [0, 40]]),
        (lambda f: ms.jacrev(f), [[10, 0], [0, 40]]),
        (lambda f: lambda a: ms.jacfwd(ms.jacrev(f))(a).sum((1, 2)), [20, 40]),
        (lambda f: lambda a: ms.jacrev(ms.jit(ms.jacfwd(f)))(a).sum((1, 2)), [20, 40]),
        (lambda f: ms.jit(ms.jacfwd(f)), [[10, 0], [0, 40]]),
        (lambda f: lambda a: ops.derivative(f, a, 1)[1], [10, 40]),
        (lambda f: lambda a: ops.derivative(f, a, 3)[1], [20, 20]),
        (lambda f: ms.jit(lambda a: ops.derivative(f, a, 4)[1]), [0, 0]),
        (lambda f: lambda a: ops.jet(f, a, ops.ones((1, 2)))[1][0], [10, 40]),
        (lambda f: lambda a: ops.jet(f, a, ops.stack((a, a, a)))[1][2], [90, 720]),
    ],
)
def test_every_transform_uses_the_rule(f, transform, expected):
    assert values(transform(f)(x())) == expected


def caught(f):
    """`f`, or zeros if that fails: what fails inside of a transform only is not for the function to handle."""

    def function(a):
        try:
            return f(a)
        except Exception:
            return a * 0

    return function


def careless(f):
    """`f`, with another error if that fails."""

    def function(a):
        try:
            result = f(a)
        finally:
            result = result * 1
        return result

    return function


@pytest.mark.parametrize("careful", [caught, careless])
@pytest.mark.parametrize("f", CUBES, ids=["bprop", "_Function", "custom_vjp"])
@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (lambda f: lambda a: ms.jvp(f, a, ops.ones_like(a))[1], [10, 40]),
        (lambda f: lambda a: ms.jvp(lambda b: ms.jvp(f, b, ops.ones_like(b))[1], a, ops.ones_like(a))[1], [20, 40]),
        (lambda f: lambda a: ops.linearize(f, a)[1](ops.ones_like(a)), [10, 40]),
        (lambda f: lambda a: ms.jacfwd(f)(a).sum(0), [10, 40]),
        (lambda f: lambda a: ops.derivative(f, a, 2)[1], [20, 40]),
        (lambda f: lambda a: ops.derivative(f, a, 3)[1], [20, 20]),
        (lambda f: lambda a: diffops.laplacian(lambda b: f(b).sum(-1))(a), 60),
    ],
)
def test_functions_that_handle_errors_see_none_of_transforms(transform, expected, f, careful):
    assert values(transform(careful(f))(x())) == expected


class Rule(nn.Cell):
    """A Cell with the bprop it is given."""

    def __init__(self, rule, function=lambda a, b: a * b):
        super().__init__()
        self.rule, self.function = rule, function

    def construct(self, a, b=3.0):
        return self.function(a, b)

    def bprop(self, a, b, out, dout):
        return self.rule(a, b, out, dout)


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (lambda a, b, out, dout: (b * dout, out), ([3, 4], [3, 8])),
        (lambda a, b, out, dout: [dout, a], ([1, 1], [1, 2])),
        (lambda a, b, out, dout: (None, dout), ([0, 0], [1, 1])),
        (lambda a, b, out, dout: (dout, dout, dout), ([1, 1], [1, 1])),
        (lambda a, b, out, dout: (ops.ones((2, 2)), dout), ([2, 2], [1, 1])),
        (lambda a, b, out, dout: (dout.astype(ms.float64), dout), ([1, 1], [1, 1])),
    ],
)
def test_gradients_are_fitted_to_their_inputs(returned, expected):
    gradients = ms.grad(Rule(returned), (0, 1))(x(), Tensor([3.0, 4.0]))
    assert values(gradients) == expected
    assert all(g.dtype == ms.float32 for g in gradients)


@pytest.mark.parametrize(
    ("returned", "fragment"),
    [
        (lambda a, b, out, dout: (dout,), "a gradient for each forward input, of which there are 2, but gave 1"),
        (lambda a, b, out, dout: (dout.sum(), dout), "grad tensor should be broadcast to expected shape"),
        (lambda a, b, out, dout: (ops.ones(3), dout), "grad tensor should be broadcast to expected shape"),
    ],
)
def test_impossible_gradients(returned, fragment):
    with pytest.raises(RuntimeError, match=fragment):
        ms.grad(Rule(returned))(x(), x())


def test_inputs_are_in_their_positions():
    seen = []

    def rule(a, b, out, dout):
        seen.append(b)
        return (dout, None)

    net = Rule(rule)
    ms.grad(net)(x())
    ms.grad(lambda a: net(b=4.0, a=a))(x())
    assert seen == [3.0, 4.0]


def test_several_outputs_and_nested_inputs():
    both = Rule(lambda a, b, out, dout: (out[1] * dout[0], dout[1]), lambda a, b: (a, a + b))
    assert values(ms.grad(lambda a: both(a, a)[0])(x())) == [2, 4]
    nested = Rule(lambda a, b, out, dout: ((dout, 2 * dout), None), lambda a, b: a[0] * a[1])
    assert values(ms.grad(lambda a, b: nested((a, b)), (0, 1))(x(), x())) == ([1, 1], [2, 2])


class Weighted(nn.Cell):
    def __init__(self, internal):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0]), name="w")
        if internal:
            self.internal_params = [self.w]

    def construct(self, a):
        return a * self.w

    def bprop(self, a, out, dout):
        return (dout * self.w,), {self.w: a * dout * 10}


@pytest.mark.parametrize(("internal", "expected"), [(True, [10, 20]), (False, [0, 0])])
def test_weights(internal, expected):
    net = Weighted(internal)
    for gradient in (ms.grad(net, 0, net.w), ms.jit(ms.grad(net, 0, net.w)), ms.grad(ms.jit(net), 0, net.w)):
        assert values(gradient(x())) == ([2, 3], expected)


def test_a_compiled_rule_sees_new_values_of_what_it_reads():
    net = Weighted(False)
    gradient = ms.grad(ms.jit(net))
    assert values(gradient(x())) == [2, 3]
    net.w.set_data(Tensor([5.0, 6.0]))
    assert values(gradient(x())) == [5, 6]


def test_rules_see_values_when_run_eagerly():
    seen = []

    class Look(nn.Cell):
        def construct(self, a):
            return a * 2

        def bprop(self, a, out, dout):
            seen.append(float(out.sum()))
            return (dout if float(a[0]) > 0 else -dout,)

    assert values(ms.grad(Look())(x())) == [1, 1]
    assert values(ms.grad(ms.grad(Look()))(x())) == [0, 0]
    assert seen == [6, 6]


def test_a_rule_hides_what_the_function_would_give():
    class Safe(nn.Cell):
        def construct(self, a):
            return ops.sqrt(a)

        def bprop(self, a, out, dout):
            return (ops.zeros_like(a),)

    assert values(ms.grad(Safe())(Tensor([0.0]))) == [0]


class Two(ms._Function):
    @staticmethod
    def forward(ctx, a, k, b):
        ctx.k = k
        ctx.save_for_backward(a, b)
        ctx.needs = ctx.needs_input_grad
        return a * b * k, a + b

    @staticmethod
    def backward(ctx, first, second):
        a, b = ctx.saved_tensors
        assert ctx.needs[1] is False
        return first * b * ctx.k + second, None, first * a * ctx.k + second


def test_function_with_several_inputs_and_outputs():
    a, b = x(), Tensor([3.0, 4.0])
    assert values(Two.apply(a, 2.0, b)) == ([6, 16], [4, 6])
    assert values(ms.grad(lambda a, b: Two.apply(a, 2.0, b), (0, 1))(a, b)) == ([7, 9], [3, 5])
    assert values(ms.grad(lambda a, b: Two.apply(a, 2.0, b)[0], (0, 1))(a, b)) == ([6, 8], [2, 4])
    expected = ms.grad(ms.grad(lambda a: a * a * 2 * a + a + a))(a)
    np.testing.assert_allclose(
        ms.grad(ms.grad(lambda a: Two.apply(a * a, 2.0, a)))(a).asnumpy(), expected.asnumpy() - 0 + 2
    )


def make(backward, forward=lambda ctx, a, b: a * b, **methods):
    return type(
        "Made", (ms._Function,), {"forward": staticmethod(forward), "backward": staticmethod(backward), **methods}
    )


@pytest.mark.parametrize(
    ("backward", "second", "fragment"),
    [
        (lambda ctx, d: (d,), 2.0, "wrong number of gradients, expect: 2but: 1"),
        (lambda ctx, d: (d, d), 2.0, "Input is not tensor, but gradient is not none"),
        (lambda ctx, d: (1.0, None), 2.0, "Gradient should be none or tensor"),
        (lambda ctx, d: (ops.ones(3), None), 2.0, "grad tensor should be broadcast to expected shape"),
    ],
)
def test_function_errors(backward, second, fragment):
    with pytest.raises(RuntimeError, match=fragment):
        ms.grad(lambda a: make(backward).apply(a, second))(x())


@pytest.mark.parametrize("rest", [(), (None,), (Tensor(1.0),)])
def test_gradients_of_defaults_of_forward_are_left_out(rest):
    scaled = make(lambda ctx, d: (d * 3, *rest), lambda ctx, a, factor=3: a * factor)
    assert values(ms.grad(scaled.apply)(x())) == [3, 3]


def test_function_contexts():
    unused = make(
        lambda ctx, first, second: first if second is None else second * 100,
        lambda ctx, a: (ctx.set_materialize_grads(False), (a * 1, a * 2))[1],
    )
    assert values(ms.grad(lambda a: unused.apply(a)[0])(x())) == [1, 1]

    def marked(ctx, a):
        first, second = a * 1, a * 2
        ctx.mark_non_differentiable(second)
        return first, second

    constant = make(lambda ctx, first, second: first + second, marked)
    assert values(ms.grad(constant.apply)(x())) == [1, 1]

    with_setup = make(
        lambda ctx, d: (d * ctx.k, None),
        lambda a, k=5.0: a * k,
        setup_context=staticmethod(lambda ctx, inputs, output: setattr(ctx, "k", inputs[1])),
    )
    assert values(ms.grad(with_setup.apply)(x())) == [5, 5]
    assert values(ms.grad(lambda a: with_setup.apply(a, k=2.0))(x())) == [2, 2]
    with pytest.raises(TypeError, match="takes no keyword arguments"):
        CubeFunction.apply(a=x())
    with pytest.raises(NotImplementedError, match="should be customized"):
        ms.grad(type("Bare", (ms._Function,), {"forward": staticmethod(lambda ctx, a: a * 1)}).apply)(x())


def test_operators_of_numpy():
    def square(rule=None):
        return ops.Custom(lambda a: np.square(a), lambda s: s, lambda d: d, func_type="pyfunc", bprop=rule)

    def rule(a, out, dout):
        return (20 * a * dout,)

    assert values(square()(x())) == values(ms.jit(square())(x())) == values(ms.vmap(square())(x())) == [1, 4]
    for gradient in (ms.grad(square(rule)), ms.jit(ms.grad(square(rule))), ms.grad(ms.vmap(square(rule)))):
        assert values(gradient(x())) == [20, 40]
    assert values(ms.grad(ms.grad(square(rule)))(x())) == [20, 20]
    with pytest.raises(RuntimeError, match="Custom's bprop not defined"):
        ms.grad(square())(x())
    with pytest.raises(ValueError, match="func_type"):
        ops.Custom(np.square, func_type="other")
    with pytest.raises(TypeError, match="out_shape"):
        ops.Custom(np.square)


def test_functions_as_primitives():
    product = ops.Morph(lambda a, b: a * b, lambda a, b: a, lambda a, b: a)
    ruled = ops.Morph(lambda a, b: a * b, None, None, bprop_fn=lambda a, b, out, dout: (dout * b * 10, dout * a * 100))
    for compiled in (lambda f: f, ms.jit):
        assert values(compiled(product)(x(), x())) == [1, 4]
        assert values(compiled(ms.grad(product, (0, 1)))(x(), Tensor([3.0, 4.0]))) == ([3, 4], [1, 2])
        assert values(compiled(ms.grad(ruled, (0, 1)))(x(), Tensor([3.0, 4.0]))) == ([30, 40], [100, 200])


def test_a_rule_that_returns_nothing():
    with pytest.raises(TypeError, match="output is none"):
        ms.grad(Rule(lambda a, b, out, dout: None))(x(), x())


class Keeps(nn.Cell):
    """Leaves Tensors on itself, forward and backward."""

    def construct(self, a):
        self.value = a * 2
        return a * a

    def bprop(self, a, out, dout):
        self.gradient = dout * out
        return (dout * a * 10,)


def test_rules_that_leave_tensors_behind():
    net = Keeps()
    compiled = ms.jit(net)
    assert values(ms.jvp(lambda a: compiled(a), x(), x())[1]) == [10, 40]
    assert values(ms.jacfwd(compiled)(x())) == [[10, 0], [0, 20]]
    assert values(ms.jit(ms.grad(net))(x())) == [10, 20]
    assert (values(net.value), values(net.gradient)) == ([2, 4], [1, 4])
    net = Keeps()
    ms.grad(ms.jit(net))(x())
    assert (values(net.value), values(net.gradient)) == ([2, 4], [1, 4])


def test_a_mapped_compiled_cell_leaves_what_differs_between_slices():
    class Cached(nn.Cell):
        def construct(self, a):
            self.cache = a * 2
            return self.cache * a

    net = Cached()
    compiled, rows = ms.jit(net), ops.stack([x(), 2 * x()])
    for _ in range(2):
        assert values(ms.vmap(compiled)(rows)) == [[2, 8], [8, 32]]
        assert values(net.cache) == [[2, 4], [4, 8]]
    assert values(compiled(x())) == [2, 8]
    assert values(net.cache) == [2, 4]


def test_saved_tensors_are_the_same_objects_unless_they_change():
    seen = []

    class Product(ms._Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(a, b)
            return a * b

        @staticmethod
        def backward(ctx, dout):
            seen[:] = ctx.saved_tensors
            return dout * seen[1], dout * seen[0]

    a, b = Tensor([2.0]), Tensor([3.0])
    c = Tensor([5.0])

    def f(a, b):
        out = Product.apply(a, b) * Product.apply(a, c)
        c[0] = 7.0
        return out

    assert [g.asnumpy().tolist() for g in ms.grad(Product.apply, (0, 1))(a, b)] == [[3], [2]]
    assert seen[0] is a
    assert seen[1] is b
    assert ms.grad(f)(a, b).asnumpy().tolist() == [60]


@pytest.mark.parametrize("wanted", [False, True])
def test_a_cell_with_bprop_that_gives_its_input(wanted):
    class Pass(nn.Cell):
        def construct(self, a):
            return a, a * 2

        def bprop(self, a, out, dout):
            return dout[0] * 7

    a = Tensor([1.0, 2.0])
    out, _ = Pass().set_grad(wanted)(a)
    assert (out is a) is not wanted
    assert out.asnumpy().tolist() == [1, 2]


def test_morph_with_keywords():
    def scaled(a, factor=2.0):
        return a * factor

    morph = ops.Morph(scaled, None, None)
    assert ms.grad(lambda a: morph(a, factor=Tensor(3.0)))(Tensor([1.0])).asnumpy().tolist() == [3]
    ruled = ops.Morph(scaled, None, None, lambda a, factor, out, dout: (dout * 7, dout))
    assert ms.grad(lambda a: ruled(a, factor=Tensor(3.0)))(Tensor([1.0])).asnumpy().tolist() == [7]
