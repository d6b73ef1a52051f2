"""Tensors and Cells in JAX's own transforms."""

import copy

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.common import _Function
from msjax.interop.jax import array_function, to_function

X = jnp.asarray(np.random.default_rng(0).normal(size=(4, 3)), jnp.float32)
T = Tensor([1.0, 2.0])


def network():
    return nn.SequentialCell(nn.Dense(3, 4), nn.BatchNorm1d(4), nn.Dropout(p=0.5), nn.Dense(4, 1))


TRANSFORMS = {
    "jit": (lambda f: jax.jit(f)(T), [1.0, 4.0]),
    "vmap": (lambda f: jax.vmap(f)(T), [1.0, 4.0]),
    "jvp": (lambda f: jax.jvp(f, (T,), (T,))[1], [2.0, 8.0]),
    "jacrev": (lambda f: jax.jacrev(f)(T), [[2.0, 0.0], [0.0, 4.0]]),
    "jacfwd": (lambda f: jax.jacfwd(f)(T), [[2.0, 0.0], [0.0, 4.0]]),
    "checkpoint": (lambda f: jax.checkpoint(f)(T), [1.0, 4.0]),
    "grad": (lambda f: jax.grad(lambda t: jnp.sum(f(t)))(T), [2.0, 4.0]),
    "hessian": (lambda f: jax.hessian(lambda t: jnp.sum(f(t)))(T), [[2.0, 0.0], [0.0, 2.0]]),
    "scan": (lambda f: jax.lax.scan(lambda c, t: (c + t, f(t)), Tensor(0.0), T)[1], [1.0, 4.0]),
    "tree": (lambda f: jax.tree.map(lambda a: a * a, T), [1.0, 4.0]),
}


@pytest.mark.parametrize("name", TRANSFORMS)
def test_tensors_go_through(name):
    run, expected = TRANSFORMS[name]
    answer = run(lambda t: t * t)
    assert isinstance(answer, Tensor)
    assert answer.asnumpy().tolist() == expected
    assert not isinstance(T._array, jax.core.Tracer)


def test_numpy_and_jax_understand_dtypes():
    assert np.dtype(ms.float32) == np.float32
    assert jnp.zeros(2, ms.bfloat16).dtype == jnp.bfloat16
    assert optax.softmax_cross_entropy_with_integer_labels(Tensor([[1.0, 1.0]]), jnp.array([0])).shape == (1,)


def test_cells_are_pytrees():
    net = network()
    y = jax.jit(lambda net, x: net(x))(net, Tensor(X))
    assert np.allclose(y.asnumpy(), net(Tensor(X)).asnumpy(), atol=1e-6)
    gradients = jax.grad(lambda net: jnp.sum(jnp.square(jnp.asarray(net(Tensor(X))))))(net)
    expected = ms.grad(lambda: ops.square(net(Tensor(X))).sum(), None, [net[0].weight])()[0]
    assert np.allclose(gradients[0].weight.asnumpy(), expected.asnumpy(), atol=1e-5)
    doubled = jax.tree.map(lambda a: 2 * a, net)
    assert np.allclose(doubled[3].bias.asnumpy(), 2 * net[3].bias.asnumpy())


def test_a_compiled_method_is_no_hindrance():
    class Compiled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(3, 2)

        @ms.jit
        def construct(self, x):
            return self.dense(x)

    net, x = Compiled(), Tensor(X)
    expected = net(x).asnumpy()
    assert np.allclose(jax.jit(lambda net, x: net(x))(net, x).asnumpy(), expected)
    other = copy.deepcopy(net)
    other.dense.weight.set_data(other.dense.weight * 0)
    assert (other(x).asnumpy() == other.dense.bias.asnumpy()).all()
    assert (net(x).asnumpy() == expected).all()


def test_random_numbers_in_a_foreign_jit_leave_the_generator_whole():
    layer = nn.Dropout(p=0.5).set_train()
    jax.jit(lambda x: jnp.asarray(layer(Tensor(x))))(jnp.ones(8, jnp.float32))
    assert layer(ops.ones(8)).shape == (8,)


def test_array_function():
    square = array_function(lambda x, scale=1: {"y": (ops.square(x) * scale).sum(), "n": 3})
    answer = square(jnp.array([1.0, 2.0]), scale=2)
    assert isinstance(answer["y"], jax.Array) and answer == {"y": 10.0, "n": 3}
    assert isinstance(square(T)["y"], Tensor)
    assert jax.grad(lambda x: square(x)["y"])(jnp.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    hessian = jax.hessian(array_function(lambda x: (x * x * x).sum()))(jnp.array([1.0, 2.0]))
    assert hessian.tolist() == [[6.0, 0.0], [0.0, 12.0]]


def test_to_function_is_pure():
    net = network().set_train()
    params, apply = to_function(net)
    assert set(params) == {"0.weight", "0.bias", "1.gamma", "1.beta", "3.weight", "3.bias"}
    run = jax.jit(lambda params, key, state: apply(params, X, rng=key, state=state))
    first, state = run(params, jax.random.key(0), apply.state)
    assert (first == run(params, jax.random.key(0), apply.state)[0]).all()
    assert (first != run(params, jax.random.key(1), apply.state)[0]).any()
    assert state["1.moving_mean"].any()
    assert net.training and not net[1].moving_mean.asnumpy().any()
    evaluated = apply(params, X, train=False)
    assert np.allclose(evaluated, net.set_train(False)(Tensor(X)).asnumpy(), atol=1e-6)
    assert net[0].weight._array is params["0.weight"]


def test_to_function_in_transforms():
    net = nn.SequentialCell(nn.Dense(3, 4), nn.Tanh(), nn.Dense(4, 1))
    params, apply = to_function(net)
    gradients = jax.grad(lambda p: jnp.square(apply(p, X)).mean())(params)
    expected = ms.grad(lambda: ops.square(net(Tensor(X))).mean(), None, net.trainable_params())()
    for p, g in zip(net.trainable_params(), expected, strict=True):
        assert np.allclose(gradients[p.name], g.asnumpy(), atol=1e-6)
    many = jax.tree.map(lambda a: jnp.stack([a, 0 * a]), params)
    answers = jax.vmap(apply, in_axes=(0, None))(many, X)
    assert answers.shape == (2, 4, 1) and not answers[1].any()
    assert jax.hessian(lambda x: apply(params, x[None])[0, 0])(X[0]).shape == (3, 3)
    assert np.allclose(apply(params, Tensor(X)).asnumpy(), answers[0], atol=1e-6)  # Tensors in, Tensors out
    exported = jax.export.export(jax.jit(apply))(params, X)
    assert np.allclose(exported.call(params, X), answers[0], atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: {}, "missing=.*'0.weight'"),
        (lambda p: {**p, "new": 1}, r"unknown=\['new'\]"),
        (lambda p: {**p, "0.weight": jnp.ones(3)}, r"of shape \(4, 3\) for '0.weight', but got shape \(3,\)"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    params, apply = to_function(network())
    with pytest.raises(ValueError, match=message):
        apply(change(params), X)


def test_dlpack_shares_with_numpy_and_jax():
    t = Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    view = np.from_dlpack(t)
    assert view.ctypes.data == t._array.unsafe_buffer_pointer()
    assert (ms.from_dlpack(jnp.arange(3)) == Tensor([0, 1, 2])).all()
    big = np.ones((64, 64), np.float32)
    assert ms.from_dlpack(big).asnumpy().tolist() == big.tolist()
    capsule = ms.to_dlpack(t)
    assert ms.from_dlpack(capsule)._array.unsafe_buffer_pointer() == t._array.unsafe_buffer_pointer()


def test_dlpack_copies_what_has_gaps():
    array = np.arange(16.0).reshape(4, 4)[::2, ::3]
    assert ms.from_dlpack(array).asnumpy().tolist() == array.tolist()


def test_dlpack_shares_with_torch():
    torch = pytest.importorskip("torch")
    t = ops.ones((2, 3))
    other = torch.from_dlpack(t)
    assert other.data_ptr() == t._array.unsafe_buffer_pointer()
    assert ms.from_dlpack(torch.arange(3.0)).asnumpy().tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("index", [[0, 2], [True, False, True], (slice(None), [1, 0])])
def test_lists_are_indices_within_jit(index):
    t = ops.ones((3, 2)).cumsum(0)
    assert (jax.jit(lambda t: t[index])(t).asnumpy() == t[index].asnumpy()).all()


def test_leaves_of_a_cell_are_named_by_path():
    leaves = jax.tree_util.tree_flatten_with_path({"net": network()})[0]
    assert [jax.tree_util.keystr(path) for path, _ in leaves[:2]] == ["['net'].0.weight", "['net'].0.bias"]
    masked = jax.tree_util.tree_map_with_path(lambda path, a: a if "bias" in str(path) else 0 * a, network())
    assert not masked[0].weight.asnumpy().any()


def test_trees_of_equal_networks_match():
    net = network()
    for other in (copy.deepcopy(net), network(), jax.tree.map(jnp.zeros_like, net)):
        mean = jax.tree.map(lambda a, b: (a + b) / 2, net, other)
        assert np.allclose(mean[0].weight.asnumpy(), (net[0].weight + other[0].weight).asnumpy() / 2)
    with pytest.raises(ValueError, match=r"SequentialCell with .*'training': \(<class 'bool'>, True\)"):
        jax.tree.map(jnp.add, net, network().set_train())


def test_a_changed_attribute_is_seen_by_jit():
    class Scaled(nn.Cell):
        def __init__(self):
            super().__init__()
            self.scale, self.sizes, self.function = 1, [1], ops.tanh

        def construct(self, x):
            return self.function(x) * self.scale * len(self.sizes)

    net, call, traces = Scaled(), jax.jit(lambda net, x: (traces.append(1), net(x))[1]), []
    changes = [lambda: None, lambda: setattr(net, "scale", 2), lambda: net.sizes.append(2)]
    for change in [*changes, lambda: setattr(net, "function", ops.sin)]:
        change()
        assert np.allclose(call(net, T).asnumpy(), net(T).asnumpy())
        call(copy.deepcopy(net), T)
    assert len(traces) == 4


def test_what_is_no_cell_state_or_key_is_refused():
    params, apply = to_function(network())
    with pytest.raises(TypeError, match="'cell' must be Cell, but got 3 of type int"):
        to_function(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'params' must be a dictionary of arrays, but got list"):
        apply([*params.values()], X)
    with pytest.raises(TypeError, match=r"'rng' must be a key of jax.random, but got int"):
        apply(params, X, rng=3)


class Tenfold(nn.Cell):
    """A Cell whose derivative is not that of what it computes."""

    def __init__(self):
        super().__init__()
        self.factor = Parameter(Tensor([10.0]))

    def construct(self, x):
        return x * 2

    def bprop(self, x, out, dout):
        return (dout * self.factor,)


class Saving(_Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * 10 * x / x


@pytest.mark.parametrize("function", [Tenfold(), Saving.apply], ids=["bprop", "_Function"])
def test_derivatives_that_users_define(function):
    def loss(t):
        return jnp.sum(jnp.asarray(function(t)))

    for gradient in (jax.grad(loss), jax.jit(jax.grad(loss)), jax.grad(jax.jit(loss))):
        assert gradient(T).asnumpy().tolist() == [10.0, 10.0]
    assert jax.vmap(jax.grad(loss))(T[:, None]).asnumpy().tolist() == [[10.0], [10.0]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.LSTM(3, 4),
        lambda: nn.LayerNorm((3,)),
        lambda: nn.TransformerEncoderLayer(8, 2, 16),
        lambda: nn.Dense(2, 2, activation="relu"),
    ],
)
def test_networks_that_are_built_alike_are_one_structure(make):
    first, second = make(), make()
    mean = jax.tree.map(lambda a, b: (a + b) / 2, first, second)
    for m, a, b in zip(mean.get_parameters(), first.get_parameters(), second.get_parameters(), strict=True):
        assert np.allclose(m.asnumpy(), (a.asnumpy() + b.asnumpy()) / 2)


def test_a_mask_that_is_written_to_needs_no_values():
    def clipped(x):
        x = x.copy()
        x[x > 0] = 0.0
        return x

    x = Tensor([[1.0, -2.0], [-3.0, 4.0]])
    expected = [[0.0, -2.0], [-3.0, 0.0]]
    for function in (clipped, jax.jit(clipped), jax.vmap(clipped), ms.jit(clipped)):
        assert function(x).asnumpy().tolist() == expected
    assert ms.grad(lambda x: clipped(x).sum())(x).asnumpy().tolist() == [[0.0, 1.0], [1.0, 0.0]]
