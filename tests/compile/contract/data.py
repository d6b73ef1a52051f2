"""Objects that are only data, as batches are: they count by what they hold, like containers."""

import dataclasses
import types

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn

X, Y = Tensor([1.0, 2.0, 3.0]), Tensor([0.5, 1.0, 1.5])


@dataclasses.dataclass(slots=True)
class Slotted:
    x: Tensor
    y: Tensor
    kind: str = "sum"


@dataclasses.dataclass
class Plain:
    x: Tensor
    y: Tensor
    kind: str = "sum"

    @property
    def both(self):
        return self.x + self.y

    def scaled(self, factor):
        return self.x * factor


@dataclasses.dataclass(frozen=True)
class Frozen:
    x: Tensor
    y: Tensor
    kind: str = "sum"
    scale: float = 1.0


@dataclasses.dataclass(eq=False)
class Unequal:
    x: Tensor
    y: Tensor
    kind: str = "sum"


@dataclasses.dataclass
class Nested:
    inner: Plain
    x: Tensor
    more: dict


KINDS = (Slotted, Plain, Frozen, Unequal, types.SimpleNamespace)


def made(kind, x, y, /, **more):
    return kind(x=x, y=y, **{"kind": "sum", **more})


def loss(batch):
    value = (batch.x * batch.x * batch.y).sum()
    return value * 2 if batch.kind == "twice" else value


def _anew(kind):
    @program(compiles=kind is not Unequal or None)
    def body():
        weight = Parameter(Tensor([1.0, 2.0, 3.0]), name="w")
        f = watch(ms.value_and_grad(lambda batch: loss(batch) + (weight * batch.x).sum(), None, [weight]))
        for k in range(8):
            yield f(made(kind, X + k, Y))

    body.body.__name__ = f"made_anew_{kind.__name__}"
    return body


for _kind in KINDS:
    globals()[f"program_{_kind.__name__}"] = _anew(_kind)


@program
def fields_change():
    for kind in KINDS:
        f, batch = ms.value_and_grad(loss), made(kind, X, Y)
        changes = {3: {"kind": "twice"}, 5: {"y": Y * 2}, 6: {"x": Tensor([1.0, 2.0])}, 7: {"x": Tensor(np.ones(3))}}
        for k in range(10):
            for name, value in changes.get(k, {}).items():
                if kind is Frozen:
                    batch = dataclasses.replace(batch, **{name: value})
                else:
                    setattr(batch, name, value)
            yield kind.__name__, attempt(f, batch)


@program
def captured_and_global():
    global BATCH
    for kind in KINDS:
        batch = BATCH = made(kind, X, Y)
        f, g = ms.grad(lambda x: (x * batch.x).sum()), ms.grad(lambda x: (x * BATCH.y).sum())
        for k in STEPS:
            yield f(X), g(X)
            batch = made(kind, X * k, Y)
            BATCH = made(kind, X, Y * k)


@program
def one_object_in_two_places():
    for kind in KINDS:
        f = ms.grad(lambda a, b: a.x.sum() * (2.0 if a is b else 1.0) + b.y.sum(), grad_position=None, weights=[])
        g = ms.value_and_grad(lambda x, a, b: x.sum() * (2.0 if a is b else 1.0))
        h = ms.value_and_grad(lambda x, a, b: x.sum() * (2.0 if b in [a] else 1.0))
        first, second = made(kind, X, Y), made(kind, X, Y)
        for k in range(6):
            other = first if k % 2 else second
            yield attempt(f, first, other), g(X, first, other), attempt(h, X, first, other)


@program
def compared_with_nothing():
    f = ms.value_and_grad(
        lambda x, a: x.sum() * (2.0 if a is None else 1.0) * (3.0 if a is not None and a.x.ndim else 1.0)
    )
    for k in range(6):
        yield f(X, None if k % 2 else made(Plain, X, Y))


@program
def extra_attributes():
    f = ms.value_and_grad(lambda batch: batch.x.sum() * getattr(batch, "weight", 1.0) + batch.y.sum())
    for kind in (Plain, Unequal, types.SimpleNamespace):
        batch = made(kind, X, Y)
        for k in range(8):
            if k == 3:
                batch.weight = Tensor(2.0)
            if k == 5:
                batch.weight = 3.0
            if k == 6:
                del batch.weight
            yield f(batch)


@program
def members_of_the_class_change():
    f = ms.value_and_grad(lambda batch: (batch.both * batch.scaled(2.0)).sum())
    before = vars(Plain).copy()
    changes = {
        3: ("both", property(lambda self: self.x)),
        4: ("scaled", lambda self, factor: self.y * factor),
        5: ("x", property(lambda self: self.y * 7)),
        6: ("__getattribute__", lambda self, name: object.__getattribute__(self, name)),
    }
    for k in range(8):
        batch = Plain(X, Y) if k < 5 else BATCHES[k % 2]
        if k in changes:
            setattr(Plain, *changes[k])
        yield attempt(f, batch)
    for name in ("both", "scaled"):
        setattr(Plain, name, before[name])
    del Plain.x, Plain.__getattribute__


BATCHES = [Plain(X, Y), Plain(Y, X)]


@program
def slot_replaced():
    f = ms.value_and_grad(lambda batch: (batch.x * batch.y).sum())
    batch, slot = Slotted(X, Y), Slotted.x
    for k in range(6):
        if k == 3:
            Slotted.x = property(lambda self: self.y * 7)
        yield f(batch)
    Slotted.x = slot


@program
def changed_inside():
    def forward(batch):
        batch.kind = batch.kind + "!"
        return batch.x.sum() * len(batch.kind)

    def replaced(batch):
        batch.x = batch.x * 2
        return batch.x.sum()

    def in_place(batch):
        batch.y.add_(1.0)
        return (batch.x * batch.y).sum()

    for kind in KINDS:
        for function in (forward, replaced, in_place):
            f, batch = ms.value_and_grad(function, None, [Parameter(X, name="w")]), made(kind, X.copy(), Y.copy())
            for _ in range(4):
                yield attempt(f, batch), batch.kind, batch.x, batch.y


@program
def returned():
    for kind in KINDS:
        f = ms.value_and_grad(lambda x, b: ((x * b.x).sum(), b), has_aux=True)
        batch = made(kind, X, Y)
        for _ in range(4):
            value, gradient = f(X, batch)
            yield value[0], value[1] is batch, gradient


@program
def nested():
    f = ms.value_and_grad(lambda x, b: (x * b.inner.x * b.x * b.more["y"]).sum())
    for k in range(8):
        batch = Nested(Plain(X + k, Y), X, {"y": Y * k})
        if k > 4:
            batch.more["rate"] = k // 2
        yield f(X, batch)


@program
def holding_itself():
    batch = types.SimpleNamespace(x=X, y=Y)
    batch.more = [batch]
    f = ms.value_and_grad(lambda x, b: (x * b.more[0].x).sum())
    for _ in STEPS:
        yield f(X, batch)


@program
def in_a_step_and_in_ms_jit():
    net = nn.Dense(3, 1, weight_init="ones")
    update = nn.SGD(net.trainable_params(), 0.125)
    gradients = ms.value_and_grad(lambda b: (net(b.x.reshape((1, 3))) * b.y.sum()).sum(), None, update.parameters)
    jitted = ms.jit(lambda b: (b.x * b.y).sum() * (2.0 if b.kind == "twice" else 1.0))
    for kind in KINDS:
        for k in range(6):
            batch = made(kind, X + k, Y, kind="twice" if k > 3 else "sum")
            value, found = gradients(batch)
            update(found)
            yield value, net.weight.asnumpy(), jitted(batch)


@program(compiles=True)
def numbers_that_nobody_reads():
    @dataclasses.dataclass
    class State:
        weight: Tensor
        step: int = 0

    state = State(X)
    f = watch(ms.grad(lambda x: (x * state.weight).sum()))
    for _ in range(8):
        state.step += 1
        yield f(X)


@program
def without_weak_references():
    class Options:
        __slots__ = ("rate",)

        def __init__(self, rate):
            self.rate = rate

    f = ms.grad(lambda x, options: (x * options.rate).sum())
    kept = Options(2.0)
    for k in range(40):
        yield f(X, Options(float(k % 3))), f(X, kept)
