"""Objects of the user's classes, and what changes in them, or is put in their place, between calls."""

import collections
import dataclasses
import enum
import functools
import gc
import sys
import types
from typing import NamedTuple

import numpy as np

import msjax as ms
from contract import STEPS, attempt, patched, program, watch
from msjax import Parameter, Tensor, nn, ops

X = Tensor([1.0, 2.0, 3.0])


def weight():
    return Parameter(Tensor([1.0, 2.0, 3.0]), name="w")


class Slotted:
    __slots__ = ("factor", "table")

    def __init__(self, factor, table):
        self.factor, self.table = factor, table


@program
def slots_without_weak_references():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, s: (x * w * s.factor * s.table).sum(), None, [w]))
    for i in range(8):
        yield step(X, Slotted(float(i // 3), Tensor([1.0, float(i), 2.0])))
        gc.collect()


@program
def a_slot_changes():
    w = weight()
    s = Slotted(1.0, X)
    step = watch(ms.value_and_grad(lambda x: (x * w * s.factor * s.table).sum(), None, [w]))
    for i in range(8):
        yield step(X)
        s.factor = float(i // 2)
        if i % 3 == 0:
            s.table = X * 2


@program
def a_big_array_changes_in_place():
    w = weight()
    big = np.ones((8192, 3), np.float32)
    step = watch(ms.value_and_grad(lambda x: (x * w * Tensor(big[:2])).sum() + float(big[0, 0]), None, [w]))
    for i in STEPS:
        yield step(X)
        big[0] = i


@program
def a_big_array_is_given_and_changes():
    w = weight()
    big = np.ones((8192, 3), np.float32)
    step = watch(ms.value_and_grad(lambda x, b: (x * w * Tensor(b[:2])).sum(), None, [w]))
    for i in STEPS:
        yield step(X, big)
        big[0] = i


@program
def big_arrays_at_one_place():
    w = weight()
    step = watch(ms.value_and_grad(lambda x, b: (x * w * Tensor(b[:2])).sum(), None, [w]))
    for i in range(8):
        yield step(X, np.full((8192, 3), i, np.float32))


@dataclasses.dataclass
class Batch:
    x: Tensor
    y: Tensor
    extra: dict = dataclasses.field(default_factory=dict)

    @property
    def both(self):
        return self.x + self.y

    def scaled(self, s):
        return dataclasses.replace(self, x=self.x * s)


@program
def a_batch_changes_inside():
    w = weight()

    def f(b):
        b.x = b.x * 2
        return (b.both * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    b = Batch(X, X)
    for _ in STEPS:
        yield step(b), b.x, b.x is X


@program
def a_batch_is_returned():
    w = weight()
    step = watch(ms.value_and_grad(lambda b: ((b.both * w).sum(), b), None, [w], has_aux=True))
    for i in STEPS:
        b = Batch(X, X, {"i": Tensor([float(i)])})
        (value, out), _ = step(b)
        yield value, out is b, out.extra


@program
def a_batch_is_replaced_and_returned():
    w = weight()
    step = watch(ms.value_and_grad(lambda b: ((b.both * w).sum(), b.scaled(2.0)), None, [w], has_aux=True))
    for i in STEPS:
        b = Batch(X, X, {"i": Tensor([float(i)])})
        (value, out), _ = step(b)
        yield value, out.x, out.extra is b.extra, type(out).__name__


@program
def a_batch_gets_more():
    w = weight()

    def f(b):
        extra = sum(v.sum() for v in b.extra.values()) if b.extra else 0.0
        return (b.both * w).sum() + extra + (b.late.sum() if hasattr(b, "late") else 0.0)

    step = watch(ms.value_and_grad(f, None, [w]))
    b = Batch(X, X)
    for i in range(8):
        yield step(b)
        if i == 2:
            b.extra["a"] = X
        if i == 4:
            b.late = X
        if i == 6:
            b.extra.clear()


@program
def a_property_of_a_batch_is_exchanged():
    w = weight()
    step = watch(ms.value_and_grad(lambda b: (b.both * w).sum(), None, [w]))
    b = Batch(X, X)
    for i in range(6):
        if i % 2:
            with patched(Batch, "both", property(lambda self: self.x - 2 * self.y)):
                yield step(b)
        else:
            yield step(b)


class Output(NamedTuple):
    loss: Tensor
    logits: Tensor
    note: str = "n"


@program
def named_tuples_in_and_out():
    w = weight()
    step = watch(
        ms.value_and_grad(lambda o: Output(o.loss * w.sum(), o.logits * w, o.note + "x"), None, [w], has_aux=True)
    )
    o = Output(Tensor(1.0), X)
    for _ in STEPS:
        out, g = step(o)
        yield out, type(out[0]).__name__, g


@program
def containers_of_collections():
    w = weight()

    def f(d, q, u):
        d["z"]  # of a defaultdict
        return (d["x"] * w).sum() + q[-1].sum() * len(q) + u["k"].sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in STEPS:
        d = collections.defaultdict(lambda: X, x=X * i)
        yield step(d, collections.deque([X, X * i]), collections.UserDict(k=X)), sorted(d)


@program
def subclasses_of_dict_and_list():
    class D(dict):
        def __getattr__(self, name):
            return self[name]

    class L(list):
        pass

    w = weight()
    step = watch(ms.value_and_grad(lambda d, l: (d.x * w * d.s).sum() + sum(l, Tensor(0.0)).sum(), None, [w]))
    for i in range(8):
        yield step(D(x=X * i, s=float(i // 2)), L([X, X * i][: 1 + i % 2]))


@program
def one_dict_that_changes():
    w, d = weight(), {"x": X, "s": 2.0}
    step = watch(ms.value_and_grad(lambda: sum((v * w * d["s"]).sum() for k, v in d.items() if k != "s"), None, [w]))
    for i in range(8):
        yield step()
        d[f"x{i % 3}"] = X * i
        d["s"] = float(i // 4)


@program
def the_class_of_an_object_changes():
    class A(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()

        def construct(self, x):
            return (x * self.w).sum()

    class B(A):
        def construct(self, x):
            return (x * self.w * 2).sum()

    net = A()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(6):
        yield step(X)
        net.__class__ = B if i % 2 == 0 else A


@program
def the_code_of_a_function_changes():
    w = weight()

    def f(x):
        return (x * w).sum()

    def g(x):
        return (x * w * 2).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    codes = f.__code__, g.__code__
    for i in range(6):
        yield step(X)
        f.__code__ = codes[(i + 1) % 2]


@program
def defaults_of_a_function_change():
    w = weight()

    def scaled(x, s=1.0, *, t=1.0):
        return x * s * t

    step = watch(ms.value_and_grad(lambda x: (scaled(x) * w).sum(), None, [w]))
    for i in range(8):
        yield step(X)
        scaled.__defaults__ = (float(i),)
        scaled.__kwdefaults__ = {"t": 2.0} if i % 3 else {"t": X}


@program
def a_captured_variable_is_set_from_outside():
    w = weight()

    def make():
        s = 1.0

        def f(x):
            return (x * w * s).sum()

        return f

    f = make()
    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(8):
        yield step(X)
        f.__closure__[0].cell_contents = float(i) if i % 3 else X


@program
def layers_of_the_library_are_patched():
    net = nn.SequentialCell(nn.Dense(3, 2, weight_init="ones"), nn.ReLU())
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    x = X.reshape(1, 3)
    for i in range(6):
        if i % 2:
            with patched(nn.ReLU, "construct", lambda self, x: x * 2):
                yield step(x)
        else:
            yield step(x)


@program
def an_operator_of_the_library_is_patched():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: ops.relu(x * w).sum(), None, [w]))
    for i in range(6):
        if i % 2:
            with patched(ops, "relu", lambda x: x * 2):
                yield step(X)
        else:
            yield step(X)


@program
def a_method_of_tensors_is_patched():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w).abs().sum(), None, [w]))
    for i in range(6):
        if i % 2:
            with patched(Tensor, "abs", lambda self: self * 2):
                yield step(X)
        else:
            yield step(X)


@program
def an_operator_of_tensors_is_patched():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w + x).sum(), None, [w]))
    for i in range(6):
        if i % 2:
            with patched(Tensor, "__add__", lambda self, other: self * 2):
                yield step(X)
        else:
            yield step(X)


@program
def construct_of_one_object_is_patched():
    net = nn.SequentialCell(nn.Dense(3, 2, weight_init="ones"), nn.ReLU())
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    x = X.reshape(1, 3)
    for i in range(6):
        yield step(x)
        if i == 2:
            net[1].construct = lambda x: x * 2
        if i == 4:
            del net[1].construct


@program
def a_builtin_is_shadowed_by_a_global():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: sum([(x * w).sum(), x.sum()]) * len([1, 2]), None, [w]))
    for i in range(6):
        yield step(X)
        if i == 2:
            globals()["len"] = lambda x: 5
        if i == 4:
            del globals()["len"]


@program
def a_base_class_gets_a_method():
    class Base(nn.Cell):
        pass

    class Net(Base):
        def __init__(self):
            super().__init__()
            self.w = weight()

        def construct(self, x):
            y = x * self.w
            return (self.extra(y) if hasattr(self, "extra") else y).sum()

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(8):
        yield step(X)
        if i == 2:
            Base.extra = lambda self, y: y * 2
        if i == 4:
            Net.extra = lambda self, y: y * 3
        if i == 6:
            del Base.extra, Net.extra


@program
def special_methods_that_come_and_go():
    class P:
        def __init__(self, v):
            self.v = v

    w, p = weight(), P(2.0)
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * (2.0 if p else 3.0) * p.v, None, [w]))
    for i in range(8):
        yield step(X)
        if i == 2:
            P.__bool__ = lambda self: False
        if i == 4:
            del P.__bool__
            P.__len__ = lambda self: 0
        if i == 6:
            del P.__len__


@program
def getattr_that_comes_and_goes():
    class P:
        v = 1.0

    w, p = weight(), P()
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * getattr(p, "u", 2.0) * p.v, None, [w]))
    for i in range(8):
        yield step(X)
        if i == 1:
            P.__getattr__ = lambda self, name: 5.0
        if i == 3:
            del P.__getattr__
        if i == 4:
            P.__getattribute__ = lambda self, name: 7.0
        if i == 6:
            del P.__getattribute__


@program
def enumerations_as_settings():
    class Kind(enum.Enum):
        A = 1
        B = 2

    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 3

    w = weight()
    step = watch(
        ms.value_and_grad(lambda x, k, n: (x * w).sum() * (2.0 if k is Kind.A else 3.0) * n + k.value, None, [w])
    )
    for i in range(8):
        yield step(X, [Kind.A, Kind.B][i % 2], [Level.LOW, Level.HIGH, 1][i % 3])


@program
def numbers_with_a_class_of_their_own():
    class Int(int):
        def __mul__(self, other):
            return other * (int(self) + 1)

        __rmul__ = __mul__

    w = weight()
    step = watch(ms.value_and_grad(lambda x, n: (x * w).sum() * n, None, [w]))
    for i in range(8):
        yield attempt(step, X, Int(i // 2) if i % 3 else i)


@program
def strings_with_a_class_of_their_own():
    class S(str):
        factor = 2.0

    w = weight()
    step = watch(ms.value_and_grad(lambda x, s: (x * w).sum() * (s.factor if s == "a" else 1.0), None, [w]))
    for i in range(6):
        s = S("ab"[i % 2])
        s.factor = float(i)
        yield attempt(step, X, s)


@program
def partials_whose_keywords_change():
    w = weight()

    def scaled(x, s=1.0):
        return (x * w * s).sum()

    p = functools.partial(scaled, s=2.0)
    step = watch(ms.value_and_grad(p, None, [w]))
    for i in range(6):
        yield step(X)
        p.keywords["s"] = float(i) if i % 2 else X


@program
def attributes_of_a_function():
    w = weight()

    def f(x):
        return (x * w * f.scale).sum()

    f.scale = 1.0
    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(6):
        yield step(X)
        f.scale = float(i)


@program
def a_module_of_the_users_changes():
    module = types.ModuleType("contract_settings")
    module.rate, module.table = 2.0, X
    sys.modules["contract_settings"] = module
    w = weight()

    def f(x):
        import contract_settings

        return (x * w * contract_settings.rate * contract_settings.table).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    for i in range(6):
        yield step(X)
        module.rate = float(i // 2)
        module.table = X * i
    del sys.modules["contract_settings"]


@program
def weights_are_tied_and_untied():
    a, b = nn.Dense(2, 2, weight_init="ones"), nn.Dense(2, 2, weight_init="ones")
    own = b.weight
    x = Tensor([[1.0, 2.0]])
    for i in range(8):
        step = watch(ms.value_and_grad(lambda x: b(a(x) * 0.25).sum(), None, [a.weight, b.weight]))
        yield step(x)
        b.weight = a.weight if i % 3 == 1 else own


@program
def two_networks_share_a_layer():
    shared = nn.Dense(2, 2, weight_init="ones")
    a, b = nn.SequentialCell(shared, nn.ReLU()), nn.SequentialCell(shared, nn.Tanh())
    oa, ob = nn.Momentum(a.trainable_params(), 0.125, 0.5), nn.SGD(b.trainable_params(), 0.0625)
    sa, sb = (nn.TrainOneStepCell(nn.WithLossCell(n, nn.MSELoss()), o) for n, o in ((a, oa), (b, ob)))
    x, y = Tensor([[1.0, 2.0]]), Tensor([[0.5, 0.25]])
    for i in range(8):
        yield (sa if i % 3 else sb)(x, y), shared.weight, oa.moments


@program
def a_stored_view_whose_base_is_replaced():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.row = self.w[0:2]

        def construct(self, x):
            return (x * self.w).sum() * self.row.sum()

    net = Net()
    for i in range(8):
        step = watch(ms.value_and_grad(net, None, net.trainable_params()))
        yield step(X), net.row
        if i == 2:
            net.w = Parameter(Tensor([4.0, 5.0, 6.0]), name="w")
        if i == 4:
            net.row = net.w[1:3]
        if i == 6:
            net.row = Tensor([1.0, 1.0])


@program
def the_list_of_weights_changes():
    a, b = weight(), weight()
    weights = [a]
    step = watch(ms.value_and_grad(lambda x: (x * a * b).sum(), None, weights))
    for i in range(6):
        yield step(X)
        if i == 2:
            weights.append(b)
        if i == 4:
            del weights[0]


@program
def ids_as_keys():
    w, cache = weight(), {}
    step = watch(ms.value_and_grad(lambda x: (x * w * cache.get(id(x), 1.0)).sum(), None, [w]))
    x2 = X * 1
    for i in range(8):
        cache[id(X)] = float(i // 3)
        yield step(x2 if i % 2 else X)


@program
def tensors_as_keys():
    w, cache = weight(), {X: 2.0}
    step = watch(ms.value_and_grad(lambda x: (x * w * cache.get(x, 1.0)).sum(), None, [w]))
    x2 = X * 1
    for i in range(8):
        yield step(x2 if i % 2 else X)
        if i == 4:
            cache[x2] = 3.0


@program
def is_of_tensors():
    w = weight()
    step = watch(
        ms.value_and_grad(lambda x, y: (x * w).sum() * (2.0 if x is y else 3.0) * (2.0 if x is X else 5.0), None, [w])
    )
    other = X * 1
    for i in range(9):
        yield step([X, other][i % 2], [X, other, X][i % 3])


@program
def a_tensor_in_a_list_by_identity():
    w, held = weight(), [X]
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * (2.0 if any(x is t for t in held) else 3.0), None, [w]))
    other = X * 1
    for i in range(9):
        yield step([X, other][i % 2])
        if i == 5:
            held.append(other)
