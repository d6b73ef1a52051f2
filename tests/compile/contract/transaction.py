"""A trace is a transaction: what it changes, in whatever way, is as it was before when it ends."""

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn, ops


class DelayLine(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1.0]), name="w")
        for name, value in (("h1", 1.0), ("h2", 2.0), ("h3", 3.0)):
            setattr(self, name, Parameter(Tensor([value]), name=name, requires_grad=False))

    def construct(self, x):
        ops.assign(self.h3, self.h2)
        ops.assign(self.h2, self.h1)
        ops.assign(self.h1, ops.stop_gradient(x))
        return (x * self.w * (self.h1 - 2 * self.h2 + self.h3)).sum()


@program(compiles=True)
def a_delay_line_moves_once_a_call():
    net = DelayLine()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        loss, _ = step(Tensor([float(i)]))
        yield loss, net.h1, net.h2, net.h3


@program
def a_delay_line_of_a_function_that_prints():
    net = DelayLine()

    def loud(x):
        value = net(x)
        print("called")
        return value

    step = watch(ms.value_and_grad(loud, None, net.trainable_params()))
    for i in STEPS:
        loss, _ = step(Tensor([float(i)]))
        yield loss, net.h1, net.h2, net.h3


@program
def contents_are_exchanged():
    a, b = Tensor([1.0]), Tensor([2.0])

    def f(x):
        t = a.copy()
        a.assign_value(b)
        b.assign_value(t)
        return (x * a).sum()

    gradient = watch(ms.grad(f))
    for _ in STEPS:
        yield gradient(Tensor([1.0])), a, b


@program
def a_write_inside_two_gradients_is_undone_with_the_outer_one():
    state = Parameter(Tensor([1.0]), name="state", requires_grad=False)
    other = Parameter(Tensor([5.0]), name="other", requires_grad=False)

    def inner(x):
        ops.assign(state, other)
        return (x**3).sum()

    def outer(x):
        slope = ms.grad(inner)(x).sum()
        ops.assign(other, state + 1.0)
        if float(slope) > 0:  # needs a value
            slope = slope * 2.0
        return slope

    gradient = watch(ms.grad(outer))
    for _ in STEPS:
        yield gradient(Tensor([1.0])), state, other


class Tied(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), name="w")
        self.wt = self.w.T
        self.row = self.w[0]

    def construct(self, x):
        return ((x @ self.w @ self.wt - x) ** 2).mean() + self.row.sum()


@program(compiles=True)
def views_of_a_parameter_that_were_stored():
    net = Tied()
    optimizer = nn.SGD(net.trainable_params(), 0.0078125)
    step = watch(ms.value_and_grad(net, None, optimizer.parameters))
    for i in STEPS:
        loss, gradients = step(Tensor([[1.0, 0.0, 1.0]]))
        optimizer(gradients)
        yield loss, gradients, net.wt if i % 2 else None, net.row


@program(compiles=True)
def whether_somebody_looks_at_a_stored_view_is_of_no_matter():
    net = Tied()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        net.w.set_data(net.w * 0.5)
        if i % 2:
            net.wt.asnumpy()
        yield step(Tensor([[1.0, 0.0, 1.0]]))


@program
def a_view_is_read_after_its_base_was_written_inside():
    base = Tensor([1.0, 2.0])
    first = base[0:1]

    def f(x):
        base.add_(x)
        return (first * x).sum()

    gradient = watch(ms.grad(f))
    for _ in STEPS:
        yield gradient(Tensor([1.0, 2.0])), base, first


@program
def a_scheduler_steps_inside():
    net = nn.Dense(1, 1, weight_init="ones")
    optimizer = ms.experimental.optim.SGD(net.trainable_params(), lr=0.5)
    scheduler = ms.experimental.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)

    def f(x):
        loss = net(x).sum()
        scheduler.step()
        return loss

    gradient = watch(ms.grad(f))
    for _ in STEPS:
        yield gradient(Tensor([[1.0]])), scheduler.last_epoch, scheduler.get_last_lr()


@program
def a_list_of_cells_grows_inside():
    cells = nn.CellList([nn.ReLU()])

    def f(x):
        cells.append(nn.Tanh())
        for cell in cells:
            x = cell(x)
        return x.sum()

    gradient = watch(ms.grad(f))
    for _ in STEPS:
        yield gradient(Tensor([0.0, 2.0])), len(cells)


@program
def a_change_is_undone_after_an_exception_inside():
    net = DelayLine()

    def f(x):
        value = net(x)
        raise ValueError("after the writes")
        return value

    gradient = watch(ms.grad(f))
    for i in STEPS:
        yield attempt(gradient, Tensor([float(i)])), net.h1, net.h2, net.h3


@program(compiles=True)
def results_share_their_elements():
    def f(x):
        h = x * 2.0
        return (h**2).sum(), h, h[0:1], h.reshape(2, 1)

    step = watch(ms.value_and_grad(f, has_aux=True))
    for _ in STEPS:
        (_, h, first, column), _ = step(Tensor([1.0, 2.0]))
        h[0] = 100.0
        column[1] = 7.0
        yield h, first, column


@program
def a_result_is_a_view_of_an_argument():
    def f(x):
        return (x**2).sum(), x[0:1]

    step = watch(ms.value_and_grad(f, has_aux=True))
    for k in STEPS:
        x = Tensor([1.0, float(k)])
        (_, first), _ = step(x)
        first.add_(1.0)
        yield x, first


@program
def an_alias_begins_between_the_calls():
    box = {"buf": Tensor([0.0]), "ref": Tensor([1.0])}

    def f(x):
        box["buf"].add_(1.0)
        return (x * box["ref"]).sum()

    gradient = watch(ms.grad(f))
    for i in range(8):
        if i == 3:
            box["ref"] = Tensor(box["buf"])
        if i == 6:
            box["ref"] = box["buf"].reshape(1)
        yield gradient(Tensor([1.0])), box["buf"], box["ref"]


@program
def an_argument_becomes_a_view_of_what_is_written():
    buffer = Tensor([1.0, 2.0])

    def f(x):
        buffer.add_(1.0)
        return (x * x).sum()

    gradient = watch(ms.grad(f))
    for i in range(7):
        x = Tensor([3.0]) if i < 3 else buffer[0:1]
        yield gradient(x), buffer


class Clipped(nn.Cell):
    """Keeps its weight small, whenever it is called."""

    def __init__(self):
        super().__init__()
        self.weight = Parameter(Tensor([1.0, -2.0, 0.25]), name="weight")

    def construct(self, x):
        ops.assign(self.weight, ops.clamp(self.weight, -0.5, 0.5) + 0.125)
        return (x * self.weight).sum()


@program(compiles=True)
def a_weight_is_written_while_it_is_differentiated():
    net = Clipped()
    optimizer = nn.Momentum(net.trainable_params(), 0.125, 0.5)
    step = watch(ms.value_and_grad(net, 0, optimizer.parameters))
    for i in STEPS:
        loss, (slope, gradients) = step(Tensor([1.0, 2.0, float(i)]))
        optimizer(gradients)
        yield loss, slope, gradients, net.weight


@program(compiles=True)
def a_step_writes_the_weight_that_it_trains():
    net = Clipped()
    step = watch(nn.TrainOneStepCell(net, nn.Adam(net.trainable_params(), 0.125)))
    for i in STEPS:
        yield step(Tensor([1.0, 2.0, float(i)])), net.weight


@program(compiles=True)
def an_inner_gradient_writes_its_weight():
    net = Clipped()

    def penalty(x):
        slope, _ = ms.grad(net, 0, [net.weight])(x)
        return (slope**2).sum() + (net.weight * x).sum()

    step = watch(ms.value_and_grad(penalty, 0, [net.weight]))
    for i in STEPS:
        yield step(Tensor([1.0, 2.0, float(i)])), net.weight
