"""Values that are wrong and not known before the program runs: raised at the call, as eagerly."""

import numpy as np
from contract import STEPS, attempt, program, watch

import msjax as ms
from msjax import Parameter, Tensor, nn, ops


def index(*values):
    return Tensor(np.array(values, np.int32))


class Routed(nn.Cell):
    """Chooses an expert by a product with a matrix."""

    def __init__(self):
        super().__init__()
        self.gate = Parameter(Tensor([[1.0, 0.0], [0.0, 1.0]]), name="gate")
        self.experts = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0]]), name="experts")
        self.seen = Parameter(Tensor(0.0), name="seen", requires_grad=False)

    def construct(self, x):
        self.seen += 1
        chosen = ops.matmul(x, self.gate).astype(ms.int32)
        return (ops.gather(self.experts, chosen[:, 0], 0) * x).sum()


@program(compiles=True)
def a_computed_index_raises_at_the_call():
    net = Routed()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        try:
            result = step(Tensor([[float(k), 1.0]]))
        except Exception as error:
            yield type(error).__name__, str(error)
        else:
            yield result
        yield net.seen


@program(compiles=True)
def a_step_with_a_computed_index():
    net = Routed()
    step = watch(nn.TrainOneStepCell(net, nn.Momentum(net.trainable_params(), 0.125, 0.5)))
    for k in (0, 1, 2, 1, 5, 0):
        try:
            result = step(Tensor([[float(k), 1.0]]))
        except Exception as error:
            yield type(error).__name__, str(error)
        else:
            yield result
        yield net.seen, net.gate, net.experts


@program(compiles=True)
def lists_that_follow_the_call():
    net, good = Routed(), []
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        try:
            step(Tensor([[float(k), 1.0]]))
            good.append(k)
        except Exception:
            good.append(-k)
        finally:
            print(good)
    yield good


@program
def printed_before_it_is_read():
    net = Routed()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        try:
            value, grads = step(Tensor([[float(k), 1.0]]))
            print("done", k)
            print(value)
        except Exception as error:
            print("failed", k, error)
    yield None


@program
def what_it_reads_changes_before_the_error():
    net = Routed()
    scale = [1.0]
    step = watch(ms.value_and_grad(lambda x: net(x * scale[0]), None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        x = Tensor([[float(k), 1.0]])
        try:
            value = step(x)
        except Exception as error:
            value = str(error)
        x.assign_value(Tensor([[0.0, 0.0]]))
        yield value, net.seen, x


@program
def batch_norm_before_the_wrong_index():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm1d(2)
            self.table = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0]]), name="table")

        def construct(self, x):
            y = self.norm(x)
            chosen = ops.matmul(x, Tensor([[1.0], [0.0]])).astype(ms.int32)[:, 0]
            return (ops.gather(self.table, chosen, 0) * y).sum()

    net = Net().set_train()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        yield attempt(step, Tensor([[float(k), 1.0], [0.0, 2.0]]))
        yield net.norm.moving_mean, net.norm.moving_variance


@program
def dropout_before_the_wrong_index():
    net = Routed()
    drop = nn.Dropout(p=0.5)
    step = watch(ms.value_and_grad(lambda x: net(x) * drop(ops.ones(3)).sum(), None, net.trainable_params()))
    for k in (0, 1, 2, 1, 5, 0):
        yield attempt(step, Tensor([[float(k), 1.0]]))
        yield ops.standard_normal((1,))


@program
def draws_before_the_wrong_index_known_beforehand():
    table = nn.Embedding(4, 3, embedding_table="ones")
    drop = nn.Dropout(p=0.5)
    step = watch(ms.value_and_grad(lambda i: (drop(ops.ones(3)) * table(i)).sum(), None, table.trainable_params()))
    for k in (0, 1, 2, 9, 5, 0):
        yield attempt(step, index(0, k))
        yield ops.standard_normal((1,))


@program
def inside_a_handler_of_the_functions():
    table = Parameter(Tensor([1.0, 2.0, 3.0]), name="table")

    def safe(i):
        try:
            return ops.gather(table, i, 0).sum()
        except Exception:
            return (table * 0.5).sum()

    step = watch(ms.value_and_grad(safe, None, [table]))
    for k in (0, 1, 2, 9, 5, 0):
        yield attempt(step, index(0, k))


@program
def inside_finally():
    table = Parameter(Tensor([1.0, 2.0, 3.0]), name="table")
    count = Parameter(Tensor(0.0), name="count", requires_grad=False)

    def safe(i):
        try:
            return ops.gather(table, i, 0).sum()
        finally:
            ops.assign_add(count, Tensor(1.0))

    step = watch(ms.value_and_grad(safe, None, [table]))
    for k in (0, 1, 2, 9, 5, 0):
        yield attempt(step, index(0, k)), count


@program
def a_suppressed_error():
    import contextlib

    table = Parameter(Tensor([1.0, 2.0, 3.0]), name="table")

    def safe(i):
        value = table.sum()
        with contextlib.suppress(Exception):
            value = value + ops.gather(table, i, 0).sum()
        return value

    step = watch(ms.value_and_grad(safe, None, [table]))
    for k in (0, 1, 2, 9, 5, 0):
        yield attempt(step, index(0, k))


@program
def two_networks_one_fails():
    a, b = Routed(), Routed()
    step = watch(ms.value_and_grad(lambda x, y: a(x) + b(y), None, [a.gate, b.gate, a.experts, b.experts]))
    for k in (0, 1, 2, 1, 5, 0):
        yield attempt(step, Tensor([[0.0, 1.0]]), Tensor([[float(k), 1.0]])), a.seen, b.seen


@program
def the_good_result_of_an_earlier_call_is_kept():
    net = Routed()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    kept = []
    for k in (0, 1, 2, 1, 5, 0):
        try:
            kept.append(step(Tensor([[float(k), 1.0]])))
        except Exception as error:
            kept.append(str(error))
    yield kept


@program
def labels_of_a_computed_batch():
    net = nn.Dense(2, 3, weight_init="ones")
    loss = nn.CrossEntropyLoss()

    def forward(x, y):
        labels = (ops.matmul(y, Tensor([[1.0], [1.0]]))[:, 0]).astype(ms.int32)
        return loss(net(x), labels)

    step = watch(ms.value_and_grad(forward, None, net.trainable_params()))
    for k in (0, 1, 2, 3, -1, -100, 1):
        yield attempt(step, Tensor([[1.0, 2.0]]), Tensor([[float(k), 0.0]]))


@program
def recomputed_with_a_wrong_index():
    class Block(nn.Cell):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(4, 2, embedding_table="ones")
            self.dense = nn.Dense(2, 2, weight_init="ones")

        def construct(self, i):
            return self.dense(self.table(i))

    net = Block()
    net.recompute()
    step = watch(ms.value_and_grad(lambda i: net(i).sum(), None, net.trainable_params()))
    for k in (0, 1, 2, 9, -5, 3):
        yield attempt(step, index(0, k))


@program
def a_jacobian_with_a_wrong_index():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")

    def f(x, i):
        return ops.gather(w * x, i, 0)

    step = watch(ms.jacrev(f)) if hasattr(ms, "jacrev") else watch(ms.grad(f))
    for k in (0, 1, 2, 9, -5, 2):
        yield attempt(step, Tensor([1.0, 1.0, 2.0]), index(0, k))


@program
def scatter_by_computed_indices():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")
    state = Parameter(Tensor([0.0, 0.0, 0.0]), name="state", requires_grad=False)

    def f(x):
        i = ops.matmul(x, Tensor([[1.0], [0.0]]))[:, 0].astype(ms.int32)
        ops.assign(state, ops.tensor_scatter_add(state, i[:, None], ops.ones_like(i).astype(ms.float32)))
        return (w * state).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 2, 9, -5, 2):
        yield attempt(step, Tensor([[float(k), 1.0]])), state


@program
def scatter_nd_update_of_a_parameter():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")
    state = Parameter(Tensor([0.0, 0.0, 0.0]), name="state", requires_grad=False)

    def f(i, v):
        ops.scatter_update(state, i, v)
        return (w * state).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 2, 9, -5, 2):
        yield attempt(step, index(0, k), Tensor([1.0, float(k)])), state


@program
def one_hot_topk_and_kin():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")

    def f(i):
        return (ops.one_hot(i, 3, Tensor(1.0), Tensor(0.0)) * w).sum() + ops.gather_elements(w, 0, i).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 2, 9, -5, 2):
        yield attempt(step, index(0, k))


@program
def written_slices_of_computed_indices():
    w = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")

    def f(x, i):
        y = w * x
        y[i] = 5.0
        y[i[0]] += 1.0
        return (y * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for k in (0, 1, 2, 9, -5, 2):
        yield attempt(step, Tensor([1.0, 1.0, 2.0]), index(k, 0))


@program(compiles=True)
def a_schedule_by_step_number():
    class Rate(nn.LearningRateSchedule):
        def __init__(self):
            super().__init__()
            self.table = Tensor([0.5, 0.25, 0.125])

        def construct(self, step):
            return self.table[step]

    net = nn.Dense(2, 2, weight_init="ones")
    opt = nn.SGD(net.trainable_params(), Rate())
    step = watch(nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), opt))
    for _ in range(6):
        yield attempt(step, Tensor([[1.0, 2.0]]), Tensor([[1.0, 0.0]]))
        yield net.weight, opt.global_step


@program
def a_list_of_rates_that_runs_out():
    net = nn.Dense(2, 2, weight_init="ones")
    opt = nn.Momentum(net.trainable_params(), [0.5, 0.25, 0.125], 0.5)
    step = watch(nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), opt))
    for _ in range(6):
        yield attempt(step, Tensor([[1.0, 2.0]]), Tensor([[1.0, 0.0]]))
        yield net.weight, opt.global_step


@program
def the_error_passes_through_a_context():
    net = Routed()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))

    class Guard:
        def __enter__(self):
            print("in")

        def __exit__(self, kind, value, trace):
            print("out", kind and kind.__name__)
            return True

    for k in (0, 1, 2, 1, 5, 0):
        with Guard():
            yield step(Tensor([[float(k), 1.0]]))


@program
def binary_cross_entropy_out_of_range():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    step = watch(ms.value_and_grad(lambda x, y: ops.binary_cross_entropy(x * w, y), None, [w]))
    for k in (0.25, 0.5, 0.75, 1.5, 0.25):
        yield attempt(step, Tensor([k, 0.25]), Tensor([1.0, 0.0]))


@program(compiles=True)
def an_index_among_tensors_that_are_not_used():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.unused = Parameter(index(7), name="unused", requires_grad=False)
            self.table = Parameter(Tensor([1.0, 2.0, 3.0]), name="table")
            self.place = Parameter(index(0), name="place", requires_grad=False)
            self.other = Parameter(index(9), name="other", requires_grad=False)

        def construct(self, x):
            return (ops.gather(self.table, self.place, 0) * x * self.other).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, [net.table]))
    for k in (0, 1, 2, 9, -5, 2):
        ops.assign(net.place, index(k))
        yield attempt(step, Tensor([1.0]))
