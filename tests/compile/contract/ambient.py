"""What is around a call, or looks at it: objects that notice being compared or read, proxies, mocks, and settings."""

import copy
import os
import sys
import traceback
import types
import unittest.mock
import weakref

import numpy as np

import msjax as ms
from contract import STEPS, attempt, program, watch
from msjax import Parameter, Tensor, nn

X = Tensor([1.0, 2.0, 3.0])


def weight():
    return Parameter(Tensor([1.0, 2.0, 3.0]), name="w")


class Key:
    """Notices when it is hashed or compared."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def __hash__(self):
        self.log.append("hash")
        return hash(self.name)

    def __eq__(self, other):
        self.log.append("eq")
        return isinstance(other, Key) and self.name == other.name


@program
def keys_that_notice():
    w, log = weight(), []
    key = Key("a", log)
    table = {key: 2.0}
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * table[key], None, [w]))
    for _ in STEPS:
        yield step(X), list(log)


@program
def keys_that_notice_in_an_argument():
    w, log = weight(), []
    key = Key("a", log)
    step = watch(ms.value_and_grad(lambda x, d: (x * w).sum() * len(d), None, [w]))
    for _ in STEPS:
        yield step(X, {key: X}), list(log)


@program
def keys_that_notice_beside_what_is_read():
    w, log = weight(), []
    table = {Key("a", log): 2.0, "b": 3.0}
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * table["b"], None, [w]))
    for _ in STEPS:
        yield step(X), list(log)


@program
def elements_that_notice():
    w, log = weight(), []
    held = [Key("a", log), 2.0]
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * held[1] * len(held), None, [w]))
    for i in range(6):
        yield step(X), list(log)
        held[0] = Key("ab"[i % 2], log)


@program
def attributes_that_notice():
    log = []

    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.key = Key("a", log)

        def construct(self, x):
            return (x * self.w).sum() * (2.0 if self.key is not None else 3.0)

    net = Net()
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in range(6):
        yield step(X), list(log)
        net.key = Key("ab"[i % 2], log)


@program
def a_mock_is_called():
    w, mock = weight(), unittest.mock.MagicMock(return_value=2.0)
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * mock(1), None, [w]))
    for _ in STEPS:
        yield step(X), mock.call_count


@program
def a_mock_is_given():
    w, mock = weight(), unittest.mock.MagicMock()
    step = watch(ms.value_and_grad(lambda x, m: (x * w).sum(), None, [w]))
    for _ in STEPS:
        yield step(X, mock), [str(c) for c in mock.mock_calls]


@program
def a_method_is_mocked():
    net = nn.SequentialCell(nn.Dense(3, 2, weight_init="ones"), nn.ReLU())
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    x = X.reshape(1, 3)
    for i in range(6):
        with unittest.mock.patch.object(nn.ReLU, "construct", autospec=True, side_effect=lambda self, x: x * 2) as m:
            if i % 2:
                yield step(x), m.call_count
        yield step(x)


@program
def a_wrapped_function_counts_its_calls():
    w = weight()
    f = unittest.mock.Mock(wraps=lambda x: (x * w).sum())
    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in STEPS:
        yield attempt(step, X), f.call_count


@program
def proxies_of_tensors_and_networks():
    net = nn.Dense(3, 2, weight_init="ones")
    x, proxy, behind = X.reshape(1, 3), weakref.proxy(net), weakref.ref(net)
    step = watch(ms.value_and_grad(lambda x: proxy(x).sum() + behind()(x).sum(), None, net.trainable_params()))
    for i in STEPS:
        yield attempt(step, x * i)


@program
def a_proxy_is_given():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w).sum(), None, [w]))
    for i in STEPS:
        x = X * i
        yield attempt(step, weakref.proxy(x))


@program
def a_proxy_of_what_is_gone_is_captured():
    w, net = weight(), nn.Dense(3, 2)
    proxy = weakref.proxy(net)

    def f(x, n):
        if n > 1:
            return proxy(x).sum()
        return (x * w).sum() if proxy is not None else x.sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    yield step(X, 0)
    del net
    for n in (0, 1, 2, 0, 0):
        yield attempt(step, X, n)


@program
def a_network_that_keeps_a_proxy_of_what_is_gone():
    class Net(nn.Cell):
        def __init__(self, parent):
            super().__init__()
            self.w = weight()
            self.parents = (weakref.proxy(parent),)

        def construct(self, x):
            return (x * self.w).sum()

    parent = nn.Dense(3, 2)
    net = Net(parent)
    step = watch(ms.value_and_grad(net, None, net.trainable_params()))
    for i in STEPS:
        yield step(X)
        if i == 2:
            del parent


@program
def a_global_proxy_of_what_is_gone():
    w = weight()

    def f(x):
        try:
            return PARENT(x).sum()  # noqa: F821 (set below)
        except ReferenceError:
            return (x * w).sum()

    globals()["PARENT"] = weakref.proxy(nn.Dense(2, 2))
    for _ in STEPS:
        yield watch(ms.value_and_grad(f, None, [w]))(X)
    del globals()["PARENT"]


class Grumpy:
    @property
    def __class__(self):
        raise ZeroDivisionError("no class")


@program
def an_object_that_does_not_say_what_it_is():
    w, grumpy = weight(), Grumpy()
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * (1 if grumpy is None else 2), None, [w]))
    for _ in STEPS:
        yield step(X)


class Lazy:
    """Stands for an object that it makes when it is needed."""

    def __init__(self, make):
        object.__setattr__(self, "_make", make)

    def __getattr__(self, name):
        return getattr(self._make(), name)

    @property
    def __class__(self):
        return type(self._make())


@program
def objects_that_say_that_they_are_others():
    w, made = weight(), []
    step = watch(ms.value_and_grad(lambda x, o: (x * w).sum() * (2.0 if isinstance(o, Tensor) else 3.0), None, [w]))
    lazy = Lazy(lambda: made.append(1) or X)
    for _ in STEPS:
        yield attempt(step, X, lazy)


@program
def a_profile_function_sees_the_users_functions():
    w, seen = weight(), []

    def f(x):
        print("called")
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))

    def profile(frame, event, arg):
        if event == "call" and frame.f_code is f.__code__:
            seen.append(event)

    for _ in STEPS:
        sys.setprofile(profile)
        value = step(X)
        sys.setprofile(None)
        yield value, len(seen)


@program
def numpy_raises_instead_of_warning():
    w = weight()

    def f(x, n):
        return (x * w).sum() * float(np.float64(1.0) / np.float64(n))

    step = watch(ms.value_and_grad(f, None, [w]))
    for n in (1.0, 0.0, 2.0, 0.0, 4.0):
        with np.errstate(all="raise"):
            yield attempt(step, X, n)
        yield np.geterr()


@program
def settings_of_numpy_and_python_stay():
    w = weight()

    def f(x, n):
        if n == 2:
            raise ValueError(n)
        return (x * w).sum() * np.arange(3).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    before = sys.getrecursionlimit(), sys.getswitchinterval(), np.geterr(), sys.gettrace()
    for n in (1, 2, 3, 2, 1):
        yield attempt(step, X, n)
        yield (sys.getrecursionlimit(), sys.getswitchinterval(), np.geterr(), sys.gettrace()) == before


@program
def the_length_of_a_traceback_in_the_users_code():
    w = weight()

    def inner(x):
        raise ValueError("inner")

    def f(x):
        return inner(x * w)

    step = watch(ms.value_and_grad(f, None, [w]))
    for _ in STEPS:
        try:
            step(X)
        except ValueError as error:
            lines = [s.lineno for s in traceback.extract_tb(error.__traceback__) if s.filename == __file__]
            yield len(lines), lines[-1]


@program
def attributes_of_the_function_are_untouched():
    w = weight()

    def f(x):
        "Its text."
        return (x * w).sum()

    step = watch(ms.value_and_grad(f, None, [w]))
    before = sorted(vars(f)), f.__doc__, f.__code__, f.__globals__.keys() - {"_"}
    for _ in STEPS:
        yield step(X), (sorted(vars(f)), f.__doc__, f.__code__, f.__globals__.keys() - {"_"}) == before


@program
def attributes_of_the_network_are_untouched():
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = weight()
            self.table = X * 1

        def construct(self, x):
            return (x * self.w * self.table).sum()

    net = Net()
    step = watch(nn.TrainOneStepCell(net, nn.SGD(net.trainable_params(), 0.125)))
    for _ in STEPS:
        yield step(X), sorted(vars(net)), sorted(vars(Net)), sorted(vars(net.w).keys() & {"tag"}), list(net.__dict__)


@program
def a_network_is_compared_and_copied_after_calls():
    net = nn.SequentialCell(nn.Dense(3, 2, weight_init="ones"), nn.Dropout(p=0.5))
    step = watch(ms.value_and_grad(lambda x: net(x).sum(), None, net.trainable_params()))
    for _ in STEPS:
        value = step(X.reshape(1, 3))
        other = copy.deepcopy(net)
        yield value, other(X.reshape(1, 3)), str(other) == str(net), list(other.parameters_dict())


@program
def a_namespace_of_settings_that_is_replaced():
    w, cfg = weight(), types.SimpleNamespace(rate=2.0, mode="a", inner=types.SimpleNamespace(k=1))
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * cfg.rate * cfg.inner.k, None, [w]))
    for i in range(8):
        yield step(X)
        if i % 2:
            cfg.inner = types.SimpleNamespace(k=i)
        else:
            cfg.rate = i / 2


@program
def a_class_used_as_a_namespace():
    class Config:
        rate = 2.0
        table = X

        class Inner:
            k = 1

    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w * Config.table).sum() * Config.rate * Config.Inner.k, None, [w]))
    for i in range(9):
        yield step(X)
        if i % 3 == 0:
            Config.Inner.k = i
        elif i % 3 == 1:
            Config.rate = i / 2
        else:
            Config.table = X * i


@program
def environment_variables():
    w = weight()
    step = watch(ms.value_and_grad(lambda x: (x * w).sum() * float(os.environ.get("CONTRACT_RATE", "1.0")), None, [w]))
    for i in range(6):
        yield step(X)
        os.environ["CONTRACT_RATE"] = str(i / 2)
    del os.environ["CONTRACT_RATE"]
