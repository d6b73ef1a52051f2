"""State in objects and Cells: attributes written in a call, objects that count, Parameters that change."""

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


@program(compiles=True)
def object_that_counts():
    class Model:
        def __init__(self):
            self.calls = 0

        def __call__(self, x):
            self.calls += 1
            return x * self.calls

    model = Model()
    f = watch(ms.grad(model))
    for _ in STEPS:
        yield f(X), model.calls


@program(compiles=True)
def counter_written_in_construct():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.calls = 0

        def construct(self, x):
            self.calls = self.calls + 1
            return x * self.calls

    net = Net()
    f = watch(ms.grad(net))
    for _ in STEPS:
        yield f(X), net.calls


@program(compiles=True)
def tensor_written_in_construct():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.total = Tensor([0.0, 0.0, 0.0])

        def construct(self, x):
            self.total = self.total + x
            return self.total * x

    net = Net()
    f = watch(ms.grad(net))
    for k in STEPS:
        before = net.total
        yield f(X + k), net.total, net.total is before


@program(compiles=True)
def tensors_written_of_objects():
    class Memory:
        def __init__(self):
            self.sum = self.last = Tensor([0.0, 0.0, 0.0])

        def take(self, x):
            self.sum = self.sum + x
            self.sum = self.sum * 2
            self.last = self.sum

    memory = Memory()

    def forward(x):
        memory.take(x)
        return (memory.sum * memory.last * x).sum()

    f = watch(ms.value_and_grad(forward))
    for k in STEPS:
        kept = memory.sum
        yield f(X + k), memory.sum, memory.last is memory.sum, kept, memory.sum is kept
        if k == 2:
            memory.last = Tensor([1.0, 1.0])


@program(compiles=True)
def tensor_written_in_a_step():
    class Loss(nn.Cell):
        def __init__(self):
            super().__init__()
            self.net = nn.Dense(3, 1, weight_init="ones")
            self.seen = Tensor([0.0])
            self.count = Tensor(0)

        def construct(self, x):
            self.count += 1
            y = self.net(x).sum()
            self.seen = 0.5 * self.seen + y
            return y * self.seen.sum()

    loss = Loss()
    step = watch(nn.TrainOneStepCell(loss, nn.SGD(loss.trainable_params(), 0.125)))
    for k in STEPS:
        count, seen = loss.count, loss.seen
        yield step(X.reshape(1, 3) + k), loss.seen, seen, loss.seen is seen, loss.count, loss.count is count


@program
def argument_kept():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.kept = Tensor([0.0, 0.0, 0.0])
            self.part = Tensor([0.0])

        def construct(self, x):
            y = x * self.kept
            self.kept = x
            self.part = x[:1]
            return y

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        x = X + k
        result = f(x)
        x[0] = 9.0
        yield result, net.kept, net.kept is x, net.part


@program
def written_before_it_raises():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.total, self.most = Tensor([0.0, 0.0, 0.0]), 3

        def construct(self, x):
            self.total = self.total + x
            if self.most < 2:
                raise ValueError("enough")
            return self.total * x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield attempt(f, X + k), net.total
        net.most = 3 - k


@program(compiles=True)
def elements_under_a_mask():
    def forward(x):
        y = x * x
        y[y > 2] = 0.5
        y[x < 1] = x.sum()
        return (y * x).sum()

    f = watch(ms.value_and_grad(forward))
    for k in STEPS:
        yield f(X - k)


@program
def new_attribute_in_construct():
    class Net(nn.Cell):
        def construct(self, x):
            self.last = x * 2
            return self.last * x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X + k), net.last, hasattr(net, "last")
        if k == 2:
            del net.last


@program
def same_value_written_again():
    class Net(nn.Cell):
        def construct(self, x):
            self.mode = "forward"
            return x * x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X + k), net.mode
        net.mode = "idle"


@program
def parameter_assigned_inside():
    p = Parameter(Tensor([0.0, 0.0, 0.0]), name="p", requires_grad=False)

    def forward(x):
        ops.assign(p, p + x)
        return (p * x).sum()

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), p.asnumpy()


@program
def parameter_set_data_inside():
    p = Parameter(Tensor([0.0, 0.0, 0.0]), name="p", requires_grad=False)

    def forward(x):
        p.set_data(x * 2)
        return x * x

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X + k), p.asnumpy()
        if k == 2:
            p.set_data(Tensor([9.0, 9.0, 9.0]))


@program
def attribute_assigned_to_a_parameter():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.buffer = Parameter(Tensor([0.0, 0.0, 0.0]), requires_grad=False)

        def construct(self, x):
            self.buffer = self.buffer + x
            return x * self.buffer

    net = Net()
    f = ms.grad(net)
    for _ in STEPS:
        yield f(X), net.buffer, type(net.buffer).__name__


@program
def captured_tensor_written_inside():
    state = Tensor([0.0, 0.0, 0.0])

    def forward(x):
        state[0] = state[0] + 1
        return (state * x).sum()

    f = ms.grad(forward)
    for _ in STEPS:
        yield f(X), state


@program
def captured_tensor_written_inside_and_outside():
    state = Tensor([0.0, 0.0, 0.0])

    def forward(x):
        state.copy_(state * 2 + x)
        return (state * x).sum()

    f = ms.grad(forward)
    for k in STEPS:
        state[1] = float(k)
        yield f(X), state


@program
def history_in_a_list_attribute():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.history = []

        def construct(self, x):
            self.history.append(x * 2)
            return x * x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X + k), len(net.history), net.history[-1]
    yield net.history


@program(compiles=True)
def batch_norm_statistics():
    net = nn.BatchNorm1d(3)
    net.set_train()
    f = watch(ms.grad(lambda x: (net(x) * x).sum()))
    for k in STEPS:
        x = ops.stack((X, X * k, X + k))
        yield f(x), net.moving_mean.asnumpy(), net.moving_variance.asnumpy()


@program
def batch_norm_toggled():
    net = nn.BatchNorm1d(3)
    f = ms.grad(lambda x: (net(x) * x).sum())
    for k in STEPS:
        net.set_train(k % 2 == 1)
        yield f(ops.stack((X, X * 2, X + k))), net.moving_mean.asnumpy()


@program(compiles=True)
def property_with_an_effect():
    class Model:
        def __init__(self):
            self.reads = 0

        @property
        def scale(self):
            self.reads += 1
            return 2.0

    model = Model()
    f = watch(ms.grad(lambda x: x * model.scale))
    for _ in STEPS:
        yield f(X), model.reads


@program(compiles=True)
def lazily_initialised():
    class Model:
        scale = None

        def forward(self, x):
            if self.scale is None:
                self.scale = 1.0
            else:
                self.scale += 1.0
            return x * self.scale

    model = Model()
    f = watch(ms.grad(model.forward))
    for _ in STEPS:
        yield f(X), model.scale


@program
def cached_once():
    class Model:
        table = None

        def forward(self, x):
            if self.table is None:
                self.table = X * 2
            return (x * self.table).sum()

    model = Model()
    f = ms.grad(model.forward)
    for k in STEPS:
        yield f(X + k), model.table
        if k == 2:
            model.table = None
