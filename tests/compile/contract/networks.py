"""Networks of few and of many layers: what of them may change between calls, and by which ways."""

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, mint, nn, ops

X = Tensor([[1.0, 2.0]])
MANY = 90  # so many layers are not checked line by line


def weights(k):
    return Tensor([[1.0, k / 8], [0.5, 1.0]])


def dense(k=0):
    layer = nn.Dense(2, 2, weight_init="ones", bias_init="zeros")
    layer.weight.set_data(weights(k % 4) / 4)
    return layer


class Net(nn.Cell):
    """Layers one after the other, with a dropout in between."""

    def __init__(self, size):
        super().__init__()
        self.layers = nn.CellList([dense(k) for k in range(size)])
        self.drop = nn.Dropout(p=0.0)
        self.last = nn.SequentialCell(dense(), nn.ReLU())
        self.scale = 1.0
        self.table = [1.0, 2.0]
        self.count = 0

    def construct(self, x):
        for layer in self.layers:
            x = ops.tanh(layer(x)) * self.scale
        return (self.last(self.drop(x)) * self.table[0]).sum()


CHANGES = {
    "another Parameter": lambda net, layer: setattr(layer, "weight", Parameter(weights(5), name="new")),
    "by vars": lambda net, layer: vars(layer).update(weight=Parameter(weights(6), name="new")),
    "a function": lambda net, layer: vars(layer).update(activation=ops.abs),
    "by object": lambda net, layer: object.__setattr__(layer, "activation", nn.ReLU()),
    "no bias": lambda net, layer: setattr(layer, "bias", None),
    "no bias, by object": lambda net, layer: object.__setattr__(layer, "bias", None),
    "a number": lambda net, layer: setattr(net, "scale", 0.5),
    "another type": lambda net, layer: vars(net).update(scale=True),
    "an integer": lambda net, layer: object.__setattr__(net, "scale", 2),
    "an element": lambda net, layer: net.table.__setitem__(0, 3.0),
    "another method": lambda net, layer: setattr(layer, "construct", lambda x: x * 2),
    "another method, by vars": lambda net, layer: vars(layer).update(construct=lambda x: x * 3),
    "one more": lambda net, layer: net.layers.append(dense(3)),
    "one in between": lambda net, layer: net.layers.insert(1, dense(2)),
    "one less": lambda net, layer: net.layers.__delitem__(1),
    "another one": lambda net, layer: net.layers.__setitem__(0, dense(3)),
    "one twice": lambda net, layer: net.layers.__setitem__(0, layer),
    "in the registry": lambda net, layer: net.layers._cells.update({"0": layer}),
    "another order": lambda net, layer: net.last._cells.move_to_end("0"),
    "one Parameter twice": lambda net, layer: vars(layer).update(weight=net.layers[0].weight),
    "another class": lambda net, layer: setattr(layer, "__class__", Doubled),
    "another dictionary": lambda net, layer: setattr(layer, "__dict__", dict(vars(net.layers[0]))),
    "another precision": lambda net, layer: layer.to_float(ms.float16),
    "computed again": lambda net, layer: layer.recompute(),
    "training": lambda net, layer: net.set_train(),
    "an attribute less": lambda net, layer: delattr(layer, "activation"),
    "another kind of layer": lambda net, layer: setattr(net, "drop", nn.ReLU()),
    "a hook": lambda net, layer: layer.register_forward_hook(lambda cell, args, output: output * 2),
    "a hook on a Tensor": lambda net, layer: layer.weight.register_hook(lambda gradient: gradient * 2),
    "a flag": lambda net, layer: net.add_flags(scale=4.0),
}


class Doubled(nn.Dense):
    def construct(self, x):
        return super().construct(x) * 2


@program
def all_that_may_change():
    kept = []
    for change in CHANGES.values():
        net = Net(3)
        f = ms.value_and_grad(net, None, list(net.trainable_params())[2:4])
        kept.append((net, f))
        before = [f(X) for _ in range(6)]  # so that its program has paid
        change(net, net.layers[1])
        yield before, attempt(f, X), attempt(f, X), attempt(f, X)


@program(compiles=True)
def networks_that_are_changed_are_compiled_before():
    net = Net(3)
    f = watch(ms.value_and_grad(net, None, list(net.trainable_params())[2:4]))
    for _ in STEPS:
        yield f(X)


@program(compiles=True)
def an_attribute_set_on_each_step_that_nobody_reads():
    net = Net(MANY)
    f = watch(ms.grad(net, None, list(net.trainable_params())))
    for k in STEPS:
        net.count += 1
        net.layers[3].note = k
        vars(net.drop)["note"] = k
        yield f(X)[0]


@program
def hooks_deep_in_a_network():
    net, seen = Net(MANY), []
    f = ms.grad(net, None, list(net.trainable_params())[:2])
    for _ in STEPS:
        yield f(X)
    handle = net.layers[50].register_forward_hook(lambda cell, args, output: seen.append(1))
    yield f(X), len(seen)
    handle.remove()
    yield f(X), f(X), len(seen)
    handle = net.layers[50].weight.register_hook(lambda gradient: gradient * 2)
    yield f(X)
    g = ms.grad(net, None, [net.layers[50].weight])
    yield g(X), g(X)
    handle.remove()
    yield f(X), g(X), g(X)


@program
def what_is_trained_changes_deep_in_a_network():
    net = Net(MANY)

    def forward(x):
        return net(x) * len(net.trainable_params())

    f = ms.grad(forward)
    for k in STEPS:
        yield f(X)
        net.layers[40 + k].weight.requires_grad = False


@program
def two_parameters_become_one():
    net = Net(MANY)
    f = ms.grad(net)
    for _ in STEPS:
        yield f(X)
    net.layers[7].weight = net.layers[8].weight
    yield f(X), f(X)
    g = ms.grad(net, None, [net.layers[8].weight])
    yield g(X), g(X), g(X)


@program(compiles=True)
def a_small_network_whose_layers_share_a_parameter():
    first, second = dense(), dense(1)
    second.weight = first.weight
    net = nn.SequentialCell(first, nn.Tanh(), second)
    f = watch(ms.grad(lambda x: net(x).sum(), None, [first.weight]))
    for k in STEPS:
        first.weight.set_data(weights(k))
        yield f(X)


@program
def an_attribute_of_an_attention():
    ms.set_seed(1)
    attention = nn.MultiheadAttention(4, 2, batch_first=True)
    x = Tensor([[[1.0, 2.0, 3.0, 4.0], [0.5, 1.0, 0.0, 1.0]], [[2.0, 1.0, 0.0, 1.0], [1.0, 1.0, 0.5, 0.0]]])
    f = ms.grad(lambda x: attention(x, x, x)[0][0].sum())
    for _ in STEPS:
        yield f(x).shape
    attention.batch_first = False
    yield (f(x) == f(x)).all(), f(x)[0].sum() == f(x)[1].sum()
    attention.out_proj.weight.set_data(attention.out_proj.weight * 0)
    yield f(x)
    attention.out_proj = nn.Dense(4, 4, weight_init="ones")
    yield f(x).abs().sum() > 0


@program
def layers_are_let_go():
    import gc
    import weakref

    net = Net(MANY)
    f = ms.grad(net)
    for _ in STEPS:
        yield f(X)
    old = weakref.ref(net.layers[5].weight), weakref.ref(net.layers[6])
    net.layers[5].weight = Parameter(weights(1), name="w")
    net.layers[6] = dense(1)
    gc.collect()
    yield [ref() is None for ref in old]
    whole = weakref.ref(net), weakref.ref(net.layers[20].weight)
    del net, f
    gc.collect()
    yield [ref() is None for ref in whole]


@program(compiles=True)
def layers_that_only_pass_their_fields():
    slope, loss = nn.LeakyReLU(0.5), nn.HuberLoss(delta=0.5)
    f = watch(ms.grad(lambda x: loss(slope(x), x * 2)))
    for k in STEPS:
        slope.alpha = 0.25 * (k // 3 + 1)
        yield f(X - 2)
    loss.delta = 0.125
    yield f(X - 2)
    vars(loss).update(reduction="sum")
    yield f(X - 2)


@program(compiles=True)
def layers_that_only_pass_their_fields_are_made_in_the_function():
    f = watch(ms.grad(lambda x: nn.ELU(0.5)(mint.nn.SiLU()(x)).sum()))
    for _ in STEPS:
        yield f(X)


@program
def a_hook_on_a_layer_that_only_passes_its_fields():
    layer, seen = nn.ReLU(), []
    f = ms.grad(lambda x: layer(x).sum())
    for k in STEPS:
        if k == 3:
            handle = layer.register_forward_hook(lambda cell, args, output: seen.append(len(seen)) or output * 3)
        yield f(X), list(seen)
    handle.remove()
    yield f(X), list(seen)
