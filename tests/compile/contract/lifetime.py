"""How long things live: values kept from earlier calls, donated buffers, destructors."""

import copy
import gc
import weakref

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def network_and_step(optimizer=nn.Momentum):
    """A small network, and a function that takes one step of training."""
    net = nn.Dense(3, 1, weight_init="ones")
    rest = (0.9,) if optimizer is nn.Momentum else ()
    update = optimizer(net.trainable_params(), 0.125, *rest)
    f = ms.value_and_grad(lambda x: (net(x) ** 2).mean(), None, net.trainable_params())

    def step(x):
        loss, gradients = f(x)
        update(gradients)
        return loss, gradients

    return net, step


@program
def gradients_kept_across_steps():
    _, step = network_and_step()
    kept = []
    for k in STEPS:
        kept.append(step(X.reshape((1, 3)) / (k + 1)))
        yield list(kept)


@program
def copies_before_a_step():
    net, step = network_and_step()
    w = net.weight
    for k in STEPS:
        before = w.asnumpy(), w.value(), Tensor(w), w.copy(), w.data, w + 0, copy.deepcopy(w), w[0]
        step(X.reshape((1, 3)) / (k + 1))
        yield before, w


@program
def copies_before_a_step_of_adam():
    net, step = network_and_step(nn.Adam)
    kept = []
    for k in STEPS:
        kept.append([p.asnumpy() for p in net.trainable_params()] + [p.value() for p in net.trainable_params()])
        step(X.reshape((1, 3)) / (k + 1))
        yield list(kept), net.bias


@program
def copies_before_a_cell_step():
    net = nn.Dense(3, 1, weight_init="ones")
    loss = nn.WithLossCell(net, nn.MSELoss())
    step = nn.TrainOneStepCell(loss, nn.Adam(net.trainable_params(), 0.125))
    kept = []
    for k in STEPS:
        w = net.weight
        kept.append([w.asnumpy(), w.value(), Tensor(w), w.copy(), w.clone(), w.reshape((3,)), w.T])
        step(X.reshape((1, 3)), Tensor([[float(k)]]))
        yield list(kept), w


@program
def views_of_parameters_across_steps():
    net, step = network_and_step()
    row, flat = net.weight[0], net.weight.reshape((3,))
    for _ in STEPS:
        step(X.reshape((1, 3)))
        yield row, flat, net.weight
    row[0] = 9.0
    yield net.weight


@program
def parameter_dictionary_kept():
    net, step = network_and_step()
    saved = {name: Tensor(p.asnumpy()) for name, p in net.parameters_dict().items()}
    for k in STEPS:
        step(X.reshape((1, 3)))
        if k == 2:
            ms.load_param_into_net(net, {name: Parameter(t, name=name) for name, t in saved.items()})
        yield saved, net.weight


@program
def shared_storage_of_two_parameters():
    first = Parameter(X * 1, name="first")
    second = Parameter(first, name="second")
    f = ms.grad(lambda x: (x * first * second).sum(), None, [first, second])
    update = nn.SGD([first, second], 0.125)
    for _ in STEPS:
        update(f(X))
        yield first, second


@program
def batch_used_again_after_the_step():
    _, step = network_and_step()
    x = X.reshape((1, 3))
    for _ in STEPS:
        loss, gradients = step(x)
        yield x, loss, gradients
        x = x + gradients[0] / 8


@program
def optimizer_state_kept():
    p = Parameter(X * 1, name="p")
    update = nn.Momentum([p], 0.125, 0.5)
    moments = next(m for m in update.get_parameters() if "moment" in m.name)
    kept = []
    for _ in STEPS:
        kept.append((moments.asnumpy(), moments.value()))
        update((p * 2,))
        yield list(kept), moments, p


@program(compiles=False)
def destructor_with_an_effect():
    log = []

    class Scope:
        def __del__(self):
            log.append("gone")

    def forward(x):
        scope = Scope()
        return x * x if scope else x

    f = watch(ms.grad(forward))
    for _ in STEPS:
        yield f(X), list(log)


@program
def captured_objects_are_let_go():
    class Model:
        def __init__(self):
            self.w = X * 2

        def loss(self, x):
            return (x * self.w).sum()

    refs = []
    for _ in STEPS:
        model = Model()
        f = ms.grad(model.loss)
        yield f(X), f(X), f(X)
        refs.append(weakref.ref(model))
    del model, f
    gc.collect()
    yield [ref() is None for ref in refs]


@program
def arguments_are_let_go():
    class Batch:
        def __init__(self):
            self.x = X * 1

    f = ms.grad(lambda x, batch: x * batch.x)
    refs = []
    for _ in STEPS:
        batch = Batch()
        yield f(X, batch)
        refs.append(weakref.ref(batch))
    del batch
    gc.collect()
    yield [ref() is None for ref in refs]


@program
def intermediate_values_are_let_go():
    refs = []

    class Net(nn.Cell):
        def construct(self, x):
            self.last = x * 2
            return (self.last * x).sum()

    net = Net()
    f = ms.grad(net)
    for _ in STEPS:
        yield f(X)
        refs.append(weakref.ref(net.last))
        net.last = None
        gc.collect()
        yield refs[-1]() is None


@program
def stored_output_reused():
    store = {"h": X * 0}

    def forward(x):
        h = ops.tanh(x + store["h"])
        store["h"] = ops.stop_gradient(h)
        return h.sum()

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X), store["h"]
        if k == 2:
            store["h"] = X * 0


@program
def hidden_state_passed_on():
    w = Parameter(X * 0.5, name="w")

    def forward(x, h):
        h = ops.tanh(x * w + h)
        return h.sum(), h

    f = ms.value_and_grad(forward, None, [w], has_aux=True)
    h, kept = X * 0, []
    for _ in STEPS:
        (_, h), gradients = f(X, h)
        kept.append(h)
        yield gradients, list(kept)
