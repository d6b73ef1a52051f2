"""Cells: training flags, children added and replaced, precision, custom rules."""

import copy

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([[1.0, 2.0, 3.0]])


@program
def training_toggled():
    class Net(nn.Cell):
        def construct(self, x):
            return x * 2 if self.training else x * x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        net.set_train(k % 2 == 1)
        yield f(X), net.training


@program
def training_of_an_inner_cell_toggled():
    class Inner(nn.Cell):
        def construct(self, x):
            return x * 2 if self.training else x * x

    net = nn.SequentialCell(Inner(), nn.ReLU(), Inner())
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        net[2].set_train(k % 2 == 1)
        yield f(X)


@program
def cells_appended_to_a_list():
    cells = [nn.Dense(3, 3, weight_init="ones")]

    def forward(x):
        for cell in cells:
            x = cell(x)
        return x.sum()

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X)
        cells.append(nn.Tanh() if len(cells) % 2 else nn.Dense(3, 3, weight_init="ones"))


@program
def cells_appended_to_a_cell_list():
    cells = nn.CellList([nn.Dense(3, 3, weight_init="ones")])

    def forward(x):
        for cell in cells:
            x = cell(x)
        return x.sum()

    for k in STEPS:
        f = ms.grad(forward, None, cells.trainable_params())
        yield f(X)
        if k in (1, 2):
            cells.append(nn.Dense(3, 3, weight_init="ones", has_bias=False))


@program
def sequential_changed():
    net = nn.SequentialCell([nn.Dense(3, 3, weight_init="ones"), nn.ReLU()])
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        yield f(X)
        if k == 0:
            net.append(nn.Tanh())
        if k == 1:
            net[1] = nn.Sigmoid()
        if k == 2:
            del net[2]
        if k == 3:
            net.insert(0, nn.Flatten())


@program
def child_replaced():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.body = nn.Dense(3, 2, weight_init="ones")

        def construct(self, x):
            return self.body(x)

    net = Net()
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        yield f(X)
        if k == 1:
            net.body = nn.Dense(3, 4, weight_init="ones")
        if k == 3:
            net.body = nn.Identity()


@program
def precision_changed():
    net = nn.Dense(3, 2, weight_init="ones")
    f = ms.value_and_grad(lambda x: net(x))
    for dtype in (None, None, ms.float16, ms.float32, ms.float16):
        if dtype is not None:
            net.to_float(dtype)
        yield f(X)


@program
def activation_in_an_attribute():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.act = ops.relu

        def construct(self, x):
            return self.act(x - 2)

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X)
        net.act = (ops.tanh, ops.sigmoid, ops.relu)[k % 3]


@program
def recompute_switched_on():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh())
    f = ms.grad(lambda x: net(x).sum(), None, net.trainable_params())
    for k in STEPS:
        yield f(X)
        if k == 1:
            net[0].recompute()


@program(compiles=True)
def custom_bprop():
    class Net(nn.Cell):
        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            return (dout * 10,)

    f = watch(ms.grad(Net()))
    for k in STEPS:
        yield f(X + k)


@program(compiles=False)
def custom_bprop_that_counts():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.backward = []

        def construct(self, x):
            return x * x

        def bprop(self, x, out, dout):
            self.backward.append(1)
            return (dout * len(self.backward),)

    net = Net()
    f = watch(ms.grad(net))
    for k in STEPS:
        yield f(X + k), len(net.backward)


@program
def custom_function():
    class Double(ms._Function):
        @staticmethod
        def forward(ctx, x, factor):
            ctx.factor = factor
            ctx.save_for_backward(x)
            return x * factor

        @staticmethod
        def backward(ctx, dout):
            (x,) = ctx.saved_tensors
            return dout * ctx.factor + x, None

    f = ms.grad(lambda x, k: Double.apply(x, k).sum())
    for k in STEPS:
        yield f(X, 2), f(X, k)


@program
def flags_and_names():
    net = nn.Dense(3, 2, weight_init="ones")
    f = ms.grad(lambda x: net(x) if not net.get_flags().get("twice") else net(x) * 2)
    for k in STEPS:
        yield f(X), [p.name for p in net.trainable_params()]
        net.add_flags(twice=k % 2 == 0)
        net.update_parameters_name(f"step{k}.")


@program
def copied_networks():
    net = nn.Dense(3, 1, weight_init="ones")
    nets = [net, copy.deepcopy(net)]
    for k in STEPS:
        nets[1].weight.set_data(Tensor(np.full((1, 3), k, np.float32)))
        yield [ms.grad(lambda x, n=n: (n(x) ** 2).sum())(X) for n in nets]


@program(compiles=True)
def networks_made_anew():
    for k in STEPS:
        net = nn.Dense(3, 1, weight_init="ones")
        f = ms.grad(lambda x, n=net: (n(x) ** 2).sum(), None, net.trainable_params())
        yield f(X * k), f(X)
        last = watch(f)
        yield last(X + k)


@program
def parameters_added_later():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(X * 1, name="w")

        def construct(self, x):
            return sum((x * p).sum() for p in self.get_parameters())

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X)
        if k in (1, 3):
            net.insert_param_to_cell(f"extra{k}", Parameter(X * k, name=f"extra{k}"))


@program(compiles=True)
def flags_read():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh())
    f = watch(ms.grad(lambda x: net(x).sum() * (2.0 if net.get_flags().get("double") else 1.0)))
    for k in range(7):
        yield f(X)
        if k in (2, 4):
            net.add_flags(double=k == 2)


@program(compiles=True)
def buffer_saved_no_longer():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh())
    net.register_buffer("scale", Tensor([2.0]))
    f = watch(ms.grad(lambda x: net(x).sum() * len(net.state_dict())))
    for k in range(7):
        yield f(X)
        if k in (2, 4):
            net.register_buffer("scale", Tensor([2.0]), persistent=k == 4)
