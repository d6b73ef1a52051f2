"""How a program calls its function: the gradient family, steps of training, `ms.jit`, GRAPH_MODE."""

from __future__ import annotations

from dataclasses import dataclass

HOSTS = ("cell", "object", "function", "closure")


@dataclass(frozen=True)
class Way:
    """One way to call.

    Attributes:
        make: what gives the compiled thing for `net`; `weights` are the Parameters, `update` an optimizer.
        aux: whether the function returns more than the loss.
        trains: the statement that uses the optimizer after a call, which gave `r`.
        hosts: for which hosts it makes sense.
        slots: whether each argument is a variable of its own, as in GRAPH_MODE: none is `x` itself then.
        sides: the two modes that are compared.
    """

    name: str
    make: str
    aux: bool = False
    trains: str = ""
    optimizer: bool = False
    slots: bool = False
    hosts: tuple[str, ...] = HOSTS
    sides: tuple[str, str] = ("auto", "off")


JIT, GRAPH = ("jit", "off"), ("graph", "off")

WAYS = {
    way.name: way
    for way in (
        Way("grad", "ms.grad(net)"),
        Way("grad_of_both", "ms.grad(net, 0, weights)"),
        Way("value_and_grad", "ms.value_and_grad(net)"),
        Way("aux", "ms.value_and_grad(net, 0, has_aux=True)", aux=True),
        Way("aux_of_weights", "ms.grad(net, None, weights, has_aux=True)", aux=True),
        Way("training", "ms.value_and_grad(net, None, weights, has_aux=True)", True, "update(r[1])", True),
        Way("step", "nn.TrainOneStepCell(net, update)", optimizer=True, hosts=("cell",)),
        Way("second", "ms.grad(lambda *a: ms.grad(net)(*a).sum())"),
        Way("jvp", "lambda v, *a: ms.jvp(lambda u: net(u, *a), v, v)"),
        Way("jacfwd", "lambda v, *a: ms.jacfwd(lambda u: net(u, *a))(v)"),
        Way("jit", "asked(net)", aux=True, sides=JIT),
        Way("jit_of_gradient", "asked(ms.value_and_grad(net, 0, has_aux=True))", aux=True, slots=True, sides=JIT),
        Way("graph", "asked(net)", aux=True, hosts=("cell",), sides=GRAPH),
    )
}

# An optimizer, and what changes about it between the calls.
OPTIMIZERS = {
    "sgd": ("nn.SGD(weights, 0.125)", ""),
    "momentum": ("nn.Momentum(weights, 0.125, 0.5)", ""),
    "adam": ("nn.Adam(weights, 0.125)", ""),
    "decay": ("nn.SGD(weights, 0.125, weight_decay=0.5)", ""),
    "schedule": ("nn.SGD(weights, nn.ExponentialDecayLR(0.125, 0.5, 2))", ""),
    "listed_rates": ("nn.Momentum(weights, [0.125, 0.25, 0.5, 0.125, 0.25], 0.5)", ""),
    "groups": (
        'nn.Adam([{"params": weights[:1], "lr": 0.25}, {"params": weights[1:]}] if weights[1:] else weights, 0.125)',
        "",
    ),
    "rate_set": ("nn.SGD(weights, 0.125)", "update.learning_rate.set_data(Tensor(0.125 * k))"),
    "experimental": ("ms.experimental.optim.Adam(weights, lr=0.125)", ""),
    "scheduler": (
        "ms.experimental.optim.SGD(weights, lr=0.125)",
        "if k == 0:\n    scheduler = ms.experimental.optim.lr_scheduler.StepLR(update, 2, 0.5)\nscheduler.step()",
    ),
    "group_rate_set": (
        "ms.experimental.optim.Adam(weights, lr=0.125)",
        'update.param_groups[0]["lr"].assign_value(Tensor(0.125 * k))',
    ),
}
