"""What Tensors and Parameters have besides their elements: every attribute that a change makes another is read anew."""

import inspect
import types

import numpy as np

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, ops
from msjax.common.initializer import One

X = Tensor([1.0, 2.0, 3.0])


class Penalized(Parameter):
    """A Parameter of the user's."""

    scale = 2.0
    _hidden = 3.0

    @property
    def twice(self):
        return self.scale * 2

    @property
    def trained(self):
        return super().requires_grad

    def scaled(self):
        return self.scale * 3

    @classmethod
    def of_class(cls):
        return cls._hidden


class Slotted(Tensor):
    __slots__ = ("rate",)


def made(kind: type) -> Tensor:
    if kind is Tensor:
        return Tensor(shape=(2, 2), dtype=ms.float32, init=One())
    if kind is Slotted:
        tensor = Slotted(np.ones((2, 2), np.float32))
        tensor.rate = 1.0
        return tensor
    return kind(Tensor(np.ones((2, 2), np.float32)), name="w")


def number(value):
    """What is made of a value that a compiled function reads."""
    if isinstance(value, Tensor):
        return value.sum()
    if isinstance(value, (bool, int, float)):
        return float(value)
    if isinstance(value, str):
        return float(len(value))
    if isinstance(value, (tuple, list, dict)):
        return float(len(value)) + sum([float(v) for v in value if isinstance(v, int)])
    return 0.5 if value is None else 1.5


CHANGES = {
    "own": lambda t: setattr(t, "rate", 2.0),
    "own private": lambda t: setattr(t, "_penalty", 2.0),
    "own removed": lambda t: delattr(t, "extra"),
    "own over the class's": lambda t: setattr(t, "scale", 5.0),
    "own over the class's method": lambda t: setattr(t, "scaled", lambda: 7.0),
    "own over the library's method": lambda t: setattr(t, "dim", lambda: 7.0),
    "the class's": lambda t: setattr(type(t), "scale", 6.0),
    "the class's private": lambda t: setattr(type(t), "_hidden", 6.0),
    "the class's method": lambda t: setattr(type(t), "scaled", lambda self: 9.0),
    "the class's property": lambda t: setattr(type(t), "twice", property(lambda self: 9.0)),
    "the class's method by a value": lambda t: setattr(type(t), "of_class", staticmethod(lambda: 9.0)),
    "init": lambda t: t.init_data(),
    "requires_grad": lambda t: t.requires_grad_(not t._requires_grad),
    "name": lambda t: setattr(t, "name", "another"),
    "layerwise_parallel": lambda t: setattr(t, "layerwise_parallel", True),
    "parallel_optimizer": lambda t: setattr(t, "parallel_optimizer", False),
    "length": lambda t: t.assign_value(Tensor([[2.0, 2.0]])),
    "dtype": lambda t: t.assign_value(Tensor(np.ones((2, 2)))),
    **{
        name: lambda t, name=name: setattr(t, name, 2)
        for name in "unique cache_enable sliced is_in_parallel is_init comm_fusion requires_aggr".split()
    },
}
EFFECTS = {"init_data", "register_hook", "data_sync", "flush_from_cache", "set_const_arg"}
ADDRESSES = {"data_ptr"}  # which are others in each run


def names(kind: type) -> list[str]:
    """Attributes, and methods that are not operators."""
    found = ["rate", "_penalty", "extra"]
    for name in dir(kind):
        value = inspect.getattr_static(kind, name)
        operator = type(value).__name__ == "Method" or (
            isinstance(value, types.FunctionType) and value.__code__.co_filename.startswith("<")
        )
        if not operator and not name.startswith("__") and name not in EFFECTS | ADDRESSES and not name.endswith("_"):
            found.append(name)
    return found


def read(tensor, name: str):
    value = getattr(tensor, name, None)
    if not isinstance(value, (types.MethodType, types.FunctionType)):
        return value
    try:
        return value()
    except (TypeError, ValueError, RuntimeError):  # it takes arguments, or no such elements
        return None


def described(value) -> str:
    return f"{value.dtype}{value.shape}{value}" if isinstance(value, Tensor) else repr(value)


def changed(kind: type):
    """All pairs of an attribute and a change that makes it another."""
    for change, apply in CHANGES.items():
        if change.startswith("the class's") and kind is not Penalized:
            continue
        for name in names(kind):
            saved = dict(vars(Penalized))
            tensor = made(kind)
            tensor.extra = 1.0
            before = described(read(tensor, name))
            try:
                apply(tensor)
            except (TypeError, AttributeError, ValueError):
                continue
            after = described(read(tensor, name))
            restore(saved)
            if before != after and " at 0x" not in before:
                yield name, apply, change


def restore(saved: dict) -> None:
    for name, value in saved.items():
        if vars(Penalized)[name] is not value:
            setattr(Penalized, name, value)


def loss(tensor, name: str):
    """A function that reads an attribute, or calls a method, in the way that users write it."""

    def attribute(x):
        return x.sum() * number(getattr(tensor, name, None))

    def method(x):
        return x.sum() * number(getattr(tensor, name)())

    return method if isinstance(getattr(tensor, name, None), (types.MethodType, types.FunctionType)) else attribute


def swept(kind: type):
    for name, apply, change in changed(kind):
        saved = dict(vars(Penalized))
        tensor = made(kind)
        tensor.extra = 1.0
        gradient = ms.grad(loss(tensor, name))
        for k in range(5):
            if k == 3:
                apply(tensor)
            yield name, change, gradient(X)
        restore(saved)


@program
def of_tensors():
    yield from swept(Tensor)


@program
def of_parameters():
    yield from swept(Parameter)


@program
def of_parameters_of_the_users():
    yield from swept(Penalized)


@program
def of_tensors_with_slots():
    yield from swept(Slotted)


@program
def taken_as_an_argument():
    for kind in (Tensor, Parameter, Penalized):
        tensor, f = made(kind), ms.grad(lambda t: t.sum() * number(getattr(t, "_penalty", 1.0)))
        for k in STEPS:
            yield f(tensor)
            tensor._penalty = float(k // 2)


@program
def how_elements_lie():
    square = Tensor([[1.0, 2.0], [3.0, 4.0]])
    asked = (
        ms.grad(lambda t: t.sum() * number(t.is_contiguous())),
        ms.grad(lambda t: t.sum() * number(t.stride())),
        ms.grad(lambda t: t.sum() * (1.0 + t.storage_offset())),
        ms.grad(lambda t: (t.T.contiguous() * t).sum()),
    )
    for k in range(6):
        given = square if k < 3 else square.T if k < 5 else Tensor(np.ones((3, 2), np.float32))[1:]
        yield [f(given) for f in asked]


@program(compiles=True)
def how_elements_lie_of_what_is_made():
    f = watch(ms.grad(lambda t: ((t * 2).T.contiguous() * (t * 2).stride()[0]).sum()))
    for _ in STEPS:
        yield f(Tensor([[1.0, 2.0], [3.0, 4.0]]))


@program
def special_methods_of_the_users():
    class Loud(Parameter):
        def __mul__(self, other):
            print("multiplied")
            return Tensor.__mul__(self, other)

    class Plain(Parameter):
        pass

    loud, plain = Loud(Tensor([1.0, 2.0, 3.0]), name="l"), Plain(Tensor([1.0, 2.0, 3.0]), name="p")
    f, g = ms.grad(lambda x: (loud * x).sum()), ms.grad(lambda x: (plain * x).sum())
    for k in STEPS:
        if k == 3:
            Plain.__mul__ = Loud.__mul__
        yield f(X), g(X), ms.grad(lambda p: (p * 2).sum())(loud)


@program(compiles=True)
def methods_and_attributes_of_the_users():
    weight = Penalized(Tensor([1.0, 2.0, 3.0]), name="w")
    weight._penalty = 0.5
    f = watch(ms.value_and_grad(lambda x: (x * weight).sum() * weight._penalty * weight.scaled() * weight.twice))
    for _ in STEPS:
        yield f(X)


@program(compiles=True)
def attributes_that_new_tensors_lack():
    f = watch(ms.grad(lambda x: (x * 2).sum() * getattr(ops.exp(x), "rate", 3.0)))
    for _ in STEPS:
        yield f(X)
