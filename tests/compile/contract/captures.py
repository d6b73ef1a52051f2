"""Python values that a function reads from everywhere, changed between calls: never frozen."""

import collections
import dataclasses
import functools
import types

import contract_helper as helper
import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn

X = Tensor([1.0, 2.0, 3.0])
RATE = 1.0
SETTINGS = {"rate": 1.0, "nested": [1.0, {"deep": 1.0}]}
FLAG = False


@program
def closure_scalar():
    rate = 1.0
    f = ms.grad(lambda x: x * rate)
    for k in STEPS:
        rate = float(k)
        yield f(X)


@program(compiles=True)
def closure_scalar_constant():
    rate, power = 0.5, 3
    f = watch(ms.grad(lambda x: rate * x**power))
    for k in STEPS:
        yield f(X + k)


@program
def closure_scalar_back_and_forth():
    rate = 1.0
    f = ms.grad(lambda x: x * rate)
    for k in STEPS:
        rate = 1.0 + k % 2
        yield f(X), f(X * 2)


@program
def global_scalar():
    global RATE
    f = ms.grad(lambda x: x * RATE)
    for k in STEPS:
        RATE = float(k)
        yield f(X)


@program
def global_scalar_of_another_type():
    global RATE
    f = ms.grad(lambda x: x * RATE)
    for value in (1, 1.0, True, Tensor(2.0), 1):
        RATE = value
        yield f(X)


@program
def equal_values_of_different_types():
    scale = 1
    f = ms.value_and_grad(lambda x: (x.astype(ms.int32) * scale).sum() + x.sum())
    for value in (1, 1.0, True, 1, 1.0):
        scale = value
        yield f(X)


@program
def signed_zero_and_nan():
    offset = 0.0
    f = ms.value_and_grad(lambda x: (x * 0) * offset)
    for value in (0.0, -0.0, float("nan"), 0.0, -0.0):
        offset = value
        value, gradient = f(X)
        yield str(value), gradient


@program
def global_through_a_function():
    global FLAG

    def inner(x):
        return x * 2 if FLAG else x

    def middle(x):
        return inner(x) * 3

    f = ms.grad(lambda x: middle(x).sum())
    for k in STEPS:
        FLAG = k % 2 == 0
        yield f(X)


@program
def attribute_of_a_cell():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.alpha = 1.0

        def construct(self, x):
            return x * self.alpha

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        net.alpha = float(k)
        yield f(X)


@program
def attribute_of_an_inner_cell():
    class Scale(nn.Cell):
        def __init__(self):
            super().__init__()
            self.options = {"alpha": 1.0}

        def construct(self, x):
            return x * self.options["alpha"]

    net = nn.SequentialCell(nn.Tanh(), Scale())
    f = ms.grad(lambda x: net(x).sum())
    for k in STEPS:
        net[1].options["alpha"] = float(k)
        yield f(X)


@program
def class_attribute():
    class Net(nn.Cell):
        alpha = 1.0

        def construct(self, x):
            return x * self.alpha

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        Net.alpha = float(k)
        if k == 3:
            net.alpha = 10.0
        yield f(X)


@program
def attribute_of_a_base_class():
    class Base:
        alpha = 1.0

    class Model(Base):
        def __call__(self, x):
            return x * self.alpha

    model = Model()
    f = ms.grad(model)
    for k in STEPS:
        Base.alpha = float(k)
        if k == 3:
            Model.alpha = 7.0
        yield f(X)


@program
def defaults():
    def forward(x, rate=1.0, *, shift=0.0):
        return x * rate * x + shift

    f = ms.value_and_grad(forward)
    for k in STEPS:
        forward.__defaults__ = (float(k),)
        forward.__kwdefaults__ = {"shift": -float(k)}
        yield f(X)


@program
def containers():
    f = ms.grad(lambda x: x * SETTINGS["rate"] * SETTINGS["nested"][1]["deep"] * SETTINGS["nested"][0])
    for k in STEPS:
        if k == 1:
            SETTINGS["rate"] = 2.0
        if k == 2:
            SETTINGS["nested"][1]["deep"] = 3.0
        if k == 3:
            SETTINGS["nested"][0] = 5.0
        if k == 4:
            SETTINGS["nested"] = [1.0, {"deep": 1.0}]
        yield f(X)


@program
def list_grows():
    powers = [1]
    f = ms.grad(lambda x: sum(x**p for p in powers))
    for k in STEPS:
        yield f(X)
        powers.append(k + 2)


@program
def dict_iterated():
    terms = {"b": 2.0, "a": 1.0}
    f = ms.value_and_grad(lambda x: {name: x * value for name, value in terms.items()}["a"].sum())
    order = ms.value_and_grad(lambda x: (x.sum(), list(terms)), has_aux=True)
    for k in STEPS:
        terms["a"] = float(k)
        terms["b"] = terms.pop("b")
        yield f(X), order(X)


class Kept:
    def __init__(self, value):
        self.value = value


@program(compiles=True)
def pairs_as_keys():
    kept = Kept({(0, 1): 2.0, ("a", (0, None)): 1.0})
    changes = [{(0, 1): 3.0}, {(False, 1): 4.0}, {}, {(0.0, 1): 5.0}, {("a", (-0.0, None)): 6.0}]
    f = watch(ms.value_and_grad(lambda x: ((kept.value[0, 1] * x).sum(), list(kept.value)), has_aux=True))
    for change in changes:
        for key, value in change.items():
            kept.value.pop(key)
            kept.value[key] = value
        yield f(X)


@program(compiles=True)
def pairs_in_a_set():
    kept = Kept({(0, 1), ("a", None)})

    def forward(x):
        return (x if (0, 1) in kept.value else 2 * x).sum(), ("a", 2) in kept.value

    f = watch(ms.value_and_grad(forward, has_aux=True))
    for change in [(0, 1), ("a", 2), (False, 1), ("a", 2), (0.0, 1)]:
        yield f(X)
        kept.value ^= {change}


@program
def set_membership():
    active = {"square"}
    f = ms.grad(lambda x: x * x if "square" in active else x)
    for k in STEPS:
        yield f(X)
        (active.discard if k % 2 == 0 else active.add)("square")


@program
def dataclass_and_named_tuple():
    @dataclasses.dataclass
    class Settings:
        rate: float
        size: tuple

    Pair = collections.namedtuple("Pair", "low high")
    settings, pair = Settings(1.0, (1, 2)), Pair(0.5, 1.0)
    f = ms.grad(lambda x: x * settings.rate * settings.size[1] * pair.high)
    for k in STEPS:
        yield f(X)
        settings.rate += 1.0
        settings.size = (1, k)
        pair = pair._replace(high=pair.high * 2)


@program
def frozen_dataclass():
    @dataclasses.dataclass(frozen=True)
    class Settings:
        rate: float = 1.0

    settings = Settings()
    f = ms.grad(lambda x: x * settings.rate)
    for k in STEPS:
        settings = dataclasses.replace(settings, rate=float(k))
        yield f(X)


@program
def simple_namespace_and_slots():
    class Slotted:
        __slots__ = ("rate",)

    options, slotted = types.SimpleNamespace(rate=1.0), Slotted()
    f = ms.grad(lambda x: x * options.rate * slotted.rate)
    for k in STEPS:
        options.rate, slotted.rate = float(k), 2.0**k
        yield f(X)


@program
def module_attribute():
    f = ms.grad(lambda x: helper.scaled(x) * helper.SCALE)
    for k in STEPS:
        helper.SCALE = float(k)
        yield f(X)


@program
def property_getattr_descriptor():
    class Descriptor:
        def __get__(self, instance, owner=None):
            return instance.table["described"]

    class Model:
        described = Descriptor()

        def __init__(self):
            self.table = {"proper": 1.0, "described": 1.0, "missing": 1.0}

        @property
        def proper(self):
            return self.table["proper"]

        def __getattr__(self, name):
            return self.__dict__["table"][name]

    model = Model()
    f = ms.grad(lambda x: x * model.proper * model.described * model.missing)
    for k in STEPS:
        model.table[("proper", "described", "missing")[k % 3]] += 1.0
        yield f(X)


@program
def cached_function():
    table = {"rate": 1.0}

    @functools.lru_cache
    def rate():
        return table["rate"]

    f = ms.grad(lambda x: x * rate())
    for k in STEPS:
        yield f(X), rate.cache_info().hits
        table["rate"] += 1.0
        if k == 2:
            rate.cache_clear()


@program
def strings_and_none():
    kind, bias = "square", None

    def forward(x):
        y = x * x if kind == "square" else x * 3
        return y if bias is None else y * bias

    f = ms.grad(forward)
    yield f(X), f(X)
    kind = "triple"
    yield f(X), f(X)
    bias = X
    yield f(X), f(X)
    bias = None
    kind = "square"
    yield f(X), f(X)


@program
def python_argument_changes():
    f = ms.grad(lambda x, n, name="a": x * n * len(name))
    for k in STEPS:
        yield f(X, k), f(X, float(k)), f(X, k, "a" * k), f(X, k, name="ab")


@program
def length_of_a_captured_object():
    class Sized:
        def __init__(self):
            self.n = 1

        def __len__(self):
            return self.n

    sized = Sized()
    f = ms.grad(lambda x: x * len(sized))
    for k in STEPS:
        sized.n = k
        yield f(X)


@program
def attribute_by_name():
    class Options:
        rate = 1.0

    options = Options()
    f = ms.grad(
        lambda x: x * getattr(options, "ra" + "te") * getattr(options, "extra", 1.0) * vars(options).get("z", 1)
    )
    for k in STEPS:
        yield f(X)
        if k == 0:
            options.rate = 2.0
        if k == 1:
            options.extra = 3.0
        if k == 2:
            options.z = 5
        if k == 3:
            del options.extra


@program
def attribute_added_in_the_way():
    class Net(nn.Cell):
        def construct(self, x):
            return x * 2 if hasattr(self, "extra") else x

    net = Net()
    f = ms.grad(net)
    for k in STEPS:
        yield f(X)
        if k == 1:
            net.extra = 1
        if k == 3:
            del net.extra


@program
def builtin_shadowed():
    f = ms.grad(lambda x: x * max(1, 2))
    yield f(X), f(X)
    globals()["max"] = min
    yield f(X), f(X)
    del globals()["max"]
    yield f(X)
