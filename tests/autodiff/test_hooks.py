"""Hooks on gradients: Tensors, Cells, HookBackward and InsertGradientOf."""

import jax
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops


def values(tree):
    if tree is None:
        return None
    return tuple(map(values, tree)) if isinstance(tree, tuple) else tree.asnumpy().tolist()


def x():
    return Tensor([1.0, 2.0])


def square(a):
    return a * a


def test_tensor_hooks_of_leaves():
    a, seen = x(), []
    first = a.register_hook(lambda g: g + 1)
    a.register_hook(lambda g: g * 10)
    a.register_hook(seen.append)
    assert values(ms.grad(square)(a)) == [30, 50]
    assert values(ms.grad(lambda b: b * b + a)(a)) == [40, 60]  # once, with the sum of all uses
    assert [values(g) for g in seen] == [[30, 50], [40, 60]]
    assert len(a.hooks()) == 3
    first.remove()
    first.remove()
    assert values(ms.grad(square)(a)) == [20, 40]
    assert values(ms.grad(ms.jit(square))(a)) == [20, 40]
    assert values(ms.grad(square)(x())) == [2, 4]


def test_tensor_hooks_of_intermediates():
    def f(a):
        b = a * a
        b.register_hook(lambda g: g * 2)
        b.register_hook(lambda g: g + 1)
        return b * 3

    for gradient in (ms.grad(f), ms.jit(ms.grad(f)), ms.grad(ms.jit(f)), ms.vmap(ms.grad(f)), ms.grad(ms.vmap(f))):
        assert values(gradient(x())) == [14, 28]


def late(a):
    b = a * 2
    c = b * 3
    b.register_hook(lambda g: g * 10)
    return c + b * 5


LATE = {
    "grad": ms.grad(late),
    "compiled": ms.jit(ms.grad(late)),
    "of a compiled function": ms.grad(ms.jit(late)),
    "of each slice": ms.vmap(ms.grad(late)),
    "of a batch": ms.grad(ms.vmap(late)),
    "vjp": lambda a: ms.vjp(late, a)[1](ops.ones_like(a))[0],
    "jvp": lambda a: ms.jvp(late, a, ops.ones_like(a))[1],
    "Jacobian": lambda a: ms.jacrev(late)(a).sum(0),
}


@pytest.mark.parametrize("name", LATE)
def test_a_hook_counts_for_uses_before_it_too(name):
    assert values(LATE[name](x())) == [160, 160]


def test_late_hooks_of_arguments_views_and_overwritten_values():
    def of_argument(a):
        b = a * 3
        a.register_hook(lambda g: g * 10)
        return b + a

    def of_view(a):
        b = a * 2
        view = b.view(2, 1)
        c = view * 3
        view.register_hook(lambda g: g * 10)
        return c.sum() + b.sum()

    def overwritten(a):
        b = a * 2
        c = b * 3
        b.register_hook(lambda g: g * 10)
        b[0] = 4.0
        return c + b

    def several(a):
        b = a * 2
        c = b * 3
        c.register_hook(lambda g: g + 1)
        b.register_hook(lambda g: g * 10)
        d = b * 5
        b.register_hook(lambda g: g + 1)
        a.register_hook(lambda g: g * 10)
        return c + d

    def removed(a):
        b = a * 2
        c = b * 3
        b.register_hook(lambda g: g * 10).remove()
        return c

    expected = {of_argument: [40, 40], of_view: [62, 62], overwritten: [60, 80], several: [2220, 2220], removed: [6, 6]}
    for function, gradient in expected.items():
        assert values(ms.grad(function)(x())) == gradient, function.__name__


def test_late_hooks_of_second_derivatives_and_of_outer_tensors():
    def square_of_square(a):
        b = a * a
        c = b * b
        b.register_hook(lambda g: g * 10)
        return c

    assert values(ms.grad(ms.grad(square_of_square))(x())) == [840, 3360]

    def outer(a):
        b = a * 2

        def inner(c):
            d = c * b
            b.register_hook(lambda g: g * 10)
            return d * c

        return ms.grad(inner)(a) + b  # 2 * a * b + b

    # a is a leaf of the inner gradient too; what reaches b is 2 * a + 1
    assert values(ms.grad(outer)(x())) == [4 + 20 * 3, 8 + 20 * 5]


def test_a_late_hook_that_nothing_reaches_is_not_called():
    seen = []

    def f(a):
        b = a * 2
        (b * 3).sum()
        b.register_hook(seen.append)
        return a * 3

    assert values(ms.grad(f)(x())) == [3, 3]
    assert not seen


def test_a_late_hook_where_operators_are_recorded_is_an_error():
    class Late(nn.Cell):
        def construct(self, a):
            return late(a)

    with pytest.raises(RuntimeError, match="register it as soon as the Tensor is there"):
        ms.grad(lambda a: ms.recompute(Late(), a))(x())


def test_hooks_of_weights_that_are_not_used_get_zeros():
    class Idle(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w, self.idle = Parameter(x(), name="w"), Parameter(x(), name="idle")
            self.idle.register_hook(lambda g: g + 7)

        def construct(self, a):
            return a * self.w

    net = Idle()
    weights = [net.w, net.idle]
    for _ in range(2):
        assert values(ms.grad(net, None, weights)(x())) == ([1, 2], [7, 7])
        assert values(ms.grad(ms.jit(net), None, weights)(x())) == ([1, 2], [7, 7])
        assert values(ms.vjp(net, x(), weights=weights)[1](x())) == (([1, 4],), ([1, 4], [7, 7]))
    assert values(ops.GradOperation(get_by_list=True)(net)(x())) == ([1, 2],)


def test_hooks_of_arguments_that_are_not_used_are_not_called():
    a, b, seen = x(), x(), []
    b.register_hook(seen.append)
    assert values(ms.grad(lambda a, b: a * 2, (0, 1))(a, b)) == ([2, 2], [0, 0])
    assert not seen


def test_hooks_registered_in_compiled_functions_are_for_that_call():
    def f(a):
        a.register_hook(lambda g: g * 10)
        return a * a

    a, w = x(), Parameter(x(), name="w")
    for _ in range(2):
        assert values(ms.grad(ms.jit(f))(a)) == [20, 40]
    assert values(ms.grad(square)(a)) == [2, 4]
    with pytest.raises(ValueError, match="Parameter inside graph"):
        ms.jit(f)(w)


def test_tensor_hooks_of_parameters():
    net = nn.Dense(2, 1, weight_init="ones")
    net.weight.register_hook(lambda g: g * 10)
    for gradient in (ms.grad(net, None, net.weight), ms.jit(ms.grad(net, None, net.weight))):
        assert values(gradient(Tensor([[1.0, 2.0]]))) == [[10, 20]]


def test_tensor_hook_errors():
    a = x()
    with pytest.raises(TypeError, match="Expected a callable hook function, but got int"):
        a.register_hook(3)
    with pytest.raises(RuntimeError, match="requires grad is false"):
        Parameter(x(), requires_grad=False).register_hook(square)
    a.register_hook(lambda g: (g,))
    with pytest.raises(RuntimeError, match="Tensor hook should be return Tensor, but get type: tuple"):
        ms.grad(square)(a)


def test_hooks_that_are_compiled_themselves_are_refused():
    hook, cell = ms.jit(lambda *arguments: arguments[-1]), nn.ReLU()
    for register in (x().register_hook, cell.register_forward_pre_hook, cell.register_forward_hook,
                     cell.register_backward_pre_hook, cell.register_backward_hook):  # fmt: skip
        with pytest.raises(TypeError, match="decorated with @jit"):
            register(hook)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0]), name="w")
        self.relu = nn.ReLU()

    def construct(self, a, b=None):
        return self.relu(a * self.w if b is None else a * self.w * b)


def hooked():
    net, log = Net(), []
    for cell, name in ((net, "net"), (net.relu, "relu")):
        cell.register_backward_pre_hook(lambda c, g, n=name: log.append((n, values(g))))
        cell.register_backward_hook(lambda c, gi, go, n=name: log.append((n, values(gi), values(go))))
    return net, log


def test_order_and_arguments_of_cell_hooks():
    net, log = hooked()
    one = [1.0, 1.0]
    assert values(ms.grad(net)(x())) == [2, 3]
    assert log == [("net", (one,)), ("relu", (one,)), ("relu", (one,), (one,)), ("net", ([2, 3],), (one,))]
    log.clear()
    ms.grad(net)(x(), Tensor([1.0, 1.0]))
    assert log[-1] == ("net", ([2, 3], [2, 6]), (one,))
    log.clear()
    ms.grad(net, None, [net.w])(x())
    assert ("net", (None,), (one,)) in log
    log.clear()
    net(x())
    assert log == []


@pytest.mark.parametrize("compiled", [lambda f: f, ms.jit])
def test_cell_hooks_change_gradients(compiled):
    net = Net()
    net.register_backward_hook(lambda c, gi, go: gi[0] * 10)
    handle = net.register_backward_hook(lambda c, gi, go: (gi[0] + go[0],))
    net.register_backward_pre_hook(lambda c, g: g[0] * 2)
    assert values(compiled(ms.grad(net))(x())) == [42, 62]
    assert values(ms.grad(compiled(lambda a: net(a)))(x())) == [42, 62]
    handle.remove()
    handle.remove()
    assert values(compiled(ms.grad(lambda a: net(a)))(x())) == [40, 60]


@pytest.mark.parametrize(
    ("kind", "hook", "error", "fragment"),
    [
        ("backward", lambda c, gi, go: (gi[0], gi[0]), TypeError, "The backward hook return value size is 2"),
        ("backward", lambda c, gi, go: 3, TypeError, "should be a tensor but got int"),
        ("backward", lambda c, gi, go: gi[0].sum(), ValueError, "not consistent with the expected"),
        ("backward_pre", lambda c, g: (g[0], g[0]), TypeError, "The backward pre hook return value size is 2"),
        ("backward_pre", lambda c, g: g[0].sum(), ValueError, "not consistent with the expected"),
    ],
)
def test_cell_hook_errors(kind, hook, error, fragment):
    net = Net()
    getattr(net, f"register_{kind}_hook")(hook)
    with pytest.raises(error, match=fragment):
        ms.grad(net)(x())
    with pytest.raises(TypeError, match="Expected a callable"):
        net.register_backward_hook(3)


def test_unused_outputs_have_no_gradient_in_hooks():
    class Both(nn.Cell):
        def construct(self, a):
            return a * 2, a * 3

    net, log = Both(), []
    net.register_backward_hook(lambda c, gi, go: log.append(values(go)))
    assert values(ms.grad(lambda a: net(a)[1])(x())) == [3, 3]
    assert log == [(None, [1, 1])]


def test_operators():
    def twice(gradient):
        return gradient * 2

    seen = []
    watch = ops.HookBackward(lambda g: seen.append(values(g)))
    assert values(ms.grad(lambda a: watch(a) * a)(x())) == [2, 4]
    assert seen == [([1, 2],)]
    both = ops.HookBackward(lambda g: (g[0] * 2, g[1] * 3))
    assert values(both(x(), x())) == ([1, 2], [1, 2])
    assert values(ms.grad(lambda a: both(a, a * 2))(x())) == [8, 8]
    assert values(ms.jit(ms.grad(lambda a: ops.InsertGradientOf(twice)(a) * a))(x())) == [3, 6]
    with pytest.raises(TypeError, match="Expected a callable"):
        ops.HookBackward(3)
    with pytest.raises(TypeError, match="must be Tensor"):
        watch(3)


def test_what_hooks_keep_holds_no_tracer():
    kept, net = [], Net()
    net.register_backward_hook(lambda c, gi, go: kept.extend([*gi, *go]))
    for gradient in (
        ms.grad(net),
        ms.jacrev(net),
        ms.grad(ms.jit(lambda a: net(a))),
        ms.grad(ms.grad(net)),
        ms.jit(ms.grad(net)),
    ):
        gradient(x())
    assert kept
    assert not [t for t in kept if isinstance(t._array, jax.core.Tracer)]


def test_leaf_hooks_are_called_once_by_each_derivative():
    a, b = x(), x()
    a.register_hook(lambda g: g * 10)
    assert values(ms.grad(ms.grad(lambda a: a * a * a))(a)) == [600, 1200]
    assert values(ms.grad(ms.grad(ms.grad(lambda a: a * a * a)))(a)) == [6000, 6000]
    assert values(ms.grad(ms.grad(lambda a, b: a * a * b), 1)(a, b)) == [20, 40]


def test_hooks_of_arguments_of_a_compiled_gradient():
    a, gradient = x(), ms.jit(ms.grad(square))
    assert values(gradient(a)) == [2, 4]
    first = a.register_hook(lambda g: g + 1)
    assert values(gradient(a)) == [3, 5]
    a.register_hook(lambda g: g * 10)
    assert values(gradient(a)) == [30, 50]
    first.remove()
    assert values(gradient(a)) == [20, 40]
    assert values(gradient(x())) == [2, 4]


def test_a_hook_that_fails_after_a_failure_is_a_warning():
    class Fails(nn.Cell):
        def construct(self, a):
            raise ValueError("first")

    def hook(cell, args, output):
        raise KeyError("second")

    net = Fails()
    net.register_forward_hook(hook, always_call=True)
    with pytest.warns(UserWarning, match="second"), pytest.raises(ValueError, match="first"):
        net(x())
