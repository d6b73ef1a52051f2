"""Classes with methods that operators, `len`, `with` and their kin call: they run seen, so what uses them compiles."""

import collections
import contextlib
import enum
import functools
import time

import msjax as ms
from contract import STEPS, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def graded(fn):
    return watch(ms.grad(fn))


@program(compiles=True)
def cell_with_len_and_items():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.layers = nn.CellList([nn.Dense(3, 3, weight_init="ones") for _ in range(2)])
            self.skipped = 0

        def __len__(self):
            return len(self.layers) - self.skipped

        def __getitem__(self, index):
            return self.layers[index]

        def extend_repr(self):
            return f"layers={len(self)}"

        def construct(self, x):
            for i in range(len(self)):
                x = self[i](x) / 4
            return x.sum()

    net = Net()
    f = graded(lambda x: net(x.reshape((1, 3))))
    for k in range(8):
        yield f(X + k)
        if k == 3:
            net.skipped = 1
        if k == 5:
            net.layers[0] = nn.Dense(3, 3, weight_init="zeros")


@program(compiles=True)
def cell_with_a_call_of_its_own():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense, self.scale = nn.Dense(3, 1, weight_init="ones"), 2.0

        def __call__(self, x):
            return super().__call__(x) * self.scale

        def construct(self, x):
            return (self.dense(x) ** 2).sum()

    net = Net()
    f = graded(lambda x: net(x.reshape((1, 3))))
    for k in range(8):
        yield f(X + k), net(X.reshape((1, 3)))
        if k == 4:
            net.scale = 3.0
        if k == 6:
            Net.__call__ = lambda self, x: self.construct(x)


@program
def cell_with_a_call_of_its_own_in_graph_mode():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense = nn.Dense(3, 1, weight_init="ones")

        def __call__(self, x):
            return super().__call__(x) * 2

        def construct(self, x):
            return self.dense(x).sum()

    ms.set_context(mode=ms.GRAPH_MODE)
    net = Net()
    for k in STEPS:
        yield net((X + k).reshape((1, 3)))


@program(compiles=False)
def call_that_counts():
    class Net(nn.Cell):
        count = 0

        def __call__(self, x):
            Net.count += 1
            return super().__call__(x)

        def construct(self, x):
            return x.sum()

    net = Net()
    f = graded(lambda x: net(x))
    for k in STEPS:
        yield f(X + k), Net.count


class Settings:
    def __init__(self, **values):
        self.__dict__["values"] = values

    def __getitem__(self, name):
        return self.values[name]

    def __contains__(self, name):
        return name in self.values

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)

    def __getattr__(self, name):
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None


@program(compiles=True)
def settings_by_item_and_by_attribute():
    s = Settings(scale=2.0, power=2)

    def forward(x):
        y = x**s.power * s["scale"] * len(s)
        for name in s:
            y = y + len(name)
        return (y * s.extra if hasattr(s, "extra") else y).sum() if "scale" in s else x.sum()

    f = graded(forward)
    for k in range(10):
        yield f(X + k)
        if k == 3:
            s.values["scale"] = 4.0
        if k == 5:
            s.values["extra"] = 3.0
        if k == 7:
            s.power = 1  # in front of `__getattr__`


class Vector:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return Vector(self.x + other.x)

    def __mul__(self, factor):
        return Vector(self.x * factor)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x)

    def __eq__(self, other):
        return isinstance(other, Vector) and self.x is other.x

    __hash__ = None

    def __lt__(self, other):
        return len(self.x) < len(other.x)

    def __bool__(self):
        return len(self.x) > 0

    def __iadd__(self, other):
        self.x = self.x + other.x * 2
        return self


@program(compiles=True)
def operators():
    outer = Vector(X * 2)

    def forward(x):
        v = 2.0 * (Vector(x) + outer) * 3.0
        v += outer
        assert v == v and v and not v < outer
        return (-v).x.sum() + sum([Vector(x), Vector(x * x)], Vector(x)).x.sum()

    f = graded(forward)
    for k in range(8):
        yield f(X + k)
        if k == 3:
            Vector.__neg__ = lambda self: self
        if k == 5:
            outer.x = X * 5


@program(compiles=False)
def operator_that_counts():
    class Counted(Vector):
        count = 0

        def __add__(self, other):
            Counted.count += 1
            return super().__add__(other)

    f = graded(lambda x: (Counted(x) + Counted(x)).x.sum())
    for k in STEPS:
        yield f(X + k), Counted.count


@program(compiles=False)
def operator_in_a_sum_that_prints():
    class Loud(Vector):
        def __radd__(self, other):
            print("added")
            return self

    f = graded(lambda x: sum([Loud(x)]).x.sum())
    for k in STEPS:
        yield f(X + k)


class Scope:
    depth = 1.0

    def __enter__(self):
        self.inner = self.depth * 2
        return self

    def __exit__(self, *exception):
        self.inner = None


@contextlib.contextmanager
def doubled(value):
    yield value * Scope.depth * 2


@program(compiles=True)
def managers():
    def forward(x):
        with Scope() as scope, doubled(3.0) as factor:
            y = x * scope.inner * factor
        return (y * y).sum()

    f = graded(forward)
    for k in range(6):
        yield f(X + k)
        if k == 3:
            Scope.depth = 2.0


@program(compiles=False)
def manager_that_measures():
    class Timer:
        total = 0

        def __enter__(self):
            self.start = time.perf_counter()

        def __exit__(self, *exception):
            Timer.total += 1

    def forward(x):
        with Timer():
            return (x * x).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), Timer.total


@program(compiles=False)
def manager_of_a_generator_that_notes():
    seen = []

    @contextlib.contextmanager
    def noted():
        seen.append("in")
        yield
        seen.append("out")

    def forward(x):
        with noted():
            return (x * x).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k), list(seen)


class Options(enum.Flag):
    FIRST = 1
    SECOND = 2


@program(compiles=True)
def flags():
    options = [Options.FIRST | Options.SECOND]
    f = graded(lambda x: (x * (2 if options[0] & Options.FIRST else 3)).sum() * (Options.SECOND in options[0]))
    for k in range(6):
        yield f(X + k)
        if k == 3:
            options[0] = Options.SECOND


@program(compiles=True)
def total_ordering():
    @functools.total_ordering
    class Rank:
        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return self.value == other.value

        def __lt__(self, other):
            return self.value < other.value

    low, high = Rank(1.0), Rank(2.0)
    f = graded(lambda x: (x * x * max(low, high).value * (3 if low >= high else 1)).sum())
    for k in range(6):
        yield f(X + k)
        if k == 3:
            low.value = 5.0


@program(compiles=True)
def partial_methods():
    class Net(nn.Cell):
        def scaled(self, factor, x):
            return x * factor

        twice = functools.partialmethod(scaled, 2.0)

        def construct(self, x):
            return (self.twice(x) ** 2).sum()

    net = Net()
    f = graded(net)
    for k in range(8):
        yield f(X + k)
        if k == 3:
            Net.twice = functools.partialmethod(Net.scaled, 3.0)
        if k == 5:
            net.__dict__["twice"] = lambda x: x


@program(compiles=True)
def method_of_a_cell_overridden():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.dense, self.frozen = nn.Dense(3, 1, weight_init="ones"), False

        def trainable_params(self):
            return [] if self.frozen else super().trainable_params()

        def construct(self, x):
            return self.dense(x).sum() * len(self.trainable_params())

    net = Net()
    f = graded(lambda x: net(x.reshape((1, 3))))
    for k in range(6):
        yield f(X + k)
        if k == 3:
            net.frozen = True


@program(compiles=False)
def getattribute_is_never_seen():
    class Odd:
        def __getattribute__(self, name):
            if name == "scale":
                print("read", name)
                return 2.0
            return super().__getattribute__(name)

    odd = Odd()
    f = graded(lambda x: (x * odd.scale).sum())
    for k in STEPS:
        yield f(X + k)


@program
def special_method_used_by_another_watch():
    """A class whose methods are seen in one trace is itself again afterwards."""
    before = Vector.__add__
    f = graded(lambda x: (Vector(x) + Vector(x)).x.sum())
    for k in STEPS:
        yield f(X + k), Vector.__add__ is before, Vector.__add__.__module__ == __name__


@program(compiles=True)
def primitives_with_settings():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.softmax, self.mean, self.matmul = ops.Softmax(), ops.ReduceMean(), ops.MatMul()
            self.w = Parameter(ops.ones((3, 3)), name="w")

        def construct(self, x):
            return self.mean(self.softmax(self.matmul(x, self.w) * x), ()) + self.softmax(x).max()

    net = Net()
    f = graded(lambda x: net(ops.stack((x, x * 2))).sum())
    for k in range(8):
        yield f(X / 4).asnumpy().round(4)
        if k == 3:
            net.softmax.axis = 0
        if k == 5:
            net.softmax = ops.Softmax(0)


@program(compiles=True)
def counter_and_deque():
    queue, counter = collections.deque([1.0, 2.0]), collections.defaultdict(float, a=2.0)
    f = graded(lambda x: (x * x * queue[0] * len(queue) * counter["a"]).sum())
    for k in range(8):
        yield f(X + k)
        if k == 3:
            queue.rotate()
        if k == 5:
            counter["a"] = 3.0


@program(compiles=False)
def default_that_is_made():
    counter = collections.defaultdict(float)
    f = graded(lambda x: (x * x).sum() * (1 + counter["b"]))
    for k in STEPS:
        yield f(X + k), dict(counter)
        counter.clear()


@program(compiles=False)
def assignment_that_counts():
    class Net(nn.Cell):
        count = 0

        def __init__(self):
            super().__init__()
            self.cache = Tensor([0.0])

        def __setattr__(self, name, value):
            Net.count += 1
            super().__setattr__(name, value)

        def construct(self, x):
            self.cache = x.sum().reshape(1)
            return x.sum()

    net = Net()
    f = graded(lambda x: net(x))
    for k in STEPS:
        yield f(X + k), Net.count, net.cache


@program(compiles=True)
def assignment_to_an_object_made_inside():
    class Doubling:
        def __setattr__(self, name, value):
            self.__dict__[name] = value * 2

    def forward(x):
        d = Doubling()
        d.x = x
        return (d.x * d.x).sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k)


@program
def method_of_dict_overridden():
    class Loud(dict):
        def get(self, key, default=None):
            print("asked", key)
            return super().get(key, default)

    c = Loud(scale=2.0)

    def forward(x):
        match c:
            case {"scale": scale}:
                return (x * scale).sum()
        return x.sum()

    f = graded(forward)
    for k in STEPS:
        yield f(X + k)
