"""Strategies and layouts: what is computed stays, where it lies is what was said."""

import numpy as np
import pytest

import msjax as ms
from msjax import Layout, Parameter, Tensor, nn, ops
from msjax.parallel import build_searched_strategy, traffic
from msjax.parallel.auto_parallel import AutoParallel
from msjax.parallel.function import reshard

RNG = np.random.default_rng(0)
X, W, V = (RNG.normal(size=s).astype(np.float32) for s in ((16, 16), (16, 32), (32, 8)))
MODES = dict(parallel_mode="semi_auto_parallel", full_batch=True)


class Net(nn.Cell):
    def __init__(self, divided=True):
        super().__init__()
        self.w, self.v, self.b = Parameter(Tensor(W)), Parameter(Tensor(V)), Parameter(Tensor(V[0]))
        self.first, self.second, self.add, self.relu = ops.MatMul(), ops.MatMul(), ops.Add(), ops.ReLU()
        if divided:
            layout = Layout((2, 4), ("dp", "mp"))
            self.first.shard(((2, 1), (1, 4)))
            self.second.shard(((2, 4), (4, 1)))
            self.add.shard((layout("dp", "mp"), layout("mp")))
            self.relu.shard(((2, 4),), ((8, 1),))

    def construct(self, x):
        return self.relu(self.add(self.second(self.first(x, self.w), self.v), self.b))


def train(net, steps=10):
    optimizer = nn.Adam(net.trainable_params(), 0.01)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer)
    x, y = Tensor(X), ops.ones((16, 8))
    return [float(step(x, y)) for _ in range(steps)], optimizer, (step, x, y)


def parts(tensor):
    return tensor._array.sharding.shard_shape(tuple(tensor.shape))


def test_a_network_trains_as_on_one_device(on):
    one, _, _ = train(Net())
    on(8, **MODES)
    net = Net()
    eight, optimizer, _ = train(net)
    np.testing.assert_allclose(one, eight, rtol=1e-5)
    # Parameters lie as the operators want them, and what the optimizer keeps as they do.
    assert (parts(net.w), parts(net.v), parts(net.b)) == ((16, 8), (8, 8), (2,))
    assert parts(optimizer.moment1[0]) == (16, 8)


def test_what_the_optimizer_keeps_is_divided_further(on):
    on(8, enable_parallel_optimizer=True, **MODES)
    net = Net()
    _, optimizer, _ = train(net, 2)
    assert parts(optimizer.moment1[0]) == (8, 8)


def test_a_divided_product_exchanges_what_it_must(on):
    on(8, **MODES)
    product = ops.MatMul().shard(((2, 4), (4, 1)), ((2, 1),))
    (exchange,) = traffic.measure(ms.jit(lambda x, w: product(x, w)), Tensor(X), Tensor(W)).exchanges
    assert (exchange.kind, exchange.devices, exchange.bytes) == ("all-reduce", 4, 16 // 2 * 32 * 4)


def test_strategies_count_in_these_modes_only(on):
    on(8, parallel_mode="data_parallel")
    assert ops.MatMul().shard(((3, 1), (1, 5)))(Tensor(X), Tensor(W)).shape == (16, 32)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ops.MatMul().shard(((3, 1), (1, 1)))(Tensor(X), Tensor(W)), r"in_strategy\[0\].*\(16, 16\).*\(3, 1\)"),
        (lambda: ops.MatMul().shard(((2, 1),))(Tensor(X), Tensor(W)), "each of its 2 Tensors"),
        (lambda: ops.MatMul().shard(((2, 2), (4, 1)))(Tensor(X), Tensor(W)), "2 and in 4 parts"),
        (lambda: ops.MatMul().shard(((2, 1), (2, 1)))(Tensor(X), Tensor(W)), "1 and in 2 parts"),
        (lambda: ops.ReLU().shard(((2, 1, 1),))(Tensor(X)), "each axis"),
        (lambda: ops.ReLU().shard(((16, 1),))(Tensor(X)), "16 devices.*the 8"),
        (lambda: ops.ReLU().shard(((2, 1),), ((2, 1), (2, 1)))(Tensor(X)), "each of its 1 results"),
        (lambda: ops.ReLU().shard((Layout((3,), ("a",))("a", "None"),))(Tensor(X)), "must divide the shape"),
        (lambda: ops.ReLU().shard((Layout((16,), ("a",))("a", "None"),))(Tensor(X)), "16 devices"),
        (lambda: nn.ReLU().shard(((2,),))(Tensor(X)), "each axis"),
        (lambda: ms.shard(nn.Dense(16, 8), ((1, 1),), parameter_plan={"weight": (3, 1)}), "divisible"),
        (lambda: ms.shard(nn.Dense(16, 8), ((1, 1),), parameter_plan={"weight": (2,)}), "length"),
        (lambda: reshard(Tensor(X), Layout((8,), ("a",))("a")), "each axis"),
    ],
)
def test_strategies_that_do_not_fit(make, words, on):
    on(8, **MODES)
    with pytest.raises(ValueError, match=words):
        make()


CALLS = {
    "Transpose": (ops.Transpose, ((2, 4),), (Tensor(X), (1, 0))),
    "Gather": (ops.Gather, ((1, 4), (2,)), (Tensor(X), Tensor([1, 2, 3, 4]), 0)),
    "BatchMatMul": (
        lambda: ops.BatchMatMul(transpose_b=True), ((2, 2, 1), (2, 2, 1)), (Tensor(X.reshape(4, 8, 8)),) * 2
    ),
    "Softmax": (ops.Softmax, ((8, 1),), (Tensor(X),)),
    "Mul": (ops.Mul, ((2, 4), ()), (Tensor(X), 2.0)),
    "Concat": (ops.Concat, ((2, 1), (2, 4)), ((Tensor(X), Tensor(X)),)),
    "Conv2D": (
        lambda: ops.Conv2D(4, 3), ((2, 2, 1, 1), (2, 2, 1, 1)),
        (Tensor(X.reshape(2, 2, 8, 8)), Tensor(W[:9, :8].reshape(4, 2, 3, 3))),
    ),
    "OneHot": (ops.OneHot, ((2, 4), (), ()), (Tensor([0, 1, 2, 3]), 8, Tensor(1.0), Tensor(0.0))),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_any_operator_takes_strategies(name, on):
    make, strategy, args = CALLS[name]
    one = make()(*args).asnumpy()
    on(8, **MODES)
    np.testing.assert_allclose(make().shard(strategy)(*args).asnumpy(), one, rtol=1e-5, atol=1e-5)


def test_cells_and_functions(on):
    on(8, **MODES)
    cell = nn.Dense(16, 8)
    plain = cell(Tensor(X)).asnumpy()
    assert cell.shard(((8, 1),), ((2, 4),), parameter_plan={"self.weight": (4, 1), "no": (1,)}) is cell
    assert parts(cell(Tensor(X))) == (8, 2)
    np.testing.assert_allclose(cell(Tensor(X)).asnumpy(), plain, rtol=1e-5, atol=1e-6)
    assert parts(cell.weight) == (2, 16)
    layout = Layout((4, 2), ("a", "b"))
    add = ms.shard(lambda x, y: x + y, (layout("a", "b"), layout("a", "b")), (layout("b", "None"),))
    assert parts(add(Tensor(X), Tensor(X))) == (8, 16)
    gradient = ms.grad(lambda x: (add(x, x) ** 2).sum())
    for _ in range(2):
        np.testing.assert_allclose(gradient(Tensor(X)).asnumpy(), 8 * X, rtol=1e-6)


def test_a_tensor_is_laid_out_anew(on):
    on(8, **MODES)
    layout = Layout((2, 2, 2), ("a", "b", "c"))
    assert parts(reshard(Tensor(X), layout(("a", "c"), "b"))) == (4, 8)
    assert parts(reshard(Tensor(X), Layout((2, 2), ("a", "b"))("a", "b"))) == (8, 8)
    with pytest.raises(TypeError, match="a Layout"):
        reshard(Tensor(X), (2, 1))


@pytest.mark.parametrize("suffix", ["ckpt", "json"])
def test_auto_parallel(suffix, on, tmp_path):
    path = str(tmp_path / f"strategy.{suffix}")
    one, _, _ = train(Net(divided=False))

    def steps(prepare):
        net = Net()
        optimizer = nn.Adam(net.trainable_params(), 0.01)
        step = AutoParallel(nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), optimizer))
        prepare(step)
        return [float(step(Tensor(X), ops.ones((16, 8)))) for _ in range(10)], net, optimizer

    on(8)

    def prepare(step):
        step.dataset_strategy("full_batch")
        step.hsdp()
        step.save_param_strategy_file(path)

    eight, net, optimizer = steps(prepare)
    np.testing.assert_allclose(one, eight, rtol=1e-5)
    assert (parts(net.w), parts(optimizer.moment1[0])) == ((16, 8), (8, 8))
    slicings = build_searched_strategy(path)
    assert [slicings[name].parts for name in ("w", "v", "b", "moment1.w")] == [(1, 4), (4, 1), (4,), (2, 4)]
    assert ms.get_auto_parallel_context("parallel_mode") == "stand_alone"

    class Plain(Net):
        def __init__(self):
            super().__init__(divided=False)

    on(8)
    other = AutoParallel(Plain())
    other.load_param_strategy_file(path)
    other(Tensor(X))
    assert (parts(other.network.w), parts(other.network.v)) == ((16, 8), (8, 8))
