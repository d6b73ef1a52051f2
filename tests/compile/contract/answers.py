"""Values that a function asks Tensors for: those of calls before, and others."""

import msjax as ms
from contract import attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, -2.0, 3.0])
# Often enough one way that it is compiled, then another one, then the two by turns, then one that is new.
SCALES = (1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, 9.0, -1.0)


def calls(f, *others):
    for scale in SCALES:
        yield attempt(f, X * scale, *others)


@program(compiles=True)
def ways_that_write():
    w, n = Parameter(Tensor([1.0, 2.0, 3.0]), name="w"), Parameter(Tensor(0), name="n", requires_grad=False)

    def forward(x):
        y = (x * w).sum()
        if y > 0:
            w.set_data(w * 0.5)
            n.add_(1)
            y = y * 2
        elif n > 2:
            n.set_data(Tensor(0))
        return (y * w).sum()

    for item in calls(watch(ms.value_and_grad(forward, 0, [w]))):
        yield item, w, n


@program(compiles=True)
def to_equilibrium():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor([[0.5, 0.25, 0.0], [0.0, 0.5, 0.25], [0.25, 0.0, 0.5]]), name="w")

        def construct(self, x):
            steps = 0
            while ops.abs(x).max() > 1.0 and steps < 9:
                x, steps = ops.matmul(x, self.w), steps + 1
            return x.sum(), steps

    yield from calls(watch(ms.value_and_grad(Net(), 0, has_aux=True)))


@program(compiles=True)
def numbers():
    def forward(x, halves):
        rows = int((x > 0).sum())
        return x[:rows].sum() * float(halves) * (2 if bool(rows > 1) else 3)

    yield from calls(watch(ms.grad(forward)), Tensor(0.5))


@program(compiles=True)
def errors_on_some_ways():
    def forward(x, i):
        if x[0] > 2:
            raise ValueError(f"too large by {i.shape}")
        return x[i].sum() if x[0] > 0 else x[i + 1].sum()

    f = watch(ms.grad(forward))
    yield from calls(f, Tensor(2))
    yield from calls(f, Tensor([0, 1]))


@program(compiles=True)
def an_attribute_on_one_way():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.best = Tensor(0.0)

        def construct(self, x):
            if x.sum() > self.best:
                self.best = x.sum() * 0.5
            return (x * x).sum() + self.best

    net = Net()
    f = watch(ms.grad(net))
    for scale in (*SCALES, 2.0, 3.0, -1.0):
        yield f(X * scale), net.best


@program(compiles=True)
def draws_on_one_way():
    def forward(x):
        return (x * ops.rand_like(x) if x[0] > 0 else x * 2).sum()

    yield from calls(watch(ms.grad(forward)))


@program(compiles=False)
def another_way_each_time():
    f = watch(ms.grad(lambda x: x * int(x[0])))
    for k in range(8):
        yield f(X + k)


@program(compiles=True)
def steps_in_graph_mode():
    ms.set_context(mode=ms.GRAPH_MODE)
    net = nn.Dense(3, 1)
    state = Parameter(Tensor(0.0), name="before", requires_grad=False)

    class Rule(nn.Optimizer):
        def __init__(self, weights):
            super().__init__(0.1, weights)

        def construct(self, gradients):
            scale = 1.0
            if state == 0:
                scale = 0.5
            state.set_data(gradients[1].sum())
            for w, g in zip(self.parameters, gradients, strict=True):
                ops.assign_sub(w, scale * g)
            return True

    loss = nn.WithLossCell(net, nn.MSELoss())
    step = nn.TrainOneStepCell(loss, Rule(net.trainable_params()))
    step.set_train()
    watch(step)
    for k in range(7):
        yield step(X.reshape(1, 3) * (0.5 + k), Tensor([[1.0]])), state
