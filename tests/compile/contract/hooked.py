"""Cells with hooks compile; a hook that is added, removed or changed, or has effects, is seen."""

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([[1.0, 2.0, 3.0]])


@program(compiles=True)
def forward_hooks_come_and_go():
    net = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.ReLU())
    f = watch(ms.grad(lambda a: (net(a) ** 2).sum()))
    handles = []
    for k in range(9):
        yield f(X + k)
        if k in (2, 3):
            handles.append(net[0].register_forward_hook(lambda cell, args, out: out * 2))
        if k == 5:
            handles.pop(0).remove()


@program(compiles=True)
def pre_hook_with_keywords_reads_the_cell():
    net = nn.Dense(3, 1, weight_init="ones")
    net.factor = 2.0
    net.register_forward_pre_hook(lambda cell, args, kwargs: ((args[0] * cell.factor,), kwargs), with_kwargs=True)
    f = watch(ms.grad(lambda a: (net(a) ** 2).sum()))
    for k in range(8):
        yield f(X + k)
        if k == 4:
            net.factor = 3.0


@program(compiles=True)
def hooks_on_gradients_of_a_cell():
    net, scale = nn.SequentialCell(nn.Dense(3, 3, weight_init="ones"), nn.Tanh()), [2.0]
    net[0].register_backward_hook(lambda cell, gradient_in, gradient_out: (gradient_in[0] * scale[0],))
    net[1].register_backward_pre_hook(lambda cell, gradient_out: gradient_out[0] * 3)
    f = watch(ms.value_and_grad(lambda a: net(a).sum(), 0, net.trainable_params()))
    for k in range(8):
        yield f(X + k)
        if k == 4:
            scale[0] = 5.0


@program(compiles=False)
def hook_of_a_cell_whose_weights_alone_are_differentiated():
    net, seen = nn.Dense(3, 2, weight_init="ones"), []

    def note(cell, gradient_in, gradient_out):
        seen.append([gradient is None for gradient in (*gradient_in, *gradient_out)])

    net.register_backward_hook(note)
    of_weights = watch(ms.grad(lambda a: net(a).sum(), None, net.trainable_params()))
    of_both = watch(ms.grad(lambda a: net(a).sum(), 0, net.trainable_params()))
    for k in STEPS:
        yield of_weights(X + k), of_both(X + k), list(seen)


@program(compiles=True)
def hook_that_is_without_a_gradient_where_weights_alone_are_differentiated():
    net, scale = nn.Dense(3, 2, weight_init="ones"), Tensor(2.0)
    net.register_backward_hook(
        lambda cell, gradient_in, gradient_out: tuple(g if g is None else g * scale for g in gradient_in)
    )
    of_weights = watch(ms.grad(lambda a: net(a).sum(), None, net.trainable_params()))
    of_both = watch(ms.grad(lambda a: net(a).sum(), 0, net.trainable_params()))
    for k in STEPS:
        yield of_weights(X + k), of_both(X + k)


@program(compiles=False)
def hook_that_notes():
    net, seen = nn.Dense(3, 1, weight_init="ones"), []
    net.register_forward_hook(lambda cell, args, out: seen.append(out.shape))
    f = watch(ms.grad(lambda a: net(a).sum()))
    for k in STEPS:
        yield f(X + k), list(seen)


@program(compiles=False)
def hook_that_is_a_method_of_a_list():
    net, seen = nn.Dense(3, 1, weight_init="ones"), []
    net.register_forward_pre_hook(lambda cell, args: None)
    net.register_backward_pre_hook(lambda cell, gradient: seen.append(cell))
    f = watch(ms.grad(lambda a: net(a).sum()))
    for k in STEPS:
        yield f(X + k), len(seen)


@program(compiles=True)
def hook_with_a_function_replaced():
    class Scaled:
        factor = 2.0

        def __call__(self, cell, args, out):
            return out * self.factor

    net, hook = nn.Dense(3, 1, weight_init="ones"), Scaled()
    net.register_forward_hook(hook)
    f = watch(ms.grad(lambda a: (net(a) ** 2).sum()))
    for k in range(8):
        yield f(X + k)
        if k == 3:
            hook.factor = 4.0
        if k == 5:
            Scaled.factor = 8.0


@program
def hook_that_writes_a_parameter():
    net, total = nn.Dense(3, 1, weight_init="ones"), Parameter(Tensor([0.0]), name="total")
    net.register_forward_hook(lambda cell, args, out: total.add_(out.sum().reshape(1)) and None)
    f = watch(ms.grad(lambda a: net(a).sum()))
    for k in STEPS:
        yield f(X + k), total.asnumpy()


def _mixed(level):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(3, 2, weight_init="ones", bias_init="zeros")
            self.relu, self.softmax = ops.ReLU(), ops.Softmax()

        def construct(self, x):
            return self.softmax(self.relu(self.dense(x)))

    return ms.amp.auto_mixed_precision(Net(), level)


@program(compiles=True)
def mixed_precision_of_level_one():
    net = _mixed("O1")
    optimizer = nn.SGD(net.trainable_params(), 0.125)
    f = ms.value_and_grad(lambda a: (net(a) * Tensor([1.0, 2.0])).sum(), None, optimizer.parameters)

    @watch
    @ms.jit
    def step(a):
        loss, gradients = f(a)
        optimizer(gradients)
        return loss

    for k in STEPS:
        yield step(X + k).asnumpy().round(2)


@program(compiles=True)
def mixed_precision_then_a_hook():
    net = _mixed("O1")
    f = watch(ms.grad(lambda a: net(a)[0, 0]))
    for k in range(8):
        yield f(X + k)
        if k == 4:
            net.dense.register_forward_hook(lambda cell, args, out: out * 2)
