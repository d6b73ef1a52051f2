"""What reading a member runs or depends on: descriptors, properties, metaclasses, inheritance, classes that change."""

import abc
import builtins
import collections
import dataclasses
import typing

import contract_helper as helper
import msjax as ms
from contract import STEPS, program, watch
from msjax import Tensor, nn

X = Tensor([1.0, 2.0, 3.0])
LOG = []


class ClassProperty:
    def __init__(self, function):
        self.function = function

    def __get__(self, instance, owner):
        return self.function(owner)


@program
def property_of_a_class():
    class Options:
        base = 1.0

        @ClassProperty
        def rate(cls):
            LOG.append(1)
            return cls.base

    f = ms.grad(lambda x: x * Options.rate)
    for _ in STEPS:
        yield f(X), len(LOG)
        Options.base += 1.0


@program
def metaclass():
    class Meta(type):
        @property
        def rate(cls):
            LOG.append("rate")
            return 2.0

        def __getitem__(cls, key):
            LOG.append("item")
            return 2.0

        def __iter__(cls):
            LOG.append("iter")
            return iter([1.0])

        def __instancecheck__(cls, obj):
            LOG.append("instance")
            return True

    class Options(metaclass=Meta):
        pass

    class Generic:
        def __class_getitem__(cls, key):
            LOG.append("element")
            return 2.0

    functions = [
        ms.grad(lambda x: x * Generic[3]),
        ms.grad(lambda x: x * Options.rate),
        ms.grad(lambda x: x * Options["a"]),
        ms.grad(lambda x: x * sum(Options)),
        ms.grad(lambda x: x * isinstance(3, Options)),
    ]
    for _ in STEPS:
        yield [f(X) for f in functions], len(LOG)


@program
def getattr_of_a_module():
    def missing(name):
        LOG.append(name)
        return 2.0

    helper.__getattr__ = missing
    f = ms.grad(lambda x: x * helper.LAZY)
    for _ in STEPS:
        yield f(X), list(LOG)


@program
def imported_inside():
    def loss(x):
        from contract_helper import SCALE

        return x * SCALE

    f = ms.grad(loss)
    for k in STEPS:
        helper.SCALE = float(k)
        yield f(X)


@program
def property_by_super():
    log = []

    class Base:
        @property
        def rate(self):
            log.append(1)
            return 1.0

    class Model(Base):
        @property
        def rate(self):
            return super().rate * 2

    model = Model()
    f = ms.grad(lambda x: x * model.rate)
    for _ in STEPS:
        log.clear()
        yield f(X), len(log)


@program
def attribute_by_super():
    class Base:
        rate = 1.0

        def go(self, x):
            return x

    class Middle(Base):
        pass

    class Model(Middle):
        rate = 5.0

        def go(self, x):
            return super().go(x) * super().rate

    model = Model()
    f = ms.grad(lambda x: model.go(x))
    for k in STEPS:
        yield f(X)
        Base.rate += 1.0
        if k == 2:
            Middle.go = lambda self, x: x * 3


@program(compiles=True)
def super_with_arguments():
    class Base(nn.Cell):
        def construct(self, x):
            return x * x

    class Net(Base):
        def construct(self, x):
            return super(Net, self).construct(x) * 2  # noqa: UP008

    f = watch(ms.grad(Net()))
    for k in STEPS:
        yield f(X)
        if k == 2:
            Base.construct = lambda self, x: x * 7


@program
def property_set_on_a_new_object():
    log = []

    class Pair:
        @property
        def value(self):
            return self._value

        @value.setter
        def value(self, value):
            log.append("set")
            self._value = value

    def loss(x):
        pair = Pair()
        pair.value = x * x
        return pair.value

    f = ms.grad(loss)
    for _ in STEPS:
        log.clear()
        yield f(X), list(log)


@program
def property_asked_for():
    log = []

    class Model:
        ready = False

        @property
        def counted(self):
            log.append(1)
            return 2.0

        @property
        def rate(self):
            if not self.ready:
                raise AttributeError("not ready")
            return 2.0

    model = Model()
    f = ms.grad(lambda x: x * (2 if hasattr(model, "counted") else 3))
    g = ms.grad(lambda x: x * getattr(model, "rate", 3.0))
    for k in STEPS:
        log.clear()
        yield f(X), len(log), g(X)
        model.ready = k > 1


@program
def fields_that_are_computed():
    log = []

    def fresh():
        log.append(1)
        return 2.0

    @dataclasses.dataclass
    class Batch:
        n: float = dataclasses.field(default_factory=fresh)

    f = ms.grad(lambda x: x * Batch().n)
    for _ in STEPS:
        log.clear()
        yield f(X), len(log)


@program
def new_of_a_named_tuple():
    log = []

    class Pair(collections.namedtuple("Pair", "a b")):
        def __new__(cls, a, b=1.0):
            log.append("new")
            return super().__new__(cls, a, b)

    f = ms.grad(lambda x: Pair(x).a * x)
    for _ in STEPS:
        log.clear()
        yield f(X), len(log)


@program
def exception_with_an_inherited_init():
    log = []

    class Base(Exception):
        def __init__(self, *args):
            log.append(args)
            super().__init__(*args)

    class Own(Base):
        pass

    def loss(x):
        try:
            raise Own("a")
        except Base:
            return x * x

    f = ms.grad(loss)
    for _ in STEPS:
        log.clear()
        yield f(X), len(log)


@program
def methods_of_new_objects():
    log = []

    class Pair:
        scale = 1.0

        def __init__(self, value):
            self.value = value

        def get(self):
            return self.value * self.scale

    f = ms.grad(lambda x: Pair(x).get())
    for k in STEPS:
        yield f(X), len(log)
        Pair.scale += 1.0
        if k == 2:
            Pair.get = lambda self: (log.append(1), self.value * 5)[1]


@program
def tuples_with_more():
    class Pair(collections.namedtuple("Pair", "a b")):
        pass

    class Vector(tuple):
        def __add__(self, other):
            LOG.append(1)
            return 3.0

    pair, vector = Pair(1.0, 2.0), Vector((1.0,))
    pair.extra = 1.0
    f, g = ms.grad(lambda x: x * pair.a * pair.extra), ms.grad(lambda x: x * (vector + vector))
    for _ in STEPS:
        yield f(X), g(X), len(LOG)
        pair.extra += 1.0


@program(compiles=True)
def named_tuple_in_a_global():
    global PAIR

    class Pair(typing.NamedTuple):
        rate: float
        n: int = 2

        def total(self):
            return self.rate + self.n

    PAIR = Pair(1.0)
    f = watch(ms.grad(lambda x: x * PAIR.rate * PAIR[1] * PAIR.total()))
    for k in STEPS:
        yield f(X)
        PAIR = PAIR._replace(rate=1.0 + k // 3)


@program
def special_methods_added_later():
    class Value:
        pass

    one, other = Value(), Value()
    truth = ms.grad(lambda x: x * (2 if one else 3))
    equal = ms.grad(lambda x: x * (2 if one == other else 3))
    for k in STEPS:
        yield truth(X), equal(X)
        if k == 1:
            Value.__bool__ = lambda self: False
        if k == 3:
            Value.__eq__ = lambda self, other: True


@program
def special_method_of_another_object():
    items = [1.0]

    class Value:
        __getitem__ = items.__getitem__

    value = Value()
    f = ms.grad(lambda x: x * value[0])
    for _ in STEPS:
        yield f(X)
        items[0] += 1.0


@program
def property_before_an_attribute():
    class Value:
        a = None

    value = Value()
    value.a = 1.0
    f = ms.grad(lambda x: x * value.a)
    for k in STEPS:
        yield f(X)
        if k == 2:
            Value.a = property(lambda self: 5.0)


@program
def abstract_class_registered_later():
    class Scaled(abc.ABC):  # noqa: B024
        pass

    class Model:
        pass

    model = Model()
    f = ms.grad(lambda x: x * 2 if isinstance(model, Scaled) else x)
    for k in STEPS:
        yield f(X)
        if k == 2:
            Scaled.register(Model)


@program
def cell_with_a_call():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.n = 1.0

        def __call__(self, x):
            LOG.append(1)
            return self.construct(x) * self.n

        def construct(self, x):
            return x * x

    net = Net()
    inner = nn.SequentialCell(Net(), nn.Tanh())
    f, g, h = ms.grad(net), ms.grad(lambda x: net(x) * 2), ms.grad(lambda x: inner(x).sum())
    for _ in STEPS:
        LOG.clear()
        yield f(X), g(X), h(X), len(LOG)
        net.n += 1.0


@program
def call_of_all_cells_replaced():
    original, net = nn.Cell.__call__, nn.SequentialCell(nn.Tanh(), nn.ReLU())
    f = ms.grad(lambda x: net(x).sum())

    def call(self, *args):
        LOG.append(type(self).__name__)
        return original(self, *args)

    try:
        for k in STEPS:
            nn.Cell.__call__ = call if k in (2, 3) else original
            LOG.clear()
            yield f(X), list(LOG)
    finally:
        nn.Cell.__call__ = original


@program(compiles=True)
def class_of_an_object_asked_for():
    class Net(nn.Cell):
        scale = 1.0

        def construct(self, x):
            return x * self.__class__.scale * len(type(self).__name__)

    f = watch(ms.grad(Net()))
    for k in STEPS:
        Net.scale = 1.0 + k // 3
        yield f(X)


class Loaded:
    """Its attributes have names out of a file."""

    scale = 2.0


RUNS = "scale,setattr(__import__('builtins'),'was_run',1)"


@program(compiles=False)
def names_of_members_that_are_source_text():
    setattr(Loaded, RUNS, 3.0)
    f = watch(ms.grad(lambda x: (x * getattr(Loaded, RUNS)).sum()))
    for _ in STEPS:
        yield f(X), hasattr(builtins, "was_run")
    setattr(Loaded, RUNS, 4.0)
    yield f(X)


@program
def names_of_attributes_that_are_source_text():
    obj = Loaded()
    setattr(obj, RUNS, 3.0)
    obj.held = {RUNS: 2.0, f"']{RUNS}['": 0.5}
    globals()[RUNS] = 2.0

    def loss(x):
        held = [obj.held[k] for k in obj.held]
        more = hasattr(Loaded, f"more{RUNS}") or hasattr(obj, f"none']{RUNS}")
        return (x * getattr(obj, RUNS) * held[0] * held[1]).sum() * (2 if more else 1)

    f = watch(ms.grad(loss))
    for k in STEPS:
        setattr(obj, RUNS, float(k))
        yield f(X), hasattr(builtins, "was_run")
    obj.held[RUNS] = 3.0
    yield f(X)


@program
def names_that_are_no_identifiers():
    class Inner:
        scale = 2.0

    class Outer:
        inner = Inner

    for name in ("learning-rate", "class", "inner.scale", "ﬁ", "α", "1", ""):
        setattr(Outer, name, 3.0)
        f = watch(ms.grad(lambda x, n=name: (x * getattr(Outer, n)).sum()))
        for _ in STEPS:
            yield f(X)
        setattr(Outer, name, 5.0)
        yield f(X)


class Name(str):
    def __repr__(self):
        return "0 if setattr(__import__('builtins'), 'was_run', 1) else 'scale'"


@program
def names_of_a_class_of_strings():
    obj = Loaded()
    f = watch(ms.grad(lambda x: (x * getattr(obj, Name("scale")) * getattr(Loaded, Name("scale"))).sum()))
    for k in STEPS:
        obj.scale = float(k)
        yield f(X), hasattr(builtins, "was_run"), hasattr(obj, Name("scale"))
