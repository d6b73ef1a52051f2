"""What Parameters have besides their elements: names, settings, and attributes that the user sets on them."""

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, ParameterTuple, Tensor, nn, ops

X = Tensor(np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3))
Y = Tensor(np.array([[1.0], [0.0], [-1.0], [0.5]], np.float32))


def network():
    return nn.SequentialCell(nn.Dense(3, 4, weight_init="ones"), nn.Tanh(), nn.Dense(4, 1, weight_init="ones"))


@program(compiles=True)
def name_among_the_gradients_of_a_step():
    net = nn.WithLossCell(network(), nn.MSELoss())
    step = watch(nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.125), return_grad=True))
    for k in range(7):
        yield step(X, Y)
        if k == 2:
            next(iter(net.get_parameters())).name = "other"
        if k == 4:
            net.update_parameters_name("pre.")


@program(compiles=True)
def name_as_identifier():
    net = network()
    f = watch(ms.grad(lambda x: net(x).sum(), 0, ParameterTuple(net.trainable_params()), return_ids=True))
    for k in STEPS:
        gradients = f(X)
        yield gradients, attempt(ms.get_grad, gradients, net[0].weight)
        if k == 2:
            net[0].weight.name = "other"


@program(compiles=True)
def names_as_keys():
    net = network()

    def loss(x):
        chosen = [p.sum() for name, p in net.parameters_dict().items() if name.startswith("0")]
        return net(x).sum() + sum(chosen), {p.name: p for p in net.trainable_params()}

    f = watch(ms.value_and_grad(loss, None, net.trainable_params(), has_aux=True))
    for k in range(7):
        yield f(X)
        if k in (2, 4):
            net[0].weight.name = f"{k}.weight"


@program
def name_given_twice():
    net = network()
    f = ms.grad(lambda x: sum([p.sum() for p in ParameterTuple(net.trainable_params())]) + net(x).sum())
    g = ms.ops.GradOperation(get_by_list=True)(net)
    for k in range(7):
        yield attempt(f, X), attempt(g, X)
        net[0].weight.name = net[0].bias.name if k == 3 else "0.weight"


A, B = Parameter(X * 1, name="a"), Parameter(X * 2, name="b")


@program(compiles=True)
def gradients_of_all_that_is_used():
    def forward(x):
        return x * B * A

    by_list = ms.ops.GradOperation(get_by_list=True)
    f = watch(by_list(forward))
    for k in STEPS:
        yield f(X + k), by_list(ms.jit(forward))(X + k)


@program(compiles=True)
def parameter_without_a_name_made_anew():
    for k in STEPS:
        w = Parameter(Tensor([1.0 + k, 2.0]))
        yield watch(ms.grad(lambda x, w=w: (x * w).sum()))(Tensor([1.0, 2.0]))


@program(compiles=True)
def settings():
    net = network()

    def loss(x):
        chosen = [p.sum() for p in net.trainable_params() if p.layerwise_parallel or p.comm_fusion > 1]
        return net(x).sum() + sum(chosen)

    f = watch(ms.value_and_grad(loss, None, net.trainable_params()))
    for k in range(7):
        yield f(X)
        if k == 2:
            net[0].bias.layerwise_parallel = True
        if k == 4:
            net[2].bias.comm_fusion = 2


@program(compiles=True)
def attributes_of_the_users():
    net = network()

    def loss(x):
        decayed = [p.square().sum() * p.rate for p in net.trainable_params() if not getattr(p, "fixed", False)]
        return net(x).sum() + sum(decayed)

    for p in net.get_parameters():
        p.rate = 0.5
    net[0].weight.fixed = True
    f = watch(ms.value_and_grad(loss, None, net.trainable_params()))
    for k in range(9):
        yield f(X)
        if k == 2:
            net[0].weight.fixed = False
        if k == 4:
            del net[0].weight.fixed
        if k == 6:
            net[2].weight.rate = Tensor(0.25)


@program
def attribute_of_a_parameter_assigned():
    w = Parameter(Tensor([1.0, 2.0]), name="w")
    w.average = Tensor([2.0, 2.0])

    def loss(x):
        w.average = w.average * 0.5 + ops.stop_gradient(w)
        return ((w - w.average) * x).sum()

    f = ms.grad(loss, 0, (w,))
    for _ in STEPS:
        yield f(Tensor([1.0, 2.0])), w.average


@program(compiles=True)
def grad_operation_made_anew():
    net = nn.WithLossCell(network(), nn.MSELoss())
    update = nn.SGD(net.trainable_params(), 0.125)
    for _ in STEPS:
        gradients = watch(ops.GradOperation(get_by_list=True)(net, update.parameters))
        found = gradients(X, Y)
        update(found)
        yield found, [p.asnumpy() for p in net.get_parameters()]
