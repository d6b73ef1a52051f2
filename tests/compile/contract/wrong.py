"""Values that are wrong: indices and labels out of range, which raise, and those that are ignored, which do not."""

import numpy as np

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, mint, nn, ops

X = Tensor([1.0, 2.0, 3.0])
LOGITS = Tensor([[0.25, 0.5, 0.125], [0.5, 0.25, 0.75]])


def index(*values):
    return Tensor(np.array(values, np.int32))


INDICES = [index(0, k) for k in (1, 2, 3, -3, -4, 1)]


def kind(result):
    """A result, or the type of an exception: what a message says of the value differs."""
    return result[0] if isinstance(result, tuple) and isinstance(result[0], str) else result


def gradients(function, x, wrong):
    gradient = watch(ms.value_and_grad(function))
    for i in wrong:
        yield attempt(lambda i=i: [t.asnumpy().tolist() for t in gradient(x, i)])


def written(x, i):
    y = x * 2
    y[i] = 0.0
    return y.sum()


@program(compiles=True)
def read_by_index():
    yield from gradients(lambda x, i: (x[i] ** 2).sum(), X, INDICES)


@program(compiles=True)
def written_by_index():
    yield from gradients(written, X, INDICES)


@program(compiles=True)
def gathered():
    yield from gradients(lambda x, i: (ops.gather(x, i, 0) * mint.index_select(x, 0, i)).sum(), X, INDICES)


@program(compiles=True)
def inside_other_transforms():
    def loss(x, i):
        inner = ms.grad(lambda x: (x[i] ** 3).sum())(x)
        lanes = ms.vmap(lambda y: ops.gather(y, i, 0) * y[0])(ops.stack((x, inner)))
        return lanes.sum()

    yield from gradients(loss, X, INDICES)


@program(compiles=True)
def in_a_rule_of_its_own():
    class Twice(nn.Cell):
        def construct(self, x, i):
            return x * 2

        def bprop(self, x, i, out, dout):
            return ops.gather(x, i, 0).sum() * dout, ops.zeros_like(i)

    net = Twice()
    yield from gradients(lambda x, i: net(x, i).sum(), X, INDICES)


@program(compiles=True)
def labels():
    wrong = [*INDICES, index(0, -100), index(0, 3)]
    yield from gradients(lambda x, i: ops.cross_entropy(x, i, reduction="sum"), LOGITS, wrong)
    yield from gradients(nn.SoftmaxCrossEntropyWithLogits(True, "mean"), LOGITS, wrong)


@program(compiles=True)
def two_demands():
    def loss(x, i):
        return x[i].sum() + ops.nll_loss(x[:3].reshape(1, 3), i[1:] + 1)

    yield from gradients(loss, ops.ones(4), INDICES)


@program(compiles=True)
def a_step_that_fails_changes_nothing():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(4, 3, embedding_table="ones")
            self.dense = nn.Dense(3, 2, weight_init="ones")
            self.count = Parameter(Tensor(0.0), name="count", requires_grad=False)

        def construct(self, i):
            self.count += 1
            return ops.dropout(self.dense(self.table(i)), 0.5).sum()

    ms.set_seed(3)
    net = Net()
    step = watch(nn.TrainOneStepCell(net, nn.Momentum(net.trainable_params(), 0.25, 0.5)))
    for k in (0, 1, 2, 4, 3, -5, 1):
        yield kind(attempt(lambda k=k: step(index(0, k)).asnumpy().tolist()))
        yield net.dense.weight.asnumpy().tolist(), net.table.embedding_table.asnumpy().tolist()
    yield ops.rand(2, seed=None).shape


@program(compiles=True)
def a_mask_times_nan():
    yield from gradients(lambda x, i: ((x > 2).astype(ms.float32) * ops.log(x - 2)).sum(), X, INDICES)
    yield from gradients(lambda x, i: ((x > 2) * ops.log(x - 2)).mean(), X, INDICES)
    yield from gradients(lambda x, i: mint.mul(ops.log(x - 2), ops.isfinite(ops.log(x - 2))).sum(), X, INDICES)
