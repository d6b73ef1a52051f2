"""Data sinks: several steps in one program, where nobody can tell."""

import numpy as np

import msjax as ms
import msjax.dataset as ds
from contract import attempt, program
from msjax import Parameter, Tensor, nn, ops, train

ROWS = [(Tensor([[i / 4, 1.0]]), Tensor([[0.5]])) for i in range(6)]


def network():
    return nn.Dense(2, 1, weight_init="ones")


def trained(net, rows, epochs=3, callbacks=None):
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.MSELoss()), nn.SGD(net.trainable_params(), 0.125))
    attempt(train.Model(step).train, epochs, rows, callbacks, True)
    return list(net.get_parameters())


@program
def a_list_of_rows():
    yield trained(network(), ROWS)


@program
def a_layer_that_prints():
    class Loud(nn.Dense):
        def construct(self, x):
            print("x")
            return super().construct(x)

    yield trained(Loud(2, 1, weight_init="ones"), ROWS)


@program
def a_layer_that_counts():
    class Counts(nn.Dense):
        calls = 0

        def construct(self, x):
            self.calls += 1
            return super().construct(x)

    net = Counts(2, 1, weight_init="ones")
    yield trained(net, ROWS), net.calls


@program
def a_layer_that_keeps_what_it_saw():
    class Keeps(nn.Dense):
        def construct(self, x):
            self.seen = x * 2
            return super().construct(x)

    net = Keeps(2, 1, weight_init="ones")
    yield trained(net, ROWS), net.seen


@program
def a_row_that_steps_write():
    class Writes(nn.Dense):
        def __init__(self):
            super().__init__(2, 1, weight_init="ones")
            self.state = Tensor([[0.0, 0.0]])

        def construct(self, x):
            self.state += x / 4
            return super().construct(x)

    net = Writes()
    yield trained(net, [(net.state, ROWS[0][1]), *ROWS]), net.state
    yield trained(net, [*ROWS, (net.state, ROWS[0][1])]), net.state


@program
def a_batch_that_a_step_changes():
    class Changes(nn.Dense):
        def construct(self, x):
            x += 1
            return super().construct(x)

    rows = [(x.copy(), y) for x, y in ROWS]
    yield trained(Changes(2, 1, weight_init="ones"), rows), rows


@program
def labels_out_of_range():
    net = nn.Dense(2, 3, weight_init="ones")
    step = nn.TrainOneStepCell(nn.WithLossCell(net, nn.CrossEntropyLoss()), nn.SGD(net.trainable_params(), 0.125))
    model = train.Model(step)
    rows = [(x, Tensor([1], ms.int32)) for x, _ in ROWS]
    yield attempt(model.train, 2, rows, None, True)
    rows[4] = rows[4][0], Tensor([5], ms.int32)
    yield attempt(model.train, 2, rows, None, True)
    rows[4] = rows[0]
    yield attempt(model.train, 2, rows, None, True)


@program
def a_callback_changes_what_steps_read():
    net = network()

    class Changes(train.Callback):
        def epoch_begin(self, run_context):
            now = run_context.original_args()
            print(now.cur_epoch_num, now.cur_step_num)
            net.weight.set_data(Tensor([[now.cur_epoch_num / 4, 0.25]]))
            if now.cur_epoch_num == 4:
                net.bias = Parameter(Tensor([2.0]), name="bias")
            if now.cur_epoch_num == 5:
                run_context.request_stop()

    yield trained(net, ROWS, 6, Changes())


@program
def a_function_of_rows():
    weight, total = Parameter(Tensor([1.0, 2.0]), name="w"), Parameter(Tensor([0.0]), name="t")

    def step(x):
        ops.assign_add(total, (x * weight).sum().reshape(1))
        return x + total

    rows = ds.NumpySlicesDataset(np.arange(10, dtype=np.float32).reshape(5, 2) / 4, shuffle=False)
    sink = ms.data_sink(step, rows, sink_size=3)
    for i in range(6):
        yield sink(), total
        if i == 3:
            weight.set_data(Tensor([0.5, 0.25]))
