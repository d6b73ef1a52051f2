"""Compiled gradients of gradients: forward mode where rows are independent, the pullback where they are not."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.autodiff import jacobian, rows
from msjax.autodiff.merge import merged
from msjax.core.tensor import raw
from msjax.shims.programs import size_of

W = np.random.RandomState(0).randn(2, 5)
V = np.random.RandomState(1).randn(5, 1)
U = np.random.RandomState(3).randn(3, 5)
Z = np.random.RandomState(2).randn(7, 2)
T, X = Z[:, :1], Z[:, 1:]


@pytest.fixture
def pushed(monkeypatch):
    """How many gradients were computed in forward mode."""
    seen = []
    original = rows._pushed

    def noted(*args):
        seen.append(1)
        return original(*args)

    monkeypatch.setattr(rows, "_pushed", noted)
    return seen


def network(t, x):
    return ops.tanh(ops.concat((t, x), 1).matmul(Tensor(W))).matmul(Tensor(V))


def of_points(z):
    return network(z[:, :1], z[:, 1:])


def eager_and_compiled(function, *arrays):
    """Both must agree; gives what they agree on."""
    tensors = [Tensor(a) for a in arrays]
    ms.set_compile("off")
    try:
        eager = function(*tensors)
    finally:
        ms.set_compile("auto")
    compiled = ms.jit(function)(*tensors)
    for one, other in zip(jax.tree.leaves(compiled), jax.tree.leaves(eager), strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-11, atol=1e-12)
    return eager


IDIOMS = {
    "gradient of a gradient": (ms.grad(ms.grad(network, 1), 1), (T, X)),
    "mixed": (ms.grad(ms.grad(network, 1), 0), (T, X)),
    "of both arguments": (ms.grad(lambda t, x: ms.grad(network, 1)(t, x), (0, 1)), (T, X)),
    "third": (ms.grad(ms.grad(ms.grad(network, 1), 1), 1), (T, X)),
    "GradOperation": (
        ops.GradOperation(get_all=True)(lambda t, x: ops.GradOperation(get_all=True)(network)(t, x)[1]),
        (T, X),
    ),
    "with a sensitivity": (ops.GradOperation(sens_param=True)(ms.grad(network, 0)), (T, X, X**2)),
    "sums": (ms.grad(lambda t, x: ms.grad(lambda t, x: network(t, x).sum(), 1)(t, x).sum(), 1), (T, X)),
    "means": (ms.grad(lambda t, x: ms.grad(lambda t, x: network(t, x).mean(), 1)(t, x).mean(), 1), (T, X)),
    "column": (lambda z: ms.grad(lambda z: ms.grad(of_points)(z)[:, 1].sum())(z)[:, 1:], (Z,)),
    "columns kept": (lambda z: ms.grad(lambda z: ms.grad(of_points)(z)[:, 0:1])(z), (Z,)),
    "several results": (ms.grad(lambda x: ops.stack((ms.grad(lambda x: x**4)(x), x**2), 1)), (X,)),
    "vectors": (ms.grad(ms.grad(lambda x: ops.sin(x) * x)), (X[:, 0],)),
    "value and gradient": (lambda x: ms.value_and_grad(lambda x: ms.grad(lambda x: ops.exp(x))(x) * x)(x), (X,)),
    "reshaped and transposed": (
        ms.grad(lambda x: ms.grad(lambda x: ops.sin(x.reshape(7)).expand_dims(0).T ** 2)(x).squeeze()),
        (X,),
    ),
}


@pytest.mark.parametrize("name", IDIOMS)
def test_independent_rows_are_pushed_forward(name, pushed):
    function, arrays = IDIOMS[name]
    eager_and_compiled(function, *arrays)
    assert pushed


def shifted(x):
    return x * ops.roll(x, 1, 0)


MIXED = {
    "rows meet in a sum": ms.grad(ms.grad(lambda x: x.sum() * x**2)),
    "rows meet in a mean": ms.grad(lambda x: ms.grad(lambda x: (x - x.mean(0)) ** 3)(x)),
    "rows are shifted": ms.grad(ms.grad(lambda x: shifted(x) ** 2)),
    "rows are turned round": ms.grad(ms.grad(lambda x: (x * x.flip(0)) ** 2)),
    "rows are multiplied with a matrix": ms.grad(ms.grad(lambda x: Tensor(np.ones((7, 7))).matmul(x) ** 3)),
    "rows are sorted": ms.grad(ms.grad(lambda x: ops.sort(x, 0)[0] ** 3)),
    "rows are gathered": ms.grad(ms.grad(lambda x: x[Tensor([1, 0, 2, 3, 4, 6, 5])] ** 3 * x)),
    "rows are summed up": ms.grad(ms.grad(lambda x: ops.cumsum(x, 0) ** 3)),
    "some rows only": ms.grad(ms.grad(lambda x: x[1:] ** 3 * x[:-1])),
    "one row for all": ms.grad(ms.grad(lambda x: x[:1] ** 3 * x)),
    "one row in another's place": ms.grad(lambda x: ms.grad(lambda x: ops.concat((x[1:], x[:1])) ** 2 * x)(x)),
    "normalized over the batch": ms.grad(ms.grad(lambda x: ops.softmax(x, 0) * x)),
}


@pytest.mark.parametrize("name", MIXED)
def test_mixed_rows_are_not(name, pushed):
    eager_and_compiled(MIXED[name], X)
    assert not pushed


def test_many_columns_are_not(pushed):
    eager_and_compiled(ms.grad(ms.grad(lambda x: (x**3).sum(-1))), np.ones((7, 5)))
    assert not pushed


def test_a_first_gradient_is_not(pushed):
    eager_and_compiled(ms.grad(network), T, X)
    assert not pushed


def test_the_innermost_of_three_is(pushed):
    def cubed(t, x):
        return network(t, x) ** 3

    second = ms.grad(ms.grad(cubed, 1), 1)
    eager_and_compiled(second, T, X)
    assert len(pushed) == 1
    eager_and_compiled(ms.grad(second), T, X)
    assert len(pushed) == 1 + 3


def of_several(z):
    return ops.dense(ops.tanh(ops.dense(z, Tensor(W.T))), Tensor(U))


def slopes_of_each(z):
    return [ms.grad(lambda z, k=k: of_several(z)[:, k].sum())(z) for k in range(3)]


def test_slopes_of_several_outputs_are_pushed_forward_together(pushed):
    eager_and_compiled(slopes_of_each, Z)
    assert len(pushed) == 3

    def total(z):
        return sum((raw(s) ** 2).sum() for s in slopes_of_each(Tensor(z)))

    program = jax.make_jaxpr(merged(total, Z))(Z)
    wide = [e for e in program.eqns if e.primitive.name == "dot_general" and e.outvars[0].aval.shape == (7, 3)]
    assert len(wide) == 2  # their slopes by each column


def test_slopes_of_fewer_outputs_than_columns_are_not(pushed):
    eager_and_compiled(lambda z: ms.grad(lambda z: of_several(z[:, :2] * z[:, 2:])[:, 1].sum())(z), np.ones((7, 4)))
    assert not pushed


def test_a_width_like_the_batch_gives_no_wrong_answer():
    square = np.random.RandomState(3).randn(7, 7)
    for function in (
        ms.grad(ms.grad(lambda x: ops.tanh(x.matmul(Tensor(square[:1]))).matmul(Tensor(square[:, :1])))),
        ms.grad(lambda x: ms.grad(lambda x: ops.tanh(x.matmul(Tensor(square[:1]))).T.sum())(x).sum()),
        ms.grad(lambda x: ms.grad(lambda x: (x.matmul(Tensor(square[:1])) ** 3).T)(x)),
        ms.grad(lambda x: ms.grad(lambda x: x.matmul(x.T) ** 2)(x)),
    ):
        eager_and_compiled(function, X)


@pytest.mark.parametrize(
    ("function", "forward"),
    [
        (ms.jacrev(ms.jacrev(lambda z: (ops.sin(z) * z.sum()).sum())), True),
        (ms.jacrev(ms.grad(lambda z: (ops.sin(z) * z.sum()).sum())), True),
        (ms.jacrev(lambda z: ms.grad(lambda z: (z**3).sum())(z).sum()), False),  # a number of many: one way back
        (ms.jacrev(lambda z: ops.sin(z) * z.sum()), False),
    ],
)
def test_jacobians_of_gradients_are_pushed_forward_for_many_points(function, forward, monkeypatch):
    seen = []
    original = jacobian._by_columns
    monkeypatch.setattr(jacobian, "_by_columns", lambda *args: seen.append(1) or original(*args))
    eager_and_compiled(function, Z[0])
    assert not seen  # else 0 * inf would make other elements nan than in rows
    eager_and_compiled(ms.vmap(function), Z)
    assert bool(seen) == forward


@pytest.mark.parametrize("f", [ops.sqrt, ops.log, lambda z: z**1.5, lambda z: ops.sqrt(z).sum() * z])
def test_jacobians_of_gradients_where_a_slope_is_infinite(f):
    eager_and_compiled(ms.jacrev(ms.grad(lambda z: f(z).sum())), np.array([0.0, 1.0, 4.0]))


def test_rules_and_hooks_are_followed(pushed):
    class Cube(nn.Cell):
        def construct(self, x):
            return x**3

        def bprop(self, x, out, dout):
            return (6 * x**2 * dout,)  # twice the true one, to tell them apart

    found = eager_and_compiled(ms.grad(ms.grad(Cube())), X)
    np.testing.assert_allclose(found.asnumpy(), 12 * X, rtol=1e-12)


def test_weights_of_a_loss_of_nested_gradients():
    w = Parameter(Tensor(W), name="w")

    def u(t, x):
        return ops.tanh(ops.concat((t, x), 1).matmul(w)).matmul(Tensor(V))

    def loss(t, x):
        residual = ms.grad(u)(t, x) + u(t, x) * ms.grad(u, 1)(t, x) - 0.1 * ms.grad(ms.grad(u, 1), 1)(t, x)
        return (residual**2).mean()

    eager_and_compiled(ms.value_and_grad(loss, None, [w]), T, X)


def test_what_is_common_is_merged():
    def f(x):
        return jnp.sin(x) * jnp.exp(jnp.sin(x)) + jax.jit(lambda y: jnp.sin(y) + 1.0)(x)

    x = jnp.ones(3)
    program = str(jax.make_jaxpr(merged(f, x))(x))
    assert program.count("sin") == 1
    np.testing.assert_allclose(merged(f, x)(x), f(x))


def test_what_is_not_used_is_left_out():
    program = str(jax.make_jaxpr(merged(lambda x: [jnp.sin(x), jnp.cos(jnp.exp(x))][:1], X))(X))
    assert "sin" in program and "exp" not in program


def test_what_looks_alike_is_not_merged():
    def f(x, y):
        one, other = jnp.float32(1.0), jnp.float64(1.0)
        return x + 0.0, x + -0.0, x * jnp.nan, jnp.sum(y, 0), jnp.sum(y, 1), (x + one), (x + other), x + 1, x - 1

    x, y = jnp.array([-0.0, 2.0], jnp.float32), jnp.arange(4.0).reshape(2, 2)
    for one, other in zip(merged(f, x, y)(x, y), f(x, y), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(np.signbit(one), np.signbit(other))


def test_stacks_of_rows_are_multiplied_as_one():
    w, bias = jnp.asarray(W.T), jnp.asarray(V.ravel())

    def points(x):  # a network for batches, called for a point
        return jax.vmap(lambda p: (jnp.tanh(p[None] @ w.T + bias)[0] * 2.0).sum())(x)

    def stacks(x):
        y = x.reshape(7, 1, 2) * jnp.ones((7, 3, 2))
        z = y @ w.T
        return jnp.where(z > 0, z, z**2) * z[:, :1] + z.sum(1, keepdims=True), jnp.einsum("nkc,dc->dnk", y, w)

    for f in (points, stacks):
        expected, got = f(jnp.asarray(Z)), merged(f, Z)(jnp.asarray(Z))
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12), expected, got)
        slope = jax.grad(lambda x, f=f: sum((y**2).sum() for y in jax.tree.leaves(f(x))))
        np.testing.assert_allclose(merged(slope, Z)(jnp.asarray(Z)), slope(jnp.asarray(Z)), rtol=1e-11)
    (product,) = [e for e in jax.make_jaxpr(merged(points, Z))(Z).eqns if e.primitive.name == "dot_general"]
    assert product.outvars[0].aval.shape == (7, 5)
    assert all(
        e.outvars[0].aval.ndim == 2 for e in jax.make_jaxpr(merged(points, Z))(Z).eqns if e.primitive.name == "tanh"
    )


def test_a_part_of_a_concatenation_is_that_part():
    def f(x, y):
        joined = jnp.concatenate((x, y), 1)
        return (
            joined[:, :1],
            joined[:, 1:],
            joined[:, :2],
            joined[1:, :1],
            jax.lax.slice(joined, (0, 0), (2, 2), (1, 1)),
        )

    x, y = jnp.ones((2, 1)), jnp.arange(4.0).reshape(2, 2)
    for one, other in zip(merged(f, x, y)(x, y), f(x, y), strict=True):
        np.testing.assert_array_equal(one, other)
    program = jax.make_jaxpr(merged(lambda x, y: jnp.concatenate((x, y), 1)[:, :1], x, y))(x, y)
    assert program.jaxpr.outvars[0] is program.jaxpr.invars[0]


def test_effects_happen_as_often_as_before():
    seen = []

    def f(x):
        jax.debug.callback(lambda v: seen.append(v), x)
        jax.debug.callback(lambda v: seen.append(v), x)
        return x

    merged(f, jnp.ones(()))(jnp.ones(()))
    jax.effects_barrier()
    assert len(seen) == 2


def test_a_gradient_has_the_dtype_of_its_argument():
    def f(x):
        y = x.astype(ms.float64)
        return ms.grad(lambda v: (v * v * v).sum())(y).sum()

    x = Tensor(np.array([1.0, 2.0], np.float32))
    for gradient in (ms.grad(f), ms.jit(ms.grad(f))):
        for _ in range(3):
            assert gradient(x).dtype == ms.float32


def _roots(x, y):
    return ops.sqrt(x) + y**3


SPLIT = {
    "items": lambda g: _roots(g[:, 0], g[:, 1]),
    "slices": lambda g: _roots(g[:, :1], g[:, 1:]),
    "chunks": lambda g: _roots(*ops.chunk(g, 2, 1)),
    "whole": lambda g: ops.sqrt(g),
    "joined": lambda g: ops.concat((ops.sqrt(g[:, :1]), g[:, 1:] * 2), 1).matmul(Tensor(np.array([[1.0], [2.0]]))),
    "chosen": lambda g: ops.where(g[:, :1] > -1, ops.sqrt(g[:, :1]), g[:, :1]) - g[:, 1:],
    "scaled": lambda g: -ops.sqrt(g[:, 0]) * 2 + g[:, 1] / 3,
}


@pytest.mark.parametrize("split", SPLIT.values(), ids=SPLIT)
def test_an_infinite_slope_by_one_column_leaves_the_others_alone(pushed, split):
    def gradient(z):
        return ms.grad(lambda z: split(ms.grad(lambda z: z[:, 0] ** 2 * 0.5 + z[:, 1] ** 3)(z)))(z)

    found = eager_and_compiled(gradient, np.array([[0.0, 1.0], [1.0, 2.0]]))
    assert pushed and np.isinf(found.asnumpy()[0, 0]) and np.isfinite(found.asnumpy().ravel()[1:]).all()


def of_high_order(x):
    """A product of the Hessian of a loss with soft labels, itself a loss in three columns."""

    def loss(u):
        values = ops.exp((ops.sin((x + u) * x) + u) * 0.2)
        return ops.cross_entropy(values, ops.softmax(values, 1))

    return ms.grad(lambda t: (ms.grad(loss)(t) * x).sum())(x * 1)


def test_derivatives_of_high_order_do_not_multiply():
    """XLA took half an hour to compile what had 70,000 operators."""
    points = Tensor(np.linspace(0.1, 0.8, 6).reshape(2, 3))
    function = ms.jacfwd(ms.grad(of_high_order))
    program = jax.make_jaxpr(lambda array: jax.tree.leaves(function(Tensor(array))))(raw(points))
    assert size_of(program.jaxpr) < 9000
