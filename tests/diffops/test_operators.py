"""What all operators share: batches, arguments, Cells, structures, chunks, plans, gradients, compilation, errors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, diffops, nn, ops
from msjax.compile import table

RNG = np.random.RandomState(0)


def cell(dtype=ms.float64):
    ms.set_seed(3)
    net = nn.SequentialCell(nn.Dense(3, 8), nn.Tanh(), nn.Dense(8, 8), nn.Sigmoid(), nn.Dense(8, 2))
    for p in net.get_parameters():
        p.set_dtype(dtype)
    return net


def points(*shape):
    return Tensor(np.random.RandomState(1).uniform(-1, 1, shape))


def nested_laplacian(f, x):
    """By MindSpore's own idiom: the gradient of each column of the gradient."""
    first = ms.grad(lambda x: f(x))
    return sum(ms.grad(lambda x, i=i: first(x)[..., i])(x)[..., i] for i in range(x.shape[-1]))


def assert_close(found, expected, tolerance=1e-10):
    assert found.shape == expected.shape and found.dtype == expected.dtype
    np.testing.assert_allclose(found.asnumpy(), expected.asnumpy(), rtol=tolerance, atol=tolerance)


# Of each operator: how it is made, a function that fits it, and the axes of the result behind the batch.
OPERATORS = {
    "jacobian": (diffops.jacobian, cell, (2, 3)),
    "laplacian": (diffops.laplacian, cell, (2,)),
    "second_order": (lambda f, **kw: diffops.second_order(f, [1.0, -2.0, 0.5], **kw), cell, (2,)),
    "hessian": (diffops.hessian, cell, (2, 3, 3)),
    "hessian_diag": (diffops.hessian_diag, cell, (2, 3)),
    "biharmonic": (diffops.biharmonic, cell, (2,)),
    "directional": (lambda f, **kw: diffops.directional(f, 3, [[1.0, 2.0, 0.0]] * 4, **kw), cell, (2, 4)),
    "partial": (lambda f, **kw: diffops.partial(f, "xxz", names="xyz", **kw), cell, (2,)),
    "divergence": (diffops.divergence, lambda: lambda x: x.flip(-1) * x.sum(-1, keepdims=True) ** 3, ()),
    "curl": (diffops.curl, lambda: lambda x: x.flip(-1) * x.sum(-1, keepdims=True) ** 3, (3,)),
}


@pytest.fixture(params=OPERATORS)
def case(request):
    operator, make, shape = OPERATORS[request.param]
    return operator, make(), shape


def test_a_batch_is_as_its_points(case):
    operator, f, shape = case
    x = points(2, 3, 3)
    whole = operator(f)(x)
    assert whole.shape == (2, 3, *shape)
    assert_close(whole[1, 2], operator(f)(x[1, 2]))
    assert_close(whole[0], operator(f)(x[0]))


def test_chunks(case):
    operator, f, _ = case
    x = points(7, 3)
    whole, parts = operator(f, lower=True)(x), operator(f, lower=True, chunk=3)(x)
    assert len(whole) == len(parts)
    for found, expected in zip(parts, whole, strict=True):
        assert_close(found, expected)
    assert operator(f, chunk=3).plan(x).chunk == 3 and operator(f, chunk=7).plan(x).chunk is None


def test_lower_orders_start_with_the_value(case):
    operator, f, _ = case
    x = points(4, 3)
    orders = operator(f, lower=True)(x)
    assert_close(orders[0], f(x))
    assert_close(orders[-1], operator(f)(x))


def test_several_arguments_and_structures(case):
    operator, f, _ = case
    x = points(4, 3)

    def separate(a, scale, b):
        value = f(ops.concat((a, b), -1))
        return {"one": value, "both": (value * scale, 2 * value)}

    found = operator(separate, grad_position=(0, 2))(x[:, :1], 3.0, x[:, 1:])
    expected = operator(f)(x)
    assert_close(found["one"], expected)
    assert_close(found["both"][0], 3 * expected)
    assert_close(found["both"][1], 2 * expected)


def test_compiled_after_a_few_calls(case, monkeypatch):
    operator, f, _ = case
    x = points(4, 3)
    monkeypatch.setattr(table, "UNUSED", 1000)  # each case makes the lambda anew, for a few calls only
    derived = operator(lambda x: f(x))

    def report():
        (found,) = [r for r in ms.explain(derived).data if "test_compiled" in r["function"] and r["traces"]]
        return found["status"], found["traces"]

    first = derived(x)
    for _ in range(8):
        assert_close(derived(x), first, 1e-9)
    status = report()
    assert status == report() and status[0] == "compiled"


def test_gradients_by_input_and_weights(case):
    """The derivative of a derivative, against difference quotients."""
    operator, f, _ = case
    weights = f.trainable_params()[:1] if isinstance(f, nn.Cell) else None
    x = points(4, 3)

    def loss(x):
        return (operator(f)(x) ** 2).sum()

    gradient = ms.grad(loss, 0, weights)
    for _ in range(2):  # eager, then compiled
        of_x = gradient(x)[0] if weights else gradient(x)
        direction, h = Tensor(RNG.randn(4, 3)), 1e-5
        quotient = (loss(x + h * direction) - loss(x - h * direction)) / (2 * h)
        np.testing.assert_allclose((of_x * direction).sum().item(), quotient.item(), rtol=1e-6)
    if weights:
        (w,), of_w = weights, gradient(x)[1][0]
        before, direction = w.value(), Tensor(RNG.randn(*w.shape))
        losses = []
        for step in (h, -h):
            w.set_data(before + step * direction)
            losses.append(loss(x).item())
        w.set_data(before)
        np.testing.assert_allclose((of_w * direction).sum().item(), (losses[0] - losses[1]) / (2 * h), rtol=1e-5)


@pytest.mark.parametrize("method", ["forward", "jvp", "forward_over_reverse", "reverse", "jet"])
def test_laplacian_of_a_cell_is_that_of_nested_gradients(method):
    net, x = cell(), points(5, 3)
    first = lambda x: net(x)[:, 1]  # noqa: E731
    assert_close(diffops.laplacian(net, method=method)(x)[:, 1], nested_laplacian(first, x))


def test_weight_gradient_of_a_laplacian_is_that_of_nested_gradients():
    net, x = cell(), points(5, 3)
    weights = net.trainable_params()
    ours = ms.grad(lambda x: (diffops.laplacian(net)(x)[:, 0] ** 2).mean(), None, weights)(x)
    theirs = ms.grad(lambda x: (nested_laplacian(lambda x: net(x)[:, 0], x) ** 2).mean(), None, weights)(x)
    for found, expected in zip(ours, theirs, strict=True):
        assert_close(found, expected)


def test_third_derivatives_by_operators_of_operators():
    x = points(5, 2)
    f = lambda x: (x**5).sum(-1) + x.prod(-1) ** 3  # noqa: E731
    third = diffops.jacobian(lambda x: diffops.laplacian(f)(x))(x)
    assert_close(third, diffops.laplacian(lambda x: diffops.jacobian(f)(x))(x))
    assert_close(diffops.divergence(diffops.jacobian(f))(x), diffops.laplacian(f)(x))


@pytest.mark.parametrize("method", ["jvp", "reverse", "jet"])
def test_many_directions_are_as_each_by_itself(method):
    directions, x = RNG.randn(20, 3), points(4, 3)
    f = lambda x: ops.sin(x).sum(-1) * x.sum(-1) ** 2  # noqa: E731
    found = diffops.directional(f, 3, directions, method=method)(x)
    assert found.shape == (4, 20)
    for k in (0, 19):
        assert_close(found[:, k], diffops.directional(f, 3, directions[k], method=method)(x))


def test_coefficients_are_differentiated():
    x, f = points(5, 3), cell()
    a = Parameter(Tensor(RNG.randn(3, 3)), name="a")
    d = Parameter(Tensor([1.0, -1.0, 0.0], ms.float64), name="d")
    hessian = diffops.hessian(f)(x).sum((0, 1))
    of_a = ms.grad(lambda x: diffops.second_order(f, a)(x).sum(), None, a)(x)
    assert_close(of_a, hessian)
    of_d = ms.grad(lambda x: diffops.second_order(f, d)(x).sum(), None, d)(x)
    assert_close(of_d, hessian.diagonal())


def test_a_captured_tensor_is_read_anew():
    scale, x = Tensor(1.0, ms.float64), points(4, 3)
    laplacian = diffops.laplacian(lambda x: scale * (x**2).sum(-1))
    for _ in range(3):
        assert laplacian(x)[0].item() == pytest.approx(6.0)
    scale.assign_value(Tensor(2.0, ms.float64))
    assert laplacian(x)[0].item() == pytest.approx(12.0)


def test_a_number_is_a_coordinate():
    value, slope, second = diffops.laplacian(lambda x: x**3, lower=True)(Tensor(2.0, ms.float64))
    assert (value.item(), second.item()) == (8.0, 12.0)
    assert slope.shape == (1,) and slope.item() == 12.0


def test_float32_stays_float32():
    x = points(4, 3).float()
    for name, (operator, make, _) in OPERATORS.items():
        f = cell(ms.float32) if make is cell else make()
        assert operator(f)(x).dtype == ms.float32, name


def test_what_the_function_writes_arrives():
    class Counting(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = Parameter(Tensor(0.0), name="calls", requires_grad=False)

        def construct(self, x):
            self.calls += 1
            return (x**2).sum(-1)

    net, x = Counting(), points(4, 3)
    laplacian = diffops.laplacian(net)
    for count in (1, 2, 3):
        laplacian(x)
        assert net.calls.item() == count
    with pytest.raises(ValueError, match="omit 'chunk'"):
        diffops.laplacian(net, chunk=2)(x)
    assert net.calls.item() == 3


class Cube(nn.Cell):
    """x**3, whose derivative only its own rule knows."""

    def construct(self, x):
        return ops.stop_gradient(x) ** 3

    def bprop(self, x, out, dout):
        return (3 * x**2 * dout,)


def test_a_rule_for_reverse_mode_only_is_followed():
    x = points(4, 3)
    f = lambda x: Cube()(x).sum(-1)  # noqa: E731
    assert_close(diffops.laplacian(f)(x), 6 * x.sum(-1))
    assert_close(diffops.hessian_diag(f)(x), 6 * x)
    assert_close(diffops.hessian(f)(x), ops.diag_embed(6 * x))
    assert_close(diffops.jacobian(f)(x), 3 * x**2)
    assert_close(diffops.partial(f, "xxx", names="xyz")(x), 6 + 0 * x[:, 0])
    plan = diffops.laplacian(f).plan(x)
    assert plan.method == "forward_over_reverse" and "rule for reverse mode only" in plan.reason
    with pytest.raises(ValueError, match=r"method='forward' is not possible.*'auto'"):
        diffops.laplacian(f, method="forward")(x)


def test_plans():
    net, x = cell(), points(5, 3)
    plan = diffops.laplacian(net).plan(x)
    assert (plan.operator, plan.method, plan.chunk) == ("laplacian", "forward", None)
    assert plan.costs["forward"] < plan.costs["jvp"] < plan.costs["reverse"]
    assert str(plan).splitlines()[0] == "laplacian: forward" and "* forward" in str(plan)
    assert "chose" in diffops.laplacian(net, method="jet").plan(x).reason
    scalar = lambda x: (x**3).sum(-1)  # noqa: E731
    assert diffops.jacobian(scalar).plan(points(5, 9)).method == "reverse"
    assert diffops.jacobian(net).plan(x).method == "forward"
    assert diffops.hessian(lambda x: x.tile((1, 4))).plan(points(5, 2)).method == "jvp"
    assert diffops.hessian(scalar).plan(points(5, 9)).method == "forward_over_reverse"
    assert "stochastic" in diffops.laplacian(scalar).plan(points(2, 1000)).reason
    assert diffops.directional(scalar, 9, [1.0, 0, 0]).plan(x).method == "jet"
    for order in range(2, 9):  # the matrix products of a jvp are one for each order
        assert diffops.partial(scalar, (order, 0, 0)).plan(x).method == "jvp"
    plan = diffops.directional(lambda x: ops.sort(x)[0].sum(-1), 9, [1.0, 0, 0]).plan(x)
    assert plan.method == "jvp" and "'jet' has no rule" in plan.reason


def mean(x):
    return x.mean(-1)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: diffops.laplacian(mean)(x.asnumpy()), TypeError, "must be a Tensor"),
        (lambda x: diffops.laplacian(mean)(x.int()), TypeError, "must be of floats"),
        (lambda x: diffops.laplacian(3)(x), TypeError, "callable"),
        (lambda x: diffops.laplacian(mean, 1)(x), ValueError, "grad_position 1 is beyond the 1 arguments"),
        (lambda x: diffops.laplacian(lambda x, y: x, (0, 1))(x, x[:2]), ValueError, "must agree in all axes"),
        (lambda x: diffops.laplacian(lambda x: x.sum())(x), ValueError, "must keep the batch axes"),
        (lambda x: diffops.laplacian(lambda x: x.int())(x), TypeError, "must return floats"),
        (lambda x: diffops.laplacian(lambda x: x if x.sum() > 0 else -x)(x), ValueError, "Use ops.where"),
        (lambda x: diffops.laplacian(mean, method="best")(x), ValueError, "must be 'auto' or one of"),
        (lambda x: diffops.laplacian(mean, chunk=0)(x), ValueError, "'chunk' must be a positive int"),
        (lambda x: diffops.laplacian(mean, chunk=1)(x[0]), ValueError, "needs a batch of points"),
        (lambda x: diffops.second_order(mean, [1.0])(x), ValueError, r"must have the shape \(3,\) or \(3, 3\)"),
        (lambda x: diffops.second_order(mean, "abc")(x), TypeError, "must be real numbers"),
        (lambda x: diffops.divergence(mean)(x), ValueError, "with 3 components in the last axis"),
        (lambda x: diffops.curl(lambda x: x)(points(4, 5)), ValueError, "two or three coordinates"),
        (lambda x: diffops.directional(mean, 0, [1.0, 0, 0])(x), ValueError, "order must be an int of at least 1"),
        (lambda x: diffops.directional(mean, 2, [1.0])(x), ValueError, r"must have the shape \(3,\) or \(k, 3\)"),
        (lambda x: diffops.partial(mean, "xq", names="xyz")(x), ValueError, "'q'.* is not among the names 'xyz'"),
        (lambda x: diffops.partial(mean, "tt")(x), ValueError, "is not among the parameters"),
        (lambda x: diffops.partial(mean, (1, 1))(x), ValueError, "is for 2 coordinates, but the arguments hold 3"),
        (lambda x: diffops.partial(mean, 2)(x), TypeError, "must be letters"),
        (lambda x: diffops.partial(mean, (0, 0, 0))(x), ValueError, "order must be an int of at least 1"),
    ],
)
def test_errors_name_the_fix(call, error, message):
    with pytest.raises(error, match=message):
        call(points(4, 3))


@pytest.mark.parametrize("method", ["auto", "forward", "jvp", "forward_over_reverse", "reverse", "jet"])
@pytest.mark.parametrize("zeros", [[0.0, 0.0], np.zeros((2, 2))], ids=["diagonal", "matrix"])
@pytest.mark.parametrize("lower", [False, True])
def test_coefficients_that_are_all_zero(method, zeros, lower):
    def f(x):
        return ops.sin(x).sum(-1), {"vector": x * x}

    x = Tensor(np.ones((3, 2)))
    found = diffops.second_order(f, zeros, method=method, lower=lower)(x)
    second = found[-1] if lower else found
    np.testing.assert_array_equal(second[0].asnumpy(), np.zeros(3))
    np.testing.assert_array_equal(second[1]["vector"].asnumpy(), np.zeros((3, 2)))
    if lower:
        np.testing.assert_allclose(found[1][0].asnumpy(), np.full((3, 2), np.cos(1.0)))


@jax.custom_vjp
def _slope(x, g):
    return g * jnp.cos(x)


_slope.defvjp(
    lambda x, g: (_slope(x, g), (x, g)), lambda kept, c: (-c * kept[1] * jnp.sin(kept[0]), c * jnp.cos(kept[0]))
)


@jax.custom_vjp
def _sine(x):
    """Its rule has a rule for reverse mode only, as that of `odeint` has."""
    return jnp.sin(x)


_sine.defvjp(lambda x: (jnp.sin(x), x), lambda x, g: (_slope(x, g),))


@pytest.mark.parametrize(
    "operator",
    [
        diffops.laplacian,
        diffops.hessian_diag,
        diffops.hessian,
        lambda f: diffops.partial(f, "xxy", "xy"),
        lambda f: diffops.directional(f, 2, [1.0, 0.5]),
        lambda f: diffops.second_order(f, [1.0, -2.0]),
    ],
)
def test_vector_functions_with_a_rule_for_reverse_mode_only(operator):
    x = Tensor(np.array([[0.3, 0.5], [0.2, 0.4]]))
    found = operator(lambda x: _sine(x * x[:, :1]))(x)
    wanted = operator(lambda x: ops.sin(x * x[:, :1]))(x)
    np.testing.assert_allclose(found.asnumpy(), wanted.asnumpy(), rtol=1e-6, atol=1e-12)


@pytest.mark.slow
def test_solutions_of_differential_equations():
    from jax.experimental.ode import odeint

    def flow(x):
        return odeint(lambda y, t: -y * y, jnp.asarray(x), jnp.array([0.0, 1.0]), rtol=1e-9, atol=1e-9)[-1]

    x = Tensor(np.array([[0.3, 0.5], [0.2, 0.4]]))
    for operator in (diffops.laplacian, lambda f: diffops.directional(f, 2, [1.0, 0.5])):
        found, wanted = operator(flow)(x), operator(lambda x: x / (1 + x))(x)
        np.testing.assert_allclose(found.asnumpy(), wanted.asnumpy(), rtol=1e-5, atol=1e-6)


def test_a_rule_that_is_not_linear():
    @jax.custom_vjp
    def squares(x):
        return x

    squares.defvjp(lambda x: (x, None), lambda _, g: (g * g,))
    found = diffops.laplacian(lambda x: squares(x**3))(Tensor(np.array([[1.0, 2.0]])))
    wanted = jax.jacrev(lambda x: jnp.diagonal(jax.jacrev(lambda x: squares(x**3))(x)))(jnp.array([1.0, 2.0]))
    np.testing.assert_allclose(found.asnumpy()[0], np.diagonal(wanted), rtol=1e-6)


@pytest.mark.parametrize("method", ["reverse", "forward_over_reverse"])
def test_an_infinite_slope_by_one_coordinate_leaves_the_others_as_they_are(method):
    def f(z):
        return ops.sqrt(z[..., 0]) + z[..., 1] ** 3

    z, inf = Tensor([[0.0, 1.0]]), np.inf
    assert diffops.jacobian(f, method="reverse")(z).asnumpy().tolist() == [[inf, 3]]
    assert diffops.hessian_diag(f, method=method)(z).asnumpy().tolist() == [[-inf, 6]]
    assert diffops.laplacian(f, method=method)(z).asnumpy().tolist() == [-inf]
    for by, wanted in (((1, 0), inf), ((0, 1), 3), ((2, 0), -inf), ((0, 2), 6)):
        assert diffops.partial(f, by, method="reverse")(z).asnumpy().tolist() == [wanted]


def test_a_forward_derivative_inside_of_what_has_a_rule_for_reverse_mode_only():
    """JAX's forward mode, tried first, leaves behind what no transform can pass."""
    layer = nn.Tanh()
    layer.register_backward_hook(lambda cell, of_inputs, of_outputs: of_inputs[0] * 0.5)
    points = Tensor(np.linspace(0.1, 0.6, 6).reshape(2, 3))
    pushed = diffops.divergence(lambda x: ms.jvp(layer, x, x)[1])(points)
    expected = [ms.jacrev(lambda x: ms.jvp(layer, x, x)[1])(row).asnumpy().trace() for row in points]
    np.testing.assert_allclose(pushed.asnumpy(), expected, rtol=1e-12)
